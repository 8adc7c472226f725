//! What Outlook and other programs write that stands in no standard.

use super::*;

fn told(body: &str) -> (Vec<(String, AppointmentStatus)>, Vec<Omission>) {
    let feed = read(&event(body)).unwrap();
    let entries = feed.entries.iter().map(|entry| (entry.subject.expose().clone(), entry.status)).collect();
    (entries, feed.skipped.iter().map(|skipped| skipped.reason).collect())
}

#[test]
fn meeting_that_was_cancelled_is_so_under_its_own_name() {
    use AppointmentStatus::{Booked, Cancelled};
    let published = |subject: &str, busy: &str| {
        let (entries, _) = told(&format!(
            "SUMMARY:{subject}\nDTSTART:20260112T090000Z\nSTATUS:CONFIRMED\nX-MICROSOFT-CDO-BUSYSTATUS:{busy}"
        ));
        (entries[0].0.clone(), entries[0].1)
    };
    for subject in ["Canceled: Ada Byron", "Abgesagt: Ada Byron", "Annulé : Ada Byron", "Annulé\u{a0}: Ada Byron"] {
        assert_eq!(published(subject, "FREE"), ("Ada Byron".to_owned(), Cancelled));
        assert_eq!(published(subject, "BUSY"), (subject.to_owned(), Booked), "somebody calls it so");
    }
    assert_eq!(published("Ada Byron", "FREE"), ("Ada Byron".to_owned(), Booked));
    let (sent, _) = told("SUMMARY:Canceled: Ada Byron\nDTSTART:20260112T090000Z\nSTATUS:CANCELLED");
    assert_eq!(sent, [("Ada Byron".to_owned(), Cancelled)]);
}

#[test]
fn rule_until_the_end_of_time_never_ends() {
    let count = |until: &str| {
        let rule = format!("DTSTART:20260112T090000Z\nRRULE:FREQ=WEEKLY;UNTIL={until}");
        read(&event(&rule)).unwrap().entries.len()
    };
    assert_eq!([count("99991231T235959Z"), count("99991231")], [count("20300101T000000Z"); 2]);
}

#[test]
fn marks_outside_of_a_calendar_say_nothing() {
    let sound = event("DTSTART:20260112T090000Z");
    for text in [format!("{sound}\u{1a}"), format!("{sound}\0\0\0"), format!("{sound}\u{feff}{sound}")] {
        assert_eq!(read(&text).unwrap().entries.len(), 1, "{text:?}");
    }
    assert!(matches!(read(&format!("{sound}\u{feff}x:1")), Err(FeedError::Broken { flaw: Flaw::Outside, .. })));
}

#[test]
fn words_in_the_letters_of_windows_are_read() {
    let text = event("SUMMARY:Zo@ Byron\nDTSTART:20260112T090000Z\nLOCATION:Caf@\nX-ALT-DESC:@\nURL:https://x/@")
        .replace("VERSION:2.0", "X-WR-CALNAME:M@");
    let bytes: Vec<u8> = text.bytes().map(|byte| if byte == b'@' { 0xeb } else { byte }).collect();
    assert_eq!(feed::read(&bytes, &here()).unwrap().entries[0].subject.expose(), "Zoë Byron");
}

#[test]
fn zone_that_is_empty_is_none_and_utc_has_a_name_of_its_own() {
    let start = |zone: &str| starts(&read(&event(&format!("DTSTART;TZID={zone}:20260112T090000"))).unwrap());
    assert_eq!(start(""), ["2026-01-12T09:00:00+01:00[Europe/Berlin]"]);
    assert_eq!(start("\"(UTC) Coordinated Universal Time\""), ["2026-01-12T10:00:00+01:00[Europe/Berlin]"]);
}

#[test]
fn what_is_left_out_astray_or_held_back_is_told() {
    let series = "DTSTART:20260112T090000Z\nRRULE:FREQ=DAILY;COUNT=3";
    let left_out = |date: &str| told(&format!("{series}\nEXDATE:{date}"));
    assert_eq!(left_out("20260113T000000Z").1, [Omission::StrayException]);
    assert_eq!(left_out("20260213T000000Z").1, [], "on that day there is none");
    assert_eq!(left_out("20260113T090000Z").1, []);
    let broken =
        "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;TZID=Foo/Bar:20260113T090000\nDTSTART:20260113T100000Z\nEND:VEVENT\n";
    let whole = format!("BEGIN:VEVENT\nUID:1\n{series}\nEND:VEVENT\n{broken}");
    let feed = read(&calendar(&whole)).unwrap();
    assert_eq!((feed.entries.len(), feed.broken.len()), (0, 1));
    assert_eq!(feed.skipped, [feed::Skipped { line: 4, reason: Omission::Withheld }]);
}
