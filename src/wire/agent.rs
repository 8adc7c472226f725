//! Between the agent and its clients on the Unix socket ([`super::frame`]s of CBOR).
//!
//! A client says [`Request::Hello`] first. Every request is answered once, by its number; events come in between
//! after [`Request::Subscribe`]. [`Request::CallOpen`] turns the connection into a call's ([`super::call`]).

use crate::base::{
    Failure, Phi, Stamp,
    id::{AppointmentId, MessageId, NoteId, PatientId, VisitId},
};
use crate::record::{
    Appointment, AppointmentKind, AppointmentStatus, AuditEvent, Imported, Message, Note, NoteKind, Path, Patient,
    Practice, Visit,
};
use crate::wire::call::{Quality, Trouble};
use serde::{Deserialize, Serialize};

/// This protocol's version; client and agent must have the same.
pub const VERSION: u16 = 1;
/// The longest message either way, in bytes.
pub const MESSAGE_MAX_BYTES: usize = 64 * 1024 * 1024;

/// A request with its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Numbered {
    /// The client's counter.
    pub n: u32,
    /// What is wanted.
    pub request: Request,
}

/// A patient as a person names one: an identifier, its beginning (4 characters and more), or the beginning of any
/// part of the name, in any case. The agent resolves it and refuses when it fits none or several.
pub type Who = Phi<String>;

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
    /// Events from now on. Works while locked. → [`Reply::Done`]
    Subscribe,
    /// Makes the vault; it is open afterwards. → [`Reply::Initialized`]
    Init {
        /// 15 characters and more.
        #[serde(with = "crate::base::phi")]
        passphrase: Phi<String>,
        /// The practice.
        practice: Box<Practice>,
        /// scrypt's work factor, when it is not to be the usual 18; at least 10. For tests.
        work_factor: Option<u8>,
    },
    /// Opens the vault. → [`Reply::Unlocked`]
    Unlock {
        /// The passphrase, or the recovery key.
        #[serde(with = "crate::base::phi")]
        secret: Phi<String>,
        /// It is the recovery key.
        recovery: bool,
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
    /// Makes a link; an older open one dies. → [`Reply::Invite`]
    PatientInvite {
        /// Whose.
        #[serde(with = "crate::base::phi")]
        who: Who,
    },

    /// What a feed holds, parsed by the client. Queued sealed while locked. → [`Reply::Imported`]
    AppointmentImport {
        /// What the feed is called: makes UIDs of two feeds distinct.
        #[serde(with = "crate::base::phi")]
        feed: Phi<String>,
        /// Its appointments.
        entries: Vec<Imported>,
        /// Only say what would change.
        dry_run: bool,
    },
    /// → [`Reply::Appointment`]
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
    },
    /// Appointments of some days, by start. → [`Reply::Appointments`]
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
    /// Changes what is given. → [`Reply::Appointment`]
    AppointmentEdit {
        /// Which.
        id: AppointmentId,
        /// New start; the length stays unless `minutes` is given.
        start: Option<Box<jiff::Zoned>>,
        /// New length in minutes.
        minutes: Option<u32>,
        /// New status.
        status: Option<AppointmentStatus>,
        /// The patient, for an unmatched one.
        #[serde(with = "crate::base::phi::option", default)]
        who: Option<Who>,
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
        /// today and has no note yet.
        visit: Option<VisitId>,
    },
    /// Newest first. → [`Reply::Notes`]
    NoteList {
        /// Only of this patient.
        #[serde(with = "crate::base::phi::option", default)]
        who: Option<Who>,
        /// Only unsigned ones.
        unsigned: bool,
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
        /// Only of this patient.
        #[serde(with = "crate::base::phi::option", default)]
        who: Option<Who>,
        /// How many.
        limit: u32,
    },
    /// Reads the whole journal and proves its chain. → [`Reply::Verified`]
    AuditVerify,

    /// All the first screen shows, in one answer. → [`Reply::Today`]
    Today {
        /// Which day, in the practice's zone; `None` is today.
        date: Option<jiff::civil::Date>,
    },
}

impl Request {
    /// Whether a console asks this by itself when something changed: nobody needs to be there, so it must not keep
    /// the vault from locking. Otherwise a patient who writes now and then would keep it open for ever.
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
                | Self::NoteList { .. }
                | Self::MessageList { read: false, .. }
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
}

/// What the agent says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromAgent {
    /// To request `n`.
    Reply {
        /// The request.
        n: u32,
        /// What became of it.
        result: Result<Box<Reply>, Failure>,
    },
    /// A long request goes on.
    Progress {
        /// The request.
        n: u32,
        /// Done so far.
        done: u64,
        /// Of how many.
        total: u64,
    },
    /// Something happened.
    Event(Event),
}

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
    Verified(Verified),
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

/// How things stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The agent's version, as in Cargo.toml.
    pub version: String,
    /// The agent's process.
    pub pid: u32,
    /// The vault.
    pub vault: VaultState,
    /// Until the vault locks by itself, in seconds; `None` when it does not.
    pub locks_in_s: Option<u32>,
    /// The relay.
    pub relay: RelayState,
    /// How many wait; without names, so it is told while locked, too.
    pub waiting: u32,
    /// How much arrived while locked and waits for unlocking.
    pub spooled: u64,
    /// The running visit; `None` while locked.
    pub visit: Option<LiveVisit>,
    /// The practice's IANA zone, by which everything is told; `None` while locked.
    pub zone: Option<String>,
}

impl Status {
    /// Before the agent has said anything.
    pub fn unknown() -> Self {
        Self {
            version: String::new(),
            pid: 0,
            vault: VaultState::Missing,
            locks_in_s: None,
            relay: RelayState::None,
            waiting: 0,
            spooled: 0,
            visit: None,
            zone: None,
        }
    }
}

/// The vault as seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultState {
    /// There is none in this folder.
    Missing,
    /// Locked.
    Locked,
    /// Open.
    Open,
}

/// The relay as the agent sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum RelayState {
    /// The practice has named none.
    None,
    /// Not reached.
    Down,
    /// Connected.
    Up {
        /// Round trip in milliseconds.
        round_trip_ms: u32,
    },
    /// It answers, but refuses our token, or our mailbox is read by another agent.
    Refused,
}

/// Somebody in the waiting room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// Who.
    pub patient: PatientId,
    /// Their name.
    #[serde(with = "crate::base::phi")]
    pub name: Phi<String>,
    /// The visit that would begin.
    pub visit: VisitId,
    /// Since when.
    pub since: Stamp,
    /// The last sign of life; older than 45 s means the line dropped.
    pub seen: Stamp,
    /// A camera works there.
    pub camera: bool,
    /// A microphone works there.
    pub microphone: bool,
    /// Not overheard, as they say.
    pub alone: Option<bool>,
    /// Where they are.
    #[serde(with = "crate::base::phi::option", default)]
    pub place: Option<Phi<String>>,
    /// The words were compared with this device.
    pub verified: bool,
    /// What they were told last ("about 5 minutes"), and when.
    pub told: Option<(Option<u16>, Stamp)>,
}

/// The running visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveVisit {
    /// Which.
    pub visit: VisitId,
    /// With whom.
    pub patient: PatientId,
    /// Their name.
    #[serde(with = "crate::base::phi")]
    pub name: Phi<String>,
    /// Where it stands.
    pub phase: Phase,
    /// When the clinician admitted.
    pub admitted: Stamp,
    /// When sound and picture first ran.
    pub connected: Option<Stamp>,
    /// The five words, once both ends have them.
    pub words: Vec<String>,
    /// The words were compared with this device, now or before.
    pub compared: bool,
    /// The path.
    pub path: Option<Path>,
    /// Our microphone is on.
    pub microphone: bool,
    /// Our camera is on.
    pub camera: bool,
    /// The patient's microphone is on, as their page says.
    pub peer_microphone: bool,
    /// The patient's camera is on, as their page says.
    pub peer_camera: bool,
    /// The last second.
    pub quality: Option<Quality>,
    /// What does not work on our side.
    pub trouble: Vec<Trouble>,
}

/// Where a running visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Admitted; the two ends are finding each other.
    Connecting,
    /// Sound and picture run.
    Live,
    /// The line dropped; it is being brought back.
    Reconnecting,
    /// The call window went away; `call` opens a new one.
    WindowLost,
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

/// Something happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The vault was locked.
    Locked,
    /// The vault was opened.
    Unlocked,
    /// Records of this kind changed; ask again. No content.
    Changed {
        /// Which kind.
        what: Changed,
        /// Of whom, if of one.
        patient: Option<PatientId>,
    },
    /// A message came: ring.
    MessageArrived {
        /// From whom.
        patient: PatientId,
        /// Which.
        id: MessageId,
    },
    /// Somebody came to the waiting room: ring. Without a name while locked.
    Knocked {
        /// Who.
        patient: Option<PatientId>,
    },
    /// The waiting room changed.
    Room(Vec<Waiting>),
    /// The running visit changed; `None`: it ended.
    Visit(Option<Box<LiveVisit>>),
    /// The relay came or went.
    Relay(RelayState),
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the kinds of record")]
pub enum Changed {
    Practice,
    Patient,
    Appointment,
    Note,
    Message,
    Visit,
}
