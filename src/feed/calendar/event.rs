//! One VEVENT (§3.6.1): what of it is an appointment.

use super::super::word::{kind_of_place, on_screen};
use super::super::{FeedError, Flaw, Omission};
use super::layout::{Line, Part, Property};
use super::rule::Rule;
use super::value;
use super::zone::Zones;
use crate::base::Phi;
use crate::record::appointment::PERSON_MARK;
use crate::record::{AppointmentKind, AppointmentStatus};
use jiff::civil::Date;
use jiff::{SignedDuration, Zoned};
use sha2::{Digest, Sha256};

/// Of `20260105T120000Z`.
const STAMP_BYTES: usize = 16;

/// An event as it stands in the file.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// Where it begins.
    pub line: usize,
    pub uid: Phi<String>,
    /// SEQUENCE.
    pub sequence: i64,
    /// DTSTAMP as it is written, always in UTC: which of two with the same SEQUENCE is newer (RFC 5546 §2.1.5).
    stamp: [u8; STAMP_BYTES],
    pub subject: Phi<String>,
    pub kind: AppointmentKind,
    pub status: AppointmentStatus,
    pub start: Zoned,
    pub length: SignedDuration,
    /// The occurrence that this one replaces (RECURRENCE-ID).
    pub replaces: Option<Moment>,
    /// And all after it (RANGE=THISANDFUTURE).
    pub onwards: bool,
    pub rules: Vec<Rule>,
    /// RDATE: start, and length where it is another.
    pub more: Vec<(Moment, Option<SignedDuration>)>,
    /// EXDATE.
    pub except: Vec<Moment>,
}

/// A DATE or a DATE-TIME.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Moment {
    Day(Date),
    Time(Zoned),
}

impl Event {
    /// Reads it. `cancels`: the calendar's METHOD is CANCEL.
    ///
    /// The outer error tells what is broken of it, the inner leaves it out.
    pub(super) fn read(part: &Part<'_>, zones: &mut Zones<'_>, cancels: bool) -> Result<Result<Self, Gone>, FeedError> {
        if let Some(line) = part.lines.iter().find(|line| !line.is_property()) {
            return Err(Flaw::NotProperty.at(line.number));
        }
        let mut reader = Reader { part, zones };
        let start = match reader.moment("DTSTART")? {
            Some(Moment::Time(start)) => start,
            Some(Moment::Day(_)) => return Ok(Err(reader.gone(Omission::AllDay)?)),
            None => return Ok(Err(reader.gone(Omission::NoTime)?)),
        };
        let length = reader.length(&start)?;
        let subject = subject(part)?;
        Ok(Ok(Self {
            line: part.begin,
            uid: Phi::new(uid(part, &start, &subject)?),
            sequence: sequence(part)?,
            stamp: part.value("DTSTAMP")?.first_chunk().copied().unwrap_or_default(),
            subject: Phi::new(subject),
            kind: kind(part)?,
            status: status(part.value("STATUS")?, cancels),
            length,
            replaces: reader.moment("RECURRENCE-ID")?,
            onwards: onwards(part)?,
            rules: reader.rules(&start)?,
            more: reader.list("RDATE", Reader::addition)?,
            except: reader.list("EXDATE", Reader::written)?,
            start,
        }))
    }
}

/// What can be told of an event that is broken: its UID, and what it is of that if it says so. `None` if nobody can know
/// it again.
pub(super) fn rest(part: &Part<'_>, zones: &mut Zones<'_>) -> Option<(Phi<String>, Option<Gone>)> {
    let uid = own_uid(part).ok().filter(|uid| !uid.is_empty())?;
    Some((Phi::new(uid), Reader { part, zones }.gone(Omission::Unknown).ok()))
}

impl Event {
    /// Whether it happens once, at its own time.
    pub(super) fn is_single(&self) -> bool {
        self.replaces.is_none() && self.rules.is_empty() && self.more.is_empty()
    }

    /// Of two the newer has the greater.
    pub(super) fn version(&self) -> (i64, [u8; STAMP_BYTES], usize) {
        (self.sequence, self.stamp, self.line)
    }
}

/// An event that is at no hour, or not any more.
#[derive(Debug)]
pub(super) struct Gone {
    /// Why it is left out.
    pub reason: Omission,
    /// Empty where it has none: then nobody can know it again.
    pub uid: Phi<String>,
    pub sequence: i64,
    /// Which occurrence; `None` for all of it.
    pub replaces: Option<Moment>,
    /// And all after it.
    pub onwards: bool,
}

/// Reads what needs the file's zones and tells the line of what cannot be read.
struct Reader<'a, 'b, 'c> {
    part: &'a Part<'b>,
    zones: &'a mut Zones<'c>,
}

impl Reader<'_, '_, '_> {
    /// What is known of an event without an hour.
    fn gone(&mut self, reason: Omission) -> Result<Gone, FeedError> {
        let part = self.part;
        Ok(Gone {
            reason,
            uid: Phi::new(own_uid(part)?),
            sequence: sequence(part)?,
            replaces: self.moment("RECURRENCE-ID")?,
            onwards: onwards(part)?,
        })
    }

    /// A property with one time. `None` if it is not there.
    fn moment(&mut self, name: &str) -> Result<Option<Moment>, FeedError> {
        let property = self.part.one(name)?;
        property.map(|property| self.written(&property, property.value)).transpose()
    }

    /// The values of all properties of a name.
    fn list<T>(
        &mut self,
        name: &str,
        read: impl Fn(&mut Self, &Property<'_>, &[u8]) -> Result<T, FeedError>,
    ) -> Result<Vec<T>, FeedError> {
        let mut all = Vec::new();
        for line in self.part.all(name) {
            let property = line.property()?;
            for text in property.value.split(|byte| *byte == b',').filter(|text| !text.trim_ascii().is_empty()) {
                all.push(read(self, &property, text)?);
            }
        }
        Ok(all)
    }

    fn written(&mut self, property: &Property<'_>, text: &[u8]) -> Result<Moment, FeedError> {
        let bad = Flaw::BadTime.at(property.number);
        let written = value::written(text).ok_or(bad)?;
        let Some(local) = written.time else { return Ok(Moment::Day(written.date)) };
        let zone = match (written.offset, property.parameter("TZID")) {
            (Some(offset), _) => offset.to_time_zone(),
            (None, Some(id)) => self.zones.find(id).ok_or(Flaw::UnknownZone.at(property.number))?,
            (None, None) => self.zones.usual.clone(),
        };
        local.to_zoned(zone).map(Moment::Time).map_err(|_| bad)
    }

    /// From DTEND, DURATION, or nothing (§3.6.1: then it ends when it starts).
    fn length(&mut self, start: &Zoned) -> Result<SignedDuration, FeedError> {
        if let Some(property) = self.part.one("DTEND")? {
            let end = match self.written(&property, property.value)? {
                Moment::Time(end) => end,
                // Some programs end a timed event with a bare day; the day itself is then not part of it.
                Moment::Day(day) => {
                    day.to_zoned(start.time_zone().clone()).map_err(|_| Flaw::BadTime.at(property.number))?
                }
            };
            let length = end.duration_since(start);
            return if length.is_negative() { Err(Flaw::EndsBeforeStart.at(property.number)) } else { Ok(length) };
        }
        match self.part.one("DURATION")? {
            None => Ok(SignedDuration::ZERO),
            Some(property) => value::length(property.value, start).ok_or(Flaw::BadDuration.at(property.number)),
        }
    }

    fn rules(&self, start: &Zoned) -> Result<Vec<Rule>, FeedError> {
        // UNTIL on the event's wall clock; one without a zone is the event's, whatever the standard demands of it.
        let until = |text: &str| {
            value::written(text.as_bytes())?.on_clock(|at| Some(at.to_zoned(start.time_zone().clone()).datetime()))
        };
        let rule = |line: &Line<'_>| Rule::read(line.property()?.text()?, until).map_err(|flaw| flaw.at(line.number));
        self.part.all("RRULE").map(rule).collect()
    }

    /// RDATE: a time, a day or a period.
    fn addition(
        &mut self,
        property: &Property<'_>,
        text: &[u8],
    ) -> Result<(Moment, Option<SignedDuration>), FeedError> {
        let mut ends = text.splitn(2, |byte| *byte == b'/');
        let (Some(start), Some(end)) = (ends.next(), ends.next()) else {
            return Ok((self.written(property, text)?, None));
        };
        let Moment::Time(start) = self.written(property, start)? else { return Err(Flaw::BadTime.at(property.number)) };
        if let Some(length) = value::length(end, &start) {
            return Ok((Moment::Time(start), Some(length)));
        }
        let Moment::Time(end) = self.written(property, end)? else { return Err(Flaw::BadTime.at(property.number)) };
        let length = end.duration_since(&start);
        if length.is_negative() {
            return Err(Flaw::EndsBeforeStart.at(property.number));
        }
        Ok((Moment::Time(start), Some(length)))
    }
}

/// SUMMARY, or the name of the first attendee.
fn subject(part: &Part<'_>) -> Result<String, FeedError> {
    let summary = value::text(part.text("SUMMARY")?);
    if !summary.is_empty() {
        return Ok(summary.into_owned());
    }
    for attendee in part.all("ATTENDEE") {
        if let Some(name) = attendee.property()?.parameter("CN") {
            let name = std::str::from_utf8(name).map_err(|_| Flaw::NotText.at(attendee.number))?;
            return Ok(value::text(name).into_owned());
        }
    }
    Ok(String::new())
}

/// The UID; an event without one (it must have one) gets what tells it apart within its feed.
fn sequence(part: &Part<'_>) -> Result<i64, FeedError> {
    Ok(part.text("SEQUENCE")?.parse().unwrap_or(0))
}

/// RANGE=THISANDFUTURE, the only range there is (§3.2.13).
fn onwards(part: &Part<'_>) -> Result<bool, FeedError> {
    Ok(part.one("RECURRENCE-ID")?.is_some_and(|property| property.parameter("RANGE").is_some()))
}

/// The UID it has; empty if it has none.
fn own_uid(part: &Part<'_>) -> Result<String, FeedError> {
    Ok(value::text(part.text("UID")?).replace(PERSON_MARK, " "))
}

/// The UID it is known by.
fn uid(part: &Part<'_>, start: &Zoned, subject: &str) -> Result<String, FeedError> {
    let uid = own_uid(part)?;
    if !uid.is_empty() {
        return Ok(uid);
    }
    let digest = Sha256::new().chain_update(start.timestamp().to_string()).chain_update(subject).finalize();
    Ok(data_encoding::HEXLOWER.encode(digest.get(..16).unwrap_or_default()))
}

fn status(status: &[u8], cancels: bool) -> AppointmentStatus {
    if cancels || status.eq_ignore_ascii_case(b"CANCELLED") || status.eq_ignore_ascii_case(b"CANCELED") {
        AppointmentStatus::Cancelled
    } else if status.eq_ignore_ascii_case(b"TENTATIVE") {
        AppointmentStatus::Proposed
    } else {
        AppointmentStatus::Booked
    }
}

/// By video if it has a link to a meeting on a screen, else by its place.
fn kind(part: &Part<'_>) -> Result<AppointmentKind, FeedError> {
    let mut linked = part.all("CONFERENCE").next().is_some();
    for line in part.lines.iter().filter(|line| line.is("URL") || line.is_extra()) {
        let value = line.property()?.text()?;
        linked |= value.contains("://") && on_screen(value);
    }
    let place = value::text(part.text("LOCATION")?);
    Ok(if linked { AppointmentKind::Visit } else { kind_of_place(&place) })
}
