//! The end of the journal, where frames are added.
//!
//! One frame is written at a time and synced before `append` returns, into space that was filled
//! with zeros and synced beforehand: the sync has no file length to carry and the disk cannot turn
//! out to be full. Reading is in `scan`.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::error::{Damage, VaultError, io};
use super::folder;
use super::frame::{self, FORMAT, HEADER_BYTES, Hash, MAX_PAYLOAD_BYTES, SEGMENT_HEADER_BYTES, SegmentHeader};
use super::key::TAG_BYTES;
use super::keychain::FrameSealer;
use super::scan::{Tail, segment_name};

/// How far the journal has come: the number of frames and the hash of the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watermark {
    /// How many frames are durable.
    pub sequence: u64,
    /// BLAKE3 hash of the last frame; zeros in an empty journal. It stands for all frames before
    /// it, too, because each carries the hash of its predecessor.
    pub hash: Hash,
}

/// Where a frame stands on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Location {
    /// Number of the segment.
    pub(super) segment: u32,
    /// Where the frame begins in it.
    pub(super) offset: u64,
}

impl Location {
    /// Its bytes: segment (4), offset (8).
    pub(super) fn encode(self) -> [u8; 12] {
        let mut bytes = [0; 12];
        bytes[..4].copy_from_slice(&self.segment.to_le_bytes());
        bytes[4..].copy_from_slice(&self.offset.to_le_bytes());
        bytes
    }

    /// A location from its bytes.
    pub(super) fn decode(bytes: &[u8; 12]) -> Location {
        let [a, b, c, d, offset @ ..] = *bytes;
        Location { segment: u32::from_le_bytes([a, b, c, d]), offset: u64::from_le_bytes(offset) }
    }
}

/// What a frame is for: which part of the reserve it may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Records: they leave the last part of the reserve to events.
    Records,
    /// Events alone. On a full disk, charts can still be read, for that they were read can still be kept.
    Events,
}

/// When segments end and how much space is held ready.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// A frame that would end beyond this begins a new segment.
    pub(super) segment_bytes: u64,
    /// How much is reserved at a time; a top-up follows when less than half of it is left.
    pub(super) reserve_bytes: u64,
}

impl Shape {
    /// The part of the reserve that records leave to events.
    fn for_events(self) -> u64 {
        self.reserve_bytes / 4
    }
}

static SEGMENT_BYTES: OnceLock<u64> = OnceLock::new();

/// Has this process begin a new segment after so many bytes instead of 64 MiB: with small ones, tests see many begin.
/// What is read is not concerned. Only the first call counts.
#[doc(hidden)]
pub fn begin_segments_after(bytes: u64) {
    let _ = SEGMENT_BYTES.set(bytes.max(4096));
}

impl Default for Shape {
    fn default() -> Shape {
        Shape { segment_bytes: SEGMENT_BYTES.get().copied().unwrap_or(64 << 20), reserve_bytes: 1 << 20 }
    }
}

/// The journal, open for appending.
pub(super) struct Journal {
    folder: PathBuf,
    id: [u8; 16],
    sealer: FrameSealer,
    shape: Shape,
    file: File,
    segment: u32,
    /// Where the next frame goes.
    end: u64,
    /// Up to where the segment is allocated and durably zero.
    reserved: u64,
    watermark: Watermark,
    /// What the next frame carries: the last frame's hash, or the segment header's.
    link: Hash,
    broken: bool,
    low: bool,
    syncs: u64,
}

impl Journal {
    /// Makes the first segment in an empty folder.
    pub(super) fn create(folder: &Path, id: [u8; 16], shape: Shape) -> Result<(), VaultError> {
        let first = SegmentHeader { format: FORMAT, number: 1, journal: id, first: 0, previous: [0; 32] };
        create_segment(folder, &first, shape).map(|_| ())
    }

    /// Opens the journal where `scan` found its end, and cuts off what an unfinished write left.
    pub(super) fn resume(
        folder: &Path,
        id: [u8; 16],
        sealer: FrameSealer,
        shape: Shape,
        tail: &Tail,
    ) -> Result<Journal, VaultError> {
        let file = folder::open_file(&folder.join(segment_name(tail.segment)))?
            .ok_or(Damage::SegmentMissing { segment: tail.segment })?;
        let mut journal = Journal {
            folder: folder.to_owned(),
            id,
            sealer,
            shape,
            file,
            segment: tail.segment,
            end: tail.end,
            reserved: tail.file_bytes,
            watermark: Watermark { sequence: tail.next, hash: tail.hash },
            link: tail.link,
            broken: false,
            low: false,
            syncs: 0,
        };
        if tail.torn_bytes > 0 {
            journal.cut()?;
        }
        remove_unfinished(folder)?;
        journal.top_up();
        Ok(journal)
    }

    /// Adds one frame; durable when it returns. An error means the frame was not acknowledged;
    /// after `Broken` it may turn out to be there when the vault is opened again.
    pub(super) fn append(&mut self, payload: &[u8], what: Use) -> Result<(Watermark, Location), VaultError> {
        if self.broken {
            return Err(VaultError::Broken);
        }
        if payload.len() > MAX_PAYLOAD_BYTES {
            let (bytes, limit) = (payload.len() as u64, MAX_PAYLOAD_BYTES as u64);
            return Err(VaultError::TooLarge { bytes, limit });
        }
        let frame_bytes = (HEADER_BYTES + payload.len() + TAG_BYTES) as u64;
        self.make_room(frame_bytes, what)?;
        let sequence = self.watermark.sequence;
        let bytes = frame::seal(&self.sealer, &self.id, sequence, &self.link, payload);
        if let Err(error) = self.file.write_all_at(&bytes, self.end) {
            // Half a frame may stand there now, and it must not be taken for a torn tail behind
            // which a later frame follows.
            self.broken = self.cut().is_err();
            return Err(io("write the journal")(error));
        }
        if let Err(error) = self.sync() {
            // After a failed sync nobody knows what the disk holds, and asking again would lie.
            self.broken = true;
            return Err(error);
        }
        let location = Location { segment: self.segment, offset: self.end };
        self.end += frame_bytes;
        self.link = frame::hash(&bytes);
        self.watermark = Watermark { sequence: sequence + 1, hash: self.link };
        self.top_up();
        Ok((self.watermark, location))
    }

    /// Sees to it that a frame has its place, and events theirs behind it.
    fn make_room(&mut self, frame_bytes: u64, what: Use) -> Result<(), VaultError> {
        if self.end + frame_bytes > self.shape.segment_bytes && self.end > SEGMENT_HEADER_BYTES as u64 {
            match self.begin_segment() {
                // The segment becomes longer than it should.
                Err(VaultError::DiskFull) if what == Use::Events && self.end + frame_bytes <= self.reserved => {
                    return Ok(());
                }
                other => other?,
            }
        }
        let kept_back = if what == Use::Events { 0 } else { self.shape.for_events() };
        let needed = self.end + frame_bytes + kept_back;
        if needed > self.reserved { self.reserve(needed) } else { Ok(()) }
    }

    /// How far the journal has come.
    pub(super) fn watermark(&self) -> Watermark {
        self.watermark
    }

    /// The journal's id.
    pub(super) fn id(&self) -> [u8; 16] {
        self.id
    }

    /// Whether space for further commits could not be reserved ahead: the disk is nearly full.
    pub(super) fn is_low(&self) -> bool {
        self.low
    }

    /// How often this journal called fdatasync or fsync.
    pub(super) fn syncs(&self) -> u64 {
        self.syncs
    }

    /// Number of the segment being written.
    pub(super) fn segment(&self) -> u32 {
        self.segment
    }

    fn sync(&mut self) -> Result<(), VaultError> {
        self.syncs += 1;
        self.file.sync_data().map_err(io("sync the journal"))
    }

    /// Removes everything behind the last good frame, durably.
    fn cut(&mut self) -> Result<(), VaultError> {
        self.file.set_len(self.end).map_err(io("cut the journal"))?;
        self.reserved = self.end;
        self.sync()
    }

    /// Fills the file with zeros up to `needed`, rounded up to whole reserves.
    fn reserve(&mut self, needed: u64) -> Result<(), VaultError> {
        let target = needed.next_multiple_of(self.shape.reserve_bytes.max(1));
        let filled = fill(&self.file, self.reserved, target).and_then(|()| self.sync());
        match filled {
            Ok(()) => {
                self.reserved = target;
                Ok(())
            }
            Err(error) => {
                // Best effort: give back what was gained; zeros left behind are harmless.
                let _ = self.file.set_len(self.reserved);
                Err(error)
            }
        }
    }

    /// Reserves ahead of need. Failing is not an error yet, but a warning.
    fn top_up(&mut self) {
        let room = self.reserved.saturating_sub(self.end);
        let ahead = self.shape.reserve_bytes / 2;
        if room < ahead {
            self.low = self.reserve(self.end + ahead).is_err();
        }
    }

    fn begin_segment(&mut self) -> Result<(), VaultError> {
        let header = SegmentHeader {
            format: FORMAT,
            number: self.segment + 1,
            journal: self.id,
            first: self.watermark.sequence,
            previous: self.watermark.hash,
        };
        let file = create_segment(&self.folder, &header, self.shape)?;
        self.syncs += 2;
        // The reserve of the finished segment is not needed; should this fail, it is zeros.
        let _ = self.file.set_len(self.end);
        self.reserved = file.metadata().map_err(io("look at the journal"))?.len();
        self.file = file;
        self.segment = header.number;
        self.end = SEGMENT_HEADER_BYTES as u64;
        self.link = header.hash();
        Ok(())
    }
}

/// Writes header and reserve under another name first: a segment with its proper name is whole.
fn create_segment(folder: &Path, header: &SegmentHeader, shape: Shape) -> Result<File, VaultError> {
    let name = segment_name(header.number);
    let fresh = folder.join(format!("{name}.new"));
    let file = folder::create_file(&fresh)?;
    let made = file
        .write_all_at(&header.encode(), 0)
        .map_err(io("write the journal"))
        .and_then(|()| {
            let reserve = shape.reserve_bytes.min(shape.segment_bytes);
            fill(&file, SEGMENT_HEADER_BYTES as u64, reserve.max(SEGMENT_HEADER_BYTES as u64))
        })
        .and_then(|()| file.sync_all().map_err(io("sync the journal")))
        .and_then(|()| fs::rename(&fresh, folder.join(name)).map_err(io("rename a segment")));
    if let Err(error) = made {
        let _ = fs::remove_file(&fresh);
        return Err(error);
    }
    folder::sync(folder)?;
    Ok(file)
}

fn fill(file: &File, from: u64, to: u64) -> Result<(), VaultError> {
    let zeros = [0; 64 << 10];
    let mut at = from;
    while at < to {
        let count = (to - at).min(zeros.len() as u64);
        file.write_all_at(&zeros[..count as usize], at).map_err(io("reserve space"))?;
        at += count;
    }
    Ok(())
}

/// A crash while a segment was being made leaves a file that holds nothing.
fn remove_unfinished(folder: &Path) -> Result<(), VaultError> {
    for entry in fs::read_dir(folder).map_err(io("list the journal"))? {
        let entry = entry.map_err(io("list the journal"))?;
        if entry.file_name().to_string_lossy().ends_with(".bj.new") {
            fs::remove_file(entry.path()).map_err(io("remove an unfinished segment"))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::head::Head;
    use super::super::key::Sealer;
    use super::super::locked::Locked;
    use super::super::scan;
    use super::*;

    const ID: [u8; 16] = [5; 16];
    const SHAPE: Shape = Shape { segment_bytes: 4096, reserve_bytes: 1024 };

    fn resume(folder: &Path) -> Journal {
        let sealer = FrameSealer::from(Locked::new(Sealer::new(&[1; 32])));
        let head = Head { journal: ID, sequence: 0, hash: [0; 32] };
        let tail = scan::scan(folder, &sealer, &head, scan::ALL, &mut |_| Ok(())).expect("no damage");
        Journal::resume(folder, ID, sealer, SHAPE, &tail).expect("resumed")
    }

    #[test]
    fn after_a_write_of_unknown_fate_nothing_is_added_until_reopened() {
        let folder = tempfile::tempdir().expect("a folder");
        Journal::create(folder.path(), ID, SHAPE).expect("created");
        let mut journal = resume(folder.path());
        let (mark, _) = journal.append(b"one", Use::Records).expect("appended");
        // A descriptor that cannot write stands for a disk that no longer does.
        let writable = std::mem::replace(
            &mut journal.file,
            File::open(folder.path().join(segment_name(1))).expect("opened to read"),
        );
        assert!(matches!(journal.append(b"two", Use::Records), Err(VaultError::Io { .. })));
        journal.file = writable;
        assert!(matches!(journal.append(b"three", Use::Records), Err(VaultError::Broken)));
        assert_eq!(journal.watermark(), mark);
        let mut journal = resume(folder.path());
        assert_eq!(journal.watermark(), mark);
        journal.append(b"two", Use::Records).expect("appended");
    }

    #[test]
    fn half_made_segment_is_swept_away() {
        let folder = tempfile::tempdir().expect("a folder");
        Journal::create(folder.path(), ID, SHAPE).expect("created");
        let leftover = folder.path().join("000002.bj.new");
        fs::write(&leftover, b"half").expect("written");
        let mut journal = resume(folder.path());
        assert!(!leftover.exists());
        while journal.segment() < 3 {
            journal.append(&[7; 500], Use::Records).expect("appended");
        }
        assert_eq!(resume(folder.path()).watermark(), journal.watermark());
    }

    #[test]
    fn frame_larger_than_a_segment_gets_one_of_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        Journal::create(folder.path(), ID, SHAPE).expect("created");
        let mut journal = resume(folder.path());
        for size in [10, 50_000, 10, 9000] {
            journal.append(&vec![7; size], Use::Records).expect("appended");
        }
        assert_eq!(journal.segment(), 4);
        assert_eq!(resume(folder.path()).watermark(), journal.watermark());
    }
}
