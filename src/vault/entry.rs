//! What goes into a frame: entries, and how they are laid out and sealed for their patient.

use std::fmt;
use std::ops::Range;

use zeroize::Zeroizing;

use super::error::Damage;
use super::key::{SEAL_BYTES, Sealer};
use super::keyring::{Keyring, Lookup, Slot};
use crate::base::id::PatientId;
use crate::base::{Stamp, cbor};
use crate::record::{Record, Standing};

/// One version of one record. The vault does not look into `body`.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// What sort of record: the number of a [`crate::record::RecordKind`], or the caller's own.
    pub kind: u16,
    /// The record's identifier; a later entry with the same kind and id replaces an earlier one.
    pub id: [u8; 16],
    /// The patient it speaks of: then it is sealed under that patient's own key, too.
    pub patient: Option<PatientId>,
    /// When it was written.
    pub at: Stamp,
    /// The version of the body's fields.
    pub schema: u16,
    /// The record, as CBOR.
    pub body: Zeroizing<Vec<u8>>,
    /// The record is gone from lists from now on; its history stays.
    pub tombstone: bool,
    /// How it is found again.
    pub standing: Standing,
}

impl Entry {
    /// The entry that keeps a record.
    pub fn of<R: Record>(record: &R, at: Stamp) -> Entry {
        Entry {
            kind: R::KIND as u16,
            id: record.id(),
            patient: record.patient(),
            at,
            schema: R::SCHEMA,
            body: Zeroizing::new(cbor::to_vec(record)),
            tombstone: false,
            standing: record.standing(),
        }
    }

    /// The record in it; `None` when it is of another kind or not readable as one.
    pub fn read<R: Record>(&self) -> Option<R> {
        if self.kind != R::KIND as u16 {
            return None;
        }
        cbor::read(&self.body).ok()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry(kind {}, {} bytes)", self.kind, self.body.len())
    }
}

/// An entry that was kept, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The entry.
    pub entry: Entry,
    /// The frame it is in: entries of one commit share it.
    pub sequence: u64,
    /// Its place in the frame, from 0.
    pub position: u32,
}

/// Where an item stands; bound into what is sealed for a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) journal: [u8; 16],
    pub(super) sequence: u64,
    pub(super) position: u32,
}

impl Place {
    fn aad(&self, slot: &Slot) -> [u8; 44] {
        let mut aad = [0; 44];
        aad[..16].copy_from_slice(&self.journal);
        aad[16..24].copy_from_slice(&self.sequence.to_le_bytes());
        aad[24..28].copy_from_slice(&self.position.to_le_bytes());
        aad[28..].copy_from_slice(slot);
        aad
    }
}

/// An item read back.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    Entry(Entry),
    /// The spooled thing with this id was taken into the journal.
    Taken([u8; 16]),
    /// An entry of a patient whose key was destroyed.
    Forgotten,
}

const OPEN: u8 = 1;
const OF_PATIENT: u8 = 2;
const TAKEN: u8 = 3;
/// Tag and length before each item.
const ITEM_HEADER_BYTES: usize = 5;
/// What stands before the body of an entry.
const ENTRY_HEADER_BYTES: usize = 29;
/// How much longer an item is than the body of its entry, at most.
pub(super) const AROUND_BYTES: usize = ITEM_HEADER_BYTES + size_of::<Slot>() + SEAL_BYTES + ENTRY_HEADER_BYTES;
const FLAG_TOMBSTONE: u8 = 1;
const FLAG_PENDING: u8 = 2;
const FLAG_EVENT: u8 = 4;

/// Adds an entry to a payload. `key` is the patient's slot and sealer, when it has a patient.
pub(super) fn push_entry(payload: &mut Vec<u8>, entry: &Entry, place: &Place, key: Option<(Slot, &Sealer)>) {
    let plain = |out: &mut Vec<u8>| {
        out.extend_from_slice(&entry.kind.to_le_bytes());
        out.extend_from_slice(&entry.schema.to_le_bytes());
        out.push(flags(entry));
        out.extend_from_slice(&entry.id);
        out.extend_from_slice(&entry.at.0.to_le_bytes());
        out.extend_from_slice(&entry.body);
    };
    match key {
        None => push_item(payload, OPEN, plain),
        Some((slot, sealer)) => push_item(payload, OF_PATIENT, |item| {
            item.extend_from_slice(&slot);
            sealer.seal_behind(item, &place.aad(&slot), plain);
        }),
    }
}

fn flags(entry: &Entry) -> u8 {
    let standing = match entry.standing {
        Standing::Kept => 0,
        Standing::Pending => FLAG_PENDING,
        Standing::Event => FLAG_EVENT,
    };
    standing | if entry.tombstone { FLAG_TOMBSTONE } else { 0 }
}

/// Adds the note that a spooled thing was taken.
pub(super) fn push_taken(payload: &mut Vec<u8>, id: &[u8; 16]) {
    push_item(payload, TAKEN, |item| item.extend_from_slice(id));
}

fn push_item(payload: &mut Vec<u8>, tag: u8, body: impl FnOnce(&mut Vec<u8>)) {
    let begin = payload.len();
    payload.extend_from_slice(&[tag, 0, 0, 0, 0]);
    body(payload);
    let length = payload.len() - begin - ITEM_HEADER_BYTES;
    // A length that does not fit makes the payload longer than the journal takes.
    let length = u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    payload[begin + 1..][..length.len()].copy_from_slice(&length);
}

/// Where the items of a payload stand; `None` when it is not made of whole items.
pub(super) fn split(payload: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut items = Vec::new();
    let mut start = 0;
    while start < payload.len() {
        let length = u32::from_le_bytes(*payload.get(start + 1..)?.first_chunk()?) as usize;
        let end = start.checked_add(ITEM_HEADER_BYTES)?.checked_add(length)?;
        items.push(payload.get(start..end).map(|_| start..end)?);
        start = end;
    }
    Some(items)
}

/// Reads all items of a frame's payload, in order.
pub(super) fn read_all(
    payload: &[u8],
    journal: [u8; 16],
    sequence: u64,
    keyring: &Keyring,
    take: &mut dyn FnMut(u32, Item),
) -> Result<(), Damage> {
    let items = split(payload).ok_or(Damage::Item { frame: sequence, item: 0 })?;
    for (position, item) in (0..).zip(items) {
        take(position, read(&payload[item], &Place { journal, sequence, position }, keyring)?);
    }
    Ok(())
}

/// Reads one item, as `split` gave it.
pub(super) fn read(item: &[u8], place: &Place, keyring: &Keyring) -> Result<Item, Damage> {
    let damage = Damage::Item { frame: place.sequence, item: place.position };
    let body = item.get(ITEM_HEADER_BYTES..).ok_or(damage)?;
    match item[0] {
        OPEN => parse(body, None).map(Item::Entry).ok_or(damage),
        OF_PATIENT => {
            let (slot, sealed) = body.split_first_chunk::<16>().ok_or(damage)?;
            match keyring.look_up(slot) {
                Lookup::Key { patient, sealer } => {
                    let plain = sealer.open(&place.aad(slot), sealed).ok_or(damage)?;
                    parse(&plain, Some(patient)).map(Item::Entry).ok_or(damage)
                }
                Lookup::Forgotten => Ok(Item::Forgotten),
                Lookup::Unknown => Err(Damage::KeyMissing { frame: place.sequence }),
            }
        }
        TAKEN => body.try_into().map(Item::Taken).map_err(|_| damage),
        _ => Err(damage),
    }
}

/// The slot of the key that an item, as `split` gave it, is sealed with; `None` when it speaks of no patient.
pub(super) fn slot(item: &[u8]) -> Option<Slot> {
    let sealed = item.first().is_some_and(|tag| *tag == OF_PATIENT);
    item.get(ITEM_HEADER_BYTES..).filter(|_| sealed)?.first_chunk().copied()
}

/// Whether an item is a version of a record.
pub(super) fn is_record(item: &[u8]) -> bool {
    item.first().is_some_and(|tag| [OPEN, OF_PATIENT].contains(tag))
}

fn parse(plain: &[u8], patient: Option<PatientId>) -> Option<Entry> {
    let (header, body) = plain.split_first_chunk::<ENTRY_HEADER_BYTES>()?;
    Some(Entry {
        kind: u16::from_le_bytes(*header.first_chunk()?),
        schema: u16::from_le_bytes(*header[2..].first_chunk()?),
        tombstone: header[4] & FLAG_TOMBSTONE != 0,
        standing: match header[4] & (FLAG_PENDING | FLAG_EVENT) {
            0 => Standing::Kept,
            FLAG_PENDING => Standing::Pending,
            FLAG_EVENT => Standing::Event,
            _ => return None,
        },
        id: *header[5..].first_chunk()?,
        at: Stamp(i64::from_le_bytes(*header[21..].first_chunk()?)),
        patient,
        body: Zeroizing::new(body.to_vec()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::locked::Locked;
    use super::*;

    proptest! {
        #[test]
        fn garbage_payload_is_refused_without_panic(payload in proptest::collection::vec(any::<u8>(), 0..200)) {
            let folder = tempfile::tempdir().expect("a folder");
            let sealer = Sealer::new(&[1; 32]);
            Keyring::create(folder.path(), &sealer).expect("a keyring");
            let keyring = Keyring::open(folder.path(), Locked::new(sealer)).expect("a keyring");
            let place = Place { journal: [0; 16], sequence: 7, position: 0 };
            for item in split(&payload).unwrap_or_default() {
                let _ = read(&payload[item], &place, &keyring);
            }
        }

        #[test]
        fn entry_round_trips(kind: u16, schema: u16, id: [u8; 16], at: i64, tombstone: bool, body: Vec<u8>) {
            let standing = [Standing::Kept, Standing::Pending, Standing::Event][usize::from(kind % 3)];
            let body = Zeroizing::new(body);
            let entry = Entry { kind, id, patient: None, at: Stamp(at), schema, body, tombstone, standing };
            let mut payload = Vec::new();
            let place = Place { journal: [0; 16], sequence: 7, position: 0 };
            push_entry(&mut payload, &entry, &place, None);
            push_taken(&mut payload, &[8; 16]);
            let items = split(&payload).expect("whole items");
            prop_assert_eq!(items.len(), 2);
            prop_assert_eq!(parse(&payload[items[0].clone()][ITEM_HEADER_BYTES..], None), Some(entry));
        }
    }

    #[test]
    fn debug_output_shows_no_content() {
        let entry = Entry {
            kind: 4,
            id: *b"sixteen secret b",
            patient: None,
            at: Stamp(0),
            schema: 1,
            body: Zeroizing::new(b"Ada".to_vec()),
            tombstone: false,
            standing: Standing::Kept,
        };
        assert_eq!(format!("{entry:?}"), "Entry(kind 4, 3 bytes)");
    }
}
