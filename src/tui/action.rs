//! Everything a hand can do here, in one table. The key bar, the help, the palette and the man page read it;
//! nothing has a key that is not listed.

mod when;

use super::keymap::{Key, alt, ctrl, function, letter, plain};
use super::model::{Model, Place};
use crossterm::event::KeyCode;

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
    Fulfilled,
    NoShow,
    CancelAppointment,
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
    Go,
    Move,
    Console,
}

impl Group {
    /// In the order of the help.
    pub(crate) const ALL: [Group; 7] =
        [Self::Visit, Self::Patient, Self::Note, Self::Appointment, Self::Go, Self::Move, Self::Console];

    /// Its heading.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Visit => "Waiting room and visit",
            Self::Patient => "Patient",
            Self::Note => "Note",
            Self::Appointment => "Appointment",
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
        Self { id, title, about, group, keys, on: ALL, through: false, bar: 0, available: when::always, called: None }
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

use Group as G;
use Place as P;

const ALL: &[Place] = &[P::Today, P::Patient, P::Messages, P::Note, P::Room, P::Visit];
const LISTS: &[Place] = &[P::Today, P::Patient, P::Messages, P::Room];
const PARTS: &[Place] = &[P::Today, P::Patient];
const ABOUT_ONE: &[Place] = &[P::Today, P::Patient, P::Messages, P::Room, P::Note];
const EDITOR: &[Place] = &[P::Note, P::Visit];

const UP: Key = plain(KeyCode::Up);
const DOWN: Key = plain(KeyCode::Down);
const ENTER: Key = plain(KeyCode::Enter);

/// The table.
pub(crate) const TABLE: &[Action] = &[
    Action::new(Id::Call, G::Visit, "call", &[letter('c')], "Admits who waits and opens the call window.")
        .on(ABOUT_ONE)
        .when(when::call)
        .called(when::call_name)
        .bar(88),
    Action::new(Id::Call, G::Visit, "reopen window", &[letter('c')], "Opens the call window again after it was lost.")
        .on(&[P::Visit])
        .when(when::reopen)
        .bar(95),
    Action::new(Id::Tell, G::Visit, "say when", &[letter('s')], "Tells who waits how many minutes it will take.")
        .on(ABOUT_ONE)
        .when(when::waits)
        .bar(70),
    Action::new(Id::Decline, G::Visit, "decline…", &[letter('d')], "Tells who waits that it cannot be now.")
        .on(ABOUT_ONE)
        .when(when::waits)
        .bar(60),
    Action::new(
        Id::Mute,
        G::Visit,
        "mute",
        &[alt('m'), ctrl('m'), function(2)],
        "Turns the microphone off or on. (Ctrl-M where the terminal can tell it from Enter.)",
    )
    .when(when::visit)
    .called(when::mute_name)
    .through()
    .bar(100),
    Action::new(Id::Camera, G::Visit, "camera", &[ctrl('v'), alt('v'), function(3)], "Turns the camera off or on.")
        .when(when::visit)
        .called(when::camera_name)
        .through()
        .bar(99),
    Action::new(
        Id::HangUp,
        G::Visit,
        "end visit…",
        &[ctrl('e'), function(4)],
        "Ends the visit for both, after asking.",
    )
    .when(when::visit)
    .through()
    .bar(92),
    Action::new(
        Id::SameWords,
        G::Visit,
        "same",
        &[letter('w'), alt('w')],
        "The five words, read aloud to each other, are the same: nobody stands in between.",
    )
    .on(&[P::Visit])
    .when(when::words)
    .bar(98),
    Action::new(
        Id::OtherWords,
        G::Visit,
        "different…",
        &[letter('x'), alt('x')],
        "The five words are not the same: asks, then ends the visit.",
    )
    .on(&[P::Visit])
    .when(when::words)
    .bar(97),
    Action::new(Id::Chart, G::Patient, "chart", &[letter('o')], "Opens the patient's chart.")
        .on(&[P::Today, P::Messages, P::Room, P::Note, P::Visit])
        .when(when::subject)
        .bar(35),
    Action::new(Id::Message, G::Patient, "message", &[letter('m')], "Opens the thread and begins to write.")
        .on(LISTS)
        .when(when::message)
        .bar(80),
    Action::new(Id::Send, G::Patient, "send…", &[ctrl('s')], "Sends what was written, after asking.")
        .on(&[P::Messages])
        .when(when::written)
        .bar(90),
    Action::new(Id::Invite, G::Patient, "invite", &[letter('i')], "Makes a link for the patient's device.")
        .on(LISTS)
        .when(when::invite)
        .bar(50),
    Action::new(Id::EditPatient, G::Patient, "edit", &[letter('e')], "Changes name, numbers, date of birth, zone.")
        .on(&[P::Patient])
        .bar(45),
    Action::new(Id::NewPatient, G::Patient, "new patient", &[letter('P')], "Adds a patient.")
        .on(LISTS)
        .called(when::new_patient_name)
        .bar(30),
    Action::new(
        Id::NewNote,
        G::Note,
        "note",
        &[letter('n')],
        "Begins a progress note (SOAP), the visit's times in it.",
    )
    .on(&[P::Today, P::Patient, P::Messages, P::Room, P::Visit])
    .when(when::subject)
    .bar(78),
    Action::new(Id::NewNoteOf, G::Note, "note of a kind", &[letter('N')], "Begins a note of a kind that is chosen.")
        .on(LISTS)
        .when(when::subject),
    Action::new(Id::Stamp, G::Note, "time stamp", &[ctrl('t')], "Writes the time of day into the note.")
        .on(EDITOR)
        .when(when::draft_in_hand)
        .bar(80),
    Action::new(Id::Save, G::Note, "save", &[ctrl('s')], "Saves now; notes also save themselves.")
        .on(EDITOR)
        .when(when::changed)
        .bar(20),
    Action::new(Id::Sign, G::Note, "sign…", &[ctrl('g')], "Signs the note, after asking; then it stands.")
        .on(EDITOR)
        .when(when::draft)
        .bar(85),
    Action::new(Id::Addendum, G::Note, "addendum", &[letter('a')], "Adds to a signed note.")
        .on(&[P::Note])
        .when(when::signed)
        .bar(85),
    Action::new(Id::NewAppointment, G::Appointment, "appointment", &[letter('a')], "Books a time for the patient.")
        .on(LISTS)
        .when(when::subject)
        .bar(65),
    Action::new(Id::Fulfilled, G::Appointment, "fulfilled", &[letter('f')], "Marks the appointment as fulfilled.")
        .on(PARTS)
        .when(when::appointment)
        .bar(25),
    Action::new(Id::NoShow, G::Appointment, "no-show", &[letter('x')], "Marks that the patient did not come.")
        .on(PARTS)
        .when(when::appointment)
        .bar(24),
    Action::new(
        Id::CancelAppointment,
        G::Appointment,
        "cancel appointment…",
        &[letter('X')],
        "Cancels the appointment, after asking.",
    )
    .on(PARTS)
    .when(when::appointment),
    Action::new(
        Id::Open,
        G::Go,
        "open",
        &[ENTER],
        "Opens what is chosen: admits, shows the chart, the thread, the note.",
    )
    .on(&[P::Today, P::Patient, P::Messages, P::Room, P::Visit])
    .when(when::open)
    .called(when::open_name)
    .bar(90),
    Action::new(Id::Back, G::Go, "back", &[plain(KeyCode::Esc)], "Goes back one step. Nothing is lost by it.")
        .when(when::back)
        .bar(55),
    Action::new(Id::Find, G::Go, "find", &[letter('/')], "Finds patients by name and notes by their words.").bar(58),
    Action::new(Id::GoToday, G::Go, "Today", &[letter('1')], "Goes to the day's timeline."),
    Action::new(Id::GoMessages, G::Go, "Messages", &[letter('2')], "Goes to the threads."),
    Action::new(Id::GoRoom, G::Go, "Waiting room", &[letter('3')], "Goes to who waits."),
    Action::new(Id::GoVisit, G::Go, "visit", &[letter('4'), alt('4')], "Goes to the running visit.")
        .on(&[P::Today, P::Patient, P::Messages, P::Note, P::Room])
        .when(when::visit)
        .bar(89),
    Action::new(Id::PreviousDay, G::Go, "day before", &[letter('h'), plain(KeyCode::Left)], "Shows the day before.")
        .on(&[P::Today]),
    Action::new(Id::NextDay, G::Go, "day after", &[letter('l'), plain(KeyCode::Right)], "Shows the day after.")
        .on(&[P::Today]),
    Action::new(Id::ThisDay, G::Go, "today", &[letter('t')], "Shows today again.")
        .on(&[P::Today])
        .when(when::other_day)
        .bar(87),
    Action::new(Id::Up, G::Move, "up", &[UP, letter('k')], "Moves up."),
    Action::new(Id::Down, G::Move, "down", &[DOWN, letter('j')], "Moves down."),
    Action::new(Id::First, G::Move, "first", &[plain(KeyCode::Home), letter('g')], "Moves to the first line."),
    Action::new(Id::Last, G::Move, "last", &[plain(KeyCode::End), letter('G')], "Moves to the last line."),
    Action::new(Id::PageUp, G::Move, "page up", &[plain(KeyCode::PageUp)], "Moves up a page."),
    Action::new(Id::PageDown, G::Move, "page down", &[plain(KeyCode::PageDown)], "Moves down a page."),
    Action::new(Id::NextPart, G::Move, "next part", &[plain(KeyCode::Tab)], "Moves to the next part of the screen.")
        .on(PARTS),
    Action::new(
        Id::PreviousPart,
        G::Move,
        "previous part",
        &[plain(KeyCode::BackTab)],
        "Moves to the previous part of the screen.",
    )
    .on(PARTS),
    Action::new(Id::Help, G::Console, "all keys", &[letter('?'), function(1)], "Shows every key and what it does.")
        .bar(40),
    Action::new(Id::Palette, G::Console, "command", &[letter(':'), ctrl('p')], "Finds any action by its name.").bar(38),
    Action::new(
        Id::Blank,
        G::Console,
        "blank",
        &[letter('b'), function(9)],
        "Blanks the screen; any key brings it back.",
    )
    .through(),
    Action::new(Id::Lock, G::Console, "lock", &[letter('L')], "Locks the vault, once every note is saved.")
        .when(when::no_visit),
    Action::new(Id::Redraw, G::Console, "redraw", &[ctrl('l')], "Draws the whole screen anew.").through(),
    Action::new(Id::Suspend, G::Console, "suspend", &[ctrl('z')], "Back to the shell; 'fg' returns.").through(),
    Action::new(
        Id::Quit,
        G::Console,
        "quit",
        &[letter('q'), ctrl('q')],
        "Leaves the console. A running visit goes on.",
    )
    .through()
    .bar(10),
];

#[cfg(test)]
mod tests {
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
