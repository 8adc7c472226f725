//! Where this vault is backed up to, and what was put there last.

use super::{Record, RecordKind};
use crate::base::{Stamp, id::PatientId};
use serde::{Deserialize, Serialize};

/// The one such record of a vault.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Backup {
    /// The journal's backup.
    pub journal: Option<JournalKept>,
    /// The keys', apart from it.
    pub keys: Option<KeysKept>,
}

/// The last run of the journal's backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalKept {
    /// The folder, an absolute path.
    pub folder: String,
    /// When.
    pub at: Stamp,
    /// How many runs there were.
    pub runs: u32,
    /// Frames of the journal it holds.
    pub frames: u64,
}

/// The keys' backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysKept {
    /// The folder, an absolute path.
    pub folder: String,
    /// When it was written.
    pub at: Stamp,
    /// How many keys are in it.
    pub keys: u64,
    /// BLAKE3 hash of the file.
    #[serde(with = "serde_bytes")]
    pub file: [u8; 32],
    /// BLAKE3 hash of what it was made of: another when keys came or went since.
    #[serde(with = "serde_bytes")]
    pub state: [u8; 32],
}

impl Record for Backup {
    const KIND: RecordKind = RecordKind::Backup;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        [0; 16]
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
}
