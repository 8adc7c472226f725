//! Which time zone a TZID means: an IANA name, a name Windows has for one, or a definition in the file (§3.6.5).

use super::layout::Part;
use super::{parse, text};
use calcard::common::timezone::Tz;
use calcard::icalendar::ICalendarProperty;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;

/// The zones of one file.
pub(super) struct Zones {
    /// For times that name none.
    pub practice: TimeZone,
    /// What the file itself defines.
    defined: HashMap<String, Definition>,
    /// What was looked up before.
    known: HashMap<String, Option<TimeZone>>,
}

/// A VTIMEZONE.
struct Definition {
    /// The IANA zone it says it is.
    alias: Option<TimeZone>,
    /// Every offset from UTC it ever has, as it is written: `+0100`.
    offsets: BTreeSet<i32>,
}

impl Zones {
    pub(super) fn new(practice: TimeZone) -> Self {
        Self { practice, defined: HashMap::new(), known: HashMap::new() }
    }

    /// Takes a VTIMEZONE. One that makes no sense matters only once a time uses it.
    pub(super) fn define(&mut self, part: &Part<'_>) {
        let component = parse(&part.lines);
        let field = |name: &str| {
            let entry = component.property(&ICalendarProperty::Other(name.to_owned()));
            entry.and_then(|entry| entry.values.first()).and_then(|value| value.as_text())
        };
        let alias = field("X-LIC-LOCATION")
            .and_then(named)
            .or_else(|| field("X-MICROSOFT-CDO-TZID").and_then(Tz::from_ms_cdo_zone_id).and_then(iana));
        let offsets = part.inner.iter().filter(|line| line.name().eq_ignore_ascii_case("TZOFFSETTO"));
        let offsets = offsets.filter_map(|line| offset_s(line.text.rsplit(':').next()?)).collect();
        self.defined.insert(text(&component, &ICalendarProperty::Tzid).to_owned(), Definition { alias, offsets });
    }

    /// The zone a TZID means. `None` if nobody can tell: a guess would move appointments.
    pub(super) fn find(&mut self, id: &str) -> Option<TimeZone> {
        let id = id.trim();
        if let Some(known) = self.known.get(id) {
            return known.clone();
        }
        let found = named(id).or_else(|| self.described(id));
        self.known.insert(id.to_owned(), found.clone());
        found
    }

    /// A zone that only the file itself describes: the one it says it is, or the practice's if that has the same
    /// offsets, or a fixed offset if it has only one.
    fn described(&self, id: &str) -> Option<TimeZone> {
        let definition = self.defined.get(id)?;
        if definition.alias.is_some() {
            return definition.alias.clone();
        }
        if definition.offsets == offsets(&self.practice) {
            return Some(self.practice.clone());
        }
        match definition.offsets.first() {
            Some(only) if definition.offsets.len() == 1 => {
                jiff::tz::Offset::from_seconds(*only).ok().map(TimeZone::fixed)
            }
            _ => None,
        }
    }
}

/// A zone by a name that the world knows.
fn named(id: &str) -> Option<TimeZone> {
    let id = id.trim_start_matches('/');
    TimeZone::get(id).ok().or_else(|| Tz::from_str(id).ok().and_then(iana))
}

fn iana(zone: Tz) -> Option<TimeZone> {
    let name = zone.name()?;
    // calcard falls back to the offset in "(UTC+01:00) Somewhere", which is wrong for half of the year.
    if name.starts_with("Etc/GMT") { None } else { TimeZone::get(&name).ok() }
}

/// The offsets a zone has in a winter and a summer of our time.
fn offsets(zone: &TimeZone) -> BTreeSet<i32> {
    let midwinter = 1_736_899_200; // 2025-01-15
    let midsummer = 1_752_537_600; // 2025-07-15
    let at = |second| Timestamp::from_second(second).ok().map(|time| zone.to_offset(time).seconds());
    [midwinter, midsummer].into_iter().filter_map(at).collect()
}

/// `+0100` or `-053000` in seconds (§3.3.14).
fn offset_s(text: &str) -> Option<i32> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-'])?;
    let part = |from: usize| digits.get(from..from + 2)?.parse::<i32>().ok();
    let seconds = part(0)? * 3600 + part(2)? * 60 + part(4).unwrap_or(0);
    Some(if text.starts_with('-') { -seconds } else { seconds })
}
