//! What the agent answers.

use super::CompartmentState;
use super::{
    AuditPage, BackedUp, Compared, ExportBegun, KeysBackedUp, Keyslot, LiveVisit, Page, Restored, Status, Waiting,
};
use crate::base::{
    Phi, Stamp,
    id::{AppointmentId, PatientId, VisitId},
};
use crate::record::{Appointment, AuditEvent, Message, Note, Patient, Practice, Visit};
use serde::{Deserialize, Serialize};

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each answers the request that names it")]
pub enum Reply {
    Done,
    Hello {
        version: u16,
        status: Status,
    },
    Status(Status),
    Initialized {
        /// `AGE-SECRET-KEY-1…`; shown once, kept nowhere.
        #[serde(with = "crate::base::phi")]
        recovery_key: Phi<String>,
    },
    /// A new one.
    RecoveryKey {
        /// `AGE-SECRET-KEY-1…`; shown once, kept nowhere.
        #[serde(with = "crate::base::phi")]
        recovery_key: Phi<String>,
        /// Whether the keys' backup was sealed to it, too.
        keys: KeysBackedUp,
    },
    Keyslots(Vec<Keyslot>),
    Unlocked {
        /// What had arrived while locked and is in place now.
        drained: u64,
        /// Something the clinician should know, such as "the last write was torn by a power cut and cut off".
        notice: Option<String>,
    },
    Practice(Practice),
    Patient(Patient),
    Patients(Vec<Patient>),
    Chart(Chart),
    Invite {
        /// The link.
        #[serde(with = "crate::base::phi")]
        link: Phi<String>,
        /// After this it is dead.
        expires: Stamp,
    },
    Imported(ImportReport),
    Appointment(Named<Appointment>),
    Appointments(Vec<Named<Appointment>>),
    Note(Named<Note>),
    Notes(Vec<Named<Note>>),
    Message(Named<Message>),
    Messages(Vec<Named<Message>>),
    Room(Vec<Waiting>),
    CallOpened {
        visit: VisitId,
    },
    Visit(Named<Visit>),
    Visits(Vec<Named<Visit>>),
    Audit(Vec<Named<AuditEvent>>),
    AuditPage(AuditPage),
    Verified(Verified),
    BackedUp(BackedUp),
    Compared(Compared),
    Restored(Restored),
    ExportBegun(ExportBegun),
    ExportPage {
        page: Page,
        /// Records follow behind this page.
        more: bool,
    },
    Forgotten(Forgotten),
    Compartments(Vec<CompartmentState>),
    Today(Today),
}

/// A record with the name of its patient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Named<T> {
    /// The patient's name, if the record has a patient.
    #[serde(with = "crate::base::phi::option", default)]
    pub name: Option<Phi<String>>,
    /// The record.
    pub record: T,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// New appointments.
    pub added: u64,
    /// Changed ones.
    pub updated: u64,
    /// As they were.
    pub unchanged: u64,
    /// Cancelled by the feed.
    pub removed: u64,
    /// Of the added and updated: those whose name fits no patient.
    pub unmatched: u64,
    /// The vault was locked: kept sealed until it is unlocked.
    pub queued: bool,
}

/// What a proof of the journal found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// The chain holds from the first frame to the head.
    pub intact: bool,
    /// Frames read.
    pub frames: u64,
    /// Records read.
    pub records: u64,
    /// Audit events among them.
    pub events: u64,
    /// The head's hash, hexadecimal.
    pub head: String,
}

/// What was forgotten: the agent's part of the certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// Who it was.
    pub patient: PatientId,
    /// When.
    pub at: Stamp,
    /// The head's hash with the event of the forgetting, hexadecimal.
    pub head: String,
    /// Notes that nobody can read any more.
    pub notes: u64,
    /// Messages, too.
    pub messages: u64,
    /// Appointments, too.
    pub appointments: u64,
    /// Visits, too.
    pub visits: u64,
    /// What became of the key in the keys' backup.
    pub keys: KeysBackedUp,
}

/// A chart on one page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// Who.
    pub patient: Patient,
    /// Newest first.
    pub notes: Vec<Note>,
    /// Oldest first, the last 50.
    pub messages: Vec<Message>,
    /// By start: the last 20 and all to come within a year.
    pub appointments: Vec<Appointment>,
    /// Newest first.
    pub visits: Vec<Visit>,
}

/// All the first screen shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Today {
    /// The day.
    pub date: jiff::civil::Date,
    /// The practice's zone.
    pub zone: String,
    /// The day's appointments by start.
    pub appointments: Vec<Named<Appointment>>,
    /// Patients of these appointments whose words were compared.
    pub verified: Vec<PatientId>,
    /// Appointments of the day whose patient has an unsigned note begun that day.
    pub unsigned_of: Vec<AppointmentId>,
    /// Who waits.
    pub room: Vec<Waiting>,
    /// The newest unread message of each thread, newest first.
    pub unread: Vec<Named<Message>>,
    /// How many messages are unread.
    pub unread_count: u64,
    /// How many notes are not signed.
    pub unsigned_count: u64,
    /// The newest unsigned notes.
    pub unsigned: Vec<Named<Note>>,
    /// The running visit.
    pub visit: Option<LiveVisit>,
}
