//! The table itself: one row for each thing that can be done, in the order of the help.

use super::Group as G;
use super::{Action, Id, when};
use crate::tui::keymap::{Key, alt, ctrl, function, letter, plain};
use crate::tui::model::Place as P;
use crate::tui::model::Place;
use crossterm::event::KeyCode;

pub(super) const ALL: &[Place] =
    &[P::Today, P::Patient, P::Messages, P::Note, P::Room, P::Schedule, P::Moving, P::Visit];
const LISTS: &[Place] = &[P::Today, P::Patient, P::Messages, P::Room, P::Schedule];
const LINES: &[Place] = &[P::Today, P::Patient, P::Messages, P::Room];
const PARTS: &[Place] = &[P::Today, P::Patient];
const BOOKED: &[Place] = &[P::Today, P::Patient, P::Schedule];
/// Everywhere but where an appointment is in the hand, which would fall.
const HANDS_FREE: &[Place] = &[P::Today, P::Patient, P::Messages, P::Note, P::Room, P::Schedule, P::Visit];
const GRID: &[Place] = &[P::Schedule, P::Moving];
const ABOUT_ONE: &[Place] = &[P::Today, P::Patient, P::Messages, P::Room, P::Note, P::Schedule];
const EDITOR: &[Place] = &[P::Note, P::Visit];

const TYPED: &str = "Books by a typed line: ada tue 15:00 50m weekly x10.";

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
        .on(&[P::Today, P::Messages, P::Room, P::Note, P::Schedule, P::Visit])
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
    .on(&[P::Today, P::Patient, P::Messages, P::Room, P::Schedule, P::Visit])
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
        .on(LINES)
        .when(when::subject)
        .bar(65),
    Action::new(Id::TypeAppointment, G::Appointment, "new", &[letter('a'), letter('B')], TYPED)
        .on(&[P::Schedule])
        .bar(86),
    Action::new(Id::TypeAppointment, G::Appointment, "book", &[letter('B')], TYPED).on(LINES),
    Action::new(Id::Move, G::Appointment, "move", &[letter(' ')], "Takes the appointment into the hand, to move it.")
        .on(&[P::Schedule])
        .when(when::appointment)
        .bar(82),
    Action::new(Id::Copy, G::Appointment, "copy", &[letter('y')], "The same once more, for another time.")
        .on(&[P::Schedule])
        .when(when::known_appointment)
        .bar(62),
    Action::new(
        Id::PutDown,
        G::Appointment,
        "put it here",
        &[ENTER, letter(' ')],
        "Puts down what is in the hand; asks whether those behind it in its series go with it.",
    )
    .on(&[P::Moving])
    .when(when::moved)
    .bar(96),
    Action::new(Id::Longer, G::Appointment, "longer", &[letter('+'), letter('=')], "Makes it five minutes longer.")
        .on(GRID)
        .when(when::appointment)
        .bar(63),
    Action::new(Id::Shorter, G::Appointment, "shorter", &[letter('-')], "Makes it five minutes shorter.")
        .on(GRID)
        .when(when::appointment)
        .bar(61),
    Action::new(Id::Arrived, G::Appointment, "arrived", &[letter('r')], "Marks that the patient is there.")
        .on(BOOKED)
        .when(when::appointment)
        .bar(26),
    Action::new(Id::Fulfilled, G::Appointment, "fulfilled", &[letter('f')], "Marks the appointment as fulfilled.")
        .on(BOOKED)
        .when(when::appointment)
        .bar(25),
    Action::new(Id::NoShow, G::Appointment, "no-show", &[letter('x')], "Marks that the patient did not come.")
        .on(BOOKED)
        .when(when::appointment)
        .bar(24),
    Action::new(
        Id::CancelAppointment,
        G::Appointment,
        "cancel appointment…",
        &[letter('X')],
        "Cancels the appointment, after asking; of a series also those behind it.",
    )
    .on(BOOKED)
    .when(when::appointment),
    Action::new(
        Id::Undo,
        G::Appointment,
        "undo",
        &[letter('u')],
        "Takes back the last change of an appointment, or of whose it is.",
    )
    .on(BOOKED)
    .bar(23),
    Action::new(Id::Redo, G::Appointment, "redo", &[ctrl('r')], "Does again what was taken back last.").on(BOOKED),
    Action::new(
        Id::NextFree,
        G::Appointment,
        "next free",
        &[letter('F')],
        "Goes to the next free time within the working hours: 50 minutes, or as long as what is in the hand.",
    )
    .on(GRID)
    .bar(64),
    Action::new(
        Id::Names,
        G::Appointment,
        "names",
        &[letter('w')],
        "Decides whose the names from feeds are that fit no patient.",
    )
    .on(&[P::Today, P::Schedule])
    .when(when::unmatched)
    .bar(77),
    Action::new(
        Id::UndoImport,
        G::Appointment,
        "take back import…",
        &[letter('U')],
        "Takes back the last import of a calendar whole, after asking.",
    )
    .on(&[P::Schedule]),
    Action::new(
        Id::FollowUp,
        G::Task,
        "follow up",
        &[letter('F')],
        "Makes a task of an appointment to which the patient did not come.",
    )
    .on(PARTS)
    .when(when::no_show)
    .bar(86),
    Action::new(Id::NewTask, G::Task, "task", &[letter('T')], "Writes down what is to be done, and by when.").on(LISTS),
    Action::new(
        Id::DoneTask,
        G::Task,
        "done",
        &[letter('D')],
        "Marks the task as done; once more, and it is not, after all.",
    )
    .on(PARTS)
    .when(when::task)
    .called(when::done_name)
    .bar(89),
    Action::new(
        Id::Open,
        G::Go,
        "open",
        &[ENTER],
        "Opens what is chosen: admits, shows the chart, the thread, the note.",
    )
    .on(&[P::Today, P::Patient, P::Messages, P::Room, P::Schedule, P::Visit])
    .when(when::open)
    .called(when::open_name)
    .bar(90),
    Action::new(Id::Back, G::Go, "back", &[plain(KeyCode::Esc)], "Goes back one step. Nothing is lost by it.")
        .when(when::back)
        .called(when::back_name)
        .bar(55),
    Action::new(Id::Find, G::Go, "find", &[letter('/')], "Finds patients by name and notes by their words.")
        .on(HANDS_FREE)
        .bar(58),
    Action::new(Id::GoToday, G::Go, "Today", &[letter('1')], "Goes to the day's timeline."),
    Action::new(Id::GoMessages, G::Go, "Messages", &[letter('2')], "Goes to the threads."),
    Action::new(Id::GoRoom, G::Go, "Waiting room", &[letter('3')], "Goes to who waits."),
    Action::new(Id::GoVisit, G::Go, "visit", &[letter('4'), alt('4')], "Goes to the running visit.")
        .on(&[P::Today, P::Patient, P::Messages, P::Note, P::Room, P::Schedule, P::Moving])
        .when(when::visit)
        .bar(89),
    Action::new(
        Id::GoSchedule,
        G::Go,
        "schedule",
        &[letter('5'), letter('S')],
        "Goes to the days, weeks and months of appointments.",
    )
    .on(&[P::Today, P::Patient, P::Messages, P::Note, P::Room, P::Visit])
    .bar(57),
    Action::new(Id::DayView, G::Go, "day", &[letter('D')], "Shows one day, hour by hour.")
        .on(GRID)
        .when(when::no_day)
        .bar(54),
    Action::new(Id::WeekView, G::Go, "week", &[letter('W')], "Shows the days of a week beside each other.")
        .on(GRID)
        .when(when::no_week)
        .bar(53),
    Action::new(Id::MonthView, G::Go, "month", &[letter('M')], "Shows a month, with how many appointments a day.")
        .on(GRID)
        .when(when::no_month)
        .bar(52),
    Action::new(Id::AgendaView, G::Go, "agenda", &[letter('A')], "Lists the appointments of four weeks.")
        .on(&[P::Schedule])
        .when(when::no_agenda)
        .bar(51),
    Action::new(Id::GoToDay, G::Go, "go to day", &[letter('J')], "Goes to a day that is typed: 3 mar, in 2 weeks.")
        .on(GRID)
        .bar(50),
    Action::new(Id::PreviousDay, G::Go, "day before", &[letter('h'), plain(KeyCode::Left)], "Shows the day before.")
        .on(&[P::Today]),
    Action::new(Id::NextDay, G::Go, "day after", &[letter('l'), plain(KeyCode::Right)], "Shows the day after.")
        .on(&[P::Today]),
    Action::new(Id::ThisDay, G::Go, "today", &[letter('t')], "Shows today again.")
        .on(&[P::Today, P::Schedule, P::Moving])
        .when(when::other_day)
        .bar(87),
    Action::new(
        Id::Left,
        G::Move,
        "left",
        &[plain(KeyCode::Left), letter('h')],
        "To what is beside it, or a day back.",
    )
    .on(GRID),
    Action::new(
        Id::Right,
        G::Move,
        "right",
        &[plain(KeyCode::Right), letter('l')],
        "To what is beside it, or a day on.",
    )
    .on(GRID),
    Action::new(
        Id::NextAppointment,
        G::Move,
        "next appointment",
        &[plain(KeyCode::Tab)],
        "Moves to the next appointment.",
    )
    .on(&[P::Schedule]),
    Action::new(
        Id::PreviousAppointment,
        G::Move,
        "appointment before",
        &[plain(KeyCode::BackTab)],
        "Moves to the appointment before.",
    )
    .on(&[P::Schedule]),
    Action::new(Id::Up, G::Move, "up", &[UP, letter('k')], "Moves up."),
    Action::new(Id::Down, G::Move, "down", &[DOWN, letter('j')], "Moves down."),
    Action::new(Id::First, G::Move, "first", &[plain(KeyCode::Home), letter('g')], "Moves to the first line."),
    Action::new(Id::Last, G::Move, "last", &[plain(KeyCode::End), letter('G')], "Moves to the last line."),
    Action::new(
        Id::PageUp,
        G::Move,
        "page up",
        &[plain(KeyCode::PageUp)],
        "Moves up a page; in the schedule a day, a week or a month back.",
    ),
    Action::new(
        Id::PageDown,
        G::Move,
        "page down",
        &[plain(KeyCode::PageDown)],
        "Moves down a page; in the schedule a day, a week or a month on.",
    ),
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
