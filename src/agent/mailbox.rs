//! The agent's link to the relay: one WebSocket for every patient's two queues.
//!
//! A task of its own moves bytes and keeps the connection; what they mean, and what must be sent again, the desk
//! decides. While the vault is locked it goes on with [`Post`]s alone: queue keys and bells, no name, no content.

use super::dial::{Socket, dial};
use crate::base::id::{BootId, EnvelopeId, QueueId};
use crate::base::{Phi, Stamp};
use crate::wire::relay::{Answer, FromRelay, Hello, Op, PublicKey, Queue, Refusal, Request, VERSION};
use crate::wire::{from_cbor, to_cbor};
use ed25519_dalek::SigningKey;
use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_tungstenite::tungstenite::Message;

const PING_EVERY: Duration = Duration::from_secs(15);
const SILENCE_MAX: Duration = Duration::from_secs(40);
const CONNECT_MAX: Duration = Duration::from_secs(15);
const RETRY_MIN: Duration = Duration::from_millis(250);
const RETRY_MAX: Duration = Duration::from_secs(20);
/// So many of the relay's messages are in the desk's hands at most; more are not read. A relay may send faster than a
/// disk can keep.
const SEATS: usize = 64;
/// A relay that takes nothing for so long is gone.
const SEND_MAX: Duration = Duration::from_secs(20);
/// A connection that lasted so long was a good one: the next is tried at once.
const STEADY: Duration = Duration::from_secs(30);
/// So much waits for a full queue at most; the rest is tried after the next `Up`.
const LATER_MAX: usize = 64;
/// When a full queue is tried again; its reader may have emptied it meanwhile.
const FULL_AGAIN: Duration = Duration::from_secs(30);

/// One patient's queues, as the mailbox needs them. Also kept in memory, and only there, while the vault is locked.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Post {
    /// Ed25519 seed of our ends.
    pub(super) seed: [u8; 32],
    /// Tells a knock by its bell.
    pub(super) doorbell: [u8; 32],
    /// We write, the patient reads.
    pub(super) to_patient: Queue,
    /// The patient writes, we read.
    pub(super) from_patient: Queue,
}

/// Where the relay is.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Relay {
    /// `https://…`, or `http://` on loopback.
    #[serde(with = "crate::base::phi")]
    pub(super) url: Phi<String>,
    /// The operator's token.
    #[serde(with = "crate::base::phi")]
    pub(super) token: Phi<String>,
}

/// Desk → mailbox.
pub(super) enum ToMailbox {
    /// The relay and every patient's queues; replaces what was known.
    Open(Relay, Vec<Post>),
    /// A new patient's queues.
    Post(Box<Post>),
    /// What is known of a patient's queues changed at the relay's end: nothing to say, but to know.
    Learned(Box<Post>),
    /// The link's part of a patient's queues changed at our end: tell the relay.
    LinkChanged(Box<Post>),
    /// Removes a patient's queues.
    Remove(Box<Post>),
    /// Put an envelope into a queue.
    Send { queue: QueueId, id: EnvelopeId, bytes: Vec<u8> },
    /// Everything up to this delivery is kept.
    Acknowledge { queue: QueueId, sequence: u64 },
}

/// Mailbox → desk.
pub(super) enum FromMailbox {
    /// Connected; every queue stands.
    Up { boot: BootId, offset_ms: i64, round_trip: Duration },
    /// Still connected; the round trip was measured again.
    RoundTrip(Duration),
    /// Not connected.
    Down,
    /// The relay does not accept us.
    Refused,
    /// An envelope, to be acknowledged when it is kept; the desk drops `seat` when it is done with it.
    Delivery { queue: QueueId, sequence: u64, bytes: Vec<u8>, seat: OwnedSemaphorePermit },
    /// The relay has it.
    Sent(EnvelopeId),
    /// A link was opened; `seat` as with a delivery.
    Claimed { queue: QueueId, times: u32, key: PublicKey, seat: OwnedSemaphorePermit },
}

/// Runs until the desk goes away.
pub(super) async fn run(mut orders: mpsc::UnboundedReceiver<ToMailbox>, tell: impl Fn(FromMailbox)) {
    let mut known: Option<(Relay, HashMap<QueueId, Post>)> = None;
    let mut retry = RETRY_MIN;
    loop {
        let Some((relay, posts)) = known.as_mut() else {
            match orders.recv().await {
                Some(order) => note(&mut known, order),
                None => return,
            }
            continue;
        };
        let connected = tokio::time::timeout(CONNECT_MAX, Link::connect(relay)).await;
        let ended = match connected {
            Ok(Ok(link)) => {
                tracing::debug!(queues = posts.len(), "the relay is reached");
                let begun = Instant::now();
                let ended = link.serve(relay, posts, &mut orders, &tell).await;
                // One that lets us in and throws us out again is not asked ever faster.
                if begun.elapsed() >= STEADY {
                    retry = RETRY_MIN;
                }
                ended
            }
            _ => Ended::Lost,
        };
        tracing::debug!(again_in_ms = retry.as_millis(), "the relay is not there");
        match ended {
            Ended::Desk => return,
            Ended::Reopened(relay, posts) => {
                known = Some((relay, keyed(posts)));
                continue;
            }
            Ended::Refused => tell(FromMailbox::Refused),
            Ended::Lost => tell(FromMailbox::Down),
        }
        // Orders that come meanwhile are noted; what they would have sent, the desk sends again after `Up`.
        let pause = tokio::time::sleep(retry);
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut pause => break,
                order = orders.recv() => match order {
                    Some(order @ ToMailbox::Open(..)) => { note(&mut known, order); retry = RETRY_MIN; break }
                    Some(order) => note(&mut known, order),
                    None => return,
                },
            }
        }
        retry = (retry * 2).min(RETRY_MAX);
    }
}

fn keyed(posts: Vec<Post>) -> HashMap<QueueId, Post> {
    posts.into_iter().map(|post| (post.from_patient.reader, post)).collect()
}

fn note(known: &mut Option<(Relay, HashMap<QueueId, Post>)>, order: ToMailbox) {
    match (order, known.as_mut()) {
        (ToMailbox::Open(relay, posts), _) => *known = Some((relay, keyed(posts))),
        (ToMailbox::Post(post) | ToMailbox::Learned(post) | ToMailbox::LinkChanged(post), Some((_, posts))) => {
            posts.insert(post.from_patient.reader, *post);
        }
        (ToMailbox::Remove(post), Some((_, posts))) => {
            posts.remove(&post.from_patient.reader);
        }
        _ => {}
    }
}

enum Ended {
    Desk,
    Lost,
    Refused,
    Reopened(Relay, Vec<Post>),
}

/// What an unanswered request was.
enum Asked {
    Ping(Instant),
    /// One of the queues at the beginning; when all are answered, we are up.
    Opening,
    /// A queue that was made later.
    Making,
    Send(EnvelopeId),
    Other,
}

struct Link {
    socket: Socket,
    seats: Arc<Semaphore>,
    hello: Hello,
    next: u32,
    asked: HashMap<u32, (Asked, Op, Option<[u8; 32]>)>,
    /// What the relay was too busy for, and when to ask again.
    later: Vec<(Asked, Op, Option<[u8; 32]>)>,
    again: Option<Instant>,
    heard: Instant,
    opened: Instant,
    /// Requests of the beginning that are not answered yet.
    opening: usize,
}

impl Link {
    async fn connect(relay: &Relay) -> Result<Self, ()> {
        let mut socket = dial(relay.url.expose()).await?;
        loop {
            match socket.next().await {
                Some(Ok(Message::Binary(bytes))) => match from_cbor::<FromRelay>(&bytes) {
                    Ok(FromRelay::Hello(hello)) if hello.version == VERSION => {
                        let now = Instant::now();
                        return Ok(Self {
                            socket,
                            seats: Arc::new(Semaphore::new(SEATS)),
                            hello,
                            next: 1,
                            asked: HashMap::new(),
                            later: Vec::new(),
                            again: None,
                            heard: now,
                            opened: now,
                            opening: 0,
                        });
                    }
                    _ => return Err(()),
                },
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return Err(()),
            }
        }
    }

    async fn serve(
        mut self,
        relay: &Relay,
        posts: &mut HashMap<QueueId, Post>,
        orders: &mut mpsc::UnboundedReceiver<ToMailbox>,
        tell: &impl Fn(FromMailbox),
    ) -> Ended {
        if self.open(relay, posts.values()).await.is_err() {
            return Ended::Lost;
        }
        if posts.is_empty() {
            self.up(tell);
        }
        let mut ping = tokio::time::interval(PING_EVERY);
        loop {
            let (seats, socket) = (self.seats.clone(), &mut self.socket);
            let read = async { (seats.acquire_owned().await, socket.next().await) };
            tokio::select! {
                (seat, message) = read => {
                    let (Ok(seat), Some(Ok(message))) = (seat, message) else { return Ended::Lost };
                    self.heard = Instant::now();
                    if let Message::Binary(bytes) = message {
                        // A relay that talks nonsense is answered by hanging up.
                        let Ok(message) = from_cbor(&bytes) else { return Ended::Lost };
                        if let Some(ended) = self.hear(message, seat, tell) {
                            return ended;
                        }
                    }
                }
                order = orders.recv() => {
                    let done = match order {
                        None => return Ended::Desk,
                        Some(ToMailbox::Open(relay, posts)) => return Ended::Reopened(relay, posts),
                        Some(order) => self.obey(relay, posts, order).await,
                    };
                    if done.is_err() {
                        return Ended::Lost;
                    }
                }
                () = until(self.again) => {
                    if self.ask_again().await.is_err() {
                        return Ended::Lost;
                    }
                }
                _ = ping.tick() => {
                    if self.heard.elapsed() > SILENCE_MAX || self.ask(Op::Ping, None, Asked::Ping(Instant::now())).await.is_err() {
                        return Ended::Lost;
                    }
                }
            }
        }
    }

    fn up(&self, tell: &impl Fn(FromMailbox)) {
        let here = crate::base::Clock::now(&crate::base::time::SystemClock);
        let Stamp(there) = self.hello.now;
        tell(FromMailbox::Up {
            boot: self.hello.boot,
            offset_ms: there.saturating_sub(here.0),
            round_trip: self.opened.elapsed(),
        });
    }

    /// Makes every queue again, or finds it standing, and reads ours.
    async fn open(&mut self, relay: &Relay, posts: impl ExactSizeIterator<Item = &Post>) -> Result<(), ()> {
        self.opening = 3 * posts.len();
        for post in posts {
            self.make(relay, post, || Asked::Opening).await?;
        }
        Ok(())
    }

    async fn make(&mut self, relay: &Relay, post: &Post, asked: fn() -> Asked) -> Result<(), ()> {
        for queue in [&post.to_patient, &post.from_patient] {
            let op = Op::Create { token: relay.token.expose().clone(), queue: queue.clone() };
            self.ask(op, None, asked()).await?;
        }
        let read = Op::Read { queue: post.from_patient.reader };
        self.ask(read, Some(&post.seed), asked()).await
    }

    async fn obey(&mut self, relay: &Relay, posts: &mut HashMap<QueueId, Post>, order: ToMailbox) -> Result<(), ()> {
        match order {
            ToMailbox::Open(..) => Ok(()),
            ToMailbox::Post(post) => {
                self.make(relay, &post, || Asked::Making).await?;
                posts.insert(post.from_patient.reader, *post);
                Ok(())
            }
            ToMailbox::Learned(post) => {
                posts.insert(post.from_patient.reader, *post);
                Ok(())
            }
            ToMailbox::LinkChanged(post) => {
                for (queue, claim) in [
                    (post.to_patient.writer, post.to_patient.claim.clone()),
                    (post.from_patient.reader, post.from_patient.claim.clone()),
                ] {
                    self.ask(Op::Invite { queue, claim }, Some(&post.seed), Asked::Other).await?;
                }
                posts.insert(post.from_patient.reader, *post);
                Ok(())
            }
            ToMailbox::Remove(post) => {
                posts.remove(&post.from_patient.reader);
                for queue in [post.to_patient.writer, post.from_patient.reader] {
                    self.ask(Op::Remove { queue }, Some(&post.seed), Asked::Other).await?;
                }
                Ok(())
            }
            ToMailbox::Send { queue, id, bytes } => {
                let seed = posts.values().find(|post| post.to_patient.writer == queue).map(|post| post.seed);
                let Some(seed) = seed else { return Ok(()) };
                self.ask(Op::Send { queue, envelope: bytes }, Some(&seed), Asked::Send(id)).await
            }
            ToMailbox::Acknowledge { queue, sequence } => {
                let Some(post) = posts.get(&queue) else { return Ok(()) };
                let seed = post.seed;
                self.ask(Op::Acknowledge { queue, sequence }, Some(&seed), Asked::Other).await
            }
        }
    }

    async fn ask(&mut self, op: Op, seed: Option<&[u8; 32]>, asked: Asked) -> Result<(), ()> {
        let n = self.next;
        self.next = self.next.wrapping_add(1);
        let request = match seed {
            Some(seed) => Request::signed(n, op, &self.hello.challenge, &SigningKey::from_bytes(seed)),
            None => Request::unsigned(n, op),
        };
        self.asked.insert(n, (asked, request.op.clone(), seed.copied()));
        let sent = self.socket.send(Message::Binary(to_cbor(&request).into()));
        tokio::time::timeout(SEND_MAX, sent).await.map_err(drop)?.map_err(drop)
    }

    /// Asks again for what the relay was too busy for, in the old order.
    async fn ask_again(&mut self) -> Result<(), ()> {
        self.again = None;
        for (asked, op, seed) in std::mem::take(&mut self.later) {
            self.ask(op, seed.as_ref(), asked).await?;
        }
        Ok(())
    }

    fn hear(&mut self, message: FromRelay, seat: OwnedSemaphorePermit, tell: &impl Fn(FromMailbox)) -> Option<Ended> {
        match message {
            FromRelay::Hello(_) => return Some(Ended::Lost),
            FromRelay::Delivery { queue, sequence, envelope } => {
                tell(FromMailbox::Delivery { queue, sequence, bytes: envelope, seat });
            }
            FromRelay::Claimed { queue, times, key } => tell(FromMailbox::Claimed { queue, times, key, seat }),
            FromRelay::Gone { .. } => return Some(Ended::Lost),
            FromRelay::Answer { n, answer } => return self.answered(n, answer, tell),
        }
        None
    }

    fn answered(&mut self, n: u32, answer: Answer, tell: &impl Fn(FromMailbox)) -> Option<Ended> {
        let (asked, op, seed) = self.asked.remove(&n)?;
        match (asked, answer) {
            (asked, Answer::Refused(Refusal::Slow { retry_s })) => {
                self.later.push((asked, op, seed));
                self.again = Some(Instant::now() + Duration::from_secs(u64::from(retry_s.clamp(1, 60))));
            }
            (Asked::Ping(at), _) => tell(FromMailbox::RoundTrip(at.elapsed())),
            (Asked::Opening | Asked::Making, Answer::Refused(Refusal::Forbidden | Refusal::Busy)) => {
                return Some(Ended::Refused);
            }
            (Asked::Opening, _) => {
                self.opening -= 1;
                if self.opening == 0 {
                    self.up(tell);
                }
            }
            (Asked::Send(id), Answer::Done) => tell(FromMailbox::Sent(id)),
            (asked @ Asked::Send(_), Answer::Refused(Refusal::Full)) if self.later.len() < LATER_MAX => {
                self.later.push((asked, op, seed));
                self.again.get_or_insert(Instant::now() + FULL_AGAIN);
            }
            // The queue is not there: connect anew, which makes it again. Anything else is tried again after `Up`.
            (Asked::Send(_), Answer::Refused(Refusal::Unknown)) => return Some(Ended::Lost),
            _ => {}
        }
        None
    }
}

/// Waits for a moment that may never come.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment.into()).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    /// A relay that says hello and then delivers without end.
    async fn flood(listener: TcpListener) {
        let (stream, _) = listener.accept().await.expect("a client");
        let mut socket = tokio_tungstenite::accept_async(stream).await.expect("a web socket");
        let hello = Hello { version: VERSION, boot: BootId::random(), challenge: [0; 32], now: Stamp(0) };
        let mut say = FromRelay::Hello(hello);
        let queue = QueueId::random();
        for sequence in 0.. {
            if socket.send(Message::Binary(to_cbor(&say).into())).await.is_err() {
                return;
            }
            say = FromRelay::Delivery { queue, sequence, envelope: vec![0; 1000] };
        }
    }

    #[tokio::test]
    async fn relay_that_never_stops_is_read_no_faster_than_the_desk_works() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(flood(listener));
        let (orders, obeyed) = mpsc::unbounded_channel();
        let (told, mut desk) = mpsc::unbounded_channel();
        tokio::spawn(run(obeyed, move |message| drop(told.send(message))));
        let relay = Relay { url: url.into(), token: "token".into() };
        assert!(orders.send(ToMailbox::Open(relay, Vec::new())).is_ok());
        let mut seats = Vec::new();
        while seats.len() < SEATS {
            if let Some(FromMailbox::Delivery { seat, .. }) = desk.recv().await {
                seats.push(seat);
            }
        }
        let more = tokio::time::timeout(Duration::from_millis(200), desk.recv()).await;
        assert!(more.is_err(), "a delivery came though every seat is taken");
        seats.clear();
        assert!(matches!(desk.recv().await, Some(FromMailbox::Delivery { .. })));
    }

    #[tokio::test]
    async fn relay_that_lets_in_and_throws_out_is_not_asked_ever_faster() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (orders, obeyed) = mpsc::unbounded_channel();
        let (told, mut desk) = mpsc::unbounded_channel();
        tokio::spawn(run(obeyed, move |message| drop(told.send(message))));
        let relay = Relay { url: url.into(), token: "token".into() };
        assert!(orders.send(ToMailbox::Open(relay, Vec::new())).is_ok());
        let mut came = Vec::new();
        for _ in 0..4 {
            let (stream, _) = listener.accept().await.expect("a client");
            came.push(Instant::now());
            let mut socket = tokio_tungstenite::accept_async(stream).await.expect("a web socket");
            let hello = Hello { version: VERSION, boot: BootId::random(), challenge: [0; 32], now: Stamp(0) };
            let _ = socket.send(Message::Binary(to_cbor(&FromRelay::Hello(hello)).into())).await;
            let _ = socket.close(None).await;
            while !matches!(desk.recv().await, Some(FromMailbox::Down)) {}
        }
        let pauses: Vec<_> = came.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(pauses[2] >= 4 * RETRY_MIN, "{pauses:?}");
    }
}
