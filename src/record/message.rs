//! Secure messages between clinician and patient.

use super::{AppointmentKind, Record, RecordKind, Standing};
use crate::base::{
    Phi, Stamp,
    id::{AppointmentId, MessageId, PatientId},
};
use serde::{Deserialize, Serialize};

/// One message of a patient's thread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Identifier, the same at both ends.
    pub id: MessageId,
    /// Whose thread.
    pub patient: PatientId,
    /// Who wrote it.
    pub from: Sender,
    /// The text, up to 64 KiB of UTF-8.
    #[serde(with = "crate::base::phi")]
    pub text: Phi<String>,
    /// When it was written (the writer's clock, corrected by the relay's).
    pub at: Stamp,
    /// How far it has come.
    pub delivery: Delivery,
    /// When the clinician read it; always set for the clinician's own.
    #[serde(default)]
    pub read: Option<Stamp>,
    /// The appointment that it brings for the patient's calendar: it is a reminder, which the agent sent by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<Attached>,
}

/// An appointment as it was when a message took it along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Which.
    pub id: AppointmentId,
    /// Start.
    pub start: Stamp,
    /// End.
    pub end: Stamp,
    /// By video or in the practice.
    pub kind: AppointmentKind,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the two people of a thread")]
pub enum Sender {
    Clinician,
    Patient,
}

/// How far a message has come. Only `Received` is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Delivery {
    /// In our outbox.
    Queued,
    /// The relay has it.
    Sent,
    /// The other end has it durably.
    Received,
}

impl Record for Message {
    const KIND: RecordKind = RecordKind::Message;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        *self.id.as_bytes()
    }
    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }
    /// Unread messages wait for the clinician.
    fn standing(&self) -> Standing {
        if self.read.is_none() { Standing::Pending } else { Standing::Kept }
    }
}
