//! One VEVENT (§3.6.1): what of it is an appointment.

use super::super::{FeedError, Flaw, Omission};
use super::layout::Part;
use super::rule::Rule;
use super::zone::Zones;
use super::{clip, parse, text};
use crate::base::Phi;
use crate::record::{AppointmentKind, AppointmentStatus};
use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendarComponent, ICalendarEntry, ICalendarParameterName, ICalendarPeriod, ICalendarProperty, ICalendarValue,
};
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Zoned};
use sha2::{Digest, Sha256};

/// An event as it stands in the file.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// Where it begins.
    pub line: usize,
    pub uid: Phi<String>,
    pub sequence: i64,
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
    /// The outer error refuses the file, the inner leaves this event out.
    pub(super) fn read(part: &Part<'_>, zones: &mut Zones, cancels: bool) -> Result<Result<Self, Omission>, FeedError> {
        let event = parse(&part.lines);
        let mut reader = Reader { part, zones };
        let Some(start) = reader.moment(&event, &ICalendarProperty::Dtstart, "DTSTART")? else {
            return Ok(Err(Omission::NoTime));
        };
        let Moment::Time(start) = start else { return Ok(Err(Omission::AllDay)) };
        let length = reader.length(&event, &start)?;
        let rules = reader.rules(&event, &start)?;
        let replaces = reader.moment(&event, &ICalendarProperty::RecurrenceId, "RECURRENCE-ID")?;
        let mut more = Vec::new();
        for entry in event.properties(&ICalendarProperty::Rdate) {
            for value in &entry.values {
                more.push(reader.addition(entry, value)?);
            }
        }
        let mut except = Vec::new();
        for entry in event.properties(&ICalendarProperty::Exdate) {
            for value in &entry.values {
                except.push(reader.value(entry, value, "EXDATE")?);
            }
        }
        let subject = subject(&event);
        Ok(Ok(Self {
            line: part.line(),
            uid: Phi::new(uid(&event, &start, &subject)),
            sequence: integer(&event, &ICalendarProperty::Sequence),
            subject: Phi::new(subject),
            kind: kind(&event),
            status: status(&event, cancels),
            start,
            length,
            onwards: event
                .property(&ICalendarProperty::RecurrenceId)
                .is_some_and(|entry| entry.has_parameter(&ICalendarParameterName::Range)),
            replaces,
            rules,
            more,
            except,
        }))
    }
}

/// Reads what needs the file's zones and tells the line of what cannot be read.
struct Reader<'a, 'b> {
    part: &'a Part<'b>,
    zones: &'a mut Zones,
}

impl Reader<'_, '_> {
    fn flaw(&self, flaw: Flaw, property: &str) -> FeedError {
        flaw.at(self.part.line_of(property))
    }

    /// A property with one time. `None` if it is not there.
    fn moment(
        &mut self,
        event: &ICalendarComponent,
        property: &ICalendarProperty,
        name: &str,
    ) -> Result<Option<Moment>, FeedError> {
        let Some(entry) = event.property(property) else { return Ok(None) };
        let value = entry.values.first().ok_or_else(|| self.flaw(Flaw::BadTime, name))?;
        self.value(entry, value, name).map(Some)
    }

    fn value(&mut self, entry: &ICalendarEntry, value: &ICalendarValue, name: &str) -> Result<Moment, FeedError> {
        let ICalendarValue::PartialDateTime(time) = value else { return Err(self.flaw(Flaw::BadTime, name)) };
        self.time(entry, time, name)
    }

    fn time(&mut self, entry: &ICalendarEntry, time: &PartialDateTime, name: &str) -> Result<Moment, FeedError> {
        let bad = Flaw::BadTime.at(self.part.line_of(name));
        let date = date(time).ok_or(bad)?;
        let Some(local) = wall_clock(date, time).map_err(|()| bad)? else { return Ok(Moment::Day(date)) };
        let zone = match (offset(time), entry.parameter(&ICalendarParameterName::Tzid).and_then(|id| id.as_text())) {
            (Some(0), _) => TimeZone::UTC,
            (Some(seconds), _) => TimeZone::fixed(Offset::from_seconds(seconds).map_err(|_| bad)?),
            (None, Some(id)) => self.zones.find(id).ok_or_else(|| self.flaw(Flaw::UnknownZone, name))?,
            (None, None) => self.zones.practice.clone(),
        };
        local.to_zoned(zone).map(Moment::Time).map_err(|_| bad)
    }

    /// From DTEND, DURATION, or nothing (§3.6.1: then it ends when it starts).
    fn length(&mut self, event: &ICalendarComponent, start: &Zoned) -> Result<SignedDuration, FeedError> {
        if let Some(end) = self.moment(event, &ICalendarProperty::Dtend, "DTEND")? {
            let end = match end {
                Moment::Time(end) => end,
                // Some programs end a timed event with a bare day; the day itself is then not part of it.
                Moment::Day(day) => {
                    day.to_zoned(start.time_zone().clone()).map_err(|_| self.flaw(Flaw::BadTime, "DTEND"))?
                }
            };
            let length = end.duration_since(start);
            return if length.is_negative() { Err(self.flaw(Flaw::EndsBeforeStart, "DTEND")) } else { Ok(length) };
        }
        let Some(entry) = event.property(&ICalendarProperty::Duration) else { return Ok(SignedDuration::ZERO) };
        let bad = self.flaw(Flaw::BadDuration, "DURATION");
        match entry.values.first() {
            Some(ICalendarValue::Duration(length)) if !length.neg => Ok(SignedDuration::from_secs(length.as_seconds())),
            _ => Err(bad),
        }
    }

    fn rules(&mut self, event: &ICalendarComponent, start: &Zoned) -> Result<Vec<Rule>, FeedError> {
        let mut rules = Vec::new();
        for entry in event.properties(&ICalendarProperty::Rrule) {
            let [ICalendarValue::RecurrenceRule(rule)] = entry.values.as_slice() else {
                return Err(self.flaw(Flaw::BadRule, "RRULE"));
            };
            let until = match &rule.until {
                None => None,
                Some(until) => Some(self.until(until, start)?),
            };
            rules.push(Rule::new(rule.as_ref().clone(), until));
        }
        Ok(rules)
    }

    /// UNTIL on the event's wall clock. A date means the whole of that day; a time without a zone is the event's.
    fn until(&self, until: &PartialDateTime, start: &Zoned) -> Result<DateTime, FeedError> {
        let bad = self.flaw(Flaw::BadRule, "RRULE");
        let date = date(until).ok_or(bad)?;
        let Some(local) = wall_clock(date, until).map_err(|()| bad)? else { return Ok(date.at(23, 59, 59, 0)) };
        let Some(seconds) = offset(until) else { return Ok(local) };
        let offset = Offset::from_seconds(seconds).map_err(|_| bad)?;
        let moment = offset.to_timestamp(local).map_err(|_| bad)?;
        Ok(moment.to_zoned(start.time_zone().clone()).datetime())
    }

    /// RDATE: a time, a day or a period.
    fn addition(
        &mut self,
        entry: &ICalendarEntry,
        value: &ICalendarValue,
    ) -> Result<(Moment, Option<SignedDuration>), FeedError> {
        let name = "RDATE";
        match value {
            ICalendarValue::Period(ICalendarPeriod::Range { start, end }) => {
                let (start, end) = (self.time(entry, start, name)?, self.time(entry, end, name)?);
                let (Moment::Time(from), Moment::Time(to)) = (&start, &end) else {
                    return Err(self.flaw(Flaw::BadTime, name));
                };
                let length = to.duration_since(from);
                if length.is_negative() {
                    return Err(self.flaw(Flaw::EndsBeforeStart, name));
                }
                Ok((start, Some(length)))
            }
            ICalendarValue::Period(ICalendarPeriod::Duration { start, duration }) => {
                if duration.neg {
                    return Err(self.flaw(Flaw::BadDuration, name));
                }
                let length = SignedDuration::from_secs(duration.as_seconds());
                Ok((self.time(entry, start, name)?, Some(length)))
            }
            value => Ok((self.value(entry, value, name)?, None)),
        }
    }
}

fn date(time: &PartialDateTime) -> Option<Date> {
    let small = |part: Option<u8>| i8::try_from(part?).ok();
    Date::new(i16::try_from(time.year?).ok()?, small(time.month)?, small(time.day)?).ok()
}

/// The time of day on that date; `None` if there is none.
fn wall_clock(date: Date, time: &PartialDateTime) -> Result<Option<DateTime>, ()> {
    let Some(hour) = time.hour else { return Ok(None) };
    let small = |part: u8| i8::try_from(part).map_err(drop);
    let minute = small(time.minute.ok_or(())?)?;
    // A leap second (§3.3.12) is the second before it.
    let second = small(time.second.unwrap_or(0).min(59))?;
    let clock = jiff::civil::Time::new(small(hour)?, minute, second, 0).map_err(drop)?;
    Ok(Some(date.to_datetime(clock)))
}

/// The offset from UTC, in seconds, if the time itself says it (`Z`).
fn offset(time: &PartialDateTime) -> Option<i32> {
    let seconds = i32::from(time.tz_hour?) * 3600 + i32::from(time.tz_minute.unwrap_or(0)) * 60;
    Some(if time.tz_minus { -seconds } else { seconds })
}

fn integer(event: &ICalendarComponent, property: &ICalendarProperty) -> i64 {
    let value = event.property(property).and_then(|entry| entry.values.first());
    value.and_then(ICalendarValue::as_integer).unwrap_or(0)
}

/// SUMMARY, or the name of the first attendee.
fn subject(event: &ICalendarComponent) -> String {
    let summary = clip(text(event, &ICalendarProperty::Summary));
    if !summary.is_empty() {
        return summary;
    }
    let names = event.properties(&ICalendarProperty::Attendee);
    let mut names = names.filter_map(|entry| entry.parameter(&ICalendarParameterName::Cn)?.as_text());
    names.next().map(clip).unwrap_or_default()
}

/// The UID; an event without one (it must have one) gets what tells it apart within its feed.
fn uid(event: &ICalendarComponent, start: &Zoned, subject: &str) -> String {
    let uid = clip(text(event, &ICalendarProperty::Uid));
    if !uid.is_empty() {
        return uid;
    }
    let digest = Sha256::new().chain_update(start.timestamp().to_string()).chain_update(subject).finalize();
    data_encoding::HEXLOWER.encode(digest.get(..16).unwrap_or_default())
}

fn status(event: &ICalendarComponent, cancels: bool) -> AppointmentStatus {
    let status = text(event, &ICalendarProperty::Status);
    if cancels || status.eq_ignore_ascii_case("CANCELLED") || status.eq_ignore_ascii_case("CANCELED") {
        AppointmentStatus::Cancelled
    } else if status.eq_ignore_ascii_case("TENTATIVE") {
        AppointmentStatus::Proposed
    } else {
        AppointmentStatus::Booked
    }
}

/// Names that a place has only when it is a picture on a screen.
const VIDEO: [&str; 14] = [
    "zoom",
    "teams",
    "meet.google",
    "google meet",
    "webex",
    "skype",
    "facetime",
    "jitsi",
    "whereby",
    "doxy",
    "video",
    "telehealth",
    "online",
    "virtual",
];

/// By video if it names a meeting on a screen or no place at all; a place that is not a link is a room.
fn kind(event: &ICalendarComponent) -> AppointmentKind {
    let video = |text: &str| {
        let text = text.to_lowercase();
        VIDEO.iter().any(|word| text.contains(word))
    };
    let place = text(event, &ICalendarProperty::Location);
    let linked = event.entries.iter().any(|entry| match &entry.name {
        ICalendarProperty::Conference => true,
        ICalendarProperty::Url | ICalendarProperty::Other(_) => {
            entry.values.iter().filter_map(ICalendarValue::as_text).any(|text| text.contains("://") && video(text))
        }
        _ => false,
    });
    if place.is_empty() || linked || place.contains("://") || video(place) {
        AppointmentKind::Visit
    } else {
        AppointmentKind::InPerson
    }
}
