//! The schedule by commands, against a real agent: what a clinic's script does at six in the morning, and a hand later.

use crate::harness::guard::until;
use crate::story::programs::{PATIENCE, Practice};
use jiff::{ToSpan, Zoned};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::Stdio;

fn practice() -> Practice {
    let practice = Practice::nowhere();
    practice.ok(&[
        "init",
        "--clinician",
        "Dr. Okafor",
        "--addresses",
        "direct",
        "--zone",
        "Europe/London",
        "--work-factor",
        "10",
    ]);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    practice
}

/// Nine o'clock, `n` days from now.
fn day(n: i64) -> Zoned {
    let today = Zoned::now().in_tz("Europe/London").unwrap().start_of_day().unwrap();
    today.saturating_add(n.days()).saturating_add(9.hours())
}

/// A published calendar of these subjects, one a day from tomorrow on.
fn calendar(subjects: &[&str]) -> String {
    let mut text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//A clinic//EN\r\nX-WR-CALNAME:A clinic\r\n".to_owned();
    for (n, subject) in (1..).zip(subjects) {
        let start = day(n).strftime("%Y%m%dT%H%M%S").to_string();
        write!(text, "BEGIN:VEVENT\r\nUID:{n}@clinic\r\nDTSTART;TZID=Europe/London:{start}\r\nDURATION:PT50M\r\n")
            .unwrap();
        write!(text, "SUMMARY:{subject}\r\nEND:VEVENT\r\n").unwrap();
    }
    text + "END:VCALENDAR\r\n"
}

fn file(practice: &Practice, name: &str, text: &str) -> String {
    let file: PathBuf = practice.file(name);
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

fn counts(report: &Value) -> [u64; 5] {
    ["added", "updated", "unchanged", "removed", "unmatched"].map(|name| report[name].as_u64().unwrap())
}

fn agenda(practice: &Practice) -> Vec<(String, String)> {
    let from = day(0).strftime("%Y-%m-%d").to_string();
    let all = practice.lines(&["agenda", "--date", &from, "--days", "366"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    all.iter().map(|entry| (text(&entry["subject"]), text(&entry["status"]))).collect()
}

#[test]
fn script_looks_first_imports_twice_and_takes_it_back() {
    let practice = practice();
    let first = file(&practice, "first.ics", &calendar(&["Ada Byron", "A. T.", "Lunch"]));
    let told = practice.json(&["appointment", "import", &first, "--dry-run"]);
    assert_eq!(counts(&told), [3, 0, 0, 0, 2]);
    assert_eq!(told["changes"][0]["change"], "add");
    assert_eq!(told["changes"][0]["after"]["name"], "Ada Byron");
    assert!(agenda(&practice).is_empty(), "only told");
    let done = practice.json(&["appointment", "import", &first]);
    assert_eq!((counts(&done), &done["skipped"], &done["queued"]), ([3, 0, 0, 0, 2], &json!([]), &json!(false)));
    assert_eq!(counts(&practice.json(&["appointment", "import", &first])), [0, 0, 3, 0, 0]);

    let later = calendar(&["Ada Byron", "A. T.", "Lunch"]).replace("PT50M", "PT30M");
    let later = file(&practice, "later.ics", &later);
    let table = practice.ok(&["appointment", "import", &later, "--dry-run"]);
    assert!(table.contains("09:50 → 09:30"), "{table}");
    assert_eq!(counts(&practice.json(&["appointment", "import", &later])), [0, 3, 0, 0, 2]);
    practice.kill_agent();
    practice.ok(&["unlock"]);
    let undone = practice.json(&["appointment", "undo"]);
    assert_eq!((&undone["restored"], &undone["removed"]), (&json!(3), &json!(0)));
    assert_eq!(counts(&practice.json(&["appointment", "import", &first])), [0, 0, 3, 0, 0]);
}

#[test]
fn calendar_that_lost_most_of_its_appointments_is_refused_until_it_is_meant() {
    let practice = practice();
    let subjects: Vec<String> = (0..10).map(|n| format!("p{n}")).collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    practice.feed(&["appointment", "import", "-"], &calendar(&subjects));
    let half = file(&practice, "half.ics", &calendar(&subjects[..5]));
    let said = practice.fails(1, &["appointment", "import", &half]);
    assert!(said.contains("5 of 10") && said.contains("--allow-removals"), "{said}");
    assert!(agenda(&practice).iter().all(|(_, status)| status == "booked"));
    // Two calendars that say no name are not known to be one.
    let unnamed = calendar(&subjects[..5]).replace("X-WR-CALNAME:A clinic\r\n", "");
    let unnamed = file(&practice, "unnamed.ics", &unnamed);
    assert_eq!(counts(&practice.json(&["appointment", "import", &unnamed])), [5, 0, 0, 0, 5]);
    practice.ok(&["appointment", "undo"]);
    let told = practice.json(&["appointment", "import", &half, "--dry-run"]);
    assert_eq!((&told["refused"], &told["removed"]), (&json!(true), &json!(5)));
    assert_eq!(counts(&practice.json(&["appointment", "import", &half, "--missing", "keep"])), [0, 0, 5, 0, 0]);
    assert_eq!(counts(&practice.json(&["appointment", "import", &half, "--allow-removals"])), [0, 0, 5, 5, 0]);
}

#[test]
fn one_bad_entry_takes_nothing_unless_the_good_ones_are_asked_for() {
    let practice = practice();
    let text = calendar(&["Ada Byron", "b", "c"])
        .replace("UID:2@clinic\r\nDTSTART;TZID=Europe/London:", "UID:2@clinic\r\nDTSTART;TZID=Mars/Olympus:");
    let broken = file(&practice, "broken.ics", &text);
    let said = practice.fails(1, &["appointment", "import", &broken]);
    assert!(said.contains("line 13: the time zone is not known"), "{said}");
    assert!(agenda(&practice).is_empty());
    let report = practice.json(&["appointment", "import", &broken, "--partial"]);
    assert_eq!(counts(&report), [2, 0, 0, 0, 1]);
    assert_eq!(report["skipped"], json!([{"line": 13, "reason": "the time zone is not known"}]));
    // What is broken is not missing.
    practice.ok(&["appointment", "import", &file(&practice, "whole.ics", &calendar(&["Ada Byron", "b", "c"]))]);
    assert_eq!(counts(&practice.json(&["appointment", "import", &broken, "--partial"])), [0, 0, 2, 0, 0]);
}

#[test]
fn name_from_a_feed_waits_until_somebody_says_whose_it_is() {
    let practice = practice();
    let names = file(&practice, "names.ics", &calendar(&["A. B.", "A. B.", "Lunch"]));
    practice.ok(&["appointment", "import", &names]);
    let waiting = practice.lines(&["appointment", "unmatched"]);
    assert_eq!((&waiting[0]["subject"], &waiting[0]["count"]), (&json!("A. B."), &json!(2)));
    let id = |n: usize| waiting[n]["id"].as_str().unwrap();
    assert_eq!(practice.json(&["appointment", "match", id(0), "ada"])["matched"], 2);
    assert_eq!(practice.json(&["appointment", "match", id(1), "--nobody"])["matched"], 1);
    assert!(practice.lines(&["appointment", "unmatched"]).is_empty());
    let more = file(&practice, "more.ics", &calendar(&["A. B.", "A. B.", "Lunch", "A. B.", "lunch"]));
    assert_eq!(counts(&practice.json(&["appointment", "import", &more])), [2, 0, 3, 0, 0]);
    assert_eq!(practice.lines(&["patient", "list"]).len(), 1, "nobody is created");
    assert_eq!(practice.json(&["patient", "show", "ada"])["aliases"], json!(["A. B."]));
}

#[test]
fn folder_of_a_calendar_is_one_feed() {
    let practice = practice();
    let folder = practice.file("vdir");
    std::fs::create_dir(&folder).unwrap();
    for (n, name) in ["Ada Byron", "b", "c"].iter().enumerate() {
        let text = calendar(&[name]).replace("UID:1@", &format!("UID:{n}@"));
        std::fs::write(folder.join(format!("{n}.ics")), text).unwrap();
    }
    std::fs::write(folder.join(".hidden"), "not a calendar").unwrap();
    let folder = folder.to_str().unwrap();
    assert_eq!(counts(&practice.json(&["appointment", "import", folder])), [3, 0, 0, 0, 2]);
    std::fs::write(practice.file("vdir/notes.txt"), "not a calendar").unwrap();
    let said = practice.fails(1, &["appointment", "import", folder]);
    assert!(said.contains("notes.txt"), "{said}");
}

#[test]
fn export_with_a_file_for_each_type_of_resource_is_one_feed() {
    let practice = practice();
    let folder = practice.file("export");
    std::fs::create_dir(&folder).unwrap();
    let start = day(1).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    let appointment = json!({"resourceType": "Appointment", "id": "1", "status": "booked", "start": start,
        "participant": [{"actor": {"reference": "Patient/p1"}, "status": "accepted"}]});
    let broken = json!({"resourceType": "Appointment", "id": "2", "status": "booked"});
    let patient = json!({"resourceType": "Patient", "id": "p1", "name": [{"family": "Byron", "given": ["Ada"]}]});
    std::fs::write(folder.join("Appointment.ndjson"), format!("{appointment}\n{appointment}\n{broken}")).unwrap();
    std::fs::write(folder.join("Patient.ndjson"), format!("\u{feff}{patient}\n")).unwrap();
    let folder = folder.to_str().unwrap();
    let said = practice.fails(1, &["appointment", "import", folder]);
    assert!(said.contains("Appointment.ndjson, line 3"), "{said}");
    let report = practice.json(&["appointment", "import", folder, "--partial"]);
    assert_eq!(counts(&report), [1, 0, 0, 0, 0], "whose it is stands in the other file: {report}");
    assert_eq!(counts(&practice.json(&["appointment", "import", folder, "--partial"])), [0, 0, 1, 0, 0]);
}

#[test]
fn six_oclock_script_works_while_the_vault_is_locked() {
    let practice = practice();
    practice.ok(&["practice", "edit", "--zone", "Pacific/Auckland"]);
    practice.ok(&["lock"]);
    let floating = calendar(&["Ada Byron", "b"]).replace(";TZID=Europe/London:", ":");
    let report = practice.feed(&["appointment", "import", "-", "--json"], &floating);
    assert_eq!(serde_json::from_str::<Value>(&report).unwrap()["queued"], true);
    practice.kill_agent();
    practice.ok(&["unlock"]);
    assert_eq!(agenda(&practice).len(), 2);
    let from = day(0).strftime("%Y-%m-%d").to_string();
    for entry in practice.lines(&["agenda", "--date", &from, "--days", "9"]) {
        assert!(entry["start"].as_str().unwrap().contains("T09:00"), "by the practice's clocks: {entry}");
    }
}

#[test]
fn import_that_is_killed_is_whole_or_not_there() {
    let practice = practice();
    let long = "x".repeat(290);
    let subjects: Vec<String> = (0..15_000).map(|n| format!("{long} {n}")).collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    // One day for all, or the years would not suffice.
    let at = day(1).strftime("%Y%m%dT%H%M%S").to_string();
    let text: String =
        calendar(&subjects)
            .split_inclusive("\r\n")
            .map(|line| {
                if line.starts_with("DTSTART") {
                    format!("DTSTART;TZID=Europe/London:{at}\r\n")
                } else {
                    line.to_owned()
                }
            })
            .collect();
    let large = file(&practice, "large.ics", &text);
    let tomorrow = day(1).strftime("%Y-%m-%d").to_string();
    for round in 0..3 {
        let before = practice.lines(&["agenda", "--date", &tomorrow]).len();
        let mut import = practice.command(&["appointment", "import", &large]);
        let mut import = import.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let size = || std::fs::metadata(practice.folder().join("vault/journal/000001.bj")).map_or(0, |file| file.len());
        let small = size();
        until("the import writes", PATIENCE, || {
            (size() > small + round * 4_000_000 || import.try_wait().unwrap().is_some()).then_some(())
        });
        practice.kill_agent();
        import.wait().unwrap();
        practice.ok(&["unlock"]);
        let after = practice.lines(&["agenda", "--date", &tomorrow]).len();
        assert!(after == before || after == 15_000, "round {round}: {before} before, {after} after");
    }
    practice.ok(&["appointment", "import", &large]);
    assert_eq!(practice.lines(&["agenda", "--date", &tomorrow]).len(), 15_000);
    assert_eq!(practice.json(&["appointment", "undo"])["kept"], 0);
}

#[test]
fn series_is_made_moved_and_cancelled_with_all_that_follow() {
    let practice = practice();
    practice.ok(&["practice", "edit", "--hours", "mon-sun 8:00-18:00"]);
    let start = day(1).strftime("%Y-%m-%d 15:00").to_string();
    let made = practice.lines(&["appointment", "add", "ada", &start, "--repeat", "weekly", "--count", "5"]);
    assert_eq!(made.len(), 5);
    assert!(made.iter().all(|entry| entry["series"] == made[0]["series"] && entry["notices"] == json!([])));
    let id = |n: usize| made[n]["id"].as_str().unwrap();
    let later = day(8).strftime("%Y-%m-%d 17:30").to_string();
    let moved = practice.lines(&["appointment", "move", id(1), &later, "--following"]);
    assert_eq!(moved.len(), 4);
    assert!(moved.iter().all(|entry| entry["start"].as_str().unwrap().contains("T17:30")), "{moved:?}");
    assert_eq!(moved[0]["notices"], json!([{"what": "outside_hours"}]));
    let own_day = practice.json(&["appointment", "move", id(0), "15:10"]);
    assert_eq!(own_day["start"].as_str().unwrap()[..16], day(1).strftime("%Y-%m-%dT15:10").to_string());
    practice.json(&["appointment", "move", id(0), "15:00"]);
    let other = practice.json(&["appointment", "copy", id(0), &later]);
    let conflict = |notice: &&Value| notice["what"] == "conflict" && notice["with"] == "Ada Byron";
    assert_eq!(other["notices"].as_array().unwrap().iter().filter(conflict).count(), 1, "{other}");
    assert_eq!(practice.lines(&["appointment", "cancel", id(3), "--following"]).len(), 2);
    let booked = agenda(&practice).into_iter().filter(|(_, status)| status == "booked").count();
    assert_eq!(booked, 4);
    let free = practice.lines(&["appointment", "free", "--from", &start, "--minutes", "50", "--count", "2"]);
    assert!(free[0]["start"].as_str().unwrap().contains("T15:50"), "{free:?}");
    let begun = practice.lines(&["appointment", "free", "--from", "2026-01-05", "--count", "1"]);
    let first: jiff::Timestamp = begun[0]["start"].as_str().unwrap().parse().unwrap();
    assert!(first >= jiff::Timestamp::now(), "what is past is not free any more: {begun:?}");
}
