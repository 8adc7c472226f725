//! The playout buffer: packets that come when they come, sound that leaves every 10 ms.
//!
//! How long a packet waits follows the network: long enough that all but the latest few in a
//! hundred come in time, between 40 and 250 ms above the fastest. What is missing when its time
//! comes is rebuilt from the next packet's copy (FEC) or guessed; delay and clock drift are followed
//! by stretching ([`super::stretch`]).

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::stretch;
use crate::call::codec::CodecError;
use crate::call::codec::opus::{Decoder, PACKET_SAMPLES};
use crate::call::device::{BLOCK, Block};
use crate::call::peer::Packet;

/// Bounds of the delay above that of the fastest packet, in milliseconds.
const DELAY_MIN_MS: f64 = 40.0;
const DELAY_MAX_MS: f64 = 250.0;
/// Added to the delay of nearly the slowest packet.
const MARGIN_MS: f64 = 20.0;
/// The delay before anything is known.
const FIRST_DELAY: Duration = Duration::from_millis(60);
/// Packets remembered for the delay: five seconds.
const ARRIVALS: usize = 250;
/// Packets that may wait: two seconds.
const WAITING_MAX: usize = 100;
/// Guessing goes on for this many packets, then there is silence until something comes.
const GUESSES_MAX: u32 = 5;
/// Off by this much, stretching begins; off by the smaller amount, it ends.
const OFF_MS: f64 = 30.0;
const NEAR_MS: f64 = 8.0;
/// Off by this much (a network that stood still), sound is skipped instead.
const FAR_MS: f64 = 220.0;
/// A jump in sequence numbers beyond this is a new stream.
const JUMP_MAX: u16 = 3000;

struct Waiting {
    time: i64,
    payload: Bytes,
}

/// The buffer and its decoder.
pub(super) struct Playout {
    decoder: Decoder,
    epoch: Instant,
    waiting: BTreeMap<u64, Waiting>,
    /// The packet to play next, and the media time it starts at, in samples.
    next: Option<(u64, i64)>,
    newest: (u64, i64),
    /// The RTP time of media time 0.
    timestamp_base: u32,
    /// Decoded sound; its end is at `next`'s time.
    ready: VecDeque<f32>,
    /// When playing begins (again).
    begin: Option<Instant>,
    guesses: u32,
    stretching: bool,
    /// How late each of the last packets was against its media time, in ms; only differences mean something.
    arrivals: VecDeque<f64>,
    target_ms: Option<f64>,
    /// Packets rebuilt or guessed.
    pub(super) concealed: u64,
}

impl Playout {
    pub(super) fn new(now: Instant) -> Result<Self, CodecError> {
        Ok(Self {
            decoder: Decoder::new()?,
            epoch: now,
            waiting: BTreeMap::new(),
            next: None,
            newest: (0, 0),
            timestamp_base: 0,
            ready: VecDeque::new(),
            begin: None,
            guesses: 0,
            stretching: false,
            arrivals: VecDeque::new(),
            target_ms: None,
            concealed: 0,
        })
    }

    /// Takes a packet that arrived at `now`, in any order.
    pub(super) fn push(&mut self, packet: Packet, now: Instant) {
        if packet.payload.is_empty() {
            return;
        }
        let (newest, newest_time) = self.newest;
        let step = packet.sequence.wrapping_sub(newest as u16) as i16;
        if self.next.is_none() || step.unsigned_abs() > JUMP_MAX {
            let place = 1 << 20 | u64::from(packet.sequence);
            self.waiting.clear();
            self.arrivals.clear();
            self.target_ms = None;
            self.begin = Some(now + FIRST_DELAY);
            (self.next, self.newest) = (Some((place, 0)), (place, 0));
            self.note_arrival(0, now);
            self.waiting.insert(place, Waiting { time: 0, payload: packet.payload });
            self.timestamp_base = packet.timestamp;
            return;
        }
        let place = newest.saturating_add_signed(i64::from(step));
        let offset = packet.timestamp.wrapping_sub(self.timestamp_base.wrapping_add(newest_time as u32)) as i32;
        let time = newest_time + i64::from(offset);
        if place > newest {
            self.newest = (place, time);
        }
        self.note_arrival(time, now);
        let played = self.next.is_some_and(|(next, _)| place < next);
        if !played {
            self.waiting.insert(place, Waiting { time, payload: packet.payload });
            if self.begin.is_none() && self.guesses > GUESSES_MAX {
                // Silent for want of packets: begin again with the usual delay.
                self.begin = Some(now + FIRST_DELAY);
                self.next = self.waiting.first_key_value().map(|(place, w)| (*place, w.time));
            }
        }
        while self.waiting.len() > WAITING_MAX {
            self.waiting.pop_first();
            self.next = self.waiting.first_key_value().map(|(place, w)| (*place, w.time));
        }
    }

    /// The next 10 ms. `false` when it is silence for want of anything to play.
    pub(super) fn pull(&mut self, block: &mut Block, now: Instant) -> bool {
        block.fill(0.0);
        match self.begin {
            Some(begin) if now < begin => return false,
            Some(_) => {
                self.begin = None;
                self.guesses = 0;
            }
            None => {}
        }
        while self.ready.len() < BLOCK {
            if !self.decode_next(now) {
                return false;
            }
        }
        for (sample, decoded) in block.iter_mut().zip(self.ready.drain(..BLOCK)) {
            *sample = decoded;
        }
        true
    }

    /// Decodes, rebuilds or guesses the packet whose time has come.
    fn decode_next(&mut self, now: Instant) -> bool {
        self.skip_what_is_too_late(now);
        let Some((place, time)) = self.next else { return false };
        let packet = self.waiting.remove(&place);
        let was_here = packet.is_some();
        let start = packet.as_ref().map_or(time, |p| p.time);
        let decoded = match &packet {
            Some(packet) => self.decoder.decode(&packet.payload),
            None => {
                self.guesses += 1;
                if self.guesses > GUESSES_MAX {
                    return false;
                }
                self.concealed += 1;
                match self.waiting.get(&(place + 1)) {
                    Some(next) => self.decoder.recover(&next.payload),
                    None => self.decoder.conceal(),
                }
            }
        };
        let mut sound = match decoded {
            Ok(sound) => sound.to_vec(),
            Err(_) => vec![0.0; PACKET_SAMPLES],
        };
        self.next = Some((place + 1, start + sound.len() as i64));
        if was_here {
            self.guesses = 0;
            self.follow(&mut sound, now);
        }
        self.ready.extend(sound);
        true
    }

    /// Stretches toward the delay the network asks for.
    fn follow(&mut self, sound: &mut Vec<f32>, now: Instant) {
        let Some(off) = self.off_ms(now) else { return };
        if off.abs() > OFF_MS {
            self.stretching = true;
        } else if off.abs() < NEAR_MS {
            self.stretching = false;
        }
        if self.stretching {
            let _ = if off > 0.0 { stretch::shorten(sound) } else { stretch::lengthen(sound) };
        }
    }

    /// After a standstill of the network everything comes at once: play the end of it.
    fn skip_what_is_too_late(&mut self, now: Instant) {
        while self.off_ms(now).is_some_and(|off| off > FAR_MS) && self.waiting.len() > 1 {
            self.waiting.pop_first();
            self.next = self.waiting.first_key_value().map(|(place, w)| (*place, w.time));
        }
    }

    /// How much later than wanted the sound is that plays now, in ms.
    fn off_ms(&self, now: Instant) -> Option<f64> {
        let (_, time) = self.next?;
        let playing = time - self.ready.len() as i64;
        Some(self.late_ms(playing, now) - self.target_ms?)
    }

    fn late_ms(&self, time: i64, now: Instant) -> f64 {
        now.saturating_duration_since(self.epoch).as_secs_f64() * 1000.0 - time as f64 / 48.0
    }

    fn note_arrival(&mut self, time: i64, now: Instant) {
        let late = self.late_ms(time, now);
        self.arrivals.push_back(late);
        if self.arrivals.len() > ARRIVALS {
            self.arrivals.pop_front();
        }
        if self.arrivals.len() < 25 || !self.arrivals.len().is_multiple_of(5) && self.target_ms.is_some() {
            return;
        }
        let mut sorted: Vec<f64> = self.arrivals.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        let (fastest, slow) = (sorted[0], sorted[sorted.len() * 97 / 100]);
        self.target_ms = Some((slow + MARGIN_MS).clamp(fastest + DELAY_MIN_MS, fastest + DELAY_MAX_MS));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::codec::opus::Encoder;
    use proptest::prelude::*;

    fn voice(packets: usize) -> Vec<f32> {
        let mut phase = 0.0f32;
        (0..packets * PACKET_SAMPLES)
            .map(|i| {
                let t = i as f32 / 48_000.0;
                phase += std::f32::consts::TAU * (150.0 + 40.0 * (t * 1.7).sin()) / 48_000.0;
                let loud = (t * 9.0).sin().max(0.0);
                (1..7).map(|k| (phase * k as f32).sin() / k as f32).sum::<f32>() * 0.2 * loud
            })
            .collect()
    }

    fn packets(sound: &[f32]) -> Vec<Packet> {
        let mut encoder = Encoder::new(32_000).unwrap();
        encoder.set_loss(20).unwrap();
        let (chunks, _) = sound.as_chunks::<PACKET_SAMPLES>();
        let packet = |(i, chunk): (usize, &[f32; PACKET_SAMPLES])| Packet {
            sequence: 65_500u16.wrapping_add(i as u16),
            timestamp: 0xffff_f000u32.wrapping_add((i * PACKET_SAMPLES) as u32),
            marker: false,
            payload: encoder.encode(chunk).unwrap().into(),
        };
        chunks.iter().enumerate().map(packet).collect()
    }

    /// Plays packets that arrive at given times (ms); returns the sound and how it stood at the end.
    fn play(packets: &[Packet], arrive: impl Fn(usize) -> Option<f64>, ms: usize) -> (Vec<f32>, Playout) {
        let start = Instant::now();
        let mut playout = Playout::new(start).unwrap();
        let mut order: Vec<(f64, &Packet)> =
            packets.iter().enumerate().filter_map(|(i, p)| Some((arrive(i)?, p))).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut order = order.into_iter().peekable();
        let (mut sound, mut block) = (Vec::new(), [0.0; BLOCK]);
        for tick in (0..ms).step_by(10) {
            let now = start + Duration::from_millis(tick as u64);
            while let Some((_, packet)) = order.next_if(|(at, _)| *at <= tick as f64) {
                playout.push(packet.clone(), now);
            }
            playout.pull(&mut block, now);
            sound.extend(block);
        }
        (sound, playout)
    }

    /// The best likeness of a piece of the source to the played sound, and the delay in samples.
    fn find(piece: &[f32], at: usize, played: &[f32]) -> (f32, isize) {
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        let energy = dot(piece, piece);
        let likeness = |from: usize| {
            let other = &played[from..from + piece.len()];
            dot(piece, other) / (energy * dot(other, other)).sqrt().max(1e-9)
        };
        let places = at..(at + 24_000).min(played.len().saturating_sub(piece.len()));
        let coarse = places.clone().step_by(12).max_by(|a, b| likeness(*a).total_cmp(&likeness(*b))).unwrap();
        let fine = (coarse.saturating_sub(12)..coarse + 12).filter(|p| places.contains(p));
        let best = fine.max_by(|a, b| likeness(*a).total_cmp(&likeness(*b))).unwrap();
        (likeness(best), best as isize - at as isize)
    }

    /// What a decoder makes of the packets when none is late: what the playout is measured against.
    fn decoded(packets: &[Packet]) -> Vec<f32> {
        let mut decoder = Decoder::new().unwrap();
        packets.iter().flat_map(|p| decoder.decode(&p.payload).unwrap().to_vec()).collect()
    }

    #[test]
    fn on_a_steady_network_the_delay_is_short_and_the_sound_whole() {
        let packets = packets(&voice(200));
        let (played, playout) = play(&packets, |i| Some(i as f64 * 20.0 + 30.0), 4300);
        let (likeness, delay) = find(&decoded(&packets)[96_000..120_000], 96_000, &played);
        assert!(likeness > 0.99, "{likeness}");
        assert!(delay < 48 * 130, "{} ms", delay / 48);
        assert!(playout.concealed <= GUESSES_MAX.into(), "{}", playout.concealed);
    }

    #[test]
    fn a_jittery_network_is_given_more_delay_and_loses_little() {
        let sound = voice(400);
        let jitter = |i: usize| (i * 7919 % 100) as f64 * 1.2;
        let (_, calm) = play(&packets(&sound), |i| Some(i as f64 * 20.0), 8000);
        let (_, rough) = play(&packets(&sound), |i| Some(i as f64 * 20.0 + jitter(i)), 8000);
        let late = |p: &Playout| p.target_ms.unwrap() - p.arrivals.iter().copied().fold(f64::MAX, f64::min);
        assert!((39.0..70.0).contains(&late(&calm)), "{}", late(&calm));
        assert!((100.0..170.0).contains(&late(&rough)), "{}", late(&rough));
        assert!(rough.concealed < 40, "{}", rough.concealed);
    }

    #[test]
    fn lost_packets_are_rebuilt() {
        let packets = packets(&voice(200));
        let arrive = |i: usize| (i % 10 != 4).then_some(i as f64 * 20.0);
        let (played, playout) = play(&packets, arrive, 4200);
        let (likeness, _) = find(&decoded(&packets)[96_000..120_000], 96_000, &played);
        assert!(likeness > 0.95, "{likeness}");
        assert!(playout.concealed >= 19);
    }

    #[test]
    fn another_clock_is_followed_without_end() {
        // The sender's clock is 0.05 % fast: in 60 s it is 30 ms ahead.
        let sound = voice(3000);
        let (_, playout) = play(&packets(&sound), |i| Some(i as f64 * 20.0 * 0.9995), 59_900);
        assert!(playout.waiting.len() <= 8, "{} packets wait", playout.waiting.len());
        assert!(playout.concealed <= 2 * u64::from(GUESSES_MAX), "{}", playout.concealed);
    }

    #[test]
    fn after_a_standstill_the_sound_is_soon_back_in_time() {
        let packets = packets(&voice(400));
        // Nothing between 2 s and 4 s, then all of it at once.
        let arrive = |i: usize| Some((i as f64 * 20.0).max(if i >= 100 { 4000.0 } else { 0.0 }));
        let (played, _) = play(&packets, arrive, 8000);
        let (likeness, delay) = find(&decoded(&packets)[336_000..360_000], 336_000, &played);
        assert!(likeness > 0.95, "{likeness}");
        assert!(delay < 48 * 400, "{} ms", delay / 48);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn hostile_packets_never_panic_and_stay_bounded(packets in proptest::collection::vec((any::<u16>(), any::<u32>(), proptest::collection::vec(any::<u8>(), 0..40), 0u64..60), 0..200)) {
            let mut now = Instant::now();
            let mut playout = Playout::new(now).unwrap();
            let mut block = [0.0; BLOCK];
            for (sequence, timestamp, payload, wait) in packets {
                now += Duration::from_millis(wait);
                playout.push(Packet { sequence, timestamp, marker: false, payload: payload.into() }, now);
                playout.pull(&mut block, now);
                prop_assert!(playout.waiting.len() <= WAITING_MAX && playout.ready.len() < 20_000);
            }
        }
    }
}
