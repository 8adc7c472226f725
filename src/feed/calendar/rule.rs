//! Recurrence (§3.3.10): which occurrences of a rule fall into the time that is read.
//!
//! The rule runs on the wall clock, as the person who made it thinks ("Tuesdays at nine"), and each occurrence is put
//! into its zone afterwards. Rules are the one place where a short file can ask for unbounded work, so every step is
//! paid from a purse that the whole file shares.

use super::super::{Flaw, Omission};
use crate::base::Stamp;
use calcard::icalendar::{ICalendarFrequency, ICalendarRecurrenceRule};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use rrule::RRuleSet;

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

/// The time that is read.
pub(super) struct Horizon {
    pub from: Zoned,
    pub to: Zoned,
}

impl Horizon {
    /// From 30 days before `now` to 400 days after.
    pub(super) fn around(now: Stamp, zone: &TimeZone) -> Self {
        let now = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone());
        Self { from: now.saturating_sub(30.days()), to: now.saturating_add(400.days()) }
    }
}

/// What is left of the work a file may cause.
pub(super) struct Purse(u64);

impl Purse {
    pub(super) const fn full() -> Self {
        Self(STEPS_MAX)
    }

    fn pay(&mut self, steps: u64) -> Result<(), Flaw> {
        self.0 = self.0.checked_sub(steps).ok_or(Flaw::RulesTooCostly)?;
        Ok(())
    }
}

/// The occurrences within a horizon, and why there are not more if that has to be said.
#[derive(Debug, Default)]
pub(super) struct Occurrences {
    pub starts: Vec<DateTime>,
    pub omission: Option<Omission>,
}

/// A rule as a feed gave it, with its UNTIL on the wall clock of the event's zone.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    rule: ICalendarRecurrenceRule,
    until: Option<DateTime>,
}

impl Rule {
    /// `until` is the rule's own, on the wall clock of the event.
    pub(super) fn new(mut rule: ICalendarRecurrenceRule, until: Option<DateTime>) -> Self {
        // We look at UNTIL ourselves: then a rule that ends early is told from one that never comes true.
        rule.until = None;
        Self { rule, until }
    }

    /// Works it out, for an event that starts at `start` on the wall clock of the horizon.
    pub(super) fn occurrences(
        &self,
        start: DateTime,
        horizon: &Horizon,
        zone: &TimeZone,
        purse: &mut Purse,
    ) -> Result<Occurrences, Flaw> {
        let local = |moment: &Zoned| moment.with_time_zone(zone.clone()).datetime();
        let (from, to) = (local(&horizon.from), local(&horizon.to));
        let last = self.until.map_or(to, |until| until.min(to));
        let mut found = Occurrences::default();
        let Some(step_days) = self.step_days() else {
            found.omission = Some(Omission::TooOften);
            return Ok(found);
        };
        let start = self.skip_ahead(start, from, step_days)?;
        let set = self.compile(start)?;
        let (from, last, step) = (second(from)?, second(last)?, step_days.saturating_mul(86_400));
        let (mut previous, mut count) = (second(start)?, 0);
        for occurrence in set.limit().into_iter() {
            let now = occurrence.timestamp();
            purse.pay(1 + u64::try_from(now.saturating_sub(previous) / step).unwrap_or(0))?;
            (previous, count) = (now, count + 1);
            if now > last {
                return Ok(found);
            }
            if now >= from {
                if found.starts.len() == OCCURRENCES_MAX {
                    found.omission = Some(Omission::TooMany);
                    return Ok(found);
                }
                found.starts.push(civil(now)?);
            }
        }
        if self.rule.count != Some(count) {
            purse.pay(BARREN_STEPS)?;
            if count == 0 {
                found.omission = Some(Omission::Never);
            }
        }
        Ok(found)
    }

    /// The days from one round of the rule to the next, at least; `None` if it is faster than daily.
    fn step_days(&self) -> Option<i64> {
        let days = match self.rule.freq {
            ICalendarFrequency::Daily => 1,
            ICalendarFrequency::Weekly => 7,
            ICalendarFrequency::Monthly => 28,
            ICalendarFrequency::Yearly => 365,
            _ => return None,
        };
        Some(days * i64::from(self.rule.interval.unwrap_or(1).max(1)))
    }

    /// Starts an old daily or weekly rule shortly before the horizon, in step with itself. A rule with a COUNT must be
    /// counted from its start.
    fn skip_ahead(&self, start: DateTime, from: DateTime, step_days: i64) -> Result<DateTime, Flaw> {
        let steady = matches!(self.rule.freq, ICalendarFrequency::Daily | ICalendarFrequency::Weekly);
        let days = (second(from)? - second(start)?) / 86_400;
        let rounds = days / step_days - 1;
        if !steady || self.rule.count.is_some() || rounds <= 0 {
            return Ok(start);
        }
        start.checked_add((rounds * step_days).days()).map_err(|_| Flaw::BadRule)
    }

    fn compile(&self, start: DateTime) -> Result<RRuleSet, Flaw> {
        let times = [&self.rule.byhour, &self.rule.byminute, &self.rule.bysecond];
        let times = times.iter().fold(1, |product: usize, list| product.saturating_mul(list.len().max(1)));
        let rule = self.rule.to_string();
        if times > TIMES_A_DAY_MAX || rule.len() > RULE_MAX_BYTES || !(1900..=2200).contains(&start.year()) {
            return Err(Flaw::BadRule);
        }
        let start = start.strftime("%Y%m%dT%H%M%SZ");
        format!("DTSTART:{start}\nRRULE:{rule}").parse().map_err(|_| Flaw::BadRule)
    }
}

/// A wall clock's time as if it were UTC's, in seconds: rrule runs on a clock that is never put forward or back.
fn second(time: DateTime) -> Result<i64, Flaw> {
    TimeZone::UTC.to_timestamp(time).map(Timestamp::as_second).map_err(|_| Flaw::BadTime)
}

fn civil(second: i64) -> Result<DateTime, Flaw> {
    let moment = Timestamp::from_second(second).map_err(|_| Flaw::BadTime)?;
    Ok(TimeZone::UTC.to_datetime(moment))
}
