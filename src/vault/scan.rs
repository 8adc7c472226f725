//! Reading the journal from its first byte to its last, and telling a torn tail from damage.
//!
//! Every frame carries the hash of the frame before it, so hashing the file checks all frames but
//! the last; the last is checked by the head's hash or by opening it. Frames from `Stretch::open` on
//! are opened and handed out. Reading may begin at a later segment: of those before it only the
//! headers are looked at, and the hash that the caller knows of a frame behind must come out.
//! Where a frame should be and is not, three cases are told apart:
//!
//! - only zeros follow: the end of the segment (reserved space);
//! - something follows in which an authentic frame is found, or a later segment exists, or the
//!   head knows of more frames: **damage**, never skipped;
//! - something follows with no authentic frame in it: the **torn** rest of the one write that was
//!   outstanding. It was never acknowledged and may be cut off.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::{Damage, VaultError, io};
use super::folder;
use super::frame::{self, FORMAT, Hash, MARKER, SEGMENT_HEADER_BYTES, SegmentHeader};
use super::head::Head;
use super::journal::Location;
use super::keychain::FrameSealer;

/// A larger file cannot be a segment; it bounds what is read into memory.
const MAX_SEGMENT_FILE_BYTES: u64 = 256 << 20;

/// Where reading begins and ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    /// The first segment that is read whole.
    pub(super) segment: u32,
    /// The first frame that is opened.
    pub(super) open: u64,
    /// The first frame that is not read any more: of a journal that is written to, no more than is known to be there.
    pub(super) end: u64,
}

/// Everything is read and opened, up to where the journal is found to end.
pub(super) const ALL: Stretch = Stretch { segment: 1, open: 0, end: u64::MAX };

/// One frame, in order.
pub(super) struct Frame {
    /// The frame's sequence number.
    pub(super) sequence: u64,
    /// Hash of the frame before it; zeros before the first.
    pub(super) before: Hash,
    /// Where it stands.
    pub(super) location: Location,
    /// The payload, when the frame was to be opened.
    pub(super) payload: Option<Zeroizing<Vec<u8>>>,
    /// Bytes of the journal read so far, and in all: for progress.
    pub(super) done: (u64, u64),
}

/// Where the journal ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tail {
    /// Number of the last segment.
    pub(super) segment: u32,
    /// Where the next frame begins in it.
    pub(super) end: u64,
    /// Length of the segment's file.
    pub(super) file_bytes: u64,
    /// The next frame's sequence number: how many frames there are.
    pub(super) next: u64,
    /// Hash of the last frame; zeros when there is none.
    pub(super) hash: Hash,
    /// What the next frame carries as its previous hash.
    pub(super) link: Hash,
    /// How many bytes of an unfinished write follow `end`; 0 after an orderly end.
    pub(super) torn_bytes: u64,
}

/// The file name of a segment.
pub(super) fn segment_name(number: u32) -> String {
    format!("{number:06}.bj")
}

/// Reads the journal; see the module's text.
pub(super) fn scan(
    folder: &Path,
    sealer: &FrameSealer,
    head: &Head,
    stretch: Stretch,
    sink: &mut dyn FnMut(Frame) -> Result<(), VaultError>,
) -> Result<Tail, VaultError> {
    let segments = list(folder)?;
    let (before, segments) = segments.split_at((stretch.segment as usize - 1).min(segments.len()));
    let total = segments.iter().map(|segment| segment.bytes).sum();
    let mut reader = Reader { sealer, head, stretch, sink, total, read: 0, next: 0, hash: [0; 32] };
    for segment in before {
        reader.look_at(segment)?;
    }
    if let (Some(_), Some(first)) = (before.first(), segments.first()) {
        let header = reader.look_at(first)?;
        (reader.next, reader.hash) = (header.first, header.previous);
    }
    let mut tail = None;
    for (position, segment) in segments.iter().enumerate() {
        let last = position + 1 == segments.len();
        tail = Some(reader.read_segment(segment, last)?);
        if reader.next == stretch.end {
            break;
        }
    }
    let tail = tail.ok_or(Damage::SegmentMissing { segment: 1 })?;
    if tail.next < head.sequence {
        return Err(Damage::TailMissing { head: head.sequence, found: tail.next }.into());
    }
    Ok(tail)
}

struct SegmentFile {
    number: u32,
    path: PathBuf,
    bytes: u64,
}

/// The segments in order; a gap in their numbers is damage.
fn list(folder: &Path) -> Result<Vec<SegmentFile>, VaultError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(io("list the journal"))? {
        let entry = entry.map_err(io("list the journal"))?;
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".bj")?.parse::<u32>().ok());
        // A half-made segment has another ending and no frames.
        if let Some(number) = number.filter(|number| segment_name(*number).as_str() == name) {
            let bytes = entry.metadata().map_err(io("look at the journal"))?.len();
            found.push(SegmentFile { number, path: entry.path(), bytes });
        }
    }
    found.sort_by_key(|segment| segment.number);
    for (expected, segment) in (1..).zip(&found) {
        if segment.number != expected {
            return Err(Damage::SegmentMissing { segment: expected }.into());
        }
    }
    Ok(found)
}

struct Reader<'a> {
    sealer: &'a FrameSealer,
    head: &'a Head,
    stretch: Stretch,
    sink: &'a mut dyn FnMut(Frame) -> Result<(), VaultError>,
    total: u64,
    read: u64,
    next: u64,
    hash: Hash,
}

impl Reader<'_> {
    fn read_segment(&mut self, segment: &SegmentFile, last: bool) -> Result<Tail, VaultError> {
        let number = segment.number;
        if segment.bytes > MAX_SEGMENT_FILE_BYTES {
            return Err(Damage::Segment { segment: number }.into());
        }
        let file =
            folder::read(&segment.path, MAX_SEGMENT_FILE_BYTES)?.ok_or(Damage::SegmentMissing { segment: number })?;
        let mut link = self.check_header(number, &file)?;
        let mut offset = SEGMENT_HEADER_BYTES;
        // The frame before, if it was not opened, and where it begins.
        let mut previous: Option<(usize, &[u8])> = None;
        let mut torn_bytes = 0;
        loop {
            if self.next == self.stretch.end {
                self.check_unopened(number, previous)?;
                break;
            }
            let rest = &file[offset..];
            let whole = frame::parse(rest)
                .filter(|header| header.sequence == self.next && header.previous == link)
                .map(|header| &rest[..header.frame_bytes()]);
            if let Some(bytes) = whole
                && let Some(payload) = self.check_frame(bytes)
            {
                link = frame::hash(bytes);
                let before = std::mem::replace(&mut self.hash, link);
                let sequence = self.next;
                self.next += 1;
                self.check_head(number, offset)?;
                previous = payload.is_none().then_some((offset, bytes));
                offset += bytes.len();
                let done = (self.read + offset as u64, self.total);
                let location = Location { segment: number, offset: (offset - bytes.len()) as u64 };
                (self.sink)(Frame { sequence, before, location, payload, done })?;
                continue;
            }
            if rest.iter().all(|byte| *byte == 0) {
                self.check_unopened(number, previous)?;
                break;
            }
            let damage = Damage::Frame { segment: number, frame: self.next, offset: offset as u64 };
            if !last || self.next < self.head.sequence || self.has_frame(rest) {
                // A damaged length takes the reader to a wrong place: the fault lies before it.
                self.check_unopened(number, previous)?;
                return Err(damage.into());
            }
            torn_bytes = written_bytes(rest);
            break;
        }
        self.read += file.len() as u64;
        Ok(Tail {
            segment: number,
            end: offset as u64,
            file_bytes: file.len() as u64,
            next: self.next,
            hash: self.hash,
            link,
            torn_bytes,
        })
    }

    /// Reads no more than a segment's header, and believes what it says of the frames before it.
    fn look_at(&self, segment: &SegmentFile) -> Result<SegmentHeader, VaultError> {
        let mut bytes = [0; SEGMENT_HEADER_BYTES];
        let damage = Damage::Segment { segment: segment.number };
        let read = File::open(&segment.path).and_then(|mut file| file.read_exact(&mut bytes));
        match read {
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Err(damage.into()),
            other => other.map_err(io("read the journal"))?,
        }
        let header = self.decode_header(segment.number, &bytes)?;
        let here = header.number == segment.number && header.journal == self.head.journal;
        if here { Ok(header) } else { Err(damage.into()) }
    }

    fn decode_header(&self, number: u32, file: &[u8]) -> Result<SegmentHeader, VaultError> {
        let header = SegmentHeader::decode(file).ok_or(Damage::Segment { segment: number })?;
        if header.format > FORMAT {
            return Err(VaultError::Newer { found: header.format, known: FORMAT });
        }
        Ok(header)
    }

    /// Returns the hash the first frame must carry.
    fn check_header(&self, number: u32, file: &[u8]) -> Result<Hash, VaultError> {
        let header = self.decode_header(number, file)?;
        let expected =
            SegmentHeader { format: FORMAT, number, journal: self.head.journal, first: self.next, previous: self.hash };
        if header == expected { Ok(header.hash()) } else { Err(Damage::Segment { segment: number }.into()) }
    }

    /// `None` when the frame is to be opened and does not open.
    fn check_frame(&self, bytes: &[u8]) -> Option<Option<Zeroizing<Vec<u8>>>> {
        if self.next < self.stretch.open {
            return Some(None);
        }
        frame::open(self.sealer, &self.head.journal, bytes).map(Some)
    }

    /// The hash of everything up to the head must be the head's.
    fn check_head(&self, segment: u32, offset: usize) -> Result<(), VaultError> {
        if self.next == self.head.sequence && self.hash != self.head.hash {
            let offset = offset as u64;
            return Err(Damage::Frame { segment, frame: self.next - 1, offset }.into());
        }
        Ok(())
    }

    /// Opens a frame that only its successor's hash would have checked.
    fn check_unopened(&self, segment: u32, frame: Option<(usize, &[u8])>) -> Result<(), VaultError> {
        match frame {
            Some((offset, bytes)) if frame::open(self.sealer, &self.head.journal, bytes).is_none() => {
                Err(Damage::Frame { segment, frame: self.next - 1, offset: offset as u64 }.into())
            }
            _ => Ok(()),
        }
    }

    /// Whether an authentic frame of this journal, the expected one or a later, is in `rest`.
    fn has_frame(&self, rest: &[u8]) -> bool {
        rest.windows(MARKER.len()).enumerate().filter(|(_, window)| *window == MARKER).any(|(at, _)| {
            frame::parse(&rest[at..])
                .filter(|header| header.sequence >= self.next)
                .and_then(|header| rest.get(at..at + header.frame_bytes()))
                .is_some_and(|bytes| frame::open(self.sealer, &self.head.journal, bytes).is_some())
        })
    }
}

/// Length without the zeros at the end.
fn written_bytes(rest: &[u8]) -> u64 {
    rest.iter().rposition(|byte| *byte != 0).map_or(0, |last| last as u64 + 1)
}
