//! What was asked of the agent and what each answer is for. An answer nobody waits for any more is dropped.

use super::update::Effect;
use crate::base::{
    Phi,
    id::{NoteId, PatientId},
};
use crate::client::agent::Request;
use jiff::civil::Date;

/// What an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// How things stand.
    Status,
    /// The practice; asking for it says that somebody is here.
    Practice,
    /// The vault open.
    Unlock,
    /// The vault locked.
    Lock,
    /// The list of patients.
    Patients,
    /// The first screen.
    Today,
    /// The waiting room.
    Room,
    /// A chart.
    Chart(PatientId),
    /// The newest messages of all.
    Messages,
    /// One thread.
    Thread(PatientId),
    /// A note to open.
    Note,
    /// The note of the running visit, if there is one, to open beside it.
    VisitNote,
    /// A new note of the running visit.
    VisitNoteNew,
    /// A draft in the vault.
    Save(NoteId),
    /// A note signed, or an addendum to it.
    Sign,
    /// Notes with these words.
    Search,
    /// A link.
    Invite(PatientId),
    /// A message on its way.
    Send(PatientId),
    /// A patient added or changed, to show.
    PatientSaved,
    /// An appointment whose status changed, or that was given to somebody.
    Appointment,
    /// A task added, changed or done.
    Task,
    /// Appointments made.
    Placed,
    /// Appointments given another time or length.
    Replanned,
    /// The last change of the schedule taken back.
    Undo,
    /// And done again.
    Redo,
    /// Appointments of these days: the first, and how many.
    Schedule(Date, u16),
    /// The next free times of so many minutes.
    Free(i16),
    /// Names from feeds that fit no patient.
    Unmatched,
    /// The last import taken back.
    UndoImport,
    /// Who waits was told.
    Told,
    /// A call window.
    Call,
    /// Something done in the running visit.
    Visit,
}

impl Want {
    /// Whether asking again makes the earlier answer stale. Deeds are never stale.
    fn is_query(self) -> bool {
        !matches!(
            self,
            Self::Unlock
                | Self::Lock
                | Self::Save(_)
                | Self::Sign
                | Self::Send(_)
                | Self::PatientSaved
                | Self::Appointment
                | Self::Task
                | Self::Placed
                | Self::Replanned
                | Self::Undo
                | Self::Redo
                | Self::UndoImport
                | Self::Told
                | Self::Call
                | Self::Visit
        )
    }

    /// Whether the answer may still matter once the vault is locked.
    fn survives_lock(self) -> bool {
        matches!(self, Self::Status | Self::Unlock | Self::Lock | Self::Save(_))
    }
}

/// Open questions by their number.
#[derive(Debug, Default)]
pub(crate) struct Asks {
    last: u32,
    open: Vec<(u32, Want)>,
    again: Vec<Want>,
}

impl Asks {
    /// Asks; an open question of the same kind is forgotten if this one replaces it.
    pub(crate) fn ask(&mut self, want: Want, request: Request) -> Effect {
        Effect::Ask { n: self.number(want), request: Box::new(request) }
    }

    /// Asks for a call window.
    pub(crate) fn call(&mut self, who: Phi<String>) -> Effect {
        Effect::Call { n: self.number(Want::Call), who }
    }

    fn number(&mut self, want: Want) -> u32 {
        if want.is_query() {
            let kind = std::mem::discriminant(&want);
            self.open.retain(|(_, open)| std::mem::discriminant(open) != kind);
        }
        self.last = self.last.wrapping_add(1);
        self.open.push((self.last, want));
        self.last
    }

    /// What answer `n` is for; `None` if nobody waits for it.
    pub(crate) fn take(&mut self, n: u32) -> Option<Want> {
        let at = self.open.iter().position(|(open, _)| *open == n)?;
        Some(self.open.swap_remove(at).1)
    }

    /// Whether to ask now; if such an answer is on its way it is asked again after it, however often this is called.
    pub(crate) fn may_refresh(&mut self, want: Want) -> bool {
        let waits = self.waits_for(want);
        if waits && !self.again.contains(&want) {
            self.again.push(want);
        }
        !waits
    }

    /// Whether this was to be asked again.
    pub(crate) fn take_again(&mut self, want: Want) -> bool {
        let before = self.again.len();
        self.again.retain(|again| *again != want);
        before != self.again.len()
    }

    /// Whether such an answer is on its way.
    pub(crate) fn waits_for(&self, want: Want) -> bool {
        self.open.iter().any(|(_, open)| *open == want)
    }

    /// Whether every answer has come.
    pub(crate) fn are_answered(&self) -> bool {
        self.open.is_empty()
    }

    /// The vault was locked: what it still says about patients is not for this screen any more.
    pub(crate) fn forget_content(&mut self) {
        self.open.retain(|(_, want)| want.survives_lock());
        self.again.clear();
    }

    /// The agent went away: nothing will be answered.
    pub(crate) fn forget(&mut self) {
        self.open.clear();
        self.again.clear();
    }
}
