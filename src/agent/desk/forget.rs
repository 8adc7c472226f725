//! Forgetting a patient for ever, and what stands against it: the years a chart must be kept, and a legal hold.

use super::{ClientId, Desk, Say};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::agent::mailbox::ToMailbox;
use crate::agent::plan::numbers_of;
use crate::base::id::{AppointmentId, PatientId};
use crate::base::{Failure, Kind, Phi, Stamp};
use crate::record::name::plain;
use crate::record::retention::kept_until;
use crate::record::{
    Action, Actor, ApartNote, Appointment, Former, Hold, Identifier, Message, Note, Patient, Task, Visit,
};
use crate::wire::agent::{Changed, Forgotten, KeysBackedUp, Reply, Way, Who};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::{HashMap, HashSet};

/// Characters a hold's reason has at most.
const REASON_MAX: usize = 500;

/// A patient's chart, as far as it counts here.
struct Counted {
    forgotten: Forgotten,
    last_contact: Stamp,
    /// Whose keys are destroyed: the patient's, and those under which names from a feed stood.
    owners: Vec<PatientId>,
    /// The patient's appointments.
    theirs: HashSet<AppointmentId>,
}

impl Desk {
    pub(super) fn hold_patient(&mut self, who: &Who, reason: Option<Phi<String>>) -> Result<Reply, Failure> {
        let id = self.find(who)?;
        let since = self.now();
        let (action, hold) = match reason {
            Some(reason) if reason.expose().trim().is_empty() || reason.expose().chars().count() > REASON_MAX => {
                return Err(Failure::new(Kind::Usage, "the reason must have 1 to 500 characters"));
            }
            Some(reason) => (Action::PatientHold, Some(Hold { since, reason })),
            None => (Action::PatientRelease, None),
        };
        self.change_patient(id, action, |patient| {
            // Another reason does not make it a younger one.
            let since = patient.hold.as_ref().map_or(since, |before| before.since);
            patient.hold = hold.map(|hold| Hold { since, ..hold });
            Ok(())
        })
    }

    /// Destroys a patient's key, after everything that speaks against it was asked.
    pub(super) fn forget_patient(&mut self, client: ClientId, n: u32, who: &Who, way: &Way) -> Result<Reply, Failure> {
        let id = self.find(who)?;
        let patient = self.open()?.book.patient(id)?.clone();
        if self.visiting_with(id) {
            return Err(refused("a visit with this patient is running").hint("end it first"));
        }
        if self.working.is_some() {
            return Err(refused("a backup is being taken or compared").hint("wait until it is done"));
        }
        let counted = self.count(&patient)?;
        self.check_retention(&patient, counted.last_contact)?;
        self.confirm(way)?;

        self.spare_others(&counted)?;
        let theirs = self.take_away(&counted)?;
        self.audit(Actor::Clinician, Action::PatientForget, About::patient(id));
        // It is on record before anything is gone; and no entry of this patient is left that would make a new key.
        self.open()?.book.commit(None)?;
        let mut teller = self.teller(client, n);
        let vault = self.open()?.book.vault();
        let head = data_encoding::HEXLOWER.encode(&vault.head().hash);
        let mut progress = |done, total| teller.tell(done, total);
        if let Err(error) = vault.forget(&counted.owners, &mut progress) {
            // The event before it says that it was begun; the key is still there.
            let now = self.now();
            let book = &mut self.open()?.book;
            theirs.iter().for_each(|appointment| book.put(appointment, now));
            self.audit(Actor::Clinician, Action::PatientForgetFailed, About::patient(id));
            return Err(error.into());
        }
        self.end_conversation(id)?;
        let open = self.open()?;
        open.book.reload()?;
        open.search = Default::default();
        // They hold appointments as they were.
        (open.steps, open.steps_kept) = Default::default();
        let keys = self.renew_keys()?;
        self.changed(Changed::Patient, Some(id));
        self.changed(Changed::Appointment, None);
        Ok(Reply::Forgotten(Forgotten { head, keys, ..counted.forgotten }))
    }

    fn count(&mut self, patient: &Patient) -> Result<Counted, Failure> {
        let (id, at) = (patient.id, self.now());
        self.flush();
        let book = &mut self.open()?.book;
        let notes = book.list_of::<Note>(id)?;
        // Those that stand apart count and go, too, whether their compartment is open or not.
        let apart = book.list_of::<ApartNote>(id)?;
        let messages = book.list_of::<Message>(id)?;
        let visits = book.list_of::<Visit>(id)?;
        let tasks = book.list_of::<Task>(id)?;
        // What was somebody's before an import gave it to another.
        let formers: Vec<Appointment> = book.list::<Former>()?.into_iter().map(|former| former.appointment).collect();
        // A name that another patient has, too, may be the other's: then only what was matched is this one's. What has
        // another number is a namesake's.
        let called: HashSet<String> = patient.names().collect();
        let alone = !book.patients().any(|other| other.id != id && other.names().any(|name| called.contains(&name)));
        let numbers = numbers_of(book, id);
        let may_be = |appointment: &&Appointment| {
            appointment.patient.is_none()
                && alone
                && called.contains(&plain(appointment.subject.expose()))
                && !appointment.apart
                && numbers.may_be(appointment.identifiers())
        };
        // Of several who have different ones, at most one is this patient.
        let mut said: HashMap<&Phi<String>, HashSet<&Phi<String>>> = HashMap::new();
        for number in book.appointments().filter(may_be).flat_map(Appointment::identifiers) {
            said.entry(&number.system).or_default().insert(&number.value);
        }
        let only = |number: &Identifier| said.get(&number.system).is_none_or(|values| values.len() == 1);
        let theirs = |appointment: &&Appointment| match appointment.patient {
            Some(owner) => owner == id,
            None => {
                let own = appointment.identifiers();
                may_be(appointment) && (numbers.has_one_of(own) || own.iter().all(only))
            }
        };
        let appointments: Vec<&Appointment> = book.appointments().filter(theirs).collect();
        let ids: HashSet<AppointmentId> = appointments.iter().map(|entry| entry.id).collect();
        let ends = appointments.iter().map(|entry| entry.ends()).filter(|end| *end < at);
        let last_contact = notes
            .iter()
            .map(|note| note.edited)
            .chain(apart.iter().map(|note| note.edited))
            .chain(messages.iter().map(|message| message.at))
            .chain(visits.iter().map(|visit| visit.ended.unwrap_or(visit.knocked)))
            .chain(ends)
            .fold(patient.created, Stamp::max);
        let mut owners: Vec<PatientId> = appointments.iter().map(|entry| entry.unmatched_owner()).collect();
        owners.push(id);
        owners.extend(formers.iter().filter(theirs).map(Appointment::unmatched_owner));
        let forgotten = Forgotten {
            patient: id,
            at,
            head: String::new(),
            notes: (notes.len() + apart.len()) as u64,
            messages: messages.len() as u64,
            appointments: appointments.len() as u64,
            visits: visits.len() as u64,
            tasks: tasks.len() as u64,
            keys: KeysBackedUp::Never,
        };
        Ok(Counted { forgotten, last_contact, owners, theirs: ids })
    }

    /// Names in feeds may stand under a key that is to be destroyed and be somebody else's after all: they get another.
    fn spare_others(&mut self, counted: &Counted) -> Result<(), Failure> {
        let now = self.now();
        let book = &mut self.open()?.book;
        let others = |appointment: &&Appointment| {
            appointment.patient.is_none()
                && counted.owners.contains(&appointment.unmatched_owner())
                && !counted.theirs.contains(&appointment.id)
        };
        let mut others: Vec<Appointment> = book.appointments().filter(others).cloned().collect();
        let owner = PatientId::random();
        for appointment in &mut others {
            appointment.owner = Some(owner);
            book.put(appointment, now);
        }
        Ok(())
    }

    /// Ends the patient's appointments: of one that was somebody else's before, that would be the newest version again
    /// once theirs cannot be read.
    fn take_away(&mut self, counted: &Counted) -> Result<Vec<Appointment>, Failure> {
        let now = self.now();
        let book = &mut self.open()?.book;
        let theirs: Vec<Appointment> =
            book.appointments().filter(|one| counted.theirs.contains(&one.id)).cloned().collect();
        theirs.iter().for_each(|appointment| book.remove(appointment, now));
        Ok(theirs)
    }

    /// Refuses while the chart must be kept.
    fn check_retention(&mut self, patient: &Patient, last_contact: Stamp) -> Result<(), Failure> {
        let (now, zone) = (self.now(), self.zone()?);
        if let Some(hold) = &patient.hold {
            let since = day(hold.since, &zone);
            return Err(refused(format!("this chart is under a legal hold since {since}"))
                .hint("'bedside patient show' tells why; 'bedside patient hold --release' ends it"));
        }
        let years = self.open()?.book.practice().retention_years;
        let born = patient.born.as_ref().map(|born| *born.expose());
        match kept_until(day(last_contact, &zone), born, years) {
            Some(until) if day(now, &zone) < until => {
                Err(refused(format!("this chart must be kept until {until}: {years} years from the last contact"))
                    .hint(
                        "the practice's rule is 'bedside practice edit --retention-years'; ask what the law says first",
                    ))
            }
            _ => Ok(()),
        }
    }

    /// Lets go of everything that could still be said to or by a patient who is forgotten.
    fn end_conversation(&mut self, id: PatientId) -> Result<(), Failure> {
        self.forget_visit(id);
        let open = self.open()?;
        open.outbox.retain(|_, (outgoing, _)| outgoing.patient != id);
        if let Some(thread) = open.threads.remove(&id) {
            open.readers.remove(&thread.reader());
            open.passing.forget(thread.writer());
            self.says.push(Say::Mailbox(ToMailbox::Remove(Box::new(thread.mailbox()))));
        }
        Ok(())
    }
}

fn day(at: Stamp, zone: &TimeZone) -> jiff::civil::Date {
    Timestamp::from_millisecond(at.0).unwrap_or_default().to_zoned(zone.clone()).date()
}
