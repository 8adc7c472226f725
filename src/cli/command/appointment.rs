//! Appointments and the agenda.

use crate::record::AppointmentStatus;
use clap::{Args, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

/// `bedside appointment`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Appointment {
    /// Import a calendar, a table, FHIR or HL7 v2; the same file twice changes nothing
    Import(Import),
    /// Take back the last import, whole
    Undo,
    /// Names in feeds that fit no patient
    Unmatched,
    /// Write the appointments of some days for another calendar
    Export(ScheduleExport),
    /// Add an appointment: with one argument a line that says it all, "ada tue 15:00 50m weekly x10"
    Add {
        /// Who, or the line
        patient: String,
        /// Start, "2026-11-26 15:00"; "thu 15:00" or "15:00" is the next
        start: Option<String>,
        /// Length in minutes
        #[arg(long, default_value_t = 50, requires = "start")]
        minutes: u32,
        /// In the practice instead of by video
        #[arg(long, requires = "start")]
        in_person: bool,
        /// Make a series
        #[arg(long, value_enum, requires_all = ["start", "count"])]
        repeat: Option<Every>,
        /// How many days, weeks or months from one to the next
        #[arg(long, default_value_t = 1, requires = "repeat", value_parser = clap::value_parser!(u16).range(1..=52))]
        interval: u16,
        /// How many appointments in all
        #[arg(long, default_value_t = 1, requires = "repeat", value_parser = clap::value_parser!(u16).range(1..=200))]
        count: u16,
    },
    /// Appointments of some days
    List(Agenda),
    /// The next free times within the working hours
    Free {
        /// From when on, "2026-11-26" or "2026-11-26 15:00" [default: now]
        #[arg(long)]
        from: Option<String>,
        /// Length in minutes
        #[arg(long, default_value_t = 50)]
        minutes: u32,
        /// How many
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=100))]
        count: u8,
    },
    /// The same once more, for another time
    Copy {
        /// Its id
        id: String,
        /// Start, "2026-11-26 15:00"; "15:00" is on its own day, "thu 15:00" on the next
        start: String,
    },
    /// One appointment
    Show {
        /// Its id
        id: String,
    },
    /// Give it another time
    Move {
        /// Its id
        id: String,
        /// Start, "2026-11-26 15:00"; "15:00" is on its own day, "thu 15:00" on the next
        start: String,
        /// Length in minutes
        #[arg(long)]
        minutes: Option<u32>,
        /// All behind it in its series, too, by as much
        #[arg(long)]
        following: bool,
    },
    /// Cancel it
    Cancel {
        /// Its id
        id: String,
        /// All behind it in its series, too
        #[arg(long)]
        following: bool,
    },
    /// Say how it went: booked, arrived, fulfilled, noshow
    Status {
        /// Its id
        id: String,
        /// The status
        #[arg(value_parser = status)]
        status: AppointmentStatus,
    },
    /// Say whose they are, for imported ones whose name fitted nobody; all of that name and number, now and later
    Match {
        /// The id of one of them
        id: String,
        /// Who
        #[arg(required_unless_present = "nobody")]
        patient: Option<String>,
        /// They are no patient's: a lunch, a meeting
        #[arg(long, conflicts_with = "patient")]
        nobody: bool,
        /// Only this one and its series
        #[arg(long)]
        once: bool,
    },
}

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Every {
    Daily,
    Weekly,
    Monthly,
}

// `bedside appointment import`.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// File, folder of files, or - for standard input; the format is told by the content
    #[arg(value_hint = ValueHint::AnyPath)]
    pub(crate) file: PathBuf,
    /// Only say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Take what is sound and report what is broken; without it one broken entry takes nothing
    #[arg(long)]
    pub(crate) partial: bool,
    /// Cancel even more than a tenth of the appointments to come
    #[arg(long)]
    pub(crate) allow_removals: bool,
    /// Appointments to come that the feed brought before and has not any more [default: cancel for a published calendar that has a name or several events, keep for anything else]
    #[arg(long, value_enum)]
    pub(crate) missing: Option<Missing>,
    /// The feed's name, when several systems are imported [default: the calendar's own, or which program wrote it; of a folder, the only one that its files say]
    #[arg(long)]
    pub(crate) feed: Option<String>,
    /// How to read 11/12/2026 in a table that does not tell [default: what the configuration says of the feed]
    #[arg(long, value_enum)]
    pub(crate) dates: Option<Dates>,
}

/// Which of two numbers is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dates {
    DayFirst,
    MonthFirst,
}

/// What becomes of what is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Missing {
    Cancel,
    Keep,
}

// `bedside appointment export`.
#[derive(Debug, Args)]
pub(crate) struct ScheduleExport {
    /// The file to write, or - for standard output [default: -]
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: Option<PathBuf>,
    /// In which form
    #[arg(long, value_enum, default_value_t = ScheduleFormat::Ics)]
    pub(crate) format: ScheduleFormat,
    /// First day: 2026-11-26, tue, 3 mar, in 2 weeks, yesterday [default: today]
    #[arg(long)]
    pub(crate) date: Option<String>,
    /// How many days
    #[arg(long, default_value_t = 366, value_parser = clap::value_parser!(u16).range(1..=3660))]
    pub(crate) days: u16,
    /// Everything, ten years back and ten years on
    #[arg(long, conflicts_with = "days")]
    pub(crate) all: bool,
    /// How patients are named; whoever has the file can read it
    #[arg(long, value_enum, default_value_t = ScheduleNames::Initials)]
    pub(crate) names: ScheduleNames,
    /// Write over a file that is there
    #[arg(long)]
    pub(crate) force: bool,
}

/// What the other calendar reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScheduleFormat {
    /// iCalendar, times in UTC
    Ics,
    /// A Bundle of FHIR R4 Appointments
    Fhir,
}

/// What of a name leaves the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScheduleNames {
    /// Nothing
    None,
    /// "A. B."
    Initials,
    /// All of it
    Full,
}

fn status(text: &str) -> Result<AppointmentStatus, String> {
    use AppointmentStatus::{Arrived, Booked, Cancelled, Fulfilled, Noshow, Proposed};
    [Proposed, Booked, Arrived, Fulfilled, Cancelled, Noshow]
        .into_iter()
        .find(|status| status.as_str() == text)
        .ok_or_else(|| "one of proposed, booked, arrived, fulfilled, cancelled, noshow".to_owned())
}

// `bedside agenda`.
#[derive(Debug, Args)]
pub(crate) struct Agenda {
    /// First day: 2026-11-26, tue, 3 mar, in 2 weeks, yesterday [default: today]
    #[arg(long)]
    pub(crate) date: Option<String>,
    /// How many days
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=366))]
    pub(crate) days: u16,
}
