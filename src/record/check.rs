//! When all of the vault was last read and found whole.

use super::{Record, RecordKind};
use crate::base::{Stamp, id::PatientId};
use serde::{Deserialize, Serialize};

/// The one such record of a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// When.
    pub at: Stamp,
}

impl Record for Check {
    const KIND: RecordKind = RecordKind::Check;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        [0; 16]
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
}
