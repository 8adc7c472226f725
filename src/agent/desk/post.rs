//! What the mailbox brings: envelopes, receipts of the relay, links that were opened.

use super::door::SPOOLED_ENVELOPE;
use super::{Desk, Open, Say, State};
use crate::agent::mailbox::{FromMailbox, ToMailbox};
use crate::agent::thread::{Received, Thread};
use crate::base::Failure;
use crate::base::id::{BootId, PatientId, QueueId};
use crate::record::{Action, Pairing};
use crate::seal::DoorbellKey;
use crate::vault::Spooled;
use crate::wire::agent::{Event, RelayState};
use crate::wire::content::{Body, Content, TEXT_MAX_BYTES};
use crate::wire::envelope::Envelope;
use crate::wire::relay::PublicKey;
use crate::wire::to_cbor;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How an envelope came.
#[derive(Clone, Copy)]
pub(super) enum Came {
    /// From the relay just now: acknowledged when it is kept.
    Relay(u64),
    /// While the vault was locked; the identifier it was spooled under.
    Spooled([u8; 16]),
}

/// A relay's clock is believed up to this.
const OFFSET_MAX_MS: u64 = 2 * 24 * 3600 * 1000;
/// Nobody writes in the future by more than this.
const AHEAD_MAX: Duration = Duration::from_secs(60);
/// Signals of a visit older than this are of a visit that is over.
const SIGNAL_FRESH: Duration = Duration::from_secs(45);

impl Desk {
    pub(super) fn mailbox_says(&mut self, message: FromMailbox) {
        match message {
            FromMailbox::Up { boot, offset_ms, round_trip } => self.relay_up(boot, offset_ms, round_trip),
            FromMailbox::RoundTrip(round_trip) => self.relay_is(up(round_trip)),
            FromMailbox::Down => self.relay_is(RelayState::Down),
            FromMailbox::Refused => self.relay_is(RelayState::Refused),
            FromMailbox::Sent(id) => self.envelope_sent(id),
            FromMailbox::Claimed { queue, times, key, seat: _seat } => {
                if let Err(failure) = self.link_opened(queue, times, key) {
                    tracing::warn!(kind = ?failure.kind, "an opened link was not noted");
                }
            }
            FromMailbox::Delivery { queue, sequence, bytes, seat: _seat } => {
                let taken = match self.state {
                    State::Locked(_) => self.spool(queue, sequence, &bytes),
                    State::Open(_) => self.take_delivery(queue, &bytes, Came::Relay(sequence)),
                    // Not acknowledged, so it comes again.
                    State::Missing | State::Broken(_) => Ok(()),
                };
                if let Err(failure) = taken {
                    // Not acknowledged: the relay keeps it and the next connection brings it again.
                    tracing::warn!(kind = ?failure.kind, "an envelope could not be kept");
                }
            }
        }
    }

    fn relay_is(&mut self, state: RelayState) {
        if self.relay != state {
            self.relay = state;
            self.event(Event::Relay(state));
        }
    }

    fn relay_up(&mut self, boot: BootId, offset_ms: i64, round_trip: Duration) {
        let forgot = self.boot.is_some_and(|before| before != boot);
        self.boot = Some(boot);
        // Further off, its time would stand in the record; ours is the better guess.
        self.offset_ms = Some(offset_ms).filter(|ms| ms.unsigned_abs() <= OFFSET_MAX_MS).unwrap_or(0);
        self.relay_is(up(round_trip));
        self.send_outbox();
        if forgot {
            self.send_cards();
        }
        self.visits_online();
    }

    /// A page opened a link.
    fn link_opened(&mut self, queue: QueueId, times: u32, key: PublicKey) -> Result<(), Failure> {
        // A locked agent goes on with the page's key, and learns of it again when it is open.
        for post in &mut self.carried.posts {
            if post.from_patient.reader == queue {
                post.to_patient.reader_key = key;
                post.from_patient.writer_key = key;
            }
        }
        let Ok(open) = self.open() else { return Ok(()) };
        let Some(patient) = open.readers.get(&queue).copied() else { return Ok(()) };
        let Some(thread) = open.threads.get_mut(&patient) else { return Ok(()) };
        if !thread.claimed(times, key) {
            return Ok(());
        }
        thread.store(open.book.vault())?;
        let (claims, post) = (thread.claims(), Box::new(thread.mailbox()));
        self.says.push(Say::Mailbox(ToMailbox::Learned(post)));
        if claims > 1 {
            self.change_patient(patient, Action::InviteOpenedTwice, |patient| {
                if let Pairing::Paired { claims: shown, verified, .. } = &mut patient.pairing {
                    (*shown, *verified) = (claims, None);
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Keeps an envelope sealed until the vault is open; rings if it is a knock.
    fn spool(&mut self, queue: QueueId, sequence: u64, bytes: &[u8]) -> Result<(), Failure> {
        let at = self.now();
        if let Ok(envelope) = Envelope::from_bytes(bytes) {
            let State::Locked(vault) = &mut self.state else { return Ok(()) };
            let body = Zeroizing::new(to_cbor(&(queue, serde_bytes::Bytes::new(bytes))));
            vault.spool(&Spooled { kind: SPOOLED_ENVELOPE, id: *envelope.id.as_bytes(), at, body })?;
            let doorbell = self.carried.posts.iter().find(|post| post.from_patient.reader == queue);
            let rings =
                doorbell.is_some_and(|post| DoorbellKey::from_bytes(post.doorbell).rings(envelope.id, &envelope.bell));
            if rings && self.rung.insert(queue, Instant::now()).is_none_or(|at| at.elapsed() >= super::RING_LASTS) {
                self.event(Event::Knocked { patient: None });
            }
        }
        self.says.push(Say::Mailbox(ToMailbox::Acknowledge { queue, sequence }));
        Ok(())
    }

    /// Opens an envelope, keeps what was in it, then the conversation's state, then lets the relay forget it.
    pub(super) fn take_delivery(&mut self, queue: QueueId, bytes: &[u8], came: Came) -> Result<(), Failure> {
        // What others staged must not share the fate of this.
        self.flush();
        let Open { readers, threads, .. } = self.open()?;
        let patient = readers.get(&queue).copied();
        let thread = patient.and_then(|patient| threads.get_mut(&patient));
        let received = match (thread, Envelope::from_bytes(bytes)) {
            (Some(thread), Ok(envelope)) => thread.open(&envelope),
            _ => Received::Nothing,
        };
        let then = match (patient, received) {
            (Some(patient), Received::Paired) => self.paired(patient)?,
            (Some(patient), Received::Said(content)) => self.said(patient, content),
            (Some(_), Received::Known(id)) => Then::Receipt(id),
            _ => Then::Nothing,
        };
        self.keep(patient, &came)?;
        if let Some(patient) = patient {
            self.follow(patient, then)?;
        }
        // After the receipt: should this agent die between the two, the envelope comes again and is confirmed again.
        if let Came::Relay(sequence) = came {
            self.says.push(Say::Mailbox(ToMailbox::Acknowledge { queue, sequence }));
        }
        Ok(())
    }

    /// Makes what came of a delivery durable. If that fails the conversation goes back to what is kept, so that the
    /// same envelope can be opened again.
    fn keep(&mut self, patient: Option<PatientId>, came: &Came) -> Result<(), Failure> {
        let spooled = match came {
            Came::Spooled(id) => Some(id),
            Came::Relay(_) => None,
        };
        let open = self.open()?;
        let Open { book, threads, .. } = open;
        let kept = book.commit(spooled).and_then(|()| match patient.and_then(|patient| threads.get_mut(&patient)) {
            Some(thread) => thread.store(book.vault()),
            None => Ok(()),
        });
        if let Err(error) = kept {
            book.reload()?;
            open.reload_outbox()?;
            let Open { book, threads, .. } = open;
            if let Some(patient) = patient
                && let Some(thread) = Thread::load(book.vault(), patient)?
            {
                threads.insert(patient, thread);
            }
            return Err(error.into());
        }
        Ok(())
    }

    /// A device joined the conversation: it is not verified.
    fn paired(&mut self, patient: PatientId) -> Result<Then, Failure> {
        let at = self.now();
        // Whoever waited did so with another device, which this conversation does not reach.
        self.forget_visit(patient);
        let thread = self.open()?.threads.get(&patient);
        let (invite, claims) = thread.map(|thread| (thread.invite_id(), thread.claims().max(1))).unzip();
        if let (Some(invite), Some(claims)) = (invite, claims) {
            self.change_patient(patient, Action::PatientPaired, |patient| {
                patient.pairing = Pairing::Paired { invite, at, claims, verified: None, sealed: false };
                Ok(())
            })?;
        }
        Ok(Then::Greet)
    }

    fn said(&mut self, patient: PatientId, content: Content) -> Then {
        match content.body {
            Body::Text { id, text, .. } if text.expose().len() <= TEXT_MAX_BYTES => {
                let at = content.at.min(self.agreed_now().plus(AHEAD_MAX));
                self.take_message(patient, id, text, at);
                Then::Receipt(id)
            }
            Body::Received { ids } => {
                self.take_receipt(patient, &ids);
                Then::Nothing
            }
            Body::Visit { visit, signal } if self.agreed_now().since(content.at) <= SIGNAL_FRESH => {
                Then::Visit(visit, signal)
            }
            // Too old, too long, or what only a practice says.
            Body::Visit { .. } | Body::Text { .. } | Body::Practice(_) | Body::NextAppointment(_) => Then::Nothing,
        }
    }

    /// What is said back, once what came is kept.
    fn follow(&mut self, patient: PatientId, then: Then) -> Result<(), Failure> {
        match then {
            Then::Nothing => {}
            Then::Greet => {
                self.send_card(patient);
                self.reseal_outbox(patient)?;
            }
            Then::Receipt(id) => self.whisper(patient, Body::Received { ids: vec![id] }),
            Then::Visit(visit, signal) => self.signal(patient, visit, signal),
        }
        Ok(())
    }
}

/// What follows from an envelope.
enum Then {
    Nothing,
    Greet,
    Receipt(crate::base::id::MessageId),
    Visit(crate::base::id::VisitId, crate::wire::content::Signal),
}

fn up(round_trip: Duration) -> RelayState {
    RelayState::Up { round_trip_ms: u32::try_from(round_trip.as_millis()).unwrap_or(u32::MAX) }
}
