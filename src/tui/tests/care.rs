//! Tasks and reminders in the console.

use super::desk::{Desk, is_today};
use super::sample::{self, ADA, ALAN, EMMY, GRACE};
use crate::base::id::{AppointmentId, PatientId, TaskId};
use crate::client::agent::{Chart, DueChange, Event as News, Named, Reply, Request, TaskRequest, Today};
use crate::record::Task;
use crate::tui::model::{Pick, Place};
use crate::tui::update::Effect;
use jiff::civil::{Date, date};
use std::time::Duration;

pub(super) fn task(n: u8, patient: Option<PatientId>, text: &str, due: Option<Date>) -> Task {
    let created = sample::stamp(20, 9, 0);
    Task { id: TaskId::from_bytes([n; 16]), patient, appointment: None, text: text.into(), due, created, done: None }
}

/// A day with things to be done.
pub(super) fn busy() -> Today {
    let named = |name: Option<&str>, task| Named { name: name.map(Into::into), record: task };
    let mut done = task(75, Some(EMMY), "send the referral", Some(date(2026, 11, 26)));
    done.done = Some(sample::stamp(26, 9, 55));
    Today {
        tasks: vec![
            named(Some("Ada Byron"), task(71, Some(ADA), "letter to the GP", Some(date(2026, 11, 24)))),
            named(Some("Alan Turing"), task(72, Some(ALAN), "call back after no-show", Some(date(2026, 11, 26)))),
            named(Some("Grace Hopper"), task(73, Some(GRACE), "PHQ-9 before next visit", Some(date(2026, 11, 27)))),
            named(None, task(74, None, "renew the licence", None)),
            named(Some("Emmy Noether"), done),
        ],
        tasks_count: 4,
        ..sample::today()
    }
}

/// The console on that day, with this line chosen.
pub(super) fn desk(pick: Pick) -> Desk {
    let mut desk = Desk::open();
    desk.model.today = Some(busy());
    for _ in 0..30 {
        if desk.model.cursor() == Some(pick) {
            return desk;
        }
        desk.press("Down");
    }
    panic!("{pick:?} cannot be chosen");
}

/// Who did not come is chosen.
pub(super) fn missed() -> Desk {
    desk(Pick::Appointment(AppointmentId::from_bytes([2; 16])))
}

/// A task is chosen.
pub(super) fn chosen_task() -> Desk {
    desk(Pick::Task(TaskId::from_bytes([72; 16])))
}

fn is_task(request: &Request) -> bool {
    matches!(request, Request::Task(_))
}

fn asked(desk: &mut Desk) -> TaskRequest {
    match desk.take(is_task) {
        Some((_, Request::Task(request))) => request,
        other => panic!("nothing was asked of a task: {other:?}"),
    }
}

#[test]
fn what_is_due_is_told_by_word_and_what_was_done_stays_to_be_taken_back() {
    let mut desk = chosen_task();
    let shown = desk.read();
    let line =
        |words: &str| shown.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {shown}"));
    assert!(line("letter to the GP").trim_end().ends_with("overdue 2 d"));
    assert!(line("call back").trim_end().ends_with("today") && line("call back").contains("Alan Turing: "));
    assert!(line("PHQ-9").trim_end().ends_with("tomorrow"));
    assert!(line("send the referral").trim_end().ends_with("✓ done"));
    assert_eq!(desk.model.subject(), Some(ALAN));
    let (done, undone) = (Pick::Task(TaskId::from_bytes([75; 16])), Pick::Task(TaskId::from_bytes([72; 16])));
    for (pick, done) in [(undone, true), (done, false)] {
        let mut desk = self::desk(pick);
        desk.press("D");
        assert!(matches!(asked(&mut desk), TaskRequest::Done { done: asked, .. } if asked == done), "{pick:?}");
    }
}

#[test]
fn task_is_written_down_for_the_patient_or_for_nobody_and_changed() {
    let mut desk = chosen_task();
    desk.press("T");
    desk.write("ask for the results");
    desk.press("Tab");
    desk.write("tomorrow");
    desk.press("Tab Enter");
    let first = asked(&mut desk);
    let who = Some(ALAN.to_string().into());
    let due = Some(date(2026, 11, 27));
    assert_eq!(first, TaskRequest::Add { who, text: "ask for the results".into(), due, appointment: None });

    let mut desk = chosen_task();
    desk.press("T");
    desk.write("order paper");
    desk.press("Tab Tab Space Enter");
    assert!(matches!(asked(&mut desk), TaskRequest::Add { who: None, due: None, .. }));

    let mut desk = chosen_task();
    desk.press("Enter Tab");
    for _ in 0..10 {
        desk.press("Backspace");
    }
    desk.press("Enter");
    let changed = TaskRequest::Edit {
        id: TaskId::from_bytes([72; 16]),
        text: Some("call back after no-show".into()),
        due: DueChange::Clear,
    };
    assert_eq!(asked(&mut desk), changed);
    // A day that is none is said before anything is asked.
    let mut desk = chosen_task();
    desk.press("Enter Tab x Enter");
    assert!(!desk.has_asked(is_task));
    assert!(desk.read().contains("write 26 nov, 26.11., 2026-11-26, tue or tomorrow"));
}

#[test]
fn who_did_not_come_is_followed_up_in_two_days_and_it_shows() {
    let mut desk = missed();
    let missed = AppointmentId::from_bytes([2; 16]);
    assert!(desk.read().contains("→ follow up?"));
    desk.press("F Tab Enter");
    let TaskRequest::Add { who, text, due, appointment } = asked(&mut desk) else { panic!("not added") };
    assert_eq!((who, text.expose().as_str()), (Some(ALAN.to_string().into()), "call back after no-show"));
    assert_eq!((due, appointment), (Some(date(2026, 11, 28)), Some(missed)));
    desk.model.today = Some(Today { followed: vec![missed], ..busy() });
    assert!(desk.read().contains("→ followed up"));

    let mut desk = self::desk(Pick::Appointment(AppointmentId::from_bytes([3; 16])));
    desk.press("F");
    assert!(desk.model.layers.is_empty() && desk.read().contains("no patient was missed here"));
}

#[test]
fn chart_lists_what_is_to_be_done() {
    let mut desk = Desk::open();
    desk.press("o");
    let tasks = vec![task(71, Some(ADA), "letter to the GP", Some(date(2026, 11, 24)))];
    let chart = Reply::Chart(Chart { tasks, ..sample::chart() });
    desk.answer(|request| matches!(request, Request::Chart { .. }), chart);
    let shown = desk.read();
    assert!(shown.contains("Due") && shown.contains("letter to the GP") && shown.contains("overdue 2 d"), "{shown}");
    assert_eq!(desk.model.place(), Place::Patient);
    let asks_anew = |request: &Request| is_today(request) || matches!(request, Request::Chart { .. });
    desk.tell(News::Changed { what: crate::client::agent::Changed::Task, patient: Some(ADA) });
    assert_eq!(desk.count(asks_anew), 2);
}

#[test]
fn next_appointment_rings_and_is_named_only_while_nobody_else_may_look() {
    let reminder = || News::Reminder { patient: Some(EMMY), minutes: 10 };
    let mut desk = Desk::open();
    desk.tell(reminder());
    assert!(desk.done.contains(&Effect::Ring));
    assert!(desk.read().contains("→ Emmy Noether in 10 minutes"));
    desk.wait(Duration::from_secs(30));
    assert!(desk.read().contains("→ Emmy Noether in 10 minutes"), "whoever heard the bell has to come first");
    desk.wait(Duration::from_secs(31));
    assert!(!desk.read().contains("in 10 minutes"));

    let mut desk = Desk::visit();
    desk.wait(Duration::from_secs(5));
    desk.done.clear();
    desk.tell(reminder());
    let shown = desk.read();
    assert!(desk.done.contains(&Effect::Ring) && shown.contains("→ next appointment in 10 minutes"), "{shown}");
    assert!(!shown.contains("Emmy"));

    let mut desk = Desk::locked();
    desk.tell(News::Reminder { patient: None, minutes: 10 });
    assert!(desk.done.contains(&Effect::Ring));
    assert!(!desk.read().contains("10 minutes"), "the locked screen tells nothing of the day");
}

#[test]
fn tasks_that_are_too_many_are_counted_and_it_is_said_where_they_are() {
    let mut desk = chosen_task();
    assert!(!desk.read().contains("more:"));
    if let Some(today) = &mut desk.model.today {
        today.tasks_count = 11;
    }
    for size in [(120, 40), (40, 40)] {
        let screen = desk.read_at(size);
        assert!(screen.contains("and 7 more: bedside task list"), "{screen}");
    }
}
