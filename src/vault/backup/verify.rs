//! A backup restored beside the vault and compared with it, record by record.

use std::path::Path;

use super::super::error::{Damage, VaultError};
use super::super::key::Purpose;
use super::super::keychain::FrameSealer;
use super::super::keyring::Keyring;
use super::super::opening::{JOURNAL, LockedVault};
use super::super::{Vault, entry, folder, frame, keyslot};
use super::manifest::Catalog;
use super::restore::{Scratch, assemble, is_at};
use super::walk::{Start, Step, Walk};
use super::{BackupPoint, BackupRefused, Made, keys};

/// What the comparison found: all of it the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupComparison {
    /// The state of the backup.
    pub made: Made,
    /// Versions of records that were compared.
    pub records: u64,
    /// Those among them that nobody can read any more, here or there: their patient is forgotten.
    pub forgotten: u64,
    /// Bytes of the journal the backup holds.
    pub bytes: u64,
    /// Frames the vault has gained since.
    pub behind: u64,
}

impl BackupPoint {
    /// Restores the backup into a folder in `beside`, opens it as a vault, and compares every record up to the
    /// backup's last frame with this vault's. The folder is removed, whatever happens. Parts that are damaged or
    /// missing are [`Damage`] that names the file.
    pub fn verify(
        &self,
        backup: &Path,
        beside: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<BackupComparison, VaultError> {
        let catalog = Catalog::read(backup, &self.keychain, self.journal)?;
        if catalog.runs == 0 {
            return Err(BackupRefused::Missing.into());
        }
        if catalog.head.sequence > self.head.sequence {
            return Err(BackupRefused::Diverged.into());
        }
        let half = catalog.bytes().max(1);
        let scratch = Scratch::new(beside)?;
        let dir = scratch.path();
        assemble(backup, &catalog, dir, self.keychain.newest(), &mut |done| progress(done / 2, half * 2))?;
        // Only now, for what is damaged in the backup must be told as such.
        self.resume(&catalog)?;
        self.lend_keys(dir)?;
        let locked = LockedVault::open(dir)?;
        let (vault, _) = locked
            .unlock_with(self.keychain.newest().clone(), &mut |done, all| {
                let share = u128::from(half / 2) * u128::from(done) / u128::from(all.max(1));
                progress(half / 2 + share as u64, half * 2);
            })
            .map_err(|refused| refused.error)?;
        if !is_at(&vault, catalog.head) {
            return Err(Damage::BackupManifest { run: catalog.runs }.into());
        }
        drop(vault);
        let (records, forgotten) = self.compare(dir, &catalog, &mut |done| progress(half + done, half * 2))?;
        let behind = self.head.sequence - catalog.head.sequence;
        Ok(BackupComparison { made: catalog.made(), records, forgotten, bytes: catalog.bytes(), behind })
    }

    /// The keys are at hand: the scratch vault gets this one's, as they are.
    fn lend_keys(&self, dir: &Path) -> Result<(), VaultError> {
        let mut names: Vec<String> = ["keyring", "keychain", "inbox.key", "inbox.pub"].map(str::to_owned).to_vec();
        let slots = std::fs::read_dir(self.vault.join(keyslot::FOLDER)).map_err(super::io("list the keyslots"))?;
        names.extend(slots.flatten().map(|entry| format!("{}/{}", keyslot::FOLDER, entry.file_name().display())));
        for name in names {
            if let Some(bytes) = folder::read(&self.vault.join(&name), 80 << 20)? {
                let (within, name) = name.rsplit_once('/').unwrap_or((".", &name));
                folder::replace(&dir.join(within), name, &bytes)?;
            }
        }
        Ok(())
    }

    fn compare(&self, dir: &Path, catalog: &Catalog, progress: &mut dyn FnMut(u64)) -> Result<(u64, u64), VaultError> {
        let sealer = self.keychain.frames();
        let walk = |vault: &Path| Walk::new(&vault.join(JOURNAL), self.journal, Start::FIRST, catalog.head);
        let keyring = |vault: &Path| Keyring::open(vault, self.keychain.newest().sealer(Purpose::Keyring));
        let (mut ours, our_keys) = (walk(&self.vault)?, keyring(&self.vault)?);
        let (mut theirs, their_keys) = (walk(dir)?, keyring(dir)?);
        let (mut records, mut forgotten, mut done) = (0, 0, 0);
        loop {
            match (ours.next()?, theirs.next()?) {
                (None, None) => return Ok((records, forgotten)),
                (Some(our), Some(their)) => {
                    done += our.bytes.len() as u64;
                    let read = |step: &Step<'_>, keys: &Keyring| items(step, &sealer, self.journal, keys);
                    let (our, their) = (read(&our, &our_keys)?, read(&their, &their_keys)?);
                    if our != their {
                        return Err(BackupRefused::Diverged.into());
                    }
                    records += our.iter().filter(|item| !matches!(item, entry::Item::Taken(_))).count() as u64;
                    forgotten += our.iter().filter(|item| matches!(item, entry::Item::Forgotten)).count() as u64;
                    progress(done);
                }
                _ => return Err(BackupRefused::Diverged.into()),
            }
        }
    }
}

/// What is in a frame; nothing in a segment's header.
fn items(
    step: &Step<'_>,
    sealer: &FrameSealer,
    journal: [u8; 16],
    keyring: &Keyring,
) -> Result<Vec<entry::Item>, VaultError> {
    let Some(sequence) = step.sequence else { return Ok(Vec::new()) };
    let damage = Damage::Frame { segment: step.segment, frame: sequence, offset: step.offset };
    let payload = frame::open(sealer, &journal, step.bytes).ok_or(damage)?;
    let split = entry::split(&payload).ok_or(Damage::Item { frame: sequence, item: 0 })?;
    let mut found = Vec::with_capacity(split.len());
    for (position, item) in (0..).zip(split) {
        found.push(entry::read(&payload[item], &entry::Place { journal, sequence, position }, keyring)?);
    }
    Ok(found)
}

impl Vault {
    /// BLAKE3 hash of the keys' backup in a folder; `None` when there is none. That it is what was written last can be
    /// told without the recovery key.
    pub fn keyring_backup_hash(folder: &Path) -> Result<Option<[u8; 32]>, VaultError> {
        keys::hash(folder)
    }
}
