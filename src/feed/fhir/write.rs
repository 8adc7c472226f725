//! Appointments as a Bundle of FHIR R4 Appointments (<https://hl7.org/fhir/R4/appointment.html>).
//!
//! Patients stand in it as references, with whatever name the caller lets out; their charts do not.

#![expect(clippy::indexing_slicing, reason = "a JSON object that is made here takes any name")]

use crate::record::{Appointment, AppointmentKind};
use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};

/// HL7's codes for acts: what is virtual, and which law protects.
const ACT: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// One appointment of a Bundle.
pub struct Entry<'a> {
    /// What the other system may call it or its patient; empty if nothing.
    pub called: &'a str,
    /// The appointment itself.
    pub appointment: &'a Appointment,
}

/// A Bundle that is a plain collection. `notice`: what the law has every disclosure say (42 CFR 2.32).
pub fn bundle<'a>(entries: impl Iterator<Item = Entry<'a>>, written: Timestamp, notice: Option<&str>) -> Value {
    let entries: Vec<Value> = entries.map(|entry| json!({"resource": resource(&entry, notice)})).collect();
    json!({
        "resourceType": "Bundle",
        "meta": meta(notice),
        "type": "collection",
        "timestamp": format!("{written:.3}"),
        "entry": entries,
    })
}

fn meta(notice: Option<&str>) -> Value {
    match notice {
        Some(_) => json!({"source": "urn:bedside", "security": [{"system": ACT, "code": "42CFRPart2"}]}),
        None => json!({"source": "urn:bedside"}),
    }
}

fn resource(entry: &Entry<'_>, notice: Option<&str>) -> Value {
    let (appointment, called) = (entry.appointment, entry.called);
    let instant = |at: &Zoned| at.timestamp().display_with_offset(at.offset()).to_string();
    let mut patient = json!({"type": "Patient"});
    if let Some(id) = appointment.patient {
        patient["reference"] = format!("Patient/{id}").into();
    }
    let mut participants = Vec::new();
    let mut resource = json!({
        "resourceType": "Appointment",
        "id": appointment.id,
        "meta": meta(notice),
        "status": appointment.status.as_str(),
        "start": instant(&appointment.start),
        "end": instant(&appointment.end),
    });
    match appointment.patient {
        // A name from a feed that is nobody's yet says what it is about.
        None if !called.is_empty() => resource["description"] = called.into(),
        _ if !called.is_empty() => patient["display"] = called.into(),
        _ => {}
    }
    // There must be a participant, with somebody or something in it.
    if appointment.patient.is_some() {
        participants.push(json!({"actor": patient, "status": "accepted"}));
    }
    match appointment.kind {
        AppointmentKind::Visit => {
            let coding = json!({"system": ACT, "code": "VR", "display": "virtual"});
            resource["serviceType"] = json!([{"coding": [coding], "text": "video visit"}]);
        }
        AppointmentKind::InPerson => {
            participants
                .push(json!({"actor": {"type": "Location", "display": "In the practice"}, "status": "accepted"}));
        }
    }
    if participants.is_empty() {
        participants.push(json!({"actor": {"type": "Practitioner", "display": "Clinician"}, "status": "accepted"}));
    }
    resource["participant"] = participants.into();
    if let Some(notice) = notice {
        resource["comment"] = notice.into();
    }
    resource
}
