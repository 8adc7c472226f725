//! An appointment in the hand: taken, carried, put down, let lie.

use super::desk::{Desk, is_list};
use super::plan::{cursor, edit, id, is_edit};
use super::sample;
use crate::client::agent::{Reply, Request};
use crate::tui::model::Place;
use jiff::ToSpan;
use jiff::civil::date;

#[test]
fn appointment_is_moved_by_hand_and_escape_lets_it_lie() {
    let mut desk = Desk::schedule();
    desk.press("Down Down Down Down Down Down");
    assert_eq!(cursor(&desk), (26, 780, id(4)));
    desk.press("Space Right Down");
    assert_eq!(desk.model.place(), Place::Moving);
    assert!(desk.read().contains("Katherine Johnson → Fri 27 Nov 13:15–14:05 · was Thu 26 Nov 13:00"));
    desk.press("Esc");
    assert_eq!(desk.model.place(), Place::Schedule);
    assert!(!desk.has_asked(is_edit));
    desk.press("Space Right Down Enter");
    assert_eq!(edit(&mut desk), (Some("Fri 27 13:15".into()), None, None, false));
}

#[test]
fn what_is_where_it_was_is_not_put_down() {
    let mut desk = Desk::chosen();
    desk.press("Space Enter");
    assert!(!desk.has_asked(is_edit));
    assert!(desk.read().contains("it is where it was"));
}

#[test]
fn appointment_is_carried_to_another_week_and_stays_in_the_hand() {
    let mut desk = Desk::schedule();
    desk.press("Tab Tab Space PageDown");
    desk.answer(is_list, Reply::Appointments(Vec::new()));
    assert_eq!(desk.model.place(), Place::Moving);
    let screen = desk.read();
    assert!(screen.contains("Katherine Johnson → Thu 3 Dec 13:00–13:50 · was Thu 26 Nov 13:00"), "{screen}");
    assert!(screen.contains("▸Katherine"), "it is drawn where it would be: {screen}");
    desk.press("Enter");
    assert_eq!(edit(&mut desk), (Some("Thu 3 13:00".into()), None, None, false));
}

#[test]
fn hand_that_is_let_go_in_another_week_brings_the_cursor_back() {
    let mut desk = Desk::chosen();
    desk.press("Space PageDown");
    desk.answer(is_list, Reply::Appointments(Vec::new()));
    desk.press("Esc");
    let request = desk.answer(is_list, Reply::Appointments(sample::week()));
    assert_eq!(request, Request::AppointmentList { from: date(2026, 11, 23), days: 7 });
    assert_eq!(cursor(&desk), (26, 660, id(3)));
}

#[test]
fn what_is_gone_leaves_the_hand_and_its_week_is_asked_for() {
    let mut desk = Desk::chosen();
    desk.press("Space PageDown");
    desk.answer(is_list, Reply::Appointments(Vec::new()));
    desk.press("PageUp");
    desk.answer(is_list, Reply::Appointments(Vec::new()));
    assert_eq!(desk.model.place(), Place::Schedule);
    assert!(desk.read().contains("what was in the hand is not there any more"));
    // From December into November, whose six weeks reach to where it was.
    let mut desk = Desk::schedule();
    let mut later = sample::week().swap_remove(2);
    later.record.start = sample::at(30, 10, 45).saturating_add(3.days());
    later.record.end = later.record.start.saturating_add(50.minutes());
    desk.press("PageDown");
    desk.answer(is_list, Reply::Appointments(vec![later.clone()]));
    desk.press("Left Right Space M");
    desk.answer(is_list, Reply::Appointments(vec![later]));
    desk.press("Up Up");
    desk.answer(is_list, Reply::Appointments(Vec::new()));
    assert_eq!(desk.model.place(), Place::Schedule);
    let (_, request) = desk.take(is_list).expect("what is shown now is asked for");
    assert_eq!(request, Request::AppointmentList { from: date(2026, 11, 30), days: 42 });
}

#[test]
fn what_began_before_the_days_shown_is_not_taken_and_that_is_said() {
    let mut desk = Desk::open();
    desk.press("5");
    let mut night = sample::week().swap_remove(2);
    (night.record.start, night.record.end) = (sample::at(22, 23, 0), sample::at(23, 8, 0));
    desk.answer(is_list, Reply::Appointments(vec![night]));
    desk.press("Left Left Left Home");
    for key in ["Space", "+", "-", "y"] {
        desk.press(key);
        assert!(desk.read().contains("it begins before what is shown; PgUp shows where"), "{key}");
    }
}

#[test]
fn moving_one_of_a_series_asks_which() {
    let mut desk = Desk::chosen();
    desk.press("Space Down");
    desk.hit("Enter");
    desk.hit("Enter");
    assert!(!desk.has_asked(is_edit), "no type-ahead answers");
    assert!(desk.read().contains("Put Ada Byron to Thu 26 Nov 11:15, 50 min?"));
    desk.press("Down Enter");
    assert_eq!(edit(&mut desk), (Some("Thu 26 11:15".into()), None, None, true));
    assert_eq!(desk.model.place(), Place::Schedule);
}

#[test]
fn question_that_is_left_leaves_it_in_the_hand() {
    let mut desk = Desk::chosen();
    desk.press("Space Down Enter Esc");
    assert_eq!(desk.model.place(), Place::Moving);
    assert!(!desk.has_asked(is_edit));
}

#[test]
fn appointment_is_made_longer_and_shorter_by_five_minutes() {
    let mut desk = Desk::schedule();
    desk.press("PageUp PageDown Home + + - Enter");
    assert_eq!(edit(&mut desk), (None, Some(55), None, false));
}

#[test]
fn copy_is_the_same_once_more() {
    let mut desk = Desk::chosen();
    desk.press("y PageDown");
    desk.answer(is_list, Reply::Appointments(Vec::new()));
    desk.press("+ Enter");
    let (_, request) = desk.take(|request| matches!(request, Request::AppointmentCopy { .. })).expect("it is copied");
    let Request::AppointmentCopy { start, .. } = request else { panic!("it was a copy") };
    assert_eq!(start.strftime("%a %-d %b %H:%M").to_string(), "Thu 3 Dec 11:00");
}

#[test]
fn time_that_the_clocks_skip_is_refused() {
    let mut desk = Desk::chosen();
    desk.press("Space");
    if let Some(hand) = desk.model.schedule_mut().and_then(|schedule| schedule.hand.as_mut()) {
        (hand.date, hand.minute) = (date(2027, 3, 28), 90);
    }
    desk.press("Enter");
    assert!(!desk.has_asked(is_edit));
    assert!(desk.read().contains("the clocks skip it"));
}

#[test]
fn appointment_of_another_zone_is_moved_on_the_practices_clocks() {
    let mut desk = Desk::open();
    desk.press("5");
    let mut week = sample::week();
    let berlin = jiff::tz::TimeZone::get("Europe/Berlin").expect("known");
    week[4].record.start = week[4].record.start.with_time_zone(berlin);
    desk.answer(is_list, Reply::Appointments(week));
    desk.press("Tab Tab Tab Space Right Enter");
    let Some((_, Request::AppointmentEdit { start: Some(start), .. })) = desk.take(is_edit) else { panic!("it moved") };
    // The agent keeps the zone that it was made in.
    assert_eq!(start.to_string(), "2026-11-27T15:00:00+00:00[Europe/London]");
}
