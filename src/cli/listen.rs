//! `bedside feed listen`: HL7 v2 messages over MLLP, read here, away from the process that holds the keys, and kept by the
//! agent, whose client this is.
//!
//! A message is answered `AA` only after the agent has said that it is durable. Nothing of it is logged.

use super::console::Console;
use super::{appointment, command, import, output};
use crate::base::time::SystemClock;
use crate::base::{Clock, Failure, Kind, Phi, Place, Stamp};
use crate::client::agent::{ImportHead, ImportReport, Reply, Request, Status, VaultState};
use crate::client::{Connection, mllp};
use crate::feed::message::MESSAGE_MAX_BYTES;
use crate::feed::message::answer::{Received, Refusal};
use crate::feed::{Feed, Reading};
use jiff::tz::TimeZone;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

/// Senders that are connected at once.
const SENDERS_MAX: usize = 32;
/// How long a sender may be silent; an interface engine then connects again.
const SILENCE_MAX: Duration = Duration::from_secs(15 * 60);
/// How long a message may take to arrive, and its answer to leave.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the agent may take to keep a message.
const AGENT_PATIENCE: Duration = Duration::from_secs(60);

pub(super) async fn run(console: &Console, args: command::Listen) -> Result<(), Failure> {
    super::agent::log("info");
    let cannot_hear = |_| Failure::new(Kind::Bug, "signals cannot be heard");
    let mut terminate = signal(SignalKind::terminate()).map_err(cannot_hear)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot_hear)?;
    let post = Arc::new(Post::open(console, args.feed).await?);
    let cannot = |error: std::io::Error| {
        Failure::new(Kind::Refused, format!("that address cannot be listened on ({})", error.kind()))
            .hint("choose another with --address")
    };
    let listener = TcpListener::bind(args.address).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    if !address.ip().is_loopback() {
        output::say("bedside: warning: MLLP is not encrypted: whoever is on the way reads names and times.");
    }
    console.show(|| json!({"listening": address}), || output::line(&format!("Listening on {address}.")));
    let places = Arc::new(Semaphore::new(SENDERS_MAX));
    loop {
        tokio::select! {
            // Whatever was not answered by then the sender sends again.
            _ = terminate.recv() => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => match Arc::clone(&places).try_acquire_owned() {
                    Ok(place) => {
                        let post = Arc::clone(&post);
                        tokio::spawn(async move {
                            serve(stream, &post).await;
                            drop(place);
                        });
                    }
                    Err(_) => tracing::warn!(limit = SENDERS_MAX, "too many senders: one was not let in"),
                },
                Err(error) => {
                    // No descriptors, most likely; it gets better when a sender goes.
                    tracing::warn!(kind = ?error.kind(), "a sender could not be let in");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
}

/// One sender, until it goes, is silent for too long, or sends what has no end.
async fn serve(mut stream: TcpStream, post: &Post) {
    let mut decoder = mllp::Decoder::new(MESSAGE_MAX_BYTES);
    let mut buffer = vec![0; 16 * 1024];
    let mut silent_until = Instant::now() + SILENCE_MAX;
    let mut whole_until = None;
    loop {
        match decoder.take() {
            Ok(Some(message)) => {
                let answer = post.take(&message).await;
                if !say(&mut stream, &answer).await {
                    return;
                }
                (silent_until, whole_until) = (Instant::now() + SILENCE_MAX, None);
                continue;
            }
            Ok(None) => {}
            Err(_) => {
                // Without its end it is not read; its beginning says whom to answer.
                let answer = post.refuse(decoder.begun().unwrap_or_default());
                say(&mut stream, &answer).await;
                return;
            }
        }
        let deadline = match decoder.begun() {
            Some(_) => *whole_until.get_or_insert_with(|| Instant::now() + PATIENCE),
            None => silent_until,
        };
        match timeout_at(deadline, stream.read(&mut buffer)).await {
            Ok(Ok(length @ 1..)) => decoder.push(buffer.get(..length).unwrap_or_default()),
            Ok(_) => return,
            Err(_) => {
                tracing::debug!(half = decoder.begun().is_some(), "a sender was silent for too long");
                return;
            }
        }
    }
}

async fn say(stream: &mut TcpStream, answer: &[u8]) -> bool {
    matches!(timeout(PATIENCE, stream.write_all(&mllp::encode(answer))).await, Ok(Ok(())))
}

/// Where messages go: the agent, one at a time, because an import belongs to its connection.
struct Post {
    place: Place,
    feed: Option<Phi<String>>,
    agent: Mutex<Agent>,
    /// Since when it runs: what tells its answers from another run's.
    since: Stamp,
    answers: AtomicU64,
}

/// The agent, as far as it is there.
struct Agent {
    connection: Option<Connection>,
    /// The practice's; this machine's until it was ever known: a vault that was never open does not tell it.
    zone: TimeZone,
}

impl Post {
    async fn open(console: &Console, feed: Option<String>) -> Result<Self, Failure> {
        let place = console.place.clone();
        let (connection, _events) = Connection::open(&place).await?;
        if connection.status().vault == VaultState::Missing {
            return Err(Failure::new(Kind::Refused, "there is no vault here").hint("run 'bedside init' to make one"));
        }
        let zone = appointment::feed_zone(&connection);
        let agent = Mutex::new(Agent { connection: Some(connection), zone });
        Ok(Self { place, feed: feed.map(Phi::new), agent, since: SystemClock.now(), answers: AtomicU64::new(0) })
    }

    /// Reads a message, has it kept, and gives the answer.
    async fn take(&self, message: &[u8]) -> Vec<u8> {
        let mut agent = self.agent.lock().await;
        let zone = agent.zone(&self.place).await;
        let received = Received::read(message, &Reading::new(zone, SystemClock.now()));
        let refusal = match &received.outcome {
            Ok(feed) => match agent.keep(&self.place, self.feed.as_ref(), feed).await {
                Ok(report) => {
                    let ImportReport { added, updated, unchanged, removed, unmatched, queued, .. } = report;
                    let event = received.event();
                    tracing::info!(event, added, updated, unchanged, removed, unmatched, queued, "AA");
                    for skipped in &feed.skipped {
                        tracing::warn!(event, reason = skipped.reason.to_string(), "AA");
                    }
                    None
                }
                Err(kind) => {
                    tracing::warn!(event = received.event(), ?kind, "AE: the agent did not keep it");
                    Some(Refusal::not_kept())
                }
            },
            Err(refusal) => {
                let reason = refusal.reason.as_str();
                tracing::warn!(event = received.event(), reason, "{}", refusal.code.as_str());
                Some(refusal.clone())
            }
        };
        self.answer(&received, refusal.as_ref())
    }

    /// The answer to a message that has no end.
    fn refuse(&self, begun: &[u8]) -> Vec<u8> {
        let refusal = Refusal::too_long();
        tracing::warn!(reason = refusal.reason.as_str(), "{}", refusal.code.as_str());
        self.answer(&Received::unread(begun, refusal.clone()), Some(&refusal))
    }

    fn answer(&self, received: &Received, refusal: Option<&Refusal>) -> Vec<u8> {
        let count = self.answers.fetch_add(1, Ordering::Relaxed) + 1;
        received.answer(refusal, SystemClock.now(), &format!("{:x}-{count}", self.since.0))
    }
}

impl Agent {
    /// The agent, connected to again if it went away; starts one if none runs.
    async fn connect(&mut self, place: &Place) -> Result<Connection, Failure> {
        if let Some(connection) = &self.connection {
            return Ok(connection.clone());
        }
        let (connection, _events) = Connection::open(place).await?;
        self.connection = Some(connection.clone());
        Ok(connection)
    }

    /// The practice's zone, which may change while this runs.
    async fn zone(&mut self, place: &Place) -> TimeZone {
        // Asked twice: the agent that is gone is noticed by the first.
        for _ in 0..2 {
            match self.status(place).await {
                Ok(status) => {
                    self.zone = status.time_zone().unwrap_or_else(|| self.zone.clone());
                    break;
                }
                Err(_) => self.connection = None,
            }
        }
        self.zone.clone()
    }

    async fn status(&mut self, place: &Place) -> Result<Status, Failure> {
        match in_time(self.connect(place).await?.request(Request::Status)).await? {
            Reply::Status(status) => Ok(status),
            _ => Err(super::console::other()),
        }
    }

    /// Has a message kept; it is durable then. An agent that locks itself is a new one, to which all is given again: what
    /// the old one did keep changes nothing.
    async fn keep(&mut self, place: &Place, name: Option<&Phi<String>>, feed: &Feed) -> Result<ImportReport, Kind> {
        let head = ImportHead {
            feed: name.or(feed.name.as_ref()).cloned().unwrap_or_else(|| Phi::from("messages")),
            whole: false,
            message: true,
            allow_removals: false,
            dry_run: false,
        };
        let mut failed = Kind::Network;
        for _ in 0..2 {
            let given = match self.connect(place).await {
                Ok(connection) => in_time(import::hand_over(&connection, head.clone(), feed.clone())).await,
                Err(failure) => Err(failure),
            };
            match given {
                Ok(report) => return Ok(report),
                Err(failure) => {
                    failed = failure.kind;
                    self.connection = None;
                    if failed != Kind::Network {
                        break;
                    }
                }
            }
        }
        Err(failed)
    }
}

/// What the agent answers, if it does so in time.
async fn in_time<T>(asked: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let late = || Failure::new(Kind::Network, "the agent does not answer");
    timeout(AGENT_PATIENCE, asked).await.unwrap_or_else(|_| Err(late()))
}
