//! `bedside feed sync`: what is new there comes here, and with --push what is ours goes there.
//!
//! How far the calendar was seen is remembered after its appointments are durable, never before: a sync that is cut
//! short is done again and changes nothing twice. While nothing is asked of the agent no connection is held: the vault
//! may lock meanwhile, and then what was fetched is sealed as any import is.

use super::pull::{self, Pulled, Seen};
use super::push::{self, Pushed};
use super::server::Server;
use super::told::Told;
use super::{address, ask, credentials};
use crate::base::id::{FeedId, RemoteId};
use crate::base::time::SystemClock;
use crate::base::{Clock, Failure, Kind, Phi};
use crate::cli::appointment;
use crate::cli::command;
use crate::cli::console::{Console, other};
use crate::cli::import::{self, Left};
use crate::client::Connection;
use crate::client::agent::{FeedChange, FeedKept, FeedReply, FeedRequest, FeedSeen, ImportHead, Named, VaultState};
use crate::feed::Reading;
use crate::feed::caldav::{self, Address, Gathered};
use crate::feed::calendar::write;
use crate::record::compartment::PART2_NOTICE;
use crate::record::{Appointment, AppointmentStatus, RemoteObject};
use std::collections::HashMap;

/// What an appointment is called where names are not to be read.
const NAMELESS: &str = "Appointment";

/// What is known before the server is asked.
struct Begun {
    server: Server,
    seen: Seen,
    /// What the feed is called.
    name: Phi<String>,
    /// It is kept, so that what is seen can be remembered.
    kept: bool,
    /// All of it is read.
    whole: bool,
    reading: Reading,
}

pub(in crate::cli) async fn run(console: &Console, args: command::FeedSync) -> Result<(), Failure> {
    let begun = begin(console, &args).await?;
    // The rest of this process waits for the server; nothing else goes on in it.
    let pulled = pull::pull(&begun.server, &begun.seen, &begun.reading)?;
    let left = left_of(&pulled.gathered);
    if pulled.gathered.broken() > 0 && !args.partial {
        return Err(import::some_broken(&left)
            .hint("mend it on the server, or take the others with --partial; with --dry-run, too, it lists them all"));
    }
    let (connection, _events) = console.connect().await?;
    let (mut told, change) = take(&connection, &begun, pulled, left, &args).await?;
    let queued = told.report.queued;
    if begun.kept && !queued && !args.dry_run && is_new(&change, &begun.seen) {
        ask(&connection, FeedRequest::Set(Box::new(change.clone()))).await?;
    }
    if !args.push {
        told.show(console, &begun.reading.zone);
        return Ok(());
    }
    if queued {
        told.show(console, &begun.reading.zone);
        return Err(Failure::new(Kind::Locked, "the vault was locked meanwhile: nothing was put there")
            .hint("run 'bedside unlock', and the same again"));
    }
    let own = FeedRequest::Own { feed: begun.seen.feed, names: args.names };
    let FeedReply::Own { appointments, part2 } = ask(&connection, own).await? else { return Err(other()) };
    drop(connection);
    let notice = (part2 && args.names).then_some(PART2_NOTICE);
    let own = appointments.iter().map(|own| (own.record.id, text(own, notice))).collect();
    let known = after(begun.seen.known, &change);
    let deeds = caldav::deeds(change.feed, begun.server.address(), own, &known);
    if args.dry_run {
        told.would(&deeds, args.overwrite);
        told.show(console, &begun.reading.zone);
        return Ok(());
    }
    let pushed = push::push(&begun.server, change.feed, &deeds, args.overwrite, &begun.reading);
    told.did(&pushed);
    told.show(console, &begun.reading.zone);
    let ended = pushed.ended();
    if !deeds.is_empty() {
        let (connection, _events) = console.connect().await?;
        let Pushed { keep, drop, done, .. } = pushed;
        let change = FeedChange { keep, drop, pushed: done, whole: false, ..change };
        ask(&connection, FeedRequest::Set(Box::new(change))).await?;
    }
    ended
}

/// What was left out, as it is told.
fn left_of(gathered: &Gathered) -> Vec<Left> {
    let told = |(object, left): &(Phi<String>, caldav::Left)| Left {
        file: Some(object.expose().clone()),
        line: left.line(),
        reason: left.reason(),
        broken: left.is_broken(),
    };
    gathered.left.iter().map(told).collect()
}

/// Gives what was pulled to the agent; and what is to be remembered of it.
async fn take(
    connection: &Connection,
    begun: &Begun,
    pulled: Pulled,
    left: Vec<Left>,
    args: &command::FeedSync,
) -> Result<(Told, FeedChange), Failure> {
    let Pulled { gathered, conflicts, mark, fetched } = pulled;
    let sound = gathered.broken() == 0;
    // What is broken is not missing.
    let whole = begun.whole && sound;
    let head = ImportHead {
        feed: begun.name.clone(),
        whole,
        message: false,
        allow_removals: args.allow_removals,
        dry_run: args.dry_run,
    };
    let settled = FeedRequest::Settled { feed: begun.seen.feed, uids: gathered.settled };
    // Of a calendar that is not kept nothing is known to be missing, unless all of it is there.
    let settled = (!whole && begun.kept).then_some(settled);
    let report = import::give(connection, head, gathered.entries, Vec::new(), settled).await?;
    let differences = match args.dry_run {
        true => Some(import::differences(connection).await?),
        false => None,
    };
    let change = FeedChange {
        feed: begun.seen.feed,
        // What is broken is compared again the next time.
        mark: mark.filter(|_| sound),
        whole: begun.whole,
        keep: gathered.keep.into_iter().chain(disputed(&conflicts)).collect(),
        drop: gathered.drop,
        pushed: Vec::new(),
    };
    let told = Told { report, left, differences, fetched, elsewhere: conflicts.len(), ..Told::default() };
    Ok((told, change))
}

/// The calendar, what was seen of it, and the practice's zone.
async fn begin(console: &Console, args: &command::FeedSync) -> Result<Begun, Failure> {
    let name = args.name.clone().map(Phi::new);
    let (connection, _events) = console.connect().await?;
    let open = connection.status().vault == VaultState::Open;
    let reading = Reading::new(appointment::feed_zone(&connection), SystemClock.now());
    let given = match &args.url {
        Some(url) => {
            let address = address(url)?;
            let (user, password) = credentials(args.user.clone(), args.password_file.as_deref())?;
            Some((address, user, password))
        }
        None => None,
    };
    let kept = match &given {
        None => Some(get(&connection, name.clone()).await?),
        Some((address, ..)) if open => find(&connection, address, name.as_ref().ok_or_else(other)?).await?,
        Some(_) => None,
    };
    let Some(FeedSeen { remote, objects }) = kept else {
        let (address, user, password) = given.ok_or_else(other)?;
        let server = Server::of(address, &user, &password)?;
        let seen = Seen { feed: FeedId::random(), mark: None, known: HashMap::new() };
        return Ok(Begun { server, seen, name: name.ok_or_else(other)?, kept: false, whole: true, reading });
    };
    let (address, user, password) = match given {
        Some(given) => given,
        None => (address(remote.url.expose())?, remote.user, remote.password),
    };
    let known = objects.into_iter().map(|object| (object.id, object)).collect();
    let seen = Seen { feed: remote.id, mark: remote.mark, known };
    let server = Server::of(address, &user, &password)?;
    Ok(Begun { server, seen, name: remote.name, kept: true, whole: remote.whole.is_none(), reading })
}

async fn get(connection: &Connection, name: Option<Phi<String>>) -> Result<FeedSeen, Failure> {
    let FeedReply::Seen(seen) = ask(connection, FeedRequest::Get { name }).await? else { return Err(other()) };
    Ok(*seen)
}

/// The kept calendar of this name and address, if there is one.
async fn find(connection: &Connection, address: &Address, name: &Phi<String>) -> Result<Option<FeedSeen>, Failure> {
    let FeedReply::Kept(all) = ask(connection, FeedRequest::List).await? else { return Err(other()) };
    let same = |kept: &&FeedKept| kept.url == address.to_url() && kept.name == *name;
    match all.iter().find(same) {
        Some(kept) => get(connection, Some(kept.name.clone())).await.map(Some),
        None => Ok(None),
    }
}

/// Ours that were changed there, noted as such.
fn disputed(conflicts: &[RemoteObject]) -> impl Iterator<Item = RemoteObject> {
    conflicts.iter().filter(|object| object.own.is_some_and(|own| !own.conflict)).map(|object| {
        let own = object.own.map(|own| crate::record::Pushed { conflict: true, ..own });
        RemoteObject { own, ..object.clone() }
    })
}

/// What is known once a change is in place.
fn after(mut known: HashMap<RemoteId, RemoteObject>, change: &FeedChange) -> HashMap<RemoteId, RemoteObject> {
    change.drop.iter().for_each(|id| drop(known.remove(id)));
    known.extend(change.keep.iter().map(|object| (object.id, object.clone())));
    known
}

/// Whether anything is to be remembered that is not known anyway.
fn is_new(change: &FeedChange, seen: &Seen) -> bool {
    !change.keep.is_empty() || !change.drop.is_empty() || change.whole || change.mark != seen.mark
}

/// The object that an appointment of ours is there; a cancelled one is none.
fn text(own: &Named<Appointment>, notice: Option<&str>) -> Option<String> {
    let appointment = &own.record;
    let summary = own.name.as_ref().map_or(NAMELESS, |name| name.expose());
    // What says the same must be written the same, or it would be put there again each time.
    let event = write::Event { summary, appointment, written: None, notice };
    (appointment.status != AppointmentStatus::Cancelled).then(|| write::one(&event))
}
