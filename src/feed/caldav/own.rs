//! Appointments made here, and what of them stands on the other server: what is to be put there and taken from there.
//!
//! Nothing is overwritten that was changed there: each deed names the version it is for, and an appointment that was
//! changed on both sides stays as it is on both until somebody says that ours counts.

use super::{Address, Href, key};
use crate::base::id::{AppointmentId, FeedId, RemoteId};
use crate::feed::{Reading, read};
use crate::record::{Imported, Pushed, RemoteObject};
use std::collections::{BTreeMap, HashMap};

/// Something to be done on the other server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// For which appointment.
    pub appointment: AppointmentId,
    /// Where.
    pub href: Href,
    /// The object's text; `None` takes it away.
    pub text: Option<String>,
    /// What is there, as far as is known.
    pub before: Option<RemoteObject>,
}

impl Deed {
    /// Whether it was changed there.
    pub fn in_conflict(&self) -> bool {
        self.before.as_ref().and_then(|object| object.own).is_some_and(|own| own.conflict)
    }

    /// The object as it is when the deed is done, with the entity tag it has got.
    pub fn done(&self, feed: FeedId, etag: String) -> Option<RemoteObject> {
        let version = key(feed, self.text.as_deref()?);
        let own = Some(Pushed { appointment: self.appointment, version, conflict: false });
        Some(RemoteObject { id: key(feed, self.href.as_str()), feed, etag, uids: Vec::new(), own })
    }

    /// The object as one that was changed there; nothing if nothing of ours is known to be there.
    pub fn disputed(&self) -> Option<RemoteObject> {
        let object = self.before.clone()?;
        let own = object.own.map(|own| Pushed { conflict: true, ..own });
        Some(RemoteObject { own, ..object })
    }
}

/// What is to be done so that exactly these stand there. `own` has each appointment with its object's text; those that
/// are cancelled have none.
pub fn deeds(
    feed: FeedId,
    calendar: &Address,
    own: Vec<(AppointmentId, Option<String>)>,
    known: &HashMap<RemoteId, RemoteObject>,
) -> Vec<Deed> {
    let mut there: BTreeMap<AppointmentId, &RemoteObject> =
        known.values().filter_map(|object| object.own.map(|own| (own.appointment, object))).collect();
    let href = |appointment: AppointmentId| calendar.object(&format!("{appointment}.ics"));
    let mut deeds = Vec::new();
    for (appointment, text) in own {
        let before = there.remove(&appointment).cloned();
        let same = match (&before, &text) {
            (None, None) => true,
            (Some(object), Some(text)) => object.own.is_some_and(|own| !own.conflict && own.version == key(feed, text)),
            _ => false,
        };
        if !same {
            deeds.push(Deed { appointment, href: href(appointment), text, before });
        }
    }
    // What was put there and does not exist here any more.
    deeds.extend(there.into_iter().map(|(appointment, object)| Deed {
        appointment,
        href: href(appointment),
        text: None,
        before: Some(object.clone()),
    }));
    deeds
}

/// Whether an object says what ours does: the same appointment at the same time. A server may write the rest anew.
pub fn says_the_same(theirs: &str, ours: &str, reading: &Reading) -> bool {
    let only = |text: &str| -> Option<Imported> {
        let mut parsed = read(text.as_bytes(), reading).ok()?;
        let entry = parsed.entries.pop()?;
        (parsed.entries.is_empty() && parsed.broken.is_empty()).then_some(entry)
    };
    let (Some(theirs), Some(ours)) = (only(theirs), only(ours)) else { return false };
    let at = |entry: &Imported| (entry.start.timestamp(), entry.end.timestamp());
    at(&theirs) == at(&ours) && (theirs.uid, theirs.subject, theirs.status) == (ours.uid, ours.subject, ours.status)
}
