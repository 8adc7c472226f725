//! What one run added, and all runs of a folder together.

use std::path::Path;

use zeroize::Zeroizing;

use super::super::error::{Damage, VaultError};
use super::super::folder;
use super::super::frame::Hash;
use super::super::journal::Watermark;
use super::super::key::{Purpose, SealedForm, Sealer, VaultKey};
use super::super::keychain::Keychain;
use super::super::locked::Locked;
use super::{BackupRefused, MANIFEST, Made, Part, identify, put};
use crate::base::Stamp;

/// Many more than a run can have.
const MAX_BYTES: u64 = 16 << 20;
const FIXED_BYTES: usize = 8 + 32 + 8 + 32 + 4;
const PART_BYTES: usize = 4 + 8 + 8 + 32;

/// What one run added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) at: Stamp,
    /// Hash of the manifest before.
    pub(super) previous: Hash,
    pub(super) head: Watermark,
    pub(super) parts: Vec<Part>,
}

impl Manifest {
    fn encode(&self) -> Vec<u8> {
        let count = u32::try_from(self.parts.len()).expect("a run has fewer parts than a journal has segments");
        let mut bytes = Vec::with_capacity(FIXED_BYTES + self.parts.len() * PART_BYTES);
        bytes.extend_from_slice(&self.at.0.to_le_bytes());
        bytes.extend_from_slice(&self.previous);
        bytes.extend_from_slice(&self.head.sequence.to_le_bytes());
        bytes.extend_from_slice(&self.head.hash);
        bytes.extend_from_slice(&count.to_le_bytes());
        for part in &self.parts {
            bytes.extend_from_slice(&part.segment.to_le_bytes());
            bytes.extend_from_slice(&part.from.to_le_bytes());
            bytes.extend_from_slice(&part.to.to_le_bytes());
            bytes.extend_from_slice(&part.hash);
        }
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Manifest> {
        let (fixed, rest) = bytes.split_first_chunk::<FIXED_BYTES>()?;
        let (parts, []) = rest.as_chunks::<PART_BYTES>() else { return None };
        if u32::from_le_bytes(*fixed[80..].first_chunk()?) as usize != parts.len() {
            return None;
        }
        let read = |part: &[u8; PART_BYTES]| {
            Some(Part {
                segment: u32::from_le_bytes(*part.first_chunk()?),
                from: u64::from_le_bytes(*part[4..].first_chunk()?),
                to: u64::from_le_bytes(*part[12..].first_chunk()?),
                hash: *part[20..].first_chunk()?,
            })
        };
        Some(Manifest {
            at: Stamp(i64::from_le_bytes(*fixed.first_chunk()?)),
            previous: *fixed[8..].first_chunk()?,
            head: Watermark {
                sequence: u64::from_le_bytes(*fixed[40..].first_chunk()?),
                hash: *fixed[48..].first_chunk()?,
            },
            parts: parts.iter().map(read).collect::<Option<_>>()?,
        })
    }
}

fn form(run: u32) -> SealedForm {
    SealedForm { magic: b"BEDSBACK", damage: Damage::BackupManifest { run } }
}

fn context(journal: &[u8; 16], run: u32) -> Vec<u8> {
    [journal.as_slice(), &run.to_le_bytes()].concat()
}

pub(super) fn name(run: u32) -> String {
    format!("{run:06}.bm")
}

/// Everything the runs of a folder say.
pub(super) struct Catalog {
    pub(super) journal: [u8; 16],
    sealer: Locked<Sealer>,
    /// How many runs there were.
    pub(super) runs: u32,
    /// All parts, in the order of the journal.
    pub(super) parts: Vec<Part>,
    /// How far the last run came.
    pub(super) head: Watermark,
    /// When it was made.
    pub(super) at: Stamp,
    /// Hash of its manifest.
    last: Hash,
}

impl Catalog {
    /// A folder without a run.
    pub(super) fn empty(key: &VaultKey, journal: [u8; 16]) -> Catalog {
        Catalog {
            journal,
            sealer: key.sealer(Purpose::Backup),
            runs: 0,
            parts: Vec::new(),
            head: Watermark { sequence: 0, hash: [0; 32] },
            at: Stamp(0),
            last: [0; 32],
        }
    }

    /// Reads every manifest of a folder and checks that they follow one another without a gap, and so their parts.
    pub(super) fn read(backup: &Path, keys: &Keychain, journal: [u8; 16]) -> Result<Catalog, VaultError> {
        match identify(backup)? {
            None => return Err(BackupRefused::Missing.into()),
            Some(found) if found != journal => return Err(BackupRefused::Foreign.into()),
            Some(_) => {}
        }
        let mut catalog = Catalog::empty(keys.newest(), journal);
        let sealers: Vec<Locked<Sealer>> = keys.newest_first().map(|key| key.sealer(Purpose::Backup)).collect();
        let folder = backup.join(MANIFEST);
        let newest = newest_run(&folder)?;
        while catalog.runs < newest {
            let run = catalog.runs + 1;
            let damage = Damage::BackupManifest { run };
            let file = folder::read(&folder.join(name(run)), MAX_BYTES)?.ok_or(damage)?;
            let plain = decode(&sealers, &journal, run, &file)?;
            let manifest = Manifest::decode(&plain).ok_or(damage)?;
            if manifest.previous != catalog.last || !catalog.follows(&manifest) {
                return Err(damage.into());
            }
            catalog.take(&manifest, run, *blake3::hash(&file).as_bytes());
        }
        Ok(catalog)
    }

    /// Whether a run's parts begin where the parts before end.
    fn follows(&self, manifest: &Manifest) -> bool {
        let mut end = self.end();
        manifest.parts.iter().all(|part| {
            let fits = match end {
                None => (part.segment, part.from) == (1, 0),
                Some((segment, to)) => {
                    (part.segment, part.from) == (segment, to) || (part.segment, part.from) == (segment + 1, 0)
                }
            };
            end = Some((part.segment, part.to));
            fits && part.from < part.to
        }) && manifest.head.sequence >= self.head.sequence
    }

    fn take(&mut self, manifest: &Manifest, run: u32, hash: Hash) {
        self.runs = run;
        self.parts.extend_from_slice(&manifest.parts);
        (self.head, self.at, self.last) = (manifest.head, manifest.at, hash);
    }

    /// The segment and the byte at which the last part ends.
    pub(super) fn end(&self) -> Option<(u32, u64)> {
        self.parts.last().map(|part| (part.segment, part.to))
    }

    /// Adds a run: its manifest is written, durably.
    pub(super) fn add(
        &mut self,
        backup: &Path,
        at: Stamp,
        head: Watermark,
        parts: Vec<Part>,
    ) -> Result<u32, VaultError> {
        let run = self.runs + 1;
        let manifest = Manifest { at, previous: self.last, head, parts };
        let file = form(run).encode(&self.sealer, &context(&self.journal, run), &manifest.encode());
        let folder = backup.join(MANIFEST);
        if folder.join(name(run)).exists() {
            // Somebody else has added this run meanwhile.
            return Err(BackupRefused::Diverged.into());
        }
        put(&folder, &name(run), &file)?;
        self.take(&manifest, run, *blake3::hash(&file).as_bytes());
        Ok(run)
    }

    /// How many bytes of the journal all parts hold.
    pub(super) fn bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.to - part.from).sum()
    }

    pub(super) fn made(&self) -> Made {
        Made { at: self.at, runs: self.runs, head: self.head }
    }
}

/// Opens a manifest with the key of its time.
fn decode(
    sealers: &[Locked<Sealer>],
    journal: &[u8; 16],
    run: u32,
    file: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let mut refused = VaultError::from(Damage::BackupManifest { run });
    for sealer in sealers {
        match form(run).decode(sealer, &context(journal, run), file) {
            Err(error) => refused = error,
            opened => return opened,
        }
    }
    Err(refused)
}

/// The highest run there is a manifest of.
fn newest_run(folder: &Path) -> Result<u32, VaultError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(super::io("list the backup")(error)),
    };
    let mut newest = 0;
    for entry in entries {
        let found = entry.map_err(super::io("list the backup"))?.file_name();
        let run = found.to_str().and_then(|text| text.strip_suffix(".bm")?.parse::<u32>().ok());
        newest = newest.max(run.filter(|run| name(*run).as_str() == found).unwrap_or(0));
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn garbage_manifest_is_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Manifest::decode(&bytes);
        }
    }

    #[test]
    fn manifest_round_trips() {
        let manifest = Manifest {
            at: Stamp(-5),
            previous: [1; 32],
            head: Watermark { sequence: 9, hash: [2; 32] },
            parts: vec![Part { segment: 3, from: 0, to: 400, hash: [4; 32] }],
        };
        assert_eq!(Manifest::decode(&manifest.encode()), Some(manifest));
    }
}
