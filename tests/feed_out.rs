//! What is exported for other calendars: the real programs read the same times and names from it, and so do we.

use crate::story::programs::Practice;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

const ZONE: &str = "Europe/Berlin";
/// Longer than a line of a calendar may be, with letters of two and three bytes.
const LONG: &str = "Zoë von der Österreich, geborene 山田; genannt Überländer-Öztürk aus Württemberg";
/// The week in which the clocks are put forward.
const WEEK: [&str; 4] = ["--date", "2027-03-25", "--days", "7"];

/// Start, end and name.
type Seen = (Timestamp, Timestamp, String);

/// A practice with appointments before and after the clocks are put forward.
fn practice() -> Practice {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10", "--zone", ZONE]);
    for name in [LONG, "Ada Byron"] {
        practice.ok(&["patient", "add", "--name", name]);
    }
    practice.ok(&["appointment", "add", "Zoë", "2027-03-26 10:00"]);
    practice.ok(&["appointment", "add", "Ada", "2027-03-29 10:00", "--minutes", "25", "--in-person"]);
    practice.ok(&["appointment", "add", "Zoë", "2027-03-28 01:30", "--minutes", "90"]);
    practice
}

fn export(practice: &Practice, more: &[&str]) -> String {
    practice.ok(&[&["appointment", "export"], &WEEK[..], more].concat())
}

/// What the practice itself says.
fn own(practice: &Practice) -> Vec<Seen> {
    let listed = practice.lines(&[&["appointment", "list"], &WEEK[..]].concat());
    let time = |value: &Value| value.as_str().unwrap().parse::<Timestamp>().unwrap();
    let seen = |entry: &Value| (time(&entry["start"]), time(&entry["end"]), entry["name"].as_str().unwrap().to_owned());
    listed.iter().map(seen).collect()
}

/// What a program says, a line for each appointment: start, end and name, divided by `|`.
fn told(command: &mut Command, time: impl Fn(&str) -> Timestamp) -> Vec<Seen> {
    let command = command.env("TZ", ZONE).env("LC_ALL", "C.UTF-8");
    let output = command.output().unwrap_or_else(|error| panic!("this test needs {command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let parts = |line: &str| line.splitn(3, '|').map(str::to_owned).collect::<Vec<_>>();
    let mut seen: Vec<Seen> = text
        .lines()
        .map(parts)
        .filter(|parts| parts.len() == 3)
        .map(|parts| (time(&parts[0]), time(&parts[1]), parts[2].clone()))
        .collect();
    seen.sort();
    seen
}

fn second(text: &str) -> Timestamp {
    Timestamp::from_second(text.trim().parse().unwrap()).unwrap()
}

fn calcurse(folder: &Path, file: &str) -> Vec<Seen> {
    let of = |arguments: &[&str]| {
        let mut command = Command::new("calcurse");
        command.arg("-D").arg(folder).arg("-C").arg(folder).args(arguments);
        command
    };
    told(&mut of(&["-q", "-i", file]), second);
    let format = "%(start:%s)|%(end:%s)|%m\n";
    told(
        &mut of(&["-Q", "--from", "03/01/2027", "--days", "60", "--filter-type", "apt", "--format-apt", format]),
        second,
    )
}

fn khal(folder: &Path, file: &str) -> Vec<Seen> {
    let (calendar, config) = (folder.join("khal"), folder.join("khal.conf"));
    fs::create_dir(&calendar).unwrap();
    let settings = format!(
        "[calendars]\n[[out]]\npath = {}\n[sqlite]\npath = {}\n[locale]\nlocal_timezone = {ZONE}\n\
         default_timezone = {ZONE}\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n\
         datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n",
        calendar.display(),
        folder.join("khal.db").display()
    );
    fs::write(&config, settings).unwrap();
    let of = |arguments: &[&str]| {
        let mut command = Command::new("khal");
        command.env("HOME", folder).arg("-c").arg(&config).args(arguments);
        command
    };
    let local = |text: &str| {
        let at = DateTime::strptime("%Y-%m-%d %H:%M", text).unwrap();
        at.to_zoned(TimeZone::get(ZONE).unwrap()).unwrap().timestamp()
    };
    told(&mut of(&["import", "--batch", "-a", "out", file]), local);
    let format = "{start-long}|{end-long}|{title}";
    told(&mut of(&["list", "--once", "--format", format, "--day-format", "", "2027-03-01", "60d"]), local)
}

fn icalendar(file: &str) -> Vec<Seen> {
    let program = "import sys, icalendar\n\
        for e in icalendar.Calendar.from_ical(open(sys.argv[1], 'rb').read()).walk('VEVENT'):\n    \
        print(int(e['DTSTART'].dt.timestamp()), int(e['DTEND'].dt.timestamp()), e['SUMMARY'], sep='|')\n";
    // Debian's own: another Python may come first and not have it.
    told(Command::new("/usr/bin/python3").args(["-c", program, file]), second)
}

#[test]
fn calcurse_khal_and_icalendar_read_what_is_exported() {
    let practice = practice();
    let file = practice.file("out.ics");
    let name = file.to_str().unwrap();
    export(&practice, &["--names", "full", name]);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 75) && text.contains("\r\n "), "{text}");
    let own = own(&practice);
    assert_eq!(own.len(), 3);
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(icalendar(name), own);
    assert_eq!(calcurse(folder.path(), name), own);
    assert_eq!(khal(folder.path(), name), own);
}

#[test]
fn what_is_exported_comes_back_the_same() {
    let (here, there) = (practice(), Practice::nowhere());
    there.ok(&["init", "--clinician", "Dr. Other", "--addresses", "direct", "--work-factor", "10", "--zone", ZONE]);
    let strip = |practice: &Practice, name: &str| -> Vec<Value> {
        let fields = |entry: &Value| {
            ["start", "end", "kind", "status", name].map(|field| entry[field].clone()).into_iter().collect::<Value>()
        };
        practice.lines(&[&["appointment", "list"], &WEEK[..]].concat()).iter().map(fields).collect()
    };
    for (format, name) in [("ics", "out.ics"), ("fhir", "out.json")] {
        let file = here.file(name);
        export(&here, &["--names", "full", "--format", format, file.to_str().unwrap()]);
        let report = there.json(&["appointment", "import", file.to_str().unwrap(), "--feed", format]);
        assert_eq!((&report["added"], &report["skipped"]), (&3.into(), &Value::Array(Vec::new())), "{format}");
        assert_eq!(strip(&there, "subject"), strip(&here, "name"), "{format}");
        there.ok(&["appointment", "undo"]);
    }
}

#[test]
fn names_are_shortened_unless_they_are_asked_for() {
    let practice = practice();
    let summaries = |names: &[&str]| -> Vec<String> {
        let text = export(&practice, names).replace("\r\n ", "");
        text.lines().filter_map(|line| line.strip_prefix("SUMMARY:")).map(|line| line.trim().to_owned()).collect()
    };
    assert_eq!(summaries(&[])[2], "A. B.");
    assert_eq!(summaries(&["--names", "none"]), ["Appointment"; 3]);
    let bundle = export(&practice, &["--format", "fhir"]);
    assert!(bundle.contains("A. B.") && !bundle.contains("Ada"), "{bundle}");
    // Reading them is in the audit log, as reading the agenda is.
    assert!(!practice.lines(&["audit", "list", "--kind", "appointment_read", "--patient", "ada"]).is_empty());
}

#[test]
fn bundle_is_of_the_form_that_fhir_gives_it() {
    let practice = practice();
    let bundle: Value = serde_json::from_str(&export(&practice, &["--format", "fhir"])).unwrap();
    assert_eq!((&bundle["resourceType"], &bundle["type"]), (&"Bundle".into(), &"collection".into()));
    let entries = bundle["entry"].as_array().unwrap();
    let seen: Vec<&Value> = entries.iter().map(|entry| &entry["resource"]).collect();
    assert_eq!(seen.len(), 3);
    for resource in &seen {
        assert_eq!((&resource["resourceType"], &resource["status"]), (&"Appointment".into(), &"booked".into()));
        let participants = resource["participant"].as_array().unwrap();
        assert!(participants.iter().all(|one| one["status"] == "accepted" && one["actor"].is_object()));
        assert!(participants[0]["actor"]["reference"].as_str().unwrap().starts_with("Patient/"));
        assert!(resource["comment"].is_null());
    }
    assert_eq!(seen[2]["start"], "2027-03-29T10:00:00+02:00");
    practice.ok(&["practice", "edit", "--part2", "true"]);
    let bundle: Value = serde_json::from_str(&export(&practice, &["--format", "fhir"])).unwrap();
    assert!(bundle["entry"][0]["resource"]["comment"].as_str().unwrap().contains("42 CFR part 2"));
    assert!(export(&practice, &[]).replace("\r\n ", "").contains("COMMENT:42 CFR part 2"));
}

#[test]
fn file_that_is_there_is_not_written_over_unasked() {
    let practice = practice();
    let file = practice.file("out.ics");
    let name = file.to_str().unwrap();
    fs::write(&file, "mine").unwrap();
    let said = practice.fails(1, &["appointment", "export", name]);
    assert!(said.contains("--force"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    let report = practice.json(&[&["appointment", "export", name, "--force"], &WEEK[..]].concat());
    assert_eq!(report["appointments"], 3);
    assert!(fs::read_to_string(&file).unwrap().starts_with("BEGIN:VCALENDAR\r\n"));
    // Ten years ago and in ten years are in it all.
    practice.ok(&["appointment", "add", "Ada", "2029-06-01 10:00"]);
    assert_eq!(practice.json(&["appointment", "export", name, "--force", "--all"])["appointments"], 4);
}
