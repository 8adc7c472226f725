//! `bedside audit`.

use super::console::{Console, other};
use super::{command, output};
use crate::base::{Failure, Phi};
use crate::client::agent::{Named, Reply, Request};
use crate::record::AuditEvent;
use serde_json::{Value, json};

pub(super) async fn run(console: &Console, verb: command::Audit) -> Result<(), Failure> {
    match verb {
        command::Audit::List { patient, limit } => list(console, patient, limit).await,
        command::Audit::Verify => verify(console).await,
    }
}

async fn list(console: &Console, patient: Option<String>, limit: u32) -> Result<(), Failure> {
    let request = Request::AuditList { who: patient.map(Phi::new), limit };
    let Reply::Audit(events) = console.ask(request).await? else { return Err(other()) };
    console.list(&events, as_json, || {
        let word = |value: Value| value.as_str().unwrap_or_default().replace('_', " ");
        let row = |event: &Named<AuditEvent>| {
            vec![
                output::local(event.record.at),
                word(json!(event.record.actor)),
                word(json!(event.record.action)),
                event.name.as_ref().map_or(String::new(), |name| output::safe(name.expose())),
                event.record.record.clone().or(event.record.count.map(|n| n.to_string())).unwrap_or_default(),
            ]
        };
        let rows: Vec<_> = events.iter().map(row).collect();
        output::table(&["when", "who", "what", "patient", "record"], &rows, "No events.");
    });
    Ok(())
}

async fn verify(console: &Console) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    let Reply::Verified(found) = connection.request_with_progress(Request::AuditVerify, |_, _| {}).await? else {
        return Err(other());
    };
    console.show(
        || {
            json!({
                "intact": found.intact, "frames": found.frames, "records": found.records, "events": found.events,
                "head": found.head,
            })
        },
        || {
            output::line(&format!(
                "Intact: {} records in {} frames, {} audit events.",
                found.records, found.frames, found.events
            ));
            output::line(&format!("Head {}", found.head));
        },
    );
    Ok(())
}

fn as_json(event: &Named<AuditEvent>) -> Value {
    let record = &event.record;
    json!({
        "id": record.id, "at": output::moment(record.at), "actor": record.actor, "action": record.action,
        "patient": record.patient, "name": event.name.as_ref().map(|name| name.expose().clone()),
        "record": record.record, "count": record.count,
    })
}
