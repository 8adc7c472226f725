//! `bedside patient forget`: the question before, the certificate after.

use super::backup::keys_json;
use super::console::{Console, other};
use super::progress::Progress;
use super::{command, output, secret, vault};
use crate::base::id::PatientId;
use crate::base::{Failure, Kind, Phi};
use crate::client::agent::{Forgotten, KeysBackedUp, Reply, Request};
use serde_json::json;
use std::io::IsTerminal;

/// Where the chart cannot be read any more.
const GONE_FROM: [&str; 3] = [
    "this vault: notes, messages, appointments, visits, tasks, and every older version of them",
    "its index and its search",
    "every sealed backup of the journal that was ever made",
];

/// What the program cannot reach.
const BEYOND: [&str; 5] = [
    "older copies of the patients' keys: destroy those you made of the keys' backup or of the vault folder",
    "what a flash disk keeps of blocks that were overwritten, until it reuses them",
    "calendars that still have the name: the next import would bring it back, so take it out of them",
    "portable exports, printouts, and what was copied out of the program",
    "what the patient's own device shows",
];

pub(super) async fn run(console: &Console, who: String, way: command::Way) -> Result<(), Failure> {
    let Reply::Patient(patient) = console.ask(Request::PatientShow { who: Phi::from(who.as_str()) }).await? else {
        return Err(other());
    };
    let whole_id = who.parse::<PatientId>().is_ok();
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        let name = output::safe(patient.name.expose());
        output::say(&format!("This destroys the whole chart of {name} ({}), for ever.", patient.id));
        if !whole_id {
            must_be_meant(patient.name.expose())?;
        }
    } else if !whole_id {
        return Err(Failure::new(Kind::Usage, "a patient is forgotten by the whole id where nobody can be asked")
            .hint("'bedside patient list' shows the ids"));
    }
    let (connection, _events) = console.connect().await?;
    let way =
        secret::way(console, &connection, &way, "Passphrase, to destroy it (Ctrl-C leaves it as it is): ").await?;
    let request = Request::PatientForget { who: Phi::new(patient.id.to_string()), way };
    let bar = Progress::of("Making the index anew");
    let reply = connection.request_with_progress(request, |done, total| bar.tell(done, total)).await;
    drop(bar);
    let Reply::Forgotten(forgotten) = reply? else { return Err(other()) };
    console.show(|| as_json(&forgotten), || certificate(&forgotten));
    Ok(())
}

/// Asks for the whole name: whoever typed its beginning may have meant somebody else, and the passphrase may come from a
/// file without anybody being asked.
fn must_be_meant(name: &str) -> Result<(), Failure> {
    let typed = vault::ask("The whole name, to go on (anything else leaves it as it is): ")?;
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if plain(&typed) == plain(name) {
        return Ok(());
    }
    Err(Failure::new(Kind::Refused, "that is not the name; nothing was destroyed")
        .hint("'bedside patient list' shows them all"))
}

fn certificate(forgotten: &Forgotten) {
    let Forgotten { patient, at, head, notes, messages, appointments, visits, tasks, keys } = forgotten;
    output::line("Certificate of destruction");
    output::line("");
    for (label, value) in [
        ("patient", patient.to_string()),
        ("destroyed", output::local(*at)),
        ("how", "the key was destroyed that everything of this patient was sealed under".to_owned()),
        (
            "what",
            format!("{notes} notes, {messages} messages, {appointments} appointments, {visits} visits, {tasks} tasks"),
        ),
        ("audit head", head.clone()),
        ("keys' backup", tell_keys(keys)),
    ] {
        output::line(&format!("{label:<13} {value}"));
    }
    for (title, lines) in [("Nobody can read it in:", &GONE_FROM[..]), ("This does not reach:", &BEYOND[..])] {
        output::line("");
        output::line(title);
        for line in lines {
            output::line(&format!("- {line}"));
        }
    }
    output::line("");
    output::line("The audit log still tells who did what and when, by this id and without a name.");
}

/// What became of the one other place where the key was, as far as this vault knows.
fn tell_keys(keys: &KeysBackedUp) -> String {
    match keys {
        KeysBackedUp::Never => "none was ever made".to_owned(),
        KeysBackedUp::Written { folder, .. } => format!("written anew without the key, in {}", output::safe(folder)),
        KeysBackedUp::Current { folder, at, .. } | KeysBackedUp::Away { folder, at } => {
            format!("as of {} in {}", output::local(*at), output::safe(folder))
        }
        KeysBackedUp::Behind { folder, why, .. } => format!(
            "STILL HOLDS THE KEY, in {} ({why}): have that disk ready and run 'bedside backup create'",
            output::safe(folder)
        ),
    }
}

fn as_json(forgotten: &Forgotten) -> serde_json::Value {
    json!({
        "patient": forgotten.patient, "at": output::moment(forgotten.at), "head": forgotten.head,
        "notes": forgotten.notes, "messages": forgotten.messages, "appointments": forgotten.appointments,
        "visits": forgotten.visits, "tasks": forgotten.tasks, "keys_backup": keys_json(&forgotten.keys), "gone_from": GONE_FROM, "beyond_reach": BEYOND,
    })
}
