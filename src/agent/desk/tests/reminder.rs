//! Reminders on a desk without a clock to set: what moves is the moment up to which they were given.

use super::{ClientId, add, connect, desk, open_desk, pair, unlock};
use crate::agent::desk::{Desk, Say};
use crate::base::Stamp;
use crate::base::id::{AppointmentId, PatientId};
use crate::record::{Action, Actor, Appointment, AppointmentKind, AppointmentStatus, AuditEvent, Message};
use crate::wire::agent::{Event, Request};
use jiff::{SignedDuration, Timestamp, Zoned};
use std::time::Duration;
use tempfile::TempDir;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

fn zoned(at: Stamp) -> Zoned {
    Timestamp::from_millisecond(at.0).expect("in range").in_tz("Europe/Berlin").expect("known")
}

/// An appointment that begins in so many minutes, less half of one, and that nobody has been reminded of: reminders
/// were given up to `given` ago.
fn coming(desk: &mut Desk, patient: Option<PatientId>, minutes: u32, given: Duration) -> Appointment {
    let now = desk.now();
    let start = zoned(now.plus(MINUTE * minutes).minus(MINUTE / 2));
    let end = start.checked_add(SignedDuration::from_mins(50)).expect("in range");
    let appointment = Appointment { patient, ..Appointment::booked(AppointmentId::random(), start, end) };
    let book = &mut desk.open().expect("open").book;
    book.set_reminded(now.minus(given), false);
    book.put(&appointment, now);
    appointment
}

fn remind(desk: &mut Desk) {
    desk.remind();
    desk.flush();
}

fn sent(desk: &mut Desk, patient: PatientId) -> Vec<Message> {
    desk.open().expect("open").book.list_of::<Message>(patient).expect("read")
}

/// The agent is killed, and the vault opened again.
fn killed(folder: &TempDir, old: Desk) -> Desk {
    drop(old);
    let mut fresh = desk(folder);
    unlock(&mut fresh).expect("opened");
    fresh.flush();
    fresh
}

#[test]
fn reminder_that_is_due_brings_the_appointment_and_is_sent_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, _page) = pair(&mut desk, "Ada Byron");
    let appointment = coming(&mut desk, Some(ada), 60, MINUTE);
    remind(&mut desk);
    let [message] = &sent(&mut desk, ada)[..] else { panic!("one message") };
    let attached = message.appointment.expect("it brings the appointment");
    assert_eq!((attached.id, attached.start.0), (appointment.id, appointment.start.timestamp().as_millisecond()));
    let clock = appointment.start.strftime("%H:%M").to_string();
    let words = message.text.expose();
    assert!(words.starts_with("Reminder: your appointment is on ") && words.contains(&clock), "{words}");
    assert_eq!(desk.open().expect("open").outbox.len(), 1);
    let mut events: Vec<AuditEvent> = Vec::new();
    let each = &mut |event: AuditEvent| {
        events.push(event);
        true
    };
    desk.open().expect("open").book.events(each).expect("read");
    assert!(events.iter().any(|event| event.action == Action::MessageSend && event.actor == Actor::Agent));

    remind(&mut desk);
    let mut desk = killed(&folder, desk);
    remind(&mut desk);
    assert_eq!(sent(&mut desk, ada).len(), 1);
    // Not even by a clock that was set back.
    let now = desk.now();
    let open = desk.open().expect("open");
    open.book.set_reminded(now.minus(DAY), false);
    open.reminders = Default::default();
    remind(&mut desk);
    assert_eq!(sent(&mut desk, ada).len(), 1);
}

#[test]
fn only_who_is_booked_and_can_read_it_is_reminded() {
    use AppointmentStatus::{Arrived, Cancelled, Fulfilled, Noshow, Proposed};
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, _page) = pair(&mut desk, "Ada Byron");
    let grace = add(&mut desk, "Grace Hopper");
    for status in [Proposed, Arrived, Fulfilled, Cancelled, Noshow] {
        let appointment = coming(&mut desk, Some(ada), 60, MINUTE);
        let now = desk.now();
        desk.open().expect("open").book.put(&Appointment { status, ..appointment }, now);
    }
    coming(&mut desk, Some(grace), 60, MINUTE);
    coming(&mut desk, None, 60, MINUTE);
    remind(&mut desk);
    assert_eq!((sent(&mut desk, ada).len(), sent(&mut desk, grace).len()), (0, 0));
}

#[test]
fn appointment_that_is_made_within_the_time_is_not_reminded_of_late() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, _page) = pair(&mut desk, "Ada Byron");
    remind(&mut desk);
    let start = zoned(desk.now().plus(MINUTE * 90));
    desk.add_appointment(&"ada".into(), start, 50, AppointmentKind::Visit, None).expect("made");
    remind(&mut desk);
    let mut desk = killed(&folder, desk);
    remind(&mut desk);
    assert!(sent(&mut desk, ada).is_empty(), "the day before was over when it was made");
    let next = desk.reminders_due().expect("something is due");
    assert!(next <= desk.now().plus(MINUTE * 30), "the hour before is to come");
}

#[test]
fn what_came_due_while_the_vault_was_locked_is_sent_once_when_it_is_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, _page) = pair(&mut desk, "Ada Byron");
    // Both the day before and the hour before were missed; and of another all, down to the last minutes.
    coming(&mut desk, Some(ada), 30, DAY * 3);
    coming(&mut desk, Some(ada), 5, DAY * 3);
    desk.flush();
    let mut desk = killed(&folder, desk);
    remind(&mut desk);
    let [message] = &sent(&mut desk, ada)[..] else { panic!("one message") };
    assert!(message.appointment.is_some_and(|attached| attached.start > desk.now().plus(MINUTE * 20)));
    let mut desk = killed(&folder, desk);
    remind(&mut desk);
    assert_eq!(sent(&mut desk, ada).len(), 1);
}

#[test]
fn appointment_that_is_moved_is_reminded_of_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, _page) = pair(&mut desk, "Ada Byron");
    let appointment = coming(&mut desk, Some(ada), 60, MINUTE);
    remind(&mut desk);
    let later = zoned(desk.now().plus(DAY + MINUTE * 10));
    desk.edit_appointment(appointment.id, Some(later), None, None, false).expect("moved");
    remind(&mut desk);
    assert_eq!(sent(&mut desk, ada).len(), 1);
    // Ten minutes pass.
    let now = desk.now();
    let start = zoned(now.plus(DAY).minus(MINUTE / 2));
    let moved = Appointment { start, ..desk.appointment(appointment.id).expect("there") };
    let book = &mut desk.open().expect("open").book;
    book.set_reminded(now.minus(MINUTE), false);
    book.put(&moved, now);
    remind(&mut desk);
    assert_eq!(sent(&mut desk, ada).len(), 2);
}

#[test]
fn reminder_that_could_not_be_kept_is_sent_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let (ada, _page) = pair(&mut desk, "Ada Byron");
    coming(&mut desk, Some(ada), 30, DAY);
    desk.flush();
    // More than a frame of the journal takes stands for any commit that fails.
    super::stage_too_much(&mut desk, ada);
    remind(&mut desk);
    assert!(sent(&mut desk, ada).is_empty() && desk.open().expect("open").outbox.is_empty());
    remind(&mut desk);
    assert!(sent(&mut desk, ada).is_empty(), "not at every turn");
    desk.open().expect("open").reminders = Default::default();
    remind(&mut desk);
    assert_eq!(sent(&mut desk, ada).len(), 1);
}

fn rings(desk: &Desk) -> Vec<(Option<PatientId>, u32)> {
    let ring = |say: &Say| match say {
        Say::Event(Event::Reminder { patient, minutes }) => Some((*patient, *minutes)),
        _ => None,
    };
    desk.says.iter().filter_map(ring).collect()
}

#[test]
fn clinician_is_rung_once_before_an_appointment_and_told_on_the_desktop_in_how_many_minutes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (heard, mut told) = tokio::sync::mpsc::unbounded_channel();
    let mut desk = Desk { desktop: heard, ..open_desk(&folder) };
    let ada = add(&mut desk, "Ada Byron");
    coming(&mut desk, Some(ada), 10, MINUTE);
    let lunch = coming(&mut desk, None, 10, MINUTE);
    let now = desk.now();
    desk.open().expect("open").book.put(&Appointment { nobodys: true, ..lunch }, now);
    desk.remind();
    assert_eq!(rings(&desk), [(Some(ada), 10)]);
    assert_eq!((told.try_recv(), told.try_recv().ok()), (Ok(10), None));
    desk.flush();
    desk.remind();
    assert_eq!(rings(&desk), []);
    let mut desk = killed(&folder, desk);
    desk.remind();
    assert_eq!(rings(&desk), [], "nor after the agent began anew");
}

#[test]
fn locked_agent_rings_at_the_times_it_was_handed_and_knows_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    let ada = add(&mut desk, "Ada Byron");
    coming(&mut desk, Some(ada), 60, MINUTE);
    coming(&mut desk, Some(ada), 60 * 48, MINUTE);
    remind(&mut desk);
    let mut carried = desk.carry();
    assert_eq!(carried.bells.len(), 1, "of the coming day");
    let bell = carried.bells[0];
    assert_eq!(bell.start.since(bell.at), MINUTE * 10);
    desk.flush();
    drop(desk);
    // Three minutes before one, and after another.
    let mut desk = super::desk(&folder);
    let now = desk.now();
    carried.bells[0].at = now.minus(MINUTE);
    carried.bells[0].start = now.plus(MINUTE * 3).minus(MINUTE / 2);
    carried.bells.insert(0, crate::agent::lock::Bell { at: now.minus(MINUTE * 20), start: now.minus(MINUTE * 10) });
    desk.carried = carried;
    assert!(desk.reminders_due().is_some_and(|due| due <= now));
    desk.remind();
    assert_eq!(rings(&desk), [(None, 3)]);
    assert_eq!(desk.reminders_due(), None);
}

#[test]
fn reminders_that_cannot_be_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = open_desk(&folder);
    connect(&mut desk, ClientId(1), false);
    for (mine, theirs) in [(Some(0), vec![]), (None, vec![28 * 1440 + 1]), (None, vec![1, 2, 3, 4, 5, 6])] {
        let practice = crate::record::Practice { remind_me_min: mine, remind_patient_min: theirs, ..super::practice() };
        let asked = Request::PracticeSet(Box::new(practice));
        assert!(super::ask(&mut desk, ClientId(1), asked).is_err());
    }
}
