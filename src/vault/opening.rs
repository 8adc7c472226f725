//! Making a vault, and the two states it can be in: locked and open.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::attempt::{self, Door};
use super::conversation::{self, Conversations};
use super::error::{VaultError, io};
use super::fill::{self, Filled, Source};
use super::folder::Lock;
use super::frames::Frames;
use super::head::HeadFile;
use super::index::Index;
use super::journal::{Journal, Shape};
use super::key::{Purpose, VaultKey};
use super::keychain::Keychain;
use super::keyring::Keyring;
use super::keyslot::{self, InboxKey, Kdf, RecoveryKey, Secret};
use super::spool::{self, Spool, Spooled};
use super::{Vault, folder, rotate};
use crate::base::{Stamp, random};

pub(super) const JOURNAL: &str = "journal";
pub(super) const INDEX: &str = "index";

/// What was found when the vault was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenReport {
    /// Frames in the journal.
    pub frames: u64,
    /// Bytes of an unfinished, never acknowledged write that were cut off; 0 after an orderly end.
    pub torn_bytes: u64,
    /// Frames the index did not know and that were read again.
    pub replayed: u64,
    /// The index was made anew from the whole journal.
    pub rebuilt: bool,
    /// Not even an empty index could be written; it lives in memory until the vault closes.
    pub index_in_memory: bool,
    /// How many of the head's two slots could be read; 1 after a torn write of the head.
    pub head_slots: usize,
    /// How many frames the head was behind the journal: more than 0 after a crash.
    pub head_behind: u64,
    /// How many things arrived while the vault was locked.
    pub spooled: usize,
}

/// A vault whose keys are not in memory. It holds the lock and takes in what arrives.
pub struct LockedVault {
    dir: PathBuf,
    lock: Arc<Lock>,
    spool: Spool,
    pub(super) shape: Shape,
}

/// An unlocking that was refused, and the vault, still locked.
pub struct Refused {
    /// Still locked, still holding the lock.
    pub locked: LockedVault,
    /// Why.
    pub error: VaultError,
}

impl std::fmt::Debug for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Refused({:?})", self.error)
    }
}

impl LockedVault {
    /// Takes the lock of an existing vault. Refuses a folder that others may enter.
    pub fn open(dir: &Path) -> Result<LockedVault, VaultError> {
        if !keyslot::exists(dir) {
            return Err(VaultError::Missing);
        }
        folder::check_private(dir)?;
        let lock = Arc::new(folder::lock(dir)?);
        rotate::finish(dir)?;
        let spool = Spool::open(dir)?;
        Ok(LockedVault { dir: dir.to_owned(), lock, spool, shape: Shape::default() })
    }

    /// Keeps something until the vault is unlocked; durable when it returns. The same id twice is
    /// kept once. At most 20,000 things and 256 MiB wait.
    pub fn spool(&mut self, item: &Spooled) -> Result<(), VaultError> {
        self.spool.push(item)
    }

    /// How many things wait.
    pub fn spooled(&self) -> usize {
        self.spool.len()
    }

    /// Opens the vault. `progress` is told bytes done and bytes in all while the journal is read.
    ///
    /// Wrong passphrases cost time: within the delay nothing is tried and `TryLater` says how long
    /// to wait. A recovery key or an identity cannot be guessed and is always tried.
    pub fn unlock(
        self,
        secret: Secret<'_>,
        now: Stamp,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(Vault, OpenReport), Box<Refused>> {
        match try_secret(&self.dir, secret, now) {
            Ok(key) => self.unlock_with(key, progress),
            Err(error) => Err(Box::new(Refused { locked: self, error })),
        }
    }

    pub(super) fn unlock_with(
        self,
        key: VaultKey,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(Vault, OpenReport), Box<Refused>> {
        let opened = Opened::read(&self.dir, &key, self.shape, progress);
        match opened {
            Ok((opened, report)) => {
                let report = OpenReport { spooled: self.spool.len(), ..report };
                let Opened { keychain, inbox, keyring, journal, head, index, frames, conversations } = opened;
                let LockedVault { dir, lock, spool, shape } = self;
                let vault = Vault {
                    dir,
                    lock,
                    spool,
                    shape,
                    key,
                    keychain,
                    inbox,
                    keyring,
                    journal,
                    head,
                    index,
                    frames,
                    conversations,
                    spent: false,
                };
                Ok((vault, report))
            }
            Err(error) => Err(Box::new(Refused { locked: self, error })),
        }
    }
}

/// Tries a secret, counting wrong passphrases.
pub(super) fn try_secret(dir: &Path, secret: Secret<'_>, now: Stamp) -> Result<VaultKey, VaultError> {
    let key = keyslot::open(dir, secret, &mut || attempt::begin(dir, Door::Vault, now))?;
    attempt::clear(dir, Door::Vault)?;
    Ok(key)
}

/// What a key opens.
pub(super) struct Opened {
    keychain: Keychain,
    inbox: InboxKey,
    keyring: Keyring,
    journal: Journal,
    head: HeadFile,
    index: Index,
    frames: Frames,
    conversations: Conversations,
}

impl Opened {
    pub(super) fn read(
        dir: &Path,
        key: &VaultKey,
        shape: Shape,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(Opened, OpenReport), VaultError> {
        let inbox = InboxKey::open(dir, &key.sealer(Purpose::Inbox))?;
        let keyring = Keyring::open(dir, key.sealer(Purpose::Keyring))?;
        let (mut head_file, head, head_slots) = HeadFile::open(dir, key.sealer(Purpose::Head))?;
        let mut index = Index::open(&dir.join(INDEX), key.namer(Purpose::IndexName));
        let folder = dir.join(JOURNAL);
        let keychain = Keychain::open(dir, key)?;
        let sealer = keychain.frames();
        let source = Source { folder: &folder, sealer: &sealer, keyring: &keyring, head: &head };
        let Filled { tail, replayed, rebuilt } = fill::catch_up(source, &mut index, progress)?;
        let frames = Frames::new(&folder, head.journal, sealer.clone());
        let journal = Journal::resume(&folder, head.journal, sealer, shape, &tail)?;
        if head.sequence < tail.next {
            head_file.advance(&journal.watermark())?;
        }
        head_file.settle()?;
        let conversations =
            Conversations::open(dir, key.namer(Purpose::ConversationName), key.sealer(Purpose::Conversation));
        let report = OpenReport {
            frames: tail.next,
            torn_bytes: tail.torn_bytes,
            replayed,
            rebuilt,
            index_in_memory: index.is_in_memory(),
            head_slots,
            head_behind: tail.next - head.sequence,
            spooled: 0,
        };
        Ok((Opened { keychain, inbox, keyring, journal, head: head_file, index, frames, conversations }, report))
    }
}

impl Vault {
    /// Goes on with what a new key opens, after everything was sealed anew.
    pub(super) fn take_over(&mut self, key: VaultKey, opened: Opened) {
        let Opened { keychain, inbox, keyring, journal, head, index, frames, conversations } = opened;
        (self.key, self.keychain, self.inbox, self.keyring) = (key, keychain, inbox, keyring);
        (self.journal, self.head, self.index, self.frames) = (journal, head, index, frames);
        self.conversations = conversations;
    }

    /// Whether there is a vault in this folder.
    pub fn exists(dir: &Path) -> bool {
        keyslot::exists(dir)
    }

    /// Makes a vault in a folder that does not exist or is empty. It appears whole or not at all.
    pub fn create(dir: &Path, passphrase: &str, kdf: Kdf, now: Stamp) -> Result<(Vault, RecoveryKey), VaultError> {
        let occupied = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
        if occupied || dir.is_file() {
            return Err(VaultError::Exists);
        }
        let dir = &std::path::absolute(dir).map_err(io("find the folder"))?;
        let parent = dir.parent().ok_or(VaultError::Exists)?;
        fs::create_dir_all(parent).map_err(io("create a folder"))?;
        let suffix = data_encoding::HEXLOWER.encode(&random::bytes::<8>());
        let fresh = parent.join(format!(".bedside-{suffix}.new"));
        let key = VaultKey::random();
        let made = lay_out(&fresh, &key, passphrase, kdf, now).and_then(|recovery| {
            fs::rename(&fresh, dir).map_err(io("rename the vault folder"))?;
            Ok(recovery)
        });
        if made.is_err() {
            // Best effort: what is left holds no data and no key that opens anything.
            let _ = fs::remove_dir_all(&fresh);
        }
        let recovery = made?;
        folder::sync(parent)?;
        let (vault, _) = LockedVault::open(dir)?.unlock_with(key, &mut |_, _| {}).map_err(|refused| refused.error)?;
        Ok((vault, recovery))
    }

    /// Opens a vault in one step: [`LockedVault::open`] and [`LockedVault::unlock`].
    pub fn open(
        dir: &Path,
        secret: Secret<'_>,
        now: Stamp,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(Vault, OpenReport), VaultError> {
        LockedVault::open(dir)?.unlock(secret, now, progress).map_err(|refused| refused.error)
    }

    /// Closes the vault and opens it again, without a secret: after [`VaultError::Broken`] or
    /// [`VaultError::DiskFull`], to find out what the disk holds.
    pub fn reopen(self, progress: &mut dyn FnMut(u64, u64)) -> Result<(Vault, OpenReport), VaultError> {
        let key = self.key.clone();
        self.lock()?.unlock_with(key, progress).map_err(|refused| refused.error)
    }

    /// Forgets the keys and keeps the lock. Memory that held keys is wiped where it is ours; only
    /// a new process image is sure to hold nothing.
    pub fn lock(self) -> Result<LockedVault, VaultError> {
        let lock = self.lock.clone();
        let (dir, shape) = (self.dir.clone(), self.shape);
        drop(self);
        let spool = Spool::open(&dir)?;
        Ok(LockedVault { dir, lock, spool, shape })
    }
}

/// Writes all of an empty vault; the keyslots last.
fn lay_out(dir: &Path, key: &VaultKey, passphrase: &str, kdf: Kdf, now: Stamp) -> Result<RecoveryKey, VaultError> {
    folder::create(dir)?;
    for name in [JOURNAL, keyslot::FOLDER, conversation::FOLDER, spool::FOLDER] {
        folder::create(&dir.join(name))?;
    }
    let journal = random::bytes();
    folder::create_file(&dir.join("lock"))?;
    InboxKey::create(dir, &key.sealer(Purpose::Inbox))?;
    Keyring::create(dir, &key.sealer(Purpose::Keyring))?;
    Journal::create(&dir.join(JOURNAL), journal, Shape::default())?;
    HeadFile::create(dir, &key.sealer(Purpose::Head), journal)?;
    let recovery = keyslot::create(dir, key, passphrase, kdf, now)?;
    folder::sync(dir)?;
    Ok(recovery)
}
