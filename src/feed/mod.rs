//! Appointments in: the bytes of a feed become [`Imported`] occurrences and a report of what was left out.
//!
//! Refuses to be: a file reader, a socket, a judge of who the patient is. It is pure: the practice's zone and the time
//! of day are arguments, nothing is stored, and hostile bytes cost bounded time and memory and never panic. It runs in
//! the client, away from the process that holds the keys.
//!
//! Data enters as bytes through [`read`] and leaves as a [`Feed`]. A broken file leaves as a [`FeedError`] with a line
//! and a reason, and nothing of it is used: half an agenda is worse than none. What is sound but no appointment (a
//! task, a holiday) is left out and [reported](Skipped).
//!
//! The format is told by the content, never by a file's name. One folder or file is one format; there is [`calendar`]
//! (iCalendar, RFC 5545).
#![warn(clippy::indexing_slicing)]

pub mod calendar;

use crate::base::{Phi, Stamp};
use crate::record::Imported;
use jiff::tz::TimeZone;

/// The longest file that is read.
pub const FILE_MAX_BYTES: usize = 16 * 1024 * 1024;
/// The most appointments one file may bring.
pub const APPOINTMENTS_MAX: usize = 200_000;

/// What a feed says.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    /// What the feed calls itself; part of what makes a second import of it change nothing.
    pub name: Option<Phi<String>>,
    /// Its appointments in order of time; no two share UID and recurrence.
    pub entries: Vec<Imported>,
    /// What is no appointment, in order of lines.
    pub skipped: Vec<Skipped>,
}

/// Something that was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Where it begins, counted from 1.
    pub line: usize,
    /// Why.
    pub reason: Omission,
}

/// Why something sound was left out. Holds nothing of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Omission {
    /// VTODO.
    #[error("a task, not an appointment")]
    Task,
    /// VJOURNAL.
    #[error("a journal entry, not an appointment")]
    Journal,
    /// VFREEBUSY, VAVAILABILITY.
    #[error("free and busy times, not an appointment")]
    FreeBusy,
    /// Something this version does not know.
    #[error("not an appointment")]
    Unknown,
    /// A holiday, a birthday, a day away: nobody is expected at an hour.
    #[error("it lasts all day")]
    AllDay,
    /// The event has no start.
    #[error("it has no time")]
    NoTime,
    /// An older version of an event that the same file has in a newer one.
    #[error("a newer version of it is in the same file")]
    Outdated,
    /// FREQ=HOURLY and faster.
    #[error("it repeats more often than once a day")]
    TooOften,
    /// The rule has no occurrence at all.
    #[error("its rule never comes true")]
    Never,
    /// The rule has more than a thousand occurrences in the time that is read.
    #[error("only its first 1000 occurrences are taken")]
    TooMany,
}

/// Why a file was refused. Nothing of it was imported. Holds nothing of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// The content is of no format that is known here.
    #[error("not a calendar file: it does not begin with BEGIN:VCALENDAR")]
    UnknownFormat,
    /// The file is longer than [`FILE_MAX_BYTES`].
    #[error("the file is larger than 16 MiB")]
    TooLarge,
    /// A line is broken.
    #[error("line {line}: {flaw}")]
    Broken {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        flaw: Flaw,
    },
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the sentence says it")]
pub enum Flaw {
    #[error("it is not UTF-8 text")]
    NotText,
    #[error("it is not of the form NAME:VALUE")]
    NotProperty,
    #[error("it ends what was not begun")]
    StrayEnd,
    #[error("what begins here has no end; the file may be cut off")]
    CutOff,
    #[error("it is nested too deeply")]
    TooDeep,
    #[error("it stands outside of the calendar")]
    Outside,
    #[error("the file has too many lines")]
    TooManyLines,
    #[error("the time cannot be read")]
    BadTime,
    #[error("the duration cannot be read")]
    BadDuration,
    #[error("the time zone is not known")]
    UnknownZone,
    #[error("it ends before it starts")]
    EndsBeforeStart,
    #[error("the recurrence rule cannot be read")]
    BadRule,
    #[error("the recurrence rules of this file take too long to work out")]
    RulesTooCostly,
    #[error("the file has more than 200000 appointments")]
    TooManyAppointments,
}

impl Flaw {
    /// The refusal of a file for this at `line`.
    pub const fn at(self, line: usize) -> FeedError {
        FeedError::Broken { line, flaw: self }
    }
}

/// Reads a feed. `zone` is the practice's, for times that name none; `now` is the time of day: rules are worked out
/// from 30 days before it to 400 days after.
///
/// # Errors
/// [`FeedError`] if the file is broken, too large or of no known format.
pub fn read(bytes: &[u8], zone: &TimeZone, now: Stamp) -> Result<Feed, FeedError> {
    if bytes.len() > FILE_MAX_BYTES {
        return Err(FeedError::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if calendar::recognize(bytes) {
        return calendar::read(bytes, zone, now);
    }
    Err(FeedError::UnknownFormat)
}
