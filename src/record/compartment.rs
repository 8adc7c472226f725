//! What stands apart from the main record, each compartment under a key and a passphrase of its own.

use super::{Record, RecordKind};
use crate::base::Stamp;
use crate::base::id::{NoteId, PatientId};
use serde::{Deserialize, Serialize};

/// The statement that goes with every disclosure of a Part 2 record, in the short form (42 CFR 2.32(a)(2)).
pub const PART2_NOTICE: &str = "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";

/// Notes that a law keeps apart from the rest of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compartment {
    /// Psychotherapy notes (45 CFR 164.501).
    Psychotherapy,
    /// Substance use disorder counseling notes (42 CFR 2.11).
    Sud,
}

impl Compartment {
    /// Every compartment, in the order they are told.
    pub const ALL: [Compartment; 2] = [Self::Psychotherapy, Self::Sud];

    /// The word on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Psychotherapy => "psychotherapy",
            Self::Sud => "sud",
        }
    }

    /// What its notes are called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Psychotherapy => "Psychotherapy notes",
            Self::Sud => "SUD counseling notes",
        }
    }

    /// Its number in what is sealed and named; never used twice.
    pub const fn number(self) -> u8 {
        match self {
            Self::Psychotherapy => 1,
            Self::Sud => 2,
        }
    }
}

/// The ways into a compartment: its key in age files, as text that stock `age` gives out again. They lie in the
/// journal, so that nobody without the vault key can so much as begin to guess.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompartmentSlots {
    /// Which.
    pub compartment: Compartment,
    /// When it was made.
    pub created: Stamp,
    /// The age file under the compartment's passphrase.
    #[serde(with = "serde_bytes")]
    pub passphrase: Vec<u8>,
    /// The same under the vault's recovery key, if it had one.
    #[serde(default)]
    pub recovery: Option<RecoverySlot>,
}

/// A compartment's key under the vault's recovery key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoverySlot {
    /// The recovery key's public half, `age1…`.
    pub recipient: String,
    /// The age file.
    #[serde(with = "serde_bytes")]
    pub file: Vec<u8>,
}

/// A note that stands apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApartNote {
    /// The note's identifier.
    pub id: NoteId,
    /// Whose: destroying that patient's key destroys it, too.
    pub patient: PatientId,
    /// Where it stands.
    pub compartment: Compartment,
    /// When it last changed, which counts for how long the chart must be kept.
    pub edited: Stamp,
    /// The [`super::Note`], sealed under the compartment's key.
    #[serde(with = "serde_bytes")]
    pub sealed: Vec<u8>,
}

impl Record for CompartmentSlots {
    const KIND: RecordKind = RecordKind::CompartmentSlots;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        slots_id(self.compartment)
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
}

/// The identifier of a compartment's [`CompartmentSlots`].
pub fn slots_id(compartment: Compartment) -> [u8; 16] {
    let mut id = [0; 16];
    id[15] = compartment.number();
    id
}

impl Record for ApartNote {
    const KIND: RecordKind = RecordKind::ApartNote;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        *self.id.as_bytes()
    }
    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }
}
