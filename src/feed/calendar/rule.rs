//! Recurrence (§3.3.10): which occurrences of a rule fall into the time that is read.
//!
//! The rule runs on the wall clock, as the person who made it thinks ("Tuesdays at nine"), and each occurrence is put
//! into its zone afterwards. Rules are the one place where a short file can ask for unbounded work, so every step is
//! paid from a purse that the whole file shares.
//!
//! The rrule crate (0.14) works them out. Of libical's 73 rules it gets 63 right; for the others it is told more than
//! the rule says, or watched over:
//! - BYWEEKNO alone means the start's day of the week, not every day of these weeks (`FREQ=YEARLY;BYWEEKNO=1,2`);
//! - BYMONTHDAY alone in a yearly rule means the start's month (`FREQ=YEARLY;BYMONTHDAY=29`);
//! - a start without a time of day has no use for BYHOUR, BYMINUTE, BYSECOND (`FREQ=DAILY;BYMINUTE=1,2,3,4`);
//! - BYSETPOS counts from the beginning of the start's week, not from the start (`FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;
//!   BYSETPOS=1,3`), which also takes the counting of COUNT out of the crate's hands;
//! - INTERVAL counts the years that weeks belong to, not those that days belong to
//!   (`FREQ=YEARLY;BYWEEKNO=53;INTERVAL=6`).

use super::super::{Flaw, Omission};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rrule::RRuleSet;
use std::collections::BTreeMap;

/// The most occurrences that are taken of one rule.
const OCCURRENCES_MAX: usize = 1_000;
/// The longest rule, as text.
const RULE_MAX_BYTES: usize = 2_000;
/// The most times of day one rule may name.
const TIMES_A_DAY_MAX: usize = 48;
/// Steps that all rules of a file may take together: a few seconds of work.
const STEPS_MAX: u64 = 1_000_000;
/// What a rule costs that runs to the end of the calendar without coming true.
const BARREN_STEPS: u64 = 100_000;
/// How often rules come round.
const FREQUENCIES: [&str; 7] = ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
/// The days of the week as rules name them.
const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// What is left of the work a file may cause.
pub(super) struct Purse(u64);

impl Purse {
    pub(super) const fn full() -> Self {
        Self(STEPS_MAX)
    }

    /// Once something was too dear, nothing can be had any more.
    pub(super) fn pay(&mut self, steps: u64) -> Result<(), Flaw> {
        let left = self.0.checked_sub(steps);
        self.0 = left.unwrap_or(0);
        left.map(drop).ok_or(Flaw::RulesTooCostly)
    }
}

/// The occurrences within a time, and why there are not more if that has to be said.
#[derive(Debug, Default)]
pub(super) struct Occurrences {
    pub starts: Vec<DateTime>,
    pub omission: Option<Omission>,
}

/// A rule as a feed gave it.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// Its parts but COUNT and UNTIL, which are watched over here: then a rule that ends early is told from one that
    /// never comes true.
    parts: BTreeMap<String, String>,
    interval: i64,
    count: Option<usize>,
    /// On the event's wall clock.
    until: Option<DateTime>,
}

impl Rule {
    /// Reads it. `until` puts UNTIL on the event's wall clock.
    pub(super) fn read(text: &str, until: impl FnOnce(&str) -> Option<DateTime>) -> Result<Self, Flaw> {
        // No rule has other letters (§3.3.10), and rrule 0.14 cuts words in the middle of one.
        if text.len() > RULE_MAX_BYTES || !text.is_ascii() {
            return Err(Flaw::BadRule);
        }
        let mut parts = BTreeMap::new();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or(Flaw::BadRule)?;
            let value: String = value.chars().filter(|c| !c.is_whitespace()).collect();
            if parts.insert(name.trim().to_ascii_uppercase(), value.to_ascii_uppercase()).is_some() {
                return Err(Flaw::BadRule);
            }
        }
        // What a rule without RSCALE is anyway (RFC 7529 §4).
        for (name, usual) in [("RSCALE", "GREGORIAN"), ("SKIP", "OMIT")] {
            parts.remove(name).filter(|value| value != usual).map_or(Ok(()), |_| Err(Flaw::BadRule))?;
        }
        let number = |text: String| text.parse().map_err(|_| Flaw::BadRule);
        let rule = Self {
            interval: parts.get("INTERVAL").cloned().map_or(Ok(1), number)?.into(),
            count: parts.remove("COUNT").map(number).transpose()?.map(|count: u32| count as usize),
            until: parts.remove("UNTIL").map(|text| until(&text).ok_or(Flaw::BadRule)).transpose()?,
            parts,
        };
        let times = ["BYHOUR", "BYMINUTE", "BYSECOND"].map(|name| rule.part(name).split(',').count());
        let known = FREQUENCIES.contains(&rule.part("FREQ"));
        if !known || rule.interval < 1 || times.iter().product::<usize>() > TIMES_A_DAY_MAX {
            return Err(Flaw::BadRule);
        }
        Ok(rule)
    }

    fn part(&self, name: &str) -> &str {
        self.parts.get(name).map_or("", String::as_str)
    }

    fn has(&self, name: &str) -> bool {
        self.parts.contains_key(name)
    }

    /// Its instances from the start on, by the clocks there, until COUNT. `dated`: the start has no time of day.
    fn instances(&self, start: DateTime, dated: bool) -> Result<impl Iterator<Item = DateTime> + use<'_>, Flaw> {
        let frequency = self.part("FREQ");
        let weekday = start.weekday().to_monday_zero_offset();
        let week_start = DAYS.iter().position(|day| *day == self.part("WKST")).unwrap_or(0) as i8;
        let names_days = ["BYDAY", "BYMONTHDAY", "BYYEARDAY"].into_iter().any(|name| self.has(name));
        let in_week = frequency == "WEEKLY" && self.has("BYSETPOS");
        let week_years = frequency == "YEARLY" && self.has("BYWEEKNO") && self.interval > 1;
        let (mut parts, mut from) = (self.parts.clone(), start);
        let mut tell = |name: &str, value: &str| drop(parts.insert(name.to_owned(), value.to_owned()));
        if (self.has("BYWEEKNO") && !names_days) || (in_week && !self.has("BYDAY")) {
            tell("BYDAY", DAYS.get(weekday as usize).expect("a week has seven days"));
        }
        if frequency == "YEARLY"
            && !["BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYDAY"].into_iter().any(|name| self.has(name))
        {
            tell("BYMONTH", &start.month().to_string());
        }
        if in_week {
            let days = i64::from((weekday - week_start).rem_euclid(7));
            from = start.checked_sub(days.days()).map_err(|_| Flaw::BadRule)?;
        }
        if week_years {
            tell("INTERVAL", "1");
        }
        if dated {
            parts.retain(|name, _| !["BYHOUR", "BYMINUTE", "BYSECOND"].contains(&name.as_str()));
        }
        let set = compile(from, &parts)?;
        let interval = self.interval;
        let mut first_year = None;
        let instances = set.limit().into_iter().map_while(|at| civil(at.timestamp())).skip_while(move |at| *at < start);
        let instances = instances.filter(move |at| {
            !week_years || {
                let year = week_year(at.date(), week_start);
                (year - *first_year.get_or_insert(year)) % interval == 0
            }
        });
        Ok(instances.take(self.count.unwrap_or(usize::MAX)))
    }

    /// Works it out between two times, for an event that starts at `start`, all on the same wall clock.
    pub(super) fn occurrences(
        &self,
        start: DateTime,
        from: DateTime,
        to: DateTime,
        purse: &mut Purse,
    ) -> Result<Occurrences, Flaw> {
        let last = self.until.map_or(to, |until| until.min(to));
        let mut found = Occurrences::default();
        let Some(step_days) = self.step_days() else {
            found.omission = Some(Omission::TooOften);
            return Ok(found);
        };
        purse.pay(1)?;
        let start = self.skip_ahead(start, from, step_days)?;
        let (mut previous, mut count) = (start, 0);
        for now in self.instances(start, false)? {
            let gap_days = previous.duration_until(now).as_hours() / 24;
            purse.pay(1 + u64::try_from(gap_days / step_days).unwrap_or(0))?;
            (previous, count) = (now, count + 1);
            if now > last {
                return Ok(found);
            }
            if now >= from {
                if found.starts.len() == OCCURRENCES_MAX {
                    found.omission = Some(Omission::TooMany);
                    return Ok(found);
                }
                found.starts.push(now);
            }
        }
        if self.count != Some(count) {
            purse.pay(BARREN_STEPS)?;
            if count == 0 {
                found.omission = Some(Omission::Never);
            }
        }
        Ok(found)
    }

    /// Whether it comes round in every year, whenever it began.
    pub(super) fn is_yearly(&self) -> bool {
        self.part("FREQ") == "YEARLY" && self.interval == 1 && self.count.is_none()
    }

    /// The days from one round of the rule to the next, at least; `None` if it is faster than daily.
    fn step_days(&self) -> Option<i64> {
        let days = match self.part("FREQ") {
            "DAILY" => 1,
            "WEEKLY" => 7,
            "MONTHLY" => 28,
            "YEARLY" => 365,
            _ => return None,
        };
        Some(days * self.interval)
    }

    /// Starts an old daily or weekly rule shortly before the time that is read, in step with itself. A rule with a
    /// COUNT must be counted from its start.
    fn skip_ahead(&self, start: DateTime, from: DateTime, step_days: i64) -> Result<DateTime, Flaw> {
        let steady = matches!(self.part("FREQ"), "DAILY" | "WEEKLY");
        let rounds = start.duration_until(from).as_hours() / 24 / step_days - 1;
        if !steady || self.count.is_some() || rounds <= 0 {
            return Ok(start);
        }
        start.checked_add((rounds * step_days).days()).map_err(|_| Flaw::BadRule)
    }
}

/// The year to which the week of a day belongs: that of its fourth day.
fn week_year(day: Date, week_start: i8) -> i64 {
    let fourth = 3 - i64::from((day.weekday().to_monday_zero_offset() - week_start).rem_euclid(7));
    day.saturating_add(fourth.days()).year().into()
}

fn compile(start: DateTime, parts: &BTreeMap<String, String>) -> Result<RRuleSet, Flaw> {
    if !(1900..=2200).contains(&start.year()) {
        return Err(Flaw::BadRule);
    }
    let rule: Vec<String> = parts.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let start = start.strftime("%Y%m%dT%H%M%SZ");
    format!("DTSTART:{start}\nRRULE:{}", rule.join(";")).parse().map_err(|_| Flaw::BadRule)
}

/// A time of rrule's: on a wall clock as if it were UTC's, which is never put forward or back.
fn civil(second: i64) -> Option<DateTime> {
    Some(TimeZone::UTC.to_datetime(Timestamp::from_second(second).ok()?))
}

#[cfg(test)]
mod tests {
    use super::super::value::written;
    use super::*;

    /// The instances of a rule as libical's table writes them.
    fn instances(start: &str, rule: &str) -> String {
        let (dated, from) = (start.len() == 8, written(start.as_bytes()).unwrap());
        let rule =
            Rule::read(rule, |until| written(until.as_bytes())?.on_clock(|at| Some(TimeZone::UTC.to_datetime(at))))
                .unwrap();
        let until = rule.until.unwrap_or(DateTime::MAX);
        let from = from.time.unwrap_or(from.date.at(0, 0, 0, 0));
        let all = rule.instances(from, dated).unwrap().take_while(|at| *at <= until);
        let zulu = if start.ends_with('Z') { "Z" } else { "" };
        let shown = all.map(|at| {
            if dated { at.strftime("%Y%m%d").to_string() } else { at.strftime("%Y%m%dT%H%M%S").to_string() + zulu }
        });
        shown.collect::<Vec<_>>().join(",")
    }

    /// A handful of the rules that calendars have, and each that rrule alone gets wrong.
    #[test]
    fn rules_give_exactly_their_instances() {
        for (start, rule, expected) in [
            ("20260105T090000", "FREQ=WEEKLY;COUNT=3", "20260105T090000,20260112T090000,20260119T090000"),
            ("20260130T090000Z", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", "20260131T090000Z,20260228T090000Z"),
            ("20240229", "FREQ=YEARLY;BYMONTHDAY=29;COUNT=2", "20240229,20280229"),
            ("20241018", "FREQ=DAILY;BYMINUTE=1,2;BYHOUR=7;COUNT=2", "20241018,20241019"),
            ("20260106", "FREQ=YEARLY;BYWEEKNO=2,-1;UNTIL=20270120", "20260106,20261229,20270112"),
            ("20260107", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1,-1;COUNT=3", "20260109,20260112,20260116"),
            ("20260107", "FREQ=WEEKLY;BYHOUR=1,2;BYSETPOS=-1;COUNT=2", "20260107,20260114"),
            ("20100102", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=TU,SA;INTERVAL=6;COUNT=3", "20100102,20151229,20160102"),
            ("20260131", "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=OMIT;COUNT=2", "20260131,20260331"),
            ("20260105T090000", "freq=daily; interval=2 ;count=2;", "20260105T090000,20260107T090000"),
        ] {
            assert_eq!(instances(start, rule), expected, "{start} {rule}");
        }
    }

    #[test]
    fn rule_that_is_none_is_not_read() {
        for rule in [
            "",
            "DAILY",
            "FREQ=HORLY",
            "FREQ=DAILY;FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;COUNT=x",
            "FREQ=DAILY;UNTIL=soon",
            "RSCALE=HEBREW;FREQ=YEARLY",
            "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD",
        ] {
            let read = Rule::read(rule, |until| written(until.as_bytes())?.time);
            assert!(
                read.and_then(|rule| rule.instances(DateTime::constant(2026, 1, 5, 9, 0, 0, 0), false).map(drop))
                    .is_err(),
                "{rule}"
            );
        }
    }

    #[test]
    fn rules_of_libical_give_exactly_its_instances() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora/rrule/instances.txt");
        let Ok(table) = std::fs::read_to_string(&file) else {
            return say("libical's table of rules is not at hand: the rules of the other test stand for it");
        };
        let mut wrong = Vec::new();
        let (mut start, mut rule, mut rules) = ("", "", 0);
        for line in table.lines() {
            match line.split_once(':') {
                Some(("DTSTART", value)) => start = value,
                Some(("RRULE", value)) => rule = value,
                Some(("INSTANCES", expected)) => {
                    rules += 1;
                    let found = instances(start, rule);
                    if found != expected {
                        wrong.push(format!("{start} {rule}\n  expected {expected}\n  found    {found}"));
                    }
                }
                _ => {}
            }
        }
        assert_eq!((rules, wrong.len()), (73, 0), "{}", wrong.join("\n"));
    }

    /// Says something to whoever runs the tests, captured or not.
    fn say(text: &str) {
        std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{text}\n")).unwrap();
    }
}
