//! `bedside visit`.

use super::console::{Console, other};
use super::{command, output};
use crate::base::{Failure, Kind, Phi};
use crate::client::agent::{Named, Reply, Request};
use crate::record::{Path, Visit};
use serde_json::{Value, json};

pub(super) async fn run(console: &Console, verb: command::Visit) -> Result<(), Failure> {
    let request = match verb {
        command::Visit::List { patient } => return list(console, patient).await,
        command::Visit::Show { id } => {
            let id = id.map(|id| id.parse()).transpose();
            let id = id.map_err(|_| {
                Failure::new(Kind::Usage, "that is not a visit's id").hint("'bedside visit list' shows them")
            })?;
            let Reply::Visit(visit) = console.ask(Request::VisitShow { id }).await? else { return Err(other()) };
            console.show(|| as_json(&visit), || show(&visit));
            return Ok(());
        }
        command::Visit::Compare { same, .. } => Request::CallCompared { same },
        command::Visit::End => Request::CallHangUp,
        command::Visit::Microphone { on } => Request::CallSet { microphone: Some(on), camera: None },
        command::Visit::Camera { on } => Request::CallSet { microphone: None, camera: Some(on) },
    };
    console.ask(request).await?;
    console.show(|| json!({"done": true}), || output::line("Done."));
    Ok(())
}

async fn list(console: &Console, patient: Option<String>) -> Result<(), Failure> {
    let request = Request::VisitList { who: patient.map(Phi::new) };
    let Reply::Visits(visits) = console.ask(request).await? else { return Err(other()) };
    console.list(&visits, as_json, || {
        let row = |visit: &Named<Visit>| {
            let record = &visit.record;
            [
                record.id.to_string(),
                output::local(record.knocked),
                name(visit),
                minutes(record).map_or("–".to_owned(), |minutes| format!("{minutes} min")),
                path(record).to_owned(),
                compared(record).to_owned(),
            ]
        };
        let head = ["id", "knocked", "patient", "length", "path", "words"];
        output::table(head, visits.iter().map(row), "No visits yet.");
    });
    Ok(())
}

fn name(visit: &Named<Visit>) -> String {
    visit.name.as_ref().map_or(String::new(), |name| output::safe(name.expose()))
}

fn minutes(visit: &Visit) -> Option<u64> {
    Some(visit.ended?.since(visit.connected?).as_secs() / 60)
}

fn path(visit: &Visit) -> &'static str {
    match visit.path {
        Some(Path::Direct) => "direct",
        Some(Path::Relayed) => "relayed",
        None => "–",
    }
}

fn compared(visit: &Visit) -> &'static str {
    match (visit.words_differed, visit.words_compared) {
        (true, _) => "differed",
        (false, Some(_)) => "compared",
        (false, None) => "not compared",
    }
}

fn show(visit: &Named<Visit>) {
    let record = &visit.record;
    let time = |at: Option<crate::base::Stamp>| at.map_or("–".to_owned(), output::local);
    for (label, value) in [
        ("patient", name(visit)),
        ("id", record.id.to_string()),
        ("knocked", output::local(record.knocked)),
        ("admitted", time(record.admitted)),
        ("connected", time(record.connected)),
        ("ended", time(record.ended)),
        ("path", path(record).to_owned()),
        ("codec", record.codec.clone().unwrap_or_else(|| "–".to_owned())),
        ("words", if record.words.is_empty() { "–".to_owned() } else { record.words.join(" · ") }),
        ("compared", compared(record).to_owned()),
    ] {
        output::line(&format!("{label:<10} {value}"));
    }
}

pub(super) fn as_json(visit: &Named<Visit>) -> Value {
    let record = &visit.record;
    json!({
        "id": record.id, "patient": record.patient, "name": visit.name.as_ref().map(|name| name.expose().clone()),
        "appointment": record.appointment, "knocked": output::moment(record.knocked),
        "admitted": record.admitted.map(output::moment), "connected": record.connected.map(output::moment),
        "ended": record.ended.map(output::moment), "end_reason": record.end_reason, "path": record.path,
        "codec": record.codec, "words": record.words, "words_compared": record.words_compared.map(output::moment),
        "words_differed": record.words_differed,
    })
}
