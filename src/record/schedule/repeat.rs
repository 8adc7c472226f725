//! What is made by hand and comes again: a weekly hour, ten times.

use crate::record::appointment::on_the_clock;
use jiff::civil::Date;
use jiff::{Span, Zoned};
use serde::{Deserialize, Serialize};

/// The most appointments that are made at once.
pub const REPEAT_MAX: u16 = 200;

/// How often, and how many in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// Days, weeks or months.
    pub every: Every,
    /// How many of these from one to the next, at least 1.
    pub interval: u16,
    /// How many appointments in all, the first among them; 1 to [`REPEAT_MAX`].
    pub count: u16,
}

/// What lies between two (RFC 5545 §3.3.10 FREQ).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Every {
    Day,
    Week,
    Month,
}

impl Repeat {
    /// The starts, the first among them, at the same time of the clock; and what is left out. A month that has no such
    /// day is passed over (RFC 5545 §3.3.10) and does not count.
    pub fn starts(self, first: &Zoned) -> (Vec<Zoned>, Vec<LeftOut>) {
        let (mut starts, mut left_out) = (vec![first.clone()], Vec::new());
        let zone = first.time_zone();
        let (mut n, mut made) = (0_i64, 1);
        while made < self.count.min(REPEAT_MAX) && n < 10_000 {
            n += 1;
            let step = n * i64::from(self.interval.max(1));
            let span = match self.every {
                Every::Day => Span::new().try_days(step),
                Every::Week => Span::new().try_weeks(step),
                Every::Month => Span::new().try_months(step),
            };
            let Ok(at) = span.and_then(|span| first.datetime().checked_add(span)) else { break };
            if self.every == Every::Month && at.day() != first.day() {
                left_out.push(LeftOut::Month { last: at.date() });
                continue;
            }
            made += 1;
            match on_the_clock(at, zone) {
                Some(start) => starts.push(start),
                None => left_out.push(LeftOut::Day(at.date())),
            }
        }
        (starts, left_out)
    }
}

/// What a series leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// That time does not exist on this day: the clocks skip it.
    Day(Date),
    /// A month that is too short.
    Month {
        /// Its last day.
        last: Date,
    },
}

impl std::fmt::Display for Repeat {
    /// `weekly ×10`, `every 2 weeks ×26`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (one, unit) = match self.every {
            Every::Day => ("daily", "days"),
            Every::Week => ("weekly", "weeks"),
            Every::Month => ("monthly", "months"),
        };
        match self.interval {
            0 | 1 => write!(f, "{one} ×{}", self.count),
            several => write!(f, "every {several} {unit} ×{}", self.count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn days(first: &str, every: Every, interval: u16, count: u16) -> Vec<String> {
        let first: Zoned = first.parse().expect("a time");
        let (starts, _) = Repeat { every, interval, count }.starts(&first);
        starts.iter().map(|start| start.strftime("%m-%d %H:%M%z").to_string()).collect()
    }

    #[test]
    fn weekly_hour_keeps_its_time_when_the_clocks_change() {
        let seen = days("2026-10-19T09:00[Europe/Berlin]", Every::Week, 1, 3);
        assert_eq!(seen, ["10-19 09:00+0200", "10-26 09:00+0100", "11-02 09:00+0100"]);
        let seen = days("2026-10-19T09:00[Europe/Berlin]", Every::Week, 2, 2);
        assert_eq!(seen, ["10-19 09:00+0200", "11-02 09:00+0100"]);
    }

    #[test]
    fn month_without_such_a_day_is_passed_over() {
        let seen = days("2026-01-31T09:00[Europe/Berlin]", Every::Month, 1, 3);
        assert_eq!(seen, ["01-31 09:00+0100", "03-31 09:00+0200", "05-31 09:00+0200"]);
        let first: Zoned = "2026-01-31T09:00[Europe/Berlin]".parse().expect("a time");
        let (_, left_out) = Repeat { every: Every::Month, interval: 1, count: 3 }.starts(&first);
        let months = [date(2026, 2, 28), date(2026, 4, 30)].map(|last| LeftOut::Month { last });
        assert_eq!(left_out, months, "which is told");
    }

    #[test]
    fn time_the_clocks_skip_is_told() {
        let first: Zoned = "2027-03-27T02:30[Europe/Berlin]".parse().expect("a time");
        let (starts, left_out) = Repeat { every: Every::Day, interval: 1, count: 3 }.starts(&first);
        assert_eq!((starts.len(), left_out), (2, vec![LeftOut::Day(date(2027, 3, 28))]));
    }
}
