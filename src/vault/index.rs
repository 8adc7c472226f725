//! What the index says: where in the journal the versions of every record stand.
//!
//! | key | value |
//! |---|---|
//! | `w` | format (1), watermark: sequence (8), hash (32), segment (4) |
//! | `h` kind (4) sequence (8, big-endian) position (4, big-endian) | an event's location: segment (4), offset (8) |
//! | `f` sequence (8, big-endian) | location (12), and what a commit of many records says of them, see `page` |
//! | `r` kind (4) record (16) | newest version: sequence (8), position (4), location (12), flags (1) as in `page` |
//! | `p` patient and kind (16) record (16) | nothing: the record once spoke of the patient |
//! | `o` kind (4) record (16) | nothing: a version waits for somebody; its flag says whether the newest does |
//! | `s` spooled id (16) | nothing: it was taken into the journal |
//!
//! Records of a frame that has a page have none of `r` and `p`; of what is in both, the later counts.
//! Kinds, records, patients and ids are names made by keyed hashing, everything else is counters.
//! Behind each value stands a keyed hash (16) of key and value: what was changed is not believed.
//! Nothing of a record's content is here.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};

use super::entry::Entry;
use super::journal::{Location, Watermark};
use super::key::Namer;
use super::page::{self, Line, Page};
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
    /// It waits for somebody.
    pub(super) waits: bool,
}

impl Version {
    /// The version that an entry is, which stands there.
    pub(super) fn of(entry: &Entry, sequence: u64, position: u32, location: Location) -> Version {
        let waits = entry.standing == Standing::Pending && !entry.tombstone;
        Version { sequence, position, location, tombstone: entry.tombstone, waits }
    }
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
    /// Of the frames of many records, the first to the last.
    pages: Vec<Page>,
    /// What the frame that is being noted says of records.
    lines: Vec<Line>,
}

/// What is not of this format is made anew.
const FORMAT: u8 = 2;

/// Rooms of names; also the first byte of the keys.
/// Behind every other: it is written last.
const WATERMARK: u8 = b'w';
const HISTORY: u8 = b'h';
const FRAME: u8 = b'f';
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
        let mut index = Index {
            path: path.to_owned(),
            namer,
            store: Store::open(path).ok(),
            changes: Vec::new(),
            pages: Vec::new(),
            lines: Vec::new(),
        };
        match index.kept_pages() {
            Ok(pages) => index.pages = pages,
            Err(Lost) => index.lose(),
        }
        index
    }

    /// Begins anew with nothing; in memory when the disk refuses even that.
    pub(super) fn reset(&mut self, in_memory: bool) {
        self.forget();
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
            let pages = std::mem::take(&mut self.pages);
            self.lose();
            self.store = Store::open(&self.path).ok();
            self.pages = pages;
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
        self.forget();
        if let Some(store) = self.store.take() {
            store.close();
        }
    }

    /// How far the index had come.
    pub(super) fn mark(&self) -> Result<Option<Mark>, Lost> {
        let Some(value) = self.store()?.get(&[WATERMARK])? else { return Ok(None) };
        let plain = self.believe(&[WATERMARK], &value)?;
        let (FORMAT, plain) = plain.split_first().map(|(format, rest)| (*format, rest)).ok_or(Lost)? else {
            return Err(Lost);
        };
        let (sequence, rest) = plain.split_first_chunk::<8>().ok_or(Lost)?;
        let (hash, segment) = rest.split_first_chunk::<32>().ok_or(Lost)?;
        let watermark = Watermark { sequence: u64::from_le_bytes(*sequence), hash: *hash };
        Ok(Some(Mark { watermark, segment: u32::from_le_bytes(segment.try_into().map_err(|_| Lost)?) }))
    }

    /// Notes one entry of a frame. `end_frame` comes behind the last, and `flush` makes it visible.
    pub(super) fn note(&mut self, entry: &Entry, version: &Version) {
        let kind = self.kind(entry.kind);
        if entry.standing == Standing::Event {
            self.put(history_key(kind, version.sequence, version.position), &version.location.encode());
            return;
        }
        let Version { position, tombstone, waits, .. } = *version;
        let patient = entry.patient.map_or([0; 16], |patient| self.patient(patient, entry.kind));
        let record = self.record(entry.kind, &entry.id);
        self.lines.push(Line { kind, record, position, patient, tombstone, waits });
    }

    /// Notes that nothing more comes of a frame.
    pub(super) fn end_frame(&mut self, sequence: u64, location: Location) {
        let lines = std::mem::take(&mut self.lines);
        if lines.len() > page::MANY {
            for line in lines.iter().filter(|line| line.waits) {
                self.changes.push((record_key(PENDING, line), Some(Vec::new())));
            }
            let page = Page::of(sequence, location, lines);
            let key = [&[FRAME][..], &sequence.to_be_bytes()].concat();
            self.put(key, &[&location.encode()[..], &page.encode()].concat());
            self.pages.push(page);
            return;
        }
        for line in &lines {
            let mut newest = sequence.to_le_bytes().to_vec();
            newest.extend_from_slice(&line.position.to_le_bytes());
            newest.extend_from_slice(&location.encode());
            newest.push(page::flags(line.tombstone, line.waits));
            self.put(record_key(RECORD, line), &newest);
            if line.patient != [0; 16] {
                let key = [&[PATIENT][..], &line.patient, &line.record].concat();
                self.changes.push((key, Some(Vec::new())));
            }
            self.changes.push((record_key(PENDING, line), line.waits.then(Vec::new)));
        }
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
        let mut plain = vec![FORMAT];
        plain.extend_from_slice(&mark.watermark.sequence.to_le_bytes());
        plain.extend_from_slice(&mark.watermark.hash);
        plain.extend_from_slice(&mark.segment.to_le_bytes());
        self.put(vec![WATERMARK], &plain);
        let changes = std::mem::take(&mut self.changes);
        self.store.as_mut().ok_or(Lost)?.apply(changes)
    }

    /// The newest version of a record, tombstone or not.
    pub(super) fn get(&self, kind: u16, id: &[u8; 16]) -> Result<Option<Version>, Lost> {
        self.newest(self.kind(kind), self.record(kind, id))
    }

    fn newest(&self, kind: [u8; 4], record: [u8; 16]) -> Result<Option<Version>, Lost> {
        let key = [&[RECORD][..], &kind, &record].concat();
        let alone = self.store()?.get(&key)?.map(|value| self.version(&key, &value)).transpose()?;
        let paged = self.pages.iter().rev().find_map(|page| page.get(kind, record));
        Ok(alone.max(paged))
    }

    /// The newest versions of all records of a kind, tombstones too, in the order of the journal.
    pub(super) fn versions(&self, kind: u16) -> Result<Vec<Version>, Lost> {
        let kind = self.kind(kind);
        let prefix = [&[RECORD][..], &kind].concat();
        let mut all = Vec::new();
        self.store()?.scan(&prefix, None, &mut |key, value| {
            all.push(self.version(key, value).and_then(|version| Ok((record_of(key)?, version))));
            true
        })?;
        let mut all = all.into_iter().collect::<Result<Vec<_>, Lost>>()?;
        let paged = self.pages.iter().flat_map(|page| page.of_kind(kind));
        all.extend(paged.map(|(line, version)| (line.record, version)));
        // Of each record the newest.
        all.sort_unstable_by_key(|(record, version)| (*record, Reverse(*version)));
        all.dedup_by_key(|(record, _)| *record);
        let mut versions: Vec<Version> = all.into_iter().map(|(_, version)| version).collect();
        versions.sort_unstable();
        Ok(versions)
    }

    /// As `versions`, of those records only that spoke of the patient at some time.
    pub(super) fn versions_of(&self, patient: PatientId, kind: u16) -> Result<Vec<Version>, Lost> {
        let patient = self.patient(patient, kind);
        let kind = self.kind(kind);
        let paged = self.pages.iter().flat_map(|page| page.of_kind(kind)).map(|(line, _)| line);
        let theirs = paged.filter(|line| line.patient == patient).map(|line| line.record);
        self.versions_under([&[PATIENT][..], &patient].concat(), kind, theirs.collect())
    }

    /// As `versions`, of those records only that wait for somebody.
    pub(super) fn pending(&self, kind: u16) -> Result<Vec<Version>, Lost> {
        let kind = self.kind(kind);
        let mut versions = self.versions_under([&[PENDING][..], &kind].concat(), kind, Vec::new())?;
        versions.retain(|version| version.waits);
        Ok(versions)
    }

    /// The newest versions of the records whose names follow a prefix, and of these.
    fn versions_under(&self, prefix: Vec<u8>, kind: [u8; 4], more: Vec<[u8; 16]>) -> Result<Vec<Version>, Lost> {
        let mut records = Vec::new();
        self.store()?.scan(&prefix, None, &mut |key, _| {
            records.push(record_of(key));
            true
        })?;
        let mut records = records.into_iter().collect::<Result<Vec<_>, Lost>>()?;
        records.extend(more);
        records.sort_unstable();
        records.dedup();
        let newest = records.into_iter().map(|record| self.newest(kind, record)?.ok_or(Lost));
        let mut versions = newest.collect::<Result<Vec<_>, Lost>>()?;
        versions.sort_unstable();
        Ok(versions)
    }

    /// Events of a kind, at most `limit`.
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

    /// The pages that are in the store.
    fn kept_pages(&self) -> Result<Vec<Page>, Lost> {
        let Some(store) = &self.store else { return Ok(Vec::new()) };
        let mut pages = Vec::new();
        store.scan(&[FRAME], None, &mut |key, value| {
            pages.push(self.page(key, value));
            true
        })?;
        pages.into_iter().collect()
    }

    fn page(&self, key: &[u8], value: &[u8]) -> Result<Page, Lost> {
        let (_, sequence) = key.split_last_chunk::<8>().ok_or(Lost)?;
        let (location, lines) = self.believe(key, value)?.split_first_chunk::<12>().ok_or(Lost)?;
        Page::decode(u64::from_be_bytes(*sequence), Location::decode(location), lines)
    }

    /// Forgets what is in memory.
    fn forget(&mut self) {
        self.changes.clear();
        self.pages.clear();
        self.lines.clear();
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
        let (location, rest) = rest.split_first_chunk::<12>().ok_or(Lost)?;
        let [flags] = rest else { return Err(Lost) };
        let (tombstone, waits) = page::from_flags(*flags);
        Ok(Version {
            sequence: u64::from_le_bytes(*sequence),
            position: u32::from_le_bytes(*position),
            location: Location::decode(location),
            tombstone,
            waits,
        })
    }

    fn history_version(&self, key: &[u8], value: &[u8]) -> Result<Version, Lost> {
        let (rest, position) = key.split_last_chunk::<4>().ok_or(Lost)?;
        let (_, sequence) = rest.split_last_chunk::<8>().ok_or(Lost)?;
        let location = self.believe(key, value)?.first_chunk().ok_or(Lost)?;
        Ok(Version {
            sequence: u64::from_be_bytes(*sequence),
            position: u32::from_be_bytes(*position),
            location: Location::decode(location),
            tombstone: false,
            waits: false,
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

/// Where a record's newest version, or the note that it waits, is kept.
fn record_key(room: u8, line: &Line) -> Vec<u8> {
    [&[room][..], &line.kind, &line.record].concat()
}

/// The record at the end of a key.
fn record_of(key: &[u8]) -> Result<[u8; 16], Lost> {
    key.last_chunk().copied().ok_or(Lost)
}

impl Drop for Index {
    fn drop(&mut self) {
        self.lose();
    }
}
