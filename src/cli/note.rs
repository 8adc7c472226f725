//! `bedside note`.

use super::command::Text;
use super::console::{Console, other};
use super::{command, compartment, editor, output};
use crate::base::id::NoteId;
use crate::base::{Failure, Kind, Phi};
use crate::client::Connection;
use crate::client::agent::{Named, Reply, Request};
use crate::record::{Compartment, Note, NoteKind};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::time::Duration;

/// Bytes of a text at most.
const TEXT_MAX_BYTES: u64 = 1024 * 1024;
/// How often a vault that somebody else has to open is looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

pub(super) async fn run(console: &Console, verb: command::Note) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    let request = match verb {
        command::Note::Export(args) => return compartment::export(console, args).await,
        command::Note::New { patient, kind, compartment, visit, text } => {
            let visit = visit.map(|id| id.parse()).transpose();
            let visit = visit.map_err(|_| Failure::new(Kind::Usage, "that is not a visit's id"))?;
            let given = given(&text)?;
            let edit = given.is_none() && std::io::stdin().is_terminal();
            let usual = if compartment.is_some() { NoteKind::Plain } else { NoteKind::Soap };
            let kind = kind.unwrap_or(usual);
            let request = Request::NoteNew { who: Phi::new(patient), kind, text: given, visit, compartment };
            if edit {
                return begin(console, &connection, request).await;
            }
            request
        }
        command::Note::List { patient, unsigned, compartment } => {
            let request = Request::NoteList { who: patient.map(Phi::new), unsigned, compartment };
            return list(console, &connection, request).await;
        }
        command::Note::Search { words, patient, compartment } => {
            let query = Phi::new(words.join(" "));
            let request = Request::NoteSearch { query, who: patient.map(Phi::new), compartment };
            return list(console, &connection, request).await;
        }
        command::Note::Templates => return templates(console),
        command::Note::Show { id } => Request::NoteShow { id: parse(&id)? },
        command::Note::Sign { id } => Request::NoteSign { id: parse(&id)? },
        command::Note::Edit { id, text } => {
            let id = parse(&id)?;
            match given(&text)? {
                Some(text) => Request::NoteEdit { id, text },
                None => {
                    let Note { text, compartment, .. } = note(&connection, Request::NoteShow { id }).await?.record;
                    return write(console, compartment, text, |text| Request::NoteEdit { id, text }).await;
                }
            }
        }
        command::Note::Addendum { id, text } => {
            let id = parse(&id)?;
            match given(&text)? {
                Some(text) => Request::NoteAddendum { id, text },
                None => {
                    let compartment = note(&connection, Request::NoteShow { id }).await?.record.compartment;
                    let request = |text| Request::NoteAddendum { id, text };
                    return write(console, compartment, Phi::default(), request).await;
                }
            }
        }
    };
    let note = note(&connection, request).await?;
    console.show(|| as_json(&note), || show(&note));
    Ok(())
}

async fn note(connection: &Connection, request: Request) -> Result<Named<Note>, Failure> {
    match connection.request(request).await? {
        Reply::Note(note) => Ok(note),
        _ => Err(other()),
    }
}

/// A draft from the template, opened in the editor.
async fn begin(console: &Console, connection: &Connection, request: Request) -> Result<(), Failure> {
    let draft = note(connection, request).await?;
    let id = draft.record.id;
    write(console, draft.record.compartment, draft.record.text, |text| Request::NoteEdit { id, text }).await
}

/// Opens the editor on a text and gives the agent what was written. It exists nowhere else, so it is held until the
/// agent has it: the vault may have locked itself meanwhile, and is opened first; for anything else somebody is asked.
async fn write(
    console: &Console,
    compartment: Option<Compartment>,
    text: Phi<String>,
    request: impl Fn(Phi<String>) -> Request,
) -> Result<(), Failure> {
    let mut text = editor::edit(text)?;
    let somebody = std::io::stdin().is_terminal();
    let mut held = false;
    loop {
        let kept = async { note(&console.connect().await?.0, request(text.clone())).await };
        let failure = match kept.await {
            Ok(note) => {
                console.show(|| as_json(&note), || show(&note));
                return Ok(());
            }
            Err(failure) => failure,
        };
        match failure.kind {
            // Nobody can be asked here: whoever sits elsewhere opens it.
            Kind::Locked | Kind::Network if held && !somebody => tokio::time::sleep(LOOK_AGAIN).await,
            Kind::Locked | Kind::Network => {
                held = true;
                output::say("The vault was locked meanwhile. What you wrote is held here until it is open.");
                if let Err(failure) = reopen(console, compartment).await {
                    output::failure(&failure);
                    if !somebody {
                        output::say(&how_to_open(compartment));
                    }
                }
            }
            _ if somebody => {
                output::failure(&failure);
                let answer =
                    super::vault::ask("What you wrote is still here. Enter tries again, e edits it, q loses it: ")?;
                match answer.as_str() {
                    "q" => return Err(failure),
                    "e" => text = editor::edit(text)?,
                    _ => {}
                }
            }
            _ => return Err(failure),
        }
    }
}

/// What to do in another terminal.
fn how_to_open(compartment: Option<Compartment>) -> String {
    let then = compartment.map_or(String::new(), |one| format!(", then 'bedside compartment open {}'", one.as_str()));
    format!("Run 'bedside unlock'{then}, and it is kept; Ctrl-C loses it.")
}

/// Opens the vault again, and with it where the note stands.
async fn reopen(console: &Console, compartment: Option<Compartment>) -> Result<(), Failure> {
    super::vault::open(console).await?;
    match compartment {
        Some(one) => compartment::open(&console.connect().await?.0, one, &command::CompartmentWay::default()).await,
        None => Ok(()),
    }
}

async fn list(console: &Console, connection: &Connection, request: Request) -> Result<(), Failure> {
    let Reply::Notes(notes) = connection.request(request).await? else { return Err(other()) };
    console.list(&notes, as_json, || {
        let row = |note: &Named<Note>| {
            let text = note.record.text.expose();
            let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            [
                note.record.id.to_string(),
                output::local(note.record.created),
                note.name.as_ref().map_or(String::new(), |name| output::safe(name.expose())),
                note.record.kind.as_str().to_owned(),
                state(&note.record),
                output::safe(first).chars().take(50).collect(),
            ]
        };
        output::table(["id", "begun", "patient", "kind", "state", "begins"], notes.iter().map(row), "No notes.");
    });
    Ok(())
}

fn templates(console: &Console) -> Result<(), Failure> {
    let as_json = |kind: &NoteKind| json!({"kind": kind.as_str(), "template": kind.template()});
    console.list(&NoteKind::ALL, as_json, || {
        for kind in NoteKind::ALL {
            output::line(&format!("{}\n{}", kind.as_str(), kind.template()));
        }
    });
    Ok(())
}

fn state(note: &Note) -> String {
    match (note.signed, note.addenda.len()) {
        (None, _) => "draft".to_owned(),
        (Some(_), 0) => "signed".to_owned(),
        (Some(_), n) => format!("signed +{n}"),
    }
}

fn show(note: &Named<Note>) {
    let record = &note.record;
    let name = note.name.as_ref().map_or(String::new(), |name| output::safe(name.expose()));
    output::line(&format!("{name}  {}  {}  {}", record.kind.as_str(), output::local(record.created), state(record)));
    output::line(&format!("id {}", record.id));
    if let Some(compartment) = record.compartment {
        output::line(&format!("stands apart: {}", compartment.as_str()));
    }
    output::line("");
    output::line(crate::base::SafeText::lines(record.text.expose()).as_str().trim_end());
    for addendum in &record.addenda {
        output::line("");
        output::line(&format!("Addendum, {}", output::local(addendum.at)));
        output::line(crate::base::SafeText::lines(addendum.text.expose()).as_str().trim_end());
    }
}

pub(super) fn as_json(note: &Named<Note>) -> Value {
    let record = &note.record;
    let addenda: Vec<Value> = record
        .addenda
        .iter()
        .map(|addendum| json!({"at": output::moment(addendum.at), "text": addendum.text.expose()}))
        .collect();
    json!({
        "id": record.id, "patient": record.patient, "name": note.name.as_ref().map(|name| name.expose().clone()),
        "compartment": record.compartment, "kind": record.kind, "visit": record.visit, "created": output::moment(record.created),
        "edited": output::moment(record.edited), "signed": record.signed.map(output::moment),
        "text": record.text.expose(), "addenda": addenda,
    })
}

fn parse(id: &str) -> Result<NoteId, Failure> {
    id.parse().map_err(|_| Failure::new(Kind::Usage, "that is not a note's id").hint("'bedside note list' shows them"))
}

/// The text a script gives.
pub(super) fn given(text: &Text) -> Result<Option<Phi<String>>, Failure> {
    let Some(path) = &text.text_file else { return Ok(None) };
    let unreadable = |error: std::io::Error| {
        Failure::new(Kind::Usage, format!("the text cannot be read as UTF-8 ({})", error.kind()))
    };
    let from: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(path).map_err(unreadable)?)
    };
    let mut text = String::new();
    from.take(TEXT_MAX_BYTES + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > TEXT_MAX_BYTES {
        return Err(Failure::new(Kind::Refused, "the text is longer than 1 MiB").hint("split it"));
    }
    Ok(Some(Phi::new(text)))
}
