//! What still has to reach the other end, in order. An envelope is made once; every retry sends the same bytes.

use crate::base::{
    Stamp,
    id::{EnvelopeId, MessageId},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What is said in passing (signals, receipts) is sent again for so long after the relay took it, in case the relay
/// forgets it; after that it is out of date.
const PASSING_FOR: Duration = Duration::from_secs(60);
/// So many envelopes may be under way unanswered.
const WINDOW: usize = 16;
/// More than this in passing, and the oldest are out of date.
const PASSING_MAX: usize = 256;
/// Messages that wait for the other end.
pub(super) const TEXTS_MAX: usize = 100;

/// What a parcel is, and so how long it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    /// Until the first word from the clinician.
    Welcome,
    /// Until the other end has it durably.
    Text(MessageId),
    /// A receipt, a fresh key: until the relay has had it for a while.
    Passing,
    /// A visit's signal: the same, and of no use after the visit.
    Signal,
}

impl What {
    const fn passes(self) -> bool {
        matches!(self, Self::Passing | Self::Signal)
    }
}

/// An envelope as it is sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Parcel {
    pub(super) id: EnvelopeId,
    pub(super) what: What,
    #[serde(with = "serde_bytes")]
    bytes: Vec<u8>,
    /// When the relay took it, in this life of the relay.
    sent: Option<Stamp>,
    /// Under way on this connection.
    #[serde(skip)]
    asked: bool,
    /// The state that holds it, by number; 0 is one that was loaded.
    #[serde(skip)]
    state: u64,
}

/// The parcels, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Outbox(Vec<Parcel>);

impl Outbox {
    /// Puts an envelope at the end; it may leave once state `state` is kept.
    pub(super) fn push(&mut self, id: EnvelopeId, what: What, bytes: Vec<u8>, state: u64) {
        let passing = self.0.iter().filter(|parcel| parcel.what.passes()).count();
        if passing >= PASSING_MAX
            && let Some(oldest) = self.0.iter().position(|parcel| parcel.what.passes() && !parcel.asked)
        {
            self.0.remove(oldest);
        }
        self.0.push(Parcel { id, what, bytes, sent: None, asked: false, state });
    }

    /// What may be sent now, given the newest state that is kept and how many are under way.
    pub(super) fn take(&mut self, kept: u64, under_way: usize) -> Vec<(EnvelopeId, Vec<u8>)> {
        let room = WINDOW.saturating_sub(under_way);
        // In order: what is not kept yet holds up what follows it.
        let ready = self.0.iter_mut().take_while(|parcel| parcel.state <= kept);
        let ready = ready.filter(|parcel| parcel.sent.is_none() && !parcel.asked).take(room);
        ready
            .map(|parcel| {
                parcel.asked = true;
                (parcel.id, parcel.bytes.clone())
            })
            .collect()
    }

    /// The relay has it.
    pub(super) fn sent(&mut self, id: EnvelopeId, now: Stamp) -> Option<What> {
        let parcel = self.0.iter_mut().find(|parcel| parcel.id == id)?;
        (parcel.sent, parcel.asked) = (Some(now), false);
        Some(parcel.what)
    }

    /// The relay did not take it; it stays.
    pub(super) fn refused(&mut self, id: EnvelopeId) {
        if let Some(parcel) = self.0.iter_mut().find(|parcel| parcel.id == id) {
            parcel.asked = false;
        }
    }

    /// The relay will not ever take it.
    pub(super) fn remove(&mut self, id: EnvelopeId) {
        self.0.retain(|parcel| parcel.id != id);
    }

    /// The other end has it.
    pub(super) fn received(&mut self, what: What) {
        self.0.retain(|parcel| parcel.what != what);
    }

    /// The connection is gone; nobody will answer what was asked on it.
    pub(super) fn disconnect(&mut self) {
        self.0.iter_mut().for_each(|parcel| parcel.asked = false);
    }

    /// The relay has forgotten everything. Returns whether that changes anything.
    pub(super) fn forgotten(&mut self) -> bool {
        let any = self.0.iter().any(|parcel| parcel.sent.is_some());
        self.0.iter_mut().for_each(|parcel| parcel.sent = None);
        any
    }

    /// Drops what was said in passing and is out of date.
    pub(super) fn prune(&mut self, now: Stamp) {
        let stale = |parcel: &Parcel| parcel.sent.is_some_and(|at| now.since(at) >= PASSING_FOR);
        self.0.retain(|parcel| !parcel.what.passes() || !stale(parcel));
    }

    /// The visit they belong to is long over.
    pub(super) fn hush(&mut self) {
        self.received(What::Signal);
    }

    /// How many messages wait for the other end.
    pub(super) fn texts(&self) -> usize {
        self.0.iter().filter(|parcel| matches!(parcel.what, What::Text(_))).count()
    }

    /// Whether this message waits, and whether the relay has it.
    pub(super) fn waits(&self, id: MessageId) -> Option<bool> {
        self.0.iter().find(|parcel| parcel.what == What::Text(id)).map(|parcel| parcel.sent.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(outbox: &mut Outbox, what: What, state: u64) -> EnvelopeId {
        let id = EnvelopeId::random();
        outbox.push(id, what, vec![1], state);
        id
    }

    #[test]
    fn nothing_leaves_before_it_is_kept_nor_out_of_order() {
        let mut outbox = Outbox::default();
        let first = push(&mut outbox, What::Welcome, 1);
        push(&mut outbox, What::Passing, 2);
        assert!(outbox.take(0, 0).is_empty());
        let ready = outbox.take(1, 0);
        assert_eq!(ready.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [first]);
        assert!(outbox.take(1, 1).is_empty(), "it is under way");
        outbox.disconnect();
        assert_eq!(outbox.take(2, 0).len(), 2, "a new connection, the same parcels");
    }

    #[test]
    fn forgetful_relay_gets_everything_again_that_was_not_received() {
        let mut outbox = Outbox::default();
        let text = What::Text(MessageId::random());
        let (id, passing) = (push(&mut outbox, text, 0), push(&mut outbox, What::Passing, 0));
        let first = outbox.take(0, 0);
        outbox.sent(id, Stamp(0));
        outbox.sent(passing, Stamp(0));
        assert!(outbox.take(0, 0).is_empty());
        assert!(outbox.forgotten());
        assert_eq!(outbox.take(0, 0), first, "the very same bytes");
        outbox.sent(id, Stamp(0));
        outbox.sent(passing, Stamp(0));
        outbox.prune(Stamp(60_000));
        outbox.received(text);
        assert!(!outbox.forgotten());
    }

    #[test]
    fn what_is_said_in_passing_is_bounded() {
        let mut outbox = Outbox::default();
        for _ in 0..2 * PASSING_MAX {
            push(&mut outbox, What::Passing, 0);
        }
        assert_eq!(outbox.0.len(), PASSING_MAX);
        assert_eq!(outbox.take(0, 0).len(), WINDOW);
    }
}
