//! The thread of messages on the patient's device, and what was seen before.

use super::outbox::Outbox;
use crate::base::{
    Phi, Stamp,
    id::{EnvelopeId, MessageId},
};
use crate::wire::content::AppointmentCard;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

const MESSAGES_MAX: usize = 500;
const TEXT_MAX_BYTES: usize = 1024 * 1024;
const SEEN_MAX: usize = 1024;

/// How far a message has come. Only `Received` is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// On this device.
    Queued,
    /// The relay has it.
    Sent,
    /// The other end has it durably.
    Received,
}

/// A message as the page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The same at both ends.
    pub id: MessageId,
    /// Written on this device.
    pub mine: bool,
    /// The text.
    #[serde(with = "crate::base::phi")]
    pub text: Phi<String>,
    /// When it was written, by the relay's clock.
    pub at: Stamp,
    /// How far it has come; always received for the other's.
    pub state: Delivery,
    /// The appointment of which it reminds, for the calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<AppointmentCard>,
}

/// The newest messages, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Thread(VecDeque<Message>);

impl Thread {
    /// Adds a message unless it is there. What is too much goes, but nothing that still waits to be received.
    pub(super) fn add(&mut self, message: Message, outbox: &Outbox) -> bool {
        if self.0.iter().any(|known| known.id == message.id) {
            return false;
        }
        self.0.push_back(message);
        let mut bytes: usize = self.0.iter().map(|message| message.text.expose().len()).sum();
        while self.0.len() > MESSAGES_MAX || bytes > TEXT_MAX_BYTES {
            let old = self.0.iter().position(|message| outbox.waits(message.id).is_none());
            let Some(old) = old.and_then(|place| self.0.remove(place)) else { break };
            bytes -= old.text.expose().len();
        }
        true
    }

    /// The other end has this message of ours. Returns whether that is news.
    pub(super) fn received(&mut self, id: MessageId) -> bool {
        let ours = self.0.iter_mut().find(|message| message.mine && message.id == id);
        ours.is_some_and(|message| std::mem::replace(&mut message.state, Delivery::Received) != Delivery::Received)
    }

    /// The messages, with how far each has come.
    pub(super) fn shown(&self, outbox: &Outbox) -> Vec<Message> {
        let shown = self.0.iter().cloned().map(|mut message| {
            if message.state != Delivery::Received {
                let sent = outbox.waits(message.id) == Some(true);
                message.state = if sent { Delivery::Sent } else { Delivery::Queued };
            }
            message
        });
        shown.collect()
    }
}

/// Envelopes that were opened, with the message they held: a double is not opened again, but answered again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Seen(VecDeque<(EnvelopeId, Option<MessageId>)>);

impl Seen {
    pub(super) fn find(&self, id: EnvelopeId) -> Option<Option<MessageId>> {
        self.0.iter().rev().find(|(seen, _)| *seen == id).map(|(_, message)| *message)
    }

    pub(super) fn add(&mut self, id: EnvelopeId, message: Option<MessageId>) {
        if self.0.len() >= SEEN_MAX {
            self.0.pop_front();
        }
        self.0.push_back((id, message));
    }
}

#[cfg(test)]
mod tests {
    use super::super::outbox::What;
    use super::*;

    fn message(text: &str, mine: bool) -> Message {
        Message {
            id: MessageId::random(),
            mine,
            text: text.into(),
            at: Stamp(0),
            state: Delivery::Queued,
            appointment: None,
        }
    }

    #[test]
    fn thread_is_bounded_but_keeps_what_waits() {
        let (mut thread, mut outbox) = (Thread::default(), Outbox::default());
        let waiting = message("not received yet", true);
        outbox.push(EnvelopeId::random(), What::Text(waiting.id), vec![], 0);
        assert!(thread.add(waiting.clone(), &outbox));
        assert!(!thread.add(waiting.clone(), &outbox), "once");
        for _ in 0..MESSAGES_MAX + 50 {
            thread.add(message("x", false), &outbox);
        }
        for _ in 0..30 {
            thread.add(message(&"y".repeat(64 * 1024), false), &outbox);
        }
        let shown = thread.shown(&outbox);
        assert_eq!(shown.first(), Some(&waiting));
        let bytes: usize = shown.iter().map(|message| message.text.expose().len()).sum();
        assert!(shown.len() <= MESSAGES_MAX && bytes <= TEXT_MAX_BYTES);
    }
}
