//! `bedside room`: who waits, and a word to them.

use super::console::{Console, other};
use super::{call, command, note, output};
use crate::base::{Failure, Phi};
use crate::client::agent::{Reply, Request, Waiting};
use serde_json::{Value, json};

pub(super) async fn run(console: &Console, verb: command::Room) -> Result<(), Failure> {
    let request = match verb {
        command::Room::List => return list(console).await,
        command::Room::Admit { patient } => return call::admit(console, patient, false).await,
        command::Room::Tell { patient, minutes, text } => {
            Request::RoomTell { who: Phi::new(patient), minutes, text: note::given(&text)? }
        }
        command::Room::Decline { patient, text } => {
            Request::RoomDecline { who: Phi::new(patient), text: note::given(&text)? }
        }
    };
    console.ask(request).await?;
    console.show(|| json!({"done": true}), || output::line("Said."));
    Ok(())
}

async fn list(console: &Console) -> Result<(), Failure> {
    let Reply::Room(room) = console.ask(Request::RoomList).await? else { return Err(other()) };
    console.list(&room, as_json, || {
        let yes = |works: bool| if works { "works" } else { "none" }.to_owned();
        let row = |waiting: &Waiting| {
            [
                output::safe(waiting.name.expose()),
                output::local(waiting.since),
                yes(waiting.camera),
                yes(waiting.microphone),
                if waiting.verified { "verified" } else { "not verified" }.to_owned(),
                waiting.place.as_ref().map_or(String::new(), |place| output::safe(place.expose())),
            ]
        };
        let head = ["patient", "since", "camera", "microphone", "device", "place"];
        output::table(head, room.iter().map(row), "Nobody waits.");
    });
    Ok(())
}

fn as_json(waiting: &Waiting) -> Value {
    json!({
        "patient": waiting.patient, "name": waiting.name.expose(), "visit": waiting.visit,
        "since": output::moment(waiting.since), "seen": output::moment(waiting.seen),
        "camera": waiting.camera, "microphone": waiting.microphone, "alone": waiting.alone,
        "place": waiting.place.as_ref().map(|place| place.expose().clone()), "verified": waiting.verified,
        "told": waiting.told.map(|(minutes, at)| json!({"minutes": minutes, "at": output::moment(at)})),
    })
}
