//! Everything the console knows at a moment. It holds no connection, no clock and no terminal.

use super::asks::Asks;
use super::editor::Editor;
use super::overlay::{Layer, Overlay};
use super::schedule::{Schedule, View};
use super::widget::{Field, Scroll, Secret, moment};
use crate::base::{
    Failure, Phi, Stamp,
    id::{AppointmentId, NoteId, PatientId, TaskId, VisitId},
};
use crate::client::agent::{Chart, LiveVisit, Named, RelayState, Today, Unmatched, Waiting};
use crate::record::{Appointment, Hours, Message, Patient, Task};
use jiff::{Zoned, civil::Date, tz::TimeZone};
use std::collections::BTreeMap;
use std::time::Duration;

/// A patient whose page was silent for this long has probably lost the line.
const SILENT: Duration = Duration::from_secs(45);

/// The state of the console.
#[derive(Debug)]
pub(crate) struct Model {
    /// The time, as the last event told it.
    pub(crate) now: Stamp,
    /// The practice's zone; the machine's until the practice is known.
    pub(crate) zone: TimeZone,
    /// Columns and rows of the terminal.
    pub(crate) size: (u16, u16),
    /// Which vault, as the user would name it.
    pub(crate) folder: String,
    /// What can be done at all.
    pub(crate) stage: Stage,
    /// The relay.
    pub(crate) relay: RelayState,
    /// When the vault locks by itself.
    pub(crate) lock_at: Option<Stamp>,
    /// Who waits, counted; known while locked, too.
    pub(crate) waiting: u32,
    /// Every patient, by name.
    pub(crate) patients: Vec<Patient>,
    /// The day shown on the first screen; `None` is today.
    pub(crate) day: Option<Date>,
    /// The first screen's content.
    pub(crate) today: Option<Today>,
    /// The hours the practice works, once they were asked for; none: not said.
    pub(crate) hours: Vec<Hours>,
    /// Names from feeds that fit no patient.
    pub(crate) unmatched: Vec<Unmatched>,
    /// How many more there are.
    pub(crate) unmatched_beyond: u64,
    /// How the schedule was shown last.
    pub(crate) view: View,
    /// The waiting room.
    pub(crate) room: Vec<Waiting>,
    /// What the waiting room said of who was admitted last: where they are.
    pub(crate) guest: Option<Waiting>,
    /// The running visit.
    pub(crate) visit: Option<LiveVisit>,
    /// Where we are; the first is always Today.
    pub(crate) screens: Vec<Screen>,
    /// What lies above it.
    pub(crate) layers: Vec<Layer>,
    /// The note that is open.
    pub(crate) editor: Option<Editor>,
    /// Notes left before the vault confirmed their last words. They stay until it does.
    pub(crate) leaving: Vec<Editor>,
    /// Messages begun and not sent.
    pub(crate) drafts: BTreeMap<PatientId, Phi<String>>,
    /// Addenda begun and not added.
    pub(crate) addenda: BTreeMap<NoteId, Phi<String>>,
    /// It was said that leaving now loses what was written.
    pub(crate) warned: bool,
    /// The last thing the console said.
    pub(crate) said: Option<Said>,
    /// The screen is blanked.
    pub(crate) blank: bool,
    /// What happens once every note is saved.
    pub(crate) then: Option<Then>,
    /// The terminal tells of the mouse, instead of selecting text with it.
    pub(crate) mouse: bool,
    /// When the terminal last rang.
    pub(crate) rang: Stamp,
    /// When a key last told the agent that somebody is here.
    pub(crate) attended: Stamp,
    /// When the agent was last asked how things stand.
    pub(crate) looked: Stamp,
    /// What was asked and not answered yet.
    pub(crate) asks: Asks,
}

/// What can be done at all.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// The agent has not answered yet.
    Opening,
    /// The agent is not there.
    Unreachable(Failure),
    /// There is no vault in this folder.
    Missing,
    /// The vault is locked.
    Locked(Door),
    /// The vault is open.
    Open,
}

/// The locked vault's door.
#[derive(Clone, Debug, Default)]
pub(crate) struct Door {
    /// What was typed.
    pub(crate) secret: Secret,
    /// It is the recovery key that is typed.
    pub(crate) recovery: bool,
    /// The agent is trying it.
    pub(crate) trying: bool,
    /// Why it did not open.
    pub(crate) refused: Option<Failure>,
}

/// A screen with what it shows and where its cursor is.
#[derive(Debug)]
pub(crate) enum Screen {
    /// The day.
    Today {
        /// The chosen line.
        cursor: Option<Pick>,
    },
    /// A chart.
    Patient {
        /// Whose.
        id: PatientId,
        /// What the agent gave.
        chart: Option<Box<Chart>>,
        /// The chosen line.
        cursor: Option<Pick>,
    },
    /// Threads, one of them open.
    Messages(Box<Messages>),
    /// The note in the editor.
    Note,
    /// Who waits.
    Room {
        /// The chosen line.
        cursor: Option<Pick>,
    },
    /// Days, weeks and months of appointments.
    Schedule(Box<Schedule>),
    /// The running visit, with its note.
    Visit {
        /// Letters go into the note.
        writing: bool,
    },
}

/// The messages' screen.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    /// The newest of all threads, oldest first.
    pub(crate) all: Option<Vec<Named<Message>>>,
    /// The chosen thread.
    pub(crate) cursor: Option<PatientId>,
    /// The open thread.
    pub(crate) open: Option<Thread>,
}

/// An open thread.
#[derive(Debug)]
pub(crate) struct Thread {
    /// Whose.
    pub(crate) patient: PatientId,
    /// Oldest first.
    pub(crate) messages: Option<Vec<Message>>,
    /// Lines above the newest.
    pub(crate) scroll: Scroll,
    /// The answer in the making.
    pub(crate) writing: Option<Field>,
}

/// What a cursor can stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// Somebody in the waiting room.
    Waiting(PatientId),
    /// An appointment.
    Appointment(AppointmentId),
    /// A thread of messages.
    Thread(PatientId),
    /// A note.
    Note(NoteId),
    /// A visit.
    Visit(VisitId),
    /// A task.
    Task(TaskId),
}

/// What the console says, for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// One sentence; safe text.
    pub(crate) text: String,
    /// Something did not work; it stays until the next key.
    pub(crate) bad: bool,
    /// For how long, if it went well.
    pub(crate) lasts: Duration,
    /// When.
    pub(crate) at: Stamp,
}

/// What happens once every note is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// The console ends.
    Quit,
    /// The vault is locked.
    Lock,
}

/// Kinds of screens, for the action table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Today,
    Patient,
    Messages,
    Note,
    Room,
    Schedule,
    /// The schedule, with an appointment in the hand.
    Moving,
    Visit,
}

impl Model {
    /// A console that knows nothing yet.
    pub(crate) fn new(folder: String, zone: TimeZone, size: (u16, u16), now: Stamp) -> Self {
        Self {
            now,
            zone,
            size,
            folder,
            stage: Stage::Opening,
            relay: RelayState::None,
            lock_at: None,
            waiting: 0,
            patients: Vec::new(),
            day: None,
            today: None,
            hours: Vec::new(),
            unmatched: Vec::new(),
            unmatched_beyond: 0,
            view: View::default(),
            room: Vec::new(),
            guest: None,
            visit: None,
            screens: vec![Screen::Today { cursor: None }],
            layers: Vec::new(),
            editor: None,
            leaving: Vec::new(),
            drafts: BTreeMap::new(),
            addenda: BTreeMap::new(),
            warned: false,
            said: None,
            blank: false,
            then: None,
            mouse: false,
            rang: Stamp(0),
            attended: now,
            looked: Stamp(0),
            asks: Asks::default(),
        }
    }

    /// The screen that is shown.
    pub(crate) fn screen(&self) -> &Screen {
        self.screens.last().expect("the first screen is never left")
    }

    /// The screen that is shown.
    pub(crate) fn screen_mut(&mut self) -> &mut Screen {
        self.screens.last_mut().expect("the first screen is never left")
    }

    /// The top overlay.
    pub(crate) fn overlay(&self) -> Option<&Overlay> {
        self.layers.last().map(|layer| &layer.overlay)
    }

    /// Which screen is shown.
    pub(crate) fn place(&self) -> Place {
        match self.screen() {
            Screen::Today { .. } => Place::Today,
            Screen::Patient { .. } => Place::Patient,
            Screen::Messages(_) => Place::Messages,
            Screen::Note => Place::Note,
            Screen::Room { .. } => Place::Room,
            Screen::Schedule(schedule) if schedule.hand.is_some() => Place::Moving,
            Screen::Schedule(_) => Place::Schedule,
            Screen::Visit { .. } => Place::Visit,
        }
    }

    /// Whether letters go into a text of the screen.
    pub(crate) fn writing(&self) -> bool {
        let draft = self.editor.as_ref().is_some_and(Editor::is_draft);
        match self.screen() {
            Screen::Note => draft,
            Screen::Visit { writing } => *writing && draft,
            Screen::Messages(messages) => messages.open.as_ref().is_some_and(|thread| thread.writing.is_some()),
            _ => false,
        }
    }

    /// The vault is open.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open)
    }

    /// There is something to show: what can be done is known, and so is everything that was asked.
    pub(crate) fn stands(&self) -> bool {
        !matches!(self.stage, Stage::Opening) && self.asks.are_answered()
    }

    /// The time in the practice's zone.
    pub(crate) fn local_now(&self) -> Zoned {
        moment::zoned(self.now, &self.zone)
    }

    /// A stamp in the practice's zone.
    pub(crate) fn local(&self, at: Stamp) -> Zoned {
        moment::zoned(at, &self.zone)
    }

    /// The day of the first screen.
    pub(crate) fn shown_day(&self) -> Date {
        self.day.unwrap_or_else(|| self.local_now().date())
    }

    /// The same moment on the practice's clocks.
    pub(crate) fn in_zone(&self, at: &Zoned) -> Zoned {
        at.with_time_zone(self.zone.clone())
    }

    /// A patient.
    pub(crate) fn patient(&self, id: PatientId) -> Option<&Patient> {
        self.patients.iter().find(|patient| patient.id == id)
    }

    /// Who waits under this name.
    pub(crate) fn waiting(&self, id: PatientId) -> Option<&Waiting> {
        self.room.iter().find(|waiting| waiting.patient == id)
    }

    /// Whether the patient's page has been silent for so long that the line must have dropped.
    pub(crate) fn is_silent(&self, waiting: &Waiting) -> bool {
        self.now.since(waiting.seen) > SILENT
    }

    /// The schedule, if it is shown.
    pub(crate) fn schedule(&self) -> Option<&Schedule> {
        match self.screen() {
            Screen::Schedule(schedule) => Some(schedule),
            _ => None,
        }
    }

    /// The schedule, if it is shown.
    pub(crate) fn schedule_mut(&mut self) -> Option<&mut Schedule> {
        match self.screen_mut() {
            Screen::Schedule(schedule) => Some(schedule),
            _ => None,
        }
    }

    /// An appointment of what is shown.
    pub(crate) fn appointment(&self, id: AppointmentId) -> Option<&Appointment> {
        if let Some(schedule) = self.schedule() {
            return schedule.find(id).map(|named| &named.record);
        }
        let today = self.today.iter().flat_map(|today| today.appointments.iter().map(|named| &named.record));
        let chart = match self.screen() {
            Screen::Patient { chart: Some(chart), .. } => chart.appointments.as_slice(),
            _ => &[],
        };
        today.chain(chart).find(|appointment| appointment.id == id)
    }

    /// A task of what is shown.
    pub(crate) fn task(&self, id: TaskId) -> Option<&Task> {
        let today = self.today.iter().flat_map(|today| today.tasks.iter().map(|named| &named.record));
        let chart = match self.screen() {
            Screen::Patient { chart: Some(chart), .. } => chart.tasks.as_slice(),
            _ => &[],
        };
        chart.iter().chain(today).find(|task| task.id == id)
    }

    /// The chosen line.
    pub(crate) fn cursor(&self) -> Option<Pick> {
        match self.screen() {
            Screen::Today { cursor } | Screen::Patient { cursor, .. } | Screen::Room { cursor } => *cursor,
            Screen::Messages(messages) => messages.cursor.map(Pick::Thread),
            Screen::Schedule(schedule) => schedule.pick.map(Pick::Appointment),
            Screen::Note | Screen::Visit { .. } => None,
        }
    }

    /// The patient that actions are about: whose screen this is, or whose line is chosen.
    pub(crate) fn subject(&self) -> Option<PatientId> {
        match self.screen() {
            Screen::Patient { id, .. } => Some(*id),
            Screen::Note => self.editor.as_ref().map(|editor| editor.note.patient),
            Screen::Visit { .. } => self.visit.as_ref().map(|visit| visit.patient),
            Screen::Messages(messages) => messages.open.as_ref().map(|thread| thread.patient).or(messages.cursor),
            Screen::Schedule(schedule) => self.appointment(schedule.pick?)?.patient,
            Screen::Today { cursor } | Screen::Room { cursor } => match (*cursor)? {
                Pick::Waiting(id) | Pick::Thread(id) => Some(id),
                Pick::Appointment(id) => self.appointment(id)?.patient,
                Pick::Note(id) => {
                    let unsigned = &self.today.as_ref()?.unsigned;
                    unsigned.iter().find(|note| note.record.id == id).map(|note| note.record.patient)
                }
                Pick::Task(id) => self.task(id)?.patient,
                Pick::Visit(_) => None,
            },
        }
    }

    /// What to call a patient: the name, as it came from outside.
    pub(crate) fn name(&self, id: PatientId) -> &str {
        if let Some(patient) = self.patient(id) {
            return patient.name.expose();
        }
        let live = self.visit.as_ref().filter(|visit| visit.patient == id).map(|visit| &visit.name);
        let known = live.or_else(|| self.waiting(id).map(|waiting| &waiting.name));
        known.map_or("the patient", |name| name.expose().as_str())
    }

    /// Whether something written is not in the vault yet.
    pub(crate) fn unsaved(&self) -> bool {
        !self.leaving.is_empty() || self.editor.as_ref().is_some_and(|editor| !editor.is_settled())
    }

    /// Whether a text was begun that only this console has.
    pub(crate) fn begun(&self) -> bool {
        let answer = match self.screen() {
            Screen::Messages(messages) => messages.open.as_ref().and_then(|thread| thread.writing.as_ref()),
            _ => None,
        };
        !self.drafts.is_empty() || !self.addenda.is_empty() || answer.is_some_and(|field| !field.is_blank())
    }

    /// When the console has to be drawn again though nothing happens: a clock moves, a draft is saved.
    pub(crate) fn next_tick(&self) -> Duration {
        let to_minute = 60_000 - u64::try_from(self.now.0.rem_euclid(60_000)).unwrap_or(0);
        let to_second = 1_000 - u64::try_from(self.now.0.rem_euclid(1_000)).unwrap_or(0);
        let ticking = self.visit.is_some() || self.unsaved() || self.said.is_some() || self.editor.is_some();
        Duration::from_millis(if ticking { to_second } else { to_minute })
    }
}
