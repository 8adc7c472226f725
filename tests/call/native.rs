//! Two native ends on one machine, each with its own session, through real sockets. The test plays
//! the two agents: it carries what one end says to the other, as the agents do inside MLS.

use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use bedside::call::device::card::{TestCard, bars_match, read_counter};
use bedside::call::device::wave::WaveFile;
use bedside::call::session::{Call, Devices, Options};
use bedside::call::shared::{Stage, Wish};
use bedside::wire::call::{FromCall, MESSAGE_MAX_BYTES, SdpKind, ToCall, VERSION};
use bedside::wire::frame::{self, Decoder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::speech::{Arrival, Ear, Heard, loudness_likeness, speech};

/// One end: the call and the agent's side of its socket.
pub struct End {
    pub call: Call,
    pub ear: Ear,
    socket: tokio::net::UnixStream,
    decoder: Decoder,
    /// Everything the call said so far.
    pub said: Vec<FromCall>,
}

impl End {
    /// An end that shows a moving card and speaks `voice` again and again, as it is.
    pub fn start(voice: &[f32]) -> Self {
        Self::start_with(voice, true)
    }

    /// The same; without `original_sound` the voice is cleaned of echo and noise.
    pub fn start_with(voice: &[f32], original_sound: bool) -> Self {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let ear = Ear::default();
        let devices = Devices {
            camera: Some(Box::new(TestCard::new(640, 480, 30))),
            microphone: Box::new(WaveFile::from_samples(voice.to_vec())),
            speaker: Box::new(ear.clone()),
            troubles: Vec::new(),
        };
        let call = Call::start(theirs, devices, Options { loopback: true, display: false, original_sound }).unwrap();
        ours.set_nonblocking(true).unwrap();
        let socket = tokio::net::UnixStream::from_std(ours).unwrap();
        Self { call, ear, socket, decoder: Decoder::new(MESSAGE_MAX_BYTES), said: Vec::new() }
    }

    pub async fn tell(&mut self, message: &ToCall) {
        // An end that has hung up no longer listens.
        let _ = self.socket.write_all(&frame::encode(message)).await;
    }

    pub async fn begin(&mut self, round: u32, offers: bool) {
        self.tell(&ToCall::Start { version: VERSION, round, offers, relay_only: false, ice_servers: vec![] }).await;
    }

    /// What the call says next; `None` when nothing came for a moment.
    pub async fn listen(&mut self) -> Option<FromCall> {
        let mut buffer = vec![0; 4096];
        loop {
            if let Some(message) = self.decoder.take::<FromCall>().unwrap() {
                self.said.push(message.clone());
                return Some(message);
            }
            let read = tokio::time::timeout(Duration::from_millis(10), self.socket.read(&mut buffer)).await;
            match read {
                Ok(Ok(length)) if length > 0 => self.decoder.push(&buffer[..length]),
                _ => return None,
            }
        }
    }

    pub fn counter(&self) -> Option<u32> {
        let (picture, _) = self.call.shared.video.remote.get()?;
        read_counter(&picture)
    }
}

/// What the other end is told for what one end says.
pub fn carried(said: FromCall) -> Option<ToCall> {
    match said {
        FromCall::Local { round, kind, sdp, fingerprint } => Some(ToCall::Remote { round, kind, sdp, fingerprint }),
        FromCall::Candidate { candidate, .. } => Some(ToCall::Candidate(candidate)),
        _ => None,
    }
}

struct Pair {
    a: End,
    b: End,
}

impl Pair {
    async fn start(voices: [&[f32]; 2]) -> Self {
        let mut pair = Self { a: End::start(voices[0]), b: End::start(voices[1]) };
        pair.b.begin(1, false).await;
        pair.a.begin(1, true).await;
        pair
    }

    async fn until(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(90);
        while !done(self) {
            assert!(Instant::now() < deadline, "not in time: {what}");
            if let Some(said) = self.a.listen().await.and_then(carried) {
                self.b.tell(&said).await;
            }
            if let Some(said) = self.b.listen().await.and_then(carried) {
                self.a.tell(&said).await;
            }
        }
    }

    async fn connect(&mut self) {
        let stage = |end: &End| end.call.shared.view().stage;
        self.until("live", |p| stage(&p.a) == Stage::Live && stage(&p.b) == Stage::Live).await;
    }

    async fn pictures(&mut self) {
        let (a, b) = (self.a.call.shared.video.remote.count(), self.b.call.shared.video.remote.count());
        let count = |end: &End| end.call.shared.video.remote.count();
        self.until("new pictures", |p| count(&p.a) > a + 10 && count(&p.b) > b + 10).await;
    }
}

/// Runs a test; one at a time, for each of them is a call in real time.
pub fn run(test: impl Future<Output = ()>) {
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

#[test]
fn two_native_ends_see_and_hear_each_other() {
    run(async {
        let voice = speech();
        // The second voice says the same from another place on, so that neither can hear itself.
        let other: Vec<f32> =
            voice[voice.len() / 3..].iter().chain(&voice[..voice.len() / 3]).map(|s| s * 0.8).collect();
        let mut pair = Pair::start([&voice, &other]).await;
        pair.connect().await;
        pair.pictures().await;
        let mut counters = Vec::new();
        for _ in 0..5 {
            for end in [&pair.a, &pair.b] {
                let (picture, _) = end.call.shared.video.remote.get().unwrap();
                assert!(bars_match(&picture, 40), "the colours are the card's");
            }
            counters.push((pair.a.counter().unwrap(), pair.b.counter().unwrap()));
            pair.pictures().await;
        }
        assert!(counters.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1), "{counters:?}");
        let (mut at_b, mut at_a) = (Arrival::of(&voice), Arrival::of(&other));
        pair.until("speech at both ends", |p| {
            let (b, a) = (at_b.listen(&p.b.ear), at_a.listen(&p.a.ear));
            a && b
        })
        .await;
        let connected = |end: &End| {
            end.said
                .iter()
                .any(|m| matches!(m, FromCall::Connected { round: 1, relayed: false, codec } if codec == "VP8"))
        };
        assert!(connected(&pair.a) && connected(&pair.b));
        assert!(pair.a.said.contains(&FromCall::FirstPicture) && pair.b.said.contains(&FromCall::FirstPicture));
        let quality = |end: &End| end.call.shared.view().quality.unwrap_or_default();
        pair.until("a full second of full pictures", |p| {
            let (a, b) = (quality(&p.a), quality(&p.b));
            [a, b].iter().all(|q| q.frames_per_s >= 20 && (q.width, q.height) == (640, 480))
        })
        .await;
    });
}

#[test]
fn a_cleaned_voice_still_says_the_same() {
    run(async {
        let voice = speech();
        let mut pair = Pair { a: End::start_with(&voice, false), b: End::start(&[]) };
        pair.b.begin(1, false).await;
        pair.a.begin(1, true).await;
        pair.connect().await;
        let mut asked = 0;
        pair.until("the rise and fall of the voice", |p| {
            if p.b.ear.count() < 2 * voice.len() + 48_000 + asked * voice.len() {
                return false;
            }
            asked += 1;
            loudness_likeness(&voice, &p.b.ear.last(2 * voice.len())) > 0.9
        })
        .await;
    });
}

#[test]
fn each_end_promises_the_certificate_it_shows() {
    run(async {
        let mut pair = Pair::start([&[], &[]]).await;
        pair.connect().await;
        let promised = |end: &End, kind: SdpKind| {
            end.said.iter().find_map(|m| match m {
                FromCall::Local { kind: k, fingerprint, .. } if *k == kind => Some(*fingerprint),
                _ => None,
            })
        };
        let (a, b) = (promised(&pair.a, SdpKind::Offer), promised(&pair.b, SdpKind::Answer));
        assert!(a.is_some() && b.is_some() && a != b);
    });
}

#[test]
fn a_restart_brings_the_call_back_without_a_new_certificate() {
    run(async {
        let mut pair = Pair::start([&[], &[]]).await;
        pair.connect().await;
        pair.pictures().await;
        pair.a.tell(&ToCall::Restart { round: 2 }).await;
        let again = |end: &End| end.said.iter().any(|m| matches!(m, FromCall::Connected { round: 2, .. }));
        pair.until("connected in round 2", |p| again(&p.a) && again(&p.b)).await;
        pair.pictures().await;
        let certificates = |end: &End| -> Vec<_> {
            end.said
                .iter()
                .filter_map(|m| if let FromCall::Local { fingerprint, .. } = m { Some(*fingerprint) } else { None })
                .collect()
        };
        assert_eq!(certificates(&pair.a).len(), 2);
        assert!(certificates(&pair.a).windows(2).all(|w| w[0] == w[1]));
    });
}

#[test]
fn a_new_start_drops_the_old_connection_and_keeps_the_devices() {
    run(async {
        let mut pair = Pair::start([&[], &[]]).await;
        pair.connect().await;
        pair.pictures().await;
        pair.b.begin(2, false).await;
        pair.a.begin(2, true).await;
        let again = |end: &End| end.said.iter().any(|m| matches!(m, FromCall::Connected { round: 2, .. }));
        pair.until("connected in round 2", |p| again(&p.a) && again(&p.b)).await;
        pair.pictures().await;
        pair.pictures().await;
    });
}

#[test]
fn mute_and_camera_off_reach_the_other_end_as_silence_and_no_picture() {
    run(async {
        let voice = speech();
        let mut pair = Pair::start([&voice, &[]]).await;
        pair.connect().await;
        pair.pictures().await;
        let level = |p: &Pair| p.b.call.shared.sound.speaker_level.load(std::sync::atomic::Ordering::Relaxed);
        pair.until("a voice", |p| level(p) > 30).await;
        pair.a.call.shared.wish(Wish::Microphone(false));
        pair.a.call.shared.wish(Wish::Camera(false));
        pair.until("told", |p| p.a.said.contains(&FromCall::Media { microphone: false, camera: false })).await;
        let heard = pair.b.ear.count();
        pair.until("a second", |p| p.b.ear.count() > heard + 48_000).await;
        let (end, last) = (pair.b.ear.count(), pair.b.ear.last(24_000));
        assert!(last.iter().all(|s| s.abs() < 0.01), "muted is silent");
        let count = pair.b.call.shared.video.remote.count();
        pair.until("half a second", |p| p.b.ear.count() > end + 24_000).await;
        assert_eq!(pair.b.call.shared.video.remote.count(), count, "no picture is sent");
        assert!(pair.a.call.shared.video.own.get().is_none(), "nor shown");
        pair.a.call.shared.wish(Wish::Camera(true));
        pair.until("pictures again", |p| p.b.call.shared.video.remote.count() > count + 10).await;
    });
}

#[test]
fn hanging_up_ends_this_end_and_the_agent_hears_it() {
    run(async {
        let mut pair = Pair::start([&[], &[]]).await;
        pair.connect().await;
        pair.a.call.shared.wish(Wish::HangUp);
        pair.until("told", |p| p.a.said.contains(&FromCall::HangUp)).await;
        let lost = |said: &FromCall| matches!(said, FromCall::Disconnected { .. } | FromCall::Gone { .. });
        pair.until("the other end notices", |p| p.b.said.iter().any(lost)).await;
        pair.b.tell(&ToCall::Close { text: "the other side hung up".into() }).await;
        let Pair { a, b } = pair;
        let view = b.call.shared.clone();
        a.call.wait().unwrap();
        b.call.wait().unwrap();
        assert_eq!(view.view().saying.unwrap().as_str(), "the other side hung up");
    });
}

#[test]
fn an_agent_that_speaks_nonsense_ends_the_call_with_a_reason() {
    run(async {
        let mut end = End::start(&[]);
        end.socket.write_all(&[0, 0, 0, 3, 0xff, 0xff, 0xff]).await.unwrap();
        let ended = tokio::task::spawn_blocking(|| end.call.wait());
        assert!(ended.await.unwrap().is_err());
    });
}
