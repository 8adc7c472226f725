//! Days and times as people write them.

use crate::base::{Failure, Kind};
use crate::record::appointment::on_the_clock;
use crate::record::schedule::line::read_day;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// What stands between a day and a time.
const BETWEEN: [char; 3] = [' ', 'T', 't'];

/// A day as a typed appointment says one (2026-11-26, today, tue, 3 mar).
pub(super) fn day(text: Option<&str>, zone: &TimeZone) -> Result<Date, Failure> {
    day_at(text.unwrap_or("today"), &now_in(zone), None)
}

/// The start of something to come, as a typed appointment says it: "2026-11-26 15:00", "thu 15:00", or "15:00", which
/// is the next; or as JSON says it, with an offset.
pub(super) fn time(text: &str, zone: &TimeZone) -> Result<Zoned, Failure> {
    with_offset(text, zone).map_or_else(|| start(text, &now_in(zone)), Ok)
}

/// A time that says how far from UTC it is (RFC 3339).
fn with_offset(text: &str, zone: &TimeZone) -> Option<Zoned> {
    Some(text.trim().parse::<Timestamp>().ok()?.to_zoned(zone.clone()))
}

fn start(text: &str, now: &Zoned) -> Result<Zoned, Failure> {
    let (day, clock) = parts(text)?;
    let date = match day {
        Some(day) => day_at(day, now, Some(clock))?,
        None if clock > now.time() => now.date(),
        None => now.date().tomorrow().map_err(|_| not_a("day"))?,
    };
    at(date, clock, now.time_zone())
}

/// A time of today, or of a day that is named; or a day from its beginning.
pub(super) fn moment(text: &str, zone: &TimeZone) -> Result<Zoned, Failure> {
    if let Some(at) = with_offset(text, zone) {
        return Ok(at);
    }
    // A time's date alone would be read as a day, too.
    if text.contains(':') {
        let (date, clock) = parts(text)?;
        return at(day(date, zone)?, clock, zone);
    }
    let day = day(Some(text.trim()), zone).ok().and_then(|day| day.to_zoned(zone.clone()).ok());
    day.ok_or_else(|| not_a("time"))
}

/// Whether a time says no day.
pub(super) fn is_clock(text: &str) -> bool {
    !text.trim().contains(BETWEEN)
}

/// The day, if there is one, and the time of day.
fn parts(text: &str) -> Result<(Option<&str>, Time), Failure> {
    let text = text.trim();
    let (date, clock) = text.rsplit_once(BETWEEN).map_or((None, text), |(date, clock)| (Some(date), clock));
    let clock = Time::strptime("%H:%M", clock).or_else(|_| Time::strptime("%H:%M:%S", clock));
    let clock = clock.map_err(|_| not_a("time"))?;
    Ok((date, clock))
}

fn now_in(zone: &TimeZone) -> Zoned {
    Timestamp::now().to_zoned(zone.clone())
}

fn day_at(text: &str, now: &Zoned, time: Option<Time>) -> Result<Date, Failure> {
    read_day(text, now, time).map_err(|unclear| Failure::new(Kind::Usage, unclear.to_string()).hint(unclear.hint()))
}

fn at(date: Date, time: Time, zone: &TimeZone) -> Result<Zoned, Failure> {
    on_the_clock(date.to_datetime(time), zone)
        .ok_or_else(|| Failure::new(Kind::Usage, "that time does not exist on that day: the clocks skip it"))
}

fn not_a(what: &str) -> Failure {
    Failure::new(Kind::Usage, format!("that is not a {what}"))
        .hint("write 2026-11-26 or tomorrow for a day, \"2026-11-26 15:00\" for a time")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::schedule::line::{Given, Line};

    #[test]
    fn time_is_read_whole_or_not_at_all() {
        let berlin = TimeZone::get("Europe/Berlin").expect("known");
        let read = |text: &str| moment(text, &berlin).map(|at| at.strftime("%F %H:%M").to_string()).ok();
        for text in [
            "2026-12-03 15:00",
            "2026-12-03T15:00",
            "2026-12-03t15:00",
            "2026-12-03T14:00:00Z",
            "2026-12-03T09:00-05:00",
        ] {
            assert_eq!(read(text).as_deref(), Some("2026-12-03 15:00"), "{text}");
            assert_eq!(time(text, &berlin).ok(), moment(text, &berlin).ok(), "{text}");
        }
        for text in ["2026-12-03 15:00+01:00x", "15:00-05:00", "2026-12-03 2026-12-04T15:00x", "15", "noon-ish"] {
            assert_eq!((read(text), time(text, &berlin).is_err()), (None, true), "{text}");
        }
    }

    #[test]
    fn time_the_clocks_skip_is_refused_and_one_they_show_twice_is_the_first() {
        let berlin = TimeZone::get("Europe/Berlin").expect("known");
        assert_eq!(time("2027-03-28 02:30", &berlin).expect_err("skipped").kind, Kind::Usage);
        let twice = time("2027-10-31 02:30", &berlin).expect("the first");
        assert_eq!(twice.offset().seconds(), 2 * 3600);
    }

    #[test]
    fn start_is_still_to_come_as_in_a_typed_line() {
        let now: Zoned = "2026-11-26T10:47[Europe/London]".parse().expect("a Thursday");
        for (text, begins) in [
            ("thu 9:00", "2026-12-03T09:00"),
            ("thu 11:00", "2026-11-26T11:00"),
            ("9:00", "2026-11-27T09:00"),
            ("11:00", "2026-11-26T11:00"),
            ("today 9:00", "2026-11-26T09:00"),
            ("2026-11-26T09:00:00", "2026-11-26T09:00"),
        ] {
            let begins: jiff::civil::DateTime = begins.parse().expect("a time");
            assert_eq!(start(text, &now).map(|start| start.datetime()), Ok(begins), "{text}");
            let given = Given { now: &now, at: None, minutes: 50 };
            if let Ok(line) = Line::read(&format!("ada {text}"), &given) {
                assert_eq!(line.start.datetime(), begins, "ada {text}");
            }
        }
        assert!(is_clock(" 9:00") && !is_clock("thu 9:00") && !is_clock("2026-11-26T09:00"));
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
