//! Pictures: one thread from the camera to the peer, one from the peer to the window.
//!
//! A picture is skipped *before* it is encoded when the network is slow, never after: every frame
//! leans on the one before it. The far end's decoder is treated the same way by ours: after a loss
//! nothing is shown until a key frame comes, which is asked for.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

pub mod rate;

use rate::Rate;

use super::codec::CodecError;
use super::codec::vpx::{Decoder, Encoder, is_key};
use super::device::Camera;
use super::peer::assembler::Assembler;
use super::peer::{Command, Feedback, Packet, VideoFrame};
use super::picture::Picture;

/// A camera that delivers nothing for this long has stopped.
const CAMERA_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a missing packet is waited for.
const PATIENCE: Duration = Duration::from_millis(400);
/// Key frames are asked for at most this often.
const ASK_PAUSE: Duration = Duration::from_millis(300);
/// Pictures in use, out of which a rate is made: nothing is encoded faster than this.
const FRAME_MIN: Duration = Duration::from_millis(28);

/// The latest picture, for whoever draws.
#[derive(Debug, Default)]
pub struct Slot {
    picture: Mutex<Option<Picture>>,
    count: AtomicU64,
}

impl Slot {
    /// The latest picture and its number; `None` before the first and after [`Slot::clear`].
    pub fn get(&self) -> Option<(Picture, u64)> {
        let picture = self.picture.lock().unwrap_or_else(PoisonError::into_inner).clone();
        picture.map(|p| (p, self.count.load(Relaxed)))
    }

    /// How many pictures have been put here.
    pub fn count(&self) -> u64 {
        self.count.load(Relaxed)
    }

    fn put(&self, picture: Picture) {
        *self.picture.lock().unwrap_or_else(PoisonError::into_inner) = Some(picture);
        self.count.fetch_add(1, Relaxed);
    }

    /// Takes the picture away: a camera that is off must not show its last moment.
    pub fn clear(&self) {
        *self.picture.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// What the picture threads share with everyone.
#[derive(Debug, Default)]
pub struct Video {
    /// Show nothing of this side.
    pub camera_off: AtomicBool,
    /// The path stands: encode and send.
    pub live: AtomicBool,
    /// End the threads.
    pub stop: AtomicBool,
    /// The other side's latest picture.
    pub remote: Slot,
    /// Our own latest picture.
    pub own: Slot,
    /// Frames encoded so far.
    pub encoded: AtomicU32,
}

/// One connection's way out for pictures.
pub struct Line {
    /// To the other side.
    pub sender: mpsc::Sender<VideoFrame>,
    /// What it reports, and whether it wants a key frame.
    pub feedback: Arc<Feedback>,
}

/// Takes the camera's pictures until told to stop, shows them here and sends them down the latest
/// of `lines`. `drawn` is called after each picture, `works` when the camera stops (`false`) and when
/// it is back: it is asked again and again, the call goes on meanwhile.
pub fn send(
    mut camera: Box<dyn Camera>,
    lines: &Receiver<Line>,
    shared: &Video,
    drawn: impl Fn(),
    works: impl Fn(bool),
) {
    let (mut sender, mut lost) = (None, false);
    while !shared.stop.load(Relaxed) {
        if let Some(line) = lines.try_iter().last() {
            sender = Some(Sender::new(line));
        }
        if shared.camera_off.load(Relaxed) {
            shared.own.clear();
            // A camera that cannot rest is noticed when it is wanted again.
            let _ = camera.rest();
            std::thread::sleep(Duration::from_millis(30));
            continue;
        }
        let Ok(picture) = camera.frame(CAMERA_TIMEOUT) else {
            if !lost {
                lost = true;
                shared.own.clear();
                works(false);
            }
            std::thread::sleep(Duration::from_millis(30));
            continue;
        };
        if lost {
            lost = false;
            works(true);
        }
        if shared.live.load(Relaxed)
            && let Some(sender) = &mut sender
            && sender.send(&picture)
        {
            shared.encoded.fetch_add(1, Relaxed);
        }
        shared.own.put(picture);
        drawn();
    }
}

/// Encodes what the network bears.
struct Sender {
    line: Line,
    encoder: Option<(Encoder, u32, u32, u32)>,
    rate: Option<Rate>,
    reports: u32,
    began: Instant,
    timestamp: u32,
    taken: u32,
    last: Option<Duration>,
}

impl Sender {
    fn new(line: Line) -> Self {
        let timestamp = u32::from_ne_bytes(crate::base::random::bytes());
        let (encoder, rate, last, began) = (None, None, None, Instant::now());
        Self { line, encoder, rate, reports: 0, began, timestamp, taken: 0, last }
    }

    /// Sends a picture, unless it is to be skipped. `true` when it was encoded.
    fn send(&mut self, picture: &Picture) -> bool {
        let most = rate::worth_kbps(picture.width(), picture.height());
        let rate = self.rate.get_or_insert_with(|| Rate::new(most));
        let reports = self.line.feedback.video_reports.load(Relaxed);
        if reports != self.reports {
            self.reports = reports;
            let (lost, trip) = (&self.line.feedback.video_lost, &self.line.feedback.round_trip_us);
            rate.report(lost.load(Relaxed), trip.load(Relaxed), Instant::now());
        }
        let plan = rate.plan();
        let at = self.began.elapsed();
        self.taken = self.taken.wrapping_add(1);
        let too_soon = self.last.is_some_and(|last| at - last < FRAME_MIN);
        if plan.dark || too_soon || !self.taken.is_multiple_of(plan.every) || self.line.sender.capacity() == 0 {
            return false;
        }
        self.last = Some(at);
        let Ok(frame) = self.encode(picture, plan, at) else { return false };
        let timestamp = self.timestamp.wrapping_add((at.as_micros() * 9 / 100) as u32);
        let sent = frame.map(|data| self.line.sender.try_send(VideoFrame { data, timestamp, kbps: plan.kbps }));
        if matches!(sent, Some(Err(_))) {
            self.line.feedback.key_wanted.store(true, Relaxed);
        }
        true
    }

    fn encode(
        &mut self,
        picture: &Picture,
        plan: rate::Plan,
        at: Duration,
    ) -> Result<Option<bytes::Bytes>, CodecError> {
        let start = Instant::now();
        let scaled;
        let picture = if plan.divide == 1 {
            picture
        } else {
            let (width, height) = (picture.width() / plan.divide, picture.height() / plan.divide);
            scaled = picture.scaled(width, height).map_err(|_| CodecError::Size { width, height })?;
            &scaled
        };
        let (width, height) = (picture.width(), picture.height());
        let (encoder, .., kbps) = match &mut self.encoder {
            Some(ready) if (ready.1, ready.2) == (width, height) => ready,
            other => other.insert((Encoder::new(width, height, plan.kbps)?, width, height, plan.kbps)),
        };
        if kbps.abs_diff(plan.kbps) * 20 > *kbps {
            encoder.set_bitrate(plan.kbps)?;
            *kbps = plan.kbps;
        }
        let key = self.line.feedback.key_wanted.swap(false, Relaxed);
        let frame = encoder.encode(picture, at, key)?;
        if let Some(rate) = &mut self.rate {
            rate.encoded_in(start.elapsed());
        }
        Ok(frame.map(|f| f.data))
    }
}

/// Decodes the other side's pictures until told to stop, or until the peer is gone. `drawn` is
/// called after each.
///
/// # Errors
/// [`CodecError`] when VP8 cannot be used.
pub fn receive(
    packets: &Receiver<Packet>,
    peer: &mpsc::UnboundedSender<Command>,
    shared: &Video,
    drawn: impl Fn(),
) -> Result<(), CodecError> {
    let mut assembler = Assembler::new(PATIENCE);
    let mut decoder = Decoder::new()?;
    let mut key_needed = true;
    let mut asked: Option<Instant> = None;
    while !shared.stop.load(Relaxed) {
        match packets.recv_timeout(Duration::from_millis(20)) {
            Ok(packet) => assembler.push(packet),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        while let Some(frame) = assembler.pop(Instant::now()) {
            key_needed |= frame.lost > 0;
            let shown =
                if key_needed && !is_key(&frame.data) { Err(CodecError::Damaged) } else { decoder.decode(&frame.data) };
            key_needed = shown.is_err();
            match shown {
                Ok(Some(picture)) => {
                    shared.remote.put(picture);
                    drawn();
                }
                Ok(None) => {}
                Err(_) if asked.is_none_or(|at| at.elapsed() > ASK_PAUSE) => {
                    asked = Some(Instant::now());
                    let _ = peer.send(Command::WantKey);
                }
                Err(_) => {}
            }
        }
    }
    Ok(())
}
