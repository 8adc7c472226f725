//! Bad input costs bounded time and memory.

use super::*;
use std::ops::Add;
use std::time::{Duration, Instant};

#[test]
fn recurrence_bombs_end_soon() {
    let begin = Instant::now();
    let rule = |rule: &str| read(&event(&format!("DTSTART:19010101T000000\nRRULE:{rule}")));
    let all = (0..60).map(|n: u8| n.to_string()).collect::<Vec<_>>().join(",");
    let never = rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").unwrap();
    assert_eq!(never.skipped[0].reason, Omission::Never);
    assert!(rule("FREQ=DAILY;COUNT=4294967295").unwrap().entries.len() < 500);
    let costly = rule(&format!("FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYMINUTE={all};BYSECOND={all}")).unwrap();
    assert_eq!(costly.broken[0].flaw, Flaw::BadRule);
    let many = rule("FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8,9,10").unwrap();
    assert_eq!((many.entries.len(), many.skipped[0].reason), (1000, Omission::TooMany));
    let body: String = (0..50_000)
        .map(|n| format!("BEGIN:VEVENT\nUID:{n}\nDTSTART:19010101T000000\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\nEND:VEVENT\n"))
        .collect();
    assert_eq!(flaw(&calendar(&body)).1, Flaw::RulesTooCostly);
    let body: String = (0..50_000)
        .map(|n| format!("BEGIN:VEVENT\nUID:{n}\nDTSTART:19010101T000000\nRRULE:FREQ=DAILY\nEND:VEVENT\n"))
        .collect();
    assert!(matches!(flaw(&calendar(&body)).1, Flaw::TooManyAppointments | Flaw::RulesTooCostly));
    assert!(begin.elapsed() < Duration::from_secs(60), "took {:?}", begin.elapsed());
}

#[test]
fn deep_nesting_is_refused() {
    let text = format!("BEGIN:VCALENDAR\n{}", "BEGIN:X\n".repeat(100_000));
    assert_eq!(flaw(&text), (9, Flaw::TooDeep));
}

#[test]
fn zones_cost_no_more_than_rules() {
    let zone = |n: usize| {
        format!(
            "BEGIN:VTIMEZONE\nTZID:{n}\nBEGIN:STANDARD\nDTSTART:19010101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\n\
             RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\nEND:STANDARD\nEND:VTIMEZONE\n\
             BEGIN:VEVENT\nUID:{n}\nDTSTART;TZID={n}:20260112T090000\nEND:VEVENT\n"
        )
    };
    // Once the purse is empty no zone is worked out any more.
    let feed = read(&calendar(&(0..2_000).map(zone).collect::<String>())).unwrap();
    assert_eq!(
        feed.broken.iter().filter(|broken| broken.flaw == Flaw::UnknownZone).count(),
        2_000 - feed.entries.len()
    );
    assert!(feed.entries.len() <= 10);
}

#[test]
fn million_attendees_and_a_line_of_100_megabytes_are_one_appointment() {
    let attendees = "ATTENDEE;CN=A:mailto:a@example.org\n".repeat(1_000_000);
    let feed = read(&event(&format!("{attendees}DTSTART:20260112T090000Z\nSUMMARY:Ada"))).unwrap();
    assert_eq!((feed.entries.len(), feed.entries[0].subject.expose().as_str()), (1, "Ada"));
    let long = "A".repeat(100 << 20);
    let text =
        format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:{long}\nDTSTART:20260112T090000Z\nEND:VEVENT\nEND:VCALENDAR\n");
    assert_eq!(read(&text).unwrap().entries[0].uid.expose().len(), 300);
    let text = text.replace(&long, &"A".repeat(70).add("\n ").repeat(1 << 20));
    assert_eq!(read(&text).unwrap().entries[0].uid.expose().len(), 300);
}

#[test]
fn more_lines_than_may_be_are_refused_at_the_first_of_them() {
    let text = format!("BEGIN:VCALENDAR\n{}", "X:\n".repeat(8_000_000));
    assert_eq!(flaw(&text), (8_000_001, Flaw::TooManyLines));
    assert_eq!(Flaw::TooManyLines.at(1).to_string(), "line 1: the file has too many lines");
}
