//! Calendars on other servers: where they are and what was seen of them. The server itself is talked to by a client.

use super::import::FRAME_BYTES;
use super::{ClientId, Desk};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::base::id::{AppointmentId, FeedId, PatientId};
use crate::base::{Failure, Kind, Phi};
use crate::feed::caldav::Address;
use crate::record::{Action, Actor, Appointment, Remote, RemoteObject};
use crate::wire::agent::{
    FEED_OBJECTS_MAX, FeedChange, FeedDraft, FeedKept, FeedReply, FeedRequest, FeedSeen, Named, Reply,
};
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

/// The most calendars that are kept.
const FEEDS_MAX: usize = 50;
/// The longest name, user and password, in bytes.
const WORD_MAX_BYTES: usize = 1_000;
const DAY: Duration = Duration::from_secs(24 * 3600);
/// All of a calendar is read again after so long: what repeats without end has gone on.
const READ_AGAIN: Duration = Duration::from_secs(30 * 24 * 3600);
/// What is put there: from so many days ago to so many ahead, as much as is read of a calendar.
const WINDOW_DAYS: (u32, u32) = (30, 400);

impl Desk {
    pub(super) fn about_feeds(&mut self, client: ClientId, request: FeedRequest) -> Result<Reply, Failure> {
        let reply = match request {
            FeedRequest::Add(draft) => self.add_feed(*draft)?,
            FeedRequest::List => self.list_feeds()?,
            FeedRequest::Remove { name } => self.remove_feed(&name)?,
            FeedRequest::Get { name } => self.get_feed(name.as_ref())?,
            FeedRequest::Settled { feed, uids } => {
                self.settle_import(client, feed, uids)?;
                FeedReply::Done
            }
            FeedRequest::Own { feed, names } => self.own_for(client, feed, names)?,
            FeedRequest::Set(change) => self.set_feed(*change)?,
        };
        Ok(Reply::Feed(reply))
    }

    fn remotes(&mut self) -> Result<Vec<Remote>, Failure> {
        let mut all: Vec<Remote> = self.open()?.book.list()?;
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    fn remote(&mut self, name: &Phi<String>) -> Result<Remote, Failure> {
        self.remotes()?.into_iter().find(|remote| remote.name == *name).ok_or_else(not_kept)
    }

    fn objects(&mut self, feed: FeedId) -> Result<Vec<RemoteObject>, Failure> {
        let all: Vec<RemoteObject> = self.open()?.book.list()?;
        Ok(all.into_iter().filter(|object| object.feed == feed).collect())
    }

    /// Another user or password may be given to one that is there; for another address it is another calendar.
    fn add_feed(&mut self, draft: FeedDraft) -> Result<FeedReply, Failure> {
        let now = self.now();
        let name = draft.name.expose().trim();
        let words = [name, draft.user.expose(), draft.password.expose()];
        if name.is_empty() || words.iter().any(|word| word.len() > WORD_MAX_BYTES || word.contains(char::is_control)) {
            return Err(Failure::new(Kind::Usage, "a name, user or password cannot be used")
                .hint("give up to 1000 characters on one line"));
        }
        if draft.user.expose().contains(':') {
            return Err(Failure::new(Kind::Usage, "a user's name has no colon"));
        }
        let url = Address::parse(draft.url.expose()).map_err(|error| {
            Failure::new(Kind::Usage, error.to_string())
                .hint("write https://HOST/PATH/ of one calendar, as its server's settings show it")
        })?;
        let remotes = self.remotes()?;
        let old = remotes.iter().find(|remote| remote.name.expose() == name);
        let remote = match old {
            Some(old) if *old.url.expose() != *url.to_url().expose() => {
                return Err(refused("another calendar is kept under this name")
                    .hint("give this one another name, or remove that one with 'bedside feed remove'"));
            }
            Some(old) => Remote { user: draft.user, password: draft.password, ..old.clone() },
            None if remotes.len() >= FEEDS_MAX => {
                return Err(refused(format!("no more than {FEEDS_MAX} calendars are kept")));
            }
            None => Remote {
                id: FeedId::random(),
                name: Phi::from(name),
                url: url.to_url(),
                user: draft.user,
                password: draft.password,
                mark: None,
                whole: None,
            },
        };
        self.open()?.book.put(&remote, now);
        self.audit(Actor::Clinician, Action::FeedAdd, About::record(None, remote.id));
        Ok(FeedReply::Done)
    }

    fn list_feeds(&mut self) -> Result<FeedReply, Failure> {
        let remotes = self.remotes()?;
        let objects: Vec<RemoteObject> = self.open()?.book.list()?;
        let kept = remotes.into_iter().map(|remote| {
            let of = objects.iter().filter(|object| object.feed == remote.id);
            let own = of.clone().filter_map(|object| object.own.as_ref());
            FeedKept {
                objects: of.count() as u64,
                own: own.clone().count() as u64,
                conflicts: own.filter(|own| own.conflict).count() as u64,
                name: remote.name,
                url: remote.url,
                user: remote.user,
            }
        });
        Ok(FeedReply::Kept(kept.collect()))
    }

    fn remove_feed(&mut self, name: &Phi<String>) -> Result<FeedReply, Failure> {
        let now = self.now();
        let remote = self.remote(name)?;
        let objects = self.objects(remote.id)?;
        let book = &mut self.open()?.book;
        for object in &objects {
            book.remove(object, now);
        }
        book.remove(&remote, now);
        self.audit(Actor::Clinician, Action::FeedRemove, About::record(None, remote.id));
        Ok(FeedReply::Done)
    }

    fn get_feed(&mut self, name: Option<&Phi<String>>) -> Result<FeedReply, Failure> {
        let now = self.now();
        let mut remote = match name {
            Some(name) => self.remote(name)?,
            None => {
                let mut all = self.remotes()?;
                match (all.pop(), all.is_empty()) {
                    (Some(only), true) => only,
                    (Some(_), false) => {
                        return Err(Failure::new(Kind::Usage, "several calendars are kept")
                            .hint("say which with --feed NAME; 'bedside feed list' shows them"));
                    }
                    (None, _) => return Err(not_kept()),
                }
            }
        };
        let mut objects = self.objects(remote.id)?;
        if !remote.whole.is_some_and(|at| at <= now && now < at.plus(READ_AGAIN)) {
            // As if nothing was seen yet, but the UIDs are known.
            (remote.mark, remote.whole) = (None, None);
            objects.iter_mut().filter(|object| object.own.is_none()).for_each(|object| object.etag.clear());
        }
        Ok(FeedReply::Seen(Box::new(FeedSeen { remote, objects })))
    }

    /// Appointments made here that belong on another server.
    fn own_for(&mut self, client: ClientId, feed: FeedId, names: bool) -> Result<FeedReply, Failure> {
        let there: HashSet<AppointmentId> =
            self.objects(feed)?.iter().filter_map(|object| object.own.map(|own| own.appointment)).collect();
        let now = self.now();
        let near = now.minus(DAY * WINDOW_DAYS.0)..now.plus(DAY * WINDOW_DAYS.1);
        let book = &self.open()?.book;
        let made_here = |one: &&Appointment| one.source.is_none() && !there.contains(&one.id);
        let put_there = there.iter().filter_map(|id| book.appointment(*id));
        let mut own: Vec<Appointment> = book.beginning(near).filter(made_here).chain(put_there).cloned().collect();
        own.sort_by_key(|appointment| (appointment.start.timestamp(), appointment.id));
        if names {
            let patients = own.iter().filter_map(|appointment| appointment.patient).collect();
            self.audit_list(client, Action::AppointmentRead, patients, own.len());
        }
        let told = own.into_iter().map(|appointment| match names {
            true => self.named(appointment.patient, appointment),
            false => {
                let record = Appointment { patient: None, subject: Phi::default(), former: None, ..appointment };
                Named { name: None, record }
            }
        });
        let appointments = told.collect();
        let part2 = self.open()?.book.practice().part2;
        Ok(FeedReply::Own { appointments, part2 })
    }

    /// Remembers what is in place: the objects first, and how far the calendar was seen last.
    fn set_feed(&mut self, change: FeedChange) -> Result<FeedReply, Failure> {
        let now = self.now();
        let mut remote = self.remotes()?.into_iter().find(|remote| remote.id == change.feed).ok_or_else(not_kept)?;
        if change.keep.len() > FEED_OBJECTS_MAX || change.keep.iter().any(|object| object.feed != remote.id) {
            return Err(Failure::new(Kind::Usage, format!("a calendar has {FEED_OBJECTS_MAX} objects at most")));
        }
        let drop: HashSet<_> = change.drop.iter().collect();
        let gone: Vec<RemoteObject> = match drop.is_empty() {
            true => Vec::new(),
            false => self.objects(remote.id)?.into_iter().filter(|object| drop.contains(&object.id)).collect(),
        };
        let book = &mut self.open()?.book;
        for object in &change.keep {
            book.put(object, now);
            if book.staged_bytes() > FRAME_BYTES {
                book.commit(None)?;
            }
        }
        for object in &gone {
            book.remove(object, now);
        }
        let mark = std::mem::replace(&mut remote.mark, change.mark);
        if change.whole {
            remote.whole = Some(now);
        }
        if change.whole || mark != remote.mark {
            book.put(&remote, now);
        }
        if !change.pushed.is_empty() {
            let pushed = change.pushed.iter().filter_map(|id| book.appointment(*id));
            let patients: BTreeSet<PatientId> = pushed.filter_map(|appointment| appointment.patient).collect();
            self.audit(Actor::Clinician, Action::FeedPush, About::several(patients, change.pushed.len()));
        }
        Ok(FeedReply::Done)
    }

    /// What a calendar brought was taken back: the next time all of it is fetched again.
    pub(super) fn feed_taken_back(&mut self, name: &Phi<String>) -> Result<(), Failure> {
        let now = self.now();
        let found = self.remotes()?.into_iter().find(|remote| remote.name == *name);
        if let Some(remote) = found {
            self.open()?.book.put(&Remote { mark: None, whole: None, ..remote }, now);
        }
        Ok(())
    }
}

fn not_kept() -> Failure {
    refused("no such calendar is kept").hint("'bedside feed add' keeps one; 'bedside feed list' shows them")
}
