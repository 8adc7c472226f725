//! The patients' own keys, in one sealed file beside the journal and never in it: destroying a key
//! here makes everything sealed under it unreadable, wherever copies of the journal are.
//!
//! A key has a slot number, random like the key; the journal names the slot, not the patient.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::{Damage, VaultError};
use super::folder;
use super::key::{SealedForm, Sealer};
use super::locked::{Locked, Shelf};
use crate::base::id::PatientId;
use crate::base::random;

/// The file.
pub(super) const NAME: &str = "keyring";
const FORM: SealedForm = SealedForm { magic: b"BEDSKEYR", damage: Damage::Keyring };
/// State, slot, patient, key.
const ENTRY_BYTES: usize = 1 + 16 + 16 + 32;
const LIVE: u8 = 1;
const FORGOTTEN: u8 = 2;
/// A million patients; bounds what is read into memory.
const MAX_FILE_BYTES: u64 = 1_000_000 * ENTRY_BYTES as u64;

/// The random number under which the journal knows a patient's key.
pub(super) type Slot = [u8; 16];

/// What the keyring knows of a slot.
pub(super) enum Lookup<'a> {
    Key {
        patient: PatientId,
        sealer: &'a Sealer,
    },
    /// The key was destroyed on purpose.
    Forgotten,
    /// The keyring never had it: it is older than the journal.
    Unknown,
}

#[derive(Clone, Copy)]
struct Held {
    patient: PatientId,
    /// Where the key is.
    place: usize,
}

/// All patients' keys.
pub(super) struct Keyring {
    folder: PathBuf,
    seal: Locked<Sealer>,
    keys: Shelf<Sealer>,
    slots: HashMap<Slot, Option<Held>>,
    /// The slot, and where the key is.
    patients: HashMap<PatientId, (Slot, usize)>,
}

impl Keyring {
    /// Writes an empty keyring, durably.
    pub(super) fn create(folder: &Path, seal: &Sealer) -> Result<(), VaultError> {
        folder::replace(folder, NAME, &FORM.encode(seal, b"", &[]))
    }

    /// Reads the keyring.
    pub(super) fn open(folder: &Path, seal: Locked<Sealer>) -> Result<Keyring, VaultError> {
        let file = folder::read(&folder.join(NAME), MAX_FILE_BYTES)?.ok_or(Damage::Keyring)?;
        let plain = FORM.decode(&seal, b"", &file)?;
        let (entries, rest) = plain.as_chunks::<ENTRY_BYTES>();
        if !rest.is_empty() {
            return Err(Damage::Keyring.into());
        }
        let (folder, keys) = (folder.to_owned(), Shelf::new());
        let mut keyring = Keyring { folder, seal, keys, slots: HashMap::new(), patients: HashMap::new() };
        for entry in entries {
            keyring.read_entry(entry).ok_or(Damage::Keyring)?;
        }
        Ok(keyring)
    }

    fn read_entry(&mut self, entry: &[u8; ENTRY_BYTES]) -> Option<()> {
        let slot: Slot = *entry[1..].first_chunk()?;
        match entry[0] {
            LIVE => self.hold(slot, PatientId::from_bytes(*entry[17..].first_chunk()?), entry[33..].first_chunk()?),
            FORGOTTEN => {
                self.slots.insert(slot, None);
            }
            _ => return None,
        }
        Some(())
    }

    fn hold(&mut self, slot: Slot, patient: PatientId, key: &[u8; 32]) {
        let place = self.keys.put(Sealer::new(key));
        self.slots.insert(slot, Some(Held { patient, place }));
        self.patients.insert(patient, (slot, place));
    }

    /// Makes keys for those patients that have none; durable when it returns.
    pub(super) fn ensure(&mut self, patients: impl Iterator<Item = PatientId>) -> Result<(), VaultError> {
        let keyless: HashSet<PatientId> = patients.filter(|patient| !self.patients.contains_key(patient)).collect();
        if keyless.is_empty() {
            return Ok(());
        }
        self.slots.reserve(keyless.len());
        self.patients.reserve(keyless.len());
        for patient in &keyless {
            self.hold(random::once(), *patient, &Zeroizing::new(random::bytes()));
        }
        let written = self.write();
        if written.is_err() {
            // A key that is not on disk must not seal anything.
            for (slot, place) in keyless.iter().filter_map(|patient| self.patients.remove(patient)) {
                self.slots.remove(&slot);
                self.keys.drop_at(place);
            }
        }
        written
    }

    /// An older file would still hold the keys that are destroyed one day, so none is left in the free space of a disk.
    fn write(&self) -> Result<(), VaultError> {
        folder::replace_and_wipe(&self.folder, NAME, &self.encode())
    }

    fn encode(&self) -> Vec<u8> {
        self.encode_under(&self.seal)
    }

    fn encode_under(&self, seal: &Sealer) -> Vec<u8> {
        let mut plain = Zeroizing::new(Vec::with_capacity(self.slots.len() * ENTRY_BYTES));
        for (slot, held) in &self.slots {
            let held = held.and_then(|held| Some((held.patient, self.keys.get(held.place)?)));
            plain.push(if held.is_some() { LIVE } else { FORGOTTEN });
            plain.extend_from_slice(slot);
            match held {
                Some((patient, key)) => {
                    plain.extend_from_slice(patient.as_bytes());
                    plain.extend_from_slice(key.key());
                }
                None => plain.extend_from_slice(&[0; 48]),
            }
        }
        FORM.encode(seal, b"", &plain)
    }

    /// Writes the keyring into another folder, under another key.
    pub(super) fn write_anew(&self, folder: &Path, seal: &Sealer) -> Result<(), VaultError> {
        folder::replace(folder, NAME, &self.encode_under(seal))
    }

    /// Who has a key.
    pub(super) fn patients(&self) -> impl Iterator<Item = PatientId> {
        self.patients.keys().copied()
    }

    /// A patient's slot and sealer; `None` before `ensure`.
    pub(super) fn of(&self, patient: PatientId) -> Option<(Slot, &Sealer)> {
        let (slot, place) = self.patients.get(&patient)?;
        Some((*slot, self.keys.get(*place)?))
    }

    /// Whose slot this is.
    pub(super) fn look_up(&self, slot: &Slot) -> Lookup<'_> {
        let Some(held) = self.slots.get(slot) else { return Lookup::Unknown };
        match held.and_then(|held| Some((held.patient, self.keys.get(held.place)?))) {
            Some((patient, sealer)) => Lookup::Key { patient, sealer },
            None => Lookup::Forgotten,
        }
    }

    /// Takes slots whose keys are lost for those of patients who were forgotten; durable when it returns.
    pub(super) fn renounce(&mut self, slots: impl Iterator<Item = Slot>) -> Result<(), VaultError> {
        self.slots.extend(slots.map(|slot| (slot, None)));
        self.write()
    }

    /// How many patients have a key.
    pub(super) fn len(&self) -> usize {
        self.patients.len()
    }

    /// How many keys were destroyed.
    pub(super) fn destroyed(&self) -> usize {
        self.slots.len() - self.patients.len()
    }

    /// Destroys the keys of these patients for ever; durable when it returns. Who has none is passed
    /// over. How many keys that were.
    pub(super) fn forget(&mut self, patients: &[PatientId]) -> Result<usize, VaultError> {
        let mut held = Vec::new();
        for patient in patients {
            if let Some((slot, place)) = self.patients.remove(patient) {
                self.slots.insert(slot, None);
                held.push((*patient, slot, place));
            }
        }
        if held.is_empty() {
            return Ok(0);
        }
        match self.write() {
            Ok(()) => {
                held.iter().for_each(|(_, _, place)| self.keys.drop_at(*place));
                Ok(held.len())
            }
            Err(error) => {
                // What is still on the disk is not forgotten.
                for (patient, slot, place) in held {
                    self.slots.insert(slot, Some(Held { patient, place }));
                    self.patients.insert(patient, (slot, place));
                }
                Err(error)
            }
        }
    }
}
