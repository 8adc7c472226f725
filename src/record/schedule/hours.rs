//! The hours a practice works.

use jiff::Zoned;
use jiff::civil::{Time, Weekday};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Hours on some days of the week: `mon-fri 09:00-17:00`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// The days, 1 for Monday to 7 for Sunday (ISO 8601).
    pub days: Vec<i8>,
    /// From.
    pub from: Time,
    /// To; after `from`.
    pub to: Time,
}

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
        return Ok(Time::constant(23, 59, 59, 0));
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
        write!(f, "{} {}-{}", names.join(","), self.from.strftime("%H:%M"), self.to.strftime("%H:%M"))
    }
}

impl Hours {
    /// Whether they are on this day of the week.
    pub fn on(&self, day: Weekday) -> bool {
        self.days.contains(&day.to_monday_one_offset())
    }
}

/// Whether a time is not within the hours; never where no hours are known. Both ends are in the practice's zone.
pub fn outside(hours: &[Hours], start: &Zoned, end: &Zoned) -> bool {
    let within = |hours: &Hours| {
        hours.on(start.weekday()) && start.date() == end.date() && start.time() >= hours.from && end.time() <= hours.to
    };
    !hours.is_empty() && !hours.iter().any(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (text, shown) in [
            ("mon-fri 9:00-17:00", "mon,tue,wed,thu,fri 09:00-17:00"),
            ("Saturday 9-12", "sat 09:00-12:00"),
            ("fri-mon 22:00-24:00", "mon,fri,sat,sun 22:00-23:59"),
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
}
