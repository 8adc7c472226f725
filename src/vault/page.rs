//! What a commit of many records says of them, as one value of the index: an import of a hundred thousand appointments
//! would be three hundred thousand values otherwise, and take ten times as long.

use super::index::Version;
use super::journal::Location;
use super::store::Lost;

/// How many records make a page of a frame.
pub(super) const MANY: usize = 512;

/// One version of a record, by names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    pub(super) kind: [u8; 4],
    pub(super) record: [u8; 16],
    pub(super) position: u32,
    /// Patient and kind; zeros where it speaks of nobody.
    pub(super) patient: [u8; 16],
    pub(super) tombstone: bool,
    pub(super) waits: bool,
}

const LINE_BYTES: usize = 4 + 16 + 4 + 16 + 1;
const TOMBSTONE: u8 = 1;
const WAITS: u8 = 2;

/// The records of one frame.
pub(super) struct Page {
    sequence: u64,
    location: Location,
    /// In order; of each record the last version only.
    lines: Vec<Line>,
}

impl Page {
    /// A page of what a frame says.
    pub(super) fn of(sequence: u64, location: Location, mut lines: Vec<Line>) -> Page {
        lines.sort_unstable();
        // The last of each record to the front of its run, the others away.
        lines.reverse();
        lines.dedup_by_key(|line| (line.kind, line.record));
        lines.reverse();
        Page { sequence, location, lines }
    }

    /// Its bytes: each line kind (4), record (16), position (4), patient and kind (16), flags (1).
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.lines.len() * LINE_BYTES);
        for line in &self.lines {
            bytes.extend_from_slice(&line.kind);
            bytes.extend_from_slice(&line.record);
            bytes.extend_from_slice(&line.position.to_le_bytes());
            bytes.extend_from_slice(&line.patient);
            bytes.push(flags(line.tombstone, line.waits));
        }
        bytes
    }

    /// A page from its bytes.
    pub(super) fn decode(sequence: u64, location: Location, bytes: &[u8]) -> Result<Page, Lost> {
        let lines = bytes.chunks(LINE_BYTES).map(Line::decode).collect::<Option<Vec<_>>>().ok_or(Lost)?;
        Ok(Page { sequence, location, lines })
    }

    /// The version of a record that is in it.
    pub(super) fn get(&self, kind: [u8; 4], record: [u8; 16]) -> Option<Version> {
        let found = self.lines.binary_search_by_key(&(kind, record), |line| (line.kind, line.record)).ok()?;
        Some(self.version(self.lines.get(found)?))
    }

    /// The records of a kind that are in it.
    pub(super) fn of_kind(&self, kind: [u8; 4]) -> impl Iterator<Item = (&Line, Version)> {
        let first = self.lines.partition_point(|line| line.kind < kind);
        let lines = self.lines[first..].iter().take_while(move |line| line.kind == kind);
        lines.map(|line| (line, self.version(line)))
    }

    fn version(&self, line: &Line) -> Version {
        let Line { position, tombstone, waits, .. } = *line;
        Version { sequence: self.sequence, position, location: self.location, tombstone, waits }
    }
}

impl Line {
    fn decode(bytes: &[u8]) -> Option<Line> {
        let (kind, rest) = bytes.split_first_chunk()?;
        let (record, rest) = rest.split_first_chunk()?;
        let (position, rest) = rest.split_first_chunk()?;
        let (patient, rest) = rest.split_first_chunk()?;
        let [flags] = rest else { return None };
        let (tombstone, waits) = from_flags(*flags);
        let position = u32::from_le_bytes(*position);
        Some(Line { kind: *kind, record: *record, position, patient: *patient, tombstone, waits })
    }
}

/// What is so of a version, in one byte: bit 0 it is a tombstone, bit 1 it waits for somebody.
pub(super) fn flags(tombstone: bool, waits: bool) -> u8 {
    u8::from(tombstone) * TOMBSTONE + u8::from(waits) * WAITS
}

/// Whether it is a tombstone, and whether it waits.
pub(super) fn from_flags(flags: u8) -> (bool, bool) {
    (flags & TOMBSTONE != 0, flags & WAITS != 0)
}
