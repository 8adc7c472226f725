//! Being the patient of a link without a browser: the guest's core, a relay connection and a call window, in memory
//! only. It is the second end of the demo and of tests, and a clinician's way to try a link.

use super::dial::{Socket, dial};
use crate::base::time::SystemClock;
use crate::base::{Clock, Failure, Kind, Phi};
use crate::guest::{Guest, Input, Output, Trouble, View};
use crate::visit::Phase;
use crate::wire::call::{self, FromCall, ToCall};
use crate::wire::content::Knock;
use crate::wire::frame::{self, Decoder};
use crate::wire::link::Fragment;
use futures_util::{SinkExt, StreamExt};
use std::collections::HashSet;
use std::os::fd::OwnedFd;
use std::process::Child;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio_tungstenite::tungstenite::Message;

const RETRY: Duration = Duration::from_millis(500);
const CONNECT_MAX: Duration = Duration::from_secs(10);

/// How this patient behaves.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// Goes to the waiting room as soon as the conversation stands, and again after a visit.
    pub knock: bool,
    /// Answers every message.
    pub answer: bool,
}

/// Opens a link and stays until the link is of no use any more. `window` starts the call window on a connection;
/// `say` is told what happens, in words without names.
pub async fn run(
    link: Phi<String>,
    manners: Manners,
    window: impl Fn(OwnedFd) -> Result<Child, Failure>,
    say: impl Fn(&str),
) -> Result<(), Failure> {
    let (relay, fragment) = parse(link.expose())?;
    let guest = Guest::open(&fragment, SystemClock.now());
    let mut end = End {
        guest,
        relay,
        manners,
        socket: None,
        retry: Instant::now(),
        call: None,
        answered: HashSet::new(),
        told: None,
        knocked: false,
    };
    end.serve(window, say).await
}

fn parse(link: &str) -> Result<(String, Fragment), Failure> {
    let bad = || Failure::new(Kind::Refused, "that is not a link").hint("copy all of it, from https:// to the end");
    let (relay, fragment) = link.trim().split_once("/#").ok_or_else(bad)?;
    Ok((relay.to_owned(), Fragment::parse(fragment).map_err(|_| bad())?))
}

/// The call window's end of its connection.
struct Call {
    stream: UnixStream,
    decoder: Decoder,
    child: Child,
}

struct End {
    guest: Guest,
    relay: String,
    manners: Manners,
    socket: Option<Socket>,
    retry: Instant,
    call: Option<Call>,
    answered: HashSet<crate::base::id::MessageId>,
    told: Option<&'static str>,
    knocked: bool,
}

/// What the loop waited for.
enum Woken {
    Relay(Option<Vec<u8>>),
    Window(usize),
    Time,
}

impl End {
    async fn serve(
        &mut self,
        window: impl Fn(OwnedFd) -> Result<Child, Failure>,
        say: impl Fn(&str),
    ) -> Result<(), Failure> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            self.pump(&window).await?;
            if let Some(failure) = self.look(&say) {
                return Err(failure);
            }
            self.pump(&window).await?;
            self.connect().await;
            self.pump(&window).await?;
            match self.wait(&mut buffer).await {
                Woken::Relay(Some(bytes)) => self.handle(Input::Received(bytes)),
                Woken::Relay(None) => self.lose_relay(),
                Woken::Window(0) => self.lose_window(),
                Woken::Window(length) => self.hear_window(buffer.get(..length).unwrap_or_default()),
                Woken::Time => self.handle(Input::Tick),
            }
        }
    }

    fn handle(&mut self, input: Input) {
        self.guest.handle(input, SystemClock.now());
    }

    /// Does what the guest wants done.
    async fn pump(&mut self, window: &impl Fn(OwnedFd) -> Result<Child, Failure>) -> Result<(), Failure> {
        while let Some(output) = self.guest.poll() {
            match output {
                Output::Send(bytes) => {
                    let sent = match &mut self.socket {
                        Some(socket) => socket.send(Message::Binary(bytes.into())).await.is_ok(),
                        None => true,
                    };
                    if !sent {
                        self.lose_relay();
                    }
                }
                // In memory only: what is held is kept.
                Output::Keep { n, .. } => self.handle(Input::Kept { n }),
                Output::Reconnect => self.lose_relay(),
                Output::Call(message) => self.tell_window(message, window).await?,
                Output::Wipe | Output::Ring | Output::Changed => {}
            }
        }
        Ok(())
    }

    async fn tell_window(
        &mut self,
        message: ToCall,
        window: &impl Fn(OwnedFd) -> Result<Child, Failure>,
    ) -> Result<(), Failure> {
        if self.call.is_none() && matches!(message, ToCall::Start { .. }) {
            let failed = |_| Failure::new(Kind::Bug, "the call window could not be connected");
            let (ours, theirs) = std::os::unix::net::UnixStream::pair().map_err(failed)?;
            let child = window(theirs.into())?;
            ours.set_nonblocking(true).map_err(failed)?;
            let stream = UnixStream::from_std(ours).map_err(failed)?;
            self.call = Some(Call { stream, decoder: Decoder::new(call::MESSAGE_MAX_BYTES), child });
        }
        let closing = matches!(message, ToCall::Close { .. });
        if let Some(call) = &mut self.call
            && (call.stream.write_all(&frame::encode(&message)).await.is_err() || closing)
        {
            self.lose_window();
        }
        Ok(())
    }

    /// What there is to say, to answer, to knock for; the end if the link is of no use.
    fn look(&mut self, say: &impl Fn(&str)) -> Option<Failure> {
        let view = self.guest.view(SystemClock.now());
        if let Some(trouble) = view.refused {
            return Some(refusal(trouble));
        }
        let phase = view.visit.as_ref().map(|visit| visit.phase);
        let tell = match phase {
            _ if !view.paired => "opening the link",
            Some(Phase::Knocking) => "knocking",
            Some(Phase::Waiting) => "in the waiting room",
            Some(Phase::Admitted | Phase::Connecting) => "admitted",
            Some(Phase::Live) => "in the visit",
            Some(Phase::Reconnecting) => "the line dropped",
            Some(Phase::Ended) => "the visit has ended",
            None => "paired",
        };
        if self.told != Some(tell) {
            self.told = Some(tell);
            say(tell);
            if tell == "in the visit"
                && let Some(words) = view.visit.as_ref().and_then(|visit| visit.words.as_ref())
            {
                say(&format!("words: {}", words.join(" ")));
            }
        }
        self.answer(&view);
        if self.manners.knock && view.paired && view.connected && !self.knocked {
            self.knocked = true;
            self.handle(Input::Knock(Knock { camera: true, microphone: true, alone: Some(true), place: None }));
        }
        None
    }

    fn answer(&mut self, view: &View) {
        if !self.manners.answer {
            return;
        }
        for message in view.thread.iter().filter(|message| !message.mine) {
            if self.answered.insert(message.id) {
                let text = Phi::from("Thank you, I have read it.");
                self.guest.handle(Input::Write { text }, SystemClock.now());
            }
        }
    }

    async fn connect(&mut self) {
        if self.socket.is_some() || self.retry > Instant::now() {
            return;
        }
        // A relay that takes the connection and then says nothing must not stop the clock of a visit for long.
        match tokio::time::timeout(CONNECT_MAX, dial(&self.relay)).await {
            Ok(Ok(socket)) => {
                self.socket = Some(socket);
                self.handle(Input::Connected);
            }
            _ => self.retry = Instant::now() + RETRY,
        }
    }

    fn lose_relay(&mut self) {
        if self.socket.take().is_some() {
            self.handle(Input::Disconnected);
        }
        self.retry = Instant::now() + RETRY;
    }

    fn lose_window(&mut self) {
        if let Some(mut call) = self.call.take() {
            // Its connection is closed, so it ends by itself; waiting only buries it.
            std::thread::spawn(move || call.child.wait());
            self.handle(Input::CallGone);
        }
    }

    fn hear_window(&mut self, bytes: &[u8]) {
        let Some(call) = &mut self.call else { return };
        call.decoder.push(bytes);
        let mut heard = Vec::new();
        while let Ok(Some(message)) = call.decoder.take::<FromCall>() {
            heard.push(message);
        }
        for message in heard {
            self.handle(Input::Call(message));
        }
    }

    async fn wait(&mut self, buffer: &mut [u8]) -> Woken {
        let now = SystemClock.now();
        let due = self.guest.timeout().map_or(Duration::from_secs(1), |at| at.since(now));
        let retry = self.retry.saturating_duration_since(Instant::now());
        let pause = if self.socket.is_none() { due.min(retry) } else { due };
        let relay = async {
            match &mut self.socket {
                Some(socket) => loop {
                    match socket.next().await {
                        Some(Ok(Message::Binary(bytes))) => return Some(bytes.to_vec()),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        _ => return None,
                    }
                },
                None => std::future::pending().await,
            }
        };
        let window = async {
            match &mut self.call {
                Some(call) => call.stream.read(buffer).await.unwrap_or(0),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            message = relay => Woken::Relay(message),
            length = window => Woken::Window(length),
            () = tokio::time::sleep(pause.clamp(Duration::from_millis(1), Duration::from_secs(1))) => Woken::Time,
        }
    }
}

fn refusal(trouble: Trouble) -> Failure {
    let says = match trouble {
        Trouble::LinkUsed => "the link was already used",
        Trouble::LinkExpired => "the link has expired",
        Trouble::Superseded => "another device opened the link",
        Trouble::Outdated => "this program is older than the relay",
        _ => "the link cannot be opened",
    };
    Failure::new(Kind::Refused, says).hint("ask for a new link: 'bedside patient invite'")
}
