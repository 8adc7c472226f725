//! What is on its way to a patient and not yet *received*: the sealed bytes themselves, so that sending again is
//! byte for byte the same.

use crate::base::id::{BootId, EnvelopeId, MessageId, PatientId, QueueId};
use crate::record::{Record, RecordKind, Standing};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// A signal is of use for so long; anything else that the relay took is said again for so long if the relay forgets.
const PASSING_FOR: Duration = Duration::from_secs(60);
/// More than this in passing, and the oldest are out of date.
const PASSING_MAX: usize = 256;

/// An envelope that carries a message of the thread.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Outgoing {
    /// The envelope.
    pub(super) id: EnvelopeId,
    /// To whom.
    pub(super) patient: PatientId,
    /// The message in it.
    pub(super) message: MessageId,
    /// The padded envelope.
    #[serde(with = "serde_bytes")]
    pub(super) bytes: Vec<u8>,
}

impl Record for Outgoing {
    const KIND: RecordKind = RecordKind::Envelope;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        *self.id.as_bytes()
    }
    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }
    /// Until it is received, which ends the record.
    fn standing(&self) -> Standing {
        Standing::Pending
    }
}

/// What is said in passing (signals, receipts, cards), in memory only: a relay that was away when it was said, or that
/// has forgotten it since, is told once more.
#[derive(Default)]
pub(super) struct Passing(VecDeque<Whisper>);

struct Whisper {
    queue: QueueId,
    id: EnvelopeId,
    bytes: Vec<u8>,
    /// Of a visit: out of date soon, sent or not.
    signal: bool,
    at: Instant,
    /// The relay's life that took it.
    sent: Option<BootId>,
}

impl Passing {
    /// Something is said now.
    pub(super) fn add(&mut self, queue: QueueId, id: EnvelopeId, bytes: Vec<u8>, signal: bool, now: Instant) {
        self.prune(now);
        if self.0.len() >= PASSING_MAX {
            self.0.pop_front();
        }
        self.0.push_back(Whisper { queue, id, bytes, signal, at: now, sent: None });
    }

    /// The relay took it.
    pub(super) fn sent(&mut self, id: EnvelopeId, boot: Option<BootId>) {
        if let Some(whisper) = self.0.iter_mut().find(|whisper| whisper.id == id) {
            whisper.sent = boot;
        }
    }

    /// What this life of the relay does not have, in the old order.
    pub(super) fn again(&mut self, boot: Option<BootId>, now: Instant) -> Vec<(QueueId, EnvelopeId, Vec<u8>)> {
        self.prune(now);
        let lacking = self.0.iter().filter(|whisper| whisper.sent.is_none() || whisper.sent != boot);
        lacking.map(|whisper| (whisper.queue, whisper.id, whisper.bytes.clone())).collect()
    }

    /// Nobody reads this queue any more.
    pub(super) fn forget(&mut self, queue: QueueId) {
        self.0.retain(|whisper| whisper.queue != queue);
    }

    fn prune(&mut self, now: Instant) {
        let old = |whisper: &Whisper| now.saturating_duration_since(whisper.at) >= PASSING_FOR;
        self.0.retain(|whisper| !(whisper.signal || whisper.sent.is_some()) || !old(whisper));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_relay_never_took_or_forgot_is_said_again_while_it_is_of_use() {
        let (mut passing, now, queue) = (Passing::default(), Instant::now(), QueueId::random());
        let [signal, card, taken] = std::array::from_fn(|_| EnvelopeId::random());
        for (id, is_signal) in [(signal, true), (card, false), (taken, true)] {
            passing.add(queue, id, vec![1], is_signal, now);
        }
        let (boot, another) = (Some(BootId::random()), Some(BootId::random()));
        passing.sent(taken, boot);
        let ids = |again: Vec<(_, EnvelopeId, _)>| again.into_iter().map(|(_, id, _)| id).collect::<Vec<_>>();
        assert_eq!(ids(passing.again(boot, now)), [signal, card]);
        assert_eq!(ids(passing.again(another, now)), [signal, card, taken], "it has forgotten");
        assert_eq!(ids(passing.again(another, now + PASSING_FOR)), [card], "a signal is of no use later");
        for _ in 0..2 * PASSING_MAX {
            passing.add(queue, EnvelopeId::random(), vec![1], false, now);
        }
        assert_eq!(passing.again(boot, now).len(), PASSING_MAX);
        passing.forget(queue);
        assert!(passing.again(boot, now).is_empty());
    }
}
