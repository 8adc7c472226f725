//! What is kept of a video visit (FHIR Encounter, class VR): times and facts, nothing of what was said or seen.

use super::{Record, RecordKind, Standing};
use crate::base::{
    Stamp,
    id::{AppointmentId, PatientId, VisitId},
};
use serde::{Deserialize, Serialize};

/// A visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// Identifier, the same at both ends.
    pub id: VisitId,
    /// With whom.
    pub patient: PatientId,
    /// The appointment it belongs to.
    #[serde(default)]
    pub appointment: Option<AppointmentId>,
    /// When the patient came to the waiting room.
    pub knocked: Stamp,
    /// When the clinician admitted.
    #[serde(default)]
    pub admitted: Option<Stamp>,
    /// When sound and picture first ran.
    #[serde(default)]
    pub connected: Option<Stamp>,
    /// When it ended.
    #[serde(default)]
    pub ended: Option<Stamp>,
    /// Why it ended.
    #[serde(default)]
    pub end_reason: Option<EndReason>,
    /// The path sound and picture took; the last one, if it changed.
    #[serde(default)]
    pub path: Option<Path>,
    /// The picture's codec as in SDP ("VP8").
    #[serde(default)]
    pub codec: Option<String>,
    /// The five verification words.
    #[serde(default)]
    pub words: Vec<String>,
    /// When both found the words to be the same.
    #[serde(default)]
    pub words_compared: Option<Stamp>,
    /// Whether somebody found them to differ.
    #[serde(default)]
    pub words_differed: bool,
}

/// How sound and picture travelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Path {
    /// From machine to machine.
    Direct,
    /// Through a TURN server, still sealed end to end.
    Relayed,
}

/// Why a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The clinician hung up.
    Clinician,
    /// The patient left.
    Patient,
    /// The clinician declined before admitting.
    Declined,
    /// The line was lost and did not come back.
    Lost,
    /// The call window went away.
    WindowLost,
    /// The commitment did not match, or the words differed.
    Unverified,
}

impl Record for Visit {
    const KIND: RecordKind = RecordKind::Visit;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        *self.id.as_bytes()
    }
    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }
    /// Until it has ended.
    fn standing(&self) -> Standing {
        if self.ended.is_none() { Standing::Pending } else { Standing::Kept }
    }
}
