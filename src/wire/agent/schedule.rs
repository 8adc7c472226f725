//! What is asked and answered about the schedule: imports, series, free time.

use super::Named;
use crate::base::Phi;
use crate::record::Appointment;
use serde::{Deserialize, Serialize};

/// The most appointments one page of an import brings.
pub const IMPORT_PAGE: usize = 5_000;
/// How many differences are told at once.
pub const DIFFERENCES_PAGE: usize = 500;

/// How an import is to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportHead {
    /// What the feed is called: makes UIDs of two feeds distinct.
    #[serde(with = "crate::base::phi")]
    pub feed: Phi<String>,
    /// It shows all that is to come: what it brought before and does not have any more is cancelled.
    pub whole: bool,
    /// It reports single changes that somebody made: what it cancels is not counted against it.
    pub message: bool,
    /// Cancel however much it has not any more.
    pub allow_removals: bool,
    /// Only say what would change.
    pub dry_run: bool,
}

/// What an import did, or would do.
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
    /// It only told what it would change, and would be refused for what it cancels.
    pub refused: bool,
}

/// One thing an import would change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// As it is; `None` for one that would be new.
    pub before: Option<Appointment>,
    /// As it would be, with the patient's name if it is known whose it is.
    pub after: Named<Appointment>,
}

/// What undoing an import did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// What the feed is called.
    #[serde(with = "crate::base::phi")]
    pub feed: Phi<String>,
    /// When it was imported.
    pub at: crate::base::Stamp,
    /// Appointments it had added, which are gone.
    pub removed: u64,
    /// Appointments it had changed, which are as they were.
    pub restored: u64,
    /// Appointments that were changed by hand since, which stay as they are.
    pub kept: u64,
}

/// Appointments that were made or changed, and what the clinician should know about their times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// As they are now, by start.
    pub appointments: Vec<Named<Appointment>>,
    /// What is unusual, by start; nothing of it is forbidden.
    pub notices: Vec<Notice>,
    /// Those that are not any more, as they were, by start: they had been added, and that was taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Named<Appointment>>,
}

/// Something unusual about a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Notice {
    /// It overlaps another appointment.
    Conflict {
        /// When.
        start: Box<jiff::Zoned>,
        /// With whom; what the feed calls it where that is not known.
        #[serde(with = "crate::base::phi")]
        with: Phi<String>,
        /// When that one begins.
        theirs: Box<jiff::Zoned>,
    },
    /// It is not within the working hours.
    OutsideHours {
        /// When.
        start: Box<jiff::Zoned>,
    },
    /// That time does not exist on that day: the clocks skip it. Left out.
    Skipped {
        /// The day.
        day: jiff::civil::Date,
    },
    /// The month is too short for that day. Left out.
    ShortMonth {
        /// Its last day.
        last: jiff::civil::Date,
    },
}

/// Appointments of one name and number that fit no patient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unmatched {
    /// The first of them that is still to come, or the last.
    pub next: Appointment,
    /// What the feed numbers whoever it is with, if it says.
    #[serde(with = "crate::base::phi::option", default)]
    pub number: Option<Phi<String>>,
    /// How many there are.
    pub count: u64,
}
