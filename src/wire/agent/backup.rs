//! Backups and exports, asked and answered.

use crate::base::{Phi, Stamp};
use crate::record::{Appointment, Message, Note, Patient, Practice, Task, Visit};
use serde::{Deserialize, Serialize};

/// From what a vault is made again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restore {
    /// The journal's backup, an absolute path on the agent's machine.
    pub folder: String,
    /// The keys' backup, likewise.
    pub keys: Option<String>,
    /// The recovery key.
    #[serde(with = "crate::base::phi")]
    pub recovery_key: Phi<String>,
    /// The new passphrase.
    #[serde(with = "crate::base::phi")]
    pub passphrase: Phi<String>,
    /// scrypt's work factor, when it is not to be the usual 18; at least 10. For tests.
    pub work_factor: Option<u8>,
    /// Restore what can be read when keys are missing, instead of nothing.
    pub partial: bool,
}

/// What a run of a backup did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedUp {
    /// Where.
    pub folder: String,
    /// How many runs there were.
    pub runs: u32,
    /// Files of the journal that were added.
    pub parts: u64,
    /// Bytes that were added.
    pub bytes: u64,
    /// Bytes of the journal the backup holds in all.
    pub total_bytes: u64,
    /// Frames of the journal it holds.
    pub frames: u64,
    /// The last frame's hash, hexadecimal.
    pub head: String,
    /// How long it took.
    pub took_ms: u64,
    /// The keys' backup.
    pub keys: KeysBackedUp,
}

/// How the keys' backup stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum KeysBackedUp {
    /// There never was one.
    Never,
    /// It was written now.
    Written {
        /// Where.
        folder: String,
        /// How many keys are in it: one for each patient, and for each name from a feed that is nobody's yet.
        keys: u64,
        /// The one before, when it was elsewhere.
        before: Option<KeysBefore>,
    },
    /// It is what was written last, and nothing was to be changed.
    Current {
        /// Where.
        folder: String,
        /// When it was written.
        at: Stamp,
        /// How many keys are in it: one for each patient, and for each name from a feed that is nobody's yet.
        keys: u64,
    },
    /// It could not be reached, but nothing was to be changed.
    Away {
        /// Where it should be.
        folder: String,
        /// When it was written.
        at: Stamp,
    },
    /// It lacks keys that came since, or has keys that were destroyed since.
    Behind {
        /// Where it should be.
        folder: String,
        /// When it was written.
        at: Stamp,
        /// Why it is as it is.
        why: String,
    },
}

/// A backup of the keys that is not written any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysBefore {
    /// Where it was.
    pub folder: String,
    /// Whether it is gone; otherwise it could not be reached, or is not what was written there.
    pub removed: bool,
}

/// What comparing a backup with the vault found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Where it is.
    pub folder: String,
    /// When the last run was.
    pub at: Stamp,
    /// How many runs there were.
    pub runs: u32,
    /// Versions of records that were compared, all of them the same.
    pub records: u64,
    /// Those among them whose patient is forgotten.
    pub forgotten: u64,
    /// Frames of the journal it holds.
    pub frames: u64,
    /// Frames the vault has gained since.
    pub behind: u64,
    /// Bytes of the journal it holds.
    pub bytes: u64,
    /// The last frame's hash, hexadecimal.
    pub head: String,
    /// How long it took.
    pub took_ms: u64,
    /// The keys' backup: never `Written`.
    pub keys: KeysBackedUp,
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// When the backup's last run was.
    pub at: Stamp,
    /// When the keys' backup was written.
    pub keys_at: Option<Stamp>,
    /// Versions of records.
    pub records: u64,
    /// Frames of the journal.
    pub frames: u64,
    /// Bytes of the journal.
    pub bytes: u64,
    /// Patients whose key was there.
    pub patients: u64,
    /// Keys that were not: what is under them, of as many patients at most, stays unreadable.
    pub lacking: u64,
    /// Patients who had a link or a device and need a new link.
    pub unpaired: u64,
    /// The last frame's hash, hexadecimal.
    pub head: String,
    /// How long it took.
    pub took_ms: u64,
}

/// What an export begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportBegun {
    /// The practice.
    pub practice: Practice,
    /// Whose records there are to ask for.
    pub patients: Vec<Patient>,
}

/// What an export asks for, page by page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the kinds of record")]
pub enum Exported {
    Appointments,
    Notes,
    Messages,
    Visits,
    Tasks,
}

/// One page of an export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the kinds of record")]
pub enum Page {
    Appointments(Vec<Appointment>),
    Notes(Vec<Note>),
    Messages(Vec<Message>),
    Visits(Vec<Visit>),
    Tasks(Vec<Task>),
}
