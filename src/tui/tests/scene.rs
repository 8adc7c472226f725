//! How the schedule looks, on a small, an ordinary and a large terminal.

use super::desk::{Desk, is_list};
use super::sample;
use super::sight::{see, see_in};
use crate::client::agent::{Notice, Planned, Reply, Request};
use crate::tui::theme::Theme;
use jiff::civil::date;

fn given(keys: &str) -> Desk {
    let mut desk = Desk::schedule();
    desk.press(keys);
    if desk.has_asked(is_list) {
        desk.answer(is_list, Reply::Appointments(sample::week()));
    }
    desk
}

#[test]
fn week() {
    see("schedule_week", &mut Desk::chosen());
}

#[test]
fn week_without_colours() {
    see_in(&Theme::plain(), "schedule_week_plain", &mut Desk::chosen());
}

#[test]
fn day_with_an_overlap() {
    see("schedule_day", &mut given("D Left Left"));
}

#[test]
fn month() {
    see("schedule_month", &mut given("M"));
}

#[test]
fn agenda() {
    see("schedule_agenda", &mut given("A"));
}

#[test]
fn appointment_in_the_hand() {
    let mut desk = Desk::chosen();
    desk.press("Space Left Down Down");
    see("schedule_moving", &mut desk);
}

#[test]
fn week_in_which_the_clocks_go_on() {
    let mut desk = Desk::schedule();
    let schedule = desk.model.schedule_mut().expect("shown");
    schedule.go(date(2027, 3, 28), 60);
    desk.press("Up");
    desk.answer(is_list, Reply::Appointments(Vec::new()));
    see("schedule_clocks", &mut desk);
}

#[test]
fn names_that_wait() {
    let mut desk = Desk::schedule();
    desk.model.unmatched = sample::unmatched();
    see("schedule_names_wait", &mut desk);
    desk.press("w Down");
    see("names", &mut desk);
}

#[test]
fn names_that_wait_on_the_first_screen() {
    let mut desk = Desk::open();
    desk.model.unmatched = sample::unmatched();
    see("today_names_wait", &mut desk);
}

#[test]
fn line_being_typed() {
    let mut desk = Desk::schedule();
    desk.press("a");
    desk.write("emmy tue 15:00 weekly");
    see("line", &mut desk);
}

#[test]
fn line_that_is_not_clear() {
    let mut desk = Desk::schedule();
    desk.press("a");
    desk.write("ada 11/12 15:00");
    see("line_unclear", &mut desk);
}

#[test]
fn one_of_a_series_or_all() {
    let mut desk = Desk::chosen();
    desk.press("X");
    see("which", &mut desk);
}

#[test]
fn what_is_worth_knowing() {
    let mut desk = Desk::schedule();
    desk.press("a");
    desk.write("ada sat 20:00 weekly x3");
    desk.press("Enter");
    let outside = |day| Notice::OutsideHours { start: Box::new(sample::at(day, 20, 0)) };
    let planned = Planned {
        appointments: sample::week().split_off(10),
        notices: vec![outside(14), outside(21), Notice::Skipped { day: date(2027, 3, 28) }],
        gone: Vec::new(),
    };
    desk.answer(|request| matches!(request, Request::AppointmentAdd { .. }), Reply::Planned(planned));
    see("told", &mut desk);
}
