//! The note that is open: a draft that saves itself, or a signed one that stands.

use super::widget::{Field, Scroll, text};
use crate::base::{Phi, Stamp};
use crate::client::agent::Named;
use crate::record::Note;
use std::time::Duration;

/// A draft is saved when nothing was typed for this long.
pub(crate) const QUIET: Duration = Duration::from_secs(2);
/// Somebody who types without a pause is saved this long after the first letter all the same.
pub(crate) const LONGEST: Duration = Duration::from_secs(10);
/// After a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// An open note.
#[derive(Debug)]
pub(crate) struct Editor {
    /// The note as the vault has it.
    pub(crate) note: Note,
    /// Whose, safe to show.
    pub(crate) name: String,
    /// The text in the making.
    pub(crate) field: Field,
    /// Where a signed note is scrolled to.
    pub(crate) scroll: Scroll,
    /// When the vault confirmed the last words, in this session.
    pub(crate) saved: Option<Stamp>,
    /// It is to be signed as soon as everything is saved.
    pub(crate) sign: bool,
    /// When a save is due; `None` if there is nothing to save.
    due: Option<Stamp>,
    /// Since when there is something to save.
    since: Option<Stamp>,
    /// A save is on its way.
    saving: bool,
}

impl Editor {
    /// Opens a note; the cursor waits where writing goes on.
    pub(crate) fn open(named: Named<Note>) -> Self {
        let note = named.record;
        let mut field = Field::lines(note.text.expose());
        field.begin_at_heading();
        let name = named.name.map_or_else(String::new, |name| text::safe(name.expose(), 60));
        Self {
            note,
            name,
            field,
            scroll: Scroll::default(),
            saved: None,
            sign: false,
            due: None,
            since: None,
            saving: false,
        }
    }

    /// It can be written in.
    pub(crate) fn is_draft(&self) -> bool {
        self.note.signed.is_none()
    }

    /// Everything written is in the vault.
    pub(crate) fn is_settled(&self) -> bool {
        self.due.is_none() && !self.saving
    }

    /// Something was written.
    pub(crate) fn touched(&mut self, now: Stamp) {
        let since = *self.since.get_or_insert(now);
        self.due = Some(now.plus(QUIET).min(since.plus(LONGEST)));
    }

    /// The text to save, if it is time, or if it is `hurried` and there is anything to save.
    pub(crate) fn save(&mut self, now: Stamp, hurried: bool) -> Option<Phi<String>> {
        let due = self.due.filter(|_| !self.saving)?;
        if now < due && !hurried {
            return None;
        }
        (self.due, self.since) = (None, None);
        self.saving = true;
        Some(Phi::new(self.field.content()))
    }

    /// The vault has it.
    pub(crate) fn saved(&mut self, note: Note, now: Stamp) {
        self.saving = false;
        self.saved = Some(now);
        // The agent fills in when a visit ended, where nobody wrote something else.
        let first = |note: &Note| note.text.expose().split('\n').next().unwrap_or_default().to_owned();
        let (before, after) = (first(&self.note), first(&note));
        if before != after {
            self.field.replace_first_line(&before, &after);
        }
        self.note = note;
    }

    /// The vault does not have it; it will be tried again.
    pub(crate) fn not_saved(&mut self, now: Stamp) {
        if self.saving {
            self.saving = false;
            self.due = Some(now.plus(AGAIN));
        }
    }

    /// The note's state in words.
    pub(crate) fn state(&self, now: Stamp) -> String {
        let addenda = self.note.addenda.len();
        match (self.note.signed, addenda) {
            (Some(_), 0) => "signed".to_owned(),
            (Some(_), 1) => "signed, 1 addendum".to_owned(),
            (Some(_), _) => format!("signed, {addenda} addenda"),
            (None, _) if self.saving => "draft, saving…".to_owned(),
            (None, _) if self.due.is_some() => "draft, not saved yet".to_owned(),
            (None, _) => match self.saved {
                Some(at) => format!("draft, saved {}", super::widget::moment::ago(now.since(at))),
                None => "draft".to_owned(),
            },
        }
    }
}
