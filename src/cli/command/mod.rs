//! The command line's definition, one room for each group of nouns: from it come the help, the man pages and the
//! completions.

mod appointment;
mod audit;
mod backup;
mod caldav;
mod compartment;
mod feed;
mod key;
mod note;
mod patient;
mod practice;
mod program;
mod task;
mod visit;

pub(crate) use appointment::{
    Agenda, Appointment, Dates, Every, Import, Missing, ScheduleExport, ScheduleFormat, ScheduleNames,
};
pub(crate) use audit::{Audit, AuditFormat, AuditWhich};
pub(crate) use backup::{Backup, BackupExport, BackupFolders, BackupRestore};
pub(crate) use caldav::{FeedAdd, FeedSync};
pub(crate) use compartment::{Compartment, CompartmentPassphrase, CompartmentWay};
pub(crate) use feed::{Feed, Listen};
pub(crate) use key::{Key, NewPassphrase, Passphrase, Unlock, Way};
pub(crate) use note::{Message, Note, NoteExport};
pub(crate) use patient::{Patient, PatientFields};
pub(crate) use practice::{Init, Practice};
pub(crate) use program::{Agent, Demo, Generate, Generated};
pub(crate) use task::Task;
pub(crate) use visit::{Call, Join, Room, Visit};

use clap::{Args, Parser, Subcommand, ValueHint};
use std::path::PathBuf;

/// A clinician's console: the day's schedule, secure messages, private notes and direct video visits.
///
/// Without a command it opens the console. Everything a hand can do there, a script can do with the commands below:
/// `--json` gives stable fields, exit codes say how it ended (0 done, 1 refused or not found, 2 usage, 3 locked,
/// 4 the other side or the network, 5 damaged data, 70 a bug).
#[derive(Debug, Parser)]
#[command(name = "bedside", version, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub(crate) options: Options,
    /// The noun; none opens the console.
    #[command(subcommand)]
    pub(crate) noun: Option<Noun>,
}

/// What the options are called that every command has, below its own.
const EVERYWHERE: &str = "Options of every command";

/// What holds for every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// The practice's folder [default: $XDG_DATA_HOME/bedside or ~/.local/share/bedside]
    #[arg(long, global = true, help_heading = EVERYWHERE, env = "BEDSIDE_VAULT", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) vault: Option<PathBuf>,
    /// JSON instead of tables: one object, or one a line for lists
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub(crate) json: bool,
    /// Read the passphrase from the first line of a file
    #[arg(long, global = true, help_heading = EVERYWHERE, env = "BEDSIDE_PASSPHRASE_FILE", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Read the passphrase from an open file descriptor
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "N", conflicts_with = "passphrase_file")]
    pub(crate) passphrase_fd: Option<i32>,
    /// Camera for calls: a name, 'test-card' or 'none'
    #[arg(long, global = true, value_name = "NAME", hide = true)]
    pub(crate) camera: Option<String>,
    /// Microphone for calls: a name, 'tone', 'file:PATH' or 'none'
    #[arg(long, global = true, value_name = "NAME", hide = true)]
    pub(crate) microphone: Option<String>,
    /// Speaker for calls: a name or 'none'
    #[arg(long, global = true, value_name = "NAME", hide = true)]
    pub(crate) speaker: Option<String>,
    /// Send the voice as it is: no echo cancellation, noise suppression or gain
    #[arg(long, global = true, hide = true)]
    pub(crate) original_sound: bool,
    /// Offer loopback addresses in calls, for two ends on one machine
    #[arg(long, global = true, hide = true)]
    pub(crate) loopback: bool,
    /// Call without a window
    #[arg(long, global = true, hide = true)]
    pub(crate) headless: bool,
}

/// The nouns. Only what is asked for is worked out: there are hundreds of options. What a noun or a verb is for stands at
/// its variant; types of arguments have no description (`///`), for clap would put that in its place.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Noun {
    /// Make a vault: passphrase, recovery key, and how calls may travel
    Init(Init),
    /// Open the vault; starts the agent if none runs
    Unlock(Unlock),
    /// Lock the vault: its keys leave the memory
    Lock,
    /// The passphrase
    #[command(subcommand)]
    Passphrase(Passphrase),
    /// The ways into the vault: passphrase, keys, recovery key
    #[command(subcommand)]
    Key(Key),
    /// Notes that stand apart, under passphrases of their own
    #[command(subcommand)]
    Compartment(Compartment),
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
    /// What other systems send by themselves, and calendars on other servers (CalDAV)
    #[command(subcommand)]
    Feed(Feed),
    /// Notes: drafts until signed, then only addenda
    #[command(subcommand)]
    Note(Note),
    /// What is to be done, by day
    #[command(subcommand)]
    Task(Task),
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
    /// What is kept elsewhere: backups, and exports that anybody can read
    #[command(subcommand)]
    Backup(Backup),
    /// Try everything: a practice that goes away, a relay on this machine, a patient who answers
    Demo(Demo),
    /// The background process that holds the keys; started by itself when needed
    Agent(Agent),
    /// Man pages and completions
    #[command(hide = true)]
    Generate(Generate),
}

// Where a text comes from.
#[derive(Debug, Args)]
pub(crate) struct Text {
    /// Read the text from a file, or - for standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) text_file: Option<PathBuf>,
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
