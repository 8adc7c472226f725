//! Appointments and the agenda.

use crate::record::AppointmentStatus;
use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

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
