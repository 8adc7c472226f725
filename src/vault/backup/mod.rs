//! Backups: the sealed journal, copied to a folder anywhere; and apart from it, under the recovery key, the keys.
//!
//! Only new files are added to a backup's folder and none is ever rewritten, so it may lie on any disk or in a bucket,
//! and whoever reads it learns its size. It holds no patient's key: who is forgotten here is forgotten there. Those
//! keys lie in a folder of their own, in one file that is replaced each time, the latest only.
//!
//! # A backup's folder
//!
//! ```text
//! backup                      text: "bedside-backup-1 ", the journal id in 32 hex digits, newline; then how to restore
//! keyslot/RUN.age             age file, X25519: the vault key, as in the vault's keyslot/recovery.age
//! keyslot/RUN.chain           the vault's keychain, where it had one, under the key in RUN.age
//! journal/SEGMENT-FROM-TO.part  the bytes FROM to TO of that segment of the journal, whole frames; with FROM = 0 the
//!                             segment's header, too
//! manifest/RUN.bm             sealed file BEDSBACK, one per run, written last
//! *.new                       half-written, to be ignored
//! ```
//!
//! RUN counts from 000001 without gaps, SEGMENT has six digits, FROM and TO twelve. A part that no manifest lists was
//! left by a run that was interrupted.
//!
//! - BEDSBACK is sealed under the vault's subkey `backup`; its context is the journal id (16) and the run (4). Content:
//!   stamp (8, signed ms since the Unix epoch), BLAKE3 hash of the manifest before (32, zeros for the first), frames in
//!   the journal (8), hash of the last (32), count (4), then per part of this run: segment (4), from (8), to (8), BLAKE3
//!   hash of the part (32).
//!
//! # The keys' folder
//!
//! ```text
//! keys                        text: "bedside-keys-1 ", the journal id in 32 hex digits, newline; then what it is
//! keyring.age                 age file to the recovery key's public half
//! ```
//!
//! `keyring.age` holds a CBOR map (RFC 8949):
//!
//! | field | value |
//! |---|---|
//! | `version` | 1 |
//! | `journal` | the journal id, 16 bytes |
//! | `at` | stamp, ms since the Unix epoch |
//! | `vault_key` | text, as in a keyslot |
//! | `files` | map: name in the vault (text) → the file as it stands there (bytes); `keyring`, `inbox.key`, `inbox.pub` and everything in `keyslot/` |

mod create;
mod keys;
mod manifest;
mod restore;
mod scratch;
mod verify;
mod walk;

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::Vault;
use super::error::{VaultError, io};
use super::folder;
use super::frame::{Hash, SEGMENT_HEADER_BYTES, SegmentHeader};
use super::journal::Watermark;
use super::keychain::Keychain;
use super::opening::JOURNAL;
use crate::base::Stamp;

pub use create::BackupReport;
pub use keys::KeyringBackup;
pub use restore::{RestoreReport, Restoring, restore};
pub use scratch::sweep_scratch;
pub use verify::BackupComparison;

const MARKER: &str = "backup";
/// What the name of the first part begins with.
const FIRST_PART: &str = "000001-000000000000-";
const KEYSLOT: &str = "keyslot";
const MANIFEST: &str = "manifest";
/// The largest keyslot that is read.
const MAX_SLOT_BYTES: u64 = 16 << 10;

/// Why a folder is not taken for a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BackupRefused {
    /// It would be lost with the vault.
    #[error("the folder is the vault's own, or lies in it")]
    InVault,
    /// Whoever finds the journal must not find the keys.
    #[error("the keys' folder and the backup's folder lie in one another")]
    Together,
    /// Something else is there.
    #[error("the folder is not empty and holds no backup")]
    Occupied,
    /// Nothing is there.
    #[error("there is no backup in the folder")]
    Missing,
    /// The keys' file is not there.
    #[error("there is no backup of the keys in the folder")]
    KeysMissing,
    /// Another vault's keys are there, or may be.
    #[error("the folder holds a backup of keys that is not this vault's")]
    KeysForeign,
    /// The keys that are there may be more than this vault has.
    #[error("the keys' backup in the folder is not what this vault wrote last")]
    KeysUnknown,
    /// The recovery key that opens the journal's backup does not open the keys'.
    #[error("the keys' backup does not open with this recovery key")]
    KeysElse,
    /// Whoever has nothing but today's recovery key could not open it.
    #[error("the backup does not hold the keyslot of today's recovery key")]
    Keyslot,
    /// It does not fit on its disk.
    #[error("the disk of the backup is full")]
    Full,
    /// It does not fit beside the vault.
    #[error("the backup takes {} MiB to be restored, and {} MiB are free", .needed.div_ceil(1 << 20), .free >> 20)]
    NoRoom {
        /// Bytes.
        needed: u64,
        /// Bytes.
        free: u64,
    },
    /// Another journal's.
    #[error("the folder holds the backup of another vault")]
    Foreign,
    /// The same journal's, but not an earlier state of it.
    #[error("the backup in the folder is not an earlier state of this vault")]
    Diverged,
}

/// What a backup is made of: everything that was acknowledged when it was taken. The vault may go on meanwhile.
pub struct BackupPoint {
    vault: PathBuf,
    keychain: Keychain,
    journal: [u8; 16],
    head: Watermark,
}

impl Vault {
    /// Everything kept so far. It costs nothing; the copying is done without the vault, on another thread.
    pub fn backup_point(&self) -> BackupPoint {
        BackupPoint {
            vault: self.dir.clone(),
            keychain: self.keychain.clone(),
            journal: self.journal.id(),
            head: self.journal.watermark(),
        }
    }

    /// Refuses a folder that the vault lies in the way of.
    pub fn check_backup_folder(&self, folder: &Path) -> Result<(), VaultError> {
        if is_within(folder, &self.dir) { Err(BackupRefused::InVault.into()) } else { Ok(()) }
    }
}

/// Refuses two folders of which one is the other, or lies in it.
pub fn check_apart(one: &Path, other: &Path) -> Result<(), VaultError> {
    if is_within(one, other) || is_within(other, one) { Err(BackupRefused::Together.into()) } else { Ok(()) }
}

/// Whether a path, existing or not, is `folder` or lies in it, whatever links lead there.
fn is_within(path: &Path, folder: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else { return path.starts_with(folder) };
    let existing = path.ancestors().find_map(|ancestor| {
        let rest = path.strip_prefix(ancestor).ok()?;
        ancestor.canonicalize().ok().map(|found| found.join(rest))
    });
    existing.unwrap_or_else(|| path.to_owned()).starts_with(folder)
}

/// What the file `backup` says, and a way to tell whose backup this is without a key.
fn marker_text(journal: &[u8; 16]) -> String {
    format!(
        "bedside-backup-1 {}\n\nThis folder is a sealed backup made by bedside. It opens with the recovery key and the\n\
         backup of the keys, which lies elsewhere:\n\n  bedside backup restore THIS-FOLDER --keyring KEYS-FOLDER --to NEW-FOLDER\n\n\
         bedside-vault(5) describes every file.\n",
        data_encoding::HEXLOWER.encode(journal)
    )
}

/// The journal whose backup lies in a folder, as the file `backup` says; `None` when there is none, or it cannot be told.
fn read_marker(folder: &Path) -> Result<Option<[u8; 16]>, VaultError> {
    marked(&folder.join(MARKER), b"bedside-backup-1 ")
}

/// The journal id that a text begins with, behind what it is.
fn marked(file: &Path, what: &[u8]) -> Result<Option<[u8; 16]>, VaultError> {
    let Some(text) = folder::read(file, 4096)? else { return Ok(None) };
    let id = |rest: &[u8]| data_encoding::HEXLOWER.decode(rest.get(..32)?).ok()?.try_into().ok();
    Ok(text.strip_prefix(what).and_then(id))
}

/// As [`read_marker`]; where that file is lost, the first part tells as well. What it says is proven by the manifests.
fn identify(folder: &Path) -> Result<Option<[u8; 16]>, VaultError> {
    if let Some(journal) = read_marker(folder)? {
        return Ok(Some(journal));
    }
    for entry in fs::read_dir(folder.join(JOURNAL)).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(FIRST_PART) {
            let mut header = [0; SEGMENT_HEADER_BYTES];
            let read = File::open(entry.path()).and_then(|mut part| part.read_exact(&mut header));
            return Ok(read.ok().and_then(|()| SegmentHeader::decode(&header)).map(|header| header.journal));
        }
    }
    Ok(None)
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// Makes a folder if it is not there. A disk that knows no permissions takes it, too: what it will hold is sealed.
fn make_folder(path: &Path) -> Result<(), VaultError> {
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(io("create a folder")(error)),
        Err(_) => Ok(()),
        Ok(()) => {
            let _ = fs::set_permissions(path, Permissions::from_mode(0o700));
            path.parent().map_or(Ok(()), sync_names)
        }
    }
}

/// A new file on any disk, as with [`make_folder`]. What an earlier run left there, or a link that leads elsewhere, goes.
fn make_file(path: &Path) -> Result<File, VaultError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io("create a file")(error)),
        _ => {}
    }
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create_new(true).mode(0o600).open(path);
    let file = file.map_err(io("create a file"))?;
    let _ = file.set_permissions(Permissions::from_mode(0o600));
    Ok(file)
}

/// Puts a file in its place, whole; durable when it returns.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
    let fresh = folder.join(format!("{name}.new"));
    let mut file = make_file(&fresh)?;
    let written = file.write_all(bytes).map_err(io("write a file"));
    let result = written.and_then(|()| settle(&file, &fresh, folder, name));
    if result.is_err() {
        // Best effort: a leftover is ignored, and written over by the next run.
        let _ = fs::remove_file(&fresh);
    }
    result
}

/// Gives a file that was written its name; durable when it returns.
fn settle(file: &File, fresh: &Path, folder: &Path, name: &str) -> Result<(), VaultError> {
    file.sync_all().map_err(io("sync a file"))?;
    fs::rename(fresh, folder.join(name)).map_err(io("rename a file"))?;
    sync_names(folder)
}

/// Makes what happened to a folder's names durable, as far as its disk can.
fn sync_names(folder: &Path) -> Result<(), VaultError> {
    match File::open(folder).and_then(|opened| opened.sync_all()) {
        // Not every disk syncs folders; those that do not write names at once, or promise nothing.
        Err(error) if !matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Err(io("sync a folder")(error))
        }
        _ => Ok(()),
    }
}

/// One stretch of the journal in a file of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    segment: u32,
    from: u64,
    to: u64,
    hash: Hash,
}

impl Part {
    fn name(&self) -> String {
        part_name(self.segment, self.from, self.to)
    }

    fn path(&self, backup: &Path) -> PathBuf {
        backup.join(JOURNAL).join(self.name())
    }
}

fn part_name(segment: u32, from: u64, to: u64) -> String {
    format!("{segment:06}-{from:012}-{to:012}.part")
}

/// How old something is that was made at `at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// When.
    pub at: Stamp,
    /// How many runs the backup has.
    pub runs: u32,
    /// How far the journal had come.
    pub head: Watermark,
}
