//! The compartments as clients see them.

use crate::base::Stamp;
use crate::record::Compartment;
use serde::{Deserialize, Serialize};

/// A compartment, and how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompartmentState {
    /// Which.
    pub compartment: Compartment,
    /// Whether its notes can be read now.
    pub door: CompartmentDoor,
    /// When it was made.
    pub created: Option<Stamp>,
}

/// Whether a compartment's notes can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompartmentDoor {
    /// It was never made.
    Missing,
    /// Its key is not in memory.
    Closed,
    /// It is open until it is closed or the vault locks.
    Open,
}
