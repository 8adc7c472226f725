//! A connection to the agent: started when none answers, versions compared, requests answered by number.
//!
//! Refuses to be: a cache or a screen. Requests go in, replies and events come out; nothing is kept here.

pub mod call;
mod start;

pub use crate::wire::agent;
pub use crate::wire::call::{Quality, Trouble};
pub use crate::wire::content::TEXT_MAX_BYTES;
pub use crate::wire::mllp;

use crate::base::{Failure, Kind, Place};
use crate::wire::agent::{Event, FromAgent, MESSAGE_MAX_BYTES, Numbered, Reply, Request, Status, VERSION};
use crate::wire::frame::{self, Decoder};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, oneshot};

/// How long an agent that is replacing itself is asked again.
const PATIENCE: Duration = Duration::from_secs(5);

type Waiting = Arc<std::sync::Mutex<Option<HashMap<u32, Asked>>>>;

/// A request that waits for its reply.
struct Asked {
    reply: oneshot::Sender<Result<Box<Reply>, Failure>>,
    progress: Option<mpsc::UnboundedSender<(u64, u64)>>,
}

/// A connection. Clones share it; requests of several clones run side by side.
#[derive(Clone)]
pub struct Connection {
    requests: mpsc::UnboundedSender<Vec<u8>>,
    waiting: Waiting,
    next: Arc<AtomicU32>,
    status: Status,
}

/// What happens without being asked for; ends when the agent goes away.
pub type Events = mpsc::UnboundedReceiver<Event>;

fn gone() -> Failure {
    Failure::new(Kind::Network, "the agent went away").hint("try again; 'bedside status' starts a new one")
}

impl Connection {
    /// Connects to the agent of this vault, starting one if none answers.
    pub async fn open(place: &Place) -> Result<(Self, Events), Failure> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match Self::greet(start::connect(place).await?).await {
                // An agent that locks itself lets go of who just came, and is there again at once.
                Err(failure) if failure.kind == Kind::Network && Instant::now() < deadline => {}
                greeted => return greeted,
            }
        }
    }

    /// Connects if an agent is running; never starts one.
    pub async fn open_running(place: &Place) -> Result<Option<(Self, Events)>, Failure> {
        match UnixStream::connect(place.socket()).await {
            Ok(stream) => Self::greet(stream).await.map(Some),
            Err(_) => Ok(None),
        }
    }

    /// Ends the agent of this vault, of whatever version it is: one that an upgrade has left behind answers nothing else.
    /// Says whether there was one.
    pub async fn stop(place: &Place) -> Result<bool, Failure> {
        let Ok(stream) = UnixStream::connect(place.socket()).await else { return Ok(false) };
        Self::over(stream)?.0.request(Request::Stop).await.map(|_| true)
    }

    async fn greet(stream: UnixStream) -> Result<(Self, Events), Failure> {
        let (mut connection, events) = Self::over(stream)?;
        match connection.request(Request::Hello { version: VERSION }).await? {
            Reply::Hello { version: VERSION, status } => connection.status = status,
            Reply::Hello { .. } => return Err(other_version()),
            _ => return Err(Failure::new(Kind::Bug, "the agent answered something else")),
        }
        Ok((connection, events))
    }

    /// Nothing is said yet; only that the other end is this user's is sure.
    fn over(stream: UnixStream) -> Result<(Self, Events), Failure> {
        let own = rustix::process::getuid();
        if !stream.peer_cred().is_ok_and(|peer| peer.uid() == own.as_raw()) {
            return Err(Failure::new(Kind::Refused, "the agent in this folder belongs to somebody else")
                .hint("choose a folder of your own with --vault"));
        }
        let (read, write) = stream.into_split();
        let (events_in, events) = mpsc::unbounded_channel();
        let waiting: Waiting = Arc::new(std::sync::Mutex::new(Some(HashMap::new())));
        let (requests, to_write) = mpsc::unbounded_channel();
        tokio::spawn(read_replies(read, waiting.clone(), events_in));
        tokio::spawn(write_requests(write, to_write));
        let connection = Self { requests, waiting, next: Arc::new(AtomicU32::new(1)), status: Status::unknown() };
        Ok((connection, events))
    }

    /// How things stood when the connection was made.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Asks and waits for the reply.
    pub async fn request(&self, request: Request) -> Result<Reply, Failure> {
        self.ask(request, None).await
    }

    /// Asks and waits for the reply; `progress` hears (done, total) meanwhile.
    pub async fn request_with_progress(
        &self,
        request: Request,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Reply, Failure> {
        let (steps_in, mut steps) = mpsc::unbounded_channel();
        let mut reply = std::pin::pin!(self.ask(request, Some(steps_in)));
        loop {
            tokio::select! {
                reply = &mut reply => return reply,
                Some((done, total)) = steps.recv() => progress(done, total),
            }
        }
    }

    async fn ask(
        &self,
        request: Request,
        progress: Option<mpsc::UnboundedSender<(u64, u64)>>,
    ) -> Result<Reply, Failure> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let (reply, answer) = oneshot::channel();
        if let Some(waiting) = self.waiting.lock().expect("no thread panics while it holds the list").as_mut() {
            waiting.insert(n, Asked { reply, progress });
        } else {
            return Err(gone());
        }
        let bytes = frame::encode(&Numbered { n, request });
        if bytes.len() - frame::HEAD_BYTES > MESSAGE_MAX_BYTES {
            return Err(Failure::new(Kind::Refused, "that is too large to give to the agent at once").hint("split it"));
        }
        self.requests.send(bytes).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?.map(|reply| *reply)
    }
}

fn other_version() -> Failure {
    Failure::new(Kind::Refused, "the agent that runs is of another version")
        .hint("run 'bedside agent --stop', then the command again")
}

/// Writes what is asked, at once what is asked at once; ends with the connection's last clone. A request whose asker gave
/// up is written whole all the same, so the stream stays a stream of messages.
async fn write_requests(mut write: OwnedWriteHalf, mut requests: mpsc::UnboundedReceiver<Vec<u8>>) {
    while let Some(mut bytes) = requests.recv().await {
        while let Ok(more) = requests.try_recv() {
            bytes.extend_from_slice(&more);
        }
        // The agent is gone. Its last replies may still lie there; behind them, whoever waits hears that it went away.
        if write.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

async fn read_replies(mut read: OwnedReadHalf, waiting: Waiting, events: mpsc::UnboundedSender<Event>) {
    let mut decoder = Decoder::new(MESSAGE_MAX_BYTES);
    let mut buffer = vec![0; 64 * 1024];
    'connected: while let Ok(length @ 1..) = read.read(&mut buffer).await {
        decoder.push(&buffer[..length]);
        loop {
            match decoder.take::<FromAgent>() {
                Ok(Some(message)) => hear(message, &waiting, &events),
                Ok(None) => break,
                Err(_) => break 'connected,
            }
        }
    }
    // Whoever still waits hears that the agent went away, because the senders are dropped.
    waiting.lock().expect("no thread panics while it holds the list").take();
}

fn hear(message: FromAgent, waiting: &Waiting, events: &mpsc::UnboundedSender<Event>) {
    let mut waiting = waiting.lock().expect("no thread panics while it holds the list");
    let Some(waiting) = waiting.as_mut() else { return };
    match message {
        FromAgent::Reply { n, result } => {
            if let Some(asked) = waiting.remove(&n) {
                // The asker may have given up; nothing is owed to it then.
                let _ = asked.reply.send(result);
            }
        }
        FromAgent::Progress { n, done, total } => {
            if let Some(progress) = waiting.get(&n).and_then(|asked| asked.progress.as_ref()) {
                let _ = progress.send((done, total));
            }
        }
        FromAgent::Event(event) => {
            let _ = events.send(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn agent_is_told_to_end_before_anything_is_said_about_versions() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::new(folder.path().to_owned()).expect("a short path");
        assert_eq!(Connection::stop(&place).await, Ok(false));
        let listener = tokio::net::UnixListener::bind(place.socket()).expect("a socket");
        let told = tokio::spawn(async move {
            let mut stream = listener.accept().await.expect("a client").0;
            let mut decoder = Decoder::new(MESSAGE_MAX_BYTES);
            let mut buffer = [0; 256];
            loop {
                let length = stream.read(&mut buffer).await.expect("bytes");
                decoder.push(&buffer[..length]);
                if let Some(Numbered { n, request }) = decoder.take().expect("a request") {
                    let result = Ok(Box::new(Reply::Done));
                    stream.write_all(&frame::encode(&FromAgent::Reply { n, result })).await.expect("written");
                    return request;
                }
            }
        });
        assert_eq!(Connection::stop(&place).await, Ok(true));
        assert_eq!(told.await.expect("no panic"), Request::Stop);
    }

    #[tokio::test]
    async fn request_that_is_given_up_half_written_spoils_no_other() {
        let (ours, mut theirs) = UnixStream::pair().expect("a pair of sockets");
        let (connection, _events) = Connection::over(ours).expect("this user's own");
        // Far more than a socket holds: its writing waits for the other end, which reads nothing yet.
        let large = Request::NoteSearch { query: "a".repeat(4 << 20).into(), who: None, compartment: None };
        let given_up = tokio::time::timeout(Duration::from_millis(50), connection.request(large)).await;
        assert!(given_up.is_err(), "nobody has answered");
        let asked = tokio::spawn(async move { connection.request(Request::Stop).await });
        let mut decoder = Decoder::new(MESSAGE_MAX_BYTES);
        let mut buffer = vec![0; 64 * 1024];
        let mut heard = Vec::new();
        while heard.len() < 2 {
            let length = theirs.read(&mut buffer).await.expect("bytes");
            decoder.push(&buffer[..length]);
            while let Some(numbered) = decoder.take::<Numbered>().expect("whole requests") {
                heard.push(numbered);
            }
        }
        assert_eq!(heard[1].request, Request::Stop);
        drop(theirs);
        assert_eq!(asked.await.expect("no panic"), Err(gone()));
    }

    #[tokio::test]
    async fn reply_that_has_come_counts_though_the_agent_is_gone() {
        let (ours, mut theirs) = UnixStream::pair().expect("a pair of sockets");
        let (connection, _events) = Connection::over(ours).expect("this user's own");
        let asker = connection.clone();
        let asked = tokio::spawn(async move { asker.request(Request::Lock).await });
        let mut buffer = vec![0; 1024];
        assert_ne!(theirs.read(&mut buffer).await.expect("a request"), 0);
        let reply = FromAgent::Reply { n: 1, result: Ok(Box::new(Reply::Done)) };
        theirs.write_all(&frame::encode(&reply)).await.expect("written");
        drop(theirs);
        // This one cannot be written any more, which is noticed before the reply is read.
        assert_eq!(connection.request(Request::Stop).await, Err(gone()));
        assert_eq!(asked.await.expect("no panic"), Ok(Reply::Done));
    }
}
