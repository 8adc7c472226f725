//! When a reminder is due, and which of several counts.

use crate::base::Stamp;
use jiff::{Span, Zoned};
use std::time::Duration;

/// The most minutes a reminder comes before: four weeks.
pub const REMIND_MAX_MIN: u32 = 28 * DAY_MIN;
/// The most reminders of one appointment.
pub const REMIND_MAX: usize = 5;

const DAY_MIN: u32 = 24 * 60;
/// A reminder that is late by more than this must leave time enough to be of use.
const ON_TIME: Duration = Duration::from_secs(2 * 60);
/// Time enough: less, and whoever comes is on the way.
const OF_USE: Duration = Duration::from_secs(10 * 60);

/// When a reminder is due. Whole days are counted on the clock of the appointment's zone, for the day before means the
/// same time of the day, also when the clocks change in between; what is left over passes as time does.
pub fn due(start: &Zoned, minutes: u32) -> Option<Stamp> {
    let span = Span::new().days(minutes / DAY_MIN).minutes(minutes % DAY_MIN);
    start.checked_sub(span).ok().map(|at| stamp(&at))
}

/// Of the reminders that came due after `since` the last one, if it is still to be given: at its time, or later when
/// nobody could give it and there is time enough before the start.
pub fn due_now(start: &Zoned, minutes: &[u32], since: Stamp, now: Stamp) -> Option<u32> {
    let came = |minutes: &u32| due(start, *minutes).filter(|at| *at > since && *at <= now).map(|at| (at, *minutes));
    let (at, minutes) = minutes.iter().filter_map(came).max()?;
    let left = stamp(start).since(now);
    let to_come = stamp(start) > now;
    (to_come && (now.since(at) <= ON_TIME || left >= OF_USE)).then_some(minutes)
}

/// When the next reminder is due.
pub fn due_next(start: &Zoned, minutes: &[u32], now: Stamp) -> Option<Stamp> {
    minutes.iter().filter_map(|minutes| due(start, *minutes)).filter(|at| *at > now).min()
}

fn stamp(at: &Zoned) -> Stamp {
    Stamp(at.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Zoned {
        format!("{text}[Europe/London]").parse().expect("a time")
    }

    fn on(text: &str) -> Stamp {
        stamp(&at(text))
    }

    #[test]
    fn day_before_is_the_same_time_of_the_day_when_the_clocks_change() {
        // The clocks went back in the night to 25 October 2026, and go forward in the night to 28 March 2027.
        for (start, before) in [
            ("2026-10-25T11:00", "2026-10-24T11:00"),
            ("2027-03-28T11:00", "2027-03-27T11:00"),
            ("2026-11-26T11:00", "2026-11-25T11:00"),
        ] {
            assert_eq!(due(&at(start), 24 * 60), Some(on(before)), "{start}");
        }
        // Two hours before are two hours, whatever the clocks show.
        assert_eq!(due(&at("2026-10-25T02:30"), 120), Some(on("2026-10-25T01:30")));
        assert_eq!(due(&at("2027-03-28T02:30"), 120).map(|at| at.0), Some(on("2027-03-28T02:30").0 - 7_200_000));
        assert_eq!(due(&at("2026-10-25T11:00"), 25 * 60), Some(on("2026-10-24T10:00")), "a day and an hour");
    }

    #[test]
    fn each_comes_at_its_time_and_once() {
        let (start, minutes) = (at("2026-11-26T11:00"), [1440, 60]);
        let now = |since: &str, until: &str| due_now(&start, &minutes, on(since), on(until));
        assert_eq!(now("2026-11-25T10:00", "2026-11-25T10:59"), None);
        assert_eq!(now("2026-11-25T10:59", "2026-11-25T11:00"), Some(1440));
        assert_eq!(now("2026-11-25T11:00", "2026-11-25T11:01"), None, "it was given");
        assert_eq!(now("2026-11-26T09:59", "2026-11-26T10:00"), Some(60));
        assert_eq!(due_next(&start, &minutes, on("2026-11-20T00:00")), Some(on("2026-11-25T11:00")));
        assert_eq!(due_next(&start, &minutes, on("2026-11-25T11:00")), Some(on("2026-11-26T10:00")));
        assert_eq!(due_next(&start, &minutes, on("2026-11-26T10:00")), None);
    }

    #[test]
    fn what_came_due_while_nobody_could_give_it_is_given_once_if_there_is_time() {
        let (start, minutes) = (at("2026-11-26T11:00"), [60, 1440]);
        let now = |until: &str| due_now(&start, &minutes, on("2026-11-24T00:00"), on(until));
        assert_eq!(now("2026-11-25T18:00"), Some(1440));
        assert_eq!(now("2026-11-26T10:30"), Some(60), "the last one stands for both");
        assert_eq!(now("2026-11-26T10:55"), None, "too late to be of use");
        assert_eq!(now("2026-11-26T11:30"), None, "and over");
        let short = |until: &str| due_now(&start, &[5], on("2026-11-24T00:00"), on(until));
        assert_eq!(short("2026-11-26T10:55"), Some(5), "a short one at its time is of use");
        assert_eq!(short("2026-11-26T10:58"), None);
    }
}
