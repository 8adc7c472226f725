//! Two call programs, and between them what their agents do: descriptions and candidates of one go to
//! the other, everything said is kept for the test.

use super::guard::{Running, until};
use bedside::call::picture::Picture;
use bedside::call::session::{Call, Devices, Options};
use bedside::wire::call::{FromCall, MESSAGE_MAX_BYTES, ToCall, VERSION};
use bedside::wire::frame::{self, Decoder};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One end of a call, from its agent's side.
pub struct End {
    /// The program, unless the end runs inside the test.
    pub program: Option<Running>,
    /// The call inside the test, so that its pictures and switches can be looked at.
    pub call: Option<Call>,
    socket: UnixStream,
    said: Arc<Mutex<Vec<FromCall>>>,
    other: Arc<Mutex<Option<UnixStream>>>,
}

impl End {
    /// Starts the program with these arguments; `dress` gives it its environment.
    pub fn start(arguments: &[&str], dress: impl FnOnce(&mut Command)) -> Self {
        Self::start_under(&[], arguments, dress)
    }

    /// The same under another program (`strace …`).
    pub fn start_under(over: &[&str], arguments: &[&str], dress: impl FnOnce(&mut Command)) -> Self {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let words = over.iter().copied().chain([env!("CARGO_BIN_EXE_bedside-call"), "--fd", "0", "--loopback"]);
        let words: Vec<&str> = words.chain(arguments.iter().copied()).collect();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).stdin(OwnedFd::from(theirs)).stdout(Stdio::null()).stderr(Stdio::inherit());
        dress(&mut command);
        let program = Running(command.spawn().unwrap());
        Self::on(ours, Some(program), None)
    }

    /// An end inside the test.
    pub fn inside(devices: Devices) -> Self {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let call =
            Call::start(theirs, devices, Options { loopback: true, original_sound: true, display: false }).unwrap();
        Self::on(ours, None, Some(call))
    }

    fn on(socket: UnixStream, program: Option<Running>, call: Option<Call>) -> Self {
        let (said, other) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(None)));
        let end = Self { program, call, socket, said, other };
        end.listen();
        end
    }

    /// The newest picture of the other side, of an end inside the test.
    pub fn sees(&self) -> Option<Picture> {
        self.call.as_ref()?.shared.video.remote.get().map(|(picture, _)| picture)
    }

    /// Carries over what is meant for the other side, as long as the program speaks.
    fn listen(&self) {
        let (said, other) = (self.said.clone(), self.other.clone());
        let mut socket = self.socket.try_clone().unwrap();
        std::thread::spawn(move || {
            let (mut decoder, mut buffer) = (Decoder::new(MESSAGE_MAX_BYTES), vec![0; 8192]);
            while let Ok(length @ 1..) = socket.read(&mut buffer) {
                decoder.push(&buffer[..length]);
                while let Some(message) = decoder.take::<FromCall>().unwrap() {
                    let carried = match message.clone() {
                        FromCall::Local { round, kind, sdp, fingerprint } => {
                            Some(ToCall::Remote { round, kind, sdp, fingerprint })
                        }
                        FromCall::Candidate { candidate, .. } => Some(ToCall::Candidate(candidate)),
                        FromCall::Media { microphone, camera } => Some(ToCall::Peer { microphone, camera }),
                        _ => None,
                    };
                    if let (Some(carried), Some(other)) = (carried, other.lock().unwrap().as_mut()) {
                        // The other end may have hung up.
                        let _ = other.write_all(&frame::encode(&carried));
                    }
                    said.lock().unwrap().push(message);
                }
            }
        });
    }

    /// Says something to the program, as its agent.
    pub fn tell(&self, message: &ToCall) {
        (&self.socket).write_all(&frame::encode(message)).unwrap();
    }

    /// Everything the program said so far.
    pub fn said(&self) -> Vec<FromCall> {
        self.said.lock().unwrap().clone()
    }

    /// Waits until the program says something of this kind.
    pub fn hears<T>(&self, what: &str, seconds: u64, mut wanted: impl FnMut(&FromCall) -> Option<T>) -> T {
        until(what, Duration::from_secs(seconds), || self.said().iter().find_map(&mut wanted))
    }

    /// Waits for the program's first word.
    pub fn ready(&self) {
        self.hears("the program is ready", 60, |said| matches!(said, FromCall::Ready { .. }).then_some(()));
    }
}

/// Connects two ends and waits until both see the other's picture, or at least its sound.
pub fn connect(one: &End, two: &End, pictures: bool) {
    for end in [one, two] {
        end.ready();
    }
    *one.other.lock().unwrap() = Some(two.socket.try_clone().unwrap());
    *two.other.lock().unwrap() = Some(one.socket.try_clone().unwrap());
    for (end, offers) in [(two, false), (one, true)] {
        end.tell(&ToCall::Start { version: VERSION, round: 1, offers, relay_only: false, ice_servers: Vec::new() });
    }
    for end in [one, two] {
        end.hears("it connects", 60, |said| matches!(said, FromCall::Connected { .. }).then_some(()));
        if pictures {
            end.hears("a picture comes", 60, |said| matches!(said, FromCall::FirstPicture).then_some(()));
        }
    }
}
