//! One journal frame and one segment header: bytes in, bytes out. Pure; the layout is in the
//! vault's module documentation.

use zeroize::Zeroizing;

use super::key::TAG_BYTES;
use super::keychain::FrameSealer;

/// A BLAKE3 hash.
pub(super) type Hash = [u8; 32];

/// Length of a frame's header.
pub(super) const HEADER_BYTES: usize = 72;
/// Length of a segment's header.
pub(super) const SEGMENT_HEADER_BYTES: usize = 96;
/// The largest payload of one frame.
pub(super) const MAX_PAYLOAD_BYTES: usize = 32 << 20;
/// The journal format this program writes, and the newest it reads.
pub(super) const FORMAT: u16 = 1;

/// Every frame begins with these bytes, so that a reader can find one behind damage.
pub(super) const MARKER: [u8; 4] = [0xBE, 0xD5, 0x1D, 0xF7];
const SEGMENT_MAGIC: &[u8; 8] = b"BEDSJRNL";
/// The part of the header before the nonce, which is associated data.
const BOUND_BYTES: usize = 48;

/// What stands before a frame's ciphertext.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameHeader {
    /// Length of ciphertext and tag.
    pub(super) sealed_bytes: usize,
    /// Number of the frame in the journal, from 0.
    pub(super) sequence: u64,
    /// Hash of the frame before, or of the segment's header.
    pub(super) previous: Hash,
}

impl FrameHeader {
    /// Length of the whole frame.
    pub(super) fn frame_bytes(&self) -> usize {
        HEADER_BYTES + self.sealed_bytes
    }
}

/// Reads the header at the start of `bytes`; `None` when there is none, or when the frame it
/// announces would be too long or not fit into `bytes`.
pub(super) fn parse(bytes: &[u8]) -> Option<FrameHeader> {
    let header = bytes.first_chunk::<HEADER_BYTES>()?;
    let frame_bytes = announced(bytes).filter(|length| *length <= bytes.len())?;
    Some(FrameHeader {
        sealed_bytes: frame_bytes - HEADER_BYTES,
        sequence: u64::from_le_bytes(*header[8..].first_chunk()?),
        previous: *header[16..].first_chunk()?,
    })
}

/// How long the frame is that begins here, whether or not all of it is in `bytes`.
pub(super) fn announced(bytes: &[u8]) -> Option<usize> {
    let header = bytes.first_chunk::<HEADER_BYTES>()?;
    let sealed_bytes = u32::from_le_bytes(*header[4..].first_chunk()?) as usize;
    let possible = header[..4] == MARKER && (TAG_BYTES..=MAX_PAYLOAD_BYTES + TAG_BYTES).contains(&sealed_bytes);
    possible.then_some(HEADER_BYTES + sealed_bytes)
}

/// Builds a frame around a payload of at most `MAX_PAYLOAD_BYTES`.
pub(super) fn seal(
    sealer: &FrameSealer,
    journal: &[u8; 16],
    sequence: u64,
    previous: &Hash,
    payload: &[u8],
) -> Vec<u8> {
    let sealed_bytes = u32::try_from(payload.len() + TAG_BYTES).expect("payloads are bounded before they are framed");
    let mut frame = Vec::with_capacity(HEADER_BYTES + payload.len() + TAG_BYTES);
    frame.extend_from_slice(&MARKER);
    frame.extend_from_slice(&sealed_bytes.to_le_bytes());
    frame.extend_from_slice(&sequence.to_le_bytes());
    frame.extend_from_slice(previous);
    let aad = [journal.as_slice(), frame.as_slice()].concat();
    sealer.at(sequence).seal_behind(&mut frame, &aad, |sealed| sealed.extend_from_slice(payload));
    frame
}

/// Opens exactly one whole frame.
pub(super) fn open(sealer: &FrameSealer, journal: &[u8; 16], frame: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (header, sealed) = frame.split_first_chunk::<HEADER_BYTES>()?;
    let (bound, nonce) = header.split_at(BOUND_BYTES);
    let aad = [journal.as_slice(), bound].concat();
    let sequence = u64::from_le_bytes(*bound[8..].first_chunk()?);
    sealer.at(sequence).open_with(nonce.first_chunk()?, &aad, sealed)
}

/// The hash the next frame carries.
pub(super) fn hash(frame: &[u8]) -> Hash {
    *blake3::hash(frame).as_bytes()
}

/// What a segment file begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SegmentHeader {
    /// The format version.
    pub(super) format: u16,
    /// The segment's number, from 1; the file is named after it.
    pub(super) number: u32,
    /// The journal the segment belongs to.
    pub(super) journal: [u8; 16],
    /// Sequence of the first frame in it.
    pub(super) first: u64,
    /// Hash of the last frame before it; zeros in the first segment.
    pub(super) previous: Hash,
}

impl SegmentHeader {
    pub(super) fn encode(&self) -> [u8; SEGMENT_HEADER_BYTES] {
        let mut bytes = [0; SEGMENT_HEADER_BYTES];
        bytes[..8].copy_from_slice(SEGMENT_MAGIC);
        bytes[8..10].copy_from_slice(&self.format.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.number.to_le_bytes());
        bytes[16..32].copy_from_slice(&self.journal);
        bytes[32..40].copy_from_slice(&self.first.to_le_bytes());
        bytes[40..72].copy_from_slice(&self.previous);
        bytes
    }

    /// `None` when the bytes are not a segment header of any version.
    pub(super) fn decode(file: &[u8]) -> Option<SegmentHeader> {
        let bytes = file.first_chunk::<SEGMENT_HEADER_BYTES>()?;
        let header = SegmentHeader {
            format: u16::from_le_bytes(*bytes[8..].first_chunk()?),
            number: u32::from_le_bytes(*bytes[12..].first_chunk()?),
            journal: *bytes[16..].first_chunk()?,
            first: u64::from_le_bytes(*bytes[32..].first_chunk()?),
            previous: *bytes[40..].first_chunk()?,
        };
        // Re-encoding also checks the magic and that every reserved byte is zero.
        (header.encode() == *bytes).then_some(header)
    }

    /// What the first frame of the segment carries as its previous hash.
    pub(super) fn hash(&self) -> Hash {
        hash(&self.encode())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::key::Sealer;
    use super::super::locked::Locked;
    use super::*;

    proptest! {
        #[test]
        fn garbage_is_refused_without_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..300), marked: bool) {
            if marked && bytes.len() >= 4 {
                bytes[..4].copy_from_slice(&MARKER);
            }
            if let Some(header) = parse(&bytes) {
                prop_assert!(header.frame_bytes() <= bytes.len());
            }
            prop_assert_eq!(SegmentHeader::decode(&bytes), None);
            let opened = open(&FrameSealer::from(Locked::new(Sealer::new(&[1; 32]))), &[2; 16], &bytes);
            prop_assert!(opened.is_none());
        }

        #[test]
        fn frame_round_trips_and_is_bound_to_its_place(payload in proptest::collection::vec(any::<u8>(), 0..300), sequence: u64) {
            let sealer = FrameSealer::from(Locked::new(Sealer::new(&[1; 32])));
            let mut bytes = seal(&sealer, &[2; 16], sequence, &[3; 32], &payload);
            let header = parse(&bytes).expect("a header");
            prop_assert_eq!((header.sequence, header.previous, header.frame_bytes()), (sequence, [3; 32], bytes.len()));
            prop_assert_eq!(open(&sealer, &[2; 16], &bytes), Some(Zeroizing::new(payload)));
            prop_assert_eq!(open(&sealer, &[9; 16], &bytes), None, "another journal");
            for byte in [0, 4, 8, 16, 48, bytes.len() - 1] {
                bytes[byte] ^= 1;
                prop_assert_eq!(open(&sealer, &[2; 16], &bytes), None);
                bytes[byte] ^= 1;
            }
        }
    }
}
