//! Which zone a time is in.

use super::*;

#[test]
fn zones_have_the_names_that_windows_gives_them() {
    for (id, start) in [
        ("W. Europe Standard Time", "2026-01-12T09:00:00+01:00[Europe/Berlin]"),
        ("\"(UTC-05:00) Eastern Time (US & Canada)\"", "2026-01-12T09:00:00-05:00[America/New_York]"),
        ("Pacific Standard Time", "2026-01-12T09:00:00-08:00[America/Los_Angeles]"),
        ("/Europe/Vienna", "2026-01-12T09:00:00+01:00[Europe/Vienna]"),
    ] {
        assert_eq!(starts(&read(&event(&format!("DTSTART;TZID={id}:20260112T090000"))).unwrap()), [start], "{id}");
    }
}

#[test]
fn zone_that_nobody_knows_refuses_the_file() {
    assert_eq!(flaw(&event("DTSTART;TZID=Mars/Olympus:20260112T090000")), (6, Flaw::UnknownZone));
    // An offset in a name says nothing about summer.
    assert_eq!(flaw(&event("DTSTART;TZID=\"(UTC+01:00) Olympus\":20260112T090000")), (6, Flaw::UnknownZone));
}

/// Events of one zone that the file defines, read in Berlin: their starts there.
fn in_berlin(zone: &str, starts: &[&str]) -> Vec<String> {
    let event = |start: &&str| format!("BEGIN:VEVENT\nUID:{start}\nDTSTART;TZID=Custom:{start}\nEND:VEVENT\n");
    let events: String = starts.iter().map(event).collect();
    let feed = read(&calendar(&format!("{events}BEGIN:VTIMEZONE\nTZID:Custom\n{zone}END:VTIMEZONE\n"))).unwrap();
    assert!(feed.entries.iter().all(|entry| entry.start.time_zone() == &berlin()));
    feed.entries.iter().map(|entry| entry.start.strftime("%m-%d %H:%M").to_string()).collect()
}

fn observance(kind: &str, start: &str, offsets: &str, more: &str) -> String {
    let (from, to) = offsets.split_once(' ').unwrap();
    format!("BEGIN:{kind}\nDTSTART:{start}\nTZOFFSETFROM:{from}\nTZOFFSETTO:{to}\n{more}END:{kind}\n")
}

/// New York as Exchange describes it, from some year on.
fn new_york(year: &str) -> String {
    observance(
        "STANDARD",
        &format!("{year}0101T020000"),
        "-0400 -0500",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11\n",
    ) + &observance(
        "DAYLIGHT",
        &format!("{year}0101T020000"),
        "-0500 -0400",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3\n",
    )
}

#[test]
fn zone_that_only_the_file_knows_is_worked_out_by_its_own_rules() {
    // America puts its clocks forward three weeks before Europe does, and back one week after.
    let starts = ["20260112T090000", "20260316T090000", "20260406T090000", "20261026T090000", "20261102T090000"];
    let seen = ["01-12 15:00", "03-16 14:00", "04-06 15:00", "10-26 14:00", "11-02 15:00"];
    for year in ["1601", "0001", "1970", "2007"] {
        assert_eq!(in_berlin(&new_york(year), &starts), seen, "{year}");
    }
}

#[test]
fn series_in_a_zone_that_only_the_file_knows_keeps_its_hour_there() {
    let zone = format!("BEGIN:VTIMEZONE\nTZID:Custom\n{}END:VTIMEZONE\n", new_york("1601"));
    let event = "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Custom:20260302T090000\nRRULE:FREQ=WEEKLY;COUNT=5\nEND:VEVENT\n";
    let feed = read(&calendar(&format!("{zone}{event}"))).unwrap();
    let hours: Vec<_> = feed.entries.iter().map(|entry| entry.start.hour()).collect();
    assert_eq!(hours, [15, 14, 14, 14, 15]);
    assert_eq!(feed.entries[0].recurrence, "20260302T140000Z");
}

#[test]
fn later_rule_takes_the_place_of_an_older_one_that_has_no_end() {
    let old = observance("STANDARD", "16711029T020000", "-0400 -0500", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\n")
        + &observance("DAYLIGHT", "16710404T020000", "-0500 -0400", "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4\n");
    let starts = ["20251027T090000", "20260316T090000", "20061031T090000"];
    assert_eq!(in_berlin(&(old + &new_york("2007")), &starts), ["10-31 15:00", "10-27 14:00", "03-16 14:00"]);
}

#[test]
fn zone_of_single_changes_is_worked_out() {
    let zone = observance("DAYLIGHT", "20260329T020000", "+0100 +0200", "")
        + &observance("STANDARD", "20251026T030000", "+0200 +0100", "RDATE:20261025T030000\n");
    let starts = ["20260112T090000", "20260406T090000", "20261102T090000"];
    assert_eq!(in_berlin(&zone, &starts), ["01-12 09:00", "04-06 09:00", "11-02 09:00"]);
}

#[test]
fn zone_that_contradicts_itself_is_not_known() {
    let event = "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Custom:20260112T090000\nEND:VEVENT\n";
    let zone = |zone: &str| format!("BEGIN:VTIMEZONE\nTZID:Custom\n{zone}END:VTIMEZONE\n");
    // Both at once, without a rule; no offset; a rule for every second; twice, each time otherwise.
    for zones in [
        zone(
            &(observance("STANDARD", "16010101T030000", "+0200 +0100", "")
                + &observance("DAYLIGHT", "16010101T020000", "+0100 +0200", "")),
        ),
        zone("BEGIN:STANDARD\nDTSTART:16010101T000000\nEND:STANDARD\n"),
        zone(&observance("STANDARD", "16010101T000000", "+0200 +0100", "RRULE:FREQ=SECONDLY\n")),
        zone(""),
        zone(&new_york("1601")) + &zone(&new_york("1602")),
    ] {
        assert_eq!(flaw(&calendar(&format!("{event}{zones}"))), (6, Flaw::UnknownZone), "{zones}");
    }
    let same = zone(&new_york("1601")) + &zone(&new_york("1601"));
    assert_eq!(read(&calendar(&format!("{event}{same}"))).unwrap().entries.len(), 1);
}

#[test]
fn time_without_a_zone_is_the_calendars_where_it_names_its_own() {
    let times = "BEGIN:VEVENT\nUID:1\nDTSTART:20260112T090000\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:2\nDTSTART:20260112T090000Z\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:3\nDTSTART;TZID=Asia/Tokyo:20260112T190000\nEND:VEVENT\n\
        BEGIN:VTIMEZONE\nTZID:Asia/Tokyo\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0900\n\
        TZOFFSETTO:+0900\nEND:STANDARD\nEND:VTIMEZONE\n";
    let seen = |own: &str| starts(&read(&calendar(&format!("X-WR-TIMEZONE:{own}\n{times}"))).unwrap());
    let (utc, tokyo) = ("2026-01-12T10:00:00+01:00[Europe/Berlin]", "2026-01-12T19:00:00+09:00[Asia/Tokyo]");
    assert_eq!(seen("America/New_York"), [utc, tokyo, "2026-01-12T09:00:00-05:00[America/New_York]"]);
    assert_eq!(seen("UTC"), [utc, utc, tokyo]);
    assert_eq!(seen("Nowhere"), ["2026-01-12T09:00:00+01:00[Europe/Berlin]", utc, tokyo]);
}
