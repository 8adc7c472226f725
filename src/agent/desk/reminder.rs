//! Reminders: a ring for the clinician, and for the patient a message that brings the appointment for the calendar.
//!
//! Each is given once, however often the agent begins anew. What was given is told by one moment, up to which everything
//! was ([`crate::record::Reminded`]), kept in one frame with the messages; and a reminder's message has an identifier
//! that only this reminder can have, so that even a clock that was set back sends none twice.

use super::{Desk, Open, State};
use crate::agent::book::{About, Book};
use crate::agent::lock::Bell;
use crate::base::id::{MessageId, PatientId};
use crate::base::{Failure, Phi, Stamp};
use crate::record::schedule::{due, due_next, due_now};
use crate::record::{
    Action, Actor, Appointment, AppointmentKind, AppointmentStatus, Attached, Delivery, Message, Practice, Sender,
};
use crate::wire::agent::{Changed, Event};
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use std::ops::Bound;
use std::time::Duration;

/// How often the appointments to come are looked at when nothing changes: some of them come nearer, and what could not
/// be kept is tried again.
const LOOK_AGAIN: Duration = Duration::from_secs(10 * 60);
/// Days on a clock are longer or shorter than a day by less than this.
const CLOCKS: Duration = Duration::from_secs(2 * 24 * 3600);
/// A locked agent rings for the appointments of so long, and for so many.
const BELLS_FOR: Duration = Duration::from_secs(24 * 3600);
const BELLS_MAX: usize = 200;

/// When the appointments have to be looked at next.
#[derive(Default)]
pub(super) struct Reminders {
    /// The book's, when they were last looked at.
    revision: u64,
    next: Option<Stamp>,
    /// Up to when the book was told that all were given. It says something else after a commit that failed.
    told: Option<Stamp>,
}

impl Reminders {
    /// Whether there is nothing to do now. A clock that was set back is noticed, too.
    fn rest(&self, book: &Book, now: Stamp) -> bool {
        let ahead = |next: Stamp| next > now && next <= now.plus(LOOK_AGAIN);
        self.revision == book.revision() && self.next.is_some_and(ahead)
    }
}

/// What there is to do.
struct Plan {
    /// With whom, and in how many minutes.
    rings: Vec<(Option<PatientId>, u32)>,
    /// Which, and how many minutes before.
    messages: Vec<(Appointment, u32)>,
    next: Stamp,
}

impl Desk {
    /// Gives the reminders that are due.
    pub(super) fn remind(&mut self) {
        match self.state {
            State::Open(_) => self.remind_open(),
            State::Locked(_) => self.ring_carried(),
            State::Missing | State::Broken(_) => {}
        }
    }

    /// When time matters to a reminder next.
    pub(super) fn reminders_due(&self) -> Option<Stamp> {
        match &self.state {
            State::Open(open) => open.reminders.next,
            State::Locked(_) => self.carried.bells.first().map(|bell| bell.at),
            State::Missing | State::Broken(_) => None,
        }
    }

    fn remind_open(&mut self) {
        let (now, rung) = (self.now(), self.reminded);
        let Ok(Open { book, reminders, .. }) = self.open() else { return };
        if reminders.rest(book, now) {
            if reminders.told.is_some() && reminders.told == book.reminded() {
                reminders.told = Some(now);
                book.set_reminded(now, false);
            }
            return;
        }
        let since = book.reminded().unwrap_or(now).min(now);
        let plan = plan(book, since, rung.max(since).min(now), now);
        *reminders = Reminders { revision: book.revision(), next: Some(plan.next), told: None };
        let mut failed = None;
        for (appointment, minutes) in &plan.messages {
            failed = self.send_reminder(appointment, *minutes).err().or(failed);
        }
        let given = !plan.rings.is_empty() || !plan.messages.is_empty();
        for (patient, minutes) in plan.rings {
            self.ring(patient, minutes);
        }
        self.reminded = now;
        let Ok(Open { book, reminders, .. }) = self.open() else { return };
        match failed {
            // Those that were sent are known when it is tried again.
            Some(failure) => tracing::warn!(kind = ?failure.kind, "a reminder could not be sent now"),
            None => {
                reminders.told = Some(now);
                book.set_reminded(now, given);
            }
        }
    }

    /// Rings for those whose times an open agent handed over.
    fn ring_carried(&mut self) {
        let now = self.now();
        let due = self.carried.bells.partition_point(|bell| bell.at <= now);
        let due: Vec<Bell> = self.carried.bells.drain(..due).collect();
        for bell in due {
            self.reminded = self.reminded.max(bell.at);
            if bell.start > now {
                self.ring(None, minutes_to(bell.start, now));
            }
        }
    }

    fn ring(&mut self, patient: Option<PatientId>, minutes: u32) {
        self.event(Event::Reminder { patient, minutes });
        // The task behind it ends only with the agent.
        let _ = self.desktop.send(minutes);
    }

    /// Puts a reminder into the conversation; not where nobody could read it, and not twice.
    fn send_reminder(&mut self, appointment: &Appointment, minutes: u32) -> Result<(), Failure> {
        let (now, at) = (self.now(), self.agreed_now());
        let zone = self.zone()?;
        let open = self.open()?;
        let Some(patient) = appointment.patient.and_then(|id| open.book.patient(id).ok()).cloned() else {
            return Ok(());
        };
        let paired = open.threads.get(&patient.id).is_some_and(|thread| thread.paired());
        let id = message_id(appointment, minutes);
        if patient.archived || !paired || open.book.get::<Message>(*id.as_bytes())?.is_some() {
            return Ok(());
        }
        let message = Message {
            id,
            patient: patient.id,
            from: Sender::Clinician,
            text: Phi::new(words(appointment, patient.zone.as_deref(), &zone)),
            at,
            delivery: Delivery::Queued,
            read: Some(now),
            appointment: Some(attached(appointment)),
        };
        self.put_in_outbox(&message)?;
        self.open()?.book.put(&message, now);
        self.audit(Actor::Agent, Action::MessageSend, About::record(Some(patient.id), id));
        self.changed(Changed::Message, Some(patient.id));
        Ok(())
    }

    /// When a locked agent has to ring: times, and nothing of whose they are.
    pub(super) fn bells(&self) -> Vec<Bell> {
        let State::Open(open) = &self.state else { return self.carried.bells.clone() };
        let Some(minutes) = open.book.practice().remind_me_min else { return Vec::new() };
        let now = self.now();
        let rung = self.reminded.max(open.book.reminded().unwrap_or(now)).min(now);
        let bell = |appointment: &Appointment| {
            Some(Bell { at: due(&appointment.start, minutes)?, start: appointment.begins() })
        };
        let coming = open.book.beginning(behind(now, now.plus(BELLS_FOR))).filter(|appointment| expected(appointment));
        let mut bells: Vec<Bell> = coming.filter_map(bell).filter(|bell| bell.at > rung).take(BELLS_MAX).collect();
        bells.sort_by_key(|bell| bell.at);
        bells
    }
}

/// What is due after `since` (to the clinician after `rung`) up to now, and when to look again.
fn plan(book: &Book, since: Stamp, rung: Stamp, now: Stamp) -> Plan {
    let Practice { remind_me_min: mine, remind_patient_min: theirs, .. } = book.practice();
    let longest = theirs.iter().chain(mine).max().copied().unwrap_or(0);
    let horizon = now.plus(Duration::from_secs(u64::from(longest) * 60) + CLOCKS);
    let mut plan = Plan { rings: Vec::new(), messages: Vec::new(), next: now.plus(LOOK_AGAIN) };
    for appointment in book.beginning(behind(now, horizon)).filter(|appointment| expected(appointment)) {
        let at = &appointment.start;
        if let Some(minutes) = mine {
            let due = due(at, *minutes).filter(|due| *due > rung);
            match due {
                Some(due) if due <= now => {
                    plan.rings.push((appointment.patient, minutes_to(appointment.begins(), now)));
                }
                Some(due) => plan.next = plan.next.min(due),
                None => {}
            }
        }
        if appointment.status == AppointmentStatus::Booked && appointment.patient.is_some() {
            plan.messages.extend(due_now(at, theirs, since, now).map(|minutes| (appointment.clone(), minutes)));
            plan.next = due_next(at, theirs, now).map_or(plan.next, |due| plan.next.min(due));
        }
    }
    plan
}

/// Whether somebody is to come.
fn expected(appointment: &Appointment) -> bool {
    let open = matches!(
        appointment.status,
        AppointmentStatus::Proposed | AppointmentStatus::Booked | AppointmentStatus::Arrived
    );
    open && !appointment.nobodys
}

/// Behind one moment, and up to another.
fn behind(after: Stamp, until: Stamp) -> (Bound<Stamp>, Bound<Stamp>) {
    (Bound::Excluded(after), Bound::Included(until))
}

/// A minute that has begun counts.
fn minutes_to(start: Stamp, now: Stamp) -> u32 {
    let seconds = start.since(now).as_millis().div_ceil(1000);
    u32::try_from(seconds.div_ceil(60)).unwrap_or(u32::MAX)
}

fn attached(appointment: &Appointment) -> Attached {
    Attached { id: appointment.id, start: appointment.begins(), end: appointment.ends(), kind: appointment.kind }
}

/// The same for the same reminder of the same time, and for nothing else; it says no more of it than a random one.
fn message_id(appointment: &Appointment, minutes: u32) -> MessageId {
    let mut hash = Sha256::new_with_prefix(b"bedside reminder");
    hash.update(appointment.id.as_bytes());
    hash.update(appointment.begins().0.to_le_bytes());
    hash.update(minutes.to_le_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    let mut id = [0; 16];
    id.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    MessageId::from_bytes(id)
}

/// `Reminder: your appointment is on Thursday 26 November 2026 at 11:00, by video.` On the patient's clock, which is named
/// where it shows another time than the practice's.
fn words(appointment: &Appointment, zone: Option<&str>, practice: &TimeZone) -> String {
    let here = appointment.start.with_time_zone(practice.clone());
    let there = zone.and_then(|name| Some(appointment.start.with_time_zone(TimeZone::get(name).ok()?)));
    let named = match (&there, zone) {
        (Some(there), Some(name)) if there.offset() != here.offset() => {
            format!(" ({} time)", name.rsplit('/').next().unwrap_or(name).replace('_', " "))
        }
        _ => String::new(),
    };
    let how = match appointment.kind {
        AppointmentKind::Visit => "by video",
        AppointmentKind::InPerson => "in person",
    };
    let when = there.unwrap_or(here).strftime("%A %-d %B %Y at %H:%M").to_string();
    format!("Reminder: your appointment is on {when}{named}, {how}.")
}
