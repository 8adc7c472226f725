//! Adding to a backup what the journal has gained since the last run.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::super::error::{VaultError, io};
use super::super::opening::JOURNAL;
use super::super::scan::segment_name;
use super::super::{folder, keychain, keyslot};
use super::manifest::Catalog;
use super::walk::{Start, Walk};
use super::{
    BackupPoint, BackupRefused, KEYSLOT, MANIFEST, MARKER, MAX_SLOT_BYTES, Made, Part, identify, is_empty, is_within,
    make_file, make_folder, marker_text, part_name, put, read_marker, settle,
};
use crate::base::Stamp;

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupReport {
    /// What the backup holds now.
    pub made: Made,
    /// Files of the journal that were added.
    pub parts: usize,
    /// Bytes that were added.
    pub bytes: u64,
    /// Bytes of the journal the backup holds in all.
    pub total: u64,
}

impl BackupPoint {
    /// Adds what is new to the backup in `folder`, which is made when `may_begin` and it is not there or empty.
    /// `progress` is told bytes done and bytes in all. An interrupted run leaves the backup as it was.
    pub fn create(
        &self,
        folder: &Path,
        may_begin: bool,
        at: Stamp,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<BackupReport, VaultError> {
        if is_within(folder, &self.vault) {
            return Err(BackupRefused::InVault.into());
        }
        self.add(folder, may_begin, at, progress).map_err(full)
    }

    fn add(
        &self,
        folder: &Path,
        may_begin: bool,
        at: Stamp,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<BackupReport, VaultError> {
        self.begin(folder, may_begin)?;
        let mut catalog = Catalog::read(folder, &self.keychain, self.journal)?;
        sweep(folder, &catalog);
        let start = self.resume(&catalog)?;
        let copied = self.copy(folder, start, progress);
        // A full disk gets back what this run took of it.
        let parts = copied.inspect_err(|_| sweep(folder, &catalog))?;
        self.keep_keyslot(folder, catalog.runs + 1)?;
        let (count, bytes) = (parts.len(), parts.iter().map(|part| part.to - part.from).sum());
        catalog.add(folder, at, self.head, parts)?;
        Ok(BackupReport { made: catalog.made(), parts: count, bytes, total: catalog.bytes() })
    }

    /// Makes the folder, or sees that it is this vault's.
    fn begin(&self, folder: &Path, may_begin: bool) -> Result<(), VaultError> {
        match identify(folder)? {
            Some(journal) if journal == self.journal && read_marker(folder)?.is_some() => return Ok(()),
            // The text that says whose it is was lost.
            Some(journal) if journal == self.journal => {}
            Some(_) => return Err(BackupRefused::Foreign.into()),
            None if !may_begin => return Err(BackupRefused::Missing.into()),
            None if folder.exists() && !is_empty(folder) && !is_begun(folder) => {
                return Err(BackupRefused::Occupied.into());
            }
            None => {}
        }
        make_folder(folder)?;
        for name in [JOURNAL, KEYSLOT, MANIFEST] {
            make_folder(&folder.join(name))?;
        }
        put(folder, MARKER, marker_text(&self.journal).as_bytes())
    }

    /// Where the last run ended; refused when this journal is not what was copied then.
    pub(super) fn resume(&self, catalog: &Catalog) -> Result<Start, VaultError> {
        let Some(last) = catalog.parts.last() else { return Ok(Start::FIRST) };
        let path = self.vault.join(JOURNAL).join(segment_name(last.segment));
        let same = hash_range(&path, last.from, last.to)?.is_some_and(|hash| hash == last.hash);
        if !same || catalog.head.sequence > self.head.sequence {
            return Err(BackupRefused::Diverged.into());
        }
        Ok(Start { segment: last.segment, offset: last.to, before: catalog.head })
    }

    fn copy(&self, backup: &Path, start: Start, progress: &mut dyn FnMut(u64, u64)) -> Result<Vec<Part>, VaultError> {
        let journal = self.vault.join(JOURNAL);
        let total = bytes_from(&journal, start);
        let mut walk = Walk::new(&journal, self.journal, start, self.head)?;
        let folder = backup.join(JOURNAL);
        let (mut parts, mut open) = (Vec::new(), None::<Growing>);
        let mut done = 0;
        while let Some(step) = walk.next()? {
            let growing = match open.take() {
                Some(growing) if growing.segment == step.segment => open.insert(growing),
                other => {
                    parts.extend(other.map(|finished| finished.finish(&folder)).transpose()?);
                    open.insert(Growing::new(&folder, step.segment, step.offset)?)
                }
            };
            growing.write(step.bytes)?;
            done += step.bytes.len() as u64;
            progress(done, total.max(done));
        }
        parts.extend(open.map(|finished| finished.finish(&folder)).transpose()?);
        progress(done.max(1), done.max(1));
        Ok(parts)
    }

    /// The way to the vault key that cannot be guessed; added again only when it is another.
    fn keep_keyslot(&self, backup: &Path, run: u32) -> Result<(), VaultError> {
        if self.has_keyslot(backup)? {
            return Ok(());
        }
        let folder = backup.join(KEYSLOT);
        make_folder(&folder)?;
        // First the older keys, for a slot without them would open a part of the journal only.
        if let Some(chain) = self.older_keys()? {
            put(&folder, &format!("{run:06}.chain"), &chain)?;
        }
        put(&folder, &format!("{run:06}.age"), &keyslot::read_recovery(&self.vault)?)
    }

    /// Whether the backup's newest keyslot, and the older keys beside it, are the vault's own.
    pub(super) fn has_keyslot(&self, backup: &Path) -> Result<bool, VaultError> {
        let slot = keyslot::read_recovery(&self.vault)?;
        let kept = super::restore::keyslots(&backup.join(KEYSLOT)).unwrap_or_default();
        let Some(newest) = kept.first() else { return Ok(false) };
        let chain = folder::read(&newest.with_extension("chain"), keychain::MAX_BYTES)?;
        Ok(folder::read(newest, MAX_SLOT_BYTES)? == Some(slot) && chain == self.older_keys()?)
    }

    fn older_keys(&self) -> Result<Option<Vec<u8>>, VaultError> {
        folder::read(&self.vault.join(keychain::NAME), keychain::MAX_BYTES)
    }
}

/// It is the backup's disk that is full, not the vault's.
pub(super) fn full(error: VaultError) -> VaultError {
    if let VaultError::DiskFull = error { BackupRefused::Full.into() } else { error }
}

/// Whether a run was interrupted here before it could say whose backup this is: nothing but our empty folders.
fn is_begun(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|entries| {
        entries.flatten().all(|entry| {
            let name = entry.file_name();
            let ours = [JOURNAL, KEYSLOT, MANIFEST].iter().any(|ours| name == *ours) && is_empty(&entry.path());
            ours || name == "backup.new"
        })
    })
}

/// Removes what an interrupted run left. Best effort: nothing of it is ever read.
fn sweep(backup: &Path, catalog: &Catalog) {
    let known: std::collections::HashSet<String> = catalog.parts.iter().map(Part::name).collect();
    for folder in [JOURNAL, KEYSLOT, MANIFEST] {
        for entry in fs::read_dir(backup.join(folder)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".new") || (name.ends_with(".part") && !known.contains(&name)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// A part that is being written.
struct Growing {
    file: File,
    fresh: PathBuf,
    hasher: blake3::Hasher,
    segment: u32,
    from: u64,
    to: u64,
}

impl Growing {
    fn new(folder: &Path, segment: u32, from: u64) -> Result<Growing, VaultError> {
        let fresh = folder.join(format!("{segment:06}-{from:012}.new"));
        let file = make_file(&fresh)?;
        Ok(Growing { file, fresh, hasher: blake3::Hasher::new(), segment, from, to: from })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), VaultError> {
        self.file.write_all(bytes).map_err(io("write the backup"))?;
        self.hasher.update(bytes);
        self.to += bytes.len() as u64;
        Ok(())
    }

    fn finish(self, folder: &Path) -> Result<Part, VaultError> {
        let hash = *self.hasher.finalize().as_bytes();
        let part = Part { segment: self.segment, from: self.from, to: self.to, hash };
        settle(&self.file, &self.fresh, folder, &part_name(self.segment, self.from, self.to))?;
        Ok(part)
    }
}

/// The hash of a stretch of a file; `None` when the file does not reach so far.
pub(super) fn hash_range(path: &Path, from: u64, to: u64) -> Result<Option<[u8; 32]>, VaultError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io("open the journal")(error)),
    };
    file.seek(SeekFrom::Start(from)).map_err(io("read the journal"))?;
    let mut hasher = blake3::Hasher::new();
    let read = std::io::copy(&mut file.take(to - from), &mut hasher).map_err(io("read the journal"))?;
    Ok((read == to - from).then(|| *hasher.finalize().as_bytes()))
}

/// About how much there is to copy.
fn bytes_from(journal: &Path, start: Start) -> u64 {
    let sizes = (start.segment..).map_while(|segment| fs::metadata(journal.join(segment_name(segment))).ok());
    sizes.map(|found| found.len()).sum::<u64>().saturating_sub(start.offset)
}
