//! One row: what of it is an appointment.

use super::super::calendar::zone::Zones;
use super::super::person::Person;
use super::super::word::clip;
use super::super::{Flaw, Omission};
use super::date::{self, Day, Moment, Order};
use super::guard::bare;
use super::header::{Column, Plan};
use super::rows::Row;
use super::word;
use crate::base::Phi;
use crate::record::appointment::on_the_clock;
use crate::record::{AppointmentKind, AppointmentStatus, Identifier, Imported};
use jiff::civil::{DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Zoned};
use sha2::{Digest, Sha256};

/// A row that is read, but for the order of its dates.
#[derive(Debug)]
pub(super) struct Draft {
    /// Where it begins.
    pub line: usize,
    /// What of it is not taken as it is said.
    pub unread: Vec<Omission>,
    uid: Option<String>,
    subject: String,
    /// What sort of appointment it is.
    sort: String,
    identifiers: Vec<Identifier>,
    kind: AppointmentKind,
    status: AppointmentStatus,
    zone: TimeZone,
    start: (Day, Time, Option<Offset>),
    end: End,
}

#[derive(Debug)]
enum End {
    Length(SignedDuration),
    /// Without a day it is on that of the start.
    At(Option<Day>, Time, Option<Offset>),
}

/// Why a row is no appointment.
#[derive(Debug)]
pub(super) enum Left {
    Skipped(Omission),
    Broken(Flaw),
    /// Nothing is written in it.
    Blank,
}

/// The columns of a moment: both at once, the day, the time.
const START: [Column; 3] = [Column::Start, Column::StartDate, Column::StartTime];
const END: [Column; 3] = [Column::End, Column::EndDate, Column::EndTime];

/// Reads a row.
pub(super) fn read(row: &Row<'_>, plan: &Plan, zones: &mut Zones<'_>, order: &mut Order) -> Result<Draft, Left> {
    let line = row.line;
    let cell = |column| plan.cell(row, column);
    if row.iter().all(str::is_empty) {
        return Err(Left::Blank);
    }
    // A comma in a text without quotation marks moves everything behind it.
    if (plan.width..row.len()).any(|index| !row.cell(index).is_empty()) {
        return Err(Left::Broken(Flaw::ExtraCells));
    }
    let (start, end) = (moment(row, plan, START)?, moment(row, plan, END)?);
    // The day of what is left out tells the order as well as any other.
    for day in [start, end].into_iter().filter_map(|moment| moment.day) {
        order.learn(line, day);
    }
    let start = match (start.day, start.time) {
        (None, _) => return Err(Left::Skipped(Omission::NoTime)),
        (Some(day), Some(time)) if !word::yes(cell(Column::AllDay)) => (day, time, start.offset),
        _ => return Err(Left::Skipped(Omission::AllDay)),
    };
    let end = match (end.time, cell(Column::Minutes)) {
        (Some(time), _) => End::At(end.day, time, end.offset),
        // As in a calendar: it ends when it starts.
        (None, "") => End::Length(SignedDuration::ZERO),
        (None, minutes) => End::Length(word::length(minutes).ok_or(Left::Broken(Flaw::BadDuration))?),
    };
    let zone = match cell(Column::Zone) {
        "" => zones.usual.clone(),
        id => zones.find(id.as_bytes()).ok_or(Left::Broken(Flaw::UnknownZone))?,
    };
    let mut unread = Vec::new();
    if word::repeats(cell(Column::Rule)) {
        unread.push(Omission::RuleUnread);
    }
    let status = word::status(cell(Column::Status)).unwrap_or_else(|| {
        unread.push(Omission::UnknownStatus);
        AppointmentStatus::Booked
    });
    let status = match word::cancelled(plan.asked(row)) {
        Some(true) => AppointmentStatus::Cancelled,
        Some(false) => status,
        None => {
            unread.push(Omission::UnknownStatus);
            status
        }
    };
    let names = [cell(Column::FirstName), cell(Column::LastName)];
    let subject = match names {
        ["", ""] if plan.is_own() => clip(&bare(cell(Column::Subject))),
        ["", ""] => clip(cell(Column::Subject)),
        names => clip(names.join(" ").trim()),
    };
    let mut person = Person::default();
    plan.identifiers.iter().for_each(|(at, system)| person.identify(system, row.cell(*at)));
    Ok(Draft {
        line,
        unread,
        uid: Some(clip(cell(Column::Uid))).filter(|uid| !uid.is_empty()),
        subject,
        sort: clip(cell(Column::Type)),
        identifiers: person.identifiers,
        kind: word::kind(cell(Column::Place), cell(Column::Type)),
        status,
        zone,
        start,
        end,
    })
}

/// What the columns say together: of two times that of the time's own column, for in the day's it is often midnight.
fn moment(row: &Row<'_>, plan: &Plan, [both, day, time]: [Column; 3]) -> Result<Moment, Left> {
    let read = |column| match plan.cell(row, column) {
        "" => Ok(None),
        text => date::read(text).map(Some).ok_or(Left::Broken(Flaw::BadTime)),
    };
    let first = match read(both)? {
        None => read(day)?,
        first => first,
    };
    let first = first.unwrap_or_default();
    match read(time)? {
        Some(Moment { day: None, time, offset }) => Ok(Moment { day: first.day, time, offset }),
        Some(_) => Err(Left::Broken(Flaw::BadTime)),
        None => Ok(first),
    }
}

impl Draft {
    /// Whether its days can be told in the order that is known by now.
    pub(super) fn is_told(&self, order: &Order) -> bool {
        let end = match self.end {
            End::At(Some(day), ..) => order.tells(day),
            _ => true,
        };
        end && order.tells(self.start.0)
    }

    /// The appointment.
    pub(super) fn settle(self, order: &Order, practice: &TimeZone) -> Result<Imported, Flaw> {
        let (day, time, offset) = self.start;
        let date = order.day(day).ok_or(Flaw::BadTime)?;
        let mut start = at(date.to_datetime(time), offset, &self.zone)?;
        let mut end = match self.end {
            End::Length(length) => start.checked_add(length).map_err(|_| Flaw::BadDuration)?,
            End::At(day, time, offset) => {
                let date = day.map_or(Some(date), |day| order.day(day)).ok_or(Flaw::BadTime)?;
                at(date.to_datetime(time), offset, &self.zone)?
            }
        };
        if end < start {
            return Err(Flaw::EndsBeforeStart);
        }
        // A time in UTC says nothing about where: it is shown where the practice is.
        if start.time_zone().iana_name().is_none_or(|name| name == "UTC" || name == "Etc/UTC") {
            (start, end) = (start.with_time_zone(practice.clone()), end.with_time_zone(practice.clone()));
        }
        let uid = self.uid.unwrap_or_else(|| digest(&start, &self.subject, &self.sort, &self.identifiers));
        Ok(Imported {
            uid: Phi::new(uid),
            recurrence: String::new(),
            also: Phi::default(),
            sequence: 0,
            subject: Phi::new(self.subject),
            unnamed: false,
            start,
            end,
            kind: self.kind,
            status: self.status,
            identifiers: self.identifiers,
        })
    }
}

fn at(at: DateTime, offset: Option<Offset>, zone: &TimeZone) -> Result<Zoned, Flaw> {
    match offset {
        Some(offset) => offset.to_timestamp(at).map(|at| at.to_zoned(zone.clone())).map_err(|_| Flaw::BadTime),
        None => on_the_clock(at, zone).ok_or(Flaw::SkippedTime),
    }
}

/// What tells a row without a UID apart within its feed.
fn digest(start: &Zoned, subject: &str, sort: &str, identifiers: &[Identifier]) -> String {
    let mut digest = Sha256::new_with_prefix(start.timestamp().as_second().to_be_bytes());
    let numbers = identifiers.iter().map(|identifier| identifier.value.expose().as_str());
    for text in [subject, sort].into_iter().chain(numbers) {
        digest.update(text);
        // Never in a text that was clipped.
        digest.update([0]);
    }
    data_encoding::HEXLOWER.encode(digest.finalize().get(..16).unwrap_or_default())
}
