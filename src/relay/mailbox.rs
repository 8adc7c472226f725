//! All queues, as pure state: a request and the time go in, an answer comes out, and deliveries are fetched one by
//! one ([`Mailbox::next`]) as fast as their reader takes them, so that a slow reader costs no memory.

use super::{
    limit::Limits,
    queue::{ENVELOPE_OVERHEAD_BYTES, Queue},
    token::{TokenId, Tokens},
};
use crate::base::{
    Stamp,
    id::{BootId, QueueId},
};
use crate::wire::relay::{self as wire, Answer, Claim, FromRelay, Hello, Op, Practice, PublicKey, Refusal, Request};
use std::collections::{HashMap, VecDeque};

/// A connection, as long as it lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConnectionId(u64);

#[derive(Debug)]
struct Connection {
    challenge: [u8; 32],
    /// Queues it reads no longer, to be told.
    gone: VecDeque<QueueId>,
    /// Queues that have something to say to it, each once.
    listed: VecDeque<QueueId>,
    reads: Vec<QueueId>,
}

/// What became of a request, and whom it concerns.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    /// To the one who asked.
    pub answer: Answer,
    /// These connections should look for what there is to say to them.
    pub wake: Vec<ConnectionId>,
    /// This connection reads what the asker wants to read: it should prove that it lives.
    pub probe: Option<ConnectionId>,
}

/// How much the mailbox holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Queues.
    pub queues: usize,
    /// Envelopes that wait.
    pub envelopes: usize,
    /// Bytes of envelopes and invitations.
    pub bytes: usize,
}

/// All queues of this life of the relay.
#[derive(Debug)]
pub struct Mailbox {
    boot: BootId,
    limits: Limits,
    tokens: Tokens,
    /// By the reader's name.
    queues: HashMap<QueueId, Queue>,
    /// The writer's name → the reader's.
    writers: HashMap<QueueId, QueueId>,
    owned: HashMap<TokenId, u32>,
    connections: HashMap<ConnectionId, Connection>,
    connected: u64,
    bytes: usize,
}

type Done = Result<Outcome, Refusal>;

fn answer(answer: Answer) -> Outcome {
    Outcome { answer, wake: Vec::new(), probe: None }
}

fn done() -> Outcome {
    answer(Answer::Done)
}

impl Mailbox {
    /// An empty mailbox.
    pub fn new(boot: BootId, limits: Limits, tokens: Tokens) -> Self {
        Self {
            boot,
            limits,
            tokens,
            queues: HashMap::new(),
            writers: HashMap::new(),
            owned: HashMap::new(),
            connections: HashMap::new(),
            connected: 0,
            bytes: 0,
        }
    }

    /// Other tokens from now on; queues that were made stay.
    pub fn replace_tokens(&mut self, tokens: Tokens) {
        self.tokens = tokens;
    }

    /// A connection begins. `challenge` is 32 unpredictable bytes, never used before.
    pub fn connect(&mut self, challenge: [u8; 32], now: Stamp) -> (ConnectionId, Hello) {
        let id = ConnectionId(self.connected);
        self.connected += 1;
        let connection = Connection { challenge, gone: VecDeque::new(), listed: VecDeque::new(), reads: Vec::new() };
        self.connections.insert(id, connection);
        (id, Hello { version: wire::VERSION, boot: self.boot, now, challenge })
    }

    /// A connection has ended.
    pub fn disconnect(&mut self, id: ConnectionId) {
        let Some(connection) = self.connections.remove(&id) else { return };
        for name in connection.reads {
            if let Some(queue) = self.queues.get_mut(&name) {
                queue.leave(id);
            }
        }
    }

    /// Does what a connection asks, or says why not.
    pub fn handle(&mut self, from: ConnectionId, request: Request, now: Stamp) -> Outcome {
        let Some(challenge) = self.connections.get(&from).map(|connection| connection.challenge) else {
            return answer(Answer::Refused(Refusal::Unknown));
        };
        let signed = |key: &PublicKey| match request.is_signed_by(key, &challenge) {
            true => Ok(()),
            false => Err(Refusal::Forbidden),
        };
        let outcome = match &request.op {
            Op::Ping => Ok(done()),
            Op::Create { token, queue } => self.create(token, queue, now),
            Op::Invite { queue, claim } => self.invite(*queue, claim, signed, now),
            Op::Claim { reader, writer, key } => self.claim(*reader, *writer, *key, signed, now),
            Op::Read { queue } => self.read(from, *queue, signed, now),
            Op::Acknowledge { queue, sequence } => self.acknowledge(*queue, *sequence, signed, now),
            Op::Remove { queue } => self.remove(*queue, signed),
            Op::Send { queue, envelope } => self.send(*queue, envelope, signed, now),
        };
        outcome.unwrap_or_else(|refusal| answer(Answer::Refused(refusal)))
    }

    /// The next thing to say to a connection; `None`: nothing until it is woken.
    pub fn next(&mut self, to: ConnectionId) -> Option<FromRelay> {
        let connection = self.connections.get_mut(&to)?;
        if let Some(queue) = connection.gone.pop_front() {
            return Some(FromRelay::Gone { queue });
        }
        while let Some(name) = connection.listed.pop_front() {
            let Some(queue) = self.queues.get_mut(&name) else { continue };
            let Some(said) = queue.say(name, to) else { continue };
            // To the end of the list: no queue keeps the others waiting.
            if queue.list() {
                connection.listed.push_back(name);
            }
            return Some(said);
        }
        None
    }

    /// Forgets envelopes, invitations and queues whose time is over. Returns whom to wake.
    pub fn expire(&mut self, now: Stamp) -> Vec<ConnectionId> {
        let mut unused = Vec::new();
        for (name, queue) in &mut self.queues {
            self.bytes -= queue.bytes();
            queue.expire(now);
            self.bytes += queue.bytes();
            if queue.is_unused(&self.limits, now) {
                unused.push(*name);
            }
        }
        unused.into_iter().filter_map(|name| self.forget(name)).collect()
    }

    /// How much there is.
    pub fn holdings(&self) -> Holdings {
        let envelopes = self.queues.values().map(Queue::count).sum();
        Holdings { queues: self.queues.len(), envelopes, bytes: self.bytes }
    }

    fn create(&mut self, token: &str, order: &wire::Queue, now: Stamp) -> Done {
        let owner = self.tokens.find(token).ok_or(Refusal::Forbidden)?;
        if let Some(queue) = self.queues.get_mut(&order.reader) {
            queue.touch(now);
            if !queue.is(order) {
                return Err(Refusal::Forbidden);
            }
            // The practice was away when it killed the link: it is dead from now on.
            if order.claim.is_none() {
                let before = queue.bytes();
                queue.invite(None);
                self.bytes = self.bytes - before + queue.bytes();
            }
            return Ok(done());
        }
        if self.is_taken(&order.writer) || self.is_taken(&order.reader) {
            return Err(Refusal::Forbidden);
        }
        if order.reader == order.writer {
            return Err(Refusal::Garbled);
        }
        let cost = self.invitation_bytes(&order.claim)?;
        let owned = self.owned.entry(owner).or_default();
        if *owned >= self.limits.queues_per_token || self.bytes + cost > self.limits.bytes_total {
            return Err(Refusal::Full);
        }
        *owned += 1;
        self.bytes += cost;
        self.writers.insert(order.writer, order.reader);
        self.queues.insert(order.reader, Queue::new(order.clone(), owner, &self.limits, now));
        Ok(done())
    }

    fn is_taken(&self, name: &QueueId) -> bool {
        self.queues.contains_key(name) || self.writers.contains_key(name)
    }

    fn invitation_bytes(&self, claim: &Option<Claim>) -> Result<usize, Refusal> {
        let bytes = claim.as_ref().map_or(0, |claim| claim.invitation.len());
        if bytes > self.limits.envelope_bytes as usize { Err(Refusal::Garbled) } else { Ok(bytes) }
    }

    /// The queue of which this is the practice's end.
    fn practice_end(&self, name: QueueId) -> Result<QueueId, Refusal> {
        let (reader, practice) = match self.writers.get(&name) {
            Some(reader) => (*reader, Practice::Writes),
            None => (name, Practice::Reads),
        };
        let queue = self.queues.get(&reader).ok_or(Refusal::Unknown)?;
        if queue.practice == practice { Ok(reader) } else { Err(Refusal::Forbidden) }
    }

    fn queue(&self, reader: QueueId) -> Result<&Queue, Refusal> {
        self.queues.get(&reader).ok_or(Refusal::Unknown)
    }

    /// Changes a queue and keeps count of all bytes.
    fn change<T>(&mut self, reader: QueueId, change: impl FnOnce(&mut Queue) -> T) -> Result<T, Refusal> {
        let queue = self.queues.get_mut(&reader).ok_or(Refusal::Unknown)?;
        let before = queue.bytes();
        let outcome = change(queue);
        self.bytes = self.bytes - before + queue.bytes();
        Ok(outcome)
    }

    fn invite(&mut self, name: QueueId, claim: &Option<Claim>, signed: impl Signed, now: Stamp) -> Done {
        let reader = self.practice_end(name)?;
        let cost = self.invitation_bytes(claim)?;
        let queue = self.queue(reader)?;
        signed(queue.practice_key())?;
        let freed = queue.link().map_or(0, |old| old.invitation.len());
        if self.bytes - freed + cost > self.limits.bytes_total {
            return Err(Refusal::Full);
        }
        self.change(reader, |queue| {
            queue.touch(now);
            queue.invite(claim.clone());
        })?;
        Ok(done())
    }

    fn claim(&mut self, reader: QueueId, writer: QueueId, key: PublicKey, signed: impl Signed, now: Stamp) -> Done {
        let from_patient = *self.writers.get(&writer).ok_or(Refusal::Unknown)?;
        let most = self.limits.claims_per_link;
        let mut invitation = None;
        let mut unchanged = true;
        for (name, practice) in [(reader, Practice::Writes), (from_patient, Practice::Reads)] {
            let queue = self.queue(name)?;
            if queue.practice != practice {
                return Err(Refusal::Forbidden);
            }
            let link = queue.link()?;
            signed(&link.key)?;
            if link.expires <= now {
                return Err(Refusal::Expired);
            }
            invitation.get_or_insert_with(|| link.invitation.clone());
            unchanged &= *queue.patient_key() == key;
            // A page that asks again because the answer was lost is no new claim.
            if !unchanged && queue.times() >= most {
                return Err(Refusal::Used);
            }
        }
        let mut outcome = answer(Answer::Invitation(invitation.unwrap_or_default()));
        if unchanged {
            return Ok(outcome);
        }
        for name in [reader, from_patient] {
            let (older_page, listed, reader) = self.change(name, |queue| {
                queue.touch(now);
                (queue.claim(key), queue.list(), queue.reader())
            })?;
            if let Some(page) = older_page {
                self.tell_gone(page, name);
                outcome.wake.push(page);
            }
            if let Some(practice) = reader.filter(|_| listed) {
                self.list(practice, name);
                outcome.wake.push(practice);
            }
        }
        Ok(outcome)
    }

    fn read(&mut self, from: ConnectionId, name: QueueId, signed: impl Signed, now: Stamp) -> Done {
        let queue = self.queue(name)?;
        signed(&queue.reader_key)?;
        let reader = queue.reader();
        if let Some(other) = reader.filter(|reader| *reader != from) {
            return Ok(Outcome { probe: Some(other), ..answer(Answer::Refused(Refusal::Busy)) });
        }
        let listed = self.change(name, |queue| {
            queue.touch(now);
            queue.expire(now);
            queue.read(from)
        })?;
        if let (None, Some(connection)) = (reader, self.connections.get_mut(&from)) {
            connection.reads.push(name);
        }
        if listed {
            self.list(from, name);
        }
        Ok(done())
    }

    fn send(&mut self, name: QueueId, envelope: &[u8], signed: impl Signed, now: Stamp) -> Done {
        let reader = *self.writers.get(&name).ok_or(Refusal::Unknown)?;
        signed(&self.queue(reader)?.writer_key)?;
        if envelope.is_empty() || envelope.len() > self.limits.envelope_bytes as usize {
            return Err(Refusal::Garbled);
        }
        self.change(reader, |queue| {
            queue.touch(now);
            queue.expire(now);
        })?;
        if self.bytes + envelope.len() + ENVELOPE_OVERHEAD_BYTES > self.limits.bytes_total {
            return Err(Refusal::Full);
        }
        let limits = self.limits.clone();
        let (listed, connection) = self.change(reader, |queue| {
            let listed = queue.push(envelope.to_vec(), &limits, now)?;
            Ok((listed, queue.reader()))
        })??;
        let mut outcome = done();
        if let Some(connection) = connection.filter(|_| listed) {
            self.list(connection, reader);
            outcome.wake.push(connection);
        }
        Ok(outcome)
    }

    fn acknowledge(&mut self, name: QueueId, sequence: u64, signed: impl Signed, now: Stamp) -> Done {
        signed(&self.queue(name)?.reader_key)?;
        self.change(name, |queue| {
            queue.touch(now);
            queue.acknowledge(sequence)
        })??;
        Ok(done())
    }

    fn remove(&mut self, name: QueueId, signed: impl Signed) -> Done {
        let reader = self.practice_end(name)?;
        signed(self.queue(reader)?.practice_key())?;
        let wake = self.forget(reader).into_iter().collect();
        Ok(Outcome { wake, ..done() })
    }

    /// Forgets a queue and what is in it. Returns the connection that read it.
    fn forget(&mut self, reader: QueueId) -> Option<ConnectionId> {
        let queue = self.queues.remove(&reader)?;
        self.writers.remove(&queue.writer);
        self.bytes -= queue.bytes();
        if let Some(owned) = self.owned.get_mut(&queue.owner) {
            *owned -= 1;
        }
        let read_by = queue.reader()?;
        self.tell_gone(read_by, reader);
        Some(read_by)
    }

    fn list(&mut self, connection: ConnectionId, name: QueueId) {
        if let Some(connection) = self.connections.get_mut(&connection) {
            connection.listed.push_back(name);
        }
    }

    fn tell_gone(&mut self, connection: ConnectionId, name: QueueId) {
        if let Some(connection) = self.connections.get_mut(&connection) {
            connection.reads.retain(|read| *read != name);
            connection.gone.push_back(name);
        }
    }
}

/// Refuses a request that the key has not signed.
trait Signed: Fn(&PublicKey) -> Result<(), Refusal> {}
impl<F: Fn(&PublicKey) -> Result<(), Refusal>> Signed for F {}

#[cfg(test)]
mod tests;
