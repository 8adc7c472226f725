//! Where the cursor goes, and what of an appointment lies on which day.

use super::*;
use crate::client::agent::Named;
use crate::record::{Appointment, AppointmentStatus};
use jiff::Zoned;
use jiff::civil::date;
use jiff::tz::TimeZone;

fn at(text: &str) -> Zoned {
    format!("{text}[Europe/London]").parse().expect("a time")
}

fn id(n: u8) -> AppointmentId {
    AppointmentId::from_bytes([n; 16])
}

fn entry(n: u8, start: &str, end: &str) -> Named<Appointment> {
    let record = Appointment { subject: "Ada".into(), ..Appointment::booked(id(n), at(start), at(end)) };
    Named { name: None, record }
}

fn known(entries: Vec<Named<Appointment>>) -> Known {
    Known::of(date(2026, 11, 23), 7, entries, &TimeZone::get("Europe/London").expect("known"))
}

fn week(entries: Vec<Named<Appointment>>) -> Schedule {
    let mut schedule = Schedule::at(View::Week, date(2026, 11, 26), time_of(9 * 60));
    schedule.take(known(entries));
    schedule
}

fn thursday() -> Schedule {
    week(vec![
        entry(1, "2026-11-26T09:00", "2026-11-26T09:50"),
        entry(2, "2026-11-26T09:30", "2026-11-26T10:20"),
        entry(3, "2026-11-26T11:10", "2026-11-26T12:00"),
    ])
}

fn pieces(entries: Vec<Named<Appointment>>, day: i8) -> Vec<(i16, i16)> {
    known(entries).day(date(2026, 11, day)).iter().map(|piece| (piece.from, piece.to)).collect()
}

#[test]
fn appointment_over_midnight_lies_on_both_days() {
    let night = || vec![entry(1, "2026-11-25T23:00", "2026-11-26T01:30")];
    assert_eq!((pieces(night(), 25), pieces(night(), 26)), (vec![(1380, 1440)], vec![(0, 90)]));
    let until_midnight = || vec![entry(1, "2026-11-25T23:00", "2026-11-26T00:00")];
    assert_eq!((pieces(until_midnight(), 25), pieces(until_midnight(), 26)), (vec![(1380, 1440)], Vec::new()));
    let whole = known(vec![entry(1, "2026-11-25T00:00", "2026-11-27T00:00")]);
    assert!([25, 26].iter().all(|day| whole.day(date(2026, 11, *day)).iter().all(Piece::is_whole)));
    assert_eq!(whole.place(id(1)), Some((date(2026, 11, 25), 0, DAY)));
}

#[test]
fn hour_that_the_clocks_show_twice_is_seen() {
    let twice = Named {
        record: Appointment {
            start: "2026-10-25T01:40+01:00[Europe/London]".parse().expect("the first"),
            end: "2026-10-25T01:30+00:00[Europe/London]".parse().expect("the second"),
            ..entry(1, "2026-10-25T00:00", "2026-10-25T00:00").record
        },
        name: None,
    };
    let known = Known::of(date(2026, 10, 19), 7, vec![twice], &TimeZone::get("Europe/London").expect("known"));
    let seen: Vec<_> = known.day(date(2026, 10, 25)).iter().map(|piece| (piece.from, piece.to)).collect();
    assert_eq!(seen, [(100, 101)]);
}

#[test]
fn days_that_are_not_known_are_empty() {
    assert!(pieces(vec![entry(1, "2026-11-26T09:00", "2026-11-26T09:50")], 30).is_empty());
    assert!(known(Vec::new()).day(date(1900, 1, 1)).is_empty());
}

#[test]
fn cursor_goes_down_past_what_it_is_on_and_stops_at_the_days_ends() {
    let mut schedule = thursday();
    schedule.go(date(2026, 11, 26), 8 * 60 + 45);
    let mut seen = Vec::new();
    for _ in 0..6 {
        schedule.down(true);
        seen.push((schedule.minute, schedule.pick));
    }
    let (none, first, second, third) = (None, Some(id(1)), Some(id(2)), Some(id(3)));
    assert_eq!(seen, [(540, first), (600, second), (630, none), (645, none), (660, third), (720, none)]);
    schedule.down(false);
    assert_eq!((schedule.minute, schedule.pick), (705, third));
    schedule.down(false);
    assert_eq!((schedule.minute, schedule.pick), (645, none));
    schedule.go(date(2026, 11, 26), DAY);
    schedule.down(true);
    assert_eq!(schedule.minute, DAY - STEP);
    schedule.go(date(2026, 11, 26), -5);
    schedule.down(false);
    assert_eq!(schedule.minute, 0);
}

#[test]
fn cursor_goes_sideways_through_what_overlaps_then_to_the_next_day() {
    let mut schedule = thursday();
    schedule.go(date(2026, 11, 26), 9 * 60 + 30);
    assert_eq!(schedule.pick, Some(id(1)));
    schedule.sideways(true);
    assert_eq!(schedule.pick, Some(id(2)));
    schedule.sideways(true);
    assert_eq!((schedule.date, schedule.pick), (date(2026, 11, 27), None));
    schedule.sideways(false);
    assert_eq!((schedule.date, schedule.pick), (date(2026, 11, 26), Some(id(2))));
}

#[test]
fn what_was_cancelled_is_chosen_only_where_nothing_else_is() {
    let mut gone = entry(4, "2026-11-26T09:00", "2026-11-26T10:00");
    gone.record.status = AppointmentStatus::Cancelled;
    let mut schedule = week(vec![gone, entry(1, "2026-11-26T09:30", "2026-11-26T09:45")]);
    schedule.go(date(2026, 11, 26), 9 * 60);
    assert_eq!(schedule.pick, Some(id(4)));
    schedule.go(date(2026, 11, 26), 9 * 60 + 30);
    assert_eq!(schedule.pick, Some(id(1)));
}

#[test]
fn hopping_goes_from_appointment_to_appointment() {
    let mut schedule = thursday();
    schedule.go(date(2026, 11, 24), 0);
    let mut seen = Vec::new();
    while schedule.hop(true) {
        seen.push(schedule.pick);
    }
    assert_eq!(seen, [Some(id(1)), Some(id(2)), Some(id(3))]);
    assert!(schedule.hop(false) && schedule.hop(false) && !schedule.hop(false));
    assert_eq!(schedule.pick, Some(id(1)));
}

#[test]
fn each_view_wants_its_days() {
    let mut schedule = thursday();
    assert_eq!(schedule.wanted(), (date(2026, 11, 23), 7));
    schedule.show(View::Month);
    assert_eq!(schedule.wanted(), (date(2026, 10, 26), 42));
    assert!(!schedule.is_settled());
    schedule.show(View::Agenda);
    schedule.range = schedule.wanted();
    assert_eq!(schedule.range, (date(2026, 11, 23), 28));
    schedule.go(date(2026, 12, 20), 0);
    assert_eq!(schedule.wanted(), (date(2026, 11, 23), 28), "the list stays where it is");
    schedule.go(date(2026, 12, 21), 0);
    assert_eq!(schedule.wanted(), (date(2026, 12, 21), 28));
}

#[test]
fn agenda_goes_on_where_it_ends() {
    let mut schedule = thursday();
    schedule.show(View::Agenda);
    schedule.range = schedule.wanted();
    schedule.go_beyond(false);
    assert_eq!(schedule.wanted(), (date(2026, 10, 26), 28));
    let zone = TimeZone::get("Europe/London").expect("known");
    let before =
        vec![entry(7, "2026-11-02T09:00", "2026-11-02T09:50"), entry(8, "2026-11-09T09:00", "2026-11-09T09:50")];
    schedule.take(Known::of(date(2026, 10, 26), 28, before, &zone));
    assert_eq!((schedule.pick, schedule.date), (Some(id(8)), date(2026, 11, 9)));
}

#[test]
fn what_is_in_the_hand_goes_by_quarters_and_keeps_its_length() {
    let mut schedule = thursday();
    schedule.grab(id(3), false);
    assert!(schedule.hand.as_ref().is_some_and(|hand| !hand.is_moved()));
    schedule.carry(1, 0);
    schedule.carry(0, 1);
    let hand = schedule.hand.as_ref().expect("it is in the hand");
    assert_eq!((hand.date, hand.minute, hand.minutes), (date(2026, 11, 27), 675, 50));
    schedule.carry(0, -1);
    schedule.stretch(STRETCH);
    let hand = schedule.hand.as_ref().expect("it is in the hand");
    assert_eq!((hand.minute, hand.minutes, hand.is_moved()), (660, 55, true));
    for _ in 0..100 {
        schedule.carry(0, -3);
        schedule.stretch(-STRETCH);
    }
    let hand = schedule.hand.as_ref().expect("it is in the hand");
    assert_eq!((hand.minute, hand.minutes), (0, STRETCH));
}

#[test]
fn what_changed_elsewhere_changes_in_the_hand_but_for_what_was_changed_by_hand() {
    let mut schedule = thursday();
    schedule.grab(id(3), false);
    schedule.carry(1, 0);
    schedule.take(known(vec![entry(3, "2026-11-26T12:00", "2026-11-26T13:00")]));
    let hand = schedule.hand.as_ref().expect("it is in the hand");
    assert_eq!((hand.was, hand.of.record.start.hour()), ((date(2026, 11, 26), 720, 60), 12));
    assert_eq!((hand.date, hand.minute, hand.minutes), (date(2026, 11, 27), 670, 60));
}

#[test]
fn what_is_not_there_any_more_is_not_chosen() {
    let mut schedule = thursday();
    schedule.choose(id(3), date(2026, 11, 26), 670);
    schedule.grab(id(3), false);
    schedule.take(known(vec![entry(1, "2026-11-26T09:00", "2026-11-26T09:50")]));
    assert_eq!((schedule.pick, schedule.hand), (None, None));
}
