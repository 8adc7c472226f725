//! Times as people say them.

use crate::base::Stamp;
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};
use std::time::Duration;

/// A stamp on the wall clock of a zone.
pub(crate) fn zoned(stamp: Stamp, zone: &TimeZone) -> Zoned {
    Timestamp::from_millisecond(stamp.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
}

/// `10:47`
pub(crate) fn clock(at: &Zoned) -> String {
    at.strftime("%H:%M").to_string()
}

/// `Thu 26 Nov 2026`
pub(crate) fn long_day(date: Date) -> String {
    date.strftime("%a %-d %b %Y").to_string()
}

/// `26 Nov`, with the year if it is another one than `now`'s.
pub(crate) fn short_day(date: Date, now: Date) -> String {
    let pattern = if date.year() == now.year() { "%d %b" } else { "%d %b %Y" };
    date.strftime(pattern).to_string()
}

/// `14:05` today, `26 Nov 14:05` on other days.
pub(crate) fn day_and_clock(at: &Zoned, now: &Zoned) -> String {
    if at.date() == now.date() { clock(at) } else { format!("{} {}", short_day(at.date(), now.date()), clock(at)) }
}

/// `Tue 1 Dec`, with the year if it is another one than `now`'s.
pub(crate) fn week_day(date: Date, now: Date) -> String {
    let pattern = if date.year() == now.year() { "%a %-d %b" } else { "%a %-d %b %Y" };
    date.strftime(pattern).to_string()
}

/// `Tue 1 Dec 15:00`
pub(crate) fn week_day_and_clock(at: &Zoned, now: &Zoned) -> String {
    format!("{} {}", week_day(at.date(), now.date()), clock(at))
}

/// `now`, `3 min`, `2 h`, `5 d`: how long something lasts or is past.
pub(crate) fn span(length: Duration) -> String {
    let minutes = length.as_secs() / 60;
    match minutes {
        0 => "now".to_owned(),
        1..60 => format!("{minutes} min"),
        60..1440 if minutes.is_multiple_of(60) || minutes >= 600 => format!("{} h", minutes / 60),
        60..1440 => format!("{} h {:02}", minutes / 60, minutes % 60),
        _ => format!("{} d", minutes / 1440),
    }
}

/// `2 s ago`, `3 min ago`.
pub(crate) fn ago(length: Duration) -> String {
    match length.as_secs() {
        0 => "now".to_owned(),
        seconds @ 1..60 => format!("{seconds} s ago"),
        _ => format!("{} ago", span(length)),
    }
}

/// `00:23:41`
pub(crate) fn timer(length: Duration) -> String {
    let seconds = length.as_secs();
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// The place of an IANA zone: `Berlin` of `Europe/Berlin`.
pub(crate) fn city(zone: &str) -> String {
    super::text::safe(&zone.rsplit('/').next().unwrap_or(zone).replace('_', " "), 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_their_largest_unit() {
        let said = |minutes: u64| span(Duration::from_secs(minutes * 60));
        assert_eq!([said(0), said(3), said(60), said(95)], ["now", "3 min", "1 h", "1 h 35"].map(String::from));
        assert_eq!([said(700), said(1440), said(9000)], ["11 h", "1 d", "6 d"].map(String::from));
        assert_eq!(timer(Duration::from_secs(1421)), "00:23:41");
        assert_eq!(ago(Duration::from_secs(2)), "2 s ago");
    }

    #[test]
    fn zones_are_shown_as_cities() {
        assert_eq!(city("America/Los_Angeles"), "Los Angeles");
        assert_eq!(city("UTC"), "UTC");
    }
}
