//! Days and times as people write them.

use crate::base::{Failure, Kind};
use crate::record::appointment::on_the_clock;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

/// A day: 2026-11-26, today, tomorrow or yesterday.
pub(super) fn day(text: Option<&str>, zone: &TimeZone) -> Result<Date, Failure> {
    let today = Zoned::now().with_time_zone(zone.clone()).date();
    let shifted = |days: i64| today.checked_add(days.days()).map_err(|_| not_a("day"));
    match text.unwrap_or("today") {
        "today" => Ok(today),
        "tomorrow" => shifted(1),
        "yesterday" => shifted(-1),
        text => text.parse().map_err(|_| not_a("day")),
    }
}

/// A day and time: "2026-11-26 15:00", "tomorrow 15:00" or "15:00".
pub(super) fn time(text: &str, zone: &TimeZone) -> Result<Zoned, Failure> {
    let text = text.trim();
    let (date, clock) = text.split_once([' ', 'T']).map_or((None, text), |(date, clock)| (Some(date), clock));
    let at = DateTime::from_parts(day(date, zone)?, clock.parse().map_err(|_| not_a("time"))?);
    on_the_clock(at, zone)
        .ok_or_else(|| Failure::new(Kind::Usage, "that time does not exist on that day: the clocks skip it"))
}

/// A time, or a day from its beginning.
pub(super) fn moment(text: &str, zone: &TimeZone) -> Result<Zoned, Failure> {
    // A time's date alone would be read as a day, too.
    if text.contains(':') {
        return time(text, zone);
    }
    day(Some(text.trim()), zone)?.to_zoned(zone.clone()).map_err(|_| not_a("day"))
}

fn not_a(what: &str) -> Failure {
    Failure::new(Kind::Usage, format!("that is not a {what}"))
        .hint("write 2026-11-26 or tomorrow for a day, \"2026-11-26 15:00\" for a time")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_the_clocks_skip_is_refused_and_one_they_show_twice_is_the_first() {
        let berlin = TimeZone::get("Europe/Berlin").expect("known");
        assert_eq!(time("2027-03-28 02:30", &berlin).expect_err("skipped").kind, Kind::Usage);
        let twice = time("2027-10-31 02:30", &berlin).expect("the first");
        assert_eq!(twice.offset().seconds(), 2 * 3600);
    }
}
