//! The hours a practice works.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{ToSpan, Zoned};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Hours on some days of the week: `mon-fri 09:00-17:00`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// The days, 1 for Monday to 7 for Sunday (ISO 8601).
    pub days: Vec<i8>,
    /// From.
    pub from: Time,
    /// To; after `from`. The last second of a day stands for its end.
    pub to: Time,
}

/// The end of a day, which no time of that day is.
const END: Time = Time::constant(23, 59, 59, 0);
/// A time longer than so many days is within no hours.
const LONGEST_DAYS: i32 = 31;

/// These are no hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these are no working hours")]
pub struct HoursUnreadable;

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A day of the week by its first three letters, or more of them; 1 for Monday.
fn day(text: &str) -> Result<i8, HoursUnreadable> {
    let text = text.trim().to_ascii_lowercase();
    let found = NAMES.iter().zip(1..).find(|(name, _)| text.starts_with(*name));
    found.map(|(_, day)| day).ok_or(HoursUnreadable)
}

fn clock(text: &str) -> Result<Time, HoursUnreadable> {
    let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
    let (hour, minute) =
        (hour.parse::<i8>().map_err(|_| HoursUnreadable)?, minute.parse::<i8>().map_err(|_| HoursUnreadable)?);
    if hour == 24 && minute == 0 {
        return Ok(END);
    }
    Time::new(hour, minute, 0, 0).map_err(|_| HoursUnreadable)
}

impl FromStr for Hours {
    type Err = HoursUnreadable;

    /// `mon-fri 9:00-17:00`, `sat 9-12`, `mon,wed 14:00-18:00`.
    fn from_str(text: &str) -> Result<Self, HoursUnreadable> {
        let (days_text, clocks) = text.trim().split_once(' ').ok_or(HoursUnreadable)?;
        let mut days = Vec::new();
        for part in days_text.split(',') {
            match part.split_once('-') {
                None => days.push(day(part)?),
                Some((first, last)) => {
                    let (first, last) = (day(first)?, day(last)?);
                    let length = (last - first).rem_euclid(7);
                    days.extend((0..=length).map(|n| (first - 1 + n) % 7 + 1));
                }
            }
        }
        days.sort_unstable();
        days.dedup();
        let (from, to) = clocks.trim().split_once('-').ok_or(HoursUnreadable)?;
        let (from, to) = (clock(from)?, clock(to)?);
        if from < to { Ok(Self { days, from, to }) } else { Err(HoursUnreadable) }
    }
}

impl std::fmt::Display for Hours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self
            .days
            .iter()
            .filter_map(|day| NAMES.get(usize::try_from(*day).ok()?.checked_sub(1)?))
            .copied()
            .collect();
        let to = if self.to == END { "24:00".to_owned() } else { self.to.strftime("%H:%M").to_string() };
        write!(f, "{} {}-{to}", names.join(","), self.from.strftime("%H:%M"))
    }
}

impl Hours {
    /// Whether they are on this day of the week.
    pub fn on(&self, day: Weekday) -> bool {
        self.days.contains(&day.to_monday_one_offset())
    }

    /// From when to when they are on a day.
    fn of(&self, date: Date) -> (DateTime, DateTime) {
        let midnight = || date.saturating_add(1.day()).to_datetime(Time::midnight());
        let to = if self.to == END { midnight() } else { date.to_datetime(self.to) };
        (date.to_datetime(self.from), to)
    }
}

/// When work is done on so many days from `first` on, by the clock, in order; hours that overlap or touch, also at
/// midnight, are one.
pub(super) fn working(hours: &[Hours], first: Date, days: i32) -> Vec<(DateTime, DateTime)> {
    let date = |day: i32| first.saturating_add(day.days());
    let on = |date: Date| hours.iter().filter(move |hours| hours.on(date.weekday())).map(move |hours| hours.of(date));
    let mut each: Vec<_> = (0..days).flat_map(|day| on(date(day))).collect();
    each.sort_unstable();
    let mut working: Vec<(DateTime, DateTime)> = Vec::new();
    for (from, to) in each {
        match working.last_mut() {
            Some((_, until)) if from <= *until => *until = to.max(*until),
            _ => working.push((from, to)),
        }
    }
    working
}

/// Whether a time is not within the hours; never where no hours are known. Both ends are in the practice's zone.
pub fn outside(hours: &[Hours], start: &Zoned, end: &Zoned) -> bool {
    let days = end.date().since(start.date()).map_or(0, |span| span.get_days()).clamp(0, LONGEST_DAYS) + 1;
    let within = |(from, to): &(DateTime, DateTime)| start.datetime() >= *from && end.datetime() <= *to;
    !hours.is_empty() && !working(hours, start.date(), days).iter().any(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (text, shown) in [
            ("mon-fri 9:00-17:00", "mon,tue,wed,thu,fri 09:00-17:00"),
            ("Saturday 9-12", "sat 09:00-12:00"),
            ("fri-mon 22:00-24:00", "mon,fri,sat,sun 22:00-24:00"),
            ("mon,wed 14:30-18:00", "mon,wed 14:30-18:00"),
        ] {
            assert_eq!(text.parse::<Hours>().map(|hours| hours.to_string()), Ok(shown.to_owned()), "{text}");
        }
        for text in ["", "mon", "mon 9", "mon 17-9", "xyz 9-17", "mon 9-99", "mon-xyz 9-17"] {
            assert_eq!(text.parse::<Hours>(), Err(HoursUnreadable), "{text}");
        }
    }

    #[test]
    fn time_is_outside_unless_it_is_all_within() {
        let hours = ["mon-fri 9-12".parse().expect("hours"), "mon-fri 13-17".parse().expect("hours")];
        let at = |text: &str| -> Zoned { format!("2026-11-26T{text}[Europe/Berlin]").parse().expect("a time") };
        assert!(!outside(&hours, &at("09:00"), &at("12:00")));
        assert!(outside(&hours, &at("11:30"), &at("12:30")));
        assert!(!outside(&[], &at("03:00"), &at("04:00")));
    }

    #[test]
    fn hours_that_touch_or_overlap_are_one_also_at_midnight() {
        let at = |text: &str| -> Zoned { format!("2026-11-{text}[Europe/Berlin]").parse().expect("a time") };
        let hours = ["thu 9-17", "thu 17-20", "thu 16-18", "fri 22-24", "sat 0-2"];
        let hours = hours.map(|hours| hours.parse::<Hours>().expect("hours"));
        for (start, end, is_outside) in [
            ("26T16:30", "26T17:20", false),
            ("26T19:10", "26T20:00", false),
            ("26T19:20", "26T20:10", true),
            ("27T23:10", "28T00:00", false),
            ("27T23:30", "28T00:30", false),
            ("28T01:30", "28T02:30", true),
            ("26T16:30", "27T23:00", true),
        ] {
            assert_eq!(outside(&hours, &at(start), &at(end)), is_outside, "{start} to {end}");
        }
        let last: [Hours; 1] = ["thu 22-24".parse().expect("hours")];
        assert!(!outside(&last, &at("26T23:10"), &at("27T00:00")), "a day that is not followed by another");
        assert!(outside(&last, &at("26T23:10"), &at("27T00:10")));
    }
}
