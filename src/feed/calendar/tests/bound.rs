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

#[test]
fn zones_without_end_cost_as_much_as_they_are_long() {
    let begin = Instant::now();
    let zone = |id: &str, lines: &str| {
        format!(
            "BEGIN:VTIMEZONE\nTZID:{id}\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0000\n\
             TZOFFSETTO:+0100\n{lines}END:STANDARD\nEND:VTIMEZONE\n"
        )
    };
    let event =
        |uid: usize, id: &str| format!("BEGIN:VEVENT\nUID:{uid}\nDTSTART;TZID={id}:20260112T090000\nEND:VEVENT\n");
    // Lines of no meaning.
    let feed = read(&calendar(&(zone("Custom", &"X:\n".repeat(2_000_000)) + &event(1, "Custom")))).unwrap();
    assert_eq!(feed.entries.len(), 1);
    // One with many changes, after as many others as there may be.
    let changes: String =
        (0..20_000).map(|n| format!("RDATE:{}0101T{:02}{:02}00\n", 1971 + n % 90, n / 60 % 24, n % 60)).collect();
    let others: String = (0..1_100).map(|n| event(n, &format!("UTC+{:02}{:02}", n / 60 % 14, n % 60))).collect();
    let many: String = (2_000..4_000).map(|uid| event(uid, "Custom")).collect();
    let feed = read(&calendar(&(others + &many + &zone("Custom", &changes)))).unwrap();
    assert_eq!(feed.entries.len() + feed.broken.len(), 3_100);
    // More of them than a file may have.
    let all: String = (0..20_000).map(|n| zone(&format!("Z{n}"), "") + &event(n, &format!("Z{n}"))).collect();
    let feed = read(&calendar(&all)).unwrap();
    assert_eq!((feed.entries.len(), feed.broken.len()), (1_000, 19_000));
    assert!(begin.elapsed() < Duration::from_secs(60), "took {:?}", begin.elapsed());
}

#[test]
fn definition_of_more_lines_than_are_paid_for_makes_no_sense() {
    let changes = "RDATE:19800101T000000\n".repeat(1_100_000);
    let text = calendar(&format!(
        "BEGIN:VTIMEZONE\nTZID:Custom\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\n\
         {changes}END:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=Custom:20260112T090000\nEND:VEVENT\n"
    ));
    assert_eq!(flaw(&text).1, Flaw::UnknownZone);
}

#[test]
fn more_dates_than_may_be_are_told_with_their_event() {
    let days = vec!["20260112T090000Z"; 400_000].join(",");
    let one = |uid: u8| format!("BEGIN:VEVENT\nUID:{uid}\nDTSTART:20260112T090000Z\nEXDATE:{days}\nEND:VEVENT\n");
    let feed = read(&calendar(&(1..=3).map(one).collect::<String>())).unwrap();
    assert_eq!((feed.entries.len(), feed.broken), (2, vec![feed::Broken { line: 17, flaw: Flaw::TooManyDates }]));
}

#[test]
fn long_name_of_a_zone_is_looked_at_once_and_not_taken() {
    let begin = Instant::now();
    let days = vec!["20260112T090000Z"; 20_000].join(",");
    let parameter = format!("X-A=\"{}\";TZID=Europe/Berlin", "a".repeat(300_000));
    let feed = read(&event(&format!("DTSTART:20260112T090000Z\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE;{parameter}:{days}")));
    assert_eq!(feed.unwrap().entries.len(), 2);
    let id = "a/".repeat(1_000_000);
    assert_eq!(flaw(&event(&format!("DTSTART;TZID={id}:20260112T090000"))).1, Flaw::UnknownZone);
    assert!(begin.elapsed() < Duration::from_secs(10), "took {:?}", begin.elapsed());
}

#[test]
fn days_that_are_added_and_taken_out_are_looked_up() {
    let begin = Instant::now();
    let day = |n: usize| jiff::civil::date(2026, 1, 1).saturating_add(jiff::Span::new().days((n % 365) as i64));
    let more: Vec<_> = (0..50_000)
        .map(|n| format!("{}T{:02}{:02}{:02}Z", day(n).strftime("%Y%m%d"), n / 3600 % 24, n / 60 % 60, n % 60))
        .collect();
    let out: Vec<_> = (0..50_000).map(|n| day(n).strftime("%Y%m%d").to_string()).collect();
    let text = format!("DTSTART:20260112T090000Z\nRDATE:{}\nEXDATE;VALUE=DATE:{}", more.join(","), out.join(","));
    let feed = read(&event(&text)).unwrap();
    assert!(feed.entries.len() > 40_000);
    assert!(feed.entries.iter().all(|entry| entry.status == AppointmentStatus::Cancelled));
    assert!(begin.elapsed() < Duration::from_secs(20), "took {:?}", begin.elapsed());
}
