//! What the index says: which keys and values the store holds, and what they mean.
//!
//! | key | value, sealed |
//! |---|---|
//! | `w` | watermark: sequence (8), hash (32) |
//! | `h` kind (16) sequence (8, big-endian) position (4, big-endian) | the item as it stands in its frame |
//! | `r` kind (16) record (16) | newest version: sequence (8), position (4), 1 if it is a tombstone |
//! | `p` patient and kind (16) kind (16) record (16) | nothing: the record once spoke of the patient |
//! | `s` spooled id (16) | nothing: it was taken into the journal |
//!
//! Kinds, records, patients and ids are names made by keyed hashing; sequences and positions are
//! counters. An item keeps its patient's seal inside the index's.

use std::path::{Path, PathBuf};

use super::entry::{self, Item, Place, Stored};
use super::error::{Damage, VaultError};
use super::journal::Watermark;
use super::key::{Namer, Sealer};
use super::keyring::Keyring;
use super::store::{self, Change, Lost, Store};
use crate::base::id::PatientId;

/// Why the index could not answer.
#[derive(Debug)]
pub(super) enum Unanswered {
    /// The index is not to be trusted; rebuild and ask again.
    Lost,
    /// The record itself is damaged.
    Vault(VaultError),
}

impl From<Lost> for Unanswered {
    fn from(_: Lost) -> Unanswered {
        Unanswered::Lost
    }
}

impl From<Damage> for Unanswered {
    fn from(damage: Damage) -> Unanswered {
        Unanswered::Vault(damage.into())
    }
}

/// Where the newest version of a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    pub(super) sequence: u64,
    pub(super) position: u32,
    pub(super) tombstone: bool,
}

/// The index over the journal.
pub(super) struct Index {
    path: PathBuf,
    journal: [u8; 16],
    namer: Namer,
    sealer: Sealer,
    store: Option<Store>,
    pending: Vec<Change>,
}

/// Rooms of names; also the first byte of the keys.
const WATERMARK: u8 = b'w';
const HISTORY: u8 = b'h';
const RECORD: u8 = b'r';
const PATIENT: u8 = b'p';
const SPOOLED: u8 = b's';
const KIND: u8 = b'k';

impl Index {
    /// Opens what is on disk. A store that does not open leaves an index that is lost.
    pub(super) fn open(path: &Path, journal: [u8; 16], namer: Namer, sealer: Sealer) -> Index {
        let store = Store::open(path).ok();
        Index { path: path.to_owned(), journal, namer, sealer, store, pending: Vec::new() }
    }

    /// Begins anew with nothing; in memory when the disk refuses even that.
    pub(super) fn reset(&mut self, in_memory: bool) {
        self.pending.clear();
        let removed = match self.store.take() {
            Some(store) => store.remove(&self.path),
            None => store::remove(&self.path),
        };
        let fresh = if in_memory { Err(Lost) } else { removed.and_then(|()| Store::open(&self.path)) };
        self.store = Some(fresh.unwrap_or_else(|Lost| Store::Memory(Default::default())));
    }

    /// Whether the index lives in memory only.
    pub(super) fn is_in_memory(&self) -> bool {
        matches!(self.store, Some(Store::Memory(_)))
    }

    /// Gives up the store: every question is answered with `Lost` until `reset`.
    pub(super) fn lose(&mut self) {
        self.pending.clear();
        if let Some(store) = self.store.take() {
            store.close();
        }
    }

    /// How far the index had come.
    pub(super) fn watermark(&self) -> Result<Option<Watermark>, Lost> {
        let Some(sealed) = self.store()?.get(&[WATERMARK])? else { return Ok(None) };
        let plain = self.sealer.open(&[WATERMARK], &sealed).ok_or(Lost)?;
        let (sequence, hash) = plain.split_first_chunk::<8>().ok_or(Lost)?;
        let hash = hash.try_into().map_err(|_| Lost)?;
        Ok(Some(Watermark { sequence: u64::from_le_bytes(*sequence), hash }))
    }

    /// Takes in one frame's payload. `flush` makes it visible.
    pub(super) fn add(&mut self, sequence: u64, payload: &[u8], keyring: &Keyring) -> Result<u64, Damage> {
        let items = entry::split(payload).ok_or(Damage::Item { frame: sequence, item: 0 })?;
        for (position, item) in (0..).zip(&items) {
            let place = Place { journal: self.journal, sequence, position };
            match entry::read(item, &place, keyring)? {
                Item::Entry(entry) => {
                    let kind = self.kind(entry.kind);
                    let record = self.record(entry.kind, &entry.id);
                    let mut version = [sequence.to_le_bytes().as_slice(), &position.to_le_bytes()].concat();
                    version.push(u8::from(entry.tombstone));
                    self.put(self.history_key(&kind, sequence, position), item);
                    self.put([&[RECORD][..], &kind, &record].concat(), &version);
                    if let Some(patient) = entry.patient {
                        let room = self.patient(patient, entry.kind);
                        self.pending.push(([&[PATIENT][..], &room, &kind, &record].concat(), Some(Vec::new())));
                    }
                }
                Item::Taken(id) => {
                    let name = self.namer.name(SPOOLED, &[&id]);
                    self.pending.push(([&[SPOOLED][..], &name].concat(), Some(Vec::new())));
                }
                Item::Forgotten => {}
            }
        }
        Ok(items.len() as u64)
    }

    /// How many changes wait for `flush`.
    pub(super) fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Applies what was added, together with the watermark, all or nothing.
    pub(super) fn flush(&mut self, watermark: &Watermark) -> Result<(), Lost> {
        let plain = [watermark.sequence.to_le_bytes().as_slice(), &watermark.hash].concat();
        self.put(vec![WATERMARK], &plain);
        let changes = std::mem::take(&mut self.pending);
        self.store.as_mut().ok_or(Lost)?.apply(changes)
    }

    /// The newest version of a record, unless it is a tombstone.
    pub(super) fn get(&self, kind: u16, id: &[u8; 16], keyring: &Keyring) -> Result<Option<Stored>, Unanswered> {
        let key = [&[RECORD][..], &self.kind(kind), &self.record(kind, id)].concat();
        let Some(sealed) = self.store()?.get(&key)? else { return Ok(None) };
        let version = self.version(&key, &sealed)?;
        self.load(kind, &version, keyring)
    }

    /// The newest versions of all records of a kind, oldest first.
    pub(super) fn list(&self, kind: u16, keyring: &Keyring) -> Result<Vec<Stored>, Unanswered> {
        let versions = self.versions(kind)?;
        self.load_all(kind, versions, keyring)
    }

    /// Where the newest versions of all records of a kind stand, tombstones too.
    pub(super) fn versions(&self, kind: u16) -> Result<Vec<Version>, Unanswered> {
        let prefix = [&[RECORD][..], &self.kind(kind)].concat();
        let mut versions = Vec::new();
        self.store()?.scan(&prefix, &[], &mut |key, sealed| {
            versions.push(self.version(key, sealed));
            true
        })?;
        Ok(versions.into_iter().collect::<Result<Vec<_>, Lost>>()?)
    }

    /// The newest versions of a patient's records of a kind, oldest first.
    pub(super) fn list_of(&self, patient: PatientId, kind: u16, keyring: &Keyring) -> Result<Vec<Stored>, Unanswered> {
        let prefix = [&[PATIENT][..], &self.patient(patient, kind)].concat();
        let mut records = Vec::new();
        self.store()?.scan(&prefix, &[], &mut |key, _| {
            records.push([&[RECORD], &key[prefix.len()..]].concat());
            true
        })?;
        let mut versions = Vec::with_capacity(records.len());
        for key in records {
            let sealed = self.store()?.get(&key)?.ok_or(Lost)?;
            versions.push(self.version(&key, &sealed)?);
        }
        let mut found = self.load_all(kind, versions, keyring)?;
        // A record may have moved to another patient since.
        found.retain(|stored| stored.entry.patient == Some(patient));
        Ok(found)
    }

    /// All versions of a kind's records behind a place in the journal, oldest first, at most `limit`.
    pub(super) fn history(
        &self,
        kind: u16,
        after: Option<(u64, u32)>,
        limit: usize,
        keyring: &Keyring,
    ) -> Result<Vec<Stored>, Unanswered> {
        let prefix = [&[HISTORY][..], &self.kind(kind)].concat();
        let start = match after {
            None => prefix.clone(),
            // The next key behind this one in the order of bytes is the same with a zero added.
            Some((sequence, position)) => [&self.history_key(&self.kind(kind), sequence, position)[..], &[0]].concat(),
        };
        let mut sealed = Vec::new();
        self.store()?.scan(&prefix, &start, &mut |key, value| {
            if sealed.len() < limit {
                sealed.push((key.to_vec(), value.to_vec()));
            }
            sealed.len() < limit
        })?;
        let mut found = Vec::with_capacity(sealed.len());
        for (key, value) in sealed {
            let counters = &key[prefix.len()..];
            let (sequence, position) = counters.split_first_chunk::<8>().ok_or(Lost)?;
            let version = Version {
                sequence: u64::from_be_bytes(*sequence),
                position: u32::from_be_bytes(position.try_into().map_err(|_| Lost)?),
                tombstone: false,
            };
            found.extend(self.read(&key, &value, &version, keyring)?);
        }
        Ok(found)
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
        let sealed = self.sealer.seal(&key, plain);
        self.pending.push((key, Some(sealed)));
    }

    fn version(&self, key: &[u8], sealed: &[u8]) -> Result<Version, Lost> {
        let plain = self.sealer.open(key, sealed).ok_or(Lost)?;
        let plain: &[u8; 13] = plain.as_slice().try_into().map_err(|_| Lost)?;
        let (sequence, rest) = plain.split_first_chunk::<8>().ok_or(Lost)?;
        let (position, tombstone) = rest.split_first_chunk::<4>().ok_or(Lost)?;
        Ok(Version {
            sequence: u64::from_le_bytes(*sequence),
            position: u32::from_le_bytes(*position),
            tombstone: tombstone != [0],
        })
    }

    fn load_all(&self, kind: u16, mut versions: Vec<Version>, keyring: &Keyring) -> Result<Vec<Stored>, Unanswered> {
        versions.sort_unstable();
        let mut found = Vec::with_capacity(versions.len());
        for version in &versions {
            found.extend(self.load(kind, version, keyring)?);
        }
        Ok(found)
    }

    fn load(&self, kind: u16, version: &Version, keyring: &Keyring) -> Result<Option<Stored>, Unanswered> {
        if version.tombstone {
            return Ok(None);
        }
        let key = self.history_key(&self.kind(kind), version.sequence, version.position);
        let sealed = self.store()?.get(&key)?.ok_or(Lost)?;
        self.read(&key, &sealed, version, keyring)
    }

    fn read(
        &self,
        key: &[u8],
        sealed: &[u8],
        version: &Version,
        keyring: &Keyring,
    ) -> Result<Option<Stored>, Unanswered> {
        let item = self.sealer.open(key, sealed).ok_or(Lost)?;
        let Version { sequence, position, .. } = *version;
        let place = Place { journal: self.journal, sequence, position };
        match entry::read(&item, &place, keyring)? {
            Item::Entry(entry) => Ok(Some(Stored { entry, sequence, position })),
            Item::Taken(_) => Err(Unanswered::Lost),
            Item::Forgotten => Ok(None),
        }
    }

    fn history_key(&self, kind: &[u8; 16], sequence: u64, position: u32) -> Vec<u8> {
        [&[HISTORY][..], kind, &sequence.to_be_bytes(), &position.to_be_bytes()].concat()
    }

    fn kind(&self, kind: u16) -> [u8; 16] {
        self.namer.name(KIND, &[&kind.to_le_bytes()])
    }

    fn record(&self, kind: u16, id: &[u8; 16]) -> [u8; 16] {
        self.namer.name(RECORD, &[&kind.to_le_bytes(), id])
    }

    fn patient(&self, patient: PatientId, kind: u16) -> [u8; 16] {
        self.namer.name(PATIENT, &[&kind.to_le_bytes(), patient.as_bytes()])
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        self.lose();
    }
}
