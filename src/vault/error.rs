//! What can go wrong with a vault. Variants carry numbers and ids, never content.

use std::io;

/// Why the vault refused.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The folder holds no vault.
    #[error("there is no vault here")]
    Missing,
    /// `create` was asked to write where something already is.
    #[error("the folder is not empty")]
    Exists,
    /// Another process holds the vault's lock.
    #[error("another process has this vault open")]
    InUse,
    /// Group or others may enter the vault's folder.
    #[error("the vault folder is open to other users (mode {mode:03o}, should be 700)")]
    Exposed {
        /// The folder's permission bits.
        mode: u32,
    },
    /// The vault's folder is another user's.
    #[error("the vault folder belongs to another user")]
    Foreign,
    /// The passphrase does not open the keyslot (or the keyslot is damaged: age cannot tell).
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The recovery key is not one, or not this vault's.
    #[error("wrong recovery key")]
    WrongRecoveryKey,
    /// The identity is none that a keyslot is sealed to.
    #[error("the identity opens no keyslot of this vault")]
    WrongIdentity,
    /// The identity fits, and is a second factor.
    #[error("the identity is a second factor: the passphrase is needed, too")]
    PassphraseMissing,
    /// The passphrase has a second factor, which was not given.
    #[error("the passphrase has a second factor, which is needed first")]
    FactorMissing,
    /// No keyslot asks for a passphrase.
    #[error("this vault has no passphrase")]
    NoPassphrase,
    /// There is no recovery key that something could be sealed to.
    #[error("this vault has no recovery key, or none whose public half is proven")]
    NoRecoveryKey,
    /// Nothing can be sealed to this recipient.
    #[error("this is no age recipient")]
    WrongRecipient,
    /// What a plugin made cannot be kept and read again.
    #[error("what the plugin made is no age file, or too large")]
    WrongHolder,
    /// A keyslot cannot be called that.
    #[error("a keyslot's name has 1 to 32 lower-case letters, digits and hyphens, and is not passphrase or recovery")]
    SlotName,
    /// There is a keyslot of this name.
    #[error("there is a keyslot of this name already")]
    SlotExists,
    /// There is no keyslot of this name.
    #[error("there is no keyslot of this name")]
    SlotMissing,
    /// Nobody knows for sure whom a keyslot is to be sealed to.
    #[error("a keyslot cannot be sealed anew: whom it is for is not written beside it, or was changed")]
    SlotUnproven,
    /// There are as many keyslots as are taken.
    #[error("there are {limit} keyslots, and no more are taken")]
    TooManySlots {
        /// How many are taken.
        limit: usize,
    },
    /// What would stay is too little.
    #[error("this keyslot must stay: two ways in, one of them for every day and one no passphrase, are the least")]
    LastWay,
    /// Too many wrong passphrases; nothing was tried.
    #[error("too many wrong passphrases, try again in {} s", wait_ms.div_ceil(1000))]
    TryLater {
        /// How long until the next try is taken, in milliseconds.
        wait_ms: u64,
    },
    /// A file of this vault was written by a later bedside.
    #[error("the vault has format {found}, this program reads up to {known}")]
    Newer {
        /// The version found.
        found: u16,
        /// The newest version this program reads.
        known: u16,
    },
    /// No space left (or a quota or size limit reached). What was acknowledged is safe.
    #[error("the disk is full: nothing new can be kept")]
    DiskFull,
    /// One commit, state or spooled item exceeds its bound.
    #[error("{bytes} bytes are too many, the limit is {limit}")]
    TooLarge {
        /// What was offered.
        bytes: u64,
        /// What is allowed.
        limit: u64,
    },
    /// The spool of a locked vault has reached its bound.
    #[error("the vault has been locked too long: its spool is full")]
    SpoolFull,
    /// A write failed in a way that leaves the end of the journal unknown; reopening finds out.
    #[error("the journal could not be written; open the vault again")]
    Broken,
    /// A folder is not taken for a backup.
    #[error("{0}")]
    Backup(#[from] super::backup::BackupRefused),
    /// Data that was acknowledged is not there or not what was written.
    #[error("damaged: {0}")]
    Damaged(#[from] Damage),
    /// The operating system refused.
    #[error("cannot {doing}: {kind} (os error {})", errno.unwrap_or(0))]
    Io {
        /// What was being done, without a path.
        doing: &'static str,
        /// The kind of error.
        kind: io::ErrorKind,
        /// The system's error number.
        errno: Option<i32>,
    },
}

/// What exactly is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// A journal frame does not hold what was written, and good data or the head prove it was there.
    #[error("journal segment {segment}, frame {frame}, at byte {offset}")]
    Frame {
        /// Segment number, from 1.
        segment: u32,
        /// The frame's sequence number, from 0.
        frame: u64,
        /// Where the frame begins in the segment.
        offset: u64,
    },
    /// A segment's header is unreadable, or belongs to another segment or journal.
    #[error("journal segment {segment} is not what belongs there")]
    Segment {
        /// The number the segment should have.
        segment: u32,
    },
    /// A segment is gone though later ones exist, or all are gone.
    #[error("journal segment {segment} is missing")]
    SegmentMissing {
        /// The missing number.
        segment: u32,
    },
    /// The journal ends before the head says it does: its tail was cut off.
    #[error("the journal ends after {found} frames, {head} were acknowledged")]
    TailMissing {
        /// Frames the head knows of.
        head: u64,
        /// Frames the journal has.
        found: u64,
    },
    /// An item inside an intact frame cannot be read: a key that is not this vault's, or a bug.
    #[error("frame {frame}, item {item} cannot be read")]
    Item {
        /// The frame's sequence number.
        frame: u64,
        /// The item's place in it, from 0.
        item: u32,
    },
    /// The keyring lacks the key an item was sealed with: it is older than the journal.
    #[error("frame {frame} needs a patient key the keyring does not have")]
    KeyMissing {
        /// The frame's sequence number.
        frame: u64,
    },
    /// The head file is missing or neither of its two slots can be read.
    #[error("the head file")]
    Head,
    /// The keyring is missing or unreadable.
    #[error("the keyring")]
    Keyring,
    /// A keyslot opens but does not hold a vault key, or is missing.
    #[error("the keyslot")]
    Keyslot,
    /// The keychain is unreadable.
    #[error("the keychain")]
    Keychain,
    /// The inbox key's public and secret halves are missing, unreadable or do not match.
    #[error("the inbox key")]
    Inbox,
    /// What a compartment's key or one of its notes is sealed in cannot be read.
    #[error("a compartment")]
    Compartment,
    /// A conversation's state is unreadable.
    #[error("a conversation's state")]
    Conversation,
    /// A part of a backup is missing or not what was copied.
    #[error("backup file journal/{segment:06}-{from:012}-{to:012}.part")]
    BackupPart {
        /// The segment it is of.
        segment: u32,
        /// Its first byte there.
        from: u64,
        /// The byte behind its last.
        to: u64,
    },
    /// What a run of a backup left as its list is missing, unreadable or another's.
    #[error("backup file manifest/{run:06}.bm")]
    BackupManifest {
        /// Which run, from 1.
        run: u32,
    },
    /// No keyslot of a backup can be read.
    #[error("the backup's keyslot")]
    BackupKeyslot,
    /// The backup of the keys is unreadable or another vault's.
    #[error("the keys' backup, keyring.age")]
    KeyringBackup,
    /// The backup of the keys is older than the journal's.
    #[error("the keys' backup, keyring.age, lacks {keys} keys that the journal's backup needs")]
    KeyringBackupOld {
        /// How many.
        keys: usize,
    },
}

/// Names what was being done when the system refused; a full disk gets its own variant.
pub(super) fn io(doing: &'static str) -> impl FnOnce(io::Error) -> VaultError {
    move |error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => VaultError::DiskFull,
        kind => VaultError::Io { doing, kind, errno: error.raw_os_error() },
    }
}
