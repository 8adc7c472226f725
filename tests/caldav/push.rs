//! Our own appointments on the other server.

use super::server::Server;
use super::{booked, counts, day, event, practice_with};
use crate::story::programs::Practice;
use serde_json::{Value, json};

/// An appointment made by hand, at three; its id.
fn add(practice: &Practice, n: i64) -> String {
    let start = at(n, 15);
    practice.json(&["appointment", "add", "ada", &start])["id"].as_str().unwrap().to_owned()
}

fn at(n: i64, hour: i8) -> String {
    format!("{} {hour}:00", day(n).strftime("%Y-%m-%d"))
}

/// Put there, taken from there, in conflict.
fn pushed(report: &Value) -> (u64, u64, usize) {
    let count = |name: &str| report[name].as_u64().unwrap();
    (count("pushed"), count("withdrawn"), report["conflicts"].as_array().unwrap().len())
}

fn push(practice: &Practice) -> (u64, u64, usize) {
    pushed(&practice.json(&["feed", "sync", "--push"]))
}

/// A push that ends with a conflict.
fn disputed(practice: &Practice) -> (u64, u64, usize) {
    let out = practice.run(&["feed", "sync", "--push", "--json"]);
    let said = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(1), "{said}");
    assert!(said.contains("changed here and there") && said.contains("--overwrite"), "{said}");
    pushed(&serde_json::from_slice(&out.stdout).unwrap())
}

fn object(server: &Server, id: &str) -> Option<String> {
    server.objects().into_iter().find(|(name, _)| *name == format!("{id}.ics")).map(|(_, text)| text)
}

#[test]
fn ours_are_put_there_without_names_and_do_not_come_back() {
    let server = Server::start();
    let practice = practice_with(&server);
    server.put("theirs.ics", &event("theirs@clinic", "Grace", 3, ""));
    let (one, two) = (add(&practice, 1), add(&practice, 2));
    practice.json(&["feed", "sync"]);
    assert_eq!(server.objects().len(), 1, "nothing is sent unless it is asked for");
    assert_eq!(push(&practice), (2, 0, 0));
    let text = object(&server, &one).expect("it is there");
    assert!(text.contains("SUMMARY:Appointment") && text.contains(&format!("UID:{one}@bedside")), "{text}");
    assert!(server.objects().iter().all(|(_, text)| !text.contains("Ada") && !text.contains("Byron")));
    assert_eq!(booked(&practice), 3);

    server.asked();
    let again = practice.json(&["feed", "sync", "--push"]);
    assert_eq!((counts(&again), pushed(&again)), ([0, 0, 0, 0], (0, 0, 0)));
    assert!(server.asked().iter().all(|asked| asked.method != "PUT" && !asked.body.contains("multiget")));

    practice.ok(&["appointment", "move", &one, &at(1, 17)]);
    practice.ok(&["appointment", "cancel", &two]);
    let told = practice.json(&["feed", "sync", "--push", "--dry-run"]);
    assert_eq!(pushed(&told), (1, 1, 0));
    assert_eq!(push(&practice), (1, 1, 0));
    assert!(object(&server, &two).is_none());
    assert_ne!(object(&server, &one).expect("it is there"), text);
    assert_eq!(push(&practice), (0, 0, 0));
    assert_eq!(booked(&practice), 2);
    let events = practice.lines(&["audit", "list"]);
    assert!(events.iter().any(|event| event["action"] == "feed_push" && event["count"] == 2));

    let named = practice.json(&["feed", "sync", "--push", "--names"]);
    assert_eq!(pushed(&named), (1, 0, 0));
    assert!(object(&server, &one).expect("it is there").contains("SUMMARY:Ada Byron"));
}

#[test]
fn appointment_changed_on_both_sides_is_left_as_it_is_on_both() {
    let server = Server::start();
    let practice = practice_with(&server);
    let id = add(&practice, 1);
    push(&practice);
    let theirs = event(&format!("{id}@bedside"), "Appointment", 5, "");
    let name = format!("{id}.ics");
    server.put(&name, &theirs);
    let there = object(&server, &id).unwrap();
    assert_eq!(counts(&practice.json(&["feed", "sync"])), [0, 0, 0, 0]);
    assert_eq!(practice.lines(&["feed", "list"])[0]["conflicts"], 1);
    practice.ok(&["appointment", "move", &id, &at(1, 17)]);
    for _ in 0..2 {
        assert_eq!(disputed(&practice), (0, 0, 1));
        assert_eq!(object(&server, &id).unwrap(), there, "theirs stays");
        let ours = practice.json(&["appointment", "show", &id])["start"].as_str().unwrap().to_owned();
        assert!(ours.contains("T17:00"), "ours stays: {ours}");
    }
    assert_eq!(pushed(&practice.json(&["feed", "sync", "--push", "--overwrite"])), (1, 0, 0));
    assert_ne!(object(&server, &id).unwrap(), there);
    assert_eq!(push(&practice), (0, 0, 0));

    // Taken away there: not put back unless told so, and here it stays.
    server.delete(&name);
    assert_eq!(disputed(&practice), (0, 0, 1));
    assert_eq!(booked(&practice), 1);
    assert_eq!(pushed(&practice.json(&["feed", "sync", "--push", "--overwrite"])), (1, 0, 0));
    server.delete(&name);
    practice.ok(&["appointment", "cancel", &id]);
    assert_eq!(push(&practice), (0, 1, 0), "gone on both sides is no conflict");
}

#[test]
fn change_between_looking_and_putting_is_noticed() {
    let server = Server::start();
    let practice = practice_with(&server);
    let id = add(&practice, 1);
    // Somebody puts another object in its place before it is put there for the first time.
    server.put(&format!("{id}.ics"), &event("other@clinic", "Grace", 2, ""));
    assert_eq!(disputed(&practice), (0, 0, 1));
    assert!(object(&server, &id).unwrap().contains("Grace"));
}

#[test]
fn what_says_the_same_is_no_conflict() {
    let server = Server::start();
    let practice = practice_with(&server);
    let id = add(&practice, 1);
    push(&practice);
    // Another program writes the object anew, with a category.
    let rewritten = object(&server, &id).unwrap().replace("END:VEVENT", "CATEGORIES:Work\r\nEND:VEVENT");
    server.put(&format!("{id}.ics"), &rewritten);
    assert_eq!(push(&practice).2, 0);
    assert!(object(&server, &id).unwrap().contains("CATEGORIES"));
    assert_eq!(push(&practice), (0, 0, 0));
    // What is known of it is forgotten: it is found again rather than doubled or disputed.
    practice.ok(&["feed", "remove", "clinic"]);
    super::keep(&practice, &server);
    assert_eq!(push(&practice).2, 0);
    assert_eq!((booked(&practice), server.objects().len()), (1, 1));
    assert_eq!(practice.lines(&["feed", "list"])[0]["own"], json!(1));
}

#[test]
fn whole_series_is_put_there_and_taken_away_as_it_changes() {
    let server = Server::start();
    let practice = practice_with(&server);
    let series = ["appointment", "add", "ada", &at(1, 15), "--repeat", "weekly", "--count", "10"];
    let first = practice.lines(&series)[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(push(&practice), (10, 0, 0));
    practice.ok(&["appointment", "cancel", &first, "--following"]);
    assert_eq!(push(&practice), (0, 10, 0));
    assert!(server.objects().is_empty());
}
