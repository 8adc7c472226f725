//! The audit log (45 CFR 164.312(b)): who did what to which record, when. It lives in the journal and is never changed.

use super::{Record, RecordKind, Standing};
use crate::base::{
    Stamp,
    id::{EventId, PatientId},
};
use serde::{Deserialize, Serialize};

/// One event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Identifier.
    pub id: EventId,
    /// When.
    pub at: Stamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: Action,
    /// The patient concerned.
    #[serde(default)]
    pub patient: Option<PatientId>,
    /// The patients concerned, when there are several: everybody whom a list showed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patients: Vec<PatientId>,
    /// The record concerned, as text.
    #[serde(default)]
    pub record: Option<String>,
    /// How many records, for imports and lists.
    #[serde(default)]
    pub count: Option<u64>,
}

impl AuditEvent {
    /// Whether it concerns this patient.
    pub fn concerns(&self, patient: PatientId) -> bool {
        self.patient == Some(patient) || self.patients.contains(&patient)
    }
}

/// Who acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the three that can act")]
pub enum Actor {
    Clinician,
    Patient,
    Agent,
}

/// What was done. New actions are added at the end; none is renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Action {
    Init,
    Unlock,
    UnlockFailed,
    Lock,
    PracticeChange,
    PatientAdd,
    PatientRead,
    PatientChange,
    PatientArchive,
    PatientInvite,
    PatientPaired,
    InviteOpenedTwice,
    AppointmentImport,
    AppointmentAdd,
    AppointmentChange,
    AppointmentRead,
    NoteAdd,
    NoteRead,
    NoteChange,
    NoteSign,
    NoteAddendum,
    NoteSearch,
    MessageSend,
    MessageReceive,
    MessageRead,
    VisitKnock,
    VisitAdmit,
    VisitDecline,
    VisitConnect,
    VisitEnd,
    WordsCompared,
    WordsDiffered,
    AuditRead,
    AuditVerify,
    PassphraseChange,
    KeyAdd,
    KeyRemove,
    KeyRotate,
    AuditExport,
    BackupCreate,
    BackupVerify,
    BackupRestore,
    Export,
    PatientHold,
    PatientRelease,
    PatientForget,
    PatientForgetFailed,
    CompartmentCreate,
    CompartmentOpen,
    CompartmentOpenFailed,
    CompartmentClose,
    CompartmentPassphrase,
    CompartmentExport,
    AuditVerifyFailed,
    AppointmentImportUndo,
    DayRead,
    RoomRead,
    TaskAdd,
    TaskRead,
    TaskChange,
    TaskDone,
    FeedAdd,
    FeedRemove,
    FeedPush,
}

impl Record for AuditEvent {
    const KIND: RecordKind = RecordKind::AuditEvent;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        *self.id.as_bytes()
    }
    /// Audit events stay readable when a patient is forgotten, so they are not sealed under a patient's key.
    fn patient(&self) -> Option<PatientId> {
        None
    }
    fn standing(&self) -> Standing {
        Standing::Event
    }
}
