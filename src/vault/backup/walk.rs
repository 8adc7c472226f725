//! The journal's frames one after another, each checked against the one before, with memory for one.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::super::error::{Damage, VaultError, io};
use super::super::frame::{self, HEADER_BYTES, Hash, SEGMENT_HEADER_BYTES, SegmentHeader};
use super::super::journal::Watermark;
use super::super::scan::segment_name;

/// Where a walk begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) segment: u32,
    /// The byte of the segment; 0 is before its header.
    pub(super) offset: u64,
    /// What came before.
    pub(super) before: Watermark,
}

impl Start {
    pub(super) const FIRST: Start = Start { segment: 1, offset: 0, before: Watermark { sequence: 0, hash: [0; 32] } };
}

/// One frame, or the header a segment begins with.
pub(super) struct Step<'a> {
    pub(super) segment: u32,
    pub(super) offset: u64,
    /// The frame's sequence number; `None` for a segment's header.
    pub(super) sequence: Option<u64>,
    pub(super) bytes: &'a [u8],
}

/// Reads from a start up to an end.
pub(super) struct Walk {
    folder: PathBuf,
    journal: [u8; 16],
    end: Watermark,
    file: BufReader<File>,
    segment: u32,
    offset: u64,
    at: Watermark,
    /// What the next frame must carry.
    link: Hash,
    buffer: Vec<u8>,
}

impl Walk {
    pub(super) fn new(folder: &Path, journal: [u8; 16], start: Start, end: Watermark) -> Result<Walk, VaultError> {
        let mut file = open(folder, start.segment)?;
        file.seek(SeekFrom::Start(start.offset)).map_err(io("read the journal"))?;
        Ok(Walk {
            folder: folder.to_owned(),
            journal,
            end,
            file,
            segment: start.segment,
            offset: start.offset,
            at: start.before,
            link: start.before.hash,
            buffer: Vec::new(),
        })
    }

    /// What comes next; `None` at the end, which is what it was said to be.
    pub(super) fn next(&mut self) -> Result<Option<Step<'_>>, VaultError> {
        if self.at.sequence >= self.end.sequence {
            if self.at != self.end {
                return Err(self.damage());
            }
            return Ok(None);
        }
        if self.offset == 0 {
            return self.header().map(Some);
        }
        self.buffer.resize(HEADER_BYTES, 0);
        let read = self.fill(0)?;
        let Some(frame_bytes) = frame::announced(&self.buffer).filter(|_| read) else {
            if read && self.buffer.iter().any(|byte| *byte != 0) {
                return Err(self.damage());
            }
            // The segment ends here; its reserve, if it still has one, is zeros.
            self.segment += 1;
            (self.file, self.offset) = (open(&self.folder, self.segment)?, 0);
            return self.header().map(Some);
        };
        self.buffer.resize(frame_bytes, 0);
        let whole = self.fill(HEADER_BYTES)?;
        let header = frame::parse(&self.buffer)
            .filter(|header| whole && header.sequence == self.at.sequence && header.previous == self.link);
        if header.is_none() {
            return Err(self.damage());
        }
        let (sequence, offset) = (self.at.sequence, self.offset);
        self.link = frame::hash(&self.buffer);
        self.at = Watermark { sequence: sequence + 1, hash: self.link };
        self.offset += self.buffer.len() as u64;
        if self.at.sequence == self.end.sequence && self.at.hash != self.end.hash {
            return Err(Damage::Frame { segment: self.segment, frame: sequence, offset }.into());
        }
        Ok(Some(Step { segment: self.segment, offset, sequence: Some(sequence), bytes: &self.buffer }))
    }

    fn header(&mut self) -> Result<Step<'_>, VaultError> {
        self.buffer.resize(SEGMENT_HEADER_BYTES, 0);
        let whole = self.fill(0)?;
        let header = SegmentHeader::decode(&self.buffer).filter(|header| {
            whole
                && header.number == self.segment
                && header.journal == self.journal
                && (header.first, header.previous) == (self.at.sequence, self.at.hash)
        });
        let header = header.ok_or(Damage::Segment { segment: self.segment })?;
        self.link = header.hash();
        self.offset = SEGMENT_HEADER_BYTES as u64;
        Ok(Step { segment: self.segment, offset: 0, sequence: None, bytes: &self.buffer })
    }

    /// Reads the buffer full from `from` on; `false` when the file ends before.
    fn fill(&mut self, from: usize) -> Result<bool, VaultError> {
        match self.file.read_exact(&mut self.buffer[from..]) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(io("read the journal")(error)),
        }
    }

    fn damage(&self) -> VaultError {
        Damage::Frame { segment: self.segment, frame: self.at.sequence, offset: self.offset }.into()
    }
}

fn open(folder: &Path, segment: u32) -> Result<BufReader<File>, VaultError> {
    match File::open(folder.join(segment_name(segment))) {
        Ok(file) => Ok(BufReader::with_capacity(256 << 10, file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Damage::SegmentMissing { segment }.into()),
        Err(error) => Err(io("open the journal")(error)),
    }
}
