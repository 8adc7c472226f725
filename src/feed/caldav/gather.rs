//! What was fetched of a calendar, object by object, becomes one feed and what is to be remembered of it.

use super::super::{APPOINTMENTS_MAX, Broken, FeedError, Reading, Skipped, read};
use super::{Compared, Href, key};
use crate::base::Phi;
use crate::base::id::{FeedId, RemoteId};
use crate::record::{Imported, RemoteObject};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What is gathered of one calendar.
#[derive(Debug)]
pub struct Gathering {
    feed: FeedId,
    entries: Vec<Imported>,
    /// Objects that are in place once the appointments are.
    keep: Vec<RemoteObject>,
    /// Objects that are not there any more.
    drop: BTreeSet<RemoteId>,
    /// UIDs whose appointments are all here, or gone.
    settled: BTreeSet<RemoteId>,
    /// Objects that were looked at.
    touched: BTreeSet<RemoteId>,
    /// What was left out, with the object's name.
    left: Vec<(Phi<String>, Left)>,
}

/// What was left out of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// An entry of it is broken.
    Broken(Broken),
    /// It is broken as a whole.
    Unreadable(FeedError),
    /// The server lists it and does not give it.
    Absent,
    /// The server names it by an address that is not in its calendar, or is none.
    Astray,
    /// It is no appointment.
    Skipped(Skipped),
}

impl Left {
    /// The line it is about, counted from 1.
    pub const fn line(&self) -> usize {
        match self {
            Self::Broken(broken) => broken.line,
            Self::Unreadable(FeedError::Broken { line, .. }) => *line,
            Self::Unreadable(_) | Self::Absent | Self::Astray => 1,
            Self::Skipped(skipped) => skipped.line,
        }
    }

    /// Why.
    pub fn reason(&self) -> String {
        match self {
            Self::Broken(broken) => broken.flaw.to_string(),
            Self::Unreadable(FeedError::Broken { flaw, .. }) => flaw.to_string(),
            Self::Unreadable(error) => error.to_string(),
            Self::Absent => "the server lists it and does not give it".to_owned(),
            Self::Astray => "the server names it by an address that is not in its calendar".to_owned(),
            Self::Skipped(skipped) => skipped.reason.to_string(),
        }
    }

    /// Whether it is broken rather than of another kind.
    pub const fn is_broken(&self) -> bool {
        !matches!(self, Self::Skipped(_))
    }
}

/// All objects together have more appointments than are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the calendar has more than {APPOINTMENTS_MAX} appointments")]
pub struct TooManyAppointments;

/// What was gathered.
#[derive(Debug)]
pub struct Gathered {
    /// The appointments.
    pub entries: Vec<Imported>,
    /// UIDs that have no other appointments than these.
    pub settled: Vec<RemoteId>,
    /// Objects as they are to be remembered.
    pub keep: Vec<RemoteObject>,
    /// Objects to be forgotten.
    pub drop: Vec<RemoteId>,
    /// What was left out, with the object's name.
    pub left: Vec<(Phi<String>, Left)>,
}

impl Gathered {
    /// How many objects hold something broken.
    pub fn broken(&self) -> usize {
        let broken = self.left.iter().filter(|(_, left)| left.is_broken());
        broken.map(|(name, _)| name).collect::<BTreeSet<_>>().len()
    }
}

impl Gathering {
    /// Begins with what is known to have gone.
    pub fn of(feed: FeedId, compared: &Compared) -> Self {
        let mut gathering = Self {
            feed,
            entries: Vec::new(),
            keep: Vec::new(),
            drop: BTreeSet::new(),
            settled: BTreeSet::new(),
            touched: BTreeSet::new(),
            left: Vec::new(),
        };
        compared.gone.iter().for_each(|object| gathering.gone(object));
        gathering
    }

    /// An object went.
    pub fn gone(&mut self, object: &RemoteObject) {
        self.touched.insert(object.id);
        self.drop.insert(object.id);
        self.settled.extend(&object.uids);
    }

    /// An object is listed and cannot be had.
    pub fn absent(&mut self, href: &Href) {
        self.touched.insert(key(self.feed, href.as_str()));
        self.left.push((href.name(), Left::Absent));
    }

    /// Reads an object. One that is broken is left out and not remembered, so that it is fetched again the next time;
    /// its appointments stay as they were.
    ///
    /// # Errors
    /// [`TooManyAppointments`] if all objects together have.
    pub fn take(
        &mut self,
        href: &Href,
        etag: &str,
        data: &str,
        before: Option<&RemoteObject>,
        reading: &Reading,
    ) -> Result<(), TooManyAppointments> {
        let id = key(self.feed, href.as_str());
        self.touched.insert(id);
        let parsed = match read(data.as_bytes(), reading) {
            Ok(parsed) => parsed,
            Err(error) => {
                self.left.push((href.name(), Left::Unreadable(error)));
                return Ok(());
            }
        };
        let whole = parsed.broken.is_empty();
        self.left.extend(parsed.broken.into_iter().map(|broken| (href.name(), Left::Broken(broken))));
        self.left.extend(parsed.skipped.into_iter().map(|skipped| (href.name(), Left::Skipped(skipped))));
        if whole {
            let of = |entry: &Imported| key(self.feed, entry.uid.expose());
            let uids: BTreeSet<RemoteId> = parsed.entries.iter().map(of).collect();
            self.entries.extend(parsed.entries);
            if self.entries.len() > APPOINTMENTS_MAX {
                return Err(TooManyAppointments);
            }
            self.settled.extend(&uids);
            self.settled.extend(before.iter().flat_map(|object| &object.uids));
            let (feed, etag) = (self.feed, etag.to_owned());
            self.keep.push(RemoteObject { id, feed, etag, uids: uids.into_iter().collect(), own: None });
        }
        Ok(())
    }

    /// All was taken. A UID that another object has, too, which was not looked at, is not settled.
    pub fn finish(mut self, known: &HashMap<RemoteId, RemoteObject>) -> Gathered {
        let others = known.values().filter(|object| !self.touched.contains(&object.id));
        let others: HashSet<RemoteId> = others.flat_map(|object| &object.uids).copied().collect();
        self.settled.retain(|uid| !others.contains(uid));
        Gathered {
            entries: self.entries,
            settled: self.settled.into_iter().collect(),
            keep: self.keep,
            drop: self.drop.into_iter().collect(),
            left: self.left,
        }
    }
}
