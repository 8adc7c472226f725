//! What this end says: seal, keep, send.

use super::{
    Asked, Guest, Trouble, bell,
    outbox::{TEXTS_MAX, What},
    thread::{Delivery, Message},
};
use crate::base::{
    Phi, Stamp,
    id::{EnvelopeId, MessageId},
};
use crate::wire::{
    content::{Body, Content, TEXT_MAX_BYTES},
    envelope::{Envelope, EnvelopeKind},
    relay::Op,
    to_cbor,
};
use std::time::Duration;
use zeroize::Zeroizing;

/// How often this end proposes a fresh key of its own, at the most.
const RENEW_EVERY: Duration = Duration::from_secs(12 * 60 * 60);
/// Receipts in one envelope.
const RECEIPTS_MAX: usize = 64;

impl Guest {
    /// The person wrote something.
    pub(super) fn write(&mut self, text: Phi<String>, now: Stamp) {
        let fits = (1..=TEXT_MAX_BYTES).contains(&text.expose().len());
        if !fits || self.conversation.is_none() || self.kept.outbox.texts() >= TEXTS_MAX {
            self.trouble = Some(Trouble::NotTaken);
            return;
        }
        if self.trouble == Some(Trouble::NotTaken) {
            self.trouble = None;
        }
        let (id, at) = (MessageId::random(), self.corrected(now));
        self.say(Body::Text { id, text: text.clone(), appointment: None }, What::Text(id), false, now);
        let message = Message { id, mine: true, text, at, state: Delivery::Queued, appointment: None };
        self.kept.thread.add(message, &self.kept.outbox);
    }

    /// Seals something for the clinician and puts it into the outbox, to leave with the next state.
    pub(super) fn say(&mut self, body: Body, what: What, rings: bool, now: Stamp) {
        let content = Zeroizing::new(to_cbor(&Content { at: self.corrected(now), body }));
        let Some(sealed) = self.conversation.as_mut().and_then(|ours| ours.encrypt(&content, &[]).ok()) else { return };
        self.post(sealed, what, rings);
    }

    fn post(&mut self, body: Vec<u8>, what: What, rings: bool) {
        let id = EnvelopeId::random();
        let bell = bell(&self.kept.doorbell.0, rings, id);
        let envelope = Envelope { id, kind: EnvelopeKind::Message, bell, body };
        let bytes = envelope.to_bytes().expect("invariant: seal makes no message longer than an envelope");
        self.kept.outbox.push(id, what, bytes, self.making);
        self.dirty = true;
    }

    /// Says which messages are about to be kept; it leaves after they are.
    pub(super) fn confirm(&mut self, now: Stamp) {
        // One state, one receipt: while a state is being kept, they gather.
        if self.keeping.is_some() {
            return;
        }
        let mut receipts = std::mem::take(&mut self.receipts);
        receipts.sort_unstable();
        receipts.dedup();
        for ids in receipts.chunks(RECEIPTS_MAX) {
            self.say(Body::Received { ids: ids.to_vec() }, What::Passing, false, now);
        }
    }

    /// Proposes a fresh key of ours, for the clinician to commit between visits.
    pub(super) fn renew(&mut self, now: Stamp) {
        if self.kept.proposed.is_some_and(|at| now.since(at) < RENEW_EVERY) {
            return;
        }
        if let Some(proposal) = self.conversation.as_mut().and_then(|ours| ours.propose_update().ok()) {
            self.kept.proposed = Some(now);
            self.post(proposal, What::Passing, false);
        }
    }

    /// Sends what is kept and was not sent.
    pub(super) fn flush(&mut self, now: Stamp) {
        if !self.reading || self.pause.is_some_and(|until| now < until) {
            return;
        }
        self.pause = None;
        for (id, envelope) in self.kept.outbox.take(self.safe, self.mailbox.under_way()) {
            self.ask(Asked::Send(id), Op::Send { queue: self.kept.writer, envelope });
        }
    }

    /// The relay has it.
    pub(super) fn sent(&mut self, id: EnvelopeId, now: Stamp) {
        if self.trouble == Some(Trouble::MailboxFull) {
            self.trouble = None;
        }
        if self.kept.outbox.sent(id, now).is_some_and(|what| what != What::Passing) {
            self.dirty = true;
        }
    }
}
