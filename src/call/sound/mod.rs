//! Sound: one thread, one turn every 10 ms, driven by the microphone's clock.
//!
//! In: microphone → echo cancellation, noise suppression, gain (`sonora`) → mute → Opus → peer.
//! Out: peer → playout buffer → speaker; what is played is also what the echo canceller listens for.
//!
//! Refuses to be: a recorder (levels are all that is kept), a device (it is given both), a judge of
//! the network (the peer's feedback says how much is lost).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

mod playout;
mod stretch;

use playout::Playout;

use super::codec::CodecError;
use super::codec::opus::{Encoder, PACKET_SAMPLES};
use super::device::tone::{Drain, Tone};
use super::device::{BLOCK, Block, Microphone, SAMPLE_RATE_HZ, Speaker};
use super::peer::{AudioPacket, Feedback, Packet};

/// What the voice is sent with, in bits per second.
const BITS_PER_SECOND: i32 = 32_000;
/// A microphone that is silent for this long has stopped.
const MICROPHONE_TIMEOUT: Duration = Duration::from_secs(2);
/// The speaker's own queue is kept between these, in blocks of 10 ms.
const SPEAKER_LOW: usize = 2;
const SPEAKER_HIGH: usize = 7;

/// What the sound thread shares with everyone.
#[derive(Debug, Default)]
pub struct Sound {
    /// Send silence instead of the microphone.
    pub muted: AtomicBool,
    /// End the thread.
    pub stop: AtomicBool,
    /// The microphone's level, 0 to 100; 0 while muted.
    pub microphone_level: AtomicU8,
    /// The other side's level, 0 to 100.
    pub speaker_level: AtomicU8,
}

/// The devices of the sound thread.
pub struct Devices {
    /// Where our voice comes from.
    pub microphone: Box<dyn Microphone>,
    /// Where the other side's voice goes.
    pub speaker: Box<dyn Speaker>,
    /// Take echo and noise out and even the level. Without, the voice leaves as it is: for headsets,
    /// music, and sources that have no room. It changes the wave, not only its loudness: the
    /// canceller's filter bank and high pass turn phases, as they do in every browser.
    pub clean: bool,
}

/// One connection's sound.
pub struct Line {
    /// To the other side.
    pub sender: mpsc::Sender<AudioPacket>,
    /// From the other side.
    pub receiver: Receiver<Packet>,
    /// How much of ours is lost.
    pub feedback: Arc<Feedback>,
}

/// A device that stopped. The thread goes on without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// Silence is sent.
    Microphone,
    /// Nothing is heard.
    Speaker,
}

/// Runs one connection's sound until told to stop, or until its peer is gone. `lost` is called once
/// for a device that stops.
///
/// # Errors
/// [`CodecError`] when Opus cannot be used.
pub fn run(devices: &mut Devices, line: &Line, shared: &Sound, lost: impl Fn(Lost)) -> Result<(), CodecError> {
    let mut voice = Voice::new(devices.clean)?;
    let mut playout = Playout::new(Instant::now())?;
    let mut block = [0.0; BLOCK];
    while !shared.stop.load(Relaxed) {
        if devices.microphone.read(&mut block, MICROPHONE_TIMEOUT).is_err() {
            devices.microphone = Box::new(Tone::silence());
            lost(Lost::Microphone);
        }
        let now = Instant::now();
        loop {
            match line.receiver.try_recv() {
                Ok(packet) => playout.push(packet, now),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return Ok(()),
            }
        }
        if !play(devices.speaker.as_mut(), shared, &mut playout, &mut voice, now) {
            devices.speaker = Box::new(Drain);
            lost(Lost::Speaker);
        }
        let muted = shared.muted.load(Relaxed);
        voice.clean(&mut block, muted);
        shared.microphone_level.store(level(&block), Relaxed);
        voice.loss_is(line.feedback.audio_lost.load(Relaxed));
        if let Some(packet) = voice.push(&block)? {
            // A loop that stands still must not stop the devices' clock: the packet is lost.
            let _ = line.sender.try_send(packet);
        }
    }
    Ok(())
}

/// Plays as many blocks as the speaker's queue asks for: one as a rule, none or two when its clock
/// differs from the microphone's. `false` when the speaker is gone.
fn play(speaker: &mut dyn Speaker, shared: &Sound, playout: &mut Playout, voice: &mut Voice, now: Instant) -> bool {
    let blocks = match speaker.queued().map(|samples| samples / BLOCK) {
        Some(queued) if queued < SPEAKER_LOW => 2,
        Some(queued) if queued > SPEAKER_HIGH => 0,
        _ => 1,
    };
    let mut block = [0.0; BLOCK];
    for _ in 0..blocks {
        playout.pull(&mut block, now);
        shared.speaker_level.store(level(&block), Relaxed);
        voice.hear(&block);
        if speaker.write(&block).is_err() {
            return false;
        }
    }
    true
}

/// Our voice on its way out.
struct Voice {
    processing: Option<sonora::AudioProcessing>,
    encoder: Encoder,
    half: Option<Block>,
    timestamp: u32,
    loss_percent: u8,
}

impl Voice {
    fn new(clean: bool) -> Result<Self, CodecError> {
        let config = sonora::Config {
            echo_canceller: Some(Default::default()),
            noise_suppression: Some(Default::default()),
            gain_controller2: Some(Default::default()),
            high_pass_filter: Some(Default::default()),
            ..Default::default()
        };
        let stream = || sonora::StreamConfig::new(SAMPLE_RATE_HZ as u32, 1);
        let processing = clean.then(|| {
            let builder = sonora::AudioProcessing::builder().config(config);
            builder.capture_config(stream()).render_config(stream()).build()
        });
        let encoder = Encoder::new(BITS_PER_SECOND)?;
        let timestamp = u32::from_ne_bytes(crate::base::random::bytes());
        Ok(Self { processing, encoder, half: None, timestamp, loss_percent: 0 })
    }

    /// Tells the echo canceller what the speaker plays.
    fn hear(&mut self, played: &Block) {
        let Some(processing) = &mut self.processing else { return };
        let heard = processing.process_render_f32(&[played], &mut [&mut [0.0; BLOCK]]);
        heard.expect("invariant: blocks have the agreed size");
    }

    /// Cleans a block of the microphone; muted, it becomes silence, while the echo canceller goes on
    /// learning.
    fn clean(&mut self, block: &mut Block, muted: bool) {
        if let Some(processing) = &mut self.processing {
            let raw = *block;
            let cleaned = processing.process_capture_f32(&[&raw], &mut [block.as_mut_slice()]);
            cleaned.expect("invariant: blocks have the agreed size");
        }
        if muted {
            block.fill(0.0);
        }
    }

    /// Follows the far end's loss (of 256), with FEC to match.
    fn loss_is(&mut self, of_256: u32) {
        let percent = (of_256 * 100 / 256).min(100) as u8;
        if percent != self.loss_percent && self.encoder.set_loss(percent).is_ok() {
            self.loss_percent = percent;
        }
    }

    /// Takes a block; every second one completes a packet.
    fn push(&mut self, block: &Block) -> Result<Option<AudioPacket>, CodecError> {
        let Some(first) = self.half.take() else {
            self.half = Some(*block);
            return Ok(None);
        };
        let mut sound = [0.0; PACKET_SAMPLES];
        sound[..BLOCK].copy_from_slice(&first);
        sound[BLOCK..].copy_from_slice(block);
        let data = self.encoder.encode(&sound)?.into();
        let timestamp = self.timestamp;
        self.timestamp = timestamp.wrapping_add(PACKET_SAMPLES as u32);
        Ok(Some(AudioPacket { data, timestamp }))
    }
}

/// A block's level: 0 for -60 dB and below, 100 for full scale.
fn level(block: &Block) -> u8 {
    let power = block.iter().map(|s| s * s).sum::<f32>() / BLOCK as f32;
    let decibel = 10.0 * power.max(1e-9).log10();
    ((decibel + 60.0) / 60.0 * 100.0).clamp(0.0, 100.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::device::tone;

    #[test]
    fn levels_are_told_from_silence_to_full() {
        assert_eq!(level(&[0.0; BLOCK]), 0);
        assert_eq!(level(&[1.0; BLOCK]), 100);
        assert_eq!(level(&[0.1; BLOCK]), 66);
    }

    #[test]
    fn muted_means_that_silence_is_sent() {
        let mut voice = Voice::new(true).unwrap();
        let mut tone = tone::Tone::new(440.0, 0.5);
        let mut block = [0.0; BLOCK];
        for _ in 0..20 {
            tone.read(&mut block, Duration::from_secs(1)).unwrap();
            voice.clean(&mut block, true);
            assert_eq!(block, [0.0; BLOCK]);
        }
        voice.clean(&mut [0.1; BLOCK], false);
    }

    #[test]
    fn the_echo_of_the_other_side_is_taken_out() {
        let mut voice = Voice::new(true).unwrap();
        let mut seed = 1u32;
        let mut noise = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / 8_388_608.0 - 1.0
        };
        let mut room = std::collections::VecDeque::from(vec![0.0f32; 4 * BLOCK]);
        let (mut before, mut after) = (0.0, 0.0);
        for turn in 0..600 {
            let loud = if turn % 40 < 30 { 0.2 } else { 0.0 };
            let far: Block = std::array::from_fn(|_| noise() * loud);
            room.extend(far);
            voice.hear(&far);
            let mut near: Block = std::array::from_fn(|_| 0.0);
            near.iter_mut().zip(room.drain(..BLOCK)).for_each(|(near, echo)| *near = echo * 0.4);
            let energy = |b: &Block| b.iter().map(|s| s * s).sum::<f32>();
            let echo = energy(&near);
            voice.clean(&mut near, false);
            if turn > 400 {
                before += echo;
                after += energy(&near);
            }
        }
        assert!(after * 100.0 < before, "at least 20 dB quieter: {before} to {after}");
    }

    struct Broken;

    impl Microphone for Broken {
        fn name(&self) -> &str {
            "broken"
        }

        fn read(&mut self, _: &mut Block, _: Duration) -> Result<(), super::super::device::DeviceError> {
            Err(super::super::device::DeviceError::Gone(super::super::device::DeviceKind::Microphone))
        }
    }

    #[test]
    fn a_microphone_that_stops_is_told_once_and_sound_goes_on() {
        let (sender, mut sent) = mpsc::channel(64);
        let (keep, receiver) = std::sync::mpsc::sync_channel(4);
        let shared = Arc::new(Sound::default());
        let line = Line { sender, receiver, feedback: Default::default() };
        let (tell, told) = std::sync::mpsc::channel();
        let thread_shared = shared.clone();
        let thread = std::thread::spawn(move || {
            let mut devices = Devices { microphone: Box::new(Broken), speaker: Box::new(Drain), clean: false };
            run(&mut devices, &line, &thread_shared, |l| tell.send(l).unwrap())
        });
        assert_eq!(told.recv_timeout(Duration::from_secs(5)), Ok(Lost::Microphone));
        assert!(sent.blocking_recv().is_some(), "silence is sent");
        shared.stop.store(true, Relaxed);
        thread.join().unwrap().unwrap();
        assert!(told.try_recv().is_err());
        drop(keep);
    }
}
