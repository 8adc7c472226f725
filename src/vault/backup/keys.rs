//! The keys' backup: one file under the recovery key, the latest only, replaced whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use zeroize::{Zeroize, Zeroizing};

use super::super::error::{Damage, VaultError, io};
use super::super::frame::Hash;
use super::super::key::VaultKey;
use super::super::keychain::Keychain;
use super::super::{Vault, folder, keychain, keyring, keyslot};
use super::create::full;
use super::{BackupRefused, is_within, put};
use crate::base::{Stamp, cbor};

/// What the file is called.
pub(super) const NAME: &str = "keyring.age";
/// The text beside it that says whose keys they are.
const MARKER: &str = "keys";
const VERSION: u16 = 1;
/// A million patients and what age adds.
const MAX_BYTES: u64 = 80 << 20;

/// The keys' backup as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyringBackup {
    /// How many keys are in it: one for each patient, and for each appointment that is nobody's yet.
    pub keys: usize,
    /// BLAKE3 hash of the file: that it is still what was written can be told without the recovery key.
    pub file: Hash,
    /// BLAKE3 hash of what it was made of: that it is current can be told, too.
    pub state: Hash,
}

/// What is in the file.
#[derive(Serialize, Deserialize)]
pub(super) struct Keys {
    version: u16,
    #[serde(with = "serde_bytes")]
    pub(super) journal: [u8; 16],
    pub(super) at: Stamp,
    vault_key: String,
    pub(super) files: BTreeMap<String, ByteBuf>,
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.vault_key.zeroize();
    }
}

impl Keys {
    /// The vault keys there were.
    pub(super) fn keychain(&self) -> Result<Keychain, VaultError> {
        let key = self.vault_key().ok_or(Damage::KeyringBackup)?;
        match self.files.get(keychain::NAME) {
            Some(file) => Keychain::decode(file, &key),
            None => Ok(Keychain::of(key)),
        }
    }

    /// The vault key.
    pub(super) fn vault_key(&self) -> Option<VaultKey> {
        VaultKey::from_text(self.vault_key.as_bytes())
    }
}

impl Vault {
    /// Puts the patients' keys, and all else a restored vault needs besides the journal, into `keyring.age` in
    /// `folder`, sealed to the recovery key, in place of what was there; durable when it returns. The folder must
    /// exist, and neither be the vault's own nor a backup of the journal. What is there must be what this vault wrote last,
    /// or was restored from: `last` is its [`KeyringBackup::file`], wherever it was.
    pub fn write_keyring_backup(
        &self,
        folder: &Path,
        last: Option<Hash>,
        at: Stamp,
    ) -> Result<KeyringBackup, VaultError> {
        if is_within(folder, &self.dir) {
            return Err(BackupRefused::InVault.into());
        }
        if super::read_marker(folder)?.is_some() {
            return Err(BackupRefused::Together.into());
        }
        let journal = self.journal.id();
        match (read_marker(folder)?, hash(folder)?) {
            (Some(theirs), _) if theirs != journal => return Err(BackupRefused::KeysForeign.into()),
            // Nothing here can tell what is in it: a vault that was restored without its keys must not take the place of
            // the only copy of them.
            (_, Some(file)) if Some(file) != last => return Err(BackupRefused::KeysUnknown.into()),
            (Some(_), _) => {}
            (None, _) => put(folder, MARKER, marker_text(&journal).as_bytes()).map_err(full)?,
        }
        let recipient = keyslot::recovery_recipient(&self.dir, &self.key)?;
        let files = self.key_files()?;
        let state = state(&files);
        let keys = Keys { version: VERSION, journal, at, vault_key: self.key.to_text().as_str().to_owned(), files };
        let plain = Zeroizing::new(cbor::to_vec(&keys));
        let file = keyslot::encrypt(&recipient, &plain);
        put(folder, NAME, &file).map_err(full)?;
        Ok(KeyringBackup { keys: self.keyring.len(), file: *blake3::hash(&file).as_bytes(), state })
    }

    /// Removes the keys' backup from a folder where it is not written any more, if it is `file`, which this vault wrote:
    /// only the latest is kept. Whether it is gone.
    pub fn remove_keyring_backup(&self, folder: &Path, file: Hash) -> Result<bool, VaultError> {
        if hash(folder)? != Some(file) {
            return Ok(false);
        }
        folder::remove_and_wipe(folder, NAME)?;
        if read_marker(folder)? == Some(self.journal.id()) {
            folder::remove(folder, MARKER)?;
        }
        Ok(true)
    }

    /// Hash of what the keys' backup would be made of now: another than [`KeyringBackup::state`] when keys were made,
    /// changed or destroyed since.
    pub fn keyring_state(&self) -> Result<Hash, VaultError> {
        self.key_files().map(|files| state(&files))
    }

    /// The small files that hold keys, as they stand. All are replaced whole, so each is of one moment.
    fn key_files(&self) -> Result<BTreeMap<String, ByteBuf>, VaultError> {
        let mut names: Vec<String> =
            [keyring::NAME, keychain::NAME, "inbox.key", "inbox.pub"].map(str::to_owned).to_vec();
        for entry in fs::read_dir(self.dir.join(keyslot::FOLDER)).map_err(io("list the keyslots"))? {
            let name = entry.map_err(io("list the keyslots"))?.file_name();
            // The passphrase's slot could be guessed, and a restored vault gets a new one.
            let kept = |name: &&str| !name.ends_with(".new") && !keyslot::is_of_passphrase(name);
            if let Some(name) = name.to_str().filter(kept) {
                names.push(format!("{}/{name}", keyslot::FOLDER));
            }
        }
        let mut files = BTreeMap::new();
        for name in names {
            if let Some(bytes) = folder::read(&self.dir.join(&name), MAX_BYTES)? {
                files.insert(name, ByteBuf::from(bytes));
            }
        }
        Ok(files)
    }
}

/// What the file `keys` says.
fn marker_text(journal: &[u8; 16]) -> String {
    format!(
        "bedside-keys-1 {}\n\nThis folder is the backup of a practice's keys, made by bedside. It opens with the recovery \
         key; what it\nopens is the backup of the journal, which lies elsewhere:\n\n  bedside backup restore \
         BACKUP-FOLDER --keyring THIS-FOLDER --to NEW-FOLDER\n\nOnly the latest is of use: make no copies of it, for whoever \
         is forgotten is not forgotten in them.\n",
        data_encoding::HEXLOWER.encode(journal)
    )
}

/// The journal whose keys lie in a folder; `None` when it cannot be told.
fn read_marker(folder: &Path) -> Result<Option<[u8; 16]>, VaultError> {
    super::marked(&folder.join(MARKER), b"bedside-keys-1 ")
}

pub(super) fn state(files: &BTreeMap<String, ByteBuf>) -> Hash {
    let mut hasher = blake3::Hasher::new();
    for (name, bytes) in files {
        hasher.update(&(name.len() as u64).to_le_bytes()).update(name.as_bytes());
        hasher.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
    }
    *hasher.finalize().as_bytes()
}

/// The hash of the keys' file in a folder; `None` when there is none.
pub(super) fn hash(folder: &Path) -> Result<Option<Hash>, VaultError> {
    Ok(folder::read(&folder.join(NAME), MAX_BYTES)?.map(|file| *blake3::hash(&file).as_bytes()))
}

/// Opens the keys' file in a folder.
pub(super) fn open(folder: &Path, recovery: &str) -> Result<Keys, VaultError> {
    let file = folder::read(&folder.join(NAME), MAX_BYTES)?.ok_or(BackupRefused::KeysMissing)?;
    let plain = keyslot::decrypt_recovery(&file, recovery, BackupRefused::KeysElse.into(), Damage::KeyringBackup)?;
    let keys: Keys = cbor::read(&plain).map_err(|_| Damage::KeyringBackup)?;
    if keys.version > VERSION {
        return Err(VaultError::Newer { found: keys.version, known: VERSION });
    }
    let sound = |name: &String| {
        let plain = |part: &str| {
            !part.starts_with('.') && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
        };
        let within = name.strip_prefix("keyslot/");
        within.map_or_else(|| [keyring::NAME, keychain::NAME, "inbox.key", "inbox.pub"].contains(&name.as_str()), plain)
    };
    if !keys.files.keys().all(sound) {
        return Err(Damage::KeyringBackup.into());
    }
    Ok(keys)
}
