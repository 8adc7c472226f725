//! Who did what to which record, when: every deed a person can do leaves its event, and the log can be asked.

use crate::harness::guard::Running;
use crate::story::programs::{Practice, Relay};
use serde_json::Value;
use std::fs;
use std::process::Stdio;

/// What a command printed, and the id in it.
fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

fn note(practice: &Practice, args: &[&str], text: &str) -> Value {
    serde_json::from_str(&practice.feed(&[args, &["--text-file", "-", "--json"]].concat(), text)).unwrap()
}

/// The one event of this kind since the log was last asked for it; newest first, so the first.
fn newest(practice: &Practice, kind: &str) -> Value {
    let events = practice.lines(&["audit", "list", "--kind", kind, "--limit", "1"]);
    events.into_iter().next().unwrap_or_else(|| panic!("there is no event {kind}"))
}

/// That a deed left this: who, what kind, about whom, which record.
fn left(practice: &Practice, kind: &str, actor: &str, patient: Option<&str>, record: Option<&str>) {
    let event = newest(practice, kind);
    assert_eq!(event["action"], kind);
    assert_eq!(event["actor"], actor, "{event}");
    assert_eq!(event["patient"].as_str(), patient, "{event}");
    if record.is_some() {
        assert_eq!(event["record"].as_str(), record, "{event}");
    }
    assert!(event["at"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{event}");
}

#[test]
fn every_deed_leaves_an_event_that_tells_who_when_what_about_whom_and_which_record() {
    let relay = Relay::start();
    let practice = Practice::open(&relay);
    left(&practice, "init", "clinician", None, None);

    let ada = id(&practice.json(&["patient", "add", "--name", "Ada Byron"]));
    let about = Some(ada.as_str());
    left(&practice, "patient_add", "clinician", about, None);
    practice.ok(&["patient", "show", "ada"]);
    left(&practice, "patient_read", "clinician", about, None);
    practice.ok(&["patient", "edit", "ada", "--phone", "1"]);
    left(&practice, "patient_change", "clinician", about, None);

    let appointment = id(&practice.json(&["appointment", "add", "ada", "2027-03-01 15:00"]));
    left(&practice, "appointment_add", "clinician", about, Some(&appointment));
    practice.ok(&["appointment", "show", &appointment]);
    left(&practice, "appointment_read", "clinician", about, Some(&appointment));
    practice.ok(&["appointment", "cancel", &appointment]);
    left(&practice, "appointment_change", "clinician", about, Some(&appointment));
    practice.ok(&["appointment", "import", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/clinic.ics")]);
    // Of five appointments four are Ada's, and the other is nobody's yet.
    left(&practice, "appointment_import", "clinician", about, None);

    let written = id(&note(&practice, &["note", "new", "ada"], "The heron stood still."));
    let record = Some(written.as_str());
    left(&practice, "note_add", "clinician", about, record);
    practice.ok(&["note", "show", &written]);
    left(&practice, "note_read", "clinician", about, record);
    note(&practice, &["note", "edit", &written], "The heron flew.");
    left(&practice, "note_change", "clinician", about, record);
    practice.ok(&["note", "sign", &written]);
    left(&practice, "note_sign", "clinician", about, record);
    note(&practice, &["note", "addendum", &written], "It came back.");
    left(&practice, "note_addendum", "clinician", about, record);
    practice.ok(&["note", "search", "heron", "--patient", "ada"]);
    left(&practice, "note_search", "clinician", about, None);

    let link = practice.file("link");
    fs::write(&link, practice.link("ada")).unwrap();
    left(&practice, "patient_invite", "clinician", about, None);
    assert!(newest(&practice, "patient_invite")["record"].is_string(), "the invite");
    let mut patient = practice.command(&["call", "join", "--link-file", link.to_str().unwrap(), "--knock", "--answer"]);
    let _patient = Running(patient.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap());
    practice.until_lines("the patient knocks", &["room", "list"], |room| room.len() == 1);
    left(&practice, "patient_paired", "patient", about, None);
    left(&practice, "visit_knock", "patient", about, None);
    practice.ok(&["room", "decline", "ada"]);
    let visit = id(&practice.until_lines("it is on record", &["visit", "list"], |all| !all.is_empty())[0]);
    left(&practice, "visit_decline", "clinician", about, Some(&visit));
    practice.ok(&["visit", "show"]);
    left(&practice, "patient_read", "clinician", about, Some(&visit));

    let sent = practice.feed(&["message", "send", "ada", "--text-file", "-", "--json"], "Bring the worksheet.");
    left(&practice, "message_send", "clinician", about, Some(&id(&serde_json::from_str(&sent).unwrap())));
    let thread = practice.until_lines("an answer", &["message", "show", "ada"], |all| all.len() == 2);
    left(&practice, "message_receive", "patient", about, Some(&id(&thread[1])));
    left(&practice, "message_read", "clinician", about, None);

    practice.ok(&["patient", "archive", "ada"]);
    left(&practice, "patient_archive", "clinician", about, None);
    practice.ok(&["patient", "archive", &ada, "--undo"]);
    practice.ok(&["practice", "edit", "--phone", "2"]);
    left(&practice, "practice_change", "clinician", None, None);

    let (disk, stick) = (practice.file("disk"), practice.file("stick"));
    let (disk, stick) = (disk.to_str().unwrap(), stick.to_str().unwrap());
    let head = practice.json(&["backup", "create", disk, "--keyring", stick])["head"].clone();
    left(&practice, "backup_create", "clinician", None, head.as_str());
    practice.ok(&["backup", "verify"]);
    left(&practice, "backup_verify", "clinician", None, head.as_str());
    let (secret, file) = (practice.file("secret"), practice.file("ada.age"));
    fs::write(&secret, "a passphrase for the file").unwrap();
    let export = ["--export-passphrase-file", secret.to_str().unwrap(), "--patient", "ada"];
    practice.ok(&[&["backup", "export", file.to_str().unwrap()][..], &export].concat());
    left(&practice, "export", "clinician", about, None);

    practice.ok(&["audit", "verify"]);
    left(&practice, "audit_verify", "clinician", None, None);
    practice.ok(&["audit", "export"]);
    left(&practice, "audit_export", "clinician", None, None);
    left(&practice, "audit_read", "clinician", None, None);

    practice.ok(&["lock"]);
    fs::write(practice.file("wrong"), "another passphrase altogether").unwrap();
    practice.fails(3, &["unlock", "--passphrase-file", practice.file("wrong").to_str().unwrap()]);
    practice.until("the delay is over", &["status"], |_| practice.run(&["unlock"]).status.success());
    left(&practice, "lock", "clinician", None, None);
    left(&practice, "unlock", "clinician", None, None);
    left(&practice, "unlock_failed", "agent", None, None);
}

#[test]
fn log_can_be_asked_by_patient_time_and_kind() {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    practice.ok(&["patient", "add", "--name", "Grace Hopper"]);
    for name in ["ada", "grace", "ada"] {
        practice.ok(&["patient", "show", name]);
    }
    note(&practice, &["note", "new", "ada"], "The heron stood still.");
    let ask = |args: &[&str]| practice.lines(&[&["audit", "list"], args].concat());
    assert_eq!(ask(&["--patient", "ada"]).len(), 4, "added, read twice, a note");
    assert_eq!(ask(&["--patient", "ada", "--kind", "patient_read"]).len(), 2);
    assert_eq!(ask(&["--kind", "patient-read", "--kind", "note_add"]).len(), 4);
    assert_eq!(ask(&["--kind", "patient_read", "--limit", "1"])[0]["name"], "Ada Byron", "the newest");
    assert!(!ask(&["--since", "today", "--until", "today"]).is_empty());
    assert!(ask(&["--until", "yesterday"]).is_empty() && ask(&["--since", "tomorrow"]).is_empty());
    let said = practice.fails(2, &["audit", "list", "--since", "noon-ish"]);
    assert!(said.contains("not a time"), "{said}");
    assert_eq!(practice.run(&["audit", "list", "--kind", "gossip"]).status.code(), Some(2));
}

#[test]
fn log_goes_to_other_programs_whole_and_in_order() {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    for _ in 0..5 {
        practice.ok(&["patient", "show", "ada"]);
    }
    let file = practice.file("log.ndjson");
    let report = practice.json(&["audit", "export", file.to_str().unwrap()]);
    let text = fs::read_to_string(&file).unwrap();
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(report["events"], events.len());
    assert_eq!((&events[0]["action"], &events[events.len() - 1]["action"]), (&"init".into(), &"audit_export".into()));
    let mut listed = practice.lines(&["audit", "list"]);
    listed.reverse();
    assert_eq!(listed[..events.len()], events[..]);
    let said = practice.fails(1, &["audit", "export", file.to_str().unwrap()]);
    assert!(said.contains("--force"), "{said}");

    let fhir = practice.ok(&["audit", "export", "--format", "fhir", "--patient", "ada", "-"]);
    assert!(!fhir.contains("Ada"), "ids, no names");
    let resources: Vec<Value> = fhir.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(resources.len(), 7, "added, read five times, exported");
    for resource in resources {
        required(&resource);
    }
}

/// The elements of cardinality 1 in <https://hl7.org/fhir/R4/auditevent.html>, and the codes of their value sets.
fn required(resource: &Value) {
    assert_eq!(resource["resourceType"], "AuditEvent");
    assert!(resource["type"]["code"].is_string() && resource["type"]["system"].is_string());
    let recorded = resource["recorded"].as_str().unwrap();
    assert!(recorded.ends_with('Z') && recorded.parse::<jiff::Timestamp>().is_ok());
    assert!(["C", "R", "U", "D", "E"].contains(&resource["action"].as_str().unwrap()));
    assert!(["0", "4", "8", "12"].contains(&resource["outcome"].as_str().unwrap()));
    let agents = resource["agent"].as_array().unwrap();
    assert_eq!(agents.iter().filter(|agent| agent["requestor"] == true).count(), 1);
    assert!(resource["source"]["observer"].is_object());
    for entity in resource["entity"].as_array().into_iter().flatten() {
        assert!(entity["what"].is_object(), "sev-1: a name or a query, not both; ours have neither");
    }
    assert!(resource["id"].as_str().unwrap().bytes().all(|byte| byte.is_ascii_alphanumeric()));
}
