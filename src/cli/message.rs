//! `bedside message`.

use super::console::{Console, other};
use super::{command, note, output};
use crate::base::{Failure, Kind, Phi, SafeText};
use crate::client::agent::{Event, Named, Reply, Request};
use crate::record::{Delivery, Message, Sender};
use serde_json::{Value, json};
use std::io::Read;

pub(super) async fn run(console: &Console, verb: command::Message) -> Result<(), Failure> {
    match verb {
        command::Message::Send { patient, text } => {
            let text = note::given(&text)?.map_or_else(from_stdin, Ok)?;
            let request = Request::MessageSend { who: Phi::new(patient), text };
            let Reply::Message(message) = console.ask(request).await? else { return Err(other()) };
            console.show(|| as_json(&message), || output::line("On its way."));
            Ok(())
        }
        command::Message::List { limit } => list(console, None, limit, false).await,
        command::Message::Show { patient, limit, keep_unread } => {
            list(console, Some(patient), limit, !keep_unread).await
        }
        command::Message::Watch => watch(console).await,
    }
}

fn from_stdin() -> Result<Phi<String>, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .take(crate::client::TEXT_MAX_BYTES as u64 + 1)
        .read_to_string(&mut text)
        .map_err(|_| Failure::new(Kind::Usage, "the message cannot be read as UTF-8"))?;
    Ok(Phi::new(text.trim_end().to_owned()))
}

async fn list(console: &Console, patient: Option<String>, limit: u32, read: bool) -> Result<(), Failure> {
    let request = Request::MessageList { who: patient.map(Phi::new), limit, read };
    let Reply::Messages(messages) = console.ask(request).await? else { return Err(other()) };
    console.list(&messages, as_json, || {
        if messages.is_empty() {
            output::say("No messages.");
        }
        messages.iter().for_each(show);
    });
    Ok(())
}

async fn watch(console: &Console) -> Result<(), Failure> {
    let (connection, mut events) = console.connect().await?;
    connection.request(Request::Subscribe).await?;
    while let Some(event) = events.recv().await {
        let Event::MessageArrived { patient, id } = event else { continue };
        let who = Some(Phi::new(patient.to_string()));
        let request = Request::MessageList { who, limit: 100, read: false };
        let Reply::Messages(messages) = connection.request(request).await? else { return Err(other()) };
        for message in messages.iter().filter(|message| message.record.id == id) {
            console.show(|| as_json(message), || show(message));
        }
    }
    Err(Failure::new(Kind::Locked, "the vault was locked").hint("run 'bedside unlock'"))
}

fn show(message: &Named<Message>) {
    let record = &message.record;
    let name = message.name.as_ref().map_or(String::new(), |name| output::safe(name.expose()));
    let (who, how) = match record.from {
        Sender::Patient => (name, if record.read.is_none() { "new" } else { "" }),
        Sender::Clinician => (format!("you to {name}"), delivery(record.delivery)),
    };
    output::line(format!("{}  {who}  {how}", output::local(record.at)).trim_end());
    for line in SafeText::lines(record.text.expose()).as_str().lines() {
        output::line(&format!("    {line}"));
    }
}

fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Queued => "not sent yet",
        Delivery::Sent => "on its way",
        Delivery::Received => "received",
    }
}

pub(super) fn as_json(message: &Named<Message>) -> Value {
    let record = &message.record;
    json!({
        "id": record.id, "patient": record.patient, "name": message.name.as_ref().map(|name| name.expose().clone()),
        "from": record.from, "text": record.text.expose(), "at": output::moment(record.at),
        "delivery": record.delivery, "read": record.read.map(output::moment),
        "appointment": record.appointment.map(|attached| attached.id),
    })
}
