//! One typed line that says an appointment: `ada tue 15:00 50m weekly x10`.
//!
//! The words at the front name the patient; a day, a time, a length, how often, how many times or until when, and how
//! they meet follow in any order. What can be read in two ways is refused, not guessed; what is wrong says which word
//! it is. The natural-date crates were looked at: they read one date and nothing beside it, do not say which word they
//! stumbled over, and take `11/12` for whatever a dialect says.

mod day;
mod part;
mod unclear;

pub use unclear::{Unclear, Why};

use super::{LeftOut, REPEAT_MAX, Repeat};
use crate::base::Phi;
use crate::record::AppointmentKind;
use crate::record::appointment::on_the_clock;
use day::Day;
use jiff::Zoned;
use jiff::civil::{Date, Time};
use part::{Often, Part};
use std::fmt;
use unclear::Word;

/// How long an appointment takes when nothing is said.
pub const USUAL_MINUTES: u32 = 50;
/// The most minutes of an appointment.
const MINUTES_MAX: u32 = 24 * 60;
/// The most words of a line.
const WORDS_MAX: usize = 64;
/// The most bytes of a line.
const BYTES_MAX: usize = 1_000;
/// A single `1h` without a time beside it is a length up to here, from the next hour on it is a time.
const HOURS_LENGTH: i8 = 6;

/// What is known before a line is read.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The time on the practice's clocks.
    pub now: &'a Zoned,
    /// Where the cursor stands: stands in for the day and the time that the line does not say.
    pub at: Option<&'a Zoned>,
    /// How long, if the line does not say.
    pub minutes: u32,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Whose it is to be, as typed.
    pub who: Phi<String>,
    /// Start, on the practice's clocks.
    pub start: Zoned,
    /// Length in minutes, 1 to 1440.
    pub minutes: u32,
    /// By video or in the practice.
    pub kind: AppointmentKind,
    /// And again.
    pub repeat: Option<Repeat>,
    /// Nothing was said about its end: it is a year of it.
    pub for_a_year: bool,
}

/// The parts of a line, each at most once, with the word that said it.
#[derive(Default)]
struct Parts {
    day: Option<(Day, Word)>,
    time: Option<(Time, Word)>,
    minutes: Option<(i64, Word)>,
    /// `15h` or `1h30`: a time or a length, by what stands beside it.
    hours: Vec<(i8, i8, Word)>,
    often: Option<(Often, Word)>,
    count: Option<(u32, Word)>,
    until: Option<(Day, Word)>,
    kind: Option<(AppointmentKind, Word)>,
}

impl Line {
    /// Reads a line.
    ///
    /// # Errors
    ///
    /// Says which word is not understood, and why.
    pub fn read(text: &str, given: &Given<'_>) -> Result<Self, Unclear> {
        if text.len() > BYTES_MAX {
            return Err(Unclear::whole(Why::TooLong));
        }
        let (who, words) = split(text)?;
        if words.len() > WORDS_MAX {
            return Err(Unclear::whole(Why::TooLong));
        }
        // Words of the name, until one begins something that is understood.
        let mut named = usize::from(who.is_none());
        if let (None, Some(first)) = (&who, words.first())
            && first.text.starts_with(|c: char| c.is_ascii_digit())
        {
            return Err(first.unclear(Why::NoName));
        }
        while named < words.len() && part::read(words.get(named..).unwrap_or_default()).is_none() {
            named += 1;
        }
        let who = match who {
            Some(who) if named == 0 => who,
            Some(_) => {
                return Err(words.first().map_or(Unclear::whole(Why::Unknown), |word| word.unclear(Why::Unknown)));
            }
            None => {
                let end = words.get(..named).and_then(<[Word]>::last).map_or(0, |last| last.range.end);
                text.get(..end).unwrap_or_default().trim().to_owned()
            }
        };
        if who.is_empty() {
            return Err(Unclear::whole(Why::NoName));
        }
        let parts = Parts::of(words.get(named..).unwrap_or_default())?;
        parts.settle(Phi::new(who), given)
    }
}

/// Reads a day alone, as a line says one: `tue`, `3 mar`, `in 2 weeks`, `2026-11-26`. For something that begins at
/// `time`, a day of the week is today only while that is still to come.
///
/// # Errors
///
/// Says why it is no day.
pub fn read_day(text: &str, now: &Zoned, time: Option<Time>) -> Result<Date, Unclear> {
    if text.len() > BYTES_MAX {
        return Err(Unclear::whole(Why::TooLong));
    }
    let words = Word::all(text, 0);
    let (day, taken) = day::read(&words).unwrap_or(Err(Why::NoSuchDay)).map_err(Unclear::whole)?;
    if let Some(more) = words.get(taken) {
        return Err(more.unclear(Why::NoSuchDay));
    }
    day.on(now, time).map_err(Unclear::whole)
}

/// A quoted name at the front, and the words behind it.
fn split(text: &str) -> Result<(Option<String>, Vec<Word>), Unclear> {
    let trimmed = text.trim_start();
    let lead = text.len() - trimmed.len();
    if let Some(rest) = trimmed.strip_prefix('"') {
        let Some((name, behind)) = rest.split_once('"') else { return Err(Unclear::whole(Why::Quote)) };
        return Ok((Some(name.trim().to_owned()), Word::all(behind, lead + name.len() + 2)));
    }
    Ok((None, Word::all(text, 0)))
}

/// Puts a part in its place, unless there is one.
fn put<T>(place: &mut Option<(T, Word)>, value: T, word: &Word, what: &'static str) -> Result<(), Unclear> {
    if place.is_some() {
        return Err(word.unclear(Why::Twice(what)));
    }
    *place = Some((value, word.clone()));
    Ok(())
}

impl Parts {
    fn of(mut words: &[Word]) -> Result<Self, Unclear> {
        let mut parts = Self::default();
        while let Some(word) = words.first() {
            let Some(read) = part::read(words) else { return Err(word.unclear(Why::Unknown)) };
            let (part, used) = read.map_err(|why| word.unclear(why))?;
            words = words.get(used.max(1)..).unwrap_or_default();
            match part {
                Part::Day(day) => put(&mut parts.day, day, word, "days")?,
                Part::Time(time) => put(&mut parts.time, time, word, "times")?,
                Part::Between(from, to) => {
                    put(&mut parts.time, from, word, "times")?;
                    let minutes = (to.duration_since(from).as_mins() + 24 * 60) % (24 * 60);
                    put(&mut parts.minutes, minutes, word, "lengths")?;
                }
                Part::Hours(hours, minutes) => parts.hours.push((hours, minutes, word.clone())),
                Part::Minutes(minutes) => put(&mut parts.minutes, minutes, word, "lengths")?,
                Part::Often(often, weekday) => {
                    put(&mut parts.often, often, word, "ways to come again")?;
                    if let Some(weekday) = weekday {
                        put(&mut parts.day, Day::Weekday(weekday), word, "days")?;
                    }
                }
                Part::Count(count) => put(&mut parts.count, count, word, "numbers of times")?,
                Part::Until(day) => put(&mut parts.until, day, word, "ends")?,
                Part::Kind(kind) => put(&mut parts.kind, kind, word, "ways to meet")?,
                Part::Nothing => {}
            }
        }
        parts.tell_hours()?;
        Ok(parts)
    }

    /// Decides what `15h` is: the time, if there is none yet and another length follows or it is too long for one.
    fn tell_hours(&mut self) -> Result<(), Unclear> {
        let several = self.hours.len() > 1;
        for (hours, minutes, word) in std::mem::take(&mut self.hours) {
            let is_time = self.time.is_none() && (several || self.minutes.is_some() || hours > HOURS_LENGTH);
            if is_time {
                let time = Time::new(hours, minutes, 0, 0).map_err(|_| word.unclear(Why::NoSuchTime))?;
                put(&mut self.time, time, &word, "times")?;
            } else {
                put(&mut self.minutes, i64::from(hours) * 60 + i64::from(minutes), &word, "lengths")?;
            }
        }
        Ok(())
    }

    fn settle(self, who: Phi<String>, given: &Given<'_>) -> Result<Line, Unclear> {
        let now = given.now;
        let zone = now.time_zone();
        let at = given.at.map(|at| at.with_time_zone(zone.clone()));
        let time = match (&self.time, &at) {
            (Some((time, _)), _) => *time,
            (None, Some(at)) => at.time(),
            (None, None) if self.day.is_none() => return Err(Unclear::whole(Why::NoWhen)),
            (None, None) => return Err(Unclear::whole(Why::NoTime)),
        };
        let date = match (&self.day, &at) {
            (Some((day, word)), _) => day.on(now, Some(time)).map_err(|why| word.unclear(why))?,
            (None, Some(at)) => at.date(),
            // A time alone is the next at which the clock shows it.
            (None, None) if time > now.time() => now.date(),
            (None, None) => now.date().tomorrow().map_err(|_| Unclear::whole(Why::NoSuchDay))?,
        };
        let skipped = || match &self.time {
            Some((_, word)) => word.unclear(Why::Skipped),
            None => Unclear::whole(Why::Skipped),
        };
        let start = on_the_clock(date.to_datetime(time), zone).ok_or_else(skipped)?;
        let minutes = match &self.minutes {
            None => given.minutes,
            Some((minutes, word)) => u32::try_from(*minutes)
                .ok()
                .filter(|minutes| (1..=MINUTES_MAX).contains(minutes))
                .ok_or_else(|| word.unclear(Why::Length))?,
        };
        let repeat = self.repeat(now, &start)?;
        let for_a_year = repeat.is_some() && self.count.is_none() && self.until.is_none();
        let kind = self.kind.map_or(AppointmentKind::Visit, |(kind, _)| kind);
        Ok(Line { who, start, minutes, kind, repeat, for_a_year })
    }

    fn repeat(&self, now: &Zoned, start: &Zoned) -> Result<Option<Repeat>, Unclear> {
        let Some((often, often_word)) = &self.often else {
            let alone = self.count.as_ref().map(|(_, word)| word).or(self.until.as_ref().map(|(_, word)| word));
            return match alone {
                Some(word) => Err(word.unclear(Why::HowOften)),
                None => Ok(None),
            };
        };
        let series = |count| Repeat { every: often.every, interval: often.interval, count };
        let count = match (&self.count, &self.until) {
            (Some(_), Some((_, word))) => return Err(word.unclear(Why::Twice("ends"))),
            (Some((count, word)), None) => {
                let count = u16::try_from(*count).ok().filter(|count| (1..=REPEAT_MAX).contains(count));
                count.ok_or_else(|| word.unclear(Why::Count))?
            }
            (None, Some((day, word))) => {
                let last = day.until(now, start).map_err(|why| word.unclear(why))?;
                count_until(series(REPEAT_MAX), start, last).map_err(|why| word.unclear(why))?
            }
            (None, None) => often.a_year().ok_or_else(|| often_word.unclear(Why::HowMany))?,
        };
        Ok((count > 1).then(|| series(count)))
    }
}

/// How many of a series begin up to a day, that day among them.
fn count_until(series: Repeat, start: &Zoned, last: Date) -> Result<u16, Why> {
    if last < start.date() {
        return Err(Why::UntilBefore);
    }
    let (starts, left_out) = series.starts(start);
    let skipped = left_out.into_iter().filter_map(|left_out| match left_out {
        LeftOut::Day(day) => Some(day),
        LeftOut::Month { .. } => None,
    });
    let within = starts.iter().map(Zoned::date).chain(skipped).filter(|date| *date <= last).count();
    let count = u16::try_from(within).unwrap_or(u16::MAX);
    if count >= REPEAT_MAX { Err(Why::Count) } else { Ok(count) }
}

impl Line {
    /// Its end.
    pub fn end(&self) -> Zoned {
        self.start.saturating_add(jiff::SignedDuration::from_mins(i64::from(self.minutes)))
    }

    /// How many appointments it makes, days that the clocks skip left out, and the start of the last.
    pub fn last(&self) -> (usize, Zoned) {
        let starts = self.repeat.map_or_else(Vec::new, |repeat| repeat.starts(&self.start).0);
        (starts.len().max(1), starts.last().unwrap_or(&self.start).clone())
    }
}

impl fmt::Display for Line {
    /// When, and how often; not who: `Tue 1 Dec 2026 15:00–15:50 · weekly ×10 (until 2 Feb 2027) · in person`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = (&self.start, self.end());
        write!(f, "{} {}–{}", start.strftime("%a %-d %b %Y"), start.strftime("%H:%M"), end.strftime("%H:%M"))?;
        if let Some(repeat) = self.repeat {
            let (_, last) = self.last();
            let year = if self.for_a_year { "a year, " } else { "" };
            write!(f, " · {repeat} ({year}until {})", last.strftime("%-d %b %Y"))?;
        }
        match self.kind {
            AppointmentKind::Visit => Ok(()),
            AppointmentKind::InPerson => f.write_str(" · in person"),
        }
    }
}

#[cfg(test)]
mod tests;
