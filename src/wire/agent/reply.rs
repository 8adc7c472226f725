//! What the agent answers.

use super::CompartmentState;
use super::{
    AuditPage, BackedUp, Compared, Difference, ExportBegun, FeedReply, ImportReport, KeysBackedUp, Keyslot, LiveVisit,
    Page, Planned, Restored, Status, Undone, Unmatched, Waiting,
};
use crate::base::{
    Phi, Stamp,
    id::{AppointmentId, PatientId, VisitId},
};
use crate::record::{Appointment, AuditEvent, Message, Note, Patient, Practice, Task, Visit};
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
    /// At most [`super::DIFFERENCES_PAGE`]; fewer on the last page.
    Differences(Vec<Difference>),
    Undone(Undone),
    Feed(FeedReply),
    Appointment(Named<Appointment>),
    Appointments(#[serde(with = "super::listing")] Vec<Named<Appointment>>),
    Planned(Planned),
    Matched {
        /// How many appointments it was decided for.
        count: u64,
    },
    Unmatched {
        /// Some of them; each with its next appointment as lists show it.
        #[serde(with = "super::listing::unmatched")]
        names: Vec<Unmatched>,
        /// How many there are.
        total: u64,
    },
    /// When each free time begins.
    Free(Vec<jiff::Zoned>),
    Note(Named<Note>),
    Notes(Vec<Named<Note>>),
    Message(Named<Message>),
    Messages(Vec<Named<Message>>),
    Task(Named<Task>),
    Tasks(Vec<Named<Task>>),
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
    /// Tasks, too.
    pub tasks: u64,
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
    /// What is to be done, by day.
    pub tasks: Vec<Task>,
}

/// All the first screen shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Today {
    /// The day.
    pub date: jiff::civil::Date,
    /// The practice's zone.
    pub zone: String,
    /// The day's appointments by start, as lists show them.
    #[serde(with = "super::listing")]
    pub appointments: Vec<Named<Appointment>>,
    /// Patients of these appointments whose words were compared.
    pub verified: Vec<PatientId>,
    /// Appointments of the day whose patient has an unsigned note begun that day.
    pub unsigned_of: Vec<AppointmentId>,
    /// Appointments of the day to which the patient did not come and that a task follows up.
    pub followed: Vec<AppointmentId>,
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
    /// What is to be done within a week from now or without a day, by day; behind it what was done today.
    pub tasks: Vec<Named<Task>>,
    /// How many of them are still to be done, with those that are left out because they are too many.
    pub tasks_count: u64,
    /// The running visit.
    pub visit: Option<LiveVisit>,
}
