//! The same appointment in HL7 v2 and in FHIR: both readers must understand the same of it.

use super::{Feed, Reading, Scope, join, read};
use crate::base::Stamp;
use crate::record::appointment::filled;
use crate::record::{AppointmentKind, AppointmentStatus, Imported};
use jiff::tz::TimeZone;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn given(bytes: &[u8]) -> Feed {
    let reading = Reading::new(TimeZone::get("America/New_York").unwrap(), Stamp(1_631_600_000_000));
    read(bytes, &reading).unwrap()
}

fn one(feed: &Feed) -> &Imported {
    assert_eq!((feed.entries.len(), feed.broken.len()), (1, 0));
    &feed.entries[0]
}

/// Start, end, status, kind and patient's name.
fn agree(message: &Imported, resource: &Imported) {
    assert_eq!(message.start, resource.start);
    assert_eq!(message.end, resource.end);
    assert_eq!(message.status, resource.status);
    assert_eq!(message.kind, resource.kind);
    assert_eq!(message.subject, resource.subject);
    assert_eq!(message.uid, resource.uid);
    assert_eq!(message.recurrence, resource.recurrence);
}

/// A patient's numbers: who gave each, and the number.
fn numbers(entry: &Imported) -> Vec<(&str, &str)> {
    entry.identifiers.iter().map(|of| (of.system.expose().as_str(), of.value.expose().as_str())).collect()
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora/hl7-siu")
}

/// What old Windows programs save as "Unicode".
#[test]
fn calendars_messages_and_bundles_in_utf16_are_read_as_they_are() {
    let calendar = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Zoë\r\nDTSTART:20210924T071500Z\r\nDTEND:20210924T080500Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let message = "MSH|^~\\&|A|B|C|D|20210923||SIU^S12|1|P|2.5.1\rSCH|7||||||||||^^^20210924031500^20210924040500\rPID|1||1||BYRON^ADA\r";
    for text in [calendar, message] {
        let plain = given(text.as_bytes());
        for mark in ["", "\u{feff}"] {
            let text = format!("{mark}{text}");
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            for wide in [little, big] {
                assert_eq!(given(&wide).entries, plain.entries);
            }
        }
        assert_eq!(plain.entries.len(), 1);
    }
}

/// Messages with the bundles that another converter makes of them, where they are at hand.
#[test]
fn messages_agree_with_the_bundles_another_converter_makes_of_them() {
    use AppointmentStatus::{Booked, Cancelled, Noshow};
    for (name, status) in [("S12", Booked), ("S13", Booked), ("S14", Booked), ("S15", Cancelled), ("S26", Noshow)] {
        let file = |end: &str| std::fs::read(corpus().join(format!("SIU-{name}-01.{end}")));
        let (Ok(text), Ok(json)) = (file("hl7"), file("expected.json")) else { return };
        let (message, bundle) = (given(&text), given(&json));
        let (message, resource) = (one(&message), one(&bundle));
        agree(message, resource);
        assert_eq!((message.also.expose().as_str(), &message.also), ("36996", &resource.also));
        let clock = |at: &jiff::Zoned| at.strftime("%Y-%m-%d %H:%M %Z").to_string();
        assert_eq!(
            (clock(&message.start), clock(&message.end)),
            ("2021-09-24 03:15 EDT".into(), "2021-09-24 04:05 EDT".into())
        );
        assert_eq!((message.status, message.kind), (status, AppointmentKind::InPerson), "{name}");
        assert_eq!(message.subject.expose(), "ADAM EVERYMAN");

        // The appointment's numbers: the placer's; and where that is missing, the filler's.
        assert_eq!(message.uid.expose(), "12345");
        let text = String::from_utf8(text).unwrap().replace("SCH|12345|", "SCH||");
        let mut json: Value = serde_json::from_slice(&json).unwrap();
        for entry in json["entry"].as_array_mut().unwrap() {
            if entry["resource"]["resourceType"] == "Appointment" {
                assert_eq!(entry["resource"]["identifier"].as_array_mut().unwrap().remove(0)["value"], "12345");
            }
        }
        let (message, bundle) = (given(text.as_bytes()), given(json.to_string().as_bytes()));
        let (message, resource) = (one(&message), one(&bundle));
        agree(message, resource);
        assert_eq!(message.uid.expose(), &filled("36996"));

        // The patient's numbers, whoever gave them.
        let all = ["123456789", "1234567", "PATID1234", "PATID567", "PSSN123121234", "DLN-123"];
        let mut sorted: Vec<_> = numbers(message);
        sorted.sort_by_key(|(_, value)| all.iter().position(|known| known == value));
        // The converter makes addresses under example.com of names; the last part is what the message says.
        let mut others: Vec<_> =
            numbers(resource).into_iter().map(|(system, value)| (system.rsplit('/').next().unwrap(), value)).collect();
        others.sort_by_key(|(_, value)| all.iter().position(|known| known == value));
        for ((system, value), (other, same)) in sorted.iter().zip(&others) {
            assert_eq!(value, same);
            match *value {
                // PID-3 says `test1&2.16.1&HCD`: HCD is what sort of name 2.16.1 is (HD-3), and not who gave the
                // number; the converter takes it for that.
                "PATID1234" => assert_eq!((*system, *other), ("test1", "HCD")),
                _ => assert_eq!(system.rsplit('/').next().unwrap(), *other),
            }
        }
        assert_eq!(sorted.iter().map(|(_, value)| *value).collect::<Vec<_>>(), all);
        assert_eq!(others.len(), all.len());
    }
}

/// Our own, for where those are missing.
#[test]
fn message_agrees_with_its_resource() {
    let message = given(include_bytes!("../../tests/data/siu.hl7"));
    let bundle = given(include_bytes!("../../tests/data/siu.json"));
    let (message, resource) = (one(&message), one(&bundle));
    agree(message, resource);
    assert_eq!(numbers(message), numbers(resource));
    assert_eq!((message.also.expose().as_str(), &message.also), ("urn:oid:1.2.840.99.2|F-17", &resource.also));
    assert_eq!(message.subject.expose(), "Ada Byron");
    assert_eq!((message.uid.expose().as_str(), message.kind), ("urn:oid:1.2.840.99.1|A-17", AppointmentKind::Visit));
    assert_eq!(message.start.to_string(), "2026-01-12T03:00:00-05:00[America/New_York]");
}

#[test]
fn files_of_one_folder_are_as_new_as_they_say() {
    let event = |method: &str, sequence: u32, rule: &str| {
        given(
            format!(
                "BEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nUID:1\nSEQUENCE:{sequence}\n{rule}\nEND:VEVENT\nEND:VCALENDAR\n"
            )
            .as_bytes(),
        )
    };
    let series = || event("REQUEST", 1, "DTSTART:20210920T090000Z\nRRULE:FREQ=DAILY;COUNT=3");
    let cancelled = || event("CANCEL", 2, "");
    for files in [vec![series(), cancelled()], vec![cancelled(), series()]] {
        let feed = join(files);
        assert_eq!((feed.entries.len(), feed.settled.len(), feed.scope), (0, 2, Scope::Message));
    }
    assert_eq!(join(vec![event("CANCEL", 0, ""), series()]).entries.len(), 3, "an older cancellation");
    // Of one SEQUENCE the later DTSTAMP is newer.
    let stamped =
        |method: &str, hour: u32, start: &str| event(method, 0, &format!("DTSTAMP:20210901T{hour}0000Z{start}"));
    let at = |hour: u32| format!("\nDTSTART:20210920T{hour}0000Z");
    let (first, second) = (|| stamped("REQUEST", 10, &at(10)), || stamped("REQUEST", 11, &at(15)));
    for files in [vec![first(), second()], vec![second(), first()]] {
        let feed = join(files);
        assert_eq!(
            feed.entries.iter().map(|entry| entry.start.with_time_zone(TimeZone::UTC).hour()).collect::<Vec<_>>(),
            [15]
        );
    }
    for files in [vec![second(), stamped("CANCEL", 12, "")], vec![stamped("CANCEL", 12, ""), second()]] {
        assert_eq!(join(files).entries.len(), 0);
    }
    assert_eq!(join(vec![stamped("CANCEL", 10, ""), second()]).entries.len(), 1);
    // Each event for itself: what else is in the file says nothing of it.
    let whole = |at: [u32; 2]| {
        let event = |(uid, at): (usize, u32)| {
            format!(
                "BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20210901T{at}0000Z\nDTSTART:20210920T{at}0000Z\nDURATION:PT50M\nEND:VEVENT\n"
            )
        };
        let events: String = at.into_iter().enumerate().map(event).collect();
        given(format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n").as_bytes())
    };
    for files in [[[10, 13], [12, 11]], [[12, 11], [10, 13]]] {
        let feed = join(files.map(whole).into());
        let last = |uid: &str| {
            let of_it = feed.entries.iter().rfind(|entry| entry.uid.expose() == uid);
            of_it.expect("it is there").start.with_time_zone(TimeZone::UTC).hour()
        };
        assert_eq!([last("0"), last("1")], [12, 13], "the later counts");
    }
    let resource = |more: &str| {
        let own = r#""resourceType":"Appointment","id":"1","status":"booked","start":"2021-09-20T09:00:00Z""#;
        given(format!("{{{own}{more}}}").as_bytes())
    };
    let unsaid = || resource("");
    let updated = || resource(r#","meta":{"lastUpdated":"2021-09-01T00:00:00Z"}"#);
    for files in [vec![unsaid(), updated()], vec![updated(), unsaid()]] {
        assert_eq!(join(files).entries.len(), 2, "what says no version is not older");
    }
}

#[test]
fn files_of_one_folder_have_the_only_name_that_they_say() {
    let file = |head: &str| given(format!("BEGIN:VCALENDAR\n{head}\nEND:VCALENDAR\n").as_bytes());
    let [one, other] = ["Practice", "Home"].map(|name| format!("X-WR-CALNAME:{name}"));
    let by = |program: &str| file(&format!("PRODID:{program}"));
    for (files, name) in [
        (vec![file(&one), by("a")], Some("Practice")),
        (vec![by("a"), file(&one), file(&one)], Some("Practice")),
        (vec![file(&one), file(&other)], None),
        (vec![by("a"), by("b")], None),
    ] {
        let feed = join(files);
        assert_eq!((feed.name.as_ref().map(|name| name.expose().as_str()), feed.program), (name, None));
    }
}
