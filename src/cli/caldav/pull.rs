//! What is new in a calendar is fetched: by its sync-token (RFC 6578) where the server has one, else by entity tags.

use super::server::{self, Server};
use crate::base::id::{FeedId, RemoteId};
use crate::base::{Failure, Kind, Phi};
use crate::cli::progress::Progress;
use crate::feed::Reading;
use crate::feed::caldav::{
    self, AnswerError, Compared, Found, Gathered, Gathering, Href, Left, Listing, OBJECTS_AT_ONCE, OBJECTS_MAX, ask,
};
use crate::record::RemoteObject;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

/// Parts of one list of changes that are asked for, at most.
const PARTS_MAX: usize = 1_000;
/// Letters of a name that is told.
const NAME_MAX_CHARS: usize = 100;
/// How long reading what was fetched may take, all in all.
const READ_WITHIN: Duration = Duration::from_secs(300);

/// What was seen of a calendar before.
pub(super) struct Seen {
    pub(super) feed: FeedId,
    /// How far.
    pub(super) mark: Option<String>,
    pub(super) known: HashMap<RemoteId, RemoteObject>,
}

/// What is new.
pub(super) struct Pulled {
    pub(super) gathered: Gathered,
    /// Ours, and changed there or gone.
    pub(super) conflicts: Vec<RemoteObject>,
    /// How far it is seen now.
    pub(super) mark: Option<String>,
    /// Objects that were fetched.
    pub(super) fetched: u64,
}

/// What a server lists.
#[derive(Default)]
struct Changes {
    /// Objects that are there, with their entity tags; `None` went.
    objects: BTreeMap<Href, Option<Option<String>>>,
    /// The names of those that cannot be asked for.
    astray: BTreeSet<Phi<String>>,
}

/// Fetches what is new.
pub(super) fn pull(server: &Server, seen: &Seen, reading: &Reading) -> Result<Pulled, Failure> {
    let calendar = server.calendar()?;
    let (changes, whole, mark) = list(server, &calendar, seen)?;
    let compared = caldav::compare(seen.feed, &seen.known, listing(changes.objects, whole));
    let (mut gathered, fetched) = fetch(server, &compared, seen, reading)?;
    gathered.left.extend(changes.astray.into_iter().map(|name| (name, Left::Astray)));
    Ok(Pulled { gathered, conflicts: compared.conflicts, mark, fetched })
}

/// What is there, or what changed; whether that is all; and how far it is.
fn list(server: &Server, calendar: &Found, seen: &Seen) -> Result<(Changes, bool, Option<String>), Failure> {
    if calendar.syncs {
        if let Some(token) = &seen.mark
            && let Some((changes, mark)) = changes(server, Some(token))?
        {
            return Ok((changes, false, mark));
        }
        let all = changes(server, None)?;
        let (changes, mark) = all.ok_or_else(|| server::unusable(AnswerError::NotMultistatus))?;
        return Ok((changes, true, mark));
    }
    // Without a token, the calendar's own tag tells whether anything changed, if it has one.
    if calendar.ctag.is_some() && calendar.ctag == seen.mark {
        return Ok((Changes::default(), false, calendar.ctag.clone()));
    }
    let answer = server.propfind(server.address().path(), "1", ask::tags())?;
    let mut there = Changes::default();
    take(server, answer.found, &mut there);
    Ok((there, true, calendar.ctag.clone()))
}

fn listing(objects: BTreeMap<Href, Option<Option<String>>>, whole: bool) -> Listing {
    let mut listing = Listing { whole, there: Vec::new(), gone: Vec::new() };
    for (href, etag) in objects {
        match etag {
            Some(etag) => listing.there.push((href, etag)),
            None => listing.gone.push(href),
        }
    }
    listing
}

/// Changes since a token, in as many parts as the server likes (§3.6); `None` if it does not know the token.
fn changes(server: &Server, since: Option<&str>) -> Result<Option<(Changes, Option<String>)>, Failure> {
    let (mut all, mut token) = (Changes::default(), since.map(str::to_owned));
    for _ in 0..PARTS_MAX {
        let said = server.report("0", ask::changes(token.as_deref()))?;
        let unknown = match said.status {
            // What servers answer to a token of long ago, with the reason (§3.2) or without.
            400 | 409 | 410 | 412 => true,
            403 => said.read().is_ok_and(|answer| answer.token_unknown),
            _ => false,
        };
        if unknown && token.is_some() {
            return Ok(None);
        }
        let answer = said.answer()?;
        let more = take(server, answer.found, &mut all);
        if all.objects.len() + all.astray.len() > OBJECTS_MAX {
            return Err(server::unusable(AnswerError::TooMany));
        }
        if !more {
            return Ok(Some((all, answer.token)));
        }
        if answer.token.is_none() || answer.token == token {
            break;
        }
        token = answer.token;
    }
    Err(Failure::new(Kind::Network, "the server never comes to the end of its list of changes")
        .hint("ask who runs the server"))
}

/// Notes what an answer says about objects; whether more follows.
fn take(server: &Server, found: Vec<Found>, changes: &mut Changes) -> bool {
    let mut more = false;
    for found in found {
        let etag = match found.status {
            Some(507) => {
                more = true;
                continue;
            }
            Some(404 | 410) => None,
            None | Some(200..=299) => Some(found.etag.filter(|etag| !etag.is_empty())),
            // It is there, whoever may have it: it is asked for, and told if it cannot be had.
            Some(_) => Some(None),
        };
        let href = found.href.expose().trim();
        // Of a whole address, too: a collection has a slash at its end.
        if found.collection || href.ends_with('/') {
            continue;
        }
        match server.address().listed(href) {
            Some(href) => drop(changes.objects.insert(href, etag)),
            None => {
                let name = href.rsplit('/').next().unwrap_or_default();
                changes.astray.insert(Phi::new(name.chars().take(NAME_MAX_CHARS).collect()));
            }
        }
    }
    more
}

/// Fetches and reads what is to be fetched; how much that was.
fn fetch(server: &Server, compared: &Compared, seen: &Seen, reading: &Reading) -> Result<(Gathered, u64), Failure> {
    let mut gathering = Gathering::of(seen.feed, compared);
    let progress = Progress::of("fetching");
    let total = compared.fetch.len() as u64;
    let (mut done, mut spent) = (0, Duration::ZERO);
    let mut parts: Vec<&[Href]> = compared.fetch.chunks(OBJECTS_AT_ONCE).rev().collect();
    while let Some(part) = parts.pop() {
        let answer = match objects(server, part) {
            // Large objects are asked for by fewer.
            Ok(Err(AnswerError::TooLong)) if part.len() > 1 => {
                let (first, rest) = part.split_at(part.len() / 2);
                parts.extend([rest, first]);
                continue;
            }
            answer => answer?.map_err(server::unusable)?,
        };
        let began = Instant::now();
        let mut wanted: HashSet<&Href> = part.iter().collect();
        for found in answer {
            let Some(href) = server.address().listed(found.href.expose()) else { continue };
            if !wanted.remove(&href) {
                continue;
            }
            let before = seen.known.get(&caldav::key(seen.feed, href.as_str()));
            match (found.data, found.status) {
                (Some(data), _) => {
                    let etag = found.etag.unwrap_or_default();
                    gathering.take(&href, &etag, data.expose(), before, reading).map_err(|error| {
                        Failure::new(Kind::Refused, error.to_string())
                            .hint("take away from it on the server what is long past")
                    })?;
                }
                // It went between the two questions.
                (None, Some(404 | 410)) => before.into_iter().for_each(|object| gathering.gone(object)),
                (None, _) => gathering.absent(&href),
            }
        }
        wanted.into_iter().for_each(|href| gathering.absent(href));
        spent += began.elapsed();
        if spent > READ_WITHIN {
            return Err(Failure::new(Kind::Refused, "reading the calendar takes longer than five minutes")
                .hint("look for entries that repeat without end or in strange ways"));
        }
        done += part.len() as u64;
        progress.tell(done, total);
    }
    Ok((gathering.finish(&seen.known), total))
}

/// Objects by their addresses; the inner error is one that asking for less can mend.
pub(super) fn objects(server: &Server, hrefs: &[Href]) -> Result<Result<Vec<Found>, AnswerError>, Failure> {
    let said = server.report("1", ask::objects(hrefs))?;
    match said.status {
        207 => Ok(said.read().map(|answer| answer.found)),
        status => Err(server::refusal(status)),
    }
}
