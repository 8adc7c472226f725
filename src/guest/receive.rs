//! What comes from the relay, and what the clinician says in it.

use super::{
    Guest, Output, Trouble,
    mailbox::Heard,
    outbox::What,
    thread::{Delivery, Message},
};
use crate::base::{
    Phi, Stamp,
    id::{EnvelopeId, MessageId, QueueId},
};
use crate::seal::{Opened, SealError};
use crate::visit::patient;
use crate::wire::{
    content::{Body, Content, PracticeCard, TEXT_MAX_BYTES},
    envelope::{Envelope, EnvelopeKind},
    from_cbor,
};
use serde_bytes::ByteBuf;
use std::time::Duration;

/// Envelopes that may wait for a commit, and their bytes.
const EARLY_MAX: usize = 64;
const EARLY_MAX_BYTES: usize = 1024 * 1024;
/// The relay's clock is believed when it differs by more than this.
const OFFSET_MIN_MS: u64 = 1000;
/// A line of the practice's card.
const CARD_MAX_BYTES: usize = 2000;
/// Nobody writes in the future by more than this.
const AHEAD_MAX: Duration = Duration::from_secs(60);

impl Guest {
    pub(super) fn hear(&mut self, bytes: &[u8], now: Stamp) {
        match self.mailbox.hear(bytes) {
            Heard::Hello { boot, now: there } => {
                let offset_ms = there.0.saturating_sub(now.0);
                if offset_ms.abs_diff(self.kept.offset_ms) > OFFSET_MIN_MS {
                    self.kept.offset_ms = offset_ms;
                    self.dirty = true;
                }
                if self.kept.boot.replace(boot) != Some(boot) {
                    self.kept.outbox.forgotten();
                    self.dirty = true;
                }
                self.present();
            }
            Heard::Outdated => self.refuse_page(),
            Heard::Answer(asked, answer) => self.answered(asked, answer, now),
            Heard::Delivery { queue, sequence, envelope } => self.deliver(queue, sequence, &envelope, now),
            Heard::Gone(queue) if queue == self.kept.reader && self.reading => {
                self.reading = false;
                self.visit(patient::Event::Offline, now);
                self.try_later(now);
            }
            Heard::Gone(_) | Heard::Nothing => {}
        }
    }

    /// Another version is at the relay: what is kept stays, the page has to be loaded again.
    fn refuse_page(&mut self) {
        (self.refused, self.reading) = (Some(Trouble::Outdated), false);
    }

    fn deliver(&mut self, queue: QueueId, sequence: u64, bytes: &[u8], now: Stamp) {
        if queue != self.kept.reader || !self.reading {
            return;
        }
        self.opened = self.opened.max(Some(sequence));
        self.dirty = true;
        match Envelope::from_bytes(bytes) {
            Ok(envelope) if envelope.kind == EnvelopeKind::Message => self.open_envelope(envelope, now),
            _ => self.kept.dropped += 1,
        }
    }

    fn open_envelope(&mut self, envelope: Envelope, now: Stamp) {
        if let Some(message) = self.kept.seen.find(envelope.id) {
            // The other end sends again what it has no receipt for.
            self.receipts.extend(message);
            return;
        }
        match self.decrypt(envelope.id, &envelope.body, now) {
            Ok(()) => {}
            Err(SealError::FutureEpoch) => self.keep_early(envelope),
            Err(_) => self.kept.dropped += 1,
        }
    }

    fn decrypt(&mut self, id: EnvelopeId, body: &[u8], now: Stamp) -> Result<(), SealError> {
        let opened = self.conversation.as_mut().ok_or(SealError::OtherConversation)?.decrypt(body)?;
        // The clinician has joined: nobody has to open the link again.
        if self.kept.link.take().is_some() {
            self.kept.outbox.received(What::Welcome);
        }
        let mut message = None;
        let mut renewed = false;
        match opened {
            Opened::Content { plaintext, .. } => match from_cbor(&plaintext) {
                Ok(content) => message = self.take(content, now),
                Err(_) => self.kept.dropped += 1,
            },
            Opened::EpochChanged => renewed = true,
            Opened::UpdateProposed | Opened::Nothing => {}
        }
        self.kept.seen.add(id, message);
        if renewed {
            self.open_early(now);
        }
        Ok(())
    }

    /// An envelope that overtook its commit waits here, so that the mailbox goes on.
    fn keep_early(&mut self, envelope: Envelope) {
        let bytes: usize = self.kept.early.iter().map(|early| early.len()).sum();
        let Ok(sealed) = envelope.to_bytes() else { return };
        if self.kept.early.len() >= EARLY_MAX || bytes + sealed.len() > EARLY_MAX_BYTES {
            self.kept.dropped += 1;
        } else if !self.kept.early.iter().any(|early| *early == sealed) {
            self.kept.early.push(ByteBuf::from(sealed));
        }
    }

    fn open_early(&mut self, now: Stamp) {
        for sealed in std::mem::take(&mut self.kept.early) {
            if let Ok(envelope) = Envelope::from_bytes(&sealed) {
                self.open_envelope(envelope, now);
            }
        }
    }

    /// Something the clinician said. Returns the message it was, if it was one.
    fn take(&mut self, content: Content, now: Stamp) -> Option<MessageId> {
        match content.body {
            Body::Text { id, text, appointment } => {
                if !(1..=TEXT_MAX_BYTES).contains(&text.expose().len()) {
                    self.kept.dropped += 1;
                    return None;
                }
                let at = content.at.min(self.corrected(now).plus(AHEAD_MAX));
                let message = Message { id, mine: false, text, at, state: Delivery::Received, appointment };
                if self.kept.thread.add(message, &self.kept.outbox) {
                    self.out.push_back(Output::Ring);
                }
                self.receipts.push(id);
                return Some(id);
            }
            Body::Received { ids } => {
                for id in ids {
                    self.kept.thread.received(id);
                    self.kept.outbox.received(What::Text(id));
                }
            }
            Body::Practice(card) if fits(&card) => self.kept.practice = Some(card),
            Body::Practice(_) => self.kept.dropped += 1,
            Body::NextAppointment(card) => self.kept.appointment = card,
            Body::Visit { visit, signal } => {
                if self.visit.as_ref().is_some_and(|ours| ours.visit() == visit) {
                    self.visit(patient::Event::Signal(signal), now);
                }
            }
        }
        None
    }
}

fn fits(card: &PracticeCard) -> bool {
    let short = |text: &Phi<String>| text.expose().len() <= CARD_MAX_BYTES;
    short(&card.clinician) && card.phone.as_ref().is_none_or(short) && card.emergency.as_ref().is_none_or(short)
}
