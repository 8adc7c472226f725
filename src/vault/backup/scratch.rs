//! A folder in which a vault is made again, and which goes away with whatever is in it.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::error::{VaultError, io};
use super::super::{folder, keyslot};
use super::BackupRefused;
use crate::base::random;

const PREFIX: &str = ".bedside-scratch-";
/// What stays free on the disk: the vault beside it goes on meanwhile.
const ROOM_BYTES: u64 = 16 << 20;

/// The folder, until it is dropped or has got its proper name.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// A new, private folder in `parent`, on whose disk so many bytes are free; what an interrupted run left there is
    /// removed.
    pub(super) fn new(parent: &Path, bytes: u64) -> Result<Scratch, VaultError> {
        sweep_scratch(parent);
        let disk = rustix::fs::statvfs(parent).map_err(|error| io("look at the disk")(error.into()))?;
        let (needed, free) = (bytes.saturating_add(ROOM_BYTES), disk.f_bavail.saturating_mul(disk.f_frsize));
        if free < needed {
            return Err(BackupRefused::NoRoom { needed, free }.into());
        }
        let path = parent.join(format!("{PREFIX}{}", data_encoding::HEXLOWER.encode(&random::bytes::<8>())));
        folder::create(&path)?;
        Ok(Scratch(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        discard(&self.0);
    }
}

/// Removes what an interrupted restoring or comparing left in a folder. Nobody else may be at it there.
pub fn sweep_scratch(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            discard(&entry.path());
        }
    }
}

/// Best effort: all in it is sealed. What holds keys is overwritten first, for whoever is forgotten later must not be
/// found there.
fn discard(path: &Path) {
    for within in [path, &path.join(keyslot::FOLDER)] {
        for entry in fs::read_dir(within).into_iter().flatten().flatten() {
            if entry.path().is_file() {
                let _ = folder::remove_and_wipe(within, &entry.file_name().to_string_lossy());
            }
        }
    }
    let _ = fs::remove_dir_all(path);
}
