//! Exceptions that hold for all that follows, and such as cannot be read.

use super::*;

/// From a day on at nine, with a second event of the same UID.
fn series(start: &str, exception: &str) -> String {
    calendar(&format!(
        "BEGIN:VEVENT\nUID:s\nSUMMARY:Ada\nDTSTART;TZID=Europe/Berlin:{start}T090000\nDURATION:PT50M\n\
         RRULE:FREQ=WEEKLY;COUNT=4\nEND:VEVENT\nBEGIN:VEVENT\nUID:s\nSUMMARY:Ada\n{exception}\nEND:VEVENT"
    ))
}

#[test]
fn those_behind_a_moved_one_are_moved_by_the_clock() {
    // From a Saturday to the Sunday on which the clocks go forward, and in winter by a day over that change.
    for (start, from, to, expected) in [
        ("20260321", "20260328", "20260329", ["03-21", "03-29", "04-05", "04-12"]),
        ("20260317", "20260324", "20260325", ["03-17", "03-25", "04-01", "04-08"]),
    ] {
        let exception = format!(
            "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:{from}T090000\n\
             DTSTART;TZID=Europe/Berlin:{to}T090000\nDURATION:PT50M"
        );
        let feed = read(&series(start, &exception)).unwrap();
        let seen: Vec<_> = feed.entries.iter().map(|entry| entry.start.strftime("%m-%d %H:%M").to_string()).collect();
        assert_eq!(seen, expected.map(|day| format!("{day} 09:00")), "{from}");
    }
}

#[test]
fn occurrence_whose_exception_is_broken_is_at_no_time() {
    let broken = |recurrence: &str| {
        let times = "DTSTART;TZID=Europe/Berlin:20260113T150000\nDTEND;TZID=Europe/Berlin:20260113T140000";
        read(&series("20260106", &format!("{recurrence}\n{times}"))).unwrap()
    };
    let one = broken("RECURRENCE-ID;TZID=Europe/Berlin:20260113T090000");
    assert_eq!(one.broken.len(), 1);
    let days = |feed: &Feed| feed.entries.iter().map(|entry| entry.start.day()).collect::<Vec<_>>();
    assert_eq!(days(&one), [6, 20, 27]);
    let later = broken("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260113T090000");
    assert_eq!(days(&later), [6]);
    let unknown = broken("RECURRENCE-ID:soon");
    assert_eq!((unknown.broken.len(), days(&unknown)), (1, Vec::new()), "which it is of is not known");
    // What is missing of it is not gone.
    assert!([one, later, unknown].iter().all(|feed| feed.settled.is_empty()));
}

#[test]
fn program_that_wrote_it_is_the_same_in_its_next_version() {
    let program = |id: &str| {
        let text = event("DTSTART:20260112T090000Z").replace("VERSION:2.0", &format!("PRODID:{id}"));
        read(&text).unwrap().program.unwrap().into_inner()
    };
    assert_eq!(program("-//Apple Inc.//macOS 11.6.7//EN"), "-//Apple Inc.//macOS//EN");
    assert_eq!(program("DAVx5/4.3.11 ical4j/3.2"), program("DAVx5/4.4 ical4j/4.0.1"));
}
