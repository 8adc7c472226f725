//! Which time zone a TZID means: an IANA name, a name Windows has for one, or a definition in the file (§3.6.5).
//!
//! A name that the world knows comes before what the file defines by it: definitions are often short of the past or of
//! the future. A definition without such a name (Exchange's "Customized Time Zone") is worked out by its own rules and
//! written down in the form that jiff reads zones in (TZif, RFC 9636).

use super::layout::{Line, Lines, Part};
use super::rule::{Purse, Rule};
use super::value;
use calcard::common::timezone::Tz;
use jiff::civil::{DateTime, date};
use jiff::tz::{Offset, TimeZone};
use std::collections::HashMap;
use std::ops::Range;
use std::str::FromStr;

/// The years for which the rules of a definition are worked out.
const YEARS: Range<i16> = 1970..2100;

/// So many zones of a file are looked up once.
const KNOWN_MAX: usize = 100;

/// The zones of one file.
pub(in crate::feed) struct Zones<'a> {
    /// For times that name none: the practice's, or what the calendar calls its own (X-WR-TIMEZONE).
    pub(in crate::feed) usual: TimeZone,
    /// What the file itself defines; `None` for what it defines in two ways.
    defined: HashMap<Vec<u8>, Option<Vec<Line<'a>>>>,
    /// What was looked up first: a file has a handful of zones.
    known: Vec<(Vec<u8>, Option<TimeZone>)>,
    /// Pays for rules.
    pub(super) purse: Purse,
}

impl<'a> Zones<'a> {
    /// Those that a file defines, wherever in it: a zone may stand after the event that uses it. One that makes no
    /// sense matters only once a time uses it.
    pub(in crate::feed) fn of(bytes: &'a [u8], practice: TimeZone) -> Self {
        let mut zones = Self { usual: practice, defined: HashMap::new(), known: Vec::new(), purse: Purse::full() };
        let mut rest = bytes;
        while let Some(at) = memchr::memmem::find(rest, b"BEGIN:VTIMEZONE") {
            let mut lines = Lines::of(rest.get(at..).unwrap_or_default());
            let end =
                |line: &Line<'_>| line.component("END").is_some_and(|kind| kind.eq_ignore_ascii_case(b"VTIMEZONE"));
            let zone: Vec<Line<'a>> = lines.by_ref().take_while(|line| !end(line)).collect();
            rest = lines.rest;
            let id = zone.iter().find(|line| line.is("TZID")).and_then(|line| line.property().ok()?.text().ok());
            let Some(id) = id.map(|id| value::text(id).into_owned().into_bytes()) else { continue };
            let known = zones.defined.entry(id).or_insert_with(|| Some(zone.clone()));
            if known.as_ref().is_some_and(|known| !known.iter().eq(zone.iter())) {
                *known = None;
            }
        }
        zones
    }

    /// The zone a TZID means. `None` if nobody can tell: a guess would move appointments.
    pub(in crate::feed) fn find(&mut self, id: &[u8]) -> Option<TimeZone> {
        if let Some((_, zone)) = self.known.iter().find(|(known, _)| known == id) {
            return zone.clone();
        }
        let name = std::str::from_utf8(id).ok()?;
        let found = named(name).or_else(|| described(self.defined.get(id)?.as_ref()?, &mut self.purse));
        if self.known.len() < KNOWN_MAX {
            self.known.push((id.to_vec(), found.clone()));
        }
        found
    }
}

/// A zone by a name that the world knows: `Europe/Berlin`, `/mozilla.org/20050126_1/Europe/Berlin`,
/// `W. Europe Standard Time`, `UTC+01:00`.
fn named(id: &str) -> Option<TimeZone> {
    let path = id.trim_start_matches('/');
    let tails = std::iter::successors(Some(path), |path| path.split_once('/').map(|(_, tail)| tail));
    let mut olson = tails.filter_map(|tail| TimeZone::get(tail).ok());
    let offset = || value::offset(id.strip_prefix("UTC").or(id.strip_prefix("GMT"))?.as_bytes());
    olson.next().or_else(|| Tz::from_str(path).ok().and_then(iana)).or_else(|| offset().map(TimeZone::fixed))
}

fn iana(zone: Tz) -> Option<TimeZone> {
    let name = zone.name()?;
    // calcard falls back to the offset in "(UTC+01:00) Somewhere", which is wrong for half of the year.
    if name.starts_with("Etc/GMT") { None } else { TimeZone::get(&name).ok() }
}

/// The zone that a definition says it is, or else describes.
fn described(lines: &[Line<'_>], purse: &mut Purse) -> Option<TimeZone> {
    let field = |name: &str| lines.iter().find(|line| line.is(name))?.property().ok()?.text().ok();
    let alias = field("X-LIC-LOCATION").and_then(named);
    let windows = || field("X-MICROSOFT-CDO-TZID").and_then(Tz::from_ms_cdo_zone_id).and_then(iana);
    alias.or_else(windows).or_else(|| compiled(lines, purse))
}

/// STANDARD or DAYLIGHT.
struct Observance {
    daylight: bool,
    /// When it first begins, by the clocks before it.
    start: DateTime,
    /// The offset before it.
    from: Offset,
    /// And in it.
    to: Offset,
    rule: Option<Rule>,
    /// RDATE.
    more: Vec<DateTime>,
}

impl Observance {
    fn read(daylight: bool, part: &Part<'_>) -> Option<Self> {
        let time = |text: &[u8]| value::written(text)?.time;
        let offset = |name: &str| value::offset(part.value(name).ok()?);
        let from = offset("TZOFFSETFROM")?;
        let until = |text: &str| value::written(text.as_bytes())?.on_clock(|at| Some(from.to_datetime(at)));
        let rule =
            part.one("RRULE").ok()?.map(|rule| Rule::read(rule.text()?, until).map_err(|flaw| flaw.at(rule.number)));
        let rule = rule.transpose().ok()?;
        let mut more = Vec::new();
        for line in part.all("RDATE") {
            for text in line.property().ok()?.value.split(|byte| *byte == b',') {
                more.push(time(text)?);
            }
        }
        Some(Self { daylight, start: time(part.value("DTSTART").ok()?)?, from, to: offset("TZOFFSETTO")?, rule, more })
    }

    /// When it begins, by the clocks before it. Its rule holds until another of its kind has one: Exchange gives the
    /// old one no end.
    fn onsets(&self, all: &[Self], purse: &mut Purse) -> Option<Vec<DateTime>> {
        let mut onsets = self.more.clone();
        let Some(rule) = &self.rule else {
            onsets.push(self.start);
            return Some(onsets);
        };
        let heirs = all.iter().filter(|other| other.daylight == self.daylight && other.rule.is_some());
        let heir = heirs.map(|other| other.start).filter(|start| *start > self.start).min().unwrap_or(DateTime::MAX);
        // Windows lets its rules begin in the year 1 or 1601.
        let start = self.start.with().year(self.start.year().max(YEARS.start)).build().ok()?;
        let end = date(YEARS.end, 1, 1).at(0, 0, 0, 0);
        let found = rule.occurrences(start, DateTime::MIN, end, purse).ok()?;
        onsets.extend(found.starts.into_iter().filter(|at| *at < heir));
        found.omission.is_none().then_some(onsets)
    }
}

/// Works a definition out. `None` if it makes no sense.
fn compiled(lines: &[Line<'_>], purse: &mut Purse) -> Option<TimeZone> {
    let mut observances = Vec::new();
    let mut part = Part::default();
    for line in lines {
        if line.component("BEGIN").is_some() {
            part.lines.clear();
        } else if let Some(kind) = line.component("END") {
            observances.push(Observance::read(kind.eq_ignore_ascii_case(b"DAYLIGHT"), &part)?);
        } else {
            part.lines.push(line.clone());
        }
    }
    let mut changes = Vec::new();
    for observance in &observances {
        for onset in observance.onsets(&observances, purse)? {
            changes.push((observance.from.to_timestamp(onset).ok()?.as_second(), observance.to.seconds()));
        }
    }
    changes.sort_unstable();
    changes.dedup();
    if changes.is_empty() || !changes.is_sorted_by(|(before, _), (after, _)| before < after) {
        return None;
    }
    let first = observances.iter().min_by_key(|observance| observance.start)?;
    TimeZone::tzif(UNNAMED, &tzif(first.from.seconds(), &changes)?).ok()
}

/// What a zone is called that only the file knows.
pub(super) const UNNAMED: &str = "Etc/Unknown";

/// A zone as a file of the IANA database has it: its first offset, and when which other one begins.
fn tzif(first_s: i32, changes: &[(i64, i32)]) -> Option<Vec<u8>> {
    let mut offsets = vec![first_s];
    offsets.extend(changes.iter().map(|(_, offset_s)| *offset_s));
    offsets.sort_unstable();
    offsets.dedup();
    // The type of the times before the first change is the first type.
    let first = offsets.iter().position(|offset_s| *offset_s == first_s)?;
    offsets.swap(0, first);
    let mut out = Vec::new();
    let header = |out: &mut Vec<u8>, times: usize, types: usize| {
        out.extend(b"TZif2");
        out.extend([0; 15]);
        for count in [0, 0, 0, times, types, 1] {
            out.extend(u32::try_from(count).unwrap_or(0).to_be_bytes());
        }
    };
    // Nobody reads the part for programs that count time in 32 bits.
    header(&mut out, 0, 1);
    out.extend([0; 7]);
    header(&mut out, changes.len(), offsets.len());
    changes.iter().for_each(|(at, _)| out.extend(at.to_be_bytes()));
    for (_, offset_s) in changes {
        out.push(u8::try_from(offsets.iter().position(|known| known == offset_s)?).ok()?);
    }
    offsets.iter().for_each(|offset_s| {
        out.extend(offset_s.to_be_bytes());
        out.extend([0, 0]);
    });
    out.extend(b"\0\n\n");
    Some(out)
}
