//! Whose the appointments of a feed are: decided once for a name, and remembered on the patient. A decision can be taken
//! back like any step.

use super::edit::{Step, changed_since};
use super::{ClientId, Desk};
use crate::agent::failure::refused;
use crate::base::id::{AppointmentId, PatientId};
use crate::base::{Failure, Phi};
use crate::record::name::plain;
use crate::record::{Action, Appointment, Patient};
use crate::wire::agent::{Changed, Reply, Unmatched, Who};
use std::collections::{BTreeSet, HashMap};

/// The most names a feed can have for one patient.
pub(super) const ALIASES_MAX: usize = 50;
/// How many names are told at once.
const UNMATCHED_MAX: usize = 1_000;

/// Whose an appointment is.
#[derive(Clone, Copy, PartialEq)]
struct Whose {
    patient: Option<PatientId>,
    nobodys: bool,
}

impl Whose {
    fn of(appointment: &Appointment) -> Self {
        Self { patient: appointment.patient, nobodys: appointment.nobodys }
    }
}

/// Which appointments a decision is about.
#[derive(Clone)]
struct Meant {
    /// That one.
    id: AppointmentId,
    /// And those of this feed and UID.
    origin: Option<(Phi<String>, Phi<String>)>,
    /// And all that a feed calls so, as a [`plain`] name.
    name: Option<String>,
}

impl Meant {
    fn by(one: &Appointment, always: bool) -> Self {
        let name = always.then(|| plain(one.subject.expose()));
        Self { id: one.id, origin: origin(one), name }
    }

    fn has(&self, other: &Appointment) -> bool {
        let named = || self.name.as_ref().is_some_and(|name| *name == plain(other.subject.expose()));
        other.id == self.id
            || (self.origin.is_some() && origin(other) == self.origin)
            || (other.source.is_some() && named())
    }
}

fn origin(appointment: &Appointment) -> Option<(Phi<String>, Phi<String>)> {
    appointment.source.as_ref().map(|source| (source.feed.clone(), source.uid.clone()))
}

/// It was decided whose appointments are.
#[derive(Clone)]
pub(super) struct Decision {
    meant: Meant,
    /// Whose the one was that it was decided by.
    before: Whose,
    after: Whose,
    /// Whose each of those was that were there.
    found: HashMap<AppointmentId, Whose>,
    /// Whoever is called otherwise since, before and after.
    known: Vec<(Patient, Patient)>,
}

impl Desk {
    /// Says whose an appointment is, and with it all that are called the same (`always`) or have its UID.
    pub(super) fn match_appointments(
        &mut self,
        id: AppointmentId,
        who: Option<&Who>,
        always: bool,
    ) -> Result<Reply, Failure> {
        let patient = self.find_some(who)?;
        let one = self.appointment(id)?;
        let reply = self.decide(Meant::by(&one, always), &one, patient)?;
        self.open()?.undone.clear();
        Ok(reply)
    }

    /// Decides as it was decided before.
    pub(super) fn decide_again(&mut self, decision: &Decision) -> Result<Reply, Failure> {
        let Some(one) = self.open()?.book.appointment(decision.meant.id).cloned() else { return Err(changed_since()) };
        self.decide(decision.meant.clone(), &one, decision.after.patient)
    }

    fn decide(&mut self, meant: Meant, one: &Appointment, patient: Option<PatientId>) -> Result<Reply, Failure> {
        let book = &self.open()?.book;
        let (before, after) = (Whose::of(one), Whose { patient, nobodys: patient.is_none() });
        // Whatever can be refused comes first.
        let mut known = Vec::new();
        if meant.name.is_some() {
            let wrong = before.patient.filter(|wrong| Some(*wrong) != patient);
            let wrong = wrong.and_then(|wrong| book.patient(wrong).ok());
            known.extend(wrong.map(|wrong| (wrong.clone(), unlearned(wrong.clone(), one))));
            if let Some(patient) = patient {
                let right = book.patient(patient)?;
                known.push((right.clone(), learned(right.clone(), one)?));
            }
            known.retain(|(before, after)| before != after);
        }
        let all = book.appointments().filter(|other| meant.has(other));
        let found: HashMap<AppointmentId, Whose> = all.map(|other| (other.id, Whose::of(other))).collect();
        // A decision that was wrong is put right for all it was made for.
        let concerned = |whose: &Whose| *whose == before || (whose.patient.is_none() && !whose.nobodys);
        let concerned = found.iter().filter(|(_, whose)| **whose != after && concerned(whose));
        let to: Vec<(AppointmentId, Whose)> = concerned.map(|(id, _)| (*id, after)).collect();
        let count = to.len() as u64;
        if count > 0 || !known.is_empty() {
            self.give(&to, known.iter().map(|(_, after)| after.clone()).collect())?;
            self.note_step(Step::Decision(Decision { meant, before, after, found, known }))?;
        }
        Ok(Reply::Matched { count })
    }

    /// Takes a decision back, also for what a feed has brought since and was given away by it. What was decided
    /// otherwise since stays.
    pub(super) fn reopen(&mut self, decision: &Decision) -> Result<Reply, Failure> {
        let Decision { meant, before, after, found, known } = decision;
        let book = &self.open()?.book;
        let as_decided = book.appointments().filter(|other| meant.has(other) && Whose::of(other) == *after);
        let back = as_decided.map(|other| (other.id, *found.get(&other.id).unwrap_or(before)));
        let to: Vec<(AppointmentId, Whose)> = back.filter(|(_, whose)| whose != after).collect();
        let known = known.iter().filter_map(|(before, after)| {
            let now = book.patient(after.id).ok()?;
            let aliases = without(&now.aliases, &before.aliases, &after.aliases);
            let identifiers = without(&now.identifiers, &before.identifiers, &after.identifiers);
            let known = Patient { aliases, identifiers, ..now.clone() };
            (known != *now).then_some(known)
        });
        let known: Vec<Patient> = known.collect();
        if to.is_empty() && known.is_empty() {
            return Err(changed_since());
        }
        self.give(&to, known)?;
        Ok(Reply::Matched { count: to.len() as u64 })
    }

    /// Gives appointments to whose they are, and keeps how patients are called.
    fn give(&mut self, to: &[(AppointmentId, Whose)], known: Vec<Patient>) -> Result<(), Failure> {
        let now = self.now();
        let book = &mut self.open()?.book;
        let mut patients = BTreeSet::new();
        for (id, Whose { patient, nobodys }) in to.iter().copied() {
            let Some(old) = book.appointment(id).cloned() else { continue };
            patients.extend(old.patient.into_iter().chain(patient));
            book.put_appointment(Appointment { patient, nobodys, ..old }, now);
        }
        for patient in known {
            self.open()?.book.put(&patient, now);
            self.changed(Changed::Patient, Some(patient.id));
        }
        let ids: Vec<AppointmentId> = to.iter().map(|(id, _)| *id).collect();
        self.told_of_all(&ids, &patients, Action::AppointmentChange);
        Ok(())
    }

    /// Names of appointments that fit no patient, each once.
    pub(super) fn list_unmatched(&mut self, client: ClientId, skip: u64, limit: u32) -> Result<Reply, Failure> {
        let now = self.now();
        let book = &self.open()?.book;
        let total = book.waiting_names() as u64;
        let [skip, limit] = [skip, u64::from(limit)].map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        let told = |(next, count): (&Appointment, usize)| Unmatched { next: next.clone(), count: count as u64 };
        let names: Vec<Unmatched> = book.waiting(now).skip(skip).take(limit.min(UNMATCHED_MAX)).map(told).collect();
        self.audit_list(client, Action::AppointmentRead, Vec::new(), names.len());
        Ok(Reply::Unmatched { names, total })
    }
}

/// What there is now, without what a change from `before` to `after` brought, and with what it took away.
fn without<T: Clone + PartialEq>(now: &[T], before: &[T], after: &[T]) -> Vec<T> {
    let kept = now.iter().filter(|one| before.contains(one) || !after.contains(one));
    let taken = before.iter().filter(|one| !after.contains(one) && !now.contains(one));
    kept.chain(taken).cloned().collect()
}

/// Without what the feed calls and numbers somebody else.
fn unlearned(mut patient: Patient, appointment: &Appointment) -> Patient {
    let name = plain(appointment.subject.expose());
    patient.aliases.retain(|alias| plain(alias.expose()) != name);
    let numbers = appointment.identifiers();
    patient.identifiers.retain(|number| !numbers.contains(number));
    patient
}

/// With what the feed calls and numbers the patient.
fn learned(mut patient: Patient, appointment: &Appointment) -> Result<Patient, Failure> {
    let name = plain(appointment.subject.expose());
    let called = std::iter::once(&patient.name).chain(&patient.aliases).any(|alias| plain(alias.expose()) == name);
    if !called && !name.is_empty() {
        patient.aliases.push(appointment.subject.clone());
    }
    for number in appointment.identifiers() {
        if !patient.identifiers.contains(number) {
            patient.identifiers.push(number.clone());
        }
    }
    if patient.aliases.len().max(patient.identifiers.len()) > ALIASES_MAX {
        return Err(refused(format!("a patient has {ALIASES_MAX} other names at most"))
            .hint("give --once, or take some away with 'bedside patient edit'"));
    }
    Ok(patient)
}
