//! Days and times as tables write them, and which of two numbers is the day.
//!
//! `2026-11-26` (ISO 8601), `26.11.2026` and `26-Nov-2026` say it themselves. `11/12/2026` does not: all such dates of
//! one file are read the same way, and that way must be [given](super::Layout::dates) or follow from one of them, whose
//! 26 can be no month. It is never guessed. Nor is a year of two digits: `26/12/10` may begin with it.

use super::super::FeedError;
use jiff::civil::{Date, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;

/// Which stands first in dates like `11/12/2026`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// The 11th of December.
    DayFirst,
    /// November 12th.
    MonthFirst,
}

impl DateOrder {
    /// The word for it: `day-first`, `month-first`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DayFirst => "day-first",
            Self::MonthFirst => "month-first",
        }
    }

    /// What the word means.
    pub fn named(word: &str) -> Option<Self> {
        [Self::DayFirst, Self::MonthFirst].into_iter().find(|order| order.as_str() == word)
    }
}

/// What a cell says of a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Moment {
    pub day: Option<Day>,
    pub time: Option<Time>,
    /// From UTC.
    pub offset: Option<Offset>,
}

/// A day as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Day {
    /// It says what it is.
    Plain(Date),
    /// Day and month in an order that it does not say.
    Either {
        first: i8,
        second: i8,
        year: i16,
        /// Or the year stands first and the day last.
        year_first: bool,
    },
}

impl Day {
    /// The order that is the only possible one.
    fn decides(self) -> Option<DateOrder> {
        match self {
            Self::Either { first: 13.., year_first: false, .. } => Some(DateOrder::DayFirst),
            Self::Either { second: 13.., .. } => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }

    /// Whether it is another day in the other order.
    fn depends(self) -> bool {
        matches!(self, Self::Either { first, second, year_first, .. } if first != second || year_first)
    }

    /// The day in that order; `None` if there is none, or it cannot be told without an order.
    fn on(self, order: Option<DateOrder>) -> Option<Date> {
        let (first, second, year) = match self {
            Self::Plain(date) => return Some(date),
            Self::Either { first, second, year, .. } => (first, second, year),
        };
        match order {
            Some(DateOrder::DayFirst) => Date::new(year, second, first).ok(),
            Some(DateOrder::MonthFirst) => Date::new(year, first, second).ok(),
            None if !self.depends() => Date::new(year, first, first).ok(),
            None => None,
        }
    }
}

/// The order of a file's dates, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Order {
    given: Option<DateOrder>,
    /// The lines that first showed them.
    day_first: Option<usize>,
    month_first: Option<usize>,
    /// The first line with a date that needs the order.
    needed: Option<usize>,
}

impl Order {
    pub(super) fn new(given: Option<DateOrder>) -> Self {
        Self { given, ..Self::default() }
    }

    /// Learns from a day in `line`.
    pub(super) fn learn(&mut self, line: usize, day: Day) {
        match day.decides() {
            Some(DateOrder::DayFirst) => self.day_first = self.day_first.or(Some(line)),
            Some(DateOrder::MonthFirst) => self.month_first = self.month_first.or(Some(line)),
            None => {}
        }
        if day.depends() {
            self.needed = self.needed.or(Some(line));
        }
    }

    /// The order so far.
    fn known(&self) -> Option<DateOrder> {
        let shown = self.day_first.map(|_| DateOrder::DayFirst).or(self.month_first.map(|_| DateOrder::MonthFirst));
        self.given.or(shown)
    }

    /// Whether the day can be told already.
    pub(super) fn tells(&self, day: Day) -> bool {
        self.known().is_some() || !day.depends()
    }

    /// The day, in the order that is known by now; `None` if there is none.
    pub(super) fn day(&self, day: Day) -> Option<Date> {
        day.on(self.known())
    }

    /// To be asked when the whole file was read. Without a given order, dates that contradict each other tell it no
    /// better than none: those between them, which fit both, would be read by chance.
    pub(super) fn check(&self) -> Result<(), FeedError> {
        let line = match (self.given, self.day_first, self.month_first) {
            (None, Some(one), Some(other)) => Some(one.max(other)),
            (None, None, None) => self.needed,
            _ => None,
        };
        line.map_or(Ok(()), |line| Err(FeedError::AmbiguousDates { line }))
    }
}

/// Reads a cell. `None` if it cannot be read as a day, a time of day, or both.
pub(super) fn read(text: &str) -> Option<Moment> {
    standard(text).or_else(|| {
        let mut spoken = Spoken::default();
        text.split(|c: char| c.is_whitespace() || c == ',')
            .filter(|word| !word.is_empty())
            .try_for_each(|word| spoken.hear(word))?;
        spoken.understood()
    })
}

/// `2026-11-26`, `2026-11-26 15:00`, `2026-11-26T15:00:00.000+01:00`, `20261126T150000Z`.
fn standard(text: &str) -> Option<Moment> {
    match text.as_bytes() {
        [_, _, _, _, b'-', ..] | [_, _, _, _, _, _, _, _, b'T', ..] | [_, _, _, _, _, _, _, _] => {}
        _ => return None,
    }
    let pieces = Pieces::parse(text).ok().filter(|pieces| pieces.time_zone_annotation().is_none())?;
    Some(Moment { day: Some(Day::Plain(pieces.date())), time: pieces.time(), offset: pieces.to_numeric_offset() })
}

/// What was heard so far of a moment that is written word by word, in any order: `Thursday, November 26, 2026 3:00 pm`.
#[derive(Default)]
struct Spoken {
    day: Option<Day>,
    month: Option<i8>,
    clock: Option<(i8, i8, i8)>,
    afternoon: Option<bool>,
    /// Numbers that stand alone: a month's day, a year, an hour.
    numbers: [i16; 3],
    count: usize,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Words that say nothing more: weekdays in English and German, and what stands between day and time.
const IDLE: [&str; 16] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "uhr",
    "at",
];

impl Spoken {
    /// One word. `None` if it belongs to no moment.
    fn hear(&mut self, word: &str) -> Option<()> {
        // `26.` and `p.m.`
        let word = word.trim_end_matches('.');
        if !word.starts_with(|c: char| c.is_ascii_digit()) {
            return self.hear_name(word);
        }
        let (digits, unit) = word.split_at(word.find(char::is_alphabetic).unwrap_or(word.len()));
        if let Some(separator) = ['/', '-', '.'].into_iter().find(|c| digits.contains(*c) && !digits.contains(':')) {
            return put(&mut self.day, day(word, separator)?);
        }
        if digits.contains(':') {
            put(&mut self.clock, clock(digits)?)?;
        } else {
            *self.numbers.get_mut(self.count)? = number(digits, 4)?;
            self.count += 1;
        }
        if unit.is_empty() || ["st", "nd", "rd", "th"].contains(&unit) { Some(()) } else { self.hear_half(unit) }
    }

    fn hear_name(&mut self, word: &str) -> Option<()> {
        if let Some(month) = month(word) {
            return put(&mut self.month, month);
        }
        let idle = IDLE.iter().any(|idle| begins(idle, word, 2));
        if idle { Some(()) } else { self.hear_half(word) }
    }

    /// Before or after noon.
    fn hear_half(&mut self, word: &str) -> Option<()> {
        let is = |names: [&str; 2]| names.iter().any(|name| name.eq_ignore_ascii_case(word));
        let afternoon = if is(["am", "a.m"]) { Some(false) } else { is(["pm", "p.m"]).then_some(true) }?;
        put(&mut self.afternoon, afternoon)
    }

    fn understood(self) -> Option<Moment> {
        let mut numbers = self.numbers.into_iter().take(self.count);
        let day = match (self.day, self.month) {
            (day, None) => day,
            (None, Some(month)) => {
                let (one, other) = (numbers.next()?, numbers.next()?);
                let (day, year) = if one > 31 { (other, one) } else { (one, other) };
                let year = if year < 100 { 2000 + year } else { year };
                Some(Day::Plain(Date::new(year, month, i8::try_from(day).ok()?).ok()?))
            }
            (Some(_), Some(_)) => return None,
        };
        let clock = match (self.clock, numbers.next()) {
            (clock, None) => clock,
            // `3 pm`
            (None, Some(hour)) => Some((i8::try_from(hour).ok().filter(|_| self.afternoon.is_some())?, 0, 0)),
            (Some(_), Some(_)) => return None,
        };
        let time = match (clock, self.afternoon) {
            (None, None) => None,
            (None, Some(_)) => return None,
            (Some((hour, minute, second)), None) => Some(Time::new(hour, minute, second, 0).ok()?),
            (Some((hour @ 1..=12, minute, second)), Some(afternoon)) => {
                let hour = hour % 12 + if afternoon { 12 } else { 0 };
                Some(Time::new(hour, minute, second, 0).ok()?)
            }
            (Some(_), Some(_)) => return None,
        };
        if numbers.next().is_some() || (day.is_none() && time.is_none()) {
            return None;
        }
        Some(Moment { day, time, offset: None })
    }
}

/// Fills what was empty. `None` if it was not: a moment has nothing twice.
fn put<T>(place: &mut Option<T>, value: T) -> Option<()> {
    if place.is_some() {
        return None;
    }
    *place = Some(value);
    Some(())
}

/// `26.11.2026`, `11/26/26`, `2026/11/26`, `26-Nov-2026`.
fn day(word: &str, separator: char) -> Option<Day> {
    let mut parts = word.split(separator);
    let (Some(one), Some(two), Some(three), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let plain = |year, month, day| Date::new(year, month, day).ok().map(Day::Plain);
    let small = |text| i8::try_from(number(text, 2)?).ok();
    if one.len() == 4 {
        return plain(number(one, 4)?, small(two)?, small(three)?);
    }
    let year = match three.len() {
        4 => number(three, 4)?,
        // `26-11-12` may begin with the year.
        2 if separator != '-' || month(two).is_some() => 2000 + number(three, 2)?,
        _ => return None,
    };
    if let Some(month) = month(two) {
        return plain(year, month, small(one)?);
    }
    let (first, second) = (small(one)?, small(two)?);
    match separator {
        '.' => plain(year, second, first),
        _ => {
            let year_first = (one.len(), three.len()) == (2, 2) && second <= 12 && (1..=31).contains(&(year - 2000));
            (first <= 12 || second <= 12).then_some(Day::Either { first, second, year, year_first })
        }
    }
}

/// `15:00`, `15:00:00`, `15:00:00.000`.
fn clock(text: &str) -> Option<(i8, i8, i8)> {
    let mut parts = text.split(':');
    let small = |text| i8::try_from(number(text, 2)?).ok();
    let (hour, minute) = (small(parts.next()?)?, small(parts.next()?)?);
    let second = match parts.next() {
        None => 0,
        Some(second) => small(second.split_once('.').map_or(second, |(whole, _)| whole))?,
    };
    parts.next().is_none().then_some((hour, minute, second))
}

/// A number of at most so many digits.
fn number(text: &str, digits: usize) -> Option<i16> {
    let plain = !text.is_empty() && text.len() <= digits && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

fn month(word: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|name| begins(name, word, 3))?;
    i8::try_from(at + 1).ok()
}

/// Whether `word` is the name or its beginning, of so many letters at least.
fn begins(name: &str, word: &str, least: usize) -> bool {
    word.len() >= least && name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}
