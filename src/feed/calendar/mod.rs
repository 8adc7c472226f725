//! iCalendar (RFC 5545, with METHOD of RFC 5546 and CONFERENCE of RFC 7986).
//!
//! Refuses to be: a clock or a list of the world's zones. jiff knows the zones and reads times and durations, calcard
//! the names that Windows has for zones, rrule works out recurrence. What is here is what a practice needs on top:
//! where a line is ([`layout`]), what stands in it ([`value`]), what of an event is an appointment ([`event`]), which
//! zone is meant ([`zone`]) or described ([`definition`]), which occurrences fall into the time that is read ([`rule`]),
//! and how a series and its exceptions become single occurrences ([`series`]).
//!
//! Choices: an all-day event is left out (nobody is expected at an hour); times in UTC are shown in the practice's
//! zone; a time without a zone is the calendar's where it names its own (X-WR-TIMEZONE, which moves no other), else
//! the practice's, but the other times of an event are in its start's; an occurrence that EXDATE takes out is given as
//! cancelled, so that it also leaves an agenda that had it.

mod definition;
mod event;
mod layout;
mod rule;
mod series;
#[cfg(test)]
mod tests;
mod value;
pub mod write;
pub(super) mod zone;

use super::{Broken, Feed, FeedError, Omission, Reading, Scope, Skipped};
use crate::base::Phi;
use event::{Event, Original};
use layout::{Found, Part};
use series::{Horizon, Series};

use std::borrow::Cow;
use zone::Zones;

/// Whether this is iCalendar.
pub(super) fn recognize(bytes: &[u8]) -> bool {
    let begin = b"BEGIN:VCALENDAR";
    bytes.trim_ascii_start().get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin))
}

/// Reads it.
pub(super) fn read(bytes: &[u8], reading: &Reading) -> Result<Feed, FeedError> {
    let bytes = with_line_feeds(bytes);
    let mut feed = Feed { scope: Scope::Whole, ..Feed::default() };
    let mut zones = Zones::of(&bytes, reading.zone.clone());
    let mut series = Series::default();
    let mut method = Method::Publish;
    layout::walk(&bytes, |found| {
        let (kind, part) = match found {
            Found::Calendar(head) => {
                method = Method::of(head.text("METHOD")?);
                if method != Method::Publish {
                    feed.scope = Scope::Message;
                }
                let [named, name, program] = ["X-WR-CALNAME", "NAME", "PRODID"].map(|name| said(head, name));
                feed.name = feed.name.take().or(named?).or(name?);
                feed.program = feed.program.take().or(program?.map(of_any_version));
                zones.usual = zones.find(head.value("X-WR-TIMEZONE")?).unwrap_or_else(|| reading.zone.clone());
                return Ok(());
            }
            Found::Component(kind, part) => (kind, part),
        };
        let line = part.begin;
        let reason = match kind.to_ascii_uppercase().as_slice() {
            b"VEVENT" if method == Method::Answer => Omission::Answer,
            b"VEVENT" => match Event::read(part, &mut zones, method == Method::Cancel) {
                Ok(Ok(mut event)) => {
                    if method == Method::Add {
                        event.replaces.get_or_insert_with(|| Original::at(event.start.clone()));
                    }
                    feed.skipped.extend(event.omission.map(|reason| Skipped { line, reason }));
                    series.add(event);
                    return Ok(());
                }
                Ok(Err(gone)) => {
                    // What is cancelled needs its UID only.
                    let (reason, known) = (gone.reason, !gone.uid.expose().is_empty());
                    series.add_gone(gone);
                    if known && method == Method::Cancel {
                        return Ok(());
                    }
                    reason
                }
                Err(FeedError::Broken { line, flaw }) => {
                    feed.broken.push(Broken { line, flaw });
                    if let Some((uid, rest)) = event::rest(part, &mut zones) {
                        series.withhold(&uid, rest);
                    }
                    return Ok(());
                }
                Err(whole) => return Err(whole),
            },
            b"VTIMEZONE" => return Ok(()),
            b"VTODO" => Omission::Task,
            b"VJOURNAL" => Omission::Journal,
            b"VFREEBUSY" | b"VAVAILABILITY" => Omission::FreeBusy,
            _ => Omission::Unknown,
        };
        feed.skipped.push(Skipped { line, reason });
        Ok(())
    })?;
    // One event that somebody saved is no calendar; one with a name is, and one that was emptied.
    if feed.scope == Scope::Whole && series.len() == 1 && feed.name.is_none() {
        feed.scope = Scope::Part;
    }
    series.unroll(&Horizon::around(reading.now, &reading.zone), &mut zones.purse, &mut feed)?;
    feed.skipped.sort_by_key(|skipped| skipped.line);
    feed.broken.sort_by_key(|broken| broken.line);
    Ok(feed)
}

/// Old programs end their lines with CR alone.
fn with_line_feeds(bytes: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\n', bytes).is_some() {
        return Cow::Borrowed(bytes);
    }
    Cow::Owned(bytes.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect())
}

/// What a calendar is sent for (RFC 5546 §1.4).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    /// It is the whole schedule.
    Publish,
    /// Somebody who may makes or changes an appointment.
    Request,
    /// Or adds an occurrence to a series.
    Add,
    /// Or cancels one.
    Cancel,
    /// Somebody who was asked answers, or asks for another time.
    Answer,
}

impl Method {
    fn of(text: &str) -> Self {
        match text.to_ascii_uppercase().as_str() {
            "" | "PUBLISH" => Self::Publish,
            "ADD" => Self::Add,
            "CANCEL" => Self::Cancel,
            "REPLY" | "REFRESH" | "COUNTER" | "DECLINECOUNTER" => Self::Answer,
            _ => Self::Request,
        }
    }
}

/// A program's name without the numbers of its version: an update makes no other feed of what it writes.
fn of_any_version(program: Phi<String>) -> Phi<String> {
    let is_version =
        |word: &&str| !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_digit() || letter == b'.');
    let words = |part: &str| part.split(' ').filter(|word| !is_version(word)).collect::<Vec<_>>().join(" ");
    Phi::new(program.expose().split('/').map(words).collect::<Vec<_>>().join("/"))
}

/// A text of the calendar itself; `None` if it has none.
fn said(head: &Part<'_>, property: &str) -> Result<Option<Phi<String>>, FeedError> {
    let words = head.words(property)?;
    let text = value::text(&words);
    Ok((!text.is_empty()).then(|| Phi::new(text.into_owned())))
}
