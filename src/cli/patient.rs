//! `bedside patient`.

use super::console::{Console, other};
use super::{command, output};
use crate::base::{Failure, Kind, Phi};
use crate::client::agent::{Aliases, PatientDraft, Reply, Request};
use crate::record::{Pairing, Patient};
use qrcode::QrCode;
use qrcode::render::unicode;
use serde_json::{Value, json};

pub(super) async fn run(console: &Console, verb: command::Patient) -> Result<(), Failure> {
    let request = match verb {
        command::Patient::Add { name, fields } => Request::PatientAdd(draft(Some(name), fields)?),
        command::Patient::Show { patient } => Request::PatientShow { who: Phi::new(patient) },
        command::Patient::Edit { patient, name, fields } => {
            Request::PatientEdit { who: Phi::new(patient), change: draft(name, fields)? }
        }
        command::Patient::Archive { patient, undo } => {
            Request::PatientArchive { who: Phi::new(patient), archived: !undo }
        }
        command::Patient::Hold { patient, reason, release: _ } => {
            Request::PatientHold { who: Phi::new(patient), reason: reason.map(Phi::new) }
        }
        command::Patient::Forget { patient, way } => return super::forget::run(console, patient, way).await,
        command::Patient::List { archived } => return list(console, archived).await,
        command::Patient::Invite { patient, no_qr, copy } => return invite(console, patient, no_qr, copy).await,
    };
    let Reply::Patient(patient) = console.ask(request).await? else { return Err(other()) };
    console.show(|| as_json(&patient), || show(&patient));
    Ok(())
}

fn draft(name: Option<String>, fields: command::PatientFields) -> Result<PatientDraft, Failure> {
    let (emergency_name, emergency_phone) = match fields.emergency {
        None => (None, None),
        Some(text) if text.trim().is_empty() => (Some(Phi::default()), Some(Phi::default())),
        Some(text) => {
            let (name, phone) = text.rsplit_once(',').ok_or_else(|| {
                Failure::new(Kind::Usage, "the emergency contact has no number").hint("write it as \"NAME, NUMBER\"")
            })?;
            (Some(Phi::from(name.trim())), Some(Phi::from(phone.trim())))
        }
    };
    Ok(PatientDraft {
        name: name.map(Phi::new),
        phone: fields.phone.map(Phi::new),
        emergency_name,
        emergency_phone,
        born: fields.born.map(Phi::new),
        zone: fields.zone,
        relay_only: fields.relay_only,
        aliases: fields
            .alias
            .map(|names| Aliases(names.into_iter().filter(|name| !name.trim().is_empty()).map(Phi::new).collect())),
    })
}

async fn list(console: &Console, archived: bool) -> Result<(), Failure> {
    let Reply::Patients(patients) = console.ask(Request::PatientList { archived }).await? else { return Err(other()) };
    console.list(&patients, as_json, || {
        let row = |patient: &Patient| {
            [patient.id.to_string(), output::safe(patient.name.expose()), device(patient).to_owned()]
        };
        let none = "No patients yet. 'bedside patient add --name NAME' adds one.";
        output::table(["id", "name", "device"], patients.iter().map(row), none);
    });
    Ok(())
}

/// How far the patient's device has come, in words.
fn device(patient: &Patient) -> &'static str {
    match &patient.pairing {
        Pairing::None => "no link yet",
        Pairing::Invited { .. } => "link not opened yet",
        Pairing::Paired { verified: Some(_), .. } => "verified",
        Pairing::Paired { claims, .. } if *claims > 1 => "not verified, link opened more than once",
        Pairing::Paired { .. } => "not verified",
    }
}

fn show(patient: &Patient) {
    let phi = |text: &Option<Phi<String>>| text.as_ref().map_or("–".to_owned(), |text| output::safe(text.expose()));
    let emergency = patient.emergency.as_ref().map_or("–".to_owned(), |contact| {
        format!("{}, {}", output::safe(contact.name.expose()), output::safe(contact.phone.expose()))
    });
    let calls = match patient.relay_only {
        None => "as the practice",
        Some(true) => "always relayed",
        Some(false) => "direct allowed",
    };
    for (label, value) in [
        ("name", output::safe(patient.name.expose())),
        ("id", patient.id.to_string()),
        ("born", patient.born.as_ref().map_or("–".to_owned(), |born| born.expose().to_string())),
        ("phone", phi(&patient.phone)),
        ("emergency", emergency),
        ("zone", patient.zone.clone().unwrap_or_else(|| "–".to_owned())),
        ("calls", calls.to_owned()),
        ("device", device(patient).to_owned()),
    ] {
        output::line(&format!("{label:<10} {value}"));
    }
    for alias in &patient.aliases {
        output::line(&format!("{:<10} {}", "in feeds", output::safe(alias.expose())));
    }
    for number in &patient.identifiers {
        let (system, value) = (output::safe(number.system.expose()), output::safe(number.value.expose()));
        output::line(&format!("{:<10} {value} {system}", "number"));
    }
    if let Some(hold) = &patient.hold {
        let since = output::local(hold.since);
        output::line(&format!("{:<10} since {since}: {}", "legal hold", output::safe(hold.reason.expose())));
    }
    if patient.archived {
        output::line("archived");
    }
}

pub(super) fn as_json(patient: &Patient) -> Value {
    let phi = |text: &Option<Phi<String>>| text.as_ref().map(|text| text.expose().clone());
    let (state, verified, claims) = match &patient.pairing {
        Pairing::None => ("none", None, 0),
        Pairing::Invited { .. } => ("invited", None, 0),
        Pairing::Paired { verified, claims, .. } => ("paired", *verified, *claims),
    };
    json!({
        "id": patient.id, "name": patient.name.expose(), "phone": phi(&patient.phone),
        "emergency": patient.emergency.as_ref().map(|contact| json!({
            "name": contact.name.expose(), "phone": contact.phone.expose(),
        })),
        "born": patient.born.as_ref().map(|born| born.expose().to_string()),
        "zone": patient.zone, "relay_only": patient.relay_only, "archived": patient.archived,
        "created": output::moment(patient.created),
        "aliases": patient.aliases.iter().map(|alias| alias.expose().clone()).collect::<Vec<_>>(),
        "identifiers": patient.identifiers.iter().map(|number| json!({
            "system": number.system.expose(), "value": number.value.expose(),
        })).collect::<Vec<_>>(),
        "hold": patient.hold.as_ref().map(|hold| json!({
            "since": output::moment(hold.since), "reason": hold.reason.expose(),
        })),
        "device": state, "verified": verified.map(output::moment), "claims": claims,
    })
}

async fn invite(console: &Console, patient: String, no_qr: bool, copy: bool) -> Result<(), Failure> {
    let request = Request::PatientInvite { who: Phi::new(patient) };
    let Reply::Invite { link, expires } = console.ask(request).await? else { return Err(other()) };
    console.show(
        || json!({"link": link.expose(), "expires": output::moment(expires)}),
        || {
            output::line(link.expose());
            if output::to_terminal() {
                if !no_qr && let Ok(code) = QrCode::new(link.expose()) {
                    output::line("");
                    output::line(&code.render::<unicode::Dense1x2>().build());
                }
                output::say(&format!(
                    "It can be opened until {}. Give it to this patient only.",
                    output::local(expires)
                ));
            }
            if copy {
                let text = data_encoding::BASE64.encode(link.expose().as_bytes());
                if output::raw(&format!("\u{1b}]52;c;{text}\u{7}")) {
                    output::say("Handed to the terminal to copy; some terminals must be told to allow it.");
                } else {
                    output::say("There is no terminal to copy with.");
                }
            }
        },
    );
    Ok(())
}
