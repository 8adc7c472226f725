//! What a client asks.

use super::{AuditFilter, Exported, Factor, FeedRequest, ImportHead, Restore, SealTo, TaskRequest, Way, Who};
use crate::base::{
    Phi,
    id::{AppointmentId, NoteId, PatientId, VisitId},
};
use crate::record::{
    AppointmentKind, AppointmentStatus, Compartment, Imported, NoteKind, Practice, Repeat, Settlement,
};
use serde::{Deserialize, Serialize};

/// What a client can ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// First of all.
    Hello {
        /// [`VERSION`].
        version: u16,
    },
    /// How things stand; works while locked. → [`Reply::Status`]
    Status,
    /// Events from now on, and how things stand at their beginning. Works while locked. → [`Reply::Status`]
    Subscribe,
    /// Makes the vault; it is open afterwards. → [`Reply::Initialized`]
    Init {
        /// 15 characters and more, none of the commonest.
        #[serde(with = "crate::base::phi")]
        passphrase: Phi<String>,
        /// The practice.
        practice: Box<Practice>,
        /// scrypt's work factor, when it is not to be the usual 18; at least 10. For tests.
        work_factor: Option<u8>,
    },
    /// Opens the vault. → [`Reply::Unlocked`]
    Unlock {
        /// With what.
        way: Way,
    },
    /// Sets a new passphrase. → [`Reply::Done`]; an audit event
    PassphraseChange {
        /// What opens the vault today.
        way: Way,
        /// 15 characters and more, 8 and more with a second factor, none of the commonest; `None` keeps the one that
        /// `way` has.
        #[serde(with = "crate::base::phi::option", default)]
        new: Option<Phi<String>>,
        /// What stands beside it.
        factor: Factor,
        /// scrypt's work factor, when it is not to be the usual 18; at least 10. For tests.
        work_factor: Option<u8>,
    },
    /// The ways into the vault, by name. Works while locked. → [`Reply::Keyslots`]
    KeyList,
    /// Adds a way in that asks for an identity. → [`Reply::Done`]; an audit event
    KeyAdd {
        /// What opens the vault.
        way: Way,
        /// 1 to 32 lower-case letters, digits and hyphens.
        name: String,
        /// Whose identity.
        to: SealTo,
    },
    /// Removes a way in. → [`Reply::Done`]; an audit event
    KeyRemove {
        /// What opens the vault.
        way: Way,
        /// Which.
        name: String,
    },
    /// Makes a new vault key and seals everything but the journal anew; every way in stays. → [`Reply::Done`], with
    /// progress; an audit event
    KeyRotate {
        /// What opens the vault; where there is a passphrase, with it.
        way: Way,
        /// scrypt's work factor, when it is not to be the usual 18; at least 10. For tests.
        work_factor: Option<u8>,
    },
    /// Makes a new recovery key; the old one dies. → [`Reply::RecoveryKey`]; an audit event
    KeyRecovery {
        /// What opens the vault.
        way: Way,
    },
    /// Makes a compartment; it is open afterwards. → [`Reply::Done`]; an audit event
    CompartmentCreate {
        /// Which.
        compartment: Compartment,
        /// What opens the vault.
        way: Way,
        /// The compartment's passphrase, as the vault's must be, and another.
        #[serde(with = "crate::base::phi")]
        new: Phi<String>,
        /// scrypt's work factor, when it is not to be the usual 18; at least 10. For tests.
        work_factor: Option<u8>,
    },
    /// Opens a compartment until it is closed or the vault locks. → [`Reply::Done`]; an audit event
    CompartmentOpen {
        /// Which.
        compartment: Compartment,
        /// The compartment's passphrase, or the recovery key.
        way: Way,
    },
    /// Closes a compartment. → [`Reply::Done`]; an audit event
    CompartmentClose {
        /// Which.
        compartment: Compartment,
    },
    /// How all of them stand. → [`Reply::Compartments`]
    CompartmentList,
    /// Sets a compartment's passphrase. → [`Reply::Done`]; an audit event
    CompartmentPassphrase {
        /// Which.
        compartment: Compartment,
        /// The compartment's passphrase, or the recovery key.
        way: Way,
        /// As the vault's must be, and another.
        #[serde(with = "crate::base::phi")]
        new: Phi<String>,
        /// scrypt's work factor, when it is not to be the usual 18; at least 10. For tests.
        work_factor: Option<u8>,
    },
    /// Locks the vault. → [`Reply::Done`]
    Lock,
    /// Locks and ends the agent. → [`Reply::Done`]
    Stop,
    /// The practice. → [`Reply::Practice`]
    Practice,
    /// Changes the practice. → [`Reply::Done`]
    PracticeSet(Box<Practice>),

    /// → [`Reply::Patient`]
    PatientAdd(PatientDraft),
    /// → [`Reply::Patients`], by name
    PatientList {
        /// Also those archived.
        archived: bool,
    },
    /// → [`Reply::Patient`]; an audit event
    PatientShow {
        /// Whose.
        #[serde(with = "crate::base::phi")]
        who: Who,
    },
    /// The chart on one page. → [`Reply::Chart`]; an audit event
    Chart {
        /// Whose.
        #[serde(with = "crate::base::phi")]
        who: Who,
    },
    /// Changes what is given. → [`Reply::Patient`]
    PatientEdit {
        /// Whose.
        #[serde(with = "crate::base::phi")]
        who: Who,
        /// `None` leaves a field; an empty text clears it.
        change: PatientDraft,
    },
    /// Archives or brings back. → [`Reply::Patient`]
    PatientArchive {
        /// Whose.
        #[serde(with = "crate::base::phi")]
        who: Who,
        /// Archived or not.
        archived: bool,
    },
    /// Puts a chart under a legal hold, or ends that. → [`Reply::Patient`]
    PatientHold {
        /// Whose.
        #[serde(with = "crate::base::phi")]
        who: Who,
        /// Why; `None` ends the hold.
        #[serde(with = "crate::base::phi::option", default)]
        reason: Option<Phi<String>>,
    },
    /// Destroys a patient's key, and with it the whole chart, in every copy. → [`Reply::Forgotten`]
    PatientForget {
        /// Whose.
        #[serde(with = "crate::base::phi")]
        who: Who,
        /// Shown again.
        way: Way,
    },
    /// Makes a link; an older open one dies. → [`Reply::Invite`]
    PatientInvite {
        /// Whose.
        #[serde(with = "crate::base::phi")]
        who: Who,
    },

    /// Begins an import on this connection. Sealed and kept while locked. → [`Reply::Done`]
    AppointmentImportBegin(ImportHead),
    /// Some of what the feed holds, parsed by the client: at most [`super::IMPORT_PAGE`]. → [`Reply::Done`]
    AppointmentImportPage {
        /// Appointments.
        entries: Vec<Imported>,
        /// Of what the feed says all that is to come: as many at most.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        settled: Vec<Settlement>,
    },
    /// Everything was given: now it is done, all or nothing. → [`Reply::Imported`], with progress; an audit event
    AppointmentImportEnd,
    /// What the import on this connection that was only to say so would change. → [`Reply::Differences`]
    AppointmentImportDifferences {
        /// How many were told before.
        skip: u64,
    },
    /// About a calendar on another server. → [`Reply::Feed`]
    Feed(FeedRequest),
    /// Takes back the last import that changed something. → [`Reply::Undone`]; an audit event
    AppointmentImportUndo,
    /// → [`Reply::Planned`]
    AppointmentAdd {
        /// Whose.
        #[serde(with = "crate::base::phi")]
        who: Who,
        /// Start.
        start: Box<jiff::Zoned>,
        /// Length in minutes, 1 to 1440.
        minutes: u32,
        /// By video or in the practice.
        kind: AppointmentKind,
        /// And again.
        #[serde(default)]
        repeat: Option<Repeat>,
    },
    /// The same once more, for another time. → [`Reply::Planned`]
    AppointmentCopy {
        /// Which.
        id: AppointmentId,
        /// Start.
        start: Box<jiff::Zoned>,
    },
    /// Takes back the last change that was made by hand since the vault was opened. → [`Reply::Planned`], or
    /// [`Reply::Matched`] if it was decided whose they are
    AppointmentUndo,
    /// Does again what was taken back last, if nothing was changed since. → [`Reply::Planned`] or [`Reply::Matched`]
    AppointmentRedo,
    /// Says whose the appointments of a name are. → [`Reply::Matched`]
    AppointmentMatch {
        /// One of them.
        id: AppointmentId,
        /// What it was called when somebody was asked whose it is: if it is called otherwise by now, nothing is decided.
        #[serde(with = "crate::base::phi::option", default)]
        called: Option<Phi<String>>,
        /// Whose; `None`: they are no patient's.
        #[serde(with = "crate::base::phi::option", default)]
        who: Option<Who>,
        /// All that the feed calls by this name, now and later; otherwise those of the same UID.
        always: bool,
    },
    /// Adds a patient whose an appointment is, and all that are called the same: unless that was decided meanwhile, or
    /// there is a patient of that name. → [`Reply::Matched`]
    AppointmentMatchNew {
        /// One of them.
        id: AppointmentId,
        /// What it was called when somebody was asked whose it is.
        #[serde(with = "crate::base::phi")]
        called: Phi<String>,
        /// What the patient is called.
        #[serde(with = "crate::base::phi")]
        name: Phi<String>,
        /// All that the feed calls by this name, now and later; otherwise those of the same UID.
        always: bool,
    },
    /// By name, at most 1,000 at once. → [`Reply::Unmatched`]
    AppointmentUnmatched {
        /// So many were told already.
        skip: u64,
        /// At most so many.
        limit: u32,
    },
    /// The next times within the working hours at which nothing is booked. → [`Reply::Free`]
    AppointmentFree {
        /// From when on.
        from: Box<jiff::Zoned>,
        /// How long, in minutes.
        minutes: u32,
        /// How many, 1 to 100.
        count: u8,
    },
    /// Appointments of some days, by start, as lists show them. → [`Reply::Appointments`]
    AppointmentList {
        /// First day.
        from: jiff::civil::Date,
        /// How many days, 1 to 366.
        days: u16,
    },
    /// → [`Reply::Appointment`]
    AppointmentShow {
        /// Which.
        id: AppointmentId,
    },
    /// Changes what is given. → [`Reply::Planned`]
    AppointmentEdit {
        /// Which.
        id: AppointmentId,
        /// New start; the length stays unless `minutes` is given.
        start: Option<Box<jiff::Zoned>>,
        /// New length in minutes.
        minutes: Option<u32>,
        /// New status.
        status: Option<AppointmentStatus>,
        /// All behind it in its series, too; they are moved by as much on the clock.
        #[serde(default)]
        following: bool,
    },

    /// A draft; without a text it begins with the kind's template, the appointment's or the visit's times and no more.
    /// → [`Reply::Note`]
    NoteNew {
        /// Whose chart.
        #[serde(with = "crate::base::phi")]
        who: Who,
        /// Its form.
        kind: NoteKind,
        /// Its text.
        #[serde(with = "crate::base::phi::option", default)]
        text: Option<Phi<String>>,
        /// The visit it is about; its start and stop times head the template. `None` takes one that ended or runs
        /// today and has no note yet. A note in a compartment has no times: they belong to the main record.
        visit: Option<VisitId>,
        /// Where it is to stand, apart from the main record.
        #[serde(default)]
        compartment: Option<Compartment>,
    },
    /// Newest first. → [`Reply::Notes`]
    NoteList {
        /// Only of this patient.
        #[serde(with = "crate::base::phi::option", default)]
        who: Option<Who>,
        /// Only unsigned ones.
        unsigned: bool,
        /// Those of an open compartment; none of them otherwise.
        #[serde(default)]
        compartment: Option<Compartment>,
    },
    /// → [`Reply::Note`]; an audit event
    NoteShow {
        /// Which.
        id: NoteId,
    },
    /// Replaces a draft's text. → [`Reply::Note`]
    NoteEdit {
        /// Which.
        id: NoteId,
        /// The new text.
        #[serde(with = "crate::base::phi")]
        text: Phi<String>,
    },
    /// → [`Reply::Note`]
    NoteSign {
        /// Which.
        id: NoteId,
    },
    /// → [`Reply::Note`]
    NoteAddendum {
        /// Which.
        id: NoteId,
        /// What is added.
        #[serde(with = "crate::base::phi")]
        text: Phi<String>,
    },
    /// Every word must occur, in any case. → [`Reply::Notes`], newest first; an audit event
    NoteSearch {
        /// The words.
        #[serde(with = "crate::base::phi")]
        query: Phi<String>,
        /// Only of this patient.
        #[serde(with = "crate::base::phi::option", default)]
        who: Option<Who>,
        /// Among those of an open compartment; among none of them otherwise.
        #[serde(default)]
        compartment: Option<Compartment>,
    },

    /// → [`Reply::Message`]
    MessageSend {
        /// To whom.
        #[serde(with = "crate::base::phi")]
        who: Who,
        /// 1 byte to 64 KiB.
        #[serde(with = "crate::base::phi")]
        text: Phi<String>,
    },
    /// Oldest first, at most the newest `limit`. → [`Reply::Messages`]
    MessageList {
        /// Only of this patient.
        #[serde(with = "crate::base::phi::option", default)]
        who: Option<Who>,
        /// How many.
        limit: u32,
        /// Mark them read.
        read: bool,
    },

    /// Something about tasks.
    Task(TaskRequest),

    /// Who waits. → [`Reply::Room`]
    RoomList,
    /// A note to who waits. → [`Reply::Done`]
    RoomTell {
        /// Who.
        #[serde(with = "crate::base::phi")]
        who: Who,
        /// "About 5 minutes".
        minutes: Option<u16>,
        /// Words.
        #[serde(with = "crate::base::phi::option", default)]
        text: Option<Phi<String>>,
    },
    /// Not now. → [`Reply::Done`]
    RoomDecline {
        /// Who.
        #[serde(with = "crate::base::phi")]
        who: Who,
        /// Words.
        #[serde(with = "crate::base::phi::option", default)]
        text: Option<Phi<String>>,
    },

    /// Admits who waits and turns this connection into the call's. A visit whose window was lost takes a new one.
    /// → [`Reply::CallOpened`], and from then on [`super::call`] is spoken here
    CallOpen {
        /// Who.
        #[serde(with = "crate::base::phi")]
        who: Who,
    },
    /// Microphone and camera of the running visit. → [`Reply::Done`]
    CallSet {
        /// On.
        microphone: Option<bool>,
        /// On.
        camera: Option<bool>,
    },
    /// Ends the running visit. → [`Reply::Done`]
    CallHangUp,
    /// The words of the running visit were compared. → [`Reply::Done`]
    CallCompared {
        /// They were the same.
        same: bool,
    },

    /// Newest first. → [`Reply::Visits`]
    VisitList {
        /// Only of this patient.
        #[serde(with = "crate::base::phi::option", default)]
        who: Option<Who>,
    },
    /// → [`Reply::Visit`]; `None` is the newest
    VisitShow {
        /// Which.
        id: Option<VisitId>,
    },

    /// Newest first. → [`Reply::Audit`]
    AuditList {
        /// Which.
        filter: AuditFilter,
        /// How many.
        limit: u32,
    },
    /// A page of them, oldest first; asking for the first is an audit event. → [`Reply::AuditPage`]
    AuditPage {
        /// Which.
        filter: AuditFilter,
        /// What the page before said; `None` for the first.
        after: Option<(u64, u32)>,
    },
    /// Reads the whole journal and proves its chain. → [`Reply::Verified`]
    AuditVerify,

    /// Adds to the backup what the journal has gained, and writes the keys' anew. → [`Reply::BackedUp`]
    BackupCreate {
        /// The folder, an absolute path on the agent's machine; `None` is the one of the last time.
        folder: Option<String>,
        /// The keys' folder, likewise.
        keys: Option<String>,
    },
    /// Restores the backup beside the vault and compares. → [`Reply::Compared`]
    BackupVerify {
        /// The folder, an absolute path on the agent's machine; `None` is the one of the last time.
        folder: Option<String>,
        /// The keys' folder, likewise.
        keys: Option<String>,
    },
    /// Makes the vault of this place, where none is, from a backup; it is open afterwards. → [`Reply::Restored`]
    BackupRestore(Box<Restore>),
    /// Begins an export on this connection; audit events. → [`Reply::ExportBegun`]
    ExportBegin {
        /// What opens the vault, again; or the compartment.
        way: Way,
        /// Only this patient's records.
        #[serde(with = "crate::base::phi::option", default)]
        who: Option<Who>,
        /// Of this patient only the notes in an open compartment.
        #[serde(default)]
        compartment: Option<Compartment>,
    },
    /// One page of the export, oldest first. → [`Reply::ExportPage`]
    ExportPage {
        /// Whose; `None` is appointments nobody could be found for, and tasks about nobody.
        patient: Option<PatientId>,
        /// What.
        what: Exported,
        /// How many records were on the pages before.
        skip: u64,
    },

    /// All the first screen shows, in one answer. → [`Reply::Today`]
    Today {
        /// Which day, in the practice's zone; `None` is today.
        date: Option<jiff::civil::Date>,
    },
}

impl Request {
    /// Whether it is asked without anybody being there, so that it must not keep the vault from locking: by a console
    /// when something changed, or a patient who writes now and then would keep it open for ever; by a calendar's import
    /// every few minutes, which does as well while the vault is locked.
    pub fn is_unattended(&self) -> bool {
        matches!(
            self,
            Self::Hello { .. }
                | Self::Status
                | Self::Subscribe
                | Self::Today { .. }
                | Self::RoomList
                | Self::PatientList { .. }
                | Self::Chart { .. }
                | Self::NoteList { compartment: None, .. }
                | Self::MessageList { read: false, .. }
                | Self::AppointmentImportBegin(_)
                | Self::AppointmentImportPage { .. }
                | Self::AppointmentImportEnd
                | Self::AppointmentImportDifferences { .. }
                | Self::AppointmentUnmatched { .. }
                | Self::Feed(
                    FeedRequest::List
                        | FeedRequest::Get { .. }
                        | FeedRequest::Settled { .. }
                        | FeedRequest::Own { .. }
                        | FeedRequest::Set(_)
                )
                | Self::AppointmentList { .. }
        )
    }

    /// Whether something is shown with it that opens the vault that is there.
    pub fn shows_secret(&self) -> bool {
        matches!(
            self,
            Self::Unlock { .. }
                | Self::PassphraseChange { .. }
                | Self::KeyAdd { .. }
                | Self::KeyRemove { .. }
                | Self::KeyRotate { .. }
                | Self::KeyRecovery { .. }
                | Self::CompartmentCreate { .. }
                | Self::CompartmentOpen { .. }
                | Self::CompartmentPassphrase { .. }
                | Self::PatientForget { .. }
                | Self::ExportBegin { .. }
        )
    }
}

/// What `patient add` and `patient edit` give.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PatientDraft {
    /// Name; needed to add.
    #[serde(with = "crate::base::phi::option")]
    pub name: Option<Phi<String>>,
    /// Number to call when the line drops.
    #[serde(with = "crate::base::phi::option")]
    pub phone: Option<Phi<String>>,
    /// Emergency contact's name.
    #[serde(with = "crate::base::phi::option")]
    pub emergency_name: Option<Phi<String>>,
    /// Emergency contact's number.
    #[serde(with = "crate::base::phi::option")]
    pub emergency_phone: Option<Phi<String>>,
    /// Date of birth.
    #[serde(with = "crate::base::phi::option")]
    pub born: Option<Phi<jiff::civil::Date>>,
    /// IANA time zone.
    pub zone: Option<String>,
    /// Always relay.
    pub relay_only: Option<bool>,
    /// Under which other names feeds know the patient; all of them.
    pub aliases: Option<Aliases>,
}

/// Names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Aliases(#[serde(with = "crate::base::phi::list")] pub Vec<Phi<String>>);
