//! What the words behind the name say: a day, a time, a length, how often, how many times, how they meet.

use super::day::{self, Day};
use super::unclear::{Why, Word};
use crate::record::AppointmentKind;
use crate::record::schedule::Every;
use jiff::civil::{Time, Weekday};

/// One part of a line.
pub(super) enum Part {
    Day(Day),
    Time(Time),
    /// `15:00-16:30`
    Between(Time, Time),
    /// `15h`, `1h30`: what it is depends on the rest.
    Hours(i8, i8),
    Minutes(i64),
    /// How often, and on which day if that was said with it.
    Often(Often, Option<Weekday>),
    Count(u32),
    Until(Day),
    Kind(AppointmentKind),
    /// A word that says nothing by itself: at, on, for.
    Nothing,
}

/// How often it comes again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Often {
    pub(super) every: Every,
    pub(super) interval: u16,
}

impl Often {
    /// As many as a year has; nobody means every day for a year without saying so.
    pub(super) fn a_year(self) -> Option<u16> {
        let all = match self.every {
            Every::Day => return None,
            Every::Week => 52,
            Every::Month => 12,
        };
        Some((all / self.interval.max(1)).max(2))
    }
}

/// A part at the beginning of these words, and how many of them it takes; `None` for a word that begins none.
pub(super) fn read(words: &[Word]) -> Option<Result<(Part, usize), Why>> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let first = text(0);
    if let Some((part, used)) = phrase(first, text(1), text(2)) {
        return Some(Ok((part, used)));
    }
    if matches!(first, "until" | "till") {
        let day = day::read(words.get(1..)?)?;
        return Some(day.map(|(day, used)| (Part::Until(day), used + 1)));
    }
    // Before days: 15.30 is a time. What could be both is refused there.
    if let Some(day) = day::read(words) {
        return Some(day.map(|(day, used)| (Part::Day(day), used)));
    }
    if let Some(found) = clock(first, text(1)) {
        return Some(found);
    }
    if let Some((part, used)) = length(first, text(1)) {
        return Some(Ok((part, used)));
    }
    // Only before something that is understood, so that it can be part of a name.
    let filler = matches!(first, "at" | "on" | "for" | "by" | "from" | "@");
    (filler && words.len() > 1 && read(words.get(1..)?).is_some()).then_some(Ok((Part::Nothing, 1)))
}

/// How often, how many times, how they meet.
fn phrase(first: &str, second: &str, third: &str) -> Option<(Part, usize)> {
    let often = |every, interval| Part::Often(Often { every, interval }, None);
    let found = match (first, second) {
        ("daily", _) => (often(Every::Day, 1), 1),
        ("weekly", _) => (often(Every::Week, 1), 1),
        ("biweekly" | "fortnightly", _) => (often(Every::Week, 2), 1),
        ("monthly", _) => (often(Every::Month, 1), 1),
        ("every" | "each", "other" | "second") => (often(unit(third)?, 2), 3),
        ("every" | "each", second) => {
            if let Some(weekday) = day::weekday(second) {
                (Part::Often(Often { every: Every::Week, interval: 1 }, Some(weekday)), 2)
            } else if let Some(every) = unit(second) {
                (often(every, 1), 2)
            } else {
                let interval = second.parse().ok().filter(|interval| (1..=52).contains(interval))?;
                (often(unit(third)?, interval), 3)
            }
        }
        ("in", "person") => (Part::Kind(AppointmentKind::InPerson), 2),
        ("in-person" | "room", _) => (Part::Kind(AppointmentKind::InPerson), 1),
        ("video" | "visit", _) => (Part::Kind(AppointmentKind::Visit), 1),
        (count, "times") => (Part::Count(number(count)?), 2),
        (first, _) => {
            let count = first.strip_prefix(['x', '×']).or_else(|| first.strip_suffix(['x', '×']))?;
            (Part::Count(number(count)?), 1)
        }
    };
    Some(found)
}

fn unit(text: &str) -> Option<Every> {
    match text.strip_suffix('s').unwrap_or(text) {
        "day" => Some(Every::Day),
        "week" => Some(Every::Week),
        "month" => Some(Every::Month),
        _ => None,
    }
}

/// A number of at most six digits.
fn number(text: &str) -> Option<u32> {
    let digits = (1..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// `15:00`, `15.30`, `3pm`, `3:30 pm`, `noon`, `15:00-16:30`.
fn clock(first: &str, second: &str) -> Option<Result<(Part, usize), Why>> {
    if first == "noon" {
        return Some(Ok((Part::Time(Time::constant(12, 0, 0, 0)), 1)));
    }
    if let Some((from, to)) = first.split_once(['-', '–']) {
        return match (time(from)?, time(to)?) {
            (Ok(from), Ok(to)) => Some(Ok((Part::Between(from, to), 1))),
            _ => Some(Err(Why::NoSuchTime)),
        };
    }
    if matches!(second, "am" | "pm") {
        let whole = format!("{first}{second}");
        return time(&whole).map(|time| time.map(|time| (Part::Time(time), 2)));
    }
    time(first).map(|time| time.map(|time| (Part::Time(time), 1)))
}

/// A time of day; `None` for what does not look like one.
fn time(text: &str) -> Option<Result<Time, Why>> {
    let halves = [("am", 0), ("pm", 12)];
    let half = halves.iter().find_map(|(end, add)| Some((text.strip_suffix(end)?, *add)));
    let (bare, add) = half.map_or((text, None), |(bare, add)| (bare, Some(add)));
    let (hour, minute) = match bare.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (number(hour)?, number(minute)?),
        Some(_) => return None,
        None if add.is_some() => (number(bare)?, 0),
        None => return None,
    };
    let hour = match add {
        Some(_) if !(1..=12).contains(&hour) => return Some(Err(Why::NoSuchTime)),
        Some(add) => hour % 12 + add,
        None => hour,
    };
    let (hour, minute) = (i8::try_from(hour).unwrap_or(-1), i8::try_from(minute).unwrap_or(-1));
    Some(Time::new(hour, minute, 0, 0).map_err(|_| Why::NoSuchTime))
}

/// `50m`, `90 min`, `1h`, `1h30`, `2 hours`.
fn length(first: &str, second: &str) -> Option<(Part, usize)> {
    const MINUTES: [&str; 4] = ["minutes", "minute", "mins", "min"];
    if MINUTES.contains(&second) {
        return Some((Part::Minutes(number(first)?.into()), 2));
    }
    if matches!(second, "hour" | "hours") {
        return Some((Part::Minutes(i64::from(number(first)?) * 60), 2));
    }
    let minutes = MINUTES.iter().find_map(|end| first.strip_suffix(end)).or_else(|| first.strip_suffix('m'));
    if let Some(minutes) = minutes.and_then(number) {
        return Some((Part::Minutes(minutes.into()), 1));
    }
    let (hours, minutes) = first.split_once('h')?;
    let minutes = minutes.strip_suffix('m').unwrap_or(minutes);
    let minutes = if minutes.is_empty() { 0 } else { number(minutes).filter(|minutes| *minutes < 60)? };
    Some((Part::Hours(i8::try_from(number(hours)?).ok()?, i8::try_from(minutes).ok()?), 1))
}
