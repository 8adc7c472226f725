//! A calendar on another server that is kept in step (CalDAV, RFC 4791): where it is, and what of it was seen.
//!
//! Neither record is a patient's. What speaks of one, an object's address and its UID, is kept as a hash only, so that
//! forgetting a patient leaves no name here.

use super::{Record, RecordKind};
use crate::base::{
    Phi, Stamp,
    id::{AppointmentId, FeedId, PatientId, RemoteId},
};
use serde::{Deserialize, Serialize};

/// One calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote {
    /// Identifier.
    pub id: FeedId,
    /// What it is called here: the feed's name of every appointment it brings.
    #[serde(with = "crate::base::phi")]
    pub name: Phi<String>,
    /// Its address: `https://…/`, or `http://` on loopback.
    #[serde(with = "crate::base::phi")]
    pub url: Phi<String>,
    /// As whom we come; empty for nobody.
    #[serde(with = "crate::base::phi")]
    pub user: Phi<String>,
    /// The user's password.
    #[serde(with = "crate::base::phi")]
    pub password: Phi<String>,
    /// How far it was seen: the server's sync-token (RFC 6578), or its ctag; `None` when all of it is to be compared.
    #[serde(default)]
    pub mark: Option<String>,
    /// When all of it was last read. Series go on, so that is done again from time to time, and when an import of it was
    /// taken back.
    #[serde(default)]
    pub whole: Option<Stamp>,
}

/// One object of a calendar, as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteObject {
    /// Stands for its address.
    pub id: RemoteId,
    /// Of which calendar.
    pub feed: FeedId,
    /// The server's entity tag of the version that is in place here.
    pub etag: String,
    /// Stand for the UIDs in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uids: Vec<RemoteId>,
    /// It is an appointment of ours that was put there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<Pushed>,
}

/// An appointment of ours on another server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// Which.
    pub appointment: AppointmentId,
    /// Stands for what was put there.
    pub version: RemoteId,
    /// It was changed there since: neither side overwrites the other until somebody says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub conflict: bool,
}

impl Record for Remote {
    const KIND: RecordKind = RecordKind::Remote;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        *self.id.as_bytes()
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
}

impl Record for RemoteObject {
    const KIND: RecordKind = RecordKind::RemoteObject;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        *self.id.as_bytes()
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
}
