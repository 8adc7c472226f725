//! The desk: one thread that owns everything that can change.
//!
//! Inputs are handled one after another. What has to be said because of them (replies, events, envelopes) is held
//! back until the entries they staged are durable; inputs that wait together share one commit.

mod abandoned;
mod appointment;
mod ask;
mod audit;
mod backup;
mod check;
mod compartment;
mod door;
mod edit;
mod export;
mod feed;
mod forget;
mod heading;
mod import;
mod key;
mod matching;
mod message;
mod note;
mod patient;
mod post;
mod reminder;
mod search;
mod task;
#[cfg(test)]
mod tests;
mod today;
mod visit;

use super::book::{About, Book};
use super::failure::{locked, missing};
use super::lock::{self, Carried};
use super::mailbox::{FromMailbox, Post, Relay, ToMailbox};
use super::outbox::{Outgoing, Passing};
use super::search::Search;
use super::thread::Thread;
use crate::base::id::{BootId, EnvelopeId, PatientId, QueueId, VisitId};
use crate::base::time::SystemClock;
use crate::base::{Clock, Failure, Place, Stamp};
use crate::record::{Action, Actor, Compartment};
use crate::vault::{CompartmentKey, LockedVault, VaultError};
use crate::wire::agent::{Changed, Event, FromAgent, RelayState, Reply, Request, Status, VaultState};
use crate::wire::call::{FromCall, ToCall};
use check::Daily;
use reminder::Reminders;
use std::collections::{HashMap, HashSet};
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;
use visit::Visiting;

/// A connection, counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ClientId(pub(super) u64);

/// What the desk hears.
pub(super) enum Input {
    /// A client came.
    Connected { client: ClientId, out: UnboundedSender<ToClient> },
    /// A client asks.
    Asked { client: ClientId, n: u32, request: Box<Request> },
    /// A call window says.
    Call { client: ClientId, message: FromCall },
    /// A client or a window went, or everything said to it has been written.
    Gone { client: ClientId },
    /// The relay says.
    Mailbox(FromMailbox),
    /// What another thread did for a client is done.
    Worked(backup::Worked),
    /// Another thread has read all of the vault.
    Checked(Box<check::Read>),
    /// The machine is about to sleep; it goes on when the answer is dropped.
    Sleep { answer: tokio::sync::oneshot::Sender<()> },
    /// The system asks the agent to end.
    Terminate,
}

/// What the desk says to one connection.
pub(super) enum ToClient {
    /// A reply or an event.
    Message(FromAgent),
    /// The connection is a call's from now on.
    Upgrade { n: u32, visit: VisitId },
    /// To the call window.
    Call(ToCall),
}

/// What is said once everything staged is durable.
enum Say {
    Reply { client: ClientId, n: u32, result: Result<Box<Reply>, Failure> },
    Event(Event),
    Upgrade { client: ClientId, n: u32, visit: VisitId },
    Call { client: ClientId, message: ToCall },
    Send { queue: QueueId, id: EnvelopeId, bytes: Vec<u8> },
    Whisper { queue: QueueId, id: EnvelopeId, bytes: Vec<u8>, signal: bool },
    Mailbox(ToMailbox),
}

struct Client {
    out: UnboundedSender<ToClient>,
    subscribed: bool,
    /// What an export that was begun on this connection may read.
    exports: Option<export::Extent>,
    /// An export of the audit log was begun on this connection.
    exports_log: bool,
    /// An import that was begun on this connection.
    import: Option<import::Importing>,
}

/// The vault and what depends on it.
enum State {
    Missing,
    Locked(LockedVault),
    Open(Box<Open>),
    /// The vault could not be taken at all; every request hears why.
    Broken(Failure),
}

/// What exists only while the vault is open.
struct Open {
    book: Book,
    threads: HashMap<PatientId, Thread>,
    /// Our reader's name of each queue from a patient.
    readers: HashMap<QueueId, PatientId>,
    /// What is not yet received, and in which life of the relay it was sent.
    outbox: HashMap<EnvelopeId, (Outgoing, Option<BootId>)>,
    passing: Passing,
    visits: HashMap<PatientId, Visiting>,
    search: Search,
    /// The keys of those compartments that are open.
    compartments: HashMap<Compartment, CompartmentKey>,
    daily: Daily,
    /// Something that was sealed while the vault was locked could not be taken in yet.
    waits: bool,
    /// What was changed by hand on the schedule, so that it can be taken back and done again.
    steps: edit::Steps,
    /// The same when all of it was durable last.
    steps_kept: edit::Steps,
    reminders: Reminders,
}

impl Open {
    /// Reads what is on its way again; what this life of the relay has needs not be sent again.
    fn reload_outbox(&mut self) -> Result<(), VaultError> {
        let sent: HashMap<_, _> = self.outbox.drain().map(|(id, (_, boot))| (id, boot)).collect();
        let kept = self.book.pending::<Outgoing>()?;
        let boot = |id: &EnvelopeId| sent.get(id).copied().flatten();
        self.outbox = kept.into_iter().map(|out| (out.id, (out.clone(), boot(&out.id)))).collect();
        Ok(())
    }
}

/// Time since the machine was started, asleep or not: a laptop that was shut overnight was not used overnight.
fn awake_or_asleep() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// The desk.
pub(super) struct Desk {
    place: Place,
    listener: OwnedFd,
    /// The other end of `inputs`, for threads that work beside the desk.
    own: Sender<Input>,
    inputs: Receiver<Input>,
    mailbox: UnboundedSender<ToMailbox>,
    /// Tells the desktop in how many minutes an appointment begins.
    desktop: UnboundedSender<u32>,
    clients: HashMap<ClientId, Client>,
    state: State,
    says: Vec<Say>,
    relay: RelayState,
    boot: Option<BootId>,
    offset_ms: i64,
    /// The mailbox's part that goes on while locked.
    carried: Carried,
    /// Who rang while the vault was locked, and when last.
    rung: HashMap<QueueId, Instant>,
    /// When somebody last asked for something, on a clock that goes on while the machine sleeps.
    used: Duration,
    ending: bool,
    /// Since when a thread copies or compares a backup.
    working: Option<Duration>,
    /// Whom a list that a console keeps asking for need not name again, and until when, on the clock of `used`.
    shown: HashMap<(Action, PatientId), Duration>,
    /// A secret was shown to an agent that did not open by it: it is in the memory of this process.
    stained: bool,
    /// Up to when the clinician was reminded, here or while the vault was locked.
    reminded: Stamp,
}

/// How many inputs share a commit at most.
const BATCH: usize = 256;
/// Bytes that are staged before inputs that wait share a commit no more; a frame takes 32 MiB.
const BATCH_BYTES: usize = 4 << 20;
/// A ring counts as somebody waiting for so long.
const RING_LASTS: Duration = Duration::from_secs(45);
/// A backup keeps the vault from locking by itself for so long.
const WORK_LASTS: Duration = Duration::from_secs(2 * 3600);
/// When nothing happened for so long after a commit, the vault settles.
const SETTLE_AFTER: Duration = Duration::from_millis(300);

impl Desk {
    /// A desk for this place. `carried` is what an agent that locked itself handed over.
    pub(super) fn new(
        place: Place,
        listener: OwnedFd,
        (own, inputs): (Sender<Input>, Receiver<Input>),
        (mailbox, desktop): (UnboundedSender<ToMailbox>, UnboundedSender<u32>),
        carried: Option<Carried>,
    ) -> Self {
        // What a comparison or restoration left that was cut short.
        crate::vault::sweep_scratch(place.folder());
        let mut desk = Self {
            state: door::found(&place, door::WAIT_FOR_LOCK),
            place,
            listener,
            own,
            inputs,
            mailbox,
            desktop,
            clients: HashMap::new(),
            says: Vec::new(),
            relay: RelayState::None,
            boot: None,
            offset_ms: 0,
            carried: carried.unwrap_or_default(),
            rung: HashMap::new(),
            used: awake_or_asleep(),
            ending: false,
            working: None,
            shown: HashMap::new(),
            stained: false,
            reminded: Stamp(0),
        };
        if let Some(relay) = desk.carried.relay.clone() {
            desk.relay = RelayState::Down;
            desk.to_mailbox(ToMailbox::Open(relay, desk.carried.posts.clone()));
        }
        desk
    }

    /// Works until the agent is to end.
    pub(super) fn run(mut self) {
        while !self.ending {
            match self.inputs.recv_timeout(self.patience()) {
                Ok(input) => {
                    self.handle(input);
                    for _ in 1..BATCH {
                        if self.ending || self.stained {
                            break;
                        }
                        match self.staged_bytes() {
                            // Nothing becomes durable by waiting for more: it is said before the next is begun.
                            0 => self.flush(),
                            1..=BATCH_BYTES => {}
                            _ => break,
                        }
                        match self.inputs.try_recv() {
                            Ok(input) => self.handle(input),
                            Err(_) => break,
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) if self.search_fills() => self.fill_search(),
                Err(RecvTimeoutError::Timeout) => {
                    self.settle();
                    self.check_daily();
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.visits_time();
            self.remind();
            self.flush();
            self.lock_when_idle();
            if self.stained {
                self.begin_anew();
            }
        }
        self.dismiss_clients();
    }

    /// How long nothing needs to be done without an input.
    fn patience(&self) -> Duration {
        if self.search_fills() {
            return Duration::ZERO;
        }
        let mut patience = Duration::from_secs(5);
        for due in [self.visits_due(), self.reminders_due()].into_iter().flatten() {
            patience = patience.min(due.since(self.now()));
        }
        if let Some(idle) = self.idle_left() {
            patience = patience.min(idle + Duration::from_millis(5));
        }
        if matches!(&self.state, State::Open(open) if open.book.unsettled()) {
            patience = patience.min(SETTLE_AFTER);
        }
        patience
    }

    fn handle(&mut self, input: Input) {
        self.look_again();
        match input {
            Input::Connected { client, out } => {
                self.clients
                    .insert(client, Client { out, subscribed: false, exports: None, exports_log: false, import: None });
            }
            Input::Gone { client } => {
                self.clients.remove(&client);
                self.window_gone(client);
            }
            Input::Asked { client, n, request } => {
                if !request.is_unattended() {
                    self.used = awake_or_asleep();
                }
                let secret = request.shows_secret();
                self.asked(client, n, *request);
                self.stained |= secret && !matches!(self.state, State::Open(_));
            }
            Input::Call { client, message } => self.window_says(client, message),
            Input::Mailbox(message) => self.mailbox_says(message),
            Input::Worked(work) => self.worked(work),
            Input::Checked(read) => self.checked(*read),
            Input::Sleep { answer } => {
                if let State::Open(_) = self.state {
                    // A visit cannot go on in sleep; whether there is one does not matter.
                    let _ = self.hang_up();
                    self.flush();
                    self.lock(Actor::Agent);
                }
                drop(answer);
            }
            Input::Terminate => self.ending = true,
        }
    }

    /// How much is to be made durable.
    fn staged_bytes(&self) -> usize {
        if let State::Open(open) = &self.state { open.book.staged_bytes() } else { 0 }
    }

    /// Makes what was staged durable, then says what was held back. If it cannot be made durable, whoever asked hears
    /// so, and memory goes back to what the vault holds.
    fn flush(&mut self) {
        let failed = match &mut self.state {
            State::Open(open) => match open.book.commit(None) {
                Ok(()) => {
                    open.steps_kept.clone_from(&open.steps);
                    None
                }
                Err(error) => {
                    open.search = Search::default();
                    open.steps.clone_from(&open.steps_kept);
                    let reloaded = open.book.reload().and_then(|()| open.reload_outbox());
                    Some(Failure::from(reloaded.err().unwrap_or(error)))
                }
            },
            _ => None,
        };
        for say in std::mem::take(&mut self.says) {
            match (say, &failed) {
                (Say::Reply { client, n, .. } | Say::Upgrade { client, n, .. }, Some(failure)) => {
                    self.reply_now(client, n, Err(failure.clone()));
                }
                (_, Some(_)) => {}
                (say, None) => self.say(say),
            }
        }
    }

    fn say(&mut self, say: Say) {
        match say {
            Say::Reply { client, n, result } => self.reply_now(client, n, result),
            Say::Event(event) => {
                for client in self.clients.values().filter(|client| client.subscribed) {
                    // A client that went is noticed by its own `Gone`.
                    let _ = client.out.send(ToClient::Message(FromAgent::Event(event.clone())));
                }
            }
            Say::Upgrade { client, n, visit } => self.to_client(client, ToClient::Upgrade { n, visit }),
            Say::Call { client, message } => self.to_client(client, ToClient::Call(message)),
            Say::Send { queue, id, bytes } => {
                let boot = self.boot;
                if let State::Open(open) = &mut self.state
                    && let Some((_, sent)) = open.outbox.get_mut(&id)
                {
                    *sent = boot;
                }
                self.to_mailbox(ToMailbox::Send { queue, id, bytes });
            }
            Say::Whisper { queue, id, bytes, signal } => {
                if let State::Open(open) = &mut self.state {
                    open.passing.add(queue, id, bytes.clone(), signal, Instant::now());
                }
                self.to_mailbox(ToMailbox::Send { queue, id, bytes });
            }
            Say::Mailbox(order) => self.to_mailbox(order),
        }
    }

    fn reply_now(&mut self, client: ClientId, n: u32, result: Result<Box<Reply>, Failure>) {
        self.to_client(client, ToClient::Message(FromAgent::Reply { n, result }));
    }

    fn to_client(&self, client: ClientId, message: ToClient) {
        if let Some(client) = self.clients.get(&client) {
            // A client that went is noticed by its own `Gone`.
            let _ = client.out.send(message);
        }
    }

    fn to_mailbox(&self, order: ToMailbox) {
        // The mailbox's task ends only with the agent.
        let _ = self.mailbox.send(order);
    }

    /// When nobody waits, the journal's head is brought to the disk, too.
    fn settle(&mut self) {
        if let State::Open(open) = &mut self.state {
            // A failure is met again at the next commit; what the head guards is durable already.
            let _ = open.book.settle();
        }
    }

    fn now(&self) -> Stamp {
        SystemClock.now()
    }

    /// The time both ends of a conversation agree on: the relay's.
    fn agreed_now(&self) -> Stamp {
        Stamp(self.now().0.saturating_add(self.offset_ms))
    }

    fn event(&mut self, event: Event) {
        self.says.push(Say::Event(event));
    }

    fn changed(&mut self, what: Changed, patient: Option<PatientId>) {
        self.event(Event::Changed { what, patient });
    }

    /// The open vault, or why there is none.
    fn open(&mut self) -> Result<&mut Open, Failure> {
        match &mut self.state {
            State::Open(open) => Ok(open),
            State::Missing => Err(missing()),
            State::Locked(_) => Err(locked()),
            State::Broken(failure) => Err(failure.clone()),
        }
    }

    fn audit(&mut self, actor: Actor, action: Action, about: About) {
        let now = self.now();
        tracing::debug!(?actor, ?action, "done");
        if let State::Open(open) = &mut self.state {
            open.book.audit(now, actor, action, about);
        }
    }

    fn status(&mut self) -> Status {
        let (vault, spooled) = match &self.state {
            State::Missing => (VaultState::Missing, 0),
            State::Locked(vault) => (VaultState::Locked, vault.spooled() as u64),
            State::Broken(_) => (VaultState::Locked, 0),
            State::Open(_) => (VaultState::Open, 0),
        };
        let waiting = if let State::Open(_) = &self.state {
            self.room().len()
        } else {
            self.rung.retain(|_, at| at.elapsed() < RING_LASTS);
            self.rung.len()
        };
        Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            vault,
            locks_in_s: self.idle_left().map(|left| u32::try_from(left.as_secs()).unwrap_or(u32::MAX)),
            relay: self.relay,
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
            spooled,
            visit: self.live_visit(),
            zone: self.zone_name(),
            damage: self.open().ok().and_then(|open| open.daily.damage.clone()),
        }
    }

    /// Time left until the vault locks by itself; `None` while it does not.
    fn idle_left(&self) -> Option<Duration> {
        let State::Open(open) = &self.state else { return None };
        let minutes = open.book.practice().lock_after_min;
        let limit = Duration::from_secs(u64::from(minutes) * 60);
        (minutes > 0 && !self.visiting() && !self.at_work())
            .then(|| limit.saturating_sub(awake_or_asleep().saturating_sub(self.used)))
    }

    /// Whether a thread works that locking would end; not one that waits for a disk for ever.
    fn at_work(&self) -> bool {
        self.working.is_some_and(|since| awake_or_asleep().saturating_sub(since) < WORK_LASTS)
    }

    fn lock_when_idle(&mut self) {
        if self.idle_left().is_some_and(|left| left.is_zero()) {
            self.lock(Actor::Agent);
        }
    }

    /// Locks.
    fn lock(&mut self, actor: Actor) {
        self.audit(actor, Action::Lock, About::nothing());
        self.event(Event::Locked);
        self.flush();
        self.begin_anew();
    }

    /// The process is replaced by a fresh one, which is locked. Returns only if that failed; then the agent ends, which
    /// forgets every secret just as well, but rings for nobody.
    fn begin_anew(&mut self) {
        let carried = self.carry();
        // Dropping the vault settles it and gives up its lock.
        self.state = State::Missing;
        self.dismiss_clients();
        if let Ok(listener) = self.listener.try_clone() {
            let error = lock::replace(&self.place, listener, &carried);
            tracing::error!(kind = ?error.kind(), "the agent could not replace itself");
        }
        self.ending = true;
    }

    /// Ends every connection once what was said to it is written.
    fn dismiss_clients(&mut self) {
        let mut left: HashSet<ClientId> = self.clients.drain().map(|(client, _)| client).collect();
        let deadline = Instant::now() + Duration::from_secs(1);
        while !left.is_empty() {
            match self.inputs.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(Input::Gone { client }) => left.remove(&client),
                Ok(_) => true,
                Err(_) => return,
            };
        }
    }

    /// What a locked agent goes on with.
    fn carry(&self) -> Carried {
        let bells = self.bells();
        let State::Open(open) = &self.state else {
            return Carried { bells, ..self.carried.clone() };
        };
        let practice = open.book.practice();
        let relay = practice.relay.clone().zip(practice.relay_token.clone()).map(|(url, token)| Relay { url, token });
        let posts: Vec<Post> = open.threads.values().map(Thread::mailbox).collect();
        Carried { relay, posts, bells, zone: self.zone_name() }
    }

    /// The practice's zone, as far as this agent ever knew it.
    fn zone_name(&self) -> Option<String> {
        match &self.state {
            State::Open(open) => Some(open.book.practice().zone.clone()),
            _ => self.carried.zone.clone(),
        }
    }
}
