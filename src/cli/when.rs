//! Days and times as people write them.

use crate::base::{Failure, Kind};
use crate::record::appointment::on_the_clock;
use crate::record::schedule::line::read_day;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// A day as a typed appointment says one (2026-11-26, today, tue, 3 mar).
pub(super) fn day(text: Option<&str>, zone: &TimeZone) -> Result<Date, Failure> {
    let now = Timestamp::now().to_zoned(zone.clone());
    read_day(text.unwrap_or("today"), &now)
        .map_err(|unclear| Failure::new(Kind::Usage, unclear.to_string()).hint(unclear.hint()))
}

/// A day and time: "2026-11-26 15:00", "tomorrow 15:00" or "15:00".
pub(super) fn time(text: &str, zone: &TimeZone) -> Result<Zoned, Failure> {
    let text = text.trim();
    let (date, clock) = text.rsplit_once([' ', 'T']).map_or((None, text), |(date, clock)| (Some(date), clock));
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

    #[test]
    fn day_may_have_several_words_before_its_time() {
        let berlin = TimeZone::get("Europe/Berlin").expect("known");
        let at = |text: &str| time(text, &berlin).expect("a time").datetime().to_string();
        assert_eq!(at("3 mar 2027 15:00"), at("2027-03-03T15:00"));
        let fails = |text: &str| day(Some(text), &berlin).expect_err("no day");
        assert_eq!((fails("soon").kind, fails("11/12").message.as_str()), (Kind::Usage, "it can be two days"));
    }
}
