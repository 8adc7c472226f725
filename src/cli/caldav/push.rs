//! Our appointments are put on the server, each only in place of the version that is known to be there.

use super::pull::objects;
use super::server::{self, Head, Server};
use crate::base::id::{AppointmentId, FeedId, RemoteId};
use crate::base::{Failure, Kind};
use crate::cli::progress::Progress;
use crate::feed::Reading;
use crate::feed::caldav::{Deed, Found, Href, ask, says_the_same};
use crate::record::RemoteObject;

/// What was done there.
#[derive(Default)]
pub(super) struct Pushed {
    /// Put there, new or in another's place.
    pub(super) put: u64,
    /// Taken from there.
    pub(super) withdrawn: u64,
    /// Changed on both sides, and left as they are on both.
    pub(super) disputed: Vec<AppointmentId>,
    /// Objects as they are now.
    pub(super) keep: Vec<RemoteObject>,
    /// Objects that are not there any more.
    pub(super) drop: Vec<RemoteId>,
    /// The appointments this is about.
    pub(super) done: Vec<AppointmentId>,
    /// Why it went no further.
    pub(super) failed: Option<Failure>,
}

impl Pushed {
    /// How it ends for who asked for it.
    pub(super) fn ended(&self) -> Result<(), Failure> {
        if let Some(failure) = &self.failed {
            return Err(failure.clone());
        }
        let what = match self.disputed.len() {
            0 => return Ok(()),
            1 => "one appointment was".to_owned(),
            n => format!("{n} appointments were"),
        };
        Err(Failure::new(Kind::Refused, format!("{what} changed here and there: neither is overwritten"))
            .hint("change it here to what it says there, or let ours count with --push --overwrite"))
    }
}

/// How a deed ended.
enum End {
    /// It is there, in this version, or gone.
    Done(String),
    /// It was changed there.
    Disputed,
}

/// Does what is to be done, until something fails; what was done by then is told in any case.
pub(super) fn push(server: &Server, feed: FeedId, deeds: &[Deed], overwrite: bool, reading: &Reading) -> Pushed {
    let mut pushed = Pushed::default();
    let progress = Progress::of("pushing");
    for (n, deed) in deeds.iter().enumerate() {
        match act(server, deed, overwrite, reading) {
            Ok(End::Done(etag)) => {
                match deed.done(feed, etag) {
                    Some(object) => {
                        pushed.keep.push(object);
                        pushed.put += 1;
                    }
                    None => {
                        pushed.drop.extend(deed.before.as_ref().map(|object| object.id));
                        pushed.withdrawn += 1;
                    }
                }
                pushed.done.push(deed.appointment);
            }
            Ok(End::Disputed) => {
                pushed.keep.extend(deed.disputed());
                pushed.disputed.push(deed.appointment);
            }
            Err(failure) => {
                pushed.failed = Some(failure);
                return pushed;
            }
        }
        progress.tell(n as u64 + 1, deeds.len() as u64);
    }
    pushed
}

fn act(server: &Server, deed: &Deed, overwrite: bool, reading: &Reading) -> Result<End, Failure> {
    // What is there now, once that had to be looked at.
    let mut theirs = if deed.in_conflict() { Some(look(server, &deed.href)?) } else { None };
    loop {
        let head = match (&theirs, &deed.before) {
            (None, None) => Head::IfNothing,
            (None, Some(object)) => Head::IfMatch(&object.etag),
            (Some(None), _) if deed.text.is_none() => return Ok(End::Done(String::new())),
            (Some(None), Some(_)) if !overwrite => return Ok(End::Disputed),
            (Some(None), _) => Head::IfNothing,
            (Some(Some((etag, data))), _) => match &deed.text {
                Some(ours) if says_the_same(data, ours, reading) => return Ok(End::Done(etag.clone())),
                _ if overwrite => Head::IfMatch(etag),
                _ => return Ok(End::Disputed),
            },
        };
        let said = match &deed.text {
            Some(text) => server.put(&deed.href, head, text.clone())?,
            None => server.delete(&deed.href, head)?,
        };
        match (said.status, &deed.text) {
            (200..=299, Some(_)) => {
                // A server that wrote something else than it was given says no tag (RFC 4791 §5.3.4).
                let etag = said.etag.map_or_else(|| tag(server, &deed.href), Ok)?;
                return Ok(End::Done(etag));
            }
            (200..=299 | 404 | 410, None) => return Ok(End::Done(String::new())),
            (412, _) if theirs.is_none() => theirs = Some(look(server, &deed.href)?),
            (412, _) => return Ok(End::Disputed),
            (404 | 409, Some(_)) => {
                return Err(Failure::new(Kind::Refused, "the calendar is not there any more")
                    .hint("look for its address on the server, and keep it anew with 'bedside feed add'"));
            }
            (status, _) => return Err(server::refusal(status)),
        }
    }
}

/// The object that is there, with its entity tag, if there is one.
fn look(server: &Server, href: &Href) -> Result<Option<(String, String)>, Failure> {
    let found = objects(server, std::slice::from_ref(href))?.map_err(server::unusable)?;
    let own = |found: &Found| server.address().listed(found.href.expose()).as_ref() == Some(href);
    let found = found.into_iter().find(own);
    Ok(found.and_then(|found| Some((found.etag?, found.data?.into_inner()))))
}

fn tag(server: &Server, href: &Href) -> Result<String, Failure> {
    let answer = server.propfind(href, "0", ask::tags())?;
    Ok(answer.found.into_iter().find_map(|found| found.etag).unwrap_or_default())
}
