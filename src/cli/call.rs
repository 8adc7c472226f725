//! `bedside call`: admits, or waits until the patient knocks, and hands the visit to the call window.

use super::console::{Console, other};
use super::{agent, command, output};
use crate::base::{Failure, Kind, Phi};
use crate::client;
use crate::client::agent::{Event, Reply, Request};
use serde_json::json;

pub(super) async fn run(console: &Console, args: command::Call) -> Result<(), Failure> {
    if let Some(command::Join::Join { link_file, knock, answer }) = args.join {
        return agent::join(console, &link_file, knock, answer).await;
    }
    let patient = args.patient.ok_or_else(|| Failure::new(Kind::Usage, "no patient was named"))?;
    admit(console, patient, !args.no_wait).await
}

/// Admits; waits for the knock first when told to.
pub(super) async fn admit(console: &Console, patient: String, wait: bool) -> Result<(), Failure> {
    // Better heard now than after waiting for the patient.
    client::call::find_window()?;
    let (connection, mut events) = console.connect().await?;
    let who = Phi::new(patient);
    let Reply::Patient(patient) = connection.request(Request::PatientShow { who: who.clone() }).await? else {
        return Err(other());
    };
    let who = Phi::new(patient.id.to_string());
    connection.request(Request::Subscribe).await?;
    if wait {
        let mut said = false;
        while !is_there(&connection, patient.id).await? {
            if !std::mem::replace(&mut said, true) {
                output::say("Not in the waiting room yet; waiting for the knock (Ctrl-C ends this).");
            }
            loop {
                match events.recv().await {
                    Some(Event::Knocked { .. } | Event::Room(_) | Event::Visit(_)) => break,
                    Some(_) => {}
                    None => return Err(Failure::new(Kind::Locked, "the vault was locked").hint("run 'bedside unlock'")),
                }
            }
        }
    }
    let (place, devices) = (console.place.clone(), console.devices());
    let opened = tokio::task::spawn_blocking(move || client::call::open(&place, who, &devices)).await;
    let (visit, _window) = opened.map_err(|_| other())??;
    console.show(|| json!({"visit": visit}), || output::line("Admitted; the call window is opening."));
    Ok(())
}

/// In the waiting room, or in a visit whose window was lost.
async fn is_there(connection: &client::Connection, patient: crate::base::id::PatientId) -> Result<bool, Failure> {
    let Reply::Room(room) = connection.request(Request::RoomList).await? else { return Err(other()) };
    let Reply::Status(status) = connection.request(Request::Status).await? else { return Err(other()) };
    Ok(room.iter().any(|waiting| waiting.patient == patient)
        || status.visit.is_some_and(|visit| visit.patient == patient))
}
