//! A new vault key: everything but the journal sealed anew, all at once or not at all.
//!
//! What is sealed anew is written into the folder `rotation.new`, and synced. Then that is renamed `rotation`, which is
//! the turning point: before it the vault is whole with the old key, and behind it with the new one, once everything in
//! `rotation` has been put in its place. That needs no key and can be done again and again, so it is the first thing
//! that is done when the vault is opened.
//!
//! The journal stays: `keychain` has the older keys.

use std::fs;
use std::path::Path;

use super::conversation::{self, Conversations};
use super::error::{Damage, VaultError, io};
use super::head::HeadFile;
use super::key::{Purpose, VaultKey};
use super::keychain::{self, Keychain};
use super::keyslot::{self, Kdf};
use super::opening::{INDEX, Opened};
use super::{Vault, folder, store};

const FRESH: &str = "rotation.new";
/// What waits to be put in its place.
pub(super) const FOLDER: &str = "rotation";
/// Folders that are exchanged, and what the older one is called meanwhile.
const FOLDERS: [(&str, &str); 2] = [(keyslot::FOLDER, "keyslot.old"), (conversation::FOLDER, "conversation.old")];
/// Files that are exchanged.
const FILES: [&str; 4] = [keychain::NAME, "keyring", "inbox.key", "head"];

impl Vault {
    /// Makes a new vault key. Every keyslot is sealed anew: the passphrase's, if there is one, with the `passphrase`,
    /// the others to what is written beside them; one of which that cannot be said stands in the way. The index is made
    /// anew, of which `progress` is told.
    ///
    /// With [`VaultError::Broken`] the new key is in place, and the vault is to be opened again; with any other error
    /// everything is as it was.
    pub fn rotate(
        &mut self,
        passphrase: Option<&str>,
        kdf: Kdf,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), VaultError> {
        self.check_whole()?;
        let key = VaultKey::random();
        let chain = self.keychain.with(key.clone(), self.head().sequence);
        let prepared = self.prepare(&key, &chain, passphrase, kdf);
        if let Err(error) = prepared {
            // Best effort: what is left is swept away when the vault is opened.
            let _ = fs::remove_dir_all(self.dir.join(FRESH));
            return Err(error);
        }
        folder::rename(&self.dir, FRESH, FOLDER)?;
        // From here on nothing may be written under the old key any more.
        self.spent = true;
        self.index.lose();
        let opened = finish(&self.dir).and_then(|()| Opened::read(&self.dir, &key, self.shape, progress));
        let (opened, _) = opened.map_err(|_| VaultError::Broken)?;
        self.take_over(key, opened);
        self.spent = false;
        Ok(())
    }

    fn prepare(&self, key: &VaultKey, chain: &Keychain, passphrase: Option<&str>, kdf: Kdf) -> Result<(), VaultError> {
        let fresh = &self.dir.join(FRESH);
        sweep(&self.dir)?;
        folder::create(fresh)?;
        for (name, _) in FOLDERS {
            folder::create(&fresh.join(name))?;
        }
        keyslot::seal_anew(&self.dir, fresh, &self.key, key, passphrase, kdf)?;
        folder::replace(fresh, keychain::NAME, &chain.encode())?;
        self.keyring.write_anew(fresh, &key.sealer(Purpose::Keyring))?;
        self.inbox.write_anew(fresh, &key.sealer(Purpose::Inbox))?;
        HeadFile::create(fresh, &key.sealer(Purpose::Head), self.journal.id())?;
        let (mut head, _, _) = HeadFile::open(fresh, key.sealer(Purpose::Head))?;
        head.advance(&self.head())?;
        head.settle()?;
        self.seal_conversations_anew(fresh, key)?;
        folder::sync(fresh)?;
        folder::sync(&self.dir)
    }

    /// Every conversation there is. One that cannot be read with the old key cannot be read with any, and stands in
    /// nobody's way.
    fn seal_conversations_anew(&self, fresh: &Path, key: &VaultKey) -> Result<(), VaultError> {
        let namer = key.namer(Purpose::ConversationName);
        let anew = Conversations::open(fresh, namer, key.sealer(Purpose::Conversation));
        for patient in self.keyring.patients() {
            match self.conversations.load(patient.as_bytes()) {
                Ok(Some(state)) => anew.store(patient.as_bytes(), &state)?,
                Ok(None) | Err(VaultError::Damaged(Damage::Conversation)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }
}

/// Puts everything in its place that a rotation, behind its turning point, has left to do.
pub(super) fn finish(dir: &Path) -> Result<(), VaultError> {
    let rotation = &dir.join(FOLDER);
    if rotation.is_dir() {
        for (name, old) in FOLDERS {
            if !rotation.join(name).is_dir() {
                continue;
            }
            if dir.join(name).is_dir() {
                remove(dir, old)?;
                folder::rename(dir, name, old)?;
            }
            folder::put_from(rotation, dir, name)?;
        }
        for name in FILES {
            if rotation.join(name).is_file() {
                folder::put_from(rotation, dir, name)?;
            }
        }
        // It answers to the old key's names.
        store::remove(&dir.join(INDEX)).map_err(|_| VaultError::Broken)?;
        remove(dir, FOLDER)?;
    }
    sweep(dir)
}

/// Whether a rotation has left something to do.
pub(super) fn is_unfinished(dir: &Path) -> bool {
    dir.join(FOLDER).is_dir()
}

/// Removes what is of no use any more: what was begun and never came to its turning point, and what was exchanged.
fn sweep(dir: &Path) -> Result<(), VaultError> {
    remove(dir, FRESH)?;
    FOLDERS.iter().try_for_each(|(_, old)| remove(dir, old))
}

/// Removes a folder of sealed files, and overwrites them first: with an older copy of a keyslot they could be read.
fn remove(dir: &Path, name: &str) -> Result<(), VaultError> {
    let path = dir.join(name);
    if !path.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(&path).map_err(io("list a folder"))? {
        let entry = entry.map_err(io("list a folder"))?;
        if entry.path().is_file() {
            folder::remove_and_wipe(&path, &entry.file_name().to_string_lossy())?;
        }
    }
    fs::remove_dir_all(&path).map_err(io("remove a folder"))?;
    folder::sync(dir)
}
