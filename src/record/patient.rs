//! The person who is cared for (FHIR Patient, the part a small practice uses).

use super::name::plain;
use super::{Record, RecordKind};
use crate::base::{
    Phi, Stamp,
    id::{InviteId, PatientId},
};
use serde::{Deserialize, Serialize};

/// A patient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Patient {
    /// Identifier.
    pub id: PatientId,
    /// The name as the patient gives it; 1 to 200 characters.
    #[serde(with = "crate::base::phi")]
    pub name: Phi<String>,
    /// The number to call when the line drops.
    #[serde(with = "crate::base::phi::option", default)]
    pub phone: Option<Phi<String>>,
    /// Whom to call in an emergency.
    #[serde(default)]
    pub emergency: Option<Contact>,
    /// Date of birth.
    #[serde(with = "crate::base::phi::option", default)]
    pub born: Option<Phi<jiff::civil::Date>>,
    /// IANA time zone where the patient lives, when it differs from the practice's.
    #[serde(default)]
    pub zone: Option<String>,
    /// Hide addresses from each other by always relaying; `None` takes the practice's rule.
    #[serde(default)]
    pub relay_only: Option<bool>,
    /// No longer seen; kept, hidden from lists.
    #[serde(default)]
    pub archived: bool,
    /// When the record was made.
    pub created: Stamp,
    /// How far the link to the patient's device has come.
    #[serde(default)]
    pub pairing: Pairing,
    /// The chart must be kept, whatever its age: a court or an authority asks for it.
    #[serde(default)]
    pub hold: Option<Hold>,
    /// What feeds call the patient beside the name: "A. B.", "Byron Ada (new)".
    #[serde(with = "crate::base::phi::list", default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Phi<String>>,
    /// What other systems number the patient with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
}

/// What another system numbers a patient with (FHIR Identifier, HL7 v2 CX).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// Who gave it: a URI or an assigning authority; empty where that is not said.
    #[serde(with = "crate::base::phi")]
    pub system: Phi<String>,
    /// The number.
    #[serde(with = "crate::base::phi")]
    pub value: Phi<String>,
}

/// A legal hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// Since when.
    pub since: Stamp,
    /// Why, in a line.
    #[serde(with = "crate::base::phi")]
    pub reason: Phi<String>,
}

/// Somebody to call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// Name.
    #[serde(with = "crate::base::phi")]
    pub name: Phi<String>,
    /// Telephone number.
    #[serde(with = "crate::base::phi")]
    pub phone: Phi<String>,
}

/// The patient's device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Pairing {
    /// No link was made yet.
    #[default]
    None,
    /// A link stands open.
    Invited {
        /// The invite.
        invite: InviteId,
        /// After this the link is dead.
        expires: Stamp,
    },
    /// The page holds the other end of a conversation.
    Paired {
        /// The invite it came from.
        invite: InviteId,
        /// Since when.
        at: Stamp,
        /// How often the link was opened; more than once is shown until the words were compared.
        claims: u32,
        /// When the verification words were last compared with this device, and were the same.
        verified: Option<Stamp>,
        /// Whether the link has died at the first admit.
        sealed: bool,
    },
}

impl Patient {
    /// Somebody of whom nothing is known yet but a name.
    pub fn new(id: PatientId, name: Phi<String>, created: Stamp) -> Self {
        Self {
            id,
            name,
            phone: None,
            emergency: None,
            born: None,
            zone: None,
            relay_only: None,
            archived: false,
            created,
            pairing: Pairing::None,
            hold: None,
            aliases: Vec::new(),
            identifiers: Vec::new(),
        }
    }

    /// What the patient is called, here and in feeds, as [`plain`] names.
    pub fn names(&self) -> impl Iterator<Item = String> {
        std::iter::once(&self.name).chain(&self.aliases).map(|name| plain(name.expose()))
    }

    /// Whether the five words have been compared with the device the patient has now.
    pub fn verified(&self) -> bool {
        matches!(self.pairing, Pairing::Paired { verified: Some(_), .. })
    }

    /// Whether messages can be sent.
    pub fn paired(&self) -> bool {
        matches!(self.pairing, Pairing::Paired { .. })
    }
}

impl Record for Patient {
    const KIND: RecordKind = RecordKind::Patient;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        *self.id.as_bytes()
    }
    fn patient(&self) -> Option<PatientId> {
        Some(self.id)
    }
}
