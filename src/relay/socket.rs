//! One WebSocket: requests in, answers and deliveries out, one message at a time each way.
//!
//! A connection that is silent is pinged, and dead after the limit of silence; sooner when another one wants to read
//! its queue, so that a phone that changed networks reads again within seconds. Nothing is queued for a slow
//! reader: the next delivery is fetched when the last one has left.

use super::{mailbox::ConnectionId, server::Relay};
use crate::wire::{
    from_cbor,
    relay::{Answer, FromRelay, Op, Refusal, Request},
    to_cbor,
};
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use std::{net::IpAddr, sync::Arc, time::Duration};
use tokio::{
    sync::Notify,
    time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout, timeout_at},
};

/// How long a connection may take to prove that it lives when another one wants its queue.
const PROOF: Duration = Duration::from_secs(4);
/// How long a connection that asked too much is not listened to.
const REST: Duration = Duration::from_millis(200);

/// IANA WebSocket close code: the service restarts; come back.
const SERVICE_RESTART: u16 = 1012;

/// How others reach a connection's loop.
#[derive(Debug, Default)]
pub struct Bell {
    /// There is something to say.
    pub look: Notify,
    /// Prove that you live.
    pub prove: Notify,
}

/// Why a connection ended; its name is logged.
#[derive(Clone, Copy, Debug)]
enum End {
    Closed,
    Broken,
    Silent,
    Slow,
    Garbled,
    TooLong,
    Stopping,
}

struct Conversation {
    socket: WebSocket,
    relay: Arc<Relay>,
    from: IpAddr,
    id: ConnectionId,
    /// Dead at this moment unless something is heard.
    deadline: Instant,
    /// Not listened to before this moment.
    rest: Instant,
    /// There may be something to say.
    pending: bool,
    requests: u64,
    deliveries: u64,
}

/// Serves one WebSocket until it ends.
pub async fn serve(socket: WebSocket, relay: Arc<Relay>, from: IpAddr) {
    let (id, hello, bell) = relay.enter();
    let start = Instant::now();
    let deadline = start + relay.limits().silence();
    let mut conversation = Conversation {
        socket,
        relay: relay.clone(),
        from,
        id,
        deadline,
        rest: start,
        pending: false,
        requests: 0,
        deliveries: 0,
    };
    let end = match conversation.say(&FromRelay::Hello(hello)).await {
        Ok(()) => conversation.run(&bell).await,
        Err(end) => end,
    };
    conversation.close(end).await;
    relay.leave(id);
    let Conversation { requests, deliveries, .. } = conversation;
    tracing::debug!(?end, requests, deliveries, seconds = start.elapsed().as_secs(), "connection ended");
}

impl Conversation {
    async fn run(&mut self, bell: &Bell) -> End {
        let every = self.relay.limits().silence() * 2 / 5;
        let mut ping = interval_at(Instant::now() + every, every);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let relay = self.relay.clone();
        loop {
            let (deadline, rest) = (self.deadline, self.rest);
            let step = tokio::select! {
                heard = async { sleep_until(rest).await; self.socket.recv().await } => self.hear(heard).await,
                () = bell.look.notified() => { self.pending = true; Ok(()) }
                () = std::future::ready(()), if self.pending => self.deliver().await,
                () = bell.prove.notified() => {
                    self.deadline = deadline.min(Instant::now() + PROOF);
                    self.send(Message::Ping(Default::default())).await
                }
                _ = ping.tick() => self.send(Message::Ping(Default::default())).await,
                () = sleep_until(deadline) => Err(End::Silent),
                () = relay.stopped() => Err(End::Stopping),
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    async fn hear(&mut self, heard: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let message = match heard {
            None => return Err(End::Closed),
            // Too long is the one thing wrong that still has a connection to say so on.
            Some(Err(error)) if error.to_string().contains("too long") => return Err(End::TooLong),
            Some(Err(_)) => return Err(End::Broken),
            Some(Ok(message)) => message,
        };
        let now = Instant::now();
        self.deadline = now + self.relay.limits().silence();
        let bytes = match message {
            Message::Binary(bytes) => bytes,
            Message::Close(_) => return Err(End::Closed),
            // Nobody needs more of these than of requests.
            Message::Ping(_) | Message::Pong(_) => {
                self.rest = self.relay.ask(self.from).map_or(now + REST, |()| now);
                return Ok(());
            }
            Message::Text(_) => return self.garbled().await,
        };
        let Ok(request) = from_cbor::<Request>(&bytes) else {
            return self.garbled().await;
        };
        let (n, name) = (request.n, name(&request.op));
        self.requests += 1;
        let answer = match self.relay.ask(self.from) {
            Ok(()) => self.relay.handle(self.id, request),
            Err(wait) => {
                self.rest = now + REST;
                let retry_s = u16::try_from(wait.as_secs() + 1).unwrap_or(u16::MAX);
                Answer::Refused(Refusal::Slow { retry_s })
            }
        };
        let refused = match &answer {
            Answer::Refused(refusal) => Some(*refusal),
            _ => None,
        };
        tracing::trace!(request = name, ?refused, bytes = bytes.len(), "request");
        // A reading starts with what waits already.
        self.pending = true;
        self.say(&FromRelay::Answer { n, answer }).await
    }

    async fn garbled(&mut self) -> Result<(), End> {
        self.say(&FromRelay::Answer { n: 0, answer: Answer::Refused(Refusal::Garbled) }).await?;
        Err(End::Garbled)
    }

    async fn deliver(&mut self) -> Result<(), End> {
        match self.relay.next(self.id) {
            Some(said) => {
                self.deliveries += u64::from(matches!(said, FromRelay::Delivery { .. }));
                self.say(&said).await
            }
            None => {
                self.pending = false;
                Ok(())
            }
        }
    }

    async fn say(&mut self, said: &FromRelay) -> Result<(), End> {
        self.send(Message::Binary(to_cbor(said).into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        // While a message waits to leave, nothing is heard either: the same deadline holds.
        match timeout_at(self.deadline, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Broken),
            Err(_) => Err(End::Slow),
        }
    }

    /// Says why, where somebody may still listen.
    async fn close(&mut self, end: End) {
        let (code, reason) = match end {
            End::Closed | End::Broken | End::Slow => return,
            End::Silent => (close_code::AWAY, "nothing was heard for too long"),
            End::Stopping => (SERVICE_RESTART, "the relay stops"),
            End::Garbled => (close_code::INVALID, "not a request"),
            End::TooLong => (close_code::SIZE, "message too long"),
        };
        let farewell = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        let _ = timeout(Duration::from_secs(1), self.socket.send(farewell)).await;
    }
}

fn name(op: &Op) -> &'static str {
    match op {
        Op::Create { .. } => "create",
        Op::Invite { .. } => "invite",
        Op::Claim { .. } => "claim",
        Op::Read { .. } => "read",
        Op::Send { .. } => "send",
        Op::Acknowledge { .. } => "acknowledge",
        Op::Remove { .. } => "remove",
        Op::Ping => "ping",
    }
}
