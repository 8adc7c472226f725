//! Whose the appointments of a feed are: decided once for a name, and remembered on the patient. A decision can be taken
//! back like any step.

use super::edit::{Step, changed_since};
use super::{ClientId, Desk};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::agent::plan::is_meant;
use crate::base::id::{AppointmentId, PatientId};
use crate::base::{Failure, Phi};
use crate::record::name::plain;
use crate::record::{Action, Actor, Appointment, Identifier, Patient};
use crate::wire::agent::{Changed, PatientDraft, Reply, Unmatched, Who};
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
    /// Nobody's that once only.
    once: bool,
    /// Kept apart from a patient of that name.
    apart: bool,
}

impl Whose {
    fn of(appointment: &Appointment) -> Self {
        let Appointment { patient, nobodys, once, apart, .. } = *appointment;
        Self { patient, nobodys, once, apart }
    }

    fn is_open(self) -> bool {
        self.patient.is_none() && !self.nobodys
    }

    fn gives(self, appointment: Appointment) -> Appointment {
        let Self { patient, nobodys, once, apart } = self;
        Appointment { patient, nobodys, once, apart, ..appointment }
    }
}

/// Which appointments a decision is about.
#[derive(Clone)]
struct Meant {
    /// That one.
    id: AppointmentId,
    /// And those of this feed and UID.
    origin: Option<(Phi<String>, Phi<String>)>,
    /// What the feed calls it, as a [`plain`] name.
    name: String,
    /// What the feed numbers whoever it is for with.
    numbers: Vec<Identifier>,
    /// And all that a feed calls so, by no other number, or numbers so.
    always: bool,
}

impl Meant {
    fn by(one: &Appointment, always: bool) -> Self {
        let origin = one.origin().map(|(feed, uid)| (feed.clone(), uid.clone()));
        let (name, numbers) = (plain(one.subject.expose()), one.identifiers().to_vec());
        Self { id: one.id, origin, name, numbers, always }
    }

    /// It is called so, too, and is no namesake's.
    fn is_called(&self, other: &Appointment) -> bool {
        plain(other.subject.expose()) == self.name && is_meant(&self.numbers, other.identifiers())
    }

    fn is_of_uid(&self, other: &Appointment) -> bool {
        self.origin.as_ref().is_some_and(|(feed, uid)| other.origin() == Some((feed, uid))) && self.is_called(other)
    }

    /// Who has no name is nobody's namesake.
    fn names(&self, other: &Appointment) -> bool {
        self.always && other.source.is_some() && !self.name.is_empty() && self.is_called(other)
    }

    fn numbers(&self, other: &Appointment) -> bool {
        self.always && other.identifiers().iter().any(|number| self.numbers.contains(number))
    }

    fn has(&self, other: &Appointment) -> bool {
        other.id == self.id || self.is_of_uid(other) || self.names(other) || self.numbers(other)
    }
}

/// It was decided whose appointments are.
#[derive(Clone)]
pub(super) struct Decision {
    meant: Meant,
    /// Whose the one was that it was decided by.
    before: Whose,
    after: Whose,
    /// What each of those was called that were there, and whose it was.
    found: HashMap<AppointmentId, (String, Whose)>,
    /// Whoever is called otherwise since, before and after.
    known: Vec<(Patient, Patient)>,
}

impl Decision {
    /// Whose all were that a feed called so: of one that was given to somebody once, the others were open.
    fn named_before(&self) -> Whose {
        let unlearned = self.known.iter().any(|(known, _)| Some(known.id) == self.before.patient);
        let held = unlearned || (self.before.nobodys && !self.before.once);
        if held { self.before } else { Whose { patient: None, nobodys: false, once: false, apart: self.before.apart } }
    }

    /// Whose it is without the decision, if that has given it away: what the feed calls otherwise by now is not so by it.
    fn without_it(&self, other: &Appointment) -> Option<Whose> {
        let learned = |number: &Identifier| {
            let mut known = self.known.iter();
            known.any(|(before, after)| after.identifiers.contains(number) && !before.identifiers.contains(number))
        };
        let called = plain(other.subject.expose());
        let (name, whose) = match self.found.get(&other.id) {
            Some((name, whose)) => (name, *whose),
            None if self.meant.is_of_uid(other) => (&self.meant.name, self.before),
            None if self.meant.names(other) => (&self.meant.name, self.named_before()),
            None if other.identifiers().iter().any(learned) => (&called, self.named_before()),
            None => return None,
        };
        (Whose::of(other) == self.after && whose != self.after && *name == called).then_some(whose)
    }
}

impl Desk {
    /// Says whose an appointment is, and with it all that are called the same (`always`) or have its UID. `called`: what
    /// it was called when that was asked.
    pub(super) fn match_appointments(
        &mut self,
        id: AppointmentId,
        called: Option<&Phi<String>>,
        who: Option<&Who>,
        always: bool,
    ) -> Result<Reply, Failure> {
        let patient = self.find_some(who)?;
        let one = self.called(id, called)?;
        let reply = self.decide(&one, patient, always)?;
        self.open()?.steps.go_on();
        Ok(reply)
    }

    /// So, of a patient who is added for it. Nobody is made twice.
    pub(super) fn match_new(
        &mut self,
        id: AppointmentId,
        called: &Phi<String>,
        name: Phi<String>,
        always: bool,
    ) -> Result<Reply, Failure> {
        let one = self.called(id, Some(called))?;
        if one.decided() {
            return Err(refused("somebody has decided by now whose it is").hint("look at the names that wait"));
        }
        let own = plain(name.expose());
        if self.open()?.book.patients().any(|patient| patient.names().any(|name| name == own)) {
            return Err(refused("there is a patient of that name by now").hint("give the appointment to that one"));
        }
        let draft = PatientDraft { name: Some(name), ..PatientDraft::default() };
        let patient = self.new_patient(draft)?;
        let reply = self.decide(&one, Some(patient.id), always)?;
        self.open()?.steps.go_on();
        Ok(reply)
    }

    /// An appointment, if it is called now as it was when somebody was asked.
    fn called(&mut self, id: AppointmentId, called: Option<&Phi<String>>) -> Result<Appointment, Failure> {
        let one = self.appointment(id)?;
        if called.is_some_and(|called| plain(called.expose()) != plain(one.subject.expose())) {
            return Err(refused("the feed calls it otherwise by now").hint("look whose it is, and decide then"));
        }
        Ok(one)
    }

    /// Decides as it was decided before.
    pub(super) fn decide_again(&mut self, decision: &Decision) -> Result<Reply, Failure> {
        let Meant { id, always, .. } = decision.meant;
        let one = self.open()?.book.appointment(id);
        let as_then = |one: &&Appointment| {
            let Meant { name, numbers, .. } = &decision.meant;
            plain(one.subject.expose()) == *name && one.identifiers() == numbers && Whose::of(one) == decision.before
        };
        let one = one.filter(as_then).cloned();
        self.decide(&one.ok_or_else(changed_since)?, decision.after.patient, always)
    }

    fn decide(&mut self, one: &Appointment, patient: Option<PatientId>, always: bool) -> Result<Reply, Failure> {
        let meant = Meant::by(one, always);
        let nobodys = patient.is_none();
        let (before, after) = (Whose::of(one), Whose { patient, nobodys, once: nobodys && !always, apart: false });
        let book = &self.open()?.book;
        // Whatever can be refused comes first.
        let mut known = Vec::new();
        if always {
            let wrong = before.patient.filter(|wrong| Some(*wrong) != patient);
            let wrong = wrong.and_then(|wrong| book.patient(wrong).ok());
            known.extend(wrong.map(|wrong| (wrong.clone(), unlearned(wrong.clone(), one))));
            if let Some(patient) = patient {
                let right = book.patient(patient)?;
                known.push((right.clone(), learned(right.clone(), one)?));
            }
            known.retain(|(before, after)| before != after);
        }
        let (mut found, mut to) = (HashMap::new(), Vec::new());
        for other in book.appointments() {
            let (is_meant, whose) = (meant.has(other), Whose::of(other));
            if is_meant {
                found.insert(other.id, (plain(other.subject.expose()), whose));
            }
            // A decision that was wrong is put right for all it was made for.
            if is_meant && whose != after && (whose == before || whose.is_open()) {
                to.push((other.id, after));
            }
        }
        let count = to.len() as u64;
        if count > 0 || !known.is_empty() {
            self.give(&to, known.iter().map(|(_, after)| after.clone()).collect())?;
            self.open()?.steps.note(Step::Decision(Box::new(Decision { meant, before, after, found, known })));
        }
        Ok(Reply::Matched { count })
    }

    /// Takes a decision back, also for what a feed has brought since and was given away by it. What was decided
    /// otherwise since stays.
    pub(super) fn reopen(&mut self, decision: &Decision) -> Result<Reply, Failure> {
        let book = &self.open()?.book;
        let back = book.appointments().filter_map(|other| Some((other.id, decision.without_it(other)?)));
        let to: Vec<(AppointmentId, Whose)> = back.collect();
        let known = decision.known.iter().filter_map(|(before, after)| {
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
        for (id, whose) in to.iter().copied() {
            let Some(mut old) = book.appointment(id).cloned() else { continue };
            patients.extend(old.patient.into_iter().chain(whose.patient));
            let (before, name) = (Whose::of(&old), plain(old.subject.expose()));
            let former = old.former.take().map(|former| {
                // What it was before the last import was as much theirs, if it was called so.
                let was = Whose { apart: before.apart, ..Whose::of(&former) };
                let theirs = was == before && plain(former.subject.expose()) == name;
                Box::new(if theirs { whose.gives(*former) } else { *former })
            });
            match former {
                Some(former) => book.put_change(Some(former), whose.gives(old), now),
                None => book.put_appointment(whose.gives(old), now),
            }
        }
        for patient in known {
            self.open()?.book.put(&patient, now);
            self.audit(Actor::Clinician, Action::PatientChange, About::patient(patient.id));
            self.changed(Changed::Patient, Some(patient.id));
        }
        if !to.is_empty() {
            let ids: Vec<AppointmentId> = to.iter().map(|(id, _)| *id).collect();
            self.told_of_all(&ids, &patients, Action::AppointmentChange);
        }
        Ok(())
    }

    /// Names of appointments that fit no patient, each once.
    pub(super) fn list_unmatched(&mut self, client: ClientId, skip: u64, limit: u32) -> Result<Reply, Failure> {
        let now = self.now();
        let book = &self.open()?.book;
        let total = book.waiting_names() as u64;
        let [skip, limit] = [skip, u64::from(limit)].map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        let told = |(next, count): (&Appointment, usize)| {
            let number = next.identifiers().first().map(|number| number.value.clone());
            Unmatched { next: next.clone(), number, count: count as u64 }
        };
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
    if !name.is_empty() && !patient.names().any(|own| own == name) {
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
