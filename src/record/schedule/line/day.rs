//! Days as people write them, and which day of the calendar they are.

use super::unclear::{Why, Word};
use jiff::civil::{Date, Time, Weekday};
use jiff::{Span, Zoned};

/// A day as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Day {
    /// So many days from today.
    Ahead(i64),
    /// So many months from today.
    MonthsAhead(i64),
    /// The next of these; today, if its time is still to come.
    Weekday(Weekday),
    /// The one of the week after this one.
    NextWeekday(Weekday),
    /// The next day and month of these; today counts.
    Yearless { month: i8, day: i8 },
    /// A day of a year.
    Date(Date),
}

impl Day {
    /// The last day of a series: what is counted from today is counted from there, anything else from its beginning.
    pub(super) fn until(self, now: &Zoned, start: &Zoned) -> Result<Date, Why> {
        match self {
            Self::Ahead(_) | Self::MonthsAhead(_) | Self::NextWeekday(_) => self.on(now, None),
            Self::Weekday(_) | Self::Yearless { .. } | Self::Date(_) => self.on(start, None),
        }
    }

    /// The day of the calendar, seen from `now`, for something that begins at `time`; without one the day itself counts.
    pub(super) fn on(self, now: &Zoned, time: Option<Time>) -> Result<Date, Why> {
        let today = now.date();
        let after = |span: Span| today.checked_add(span).map_err(|_| Why::NoSuchDay);
        let in_days = |days: i64| after(Span::new().try_days(days).map_err(|_| Why::NoSuchDay)?);
        match self {
            Self::Ahead(days) => in_days(days),
            Self::MonthsAhead(months) => after(Span::new().try_months(months).map_err(|_| Why::NoSuchDay)?),
            Self::Weekday(weekday) => {
                let days = i64::from(today.weekday().until(weekday));
                let gone = days == 0 && time.is_some_and(|time| time <= now.time());
                in_days(if gone { 7 } else { days })
            }
            Self::NextWeekday(weekday) => {
                let monday = 7 - i64::from(today.weekday().to_monday_zero_offset());
                in_days(monday + i64::from(weekday.to_monday_zero_offset()))
            }
            Self::Yearless { month, day } => {
                // Four years on there is a 29th of February again; eight where a century has none.
                let years = (0..=8).filter_map(|years| Date::new(today.year().checked_add(years)?, month, day).ok());
                years.into_iter().find(|date| *date >= today).ok_or(Why::NoSuchDay)
            }
            Self::Date(date) => Ok(date),
        }
    }
}

/// A day at the beginning of these words, and how many of them it takes.
pub(super) fn read(words: &[Word]) -> Option<Result<(Day, usize), Why>> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let first = text(0);
    let named = match first {
        "yesterday" => Some((Day::Ahead(-1), 1)),
        "today" => Some((Day::Ahead(0), 1)),
        "tomorrow" => Some((Day::Ahead(1), 1)),
        "next" if text(1) == "week" => Some((Day::Ahead(7), 2)),
        "next" if text(1) == "month" => Some((Day::MonthsAhead(1), 2)),
        "next" => weekday(text(1)).map(|weekday| (Day::NextWeekday(weekday), 2)),
        "this" => weekday(text(1)).map(|weekday| (Day::Weekday(weekday), 2)),
        "in" => ahead(text(1), text(2)).map(|day| (day, 3)),
        _ => weekday(first).map(|weekday| (Day::Weekday(weekday), 1)),
    };
    if let Some(named) = named {
        return Some(Ok(named));
    }
    if let Some(found) = with_month_name(first, text(1), text(2)) {
        return Some(found);
    }
    numeric(first).map(|found| found.map(|day| (day, 1)))
}

/// A day of the week by three of its letters, or more.
pub(super) fn weekday(text: &str) -> Option<Weekday> {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let all = [
        ("monday", Monday),
        ("tuesday", Tuesday),
        ("wednesday", Wednesday),
        ("thursday", Thursday),
        ("friday", Friday),
        ("saturday", Saturday),
        ("sunday", Sunday),
    ];
    let text = text.strip_suffix('.').unwrap_or(text);
    all.into_iter().find(|(name, _)| text.len() >= 3 && name.starts_with(text)).map(|(_, weekday)| weekday)
}

/// `2 weeks`, `a month`, `3 days`.
fn ahead(count: &str, unit: &str) -> Option<Day> {
    let count = match count {
        "a" | "one" => 1,
        count => count.parse::<u16>().ok().map(i64::from)?,
    };
    match unit.strip_suffix('s').unwrap_or(unit) {
        "day" => Some(Day::Ahead(count)),
        "week" => Some(Day::Ahead(count * 7)),
        "month" => Some(Day::MonthsAhead(count)),
        _ => None,
    }
}

/// `26 nov`, `nov 26`, `26. november 2026`.
fn with_month_name(first: &str, second: &str, third: &str) -> Option<Result<(Day, usize), Why>> {
    let (day, month) = match (day_of_month(first), month(second)) {
        (Some(day), Some(month)) => (day, month),
        _ => (day_of_month(second)?, month(first)?),
    };
    let year = (third.len() == 4).then(|| third.parse::<i16>().ok()).flatten();
    Some(match year {
        Some(year) => Date::new(year, month, day).map(|date| (Day::Date(date), 3)).map_err(|_| Why::NoSuchDay),
        None => yearless(day, month).map(|day| (day, 2)),
    })
}

/// `26`, `26.`, `26th`.
fn day_of_month(text: &str) -> Option<i8> {
    let bare = text.trim_end_matches('.');
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
    let digits = !bare.is_empty() && bare.len() <= 2 && bare.bytes().all(|b| b.is_ascii_digit());
    if digits { bare.parse().ok() } else { None }
}

/// A month by three of its letters, or more.
fn month(text: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
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
    let text = text.strip_suffix('.').unwrap_or(text);
    let found = NAMES.iter().zip(1..).find(|(name, _)| text.len() >= 3 && name.starts_with(text));
    found.map(|(_, month)| month)
}

fn yearless(day: i8, month: i8) -> Result<Day, Why> {
    // A leap year has every day there is.
    Date::new(2024, month, day).map(|_| Day::Yearless { month, day }).map_err(|_| Why::NoSuchDay)
}

/// `2026-11-26`, `26.11.`, `26.11.2026`, `26/11`.
fn numeric(text: &str) -> Option<Result<Day, Why>> {
    let date = |year: i16, month: i8, day: i8| Date::new(year, month, day).map(Day::Date).map_err(|_| Why::NoSuchDay);
    if let Some([year, month, day]) = numbers(text, '-').as_deref()
        && *year >= 1000
    {
        return Some(date(*year, small(*month), small(*day)));
    }
    if let Some(slashed) = numbers(text, '/') {
        return match slashed.as_slice() {
            [year, month, day] if *year >= 1000 => Some(date(*year, small(*month), small(*day))),
            [a, b] => Some(either(*a, *b).and_then(|(day, month)| yearless(day, month))),
            [a, b, year] => Some(either(*a, *b).and_then(|(day, month)| date(century(*year), month, day))),
            _ => None,
        };
    }
    let (dotted, ended) = match text.strip_suffix('.') {
        Some(bare) => (bare, true),
        None => (text, false),
    };
    match numbers(dotted, '.')?.as_slice() {
        [day, month] if ended => Some(yearless(small(*day), small(*month))),
        [day, month] => {
            // 15.30 is a time, 26.11 a day, and 12.11 can be both.
            let is_time = *day < 24 && *month < 60 && dotted.len() - dotted.find('.')? == 3;
            let is_day = yearless(small(*day), small(*month));
            match (is_time, is_day) {
                (true, Ok(_)) => Some(Err(Why::TimeOrDay)),
                (true, Err(_)) => None,
                (false, day) => Some(day),
            }
        }
        [day, month, year] => Some(date(century(*year), small(*month), small(*day))),
        _ => None,
    }
}

/// Two or three numbers with this sign between them; a single number is none.
fn numbers(text: &str, between: char) -> Option<Vec<i16>> {
    let numbers: Option<Vec<i16>> = text
        .split(between)
        .map(|piece| {
            let digits = (1..=4).contains(&piece.len()) && piece.bytes().all(|b| b.is_ascii_digit());
            if digits { piece.parse().ok() } else { None }
        })
        .collect();
    numbers.filter(|numbers| (2..=3).contains(&numbers.len()))
}

/// A number that is no day and no month stays none.
fn small(number: i16) -> i8 {
    i8::try_from(number).unwrap_or(0)
}

/// 26 is 2026.
const fn century(year: i16) -> i16 {
    if year < 100 { 2000 + year } else { year }
}

/// Day and month of two numbers, when only one reading makes sense.
fn either(a: i16, b: i16) -> Result<(i8, i8), Why> {
    let (a, b) = (small(a), small(b));
    match (yearless(a, b), yearless(b, a)) {
        (Ok(_), Ok(_)) if a != b => Err(Why::TwoDays),
        (Ok(_), _) => Ok((a, b)),
        (_, Ok(_)) => Ok((b, a)),
        _ => Err(Why::NoSuchDay),
    }
}
