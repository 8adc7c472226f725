//! What a feed that is no whole schedule says all of: invitations and cancellations of series, messages about a group.

use super::super::Desk;
use super::super::tests::{ask, connect, lock, unlock};
use super::tests::{CLIENT, desk, give};
use crate::base::id::AppointmentId;
use crate::feed::{self, Reading, Scope};
use crate::record::{Appointment, AppointmentStatus, Imported};
use crate::wire::agent::{ImportHead, ImportReport, Request};
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

/// A day `n` days from now, as a calendar writes it.
pub(super) fn date(n: i64) -> String {
    Zoned::now().with_time_zone(TimeZone::UTC).saturating_add(n.days()).strftime("%Y%m%d").to_string()
}

/// Reads and imports it, as the command does.
pub(super) fn import(desk: &mut Desk, text: &str) -> ImportReport {
    let feed = feed::read(text.as_bytes(), &Reading::new(TimeZone::UTC, desk.now())).expect("it can be read");
    assert_eq!(feed.broken, []);
    let head = ImportHead {
        feed: "clinic".into(),
        whole: feed.scope == Scope::Whole,
        message: feed.scope == Scope::Message,
        allow_removals: false,
        dry_run: false,
    };
    give(desk, head, feed.entries, feed.settled).expect("imported")
}

/// An event of a calendar that is sent for this.
pub(super) fn sent(method: &str, sequence: u32, lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nUID:s\nSEQUENCE:{sequence}\nSUMMARY:Ada\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
}

/// From tomorrow on, daily at ten, four times.
pub(super) fn series(method: &str, sequence: u32) -> String {
    sent(method, sequence, &format!("DTSTART:{}T100000Z\nDURATION:PT50M\nRRULE:FREQ=DAILY;COUNT=4", date(1)))
}

/// The starts of what is booked.
pub(super) fn booked(desk: &mut Desk) -> Vec<String> {
    let booked = |appointment: &&Appointment| appointment.status == AppointmentStatus::Booked;
    let start = |appointment: &Appointment| {
        appointment.start.with_time_zone(TimeZone::UTC).strftime("%Y%m%dT%H%M%S").to_string()
    };
    let mut starts: Vec<String> = desk.open().expect("open").book.appointments().filter(booked).map(start).collect();
    starts.sort();
    starts
}

/// The starts at an hour of days from now.
pub(super) fn at(hour: u32, days: &[i64]) -> Vec<String> {
    days.iter().map(|n| format!("{}T{hour}0000", date(*n))).collect()
}

pub(super) fn at_ten(days: &[i64]) -> Vec<String> {
    at(10, days)
}

#[test]
fn series_is_cancelled_without_its_occurrences() {
    for lines in [String::new(), format!("DTSTART:{}T100000Z", date(1)), format!("DTSTART;VALUE=DATE:{}", date(1))] {
        let (_folder, mut desk) = desk();
        assert_eq!(import(&mut desk, &series("REQUEST", 1)).added, 4);
        assert_eq!(import(&mut desk, &sent("CANCEL", 0, &lines)).removed, 0, "an older cancellation");
        assert_eq!(import(&mut desk, &sent("CANCEL", 2, &lines)).removed, 4, "{lines}");
        assert_eq!(booked(&mut desk), [""; 0]);
        assert_eq!(import(&mut desk, &sent("CANCEL", 2, &lines)).removed, 0);
        import(&mut desk, &series("REQUEST", 1));
        assert_eq!(booked(&mut desk), [""; 0], "what is older than its cancellation books nothing");
    }
}

#[test]
fn series_of_another_rule_takes_the_place_of_the_old_one() {
    let (_folder, mut desk) = desk();
    import(&mut desk, &series("REQUEST", 0));
    let lines = format!("DTSTART:{}T100000Z\nDURATION:PT50M\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT=2", date(2));
    let report = import(&mut desk, &sent("REQUEST", 1, &lines));
    assert_eq!((report.added, report.removed), (0, 2));
    assert_eq!(booked(&mut desk), at_ten(&[2, 4]));
    let once = format!("DTSTART:{}T100000Z\nDURATION:PT50M", date(9));
    import(&mut desk, &sent("REQUEST", 2, &once));
    assert_eq!(booked(&mut desk), at_ten(&[9]), "it is no series any more");
}

/// The ids of all there is, in the order in which they were first imported.
pub(super) fn ids(desk: &mut Desk) -> Vec<(AppointmentId, AppointmentStatus)> {
    let mut all: Vec<_> =
        desk.open().expect("open").book.appointments().map(|one| (one.start.timestamp(), one.id, one.status)).collect();
    all.sort_by_key(|(start, id, _)| (*start, *id));
    all.into_iter().map(|(_, id, status)| (id, status)).collect()
}

#[test]
fn series_that_is_moved_as_a_whole_stays_the_same_appointments() {
    let (_folder, mut desk) = desk();
    let daily = |hour: u32, count: u32| {
        format!(
            "BEGIN:VCALENDAR\nX-WR-CALNAME:c\nBEGIN:VEVENT\nUID:s\nSUMMARY:Ada\nDTSTART:{}T{hour}0000Z\n\
             DURATION:PT50M\nRRULE:FREQ=DAILY;COUNT={count}\nEND:VEVENT\nEND:VCALENDAR\n",
            date(1)
        )
    };
    import(&mut desk, &daily(10, 4));
    let before = ids(&mut desk);
    let report = import(&mut desk, &daily(15, 5));
    assert_eq!((report.added, report.updated, report.removed), (1, 4, 0), "and one more");
    assert_eq!(ids(&mut desk)[..4], before[..], "each is moved");
    assert_eq!(import(&mut desk, &daily(15, 5)).unchanged, 5);
    let report = import(&mut desk, &daily(11, 4));
    assert_eq!((report.added, report.updated, report.removed), (0, 4, 1), "and one less");
    assert_eq!(ids(&mut desk)[..4], before[..]);
    ask(&mut desk, CLIENT, Request::AppointmentImportUndo).expect("taken back");
    let back: Vec<String> = (1..=5).map(|n| format!("{}T150000", date(n))).collect();
    assert_eq!(booked(&mut desk), back);
    assert_eq!(import(&mut desk, &daily(15, 5)).unchanged, 5, "they are known by what they were before");
}

#[test]
fn series_that_is_moved_leaves_what_was_as_it_was() {
    let (_folder, mut desk) = desk();
    let now = Zoned::now().with_time_zone(TimeZone::UTC);
    let time = |weeks: i64, hours: i64| {
        now.saturating_add(weeks.weeks()).saturating_add(hours.hours()).strftime("%Y%m%dT%H%M%S").to_string()
    };
    // Five weeks, of which two are over.
    let weekly = |hours: i64| {
        format!(
            "BEGIN:VCALENDAR\nX-WR-CALNAME:c\nBEGIN:VEVENT\nUID:s\nSUMMARY:Ada\nDTSTART:{}Z\n\
             DURATION:PT50M\nRRULE:FREQ=WEEKLY;COUNT=5\nEND:VEVENT\nEND:VCALENDAR\n",
            time(-2, hours)
        )
    };
    assert_eq!(import(&mut desk, &weekly(2)).added, 5);
    let before = ids(&mut desk);
    // Today's would have been two hours ago.
    let report = import(&mut desk, &weekly(-2));
    assert_eq!((report.added, report.updated, report.removed, report.unchanged), (0, 2, 1, 3));
    assert_eq!(booked(&mut desk), [time(-2, 2), time(-1, 2), time(1, -2), time(2, -2)]);
    let order = |ids: Vec<(AppointmentId, AppointmentStatus)>| ids.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(order(ids(&mut desk)), order(before), "each is moved within its week");
    assert_eq!(import(&mut desk, &weekly(-2)).unchanged, 5, "the same again changes nothing");
}

#[test]
fn series_that_is_moved_and_called_otherwise_is_the_same_and_an_older_message_changes_nothing() {
    let (_folder, mut desk) = desk();
    let of = |sequence: u32, name: &str, day: i64| {
        format!(
            "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:s\nSEQUENCE:{sequence}\nSUMMARY:{name}\n\
             DTSTART:{}T100000Z\nDURATION:PT50M\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\nEND:VCALENDAR\n",
            date(day)
        )
    };
    import(&mut desk, &of(0, "Zed", 1));
    let before = ids(&mut desk);
    let report = import(&mut desk, &of(1, "Zed (video)", 2));
    assert_eq!((report.added, report.updated, report.removed), (0, 3, 0));
    assert_eq!(ids(&mut desk), before);
    let late = import(&mut desk, &of(0, "Zed", 1));
    assert_eq!((late.added, late.updated, late.removed, late.unchanged), (0, 0, 0, 3));
    assert_eq!(booked(&mut desk), at_ten(&[2, 9, 16]));
}

#[test]
fn series_moved_in_a_calendar_without_a_name_leaves_nothing_behind() {
    let (_folder, mut desk) = desk();
    let calendar = |day: i64| {
        format!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:s\nSUMMARY:Ada\nDTSTART:{}T100000Z\nRRULE:FREQ=WEEKLY;COUNT=2\n\
             DURATION:PT50M\nEND:VEVENT\nBEGIN:VEVENT\nUID:o\nSUMMARY:Ben\nDTSTART:{}T100000Z\nDURATION:PT50M\n\
             END:VEVENT\nEND:VCALENDAR\n",
            date(day),
            date(4)
        )
    };
    for (day, added) in [(1, 3), (2, 0)] {
        let feed = feed::read(calendar(day).as_bytes(), &Reading::new(TimeZone::UTC, desk.now())).expect("read");
        assert_eq!(feed.scope, Scope::Whole);
        let head = ImportHead { whole: false, ..super::tests::published() };
        assert_eq!(give(&mut desk, head, feed.entries, feed.settled).expect("imported").added, added);
    }
    assert_eq!(booked(&mut desk), at_ten(&[2, 4, 9]));
}

/// Two files of one folder that have it.
#[test]
fn what_an_import_has_twice_counts_as_the_newer_and_is_taken_back_to_what_was() {
    let (_folder, mut desk) = desk();
    let at = |sequence: i64, hour: i64| {
        let start = super::tests::day(1).saturating_add(hour.hours());
        Imported { sequence, ..super::tests::entry("u", "Ada", &start) }
    };
    let part = || ImportHead { whole: false, ..super::tests::published() };
    give(&mut desk, part(), vec![at(0, 0)], Vec::new()).expect("imported");
    let first = booked(&mut desk);
    for entries in [vec![at(1, 0), at(1, 2)], vec![at(0, 0), at(0, 2)], vec![at(2, 2), at(1, 5)]] {
        let report = give(&mut desk, part(), entries, Vec::new()).expect("imported");
        assert_eq!((report.added, report.updated, report.removed, report.unchanged), (0, 1, 0, 0));
        assert_ne!(booked(&mut desk), first);
        ask(&mut desk, CLIENT, Request::AppointmentImportUndo).expect("taken back");
        assert_eq!(booked(&mut desk), first);
    }
}

#[test]
fn who_is_left_of_a_group_stays_the_same_appointment() {
    let (_folder, mut desk) = desk();
    assert_eq!(import(&mut desk, &message("S12", 0, true, &[1, 2])).added, 2);
    let before = ids(&mut desk);
    let report = import(&mut desk, &message("S14", 1, true, &[2]));
    assert_eq!((report.added, report.updated, report.removed), (0, 1, 1));
    let after = ids(&mut desk);
    let booked = after.iter().filter(|(_, status)| *status == AppointmentStatus::Booked).count();
    assert_eq!((booked, after.len()), (1, 2));
    assert!(after.iter().all(|(id, _)| before.iter().any(|(old, _)| old == id)));
}

#[test]
fn one_occurrence_or_all_after_it_are_cancelled() {
    for (range, left) in [("", [1, 3, 4].as_slice()), (";RANGE=THISANDFUTURE", &[1])] {
        for time in [String::new(), format!("DTSTART:{}T100000Z\n", date(2))] {
            let (_folder, mut desk) = desk();
            import(&mut desk, &series("REQUEST", 0));
            let lines = format!("{time}RECURRENCE-ID{range}:{}T100000Z", date(2));
            import(&mut desk, &sent("CANCEL", 0, &lines));
            assert_eq!(booked(&mut desk), at_ten(left), "{range} {time}");
        }
    }
}

#[test]
fn occurrence_that_becomes_a_day_leaves_its_hour() {
    let day = format!("SEQUENCE:1\nRECURRENCE-ID:{}T100000Z\nDTSTART;VALUE=DATE:{}", date(2), date(2));
    let (_folder, mut desk) = desk();
    import(&mut desk, &series("REQUEST", 0));
    import(&mut desk, &sent("REQUEST", 1, &day.replace("SEQUENCE:1\n", "")));
    assert_eq!(booked(&mut desk), at_ten(&[1, 3, 4]), "alone");
    let (_folder, mut desk) = self::desk();
    let both = series("PUBLISH", 0).replace("END:VCALENDAR", "BEGIN:VEVENT\nUID:s\nEND:VEVENT\nEND:VCALENDAR");
    let both = both.replace("UID:s\nEND:VEVENT", &format!("UID:s\n{day}\nEND:VEVENT"));
    import(&mut desk, &both);
    assert_eq!(booked(&mut desk), at_ten(&[1, 3, 4]), "beside its series");
}

#[test]
fn saved_event_that_becomes_a_day_takes_nothing_else_with_it() {
    let (_folder, mut desk) = desk();
    let other = sent("PUBLISH", 0, &format!("DTSTART:{}T100000Z", date(3))).replace("UID:s", "UID:other");
    import(&mut desk, &other);
    import(&mut desk, &sent("PUBLISH", 0, &format!("DTSTART:{}T100000Z", date(1))));
    assert_eq!(booked(&mut desk), at_ten(&[1, 3]));
    import(&mut desk, &sent("PUBLISH", 1, &format!("DTSTART;VALUE=DATE:{}", date(1))));
    assert_eq!(booked(&mut desk), at_ten(&[3]));
}

/// A message about an appointment tomorrow at ten, of these patients.
fn message(event: &str, second: u32, time: bool, patients: &[u32]) -> String {
    let at = if time { format!("||||||||||^^^{}1000", date(1)) } else { String::new() };
    let people: String = patients.iter().map(|n| format!("PID|1||{n}^^^MRN||Patient^{n}\r")).collect();
    format!("MSH|^~\\&|CLINIC||||2026010512000{second}+0000||SIU^{event}|{second}|P|2.5.1\rSCH|G{at}\r{people}")
}

#[test]
fn who_leaves_a_group_has_no_appointment_any_more() {
    let (_folder, mut desk) = desk();
    let counts = [(&[1][..], 1), (&[1, 2, 3], 3), (&[1, 3], 2), (&[3], 1), (&[3, 4], 2)];
    for (second, (patients, count)) in (0..).zip(counts) {
        import(&mut desk, &message("S12", second, true, patients));
        assert_eq!(booked(&mut desk).len(), count, "{patients:?}");
    }
    assert_eq!(import(&mut desk, &message("S15", 1, false, &[])).removed, 0, "it is older");
    assert_eq!(import(&mut desk, &message("S15", 9, false, &[])).removed, 2, "and names neither time nor people");
}

#[test]
fn what_was_sealed_says_all_of_it_too() {
    let (folder, mut desk) = desk();
    import(&mut desk, &series("REQUEST", 0));
    desk.flush();
    lock(&folder, &mut desk);
    connect(&mut desk, CLIENT, false);
    assert!(import(&mut desk, &sent("CANCEL", 1, "")).queued);
    unlock(&mut desk).expect("opened");
    assert_eq!(booked(&mut desk), [""; 0]);
}
