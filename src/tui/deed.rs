//! What an overlay was opened for, said with everything it needs.

use crate::base::{
    Phi,
    id::{AppointmentId, NoteId, PatientId, TaskId},
};
use crate::client::agent::PatientDraft;
use crate::record::schedule::line::Line;
use crate::record::{AppointmentKind, NoteKind};
use jiff::Zoned;
use jiff::civil::{Date, DateTime};

/// Something to be done, after it was asked for in words or filled in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Deed {
    ShowChart(PatientId),
    ShowNote(NoteId),
    SearchNotes(Phi<String>),
    SendMessage(PatientId, Phi<String>),
    NewNote(PatientId, NoteKind),
    SignNote(NoteId),
    AddToNote(NoteId, Phi<String>),
    AddPatient(PatientDraft),
    ChangePatient(PatientId, PatientDraft),
    AddAppointment {
        patient: PatientId,
        start: DateTime,
        minutes: u32,
        kind: AppointmentKind,
    },
    AddTask {
        patient: Option<PatientId>,
        text: Phi<String>,
        due: Option<Date>,
        appointment: Option<AppointmentId>,
    },
    ChangeTask {
        id: TaskId,
        text: Phi<String>,
        due: Option<Date>,
    },
    Book(PatientId, Box<Line>),
    GoToDay(Date),
    CopyAppointment(AppointmentId, Box<Zoned>),
    Replan {
        id: AppointmentId,
        start: Option<Box<Zoned>>,
        minutes: Option<u32>,
        following: bool,
    },
    CancelAppointment {
        id: AppointmentId,
        following: bool,
    },
    /// Whose an appointment is, `None` for no patient's; all that the feed calls so, or only those of the same UID.
    MatchAppointment {
        id: AppointmentId,
        called: Phi<String>,
        patient: Option<PatientId>,
        always: bool,
    },
    AskWhose {
        id: AppointmentId,
        always: bool,
    },
    AskNobodys {
        id: AppointmentId,
        always: bool,
    },
    AskNewPatient {
        id: AppointmentId,
        always: bool,
    },
    AddPatientOf {
        id: AppointmentId,
        called: Phi<String>,
        name: Phi<String>,
        always: bool,
    },
    Undo,
    Redo,
    AskUndoImport,
    UndoImport,
    Tell {
        patient: PatientId,
        minutes: Option<u16>,
        words: Option<Phi<String>>,
    },
    Decline {
        patient: PatientId,
        words: Option<Phi<String>>,
    },
    EndVisit,
    WordsDiffer,
    CopyLink(Phi<String>),
    QuitUnsaved,
    QuitUnsent,
    Invite(PatientId),
}
