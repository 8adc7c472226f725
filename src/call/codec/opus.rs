//! Opus (RFC 6716) for speech: 48 kHz mono, 20 ms packets, in-band FEC.

use opus::{Application, Bitrate, Channels, Signal};

use super::CodecError;
use crate::call::device::{BLOCK, SAMPLE_RATE_HZ};

/// Samples in a packet of 20 ms.
pub const PACKET_SAMPLES: usize = 2 * BLOCK;
/// The most samples one packet may decode to: 120 ms (RFC 6716 §2.1.4).
pub const PACKET_MAX_SAMPLES: usize = 5760;
/// The longest packet that is sent or taken, in bytes (RFC 6716 §3.4).
pub const PACKET_MAX_BYTES: usize = 1275;

const UNUSABLE: CodecError = CodecError::Unusable("Opus");

/// An Opus encoder for one voice.
pub struct Encoder {
    inner: opus::Encoder,
}

impl Encoder {
    /// An encoder at `bits_per_second`, set for speech.
    ///
    /// # Errors
    /// [`CodecError::Unusable`] when libopus refuses.
    pub fn new(bits_per_second: i32) -> Result<Self, CodecError> {
        let rate = SAMPLE_RATE_HZ as u32;
        let start = || -> opus::Result<opus::Encoder> {
            let mut inner = opus::Encoder::new(rate, Channels::Mono, Application::Voip)?;
            inner.set_signal(Signal::Voice)?;
            inner.set_complexity(5)?;
            inner.set_bitrate(Bitrate::Bits(bits_per_second))?;
            inner.set_inband_fec(true)?;
            // FEC is only spent when some loss is expected: assume a little before the first report.
            inner.set_packet_loss_perc(5)?;
            Ok(inner)
        };
        let inner = start().map_err(|_| UNUSABLE)?;
        Ok(Self { inner })
    }

    /// Compresses 20 ms.
    ///
    /// # Errors
    /// [`CodecError::Unusable`] when libopus fails.
    pub fn encode(&mut self, sound: &[f32; PACKET_SAMPLES]) -> Result<Vec<u8>, CodecError> {
        let packet = self.inner.encode_vec_float(sound, PACKET_MAX_BYTES);
        packet.map_err(|_| UNUSABLE)
    }

    /// Tells the encoder how much the far end loses, in percent, so that it spends FEC accordingly.
    ///
    /// # Errors
    /// [`CodecError::Unusable`] when libopus refuses.
    pub fn set_loss(&mut self, percent: u8) -> Result<(), CodecError> {
        let percent = i32::from(percent.clamp(3, 40));
        self.inner.set_packet_loss_perc(percent).map_err(|_| UNUSABLE)
    }
}

/// An Opus decoder for one voice.
pub struct Decoder {
    inner: opus::Decoder,
    sound: Vec<f32>,
}

impl Decoder {
    /// A decoder.
    ///
    /// # Errors
    /// [`CodecError::Unusable`] when libopus refuses.
    pub fn new() -> Result<Self, CodecError> {
        let rate = SAMPLE_RATE_HZ as u32;
        let inner = opus::Decoder::new(rate, Channels::Mono).map_err(|_| UNUSABLE)?;
        Ok(Self { inner, sound: vec![0.0; PACKET_MAX_SAMPLES] })
    }

    /// Decodes a packet: up to 120 ms of sound.
    ///
    /// # Errors
    /// [`CodecError::Damaged`] when it is no Opus packet.
    pub fn decode(&mut self, packet: &[u8]) -> Result<&[f32], CodecError> {
        if packet.is_empty() || packet.len() > PACKET_MAX_BYTES {
            return Err(CodecError::Damaged);
        }
        self.run(packet, PACKET_MAX_SAMPLES, false)
    }

    /// Rebuilds the lost packet of 20 ms before `next` from the copy that `next` carries (FEC), or
    /// by guessing when it carries none.
    ///
    /// # Errors
    /// [`CodecError::Damaged`] when `next` is no Opus packet.
    pub fn recover(&mut self, next: &[u8]) -> Result<&[f32], CodecError> {
        if next.is_empty() || next.len() > PACKET_MAX_BYTES {
            return Err(CodecError::Damaged);
        }
        self.run(next, PACKET_SAMPLES, true)
    }

    /// Guesses 20 ms from what came before (packet loss concealment).
    ///
    /// # Errors
    /// [`CodecError::Damaged`] when libopus fails.
    pub fn conceal(&mut self) -> Result<&[f32], CodecError> {
        self.run(&[], PACKET_SAMPLES, false)
    }

    fn run(&mut self, packet: &[u8], room: usize, fec: bool) -> Result<&[f32], CodecError> {
        let decoded = self.inner.decode_float(packet, &mut self.sound[..room], fec);
        let samples = decoded.map_err(|_| CodecError::Damaged)?;
        Ok(&self.sound[..samples])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A voice-like sound: a gliding pitch with overtones, in syllables.
    fn voice(seconds: f32) -> Vec<f32> {
        let mut phase = 0.0f32;
        (0..(seconds * 48_000.0) as usize)
            .map(|i| {
                let t = i as f32 / 48_000.0;
                phase += std::f32::consts::TAU * (140.0 + 40.0 * (t * 2.1).sin()) / 48_000.0;
                let syllable = (t * 11.0).sin().max(0.0);
                (1..8).map(|k| (phase * k as f32).sin() / k as f32).sum::<f32>() * 0.2 * syllable
            })
            .collect()
    }

    fn packets(sound: &[f32], encoder: &mut Encoder) -> Vec<Vec<u8>> {
        let (blocks, _) = sound.as_chunks::<PACKET_SAMPLES>();
        blocks.iter().map(|b| encoder.encode(b).unwrap()).collect()
    }

    fn likeness(a: &[f32], b: &[f32]) -> f32 {
        let dot = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f32>();
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(1e-9)
    }

    #[test]
    fn a_lost_packet_is_rebuilt_from_the_next_one() {
        let sound = voice(2.0);
        let mut encoder = Encoder::new(32_000).unwrap();
        encoder.set_loss(20).unwrap();
        let packets = packets(&sound, &mut encoder);
        let whole: Vec<f32> = {
            let mut decoder = Decoder::new().unwrap();
            packets.iter().flat_map(|p| decoder.decode(p).unwrap().to_vec()).collect()
        };
        let rebuild = |fec: bool| {
            let mut decoder = Decoder::new().unwrap();
            let mut sound = Vec::new();
            for (i, packet) in packets.iter().enumerate() {
                let lost = i % 5 == 3 && i + 1 < packets.len();
                let decoded = match (lost, fec) {
                    (false, _) => decoder.decode(packet),
                    (true, true) => decoder.recover(&packets[i + 1]),
                    (true, false) => decoder.conceal(),
                };
                sound.extend_from_slice(decoded.unwrap());
            }
            sound
        };
        let (with, without) = (likeness(&whole, &rebuild(true)), likeness(&whole, &rebuild(false)));
        assert!(with > 0.95 && with > without, "FEC {with}, guessing {without}");
    }

    #[test]
    fn empty_and_oversized_packets_are_refused() {
        let mut decoder = Decoder::new().unwrap();
        assert_eq!(decoder.decode(&[]).unwrap_err(), CodecError::Damaged);
        assert_eq!(decoder.decode(&[0; 2000]).unwrap_err(), CodecError::Damaged);
    }

    proptest! {
        #[test]
        fn hostile_packets_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..1400)) {
            let mut decoder = Decoder::new().unwrap();
            let _ = decoder.decode(&bytes);
            let _ = decoder.recover(&bytes);
            let _ = decoder.conceal();
        }
    }
}
