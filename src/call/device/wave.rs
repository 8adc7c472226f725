//! A WAV file as a microphone: spoken from start to end, then again.
//!
//! The file is read whole when the call starts (the sandbox allows no file later), mixed to mono
//! and brought to 48 kHz. At most [`MAX_SECONDS`] of it are kept.

use std::path::Path;
use std::time::Duration;

use hound::{SampleFormat, WavReader};
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

use super::{BLOCK, BLOCK_TIME, Block, DeviceError, DeviceKind, Microphone, Pace, SAMPLE_RATE_HZ};

/// The longest piece of a file that is used, in seconds.
pub const MAX_SECONDS: usize = 600;

/// A sound file as a microphone.
pub struct WaveFile {
    sound: Vec<f32>,
    at: usize,
    pace: Pace,
}

impl WaveFile {
    /// Reads a WAV file: integer or float samples, any rate from 8 to 192 kHz, up to 8 channels.
    ///
    /// # Errors
    /// [`DeviceError`] when the file is missing, is no WAV file or holds no sound.
    pub fn open(path: &Path) -> Result<Self, DeviceError> {
        let reader = WavReader::open(path).map_err(|e| match e {
            hound::Error::IoError(_) => DeviceError::Missing(DeviceKind::Microphone),
            _ => format("not a WAV file"),
        })?;
        Self::from_reader(reader)
    }

    /// A microphone that speaks these samples (48 kHz mono) again and again.
    pub fn from_samples(mut sound: Vec<f32>) -> Self {
        // Whole blocks keep the seam between two rounds at a block's edge.
        sound.resize(sound.len().next_multiple_of(BLOCK).max(BLOCK), 0.0);
        Self { sound, at: 0, pace: Pace::new(BLOCK_TIME) }
    }

    /// What it speaks, at 48 kHz.
    pub fn samples(&self) -> &[f32] {
        &self.sound
    }

    fn from_reader<R: std::io::Read>(mut reader: WavReader<R>) -> Result<Self, DeviceError> {
        let spec = reader.spec();
        let (channels, rate) = (spec.channels as usize, spec.sample_rate as usize);
        if !(1..=8).contains(&channels) || !(8_000..=192_000).contains(&rate) {
            return Err(format("an unusual rate or number of channels"));
        }
        let limit = MAX_SECONDS * rate * channels;
        let samples: Vec<f32> = match spec.sample_format {
            SampleFormat::Float => reader.samples::<f32>().take(limit).collect::<hound::Result<_>>(),
            SampleFormat::Int => {
                let full = (1i64 << (spec.bits_per_sample.clamp(1, 32) - 1)) as f32;
                let samples = reader.samples::<i32>().take(limit);
                samples.map(|s| s.map(|s| s as f32 / full)).collect::<hound::Result<_>>()
            }
        }
        .map_err(|_: hound::Error| format("the file ends early"))?;
        let mono: Vec<f32> =
            samples.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() / channels as f32).collect();
        if mono.is_empty() {
            return Err(format("the file holds no sound"));
        }
        Ok(Self::from_samples(resample(mono, rate)?))
    }
}

impl Microphone for WaveFile {
    fn name(&self) -> &str {
        "sound file"
    }

    fn read(&mut self, block: &mut Block, timeout: Duration) -> Result<(), DeviceError> {
        block.fill(0.0);
        if !self.pace.wait(timeout) {
            return Err(DeviceError::Gone(DeviceKind::Microphone));
        }
        block.copy_from_slice(&self.sound[self.at..][..BLOCK]);
        self.at = (self.at + BLOCK) % self.sound.len();
        Ok(())
    }
}

fn format(reason: &'static str) -> DeviceError {
    DeviceError::Format { kind: DeviceKind::Microphone, reason }
}

fn resample(sound: Vec<f32>, rate: usize) -> Result<Vec<f32>, DeviceError> {
    if rate == SAMPLE_RATE_HZ {
        return Ok(sound);
    }
    let unusual = |_| format("a rate that cannot be converted");
    let mut fft = Fft::<f32>::new(rate, SAMPLE_RATE_HZ, 1024, 1, FixedSync::Both)
        .map_err(|_| format("a rate that cannot be converted"))?;
    let input = InterleavedSlice::new(&sound, 1, sound.len()).map_err(|_| format("no sound"))?;
    let output = fft.process_all(&input, sound.len(), None).map_err(unusual)?;
    Ok(output.take_data())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(rate: u32, channels: u16, sound: &[f32]) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let spec =
            hound::WavSpec { channels, sample_rate: rate, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        for sample in sound {
            for _ in 0..channels {
                writer.write_sample((sample * 32767.0) as i16).unwrap();
            }
        }
        writer.finalize().unwrap();
        bytes.into_inner()
    }

    fn tone(rate: f32, hz: f32, seconds: f32) -> Vec<f32> {
        let step = std::f32::consts::TAU * hz / rate;
        (0..(rate * seconds) as usize).map(|i| (i as f32 * step).sin() * 0.5).collect()
    }

    #[test]
    fn a_file_of_another_rate_keeps_its_pitch() {
        let bytes = wav(22_050, 2, &tone(22_050.0, 500.0, 0.5));
        let file = WaveFile::from_reader(WavReader::new(&bytes[..]).unwrap()).unwrap();
        assert!(file.sound.len().abs_diff(24_000) <= 2 * BLOCK, "{}", file.sound.len());
        let middle = &file.sound[4800..19_200];
        let rises = middle.windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count();
        assert!(rises.abs_diff(150) <= 1, "500 Hz for 0.3 s: {rises}");
    }

    #[test]
    fn the_file_starts_again_at_its_end() {
        let mut file = WaveFile::from_samples((0..960).map(|i| i as f32 / 960.0).collect());
        let mut block = [0.0; BLOCK];
        for want in [0.0, 0.5, 0.0, 0.5] {
            file.read(&mut block, Duration::from_secs(1)).unwrap();
            assert_eq!(block[0], want);
        }
    }

    #[test]
    fn broken_files_are_refused_in_words() {
        let cut = &wav(48_000, 1, &tone(48_000.0, 440.0, 0.1))[..600];
        let cut = WavReader::new(cut).ok().map(WaveFile::from_reader);
        assert!(cut.is_none_or(|file| file.is_err()));
        let empty = wav(48_000, 1, &[]);
        assert!(WaveFile::from_reader(WavReader::new(&empty[..]).unwrap()).is_err());
        let gone = WaveFile::open(Path::new("/nonexistent/voice.wav")).err();
        assert_eq!(gone, Some(DeviceError::Missing(DeviceKind::Microphone)));
    }
}
