//! One run of an import, so that it can be undone as a whole, and one that was cut short is not left half done.

use super::{Record, RecordKind, Standing};
use crate::base::{
    Phi, Stamp,
    id::{ImportId, PatientId},
};
use serde::{Deserialize, Serialize};

/// A run that changed something. What it changed says so itself ([`super::Source::import`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// Identifier.
    pub id: ImportId,
    /// When.
    pub at: Stamp,
    /// What the feed is called.
    #[serde(with = "crate::base::phi")]
    pub feed: Phi<String>,
    /// How far it came.
    pub state: ImportState,
}

/// How far a run came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Some of it may be kept; it is taken back when the vault is opened.
    Begun,
    /// All of it is kept.
    Done,
    /// It was taken back.
    Undone,
}

impl Record for Import {
    const KIND: RecordKind = RecordKind::Import;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        *self.id.as_bytes()
    }
    /// A feed's name is a calendar's, not a patient's.
    fn patient(&self) -> Option<PatientId> {
        None
    }
    fn standing(&self) -> Standing {
        if self.state == ImportState::Begun { Standing::Pending } else { Standing::Kept }
    }
}
