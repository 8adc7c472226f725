//! One connection to the relay as the patient's end sees it: the greeting, the numbers of requests, their signatures
//! and which answer belongs to which. Knows no content and keeps nothing when the connection goes.

use crate::base::{
    Stamp,
    id::{BootId, EnvelopeId, QueueId},
};
use crate::seal::QueueKey;
use crate::wire::{
    from_cbor,
    relay::{Answer, FromRelay, MESSAGE_MAX_BYTES, Op, Request, VERSION},
    to_cbor,
};
use std::collections::BTreeMap;

/// What a request was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Claim,
    Read,
    Send(EnvelopeId),
    Acknowledge,
    Ping,
}

/// What the relay said.
#[derive(Debug)]
pub(super) enum Heard {
    /// Its first words: now it can be asked.
    Hello { boot: BootId, now: Stamp },
    /// Another version of the protocol.
    Outdated,
    /// What became of a request.
    Answer(Asked, Answer),
    /// An envelope.
    Delivery { queue: QueueId, sequence: u64, envelope: Vec<u8> },
    /// Our queue is not delivered here any more.
    Gone(QueueId),
    /// Nothing that concerns us.
    Nothing,
}

/// A connection, or none.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    connected: bool,
    challenge: Option<[u8; 32]>,
    next: u32,
    asked: BTreeMap<u32, Asked>,
}

impl Mailbox {
    pub(super) fn connect(&mut self) {
        *self = Self { connected: true, ..Self::default() };
    }

    pub(super) fn disconnect(&mut self) {
        *self = Self::default();
    }

    /// There is a connection, whether or not the relay has greeted.
    pub(super) fn connected(&self) -> bool {
        self.connected
    }

    /// The relay has greeted and can be asked.
    pub(super) fn greeted(&self) -> bool {
        self.challenge.is_some()
    }

    /// Whether this was asked and is not answered yet.
    pub(super) fn waits(&self, asked: Asked) -> bool {
        self.asked.values().any(|waiting| *waiting == asked)
    }

    /// How many envelopes are under way.
    pub(super) fn under_way(&self) -> usize {
        self.asked.values().filter(|asked| matches!(asked, Asked::Send(_))).count()
    }

    /// The bytes of a request, or `None` before the greeting.
    pub(super) fn ask(&mut self, asked: Asked, op: Op, key: Option<&QueueKey>) -> Option<Vec<u8>> {
        let challenge = self.challenge?;
        let n = self.next;
        self.next = self.next.wrapping_add(1);
        self.asked.insert(n, asked);
        let request = match key {
            Some(key) => Request::signed(n, op, &challenge, key.signing_key()),
            None => Request::unsigned(n, op),
        };
        Some(to_cbor(&request))
    }

    /// Reads what came. Anything that is not the protocol's is nothing.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> Heard {
        if bytes.len() > MESSAGE_MAX_BYTES {
            return Heard::Nothing;
        }
        match from_cbor(bytes) {
            Ok(FromRelay::Hello(hello)) if hello.version != VERSION => Heard::Outdated,
            Ok(FromRelay::Hello(hello)) if self.connected && self.challenge.is_none() => {
                self.challenge = Some(hello.challenge);
                Heard::Hello { boot: hello.boot, now: hello.now }
            }
            Ok(FromRelay::Answer { n, answer }) => match self.asked.remove(&n) {
                Some(asked) => Heard::Answer(asked, answer),
                None => Heard::Nothing,
            },
            Ok(FromRelay::Delivery { queue, sequence, envelope }) => Heard::Delivery { queue, sequence, envelope },
            Ok(FromRelay::Gone { queue }) => Heard::Gone(queue),
            Ok(FromRelay::Hello(_) | FromRelay::Claimed { .. }) | Err(_) => Heard::Nothing,
        }
    }
}
