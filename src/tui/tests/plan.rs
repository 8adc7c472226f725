//! The schedule under keys and the mouse, and what is asked of the agent because of it.

use super::desk::{Desk, is_list};
use super::sample::{self, ADA};
use crate::base::{Kind, id::AppointmentId};
use crate::client::agent::{Changed, Event as News, Notice, Planned, Reply, Request};
use crate::record::{AppointmentStatus, Every, Repeat};
use crate::tui::model::Place;
use crate::tui::schedule::View;
use crate::tui::update::Effect;
use crossterm::event::{MouseButton, MouseEventKind};
use jiff::ToSpan;
use jiff::civil::date;

const CLICK: MouseEventKind = MouseEventKind::Down(MouseButton::Left);
const DRAG: MouseEventKind = MouseEventKind::Drag(MouseButton::Left);
const RELEASE: MouseEventKind = MouseEventKind::Up(MouseButton::Left);

fn is_add(request: &Request) -> bool {
    matches!(request, Request::AppointmentAdd { .. })
}

pub(super) fn is_edit(request: &Request) -> bool {
    matches!(request, Request::AppointmentEdit { .. })
}

/// What was asked to be changed: start, minutes, status, following.
pub(super) fn edit(desk: &mut Desk) -> (Option<String>, Option<u32>, Option<AppointmentStatus>, bool) {
    match desk.take(is_edit).expect("it is changed").1 {
        Request::AppointmentEdit { start, minutes, status, following, .. } => {
            (start.map(|start| start.strftime("%a %-d %H:%M").to_string()), minutes, status, following)
        }
        other => panic!("not a change: {other:?}"),
    }
}

pub(super) fn planned(notices: Vec<Notice>) -> Reply {
    let mut made = sample::week().swap_remove(2);
    made.record.start = sample::at(27, 15, 0);
    made.record.end = sample::at(27, 15, 50);
    Reply::Planned(Planned { appointments: vec![made], notices, gone: Vec::new() })
}

pub(super) fn cursor(desk: &Desk) -> (i8, i16, Option<AppointmentId>) {
    let schedule = desk.model.schedule().expect("the schedule is shown");
    (schedule.date.day(), schedule.minute, schedule.pick)
}

pub(super) fn id(n: u8) -> Option<AppointmentId> {
    Some(AppointmentId::from_bytes([n; 16]))
}

#[test]
fn schedule_opens_at_the_present_and_asks_for_its_week_only() {
    let mut desk = Desk::open();
    desk.press("S");
    assert_eq!(desk.model.place(), Place::Schedule);
    let (_, request) = desk.take(is_list).expect("the week is asked for");
    assert_eq!(request, Request::AppointmentList { from: date(2026, 11, 23), days: 7 });
    assert_eq!((cursor(&desk).0, cursor(&desk).1), (26, 645));
    assert!(!desk.has_asked(is_list));
}

#[test]
fn at_night_the_schedule_opens_on_the_day() {
    let mut desk = Desk::open();
    desk.now = sample::stamp(27, 3, 0);
    desk.press("5");
    assert_eq!((cursor(&desk).0, cursor(&desk).1), (27, 540), "with the hour in which work begins");
    desk.press("l t");
    assert_eq!((cursor(&desk).0, cursor(&desk).1), (27, 180), "and goes to the hour itself when that is asked for");
}

#[test]
fn schedule_opens_also_where_the_working_day_is_shorter_than_a_slot() {
    let mut desk = Desk::open();
    desk.model.hours = vec!["mon 9:00-9:10".parse().expect("hours")];
    desk.press("5");
    assert_eq!((cursor(&desk).0, cursor(&desk).1), (26, 540));
    assert!(desk.read().contains("Week 48"));
}

#[test]
fn day_that_is_typed_is_gone_to() {
    let mut desk = Desk::schedule();
    desk.press("J");
    desk.write("3 mar");
    assert!(desk.read().contains("Wed 3 Mar 2027"));
    desk.press("Enter");
    let (_, request) = desk.take(is_list).expect("its week is asked for");
    assert_eq!(request, Request::AppointmentList { from: date(2027, 3, 1), days: 7 });
    assert_eq!(desk.model.schedule().map(|schedule| schedule.date), Some(date(2027, 3, 3)));
    desk.press("J");
    desk.write("32 mar");
    desk.press("Enter");
    let screen = desk.read();
    assert!(screen.contains("there is no such day; write 26 nov") && screen.contains("or tomorrow"), "{screen}");
    desk.press("Esc");
    assert_eq!(desk.model.schedule().map(|schedule| schedule.date), Some(date(2027, 3, 3)));
}

#[test]
fn what_is_in_the_hand_goes_to_the_day_that_is_typed() {
    let mut desk = Desk::chosen();
    desk.press("Space J");
    desk.write("tue");
    desk.press("Enter");
    desk.answer(is_list, Reply::Appointments(Vec::new()));
    assert_eq!(
        desk.model.schedule().and_then(|schedule| schedule.hand.as_ref()).map(|hand| hand.date),
        Some(date(2026, 12, 1))
    );
    assert_eq!(desk.model.place(), Place::Moving);
}

#[test]
fn turning_pages_asks_once_for_each_and_drops_what_comes_late() {
    let mut desk = Desk::schedule();
    desk.press("PageDown");
    let late = desk.take(is_list).expect("next week is asked for");
    desk.press("PageDown");
    let (n, request) = desk.take(is_list).expect("the week behind it is asked for");
    assert_eq!(request, Request::AppointmentList { from: date(2026, 12, 7), days: 7 });
    let answer = |n| crate::tui::update::Event::Answer { n, result: Ok(Box::new(Reply::Appointments(sample::week()))) };
    desk.happen(answer(late.0));
    assert!(!desk.model.schedule().expect("shown").is_settled(), "an answer for another week is dropped");
    desk.happen(answer(n));
    assert!(desk.model.schedule().expect("shown").is_settled());
}

#[test]
fn what_is_known_is_not_asked_for_again_until_it_changes() {
    let mut desk = Desk::schedule();
    desk.press("D Left Right W");
    assert!(!desk.has_asked(is_list));
    desk.tell(News::Changed { what: Changed::Appointment, patient: Some(ADA) });
    assert_eq!(desk.count(is_list), 1);
    desk.tell(News::Changed { what: Changed::Message, patient: Some(ADA) });
    assert_eq!(desk.count(is_list), 1);
}

#[test]
fn schedule_goes_by_the_clocks_of_another_zone_at_once() {
    let mut desk = Desk::schedule();
    desk.tell(News::Changed { what: Changed::Practice, patient: None });
    let today = crate::client::agent::Today { zone: "Europe/Berlin".to_owned(), ..sample::today() };
    desk.answer(super::desk::is_today, Reply::Today(today));
    desk.answer(is_list, Reply::Appointments(sample::week()));
    let known = desk.model.schedule().and_then(|schedule| schedule.known.as_ref()).expect("the week is known");
    assert_eq!(known.place(id(3).expect("Ada's")), Some((date(2026, 11, 26), 720, 770)));
}

#[test]
fn nothing_that_others_change_keeps_the_vault_open() {
    let mut desk = Desk::schedule();
    desk.tell(News::Changed { what: Changed::Appointment, patient: None });
    for fits in
        [is_list, super::desk::is_today, |request: &Request| matches!(request, Request::AppointmentUnmatched { .. })]
    {
        assert!(desk.take(fits).expect("it is asked for").1.is_unattended());
    }
}

#[test]
fn month_wants_six_weeks_and_enter_shows_a_day() {
    let mut desk = Desk::schedule();
    desk.press("M");
    let request = desk.answer(is_list, Reply::Appointments(sample::week()));
    assert_eq!(request, Request::AppointmentList { from: date(2026, 10, 26), days: 42 });
    desk.press("Up Left Enter");
    let schedule = desk.model.schedule().expect("shown");
    assert_eq!((schedule.view, schedule.date), (View::Day, date(2026, 11, 18)));
    assert!(!desk.has_asked(is_list), "the month was known");
}

#[test]
fn cursor_goes_by_quarters_and_from_appointment_to_appointment() {
    let mut desk = Desk::schedule();
    assert_eq!(cursor(&desk), (26, 645, id(2)));
    desk.press("Down");
    assert_eq!(cursor(&desk), (26, 660, id(3)));
    desk.press("Down Down");
    assert_eq!(cursor(&desk), (26, 735, None));
    desk.press("Left");
    assert_eq!(cursor(&desk), (25, 735, None));
    desk.press("Tab");
    assert_eq!(cursor(&desk), (26, 540, id(1)), "what was cancelled is passed over");
    desk.press("BackTab");
    assert_eq!(cursor(&desk), (25, 660, id(13)));
    desk.press("Left Right");
    assert_eq!(cursor(&desk), (25, 660, id(13)));
    desk.press("t");
    assert_eq!((cursor(&desk).0, cursor(&desk).1), (26, 645));
}

#[test]
fn line_is_understood_while_it_is_typed() {
    let mut desk = Desk::schedule();
    desk.press("a");
    assert!(desk.read().contains("Without more it is Thu 26 Nov 2026 10:45, 50 min."));
    desk.write("ada tue 15:00 weekly x10");
    let screen = desk.read();
    assert!(screen.contains("Ada Byron · Tue 1 Dec 2026 15:00–15:50 · weekly ×10 (until 2 Feb 2027)"), "{screen}");
    desk.press("Enter");
    let (_, request) = desk.take(is_add).expect("it is booked");
    let Request::AppointmentAdd { who, start, minutes, repeat, .. } = request else { panic!("it was an appointment") };
    assert_eq!(
        (who.expose(), start.to_string()),
        (&ADA.to_string(), "2026-12-01T15:00:00+00:00[Europe/London]".into())
    );
    assert_eq!((minutes, repeat), (50, Some(Repeat { every: Every::Week, interval: 1, count: 10 })));
}

#[test]
fn line_says_what_is_not_understood_and_is_not_booked() {
    let cases = [
        ("ada tue 15:00 shortly", "“shortly”: it is not understood"),
        ("ada 11/12 15:00", "“11/12”: it can be two days; write 11 dec, or 2026-12-11"),
        ("bob", "nobody is called “bob”"),
        ("a", "write more of the name: Ada Byron, Alan Turing"),
    ];
    for (line, said) in cases {
        let mut desk = Desk::schedule();
        desk.press("a");
        desk.write(line);
        desk.press("Enter");
        let screen = desk.read();
        assert!(screen.contains(said), "{line}: {screen}");
        assert!(!desk.has_asked(is_add) && desk.model.layers.len() == 1);
    }
}

#[test]
fn line_warns_of_what_is_known_and_books_all_the_same() {
    let mut desk = Desk::schedule();
    desk.press("a");
    desk.write("emmy thu 16:45");
    let screen = desk.read();
    for said in ["outside the working hours", "overlaps 山田 陽子 at 16:30", "17:45"] {
        assert!(screen.contains(said), "{said}: {screen}");
    }
    desk.press("Enter");
    assert!(desk.has_asked(is_add), "it is said, not forbidden");
}

#[test]
fn line_is_booked_once_however_often_enter_is_pressed() {
    let mut desk = Desk::schedule();
    desk.press("a");
    desk.write("ada fri 15:00");
    desk.press("Enter Enter x");
    desk.paste(" weekly");
    assert_eq!(desk.count(is_add), 1);
    let screen = desk.read();
    assert!(screen.contains("› ada fri 15:00") && !screen.contains("weekly"), "{screen}");
    assert!(screen.contains("on its way"), "{screen}");
    desk.answer(is_add, planned(Vec::new()));
    assert!(desk.model.layers.is_empty());
}

#[test]
fn answer_closes_what_it_is_the_answer_to_and_nothing_else() {
    let mut desk = Desk::schedule();
    desk.press("a");
    desk.write("ada fri 15:00");
    desk.press("Enter Esc T");
    desk.write("order chairs");
    desk.answer(is_add, planned(Vec::new()));
    let screen = desk.read();
    assert!(screen.contains("order chairs") && screen.contains("booked: Ada Byron"), "{screen}");
    desk.press("Esc a");
    desk.write("ada fri 16:00");
    desk.press("Enter Esc a");
    desk.write("emmy mon 9:00");
    desk.refuse(is_add, Kind::Refused, "the chart is archived");
    let screen = desk.read();
    assert!(screen.contains("the chart is archived") && screen.contains("Emmy Noether · Mon 30 Nov"), "{screen}");
}

#[test]
fn line_that_no_agent_answered_can_be_sent_again() {
    let mut desk = Desk::schedule();
    desk.press("a");
    desk.write("ada fri 15:00");
    desk.press("Enter");
    desk.happen(crate::tui::update::Event::Connected(Box::new(sample::status(crate::client::agent::VaultState::Open))));
    desk.press("Enter");
    assert_eq!(desk.count(is_add), 2);
}

#[test]
fn refused_line_stays_and_says_why() {
    let mut desk = Desk::schedule();
    desk.press("a");
    desk.write("ada");
    desk.press("Enter");
    desk.refuse(is_add, Kind::Refused, "the chart is archived");
    let screen = desk.read();
    assert!(screen.contains("the chart is archived") && screen.contains("› ada"), "{screen}");
}

#[test]
fn what_was_booked_is_shown_where_it_is_with_what_is_unusual() {
    let mut desk = Desk::schedule();
    desk.press("a");
    desk.write("ada fri 15:00");
    desk.press("Enter");
    let conflict = Notice::Conflict {
        start: Box::new(sample::at(27, 15, 0)),
        with: "Emmy Noether".into(),
        theirs: Box::new(sample::at(27, 15, 30)),
    };
    desk.answer(is_add, planned(vec![conflict]));
    assert!(desk.model.layers.is_empty());
    assert_eq!(cursor(&desk), (27, 900, id(3)));
    let screen = desk.read();
    assert!(
        screen.contains("Ada Byron · Fri 27 Nov 15:00–15:50 · Fri 27 Nov: overlaps Emmy Noether at 15:30"),
        "{screen}"
    );
}

#[test]
fn many_notices_are_listed() {
    let mut desk = Desk::schedule();
    desk.press("a");
    desk.write("ada sat 20:00 weekly x10");
    desk.press("Enter");
    let outside = |day| Notice::OutsideHours { start: Box::new(sample::at(day, 20, 0)) };
    desk.answer(is_add, planned(vec![outside(7), outside(14), outside(21), outside(28)]));
    let screen = desk.read();
    assert!(screen.contains("Worth knowing") && screen.contains("Sat 28 Nov 20:00 is outside"), "{screen}");
    desk.hit("Enter");
    desk.hit("Esc");
    assert_eq!(desk.model.layers.len(), 1, "no type-ahead closes it");
    desk.press("Enter");
    assert!(desk.model.layers.is_empty());
}

#[test]
fn cancelling_one_of_a_series_asks_which() {
    let mut desk = Desk::chosen();
    desk.press("X");
    assert!(desk.read().contains("Cancel the appointment with Ada Byron, 11:00?"));
    desk.press("Down Enter");
    assert_eq!(edit(&mut desk), (None, None, Some(AppointmentStatus::Cancelled), true));
    desk.press("Tab X");
    assert!(desk.read().contains("Cancel the appointment with Katherine Johnson, 13:00?"));
    desk.press("Enter");
    assert_eq!(edit(&mut desk), (None, None, Some(AppointmentStatus::Cancelled), false));
}

#[test]
fn status_is_one_key() {
    let mut desk = Desk::chosen();
    for (key, status) in
        [("r", AppointmentStatus::Arrived), ("f", AppointmentStatus::Fulfilled), ("x", AppointmentStatus::Noshow)]
    {
        desk.press(key);
        assert_eq!(edit(&mut desk), (None, None, Some(status), false));
    }
}

#[test]
fn undo_says_what_was_taken_back() {
    let is_undo = |request: &Request| *request == Request::AppointmentUndo;
    let mut desk = Desk::schedule();
    desk.press("u");
    desk.answer(is_undo, planned(Vec::new()));
    assert!(desk.read().contains("taken back: Ada Byron · Fri 27 Nov 15:00–15:50 · arrived again"));
    desk.press("u");
    let Reply::Planned(Planned { appointments, .. }) = planned(Vec::new()) else { panic!("it is a plan") };
    let gone = Reply::Planned(Planned { appointments: Vec::new(), notices: Vec::new(), gone: appointments });
    desk.answer(is_undo, gone);
    assert!(desk.read().contains("Ada Byron · Fri 27 Nov 15:00–15:50 · not booked any more"));
    desk.press("u");
    desk.refuse(is_undo, Kind::Refused, "there is nothing to take back");
    assert!(desk.read().contains("there is nothing to take back"));
}

#[test]
fn next_free_time_is_gone_to_or_taken_by_what_is_in_the_hand() {
    let is_free = |request: &Request| matches!(request, Request::AppointmentFree { .. });
    let found = || Reply::Free(vec![sample::at(26, 12, 0), sample::at(26, 13, 50)]);
    let mut desk = Desk::schedule();
    desk.press("F");
    let request = desk.answer(is_free, found());
    assert!(matches!(request, Request::AppointmentFree { minutes: 50, .. }));
    assert_eq!(cursor(&desk), (26, 720, None));
    desk.press("F");
    desk.answer(is_free, found());
    assert_eq!(cursor(&desk), (26, 830, None), "the next behind it, to the minute");
    assert!(desk.read().contains("free for 50 min: Thu 26 Nov 13:50"), "{}", desk.read());
    let mut desk = Desk::chosen();
    desk.press("Space + F");
    let request = desk.answer(is_free, found());
    assert!(matches!(request, Request::AppointmentFree { minutes: 55, .. }));
    assert!(desk.model.schedule().and_then(|schedule| schedule.hand.as_ref()).is_some_and(|hand| hand.minute == 720));
    desk.press("F");
    desk.answer(is_free, Reply::Free(Vec::new()));
    assert!(desk.read().contains("no free time of that length within a year"));
}

#[test]
fn next_free_time_is_shown_hour_by_hour_also_from_a_list_or_a_month() {
    for view in ["A", "M"] {
        let mut desk = Desk::schedule();
        desk.press(view);
        desk.answer(is_list, Reply::Appointments(sample::week()));
        desk.press("F");
        let free = sample::at(30, 10, 5).saturating_add(28.days());
        desk.answer(|request| matches!(request, Request::AppointmentFree { .. }), Reply::Free(vec![free]));
        let request = desk.answer(is_list, Reply::Appointments(Vec::new()));
        assert_eq!(request, Request::AppointmentList { from: date(2026, 12, 28), days: 7 });
        let screen = desk.read();
        assert!(screen.contains("free for 50 min: Mon 28 Dec 10:05") && screen.contains("▸10:05"), "{view}: {screen}");
        desk.press("a");
        assert!(desk.read().contains("Without more it is Mon 28 Dec 2026 10:05, 50 min."), "{view}");
    }
}

#[test]
fn enter_opens_the_chart_or_books_or_says_who_it_is() {
    let mut desk = Desk::chosen();
    desk.press("Enter");
    assert!(matches!(desk.model.place(), Place::Patient));
    desk.press("Esc");
    assert_eq!(cursor(&desk).2, id(3), "the schedule is as it was");
    desk.press("Down Enter");
    assert!(desk.read().contains("New appointment"));
    desk.press("Esc Tab Tab Tab Enter");
    assert!(desk.read().contains("Whose is “Follow-up R.F.”?"));
}

#[test]
fn book_from_a_chart_begins_with_the_patient() {
    let mut desk = Desk::chart();
    desk.press("B");
    desk.write("fri 15:00");
    assert!(desk.read().contains("Ada Byron · Fri 27 Nov 2026 15:00–15:50"));
}

#[test]
fn click_chooses_and_the_key_bar_is_pressed() {
    let mut desk = Desk::schedule();
    let at = desk.find("▌Kather");
    desk.mouse(CLICK, at);
    desk.mouse(RELEASE, at);
    assert_eq!(cursor(&desk).2, id(4));
    assert!(!desk.has_asked(is_edit));
    let (x, _) = desk.find("Space move");
    desk.mouse(CLICK, (x, 23));
    assert_eq!(desk.model.place(), Place::Moving);
}

#[test]
fn dragging_moves_an_appointment() {
    let mut desk = Desk::schedule();
    let (x, y) = desk.find("▌Kather");
    desk.mouse(CLICK, (x, y));
    desk.mouse(DRAG, (x + 10, y + 1));
    assert_eq!(desk.model.place(), Place::Moving);
    desk.mouse(RELEASE, (x + 10, y + 1));
    assert_eq!(edit(&mut desk), (Some("Fri 27 13:30".into()), None, None, false));
}

#[test]
fn dragging_back_moves_nothing() {
    let mut desk = Desk::schedule();
    let (x, y) = desk.find("▌Kather");
    desk.mouse(CLICK, (x, y));
    desk.mouse(DRAG, (x + 10, y));
    desk.mouse(DRAG, (x, y));
    desk.mouse(RELEASE, (x, y));
    assert_eq!(desk.model.place(), Place::Schedule);
    assert!(!desk.has_asked(is_edit));
}

#[test]
fn dragging_over_free_time_books_it() {
    let mut desk = Desk::schedule();
    let (x, y) = desk.find("▌Kather");
    // Monday has nothing there.
    desk.mouse(CLICK, (x - 30, y));
    desk.mouse(DRAG, (x - 30, y + 3));
    desk.mouse(RELEASE, (x - 30, y + 3));
    desk.write("ada");
    assert!(desk.read().contains("Ada Byron · Mon 23 Nov 2026 13:00–14:45"), "{}", desk.read());
    desk.press("Esc");
    assert_eq!(desk.model.schedule().and_then(|schedule| schedule.sweep), None);
}

#[test]
fn wheel_scrolls_the_hours_and_a_key_brings_the_cursor_back() {
    let mut desk = Desk::schedule();
    desk.read_at((80, 24));
    for _ in 0..4 {
        desk.mouse(MouseEventKind::ScrollDown, (40, 12));
    }
    let screen = desk.read_at((80, 24));
    assert!(!screen.contains("▸10:45") && screen.contains(" 19:00"), "{screen}");
    desk.press("Down");
    assert!(desk.read_at((80, 24)).contains("▸11:00"));
}

#[test]
fn mouse_is_asked_for_on_the_schedule_only() {
    let mut desk = Desk::schedule();
    desk.press("1");
    assert_eq!(desk.done, [Effect::Mouse(false)]);
    desk.press("5");
    desk.tell(News::Locked);
    assert_eq!(desk.done, [Effect::Mouse(false), Effect::Mouse(true), Effect::Mouse(false)]);
}
