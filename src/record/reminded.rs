//! Up to when reminders were given.

use super::{Record, RecordKind};
use crate::base::{Stamp, id::PatientId};
use serde::{Deserialize, Serialize};

/// Every reminder that came due until then was given, or was not to be given. It is kept in one frame with what it says
/// of: with the messages that were sent, so that none is sent twice or lost; and with every appointment that was made or
/// moved, so that what was due before there was the appointment is never taken for late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// Until then.
    pub until: Stamp,
}

impl Record for Reminded {
    const KIND: RecordKind = RecordKind::Reminded;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        [0; 16]
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
}
