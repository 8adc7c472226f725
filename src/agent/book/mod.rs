//! The open vault as the desk works with it: records as values, changes staged and committed together.
//!
//! Patients, the practice, appointments and tasks to be done are held in memory, for every screen needs them; notes,
//! messages, visits and audit events are read when they are asked for. What is staged is seen by later reads at once and
//! is durable, with everything else of the batch, after [`Book::commit`].

mod about;
mod appointments;

pub(super) use about::About;

use super::failure::refused;
use crate::base::id::{AppointmentId, EventId, NoteId, PatientId};
use crate::base::{Failure, Phi, Stamp};
use crate::record::{
    Action, Actor, Appointment, AuditEvent, Former, Message, Note, Patient, Practice, Record, RecordKind, Reminded,
    Task,
};
use crate::vault::{Entry, Stored, Vault, VaultError};
use appointments::Appointments;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::{Range, RangeBounds};

/// How many events are read at once.
const EVENTS_AT_ONCE: usize = 1000;

/// The open vault.
pub(super) struct Book {
    vault: Vault,
    staged: Vec<Entry>,
    staged_bytes: usize,
    unsettled: bool,
    practice: Practice,
    patients: BTreeMap<PatientId, Patient>,
    appointments: Appointments,
    unsigned: BTreeSet<NoteId>,
    unread: HashMap<[u8; 16], (PatientId, Stamp)>,
    /// Those to be done; those that were done since the vault was opened stand among them.
    tasks: BTreeMap<[u8; 16], Task>,
    /// Goes up whenever a time to be reminded of may have changed.
    revision: u64,
    /// Up to when reminders were given; `None` before there were any.
    reminded: Option<Stamp>,
    /// That is to be kept with what is staged.
    keeps_reminded: bool,
}

impl Book {
    /// Reads what is held in memory.
    pub(super) fn open(vault: Vault) -> Result<Self, VaultError> {
        let mut book = Self {
            vault,
            staged: Vec::new(),
            staged_bytes: 0,
            unsettled: false,
            practice: no_practice(),
            patients: BTreeMap::new(),
            appointments: Appointments::default(),
            unsigned: BTreeSet::new(),
            unread: HashMap::new(),
            tasks: BTreeMap::new(),
            revision: 0,
            reminded: None,
            keeps_reminded: false,
        };
        book.reload()?;
        Ok(book)
    }

    /// Forgets what was staged and reads everything again: after a commit that failed.
    pub(super) fn reload(&mut self) -> Result<(), VaultError> {
        self.staged.clear();
        self.staged_bytes = 0;
        self.practice = self.list::<Practice>()?.pop().unwrap_or_else(no_practice);
        self.patients = self.list::<Patient>()?.into_iter().map(|patient| (patient.id, patient)).collect();
        self.appointments = self.list::<Appointment>()?.into_iter().collect();
        self.unsigned = self.pending::<Note>()?.into_iter().map(|note| note.id).collect();
        self.unread = self.pending::<Message>()?.into_iter().map(|m| (m.id(), (m.patient, m.at))).collect();
        self.tasks = self.pending::<Task>()?.into_iter().map(|task| (task.id(), task)).collect();
        self.reminded = self.list::<Reminded>()?.pop().map(|reminded| reminded.until);
        self.keeps_reminded = false;
        Ok(())
    }

    /// The practice.
    pub(super) fn practice(&self) -> &Practice {
        &self.practice
    }

    /// Every patient, by identifier.
    pub(super) fn patients(&self) -> impl Iterator<Item = &Patient> {
        self.patients.values()
    }

    /// A patient.
    pub(super) fn patient(&self, id: PatientId) -> Result<&Patient, Failure> {
        self.patients.get(&id).ok_or_else(|| refused("there is no such patient"))
    }

    /// A patient's name.
    pub(super) fn name(&self, id: PatientId) -> Option<Phi<String>> {
        self.patients.get(&id).map(|patient| patient.name.clone())
    }

    /// Every appointment, in no order.
    pub(super) fn appointments(&self) -> impl Iterator<Item = &Appointment> {
        self.appointments.all()
    }

    /// An appointment.
    pub(super) fn appointment(&self, id: AppointmentId) -> Option<&Appointment> {
        self.appointments.get(id)
    }

    /// What a feed brought of a UID, without the mark of a person, in no order.
    pub(super) fn brought(&self, feed: &str, root: &str) -> impl Iterator<Item = &Appointment> {
        self.appointments.brought(feed, root)
    }

    /// What a feed brought with that filler's number, in no order.
    pub(super) fn filled(&self, feed: &str, filler: &str) -> impl Iterator<Item = &Appointment> {
        self.appointments.filled(feed, filler)
    }

    /// What a feed brought under the filler's number that has this placer's number, too, in no order.
    pub(super) fn placed(&self, feed: &str, placer: &str) -> impl Iterator<Item = &Appointment> {
        self.appointments.placed(feed, placer)
    }

    /// Appointments of nobody known that feeds call so, as [`plain`] names, in no order.
    pub(super) fn unmatched<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Appointment> {
        self.appointments.unmatched(name)
    }

    /// For every name that waits for somebody to say whose it is, and every number of it, by name: the appointment that is
    /// next (or was last), and how many there are.
    pub(super) fn waiting(&self, now: Stamp) -> impl Iterator<Item = (&Appointment, usize)> {
        self.appointments.waiting(now)
    }

    /// How many names wait so.
    pub(super) fn waiting_names(&self) -> usize {
        self.appointments.waiting_names()
    }

    /// A patient's appointments, in no order.
    pub(super) fn appointments_of(&self, patient: PatientId) -> impl Iterator<Item = &Appointment> {
        self.appointments.of(patient)
    }

    /// Appointments that begin then, by start.
    pub(super) fn beginning(&self, when: impl RangeBounds<Stamp>) -> impl Iterator<Item = &Appointment> {
        self.appointments.beginning(when)
    }

    /// Appointments that are then, at least in part, by start.
    pub(super) fn during(&self, when: Range<Stamp>) -> impl Iterator<Item = &Appointment> {
        self.appointments.during(when)
    }

    /// A number that is another one when a time to be reminded of may have changed.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Up to when reminders were given; `None` before there were any.
    pub(super) fn reminded(&self) -> Option<Stamp> {
        self.reminded
    }

    /// Reminders were given up to now; `kept` with what is staged, or with the next appointment that is.
    pub(super) fn set_reminded(&mut self, until: Stamp, kept: bool) {
        self.reminded = Some(until);
        self.keeps_reminded |= kept;
    }

    /// Tasks to be done, and those that were done since the vault was opened.
    pub(super) fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values()
    }

    /// Notes that are not signed.
    pub(super) fn unsigned(&self) -> &BTreeSet<NoteId> {
        &self.unsigned
    }

    /// Messages that are not read: patient and time by identifier.
    pub(super) fn unread(&self) -> &HashMap<[u8; 16], (PatientId, Stamp)> {
        &self.unread
    }

    /// The record with this identifier.
    pub(super) fn get<R: Record>(&mut self, id: [u8; 16]) -> Result<Option<R>, VaultError> {
        let staged = self.staged.iter().rev().find(|entry| entry.kind == R::KIND as u16 && entry.id == id);
        match staged {
            Some(entry) => Ok((!entry.tombstone).then(|| entry.read()).flatten()),
            None => Ok(self.vault.get(R::KIND as u16, &id)?.and_then(|stored| stored.entry.read())),
        }
    }

    /// Every live record of a kind.
    pub(super) fn list<R: Record>(&mut self) -> Result<Vec<R>, VaultError> {
        let kept = self.vault.list(R::KIND as u16)?;
        Ok(self.overlay(R::KIND, None, kept))
    }

    /// Every live record of a kind, one after the other, without what is staged, until `take` says that it is enough.
    pub(super) fn each<R: Record>(&mut self, take: &mut dyn FnMut(R) -> bool) -> Result<(), VaultError> {
        self.vault.each(R::KIND as u16, &mut |stored| stored.entry.read().is_none_or(&mut *take))
    }

    /// Every live record of a kind about one patient.
    pub(super) fn list_of<R: Record>(&mut self, patient: PatientId) -> Result<Vec<R>, VaultError> {
        let kept = self.vault.list_of(patient, R::KIND as u16)?;
        Ok(self.overlay(R::KIND, Some(patient), kept))
    }

    /// Every live record of a kind that waits for somebody; without what is staged.
    pub(super) fn pending<R: Record>(&mut self) -> Result<Vec<R>, VaultError> {
        Ok(self.vault.pending(R::KIND as u16)?.iter().filter_map(|stored| stored.entry.read()).collect())
    }

    /// The newest events first, without what is staged, until `take` says that it is enough.
    pub(super) fn events(&mut self, take: &mut dyn FnMut(AuditEvent) -> bool) -> Result<(), VaultError> {
        let mut before = None;
        loop {
            let page = self.vault.history_before(AuditEvent::KIND as u16, before, EVENTS_AT_ONCE)?;
            let Some(last) = page.last() else { return Ok(()) };
            before = Some((last.sequence, last.position));
            for event in page.iter().filter_map(|stored| stored.entry.read()) {
                if !take(event) {
                    return Ok(());
                }
            }
        }
    }

    /// As [`Book::history`], at most `limit` records behind a place; and the place to go on behind, if there may be more.
    pub(super) fn history_after<R: Record>(
        &mut self,
        after: Option<Behind>,
        limit: usize,
    ) -> Result<(Vec<R>, Option<Behind>), VaultError> {
        let page = self.vault.history_after(R::KIND as u16, after, limit)?;
        let next = page.last().filter(|_| page.len() == limit).map(|stored| (stored.sequence, stored.position));
        Ok((page.iter().filter_map(|stored| stored.entry.read()).collect(), next))
    }

    /// What is kept, with what is staged over it.
    fn overlay<R: Record>(&self, kind: RecordKind, patient: Option<PatientId>, kept: Vec<Stored>) -> Vec<R> {
        let staged = || self.staged.iter().filter(|entry| entry.kind == kind as u16);
        if staged().next().is_none() {
            return kept.iter().filter_map(|stored| stored.entry.read()).collect();
        }
        let mut latest: BTreeMap<[u8; 16], &Entry> =
            kept.iter().map(|stored| (stored.entry.id, &stored.entry)).collect();
        for entry in staged().filter(|entry| patient.is_none() || entry.patient == patient || entry.tombstone) {
            latest.insert(entry.id, entry);
        }
        latest.values().filter(|entry| !entry.tombstone).filter_map(|entry| entry.read()).collect()
    }

    /// Stages a record.
    pub(super) fn put<R: Record + Clone + 'static>(&mut self, record: &R, at: Stamp) {
        self.stage(Entry::of(record, at));
        self.hold(record);
    }

    /// As [`Book::put`], without a copy of it: an import puts many.
    pub(super) fn put_appointment(&mut self, appointment: Appointment, at: Stamp) {
        self.stage(Entry::of(&appointment, at));
        self.appointments.put(appointment);
        self.times_changed();
    }

    /// Stages an appointment with what it was before, which is put back when the import is taken back: within it, or apart
    /// if it was somebody else's.
    pub(super) fn put_change(&mut self, before: Option<Box<Appointment>>, mut after: Appointment, at: Stamp) {
        let import = after.source.as_ref().map(|source| source.import);
        match (before, import) {
            (Some(before), Some(import)) if Record::patient(&*before) != Record::patient(&after) => {
                after.given = true;
                self.put(&Former { import, appointment: *before }, at);
            }
            (before, _) => after.former = before,
        }
        self.put_appointment(after, at);
    }

    /// Makes ready for new appointments, which [`Book::put`] is given next.
    pub(super) fn expect<'a>(&mut self, new: impl Iterator<Item = &'a Appointment> + Clone) -> Result<(), VaultError> {
        self.appointments.reserve(new.clone().count());
        self.vault.ensure_patient_keys(new.filter_map(Record::patient))
    }

    fn stage(&mut self, entry: Entry) {
        self.staged_bytes += entry.body.len();
        self.staged.push(entry);
    }

    /// Keeps what is held in memory up to date.
    fn hold<R: Record + Clone + 'static>(&mut self, record: &R) {
        let record: &dyn std::any::Any = record;
        if let Some(patient) = record.downcast_ref::<Patient>() {
            self.patients.insert(patient.id, patient.clone());
        } else if let Some(appointment) = record.downcast_ref::<Appointment>() {
            self.appointments.put(appointment.clone());
            self.times_changed();
        } else if let Some(practice) = record.downcast_ref::<Practice>() {
            self.practice = practice.clone();
            self.times_changed();
        } else if let Some(note) = record.downcast_ref::<Note>() {
            if note.signed.is_none() {
                self.unsigned.insert(note.id);
            } else {
                self.unsigned.remove(&note.id);
            }
        } else if let Some(message) = record.downcast_ref::<Message>() {
            if message.read.is_none() {
                self.unread.insert(message.id(), (message.patient, message.at));
            } else {
                self.unread.remove(&message.id());
            }
        } else if let Some(task) = record.downcast_ref::<Task>() {
            self.tasks.insert(task.id(), task.clone());
        }
    }

    fn times_changed(&mut self) {
        self.revision += 1;
        self.keeps_reminded = true;
    }

    /// Stages the end of a record. It says nothing of anybody, and stands under nobody's key: were it forgotten with a
    /// patient, an older version that stands under another's would be the newest again.
    pub(super) fn remove<R: Record>(&mut self, record: &R, at: Stamp) {
        let mut entry = Entry::of(record, at);
        entry.body.clear();
        (entry.tombstone, entry.patient) = (true, None);
        self.stage(entry);
        if R::KIND == RecordKind::Appointment {
            self.appointments.remove(AppointmentId::from_bytes(record.id()));
            self.times_changed();
        }
    }

    /// Stages an audit event.
    pub(super) fn audit(&mut self, at: Stamp, actor: Actor, action: Action, about: About) {
        let event = AuditEvent {
            id: EventId::random(),
            at,
            actor,
            action,
            patient: about.patient,
            patients: about.patients,
            record: about.record,
            count: about.count,
        };
        self.stage(Entry::of(&event, at));
    }

    /// Makes everything staged durable, as one frame. `spooled` names what, of that which arrived while the vault was
    /// locked, has been taken in with it.
    pub(super) fn commit(&mut self, spooled: Option<&[u8; 16]>) -> Result<(), VaultError> {
        if let (true, Some(until)) = (self.keeps_reminded, self.reminded) {
            self.stage(Entry::of(&Reminded { until }, until));
        }
        match spooled {
            Some(id) => self.vault.commit_spooled(id, &self.staged)?,
            None if self.staged.is_empty() => return Ok(()),
            None => self.vault.commit(&self.staged)?,
        };
        self.staged.clear();
        self.staged_bytes = 0;
        self.keeps_reminded = false;
        self.unsettled = true;
        Ok(())
    }

    /// How much is staged.
    pub(super) fn staged_bytes(&self) -> usize {
        self.staged_bytes
    }

    /// Whether the journal's head has not been brought to the disk since the last commit.
    pub(super) fn unsettled(&self) -> bool {
        self.unsettled
    }

    /// Brings the journal's head to the disk.
    pub(super) fn settle(&mut self) -> Result<(), VaultError> {
        if std::mem::take(&mut self.unsettled) { self.vault.settle() } else { Ok(()) }
    }

    /// The vault itself, for what is not a record.
    pub(super) fn vault(&mut self) -> &mut Vault {
        &mut self.vault
    }
}

/// A place in the journal behind which a page begins: the sequence and position of the last record on the page before.
pub(super) type Behind = (u64, u32);

/// Stands in between `create` and the first commit only.
fn no_practice() -> Practice {
    Practice {
        clinician: Phi::default(),
        phone: None,
        emergency: None,
        relay: None,
        relay_token: None,
        addresses: crate::record::AddressPolicy::Direct,
        zone: "UTC".to_owned(),
        lock_after_min: 10,
        invite_hours: 14 * 24,
        retention_years: 10,
        part2: false,
        hours: Vec::new(),
        remind_me_min: None,
        remind_patient_min: Vec::new(),
    }
}
