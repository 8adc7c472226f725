//! The vault keys there were, and which frames of the journal each of them sealed.
//!
//! The journal is never rewritten, so a new vault key does not make the older ones needless: the file `keychain` keeps
//! them, sealed under the newest, and from which frame on each was used. A vault whose key was never changed has none.

use std::path::Path;

use zeroize::Zeroizing;

use super::error::{Damage, VaultError};
use super::folder;
use super::key::{Purpose, SealedForm, Sealer, VaultKey};
use super::locked::Locked;

/// The file.
pub(super) const NAME: &str = "keychain";
const FORM: SealedForm = SealedForm { magic: b"BEDSCHAN", damage: Damage::Keychain };
/// The frame from which on a key is used, and the key.
const ENTRY_BYTES: usize = 8 + 32;
/// The newest key's frame stands alone: the key is the one that opens the file.
const LAST_BYTES: usize = 8;
/// Some thousand keys.
pub(super) const MAX_BYTES: u64 = 256 << 10;

/// Every vault key, and the frame from which on it is used; the newest last.
#[derive(Clone)]
pub(super) struct Keychain {
    older: Vec<(u64, VaultKey)>,
    newest: (u64, VaultKey),
}

impl Keychain {
    /// One key, from the first frame on.
    pub(super) fn of(key: VaultKey) -> Keychain {
        Keychain { older: Vec::new(), newest: (0, key) }
    }

    /// Reads the keychain of a vault.
    pub(super) fn open(dir: &Path, key: &VaultKey) -> Result<Keychain, VaultError> {
        match folder::read(&dir.join(NAME), MAX_BYTES)? {
            Some(file) => Keychain::decode(&file, key),
            None => Ok(Keychain::of(key.clone())),
        }
    }

    /// Reads the file; `key` is the newest.
    pub(super) fn decode(file: &[u8], key: &VaultKey) -> Result<Keychain, VaultError> {
        let plain = FORM.decode(&key.sealer(Purpose::Keychain), b"", file)?;
        let (older, last) = plain.split_at_checked(plain.len().wrapping_sub(LAST_BYTES)).ok_or(Damage::Keychain)?;
        let (entries, rest) = older.as_chunks::<ENTRY_BYTES>();
        if !rest.is_empty() {
            return Err(Damage::Keychain.into());
        }
        let from = |bytes: &[u8]| bytes.first_chunk().map(|bytes| u64::from_le_bytes(*bytes)).ok_or(Damage::Keychain);
        let mut chain = Keychain { older: Vec::new(), newest: (from(last)?, key.clone()) };
        for entry in entries {
            let key = VaultKey::from_bytes(entry[LAST_BYTES..].first_chunk().ok_or(Damage::Keychain)?);
            chain.older.push((from(entry)?, key));
        }
        if chain.all().map(|(from, _)| from).is_sorted() { Ok(chain) } else { Err(Damage::Keychain.into()) }
    }

    /// The file.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut plain = Zeroizing::new(Vec::with_capacity(self.older.len() * ENTRY_BYTES + LAST_BYTES));
        for (from, key) in &self.older {
            plain.extend_from_slice(&from.to_le_bytes());
            plain.extend_from_slice(key.as_bytes());
        }
        plain.extend_from_slice(&self.newest.0.to_le_bytes());
        FORM.encode(&self.newest.1.sealer(Purpose::Keychain), b"", &plain)
    }

    /// The same with a new key, used from this frame on.
    pub(super) fn with(&self, key: VaultKey, from: u64) -> Keychain {
        let older = self.all().map(|(from, key)| (from, key.clone())).collect();
        Keychain { older, newest: (from, key) }
    }

    /// The key that seals everything but older frames.
    pub(super) fn newest(&self) -> &VaultKey {
        &self.newest.1
    }

    /// The same for a journal that ends with the frame before this one: what follows is the newest key's.
    pub(super) fn ending_at(mut self, sequence: u64) -> Keychain {
        self.older.iter_mut().for_each(|(from, _)| *from = (*from).min(sequence));
        self.newest.0 = self.newest.0.min(sequence);
        self
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.older.len() + 1
    }

    /// Every key, the newest first.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = &VaultKey> {
        std::iter::once(&self.newest.1).chain(self.older.iter().rev().map(|(_, key)| key))
    }

    /// What seals and opens frames.
    pub(super) fn frames(&self) -> FrameSealer {
        FrameSealer(self.all().map(|(from, key)| (from, key.sealer(Purpose::Journal))).collect())
    }

    fn all(&self) -> impl Iterator<Item = (u64, &VaultKey)> {
        self.older.iter().chain(std::iter::once(&self.newest)).map(|(from, key)| (*from, key))
    }
}

/// Seals and opens frames, each under the key of its time.
#[derive(Clone)]
pub(super) struct FrameSealer(Vec<(u64, Locked<Sealer>)>);

impl FrameSealer {
    /// What seals the frame with this sequence number.
    pub(super) fn at(&self, sequence: u64) -> &Sealer {
        let used = self.0.iter().rev().find(|(from, _)| *from <= sequence);
        &used.or(self.0.first()).expect("a keychain has a key").1
    }
}

impl From<Locked<Sealer>> for FrameSealer {
    fn from(sealer: Locked<Sealer>) -> FrameSealer {
        FrameSealer(vec![(0, sealer)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_frame_has_the_key_of_its_time() {
        let keys: Vec<VaultKey> = (0..3).map(|_| VaultKey::random()).collect();
        let chain = Keychain::of(keys[0].clone()).with(keys[1].clone(), 5).with(keys[2].clone(), 9);
        let chain = Keychain::decode(&chain.encode(), &keys[2]).expect("read");
        for (sequence, key) in [(0, 0), (4, 0), (5, 1), (8, 1), (9, 2), (u64::MAX, 2)] {
            let sealed = keys[key].sealer(Purpose::Journal).seal(b"", b"frame");
            assert!(chain.frames().at(sequence).open(b"", &sealed).is_some(), "{sequence}");
        }
        assert!(chain.newest_first().zip(keys.iter().rev()).all(|(one, other)| one == other));
    }

    #[test]
    fn file_opens_with_the_newest_key_alone_and_is_refused_when_changed() {
        let keys: Vec<VaultKey> = (0..2).map(|_| VaultKey::random()).collect();
        let file = Keychain::of(keys[0].clone()).with(keys[1].clone(), 5).encode();
        assert!(matches!(Keychain::decode(&file, &keys[0]), Err(VaultError::Damaged(Damage::Keychain))));
        for byte in 0..file.len() {
            let mut changed = file.clone();
            changed[byte] ^= 1;
            assert!(Keychain::decode(&changed, &keys[1]).is_err(), "{byte}");
            assert!(Keychain::decode(&file[..byte], &keys[1]).is_err(), "{byte}");
        }
    }
}
