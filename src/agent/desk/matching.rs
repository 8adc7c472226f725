//! Whose the appointments of a feed are: decided once for a name, and remembered on the patient.

use super::{ClientId, Desk};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::base::Failure;
use crate::base::id::AppointmentId;
use crate::record::name::plain;
use crate::record::{Action, Actor, Appointment, Patient};
use crate::wire::agent::{Changed, Reply, Unmatched, Who};

/// The most names a feed can have for one patient.
pub(super) const ALIASES_MAX: usize = 50;
/// How many names are told at once.
const UNMATCHED_MAX: usize = 1_000;

impl Desk {
    /// Says whose an appointment is, and with it all that are called the same (`always`) or have its UID.
    pub(super) fn match_appointments(
        &mut self,
        id: AppointmentId,
        who: Option<&Who>,
        always: bool,
    ) -> Result<Reply, Failure> {
        let patient = self.find_some(who)?;
        let now = self.now();
        let one = self.appointment(id)?;
        let name = plain(one.subject.expose());
        let uid = |appointment: &Appointment| {
            appointment.source.as_ref().map(|source| (source.feed.clone(), source.uid.clone()))
        };
        let own = uid(&one);
        let whose = |appointment: &Appointment| (appointment.patient, appointment.nobodys);
        let before = whose(&one);
        let meant = |other: &&Appointment| {
            let alike = (own.is_some() && uid(other) == own)
                || (always && other.source.is_some() && plain(other.subject.expose()) == name);
            // A decision that was wrong is put right for all it was made for.
            other.id == id || (alike && (other.unmatched() || whose(other) == before))
        };
        let book = &mut self.open()?.book;
        // Whatever can be refused comes first.
        let mut learned = match patient.filter(|_| always) {
            Some(patient) => Some(book.patient(patient)?.clone()),
            None => None,
        };
        let learns = learned.as_mut().map_or(Ok(false), |known| remember(known, &one))?;
        let mut matched: Vec<Appointment> = book.appointments().filter(meant).cloned().collect();
        for appointment in &mut matched {
            (appointment.patient, appointment.nobodys) = (patient, patient.is_none());
            book.put(appointment, now);
        }
        let wrong = before.0.filter(|wrong| always && Some(*wrong) != patient);
        if let Some(mut known) = wrong.and_then(|wrong| book.patient(wrong).ok().cloned())
            && unlearn(&mut known, &one)
        {
            book.put(&known, now);
            self.changed(Changed::Patient, wrong);
        }
        if let Some(known) = learned.filter(|_| learns) {
            self.open()?.book.put(&known, now);
            self.changed(Changed::Patient, Some(known.id));
        }
        self.audit(Actor::Clinician, Action::AppointmentChange, About::count(patient, matched.len()));
        self.changed(Changed::Appointment, patient);
        if let Some(patient) = patient {
            self.send_next_appointment(patient);
        }
        Ok(Reply::Matched { count: matched.len() as u64 })
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

/// Forgets how the feed calls and numbers somebody else; says whether that was known.
fn unlearn(patient: &mut Patient, appointment: &Appointment) -> bool {
    let before = (patient.aliases.len(), patient.identifiers.len());
    let name = plain(appointment.subject.expose());
    patient.aliases.retain(|alias| plain(alias.expose()) != name);
    let numbers = appointment.identifiers();
    patient.identifiers.retain(|number| !numbers.contains(number));
    before != (patient.aliases.len(), patient.identifiers.len())
}

/// Notes how the feed calls and numbers a patient; says whether that was new.
fn remember(patient: &mut Patient, appointment: &Appointment) -> Result<bool, Failure> {
    let mut new = false;
    let name = plain(appointment.subject.expose());
    let called = std::iter::once(&patient.name).chain(&patient.aliases).any(|alias| plain(alias.expose()) == name);
    if !called && !name.is_empty() {
        patient.aliases.push(appointment.subject.clone());
        new = true;
    }
    for number in appointment.source.iter().flat_map(|source| &source.identifiers) {
        if !patient.identifiers.contains(number) {
            patient.identifiers.push(number.clone());
            new = true;
        }
    }
    if patient.aliases.len().max(patient.identifiers.len()) > ALIASES_MAX {
        return Err(refused(format!("a patient has {ALIASES_MAX} other names at most"))
            .hint("give --once, or take some away with 'bedside patient edit'"));
    }
    Ok(new)
}
