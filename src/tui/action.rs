//! Everything a hand can do here, in one table. The key bar, the help, the palette and the man page read it;
//! nothing has a key that is not listed.

mod table;
mod when;

use super::keymap::Key;
use super::model::{Model, Place};
pub(crate) use table::TABLE;

/// Names of the actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Id {
    Up,
    Down,
    First,
    Last,
    PageUp,
    PageDown,
    NextPart,
    PreviousPart,
    Open,
    Back,
    Find,
    GoToday,
    GoMessages,
    GoRoom,
    GoVisit,
    GoSchedule,
    DayView,
    WeekView,
    MonthView,
    AgendaView,
    Left,
    Right,
    NextAppointment,
    PreviousAppointment,
    PreviousDay,
    NextDay,
    ThisDay,
    Chart,
    Call,
    Tell,
    Decline,
    Message,
    Send,
    NewNote,
    NewNoteOf,
    Stamp,
    Save,
    Sign,
    Addendum,
    NewAppointment,
    TypeAppointment,
    Move,
    Copy,
    Longer,
    Shorter,
    PutDown,
    Arrived,
    Fulfilled,
    NoShow,
    CancelAppointment,
    FollowUp,
    NewTask,
    DoneTask,
    Undo,
    Redo,
    NextFree,
    GoToDay,
    Names,
    UndoImport,
    Invite,
    EditPatient,
    NewPatient,
    Mute,
    Camera,
    HangUp,
    SameWords,
    OtherWords,
    Palette,
    Help,
    Blank,
    Lock,
    Redraw,
    Suspend,
    Quit,
}

/// What an action has to do with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Visit,
    Patient,
    Note,
    Appointment,
    Task,
    Go,
    Move,
    Console,
}

impl Group {
    /// In the order of the help.
    pub(crate) const ALL: [Group; 8] =
        [Self::Visit, Self::Patient, Self::Note, Self::Appointment, Self::Task, Self::Go, Self::Move, Self::Console];

    /// Its heading.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Visit => "Waiting room and visit",
            Self::Patient => "Patient",
            Self::Note => "Note",
            Self::Appointment => "Appointment",
            Self::Task => "Task",
            Self::Go => "Go",
            Self::Move => "Move",
            Self::Console => "Console",
        }
    }
}

/// Whether an action can be done now, or why not.
pub(crate) type Available = Result<(), &'static str>;

/// One row of the table.
pub(crate) struct Action {
    /// Its name in the program.
    pub(crate) id: Id,
    /// Its name in the key bar; an ellipsis says that it asks first.
    pub(crate) title: &'static str,
    /// What it does, in one sentence.
    pub(crate) about: &'static str,
    /// Where it stands in the help.
    pub(crate) group: Group,
    /// Its keys, the one to show first.
    pub(crate) keys: &'static [Key],
    /// The screens it belongs to.
    pub(crate) on: &'static [Place],
    /// It works above overlays, too.
    pub(crate) through: bool,
    /// Its importance in the key bar; 0 keeps it out.
    pub(crate) bar: u8,
    available: fn(&Model) -> Available,
    called: Option<fn(&Model) -> &'static str>,
}

impl Action {
    const fn new(id: Id, group: Group, title: &'static str, keys: &'static [Key], about: &'static str) -> Self {
        Self {
            id,
            title,
            about,
            group,
            keys,
            on: table::ALL,
            through: false,
            bar: 0,
            available: when::always,
            called: None,
        }
    }

    const fn on(mut self, places: &'static [Place]) -> Self {
        self.on = places;
        self
    }

    const fn when(mut self, available: fn(&Model) -> Available) -> Self {
        self.available = available;
        self
    }

    const fn called(mut self, called: fn(&Model) -> &'static str) -> Self {
        self.called = Some(called);
        self
    }

    const fn bar(mut self, importance: u8) -> Self {
        self.bar = importance;
        self
    }

    const fn through(mut self) -> Self {
        self.through = true;
        self
    }

    /// Whether it belongs to the shown screen and can be done.
    pub(crate) fn available(&self, model: &Model) -> Available {
        if self.on.contains(&model.place()) { (self.available)(model) } else { Err("not on this screen") }
    }

    /// Its name as things stand: Enter opens one thing and admits another.
    pub(crate) fn name(&self, model: &Model) -> &'static str {
        self.called.map_or(self.title, |called| called(model))
    }

    /// The key to show: while a text is written only keys that type nothing.
    pub(crate) fn key(&self, writing: bool) -> Option<Key> {
        self.keys.iter().copied().find(|key| !writing || key.is_chord() || key.is_escape())
    }
}

/// The action behind a key on this screen.
pub(crate) fn of_key(key: Key, place: Place) -> Option<&'static Action> {
    TABLE.iter().find(|action| action.keys.contains(&key) && action.on.contains(&place))
}

#[cfg(test)]
mod tests {
    use super::table::ALL;
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_action_says_what_it_is_called_and_what_it_does() {
        for action in TABLE {
            assert!(!action.title.is_empty() && action.about.ends_with(['.', ')']), "{:?}", action.id);
            assert!(action.about.len() > 8 && !action.keys.is_empty() && !action.on.is_empty(), "{:?}", action.id);
        }
    }

    #[test]
    fn no_two_actions_share_a_key_on_a_screen() {
        for place in ALL {
            let mut taken = HashSet::new();
            for action in TABLE.iter().filter(|action| action.on.contains(place)) {
                for key in action.keys {
                    assert!(taken.insert(*key), "{key} is taken twice on {place:?}: {:?}", action.id);
                }
            }
        }
    }

    #[test]
    fn a_visit_is_controlled_from_everywhere_and_above_everything() {
        for id in [Id::Mute, Id::Camera, Id::HangUp] {
            let action = TABLE.iter().find(|action| action.id == id).expect("it is in the table");
            assert!(action.through && action.on.len() == ALL.len(), "{id:?}");
            assert!(action.keys.iter().all(|key| key.is_chord()), "{id:?} works while a note is written");
        }
    }
}
