//! One VEVENT (§3.6.1): what of it is an appointment.

use super::super::word::{kind_of_place, on_screen};
use super::super::{DtStamp, FeedError, Flaw, Omission};
use super::layout::{Line, Part, Property, words};
use super::rule::Rule;
use super::value;
use super::zone::Zones;
use crate::base::Phi;
use crate::record::appointment::PERSON_MARK;
use crate::record::{AppointmentKind, AppointmentStatus};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use sha2::{Digest, Sha256};

/// An event as it stands in the file.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// Where it begins.
    pub line: usize,
    pub uid: Phi<String>,
    /// SEQUENCE.
    pub sequence: i64,
    /// DTSTAMP as it is written, always in UTC: which of two with the same SEQUENCE is newer (RFC 5546 §2.1.5).
    pub stamp: DtStamp,
    pub subject: Phi<String>,
    pub kind: AppointmentKind,
    pub status: AppointmentStatus,
    pub start: Zoned,
    pub length: SignedDuration,
    /// How its start says which zone it is in.
    pub clock: Clock,
    /// The occurrence that this one replaces (RECURRENCE-ID).
    pub replaces: Option<Original>,
    /// And all after it (RANGE=THISANDFUTURE).
    pub onwards: bool,
    /// What of it is left out, though the rest is taken.
    pub omission: Option<Omission>,
    /// RRULE, each with its line.
    pub rules: Vec<(usize, Rule)>,
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

/// How a time says which zone it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// By its offset, or by a zone that is one of too many.
    Own,
    /// By a TZID.
    Zone(usize),
    /// Not at all.
    Bare,
}

/// A RECURRENCE-ID.
#[derive(Clone, Debug)]
pub(super) struct Original {
    moment: Moment,
    clock: Clock,
}

impl Original {
    /// At a time that says all itself.
    pub(super) const fn at(start: Zoned) -> Self {
        Self { moment: Moment::Time(start), clock: Clock::Own }
    }

    /// When that is, where its series is not at hand; `on_day` puts a day at an hour.
    pub(super) fn alone(&self, on_day: impl Fn(Date) -> Option<Zoned>) -> Option<Timestamp> {
        match &self.moment {
            Moment::Day(day) => on_day(*day).map(|at| at.timestamp()),
            Moment::Time(at) => Some(at.timestamp()),
        }
    }

    /// When that is in its series (§3.8.4.4: it is of the form of the start). A day means the occurrence on that day.
    pub(super) fn within(&self, series: &Event) -> Option<Timestamp> {
        let zoned = |local: DateTime| local.to_zoned(series.start.time_zone().clone()).ok();
        match &self.moment {
            Moment::Time(at)
                if self.clock == Clock::Bare || (self.clock != Clock::Own && self.clock == series.clock) =>
            {
                zoned(at.datetime()).map(|at| at.timestamp())
            }
            _ => self.alone(|day| zoned(day.to_datetime(series.start.time()))),
        }
    }
}

impl Event {
    /// Reads it. `cancels`: the calendar's METHOD is CANCEL.
    ///
    /// The outer error tells what is broken of it, the inner leaves it out.
    pub(super) fn read(part: &Part<'_>, zones: &mut Zones<'_>, cancels: bool) -> Result<Result<Self, Gone>, FeedError> {
        if let Some(line) = part.lines.iter().find(|line| !line.is_property()) {
            return Err(Flaw::NotProperty.at(line.number));
        }
        let mut reader = Reader { part, zones, home: None };
        let start = match reader.moment("DTSTART")? {
            Some(Moment::Time(start)) => start,
            Some(Moment::Day(_)) => return Ok(Err(reader.gone(Omission::AllDay)?)),
            None => return Ok(Err(reader.gone(Omission::NoTime)?)),
        };
        let clock = reader.clock("DTSTART")?;
        reader.home = Some((part.one("DTSTART")?.and_then(|start| start.parameter("TZID")), start.time_zone().clone()));
        let length = reader.length(&start)?;
        if reader.lasts_all_day(&start, length)? {
            return Ok(Err(reader.gone(Omission::AllDay)?));
        }
        if let Some(line) = part.all("EXRULE").next() {
            return Err(Flaw::ExceptionRule.at(line.number));
        }
        let range = Range::of(part)?;
        let subject = subject(part)?;
        let status = status(part, cancels, &subject)?;
        let uid = uid(part, &start, &subject)?;
        let called = uncancelled(&subject).filter(|_| status == AppointmentStatus::Cancelled).map(str::to_owned);
        Ok(Ok(Self {
            line: part.begin,
            uid: Phi::new(uid),
            sequence: sequence(part)?,
            stamp: stamp(part)?,
            subject: Phi::new(called.unwrap_or(subject)),
            kind: kind(part)?,
            status,
            length,
            clock,
            replaces: reader.original()?,
            onwards: range == Range::Onwards,
            omission: (range == Range::Other).then_some(Omission::OtherRange),
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
    Some((Phi::new(uid), Reader { part, zones, home: None }.gone(Omission::Unknown).ok()))
}

impl Event {
    /// Whether it happens once, at its own time.
    pub(super) fn is_single(&self) -> bool {
        self.replaces.is_none() && self.rules.is_empty() && self.more.is_empty()
    }

    /// Of two the newer has the greater.
    pub(super) fn version(&self) -> (i64, DtStamp, usize) {
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
    /// DTSTAMP, as an [`Event`] has it.
    pub stamp: DtStamp,
    /// Which occurrence; `None` for all of it.
    pub replaces: Option<Original>,
    /// And all after it.
    pub onwards: bool,
}

/// Reads what needs the file's zones and tells the line of what cannot be read.
struct Reader<'a, 'b, 'c> {
    part: &'a Part<'b>,
    zones: &'a mut Zones<'c>,
    /// The TZID and the zone of its start. Its other times are in that zone, too, where they name none (§3.8.2.2,
    /// §3.8.5.1: they are of the form of the start).
    home: Option<(Option<&'a [u8]>, TimeZone)>,
}

/// The times of one property.
#[derive(Clone, Copy)]
struct Times<'a> {
    line: usize,
    /// TZID, which is looked for once.
    id: Option<&'a [u8]>,
}

impl<'a> Times<'a> {
    fn of(property: &Property<'a>) -> Self {
        Self { line: property.number, id: property.parameter("TZID").filter(|id| !id.is_empty()) }
    }
}

impl<'a> Reader<'a, '_, '_> {
    /// What is known of an event without an hour.
    fn gone(&mut self, reason: Omission) -> Result<Gone, FeedError> {
        let part = self.part;
        Ok(Gone {
            reason,
            uid: Phi::new(own_uid(part)?),
            sequence: sequence(part)?,
            stamp: stamp(part)?,
            replaces: self.original()?,
            onwards: Range::of(part)? == Range::Onwards,
        })
    }

    /// A property with one time. `None` if it is not there.
    fn moment(&mut self, name: &str) -> Result<Option<Moment>, FeedError> {
        let property = self.part.one(name)?;
        property.map(|property| self.written(Times::of(&property), property.value)).transpose()
    }

    /// How a property with one time says which zone that is in. To be asked once its time was read.
    fn clock(&self, name: &str) -> Result<Clock, FeedError> {
        let Some(property) = self.part.one(name)? else { return Ok(Clock::Own) };
        if value::written(property.value).is_some_and(|written| written.offset.is_some()) {
            return Ok(Clock::Own);
        }
        let zone = |id| self.zones.number(id).map_or(Clock::Own, Clock::Zone);
        Ok(property.parameter("TZID").filter(|id| !id.is_empty()).map_or(Clock::Bare, zone))
    }

    fn original(&mut self) -> Result<Option<Original>, FeedError> {
        let moment = self.moment("RECURRENCE-ID")?;
        let clock = self.clock("RECURRENCE-ID")?;
        Ok(moment.map(|moment| Original { moment, clock }))
    }

    /// The values of all properties of a name.
    fn list<T>(
        &mut self,
        name: &str,
        read: impl Fn(&mut Self, Times<'a>, &[u8]) -> Result<T, FeedError>,
    ) -> Result<Vec<T>, FeedError> {
        let (mut all, part) = (Vec::new(), self.part);
        for line in part.all(name) {
            let property = line.property()?;
            let times = Times::of(&property);
            for text in property.value.split(|byte| *byte == b',').filter(|text| !text.trim_ascii().is_empty()) {
                self.zones.dates.pay(1).map_err(|_| Flaw::TooManyDates.at(times.line))?;
                all.push(read(self, times, text)?);
            }
        }
        Ok(all)
    }

    fn written(&mut self, times: Times<'a>, text: &[u8]) -> Result<Moment, FeedError> {
        let bad = Flaw::BadTime.at(times.line);
        let written = value::written(text).ok_or(bad)?;
        let Some(local) = written.time else { return Ok(Moment::Day(written.date)) };
        let zone = match (written.offset, times.id, &self.home) {
            (Some(offset), _, _) => offset.to_time_zone(),
            (None, None, Some((_, home))) => home.clone(),
            // One zone has one meaning in all of an event.
            (None, Some(id), Some((Some(own), home))) if id == *own => home.clone(),
            (None, Some(id), _) => self.zones.at(id, local).ok_or(Flaw::UnknownZone.at(times.line))?,
            (None, None, None) => self.zones.usual.clone(),
        };
        local.to_zoned(zone).map(Moment::Time).map_err(|_| bad)
    }

    /// What Exchange calls all day though it has hours: midnight to midnight, here or where it is.
    fn lasts_all_day(&self, start: &Zoned, length: SignedDuration) -> Result<bool, FeedError> {
        if !self.part.value("X-MICROSOFT-CDO-ALLDAYEVENT")?.eq_ignore_ascii_case(b"TRUE") {
            return Ok(false);
        }
        let Ok(end) = start.checked_add(length) else { return Ok(false) };
        let at_midnight = |zone: &TimeZone| {
            [start, &end].into_iter().all(|at| at.with_time_zone(zone.clone()).time() == Time::midnight())
        };
        Ok([start.time_zone(), &self.zones.usual].into_iter().any(at_midnight))
    }

    /// From DTEND, DURATION, or nothing (§3.6.1: then it ends when it starts).
    fn length(&mut self, start: &Zoned) -> Result<SignedDuration, FeedError> {
        if let Some(property) = self.part.one("DTEND")? {
            let end = match self.written(Times::of(&property), property.value)? {
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

    fn rules(&self, start: &Zoned) -> Result<Vec<(usize, Rule)>, FeedError> {
        // UNTIL on the event's wall clock; one without a zone is the event's, whatever the standard demands of it.
        let until = |text: &str| {
            value::written(text.as_bytes())?.on_clock(|at| Some(at.to_zoned(start.time_zone().clone()).datetime()))
        };
        let rule = |line: &Line<'_>| {
            let rule = Rule::read(line.property()?.text()?, until).map_err(|flaw| flaw.at(line.number))?;
            Ok((line.number, rule))
        };
        self.part.all("RRULE").map(rule).collect()
    }

    /// RDATE: a time, a day or a period.
    fn addition(&mut self, times: Times<'a>, text: &[u8]) -> Result<(Moment, Option<SignedDuration>), FeedError> {
        let mut ends = text.splitn(2, |byte| *byte == b'/');
        let (Some(start), Some(end)) = (ends.next(), ends.next()) else {
            return Ok((self.written(times, text)?, None));
        };
        let Moment::Time(start) = self.written(times, start)? else { return Err(Flaw::BadTime.at(times.line)) };
        if let Some(length) = value::length(end, &start) {
            return Ok((Moment::Time(start), Some(length)));
        }
        let Moment::Time(end) = self.written(times, end)? else { return Err(Flaw::BadTime.at(times.line)) };
        let length = end.duration_since(&start);
        if length.is_negative() {
            return Err(Flaw::EndsBeforeStart.at(times.line));
        }
        Ok((Moment::Time(start), Some(length)))
    }
}

/// SUMMARY, or the name of the first attendee.
fn subject(part: &Part<'_>) -> Result<String, FeedError> {
    let summary = part.words("SUMMARY")?;
    let summary = value::text(&summary);
    if !summary.is_empty() {
        return Ok(summary.into_owned());
    }
    for attendee in part.all("ATTENDEE") {
        if let Some(name) = attendee.property()?.parameter("CN") {
            return Ok(value::text(&words(name)).into_owned());
        }
    }
    Ok(String::new())
}

/// SEQUENCE; zero where it has none.
fn sequence(part: &Part<'_>) -> Result<i64, FeedError> {
    Ok(part.text("SEQUENCE")?.parse().unwrap_or(0))
}

/// DTSTAMP as it is written; zeros where it is none.
fn stamp(part: &Part<'_>) -> Result<DtStamp, FeedError> {
    let stamp = part.value("DTSTAMP")?.first_chunk().copied();
    let mask = b"00000000T000000Z";
    let fits = |stamp: &DtStamp| {
        stamp.iter().zip(mask).all(|(byte, mask)| if *mask == b'0' { byte.is_ascii_digit() } else { byte == mask })
    };
    Ok(stamp.filter(fits).unwrap_or_default())
}

/// What of a series an exception is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Range {
    One,
    /// THISANDFUTURE, the only one there is (§3.2.13).
    Onwards,
    /// THISANDPRIOR of RFC 2445, or none that is known.
    Other,
}

impl Range {
    fn of(part: &Part<'_>) -> Result<Self, FeedError> {
        let property = part.one("RECURRENCE-ID")?;
        Ok(match property.and_then(|property| property.parameter("RANGE")) {
            None => Self::One,
            Some(range) if range.eq_ignore_ascii_case(b"THISANDFUTURE") => Self::Onwards,
            Some(_) => Self::Other,
        })
    }
}

/// The UID it has; empty if it has none.
fn own_uid(part: &Part<'_>) -> Result<String, FeedError> {
    Ok(value::text(part.text("UID")?).replace(PERSON_MARK, " "))
}

/// The UID it is known by; an event without one (it must have one) gets what tells it apart within its feed.
fn uid(part: &Part<'_>, start: &Zoned, subject: &str) -> Result<String, FeedError> {
    let uid = own_uid(part)?;
    if !uid.is_empty() {
        return Ok(uid);
    }
    let digest = Sha256::new().chain_update(start.timestamp().to_string()).chain_update(subject).finalize();
    Ok(data_encoding::HEXLOWER.encode(digest.get(..16).unwrap_or_default()))
}

fn status(part: &Part<'_>, cancels: bool, subject: &str) -> Result<AppointmentStatus, FeedError> {
    let status = part.value("STATUS")?;
    // Of a meeting that was cancelled Outlook's published calendar says no more than that its time is free.
    let is_off = || -> Result<bool, FeedError> {
        let free = part.value("X-MICROSOFT-CDO-BUSYSTATUS")?;
        Ok(free.eq_ignore_ascii_case(b"FREE"))
    };
    if cancels
        || status.eq_ignore_ascii_case(b"CANCELLED")
        || status.eq_ignore_ascii_case(b"CANCELED")
        || (uncancelled(subject).is_some() && is_off()?)
    {
        Ok(AppointmentStatus::Cancelled)
    } else if status.eq_ignore_ascii_case(b"TENTATIVE") {
        Ok(AppointmentStatus::Proposed)
    } else {
        Ok(AppointmentStatus::Booked)
    }
}

/// What Outlook writes before the subject of a meeting that was cancelled.
const CANCELLED: [&str; 9] = [
    "Canceled: ",
    "Cancelled: ",
    "Abgesagt: ",
    "Annulé : ",
    "Annulé: ",
    "Annulé\u{a0}: ",
    "Cancelado: ",
    "Annullato: ",
    "Geannuleerd: ",
];

/// What a meeting was called before it was cancelled, if its subject says that it was.
fn uncancelled(subject: &str) -> Option<&str> {
    CANCELLED.iter().find_map(|word| subject.strip_prefix(word)).map(str::trim)
}

/// By video if it has a link to a meeting on a screen, else by its place.
fn kind(part: &Part<'_>) -> Result<AppointmentKind, FeedError> {
    let mut linked = part.all("CONFERENCE").next().is_some();
    for line in part.lines.iter().filter(|line| line.is("URL") || line.is_extra()) {
        let value = words(line.property()?.value);
        linked |= value.contains("://") && on_screen(&value);
    }
    let place = part.words("LOCATION")?;
    let place = value::text(&place);
    Ok(if linked { AppointmentKind::Visit } else { kind_of_place(&place) })
}
