//! One visit, from the agent's first word to the last: ties socket, peer, sound and pictures together.
//!
//! Refuses to be: a window (it offers one a cheap [`Shared`] view and takes its wishes), a judge (what
//! the agent says is done, what happens is reported).
//!
//! One thread with a small tokio runtime runs the socket and the peer's loop; sound and pictures have
//! threads of their own. When a connection is begun anew the devices stay, only the lines change.

use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, mpsc as std_mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

use super::CallError;
use super::device::{self, Camera, CameraChoice, DeviceError, Microphone, MicrophoneChoice, Speaker, SpeakerChoice};
use super::peer::{self, Command, Description, Event, Measures, Peer, PeerError, VIDEO_CODEC};
use super::shared::{Shared, Stage, Wish};
use super::sound::{self, Lost};
use super::video;
use crate::wire::call::{FromCall, MESSAGE_MAX_BYTES, Quality, ToCall, Trouble, VERSION};
use crate::wire::content::IceServer;
use crate::wire::frame::{self, Decoder};

/// How long the names of STUN servers may take to be looked up.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(2);
/// STUN servers asked.
const STUN_MAX: usize = 4;

/// How a session is run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Offer loopback addresses, too: both ends are on this machine.
    pub loopback: bool,
    /// A window is shown.
    pub display: bool,
    /// Send the voice as it is, without echo cancellation, noise suppression and gain.
    pub original_sound: bool,
}

/// The devices of a call, opened before the sandbox closes.
pub struct Devices {
    /// Where our picture comes from, if from anywhere.
    pub camera: Option<Box<dyn Camera>>,
    /// Where our voice comes from; silence, when there is none.
    pub microphone: Box<dyn Microphone>,
    /// Where the other side's voice goes; nowhere, when there is none.
    pub speaker: Box<dyn Speaker>,
    /// What does not work.
    pub troubles: Vec<Trouble>,
}

impl Devices {
    /// Opens what was chosen. What cannot be had is told, and the call goes on without it.
    pub fn open(camera: &CameraChoice, microphone: &MicrophoneChoice, speaker: &SpeakerChoice) -> Self {
        let mut troubles = Vec::new();
        let camera = device::open_camera(camera).unwrap_or_else(|error| {
            troubles.push(if matches!(error, DeviceError::Busy(_)) { Trouble::CameraBusy } else { Trouble::NoCamera });
            None
        });
        let microphone = device::open_microphone(microphone).unwrap_or_else(|_| {
            troubles.push(Trouble::NoMicrophone);
            Box::new(device::tone::Tone::silence())
        });
        let speaker = device::open_speaker(speaker).unwrap_or_else(|_| {
            troubles.push(Trouble::NoSpeaker);
            Box::new(device::tone::Drain)
        });
        Self { camera, microphone, speaker, troubles }
    }
}

/// A running visit.
pub struct Call {
    /// What the window shows, and how it says what the user wants.
    pub shared: Arc<Shared>,
    thread: JoinHandle<Result<(), CallError>>,
}

impl Call {
    /// Begins on the connection that was upgraded for this visit.
    ///
    /// # Errors
    /// [`CallError`] when the threads cannot be started.
    pub fn start(socket: UnixStream, devices: Devices, options: Options) -> Result<Self, CallError> {
        let (wishes, wish_queue) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared::new(wishes));
        let session_shared = shared.clone();
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let result = runtime.block_on(async {
                socket.set_nonblocking(true)?;
                let socket = tokio::net::UnixStream::from_std(socket)?;
                let (session, inlets) = Session::new(devices, options, session_shared.clone(), wish_queue)?;
                session.run(socket, inlets).await
            });
            session_shared.end("the call is over");
            // A name that is still being looked up must not keep the program.
            runtime.shutdown_background();
            result
        };
        let thread = std::thread::Builder::new().name("session".into()).spawn(work)?;
        Ok(Self { shared, thread })
    }

    /// Waits for the end: all a program without a window does.
    ///
    /// # Errors
    /// [`CallError`] when the visit could not go on.
    pub fn wait(self) -> Result<(), CallError> {
        self.thread.join().unwrap_or(Err(CallError::Thread))
    }
}

/// What the media threads tell.
enum News {
    Trouble(Trouble),
    CameraBack,
    FirstPicture,
}

struct Inlets {
    wishes: mpsc::UnboundedReceiver<Wish>,
    news: mpsc::UnboundedReceiver<News>,
}

struct Session {
    options: Options,
    shared: Arc<Shared>,
    troubles: Vec<Trouble>,
    has_microphone: bool,
    has_camera: bool,
    sound_lines: std_mpsc::Sender<sound::Line>,
    video_lines: std_mpsc::Sender<video::Line>,
    news: mpsc::UnboundedSender<News>,
    threads: Vec<JoinHandle<()>>,
    peer: Option<Running>,
    round: u32,
    /// Frames shown when the last second began.
    shown: u64,
    unsent: Vec<u8>,
    ended: bool,
}

/// A running connection.
struct Running {
    commands: mpsc::UnboundedSender<Command>,
    events: mpsc::UnboundedReceiver<Event>,
}

impl Session {
    fn new(
        devices: Devices,
        options: Options,
        shared: Arc<Shared>,
        wishes: mpsc::UnboundedReceiver<Wish>,
    ) -> Result<(Self, Inlets), CallError> {
        let (news, news_queue) = mpsc::unbounded_channel();
        let (sound_lines, sound_queue) = std_mpsc::channel();
        let (video_lines, video_queue) = std_mpsc::channel();
        let Devices { camera, microphone, speaker, troubles } = devices;
        let mut session = Self {
            options,
            has_microphone: !troubles.contains(&Trouble::NoMicrophone),
            has_camera: camera.is_some(),
            shared,
            troubles,
            sound_lines,
            video_lines,
            news,
            threads: Vec::new(),
            peer: None,
            round: 0,
            shown: 0,
            unsent: Vec::new(),
            ended: false,
        };
        session.shared.set_devices(session.has_microphone, session.has_camera, &session.troubles);
        session.start_sound(sound::Devices { microphone, speaker, clean: !options.original_sound }, sound_queue)?;
        if let Some(camera) = camera {
            session.start_camera(camera, video_queue)?;
        }
        Ok((session, Inlets { wishes, news: news_queue }))
    }

    fn start_sound(
        &mut self,
        mut devices: sound::Devices,
        lines: std_mpsc::Receiver<sound::Line>,
    ) -> Result<(), CallError> {
        let (shared, news) = (self.shared.clone(), self.news.clone());
        let work = move || {
            let lost = |lost| {
                let trouble = match lost {
                    Lost::Microphone => Trouble::NoMicrophone,
                    Lost::Speaker => Trouble::NoSpeaker,
                };
                let _ = news.send(News::Trouble(trouble));
            };
            while let Ok(line) = lines.recv() {
                if sound::run(&mut devices, &line, &shared.sound, lost).is_err() {
                    let _ = news.send(News::Trouble(Trouble::NoSpeaker));
                }
            }
        };
        self.spawn("sound", work)
    }

    fn start_camera(
        &mut self,
        camera: Box<dyn Camera>,
        lines: std_mpsc::Receiver<video::Line>,
    ) -> Result<(), CallError> {
        let (shared, news) = (self.shared.clone(), self.news.clone());
        let work = move || {
            let works = |works| {
                let _ = news.send(if works { News::CameraBack } else { News::Trouble(Trouble::CameraLost) });
            };
            video::send(camera, &lines, &shared.video, || shared.changed(), works);
        };
        self.spawn("camera", work)
    }

    fn start_decoder(
        &mut self,
        packets: std_mpsc::Receiver<peer::Packet>,
        commands: mpsc::UnboundedSender<Command>,
    ) -> Result<(), CallError> {
        let (shared, news) = (self.shared.clone(), self.news.clone());
        let work = move || {
            let drawn = || {
                if shared.video.remote.count() == 1 {
                    let _ = news.send(News::FirstPicture);
                }
                shared.changed();
            };
            // Without a decoder there is sound only; nothing else depends on it.
            let _ = video::receive(&packets, &commands, &shared.video, drawn);
        };
        self.spawn("decoder", work)
    }

    fn spawn(&mut self, name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), CallError> {
        self.threads.push(std::thread::Builder::new().name(name.into()).spawn(work)?);
        Ok(())
    }

    async fn run(mut self, socket: tokio::net::UnixStream, mut inlets: Inlets) -> Result<(), CallError> {
        let (mut read, mut write) = socket.into_split();
        let mut decoder = Decoder::new(MESSAGE_MAX_BYTES);
        let mut buffer = vec![0; 16 * 1024];
        let mut agent_is_there = true;
        self.tell(&FromCall::Ready {
            version: VERSION,
            camera: self.has_camera,
            microphone: self.has_microphone,
            display: self.options.display,
        });
        for trouble in self.troubles.clone() {
            self.tell(&FromCall::Trouble(trouble));
        }
        let mut result = Ok(());
        while !self.ended {
            tokio::select! {
                biased;
                event = next_event(&mut self.peer) => self.notice(event),
                Some(news) = inlets.news.recv() => self.hear(news),
                Some(wish) = inlets.wishes.recv() => self.grant(wish),
                length = read.read(&mut buffer), if agent_is_there => match length {
                    Ok(length) if length > 0 => {
                        decoder.push(&buffer[..length]);
                        result = self.obey_all(&mut decoder).await;
                    }
                    _ => {
                        agent_is_there = false;
                        self.lose_agent();
                    }
                },
                sent = write.write(&self.unsent), if agent_is_there && !self.unsent.is_empty() => match sent {
                    Ok(sent) if sent > 0 => drop(self.unsent.drain(..sent)),
                    _ => {
                        agent_is_there = false;
                        self.lose_agent();
                    }
                },
            }
            if result.is_err() {
                break;
            }
        }
        // The last words: they are few, and the agent reads them or is gone.
        let _ = tokio::time::timeout(Duration::from_secs(1), write.write_all(&self.unsent)).await;
        self.finish().await;
        result
    }

    /// Ends the peer with a goodbye, and the threads.
    async fn finish(mut self) {
        self.shared.sound.stop.store(true, Relaxed);
        self.shared.video.stop.store(true, Relaxed);
        if let Some(mut peer) = self.peer.take() {
            let _ = peer.commands.send(Command::Close);
            let closed = async { while !matches!(peer.events.recv().await, None | Some(Event::Closed)) {} };
            let _ = tokio::time::timeout(Duration::from_millis(500), closed).await;
        }
        let Self { threads, sound_lines, video_lines, .. } = self;
        drop((sound_lines, video_lines));
        // A camera that stands still may keep its thread for seconds; the program does not wait for it.
        let deadline = std::time::Instant::now() + Duration::from_millis(300);
        for thread in threads {
            while !thread.is_finished() && std::time::Instant::now() < deadline {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }

    fn tell(&mut self, message: &FromCall) {
        self.unsent.extend(frame::encode(message));
    }

    /// Without the agent the two people can still talk, but no lost path can come back.
    fn lose_agent(&mut self) {
        if self.options.display && self.shared.view().stage == Stage::Live {
            self.shared.say("the console is gone; this call goes on until you hang up");
        } else {
            self.ended = true;
        }
    }

    // From the agent.

    async fn obey_all(&mut self, decoder: &mut Decoder) -> Result<(), CallError> {
        while let Some(message) = decoder.take::<ToCall>()? {
            self.obey(message).await?;
        }
        Ok(())
    }

    async fn obey(&mut self, message: ToCall) -> Result<(), CallError> {
        match message {
            ToCall::Start { version, .. } if version != VERSION => return Err(CallError::Version),
            ToCall::Start { round, offers, relay_only, ice_servers, .. } => {
                let options =
                    peer::Options { loopback: self.options.loopback, stun: lookup(&ice_servers).await, relay_only };
                self.connect(round, offers, options)?;
            }
            ToCall::Remote { round, kind, sdp, fingerprint } => {
                self.round = self.round.max(round);
                self.command(Command::Remote { round, description: Description { kind, sdp, fingerprint } });
            }
            ToCall::Candidate(candidate) => self.command(Command::Candidate(candidate)),
            ToCall::Restart { round } => {
                self.round = round;
                match self.peer {
                    Some(_) => self.command(Command::Offer { round, restart: true }),
                    None => self.tell(&FromCall::Gone { round }),
                }
            }
            ToCall::Words { words, compared } => self.shared.show_words(words, compared),
            ToCall::Compared { same } => self.shared.show_compared(same),
            ToCall::Set { microphone, camera } => self.set(microphone, camera),
            ToCall::Peer { microphone, camera } => self.shared.show_peer(microphone, camera),
            ToCall::Say { text } => self.shared.say(&text),
            ToCall::Close { text } => {
                self.shared.end(&text);
                self.ended = true;
            }
        }
        Ok(())
    }

    /// Begins a connection; the one that was is dropped, the devices stay.
    fn connect(&mut self, round: u32, offers: bool, options: peer::Options) -> Result<(), CallError> {
        if let Some(before) = self.peer.take() {
            let _ = before.commands.send(Command::Close);
        }
        let (peer, work) = peer::start(options)?;
        tokio::spawn(work);
        let Peer { commands, events, audio, video, audio_in, video_in, feedback } = peer;
        let _ = self.sound_lines.send(sound::Line { sender: audio, receiver: audio_in, feedback: feedback.clone() });
        let _ = self.video_lines.send(video::Line { sender: video, feedback });
        self.start_decoder(video_in, commands.clone())?;
        self.round = round;
        self.shared.video.live.store(false, Relaxed);
        self.shared.set_stage(Stage::Connecting);
        if offers {
            let _ = commands.send(Command::Offer { round, restart: false });
        }
        self.peer = Some(Running { commands, events });
        Ok(())
    }

    fn command(&self, command: Command) {
        // A peer that has ended was told to be gone; what is for it is too late.
        if let Some(peer) = &self.peer {
            let _ = peer.commands.send(command);
        }
    }

    // From the peer and the media threads.

    fn notice(&mut self, event: Option<Event>) {
        let round = self.round;
        match event {
            Some(Event::Local { round, description: Description { kind, sdp, fingerprint } }) => {
                self.tell(&FromCall::Local { round, kind, sdp, fingerprint });
            }
            Some(Event::Candidate { round, candidate }) => self.tell(&FromCall::Candidate { round, candidate }),
            Some(Event::Connected(path) | Event::Moved(path)) => {
                tracing::debug!(round, relayed = path.relayed, "connected");
                self.shared.video.live.store(true, Relaxed);
                self.shared.show_path(path);
                self.tell(&FromCall::Connected { round, relayed: path.relayed, codec: VIDEO_CODEC.into() });
            }
            Some(Event::Disconnected) => {
                tracing::debug!(round, "disconnected");
                self.shared.set_stage(Stage::Reconnecting);
                self.tell(&FromCall::Disconnected { round });
            }
            Some(Event::Measured(measures)) => self.report(measures),
            Some(Event::Failed(PeerError::Unverified)) => {
                self.tell(&FromCall::Unverified { round });
                self.shared.end("this call was not private, so it was ended: someone stood in between");
                self.ended = true;
            }
            Some(Event::Failed(error)) => self.shared.say(&error.to_string()),
            // The other side's own goodbye comes through the agent; this is the connection's end only.
            Some(Event::Closed) | None => {
                self.peer = None;
                self.shared.video.live.store(false, Relaxed);
                self.shared.set_stage(Stage::Reconnecting);
                self.tell(&FromCall::Gone { round });
            }
        }
    }

    fn hear(&mut self, news: News) {
        match news {
            News::FirstPicture => self.tell(&FromCall::FirstPicture),
            News::CameraBack => {
                self.has_camera = true;
                self.troubles.retain(|trouble| *trouble != Trouble::CameraLost);
                self.shared.set_devices(self.has_microphone, self.has_camera, &self.troubles);
                self.tell_media();
            }
            News::Trouble(trouble) => {
                self.has_microphone &= trouble != Trouble::NoMicrophone;
                self.has_camera &= trouble != Trouble::CameraLost;
                tracing::warn!(?trouble, "a device is missing");
                self.troubles.push(trouble);
                self.shared.set_devices(self.has_microphone, self.has_camera, &self.troubles);
                self.tell(&FromCall::Trouble(trouble));
                self.tell_media();
            }
        }
    }

    /// Puts a second's measurements together.
    fn report(&mut self, measures: Measures) {
        let count = self.shared.video.remote.count();
        let frames = count.saturating_sub(self.shown);
        self.shown = count;
        let (width, height) = match self.shared.video.remote.get() {
            Some((picture, _)) => (picture.width() as u16, picture.height() as u16),
            None => (0, 0),
        };
        let quality = Quality {
            round_trip_ms: measures.round_trip_us.div_ceil(1000),
            lost_per_mille: measures.lost_per_mille,
            receive_bps: measures.receive_bps,
            send_bps: measures.send_bps,
            frames_per_s: frames.min(255) as u8,
            width,
            height,
            microphone_level: self.shared.sound.microphone_level.load(Relaxed),
            speaker_level: self.shared.sound.speaker_level.load(Relaxed),
        };
        tracing::trace!(?quality, "measured");
        self.shared.show_quality(quality);
        self.tell(&FromCall::Quality(quality));
    }

    // From the user.

    fn grant(&mut self, wish: Wish) {
        match wish {
            Wish::Microphone(on) => self.set(Some(on), None),
            Wish::Camera(on) => self.set(None, Some(on)),
            Wish::Compared(same) => {
                self.shared.show_compared(same);
                self.tell(&FromCall::Compared { same });
            }
            Wish::HangUp => {
                self.tell(&FromCall::HangUp);
                self.shared.end("you hung up");
                self.ended = true;
            }
        }
    }

    fn set(&mut self, microphone: Option<bool>, camera: Option<bool>) {
        if let Some(on) = microphone {
            self.shared.sound.muted.store(!on, Relaxed);
        }
        if let Some(on) = camera {
            self.shared.video.camera_off.store(!on, Relaxed);
        }
        self.tell_media();
    }

    /// Says what the other side hears and sees of us: nothing of a device that is not there, whatever its switch says.
    fn tell_media(&mut self) {
        let microphone = self.has_microphone && !self.shared.sound.muted.load(Relaxed);
        let camera = self.has_camera && !self.shared.video.camera_off.load(Relaxed);
        self.shared.show_media(microphone, camera);
        self.tell(&FromCall::Media { microphone, camera });
    }
}

/// The next event of the running peer; waits for ever when there is none.
async fn next_event(peer: &mut Option<Running>) -> Option<Event> {
    match peer {
        Some(peer) => peer.events.recv().await,
        None => std::future::pending().await,
    }
}

/// The addresses of the STUN servers (RFC 7064 `stun:host[:port]`), IPv4 and IPv6.
async fn lookup(servers: &[IceServer]) -> Vec<SocketAddr> {
    let names = servers.iter().flat_map(|s| &s.urls).filter_map(|url| url.strip_prefix("stun:")).take(STUN_MAX);
    let mut found = Vec::new();
    for name in names {
        let name = if name.contains(':') && !name.ends_with(']') { name.to_owned() } else { format!("{name}:3478") };
        let lookup = tokio::time::timeout(LOOKUP_TIMEOUT, tokio::net::lookup_host(name)).await;
        if let Ok(Ok(addresses)) = lookup {
            found.extend(addresses.take(4));
        }
    }
    found
}
