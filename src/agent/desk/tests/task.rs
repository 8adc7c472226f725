//! Tasks on a desk.

use super::{ClientId, add, ask, connect, open_desk};
use crate::agent::desk::Desk;
use crate::base::id::TaskId;
use crate::base::{Failure, Kind};
use crate::record::{AppointmentStatus, Task};
use crate::wire::agent::{DueChange, Reply, Request, TaskRequest};
use jiff::civil::Date;
use jiff::{ToSpan, Zoned};

const CLIENT: ClientId = ClientId(1);

fn task(desk: &mut Desk, request: TaskRequest) -> Result<Task, Failure> {
    match ask(desk, CLIENT, Request::Task(request))? {
        Reply::Task(task) => Ok(task.record),
        other => panic!("not a task: {other:?}"),
    }
}

fn write(desk: &mut Desk, who: Option<&str>, text: &str, due: Option<Date>) -> Task {
    let who = who.map(Into::into);
    task(desk, TaskRequest::Add { who, text: text.into(), due, appointment: None }).expect("written down")
}

fn list(desk: &mut Desk, who: Option<&str>, all: bool) -> Vec<TaskId> {
    let request = Request::Task(TaskRequest::List { who: who.map(Into::into), all });
    let Ok(Reply::Tasks(tasks)) = ask(desk, CLIENT, request) else { panic!("not listed") };
    tasks.into_iter().map(|task| task.record.id).collect()
}

fn of_today(desk: &mut Desk) -> Vec<TaskId> {
    let Ok(Reply::Today(today)) = ask(desk, CLIENT, Request::Today { date: None }) else { panic!("not told") };
    today.tasks.into_iter().map(|task| task.record.id).collect()
}

#[test]
fn tasks_are_told_by_their_day_and_what_was_done_stays_for_the_day() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    connect(&mut desk, CLIENT, false);
    add(&mut desk, "Ada Byron");
    let today = Zoned::now().in_tz("Europe/Berlin").expect("known").date();
    let day = |days: i64| Some(today.saturating_add(days.days()));
    let sometime = write(&mut desk, None, "order paper", None).id;
    let soon = write(&mut desk, Some("ada"), " call\n back ", day(3));
    assert_eq!(soon.text.expose(), "call back", "one line");
    let overdue = write(&mut desk, Some("ada"), "send the letter", day(-2)).id;
    let later = write(&mut desk, Some("ada"), "PHQ-9", day(30)).id;
    assert_eq!(of_today(&mut desk), [overdue, soon.id, sometime], "what is due in a month is for later");
    assert_eq!(list(&mut desk, None, false), [overdue, soon.id, later, sometime]);
    assert_eq!(list(&mut desk, Some("ada"), false), [overdue, soon.id, later]);

    let done = task(&mut desk, TaskRequest::Done { id: overdue, done: true }).expect("done").done;
    assert!(done.is_some());
    assert_eq!(task(&mut desk, TaskRequest::Done { id: overdue, done: true }).map(|task| task.done), Ok(done));
    assert_eq!(of_today(&mut desk), [soon.id, sometime, overdue]);
    assert_eq!(list(&mut desk, None, false), [soon.id, later, sometime]);
    assert_eq!(list(&mut desk, None, true), [soon.id, later, sometime, overdue]);
    let Ok(Reply::Chart(chart)) = ask(&mut desk, CLIENT, Request::Chart { who: "ada".into() }) else {
        panic!("no chart")
    };
    assert_eq!(chart.tasks.iter().map(|task| task.id).collect::<Vec<_>>(), [soon.id, later]);
    task(&mut desk, TaskRequest::Done { id: overdue, done: false }).expect("not done, after all");
    let due = DueChange::Clear;
    let changed =
        task(&mut desk, TaskRequest::Edit { id: overdue, text: Some("send it".into()), due }).expect("changed");
    assert_eq!((changed.due, changed.text.expose().as_str(), changed.done), (None, "send it", None));

    // What is staged and what is kept are told alike.
    let open = desk.open().expect("open");
    open.book.reload().expect("read");
    assert_eq!(of_today(&mut desk), [soon.id, sometime, overdue]);
}

#[test]
fn tasks_that_are_too_many_for_the_day_are_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    connect(&mut desk, CLIENT, false);
    let tasks: Vec<_> = (0..23).map(|n| write(&mut desk, None, &format!("letter {n}"), None).id).collect();
    task(&mut desk, TaskRequest::Done { id: tasks[0], done: true }).expect("done");
    let Ok(Reply::Today(today)) = ask(&mut desk, CLIENT, Request::Today { date: None }) else { panic!("not told") };
    assert_eq!((today.tasks.len(), today.tasks_count), (20, 22), "what is done is not among what is to be done");
}

#[test]
fn task_that_is_empty_or_endless_or_about_anothers_appointment_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    connect(&mut desk, CLIENT, false);
    add(&mut desk, "Ada Byron");
    add(&mut desk, "Grace Hopper");
    let start = Zoned::now().checked_add(1.hour()).expect("in range");
    let made = desk.add_appointment(&"ada".into(), start, 50, Default::default(), None);
    let Ok(Reply::Planned(planned)) = made else { panic!("not made") };
    let missed = planned.appointments[0].record.id;
    let mut refused = |who: &str, text: &str, appointment| {
        let request = TaskRequest::Add { who: Some(who.into()), text: text.into(), due: None, appointment };
        task(&mut desk, request).map(|_| ()).map_err(|failure| failure.kind)
    };
    assert_eq!(refused("ada", " \n ", None), Err(Kind::Usage));
    assert_eq!(refused("ada", &"x".repeat(1_001), None), Err(Kind::Refused));
    assert_eq!(refused("grace", "call back", Some(missed)), Err(Kind::Refused));
    assert_eq!(refused("ada", "call back", Some(missed)), Ok(()));
    let noshow = Some(AppointmentStatus::Noshow);
    desk.edit_appointment(missed, None, None, noshow, false).expect("changed");
    let date = Some(planned.appointments[0].record.start.in_tz("Europe/Berlin").expect("known").date());
    let Ok(Reply::Today(day)) = ask(&mut desk, CLIENT, Request::Today { date }) else { panic!("not told") };
    assert_eq!(day.followed, [missed]);
}
