//! The command line's definition: from it come the help, the man pages and the completions.

use crate::record::{AddressPolicy, AppointmentStatus, NoteKind};
use clap::{Args, Parser, Subcommand, ValueHint};
use std::path::PathBuf;

/// A clinician's console: the day's schedule, secure messages, private notes and direct video visits.
///
/// Without a command it opens the console. Everything a hand can do there, a script can do with the commands below:
/// `--json` gives stable fields, exit codes say how it ended (0 done, 1 refused or not found, 2 usage, 3 locked,
/// 4 the other side or the network, 5 damaged data, 70 a bug).
#[derive(Debug, Parser)]
#[command(name = "bedside", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub options: Options,
    /// The noun; none opens the console.
    #[command(subcommand)]
    pub noun: Option<Noun>,
}

/// What holds for every command.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The practice's folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]
    #[arg(long, global = true, env = "BEDSIDE_VAULT", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub vault: Option<PathBuf>,
    /// JSON instead of tables: one object, or one a line for lists
    #[arg(long, global = true)]
    pub json: bool,
    /// Read the passphrase from the first line of a file
    #[arg(long, global = true, env = "BEDSIDE_PASSPHRASE_FILE", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub passphrase_file: Option<PathBuf>,
    /// Read the passphrase from an open file descriptor
    #[arg(long, global = true, value_name = "N", conflicts_with = "passphrase_file")]
    pub passphrase_fd: Option<i32>,
    /// Camera for calls: a name, 'test-card' or 'none'
    #[arg(long, global = true, value_name = "NAME", hide = true)]
    pub camera: Option<String>,
    /// Microphone for calls: a name, 'tone', 'file:PATH' or 'none'
    #[arg(long, global = true, value_name = "NAME", hide = true)]
    pub microphone: Option<String>,
    /// Speaker for calls: a name or 'none'
    #[arg(long, global = true, value_name = "NAME", hide = true)]
    pub speaker: Option<String>,
    /// Offer loopback addresses in calls, for two ends on one machine
    #[arg(long, global = true, hide = true)]
    pub loopback: bool,
    /// Call without a window
    #[arg(long, global = true, hide = true)]
    pub headless: bool,
}

/// The nouns.
#[derive(Debug, Subcommand)]
pub enum Noun {
    /// Make a vault: passphrase, recovery key, and how calls may travel
    Init(Init),
    /// Open the vault; starts the agent if none runs
    Unlock(Unlock),
    /// Lock the vault: its keys leave the memory
    Lock,
    /// Vault, relay, waiting room and visit in a few lines
    Status,
    /// The practice: name, relay, rules
    #[command(subcommand)]
    Practice(Practice),
    /// Patients
    #[command(subcommand)]
    Patient(Patient),
    /// Appointments
    #[command(subcommand, visible_alias = "appt")]
    Appointment(Appointment),
    /// The appointments of a day or several
    Agenda(Agenda),
    /// Notes: drafts until signed, then only addenda
    #[command(subcommand)]
    Note(Note),
    /// Secure messages
    #[command(subcommand)]
    Message(Message),
    /// The waiting room
    #[command(subcommand)]
    Room(Room),
    /// Admit a patient and open the call; waits until the patient knocks
    Call(Call),
    /// Visits: times, path, words; nothing of what was said
    #[command(subcommand)]
    Visit(Visit),
    /// The audit log
    #[command(subcommand)]
    Audit(Audit),
    /// Try everything: a practice that goes away, a relay on this machine, a patient who answers
    Demo(Demo),
    /// The background process that holds the keys; started by itself when needed
    Agent(Agent),
    /// Man pages and completions
    #[command(hide = true)]
    Generate(Generate),
}

/// `bedside init`.
#[derive(Debug, Args)]
pub struct Init {
    /// The name patients see, such as "Dr. Okafor"
    #[arg(long, value_name = "NAME")]
    pub clinician: Option<String>,
    /// The number patients call when the page cannot help
    #[arg(long)]
    pub phone: Option<String>,
    /// What the page says about emergencies
    #[arg(long, value_name = "TEXT")]
    pub emergency: Option<String>,
    /// The relay, https://HOST (http:// only on this machine)
    #[arg(long, value_name = "URL")]
    pub relay: Option<String>,
    /// The file with the relay operator's token
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub relay_token_file: Option<PathBuf>,
    /// May the other person see this machine's network address in a call?
    #[arg(long, value_enum)]
    pub addresses: Option<Addresses>,
    /// The practice's time zone [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// scrypt work factor of the passphrase; less than 18 is for tests
    #[arg(long, hide = true)]
    pub work_factor: Option<u8>,
}

/// How calls may travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Addresses {
    /// Straight from machine to machine: each side can learn the other's network address after admission
    Direct,
    /// Always through a relay: neither learns the other's address
    Relay,
}

impl From<Addresses> for AddressPolicy {
    fn from(addresses: Addresses) -> Self {
        match addresses {
            Addresses::Direct => Self::Direct,
            Addresses::Relay => Self::Relay,
        }
    }
}

/// `bedside unlock`.
#[derive(Debug, Args)]
pub struct Unlock {
    /// Ask for the recovery key instead of the passphrase
    #[arg(long)]
    pub recovery: bool,
}

/// `bedside practice`.
#[derive(Debug, Subcommand)]
pub enum Practice {
    /// Show the practice
    Show,
    /// Change what is given
    Edit {
        /// The name patients see
        #[arg(long, value_name = "NAME")]
        clinician: Option<String>,
        /// The number patients call; empty for none
        #[arg(long)]
        phone: Option<String>,
        /// What the page says about emergencies; empty for nothing
        #[arg(long, value_name = "TEXT")]
        emergency: Option<String>,
        /// The relay; empty for none
        #[arg(long, value_name = "URL")]
        relay: Option<String>,
        /// The file with the relay operator's token
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        relay_token_file: Option<PathBuf>,
        /// How calls may travel
        #[arg(long, value_enum)]
        addresses: Option<Addresses>,
        /// Time zone, such as Europe/Berlin
        #[arg(long)]
        zone: Option<String>,
        /// Minutes without use after which the vault locks; 0 never
        #[arg(long, value_name = "MINUTES")]
        lock_after: Option<u32>,
        /// Hours a link can be opened
        #[arg(long, value_name = "HOURS")]
        invite_hours: Option<u32>,
    },
}

/// What describes a patient.
#[derive(Debug, Default, Args)]
pub struct PatientFields {
    /// Number to call when the line drops
    #[arg(long)]
    pub phone: Option<String>,
    /// Emergency contact, "NAME, NUMBER"
    #[arg(long, value_name = "CONTACT")]
    pub emergency: Option<String>,
    /// Date of birth, 1985-12-10
    #[arg(long, value_name = "DATE")]
    pub born: Option<jiff::civil::Date>,
    /// Time zone where the patient lives
    #[arg(long)]
    pub zone: Option<String>,
    /// Hide addresses from each other in calls
    #[arg(long, value_name = "BOOL")]
    pub relay_only: Option<bool>,
}

/// `bedside patient`. A patient is named by the beginning of any part of the name, or of the id.
#[derive(Debug, Subcommand)]
pub enum Patient {
    /// Add a patient
    Add {
        /// Name
        #[arg(long)]
        name: String,
        /// The rest
        #[command(flatten)]
        fields: PatientFields,
    },
    /// All patients, by name
    List {
        /// Also those archived
        #[arg(long)]
        archived: bool,
    },
    /// One patient
    Show {
        /// Who
        patient: String,
    },
    /// Change what is given; an empty text clears it
    Edit {
        /// Who
        patient: String,
        /// Name
        #[arg(long)]
        name: Option<String>,
        /// The rest
        #[command(flatten)]
        fields: PatientFields,
    },
    /// Hide a patient from lists; the record stays
    Archive {
        /// Who
        patient: String,
        /// Bring back
        #[arg(long)]
        undo: bool,
    },
    /// Make the link that connects this patient's device; an older link dies
    Invite {
        /// Who
        patient: String,
        /// Only the link, without the QR code
        #[arg(long)]
        no_qr: bool,
        /// Copy the link to the clipboard through the terminal (OSC 52)
        #[arg(long)]
        copy: bool,
    },
}

/// `bedside appointment`.
#[derive(Debug, Subcommand)]
pub enum Appointment {
    /// Import an iCalendar file; the same file twice changes nothing
    Import {
        /// File, or - for standard input
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
        /// Only say what would change
        #[arg(long)]
        dry_run: bool,
        /// The feed's name, when several systems are imported [default: the calendar's own]
        #[arg(long)]
        feed: Option<String>,
    },
    /// Add an appointment
    Add {
        /// Who
        patient: String,
        /// Start, "2026-11-26 15:00"
        start: String,
        /// Length in minutes
        #[arg(long, default_value_t = 50)]
        minutes: u32,
        /// In the practice instead of by video
        #[arg(long)]
        in_person: bool,
    },
    /// Appointments of some days
    List(Agenda),
    /// One appointment
    Show {
        /// Its id
        id: String,
    },
    /// Give it another time
    Move {
        /// Its id
        id: String,
        /// Start, "2026-11-26 15:00"
        start: String,
        /// Length in minutes
        #[arg(long)]
        minutes: Option<u32>,
    },
    /// Cancel it
    Cancel {
        /// Its id
        id: String,
    },
    /// Say how it went: booked, arrived, fulfilled, noshow
    Status {
        /// Its id
        id: String,
        /// The status
        #[arg(value_parser = status)]
        status: AppointmentStatus,
    },
    /// Say whose it is, for an imported one whose name fitted nobody
    Match {
        /// Its id
        id: String,
        /// Who
        patient: String,
    },
}

fn status(text: &str) -> Result<AppointmentStatus, String> {
    use AppointmentStatus::{Arrived, Booked, Cancelled, Fulfilled, Noshow, Proposed};
    [Proposed, Booked, Arrived, Fulfilled, Cancelled, Noshow]
        .into_iter()
        .find(|status| status.as_str() == text)
        .ok_or_else(|| "one of proposed, booked, arrived, fulfilled, cancelled, noshow".to_owned())
}

/// `bedside agenda`.
#[derive(Debug, Args)]
pub struct Agenda {
    /// First day, 2026-11-26 or today, tomorrow, yesterday [default: today]
    #[arg(long)]
    pub date: Option<String>,
    /// How many days
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=366))]
    pub days: u16,
}

/// Where a text comes from.
#[derive(Debug, Args)]
pub struct Text {
    /// Read the text from a file, or - for standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub text_file: Option<PathBuf>,
}

/// `bedside note`.
#[derive(Debug, Subcommand)]
pub enum Note {
    /// Begin a note; without --text-file it opens $EDITOR on the template
    New {
        /// Whose chart
        patient: String,
        /// Its form: soap, dap, birp, intake, plain
        #[arg(long, default_value = "soap", value_parser = note_kind)]
        kind: NoteKind,
        /// The visit it is about [default: today's, if it has no note yet]
        #[arg(long)]
        visit: Option<String>,
        /// The text
        #[command(flatten)]
        text: Text,
    },
    /// Notes, newest first
    List {
        /// Only of this patient
        patient: Option<String>,
        /// Only unsigned ones
        #[arg(long)]
        unsigned: bool,
    },
    /// One note
    Show {
        /// Its id
        id: String,
    },
    /// Replace a draft's text; without --text-file it opens $EDITOR
    Edit {
        /// Its id
        id: String,
        /// The text
        #[command(flatten)]
        text: Text,
    },
    /// Sign a draft: from then on it stands
    Sign {
        /// Its id
        id: String,
    },
    /// Add to a signed note
    Addendum {
        /// Its id
        id: String,
        /// The text
        #[command(flatten)]
        text: Text,
    },
    /// Notes in which every word occurs
    Search {
        /// The words
        #[arg(required = true)]
        words: Vec<String>,
        /// Only of this patient
        #[arg(long)]
        patient: Option<String>,
    },
    /// The forms a note can have
    Templates,
}

fn note_kind(text: &str) -> Result<NoteKind, String> {
    NoteKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == text)
        .ok_or_else(|| "one of soap, dap, birp, intake, plain".to_owned())
}

/// `bedside message`.
#[derive(Debug, Subcommand)]
pub enum Message {
    /// Send a message; without --text-file it is read from standard input
    Send {
        /// To whom
        patient: String,
        /// The text
        #[command(flatten)]
        text: Text,
    },
    /// The newest messages of everybody
    List {
        /// How many
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// The thread with one patient; marks it read
    Show {
        /// With whom
        patient: String,
        /// How many
        #[arg(long, default_value_t = 200)]
        limit: u32,
        /// Leave unread what is unread
        #[arg(long)]
        keep_unread: bool,
    },
    /// Print messages as they arrive, until Ctrl-C
    Watch,
}

/// `bedside room`.
#[derive(Debug, Subcommand)]
pub enum Room {
    /// Who waits, and since when
    List,
    /// A word to who waits: "about 5 minutes"
    Tell {
        /// To whom
        patient: String,
        /// Minutes
        #[arg(long)]
        minutes: Option<u16>,
        /// The words
        #[command(flatten)]
        text: Text,
    },
    /// Admit a patient: the same as 'bedside call'
    Admit {
        /// Whom
        patient: String,
    },
    /// Not now
    Decline {
        /// Whom
        patient: String,
        /// The words
        #[command(flatten)]
        text: Text,
    },
}

/// `bedside call`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Call {
    /// Be the other end of a link, in memory only
    #[command(subcommand)]
    pub join: Option<Join>,
    /// Whom
    #[arg(required = true)]
    pub patient: Option<String>,
    /// Refuse instead of waiting when the patient is not in the waiting room
    #[arg(long)]
    pub no_wait: bool,
}

/// `bedside call join`.
#[derive(Debug, Subcommand)]
pub enum Join {
    /// Be the patient of a link: pair, answer messages, knock, and be called
    Join {
        /// The file with the link, or - for standard input; a link on the command line could be seen by others
        #[arg(long, value_name = "FILE", default_value = "-")]
        link_file: PathBuf,
        /// Knock at once
        #[arg(long)]
        knock: bool,
        /// Answer every message
        #[arg(long)]
        answer: bool,
    },
}

/// `bedside visit`.
#[derive(Debug, Subcommand)]
pub enum Visit {
    /// Visits, newest first
    List {
        /// Only of this patient
        patient: Option<String>,
    },
    /// One visit; without an id the newest
    Show {
        /// Its id
        id: Option<String>,
    },
    /// Say that the words of the running visit are the same, or not
    Compare {
        /// They are the same
        #[arg(long, conflicts_with = "different", required_unless_present = "different")]
        same: bool,
        /// They differ: ends the visit
        #[arg(long)]
        different: bool,
    },
    /// End the running visit
    End,
    /// The microphone of the running visit
    Microphone {
        /// on or off
        #[arg(value_name = "ON|OFF", value_parser = on_off, action = clap::ArgAction::Set)]
        on: bool,
    },
    /// The camera of the running visit
    Camera {
        /// on or off
        #[arg(value_name = "ON|OFF", value_parser = on_off, action = clap::ArgAction::Set)]
        on: bool,
    },
}

fn on_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("on or off".to_owned()),
    }
}

/// `bedside audit`.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Events, newest first
    List {
        /// Only of this patient
        #[arg(long)]
        patient: Option<String>,
        /// How many
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Read the whole record and prove its chain
    Verify,
}

/// `bedside demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Leave the console closed; Ctrl-C ends the demo
    #[arg(long)]
    pub no_console: bool,
}

/// `bedside agent`.
#[derive(Debug, Args)]
pub struct Agent {
    /// End the agent that runs
    #[arg(long)]
    pub stop: bool,
    /// Leave the terminal's session
    #[arg(long, hide = true)]
    pub background: bool,
    /// Descriptors handed over by an agent that locked itself
    #[arg(long, hide = true, value_name = "SOCKET,MEMORY")]
    pub resume: Option<String>,
}

/// `bedside generate`.
#[derive(Debug, Args)]
pub struct Generate {
    /// What
    #[command(subcommand)]
    pub what: Generated,
}

/// What can be generated.
#[derive(Debug, Subcommand)]
pub enum Generated {
    /// Man pages
    Man {
        /// Into this folder
        folder: PathBuf,
    },
    /// Completions for bash, zsh and fish
    Completions {
        /// Into this folder
        folder: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
