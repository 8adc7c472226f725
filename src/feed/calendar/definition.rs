//! What a file says of a zone (§3.6.5): worked out by its own rules and written down in the form that jiff reads zones in
//! (TZif, RFC 9636).

use super::layout::{Lines, Part};
use super::rule::{Purse, Rule};
use super::value;
use super::zone::{Known, UNNAMED, YEARS};
use jiff::civil::{DateTime, date};
use jiff::tz::{Offset, TimeZone};
use std::collections::HashMap;
use std::ops::Range;

/// Properties of which nothing else is kept.
const READ: [&str; 5] = ["DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"];
/// Properties in which programs say which zone it is.
const ALIASES: [&str; 2] = ["X-LIC-LOCATION", "X-MICROSOFT-CDO-TZID"];
/// How many years before and behind a time are worked out to tell the zone then.
const AROUND: (i16, i16) = (2, 3);

/// A VTIMEZONE.
#[derive(Default)]
pub(super) struct Definition {
    /// Which zone it says it is, in some program's own property.
    pub(super) alias: Option<Known>,
    /// `None` if they make no sense.
    observances: Option<Vec<Observance>>,
    /// Worked out around a year.
    years: HashMap<i16, Option<Zone>>,
    whole: Option<Option<TimeZone>>,
}

/// A definition, worked out.
struct Zone {
    zone: TimeZone,
    /// Its first and its last change, in seconds.
    changes: (i64, i64),
    /// Its clocks are never put forward or back.
    steady: bool,
}

impl Definition {
    /// Reads it, from BEGIN to END.
    pub(super) fn read(text: &[u8], purse: &mut Purse) -> Self {
        let mut definition = Self::default();
        definition.observances = definition.observances(text, purse);
        definition
    }

    fn observances(&mut self, text: &[u8], purse: &mut Purse) -> Option<Vec<Observance>> {
        let mut observances = Vec::new();
        let mut part = Part::default();
        for line in Lines::of(text) {
            if line.component("BEGIN").is_some() {
                part.lines.clear();
            } else if let Some(kind) = line.component("END") {
                if kind.eq_ignore_ascii_case(b"VTIMEZONE") {
                    break;
                }
                observances.push(Observance::read(kind.eq_ignore_ascii_case(b"DAYLIGHT"), &part, purse)?);
            } else if READ.iter().any(|name| line.is(name)) {
                purse.pay(1).ok()?;
                part.lines.push(line);
            } else if self.alias.is_none() && ALIASES.iter().any(|name| line.is(name)) {
                purse.pay(1).ok()?;
                self.alias = Known::of_alias(&line);
            }
        }
        Some(observances)
    }

    /// Whether it tells the zone of a time, and another one than that which is known by its name.
    ///
    /// Names that are no place's are used for this and that: a definition has to agree with them all year. It is often cut
    /// off: before the first change and behind the last it tells nothing.
    pub(super) fn overrules(&mut self, known: &Known, local: DateTime, purse: &mut Purse) -> bool {
        let year = local.year();
        if !YEARS.contains(&year) {
            return false;
        }
        let Self { years, observances: Some(observances), .. } = self else { return false };
        let years = years.entry(year).or_insert_with(|| {
            worked_out(observances, year.saturating_sub(AROUND.0)..year.saturating_add(AROUND.1), purse)
        });
        let Some(told) = years else { return false };
        let offset = |zone: &TimeZone, at: DateTime| Some(at.to_zoned(zone.clone()).ok()?.offset());
        let same = |at: DateTime| offset(&told.zone, at) == offset(&known.zone, at);
        let tells = |at: DateTime| {
            let second = at.to_zoned(told.zone.clone()).map_or(i64::MIN, |at| at.timestamp().as_second());
            second >= told.changes.0 && (told.steady || second < told.changes.1)
        };
        let quarters = [0, 3, 6, 9].map(|months| local.saturating_add(jiff::Span::new().months(months)));
        tells(local) && quarters.into_iter().any(|at| tells(at) && !same(at))
    }

    /// The zone it describes; `None` if it makes no sense.
    pub(super) fn whole(&mut self, purse: &mut Purse) -> Option<TimeZone> {
        let Self { whole, observances, .. } = self;
        let work_out = || Some(worked_out(observances.as_ref()?, YEARS, purse)?.zone);
        whole.get_or_insert_with(work_out).clone()
    }
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
    fn read(daylight: bool, part: &Part<'_>, purse: &mut Purse) -> Option<Self> {
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
                purse.pay(1).ok()?;
                more.push(time(text)?);
            }
        }
        Some(Self { daylight, start: time(part.value("DTSTART").ok()?)?, from, to: offset("TZOFFSETTO")?, rule, more })
    }

    /// When it begins in these years, by the clocks before it. Its rule holds until another of its kind has one:
    /// Exchange gives the old one no end.
    fn onsets(&self, all: &[Self], years: &Range<i16>, purse: &mut Purse) -> Option<Vec<DateTime>> {
        purse.pay(self.more.len().saturating_add(all.len()) as u64).ok()?;
        let mut onsets = self.more.clone();
        let Some(rule) = &self.rule else {
            onsets.push(self.start);
            return Some(onsets);
        };
        let heirs = all.iter().filter(|other| other.daylight == self.daylight && other.rule.is_some());
        let heir = heirs.map(|other| other.start).filter(|start| *start > self.start).min().unwrap_or(DateTime::MAX);
        // Windows lets its rules begin in the year 1 or 1601. Those that are in step with every year begin when they are
        // needed.
        let first = if rule.is_yearly() { years.start } else { YEARS.start };
        let start = self.start.with().year(self.start.year().max(first)).build().unwrap_or(self.start);
        let end = date(years.end, 1, 1).at(0, 0, 0, 0);
        let found = rule.occurrences(start, DateTime::MIN, end, purse).ok()?;
        onsets.extend(found.starts.into_iter().filter(|at| *at < heir));
        found.omission.is_none().then_some(onsets)
    }
}

/// Works it out for these years. `None` if it makes no sense.
fn worked_out(observances: &[Observance], years: Range<i16>, purse: &mut Purse) -> Option<Zone> {
    let mut changes = Vec::new();
    for observance in observances {
        for onset in observance.onsets(observances, &years, purse)? {
            changes.push((observance.from.to_timestamp(onset).ok()?.as_second(), observance.to.seconds()));
        }
    }
    changes.sort_unstable();
    changes.dedup();
    let ((first, _), (last, _)) = (changes.first()?, changes.last()?);
    if !changes.is_sorted_by(|(before, _), (after, _)| before < after) {
        return None;
    }
    let before = observances.iter().min_by_key(|observance| observance.start)?.from;
    Some(Zone {
        zone: TimeZone::tzif(UNNAMED, &tzif(before.seconds(), &changes)?).ok()?,
        changes: (*first, *last),
        // Of one that comes from another offset, what leads back to that is cut off.
        steady: observances.iter().all(|one| one.from == before && one.to == before),
    })
}

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
