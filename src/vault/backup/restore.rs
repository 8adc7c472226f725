//! A vault made again from its backup, whole or not at all.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::super::error::{Damage, VaultError, io};
use super::super::head::HeadFile;
use super::super::journal::{Journal, Shape};
use super::super::key::{Purpose, VaultKey};
use super::super::keychain::{self, Keychain};
use super::super::keyring::{self, Keyring, Lookup, Slot};
use super::super::keyslot::{self, InboxKey, Kdf};
use super::super::opening::{JOURNAL, LockedVault};
use super::super::scan::segment_name;
use super::super::{Vault, conversation, entry, folder, frame, spool};
use super::keys::{self, KeyringBackup, Keys};
use super::manifest::Catalog;
use super::scratch::Scratch;
use super::walk::{Start, Walk};
use super::{BackupRefused, KEYSLOT, MAX_SLOT_BYTES, Made, Part, identify};
use crate::base::Stamp;

/// From what, and with which secrets, a vault is made again.
#[derive(Clone, Copy)]
pub struct Restoring<'a> {
    /// The backup's folder.
    pub from: &'a Path,
    /// The folder with the keys' backup; without it nothing that speaks of a patient can be read.
    pub keys: Option<&'a Path>,
    /// The recovery key.
    pub recovery: &'a str,
    /// The new passphrase.
    pub passphrase: &'a str,
    /// How hard that is to guess.
    pub kdf: Kdf,
    /// Restore what can be read when keys are missing, instead of nothing.
    pub partial: bool,
}

/// What was restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestoreReport {
    /// The state of the backup.
    pub made: Made,
    /// Versions of records.
    pub records: u64,
    /// Bytes of the journal.
    pub bytes: u64,
    /// Keys that were there.
    pub keys: usize,
    /// Keys that were not: what is under them stays unreadable.
    pub lacking: usize,
    /// When the keys' backup was written.
    pub keys_at: Option<Stamp>,
    /// The keys' backup, which the vault may write anew.
    pub keys_from: Option<KeyringBackup>,
}

/// Makes the vault `to`, which must not be there or be empty, from a backup. It appears whole or not at all. Parts that
/// are damaged, missing or another's are [`Damage`] that names the file.
pub fn restore(
    to: &Path,
    what: &Restoring<'_>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(Vault, RestoreReport), VaultError> {
    if to.exists() && !super::is_empty(to) {
        return Err(VaultError::Exists);
    }
    let to = &std::path::absolute(to).map_err(io("find the folder"))?;
    let parent = to.parent().ok_or(VaultError::Exists)?;
    let journal = identify(what.from)?.ok_or(BackupRefused::Missing)?;
    let (chain, keys) = open_all(what, journal)?;
    let catalog = Catalog::read(what.from, &chain, journal)?;
    let chain = chain.ending_at(catalog.head.sequence);
    if catalog.runs == 0 {
        return Err(BackupRefused::Missing.into());
    }
    fs::create_dir_all(parent).map_err(io("create a folder"))?;
    let scratch = Scratch::new(parent, catalog.bytes())?;
    let report = rebuild(scratch.path(), what, &chain, keys.as_ref(), &catalog, progress)?;
    fs::rename(scratch.path(), to).map_err(io("rename the vault folder"))?;
    folder::sync(parent)?;
    let (vault, _) =
        LockedVault::open(to)?.unlock_with(chain.newest().clone(), &mut |_, _| {}).map_err(|refused| refused.error)?;
    Ok((vault, report))
}

/// Everything of the vault in a folder of its own; it has been opened once when this returns.
fn rebuild(
    dir: &Path,
    what: &Restoring<'_>,
    chain: &Keychain,
    keys: Option<&Keys>,
    catalog: &Catalog,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<RestoreReport, VaultError> {
    let key = chain.newest();
    let third = catalog.bytes().max(1);
    assemble(what.from, catalog, dir, key, &mut |done| progress(done, 3 * third))?;
    write_keys(dir, what, key, keys, catalog.made().at)?;
    if chain.len() > 1 {
        folder::replace(dir, keychain::NAME, &chain.encode())?;
    }
    let mut keyring = Keyring::open(dir, key.sealer(Purpose::Keyring))?;
    let (records, lacking) =
        read_through(dir, chain, &keyring, catalog, &mut |done| progress(third + done, 3 * third))?;
    if !lacking.is_empty() {
        if !what.partial {
            return Err(Damage::KeyringBackupOld { keys: lacking.len() }.into());
        }
        keyring.renounce(lacking.iter().copied())?;
    }
    keyslot::write_passphrase(dir, key, what.passphrase, what.kdf)?;
    folder::sync(dir)?;
    let locked = LockedVault::open(dir)?;
    let opened = locked.unlock_with(key.clone(), &mut |done, all| {
        progress(2 * third + (u128::from(third) * u128::from(done) / u128::from(all.max(1))) as u64, 3 * third);
    });
    drop(opened.map_err(|refused| refused.error)?);
    Ok(RestoreReport {
        made: catalog.made(),
        records,
        bytes: catalog.bytes(),
        keys: keyring.len(),
        lacking: lacking.len(),
        keys_at: keys.map(|keys| keys.at),
        keys_from: what.keys.zip(keys).map(|(folder, keys)| from(folder, keys, keyring.len())).transpose()?,
    })
}

/// The vault keys, and the patients' if they were given.
fn open_all(what: &Restoring<'_>, journal: [u8; 16]) -> Result<(Keychain, Option<Keys>), VaultError> {
    let of_backup = open_keyslots(what);
    let keys = match what.keys.map(|folder| keys::open(folder, what.recovery)) {
        None => None,
        Some(Ok(keys)) if keys.journal != journal => return Err(BackupRefused::KeysForeign.into()),
        Some(Ok(keys)) => Some(keys),
        // A recovery key that opens neither is wrong.
        Some(Err(error)) => return Err(of_backup.err().unwrap_or(error)),
    };
    let chain = match (of_backup, keys.as_ref().map(Keys::keychain).transpose()?) {
        // The two were written at different times; the one that was written later knows all keys.
        (Ok(chain), Some(other)) if other.len() < chain.len() => chain,
        (Ok(chain), None) => chain,
        // That way in is damaged or lost: the keys' backup has the vault key, too.
        (_, Some(other)) => other,
        (Err(error), None) => return Err(error),
    };
    Ok((chain, keys))
}

/// The backup's keyslots, newest first.
pub(super) fn keyslots(folder: &Path) -> Result<Vec<PathBuf>, VaultError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(io("list the backup"))? {
        let path = entry.map_err(io("list the backup"))?.path();
        if path.extension().is_some_and(|extension| extension == "age") {
            found.push(path);
        }
    }
    found.sort_unstable();
    found.reverse();
    Ok(found)
}

fn open_keyslots(what: &Restoring<'_>) -> Result<Keychain, VaultError> {
    let mut refused = VaultError::from(Damage::BackupKeyslot);
    for slot in keyslots(&what.from.join(KEYSLOT)).map_err(|_| Damage::BackupKeyslot)? {
        let bytes = folder::read(&slot, MAX_SLOT_BYTES)?.unwrap_or_default();
        let opened =
            keyslot::decrypt_recovery(&bytes, what.recovery, VaultError::WrongRecoveryKey, Damage::BackupKeyslot);
        match opened.map(|text| VaultKey::from_text(&text)) {
            Ok(Some(key)) => {
                return match folder::read(&slot.with_extension("chain"), keychain::MAX_BYTES)? {
                    Some(file) => Keychain::decode(&file, &key),
                    None => Ok(Keychain::of(key)),
                };
            }
            Ok(None) => {}
            // An older recovery key may open an older slot; of a newer one that does not fit, that is what is told.
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// Journal and head, in a new vault's folder.
pub(super) fn assemble(
    backup: &Path,
    catalog: &Catalog,
    dir: &Path,
    key: &VaultKey,
    progress: &mut dyn FnMut(u64),
) -> Result<(), VaultError> {
    let journal = dir.join(JOURNAL);
    for name in [JOURNAL, keyslot::FOLDER, conversation::FOLDER, spool::FOLDER] {
        folder::create(&dir.join(name))?;
    }
    folder::create_file(&dir.join("lock"))?;
    let mut done = 0;
    for part in &catalog.parts {
        copy_part(backup, part, &journal, &mut |bytes| {
            done += bytes;
            progress(done);
        })?;
    }
    if catalog.parts.is_empty() {
        Journal::create(&journal, catalog.journal, Shape::default())?;
    }
    folder::sync(&journal)?;
    HeadFile::create(dir, &key.sealer(Purpose::Head), catalog.journal)?;
    let (mut head, _, _) = HeadFile::open(dir, key.sealer(Purpose::Head))?;
    head.advance(&catalog.head)?;
    head.settle()
}

/// Adds a part to its segment, checking it on the way.
fn copy_part(backup: &Path, part: &Part, journal: &Path, progress: &mut dyn FnMut(u64)) -> Result<(), VaultError> {
    let damage = Damage::BackupPart { segment: part.segment, from: part.from, to: part.to };
    let mut source = match File::open(part.path(backup)) {
        Ok(source) => source.take(part.to - part.from + 1),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(damage.into()),
        Err(error) => return Err(io("open the backup")(error)),
    };
    let path = journal.join(segment_name(part.segment));
    let mut target = if part.from == 0 {
        folder::create_file(&path)?
    } else {
        OpenOptions::new().append(true).open(&path).map_err(io("open a segment"))?
    };
    let (mut hasher, mut read, mut buffer) = (blake3::Hasher::new(), 0, vec![0; 256 << 10]);
    loop {
        let count = match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(io("read the backup")(error)),
        };
        hasher.update(&buffer[..count]);
        target.write_all(&buffer[..count]).map_err(io("write a segment"))?;
        read += count as u64;
        progress(count as u64);
    }
    if read != part.to - part.from || *hasher.finalize().as_bytes() != part.hash {
        return Err(damage.into());
    }
    target.sync_all().map_err(io("sync a segment"))
}

/// The small files that hold keys: as they were, or, without the keys' backup, such as open the journal alone.
fn write_keys(
    dir: &Path,
    what: &Restoring<'_>,
    key: &VaultKey,
    keys: Option<&Keys>,
    at: Stamp,
) -> Result<(), VaultError> {
    if let Some(keys) = keys {
        if keys.vault_key().as_ref() != Some(key) {
            // They are older than the vault key: what they hold is sealed anew, and the way in is the recovery key.
            let old = keys.vault_key().ok_or(Damage::KeyringBackup)?;
            for name in [keyring::NAME, "inbox.key", "inbox.pub"] {
                folder::replace(dir, name, keys.files.get(name).ok_or(Damage::KeyringBackup)?)?;
            }
            Keyring::open(dir, old.sealer(Purpose::Keyring))?.write_anew(dir, &key.sealer(Purpose::Keyring))?;
            InboxKey::open(dir, &old.sealer(Purpose::Inbox))?.write_anew(dir, &key.sealer(Purpose::Inbox))?;
            return keyslot::write_known_recovery(dir, key, what.recovery, at);
        }
        for (name, bytes) in &keys.files {
            match name.split_once('/') {
                Some((within, name)) => folder::replace(&dir.join(within), name, bytes)?,
                None => folder::replace(dir, name, bytes)?,
            }
        }
        return Ok(());
    }
    Keyring::create(dir, &key.sealer(Purpose::Keyring))?;
    InboxKey::create(dir, &key.sealer(Purpose::Inbox))?;
    keyslot::write_known_recovery(dir, key, what.recovery, at)
}

fn from(folder: &Path, keys: &Keys, count: usize) -> Result<KeyringBackup, VaultError> {
    let file = keys::hash(folder)?.ok_or(BackupRefused::KeysMissing)?;
    Ok(KeyringBackup { keys: count, file, state: keys::state(&keys.files) })
}

/// Reads every item once: how many records there are, and the slots whose key is not there.
fn read_through(
    dir: &Path,
    chain: &Keychain,
    keyring: &Keyring,
    catalog: &Catalog,
    progress: &mut dyn FnMut(u64),
) -> Result<(u64, HashSet<Slot>), VaultError> {
    let sealer = chain.frames();
    let (mut records, mut lacking, mut done) = (0, HashSet::new(), 0);
    if catalog.parts.is_empty() {
        return Ok((records, lacking));
    }
    let mut walk = Walk::new(&dir.join(JOURNAL), catalog.journal, Start::FIRST, catalog.head)?;
    while let Some(step) = walk.next()? {
        done += step.bytes.len() as u64;
        progress(done);
        let Some(sequence) = step.sequence else { continue };
        let damage = Damage::Frame { segment: step.segment, frame: sequence, offset: step.offset };
        let payload: Zeroizing<Vec<u8>> = frame::open(&sealer, &catalog.journal, step.bytes).ok_or(damage)?;
        for range in entry::split(&payload).ok_or(Damage::Item { frame: sequence, item: 0 })? {
            let item = &payload[range];
            if let Some(slot) = entry::slot(item)
                && matches!(keyring.look_up(&slot), Lookup::Unknown)
            {
                lacking.insert(slot);
            }
            records += u64::from(entry::is_record(item));
        }
    }
    Ok((records, lacking))
}
