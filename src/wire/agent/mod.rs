//! Between the agent and its clients on the Unix socket ([`super::frame`]s of CBOR).
//!
//! A client says [`Request::Hello`] first. Every request is answered once, by its number; events come in between
//! after [`Request::Subscribe`]. [`Request::CallOpen`] turns the connection into a call's ([`super::call`]).

mod audit;
mod backup;
mod compartment;
mod event;
mod feed;
mod key;
mod listing;
mod reply;
mod request;
mod schedule;
mod status;
mod task;

pub use audit::{AuditFilter, AuditPage};
pub use backup::{BackedUp, Compared, ExportBegun, Exported, KeysBackedUp, KeysBefore, Page, Restore, Restored};
pub use compartment::{CompartmentDoor, CompartmentState};
pub use event::{Changed, Event};
pub use feed::{FEED_OBJECTS_MAX, FeedChange, FeedDraft, FeedKept, FeedReply, FeedRequest, FeedSeen};
pub use key::{Factor, Holder, Keyslot, KeyslotKind, SealTo, Way};
pub use reply::{Chart, Forgotten, Named, Reply, Today, Verified};
pub use request::{Aliases, PatientDraft, Request};
pub use schedule::{
    DIFFERENCES_PAGE, Difference, IMPORT_PAGE, ImportHead, ImportReport, Notice, Planned, Undone, Unmatched,
};
pub use status::{LiveVisit, Phase, RelayState, Status, VaultState, Waiting};
pub use task::{DueChange, TaskRequest};

use crate::base::{Failure, Phi};
use serde::{Deserialize, Serialize};

/// This protocol's version; client and agent must have the same.
pub const VERSION: u16 = 9;

/// The longest message either way, in bytes.
pub const MESSAGE_MAX_BYTES: usize = 64 * 1024 * 1024;

/// A request with its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Numbered {
    /// The client's counter.
    pub n: u32,
    /// What is wanted.
    pub request: Request,
}

/// A patient as a person names one: an identifier, its beginning (4 characters and more), or the beginning of any
/// part of the name, in any case. The agent resolves it and refuses when it fits none or several.
pub type Who = Phi<String>;

/// What the agent says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromAgent {
    /// To request `n`.
    Reply {
        /// The request.
        n: u32,
        /// What became of it.
        result: Result<Box<Reply>, Failure>,
    },
    /// A long request goes on.
    Progress {
        /// The request.
        n: u32,
        /// Done so far.
        done: u64,
        /// Of how many.
        total: u64,
    },
    /// Something happened.
    Event(Event),
}
