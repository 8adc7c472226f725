//! The practice itself: who the clinician is and the rules chosen at `bedside init`.

use super::{Hours, Record, RecordKind};
use crate::base::{Phi, id::PatientId};
use serde::{Deserialize, Serialize};

/// The one practice of a vault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Practice {
    /// The name patients see: "Dr. Okafor".
    #[serde(with = "crate::base::phi")]
    pub clinician: Phi<String>,
    /// The number the page shows when it cannot help.
    #[serde(with = "crate::base::phi::option", default)]
    pub phone: Option<Phi<String>>,
    /// What the page says about emergencies.
    #[serde(with = "crate::base::phi::option", default)]
    pub emergency: Option<Phi<String>>,
    /// The relay's address: `https://…`, or `http://` on loopback.
    #[serde(with = "crate::base::phi::option", default)]
    pub relay: Option<Phi<String>>,
    /// The operator's token that lets this practice make queues.
    #[serde(with = "crate::base::phi::option", default)]
    pub relay_token: Option<Phi<String>>,
    /// Whether the other person may see our network address.
    pub addresses: AddressPolicy,
    /// IANA zone of the practice.
    pub zone: String,
    /// Minutes without use after which the vault locks; 0 never.
    #[serde(default = "ten")]
    pub lock_after_min: u32,
    /// How long a link can be opened, in hours.
    #[serde(default = "two_weeks")]
    pub invite_hours: u32,
    /// Years for which a chart is kept after the last contact; 0 for as long as the clinician likes.
    #[serde(default = "ten")]
    pub retention_years: u32,
    /// A programme under 42 CFR part 2: every export of its records carries the notice of §2.32.
    #[serde(default)]
    pub part2: bool,
    /// The hours it works; none: not said, nothing is outside of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<Hours>,
    /// How many minutes before an appointment the clinician is reminded; never if `None`.
    #[serde(default = "ten_minutes")]
    pub remind_me_min: Option<u32>,
    /// How many minutes before an appointment the patient gets a message, the longest first. None in a practice that was
    /// made before there were reminders: nobody was asked whether patients should hear by themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remind_patient_min: Vec<u32>,
}

impl Practice {
    /// What a new practice begins with: patients expect to be reminded the day before, and it keeps them from not coming.
    pub const REMIND_PATIENT_MIN: [u32; 1] = [24 * 60];
    /// What a new practice begins with.
    pub const REMIND_ME_MIN: u32 = 10;
}

const fn ten_minutes() -> Option<u32> {
    Some(Practice::REMIND_ME_MIN)
}

const fn ten() -> u32 {
    10
}

const fn two_weeks() -> u32 {
    14 * 24
}

/// Whether calls go straight, or always through a relay that hides addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AddressPolicy {
    /// Each side can learn the other's network address after *admit*.
    #[default]
    Direct,
    /// Neither learns the other's address.
    Relay,
}

impl Record for Practice {
    const KIND: RecordKind = RecordKind::Practice;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        [0; 16]
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
}
