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

/// A zone of that name with Chicago's or Denver's changes, and an event at nine.
fn with_changes(id: &str, offsets: [&str; 2], start: &str) -> String {
    let [winter, summer] = offsets;
    let zone = observance(
        "STANDARD",
        "16010101T020000",
        &format!("{summer} {winter}"),
        "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\n",
    ) + &observance(
        "DAYLIGHT",
        "16010101T020000",
        &format!("{winter} {summer}"),
        "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\n",
    );
    of_zone(id, &zone, start)
}

fn of_zone(id: &str, zone: &str, start: &str) -> String {
    calendar(&format!(
        "BEGIN:VTIMEZONE\nTZID:{id}\n{zone}END:VTIMEZONE\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=\"{id}\":{start}\n\
         RRULE:FREQ=MONTHLY;COUNT=7\nEND:VEVENT\n"
    ))
}

/// The first and the last of seven months.
fn ends(text: &str) -> [String; 2] {
    let feed = read(text).unwrap();
    [0, 6].map(|n| feed.entries[n].start.timestamp().to_string())
}

#[test]
fn what_the_file_defines_counts_where_it_is_another_zone() {
    let fixed = |offset: &str| observance("STANDARD", "16010101T000000", &format!("{offset} {offset}"), "");
    let hours = |hour: u8, then: u8| [format!("2026-02-02T{hour:02}:00:00Z"), format!("2026-08-02T{then:02}:00:00Z")];
    // A name that is another zone elsewhere; and one in whose place there is summer time.
    for (id, offset, hour) in [
        ("Mountain Standard Time (Mexico)", "-0700", 16),
        ("Central Asia Standard Time", "+0600", 3),
        ("(GMT-06:00) Saskatchewan", "-0600", 15),
        ("Eastern Standard Time", "-0500", 14),
        ("Pacific Standard Time", "+0100", 8),
    ] {
        assert_eq!(ends(&of_zone(id, &fixed(offset), "20260202T090000")), hours(hour, hour), "{id}");
    }
    // Names without summer time, defined with it.
    for id in ["EST", "GMT", "UTC-5", "SA Pacific Standard Time"] {
        assert_eq!(ends(&with_changes(id, ["-0500", "-0400"], "20260202T090000")), hours(14, 13), "{id}");
    }
    let exchange = format!("X-MICROSOFT-CDO-TZID:36\n{}", fixed("-0600"));
    assert_eq!(ends(&of_zone("Ours", &exchange, "20260202T090000")), hours(15, 15));
}

#[test]
fn known_zone_stands_for_a_definition_that_agrees_or_is_cut_off() {
    let zone = |text: &str| read(text).unwrap().entries[0].start.time_zone().iana_name().map(str::to_owned);
    let berlin = |kind: &str| observance(kind, "16010101T000000", "+0100 +0100", "");
    let both = observance("STANDARD", "16010101T030000", "+0200 +0100", "")
        + &observance("DAYLIGHT", "16010101T020000", "+0100 +0200", "");
    let ended = observance("STANDARD", "19701025T030000", "+0200 +0100", "RRULE:FREQ=YEARLY;UNTIL=20101025T010000Z\n")
        + &observance("DAYLIGHT", "19700329T020000", "+0100 +0200", "RRULE:FREQ=YEARLY;UNTIL=20100329T010000Z\n");
    let later = observance("STANDARD", "20350101T000000", "+0500 +0500", "");
    for definition in [berlin("STANDARD"), both, ended, later] {
        let text = of_zone("Europe/Vienna", &definition, "20260702T090000");
        assert_eq!(zone(&text).as_deref(), Some("Europe/Vienna"), "{definition}");
    }
    // A place is where it is, though the definition is older than the law there.
    let fixed = observance("STANDARD", "16010101T000000", "+0600 +0600", "");
    let almaty = ["2026-02-02T04:00:00Z", "2026-08-02T04:00:00Z"];
    assert_eq!(ends(&of_zone("Asia/Almaty", &fixed, "20260202T090000")), almaty);
    let mexico = with_changes("America/Mexico_City", ["-0600", "-0500"], "20260202T090000");
    assert_eq!(ends(&mexico), ["2026-02-02T15:00:00Z", "2026-08-02T15:00:00Z"]);
    // What leads back to the offset that its only change comes from is cut off.
    let winter = observance("STANDARD", "20071104T020000", "-0700 -0800", "");
    let pacific = ["2026-02-02T17:00:00Z", "2026-08-02T16:00:00Z"];
    assert_eq!(ends(&of_zone("Pacific Standard Time", &winter, "20260202T090000")), pacific);
    let agrees = with_changes("Central Standard Time", ["-0600", "-0500"], "20260702T090000");
    assert_eq!(zone(&agrees).as_deref(), Some("America/Chicago"));
}

#[test]
fn names_that_other_lists_have_wrong_are_right() {
    for (id, winter, summer) in [
        ("Mountain Standard Time (Mexico)", "-07", "-07"),
        ("Central Asia Standard Time", "+06", "+06"),
        ("\"(GMT-06:00) Saskatchewan\"", "-06", "-06"),
        ("Canada Central", "-06", "-06"),
        ("Dateline Standard Time", "-12", "-12"),
        ("E. Europe", "+02", "+03"),
        ("Manitoba Standard Time", "-06", "-05"),
    ] {
        for (day, offset) in [("20260112", winter), ("20260702", summer)] {
            let feed = read(&event(&format!("DTSTART;TZID={id}:{day}T090000")));
            assert_eq!(feed.unwrap().entries[0].start.offset().to_string(), offset, "{id}");
        }
    }
}
