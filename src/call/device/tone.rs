//! Sound without a device: a steady tone, silence, and a speaker that drops what it is given.

use std::time::Duration;

use super::{BLOCK_TIME, Block, DeviceError, DeviceKind, Microphone, Pace, SAMPLE_RATE_HZ, Speaker};

/// A microphone that hears a steady tone, or silence.
pub struct Tone {
    step: f32,
    phase: f32,
    level: f32,
    pace: Pace,
}

impl Tone {
    /// A tone of `frequency_hz` at `level` (0 to 1).
    pub fn new(frequency_hz: f32, level: f32) -> Self {
        Self {
            step: std::f32::consts::TAU * frequency_hz / SAMPLE_RATE_HZ as f32,
            phase: 0.0,
            level,
            pace: Pace::new(BLOCK_TIME),
        }
    }

    /// A microphone that hears nothing, at the right pace.
    pub fn silence() -> Self {
        Self::new(0.0, 0.0)
    }
}

impl Microphone for Tone {
    fn name(&self) -> &str {
        if self.level > 0.0 { "tone" } else { "silence" }
    }

    fn read(&mut self, block: &mut Block, timeout: Duration) -> Result<(), DeviceError> {
        block.fill(0.0);
        if !self.pace.wait(timeout) {
            return Err(DeviceError::Gone(DeviceKind::Microphone));
        }
        for sample in block {
            *sample = self.phase.sin() * self.level;
            self.phase = (self.phase + self.step) % std::f32::consts::TAU;
        }
        Ok(())
    }
}

/// A speaker nobody hears. It keeps nothing.
pub struct Drain;

impl Speaker for Drain {
    fn name(&self) -> &str {
        "none"
    }

    fn write(&mut self, _: &Block) -> Result<(), DeviceError> {
        Ok(())
    }

    fn queued(&self) -> Option<usize> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::device::BLOCK;

    #[test]
    fn a_tone_has_its_pitch_and_level_across_blocks() {
        let mut tone = Tone::new(1000.0, 0.5);
        let mut sound = Vec::new();
        for _ in 0..4 {
            let mut block = [0.0; BLOCK];
            tone.read(&mut block, Duration::from_secs(1)).unwrap();
            sound.extend(block);
        }
        let rises = sound.windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count();
        assert!((39..=40).contains(&rises), "1 kHz for 40 ms: {rises}");
        let peak = sound.iter().fold(0.0f32, |m, s| m.max(s.abs()));
        assert!((0.49..=0.5).contains(&peak));
    }

    #[test]
    fn silence_is_silent() {
        let mut block = [1.0; BLOCK];
        Tone::silence().read(&mut block, Duration::from_secs(1)).unwrap();
        assert_eq!(block, [0.0; BLOCK]);
    }
}
