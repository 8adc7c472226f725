//! Times of an event that name no zone are of the form of its start.

use super::*;
use crate::base::Phi;

/// When each is, with its status.
fn seen(text: &str) -> Vec<String> {
    let feed = read(text).unwrap();
    let seen = feed.entries.iter().map(|entry| format!("{} {}", entry.start.timestamp(), entry.status.as_str()));
    seen.collect()
}

/// In New York from a Tuesday on at nine, with these lines and another event of the same UID.
fn new_york(start: &str, more: &str, other: &str) -> String {
    calendar(&format!(
        "{other}BEGIN:VEVENT\nUID:s\n{start}\nDURATION:PT50M\nRRULE:FREQ=WEEKLY;COUNT=3\n{more}END:VEVENT\n"
    ))
}

const ZONED: &str = "DTSTART;TZID=America/New_York:20261201T090000";
const UTC: &str = "DTSTART:20261201T090000Z";

#[test]
fn bare_exdate_is_on_the_clock_of_the_start() {
    let more = "EXDATE:20261208T090000\n";
    let zoned = ["2026-12-01T14:00:00Z booked", "2026-12-08T14:00:00Z cancelled", "2026-12-15T14:00:00Z booked"];
    assert_eq!(seen(&new_york(ZONED, more, "")), zoned);
    let utc = ["2026-12-01T09:00:00Z booked", "2026-12-08T09:00:00Z cancelled", "2026-12-15T09:00:00Z booked"];
    assert_eq!(seen(&new_york(UTC, more, "")), utc);
}

#[test]
fn bare_rdate_and_dtend_are_on_the_clock_of_the_start() {
    for more in ["RDATE:20261204T090000\n", "RDATE;VALUE=PERIOD:20261204T090000/20261204T095000\n"] {
        assert_eq!(seen(&new_york(ZONED, more, ""))[1], "2026-12-04T14:00:00Z booked");
        assert_eq!(seen(&new_york(UTC, more, ""))[1], "2026-12-04T09:00:00Z booked");
    }
    let feed = read(&event(&format!("{ZONED}\nDTEND:20261201T095000"))).unwrap();
    assert_eq!(feed.entries[0].end.to_string(), "2026-12-01T09:50:00-05:00[America/New_York]");
}

#[test]
fn bare_recurrence_id_is_on_the_clock_of_its_series() {
    let moved = ["2026-12-01T14:00:00Z booked", "2026-12-09T20:00:00Z booked", "2026-12-15T14:00:00Z booked"];
    // Whichever zone the exception itself is in, and wherever it stands.
    for start in ["DTSTART:20261209T200000Z", "DTSTART;TZID=America/New_York:20261209T150000"] {
        let other =
            format!("BEGIN:VEVENT\nUID:s\nRECURRENCE-ID:20261208T090000\n{start}\nDURATION:PT50M\nEND:VEVENT\n");
        assert_eq!(seen(&new_york(ZONED, "", &other)), moved, "{start}");
    }
    let broken = "BEGIN:VEVENT\nUID:s\nRECURRENCE-ID:20261208T090000\nDTSTART:soon\nEND:VEVENT\n";
    assert_eq!(seen(&new_york(ZONED, "", broken)), [moved[0], moved[2]]);
    let gone = "BEGIN:VEVENT\nUID:s\nRECURRENCE-ID:20261208T090000\nDTSTART;VALUE=DATE:20261208\nEND:VEVENT\n";
    assert_eq!(seen(&new_york(ZONED, "", gone))[1], "2026-12-08T14:00:00Z cancelled");
    let alone = "BEGIN:VEVENT\nUID:s\nRECURRENCE-ID:20261208T090000\nDTSTART:20261209T200000Z\nEND:VEVENT\n";
    assert_eq!(read(&calendar(alone)).unwrap().entries[0].recurrence, "20261208T090000Z");
}

#[test]
fn zone_of_a_series_is_the_same_in_its_exceptions() {
    // By the place's own rules there is no summer time any more; by the file's there is.
    let zone = "BEGIN:VTIMEZONE\nTZID:America/Sao_Paulo\nBEGIN:STANDARD\nDTSTART:20080217T000000\nTZOFFSETFROM:-0200\n\
        TZOFFSETTO:-0300\nRRULE:FREQ=YEARLY;BYDAY=3SU;BYMONTH=2\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:20081019T000000\n\
        TZOFFSETFROM:-0300\nTZOFFSETTO:-0200\nRRULE:FREQ=YEARLY;BYDAY=3SU;BYMONTH=10\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
    let at = |name: &str, day: &str| format!("{name};TZID=America/Sao_Paulo:2026{day}T090000\n");
    let series = |start: &str, out: &str, moved: &str| {
        format!(
            "{zone}BEGIN:VEVENT\nUID:s\n{}RRULE:FREQ=MONTHLY;COUNT=8\n{}END:VEVENT\nBEGIN:VEVENT\nUID:s\n{}\
             DTSTART:20261224T200000Z\nEND:VEVENT\n",
            at("DTSTART", start),
            at("EXDATE", out),
            at("RECURRENCE-ID", moved),
        )
    };
    let seen = seen(&calendar(&series("0506", "1106", "1206")));
    assert_eq!((seen.len(), seen[6].as_str()), (8, "2026-11-06T12:00:00Z cancelled"));
    assert_eq!(seen[7], "2026-12-24T20:00:00Z booked");
}

#[test]
fn day_that_is_added_is_at_the_hour_of_the_start() {
    let more = "RDATE;VALUE=DATE:20261204\nEXDATE;VALUE=DATE:20261208\n";
    assert_eq!(
        seen(&new_york(ZONED, more, "")),
        [
            "2026-12-01T14:00:00Z booked",
            "2026-12-04T14:00:00Z booked",
            "2026-12-08T14:00:00Z cancelled",
            "2026-12-15T14:00:00Z booked"
        ]
    );
}

#[test]
fn range_of_another_kind_changes_one_and_is_told() {
    let other = |range: &str| {
        format!(
            "BEGIN:VEVENT\nUID:s\nRECURRENCE-ID;RANGE={range}:20261208T090000\nDTSTART:20261208T200000Z\nEND:VEVENT\n"
        )
    };
    let read = |range: &str| read(&new_york(ZONED, "", &other(range))).unwrap();
    let hours = |feed: &Feed| feed.entries.iter().map(|entry| entry.start.timestamp().to_string()).collect::<Vec<_>>();
    let (prior, future) = (read("THISANDPRIOR"), read("thisandfuture"));
    assert_eq!(hours(&prior), ["2026-12-01T14:00:00Z", "2026-12-08T20:00:00Z", "2026-12-15T14:00:00Z"]);
    assert_eq!(prior.skipped, [feed::Skipped { line: 4, reason: Omission::OtherRange }]);
    assert_eq!((hours(&future)[2].as_str(), future.skipped.len()), ("2026-12-15T20:00:00Z", 0));
}

#[test]
fn rules_that_are_not_read_are_told_with_their_lines() {
    assert_eq!(flaw(&event(&format!("{ZONED}\nEXRULE:FREQ=WEEKLY;COUNT=2"))), (7, Flaw::ExceptionRule));
    assert_eq!(flaw(&event(&format!("{ZONED}\nSUMMARY:Ada\nRRULE:FREQ=WEEKLY;BYDAY=XX"))), (8, Flaw::BadRule));
    let plain = seen(&event(&format!("{ZONED}\nRRULE:RSCALE=GREGORIAN;FREQ=WEEKLY;SKIP=OMIT;COUNT=2")));
    assert_eq!(plain.len(), 2);
}

#[test]
fn midnight_to_midnight_that_is_called_all_day_is_all_day() {
    let marked = |times: &str, mark: &str| {
        let feed = read(&event(&format!("{times}\nX-MICROSOFT-CDO-ALLDAYEVENT:{mark}"))).unwrap();
        (feed.entries.len(), feed.skipped.first().map(|skipped| skipped.reason))
    };
    let day = "DTSTART;TZID=America/New_York:20261201T000000\nDTEND;TZID=America/New_York:20261202T000000";
    let here = "DTSTART:20261130T230000Z\nDTEND:20261201T230000Z";
    for times in [day, here] {
        assert_eq!(marked(times, "TRUE"), (0, Some(Omission::AllDay)), "{times}");
        assert_eq!(marked(times, "FALSE"), (1, None), "{times}");
    }
    assert_eq!(marked("DTSTART:20261201T090000\nDTEND:20261201T170000", "TRUE"), (1, None));
}

#[test]
fn newest_stamp_of_an_event_is_kept() {
    let one = |uid: u8, stamp: &str| format!("BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:{stamp}\n{UTC}\nEND:VEVENT\n");
    let all = [one(1, "20260102T000000Z"), one(1, "20260101T000000Z"), one(2, "zzzz0102T000000Z"), one(3, "")];
    let stamps = read(&calendar(&all.concat())).unwrap().stamps;
    assert_eq!([1, 2, 3].map(|uid| stamps.of(&Phi::new(format!("{uid}")))), [*b"20260102T000000Z", [0; 16], [0; 16]]);
}
