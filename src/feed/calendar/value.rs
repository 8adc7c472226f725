//! The values of properties (§3.3).

use super::super::word::TEXT_MAX_CHARS;
use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::{Pieces, SpanParser};
use jiff::tz::Offset;
use jiff::{SignedDuration, Span, Timestamp, Zoned};
use std::borrow::Cow;

/// A DATE or a DATE-TIME as it is written, before its zone is known (§3.3.4, §3.3.5).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Written {
    pub date: Date,
    /// With the time of day; `None` for a DATE.
    pub time: Option<DateTime>,
    /// What it says itself about its offset from UTC: `Z`.
    pub offset: Option<Offset>,
}

impl Written {
    /// On clocks that differ from UTC by `to`; a date is the whole of its day.
    pub(super) fn on_clock(self, to: impl FnOnce(Timestamp) -> Option<DateTime>) -> Option<DateTime> {
        match (self.time, self.offset) {
            (None, _) => Some(self.date.at(23, 59, 59, 0)),
            (Some(local), None) => Some(local),
            // What is later than any moment, 31 December 9999, is so on every clock.
            (Some(local), Some(offset)) => offset.to_timestamp(local).map_or(Some(local), to),
        }
    }
}

/// Reads a DATE or a DATE-TIME. What stands there counts, whatever VALUE says.
pub(super) fn written(text: &[u8]) -> Option<Written> {
    let pieces = Pieces::parse(text.trim_ascii()).ok()?;
    let offset = pieces.to_numeric_offset();
    let time = pieces.time().map(|time| pieces.date().to_datetime(time));
    pieces.time_zone_annotation().is_none().then_some(Written { date: pieces.date(), time, offset })
}

/// Reads a DURATION (§3.3.6) that is not negative; how long it is from `start`: a day may have 23 hours.
pub(super) fn length(text: &[u8], start: &Zoned) -> Option<SignedDuration> {
    let span: Span = SpanParser::new().parse_span(text.trim_ascii()).ok()?;
    let length = start.checked_add(span).ok()?.duration_since(start);
    (span.get_years() == 0 && span.get_months() == 0 && !length.is_negative()).then_some(length)
}

/// Reads a UTC-OFFSET (§3.3.14), `+0100`, `-053000` or `+01:00`.
pub(super) fn offset(text: &[u8]) -> Option<Offset> {
    let (sign, rest) = text.split_first()?;
    let digits: Vec<u8> = rest.iter().copied().filter(|byte| *byte != b':').collect();
    if !matches!(digits.len(), 2 | 4 | 6) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let pairs = digits.chunks(2).map(|pair| pair.iter().fold(0, |number, digit| number * 10 + i32::from(digit - b'0')));
    let seconds = pairs.zip([3600, 60, 1]).map(|(number, unit)| number * unit).sum::<i32>();
    match sign {
        b'+' => Offset::from_seconds(seconds).ok(),
        b'-' => Offset::from_seconds(-seconds).ok(),
        _ => None,
    }
}

/// Reads a TEXT (§3.3.11) as one line, without control characters and not too long.
pub(super) fn text(value: &str) -> Cow<'_, str> {
    let plain = |byte: u8| (b' '..=b'~').contains(&byte) & (byte != b'\\');
    if value.len() <= TEXT_MAX_CHARS && value.bytes().fold(true, |all, byte| all & plain(byte)) {
        return Cow::Borrowed(value);
    }
    let mut escaped = false;
    let read = value.chars().filter_map(|c| match (std::mem::take(&mut escaped), c) {
        (false, '\\') => {
            escaped = true;
            None
        }
        (true, 'n' | 'N') => Some(' '),
        (_, c) => Some(if c.is_control() { ' ' } else { c }),
    });
    Cow::Owned(read.take(TEXT_MAX_CHARS).collect::<String>().trim().to_owned())
}
