//! Messages, and what else is said to a patient's page.

use super::{ClientId, Desk, Open, Say};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::agent::outbox::Outgoing;
use crate::base::id::{EnvelopeId, MessageId, PatientId};
use crate::base::{Failure, Kind, Phi, Stamp};
use crate::record::{Action, Actor, AppointmentKind, AppointmentStatus, Attached, Delivery, Message, Sender};
use crate::wire::agent::{Changed, Reply, Who};
use crate::wire::content::{AppointmentCard, Body, Content, TEXT_MAX_BYTES};
use std::collections::HashSet;

const LIST_MAX: u32 = 10_000;

impl Desk {
    pub(super) fn send_message(&mut self, who: &Who, text: Phi<String>) -> Result<Reply, Failure> {
        let patient = self.find(who)?;
        if text.expose().trim().is_empty() {
            return Err(Failure::new(Kind::Usage, "the message is empty"));
        }
        if text.expose().len() > TEXT_MAX_BYTES {
            return Err(refused("the message is longer than 64 KiB").hint("split it, or send it as a file"));
        }
        let (now, at) = (self.now(), self.agreed_now());
        let message = Message {
            id: MessageId::random(),
            patient,
            from: Sender::Clinician,
            text,
            at,
            delivery: Delivery::Queued,
            read: Some(now),
            appointment: None,
        };
        self.put_in_outbox(&message)?;
        self.open()?.book.put(&message, now);
        self.audit(Actor::Clinician, Action::MessageSend, About::record(Some(patient), message.id));
        self.changed(Changed::Message, Some(patient));
        Ok(Reply::Message(self.named(Some(patient), message)))
    }

    /// Seals a message and stages it for sending.
    pub(super) fn put_in_outbox(&mut self, message: &Message) -> Result<(), Failure> {
        let now = self.now();
        let appointment = message.appointment.map(|Attached { start, end, kind, .. }| AppointmentCard {
            start,
            end,
            video: kind == AppointmentKind::Visit,
        });
        let body = Body::Text { id: message.id, text: message.text.clone(), appointment };
        let content = Content { at: message.at, body };
        let (queue, id, bytes) = self.seal(message.patient, &content)?;
        let outgoing = Outgoing { id, patient: message.patient, message: message.id, bytes: bytes.clone() };
        let open = self.open()?;
        open.book.put(&outgoing, now);
        open.outbox.insert(id, (outgoing, None));
        self.says.push(Say::Send { queue, id, bytes });
        Ok(())
    }

    /// Seals something for a patient's page; the conversation's state is durable when it returns.
    fn seal(
        &mut self,
        patient: PatientId,
        content: &Content,
    ) -> Result<(crate::base::id::QueueId, EnvelopeId, Vec<u8>), Failure> {
        let Open { book, threads, .. } = self.open()?;
        let thread = threads
            .get_mut(&patient)
            .ok_or_else(|| refused("this patient has not opened a link yet").hint("run 'bedside patient invite'"))?;
        let envelope = thread.seal(content)?;
        let bytes = envelope.to_bytes().map_err(|error| Failure::new(Kind::Bug, error.to_string()))?;
        thread.store(book.vault())?;
        Ok((thread.writer(), envelope.id, bytes))
    }

    /// Says something that need not survive the agent. A relay that is away gets it when it is back.
    pub(super) fn whisper(&mut self, patient: PatientId, body: Body) {
        let signal = matches!(body, Body::Visit { .. });
        let content = Content { at: self.agreed_now(), body };
        match self.seal(patient, &content) {
            Ok((queue, id, bytes)) => self.says.push(Say::Whisper { queue, id, bytes, signal }),
            Err(failure) => tracing::debug!(kind = ?failure.kind, "nothing was said"),
        }
    }

    /// Sends every paired page what it shows about the practice and the next appointment.
    pub(super) fn send_cards(&mut self) {
        let Ok(open) = self.open() else { return };
        let paired: Vec<_> = open.threads.values().filter(|t| t.paired()).map(|t| t.patient()).collect();
        for patient in paired {
            self.send_card(patient);
        }
    }

    pub(super) fn send_card(&mut self, patient: PatientId) {
        if let Ok(card) = self.card() {
            self.whisper(patient, Body::Practice(card));
        }
        self.send_next_appointment(patient);
    }

    pub(super) fn send_next_appointment(&mut self, patient: PatientId) {
        let now = self.now();
        let Ok(open) = self.open() else { return };
        if !open.threads.get(&patient).is_some_and(|thread| thread.paired()) {
            return;
        }
        let next = open
            .book
            .appointments_of(patient)
            .filter(|appointment| appointment.ends() > now)
            .filter(|appointment| {
                !matches!(
                    appointment.status,
                    AppointmentStatus::Cancelled | AppointmentStatus::Noshow | AppointmentStatus::Fulfilled
                )
            })
            .min_by_key(|appointment| appointment.begins())
            .map(|appointment| AppointmentCard {
                start: appointment.begins(),
                end: appointment.ends(),
                video: appointment.kind == AppointmentKind::Visit,
            });
        self.whisper(patient, Body::NextAppointment(next));
    }

    /// A message from a patient; said again, it is kept once.
    pub(super) fn take_message(&mut self, patient: PatientId, id: MessageId, text: Phi<String>, at: Stamp) {
        let now = self.now();
        let Ok(open) = self.open() else { return };
        match open.book.get::<Message>(*id.as_bytes()) {
            Ok(None) => {}
            // Known already, or not to be told now: then it comes again.
            _ => return,
        }
        let message = Message {
            id,
            patient,
            from: Sender::Patient,
            text,
            at,
            delivery: Delivery::Received,
            read: None,
            appointment: None,
        };
        open.book.put(&message, now);
        self.audit(Actor::Patient, Action::MessageReceive, About::record(Some(patient), id));
        self.event(crate::wire::agent::Event::MessageArrived { patient, id });
        self.changed(Changed::Message, Some(patient));
    }

    /// The patient's page keeps these messages: they need not be sent any more.
    pub(super) fn take_receipt(&mut self, patient: PatientId, ids: &[MessageId]) {
        let now = self.now();
        let Ok(open) = self.open() else { return };
        let received: HashSet<_> = ids.iter().collect();
        let done: Vec<EnvelopeId> = open
            .outbox
            .values()
            .filter(|(outgoing, _)| outgoing.patient == patient && received.contains(&outgoing.message))
            .map(|(outgoing, _)| outgoing.id)
            .collect();
        let done: Vec<Outgoing> = done.iter().filter_map(|id| open.outbox.remove(id)).map(|(out, _)| out).collect();
        for outgoing in &done {
            open.book.remove(outgoing, now);
        }
        for outgoing in done {
            self.deliver(outgoing.message, Delivery::Received);
        }
    }

    /// The relay has an envelope.
    pub(super) fn envelope_sent(&mut self, id: EnvelopeId) {
        let boot = self.boot;
        let Ok(open) = self.open() else { return };
        open.passing.sent(id, boot);
        if let Some((outgoing, _)) = open.outbox.get(&id) {
            let message = outgoing.message;
            self.deliver(message, Delivery::Sent);
        }
    }

    /// A message has come further; it never goes back.
    fn deliver(&mut self, id: MessageId, delivery: Delivery) {
        let now = self.now();
        let Ok(open) = self.open() else { return };
        if let Ok(Some(mut message)) = open.book.get::<Message>(*id.as_bytes())
            && message.delivery < delivery
        {
            message.delivery = delivery;
            open.book.put(&message, now);
            self.changed(Changed::Message, Some(message.patient));
        }
    }

    /// Sends again what is not received: all of it to a relay that has forgotten, else what it never had. Commits go
    /// first, for without them nothing after them can be read.
    pub(super) fn send_outbox(&mut self) {
        let boot = self.boot;
        let Ok(open) = self.open() else { return };
        let commits: Vec<Say> = open
            .threads
            .values()
            .filter_map(|thread| {
                thread.unconfirmed().map(|(id, bytes)| Say::Send { queue: thread.writer(), id, bytes })
            })
            .collect();
        let passing = open.passing.again(boot, std::time::Instant::now());
        let mut again: Vec<_> = open.outbox.values().filter(|(_, sent)| *sent != boot).map(|(out, _)| out).collect();
        again.sort_by_key(|outgoing| outgoing.message);
        let says: Vec<Say> = again
            .into_iter()
            .filter_map(|out| {
                let queue = open.threads.get(&out.patient)?.writer();
                Some(Say::Send { queue, id: out.id, bytes: out.bytes.clone() })
            })
            .collect();
        self.says.extend(commits);
        self.says.extend(says);
        self.says.extend(passing.into_iter().map(|(queue, id, bytes)| Say::Send { queue, id, bytes }));
    }

    /// A new device cannot read what was sealed for the old one: whatever no device received is sealed again, oldest
    /// first. The messages themselves say so, for their envelopes went when the new link was made.
    pub(super) fn reseal_outbox(&mut self, patient: PatientId) -> Result<(), Failure> {
        self.drop_outgoing(patient)?;
        let waiting = self.not_received(patient)?;
        waiting.iter().try_for_each(|message| self.put_in_outbox(message))
    }

    /// The messages to a patient that no device received, oldest first.
    pub(super) fn not_received(&mut self, patient: PatientId) -> Result<Vec<Message>, Failure> {
        let mut waiting = self.open()?.book.list_of::<Message>(patient)?;
        waiting.retain(|message| message.from == Sender::Clinician && message.delivery != Delivery::Received);
        waiting.sort_by_key(|message| (message.at, message.id));
        Ok(waiting)
    }

    /// Takes a patient's envelopes out of the outbox.
    pub(super) fn drop_outgoing(&mut self, patient: PatientId) -> Result<(), Failure> {
        let now = self.now();
        let open = self.open()?;
        let ids: Vec<_> = open.outbox.values().filter(|(o, _)| o.patient == patient).map(|(o, _)| o.id).collect();
        for id in ids {
            if let Some((outgoing, _)) = open.outbox.remove(&id) {
                open.book.remove(&outgoing, now);
            }
        }
        Ok(())
    }

    pub(super) fn list_messages(
        &mut self,
        client: ClientId,
        who: Option<&Who>,
        limit: u32,
        read: bool,
    ) -> Result<Reply, Failure> {
        let patient = self.find_some(who)?;
        let now = self.now();
        let book = &mut self.open()?.book;
        let mut messages = match patient {
            Some(patient) => book.list_of::<Message>(patient)?,
            None => book.list::<Message>()?,
        };
        messages.sort_by_key(|message| (message.at, message.id));
        messages.drain(..messages.len().saturating_sub(limit.min(LIST_MAX) as usize));
        let mut fresh = false;
        if read {
            for message in messages.iter_mut().filter(|message| message.read.is_none()) {
                message.read = Some(now);
                book.put(message, now);
                fresh = true;
            }
        }
        match patient {
            Some(_) => self.audit(Actor::Clinician, Action::MessageRead, About::count(patient, messages.len())),
            None => {
                let patients = messages.iter().map(|message| message.patient).collect();
                self.audit_list(client, Action::MessageRead, patients, messages.len());
            }
        }
        if fresh {
            self.changed(Changed::Message, patient);
        }
        Ok(Reply::Messages(messages.into_iter().map(|message| self.named(Some(message.patient), message)).collect()))
    }
}
