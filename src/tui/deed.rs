//! What an overlay was opened for, said with everything it needs.

use crate::base::{
    Phi,
    id::{AppointmentId, NoteId, PatientId},
};
use crate::client::agent::PatientDraft;
use crate::record::{AppointmentKind, NoteKind};
use jiff::civil::DateTime;

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
    AddAppointment { patient: PatientId, start: DateTime, minutes: u32, kind: AppointmentKind },
    MatchAppointment(AppointmentId, PatientId),
    CancelAppointment(AppointmentId),
    Tell { patient: PatientId, minutes: Option<u16>, words: Option<Phi<String>> },
    Decline { patient: PatientId, words: Option<Phi<String>> },
    EndVisit,
    WordsDiffer,
    CopyLink(Phi<String>),
    QuitUnsaved,
    QuitUnsent,
    Invite(PatientId),
}
