//! `bedside compartment`, and `bedside note export`: what stands apart.

use super::console::{Console, other};
use super::secret::{self, Given};
use super::writing::Writing;
use super::{command, export, key, note, output, vault};
use crate::base::{Clock, Failure, Kind, Phi, time::SystemClock};
use crate::client::Connection;
use crate::client::agent::{
    CompartmentDoor, CompartmentState, ExportBegun, Exported, KeyslotKind, Named, Page, Reply, Request, Way,
};
use crate::record::compartment::PART2_NOTICE;
use crate::record::{Compartment, Note};
use serde_json::{Value, json};
use std::path::Path;

pub(super) async fn run(console: &Console, verb: command::Compartment) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    vault::must_be_open(&connection)?;
    let (name, done) = match verb {
        command::Compartment::List => return list(console, &connection).await,
        command::Compartment::Create { name: compartment, way, passphrase, work_factor } => {
            let way = secret::way(console, &connection, &way, "Passphrase of the vault: ").await?;
            let given = given(&passphrase);
            if let Given::Nowhere = given {
                output::say(&format!("Now a passphrase for the compartment {}.", compartment.as_str()));
            }
            let new = secret::new_passphrase(given).map_err(another_option)?;
            connection.request(Request::CompartmentCreate { compartment, way, new, work_factor }).await?;
            if key::list(&connection).await?.iter().all(|slot| slot.kind != KeyslotKind::Recovery) {
                output::say(
                    "This vault has no recovery key: if the compartment's passphrase is forgotten, its notes are lost.",
                );
                output::say("Make one with 'bedside key recovery', before it is closed.");
            }
            (compartment, "open")
        }
        command::Compartment::Open { name, way } => {
            open(&connection, name, &way).await?;
            (name, "open")
        }
        command::Compartment::Close { name: compartment } => {
            connection.request(Request::CompartmentClose { compartment }).await?;
            (compartment, "closed")
        }
        command::Compartment::Passphrase { name: compartment, way, new } => {
            let way = way_in(compartment, &way)?;
            let work_factor = new.work_factor;
            let new = secret::new_passphrase(Given::of(new.new_passphrase_file, new.new_passphrase_fd))?;
            connection.request(Request::CompartmentPassphrase { compartment, way, new, work_factor }).await?;
            console.show(
                || json!({"compartment": compartment, "passphrase": "changed"}),
                || output::line("The passphrase is changed."),
            );
            return Ok(());
        }
    };
    console.show(
        || json!({"compartment": name, "state": done}),
        || output::line(&format!("The compartment {} is {done}.", name.as_str())),
    );
    Ok(())
}

/// Opens a compartment.
pub(super) async fn open(
    connection: &Connection,
    compartment: Compartment,
    way: &command::CompartmentWay,
) -> Result<(), Failure> {
    let way = way_in(compartment, way)?;
    connection.request(Request::CompartmentOpen { compartment, way }).await?;
    Ok(())
}

fn given(named: &command::CompartmentPassphrase) -> Given {
    Given::of(named.compartment_passphrase_file.clone(), named.compartment_passphrase_fd)
}

/// What opens the compartment: its passphrase, unless the recovery key was named.
fn way_in(compartment: Compartment, named: &command::CompartmentWay) -> Result<Way, Failure> {
    if let Some(file) = &named.recovery_file {
        return secret::from_file(file).map(Way::Recovery);
    }
    if named.recovery {
        return secret::ask("Recovery key: ").map(Way::Recovery);
    }
    let prompt = format!("Passphrase of the compartment {}: ", compartment.as_str());
    secret::given_or_asked(given(&named.passphrase), &prompt).map(Way::Passphrase).map_err(another_option)
}

/// The vault's passphrase is of no use here, so another option is to be named.
fn another_option(failure: Failure) -> Failure {
    match failure.hint.as_deref() {
        Some(hint) if hint.contains("--passphrase-file") => {
            failure.hint("give it with --compartment-passphrase-file FILE or --compartment-passphrase-fd N")
        }
        _ => failure,
    }
}

async fn list(console: &Console, connection: &Connection) -> Result<(), Failure> {
    let Reply::Compartments(all) = connection.request(Request::CompartmentList).await? else { return Err(other()) };
    let word = |state: &CompartmentState| match state.door {
        CompartmentDoor::Missing => "not made",
        CompartmentDoor::Closed => "closed",
        CompartmentDoor::Open => "open",
    };
    let as_json = |state: &CompartmentState| {
        json!({
            "compartment": state.compartment, "state": state.door, "created": state.created.map(output::moment),
        })
    };
    console.list(&all, as_json, || {
        let row = |state: &CompartmentState| {
            let title = state.compartment.title().to_owned();
            let made = state.created.map_or("–".to_owned(), output::local);
            [state.compartment.as_str().to_owned(), title, word(state).to_owned(), made]
        };
        output::table(["name", "what", "state", "made"], all.iter().map(row), "No compartments.");
    });
    Ok(())
}

/// `bedside note export`: one patient's notes of a compartment.
pub(super) async fn export(console: &Console, args: command::NoteExport) -> Result<(), Failure> {
    let command::NoteExport { patient, compartment, file, force, way } = args;
    let file = file.filter(|file| file.as_os_str() != "-");
    if file.as_ref().is_some_and(|file| file.exists()) && !force {
        return Err(Failure::new(Kind::Refused, "the file is there already").hint("--force writes over it"));
    }
    let (connection, _events) = console.connect().await?;
    vault::must_be_open(&connection)?;
    let way = way_in(compartment, &way)?;
    let request = Request::ExportBegin { way, who: Some(Phi::new(patient)), compartment: Some(compartment) };
    let Reply::ExportBegun(begun) = connection.request(request).await? else { return Err(other()) };
    let exported = Apart::read(&connection, compartment, begun).await?;
    let text = if console.json { exported.as_json().to_string() } else { exported.markdown() };
    let Some(file) = file else {
        output::line(text.trim_end());
        return Ok(());
    };
    write(&file, &text)?;
    let name = file.display().to_string();
    output::say(&format!(
        "{}: {} notes, readable by anybody who can read the file.",
        output::safe(&name),
        exported.notes.len()
    ));
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let mut writing = Writing::begin(file)?;
    writing.line(text.trim_end())?;
    writing.finish(file)
}

/// What an export of a compartment holds.
struct Apart {
    compartment: Compartment,
    begun: ExportBegun,
    notes: Vec<Note>,
}

impl Apart {
    async fn read(connection: &Connection, compartment: Compartment, begun: ExportBegun) -> Result<Self, Failure> {
        let patient = begun.patients.first().map(|patient| patient.id);
        let mut notes: Vec<Note> = Vec::new();
        loop {
            let request = Request::ExportPage { patient, what: Exported::Notes, skip: notes.len() as u64 };
            let Reply::ExportPage { page: Page::Notes(page), more } = connection.request(request).await? else {
                return Err(other());
            };
            notes.extend(page);
            if !more {
                return Ok(Self { compartment, begun, notes });
            }
        }
    }

    /// The statement of 42 CFR 2.32, where it is asked for.
    fn notice(&self) -> Option<&'static str> {
        (self.compartment == Compartment::Sud || self.begun.practice.part2).then_some(PART2_NOTICE)
    }

    fn markdown(&self) -> String {
        let at = output::local(SystemClock.now());
        let mut text = self.notice().map_or(String::new(), |notice| format!("**{notice}**\n\n"));
        for patient in &self.begun.patients {
            text.push_str(&export::apart(self.compartment.title(), patient, &self.notes, &at));
        }
        text
    }

    fn as_json(&self) -> Value {
        let name = self.begun.patients.first().map(|patient| patient.name.clone());
        let notes = self.notes.iter().map(|note| note::as_json(&Named { name: name.clone(), record: note.clone() }));
        json!({
            "notice": self.notice(), "compartment": self.compartment,
            "patient": self.begun.patients.first().map(|patient| patient.id),
            "name": name.as_ref().map(|name| name.expose().clone()),
            "exported": output::moment(SystemClock.now()), "notes": notes.collect::<Vec<_>>(),
        })
    }
}
