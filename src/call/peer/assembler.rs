//! RTP packets to VP8 frames (RFC 7741), without delay: a frame leaves the moment its last packet is
//! there and nothing is missing before it.
//!
//! A gap is waited for (a retransmission may fill it) and then jumped over to the next frame's
//! start; how many packets were given up is told with the frame. Bounded in packets and bytes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};

use super::Packet;

/// Packets kept while waiting for a missing one: two seconds of 720p.
const PACKETS_MAX: usize = 1024;
/// The most bytes one frame may have.
const FRAME_MAX_BYTES: usize = 4 << 20;
/// A jump in sequence numbers beyond this is a new stream, not a gap.
const JUMP_MAX: u16 = 3000;

/// A compressed picture as it came from the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The VP8 frame.
    pub data: Bytes,
    /// RTP time in 1/90000 s.
    pub timestamp: u32,
    /// Packets lost for good before this frame: unless it is a key frame, it cannot be trusted.
    pub lost: u32,
}

/// Puts frames together.
#[derive(Debug)]
pub struct Assembler {
    /// The first packet that has not been delivered, as an extended sequence number.
    next: Option<u64>,
    waiting: BTreeMap<u64, Packet>,
    newest: u64,
    gap_since: Option<Instant>,
    patience: Duration,
    lost: u32,
    /// Whether anything has been delivered or given up.
    begun: bool,
}

impl Assembler {
    /// An assembler that waits `patience` for a missing packet.
    pub fn new(patience: Duration) -> Self {
        Self { next: None, waiting: BTreeMap::new(), newest: 1 << 20, gap_since: None, patience, lost: 0, begun: false }
    }

    /// Takes a packet, in any order, any number of times.
    pub fn push(&mut self, packet: Packet) {
        let step = packet.sequence.wrapping_sub(self.newest as u16) as i16;
        if self.next.is_some() && step.unsigned_abs() > JUMP_MAX {
            *self = Self { lost: self.lost + 1, ..Self::new(self.patience) };
            return self.push(packet);
        }
        let Some(next) = self.next else {
            let place = (1 << 20) | u64::from(packet.sequence);
            (self.next, self.newest) = (Some(place), place);
            self.waiting.insert(place, packet);
            return;
        };
        let place = self.newest.saturating_add_signed(i64::from(step));
        self.newest = self.newest.max(place);
        if place >= next {
            self.waiting.insert(place, packet);
        } else if !self.begun && place + 8 > next {
            // The very first packets may come out of order, too: begin with the earlier one.
            self.next = Some(place);
            self.waiting.insert(place, packet);
        }
        while self.waiting.len() > PACKETS_MAX {
            self.skip();
        }
    }

    /// The next whole frame, if there is one at `now`. Call until `None` after each packet, and
    /// now and then without one.
    pub fn pop(&mut self, now: Instant) -> Option<Frame> {
        loop {
            let next = self.next?;
            self.drop_padding(next);
            let next = self.next?;
            if let Some(end) = self.whole(next) {
                self.begun = true;
                self.gap_since = None;
                self.next = Some(end + 1);
                let rest = self.waiting.split_off(&(end + 1));
                let packets = std::mem::replace(&mut self.waiting, rest);
                if let Some(frame) = self.join(packets) {
                    return Some(frame);
                }
                continue;
            }
            let contiguous = (next..).take_while(|n| self.waiting.contains_key(n)).count() as u64;
            if self.waiting.range(next + contiguous..).next().is_none() {
                // Nothing came after what is here: this is not a gap, the frame is still arriving.
                self.gap_since = None;
                return None;
            }
            let since = *self.gap_since.get_or_insert(now);
            if now.saturating_duration_since(since) < self.patience {
                return None;
            }
            self.skip();
        }
    }

    /// Removes packets without a payload that stand between frames.
    fn drop_padding(&mut self, mut next: u64) {
        while self.waiting.get(&next).is_some_and(|p| p.payload.is_empty()) {
            self.waiting.remove(&next);
            next += 1;
            self.next = Some(next);
        }
    }

    /// Where the frame that starts at `next` ends, if all of it is here.
    fn whole(&self, next: u64) -> Option<u64> {
        let timestamp = self.waiting.get(&next)?.timestamp;
        for place in next.. {
            let packet = self.waiting.get(&place)?;
            if !packet.payload.is_empty() && packet.timestamp != timestamp {
                // The marker packet never was: the frame ends where the next begins.
                return Some(place - 1);
            }
            if packet.marker {
                return Some(place);
            }
        }
        None
    }

    /// Gives up what is missing and goes on at the next start of a frame.
    fn skip(&mut self) {
        let Some(next) = self.next else { return };
        self.begun = true;
        let starts = self.waiting.range(next + 1..).find(|(_, p)| starts_frame(&p.payload));
        let to = match starts {
            Some((place, _)) => *place,
            None => self.newest + 1,
        };
        let here = self.waiting.range(next..to).count() as u64;
        self.lost = self.lost.saturating_add((to - next - here).max(1) as u32);
        self.waiting = self.waiting.split_off(&to);
        self.next = Some(to);
        self.gap_since = None;
    }

    fn join(&mut self, packets: BTreeMap<u64, Packet>) -> Option<Frame> {
        let timestamp = packets.values().next()?.timestamp;
        let mut data = BytesMut::new();
        let mut first = true;
        for packet in packets.values().filter(|p| !p.payload.is_empty()) {
            let Some((starts, payload)) = unwrap(&packet.payload) else {
                self.lost += 1;
                return None;
            };
            if starts != first || data.len() + payload.len() > FRAME_MAX_BYTES {
                // The middle of a frame without its start, or two starts: not decodable.
                self.lost += 1;
                return None;
            }
            first = false;
            data.extend_from_slice(&payload);
        }
        if data.is_empty() {
            return None;
        }
        Some(Frame { data: data.freeze(), timestamp, lost: std::mem::take(&mut self.lost) })
    }
}

fn starts_frame(payload: &Bytes) -> bool {
    unwrap(payload).is_some_and(|(starts, _)| starts)
}

/// Takes the payload descriptor off (RFC 7741 §4.2): whether the frame starts here, and the rest.
/// `None` for what is no VP8 payload. Packets of later partitions continue the frame.
fn unwrap(payload: &Bytes) -> Option<(bool, Bytes)> {
    let first = *payload.first()?;
    let mut at = 1;
    if first & 0x80 != 0 {
        let extension = *payload.get(at)?;
        at += 1;
        if extension & 0x80 != 0 {
            at += if *payload.get(at)? & 0x80 != 0 { 2 } else { 1 };
        }
        if extension & 0x40 != 0 {
            at += 1;
        }
        if extension & 0x30 != 0 {
            at += 1;
        }
    }
    let rest = (at < payload.len()).then(|| payload.slice(at..))?;
    Some((first & 0x10 != 0 && first & 0x07 == 0, rest))
}

/// Cuts a VP8 frame into payloads of at most `max` bytes, each with its descriptor of one byte.
pub fn payloads(frame: &Bytes, max: usize) -> impl Iterator<Item = Bytes> + '_ {
    let pieces = frame.len().div_ceil(max - 1).max(1);
    let each = frame.len().div_ceil(pieces).max(1);
    frame.chunks(each).enumerate().map(|(i, piece)| {
        let mut payload = BytesMut::with_capacity(piece.len() + 1);
        payload.extend_from_slice(&[if i == 0 { 0x10 } else { 0 }]);
        payload.extend_from_slice(piece);
        payload.freeze()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PATIENCE: Duration = Duration::from_millis(400);

    /// `count` frames of growing size as packets, the first numbered `start`.
    fn stream(count: usize, start: u16) -> (Vec<Bytes>, Vec<Packet>) {
        let frames: Vec<Bytes> =
            (0..count).map(|n| (0..1 + n * 37 % 400).map(|i| (i ^ n) as u8).collect::<Vec<_>>().into()).collect();
        let mut packets = Vec::new();
        for (n, frame) in frames.iter().enumerate() {
            let from = packets.len();
            packets.extend(payloads(frame, 100).map(|payload| Packet {
                sequence: 0,
                timestamp: n as u32 * 3000,
                marker: false,
                payload,
            }));
            packets.last_mut().unwrap().marker = packets.len() > from;
        }
        for (i, packet) in packets.iter_mut().enumerate() {
            packet.sequence = start.wrapping_add(i as u16);
        }
        (frames, packets)
    }

    fn drain(assembler: &mut Assembler, now: Instant) -> Vec<Frame> {
        std::iter::from_fn(|| assembler.pop(now)).collect()
    }

    #[test]
    fn a_frame_leaves_with_its_last_packet() {
        let (frames, packets) = stream(8, 65_530);
        let mut assembler = Assembler::new(PATIENCE);
        let now = Instant::now();
        let mut got = Vec::new();
        for packet in packets {
            let marker = packet.marker;
            assembler.push(packet);
            let ready = drain(&mut assembler, now);
            assert_eq!(ready.len(), usize::from(marker));
            got.extend(ready);
        }
        assert_eq!(got.iter().map(|f| f.data.clone()).collect::<Vec<_>>(), frames);
        assert!(got.iter().all(|f| f.lost == 0));
    }

    #[test]
    fn a_gap_is_waited_for_and_then_jumped_over() {
        let (frames, packets) = stream(10, 100);
        let missing = packets.iter().position(|p| p.timestamp == 5 * 3000).unwrap();
        let mut assembler = Assembler::new(PATIENCE);
        let now = Instant::now();
        let mut got = Vec::new();
        for (i, packet) in packets.into_iter().enumerate() {
            if i != missing {
                assembler.push(packet);
                got.extend(drain(&mut assembler, now));
            }
        }
        assert_eq!(got.len(), 5, "waits before the gap");
        got.extend(drain(&mut assembler, now + PATIENCE));
        assert_eq!(got.len(), 9, "one frame is given up");
        assert_eq!((got[4].lost, got[5].lost, got[6].lost), (0, 1, 0));
        assert_eq!(got[5].data, frames[6]);
    }

    #[test]
    fn a_sender_that_starts_anew_is_followed() {
        let (_, first) = stream(4, 10);
        let (frames, second) = stream(4, 40_000);
        let mut assembler = Assembler::new(PATIENCE);
        let now = Instant::now();
        let mut got = Vec::new();
        for packet in first.into_iter().chain(second) {
            assembler.push(packet);
            got.extend(drain(&mut assembler, now));
        }
        assert_eq!(got.len(), 8);
        assert_eq!(got[4].data, frames[0]);
        assert!(got[4].lost > 0, "the break is told");
    }

    #[test]
    fn every_descriptor_form_is_taken_off() {
        for (head, starts) in [
            (vec![0x10], true),
            (vec![0x00], false),
            (vec![0x11], false),
            (vec![0x90, 0x80, 0x05], true),
            (vec![0x90, 0x80, 0x85, 0x01], true),
            (vec![0x90, 0xe0, 0x85, 0x01, 9, 9], true),
            (vec![0x90, 0x40, 9], true),
        ] {
            let payload: Bytes = [head, vec![42]].concat().into();
            assert_eq!(unwrap(&payload), Some((starts, Bytes::from_static(&[42]))));
        }
        assert_eq!(unwrap(&Bytes::from_static(&[0x90, 0x80])), None);
    }

    proptest! {
        /// Whatever the network reorders (within reach) and doubles, the frames come whole and in order.
        #[test]
        fn reordered_and_doubled_packets_make_the_same_frames(start: u16, swaps in proptest::collection::vec((0usize..60, 1usize..12), 0..40)) {
            let (frames, mut packets) = stream(30, start);
            let first = packets.remove(0);
            for (at, far) in swaps {
                let (a, b) = (at % packets.len(), (at + far) % packets.len());
                if a.abs_diff(b) < 20 { packets.swap(a, b); }
                packets.insert(a, packets[b].clone());
            }
            let mut assembler = Assembler::new(PATIENCE);
            let now = Instant::now();
            let mut got = Vec::new();
            for packet in std::iter::once(first).chain(packets) {
                assembler.push(packet);
                got.extend(drain(&mut assembler, now));
            }
            prop_assert_eq!(got.iter().map(|f| f.data.clone()).collect::<Vec<_>>(), frames);
        }

        /// Under loss every frame that comes out is one that went in, in order, and losses are told.
        #[test]
        fn loss_never_makes_a_wrong_frame(start: u16, lost in proptest::collection::vec(any::<bool>(), 200)) {
            let (frames, packets) = stream(40, start);
            let total = packets.len();
            let mut assembler = Assembler::new(PATIENCE);
            let mut now = Instant::now();
            let mut got = Vec::new();
            let mut dropped = 0;
            for (i, packet) in packets.into_iter().enumerate() {
                now += Duration::from_millis(50);
                if i > 0 && i + 1 < total && lost[i % lost.len()] && i % 3 == 0 { dropped += 1; continue; }
                assembler.push(packet);
                got.extend(drain(&mut assembler, now));
            }
            got.extend(drain(&mut assembler, now + PATIENCE));
            got.extend(drain(&mut assembler, now + PATIENCE * 3));
            let mut place = 0;
            for frame in &got {
                let at = frames[place..].iter().position(|f| *f == frame.data);
                prop_assert!(at.is_some(), "a frame nobody sent");
                place += at.unwrap() + 1;
            }
            if dropped == 0 { prop_assert_eq!(got.len(), frames.len()); }
        }

        #[test]
        fn hostile_packets_never_panic_and_stay_bounded(packets in proptest::collection::vec((any::<u16>(), any::<u32>(), any::<bool>(), proptest::collection::vec(any::<u8>(), 0..12)), 0..300)) {
            let mut assembler = Assembler::new(Duration::ZERO);
            let now = Instant::now();
            for (sequence, timestamp, marker, payload) in packets {
                assembler.push(Packet { sequence, timestamp, marker, payload: payload.into() });
                prop_assert!(assembler.waiting.len() <= PACKETS_MAX);
                drain(&mut assembler, now);
            }
        }
    }
}
