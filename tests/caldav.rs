//! Calendars on another server, against a real Radicale: what comes, what goes, and what is left alone.

mod hostile;
mod push;
mod server;

use crate::story::programs::Practice;
use jiff::{ToSpan, Zoned};
use serde_json::{Value, json};
use server::{Asked, PASSWORD, Server, USER};

fn practice() -> Practice {
    let practice = Practice::nowhere();
    let zone = ["--zone", "Europe/London"];
    practice
        .ok(&[&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"][..], &zone]
            .concat());
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    practice
}

/// With this calendar kept.
fn practice_with(server: &Server) -> Practice {
    let practice = practice();
    keep(&practice, server);
    practice
}

fn keep(practice: &Practice, server: &Server) {
    let file = server.password_file();
    practice.ok(&["feed", "add", "clinic", "--url", &server.url(), "--user", USER, "--password-file", &file]);
}

/// Nine o'clock, `n` days from now.
fn day(n: i64) -> Zoned {
    let today = Zoned::now().in_tz("Europe/London").unwrap().start_of_day().unwrap();
    today.saturating_add(n.days()).saturating_add(9.hours())
}

/// One event, `n` days from now, with more lines.
fn event(uid: &str, subject: &str, n: i64, more: &str) -> String {
    let start = day(n).strftime("%Y%m%dT%H%M%S").to_string();
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//A clinic//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\n\
         DTSTART;TZID=Europe/London:{start}\r\nDURATION:PT50M\r\nSUMMARY:{subject}\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

/// A server with a dozen events, one a day from tomorrow on.
fn clinic() -> Server {
    let server = Server::start();
    for n in 1..=12 {
        server.put(&format!("{n}.ics"), &event(&format!("{n}@clinic"), "Ada Byron", n, ""));
    }
    server
}

/// Added, updated, removed, fetched.
fn counts(report: &Value) -> [u64; 4] {
    ["added", "updated", "removed", "fetched"].map(|name| report[name].as_u64().unwrap())
}

fn sync(practice: &Practice) -> [u64; 4] {
    counts(&practice.json(&["feed", "sync"]))
}

/// How many appointments stand.
fn booked(practice: &Practice) -> usize {
    let from = day(0).strftime("%Y-%m-%d").to_string();
    let all = practice.lines(&["agenda", "--date", &from, "--days", "366"]);
    all.iter().filter(|entry| entry["status"] == "booked").count()
}

/// Objects that were asked for by multiget, in each of them.
fn fetched(asked: &[Asked]) -> Vec<usize> {
    let multiget = asked.iter().filter(|asked| asked.body.contains("calendar-multiget"));
    multiget.map(|asked| asked.body.matches("<D:href>").count()).collect()
}

#[test]
fn only_what_changed_is_fetched_after_the_first_time() {
    let server = clinic();
    let practice = practice_with(&server);
    assert_eq!(sync(&practice), [12, 0, 0, 12]);
    assert_eq!(booked(&practice), 12);
    let show = practice.lines(&["agenda", "--date", "tomorrow"]);
    assert_eq!(show[0]["name"], "Ada Byron", "matched by name");

    server.asked();
    assert_eq!(sync(&practice), [0, 0, 0, 0]);
    let asked = server.asked();
    let methods: Vec<&str> = asked.iter().map(|asked| asked.method.as_str()).collect();
    assert_eq!(methods, ["PROPFIND", "REPORT"], "what it is, what changed, and no more");

    server.put("3.ics", &event("3@clinic", "Ada Byron", 20, ""));
    server.asked();
    assert_eq!(sync(&practice), [0, 1, 0, 1]);
    assert_eq!(fetched(&server.asked()), [1]);

    server.delete("4.ics");
    server.put("new.ics", &event("new@clinic", "Grace", 30, ""));
    assert_eq!(sync(&practice), [1, 0, 1, 1]);
    assert_eq!(booked(&practice), 12);
    let feeds = practice.lines(&["feed", "list"]);
    assert_eq!((&feeds[0]["feed"], &feeds[0]["objects"]), (&json!("clinic"), &json!(12)));
}

#[test]
fn series_that_ends_earlier_takes_its_later_hours_with_it() {
    let server = clinic();
    let series = |count: u32| event("weekly@clinic", "Ada Byron", 2, &format!("RRULE:FREQ=WEEKLY;COUNT={count}\r\n"));
    server.put("weekly.ics", &series(10));
    let practice = practice_with(&server);
    assert_eq!(sync(&practice), [22, 0, 0, 13]);
    server.put("weekly.ics", &series(8));
    assert_eq!(sync(&practice), [0, 0, 2, 1]);
    assert_eq!(booked(&practice), 20);
    // Another UID in the same object: the old one's hours are gone, the new one's are there.
    server.delete("5.ics");
    server.put("5.ics", &event("five@clinic", "Ada Byron", 5, ""));
    assert_eq!(sync(&practice), [1, 0, 1, 1]);
}

#[test]
fn emptied_server_wipes_nothing_unless_it_is_told_to() {
    let server = clinic();
    let practice = practice_with(&server);
    sync(&practice);
    (1..=12).for_each(|n| server.delete(&format!("{n}.ics")));
    // Refused the second time, too: how far it was seen is not remembered.
    for _ in 0..2 {
        let said = practice.fails(1, &["feed", "sync"]);
        assert!(said.contains("cancel 12 of 12") && said.contains("--allow-removals"), "{said}");
        assert_eq!(booked(&practice), 12);
    }
    let told = practice.json(&["feed", "sync", "--dry-run"]);
    assert_eq!((&told["removed"], &told["refused"]), (&json!(12), &json!(true)));
    assert_eq!(counts(&practice.json(&["feed", "sync", "--allow-removals"])), [0, 0, 12, 0]);
    assert_eq!(booked(&practice), 0);
}

#[test]
fn token_the_server_forgot_costs_a_comparison_and_fetches_no_more() {
    let server = clinic();
    let practice = practice_with(&server);
    sync(&practice);
    server.forget_tokens();
    server.put("3.ics", &event("3@clinic", "Ada Byron", 20, ""));
    server.delete("4.ics");
    server.asked();
    assert_eq!(sync(&practice), [0, 1, 1, 1]);
    let asked = server.asked();
    assert_eq!(fetched(&asked), [1]);
    assert_eq!(asked.iter().filter(|asked| asked.body.contains("D:sync-collection")).count(), 2);
    assert_eq!(sync(&practice), [0, 0, 0, 0]);
}

#[test]
fn server_without_tokens_is_compared_by_its_tags() {
    let server = clinic();
    server.hide_sync();
    let practice = practice_with(&server);
    assert_eq!(sync(&practice), [12, 0, 0, 12]);
    server.asked();
    assert_eq!(sync(&practice), [0, 0, 0, 0]);
    assert_eq!(server.asked().len(), 1, "the calendar's tag says that nothing changed");
    server.put("3.ics", &event("3@clinic", "Ada Byron", 20, ""));
    server.delete("4.ics");
    assert_eq!(sync(&practice), [0, 1, 1, 1]);
    assert!(server.asked().iter().all(|asked| !asked.body.contains("sync-collection")));
}

#[test]
fn broken_object_takes_nothing_unless_told_and_is_tried_again() {
    let server = clinic();
    let practice = practice_with(&server);
    sync(&practice);
    // Radicale takes it, and writes it in its own way; its end is before its start.
    let broken =
        event("13@clinic", "Ada Byron", 13, "").replace("DURATION:PT50M", "DTEND;TZID=Europe/London:20200101T000000");
    server.put("broken.ics", &broken);
    server.put("14.ics", &event("14@clinic", "Ada Byron", 14, ""));
    let said = practice.run(&["feed", "sync"]);
    assert_eq!(said.status.code(), Some(1));
    let said = String::from_utf8(said.stderr).unwrap();
    assert!(
        said.contains("broken.ics, line ") && said.contains(": it ends before it starts") && said.contains("--partial"),
        "{said}"
    );
    assert_eq!(booked(&practice), 12);
    let report = practice.json(&["feed", "sync", "--partial"]);
    assert_eq!(counts(&report), [1, 0, 0, 2]);
    assert_eq!(report["skipped"][0]["file"], "broken.ics");
    // Mended or not, it alone is asked for.
    server.asked();
    practice.json(&["feed", "sync", "--partial"]);
    assert_eq!(fetched(&server.asked()), [1]);
    server.put("broken.ics", &event("13@clinic", "Ada Byron", 13, ""));
    assert_eq!(sync(&practice), [1, 0, 0, 1]);
}

#[test]
fn import_that_was_taken_back_comes_again() {
    let server = clinic();
    let practice = practice_with(&server);
    sync(&practice);
    practice.ok(&["appointment", "undo"]);
    assert_eq!(booked(&practice), 0);
    assert_eq!(sync(&practice), [12, 0, 0, 12]);
}

#[test]
fn kill_between_import_and_memory_loses_and_doubles_nothing() {
    let server = clinic();
    let practice = practice_with(&server);
    sync(&practice);
    server.put("3.ics", &event("3@clinic", "Ada Byron", 20, ""));
    sync(&practice);
    practice.kill_agent();
    practice.ok(&["unlock"]);
    assert_eq!(sync(&practice), [0, 0, 0, 0]);
    assert_eq!(booked(&practice), 12);
}

#[test]
fn locked_vault_keeps_its_password_and_takes_a_calendar_that_is_named() {
    let server = clinic();
    let practice = practice_with(&server);
    practice.ok(&["lock"]);
    let said = practice.fails(3, &["feed", "sync"]);
    assert!(said.contains("bedside unlock"), "{said}");
    let (url, file) = (server.url(), server.password_file());
    // What is kept cannot be looked up: without its name it would be another feed, and come twice.
    let nameless = practice.run(&["feed", "sync", "--url", &url]);
    assert!(nameless.status.code() == Some(2) && String::from_utf8_lossy(&nameless.stderr).contains("<NAME>"));
    let named = ["feed", "sync", "clinic", "--url", &url, "--user", USER, "--password-file", &file];
    assert_eq!(practice.json(&named)["queued"], true);
    practice.ok(&["unlock"]);
    assert_eq!(booked(&practice), 12);
    // The kept one is the same feed: nothing comes twice.
    assert_eq!(sync(&practice), [0, 0, 0, 12]);
    // Named while the vault is open, what was seen of it counts.
    assert_eq!(counts(&practice.json(&named)), [0, 0, 0, 0]);
}

#[test]
fn wrong_password_and_wrong_places_are_told_with_what_to_do() {
    let server = clinic();
    let practice = practice_with(&server);
    let wrong = practice.file("wrong");
    std::fs::write(&wrong, "Wrong Wombat\n").unwrap();
    let url = server.url();
    let wrong = ["--url", &url, "--user", USER, "--password-file", wrong.to_str().unwrap()];
    // Told before it is kept, and each time.
    for verb in [&["feed", "add", "clinic"][..], &["feed", "sync", "clinic"]] {
        let said = practice.fails(1, &[verb, &wrong].concat());
        assert!(said.contains("user or the password") && said.contains("hint: "), "{said}");
        assert!(!said.contains("Wombat") && !said.contains("127.0.0.1"), "{said}");
    }
    assert_eq!(sync(&practice)[0], 12);
    let file = server.password_file();
    let at = |url: &str| {
        practice.fails(1, &["feed", "sync", "other", "--url", url, "--user", USER, "--password-file", &file])
    };
    let said = at(&url.replace("/practice/", "/"));
    assert!(said.contains("no calendar at that address") && said.contains("hint: "), "{said}");
    assert!(at(&url.replace("/practice/", "/nowhere/")).contains("nothing at that address"));
    for (url, why) in [
        ("http://dav.example/a/", "https:// only"),
        ("https://ada:secret@dav.example/", "holds a user or a password"),
        ("dav.example", "not the address of a calendar"),
    ] {
        let said = practice.fails(2, &["feed", "add", "other", "--url", url]);
        assert!(said.contains(why) && !said.contains("dav.example"), "{said}");
    }
    let down = format!(
        "http://127.0.0.1:{}/a/",
        std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    );
    let said = practice.fails(4, &["feed", "sync", "other", "--url", &down]);
    assert!(said.contains("cannot be reached") && said.contains("hint: "), "{said}");
}

#[test]
fn password_and_address_are_shown_and_kept_nowhere_readable() {
    let server = clinic();
    let practice = practice_with(&server);
    sync(&practice);
    for args in [&["feed", "list"][..], &["feed", "list", "--json"], &["audit", "list", "--json"]] {
        assert!(!practice.ok(args).contains(PASSWORD));
    }
    for file in crate::story::programs::files(&practice.folder()) {
        let bytes = std::fs::read(&file).unwrap_or_default();
        for secret in [PASSWORD, "/ada/practice/", "3@clinic"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{}", file.display());
        }
    }
    practice.ok(&["feed", "remove", "clinic"]);
    assert_eq!(booked(&practice), 12, "its appointments stay");
    let said = practice.fails(1, &["feed", "sync"]);
    assert!(said.contains("no such calendar is kept"), "{said}");
}

#[test]
fn certificate_that_nobody_trusts_is_refused_and_one_of_the_system_is_taken() {
    let practice = practice();
    let issued = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certificate, key) = (practice.file("certificate"), practice.file("key"));
    std::fs::write(&certificate, issued.cert.pem()).unwrap();
    std::fs::write(&key, issued.signing_key.serialize_pem()).unwrap();
    let server = Server::secure(certificate.to_str().unwrap(), key.to_str().unwrap());
    let url = format!("https://localhost:{}/{USER}/practice/", server.port());
    let file = server.password_file();
    let args = ["feed", "sync", "clinic", "--url", &url, "--user", USER, "--password-file", &file];
    let said = practice.fails(4, &args);
    assert!(said.contains("does not trust who signed"), "{said}");
    let out = practice.command(&args).env("SSL_CERT_FILE", &certificate).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("nothing at that address"), "over TLS, and only then asked: {said}");
}
