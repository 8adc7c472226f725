//! Servers that mean no good, or are none.

use super::practice;
use super::server::{PASSWORD, USER, serve};
use crate::story::programs::Practice;
use std::io::Write;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Asks a server on this port for its calendar; how that must end, and what is said.
fn fails(practice: &Practice, code: i32, port: u16) -> String {
    let password = practice.file("password");
    std::fs::write(&password, PASSWORD).unwrap();
    let url = format!("http://127.0.0.1:{port}/a/");
    let args = ["feed", "sync", "a", "--url", &url, "--user", USER, "--password-file", password.to_str().unwrap()];
    let begun = Instant::now();
    let said = practice.fails(code, &args);
    assert!(begun.elapsed() < Duration::from_secs(60));
    assert!(said.contains("hint: ") && !said.contains(PASSWORD) && !said.contains("127.0.0.1"), "{said}");
    said
}

/// A server that always says this.
fn says(answer: impl Into<Vec<u8>>) -> u16 {
    let answer = answer.into();
    serve(move |_, stream| drop(stream.write_all(&answer)))
}

fn multistatus(body: &str) -> String {
    format!("HTTP/1.1 207 Multi-Status\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

/// A calendar that can synchronize, at `/a/`.
const CALENDAR: &str = "<multistatus xmlns='DAV:'><response><href>/a/</href><propstat><prop><resourcetype><collection/>\
    <calendar xmlns='urn:ietf:params:xml:ns:caldav'/></resourcetype><supported-report-set><supported-report><report>\
    <sync-collection/></report></supported-report></supported-report-set></prop><status>HTTP/1.1 200 OK</status>\
    </propstat></response></multistatus>";

/// Writes for ever.
fn endless(stream: &mut TcpStream, head: &str, part: &str) {
    let part = part.repeat(10_000);
    let mut written = stream.write_all(head.as_bytes());
    while written.is_ok() {
        written = stream.write_all(part.as_bytes());
    }
}

#[test]
fn answer_without_end_is_cut_off_and_told() {
    let practice = practice();
    let head = "HTTP/1.1 207 Multi-Status\r\nConnection: close\r\n\r\n<multistatus xmlns='DAV:'>";
    let said = fails(&practice, 4, serve(move |_, stream| endless(stream, head, "<a/>")));
    assert!(said.contains("longer than 32 MiB"), "{said}");
    let said = fails(&practice, 4, serve(|_, stream| endless(stream, "HTTP/1.1 207 Multi-Status\r\n", "X-Y: z\r\n")));
    assert!(said.contains("head is longer than 64 KiB") || said.contains("does not speak HTTP"), "{said}");
}

#[test]
fn answers_that_are_no_answers_are_told() {
    let practice = practice();
    for (answer, why) in [
        (multistatus(&format!("<multistatus xmlns='DAV:'>{}", "<a>".repeat(1_000_000))), "nested too deeply"),
        (multistatus("<!DOCTYPE x [<!ENTITY a 'ha'>]><multistatus xmlns='DAV:'>&a;</multistatus>"), "document type"),
        (multistatus("<html><body>Please log in</body></html>"), "of another kind"),
        (multistatus("<multistatus xmlns='DAV:'><response>"), "not well-formed"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".to_owned(), "something else (status 200)"),
        ("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n".to_owned(), "the server failed"),
        ("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n".to_owned(), "busy"),
        ("SSH-2.0-OpenSSH_9.2\r\n".to_owned(), "does not speak HTTP"),
        (String::new(), "cannot be reached"),
    ] {
        let said = fails(&practice, 4, says(answer));
        assert!(said.contains(why), "{why}: {said}");
    }
    let said = fails(&practice, 1, says(multistatus("<multistatus xmlns='DAV:'/>")));
    assert!(said.contains("no calendar at that address"), "{said}");
}

#[test]
fn password_is_never_given_to_another_server() {
    let practice = practice();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let other = serve({
        let heard = heard.clone();
        move |request, _| heard.lock().unwrap().push(request)
    });
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let place = format!("HTTP/1.1 {status}\r\nLocation: http://127.0.0.1:{other}/a/\r\nContent-Length: 0\r\n\r\n");
        let said = fails(&practice, 4, says(place));
        assert!(said.contains("another one, to which the password was not given"), "{said}");
    }
    assert!(heard.lock().unwrap().is_empty(), "nobody was asked there at all");
    let round = "HTTP/1.1 307 On\r\nLocation: /a/\r\nContent-Length: 0\r\n\r\n";
    assert!(fails(&practice, 4, says(round)).contains("in circles"));
}

#[test]
fn redirect_on_the_same_server_is_followed() {
    let practice = practice();
    let port = serve(|request, stream| {
        let answer = match request.starts_with("PROPFIND /a/ ") {
            true => "HTTP/1.1 308 On\r\nLocation: /b/\r\nContent-Length: 0\r\n\r\n".to_owned(),
            false => multistatus(&CALENDAR.replace("/a/", "/b/")),
        };
        drop(stream.write_all(answer.as_bytes()));
    });
    // Found there; that it then lists itself without a token to go on with is another matter.
    let url = format!("http://127.0.0.1:{port}/a/");
    let out = practice.run(&["feed", "sync", "a", "--url", &url, "--json"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn list_that_never_ends_is_given_up() {
    let practice = practice();
    let count = Arc::new(Mutex::new(0));
    let port = serve(move |request, stream| {
        let mut count = count.lock().unwrap();
        *count += 1;
        let more = format!(
            "<multistatus xmlns='DAV:'><response><href>/a/</href><status>HTTP/1.1 507 More</status></response>\
             <sync-token>{count}</sync-token></multistatus>"
        );
        let answer = multistatus(if request.starts_with("PROPFIND") { CALENDAR } else { &more });
        drop(stream.write_all(answer.as_bytes()));
    });
    let said = fails(&practice, 4, port);
    assert!(said.contains("never comes to the end"), "{said}");
}

#[test]
fn objects_are_asked_for_on_this_server_only_and_what_it_cannot_be_asked_for_is_told() {
    let practice = practice();
    let port = serve(|request, stream| {
        let tag = "<propstat><prop><getetag>1</getetag></prop><status>HTTP/1.1 200 OK</status></propstat>";
        let list = format!(
            "<multistatus xmlns='DAV:'><response><href>http://evil.example/a/x.ics</href>{tag}</response>\
             <response><href>/a/../../etc/passwd</href>{tag}</response><response><href>/a/1.ics</href>{tag}</response>\
             <sync-token>1</sync-token></multistatus>"
        );
        let data = "<propstat><prop><getetag>1</getetag><calendar-data xmlns='urn:ietf:params:xml:ns:caldav'>\
            BEGIN:VCALENDAR&#13;\nEND:VCALENDAR&#13;\n</calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat>";
        let objects = format!(
            "<multistatus xmlns='DAV:'><response><href>/a/unasked.ics</href>{data}</response>\
             <response><href>/a/1.ics</href>{data}</response></multistatus>"
        );
        let answer = match () {
            () if request.starts_with("PROPFIND") => CALENDAR,
            () if request.contains("multiget") => {
                assert!(!request.contains("evil.example") && !request.contains("passwd"));
                &objects
            }
            () => &list,
        };
        drop(stream.write_all(multistatus(answer).as_bytes()));
    });
    let url = format!("http://127.0.0.1:{port}/a/");
    // One that the server calls by another's name is asked for here.
    let report = practice.json(&["feed", "sync", "a", "--url", &url, "--partial"]);
    assert_eq!(report["fetched"], 2);
    let left = report["skipped"].to_string();
    assert!(left.contains("passwd") && left.contains("not in its calendar"), "{left}");
    assert!(left.contains("x.ics") && !left.contains("evil.example"), "{left}");
    let said = practice.fails(1, &["feed", "sync", "a", "--url", &url]);
    assert!(said.contains("--partial"), "{said}");
}

#[test]
fn object_that_may_not_be_seen_any_more_has_not_gone() {
    let practice = practice();
    let count = Arc::new(Mutex::new(0));
    let port = serve(move |request, stream| {
        let mut lists = count.lock().unwrap();
        let day = jiff::Zoned::now().saturating_add(jiff::Span::new().days(3)).strftime("%Y%m%d").to_string();
        let data = format!(
            "<propstat><prop><getetag>1</getetag><calendar-data xmlns='urn:ietf:params:xml:ns:caldav'>\
             BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Ada\nDTSTART:{day}T100000Z\nDURATION:PT50M\nEND:VEVENT\n\
             END:VCALENDAR\n</calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat>"
        );
        let seen = "<propstat><prop><getetag>1</getetag></prop><status>HTTP/1.1 200 OK</status></propstat>";
        let hidden = "<status>HTTP/1.1 403 Forbidden</status>";
        let (listed, object) = if *lists < 1 { (seen, data.as_str()) } else { (hidden, hidden) };
        let answer = match () {
            () if request.contains("multiget") => {
                *lists += 1;
                multistatus(&format!(
                    "<multistatus xmlns='DAV:'><response><href>/a/1.ics</href>{object}</response></multistatus>"
                ))
            }
            () if request.contains("supported-report-set") => {
                multistatus(&CALENDAR.replace("sync-collection", "other"))
            }
            () => multistatus(&format!(
                "<multistatus xmlns='DAV:'><response><href>/a/1.ics</href>{listed}</response></multistatus>"
            )),
        };
        drop(stream.write_all(answer.as_bytes()));
    });
    let url = format!("http://127.0.0.1:{port}/a/");
    let sync = || practice.json(&["feed", "sync", "a", "--url", &url, "--partial"]);
    assert_eq!(sync()["added"], 1);
    for _ in 0..2 {
        let report = sync();
        assert_eq!((&report["removed"], &report["unchanged"]), (&0.into(), &0.into()), "{report}");
        assert!(report["skipped"].to_string().contains("1.ics"), "{report}");
    }
}
