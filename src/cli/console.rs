//! What every command needs: the place, the options, one connection.

use super::command::{Cli, Options};
use super::output;
use crate::base::{Failure, Kind, Place};
use crate::client::agent::{Reply, Request};
use crate::client::call::Devices;
use crate::client::{Connection, Events};
use std::path::PathBuf;

/// The options, understood.
pub(super) struct Console {
    pub(super) place: Place,
    pub(super) json: bool,
    pub(super) options: Options,
}

impl Console {
    pub(super) fn new(cli: &Cli) -> Result<Self, Failure> {
        let folder = match &cli.options.vault {
            Some(folder) => std::path::absolute(folder)
                .map_err(|_| Failure::new(Kind::Usage, "the vault folder cannot be found"))?,
            None => default_folder()?,
        };
        Ok(Self { place: Place::new(folder)?, json: cli.options.json, options: cli.options.clone() })
    }

    /// A connection to the agent, started if none runs.
    pub(super) async fn connect(&self) -> Result<(Connection, Events), Failure> {
        let (connection, events) = Connection::open(&self.place).await?;
        if let Some(zone) = connection.status().zone.as_deref() {
            output::tell_time_in(zone);
        }
        Ok((connection, events))
    }

    /// One request on a connection of its own.
    pub(super) async fn ask(&self, request: Request) -> Result<Reply, Failure> {
        let again = (request == Request::Status).then_some(Request::Status);
        let reply = self.connect().await?.0.request(request).await;
        match (reply, again) {
            // The agent locked itself in between; how things stand can be asked again without harm.
            (Err(failure), Some(request)) if failure.kind == Kind::Network => {
                self.connect().await?.0.request(request).await
            }
            (reply, _) => reply,
        }
    }

    /// Devices and manners of the call window.
    pub(super) fn devices(&self) -> Devices {
        Devices {
            camera: self.options.camera.clone(),
            microphone: self.options.microphone.clone(),
            speaker: self.options.speaker.clone(),
            original_sound: self.options.original_sound,
            headless: self.options.headless,
            loopback: self.options.loopback,
        }
    }

    /// JSON when asked for, otherwise what `people` prints.
    pub(super) fn show(&self, json: impl FnOnce() -> serde_json::Value, people: impl FnOnce()) {
        if self.json { output::json(&json()) } else { people() }
    }

    /// One JSON object a line when asked for, otherwise what `people` prints.
    pub(super) fn list<T>(&self, items: &[T], json: impl Fn(&T) -> serde_json::Value, people: impl FnOnce()) {
        if self.json { items.iter().map(json).for_each(|value| output::json(&value)) } else { people() }
    }
}

/// A reply that is not the one this request has.
pub(super) fn other() -> Failure {
    Failure::new(Kind::Bug, "the agent answered something else")
}

fn default_folder() -> Result<PathBuf, Failure> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    from("XDG_DATA_HOME")
        .or_else(|| from("HOME").map(|home| home.join(".local/share")))
        .map(|data| data.join("bedside"))
        .ok_or_else(|| {
            Failure::new(Kind::Usage, "no home folder is set").hint("name the practice's folder with --vault")
        })
}

/// Opens the console.
pub(super) async fn open(console: &Console) -> Result<(), Failure> {
    crate::tui::run(crate::tui::Options { place: console.place.clone(), devices: console.devices() }).await
}
