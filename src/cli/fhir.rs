//! Audit events as FHIR R4 AuditEvent resources (<https://hl7.org/fhir/R4/auditevent.html>), one a line, for a
//! hospital's log. Ids only: no name stands in them.

use crate::base::Stamp;
use crate::base::id::PatientId;
use crate::record::{Action, Actor, AuditEvent};
use serde_json::{Value, json};

const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const SOURCE_TYPE: &str = "http://terminology.hl7.org/CodeSystem/security-source-type";
/// Our own words for what was done, each as `audit list` has it.
const ACTION: &str = "urn:bedside:audit-action";

/// What an action is in the terms of the resource: `type` (DICOM PS3.16 CID 400), a second `subtype` where there is a
/// fitting one (CID 401 and 403), `action`, and the kind of resource that the record is.
struct Meaning {
    kind: (&'static str, &'static str),
    also: Option<(&'static str, &'static str)>,
    action: &'static str,
    resource: Option<&'static str>,
}

const AUTHENTICATION: (&str, &str) = ("110114", "User Authentication");
const AUDIT_LOG: (&str, &str) = ("110101", "Audit Log Used");
const RECORD: (&str, &str) = ("110110", "Patient Record");
const QUERY: (&str, &str) = ("110112", "Query");
const EXPORT: (&str, &str) = ("110106", "Export");
const IMPORT: (&str, &str) = ("110107", "Import");
const APPLICATION: (&str, &str) = ("110100", "Application Activity");
const LOGIN: (&str, &str) = ("110122", "Login");
const LOGOUT: (&str, &str) = ("110123", "Logout");
const CONFIGURATION: (&str, &str) = ("110131", "Software Configuration");

fn meaning(action: Action) -> Meaning {
    use Action as A;
    let of = |kind, action| Meaning { kind, also: None, action, resource: None };
    let record = |action, resource| Meaning { resource: Some(resource), ..of(RECORD, action) };
    match action {
        A::Unlock | A::UnlockFailed => Meaning { also: Some(LOGIN), ..of(AUTHENTICATION, "E") },
        A::Lock => Meaning { also: Some(LOGOUT), ..of(AUTHENTICATION, "E") },
        A::PracticeChange => Meaning { also: Some(CONFIGURATION), ..of(APPLICATION, "U") },
        A::PatientAdd => of(RECORD, "C"),
        A::DayRead | A::RoomRead => of(RECORD, "R"),
        A::PatientRead => record("R", "Encounter"),
        A::PatientChange
        | A::PatientArchive
        | A::PatientInvite
        | A::PatientPaired
        | A::InviteOpenedTwice
        | A::PatientHold
        | A::PatientRelease => of(RECORD, "U"),
        A::PatientForget | A::PatientForgetFailed => of(RECORD, "D"),
        A::AppointmentImport => of(IMPORT, "C"),
        A::AppointmentImportUndo => of(IMPORT, "D"),
        A::AppointmentAdd => record("C", "Appointment"),
        A::AppointmentChange => record("U", "Appointment"),
        A::AppointmentRead => record("R", "Appointment"),
        A::NoteAdd => record("C", "DocumentReference"),
        A::NoteRead => record("R", "DocumentReference"),
        A::NoteChange | A::NoteSign | A::NoteAddendum => record("U", "DocumentReference"),
        A::NoteSearch => of(QUERY, "E"),
        A::MessageSend | A::MessageReceive => record("C", "Communication"),
        A::MessageRead => record("R", "Communication"),
        A::TaskAdd => record("C", "Task"),
        A::TaskRead => record("R", "Task"),
        A::TaskChange | A::TaskDone => record("U", "Task"),
        A::VisitKnock => record("C", "Encounter"),
        A::VisitAdmit | A::VisitDecline | A::VisitConnect | A::VisitEnd | A::WordsCompared | A::WordsDiffered => {
            record("U", "Encounter")
        }
        A::AuditRead | A::AuditVerify | A::AuditVerifyFailed | A::AuditExport => of(AUDIT_LOG, "R"),
        A::CompartmentOpen | A::CompartmentOpenFailed => Meaning { also: Some(LOGIN), ..of(AUTHENTICATION, "E") },
        A::CompartmentClose => Meaning { also: Some(LOGOUT), ..of(AUTHENTICATION, "E") },
        A::CompartmentExport | A::Export | A::BackupCreate => of(EXPORT, "R"),
        A::FeedPush => of(EXPORT, "R"),
        A::BackupRestore => of(IMPORT, "C"),
        _ => of(APPLICATION, "E"),
    }
}

/// The resource of one event. `version` is the program's.
pub(super) fn audit_event(event: &AuditEvent, version: &str) -> Value {
    let meaning = meaning(event.action);
    let mut subtype = vec![json!({"system": ACTION, "code": event.action})];
    subtype.extend(meaning.also.map(dicom));
    let mut entity: Vec<Value> = event.patient.iter().chain(&event.patients).copied().map(patient).collect();
    entity.extend(event.record.as_deref().map(|record| thing(record, meaning.resource)));
    let mut resource = json!({
        "resourceType": "AuditEvent",
        "id": event.id,
        "type": dicom(meaning.kind),
        "subtype": subtype,
        "action": meaning.action,
        "recorded": instant(event.at),
        "outcome": match event.action {
            Action::UnlockFailed | Action::CompartmentOpenFailed => "4",
            Action::PatientForgetFailed | Action::AuditVerifyFailed => "8",
            _ => "0",
        },
        "agent": [{"who": who(event), "requestor": true}],
        "source": {
            "observer": {"display": format!("bedside {version}")},
            "type": [{"system": SOURCE_TYPE, "code": "4", "display": "Application Server"}],
        },
    });
    if let Some(count) = event.count {
        entity.push(json!({
            "what": {"display": "how many"},
            "detail": [{"type": "count", "valueString": count.to_string()}],
        }));
    }
    if !entity.is_empty() {
        resource["entity"] = entity.into();
    }
    resource
}

fn dicom((code, display): (&str, &str)) -> Value {
    json!({"system": DICOM, "code": code, "display": display})
}

fn who(event: &AuditEvent) -> Value {
    match (event.actor, event.patient) {
        (Actor::Patient, Some(patient)) => json!({"reference": format!("Patient/{patient}")}),
        (Actor::Patient, None) => json!({"display": "patient"}),
        (Actor::Clinician, _) => json!({"display": "clinician"}),
        (Actor::Agent, _) => json!({"display": "bedside agent"}),
    }
}

fn patient(id: PatientId) -> Value {
    json!({
        "what": {"reference": format!("Patient/{id}")},
        "type": {"system": ENTITY_TYPE, "code": "1", "display": "Person"},
        "role": {"system": OBJECT_ROLE, "code": "1", "display": "Patient"},
    })
}

fn thing(record: &str, resource: Option<&str>) -> Value {
    let what = match resource {
        Some(resource) => json!({"reference": format!("{resource}/{record}")}),
        None => json!({"identifier": {"value": record}}),
    };
    json!({
        "what": what,
        "type": {"system": ENTITY_TYPE, "code": "2", "display": "System Object"},
        "role": {"system": OBJECT_ROLE, "code": "4", "display": "Domain Resource"},
    })
}

/// An instant (R4 `instant`): to the millisecond, in UTC.
fn instant(at: Stamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    format!("{at:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{EventId, NoteId};

    #[test]
    fn event_has_every_element_that_r4_requires() {
        let (id, of, note) = (EventId::random(), PatientId::random(), NoteId::random());
        let event = AuditEvent {
            id,
            at: Stamp(1_700_000_000_120),
            actor: Actor::Clinician,
            action: Action::NoteRead,
            patient: Some(of),
            patients: Vec::new(),
            record: Some(note.to_string()),
            count: None,
        };
        let made = audit_event(&event, "0.1.0");
        assert_eq!(made["resourceType"], "AuditEvent");
        assert_eq!(made["type"]["code"], "110110");
        assert_eq!(made["subtype"][0]["code"], "note_read");
        assert_eq!((&made["action"], &made["outcome"]), (&json!("R"), &json!("0")));
        assert_eq!(made["recorded"], "2023-11-14T22:13:20.120Z");
        assert_eq!(made["agent"][0]["requestor"], true);
        assert!(made["agent"][0]["who"]["display"].is_string());
        assert!(made["source"]["observer"]["display"].is_string());
        assert_eq!(made["entity"][0]["what"]["reference"], format!("Patient/{of}"));
        assert_eq!(made["entity"][1]["what"]["reference"], format!("DocumentReference/{note}"));
    }
}
