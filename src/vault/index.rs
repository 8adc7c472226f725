//! What the index says: where in the journal the versions of every record stand.
//!
//! | key | value |
//! |---|---|
//! | `w` | watermark: sequence (8), hash (32), segment (4) |
//! | `h` kind (4) sequence (8, big-endian) position (4, big-endian) | location: segment (4), offset (8) |
//! | `r` kind (4) record (16) | newest version: sequence (8), position (4), location (12), 1 if it is a tombstone |
//! | `p` patient and kind (16) record (16) | nothing: the record once spoke of the patient |
//! | `o` kind (4) record (16) | nothing: the newest version waits for somebody |
//! | `s` spooled id (16) | nothing: it was taken into the journal |
//!
//! Kinds, records, patients and ids are names made by keyed hashing, everything else is counters.
//! Behind each value stands a keyed hash (16) of key and value: what was changed is not believed.
//! Nothing of a record's content is here.

use std::path::{Path, PathBuf};

use super::entry::Entry;
use super::journal::{Location, Watermark};
use super::key::Namer;
use super::store::{self, Change, Lost, Store};
use crate::base::id::PatientId;
use crate::record::Standing;

/// Where one version of a record stands. Versions are ordered as the journal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    pub(super) sequence: u64,
    pub(super) position: u32,
    pub(super) location: Location,
    pub(super) tombstone: bool,
}

/// How far the index has come, and in which segment that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) watermark: Watermark,
    pub(super) segment: u32,
}

/// Which part of a kind's history: in the order of the journal, or from its end backwards.
#[derive(Debug, Clone, Copy)]
pub(super) enum Span {
    /// What comes behind this sequence and position, or everything.
    After(Option<(u64, u32)>),
    /// What came before this sequence and position, the newest first.
    Before(Option<(u64, u32)>),
}

/// The index over the journal.
pub(super) struct Index {
    path: PathBuf,
    namer: Namer,
    store: Option<Store>,
    changes: Vec<Change>,
}

/// Rooms of names; also the first byte of the keys.
/// Behind every other: it is written last.
const WATERMARK: u8 = b'w';
const HISTORY: u8 = b'h';
const RECORD: u8 = b'r';
const PATIENT: u8 = b'p';
const PENDING: u8 = b'o';
const SPOOLED: u8 = b's';
const KIND: u8 = b'k';
/// The name under which values are vouched for.
const VALUE: u8 = b'v';

/// How many bytes vouch for a value.
const TAG_BYTES: usize = 16;

impl Index {
    /// Opens what is on disk. A store that does not open leaves an index that is lost.
    pub(super) fn open(path: &Path, namer: Namer) -> Index {
        let store = Store::open(path).ok();
        Index { path: path.to_owned(), namer, store, changes: Vec::new() }
    }

    /// Begins anew with nothing; in memory when the disk refuses even that.
    pub(super) fn reset(&mut self, in_memory: bool) {
        self.changes.clear();
        let removed = match self.store.take() {
            Some(store) => store.remove(&self.path),
            None => store::remove(&self.path),
        };
        let fresh = if in_memory { Err(Lost) } else { removed.and_then(|()| Store::open(&self.path)) };
        self.store = Some(fresh.unwrap_or_else(|Lost| Store::Memory(Default::default())));
    }

    /// Closes the store and opens it again. sled reads everything that was written since it was last
    /// opened: better now than when somebody waits.
    pub(super) fn reopen(&mut self) {
        if let Some(Store::Sled(_)) = self.store {
            self.lose();
            self.store = Store::open(&self.path).ok();
        }
    }

    /// Whether the index lives in memory only.
    pub(super) fn is_in_memory(&self) -> bool {
        matches!(self.store, Some(Store::Memory(_)))
    }

    /// Whether there is something to be asked.
    pub(super) fn is_lost(&self) -> bool {
        self.store.is_none()
    }

    /// Gives up the store: every question is answered with `Lost` until `reset`.
    pub(super) fn lose(&mut self) {
        self.changes.clear();
        if let Some(store) = self.store.take() {
            store.close();
        }
    }

    /// How far the index had come.
    pub(super) fn mark(&self) -> Result<Option<Mark>, Lost> {
        let Some(value) = self.store()?.get(&[WATERMARK])? else { return Ok(None) };
        let plain = self.believe(&[WATERMARK], &value)?;
        let (sequence, rest) = plain.split_first_chunk::<8>().ok_or(Lost)?;
        let (hash, segment) = rest.split_first_chunk::<32>().ok_or(Lost)?;
        let watermark = Watermark { sequence: u64::from_le_bytes(*sequence), hash: *hash };
        Ok(Some(Mark { watermark, segment: u32::from_le_bytes(segment.try_into().map_err(|_| Lost)?) }))
    }

    /// Notes a version of a record. `flush` makes it visible.
    pub(super) fn note(&mut self, entry: &Entry, version: &Version) {
        let kind = self.kind(entry.kind);
        let location = encode_location(version.location);
        self.put(history_key(kind, version.sequence, version.position), &location);
        if entry.standing == Standing::Event {
            return;
        }
        let record = self.record(entry.kind, &entry.id);
        let mut newest = version.sequence.to_le_bytes().to_vec();
        newest.extend_from_slice(&version.position.to_le_bytes());
        newest.extend_from_slice(&location);
        newest.push(u8::from(version.tombstone));
        self.put([&[RECORD][..], &kind, &record].concat(), &newest);
        if let Some(patient) = entry.patient {
            let room = self.patient(patient, entry.kind);
            self.changes.push(([&[PATIENT][..], &room, &record].concat(), Some(Vec::new())));
        }
        let waits = entry.standing == Standing::Pending && !version.tombstone;
        self.changes.push(([&[PENDING][..], &kind, &record].concat(), waits.then(Vec::new)));
    }

    /// Notes that a spooled thing was taken into the journal. `flush` makes it visible.
    pub(super) fn note_taken(&mut self, id: &[u8; 16]) {
        let name = self.namer.name(SPOOLED, &[id]);
        self.changes.push(([&[SPOOLED][..], &name].concat(), Some(Vec::new())));
    }

    /// How many changes wait for `flush`.
    pub(super) fn waiting(&self) -> usize {
        self.changes.len()
    }

    /// Applies what was noted, and the mark behind it: what is cut short is noted again.
    pub(super) fn flush(&mut self, mark: &Mark) -> Result<(), Lost> {
        let mut plain = mark.watermark.sequence.to_le_bytes().to_vec();
        plain.extend_from_slice(&mark.watermark.hash);
        plain.extend_from_slice(&mark.segment.to_le_bytes());
        self.put(vec![WATERMARK], &plain);
        let changes = std::mem::take(&mut self.changes);
        self.store.as_mut().ok_or(Lost)?.apply(changes)
    }

    /// The newest version of a record, tombstone or not.
    pub(super) fn get(&self, kind: u16, id: &[u8; 16]) -> Result<Option<Version>, Lost> {
        let key = [&[RECORD][..], &self.kind(kind), &self.record(kind, id)].concat();
        self.store()?.get(&key)?.map(|value| self.version(&key, &value)).transpose()
    }

    /// The newest versions of all records of a kind, tombstones too, in the order of the journal.
    pub(super) fn versions(&self, kind: u16) -> Result<Vec<Version>, Lost> {
        let prefix = [&[RECORD][..], &self.kind(kind)].concat();
        let mut versions = Vec::new();
        self.store()?.scan(&prefix, None, &mut |key, value| {
            versions.push(self.version(key, value));
            true
        })?;
        let mut versions = versions.into_iter().collect::<Result<Vec<_>, Lost>>()?;
        versions.sort_unstable();
        Ok(versions)
    }

    /// As `versions`, of those records only that spoke of the patient at some time.
    pub(super) fn versions_of(&self, patient: PatientId, kind: u16) -> Result<Vec<Version>, Lost> {
        self.versions_under([&[PATIENT][..], &self.patient(patient, kind)].concat(), kind)
    }

    /// As `versions`, of those records only that wait for somebody.
    pub(super) fn pending(&self, kind: u16) -> Result<Vec<Version>, Lost> {
        self.versions_under([&[PENDING][..], &self.kind(kind)].concat(), kind)
    }

    /// The newest versions of the records whose names follow a prefix.
    fn versions_under(&self, prefix: Vec<u8>, kind: u16) -> Result<Vec<Version>, Lost> {
        let kind = self.kind(kind);
        let mut keys = Vec::new();
        self.store()?.scan(&prefix, None, &mut |key, _| {
            keys.push([&[RECORD][..], &kind, &key[prefix.len()..]].concat());
            true
        })?;
        let mut versions = Vec::with_capacity(keys.len());
        for key in keys {
            let value = self.store()?.get(&key)?.ok_or(Lost)?;
            versions.push(self.version(&key, &value)?);
        }
        versions.sort_unstable();
        Ok(versions)
    }

    /// Versions of a kind's records, at most `limit`.
    pub(super) fn history(&self, kind: u16, span: Span, limit: usize) -> Result<Vec<Version>, Lost> {
        let kind = self.kind(kind);
        let prefix = [&[HISTORY][..], &kind].concat();
        let key = |(sequence, position)| history_key(kind, sequence, position);
        let mut found = Vec::new();
        let mut take = |key: &[u8], value: &[u8]| {
            if found.len() < limit {
                found.push(self.history_version(key, value));
            }
            found.len() < limit
        };
        match span {
            Span::After(after) => self.store()?.scan(&prefix, after.map(key).as_deref(), &mut take)?,
            Span::Before(before) => self.store()?.scan_back(&prefix, before.map(key).as_deref(), &mut take)?,
        }
        found.into_iter().collect()
    }

    /// Whether a spooled thing was already taken into the journal.
    pub(super) fn is_taken(&self, id: &[u8; 16]) -> Result<bool, Lost> {
        let key = [&[SPOOLED][..], &self.namer.name(SPOOLED, &[id])].concat();
        Ok(self.store()?.get(&key)?.is_some())
    }

    fn store(&self) -> Result<&Store, Lost> {
        self.store.as_ref().ok_or(Lost)
    }

    fn put(&mut self, key: Vec<u8>, plain: &[u8]) {
        let value = [plain, &self.tag(&key, plain)].concat();
        self.changes.push((key, Some(value)));
    }

    fn tag(&self, key: &[u8], plain: &[u8]) -> [u8; TAG_BYTES] {
        // Every room has keys of one length, so where the key ends is not in doubt.
        self.namer.name(VALUE, &[key, plain])
    }

    /// The value without its tag, if it is what was put there.
    fn believe<'a>(&self, key: &[u8], value: &'a [u8]) -> Result<&'a [u8], Lost> {
        let (plain, tag) = value.split_last_chunk::<TAG_BYTES>().ok_or(Lost)?;
        if self.tag(key, plain) == *tag { Ok(plain) } else { Err(Lost) }
    }

    fn version(&self, key: &[u8], value: &[u8]) -> Result<Version, Lost> {
        let plain = self.believe(key, value)?;
        let (sequence, rest) = plain.split_first_chunk::<8>().ok_or(Lost)?;
        let (position, rest) = rest.split_first_chunk::<4>().ok_or(Lost)?;
        let (location, tombstone) = rest.split_first_chunk::<12>().ok_or(Lost)?;
        Ok(Version {
            sequence: u64::from_le_bytes(*sequence),
            position: u32::from_le_bytes(*position),
            location: decode_location(location)?,
            tombstone: tombstone != [0],
        })
    }

    fn history_version(&self, key: &[u8], value: &[u8]) -> Result<Version, Lost> {
        let (rest, position) = key.split_last_chunk::<4>().ok_or(Lost)?;
        let (_, sequence) = rest.split_last_chunk::<8>().ok_or(Lost)?;
        let location = self.believe(key, value)?.first_chunk().ok_or(Lost)?;
        Ok(Version {
            sequence: u64::from_be_bytes(*sequence),
            position: u32::from_be_bytes(*position),
            location: decode_location(location)?,
            tombstone: false,
        })
    }

    fn kind(&self, kind: u16) -> [u8; 4] {
        let name = self.namer.name(KIND, &[&kind.to_le_bytes()]);
        [name[0], name[1], name[2], name[3]]
    }

    fn record(&self, kind: u16, id: &[u8; 16]) -> [u8; 16] {
        self.namer.name(RECORD, &[&kind.to_le_bytes(), id])
    }

    fn patient(&self, patient: PatientId, kind: u16) -> [u8; 16] {
        self.namer.name(PATIENT, &[&kind.to_le_bytes(), patient.as_bytes()])
    }
}

fn history_key(kind: [u8; 4], sequence: u64, position: u32) -> Vec<u8> {
    [&[HISTORY][..], &kind, &sequence.to_be_bytes(), &position.to_be_bytes()].concat()
}

fn encode_location(location: Location) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..4].copy_from_slice(&location.segment.to_le_bytes());
    bytes[4..].copy_from_slice(&location.offset.to_le_bytes());
    bytes
}

fn decode_location(bytes: &[u8; 12]) -> Result<Location, Lost> {
    let (segment, offset) = bytes.split_first_chunk::<4>().ok_or(Lost)?;
    let offset = offset.try_into().map_err(|_| Lost)?;
    Ok(Location { segment: u32::from_le_bytes(*segment), offset: u64::from_le_bytes(offset) })
}

impl Drop for Index {
    fn drop(&mut self) {
        self.lose();
    }
}
