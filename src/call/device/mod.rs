//! Devices: where sound and picture enter and leave the call.
//!
//! Real devices and the ones made by the program (test card, tone, a sound file) stand behind the
//! same three traits and are chosen when the program starts, never when it is built. A device that
//! fails says so once and is replaced by black or silence: the call goes on without it.
//!
//! Refuses: to record, to resample for anyone (48 kHz mono `f32` in blocks of [`BLOCK`] samples is
//! the only sound there is past this door), to decide whether a call needs a device.
//!
//! Sound is *pulled* from a microphone and *pushed* into a speaker, both in blocks of 10 ms by the
//! sound thread. A device that is driven by callbacks keeps a lock-free ring between its callback
//! and `read`/`write`; the microphone's clock drives the sound thread.

use std::time::{Duration, Instant};

pub mod card;
pub mod chosen;
pub mod cpal;
mod mjpeg;
pub mod nokhwa;
mod resample;
pub mod tone;
pub mod wave;

use super::picture::Picture;

/// Samples per second of all sound inside the call.
pub const SAMPLE_RATE_HZ: usize = 48_000;
/// Samples in a block of 10 ms.
pub const BLOCK: usize = 480;
/// The length of a block.
pub const BLOCK_TIME: Duration = Duration::from_millis(10);
/// 10 ms of mono sound, each sample from -1 to 1.
pub type Block = [f32; BLOCK];

/// Why a device cannot be used, in words fit for a status line. Carries no device path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// No device of that name, or none at all.
    #[error("no {0} was found")]
    Missing(DeviceKind),
    /// Another program holds it.
    #[error("the {0} is in use by another program")]
    Busy(DeviceKind),
    /// The system refuses access.
    #[error("this account may not use the {0}")]
    Denied(DeviceKind),
    /// It was unplugged, or stopped delivering.
    #[error("the {0} stopped")]
    Gone(DeviceKind),
    /// It delivers nothing that can be used.
    #[error("the {kind} offers no usable format: {reason}")]
    Format {
        /// Which device.
        kind: DeviceKind,
        /// What is wrong, without names or paths.
        reason: &'static str,
    },
    /// The device's driver or sound server failed.
    #[error("the {kind} failed: {reason}")]
    Failed {
        /// Which device.
        kind: DeviceKind,
        /// What went wrong, without names or paths.
        reason: String,
    },
}

/// The three kinds of device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKind {
    /// A source of pictures.
    Camera,
    /// A source of sound.
    Microphone,
    /// A sink of sound.
    Speaker,
}

impl std::fmt::Display for DeviceKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Camera => "camera",
            Self::Microphone => "microphone",
            Self::Speaker => "speaker",
        })
    }
}

/// A source of pictures. It lives on a thread of its own.
pub trait Camera: Send {
    /// The name shown to the user.
    fn name(&self) -> &str;

    /// Waits for the next picture, at most `timeout`. The camera keeps the pace.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] when nothing came in time or the device was unplugged; whoever asked
    /// may ask again or let the camera go.
    fn frame(&mut self, timeout: Duration) -> Result<Picture, DeviceError>;

    /// Stops capturing, so that the camera's light goes out; the next [`Camera::frame`] begins
    /// again. Called again and again while the camera is off.
    ///
    /// # Errors
    /// [`DeviceError`] when the device was unplugged meanwhile.
    fn rest(&mut self) -> Result<(), DeviceError> {
        Ok(())
    }
}

/// A source of sound. Its clock drives the sound thread.
pub trait Microphone: Send {
    /// The name shown to the user.
    fn name(&self) -> &str;

    /// Waits until 10 ms of sound are there, at most `timeout`, and fills `block`.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] when nothing came in time or the device was unplugged; `block` is then
    /// silence.
    fn read(&mut self, block: &mut Block, timeout: Duration) -> Result<(), DeviceError>;
}

/// A sink of sound. It never blocks: what does not fit is dropped by the device.
pub trait Speaker: Send {
    /// The name shown to the user.
    fn name(&self) -> &str;

    /// Queues 10 ms of sound.
    ///
    /// # Errors
    /// [`DeviceError::Gone`] when the device was unplugged or stopped taking sound.
    fn write(&mut self, block: &Block) -> Result<(), DeviceError>;

    /// How many samples wait in the device's own queue, if it knows: the sound thread keeps it near
    /// three blocks by leaving out or repeating quiet ones.
    fn queued(&self) -> Option<usize>;
}

/// A camera, as chosen on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraChoice {
    /// The first real camera.
    Default,
    /// A real camera whose name contains this.
    Named(String),
    /// The moving test card.
    TestCard,
    /// None: the other side sees no picture.
    Off,
}

impl From<&str> for CameraChoice {
    fn from(text: &str) -> Self {
        match text {
            "" | "default" => Self::Default,
            "test-card" => Self::TestCard,
            "none" | "off" => Self::Off,
            name => Self::Named(name.into()),
        }
    }
}

/// A microphone, as chosen on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MicrophoneChoice {
    /// The system's default microphone.
    Default,
    /// A real microphone whose name contains this.
    Named(String),
    /// A steady tone.
    Tone,
    /// A WAV file, spoken again and again.
    File(std::path::PathBuf),
    /// None: silence.
    Off,
}

impl From<&str> for MicrophoneChoice {
    fn from(text: &str) -> Self {
        match (text, text.strip_prefix("file:")) {
            (_, Some(path)) => Self::File(path.into()),
            ("" | "default", _) => Self::Default,
            ("tone", _) => Self::Tone,
            ("none" | "off", _) => Self::Off,
            (name, _) => Self::Named(name.into()),
        }
    }
}

/// A speaker, as chosen on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpeakerChoice {
    /// The system's default speaker.
    Default,
    /// A real speaker whose name contains this.
    Named(String),
    /// None: sound is decoded, measured and dropped.
    Off,
}

impl From<&str> for SpeakerChoice {
    fn from(text: &str) -> Self {
        match text {
            "" | "default" => Self::Default,
            "none" | "off" => Self::Off,
            name => Self::Named(name.into()),
        }
    }
}

/// Opens the chosen camera; `None` when none was wanted.
///
/// # Errors
/// [`DeviceError`] when it cannot be used: report it and go on without.
pub fn open_camera(choice: &CameraChoice) -> Result<Option<Box<dyn Camera>>, DeviceError> {
    let (width, height) = picture_size();
    match choice {
        CameraChoice::TestCard => Ok(Some(Box::new(card::TestCard::new(640, 480, 30)))),
        CameraChoice::Off => Ok(None),
        CameraChoice::Default => Ok(Some(Box::new(nokhwa::Webcam::open(None, width, height)?))),
        CameraChoice::Named(name) => Ok(Some(Box::new(nokhwa::Webcam::open(Some(name), width, height)?))),
    }
}

/// What a real camera is asked for: 720p where the machine can keep up with it.
fn picture_size() -> (u32, u32) {
    match std::thread::available_parallelism().map_or(1, std::num::NonZero::get) {
        0..4 => (640, 480),
        _ => (1280, 720),
    }
}

/// Opens the chosen microphone. None wanted is a microphone that hears silence.
///
/// # Errors
/// [`DeviceError`] when it cannot be used: report it and go on with [`tone::Tone::silence`].
pub fn open_microphone(choice: &MicrophoneChoice) -> Result<Box<dyn Microphone>, DeviceError> {
    match choice {
        MicrophoneChoice::Tone => Ok(Box::new(tone::Tone::new(440.0, 0.2))),
        MicrophoneChoice::File(path) => Ok(Box::new(wave::WaveFile::open(path)?)),
        MicrophoneChoice::Off => Ok(Box::new(tone::Tone::silence())),
        MicrophoneChoice::Default => Ok(Box::new(cpal::CpalMicrophone::open(None)?)),
        MicrophoneChoice::Named(name) => Ok(Box::new(cpal::CpalMicrophone::open(Some(name))?)),
    }
}

/// Opens the chosen speaker. None wanted is a speaker that drops what it is given.
///
/// # Errors
/// [`DeviceError`] when it cannot be used: report it and go on with [`tone::Drain`].
pub fn open_speaker(choice: &SpeakerChoice) -> Result<Box<dyn Speaker>, DeviceError> {
    match choice {
        SpeakerChoice::Off => Ok(Box::new(tone::Drain)),
        SpeakerChoice::Default => Ok(Box::new(cpal::CpalSpeaker::open(None)?)),
        SpeakerChoice::Named(name) => Ok(Box::new(cpal::CpalSpeaker::open(Some(name))?)),
    }
}

/// A steady pace for sources without a clock of their own. Late by a little, it catches up; late by
/// half a second (a suspended machine), it starts afresh instead of flooding the call.
pub(crate) struct Pace {
    period: Duration,
    due: Instant,
}

impl Pace {
    pub(crate) fn new(period: Duration) -> Self {
        Self { period, due: Instant::now() }
    }

    /// Waits for the next beat, at most `timeout`; `false` when the beat is further away.
    pub(crate) fn wait(&mut self, timeout: Duration) -> bool {
        let now = Instant::now();
        if now > self.due + Duration::from_millis(500) {
            self.due = now;
        }
        let wait = self.due.saturating_duration_since(now);
        if wait > timeout {
            std::thread::sleep(timeout);
            return false;
        }
        std::thread::sleep(wait);
        self.due += self.period;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_read_from_the_command_line() {
        assert_eq!(CameraChoice::from("test-card"), CameraChoice::TestCard);
        assert_eq!(CameraChoice::from("none"), CameraChoice::Off);
        assert_eq!(MicrophoneChoice::from("file:voice.wav"), MicrophoneChoice::File("voice.wav".into()));
        assert_eq!(MicrophoneChoice::from("tone"), MicrophoneChoice::Tone);
        assert_eq!(SpeakerChoice::from("none"), SpeakerChoice::Off);
        assert_eq!(SpeakerChoice::from("Headset"), SpeakerChoice::Named("Headset".into()));
    }

    #[test]
    fn a_late_pace_catches_up_but_never_floods() {
        let mut pace = Pace::new(Duration::from_millis(10));
        pace.due -= Duration::from_millis(100);
        let start = Instant::now();
        for _ in 0..10 {
            assert!(pace.wait(Duration::from_secs(1)));
        }
        assert!(start.elapsed() < Duration::from_millis(9), "caught up at once");
        pace.due -= Duration::from_secs(60);
        assert!(pace.wait(Duration::from_secs(1)));
        assert!(pace.due > Instant::now(), "a minute asleep is not made up for");
    }
}
