//! Sound in files, as a player plays it and a recorder leaves it.

use crate::call::speech::Heard;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Writes 48 kHz mono.
pub fn write(file: &Path, sound: &[f32]) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 48_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(file, spec).unwrap();
    for sample in sound {
        writer.write_sample((sample.clamp(-1.0, 1.0) * 32_767.0) as i16).unwrap();
    }
    writer.finalize().unwrap();
}

/// A recording that is still being written: it may not be there yet, and its header knows no length.
pub struct Recording(pub PathBuf);

/// As recorders write it: the parts "fmt " and "data" and nothing else.
const HEADER: u64 = 44;

impl Heard for Recording {
    fn count(&self) -> usize {
        std::fs::metadata(&self.0).map_or(0, |file| file.len().saturating_sub(HEADER) as usize / 2)
    }

    fn last(&self, wanted: usize) -> Vec<f32> {
        let begin = self.count().saturating_sub(wanted);
        let mut bytes = Vec::new();
        let mut file = std::fs::File::open(&self.0).unwrap();
        file.seek(SeekFrom::Start(HEADER + 2 * begin as u64)).unwrap();
        file.read_to_end(&mut bytes).unwrap();
        samples(&bytes)
    }
}

/// The end of what a page heard, and how many samples it heard.
pub struct Ending {
    pub count: usize,
    pub sound: Vec<f32>,
}

impl Heard for Ending {
    fn count(&self) -> usize {
        self.count
    }

    fn last(&self, wanted: usize) -> Vec<f32> {
        self.sound[self.sound.len().saturating_sub(wanted)..].to_vec()
    }
}

/// 16-bit samples, low byte first.
pub fn samples(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(2).map(|s| f32::from(i16::from_le_bytes([s[0], s[1]])) / 32_768.0).collect()
}
