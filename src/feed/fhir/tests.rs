use crate::base::Stamp;
use crate::feed::{self, Broken, Feed, FeedError, Flaw, Omission, Reading, Scope, Skipped};
use crate::record::appointment::filled;
use crate::record::{AppointmentKind, AppointmentStatus, Imported, UNVERSIONED};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// 2026-01-05T12:00:00Z.
const NOW: Stamp = Stamp(1_767_614_400_000);

fn here() -> Reading {
    Reading::new(TimeZone::get("Europe/Berlin").expect("a zone everybody has"), NOW)
}

fn read(text: &str) -> Result<Feed, FeedError> {
    feed::read(text.as_bytes(), &here())
}

fn given(value: &Value) -> Feed {
    read(&value.to_string()).unwrap()
}

fn one(value: &Value) -> Imported {
    let feed = given(value);
    assert_eq!((feed.entries.len(), &feed.skipped, &feed.broken), (1, &vec![], &vec![]), "{value}");
    feed.entries.into_iter().next().unwrap()
}

/// An appointment with these elements instead of its own.
fn appointment(more: Value) -> Value {
    let mut value = json!({
        "resourceType": "Appointment", "id": "1", "status": "booked",
        "start": "2026-01-12T09:00:00+01:00", "end": "2026-01-12T09:50:00+01:00",
        "participant": [{"actor": {"reference": "Patient/7", "display": "Byron, Ada"}, "status": "accepted"}],
    });
    merge(&mut value, more);
    value
}

fn merge(value: &mut Value, more: Value) {
    let (Value::Object(value), Value::Object(more)) = (value, more) else { panic!("objects") };
    for (name, element) in more {
        if element.is_null() {
            value.remove(&name)
        } else {
            value.insert(name, element)
        };
    }
}

fn patient() -> Value {
    json!({
        "resourceType": "Patient", "id": "7",
        "identifier": [{"system": "urn:oid:1.2.3", "value": "77"}, {"value": "88"}, {"use": "old", "value": "66"}],
        "name": [{"use": "maiden", "family": "Gordon"}, {"use": "official", "family": "Byron", "given": ["Ada", "King"]}],
    })
}

fn bundle(kind: &str, resources: &[Value]) -> Value {
    let entry: Vec<_> = resources.iter().map(|resource| json!({"resource": resource})).collect();
    json!({"resourceType": "Bundle", "type": kind, "entry": entry})
}

fn numbers(entry: &Imported) -> Vec<(&str, &str)> {
    entry.identifiers.iter().map(|of| (of.system.expose().as_str(), of.value.expose().as_str())).collect()
}

#[test]
fn appointment_finds_its_patient_in_the_bundle() {
    let entry = one(&bundle("searchset", &[appointment(json!({})), patient()]));
    assert_eq!(entry.uid.expose(), "1");
    assert_eq!(entry.subject.expose(), "Ada Byron");
    assert_eq!(numbers(&entry), [("urn:oid:1.2.3", "77"), ("", "88")]);
    assert_eq!(entry.start.to_string(), "2026-01-12T09:00:00+01:00[Europe/Berlin]");
    assert_eq!(entry.end.to_string(), "2026-01-12T09:50:00+01:00[Europe/Berlin]");
    assert_eq!(
        (entry.kind, entry.status, entry.sequence),
        (AppointmentKind::Visit, AppointmentStatus::Booked, UNVERSIONED)
    );
}

#[test]
fn references_are_resolved_as_they_are_written() {
    let urls = |appointment_url: &str, reference: &str, patient_url: &str| {
        let booked = appointment(json!({"participant": [{"actor": {"reference": reference, "display": "?"}}]}));
        let entry = json!([
            {"fullUrl": appointment_url, "resource": booked}, {"fullUrl": patient_url, "resource": patient()},
        ]);
        one(&json!({"resourceType": "Bundle", "type": "collection", "entry": entry})).subject.expose().clone()
    };
    let (a, b) = ("https://a.example/fhir/Appointment/1", "https://a.example/fhir/Patient/7");
    for (url, reference, target) in [
        (a, "Patient/7", b),
        (a, b, b),
        (a, "Patient/7/_history/3", b),
        ("urn:uuid:1", "urn:uuid:2", "urn:uuid:2"),
        ("urn:uuid:1", "Patient/7", "urn:uuid:7"),
    ] {
        assert_eq!(urls(url, reference, target), "Ada Byron", "{url} {reference} {target}");
    }
    assert_eq!(urls(a, "https://b.example/fhir/Patient/7", b), "?", "another server's is somebody else");
    assert_eq!(urls(a, "Patient/8", b), "?");
    let inside = appointment(json!({
        "contained": [patient()], "participant": [{"actor": {"reference": "#7"}}],
    }));
    assert_eq!(one(&inside).subject.expose(), "Ada Byron");
}

#[test]
fn relative_reference_is_to_the_same_server() {
    let other = |name: &str| json!({"resourceType": "Patient", "id": "7", "name": [{"text": name}]});
    let entry = json!([
        {"fullUrl": "https://a.example/Patient/7", "resource": other("Ada")},
        {"fullUrl": "https://b.example/Patient/7", "resource": other("Mary")},
        {"fullUrl": "https://b.example/Appointment/1", "resource": appointment(json!({}))},
    ]);
    let mut value = json!({"resourceType": "Bundle", "type": "collection", "entry": entry});
    assert_eq!(one(&value).subject.expose(), "Mary");
    value["entry"][2]["fullUrl"] = json!("urn:uuid:1");
    assert_eq!(one(&value).subject.expose(), "Byron, Ada", "which of the two is not known");
    value["entry"].as_array_mut().unwrap().remove(1);
    assert_eq!(one(&value).subject.expose(), "Ada", "there is one only");
    value["entry"][1]["fullUrl"] = json!("https://b.example/Appointment/1");
    assert_eq!(one(&value).subject.expose(), "Byron, Ada", "another server's is somebody else");
    value["entry"][0].as_object_mut().unwrap().remove("fullUrl");
    assert_eq!(one(&value).subject.expose(), "Ada", "nothing says that it is another's");
}

#[test]
fn account_has_another_number_than_a_patient() {
    let of = |identifiers: Value| {
        let person = json!({"resourceType": "Patient", "id": "7", "identifier": identifiers});
        let entry = one(&bundle("collection", &[appointment(json!({})), person]));
        entry.identifiers.iter().map(crate::feed::person::token).collect::<Vec<_>>()
    };
    let typed = |system: &str, code: &str| {
        let own = json!({"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": code});
        json!({"value": "77", "system": system, "type": {"coding": [{"display": "?"}, {"code": "x"}, own]}})
    };
    let licence = json!({"value": "77", "type": {"coding": [{"code": "DL"}]}});
    let given = json!([typed("urn:oid:1.2", "AN"), typed("urn:oid:1.2", "DL"), typed("urn:oid:1.2", "MR"), licence]);
    assert_eq!(of(given), ["urn:oid:1.2|77", "urn:oid:1.2 DL|77", "DL|77"]);
    assert_eq!(of(json!([{"value": "77", "type": {"text": "MRN"}}])), ["77"]);
}

#[test]
fn later_version_is_for_whom_an_earlier_one_names_unless_it_means_somebody_else() {
    let version = |second: u32, participant: Value| {
        let meta = json!({"lastUpdated": format!("2026-01-05T10:00:0{second}Z")});
        appointment(json!({"meta": meta, "description": "Therapy", "participant": participant}))
    };
    let who = |id: &str, name: Option<&str>, status: &str| {
        let mut actor = json!({"reference": format!("Patient/{id}")});
        if let Some(name) = name {
            actor["display"] = json!(name);
        }
        json!({"actor": actor, "status": status})
    };
    let subjects = |later: Value| {
        let first = json!([who("1", Some("Ada"), "accepted"), who("2", Some("Tom"), "declined")]);
        let feed = given(&bundle("batch", &[version(0, first), version(1, later)]));
        feed.entries.iter().map(|entry| (entry.subject.expose().clone(), entry.unnamed)).collect::<Vec<_>>()
    };
    assert_eq!(subjects(json!([])), [("Ada".to_owned(), false)], "who declined does not come");
    assert_eq!(subjects(json!([who("3", None, "accepted")])), [("Therapy".to_owned(), false)], "it is somebody else's");
}

#[test]
fn several_that_have_an_orders_number_are_known_by_their_ids() {
    let order = json!([{"system": "urn:order", "value": "O1"}]);
    let of = |id: &str| appointment(json!({"id": id, "identifier": order}));
    assert_eq!(given(&bundle("collection", &["a", "b", "c"].map(of))).entries.len(), 3);
}

#[test]
fn rule_is_told_and_minutes_may_have_a_point() {
    let weekly = json!([{"recurrenceType": {}, "occurrenceCount": 6, "weeklyTemplate": {"monday": true}}]);
    let feed = given(&appointment(json!({"recurrenceTemplate": weekly})));
    assert_eq!((feed.entries.len(), feed.skipped[0].reason), (1, Omission::RuleUnread));
    let lasts = |minutes: Value| {
        let entry = one(&appointment(json!({"end": null, "minutesDuration": minutes})));
        entry.end.duration_since(&entry.start).as_mins()
    };
    assert_eq!([lasts(json!(50)), lasts(json!(50.0))], [50, 50]);
}

#[test]
fn patient_who_has_declined_is_not_booked() {
    use AppointmentStatus::{Booked, Cancelled};
    let will = |id: &str, status: &str| json!({"actor": {"reference": format!("Patient/{id}"), "display": id}, "status": status});
    let told = |participant: Value| {
        let feed = given(&appointment(json!({"participant": participant})));
        feed.entries.iter().map(|entry| (entry.subject.expose().clone(), entry.status)).collect::<Vec<_>>()
    };
    assert_eq!(told(json!([will("7", "declined")])), [("7".to_owned(), Cancelled)]);
    assert_eq!(told(json!([will("7", "tentative")])), [("7".to_owned(), Booked)]);
    let group = json!([will("7", "declined"), will("8", "accepted")]);
    assert_eq!(told(group), [("7".to_owned(), Cancelled), ("8".to_owned(), Booked)]);
    let doctor = json!({"actor": {"reference": "Practitioner/1"}, "status": "declined"});
    assert_eq!(told(json!([doctor, will("7", "accepted")])), [("7".to_owned(), Booked)]);
}

#[test]
fn patient_that_is_not_there_is_known_by_what_the_reference_says() {
    let actor =
        json!({"type": "Patient", "identifier": {"system": "urn:oid:1.2.3", "value": "77"}, "display": "Ada B."});
    let entry = one(&appointment(json!({"participant": [
        {"actor": {"reference": "Practitioner/1", "display": "Dr. Okafor"}}, {"actor": actor}, {"type": []},
    ]})));
    assert_eq!((entry.subject.expose().as_str(), numbers(&entry)), ("Ada B.", vec![("urn:oid:1.2.3", "77")]));
    let nobody = one(&appointment(json!({"participant": null, "description": "Team meeting"})));
    assert_eq!(nobody.subject.expose(), "Team meeting");
}

#[test]
fn every_status_of_fhir_is_one_of_a_practices_six() {
    use AppointmentStatus::{Arrived, Booked, Cancelled, Fulfilled, Noshow, Proposed};
    for (code, status) in [
        ("proposed", Proposed),
        ("pending", Proposed),
        ("booked", Booked),
        ("arrived", Arrived),
        ("fulfilled", Fulfilled),
        ("cancelled", Cancelled),
        ("noshow", Noshow),
        ("entered-in-error", Cancelled),
        ("checked-in", Arrived),
        ("waitlist", Proposed),
    ] {
        assert_eq!(one(&appointment(json!({"status": code}))).status, status, "{code}");
    }
    for wrong in [json!("Booked"), json!(null)] {
        assert_eq!(given(&appointment(json!({"status": wrong}))).broken, [Broken { line: 1, flaw: Flaw::BadStatus }]);
    }
}

#[test]
fn appointment_is_known_by_its_placers_number() {
    let typed = |code: &str, value: &str| json!({"value": value, "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": code}]}});
    let uid = |identifiers: Value| one(&appointment(json!({"identifier": identifiers}))).uid.expose().clone();
    assert_eq!(uid(json!([{"value": "x"}, typed("FILL", "F1"), typed("PLAC", "A1")])), "A1");
    assert_eq!(uid(json!([{"value": "x"}, typed("FILL", "F1")])), filled("F1"));
    assert_eq!(uid(json!([{"use": "old", "value": "w"}, {"system": "https://clinic.example", "value": "x"}])), "1");
    assert_eq!(uid(json!([{"system": "https://clinic.example"}])), "1", "no number, but an id");
    let other = json!({"id": null, "identifier": [{"system": "https://clinic.example", "value": "x"}]});
    assert_eq!(one(&appointment(other)).uid.expose(), "https://clinic.example|x");
    assert_eq!(given(&appointment(json!({"id": null}))).broken[0].flaw, Flaw::NoNumber);
    assert_eq!(one(&appointment(json!({"recurrenceId": 3}))).recurrence, "3");
    let also = |identifiers: Value| one(&appointment(json!({"identifier": identifiers}))).also.expose().clone();
    assert_eq!(also(json!([{"value": "x"}, typed("FILL", "F1"), typed("PLAC", "A1")])), "F1");
    assert_eq!(also(json!([{"value": "x"}, typed("FILL", "F1")])), "F1");
    assert_eq!(also(json!([{"value": "x"}, typed("PLAC", "A1")])), "");
}

#[test]
fn fourth_and_fifth_release_say_the_same_in_other_shapes() {
    let kind = |more: Value| {
        one(&bundle(
            "collection",
            &[
                appointment(more),
                json!({
                    "resourceType": "Location", "id": "4", "name": "Room 4",
                    "physicalType": {"coding": [{"code": "ro"}]}, "form": {"coding": [{"code": "ro"}]},
                }),
            ],
        ))
        .kind
    };
    let room = json!([{"actor": {"reference": "Location/4"}}]);
    let in_room = |mut more: Value| {
        merge(&mut more, json!({"participant": room}));
        kind(more)
    };
    assert_eq!(kind(json!({})), AppointmentKind::Visit);
    assert_eq!(in_room(json!({})), AppointmentKind::InPerson);
    assert_eq!(kind(json!({"participant": [{"actor": {"reference": "Location/9"}}]})), AppointmentKind::InPerson);
    for said in [
        json!({"serviceType": [{"text": "Telehealth"}]}),
        json!({"serviceType": [{"concept": {"coding": [{"display": "Video visit"}]}}]}),
        json!({"serviceType": [{"reference": {"reference": "HealthcareService/1"}, "concept": {"text": "Telemedicine"}}]}),
        json!({"class": [{"coding": [{"code": "VR"}]}]}),
        json!({"appointmentType": {"text": "Video"}}),
        json!({"reasonCode": [{"text": "Online consultation"}]}),
        json!({"reason": [{"concept": {"text": "Online consultation"}}]}),
        json!({"virtualService": [{"addressUrl": "https://meet.example/1"}]}),
        json!({"extension": [{"url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.virtualService"}]}),
    ] {
        assert_eq!(in_room(said.clone()), AppointmentKind::Visit, "{said}");
    }
    for virtuality in [
        json!({"physicalType": {"coding": [{"code": "vi"}]}}),
        json!({"form": {"coding": [{"code": "vi"}]}}),
        json!({"name": "Zoom"}),
    ] {
        let mut place = json!({"resourceType": "Location", "id": "4"});
        merge(&mut place, virtuality);
        let resources = [appointment(json!({"participant": room})), place];
        assert_eq!(one(&bundle("collection", &resources)).kind, AppointmentKind::Visit);
    }
    let subject =
        json!({"participant": [{"actor": {"reference": "Location/4"}}], "subject": {"reference": "Patient/7"}});
    assert_eq!(one(&bundle("collection", &[appointment(subject), patient()])).subject.expose(), "Ada Byron");
    for reason in ["cancelationReason", "cancellationReason"] {
        assert_eq!(
            one(&appointment(json!({"status": "cancelled", reason: {"text": "ill"}}))).status,
            AppointmentStatus::Cancelled
        );
    }
}

#[test]
fn slot_gives_its_time_to_an_appointment_and_is_none_alone() {
    let slot = |id: &str, from: &str, to: &str| {
        json!({"resourceType": "Slot", "id": id, "status": "busy",
            "start": format!("2026-01-12T{from}:00Z"), "end": format!("2026-01-12T{to}:00Z")})
    };
    let bare =
        appointment(json!({"start": null, "end": null, "slot": [{"reference": "Slot/2"}, {"reference": "Slot/1"}]}));
    let entry = one(&bundle("collection", &[bare, slot("1", "08:00", "08:25"), slot("2", "08:25", "08:50")]));
    assert_eq!(
        (entry.start.strftime("%H:%M").to_string(), entry.end.strftime("%H:%M").to_string()),
        ("09:00".into(), "09:50".into())
    );
    let alone = given(&bundle("searchset", &[appointment(json!({})), slot("1", "08:00", "08:25")]));
    assert_eq!((alone.entries.len(), alone.skipped), (1, vec![Skipped { line: 1, reason: Omission::FreeBusy }]));
}

#[test]
fn times_are_read_and_their_absence_is_told() {
    let span = |more: Value| {
        let entry = one(&appointment(more));
        let clock = |at: &jiff::Zoned| at.strftime("%m-%d %H:%M:%S").to_string();
        (clock(&entry.start), clock(&entry.end))
    };
    let both = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(span(json!({"end": null, "minutesDuration": 20})), both("01-12 09:00:00", "01-12 09:20:00"));
    assert_eq!(span(json!({"minutesDuration": 20})), both("01-12 09:00:00", "01-12 09:50:00"));
    assert_eq!(span(json!({"end": null})), both("01-12 09:00:00", "01-12 09:00:00"));
    assert_eq!(span(json!({"start": "2026-01-12T08:00:00.123Z"})), both("01-12 09:00:00", "01-12 09:50:00"));
    assert_eq!(
        span(json!({"start": "2026-01-12T08:30:00"})).0,
        "01-12 08:30:00",
        "without an offset it is the practice's"
    );
    let flaw = |more: Value| given(&appointment(more)).broken[0].flaw;
    assert_eq!(flaw(json!({"start": "2026-01-12"})), Flaw::BadTime);
    assert_eq!(flaw(json!({"start": "soon"})), Flaw::BadTime);
    assert_eq!(flaw(json!({"start": null})), Flaw::NoStart);
    assert_eq!(flaw(json!({"end": "2026-01-12T08:00:00+01:00"})), Flaw::EndsBeforeStart);
    for status in ["proposed", "pending", "waitlist"] {
        let feed = given(&appointment(json!({"start": null, "end": null, "status": status})));
        assert_eq!(feed.skipped, [Skipped { line: 1, reason: Omission::NoTime }], "{status}");
        assert_eq!((feed.entries.len(), feed.settled.len()), (0, 1), "{status}: nothing of it is at the time it had");
        assert_eq!(feed.settled[0].uid.expose(), "1");
        let feed = given(&appointment(json!({"id": null, "start": null, "end": null, "status": status})));
        assert_eq!(
            (feed.skipped[0].reason, feed.settled.len(), feed.broken),
            (Omission::NoTime, 0, vec![]),
            "{status}"
        );
    }
    let feed = given(&appointment(json!({"start": null, "end": null, "status": "cancelled"})));
    assert_eq!((feed.entries.len(), feed.skipped.len(), feed.settled.len()), (0, 0, 1), "it has a number");
}

#[test]
fn ndjson_is_a_resource_a_line() {
    let lines = [
        patient().to_string(),
        String::new(),
        appointment(json!({})).to_string(),
        "{\"resourceType\":\"Appoint".to_owned(),
        appointment(json!({"id": "2", "start": 5})).to_string(),
        appointment(json!({"id": "3"})).to_string(),
    ];
    let feed = read(&lines.join("\r\n")).unwrap();
    assert_eq!((feed.entries.len(), feed.scope), (2, Scope::Part));
    assert!(feed.entries.iter().all(|entry| entry.subject.expose() == "Ada Byron"));
    assert_eq!(feed.broken, [Broken { line: 4, flaw: Flaw::NotJson }, Broken { line: 5, flaw: Flaw::BadResource }]);
}

#[test]
fn lines_are_those_of_the_file() {
    let mut broken = appointment(json!({"id": "2"}));
    broken["status"] = json!(["booked"]);
    let text = serde_json::to_string_pretty(&bundle(
        "searchset",
        &[patient(), appointment(json!({"status": "soon"})), broken],
    ))
    .unwrap();
    let line_of = |what: &str| 1 + text.lines().position(|line| line.contains(what)).unwrap();
    let feed = read(&format!("\n{text}\n")).unwrap();
    let statuses = 1 + text.lines().position(|line| line.contains("\"status\": [")).unwrap();
    assert_eq!(feed.broken[1], Broken { line: statuses + 1, flaw: Flaw::BadResource });
    let begins = text
        .lines()
        .take(line_of("\"soon\""))
        .enumerate()
        .filter(|(_, line)| line.contains("\"resource\": {"))
        .last()
        .unwrap()
        .0;
    assert_eq!(feed.broken[0], Broken { line: begins + 2, flaw: Flaw::BadStatus });
    let half = &text[..text.len() / 2];
    assert_eq!(read(half).unwrap_err(), Flaw::CutOff.at(1));
    let wrong = text.replacen("\"status\": \"soon\"", "\"status\" \"soon\"", 1);
    assert_eq!(read(&wrong).unwrap_err(), Flaw::NotJson.at(line_of("\"soon\"")));
    assert_eq!(feed::read(b"{\"resourceType\":\n\"\xff\"}", &here()).unwrap_err(), Flaw::NotText.at(2));
    assert!(matches!(read("{\"name\": \"Ada\"}"), Err(FeedError::UnknownFormat)));
}

#[test]
fn type_of_the_bundle_says_whether_somebody_changed_something() {
    for (kind, scope) in [
        ("searchset", Scope::Part),
        ("collection", Scope::Part),
        ("transaction", Scope::Message),
        ("message", Scope::Message),
    ] {
        assert_eq!(given(&bundle(kind, &[appointment(json!({}))])).scope, scope, "{kind}");
    }
    assert_eq!(given(&appointment(json!({}))).scope, Scope::Message);
    let header =
        json!({"resourceType": "MessageHeader", "source": {"name": "Clinic South", "endpoint": "https://a.example"}});
    assert_eq!(given(&bundle("message", &[header, appointment(json!({}))])).name.unwrap().expose(), "Clinic South");
    let mut deletes = bundle("transaction", &[]);
    deletes["entry"] = json!([{"request": {"method": "DELETE", "url": "Appointment/1"}}]);
    assert_eq!(given(&deletes).skipped, [Skipped { line: 1, reason: Omission::Deletion }]);
    assert_eq!(given(&bundle("collection", &[])).entries, []);
    let inside =
        bundle("collection", &[bundle("searchset", &[appointment(json!({}))]), appointment(json!({"id": "2"}))]);
    assert_eq!((given(&inside).entries.len(), given(&inside).skipped.len()), (1, 1), "it is told");
    assert_eq!(given(&json!({"resourceType": "Observation"})).skipped[0].reason, Omission::Unknown);
}

#[test]
fn newest_version_counts() {
    let version = |updated: &str, start: &str| {
        appointment(json!({"meta": {"lastUpdated": updated}, "start": start, "end": null}))
    };
    let (old, new) = (
        version("2026-01-01T00:00:00Z", "2026-01-12T09:00:00Z"),
        version("2026-01-02T00:00:00Z", "2026-01-13T09:00:00Z"),
    );
    for resources in [[old.clone(), new.clone()], [new, old]] {
        let feed = given(&bundle("searchset", &resources));
        assert_eq!((feed.entries.len(), feed.entries[0].start.day()), (1, 13));
        assert_eq!(feed.skipped[0].reason, Omission::Outdated);
    }
    let unsaid = |day: u8| appointment(json!({"start": format!("2026-01-{day}T09:00:00Z"), "end": null}));
    let first = |kind: &str| given(&bundle(kind, &[unsaid(14), unsaid(12)])).entries[0].start.day();
    assert_eq!((first("history"), first("searchset")), (14, 12), "a history has the newest first");
}

#[test]
fn without_a_version_it_is_as_new_as_the_bundle() {
    let versions = |mut value: Value, timestamp: Value| {
        value["timestamp"] = timestamp;
        let feed = given(&value);
        assert_eq!(feed.settled.len(), feed.entries.len());
        feed.entries
            .iter()
            .zip(&feed.settled)
            .for_each(|(entry, settled)| assert_eq!(entry.sequence, settled.sequence));
        (feed.entries[0].sequence, feed.entries[0].start.day())
    };
    let unsaid = || appointment(json!({"start": "2026-01-14T09:00:00Z", "end": null}));
    let updated = || appointment(json!({"meta": {"lastUpdated": "1970-01-01T00:00:07Z"}}));
    let made = || json!("1970-01-01T00:01:00Z");
    assert_eq!(versions(bundle("searchset", &[unsaid()]), made()), (60, 14));
    assert_eq!(versions(bundle("searchset", &[unsaid()]), json!(null)), (UNVERSIONED, 14));
    assert_eq!(versions(bundle("searchset", &[unsaid()]), json!("yesterday")), (UNVERSIONED, 14));
    assert_eq!(versions(bundle("searchset", &[updated()]), made()), (7, 12));
    for resources in [[updated(), unsaid()], [unsaid(), updated()]] {
        assert_eq!(versions(bundle("searchset", &resources), made()), (7, 12), "in one file that which says one");
    }
}

#[test]
fn everything_is_bounded() {
    let begin = Instant::now();
    let wrap = |inner: &str| {
        format!(
            "{{\"resourceType\":\"Bundle\",\"entry\":[{{\"resource\":{{\"resourceType\":\"Appointment\",{inner}}}}}]}}"
        )
    };
    let deep = |open: &str, close: &str, depth: usize| format!("{}{}", open.repeat(depth), close.repeat(depth));
    for depth in [100, 127, 128, 10_000, 1_000_000] {
        let feed = read(&wrap(&format!("\"x\":{}", deep("[", "]", depth)))).unwrap();
        assert_eq!(feed.broken[0].flaw, Flaw::BadStatus, "passed over, however deep");
        let nested = format!("\"appointmentType\":{}{{}}{}", "{\"concept\":".repeat(depth), "}".repeat(depth));
        let _ = read(&wrap(&nested)).unwrap();
        let _ = read(&format!("{{\"resourceType\":{}", deep("[", "]", depth)));
        let _ = read(&format!("{{\"resourceType\":\"x\",\"a\":{}", "[".repeat(depth)));
    }
    let attendees = |count: usize| format!("\"status\":\"booked\",\"participant\":[{}{{}}]", "{},".repeat(count - 1));
    assert_eq!(read(&wrap(&attendees(1_000_000))).unwrap().broken[0].flaw, Flaw::TooManyParts);
    assert_eq!(read(&wrap(&attendees(1000))).unwrap().broken[0].flaw, Flaw::NoStart);
    let entries = format!("{{\"resourceType\":\"Bundle\",\"entry\":[{}{{}}]}}", "{},".repeat(2_000_000));
    assert_eq!(read(&entries).unwrap().entries.len(), 0);
    let appointment = "{\"resource\":{\"resourceType\":\"Appointment\",\"id\":\"1\",\"status\":\"booked\",\"start\":\"2026-01-12T09:00:00Z\"}},";
    let many = format!("{{\"resourceType\":\"Bundle\",\"entry\":[{}{{}}]}}", appointment.repeat(20_000));
    let feed = read(&many).unwrap();
    assert_eq!((feed.entries.len(), feed.skipped.len()), (1, 1), "one that is there 20000 times, in one line");
    assert!(begin.elapsed() < Duration::from_secs(60), "took {:?}", begin.elapsed());
}

#[test]
fn numbers_of_patients_are_bounded() {
    let begin = Instant::now();
    let known = |count: usize, length: usize| {
        let number = |n: usize| json!({"system": "s".repeat(length), "value": format!("{n:0length$}1")});
        json!({"resourceType": "Patient", "id": "7", "identifier": (0..count).map(number).collect::<Vec<_>>()})
    };
    let often = |patient: Value, count: usize| {
        let lines =
            (0..count).map(|n| appointment(json!({"id": (n % 10_000).to_string()})).to_string()).collect::<Vec<_>>();
        read(&format!("{patient}\n{}", lines.join("\n")))
    };
    let feed = often(known(1000, 3), 10_000).unwrap();
    let most = feed.entries.iter().map(|entry| entry.identifiers.len()).max();
    assert_eq!((feed.entries.len(), most), (10_000, Some(50)), "the others are left out");
    assert!(matches!(often(known(1000, 200), 20_000), Err(FeedError::Broken { flaw: Flaw::TooManyNumbers, .. })));
    assert!(begin.elapsed() < Duration::from_secs(60), "took {:?}", begin.elapsed());
}

proptest! {
    #[test]
    fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = feed::read(&[b"{\"resourceType\":".as_slice(), &bytes].concat(), &here());
    }

    #[test]
    fn hostile_json_never_panics(elements in proptest::collection::vec(
        ("resourceType|id|entry|resource|fullUrl|type|status|start|end|slot|participant|actor|reference|identifier|value|contained|name|given|family|meta|lastUpdated|minutesDuration",
        prop_oneof![
            Just(json!(null)), Just(json!("Appointment")), Just(json!("Bundle")), Just(json!("Patient/7")), Just(json!("#7")),
            Just(json!("2026-01-12T09:00:00Z")), Just(json!("-009999-01-01T00:00:00Z")), Just(json!(u64::MAX)), Just(json!(1e300)),
            Just(json!([])), Just(json!({})), Just(json!([null])), ".{0,6}".prop_map(Value::from),
        ], 0usize..4), 0..14,
    )) {
        // Each goes into the element before it, a list of that, or a list of resources.
        let mut value = json!({});
        for (name, element, place) in elements {
            let inner = std::mem::take(&mut value);
            value = match place {
                0 => json!({name: element, "resource": inner, "resourceType": "Bundle"}),
                1 => json!({"resourceType": "Appointment", "status": "booked", name: inner, "id": element}),
                2 => json!({"resourceType": "Bundle", "entry": [inner, {"resource": {"resourceType": "Patient", name: element}}]}),
                _ => {
                    let mut inner = if inner.is_object() { inner } else { json!({}) };
                    inner[name] = element;
                    inner
                }
            };
        }
        let _ = read(&value.to_string());
        let _ = read(&format!("{value}\n{value}"));
    }
}
