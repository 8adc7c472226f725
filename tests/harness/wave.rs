//! Sound in files, as a player plays it and a recorder leaves it.

use std::path::Path;

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

/// Reads a recording that is still being written: it may not be there yet, and its header knows no length.
pub fn read(file: &Path) -> Vec<f32> {
    let bytes = std::fs::read(file).unwrap_or_default();
    let data = bytes.windows(4).position(|word| word == b"data").map_or(bytes.len(), |at| at + 8);
    samples(&bytes[data.min(bytes.len())..])
}

/// 16-bit samples, low byte first.
pub fn samples(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(2).map(|s| f32::from(i16::from_le_bytes([s[0], s[1]])) / 32_768.0).collect()
}
