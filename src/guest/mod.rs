//! The patient's end, without I/O: pairing, the thread, the outbox, the waiting room and the visit. The page runs it as
//! WebAssembly, `bedside call join` natively.
//!
//! Refuses to be: a socket, a disk, a screen, a camera. What happens comes in as an [`Input`] with the time, what is to
//! be done goes out as [`Output`]s, in order; [`Guest::timeout`] says when it wants to be woken.
//!
//! # Order
//!
//! Nothing is lost because nothing leaves before it is kept. The state is written whole ([`Output::Keep`]); one write is
//! under way at a time, and what happens meanwhile goes into the next.
//!
//! - *Receive*: open → keep → only then acknowledge, and say *received*.
//! - *Send*: seal → keep, with the very bytes of the envelope → only then send. A retry sends the same bytes.
//!
//! Doubles are dropped by the envelope's identifier and again by the message's. When the relay has forgotten everything
//! (another boot id), what the other end has not *received* is sent again. Envelopes that cannot be read are counted,
//! acknowledged and dropped: they never block the mailbox.

mod keys;
mod mailbox;
mod outbox;
mod pairing;
mod receive;
#[cfg(test)]
mod rehearsal;
mod send;
mod state;
mod thread;
mod view;

pub use keys::GroupKeys;
pub use thread::{Delivery, Message};
pub use view::{Trouble, View};

use crate::base::{
    Phi, Stamp,
    id::{EnvelopeId, VisitId},
    random,
};
use crate::seal::{Conversation, DoorbellKey, InviteSecret, QueueKey};
use crate::visit::{self, Effect, Patient, patient};
use crate::wire::{
    call::{FromCall, ToCall},
    content::{Body, Knock, Signal},
    link::Fragment,
    relay::Op,
};
use mailbox::{Asked, Mailbox};
use outbox::Outbox;
use serde::{Deserialize, Serialize};
use state::{Kept, Link, Secret};
use std::{collections::VecDeque, time::Duration};
use thread::{Seen, Thread};
use zeroize::Zeroizing;

/// An idle connection is tried this often.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A connection that says nothing for so long is dead.
const SILENT_FOR: Duration = Duration::from_secs(45);
/// A visit is taken up again by a page that was opened within this.
const RESUME_WITHIN: Duration = Duration::from_secs(10 * 60);

/// A state that cannot be taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuestError {
    /// Not a state of ours.
    #[error("what this device kept cannot be read")]
    Damaged,
    /// Of a newer program.
    #[error("what this device kept is of version {version}")]
    Version {
        /// The version found.
        version: u16,
    },
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// The connection to the relay (`/mailbox`) stands.
    Connected,
    /// It is gone.
    Disconnected,
    /// The relay sent this.
    Received(#[serde(with = "serde_bytes")] Vec<u8>),
    /// The state of this number is kept durably.
    Kept {
        /// As in [`Output::Keep`].
        n: u64,
    },
    /// The person wrote a message: 1 byte to 64 KiB.
    Write {
        /// The text.
        #[serde(with = "crate::base::phi")]
        text: Phi<String>,
    },
    /// "I'm ready": into the waiting room, or something at the door has changed.
    Knock(Knock),
    /// Out of the waiting room or the visit.
    Leave,
    /// The call part reports; hanging up and comparing in the call are among it.
    Call(FromCall),
    /// The call part's connection is gone and cannot be restarted.
    CallGone,
    /// The person compared the words.
    Compared {
        /// They were the same.
        same: bool,
    },
    /// Time passed.
    Tick,
}

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Send this to the relay, as one binary message.
    Send(Vec<u8>),
    /// Keep this durably in place of what was kept, sealed, and say [`Input::Kept`].
    Keep {
        /// Its number.
        n: u64,
        /// The whole state.
        bytes: Phi<Vec<u8>>,
    },
    /// Forget what was kept: it is of no use.
    Wipe,
    /// Tell the call part.
    Call(ToCall),
    /// Close the connection to the relay and make another: it does not answer.
    Reconnect,
    /// Something came that the person should notice: a message, or being admitted.
    Ring,
    /// [`Guest::view`] may be another one.
    Changed,
}

/// The patient's end.
pub struct Guest {
    kept: Kept,
    key: QueueKey,
    conversation: Option<Conversation>,
    visit: Option<Patient>,
    mailbox: Mailbox,
    /// The relay gives us our mailbox.
    reading: bool,
    refused: Option<Trouble>,
    trouble: Option<Trouble>,
    /// Messages of the other's that are to be confirmed with the next state.
    receipts: Vec<crate::base::id::MessageId>,
    /// The state that is being made, the one that is being kept, the newest that is kept.
    making: u64,
    keeping: Option<u64>,
    safe: u64,
    dirty: bool,
    /// The last delivery that was opened, and the one that may be acknowledged once `keeping` is kept.
    opened: Option<u64>,
    covered: Option<u64>,
    /// When to try again to claim or to read; how often it was tried.
    retry: Option<Stamp>,
    tries: u32,
    /// Nothing is sent before this.
    pause: Option<Stamp>,
    ping: Stamp,
    heard: Stamp,
    out: VecDeque<Output>,
}

impl Guest {
    /// After the tap on a link: claims it as soon as the relay is reached. The caller forgets the fragment.
    pub fn open(fragment: &Fragment, now: Stamp) -> Self {
        let secret = fragment.secret.0;
        let keys = InviteSecret::from_bytes(secret).derive(fragment.invite);
        let kept = Kept {
            at: now,
            link: Some(Link { invite: fragment.invite, secret: Secret(secret) }),
            seed: Secret(random::bytes()),
            doorbell: Secret(*keys.doorbell.as_bytes()),
            reader: keys.to_patient_reader,
            writer: keys.to_agent_writer,
            conversation: Vec::new(),
            practice: None,
            appointment: None,
            thread: Thread::default(),
            outbox: Outbox::default(),
            seen: Seen::default(),
            early: Vec::new(),
            boot: None,
            claimed: None,
            offset_ms: 0,
            visit: None,
            compared: false,
            proposed: None,
            dropped: 0,
        };
        let mut guest = Self::with(kept, None, now);
        guest.dirty = true;
        guest.settle(now);
        guest
    }

    /// What [`Output::Keep`] gave, after the page was opened again.
    ///
    /// # Errors
    ///
    /// [`GuestError`] when it is damaged, or written by a newer program.
    pub fn from_bytes(bytes: &[u8], now: Stamp) -> Result<Self, GuestError> {
        let mut kept = Kept::from_bytes(bytes)?;
        let saved = Zeroizing::new(std::mem::take(&mut kept.conversation));
        let conversation = match saved.is_empty() {
            true => None,
            false => Some(Conversation::from_bytes(&saved).map_err(|_| GuestError::Damaged)?),
        };
        let recent = now.since(kept.at) < RESUME_WITHIN;
        let visit = kept.visit.take().filter(|_| recent && conversation.is_some());
        if visit.is_none() {
            kept.outbox.hush();
        }
        let compared = kept.compared;
        let mut guest = Self::with(kept, conversation, now);
        guest.visit = visit.map(|memory| Patient::resume(memory, compared, now));
        guest.settle(now);
        Ok(guest)
    }

    fn with(kept: Kept, conversation: Option<Conversation>, now: Stamp) -> Self {
        Self {
            key: QueueKey::from_seed(&kept.seed.0),
            kept,
            conversation,
            visit: None,
            mailbox: Mailbox::default(),
            reading: false,
            refused: None,
            trouble: None,
            receipts: Vec::new(),
            making: 1,
            keeping: None,
            safe: 0,
            dirty: false,
            opened: None,
            covered: None,
            retry: None,
            tries: 0,
            pause: None,
            ping: now,
            heard: now,
            out: VecDeque::new(),
        }
    }

    /// Takes what happened. Afterwards [`Guest::poll`] until there is nothing more to do.
    pub fn handle(&mut self, input: Input, now: Stamp) {
        if self.refused.is_some() {
            return;
        }
        match input {
            Input::Connected => {
                self.mailbox.connect();
                (self.heard, self.ping) = (now, now.plus(PING_EVERY));
            }
            Input::Disconnected => self.disconnect(now),
            Input::Received(bytes) => {
                (self.heard, self.ping) = (now, now.plus(PING_EVERY));
                self.hear(&bytes, now);
            }
            Input::Kept { n } => self.keep(n),
            Input::Write { text } => self.write(text, now),
            Input::Knock(knock) => self.knock(knock, now),
            Input::Leave => self.visit(patient::Event::Leave, now),
            Input::Call(from) => self.visit(patient::Event::Call(from), now),
            Input::CallGone => self.visit(patient::Event::CallGone, now),
            Input::Compared { same } => self.visit(patient::Event::Compared { same }, now),
            Input::Tick => {}
        }
        self.settle(now);
        self.out.push_back(Output::Changed);
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When to say [`Input::Tick`], if nothing else happens before.
    pub fn timeout(&self) -> Option<Stamp> {
        if self.refused.is_some() {
            return None;
        }
        let connected = self.mailbox.connected();
        let times = [
            self.visit.as_ref().and_then(Patient::timeout),
            self.retry.filter(|_| self.mailbox.greeted()),
            self.pause.filter(|_| self.reading),
            connected.then_some(self.ping),
            connected.then(|| self.heard.plus(SILENT_FOR)),
        ];
        times.into_iter().flatten().min()
    }

    /// What there is to show.
    pub fn view(&self, now: Stamp) -> View {
        View {
            now: self.corrected(now),
            paired: self.conversation.is_some(),
            connected: self.reading,
            refused: self.refused,
            trouble: self.trouble,
            practice: self.kept.practice.clone(),
            appointment: self.kept.appointment.clone(),
            thread: self.kept.thread.shown(&self.kept.outbox),
            visit: self.visit.as_ref().map(|visit| view::shift(visit.view().clone(), self.kept.offset_ms)),
        }
    }

    /// How many envelopes could not be read, since pairing.
    pub fn dropped(&self) -> u64 {
        self.kept.dropped
    }

    /// The time by the relay's clock, which both ends share.
    fn corrected(&self, now: Stamp) -> Stamp {
        Stamp(now.0.saturating_add(self.kept.offset_ms))
    }

    fn refuse(&mut self, trouble: Trouble) {
        (self.refused, self.reading) = (Some(trouble), false);
        if self.conversation.is_none() {
            self.out.push_back(Output::Wipe);
        }
    }

    fn disconnect(&mut self, now: Stamp) {
        self.mailbox.disconnect();
        self.kept.outbox.disconnect();
        (self.opened, self.covered, self.retry, self.pause) = (None, None, None, None);
        if std::mem::take(&mut self.reading) {
            self.visit(patient::Event::Offline, now);
        }
    }

    fn knock(&mut self, knock: Knock, now: Stamp) {
        let waits = self.visit.as_ref().is_some_and(|visit| visit.view().phase != visit::Phase::Ended);
        if waits {
            return self.visit(patient::Event::Knock(knock), now);
        }
        if self.conversation.is_some() {
            self.visit = Some(Patient::new(VisitId::random(), knock, self.kept.compared, now));
            self.visit(if self.reading { patient::Event::Online } else { patient::Event::Tick }, now);
        }
    }

    /// Gives the visit's machine an event and does what it says.
    fn visit(&mut self, event: patient::Event, now: Stamp) {
        let (Some(visit), Some(conversation)) = (&mut self.visit, &self.conversation) else { return };
        let before = visit.view().phase;
        let effects = visit.handle(event, now, &GroupKeys(conversation));
        let (id, view) = (visit.visit(), visit.view());
        if view.words.is_some() && self.kept.compared != view.compared {
            self.kept.compared = view.compared;
            self.dirty = true;
        }
        if view.phase == visit::Phase::Admitted && before != view.phase {
            self.out.push_back(Output::Ring);
        }
        let over = view.phase == visit::Phase::Ended && before != view.phase;
        for effect in effects {
            match effect {
                Effect::Send(signal) => {
                    let bell = matches!(signal, Signal::Knock(_));
                    self.say(Body::Visit { visit: id, signal }, outbox::What::Signal, bell, now);
                }
                Effect::Call(command) => self.out.push_back(Output::Call(command)),
                Effect::Ring | Effect::Changed => {}
            }
        }
        if over {
            // The agent commits between visits, never during one.
            self.renew(now);
        }
    }

    /// After every input: what time brings, the next state, what may leave.
    fn settle(&mut self, now: Stamp) {
        if self.visit.as_ref().and_then(Patient::timeout).is_some_and(|at| at <= now) {
            self.visit(patient::Event::Tick, now);
        }
        if self.mailbox.connected() && now.since(self.heard) >= SILENT_FOR {
            self.out.push_back(Output::Reconnect);
            self.disconnect(now);
        }
        if self.refused.is_some() {
            return;
        }
        self.kept.outbox.prune(now);
        if self.retry.is_some_and(|at| at <= now) && self.mailbox.greeted() {
            self.retry = None;
            self.present();
        }
        self.confirm(now);
        self.make(now);
        self.flush(now);
        if self.mailbox.connected() && self.ping <= now {
            self.ping = now.plus(PING_EVERY);
            self.ask(Asked::Ping, Op::Ping);
        }
    }

    /// Writes the next state, unless one is being kept.
    fn make(&mut self, now: Stamp) {
        if !self.dirty || self.keeping.is_some() {
            return;
        }
        let n = self.making;
        (self.kept.at, self.kept.visit) = (now, self.visit.as_ref().and_then(Patient::memory));
        if let Some(conversation) = &self.conversation {
            let bytes = conversation.to_bytes().expect("invariant: a conversation we hold can be written to memory");
            self.kept.conversation = bytes.to_vec();
        }
        let bytes = self.kept.to_bytes();
        Zeroizing::new(std::mem::take(&mut self.kept.conversation));
        (self.keeping, self.dirty, self.making, self.covered) = (Some(n), false, n + 1, self.opened);
        self.out.push_back(Output::Keep { n, bytes });
    }

    /// A state is kept: what it covers may leave.
    fn keep(&mut self, n: u64) {
        if self.keeping != Some(n) {
            return;
        }
        (self.keeping, self.safe) = (None, n);
        if let Some(sequence) = self.covered.take() {
            self.ask(Asked::Acknowledge, Op::Acknowledge { queue: self.kept.reader, sequence });
        }
        if self.claiming() && self.mailbox.greeted() && self.retry.is_none() {
            self.present();
        }
    }

    fn ask(&mut self, asked: Asked, op: Op) {
        let key = (asked != Asked::Ping).then_some(&self.key);
        if let Some(bytes) = self.mailbox.ask(asked, op, key) {
            self.out.push_back(Output::Send(bytes));
        }
    }
}

/// The bell of an envelope: a knock's, or random bytes that look the same.
fn bell(doorbell: &[u8; 32], rings: bool, id: EnvelopeId) -> [u8; 16] {
    if rings { DoorbellKey::from_bytes(*doorbell).ring(id) } else { random::bytes() }
}
