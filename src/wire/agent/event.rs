//! What happens without being asked for.

use super::{LiveVisit, RelayState, Waiting};
use crate::base::Failure;
use crate::base::id::{MessageId, PatientId};
use serde::{Deserialize, Serialize};

/// Something happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The vault was locked.
    Locked,
    /// The vault was opened.
    Unlocked,
    /// Records of this kind changed; ask again. No content.
    Changed {
        /// Which kind.
        what: Changed,
        /// Of whom, if of one.
        patient: Option<PatientId>,
    },
    /// A message came: ring.
    MessageArrived {
        /// From whom.
        patient: PatientId,
        /// Which.
        id: MessageId,
    },
    /// Somebody came to the waiting room: ring. Without a name while locked.
    Knocked {
        /// Who.
        patient: Option<PatientId>,
    },
    /// An appointment is about to begin: ring. Without a name while locked.
    Reminder {
        /// With whom, if that is known.
        patient: Option<PatientId>,
        /// In how many minutes.
        minutes: u32,
    },
    /// The waiting room changed.
    Room(Vec<Waiting>),
    /// The running visit changed; `None`: it ended.
    Visit(Option<Box<LiveVisit>>),
    /// Reading all of the vault found it damaged.
    Damaged(Failure),
    /// The relay came or went.
    Relay(RelayState),
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the kinds of record")]
pub enum Changed {
    Practice,
    Patient,
    Appointment,
    Note,
    Message,
    Visit,
    Task,
}
