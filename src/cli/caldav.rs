//! `bedside feed add`, `list`, `remove` and `sync`: calendars on other servers that are kept in step.
//!
//! The server is talked to here, in the client, away from the process that holds the keys.

mod pull;
mod push;
mod server;
pub(super) mod sync;
mod told;

use super::console::{Console, other};
use super::{command, output, secret};
use crate::base::{Failure, Kind, Phi};
use crate::client::Connection;
use crate::client::agent::{FeedDraft, FeedKept, FeedReply, FeedRequest, Reply, Request};
use crate::feed::caldav::Address;
use serde_json::json;
use server::Server;
use std::path::Path;

pub(super) async fn add(console: &Console, args: command::FeedAdd) -> Result<(), Failure> {
    let (user, password) = credentials(args.user, args.password_file.as_deref())?;
    // Whatever is wrong with it is better told now than at six in the morning.
    Server::of(address(&args.url)?, &user, &password)?.calendar()?;
    let name = args.name;
    let draft = FeedDraft { name: Phi::new(name.clone()), url: Phi::new(args.url), user, password };
    let (connection, _events) = console.connect().await?;
    ask(&connection, FeedRequest::Add(Box::new(draft))).await?;
    console.show(
        || json!({"feed": name.trim(), "kept": true}),
        || {
            output::line("It is kept. 'bedside feed sync' fetches what is new there.");
            output::line("Nothing is sent there unless --push is given with it, and no names unless --names is, too.");
        },
    );
    Ok(())
}

pub(super) async fn list(console: &Console) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    let FeedReply::Kept(all) = ask(&connection, FeedRequest::List).await? else { return Err(other()) };
    console.list(
        &all,
        |feed| {
            json!({
                "feed": feed.name.expose(), "url": feed.url.expose(), "user": feed.user.expose(),
                "objects": feed.objects, "own": feed.own, "conflicts": feed.conflicts,
            })
        },
        || {
            let row = |feed: &FeedKept| {
                [
                    output::safe(feed.name.expose()),
                    output::safe(feed.url.expose()),
                    output::safe(feed.user.expose()),
                    feed.objects.to_string(),
                    feed.own.to_string(),
                    feed.conflicts.to_string(),
                ]
            };
            let head = ["feed", "address", "user", "entries", "of ours", "changed there"];
            output::table(head, all.iter().map(row), "No calendar is kept.");
        },
    );
    Ok(())
}

pub(super) async fn remove(console: &Console, name: String) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    ask(&connection, FeedRequest::Remove { name: Phi::new(name.clone()) }).await?;
    console.show(
        || json!({"feed": name, "kept": false}),
        || output::line("It is forgotten. Its appointments stay, and so does what was put there."),
    );
    Ok(())
}

fn address(text: &str) -> Result<Address, Failure> {
    Address::parse(text).map_err(|error| {
        Failure::new(Kind::Usage, error.to_string())
            .hint("write https://HOST/PATH/ of one calendar; user and password have options of their own")
    })
}

/// A user and a password; nobody's where none are given.
fn credentials(user: Option<String>, file: Option<&Path>) -> Result<(Phi<String>, Phi<String>), Failure> {
    let password = file.map(secret::from_file).transpose()?.unwrap_or_default();
    let user = user.unwrap_or_default();
    if user.contains(':') {
        return Err(Failure::new(Kind::Usage, "a user's name has no colon"));
    }
    Ok((Phi::new(user), password))
}

/// Asks the agent about feeds.
async fn ask(connection: &Connection, request: FeedRequest) -> Result<FeedReply, Failure> {
    match connection.request(Request::Feed(request)).await? {
        Reply::Feed(reply) => Ok(reply),
        _ => Err(other()),
    }
}
