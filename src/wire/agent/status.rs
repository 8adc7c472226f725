//! How things stand: the vault, the relay, who waits, the running visit.

use crate::base::{
    Failure, Phi, Stamp,
    id::{PatientId, VisitId},
    zone,
};
use crate::record::Path;
use crate::wire::call::{Quality, Trouble};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// How things stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The agent's version, as in Cargo.toml.
    pub version: String,
    /// The agent's process.
    pub pid: u32,
    /// The vault.
    pub vault: VaultState,
    /// Until the vault locks by itself, in seconds; `None` when it does not.
    pub locks_in_s: Option<u32>,
    /// The relay.
    pub relay: RelayState,
    /// How many wait; without names, so it is told while locked, too.
    pub waiting: u32,
    /// How much arrived while locked and waits for unlocking.
    pub spooled: u64,
    /// The running visit; `None` while locked.
    pub visit: Option<LiveVisit>,
    /// The practice's IANA zone, by which everything is told; `None` while locked, if it was never
    /// open since the agent runs.
    pub zone: Option<String>,
    /// What the last reading of the whole vault found damaged.
    pub damage: Option<Failure>,
}

impl Status {
    /// The practice's zone, if it is known, to this machine, too.
    pub fn time_zone(&self) -> Option<TimeZone> {
        zone::find(self.zone.as_deref()?)
    }

    /// Before the agent has said anything.
    pub fn unknown() -> Self {
        Self {
            version: String::new(),
            pid: 0,
            vault: VaultState::Missing,
            locks_in_s: None,
            relay: RelayState::None,
            waiting: 0,
            spooled: 0,
            visit: None,
            zone: None,
            damage: None,
        }
    }
}

/// The vault as seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VaultState {
    /// There is none in this folder.
    Missing,
    /// Locked.
    Locked,
    /// Open.
    Open,
}

/// The relay as the agent sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum RelayState {
    /// The practice has named none.
    None,
    /// Not reached.
    Down,
    /// Connected.
    Up {
        /// Round trip in milliseconds.
        round_trip_ms: u32,
    },
    /// It answers, but refuses our token, or our mailbox is read by another agent.
    Refused,
}

/// Somebody in the waiting room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// Who.
    pub patient: PatientId,
    /// Their name.
    #[serde(with = "crate::base::phi")]
    pub name: Phi<String>,
    /// The visit that would begin.
    pub visit: VisitId,
    /// Since when.
    pub since: Stamp,
    /// The last sign of life; older than 45 s means the line dropped.
    pub seen: Stamp,
    /// A camera works there.
    pub camera: bool,
    /// A microphone works there.
    pub microphone: bool,
    /// Not overheard, as they say.
    pub alone: Option<bool>,
    /// Where they are.
    #[serde(with = "crate::base::phi::option", default)]
    pub place: Option<Phi<String>>,
    /// The words were compared with this device.
    pub verified: bool,
    /// What they were told last ("about 5 minutes"), and when.
    pub told: Option<(Option<u16>, Stamp)>,
}

/// The running visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveVisit {
    /// Which.
    pub visit: VisitId,
    /// With whom.
    pub patient: PatientId,
    /// Their name.
    #[serde(with = "crate::base::phi")]
    pub name: Phi<String>,
    /// Where it stands.
    pub phase: Phase,
    /// When the clinician admitted.
    pub admitted: Stamp,
    /// When sound and picture first ran.
    pub connected: Option<Stamp>,
    /// The five words, once both ends have them.
    pub words: Vec<String>,
    /// The words were compared with this device, now or before.
    pub compared: bool,
    /// The path.
    pub path: Option<Path>,
    /// Our microphone is on.
    pub microphone: bool,
    /// Our camera is on.
    pub camera: bool,
    /// The patient's microphone is on, as their page says.
    pub peer_microphone: bool,
    /// The patient's camera is on, as their page says.
    pub peer_camera: bool,
    /// The last second.
    pub quality: Option<Quality>,
    /// What does not work on our side.
    pub trouble: Vec<Trouble>,
}

/// Where a running visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Admitted; the two ends are finding each other.
    Connecting,
    /// Sound and picture run.
    Live,
    /// The line dropped; it is being brought back.
    Reconnecting,
    /// The call window went away; `call` opens a new one.
    WindowLost,
}
