//! One queue: envelopes in one direction, first in, first out, bounded, forgotten once acknowledged.

use super::{limit::Limits, mailbox::ConnectionId, token::TokenId};
use crate::base::{Stamp, id::QueueId};
use crate::wire::relay::{self as wire, Claim, FromRelay, Practice, PublicKey, Refusal};
use std::{collections::VecDeque, time::Duration};

/// What an envelope costs beside its bytes, so that many small ones cannot cost more than few large ones.
pub const ENVELOPE_OVERHEAD_BYTES: usize = 64;

/// An envelope that nobody has acknowledged yet.
#[derive(Debug)]
struct Waiting {
    sequence: u64,
    envelope: Box<[u8]>,
    expires: Stamp,
}

/// The connection that reads a queue.
#[derive(Debug)]
struct Reading {
    connection: ConnectionId,
    /// The next delivery.
    cursor: u64,
    /// The connection has this queue on its list.
    listed: bool,
    /// It has not been told how often the link was opened.
    claimed: bool,
}

/// A queue. Its keys are those of now: a claim has replaced the patient's.
#[derive(Debug)]
pub struct Queue {
    /// The writer's name for it.
    pub writer: QueueId,
    /// The reader's key.
    pub reader_key: PublicKey,
    /// The writer's key.
    pub writer_key: PublicKey,
    /// Which end is the practice's.
    pub practice: Practice,
    /// The token that made it.
    pub owner: TokenId,
    /// The link, while it lives.
    claim: Option<Claim>,
    /// How often the link was opened.
    times: u32,
    time_to_live: Duration,
    waiting: VecDeque<Waiting>,
    waiting_bytes: usize,
    next_sequence: u64,
    reading: Option<Reading>,
    /// When somebody last used it.
    used: Stamp,
}

impl Queue {
    /// An empty queue as the practice orders it; the relay may shorten its time to live.
    pub fn new(order: wire::Queue, owner: TokenId, limits: &Limits, now: Stamp) -> Self {
        let asked = Duration::from_secs(u64::from(order.time_to_live_s.max(1)));
        Self {
            writer: order.writer,
            reader_key: order.reader_key,
            writer_key: order.writer_key,
            practice: order.practice,
            owner,
            claim: order.claim,
            times: 0,
            time_to_live: asked.min(limits.time_to_live()),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            next_sequence: 1,
            reading: None,
            used: now,
        }
    }

    /// Whether `order` makes this very queue again. Once the link was opened the practice may not know the
    /// patient's newest key yet, so only its own is compared.
    pub fn is(&self, order: &wire::Queue) -> bool {
        let (practice, patient) = match order.practice {
            Practice::Writes => (order.writer_key, order.reader_key),
            Practice::Reads => (order.reader_key, order.writer_key),
        };
        self.writer == order.writer
            && self.practice == order.practice
            && *self.practice_key() == practice
            && (self.times > 0 || *self.patient_key() == patient)
    }

    /// The key of the practice's end.
    pub fn practice_key(&self) -> &PublicKey {
        match self.practice {
            Practice::Writes => &self.writer_key,
            Practice::Reads => &self.reader_key,
        }
    }

    /// The key of the patient's end.
    pub fn patient_key(&self) -> &PublicKey {
        match self.practice {
            Practice::Writes => &self.reader_key,
            Practice::Reads => &self.writer_key,
        }
    }

    /// Bytes it holds: envelopes with their overhead, and the pinned invitation.
    pub fn bytes(&self) -> usize {
        self.waiting_bytes + self.claim.as_ref().map_or(0, |claim| claim.invitation.len())
    }

    /// Envelopes that wait.
    pub fn count(&self) -> usize {
        self.waiting.len()
    }

    /// Somebody used it now.
    pub fn touch(&mut self, now: Stamp) {
        self.used = self.used.max(now);
    }

    /// Whether nobody used it for so long.
    pub fn is_unused(&self, limits: &Limits, now: Stamp) -> bool {
        self.reading.is_none() && now.since(self.used) > limits.unused()
    }

    /// Puts an envelope at the end. True: its reader should be told to look.
    pub fn push(&mut self, envelope: Vec<u8>, limits: &Limits, now: Stamp) -> Result<bool, Refusal> {
        let cost = envelope.len() + ENVELOPE_OVERHEAD_BYTES;
        let full = self.waiting.len() >= limits.messages_per_queue as usize
            || self.waiting_bytes + cost > limits.bytes_per_queue;
        if full {
            return Err(Refusal::Full);
        }
        let expires = now.plus(self.time_to_live);
        self.waiting.push_back(Waiting { sequence: self.next_sequence, envelope: envelope.into(), expires });
        self.waiting_bytes += cost;
        self.next_sequence += 1;
        Ok(self.list())
    }

    /// Forgets everything up to and including a delivery; one that never was is refused.
    pub fn acknowledge(&mut self, sequence: u64) -> Result<(), Refusal> {
        if sequence >= self.next_sequence {
            return Err(Refusal::Garbled);
        }
        while self.waiting.front().is_some_and(|first| first.sequence <= sequence) {
            self.forget_first();
        }
        Ok(())
    }

    /// Forgets what has waited too long, and the invitation of a link that has expired.
    pub fn expire(&mut self, now: Stamp) {
        while self.waiting.front().is_some_and(|first| first.expires <= now) {
            self.forget_first();
        }
        if let Some(claim) = self.claim.as_mut().filter(|claim| claim.expires <= now) {
            claim.invitation = Vec::new();
        }
    }

    fn forget_first(&mut self) {
        if let Some(first) = self.waiting.pop_front() {
            self.waiting_bytes -= first.envelope.len() + ENVELOPE_OVERHEAD_BYTES;
        }
    }

    /// The link, while it lives.
    pub fn link(&self) -> Result<&Claim, Refusal> {
        self.claim.as_ref().ok_or(Refusal::Used)
    }

    /// How often the link was opened.
    pub fn times(&self) -> u32 {
        self.times
    }

    /// Replaces the link; a link with another key has not been opened yet.
    pub fn invite(&mut self, claim: Option<Claim>) {
        if let (Some(old), Some(new)) = (&self.claim, &claim)
            && old.key != new.key
        {
            self.times = 0;
        }
        self.claim = claim;
    }

    /// Gives the patient's end a new key and drops what older claims left. Returns the connection that reads no
    /// longer, when that was the patient's.
    pub fn claim(&mut self, key: PublicKey) -> Option<ConnectionId> {
        match self.practice {
            Practice::Writes => self.reader_key = key,
            Practice::Reads => self.writer_key = key,
        }
        self.times = self.times.saturating_add(1);
        self.waiting.clear();
        self.waiting_bytes = 0;
        match self.practice {
            Practice::Writes => self.reading.take().map(|reading| reading.connection),
            Practice::Reads => {
                if let Some(reading) = &mut self.reading {
                    reading.claimed = true;
                }
                None
            }
        }
    }

    /// The connection that reads.
    pub fn reader(&self) -> Option<ConnectionId> {
        self.reading.as_ref().map(|reading| reading.connection)
    }

    /// Lets a connection read from the oldest envelope on. True: it should be told to look.
    pub fn read(&mut self, connection: ConnectionId) -> bool {
        let claimed = self.practice == Practice::Reads && self.times > 0;
        self.reading = Some(Reading { connection, cursor: 0, listed: false, claimed });
        self.list()
    }

    /// This connection reads no longer.
    pub fn leave(&mut self, connection: ConnectionId) {
        self.reading.take_if(|reading| reading.connection == connection);
    }

    /// Puts the queue on its reader's list when there is something to say and it is not there yet.
    pub fn list(&mut self) -> bool {
        let news = self.has_news();
        match &mut self.reading {
            Some(reading) if news && !reading.listed => {
                reading.listed = true;
                true
            }
            _ => false,
        }
    }

    fn has_news(&self) -> bool {
        let last = self.waiting.back().map_or(0, |last| last.sequence);
        self.reading.as_ref().is_some_and(|reading| reading.claimed || reading.cursor <= last && last > 0)
    }

    /// The next thing to say to the connection, if it still reads; the queue is off its list then.
    pub fn say(&mut self, name: QueueId, to: ConnectionId) -> Option<FromRelay> {
        let reading = self.reading.as_mut().filter(|reading| reading.connection == to)?;
        reading.listed = false;
        if std::mem::take(&mut reading.claimed) {
            return Some(FromRelay::Claimed { queue: name, times: self.times, key: self.writer_key });
        }
        // Sequences in the queue have no gaps: the cursor gives the place.
        let first = self.waiting.front()?.sequence;
        let sequence = reading.cursor.max(first);
        let next = self.waiting.get(usize::try_from(sequence - first).ok()?)?;
        reading.cursor = sequence + 1;
        Some(FromRelay::Delivery { queue: name, sequence, envelope: next.envelope.to_vec() })
    }
}
