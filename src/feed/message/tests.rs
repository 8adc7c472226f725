mod number;

use super::answer::{Code, Received};
use crate::base::Stamp;
use crate::feed::{self, Broken, Feed, FeedError, Flaw, Omission, Reading, Scope, Skipped};
use crate::record::{AppointmentKind, AppointmentStatus, UNVERSIONED};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// 2026-01-05T12:00:00Z.
const NOW: Stamp = Stamp(1_767_614_400_000);

fn here() -> Reading {
    Reading::new(TimeZone::get("Europe/Berlin").expect("a zone everybody has"), NOW)
}

fn read(text: &str) -> Result<Feed, FeedError> {
    feed::read(text.as_bytes(), &here())
}

/// A message with that event and those segments behind MSH.
fn message(event: &str, segments: &[&str]) -> String {
    let mut text = format!("MSH|^~\\&|CLINIC|SOUTH|BEDSIDE|US|20260105120000||SIU^{event}^SIU_S12|M1|P|2.5.1\r");
    for segment in segments {
        text.push_str(segment);
        text.push('\r');
    }
    text
}

const SCH: &str = "SCH|A1|F1|||||CHECKUP^Check-up|ROUTINE|50|min|^^^202601120900";
const PID: &str = "PID|1||77^^^CLINIC^MR~88^^^2.16&1.2.3&ISO||Byron^Ada^King||18151210|F";

fn one(text: &str) -> crate::record::Imported {
    let feed = read(text).unwrap();
    assert_eq!((feed.entries.len(), &feed.skipped, &feed.broken), (1, &vec![], &vec![]), "{text}");
    feed.entries.into_iter().next().unwrap()
}

fn times(text: &str) -> (String, String) {
    let entry = one(text);
    let clock = |at: &jiff::Zoned| at.strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
    (clock(&entry.start), clock(&entry.end))
}

fn broken(text: &str) -> (usize, Flaw) {
    let feed = read(text).unwrap();
    assert!(feed.entries.is_empty());
    let Broken { line, flaw } = feed.broken[0];
    (line, flaw)
}

fn numbers(entry: &crate::record::Imported) -> Vec<(String, String)> {
    let pair = |of: &crate::record::Identifier| (of.system.expose().clone(), of.value.expose().clone());
    entry.identifiers.iter().map(pair).collect()
}

#[test]
fn message_becomes_an_appointment_on_the_practices_clocks() {
    let text = message("S12", &[SCH, PID, "RGS|1", "AIL|1||ROOM 4^^^SOUTH"]);
    let feed = read(&text).unwrap();
    assert_eq!((feed.scope, feed.name.as_ref().unwrap().expose().as_str()), (Scope::Message, "CLINIC SOUTH"));
    let entry = one(&text);
    assert_eq!((entry.uid.expose().as_str(), entry.recurrence.as_str()), ("A1", ""));
    assert_eq!(entry.subject.expose(), "Ada Byron");
    assert_eq!(entry.start.to_string(), "2026-01-12T09:00:00+01:00[Europe/Berlin]");
    assert_eq!(entry.end.to_string(), "2026-01-12T09:50:00+01:00[Europe/Berlin]");
    assert_eq!((entry.kind, entry.status), (AppointmentKind::InPerson, AppointmentStatus::Booked));
    let expected = [("CLINIC", "77"), ("urn:oid:1.2.3", "88")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(numbers(&entry), expected);
}

#[test]
fn event_and_code_say_how_the_appointment_stands() {
    use AppointmentStatus::{Arrived, Booked, Cancelled, Fulfilled, Noshow, Proposed};
    let coded = |event: &str, code: &str| one(&message(event, &[&format!("{SCH}||||||||||||||{code}"), PID])).status;
    for event in ["S12", "S13", "S14", "S18", "S19", "S20", "S21", "S22"] {
        assert_eq!(coded(event, "Booked"), Booked, "{event}");
    }
    assert_eq!([coded("S15", "Booked"), coded("S16", ""), coded("S17", "Complete")], [Cancelled; 3]);
    assert_eq!(coded("S26", "Booked"), Noshow);
    for (code, status) in [
        ("Cancelled^Cancelled^HL70278", Cancelled),
        ("CANCELED", Cancelled),
        ("Deleted", Cancelled),
        ("Discontinued", Cancelled),
        ("Noshow", Noshow),
        ("No Show", Noshow),
        ("Complete", Fulfilled),
        ("Started", Arrived),
        ("Pending", Proposed),
        ("Waitlist", Proposed),
        ("Overbook", Booked),
        ("Confirmed", Booked),
        ("", Booked),
        ("\"\"", Booked),
        ("^Cancelled by patient", Cancelled),
        ("CANC", Cancelled),
        ("Cancel", Cancelled),
        ("CX^Cancellation", Cancelled),
        ("^Clinician canceled", Cancelled),
        ("\"\"^CANCELED", Cancelled),
        ("4^No-Show^L", Noshow),
        ("X^Checked in", Arrived),
    ] {
        assert_eq!(coded("S14", code), status, "{code}");
    }
    assert_eq!(coded("S15", "what they like"), Cancelled, "what happened is known");
}

#[test]
fn what_a_message_says_twice_is_told_where_it_does_not_agree() {
    let second = "SCH|A2|F2|||||||50|min|^^^20260113090000";
    assert_eq!(broken(&message("S12", &[SCH, PID, second])), (4, Flaw::Repeated));
    let times = |lines: &[&str]| {
        let feed = read(&message("S12", &[&["SCH|A1|F1|||||||50|min", PID], lines].concat())).unwrap();
        (feed.entries.len(), feed.skipped.iter().map(|skipped| skipped.reason).collect::<Vec<_>>())
    };
    let [one, same, other] =
        ["20260112090000", "20260112090000", "20260119090000"].map(|start| format!("TQ1|1||||||{start}"));
    assert_eq!(times(&[&one, &same]), (1, vec![]));
    assert_eq!(times(&[&one, &other]), (1, vec![Omission::OtherTimes]));
    let both = "SCH|A1|F1|||||||50|min|^^^20260112090000~^^^20260119090000";
    let feed = read(&message("S12", &[both, PID])).unwrap();
    assert_eq!((feed.entries.len(), feed.skipped[0].reason), (1, Omission::OtherTimes));
    // For how long a room is kept does not matter where the time is known.
    let odd = "AIP|1||7^Doe|||20260112090000|||50|MINUTE(S)";
    assert_eq!(times(&[&one, odd]), (1, vec![]));
}

#[test]
fn status_that_nobody_knows_is_told() {
    for code in ["what they like", "9", "9^Elsewhere", "^Elsewhere"] {
        let text = message("S14", &[&format!("{SCH}||||||||||||||{code}"), PID]);
        let feed = read(&text).unwrap();
        assert_eq!((feed.entries.len(), feed.entries[0].status), (1, AppointmentStatus::Booked), "{code}");
        assert_eq!(feed.skipped, [Skipped { line: 1, reason: Omission::UnknownStatus }], "{code}");
        assert!(Received::read(text.as_bytes(), &here()).outcome.is_ok(), "it is taken over the wire, too");
    }
    let blocked = read(&message("S14", &[&format!("{SCH}||||||||||||||7^Blocked"), PID])).unwrap();
    assert_eq!((blocked.entries.len(), blocked.skipped[0].reason), (0, Omission::FreeBusy));
}

#[test]
fn message_that_does_not_say_when_it_was_sent_has_no_version() {
    let unsaid = |start: &str| message("S12", &[&SCH.replace("0900", start), PID]).replacen("20260105120000", "", 1);
    assert_eq!(one(&unsaid("1000")).sequence, UNVERSIONED);
    let first = |text: &str| read(text).unwrap().entries[0].start.hour();
    assert_eq!(first(&[unsaid("0900"), unsaid("1000")].concat()), 10);
    assert_eq!(first(&[message("S12", &[SCH, PID]), unsaid("1000")].concat()), 9);
}

#[test]
fn other_messages_and_slots_are_no_appointments() {
    let skipped = |text: &str| read(text).unwrap().skipped;
    for event in ["S23", "S24"] {
        assert_eq!(skipped(&message(event, &[SCH])), [Skipped { line: 1, reason: Omission::FreeBusy }]);
    }
    assert_eq!(skipped(&message("S12", &[&format!("{SCH}||||||||||||||Blocked")]))[0].reason, Omission::FreeBusy);
    assert_eq!(skipped(&message("S27", &[SCH]))[0].reason, Omission::Unknown);
    assert_eq!(skipped(&message("S12", &[]).replace("SIU^S12^SIU_S12", "ADT^A01"))[0].reason, Omission::Unknown);
}

#[test]
fn separators_are_those_of_the_message() {
    let usual = message("S12", &[SCH, PID, "AIL|1||ROOM 4^^^SOUTH"]);
    let other: String = usual
        .chars()
        .map(|c| match c {
            '|' => '*',
            '^' => ':',
            '~' => '!',
            '\\' => '?',
            '&' => ';',
            c => c,
        })
        .collect();
    assert_eq!(one(&other), one(&usual));
    // Version 2.7 has a fifth; some systems have fewer.
    assert_eq!(one(&usual.replacen("^~\\&", "^~\\&#", 1)), one(&usual));
    assert_eq!(one(&usual.replacen("^~\\&", "^", 1)).subject.expose(), "Ada Byron");
}

#[test]
fn missing_separators_are_told() {
    for head in [
        "MSH",
        "MSH|",
        "MSH||CLINIC",
        "MSH|^~\\&",
        "MSH^~\\&CLINIC^SOUTH",
        "MSH|^^\\&|CLINIC",
        "MSH CLINIC SOUTH",
        "MSH|^~\\&$#%|C",
    ] {
        let text = format!("{head}\r{SCH}\r");
        match read(&text) {
            Ok(feed) => {
                let (line, flaw) = (feed.broken[0].line, feed.broken[0].flaw);
                let expected = if head == "MSH|^~\\&" { Flaw::CutOff } else { Flaw::BadSeparators };
                assert_eq!((feed.entries.len(), line, flaw), (0, 1, expected), "{head}");
            }
            Err(error) => panic!("{head}: {error}"),
        }
    }
    let glued = message("S12", &["SCHA1F1", PID]);
    assert_eq!(broken(&glued), (2, Flaw::NotSegment));
}

#[test]
fn escapes_are_resolved() {
    let named = |family: &str| one(&message("S12", &[SCH, &format!("PID|1||||{family}^Ada")])).subject.expose().clone();
    assert_eq!(named("A\\F\\B\\S\\C\\T\\D\\R\\E\\E\\F"), "Ada A|B^C&D~E\\F");
    assert_eq!(named("Z\\XC3AB\\e"), "Ada Zëe");
    assert_eq!(named("By\\.br\\ron"), "Ada By ron");
    assert_eq!(named("\\H\\Byron\\N\\\\Zlocal\\\\C2842\\\\Xq\\\\XFF\\"), "Ada Byron");
    assert_eq!(named("Byron\\"), "Ada Byron\\");
    assert_eq!(named("\"\""), "Ada");
    assert_eq!(named("Byron&von&Byron"), "Ada Byron");
}

#[test]
fn character_set_is_the_one_that_is_named() {
    let text = |set: &str| message("S12", &[SCH, PID]).replacen("|2.5.1", &format!("|2.5.1||||||{set}"), 1);
    let bytes = |set: &str, name: &[u8]| {
        let text = text(set);
        let at = text.find("Byron").unwrap();
        [&text.as_bytes()[..at], name, &text.as_bytes()[at + 5..]].concat()
    };
    let subject =
        |bytes: &[u8]| feed::read(bytes, &here()).unwrap().entries.first().map(|one| one.subject.expose().clone());
    for set in ["", "ASCII", "UNICODE UTF-8", "UNICODE UTF-8~8859/1"] {
        assert_eq!(subject(&bytes(set, "Brontë".as_bytes())).unwrap(), "Ada Brontë", "{set}");
    }
    assert_eq!(subject(&bytes("8859/1", b"Bront\xeb")).unwrap(), "Ada Brontë");
    for set in ["", "ASCII", "8859/15", "WINDOWS-1252", "ISO8859-1"] {
        assert_eq!(subject(&bytes(set, b"Bront\xeb")).unwrap(), "Ada Brontë", "{set}");
    }
    let elsewhere = [bytes("", "Brontë".as_bytes()), b"NTE|1||cut off \xc3\r".to_vec()].concat();
    assert_eq!(subject(&elsewhere).unwrap(), "Ada Brontë", "each line for itself");
    assert_eq!(subject(&bytes("8859/5", b"\xb0")).unwrap(), "Ada А");
    let feed = feed::read(&bytes("UNICODE UTF-8", b"Bront\xeb"), &here()).unwrap();
    assert_eq!(feed.broken, [Broken { line: 3, flaw: Flaw::NotText }]);
    let feed = feed::read(&bytes("ISO IR87", b"Bront\xeb"), &here()).unwrap();
    assert_eq!(feed.broken, [Broken { line: 1, flaw: Flaw::UnknownCharset }]);
    assert_eq!(subject(&bytes("ISO IR87", b"Bronte")).unwrap(), "Ada Bronte", "it uses none of it");
}

#[test]
fn segments_end_with_cr_lf_or_both() {
    let cr = message("S12", &[SCH, PID]);
    let expected = one(&cr);
    for text in [
        cr.replace('\r', "\n"),
        cr.replace('\r', "\r\n"),
        cr.trim_end().to_owned(),
        format!("\u{feff}{cr}"),
        format!("\r\n\r\n{cr}"),
        format!("\u{b}{cr}\u{1c}\r"),
        format!("\u{b}{}\u{1c}\r\n", cr.trim_end()),
    ] {
        assert_eq!(one(&text), expected, "{text:?}");
    }
    let late = message("S12", &["SCH|A1|F1|||||||50|min|^^^2026011209xx", PID]);
    for text in [late.clone(), late.replace('\r', "\n"), late.replace('\r', "\r\n"), late.replace('\r', "\r\n\r\n")] {
        let line = if text.contains("\n\r\n") { 3 } else { 2 };
        assert_eq!(broken(&text), (line, Flaw::BadTime));
    }
}

#[test]
fn line_feed_inside_of_a_text_ends_no_segment() {
    let note = "NTE|1||bring the worksheet\nand a pen";
    assert_eq!(one(&message("S12", &[SCH, note, PID])), one(&message("S12", &[SCH, PID])));
    let edited = message("S12", &[SCH, note, PID]).replace('\r', "\n");
    assert_eq!(broken(&edited), (4, Flaw::NotSegment), "where all end so, nobody can tell");
}

#[test]
fn file_has_several_messages_of_which_the_newest_counts() {
    let moved = message("S13", &[&SCH.replace("0900", "1000"), PID]).replace("20260105120000", "20260106120000");
    let other = message("S12", &[&SCH.replace("A1|F1", "A2|F2").replace("0900", "0800"), PID]);
    let feed = read(&[message("S12", &[SCH, PID]), moved.clone(), other.clone()].concat()).unwrap();
    let hours: Vec<_> = feed.entries.iter().map(|entry| (entry.uid.expose().as_str(), entry.start.hour())).collect();
    assert_eq!(hours, [("A2", 8), ("A1", 10)], "in order of time");
    assert_eq!(feed.skipped, [Skipped { line: 1, reason: Omission::Outdated }]);
    let feed = read(&[moved, message("S12", &[SCH, PID]), other].concat()).unwrap();
    assert_eq!(feed.entries[1].start.hour(), 10, "newer is what was sent later");
    assert_eq!(feed.skipped, [Skipped { line: 4, reason: Omission::Outdated }]);
}

#[test]
fn batch_is_read_and_its_count_is_checked() {
    let (one, two) = (message("S12", &[SCH, PID]), message("S12", &[&SCH.replace("A1", "A2"), PID]));
    let batch = |end: &str| read(&format!("FHS|^~\\&|CLINIC\rBHS|^~\\&|CLINIC\r{one}{two}{end}")).unwrap();
    let whole = batch("BTS|2\rFTS|1\r");
    assert_eq!((whole.entries.len(), whole.broken), (2, vec![]));
    assert_eq!(batch("BTS|3\rFTS|1\r").broken, [Broken { line: 9, flaw: Flaw::WrongCount }]);
    assert_eq!(batch("BTS\rFTS\r").broken, []);
    let cut = batch("");
    let flaw = Flaw::CutOff;
    assert_eq!((cut.entries.len(), cut.broken), (2, vec![Broken { line: 1, flaw }, Broken { line: 2, flaw }]));
    assert_eq!(batch("BTS|2\rPID|1\rFTS|1\rx").broken[0], Broken { line: 10, flaw: Flaw::Outside });
}

#[test]
fn half_a_message_of_a_recorded_connection_is_told() {
    let (one, two) = (message("S12", &[SCH, PID]), message("S12", &[&SCH.replace("A1", "A2")]));
    let feed = read(&format!("\u{b}{one}\u{1c}\r\u{b}{two}")).unwrap();
    assert_eq!((feed.entries.len(), feed.broken), (1, vec![Broken { line: 5, flaw: Flaw::CutOff }]));
}

#[test]
fn broken_message_is_told_beside_the_sound_ones() {
    let sound = message("S12", &[SCH, PID]);
    let told = |segments: &[&str]| {
        let feed = read(&format!("{}{sound}", message("S12", segments))).unwrap();
        assert_eq!(feed.entries.len(), 1);
        (feed.broken[0].line, feed.broken[0].flaw)
    };
    assert_eq!(told(&[PID]), (1, Flaw::NoSchedule));
    assert_eq!(told(&["SCH|A1|F1", PID]), (2, Flaw::NoStart));
    assert_eq!(told(&["SCH|A1|F1|||||||50|min|^^^20260112", PID]), (2, Flaw::NoStart), "a day is no time");
    assert_eq!(told(&["SCH|A1|F1|||||||50|min|^^^202613120900", PID]), (2, Flaw::BadTime));
    assert_eq!(told(&["SCH|A1|F1|||||||50|fortnights|^^^202601120900", PID]), (2, Flaw::BadDuration));
    assert_eq!(told(&["SCH|A1|F1|||||||-50|min|^^^202601120900", PID]), (2, Flaw::BadDuration));
    assert_eq!(told(&["SCH|A1|F1|||||||||^^^202601120900^202601120800", PID]), (2, Flaw::EndsBeforeStart));
    assert_eq!(told(&["SCH|A1|F1", PID, "TQ1|1||||||20260112090x"]), (4, Flaw::BadTime));
    assert_eq!(told(&["SCH|A1|F1", PID, "AIS|1|A|X|2026011209+9999"]), (4, Flaw::BadTime));
}

#[test]
fn times_have_precision_and_offset() {
    let at = |time: &str| times(&message("S12", &[&SCH.replace("202601120900", time), PID])).0;
    assert_eq!(at("2026011209"), "2026-01-12 09:00:00 +01:00");
    assert_eq!(at("20260112090030"), "2026-01-12 09:00:30 +01:00");
    assert_eq!(at("20260112090030.1234"), "2026-01-12 09:00:30 +01:00");
    assert_eq!(at("202601120900+0000"), "2026-01-12 10:00:00 +01:00");
    assert_eq!(at("202601120900-0530"), "2026-01-12 15:30:00 +01:00");
    assert_eq!(at("202607120900"), "2026-07-12 09:00:00 +02:00");
    assert_eq!(at("20260112085960"), "2026-01-12 08:59:59 +01:00");
}

#[test]
fn sender_elsewhere_has_its_own_clocks() {
    let sent = |made: &str, start: &str| {
        let text = message("S12", &[&SCH.replace("202601120900", start), PID]);
        times(&text.replacen("20260105120000", made, 1)).0
    };
    // Its offset is the practice's: these are the practice's clocks, in summer too.
    assert_eq!(sent("20260105120000+0100", "202607120900"), "2026-07-12 09:00:00 +02:00");
    assert_eq!(sent("20260105120000-0500", "202601120900"), "2026-01-12 15:00:00 +01:00");
    assert_eq!(sent("20260105120000-0500", "202601120900+0100"), "2026-01-12 09:00:00 +01:00");
}

#[test]
fn length_is_found_wherever_it_is_said() {
    let end = |segments: &[&str]| times(&message("S12", segments)).1;
    let sch = |rest: &str| format!("SCH|A1|F1|||||||{rest}");
    let at_nine = "^^^202601120900";
    for (rest, until) in [
        ("50|min|^^^202601120900", "09:50:00"),
        ("50||^^^202601120900", "09:50:00"),
        ("1.5|HR|^^^202601120900", "10:30:00"),
        ("90|s^Seconds^ISO+|^^^202601120900", "09:01:30"),
        ("50|min|^^^202601120900^202601121000", "10:00:00"),
        ("50|min|^^M30^202601120900", "09:30:00"),
        ("50|min|^^2 hours^202601120900", "09:50:00"),
        ("||^^^202601120900", "09:00:00"),
    ] {
        assert_eq!(end(&[&sch(rest), PID]), format!("2026-01-12 {until} +01:00"), "{rest}");
    }
    let bare = sch(&format!("||{at_nine}"));
    let part = |part: &str| end(&[&bare, PID, "RGS|1", part]);
    assert_eq!(part("AIS|1|A|X|202601120900|||45|min"), "2026-01-12 09:45:00 +01:00");
    assert_eq!(part("AIS|1|A|X||10|min|45|min"), "2026-01-12 09:55:00 +01:00");
    assert_eq!(part("AIL|1||ROOM|||202601120900|||45|min"), "2026-01-12 09:45:00 +01:00");
    assert_eq!(part("TQ1|1|||||20^min|202601120900"), "2026-01-12 09:20:00 +01:00");
    assert_eq!(part("TQ1|1|||||20^min|202601121400|202601121500"), "2026-01-12 15:00:00 +01:00", "TQ1 before SCH-11");
}

#[test]
fn services_and_resources_say_when_it_is_where_nothing_else_does() {
    let of = |parts: &[&str]| times(&message("S12", &[&["SCH|A1|F1", PID, "RGS|1"], parts].concat()));
    let hours = |from: &str, to: &str| (format!("2026-01-12 {from}:00 +01:00"), format!("2026-01-12 {to}:00 +01:00"));
    let (first, second) = ("AIS|1|A|X|202601120900|||30|min", "AIS|2|A|Y|202601120930|||20|min");
    assert_eq!(of(&[second, first]), hours("09:00", "09:50"));
    assert_eq!(of(&["AIG|1|A|X|||||202601120900|||1|h"]), hours("09:00", "10:00"));
    assert_eq!(of(&["AIL|1||ROOM|||202601120900|||1|h", "AIP|1||DR|||202601121100"]), hours("09:00", "10:00"));
    assert_eq!(of(&["AIP|1||DR|||202601121100|||1|h"]), hours("11:00", "12:00"));
}

#[test]
fn visit_is_told_by_place_type_and_reason() {
    let kind = |sch: &str, more: &[&str]| one(&message("S12", &[&[sch, PID], more].concat())).kind;
    assert_eq!(kind(SCH, &[]), AppointmentKind::Visit);
    assert_eq!(kind(SCH, &["AIL|1||ROOM 4"]), AppointmentKind::InPerson);
    assert_eq!(kind(SCH, &["PV1|1|O|ROOM 4^1"]), AppointmentKind::InPerson);
    assert_eq!(kind(SCH, &["AIL|1||VIRT^Telehealth"]), AppointmentKind::Visit);
    assert_eq!(kind(&SCH.replace("ROUTINE", "VV^Video visit"), &["AIL|1||ROOM 4"]), AppointmentKind::Visit);
    let scope = "AIS|1|A|X^Video colonoscopy";
    assert_eq!(kind(SCH, &["AIL|1||ROOM 4", scope]), AppointmentKind::InPerson, "not every picture is a visit");
}

#[test]
fn what_is_cancelled_needs_no_time() {
    let bare = "SCH|A1|B1";
    let feed = read(&message("S15", &[bare, PID])).unwrap();
    assert_eq!((feed.entries.len(), feed.broken.len(), feed.settled.len()), (0, 0, 1));
    assert_eq!(feed.settled[0].uid.expose(), "A1");
    assert_eq!(read(&message("S12", &[bare, PID])).unwrap().broken[0].flaw, Flaw::NoStart);
    // Nor who is put back to wait for a time: that there is none is said.
    let waits = format!("{bare}{}Waitlist", "|".repeat(23));
    let feed = read(&message("S14", &[&waits, PID])).unwrap();
    assert_eq!((feed.entries.len(), feed.broken.len(), feed.settled.len()), (0, 0, 1));
    assert_eq!(feed.skipped.iter().map(|skipped| skipped.reason).collect::<Vec<_>>(), [Omission::NoTime]);
}

#[test]
fn nobody_is_named_by_the_reason() {
    assert_eq!(one(&message("S12", &[SCH])).subject.expose(), "Check-up");
    let numbered =
        one(&message("S12", &[SCH, "PID|1|5^^^OLD|77^^^CLINIC|9^^^ELSEWHERE|||||||||||||||000-00-0000|X1^BY"]));
    assert_eq!(numbered.subject.expose(), "Check-up");
    let systems: Vec<_> = numbers(&numbered).into_iter().map(|(system, _)| system).collect();
    assert_eq!(
        systems,
        ["CLINIC", "OLD", "ELSEWHERE", "BY DL"],
        "the list first; a number that stands for none is none"
    );
}

#[test]
fn everything_is_bounded() {
    let begin = Instant::now();
    let long = format!("NTE|1||{}", "x".repeat(super::MESSAGE_MAX_BYTES));
    assert_eq!(broken(&message("S12", &[SCH, &long])), (1, Flaw::TooLong));
    let many = "7^^^CLINIC~".repeat(1001);
    assert_eq!(broken(&message("S12", &[SCH, &format!("PID|1||{many}")])), (3, Flaw::TooManyParts));
    let people: Vec<_> = (1..1002).map(|n| format!("PID|{n}||{n}^^^CLINIC")).collect();
    let people: Vec<&str> = std::iter::once(SCH).chain(people.iter().map(String::as_str)).collect();
    assert_eq!(broken(&message("S12", &people)), (1003, Flaw::TooManyParts));
    assert_eq!(
        read(&format!("MSH|^~\\&|\r{}", "A\r".repeat(1_000_000))).unwrap_err(),
        Flaw::TooManyLines.at(1_000_001)
    );
    for filling in ["^", "~", "&", "|", "\\", "\\X", "\u{b}", "AIS|1||||||\r", "MSH|^~\\&|\r"] {
        let text = message("S12", &[&format!("{SCH}{}", filling.repeat(1_000_000 / filling.len()))]);
        let _ = read(&text);
        let _ = Received::read(text.as_bytes(), &here()).answer(None, NOW, "1");
    }
    let numbers: Vec<_> = (0..1000).map(|n| format!("{n:04}")).collect();
    let crowd: Vec<_> = (0..200).map(|n| format!("PID|{n}||{}||Byron^{n}", numbers.join("~"))).collect();
    let crowd: Vec<&str> = std::iter::once(SCH).chain(crowd.iter().map(String::as_str)).collect();
    let alone = Instant::now();
    assert_eq!(one(&message("S12", &crowd)).identifiers.len(), 50, "the others are left out");
    assert!(alone.elapsed() < Duration::from_secs(10), "took {:?}", alone.elapsed());
    let _ = read(&format!("MSH|^~\\&|{}", "\r\u{b}".repeat(feed::OTHER_MAX_BYTES / 2 - 100)));
    assert!(begin.elapsed() < Duration::from_secs(60), "took {:?}", begin.elapsed());
}

fn answer(text: &str) -> (Received, String) {
    let received = Received::read(text.as_bytes(), &here());
    let refusal = received.outcome.as_ref().err().cloned();
    let answer = String::from_utf8(received.answer(refusal.as_ref(), NOW, "B-7")).unwrap();
    (received, answer)
}

#[test]
fn answer_echoes_who_and_which() {
    let (received, said) = answer(&message("S12", &[SCH, PID]));
    assert_eq!(received.outcome.unwrap().entries.len(), 1);
    let expected = "MSH|^~\\&|BEDSIDE|US|CLINIC|SOUTH|20260105120000+0000||ACK^S12^ACK|B-7|P|2.5.1\rMSA|AA|M1\r";
    assert_eq!(said, expected);
    let text = message("S12", &[SCH, PID]).replace("|2.5.1", "|2.3||||||8859/1").replace("CLINIC|", "CL\\T\\C|");
    let (_, said) = answer(&text);
    assert!(said.starts_with(
        "MSH|^~\\&|BEDSIDE|US|CL\\T\\C|SOUTH|20260105120000+0000||ACK^S12^ACK|B-7|P|2.3||||||8859/1\rMSA|AA|M1\r"
    ));
    let (_, said) = answer("MSH*:*A*B*C*D*20260105**SIU:S12*9*T*2.4\rSCH*1**********:::2026011209\r");
    assert_eq!(said, "MSH*:*C*D*A*B*20260105120000+0000**ACK:S12:ACK*B-7*T*2.4\rMSA*AA*9\r");
}

#[test]
fn broken_message_is_answered_with_place_and_reason_and_nothing_of_it() {
    let (received, said) = answer(&message("S12", &["SCH|A1|F1", "PID|1||||Secret^Ada"]));
    assert_eq!(received.outcome.unwrap_err().code, Code::Error);
    let lines: Vec<_> = said.split_terminator('\r').collect();
    assert_eq!(lines[1], "MSA|AE|M1|it does not say when it starts");
    assert_eq!(lines[2], "ERR||SCH^1|101^Required field missing^HL70357|E||||it does not say when it starts");
    let (_, said) = answer(&message("S12", &["SCH|A1|F1", PID, "AIS|1|A|X|20260112", "AIS|2|A|X|202601129900"]));
    assert!(said.contains("|AE|M1|") && said.contains("ERR||AIS^2|102^"), "{said}");
    let (_, said) = answer(&message("S12", &["SCH|A1|F1", "Secret words", PID]));
    assert!(said.contains("MSA|AE|M1|") && said.contains("ERR|||100^") && !said.contains("Secret"), "{said}");
    let (_, said) = answer("MSH^~\\&SECRET\rSCH|A1\r");
    assert!(said.contains("MSA|AE||MSH does not say") && !said.contains("SECRET"), "{said}");
}

#[test]
fn what_is_not_for_a_schedule_is_rejected() {
    for (text, code) in [
        (message("S12", &[]).replace("SIU^S12^SIU_S12", "ADT^A01^ADT_A01"), "200"),
        (message("S23", &[SCH]), "201"),
        (message("S99", &[SCH]), "200"),
        ([message("S12", &[SCH]), message("S12", &[SCH])].concat(), "200"),
        ("FHS|^~\\&\rBHS|^~\\&\r".to_owned() + &message("S12", &[SCH]), "200"),
        (String::new(), "200"),
        ("GET / HTTP/1.1\r\n".to_owned(), "200"),
    ] {
        let (received, said) = answer(&text);
        assert_eq!(received.outcome.unwrap_err().code, Code::Rejected);
        assert!(said.contains("\rMSA|AR|") && said.contains(&format!("ERR|||{code}^")), "{said}");
    }
}

proptest! {
    #[test]
    fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = feed::read(&[b"MSH|^~\\&|".as_slice(), &bytes].concat(), &here());
        let _ = feed::read(&[b"MSH".as_slice(), &bytes].concat(), &here());
        let _ = Received::read(&bytes, &here()).answer(None, NOW, "1");
    }

    #[test]
    fn hostile_segments_never_panic(segments in proptest::collection::vec(
        "(SCH|TQ1|PID|AIS|AIG|AIL|AIP|PV1|NTE|MSH|BTS|FHS)(\\|(A1|[0-9]{4,14}([+-][0-9]{4})?|-?[0-9]{1,12}|(\\^|~|&){0,4}|\\^\\^M[0-9]{1,8}\\^[0-9]{8,14}|\\\\(X[0-9A-F]{0,4}|F|\\.br|)\\\\?|\\PC{0,8}|)){0,26}",
        0..12,
    )) {
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let text = message("S12", &segments);
        let _ = read(&text);
        // An answer is a message of its own, whatever it answers.
        let received = Received::read(text.as_bytes(), &here());
        let refusal = received.outcome.as_ref().err().cloned();
        let said = received.answer(refusal.as_ref(), NOW, "1");
        prop_assert!(said.starts_with(b"MSH|^~\\&|BEDSIDE|US|CLINIC|SOUTH|") && said.ends_with(b"\r"));
        prop_assert!(!said.contains(&0x0b) && !said.contains(&0x1c));
    }

    #[test]
    fn cut_off_message_is_whole_told_or_nothing(cut in 0usize..400) {
        let text = message("S12", &[SCH, PID, "RGS|1", "AIL|1||ROOM 4^^^SOUTH"]);
        let bytes = &text.as_bytes()[..cut.min(text.len())];
        let received = Received::read(bytes, &here());
        prop_assert!(received.outcome.is_err() || bytes.len() > text.find("PID").unwrap() - SCH.len());
    }
}
