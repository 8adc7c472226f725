use crate::base::Stamp;
use crate::feed::{self, Feed, FeedError, Flaw, Omission, Reading, Scope};
use crate::record::{AppointmentKind, AppointmentStatus};
use jiff::tz::TimeZone;
use proptest::prelude::*;

mod bound;
mod corpus;
mod form;
mod onwards;
mod outlook;
mod zone;

/// 2026-01-05T12:00:00Z, a Monday.
const NOW: Stamp = Stamp(1_767_614_400_000);

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").expect("a zone everybody has")
}

fn read(text: &str) -> Result<Feed, FeedError> {
    feed::read(text.as_bytes(), &here())
}

/// In Berlin, now.
fn here() -> Reading {
    Reading::new(berlin(), NOW)
}

/// A calendar of these lines.
fn calendar(body: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Clinic//EN\r\n{}END:VCALENDAR\r\n", lines(body))
}

/// An event of these lines, with a UID.
fn event(body: &str) -> String {
    calendar(&format!("BEGIN:VEVENT\nUID:1\n{body}\nEND:VEVENT\n"))
}

fn lines(body: &str) -> String {
    body.trim().lines().map(|line| format!("{}\r\n", line.trim_start_matches("    "))).collect()
}

fn starts(feed: &Feed) -> Vec<String> {
    feed.entries.iter().map(|entry| entry.start.to_string()).collect()
}

fn flaw(text: &str) -> (usize, Flaw) {
    match read(text) {
        Err(FeedError::Broken { line, flaw }) => (line, flaw),
        Ok(Feed { broken, .. }) if !broken.is_empty() => (broken[0].line, broken[0].flaw),
        other => panic!("expected a broken line, got {other:?}"),
    }
}

#[test]
fn event_becomes_an_appointment_in_its_zone() {
    let feed = read(&event(
        "SUMMARY:Ada Byron\nDTSTART;TZID=America/New_York:20260112T090000\nDURATION:PT50M\nSEQUENCE:3\nLOCATION:Room 4",
    ))
    .unwrap();
    let entry = &feed.entries[0];
    assert_eq!(feed.entries.len(), 1);
    assert_eq!(feed.program.unwrap().expose(), "-//Clinic//EN");
    assert_eq!(entry.uid.expose(), "1");
    assert_eq!(entry.subject.expose(), "Ada Byron");
    assert_eq!(entry.recurrence, "");
    assert_eq!(entry.sequence, 3);
    assert_eq!(entry.start.to_string(), "2026-01-12T09:00:00-05:00[America/New_York]");
    assert_eq!(entry.end.to_string(), "2026-01-12T09:50:00-05:00[America/New_York]");
    assert_eq!(entry.kind, AppointmentKind::InPerson);
    assert_eq!(entry.status, AppointmentStatus::Booked);
}

#[test]
fn floating_and_utc_times_are_shown_in_the_practice_zone() {
    let floating = read(&event("DTSTART:20260112T090000")).unwrap();
    let utc = read(&event("DTSTART:20260112T080000Z")).unwrap();
    assert_eq!(starts(&floating), ["2026-01-12T09:00:00+01:00[Europe/Berlin]"]);
    assert_eq!(starts(&utc), starts(&floating));
}

#[test]
fn folds_escapes_byte_order_mark_and_bare_line_feeds_are_read() {
    let text = "\u{feff}BEGIN:VCALENDAR\nX-WR-CALNAME:Practice\nBEGIN:VEVENT\nUID:a\n b\n\tc\nSUMMARY:Müller\\, Jo\n se\\; x\\\\y\nDTSTART:20260112T090000Z\nEND:VEVENT\nEND:VCALENDAR";
    let feed = read(text).unwrap();
    assert_eq!(feed.entries[0].uid.expose(), "abc");
    assert_eq!(feed.entries[0].subject.expose(), "Müller, Jose; x\\y");
    assert_eq!(feed.name.unwrap().expose(), "Practice");
}

#[test]
fn fold_inside_a_letter_is_joined_before_it_is_decoded() {
    let text = event("SUMMARY:Zoë\nDTSTART:20260112T090000Z");
    let mut bytes = text.into_bytes();
    let at = bytes.windows(2).position(|pair| pair == "ë".as_bytes()).unwrap() + 1;
    bytes.splice(at..at, b"\r\n ".iter().copied());
    assert_eq!(feed::read(&bytes, &here()).unwrap().entries[0].subject.expose(), "Zoë");
}

#[test]
fn rule_of_other_letters_is_broken() {
    for rule in ["FREQ=MONTHLY;BYDAY=ƲO", "FREQ=ƲAILY", "FREQ=DAILY;COUNT=٣"] {
        assert_eq!(flaw(&event(&format!("DTSTART:20260112T090000Z\nRRULE:{rule}"))).1, Flaw::BadRule, "{rule}");
    }
}

#[test]
fn attendee_stands_in_for_a_missing_summary() {
    let feed =
        read(&event("ATTENDEE;CN=\"Byron, Ada\";ROLE=REQ-PARTICIPANT:mailto:a@example.org\nDTSTART:20260112T090000Z"));
    assert_eq!(feed.unwrap().entries[0].subject.expose(), "Byron, Ada");
}

#[test]
fn place_tells_a_visit_from_a_meeting_in_the_practice() {
    let kind = |lines: &str| read(&event(&format!("DTSTART:20260112T090000Z\n{lines}"))).unwrap().entries[0].kind;
    for visit in [
        "SUMMARY:x",
        "LOCATION:",
        "LOCATION:https://example.org/room/7",
        "LOCATION:Zoom",
        "LOCATION:Videosprechstunde",
        "LOCATION:Room 4\nCONFERENCE;VALUE=URI:https://example.org/7",
        "LOCATION:Room 4\nX-GOOGLE-CONFERENCE:https://meet.google.com/abc",
        "LOCATION:Room 4\nX-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/7",
        "URL:https://clinic.example.org/event/7",
    ] {
        assert_eq!(kind(visit), AppointmentKind::Visit, "{visit}");
    }
    for room in ["LOCATION:Room 4", "LOCATION:12 High Street\\, Leeds\nURL:https://clinic.example.org/event/7"] {
        assert_eq!(kind(room), AppointmentKind::InPerson, "{room}");
    }
}

#[test]
fn status_and_method_say_where_it_stands() {
    let status = |text: &str| read(text).unwrap().entries[0].status;
    assert_eq!(status(&event("DTSTART:20260112T090000Z\nSTATUS:TENTATIVE")), AppointmentStatus::Proposed);
    assert_eq!(status(&event("DTSTART:20260112T090000Z\nSTATUS:CONFIRMED")), AppointmentStatus::Booked);
    assert_eq!(status(&event("DTSTART:20260112T090000Z\nSTATUS:CANCELLED")), AppointmentStatus::Cancelled);
    let cancel = event("DTSTART:20260112T090000Z").replace("VERSION:2.0", "METHOD:CANCEL");
    assert_eq!(status(&cancel), AppointmentStatus::Cancelled);
}

#[test]
fn weekly_series_keeps_its_hour_when_the_clocks_change() {
    let feed = read(&event("DTSTART;TZID=Europe/Berlin:20200107T090000\nDURATION:PT50M\nRRULE:FREQ=WEEKLY;BYDAY=TU"));
    let feed = feed.unwrap();
    // 30 days before to 400 days after.
    assert_eq!(feed.entries.len(), 62);
    assert!(feed.entries.iter().all(|entry| entry.start.strftime("%a %H:%M").to_string() == "Tue 09:00"));
    assert_eq!(feed.entries[0].recurrence, "20251209T080000Z");
    let summer = feed.entries.iter().find(|entry| entry.start.month() == 7).unwrap();
    assert_eq!(&summer.recurrence[9..], "070000Z");
}

#[test]
fn fortnightly_series_stays_in_step_over_the_years() {
    let feed = read(&event("DTSTART:20250107T090000\nRRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20260210T235959Z")).unwrap();
    let days: Vec<_> = feed.entries.iter().map(|entry| entry.start.date().to_string()).collect();
    assert_eq!(days, ["2025-12-09", "2025-12-23", "2026-01-06", "2026-01-20", "2026-02-03"]);
}

#[test]
fn count_is_counted_from_the_start() {
    let feed = read(&event("DTSTART:20251231T090000\nRRULE:FREQ=DAILY;COUNT=3")).unwrap();
    assert_eq!(feed.entries.len(), 3);
    assert_eq!(read(&event("DTSTART:20200101T090000\nRRULE:FREQ=DAILY;COUNT=3")).unwrap().entries.len(), 0);
}

#[test]
fn exceptions_take_their_places_in_a_series() {
    let feed = read(&calendar(
        "BEGIN:VEVENT
        UID:s
        SUMMARY:Ada
        DTSTART;TZID=Europe/Berlin:20260106T090000
        DTEND;TZID=Europe/Berlin:20260106T095000
        RRULE:FREQ=WEEKLY;COUNT=5
        RDATE;TZID=Europe/Berlin:20260108T110000
        EXDATE;TZID=Europe/Berlin:20260120T090000
        END:VEVENT
        BEGIN:VEVENT
        UID:s
        SUMMARY:Ada moved
        RECURRENCE-ID;TZID=Europe/Berlin:20260113T090000
        DTSTART;TZID=Europe/Berlin:20260114T100000
        DURATION:PT30M
        SEQUENCE:1
        END:VEVENT
        BEGIN:VEVENT
        UID:s
        SUMMARY:Ada later
        RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260127T090000
        DTSTART;TZID=Europe/Berlin:20260127T150000
        DURATION:PT50M
        END:VEVENT",
    ))
    .unwrap();
    let seen: Vec<_> = feed
        .entries
        .iter()
        .map(|entry| {
            format!("{} {} {}", entry.start.strftime("%m-%d %H:%M"), entry.subject.expose(), entry.status.as_str())
        })
        .collect();
    assert_eq!(
        seen,
        [
            "01-06 09:00 Ada booked",
            "01-08 11:00 Ada booked",
            "01-14 10:00 Ada moved booked",
            "01-20 09:00 Ada cancelled",
            "01-27 15:00 Ada later booked",
            "02-03 15:00 Ada later booked",
        ]
    );
    let alone = read(&calendar(
        "BEGIN:VEVENT
        UID:s
        RECURRENCE-ID;RANGE=THISANDFUTURE:20260127T090000Z
        DTSTART:20260127T150000Z
        DURATION:PT50M
        END:VEVENT",
    ))
    .unwrap();
    assert_eq!((alone.entries.len(), alone.skipped[0].reason), (1, Omission::FollowingElsewhere));
    assert_eq!(feed.entries[2].recurrence, "20260113T080000Z");
    assert_eq!(feed.entries[5].recurrence, "20260203T080000Z");
}

#[test]
fn highest_sequence_wins_in_any_order() {
    let text = calendar(
        "BEGIN:VEVENT\nUID:1\nSEQUENCE:2\nSUMMARY:new\nDTSTART:20260112T100000Z\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:1\nSEQUENCE:1\nSUMMARY:old\nDTSTART:20260112T080000Z\nEND:VEVENT\n",
    );
    let feed = read(&text).unwrap();
    assert_eq!(feed.entries.len(), 1);
    assert_eq!(feed.entries[0].subject.expose(), "new");
    assert_eq!(feed.skipped, [feed::Skipped { line: 10, reason: Omission::Outdated }]);
}

#[test]
fn of_equal_sequences_the_later_stamp_wins_and_then_the_later_place() {
    let one = |stamp: &str, summary: &str| {
        format!("BEGIN:VEVENT\nUID:1\nDTSTAMP:{stamp}\nSUMMARY:{summary}\nDTSTART:20260112T100000Z\nEND:VEVENT\n")
    };
    let winner = |events: String| read(&calendar(&events)).unwrap().entries[0].subject.expose().clone();
    assert_eq!(winner(one("20260102T000000Z", "a") + &one("20260101T000000Z", "b")), "a");
    assert_eq!(winner(one("20260101T000000Z", "a") + &one("20260101T000000Z", "b")), "b");
}

#[test]
fn moved_instance_without_its_master_is_an_appointment_of_its_own() {
    let moved =
        "RECURRENCE-ID;TZID=Europe/Berlin:20260113T090000\nDTSTART;TZID=Europe/Berlin:20260114T100000\nDURATION:PT30M";
    let feed = read(&event(moved)).unwrap();
    assert_eq!(starts(&feed), ["2026-01-14T10:00:00+01:00[Europe/Berlin]"]);
    assert_eq!(feed.entries[0].recurrence, "20260113T080000Z");
    // Cancelled likewise.
    let feed = read(&event(moved).replace("VERSION:2.0", "METHOD:CANCEL")).unwrap();
    assert_eq!((feed.entries[0].status, feed.scope), (AppointmentStatus::Cancelled, Scope::Message));
}

#[test]
fn instance_that_is_moved_and_taken_out_is_moved() {
    let feed = read(&calendar(
        "BEGIN:VEVENT\nUID:1\nDTSTART:20260112T090000\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE:20260112T090000\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260112T090000\nDTSTART:20260112T150000\nEND:VEVENT",
    ))
    .unwrap();
    let seen: Vec<_> = feed.entries.iter().map(|entry| (entry.start.hour(), entry.status)).collect();
    assert_eq!(seen, [(15, AppointmentStatus::Booked), (9, AppointmentStatus::Booked)]);
}

#[test]
fn answers_to_invitations_are_no_appointments() {
    for method in ["REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"] {
        let text = event("DTSTART:20260112T090000Z").replace("VERSION:2.0", &format!("METHOD:{method}"));
        let feed = read(&text).unwrap();
        assert_eq!((feed.entries.len(), feed.skipped), (0, vec![feed::Skipped { line: 4, reason: Omission::Answer }]));
    }
}

#[test]
fn end_of_a_rule_is_understood_in_every_form() {
    // To the eleventh and no further, or to the tenth.
    for (until, count) in [
        ("20260111T080000Z", 2),
        ("20260111T090000", 2),
        ("20260111", 2),
        ("20260111T075959Z", 1),
        ("20260110T235959", 1),
        ("20260101", 0),
    ] {
        let feed = read(&event(&format!("DTSTART;TZID=Europe/Berlin:20260110T090000\nRRULE:FREQ=DAILY;UNTIL={until}")));
        assert_eq!(feed.unwrap().entries.len(), count, "{until}");
    }
}

#[test]
fn series_of_another_time_is_left_out_with_a_reason() {
    let feed = read(&event("DTSTART:20200112T090000\nRRULE:FREQ=WEEKLY;COUNT=5")).unwrap();
    assert_eq!((feed.entries.len(), feed.skipped[0].reason), (0, Omission::Elsewhen));
}

#[test]
fn start_that_stands_there_twice_is_broken() {
    assert_eq!(flaw(&event("DTSTART:20260112T090000Z\nDTSTART:20260113T090000Z")), (7, Flaw::Repeated));
}

#[test]
fn lines_of_old_macs_and_lines_with_gaps_between_are_read() {
    let text = event("SUMMARY:Ada\n  Byron\nDTSTART:20260112T090000Z");
    for broken in ["\r", "\n", "\r\n\r\n", "\n\n"] {
        let feed = read(&text.replace("\r\n", broken)).unwrap();
        assert_eq!(feed.entries[0].subject.expose(), "Ada Byron", "{broken:?}");
    }
}

#[test]
fn what_is_no_appointment_is_left_out_with_a_reason() {
    let feed = read(&calendar(
        "BEGIN:VTODO\nUID:1\nBEGIN:VALARM\nTRIGGER:-PT5M\nEND:VALARM\nEND:VTODO\nBEGIN:VFREEBUSY\nUID:2\nEND:VFREEBUSY\n\
         BEGIN:VEVENT\nUID:3\nDTSTART;VALUE=DATE:20260112\nEND:VEVENT\nBEGIN:VEVENT\nUID:4\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:5\nDTSTART:20260112T090000Z\nRRULE:FREQ=SECONDLY\nEND:VEVENT\n",
    ))
    .unwrap();
    let seen: Vec<_> = feed.skipped.iter().map(|skipped| (skipped.line, skipped.reason)).collect();
    assert_eq!(
        seen,
        [
            (4, Omission::Task),
            (10, Omission::FreeBusy),
            (13, Omission::AllDay),
            (17, Omission::NoTime),
            (20, Omission::TooOften)
        ]
    );
    assert!(feed.entries.is_empty());
}

#[test]
fn broken_file_names_its_line_and_imports_nothing() {
    let sound = event("DTSTART:20260112T090000Z");
    assert_eq!(flaw(&sound.replace("END:VEVENT\r\nEND:VCALENDAR\r\n", "")), (4, Flaw::CutOff));
    assert_eq!(flaw(&sound.replace("UID:1", "UID 1")), (5, Flaw::NotProperty));
    assert_eq!(flaw(&sound.replace("END:VEVENT", "END:VTODO")), (7, Flaw::StrayEnd));
    assert_eq!(flaw(&format!("{sound}DTSTART:20260112T090000Z\r\n")), (9, Flaw::Outside));
    assert_eq!(flaw(&sound.replace("0112T09", "1340T09")), (6, Flaw::BadTime));
    assert_eq!(flaw(&sound.replace("0112T09", "0112T27")), (6, Flaw::BadTime));
    assert_eq!(flaw(&event("DTSTART:20260112T090000Z\nDTEND:20260111T090000Z")), (7, Flaw::EndsBeforeStart));
    assert_eq!(flaw(&event("DTSTART:20260112T090000Z\nDURATION:-PT5M")), (7, Flaw::BadDuration));
    assert_eq!(flaw(&event("DTSTART:20260112T090000Z\nRRULE:EVERY DAY")), (7, Flaw::BadRule));
    let mut bytes = sound.clone().into_bytes();
    let at = bytes.iter().position(|byte| *byte == b'1').unwrap();
    bytes[at] = 0xff;
    assert_eq!(feed::read(&bytes, &here()).unwrap().broken, [feed::Broken { line: 5, flaw: Flaw::NotText }]);
    assert!(matches!(read("name,date\nAda,2026"), Err(FeedError::UnknownTable)));
    assert!(matches!(read(""), Err(FeedError::UnknownFormat)));
    assert!(matches!(feed::read(&vec![b' '; feed::FILE_MAX_BYTES + 1], &here()), Err(FeedError::TooLarge)));
    assert_eq!(Flaw::CutOff.at(4).to_string(), "line 4: what begins here has no end; the file may be cut off");
}

#[test]
fn broken_entry_is_told_beside_the_sound_ones() {
    let feed = read(&calendar(
        "BEGIN:VEVENT\nUID:1\nDTSTART:20261340T080000Z\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nDTSTART:20260112T080000Z\nEND:VEVENT\n",
    ))
    .unwrap();
    assert_eq!((feed.entries.len(), feed.broken), (1, vec![feed::Broken { line: 6, flaw: Flaw::BadTime }]));
}

#[test]
fn published_calendar_is_whole_and_an_invitation_is_a_part() {
    let events = "BEGIN:VEVENT\nUID:1\nDTSTART:20260112T080000Z\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nDTSTART:20260112T080000Z\nEND:VEVENT";
    let scope = |method: &str| read(&calendar(events).replace("VERSION:2.0", method)).unwrap().scope;
    assert_eq!([scope("VERSION:2.0"), scope("METHOD:PUBLISH")], [Scope::Whole; 2]);
    assert_eq!([scope("METHOD:REQUEST"), scope("METHOD:CANCEL")], [Scope::Message; 2]);
    assert_eq!(read(&event("DTSTART:20260112T080000Z")).unwrap().scope, Scope::Part);
    assert_eq!(read(&calendar("X-WR-CALNAME:empty")).unwrap().scope, Scope::Whole);
    // A calendar of which one appointment is left.
    for name in ["X-WR-CALNAME:Practice", "NAME:Practice"] {
        let feed = read(&event("DTSTART:20260112T080000Z").replace("VERSION:2.0", name)).unwrap();
        assert_eq!((feed.scope, feed.name.unwrap().into_inner().as_str()), (Scope::Whole, "Practice"), "{name}");
    }
}

proptest! {
    #[test]
    fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = feed::read(&bytes, &here());
        let _ = feed::read(&[b"BEGIN:VCALENDAR\n".as_slice(), &bytes].concat(), &here());
    }

    #[test]
    fn hostile_lines_never_panic(lines in proptest::collection::vec(
        "(BEGIN|END|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|UID|SUMMARY|TZID|SEQUENCE|TZOFFSETTO)\
         (;TZID=(Europe/Berlin|X|\"UTC-1\")|;VALUE=(DATE|PERIOD|DATE-TIME)|;RANGE=X|)\
         :(VEVENT|VTIMEZONE|VCALENDAR|[0-9]{8}T[0-9]{6}Z?|[0-9]{8}|P[0-9]{1,12}[DW]|-?PT[0-9]{1,20}[HMS]\
         |FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY|HOURLY)(;(COUNT|INTERVAL|BYSETPOS|BYMONTHDAY|BYHOUR|BYWEEKNO|BYYEARDAY)=-?[0-9]{1,11}){0,3}(;UNTIL=[0-9]{8})?|\\PC{0,20})",
        0..12,
    )) {
        let body = lines.join("\n");
        let _ = read(&format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{body}\nEND:VEVENT\nEND:VCALENDAR\n"));
    }

    #[test]
    fn same_file_gives_the_same_appointments_with_distinct_keys(hour in 0u8..24, interval in 1u8..5, count in 1u16..400) {
        let text = event(&format!("DTSTART:20251201T{hour:02}0000\nRRULE:FREQ=DAILY;INTERVAL={interval};COUNT={count}"));
        let (once, twice) = (read(&text).unwrap(), read(&text).unwrap());
        prop_assert_eq!(&once.entries, &twice.entries);
        let keys: std::collections::BTreeSet<_> = once.entries.iter().map(|entry| entry.recurrence.clone()).collect();
        prop_assert_eq!(keys.len(), once.entries.len());
    }
}
