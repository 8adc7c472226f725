//! The waiting room and the visits: machines of `visit`, their windows, and what the record keeps of them.

use super::{ClientId, Desk, Open, Say};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::agent::mailbox::ToMailbox;
use crate::base::id::{PatientId, VisitId};
use crate::base::{Failure, Phi, Stamp};
use crate::guest::GroupKeys;
use crate::record::{Action, Actor, AddressPolicy, Appointment, EndReason, Pairing, Path, Visit};
use crate::visit::clinician::{self, Clinician, Event as Happening};
use crate::visit::{Effect, End, Phase};
use crate::wire::agent::{self, Changed, Event, LiveVisit, Reply, Waiting, Who};
use crate::wire::call::{FromCall, Quality, ToCall, Trouble};
use crate::wire::content::{Body, Bye, Signal};
use std::time::Duration;

/// One visit, from the knock to the end.
pub(super) struct Visiting {
    machine: Clinician,
    window: Option<ClientId>,
    microphone: bool,
    camera: bool,
    quality: Option<Quality>,
    trouble: Vec<Trouble>,
    differed: bool,
    kept: Option<Visit>,
}

impl Visiting {
    /// An ended visit is kept until the next one begins: it answers a knock that was under way when it ended.
    fn running(&self) -> bool {
        self.machine.view().phase.running()
    }
}

impl Desk {
    /// Whether a visit runs.
    pub(super) fn visiting(&self) -> bool {
        matches!(&self.state, super::State::Open(open) if open.visits.values().any(Visiting::running))
    }

    /// Whether a visit with this patient runs.
    pub(super) fn visiting_with(&mut self, patient: PatientId) -> bool {
        self.open().is_ok_and(|open| open.visits.get(&patient).is_some_and(Visiting::running))
    }

    /// The conversation a visit belonged to is gone: nothing can be said in it any more.
    pub(super) fn forget_visit(&mut self, patient: PatientId) {
        if self.open().is_ok_and(|open| open.visits.remove(&patient).is_some()) {
            let room = self.room();
            self.event(Event::Room(room));
        }
    }

    /// A patient's page said something of a visit.
    pub(super) fn signal(&mut self, patient: PatientId, visit: VisitId, signal: Signal) {
        let now = self.now();
        let Ok(open) = self.open() else { return };
        let known = open.visits.get(&patient).map(|visiting| visiting.machine.visit());
        if known == Some(visit) {
            return self.happens(patient, Happening::Signal(signal));
        }
        if !matches!(signal, Signal::Knock(_)) {
            if let Some(answer) = clinician::stranger(&signal) {
                self.whisper(patient, Body::Visit { visit, signal: answer });
            }
            return;
        }
        if known.is_some() {
            self.happens(patient, Happening::Superseded);
        }
        let Ok(open) = self.open() else { return };
        // The page names the visit: one that is on record and over, or another patient's, cannot begin again.
        let kept = match open.book.get::<Visit>(*visit.as_bytes()) {
            Ok(kept) => kept,
            Err(_) => return,
        };
        if kept.as_ref().is_some_and(|kept| kept.patient != patient || kept.ended.is_some()) {
            return self.whisper(patient, Body::Visit { visit, signal: Signal::Bye { reason: Bye::HungUp } });
        }
        let compared = open.book.patient(patient).is_ok_and(crate::record::Patient::verified);
        let visiting = Visiting {
            machine: Clinician::new(visit, compared, now),
            window: None,
            microphone: true,
            camera: true,
            quality: None,
            trouble: Vec::new(),
            differed: false,
            kept,
        };
        open.visits.insert(patient, visiting);
        self.audit(Actor::Patient, Action::VisitKnock, About::record(Some(patient), visit));
        self.happens(patient, Happening::Signal(signal));
    }

    /// Lets something happen to a patient's visit, and does what follows.
    fn happens(&mut self, patient: PatientId, happening: Happening) {
        let now = self.now();
        let Ok(Open { visits, threads, .. }) = self.open() else { return };
        let Some(visiting) = visits.get_mut(&patient) else { return };
        let Some(conversation) = threads.get(&patient).and_then(|thread| thread.conversation()) else { return };
        let effects = visiting.machine.handle(happening, now, &GroupKeys(conversation));
        let (visit, window) = (visiting.machine.visit(), visiting.window);
        let mut changed = false;
        for effect in effects {
            match effect {
                Effect::Send(signal) => self.whisper(patient, Body::Visit { visit, signal }),
                Effect::Call(message) => {
                    if let Some(client) = window {
                        self.says.push(Say::Call { client, message });
                    }
                }
                Effect::Ring => self.event(Event::Knocked { patient: Some(patient) }),
                Effect::Changed => changed = true,
            }
        }
        if changed {
            self.keep_visit(patient);
        }
    }

    /// Brings the record, and who watches, up to where a visit stands.
    fn keep_visit(&mut self, patient: PatientId) {
        let now = self.now();
        let appointment = self.appointment_now(patient, now);
        let Ok(open) = self.open() else { return };
        let Some(visiting) = open.visits.get_mut(&patient) else { return };
        let before = visiting.kept.clone();
        let after = record(patient, appointment, visiting, now);
        // A patient who only knocked and left again had no visit.
        let worth = after.admitted.is_some() || after.end_reason == Some(EndReason::Declined);
        if worth && before.as_ref() != Some(&after) {
            visiting.kept = Some(after.clone());
            open.book.put(&after, now);
            self.tell_milestones(patient, before.as_ref(), &after);
            self.changed(Changed::Visit, Some(patient));
        }
        let room = self.room();
        self.event(Event::Room(room));
        if worth {
            self.watch_visit();
        }
    }

    /// Audit events for what is new in a visit's record.
    fn tell_milestones(&mut self, patient: PatientId, before: Option<&Visit>, after: &Visit) {
        let fresh = |of: fn(&Visit) -> bool| of(after) && !before.is_some_and(of);
        let milestones: [(bool, Actor, Action); 6] = [
            (fresh(|v| v.admitted.is_some()), Actor::Clinician, Action::VisitAdmit),
            (fresh(|v| v.end_reason == Some(EndReason::Declined)), Actor::Clinician, Action::VisitDecline),
            (fresh(|v| v.connected.is_some()), Actor::Agent, Action::VisitConnect),
            (fresh(|v| v.words_compared.is_some()), Actor::Clinician, Action::WordsCompared),
            (fresh(|v| v.words_differed), Actor::Agent, Action::WordsDiffered),
            (fresh(|v| v.ended.is_some()), Actor::Agent, Action::VisitEnd),
        ];
        for (_, actor, action) in milestones.into_iter().filter(|(fresh, ..)| *fresh) {
            self.audit(actor, action, About::record(Some(patient), after.id));
        }
        if fresh(|v| v.ended.is_some()) {
            self.complete_notes_of(after);
        }
        if fresh(|v| v.words_compared.is_some()) {
            let at = after.words_compared;
            // The patient exists, for they are in a visit.
            let _ = self.change_patient(patient, Action::PatientChange, |patient| {
                if let Pairing::Paired { verified, .. } = &mut patient.pairing {
                    *verified = at;
                }
                Ok(())
            });
        }
    }

    fn watch_visit(&mut self) {
        let live = self.live_visit().map(Box::new);
        self.event(Event::Visit(live));
    }

    /// The patient's appointment that a visit now belongs to: one that runs, or is within an hour.
    fn appointment_now(&mut self, patient: PatientId, now: Stamp) -> Option<crate::base::id::AppointmentId> {
        const HOUR: Duration = Duration::from_secs(3600);
        let distance = |appointment: &Appointment| appointment.begins().since(now).max(now.since(appointment.ends()));
        let open = self.open().ok()?;
        let own = open.book.appointments_of(patient);
        own.filter(|appointment| distance(appointment) <= HOUR).min_by_key(|a| distance(a)).map(|a| a.id)
    }

    /// Time passes in every visit.
    pub(super) fn visits_time(&mut self) {
        let now = self.now();
        let Ok(open) = self.open() else { return };
        let due = |visiting: &Visiting| visiting.machine.timeout().is_some_and(|at| at <= now);
        let patients: Vec<_> = open.visits.iter().filter(|(_, v)| due(v)).map(|(patient, _)| *patient).collect();
        for patient in patients {
            self.happens(patient, Happening::Tick);
        }
    }

    /// When time matters to a visit next.
    pub(super) fn visits_due(&self) -> Option<Stamp> {
        let super::State::Open(open) = &self.state else { return None };
        open.visits.values().filter_map(|visiting| visiting.machine.timeout()).min()
    }

    /// The relay is back.
    pub(super) fn visits_online(&mut self) {
        let Ok(open) = self.open() else { return };
        let patients: Vec<_> = open.visits.keys().copied().collect();
        for patient in patients {
            self.happens(patient, Happening::Online);
        }
    }

    /// Who waits, for whoever asks.
    pub(super) fn list_room(&mut self, client: ClientId) -> Result<Reply, Failure> {
        self.open()?;
        let room = self.room();
        if !room.is_empty() {
            let patients = room.iter().map(|waiting| waiting.patient).collect();
            self.audit_list(client, Action::RoomRead, patients, room.len());
        }
        Ok(Reply::Room(room))
    }

    /// Who waits, longest first.
    pub(super) fn room(&mut self) -> Vec<Waiting> {
        let Ok(Open { visits, book, .. }) = self.open() else { return Vec::new() };
        let waiting = |(patient, visiting): (&PatientId, &Visiting)| {
            let (view, knock) = (visiting.machine.view(), visiting.machine.knock());
            (!view.phase.running() && view.phase != Phase::Ended).then(|| Waiting {
                patient: *patient,
                name: book.name(*patient).unwrap_or_default(),
                visit: visiting.machine.visit(),
                since: view.since,
                seen: view.seen,
                camera: knock.camera,
                microphone: knock.microphone,
                alone: knock.alone,
                place: knock.place.clone(),
                verified: book.patient(*patient).is_ok_and(crate::record::Patient::verified),
                told: view.told.as_ref().map(|told| (told.minutes, told.at)),
            })
        };
        let mut room: Vec<_> = visits.iter().filter_map(waiting).collect();
        room.sort_by_key(|waiting| (waiting.since, waiting.patient));
        room
    }

    /// The running visit.
    pub(super) fn live_visit(&mut self) -> Option<LiveVisit> {
        let Open { visits, book, .. } = self.open().ok()?;
        let (patient, visiting) = visits.iter().find(|(_, visiting)| visiting.running())?;
        let view = visiting.machine.view();
        let phase = match view.phase {
            Phase::Live => agent::Phase::Live,
            Phase::Reconnecting if view.window => agent::Phase::Reconnecting,
            Phase::Reconnecting => agent::Phase::WindowLost,
            _ => agent::Phase::Connecting,
        };
        let peer = view.peer;
        Some(LiveVisit {
            visit: visiting.machine.visit(),
            patient: *patient,
            name: book.name(*patient).unwrap_or_default(),
            phase,
            admitted: view.admitted.unwrap_or(view.since),
            connected: view.connected,
            words: view.words.clone().map(Vec::from).unwrap_or_default(),
            compared: view.compared,
            path: view.relayed.map(path),
            microphone: visiting.microphone,
            camera: visiting.camera,
            peer_microphone: peer.is_none_or(|peer| peer.microphone),
            peer_camera: peer.is_none_or(|peer| peer.camera),
            quality: visiting.quality,
            trouble: visiting.trouble.clone(),
        })
    }

    /// Admits who waits: this client's connection becomes the window's.
    pub(super) fn admit(&mut self, client: ClientId, who: &Who) -> Result<VisitId, Failure> {
        let patient = self.find(who)?;
        let open = self.open()?;
        if open.visits.iter().any(|(other, visiting)| *other != patient && visiting.running()) {
            return Err(refused("a visit with another patient is running").hint("end it first"));
        }
        let practice_rule = open.book.practice().addresses == AddressPolicy::Relay;
        let relay_only = open.book.patient(patient)?.relay_only.unwrap_or(practice_rule);
        let ended = |visiting: &Visiting| visiting.machine.view().phase == Phase::Ended;
        let Some(visiting) = open.visits.get_mut(&patient).filter(|visiting| !ended(visiting)) else {
            return Err(refused("that patient is not in the waiting room")
                .hint("'bedside call' waits for the knock; 'bedside room list' shows who is there"));
        };
        if visiting.running() && visiting.window.is_some() {
            return Err(refused("this visit has its window already"));
        }
        if relay_only {
            return Err(refused("this patient's calls must be relayed, and relayed calls are not offered yet")
                .hint("allow a direct path: 'bedside patient edit --relay-only false'"));
        }
        visiting.window = Some(client);
        visiting.trouble.clear();
        let visit = visiting.machine.visit();
        self.seal_link(patient)?;
        self.happens(patient, Happening::Admit { relay_only, ice_servers: Vec::new() });
        Ok(visit)
    }

    /// At the first admit the link dies, and both ends move on to keys the link never touched.
    fn seal_link(&mut self, patient: PatientId) -> Result<(), Failure> {
        let Open { threads, book, .. } = self.open()?;
        let Some(thread) = threads.get_mut(&patient) else { return Ok(()) };
        if !thread.kill_link() {
            return Ok(());
        }
        let refresh = thread.refresh();
        thread.store(book.vault())?;
        let (queue, post) = (thread.writer(), Box::new(thread.mailbox()));
        if let Some((id, bytes)) = refresh {
            self.says.push(Say::Send { queue, id, bytes });
        }
        self.says.push(Say::Mailbox(ToMailbox::LinkChanged(post)));
        self.change_patient(patient, Action::PatientChange, |patient| {
            if let Pairing::Paired { sealed, .. } = &mut patient.pairing {
                *sealed = true;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The call window says something.
    pub(super) fn window_says(&mut self, client: ClientId, message: FromCall) {
        let now = self.now();
        let Ok(open) = self.open() else { return };
        let Some((patient, visiting)) = open.visits.iter_mut().find(|(_, v)| v.window == Some(client)) else { return };
        let patient = *patient;
        match &message {
            FromCall::Quality(quality) => visiting.quality = Some(*quality),
            FromCall::Media { microphone, camera } => {
                (visiting.microphone, visiting.camera) = (*microphone, *camera);
            }
            FromCall::Ready { camera, microphone, .. } => {
                (visiting.microphone, visiting.camera) = (*microphone, *camera);
            }
            FromCall::Trouble(trouble) if !visiting.trouble.contains(trouble) => visiting.trouble.push(*trouble),
            FromCall::Compared { same: false } => visiting.differed = true,
            FromCall::FirstPicture => {
                let after_ms = visiting.machine.view().admitted.map(|at| now.since(at).as_millis());
                tracing::info!(after_ms, "first picture since the admission");
            }
            _ => {}
        }
        let shown = matches!(
            message,
            FromCall::Quality(_) | FromCall::Ready { .. } | FromCall::Media { .. } | FromCall::Trouble(_)
        );
        self.happens(patient, Happening::Call(message));
        if shown {
            self.watch_visit();
        }
    }

    /// A connection went; if it was a window's, the visit goes on without.
    pub(super) fn window_gone(&mut self, client: ClientId) {
        let Ok(open) = self.open() else { return };
        let Some((patient, visiting)) = open.visits.iter_mut().find(|(_, v)| v.window == Some(client)) else { return };
        visiting.window = None;
        visiting.quality = None;
        let patient = *patient;
        self.happens(patient, Happening::WindowLost);
        self.watch_visit();
    }

    pub(super) fn tell(
        &mut self,
        who: &Who,
        minutes: Option<u16>,
        text: Option<Phi<String>>,
    ) -> Result<Reply, Failure> {
        let patient = self.find_waiting(who)?;
        self.happens(patient, Happening::Tell { minutes, text });
        Ok(Reply::Done)
    }

    pub(super) fn decline(&mut self, who: &Who, text: Option<Phi<String>>) -> Result<Reply, Failure> {
        let patient = self.find_waiting(who)?;
        self.happens(patient, Happening::Decline { text });
        Ok(Reply::Done)
    }

    fn find_waiting(&mut self, who: &Who) -> Result<PatientId, Failure> {
        let patient = self.find(who)?;
        if self.room().iter().any(|waiting| waiting.patient == patient) {
            return Ok(patient);
        }
        Err(refused("that patient is not in the waiting room").hint("'bedside room list' shows who is there"))
    }

    fn running_patient(&mut self) -> Result<PatientId, Failure> {
        let running = self.open()?.visits.iter().find(|(_, visiting)| visiting.running());
        running.map(|(patient, _)| *patient).ok_or_else(|| refused("no visit is running"))
    }

    pub(super) fn set_devices(&mut self, microphone: Option<bool>, camera: Option<bool>) -> Result<Reply, Failure> {
        let patient = self.running_patient()?;
        let window = self.open()?.visits.get(&patient).and_then(|visiting| visiting.window);
        let client = window.ok_or_else(|| refused("the visit has no window").hint("run 'bedside call'"))?;
        self.says.push(Say::Call { client, message: ToCall::Set { microphone, camera } });
        Ok(Reply::Done)
    }

    pub(super) fn hang_up(&mut self) -> Result<Reply, Failure> {
        let patient = self.running_patient()?;
        self.happens(patient, Happening::HangUp);
        Ok(Reply::Done)
    }

    pub(super) fn compared(&mut self, same: bool) -> Result<Reply, Failure> {
        let patient = self.running_patient()?;
        let visiting = self.open()?.visits.get_mut(&patient);
        if let Some(visiting) = visiting {
            if visiting.machine.view().words.is_none() {
                return Err(refused("there are no words to compare yet"));
            }
            visiting.differed |= !same;
        }
        self.happens(patient, Happening::Compared { same });
        Ok(Reply::Done)
    }

    pub(super) fn list_visits(&mut self, client: ClientId, who: Option<&Who>) -> Result<Reply, Failure> {
        let patient = self.find_some(who)?;
        let visits = self.visits(patient)?;
        match patient {
            Some(_) => self.audit(Actor::Clinician, Action::PatientRead, About::count(patient, visits.len())),
            None => {
                let patients = visits.iter().map(|visit| visit.patient).collect();
                self.audit_list(client, Action::PatientRead, patients, visits.len());
            }
        }
        Ok(Reply::Visits(visits.into_iter().map(|visit| self.named(Some(visit.patient), visit)).collect()))
    }

    pub(super) fn show_visit(&mut self, id: Option<VisitId>) -> Result<Reply, Failure> {
        let visits = self.visits(None)?;
        let visit = visits.into_iter().find(|visit| id.is_none_or(|id| visit.id == id));
        let visit = visit.ok_or_else(|| refused("there is no such visit"))?;
        self.audit(Actor::Clinician, Action::PatientRead, About::record(Some(visit.patient), visit.id));
        Ok(Reply::Visit(self.named(Some(visit.patient), visit)))
    }

    /// Visits, newest first.
    fn visits(&mut self, patient: Option<PatientId>) -> Result<Vec<Visit>, Failure> {
        let book = &mut self.open()?.book;
        let mut visits = match patient {
            Some(patient) => book.list_of::<Visit>(patient)?,
            None => book.list::<Visit>()?,
        };
        visits.sort_by_key(|visit| std::cmp::Reverse((visit.knocked, visit.id)));
        Ok(visits)
    }
}

fn path(relayed: bool) -> Path {
    if relayed { Path::Relayed } else { Path::Direct }
}

/// What is kept of a visit as it stands.
fn record(
    patient: PatientId,
    appointment: Option<crate::base::id::AppointmentId>,
    visiting: &Visiting,
    now: Stamp,
) -> Visit {
    let view = visiting.machine.view();
    let kept = visiting.kept.as_ref();
    let compared_before = kept.and_then(|visit| visit.words_compared);
    let admitted_compared = kept.is_some() && view.compared && view.words.is_some();
    Visit {
        id: visiting.machine.visit(),
        patient,
        appointment: kept.and_then(|visit| visit.appointment).or(appointment),
        knocked: view.since,
        admitted: view.admitted,
        connected: view.connected,
        ended: view.ended,
        end_reason: view.end.map(|end| match end {
            End::Clinician => EndReason::Clinician,
            End::Patient => EndReason::Patient,
            End::Declined => EndReason::Declined,
            End::Lost => EndReason::Lost,
            End::WindowLost => EndReason::WindowLost,
            End::Unverified => EndReason::Unverified,
        }),
        path: view.relayed.map(path),
        codec: view.codec.clone(),
        words: view.words.clone().map_or_else(|| kept.map(|v| v.words.clone()).unwrap_or_default(), Vec::from),
        words_compared: compared_before.or_else(|| admitted_compared.then_some(now)),
        words_differed: visiting.differed,
    }
}
