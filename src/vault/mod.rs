//! The vault: an append-only journal is the truth, an index over it is disposable.
//!
//! Refuses to be: a network service, a user interface, a place that knows what a record means.
//! Entries come in through [`Vault::commit`] and are durable when it returns; they leave through
//! [`Vault::get`], [`Vault::list`], [`Vault::list_of`] and [`Vault::history`]. While it is locked,
//! [`LockedVault::spool`] takes in what arrives. Blocking calls, no threads; the caller gives it
//! one of its own.
//!
//! # On disk
//!
//! Everything a reader needs; `bedside-vault(5)` tells the same to those who write one, with what a
//! backup looks like. Integers are little-endian unless said otherwise; `seal(k, a, p)` is
//! a random nonce (24), then XChaCha20-Poly1305 of `p` with associated data `a`, tag (16) last;
//! hashes are BLAKE3. Folders have mode 0700, files 0600.
//!
//! ```text
//! lock                        held with flock by the one process that has the vault
//! keyslot/passphrase.age      age file, scrypt:  "bedside-vault-key-1:" 64 hex digits, newline;
//!                             with a second factor such an age file inside one with X25519
//! keyslot/recovery.age        age file, X25519:  the same
//! keyslot/NAME.age            age file, X25519:  the same, for any other way in
//! keyslot/NAME.pub            age recipients, text: what NAME.age is sealed to, see `keyslot`
//! keyslot/NAME.key            age file to a plugin's recipient: the identity for NAME.age
//! inbox.pub                   age recipient, text
//! inbox.key                   sealed file BEDSINBX: the age identity, text
//! keyring                     sealed file BEDSKEYR: the patients' keys
//! keychain                    sealed file BEDSCHAN: older vault keys; only where there are any
//! head                        two slots, each a sealed file BEDSHEAD in a page of 4096
//! journal/NNNNNN.bj           segments, from 000001
//! conversation/NAME.bc        sealed file BEDSCONV, one per conversation
//! spool/COUNTER-ID.age        what arrived while locked, see `spool`
//! attempts, attempts-N        wrong passphrases in a row, text, see `attempt`
//! rotation/                   what a new vault key left to be put in its place, see `rotate`
//! index/                      sled; may be deleted at any time, see `index`
//! *.new                       half-written, to be ignored
//! ```
//!
//! **Keys.** The vault key (32) gives one subkey per purpose: HKDF-SHA256, no salt, info
//! `bedside vault v1 ` and one of `journal`, `head`, `keyring`, `index name`, `conversation`,
//! `conversation name`, `inbox`, `backup`, `keyslot`, `keychain`.
//!
//! **Sealed file**, version 1: magic (8), version (2), `seal(subkey, magic ‖ version ‖ context,
//! content)`. The context is the conversation's id (16) for BEDSCONV, empty otherwise.
//!
//! - BEDSKEYR content: per patient state (1: 1 live, 2 forgotten), slot (16, random), patient id
//!   (16), key (32); patient and key are zeros once forgotten.
//! - BEDSCHAN content: per older vault key the first frame it sealed (8) and the key (32), the oldest
//!   first; then the first frame the newest sealed (8). Everything but frames is under the newest.
//! - BEDSHEAD content: generation (8), journal id (16), sequence (8), hash (32). The slot with the
//!   higher generation counts; `head` says what the head promises and what not.
//! - NAME of a conversation: keyed BLAKE3 of `c` ‖ id, the first 16 bytes, as 32 hex digits.
//!
//! **Segment**, version 1: header (96): `BEDSJRNL` (8), version (2), zeros (2), segment number
//! (4, from 1), journal id (16), sequence of its first frame (8), hash of the last frame before it
//! (32, zeros in the first segment), zeros (24). Then frames without gaps, then zeros: space that
//! is reserved for what comes.
//!
//! **Frame**, one per commit:
//!
//! ```text
//!  0   4  BE D5 1D F7
//!  4   4  length of ciphertext and tag, 16 to 32 MiB + 16
//!  8   8  sequence, from 0, without gaps across segments
//! 16  32  hash of the frame before, all of its bytes; for the first of a segment, of its header
//! 48  24  nonce
//! 72      ciphertext, tag (16)
//! ```
//!
//! The associated data is the journal id (16) and the bytes 0 to 47. One frame is outstanding at a
//! time, and acknowledged after fdatasync. What a bad frame means is told in `scan`: a torn last
//! write is cut off and reported, anything else is [`VaultError::Damaged`].
//!
//! **Payload** of a frame: items without gaps, each tag (1), length (4), body:
//!
//! - 1, an entry that speaks of no patient: the entry;
//! - 2, an entry of a patient: slot (16), `seal(patient's key, journal id (16) ‖ sequence (8) ‖
//!   position in the frame (4, from 0) ‖ slot (16), entry)`;
//! - 3: the spooled thing with this id (16) was taken into the journal with this frame.
//!
//! **Entry**: kind (2), schema (2), flags (1: bit 0 tombstone, bit 1 it waits for somebody, bit 2 it
//! is an event and has no later version), id (16), stamp (8, signed ms since the Unix epoch), body to
//! the end. The newest entry of a kind and id is the record's version.
//!
//! What stands apart under a key of its own, see `compartment`, is sealed once more in its entry's body.
//!
//! # Syncs
//!
//! A commit costs one fdatasync. Besides: one per MiB of journal for the space reserved ahead, two
//! per 64 MiB for a new segment, three for a patient's first entry (keyring). The head is written
//! without waiting and synced by [`Vault::settle`]; the index is never synced.

mod attempt;
mod backup;
mod compartment;
mod conversation;
mod entry;
mod error;
mod fill;
mod folder;
mod forget;
mod frame;
mod frames;
mod head;
mod index;
mod journal;
mod key;
mod keychain;
mod keyring;
mod keyslot;
mod locked;
mod opening;
mod page;
pub mod passphrase;
mod rotate;
mod scan;
mod spool;
mod store;
#[cfg(test)]
mod tests;
mod verify;

use std::path::PathBuf;
use std::sync::Arc;

use zeroize::Zeroizing;

pub use backup::{
    BackupComparison, BackupPoint, BackupRefused, BackupReport, KeyringBackup, Made, RestoreReport, Restoring,
    check_apart, restore, sweep_scratch,
};
pub use compartment::CompartmentKey;
pub use entry::{Entry, Stored};
pub use error::{Damage, VaultError};
pub use journal::{Watermark, begin_segments_after};
pub use keyslot::{Factor, Holder, Kdf, Keyslot, RecoveryKey, SealTo, Secret, SlotKind, keyslots};
pub use opening::{LockedVault, OpenReport, Refused};
pub use spool::{Drained, MAX_SPOOLED_BYTES, Spooled};
pub use verify::{Check, Checked, VerifyReport};

use crate::base::Stamp;
use crate::base::id::PatientId;
use crate::record::Standing;
use conversation::Conversations;
use entry::Item;
use fill::Source;
use folder::Lock;
use frame::MAX_PAYLOAD_BYTES;
use frames::Frames;
use head::HeadFile;
use index::{Index, Mark, Span, Version};
use journal::{Journal, Shape, Use};
use key::VaultKey;
use keychain::Keychain;
use keyring::Keyring;
use keyslot::InboxKey;
use spool::Spool;
use store::Lost;

/// How many records are read at once where all are wanted.
const EACH_AT_ONCE: usize = 256;

/// The records of a kind that are still to be read, see [`Vault::roll`]; the next one last.
pub struct Roll(Vec<Version>);

impl Roll {
    /// Whether everything was read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An open vault. Dropping it settles and locks it.
pub struct Vault {
    dir: PathBuf,
    spool: Spool,
    shape: Shape,
    key: VaultKey,
    keychain: Keychain,
    inbox: InboxKey,
    keyring: Keyring,
    journal: Journal,
    head: HeadFile,
    index: Index,
    frames: Frames,
    conversations: Conversations,
    /// A new key is in place which this one does not know: nothing may be written any more.
    spent: bool,
    /// Given back last, when everything else is closed.
    lock: Arc<Lock>,
}

/// Figures about an open vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    /// Commits in the journal.
    pub frames: u64,
    /// Segments of the journal.
    pub segments: u32,
    /// Patients that have a key.
    pub patients: usize,
    /// Things in the spool.
    pub spooled: usize,
    /// How often the journal waited for the disk since it was opened.
    pub journal_syncs: u64,
    /// Space for the next commits could not be reserved: the disk is nearly full.
    pub disk_low: bool,
    /// The index lives in memory because the disk did not take it.
    pub index_in_memory: bool,
}

impl Vault {
    /// Keeps entries, all or none, as one frame; durable when it returns. Entries of a patient who
    /// has no key yet make one. At most 32 MiB at once.
    pub fn commit(&mut self, entries: &[Entry]) -> Result<Watermark, VaultError> {
        if entries.is_empty() {
            return Ok(self.head());
        }
        self.write(entries, None)
    }

    /// Keeps what came of a spooled thing, and with it, in the same frame, that it was taken; then
    /// removes it from the spool. After a crash in between it is not handed out again.
    pub fn commit_spooled(&mut self, id: &[u8; 16], entries: &[Entry]) -> Result<Watermark, VaultError> {
        let mark = self.write(entries, Some(id))?;
        self.spool.remove(id)?;
        Ok(mark)
    }

    fn write(&mut self, entries: &[Entry], taken: Option<&[u8; 16]>) -> Result<Watermark, VaultError> {
        let bytes: u64 = entries.iter().map(|entry| entry.body.len() as u64).sum();
        let limit = MAX_PAYLOAD_BYTES as u64;
        if bytes > limit {
            return Err(VaultError::TooLarge { bytes, limit });
        }
        self.check_whole()?;
        self.keyring.ensure(entries.iter().filter_map(|entry| entry.patient))?;
        let head = self.head_now();
        // Room for all of it: growing would leave a copy behind.
        let room = bytes as usize + (entries.len() + 1) * entry::AROUND_BYTES;
        let mut payload = Zeroizing::new(Vec::with_capacity(room));
        for (position, entry) in (0..).zip(entries) {
            let place = entry::Place { journal: head.journal, sequence: head.sequence, position };
            let key = entry.patient.and_then(|patient| self.keyring.of(patient));
            entry::push_entry(&mut payload, entry, &place, key);
        }
        if let Some(id) = taken {
            entry::push_taken(&mut payload, id);
        }
        let events = taken.is_none() && entries.iter().all(|entry| entry.standing == Standing::Event);
        let what = if events { Use::Events } else { Use::Records };
        let (watermark, location) = self.journal.append(&payload, what)?;
        // The entries are durable. What follows only saves work later, and is made good when the
        // vault is opened again.
        let _ = self.head.advance(&watermark);
        for (position, entry) in (0..).zip(entries) {
            self.index.note(entry, &Version::of(entry, head.sequence, position, location));
        }
        self.index.end_frame(head.sequence, location);
        if let Some(id) = taken {
            self.index.note_taken(id);
        }
        if self.index.flush(&Mark { watermark, segment: location.segment }).is_err() {
            self.index.lose();
        }
        Ok(watermark)
    }

    /// The newest version of a record; `None` when there is none or it ends in a tombstone.
    pub fn get(&mut self, kind: u16, id: &[u8; 16]) -> Result<Option<Stored>, VaultError> {
        let mut found = self.ask(|index| Ok(index.get(kind, id)?.into_iter().filter(stands).collect()))?;
        Ok(found.pop())
    }

    /// The newest versions of all records of a kind, by the time they were written. No tombstones.
    pub fn list(&mut self, kind: u16) -> Result<Vec<Stored>, VaultError> {
        self.ask(|index| Ok(index.versions(kind)?.into_iter().filter(stands).collect()))
    }

    /// As [`Vault::list`], one after the other, so that not all are in memory at once, until `take`
    /// says that it is enough.
    pub fn each(&mut self, kind: u16, take: &mut dyn FnMut(Stored) -> bool) -> Result<(), VaultError> {
        let mut roll = self.roll(kind)?;
        while !roll.is_empty() {
            if !self.read_on(&mut roll, EACH_AT_ONCE)?.into_iter().all(&mut *take) {
                break;
            }
        }
        Ok(())
    }

    /// As [`Vault::list`], to be read little by little.
    pub fn roll(&mut self, kind: u16) -> Result<Roll, VaultError> {
        let mut versions = self.ask_where(|index| index.versions(kind))?;
        versions.retain(stands);
        versions.reverse();
        Ok(Roll(versions))
    }

    /// The next records of a roll, as they were when it was begun: of so many, those that can still be read.
    pub fn read_on(&mut self, roll: &mut Roll, most: usize) -> Result<Vec<Stored>, VaultError> {
        let mut next = roll.0.split_off(roll.0.len().saturating_sub(most));
        next.reverse();
        // Where things stand does not change; a place that is not as it was is told by asking.
        self.ask(|_| Ok(next.clone()))
    }

    /// The newest versions of one patient's records of a kind, by the time they were written.
    pub fn list_of(&mut self, patient: PatientId, kind: u16) -> Result<Vec<Stored>, VaultError> {
        let mut found = self.ask(|index| Ok(index.versions_of(patient, kind)?.into_iter().filter(stands).collect()))?;
        // A record may have moved to another patient since.
        found.retain(|stored| stored.entry.patient == Some(patient));
        Ok(found)
    }

    /// The newest versions of those records of a kind that wait for somebody, by the time they were
    /// written.
    pub fn pending(&mut self, kind: u16) -> Result<Vec<Stored>, VaultError> {
        self.ask(|index| index.pending(kind))
    }

    /// Every event of a kind, in the order of the journal.
    pub fn history(&mut self, kind: u16) -> Result<Vec<Stored>, VaultError> {
        self.history_after(kind, None, usize::MAX)
    }

    /// As [`Vault::history`], at most `limit` behind the sequence and position of the last
    /// one seen: for reading in pages.
    pub fn history_after(
        &mut self,
        kind: u16,
        after: Option<(u64, u32)>,
        limit: usize,
    ) -> Result<Vec<Stored>, VaultError> {
        self.ask(|index| index.history(kind, Span::After(after), limit))
    }

    /// The newest first: at most `limit` before the sequence and position of the last one
    /// seen.
    pub fn history_before(
        &mut self,
        kind: u16,
        before: Option<(u64, u32)>,
        limit: usize,
    ) -> Result<Vec<Stored>, VaultError> {
        self.ask(|index| index.history(kind, Span::Before(before), limit))
    }

    /// Makes the keys of those patients who have none; durable when it returns. Commits do it for theirs, but each that
    /// makes one writes down all keys there are: before many commits, this is better done once.
    pub fn ensure_patient_keys(&mut self, patients: impl IntoIterator<Item = PatientId>) -> Result<(), VaultError> {
        self.check_whole()?;
        self.keyring.ensure(patients.into_iter())
    }

    /// How far the journal has come.
    pub fn head(&self) -> Watermark {
        self.journal.watermark()
    }

    /// Waits until the head is on the disk, too. To be called when nobody waits.
    pub fn settle(&mut self) -> Result<(), VaultError> {
        self.head.settle()
    }

    /// What arrived while the vault was locked and was not yet taken, in order.
    pub fn spooled(&mut self) -> Result<Drained, VaultError> {
        let mut drained = self.spool.read(&self.inbox)?;
        let mut waiting = Vec::with_capacity(drained.items.len());
        for item in drained.items {
            if self.ask_where(|index| index.is_taken(&item.id))? {
                self.spool.remove(&item.id)?;
            } else {
                waiting.push(item);
            }
        }
        drained.items = waiting;
        Ok(drained)
    }

    /// The state last stored for a conversation.
    pub fn load_conversation(&self, id: &[u8; 16]) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.conversations.load(id)
    }

    /// Puts a conversation's state in place of the one before; durable when it returns.
    pub fn store_conversation(&mut self, id: &[u8; 16], state: &[u8]) -> Result<(), VaultError> {
        self.check_whole()?;
        self.conversations.store(id, state)
    }

    /// Asks for a secret again, with the same delays as unlocking.
    pub fn confirm(&self, secret: Secret<'_>, now: Stamp) -> Result<(), VaultError> {
        let key = opening::try_secret(&self.dir, secret, now)?;
        // A slot from another vault opens as well, but not this one.
        if key == self.key { Ok(()) } else { Err(Damage::Keyslot.into()) }
    }

    /// Refuses where a write would come too late.
    fn check_whole(&self) -> Result<(), VaultError> {
        if self.spent { Err(VaultError::Broken) } else { Ok(()) }
    }

    /// Figures.
    pub fn stats(&self) -> Stats {
        Stats {
            frames: self.head().sequence,
            segments: self.journal.segment(),
            patients: self.keyring.len(),
            spooled: self.spool.len(),
            journal_syncs: self.journal.syncs(),
            disk_low: self.journal.is_low(),
            index_in_memory: self.index.is_in_memory(),
        }
    }

    /// Asks the index where something stands and reads it there; and again, after rebuilding the
    /// index, where it is not.
    fn ask(&mut self, question: impl Fn(&Index) -> Result<Vec<Version>, Lost>) -> Result<Vec<Stored>, VaultError> {
        for _ in 0..2 {
            let versions = self.ask_where(&question)?;
            let found = self.load(&versions)?;
            self.frames.rest();
            match found {
                Ok(found) => return Ok(found),
                Err(Lost) => self.rebuild(&mut |_, _| {})?,
            }
        }
        // Rebuilt, and at once lost again: nothing but a bug does that.
        Err(VaultError::Broken)
    }

    /// Asks the index alone; and again, after rebuilding it, when it cannot answer.
    fn ask_where<T>(&mut self, question: impl Fn(&Index) -> Result<T, Lost>) -> Result<T, VaultError> {
        match question(&self.index) {
            Ok(answer) => Ok(answer),
            Err(Lost) => {
                self.rebuild(&mut |_, _| {})?;
                question(&self.index).map_err(|Lost| VaultError::Broken)
            }
        }
    }

    /// Reads what stands in these places, without what belongs to forgotten patients.
    fn load(&mut self, versions: &[Version]) -> Result<Result<Vec<Stored>, Lost>, VaultError> {
        let journal = self.journal.id();
        let mut found = Vec::with_capacity(versions.len());
        for version in versions {
            let Version { sequence, position, .. } = *version;
            let Ok(item) = self.frames.item(version) else { return Ok(Err(Lost)) };
            match entry::read(item, &entry::Place { journal, sequence, position }, &self.keyring)? {
                Item::Entry(entry) => found.push(Stored { entry, sequence, position }),
                Item::Taken(_) => return Ok(Err(Lost)),
                Item::Forgotten => {}
            }
        }
        Ok(Ok(found))
    }

    /// Makes the index anew from the journal. Where the journal is damaged, the index stays as it
    /// is: what else it knows can still be read.
    fn rebuild(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<(), VaultError> {
        if !self.index.is_lost() {
            self.check_journal()?;
        }
        let folder = self.dir.join(opening::JOURNAL);
        let sealer = self.keychain.frames();
        let head = self.head_now();
        let source = Source { folder: &folder, sealer: &sealer, keyring: &self.keyring, head: &head };
        fill::rebuild(source, &mut self.index, progress).map(|_| ())
    }

    /// Reads the whole journal for damage.
    fn check_journal(&self) -> Result<(), VaultError> {
        let sealer = self.keychain.frames();
        scan::scan(&self.dir.join(opening::JOURNAL), &sealer, &self.head_now(), scan::ALL, &mut |_| Ok(())).map(|_| ())
    }
}

/// Whether a version is there to be read.
fn stands(version: &Version) -> bool {
    !version.tombstone
}

impl Drop for Vault {
    fn drop(&mut self) {
        // Best effort: an unsettled head is found behind at the next opening, which is harmless.
        let _ = self.head.settle();
    }
}
