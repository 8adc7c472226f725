//! Progress notes: drafts until they are signed, then only addenda.

use super::{Compartment, Record, RecordKind, Standing};
use crate::base::{
    Phi, Stamp,
    id::{NoteId, PatientId, VisitId},
};
use serde::{Deserialize, Serialize};

/// A note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Identifier.
    pub id: NoteId,
    /// Whose chart.
    pub patient: PatientId,
    /// Where it stands when it stands apart from the main record; then it is kept as a [`super::ApartNote`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compartment: Option<Compartment>,
    /// What it is.
    pub kind: NoteKind,
    /// The text, plain or Markdown.
    #[serde(with = "crate::base::phi")]
    pub text: Phi<String>,
    /// The visit it is about.
    #[serde(default)]
    pub visit: Option<VisitId>,
    /// When it was begun.
    pub created: Stamp,
    /// When the text last changed.
    pub edited: Stamp,
    /// When it was signed; from then on the text stands.
    #[serde(default)]
    pub signed: Option<Stamp>,
    /// What was added after signing, oldest first.
    #[serde(default)]
    pub addenda: Vec<Addendum>,
}

/// What was added after signing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Addendum {
    /// When.
    pub at: Stamp,
    /// What.
    #[serde(with = "crate::base::phi")]
    pub text: Phi<String>,
}

/// The form of a note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoteKind {
    /// Subjective, objective, assessment, plan.
    #[default]
    Soap,
    /// Data, assessment, plan.
    Dap,
    /// Behaviour, intervention, response, plan.
    Birp,
    /// First interview.
    Intake,
    /// Free text.
    Plain,
}

impl NoteKind {
    /// Every kind, in the order they are offered.
    pub const ALL: [NoteKind; 5] = [Self::Soap, Self::Dap, Self::Birp, Self::Intake, Self::Plain];

    /// The word on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Soap => "soap",
            Self::Dap => "dap",
            Self::Birp => "birp",
            Self::Intake => "intake",
            Self::Plain => "plain",
        }
    }

    /// The headings a fresh note of this kind has, one per line.
    pub const fn template(self) -> &'static str {
        match self {
            Self::Soap => "S: \nO: \nA: \nP: \n",
            Self::Dap => "D: \nA: \nP: \n",
            Self::Birp => "B: \nI: \nR: \nP: \n",
            Self::Intake => "Reason for coming: \nHistory: \nMedication: \nRisk: \nWhat the patient wants: \nPlan: \n",
            Self::Plain => "",
        }
    }
}

/// Why a note was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteRefused {
    /// Signed notes stand.
    #[error("note is signed")]
    Signed,
    /// Only signed notes take addenda.
    #[error("note is not signed yet")]
    Unsigned,
    /// Nothing to keep.
    #[error("text is empty")]
    Empty,
}

impl Note {
    /// Replaces the text of a draft.
    pub fn edit(&mut self, text: String, at: Stamp) -> Result<(), NoteRefused> {
        if self.signed.is_some() {
            return Err(NoteRefused::Signed);
        }
        self.text = Phi::new(text);
        self.edited = at;
        Ok(())
    }

    /// Signs a draft.
    pub fn sign(&mut self, at: Stamp) -> Result<(), NoteRefused> {
        if self.signed.is_some() {
            return Err(NoteRefused::Signed);
        }
        if self.text.expose().trim().is_empty() {
            return Err(NoteRefused::Empty);
        }
        self.signed = Some(at);
        Ok(())
    }

    /// Adds to a signed note.
    pub fn add(&mut self, text: String, at: Stamp) -> Result<(), NoteRefused> {
        if self.signed.is_none() {
            return Err(NoteRefused::Unsigned);
        }
        if text.trim().is_empty() {
            return Err(NoteRefused::Empty);
        }
        self.addenda.push(Addendum { at, text: Phi::new(text) });
        Ok(())
    }
}

impl Record for Note {
    const KIND: RecordKind = RecordKind::Note;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        *self.id.as_bytes()
    }
    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }
    /// Drafts wait for a signature.
    fn standing(&self) -> Standing {
        if self.signed.is_none() { Standing::Pending } else { Standing::Kept }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Note {
        Note {
            id: NoteId::random(),
            patient: PatientId::random(),
            compartment: None,
            kind: NoteKind::Soap,
            text: "S: slept".into(),
            visit: None,
            created: Stamp(1),
            edited: Stamp(1),
            signed: None,
            addenda: vec![],
        }
    }

    #[test]
    fn signed_note_takes_only_addenda() {
        let mut note = draft();
        assert_eq!(note.add("late".into(), Stamp(2)), Err(NoteRefused::Unsigned));
        note.sign(Stamp(3)).expect("a draft can be signed");
        assert_eq!(note.edit("other".into(), Stamp(4)), Err(NoteRefused::Signed));
        assert_eq!(note.sign(Stamp(4)), Err(NoteRefused::Signed));
        assert_eq!(note.add(" \n".into(), Stamp(5)), Err(NoteRefused::Empty));
        note.add("late".into(), Stamp(5)).expect("a signed note takes an addendum");
        assert_eq!(note.text.expose(), "S: slept");
        assert_eq!(note.addenda.len(), 1);
    }

    #[test]
    fn empty_note_cannot_be_signed() {
        let mut note = draft();
        note.edit("  ".into(), Stamp(2)).expect("a draft can be edited");
        assert_eq!(note.sign(Stamp(3)), Err(NoteRefused::Empty));
    }
}
