//! From a device's own sample rate to 48 kHz and back, in steps of 10 ms, for devices that cannot do 48 kHz.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

/// A converter of mono sound between two rates, both whole multiples of 100 Hz.
pub(super) struct Resample {
    fft: Fft<f32>,
    waiting: Vec<f32>,
    out: Vec<f32>,
}

impl Resample {
    /// A converter, or `None` when the rates cannot be brought together.
    pub(super) fn new(from_hz: usize, to_hz: usize) -> Option<Self> {
        let fft = Fft::new(from_hz, to_hz, from_hz / 100, 1, FixedSync::Both).ok()?;
        let out = vec![0.0; fft.output_frames_max()];
        Some(Self { fft, waiting: Vec::new(), out })
    }

    /// Takes sound at the one rate and hands over what is ready at the other.
    pub(super) fn push(&mut self, sound: &[f32], mut ready: impl FnMut(&[f32])) {
        self.waiting.extend_from_slice(sound);
        let mut at = 0;
        loop {
            let (need, room) = (self.fft.input_frames_next(), self.fft.output_frames_next());
            let Some(piece) = self.waiting.get(at..at + need) else { break };
            let input = InterleavedSlice::new(piece, 1, need).expect("invariant: the slice has this length");
            let output = InterleavedSlice::new_mut(&mut self.out[..room], 1, room).expect("invariant: it fits");
            let mut output = output;
            if let Ok((_, written)) = self.fft.process_into_buffer(&input, &mut output, None) {
                ready(&self.out[..written]);
            }
            at += need;
        }
        self.waiting.drain(..at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitch_and_length_survive_44100_to_48000_in_odd_pieces() {
        let mut to = Resample::new(44_100, 48_000).unwrap();
        let step = std::f32::consts::TAU * 1000.0 / 44_100.0;
        let sound: Vec<f32> = (0..44_100).map(|i| (i as f32 * step).sin() * 0.5).collect();
        let mut out = Vec::new();
        for piece in sound.chunks(997) {
            to.push(piece, |ready| out.extend_from_slice(ready));
        }
        assert!(out.len().abs_diff(48_000) <= 960, "{}", out.len());
        let middle = &out[4_800..43_200];
        let rises = middle.windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count();
        assert!(rises.abs_diff(800) <= 1, "1 kHz for 0.8 s: {rises}");
    }
}
