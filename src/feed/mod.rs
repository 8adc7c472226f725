//! Appointments in: the bytes of a feed become [`Imported`] occurrences and a report of what was left out.
//!
//! Refuses to be: a file reader, a socket, a judge of who the patient is. It is pure: the practice's zone and the time
//! of day are arguments, nothing is stored, and hostile bytes cost bounded time and memory and never panic. It runs in
//! the client, away from the process that holds the keys.
//!
//! Data enters as bytes through [`read`] and leaves as a [`Feed`]. A broken file leaves as a [`FeedError`] with a line
//! and a reason. One entry of it that is broken is [told](Broken) beside the others; who asks for an import decides
//! whether half an agenda is better than none. What is sound but no appointment (a task, a holiday) is left out and
//! [reported](Skipped).
//!
//! The format is told by the content, never by a file's name. One folder or file is one format; there are [`calendar`]
//! (iCalendar, RFC 5545), [`message`] (HL7 v2), [`fhir`] (FHIR R4 and R5) and [`table`] (CSV, RFC 4180).
#![warn(clippy::indexing_slicing)]

pub mod caldav;
pub mod calendar;
pub mod fhir;
mod join;
pub mod message;
mod newest;
mod person;
pub mod table;
#[cfg(test)]
mod tests;
mod word;

pub use join::join;

use crate::base::{Phi, Stamp};
use crate::record::{Imported, Settlement};
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// The longest file that is read.
pub const FILE_MAX_BYTES: usize = 256 * 1024 * 1024;
/// The longest that is no calendar: what is made of it while it is read is several times as long.
pub const OTHER_MAX_BYTES: usize = 64 * 1024 * 1024;
/// The most appointments one file may bring.
pub const APPOINTMENTS_MAX: usize = 200_000;

/// What a feed says.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    /// What the feed calls itself; part of what makes a second import of it change nothing.
    pub name: Option<Phi<String>>,
    /// Which program wrote it, of whatever version: stands in for the name of a calendar that has none.
    pub program: Option<Phi<String>>,
    /// Its appointments in order of time; no two share UID and recurrence.
    pub entries: Vec<Imported>,
    /// What is no appointment, in order of lines.
    pub skipped: Vec<Skipped>,
    /// What is broken, in order of lines: nothing of it is among the entries.
    pub broken: Vec<Broken>,
    /// How much of the other system it shows.
    pub scope: Scope,
    /// Of what it says all, where it does not show the whole schedule.
    pub settled: Vec<Settlement>,
    /// Which of two files has the newer version of an event where SEQUENCE does not say.
    pub stamps: Stamps,
}

/// A DTSTAMP as it is written, always in UTC: the greater is the newer.
type DtStamp = [u8; 16];

/// The newest DTSTAMP that a file has of each of its UIDs. None in other formats than iCalendar.
#[derive(Clone, Debug, Default)]
pub struct Stamps {
    places: HashMap<Phi<String>, usize>,
    stamps: Vec<DtStamp>,
}

impl Stamps {
    fn is_empty(&self) -> bool {
        self.stamps.is_empty()
    }

    /// Zeros where there is none.
    fn of(&self, uid: &Phi<String>) -> DtStamp {
        self.places.get(uid).and_then(|place| self.stamps.get(*place)).copied().unwrap_or_default()
    }
}

/// How much of the other system's schedule a feed shows: what it does not mention is gone, or just not mentioned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All that is to come: a calendar that is published (RFC 5546 §1.4 PUBLISH, or no METHOD).
    Whole,
    /// Some of it: a table, the answer to a search.
    #[default]
    Part,
    /// Single changes that somebody made: an invitation, a cancellation (RFC 5546), a message (HL7 v2, FHIR).
    Message,
}

/// An entry that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What a feed is read with.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The practice's zone, for times that name none.
    pub zone: TimeZone,
    /// The time of day: rules are worked out from 30 days before it to 400 days after.
    pub now: Stamp,
    /// What a table does not say itself.
    pub table: table::Layout,
    /// Whoever has it read says which feed it is: messages of whatever systems belong to it.
    pub named: bool,
}

impl Reading {
    /// Of whatever says all itself.
    pub fn new(zone: TimeZone, now: Stamp) -> Self {
        Self { zone, now, table: table::Layout::default(), named: false }
    }
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
    /// VFREEBUSY, VAVAILABILITY; SIU S23 and S24; a Slot.
    #[error("free and busy times, not an appointment")]
    FreeBusy,
    /// METHOD:REPLY and COUNTER: what somebody answered who was asked.
    #[error("an answer to an invitation, not an appointment")]
    Answer,
    /// Something this version does not know.
    #[error("not an appointment")]
    Unknown,
    /// A deletion that names a resource and nothing of it (FHIR Bundle.entry.request).
    #[error("it deletes an appointment without saying which time it had")]
    Deletion,
    /// A holiday, a birthday, a day away: nobody is expected at an hour.
    #[error("it lasts all day")]
    AllDay,
    /// The event has no start.
    #[error("it has no time")]
    NoTime,
    /// An older version of an event that the same file has in a newer one.
    #[error("a newer version of it is in the same file, or a later one that is as new")]
    Outdated,
    /// FREQ=HOURLY and faster.
    #[error("it repeats more often than once a day")]
    TooOften,
    /// The rule has no occurrence at all.
    #[error("its rule never comes true")]
    Never,
    /// A series that has ended, or has not begun.
    #[error("none of its occurrences is in the time that is read")]
    Elsewhen,
    /// The rule has more than a thousand occurrences in the time that is read.
    #[error("only its first 1000 occurrences are taken")]
    TooMany,
    /// RANGE=THISANDFUTURE without its series; the occurrence itself is taken.
    #[error("only this one is moved: the series that those behind it belong to is not in the file")]
    FollowingElsewhere,
    /// RANGE=THISANDPRIOR of RFC 2445; the occurrence itself is taken.
    #[error("only this one is changed: its RANGE is not THISANDFUTURE")]
    OtherRange,
    /// A table's row has a rule; the appointment itself is taken.
    #[error("its recurrence rule is not read: only this one appointment is taken")]
    RuleUnread,
    /// A table's row or a message has a status of words of its own; the appointment is taken.
    #[error("its status is a word that is not known: it is taken as booked")]
    UnknownStatus,
    /// TQ1 or SCH-11 is repeated with another start; the first is taken.
    #[error("it has several times: only the first is taken")]
    OtherTimes,
    /// One of its exceptions is broken, and says not even what of the series it is.
    #[error("one of its changes cannot be read: nothing of it is taken")]
    Withheld,
    /// EXDATE names a time that the series does not have, on a day on which it has one.
    #[error("it leaves out a time that it does not have: what it has on that day is taken")]
    StrayException,
    /// The same row once more.
    #[error("the same appointment stands in the file already")]
    Twice,
}

/// Why a file was refused. Nothing of it was imported. Holds nothing of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// The content is of no format that is known here.
    #[error("not a feed that is known here: neither iCalendar nor a table nor HL7 v2 nor FHIR")]
    UnknownFormat,
    /// The file is longer than [`FILE_MAX_BYTES`].
    #[error("the file is larger than 256 MiB")]
    TooLarge,
    /// The file is longer than [`OTHER_MAX_BYTES`].
    #[error("the file is larger than 64 MiB, and no calendar")]
    TooLargeOther,
    /// It looks like a table, but its first row has the names of no system that is known here.
    #[error("the table's columns fit no system that is known here: say in the configuration what they are called")]
    UnknownTable,
    /// A table lacks a column that its map names, or one for the start.
    #[error("the table has no column for '{column}', as the configuration calls it")]
    NoColumn {
        /// What the column would tell.
        column: table::Column,
    },
    /// A table's dates can be read in two ways.
    #[error("line {line}: it cannot be told whether the day or the month stands first")]
    AmbiguousDates {
        /// The line, counted from 1.
        line: usize,
    },
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
    #[error("what may stand here once stands here again")]
    Repeated,
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
    #[error("this file names more than a million dates in EXDATE and RDATE")]
    TooManyDates,
    #[error("EXRULE is not supported: name the days that are left out in EXDATE")]
    ExceptionRule,
    #[error("the recurrence rules of this file take too long to work out")]
    RulesTooCostly,
    #[error("the file has more than 200000 appointments")]
    TooManyAppointments,
    #[error("it is neither UTF-8, UTF-16 nor Windows-1252 text")]
    NotLetters,
    #[error("the row is longer than 256 KiB; a quotation mark may be missing")]
    RowTooLong,
    #[error("the row has more than 512 cells")]
    TooManyColumns,
    #[error("the row has more cells than the table has columns; a quotation mark may be missing")]
    ExtraCells,
    #[error("the row has a quotation mark where none belongs; another one before it may be missing")]
    StrayQuote,
    #[error("a column that is needed stands in the table twice")]
    ColumnTwice,
    #[error("the clocks skip its time on that day")]
    SkippedTime,
    #[error("it is the appointment of an earlier row, but says something else")]
    Contradicts,
    #[error("MSH does not say what separates its fields")]
    BadSeparators,
    #[error("it is not a segment: three letters, then the separator")]
    NotSegment,
    #[error("the character set is not known")]
    UnknownCharset,
    #[error("the message is longer than 1 MiB")]
    TooLong,
    #[error("it counts more or fewer messages than there are")]
    WrongCount,
    #[error("the message has no SCH segment")]
    NoSchedule,
    #[error("it has no number by which it could be known again")]
    NoNumber,
    #[error("it does not say when it starts")]
    NoStart,
    #[error("it names more than 1000 people, numbers or slots")]
    TooManyParts,
    #[error("the numbers of this file's patients are longer than 256 MiB: divide the file")]
    TooManyNumbers,
    #[error(
        "it comes from another system than the first message: import each system's messages by themselves, or name them all with --feed"
    )]
    OtherSender,
    #[error("it is not JSON")]
    NotJson,
    #[error("it is not of the form that FHIR gives it")]
    BadResource,
    #[error("the status is none that FHIR has")]
    BadStatus,
}

impl Flaw {
    /// The refusal of a file for this at `line`.
    pub const fn at(self, line: usize) -> FeedError {
        FeedError::Broken { line, flaw: self }
    }
}

/// Whether a file has FHIR resources of one sort, one a line: those that they refer to stand in others beside it.
pub fn is_loose(bytes: &[u8]) -> bool {
    bytes.len() <= OTHER_MAX_BYTES && fhir::is_of_one_sort(bytes)
}

/// Reads a feed.
///
/// # Errors
/// [`FeedError`] if the file as a whole is broken, too large or of no known format.
pub fn read(bytes: &[u8], reading: &Reading) -> Result<Feed, FeedError> {
    if bytes.len() > FILE_MAX_BYTES {
        return Err(FeedError::TooLarge);
    }
    let wide = table::from_utf16(bytes);
    let text = wide.as_deref().map_or(bytes, str::as_bytes);
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if calendar::recognize(text) {
        return calendar::read(text, reading);
    }
    if bytes.len() > OTHER_MAX_BYTES {
        return Err(FeedError::TooLargeOther);
    }
    if message::recognize(text) {
        return message::read(text, reading);
    }
    if fhir::recognize(text) {
        return fhir::read(text, reading);
    }
    table::read(bytes, reading)
}
