//! A backup restored beside the vault and compared with it, record by record.

use std::path::Path;

use zeroize::Zeroizing;

use super::super::entry::{self, Item};
use super::super::error::{Damage, VaultError};
use super::super::head::HeadFile;
use super::super::journal::Watermark;
use super::super::key::Purpose;
use super::super::keychain::FrameSealer;
use super::super::keyring::Keyring;
use super::super::opening::JOURNAL;
use super::super::{Vault, frame, scan};
use super::manifest::Catalog;
use super::restore::assemble;
use super::scratch::Scratch;
use super::walk::{Start, Walk};
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
    /// Restores the backup into a folder in `beside`, reads it there as a vault is read, and compares every record up to
    /// the backup's last frame with this vault's. The folder is removed, whatever happens; no key is ever in it. Parts
    /// that are damaged or missing are [`Damage`] that names the file.
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
        let bytes = catalog.bytes();
        let all = bytes.max(1) * 2;
        let scratch = Scratch::new(beside, bytes)?;
        let dir = scratch.path();
        assemble(backup, &catalog, dir, self.keychain.newest(), &mut |done| progress(done, all))?;
        // Only now, for what is damaged in the backup must be told as such.
        self.resume(&catalog)?;
        if !self.has_keyslot(backup)? {
            return Err(BackupRefused::Keyslot.into());
        }
        let (records, forgotten) = self.compare(dir, &catalog, &mut |done| progress(bytes + done, all))?;
        let behind = self.head.sequence - catalog.head.sequence;
        Ok(BackupComparison { made: catalog.made(), records, forgotten, bytes, behind })
    }

    /// The restored journal, read as one is that is opened and every item of it, beside this vault's own.
    fn compare(&self, dir: &Path, catalog: &Catalog, progress: &mut dyn FnMut(u64)) -> Result<(u64, u64), VaultError> {
        let (journal, sealer) = (self.journal, self.keychain.frames());
        let keyring = Keyring::open(&self.vault, self.keychain.newest().sealer(Purpose::Keyring))?;
        let (_, head, _) = HeadFile::open(dir, self.keychain.newest().sealer(Purpose::Head))?;
        let mut ours = Walk::new(&self.vault.join(JOURNAL), journal, Start::FIRST, catalog.head)?;
        let (mut records, mut forgotten) = (0, 0);
        let end = scan::scan(&dir.join(JOURNAL), &sealer, &head, scan::ALL, &mut |frame| {
            let theirs = frame.payload.ok_or(Damage::Item { frame: frame.sequence, item: 0 })?;
            if open_next(&mut ours, &sealer, &journal)?.is_none_or(|ours| *ours != *theirs) {
                return Err(BackupRefused::Diverged.into());
            }
            entry::read_all(&theirs, journal, frame.sequence, &keyring, &mut |_, item| {
                records += u64::from(!matches!(item, Item::Taken(_)));
                forgotten += u64::from(matches!(item, Item::Forgotten));
            })?;
            progress(frame.done.0);
            Ok(())
        })?;
        if (Watermark { sequence: end.next, hash: end.hash }) != catalog.head {
            return Err(Damage::BackupManifest { run: catalog.runs }.into());
        }
        Ok((records, forgotten))
    }
}

/// What is in the next frame; `None` behind the last.
fn open_next(
    walk: &mut Walk,
    sealer: &FrameSealer,
    journal: &[u8; 16],
) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    while let Some(step) = walk.next()? {
        if let Some(frame) = step.sequence {
            let damage = Damage::Frame { segment: step.segment, frame, offset: step.offset };
            return Ok(Some(frame::open(sealer, journal, step.bytes).ok_or(damage)?));
        }
    }
    Ok(None)
}

impl Vault {
    /// BLAKE3 hash of the keys' backup in a folder; `None` when there is none. That it is what was written last can be
    /// told without the recovery key.
    pub fn keyring_backup_hash(folder: &Path) -> Result<Option<[u8; 32]>, VaultError> {
        keys::hash(folder)
    }
}
