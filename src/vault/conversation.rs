//! The state of each MLS conversation: one sealed file, replaced whole, outside journal and
//! backups. Keeping older states would undo forward secrecy, and restoring one would use keys
//! twice; so there is never more than the newest.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::{Damage, VaultError};
use super::folder;
use super::key::{Namer, SealedForm, Sealer};
use super::locked::Locked;

pub(super) const FOLDER: &str = "conversation";
const FORM: SealedForm = SealedForm { magic: b"BEDSCONV", damage: Damage::Conversation };
const ROOM: u8 = b'c';
/// The largest state that is kept.
const MAX_STATE_BYTES: u64 = 64 << 20;

/// The folder of conversations.
pub(super) struct Conversations {
    folder: PathBuf,
    namer: Namer,
    sealer: Locked<Sealer>,
}

impl Conversations {
    pub(super) fn open(dir: &Path, namer: Namer, sealer: Locked<Sealer>) -> Conversations {
        Conversations { folder: dir.join(FOLDER), namer, sealer }
    }

    /// The state last stored; `None` when there is none.
    pub(super) fn load(&self, id: &[u8; 16]) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let limit = SealedForm::length(MAX_STATE_BYTES as usize) as u64;
        match folder::read(&self.folder.join(self.name(id)), limit)? {
            Some(file) => FORM.decode(&self.sealer, id, &file).map(Some),
            None => Ok(None),
        }
    }

    /// Puts a state in place of the one before; durable when it returns.
    pub(super) fn store(&self, id: &[u8; 16], state: &[u8]) -> Result<(), VaultError> {
        let bytes = state.len() as u64;
        if bytes > MAX_STATE_BYTES {
            return Err(VaultError::TooLarge { bytes, limit: MAX_STATE_BYTES });
        }
        folder::replace(&self.folder, &self.name(id), &FORM.encode(&self.sealer, id, state))
    }

    /// Removes a state, and one that was half-written; durable when it returns.
    pub(super) fn remove(&self, id: &[u8; 16]) -> Result<(), VaultError> {
        let name = self.name(id);
        folder::remove_and_wipe(&self.folder, &name)?;
        folder::remove_and_wipe(&self.folder, &format!("{name}.new"))
    }

    fn name(&self, id: &[u8; 16]) -> String {
        format!("{}.bc", data_encoding::HEXLOWER.encode(&self.namer.name(ROOM, &[id])))
    }
}
