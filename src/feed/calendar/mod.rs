//! iCalendar (RFC 5545, with METHOD of RFC 5546 and CONFERENCE of RFC 7986).
//!
//! Refuses to be: a parser of values. calcard reads names, parameters, values and the names Windows has for time
//! zones, rrule works out recurrence, jiff knows the zones. What is here is what a practice needs on top: where a line
//! is ([`layout`]), what of an event is an appointment ([`event`]), which zone is meant ([`zone`]), which occurrences
//! fall into the time that is read ([`rule`]), and how a series and its exceptions become single occurrences
//! ([`series`]).
//!
//! Choices: an all-day event is left out (nobody is expected at an hour); times in UTC are shown in the practice's
//! zone; an occurrence that EXDATE takes out is given as cancelled, so that it also leaves an agenda that had it.

mod event;
mod layout;
mod rule;
mod series;
#[cfg(test)]
mod tests;
mod zone;

use super::{Feed, FeedError, Omission, Skipped};
use crate::base::{Phi, Stamp};
use calcard::icalendar::{ICalendarComponent, ICalendarProperty};
use calcard::{Entry, Parser};
use event::Event;
use jiff::tz::TimeZone;
use layout::Line;
use rule::Horizon;
use series::Series;
use zone::Zones;

/// Whether this is iCalendar.
pub(super) fn recognize(bytes: &[u8]) -> bool {
    let begin = b"BEGIN:VCALENDAR";
    bytes.trim_ascii_start().get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin))
}

/// Reads it.
pub(super) fn read(bytes: &[u8], zone: &TimeZone, now: Stamp) -> Result<Feed, FeedError> {
    let lines = layout::unfold(bytes)?;
    let parts = layout::divide(&lines)?;
    let mut feed = Feed::default();
    let mut zones = Zones::new(zone.clone());
    let mut series = Series::default();
    let mut cancels = false;
    // A zone may stand after the event that uses it.
    for part in parts.iter().filter(|part| part.is("VTIMEZONE")) {
        zones.define(part);
    }
    for part in &parts {
        let line = part.line();
        let reason = match part.kind.to_ascii_uppercase().as_str() {
            "VEVENT" => {
                match Event::read(part, &mut zones, cancels)? {
                    Ok(event) => series.add(event),
                    Err(reason) => feed.skipped.push(Skipped { line, reason }),
                }
                continue;
            }
            "VCALENDAR" => {
                let head = parse(&part.lines);
                cancels = text(&head, &ICalendarProperty::Method).eq_ignore_ascii_case("CANCEL");
                feed.name = feed.name.or_else(|| name(&head));
                continue;
            }
            "VTIMEZONE" => continue,
            "VTODO" => Omission::Task,
            "VJOURNAL" => Omission::Journal,
            "VFREEBUSY" | "VAVAILABILITY" => Omission::FreeBusy,
            _ => Omission::Unknown,
        };
        feed.skipped.push(Skipped { line, reason });
    }
    feed.entries = series.unroll(&Horizon::around(now, zone), &mut feed.skipped)?;
    feed.skipped.sort_by_key(|skipped| skipped.line);
    Ok(feed)
}

/// The name a person gave the calendar, or the program that wrote it.
fn name(head: &ICalendarComponent) -> Option<Phi<String>> {
    let given = text(head, &ICalendarProperty::Other("X-WR-CALNAME".to_owned()));
    let name = if given.is_empty() { text(head, &ICalendarProperty::Prodid) } else { given };
    (!name.is_empty()).then(|| Phi::new(clip(name)))
}

/// One component without those inside it. What calcard cannot make sense of is simply not there.
fn parse(lines: &[&Line<'_>]) -> ICalendarComponent {
    let mut input = String::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum::<usize>() + 32);
    input.push_str("BEGIN:X\n");
    for line in lines {
        input.push_str(&line.text);
        input.push('\n');
    }
    input.push_str("END:X\n");
    match Parser::new(&input).entry() {
        Entry::ICalendar(calendar) => calendar.components.into_iter().next().unwrap_or_default(),
        _ => ICalendarComponent::default(),
    }
}

/// A property's text, trimmed; empty where there is none.
fn text<'a>(component: &'a ICalendarComponent, property: &ICalendarProperty) -> &'a str {
    let value = component.property(property).and_then(|entry| entry.values.first());
    value.and_then(|value| value.as_text()).unwrap_or_default().trim()
}

/// The longest text that is kept of a property, in characters.
const TEXT_MAX_CHARS: usize = 300;

/// A text on one line, without control characters and not too long.
fn clip(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(TEXT_MAX_CHARS).collect();
    line.trim().to_owned()
}
