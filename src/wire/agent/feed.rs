//! What is asked and answered about calendars on other servers. The server is talked to by the client; the agent keeps
//! where it is and what was seen of it.

use super::Named;
use crate::base::Phi;
use crate::base::id::{AppointmentId, FeedId, RemoteId};
use crate::record::{Appointment, Remote, RemoteObject};
use serde::{Deserialize, Serialize};

/// The most objects of one calendar that are remembered.
pub const FEED_OBJECTS_MAX: usize = 120_000;

/// What a client can ask about them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedRequest {
    /// Keeps a calendar's address, or another user and password for it. → [`FeedReply::Done`]; an audit event
    Add(Box<FeedDraft>),
    /// → [`FeedReply::Kept`], by name
    List,
    /// Forgets one; its appointments stay. → [`FeedReply::Done`]; an audit event
    Remove {
        /// Which.
        #[serde(with = "crate::base::phi")]
        name: Phi<String>,
    },
    /// One of them with its password and all that was seen; without entity tags and mark when all of it is to be read
    /// again. → [`FeedReply::Seen`]
    Get {
        /// Which; `None` for the only one there is.
        #[serde(with = "crate::base::phi::option", default)]
        name: Option<Phi<String>>,
    },
    /// Of these UIDs the import that was begun on this connection brings all that is to come. → [`FeedReply::Done`]
    Settled {
        /// Of which calendar.
        feed: FeedId,
        /// Stand for them.
        uids: Vec<RemoteId>,
    },
    /// Appointments made here that belong there: of a year and a month around today, and those that are there already.
    /// → [`FeedReply::Own`], by start; an audit event if names are told
    Own {
        /// Which calendar.
        feed: FeedId,
        /// With the patients' names.
        names: bool,
    },
    /// Remembers what is in place now. → [`FeedReply::Done`]; an audit event if something was put there
    Set(Box<FeedChange>),
}

/// What it answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each answers the request that names it")]
pub enum FeedReply {
    Done,
    Kept(Vec<FeedKept>),
    Seen(Box<FeedSeen>),
    Own {
        /// The appointments.
        appointments: Vec<Named<Appointment>>,
        /// They are records of a programme under 42 CFR part 2.
        part2: bool,
    },
}

/// A calendar to be kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedDraft {
    /// What it is called here.
    #[serde(with = "crate::base::phi")]
    pub name: Phi<String>,
    /// Its address.
    #[serde(with = "crate::base::phi")]
    pub url: Phi<String>,
    /// As whom we come; empty for nobody.
    #[serde(with = "crate::base::phi")]
    pub user: Phi<String>,
    /// The password.
    #[serde(with = "crate::base::phi")]
    pub password: Phi<String>,
}

/// A calendar that is kept, without its password.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedKept {
    /// What it is called here.
    #[serde(with = "crate::base::phi")]
    pub name: Phi<String>,
    /// Its address.
    #[serde(with = "crate::base::phi")]
    pub url: Phi<String>,
    /// As whom we come.
    #[serde(with = "crate::base::phi")]
    pub user: Phi<String>,
    /// Objects that were seen there.
    pub objects: u64,
    /// Of those, ours.
    pub own: u64,
    /// Of those, changed there since.
    pub conflicts: u64,
}

/// A calendar and what was seen of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedSeen {
    /// The calendar.
    pub remote: Remote,
    /// Its objects.
    pub objects: Vec<RemoteObject>,
}

/// What of a calendar is in place now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedChange {
    /// Which.
    pub feed: FeedId,
    /// How far it was seen.
    pub mark: Option<String>,
    /// All of it was read.
    pub whole: bool,
    /// Objects as they are now.
    pub keep: Vec<RemoteObject>,
    /// Objects that are not there any more.
    pub drop: Vec<RemoteId>,
    /// Appointments that were put there or taken from there.
    pub pushed: Vec<AppointmentId>,
}
