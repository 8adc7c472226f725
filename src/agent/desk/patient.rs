//! Patients: found by what a person types, added, changed, invited.

use super::matching::ALIASES_MAX;
use super::{ClientId, Desk, Say};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::agent::mailbox::ToMailbox;
use crate::agent::thread::Thread;
use crate::base::id::PatientId;
use crate::base::{Failure, Kind, Phi};
use crate::record::name::bare;
use crate::record::{Action, Actor, Contact, Pairing, Patient};
use crate::wire::agent::{Changed, Chart, PatientDraft, Reply, Who};
use crate::wire::content::PracticeCard;
use std::time::Duration;

/// Characters a name has at most.
const NAME_MAX: usize = 200;
/// Characters of an identifier that may stand for all of it.
const ID_PREFIX_MIN: usize = 4;
const CHART_MESSAGES: usize = 50;
const CHART_APPOINTMENTS_PAST: usize = 20;

impl Desk {
    /// The patient a person means.
    pub(super) fn find(&mut self, who: &Who) -> Result<PatientId, Failure> {
        let asked = bare(who.expose());
        let open = self.open()?;
        if asked.is_empty() {
            return Err(Failure::new(Kind::Usage, "no patient was named"));
        }
        if let Ok(id) = asked.parse::<PatientId>() {
            return open.book.patient(id).map(|patient| patient.id);
        }
        let by_id = |patient: &&Patient| asked.len() >= ID_PREFIX_MIN && patient.id.to_string().starts_with(&asked);
        let named = |fits: fn(&str, &str) -> bool| {
            let asked = &asked;
            move |patient: &&Patient| {
                let name = bare(patient.name.expose());
                fits(&name, asked) || name.split_whitespace().any(|part| fits(part, asked))
            }
        };
        let among = |fits: &dyn Fn(&&Patient) -> bool| -> Vec<PatientId> {
            open.book.patients().filter(|patient| !patient.archived).filter(fits).map(|patient| patient.id).collect()
        };
        // The whole name, else a whole part of it, else a beginning: Ada is Ada though there is an Adam.
        let mut found = among(&|patient| bare(patient.name.expose()) == asked);
        if found.is_empty() {
            found = among(&named(|name, asked| name == asked));
        }
        if found.is_empty() {
            found = among(&|patient| named(|name, asked| name.starts_with(asked))(patient) || by_id(patient));
        }
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(refused("no patient is called that").hint("'bedside patient list' shows them all")),
            several => Err(refused(format!("that fits {} patients", several.len()))
                .hint("write more of the name, or the id from 'bedside patient list'")),
        }
    }

    pub(super) fn find_some(&mut self, who: Option<&Who>) -> Result<Option<PatientId>, Failure> {
        who.map(|who| self.find(who)).transpose()
    }

    pub(super) fn add_patient(&mut self, draft: PatientDraft) -> Result<Reply, Failure> {
        self.new_patient(draft).map(Reply::Patient)
    }

    pub(super) fn new_patient(&mut self, draft: PatientDraft) -> Result<Patient, Failure> {
        let now = self.now();
        let open = self.open()?;
        let mut patient = Patient::new(PatientId::random(), Phi::default(), now);
        if draft.name.is_none() {
            return Err(Failure::new(Kind::Usage, "the name is missing"));
        }
        apply(&mut patient, draft)?;
        open.book.put(&patient, now);
        self.audit(Actor::Clinician, Action::PatientAdd, About::patient(patient.id));
        self.changed(Changed::Patient, Some(patient.id));
        Ok(patient)
    }

    pub(super) fn list_patients(&mut self, client: ClientId, archived: bool) -> Result<Reply, Failure> {
        let open = self.open()?;
        let mut patients: Vec<Patient> =
            open.book.patients().filter(|patient| archived || !patient.archived).cloned().collect();
        patients.sort_by_cached_key(|patient| (patient.name.expose().to_lowercase(), patient.id));
        let shown = patients.iter().map(|patient| patient.id).collect();
        self.audit_list(client, Action::PatientRead, shown, patients.len());
        Ok(Reply::Patients(patients))
    }

    pub(super) fn show_patient(&mut self, who: &Who) -> Result<Reply, Failure> {
        let id = self.find(who)?;
        let patient = self.open()?.book.patient(id)?.clone();
        self.audit(Actor::Clinician, Action::PatientRead, About::patient(id));
        Ok(Reply::Patient(patient))
    }

    pub(super) fn chart(&mut self, who: &Who) -> Result<Reply, Failure> {
        let id = self.find(who)?;
        let now = self.now();
        let open = self.open()?;
        let patient = open.book.patient(id)?.clone();
        let mut notes = open.book.list_of::<crate::record::Note>(id)?;
        notes.sort_by_key(|note| std::cmp::Reverse((note.created, note.id)));
        let mut messages = open.book.list_of::<crate::record::Message>(id)?;
        messages.sort_by_key(|message| (message.at, message.id));
        messages.drain(..messages.len().saturating_sub(CHART_MESSAGES));
        let mut visits = open.book.list_of::<crate::record::Visit>(id)?;
        visits.sort_by_key(|visit| std::cmp::Reverse((visit.knocked, visit.id)));
        let mut appointments: Vec<_> = open.book.appointments_of(id).cloned().collect();
        appointments.sort_by_key(|appointment| (appointment.start.timestamp(), appointment.id));
        let horizon = now.plus(Duration::from_secs(366 * 24 * 3600));
        appointments.retain(|appointment| appointment.begins() <= horizon);
        let past = appointments.partition_point(|entry| entry.ends() < now);
        appointments.drain(..past.saturating_sub(CHART_APPOINTMENTS_PAST));
        let own = |task: &&crate::record::Task| task.patient == Some(id) && task.done.is_none();
        let mut tasks: Vec<_> = open.book.tasks().filter(own).cloned().collect();
        tasks.sort_by_key(crate::record::Task::order);
        self.audit(Actor::Clinician, Action::PatientRead, About::patient(id));
        Ok(Reply::Chart(Chart { patient, notes, messages, appointments, visits, tasks }))
    }

    pub(super) fn edit_patient(&mut self, who: &Who, change: PatientDraft) -> Result<Reply, Failure> {
        let id = self.find(who)?;
        self.change_patient(id, Action::PatientChange, |patient| apply(patient, change))
    }

    pub(super) fn archive_patient(&mut self, who: &Who, archived: bool) -> Result<Reply, Failure> {
        let id = self.find(who)?;
        self.change_patient(id, Action::PatientArchive, |patient| {
            patient.archived = archived;
            Ok(())
        })
    }

    /// Changes a patient's record and says so.
    pub(super) fn change_patient(
        &mut self,
        id: PatientId,
        action: Action,
        change: impl FnOnce(&mut Patient) -> Result<(), Failure>,
    ) -> Result<Reply, Failure> {
        let now = self.now();
        let open = self.open()?;
        let mut patient = open.book.patient(id)?.clone();
        change(&mut patient)?;
        open.book.put(&patient, now);
        let actor = match action {
            Action::PatientPaired | Action::InviteOpenedTwice => Actor::Patient,
            _ => Actor::Clinician,
        };
        self.audit(actor, action, About::patient(id));
        self.changed(Changed::Patient, Some(id));
        Ok(Reply::Patient(patient))
    }

    /// Makes a link. An older conversation or link ends at once; what was not received waits for the new device.
    pub(super) fn invite_patient(&mut self, who: &Who) -> Result<Reply, Failure> {
        let id = self.find(who)?;
        if self.visiting_with(id) {
            return Err(refused("a visit with this patient is running").hint("end it first"));
        }
        let (now, agreed) = (self.now(), self.agreed_now());
        let card = self.card()?;
        let open = self.open()?;
        let practice = open.book.practice();
        let (Some(relay), Some(_)) = (practice.relay.clone(), practice.relay_token.as_ref()) else {
            return Err(refused("the practice has no relay yet")
                .hint("run 'bedside practice edit --relay https://… --relay-token-file FILE'"));
        };
        let expires = agreed.plus(Duration::from_secs(u64::from(practice.invite_hours) * 3600));
        let mut thread =
            Thread::invite(id, card, agreed, expires).map_err(|error| Failure::new(Kind::Bug, error.to_string()))?;
        let fragment = thread.fragment().ok_or_else(|| Failure::new(Kind::Bug, "a fresh link has no secret"))?;
        let invite = thread.invite_id();
        thread.store(open.book.vault())?;
        let post = Box::new(thread.mailbox());
        open.readers.insert(thread.reader(), id);
        if let Some(old) = open.threads.insert(id, thread) {
            open.readers.remove(&old.reader());
            open.passing.forget(old.writer());
            self.says.push(Say::Mailbox(ToMailbox::Remove(Box::new(old.mailbox()))));
        }
        self.forget_visit(id);
        self.drop_outgoing(id)?;
        self.says.push(Say::Mailbox(ToMailbox::Post(post)));
        let mut patient = self.open()?.book.patient(id)?.clone();
        patient.pairing = Pairing::Invited { invite, expires };
        self.open()?.book.put(&patient, now);
        self.audit(Actor::Clinician, Action::PatientInvite, About::record(Some(id), invite));
        self.changed(Changed::Patient, Some(id));
        let link = format!("{}/#{}", relay.expose().trim_end_matches('/'), fragment.to_text());
        Ok(Reply::Invite { link: Phi::new(link), expires })
    }

    /// What pages show about the practice.
    pub(super) fn card(&mut self) -> Result<PracticeCard, Failure> {
        let practice = self.open()?.book.practice();
        Ok(PracticeCard {
            clinician: practice.clinician.clone(),
            phone: practice.phone.clone(),
            emergency: practice.emergency.clone(),
        })
    }
}

/// Takes over what a draft gives; an empty text clears a field.
fn apply(patient: &mut Patient, draft: PatientDraft) -> Result<(), Failure> {
    let usage = |message: &str| Failure::new(Kind::Usage, message);
    let text = |value: Phi<String>| Some(Phi::new(value.expose().trim().to_owned())).filter(|v| !v.expose().is_empty());
    if let Some(name) = draft.name {
        let name = text(name).ok_or_else(|| usage("the name is empty"))?;
        if name.expose().chars().count() > NAME_MAX {
            return Err(usage("the name is longer than 200 characters"));
        }
        patient.name = name;
    }
    if let Some(phone) = draft.phone {
        patient.phone = text(phone);
    }
    if draft.emergency_name.is_some() || draft.emergency_phone.is_some() {
        let old = patient.emergency.take();
        let (old_name, old_phone) = old.map(|contact| (contact.name, contact.phone)).unzip();
        let name = draft.emergency_name.map_or(old_name, text);
        let phone = draft.emergency_phone.map_or(old_phone, text);
        patient.emergency = match (name, phone) {
            (None, None) => None,
            (name, phone) => Some(Contact { name: name.unwrap_or_default(), phone: phone.unwrap_or_default() }),
        };
    }
    if let Some(born) = draft.born {
        patient.born = Some(born);
    }
    if let Some(zone) = draft.zone {
        if !zone.is_empty() && jiff::tz::TimeZone::get(&zone).is_err() {
            return Err(usage("the time zone is not known").hint("write it as Europe/Berlin"));
        }
        patient.zone = Some(zone).filter(|zone| !zone.is_empty());
    }
    if let Some(aliases) = draft.aliases {
        let names: Vec<Phi<String>> = aliases.0.into_iter().filter_map(text).collect();
        if names.len() > ALIASES_MAX || names.iter().any(|name| name.expose().chars().count() > NAME_MAX) {
            return Err(usage("a patient has 50 other names at most, each of 200 characters"));
        }
        patient.aliases = names;
    }
    if let Some(relay_only) = draft.relay_only {
        patient.relay_only = Some(relay_only);
    }
    Ok(())
}
