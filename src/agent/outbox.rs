//! What is on its way to a patient and not yet *received*: the sealed bytes themselves, so that sending again is
//! byte for byte the same.

use crate::base::id::{EnvelopeId, MessageId, PatientId};
use crate::record::{Record, RecordKind};
use serde::{Deserialize, Serialize};

/// An envelope that carries a message of the thread.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Outgoing {
    /// The envelope.
    pub(super) id: EnvelopeId,
    /// To whom.
    pub(super) patient: PatientId,
    /// The message in it.
    pub(super) message: MessageId,
    /// The padded envelope.
    #[serde(with = "serde_bytes")]
    pub(super) bytes: Vec<u8>,
}

impl Record for Outgoing {
    const KIND: RecordKind = RecordKind::Envelope;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        *self.id.as_bytes()
    }
    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }
}
