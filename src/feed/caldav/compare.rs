//! What of a calendar is new beside what was seen of it before.

use super::Href;
use crate::base::id::{FeedId, RemoteId};
use crate::record::RemoteObject;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};

/// What stands for an address, a UID or a text of this calendar, and says nothing of it.
pub fn key(feed: FeedId, text: &str) -> RemoteId {
    let hash = Sha256::new().chain_update(feed.as_bytes()).chain_update(text.as_bytes()).finalize();
    RemoteId::from_bytes(hash.first_chunk().copied().expect("SHA-256 has 32 bytes"))
}

/// What a server says is in a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// All of it; otherwise what changed.
    pub whole: bool,
    /// Objects that are there, with their entity tags.
    pub there: Vec<(Href, Option<String>)>,
    /// Objects that went.
    pub gone: Vec<Href>,
}

/// What is new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// To be fetched.
    pub fetch: Vec<Href>,
    /// Went since.
    pub gone: Vec<RemoteObject>,
    /// Ours, and changed there or gone.
    pub conflicts: Vec<RemoteObject>,
}

/// Compares. An object of ours is never fetched: what we know of it is in the practice itself.
pub fn compare(feed: FeedId, known: &HashMap<RemoteId, RemoteObject>, listing: Listing) -> Compared {
    let (mut compared, mut there) = (Compared::default(), BTreeSet::new());
    for (href, etag) in listing.there {
        let id = key(feed, href.as_str());
        if !there.insert(id) {
            continue;
        }
        match known.get(&id) {
            Some(object) if etag.as_ref() == Some(&object.etag) => {}
            Some(object) if object.own.is_some() => compared.conflicts.push(object.clone()),
            _ => compared.fetch.push(href),
        }
    }
    let mut went: BTreeSet<RemoteId> = listing.gone.iter().map(|href| key(feed, href.as_str())).collect();
    if listing.whole {
        went.extend(known.keys());
    }
    for object in went.iter().filter(|id| !there.contains(*id)).filter_map(|id| known.get(id)) {
        let pile = if object.own.is_some() { &mut compared.conflicts } else { &mut compared.gone };
        pile.push(object.clone());
    }
    compared
}
