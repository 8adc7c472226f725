//! Something to be done: a call back, a letter, a questionnaire before the next visit (FHIR R4 Task, its simplest form).

use super::{Record, RecordKind, Standing};
use crate::base::{
    Phi, Stamp,
    id::{AppointmentId, PatientId, TaskId},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Identifier.
    pub id: TaskId,
    /// About whom, if about one. It stays so: the task is sealed under that patient's key.
    #[serde(default)]
    pub patient: Option<PatientId>,
    /// The appointment that it follows up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<AppointmentId>,
    /// What is to be done, in a line.
    #[serde(with = "crate::base::phi")]
    pub text: Phi<String>,
    /// The day by which, in the practice's zone.
    #[serde(default)]
    pub due: Option<Date>,
    /// When it was written down.
    pub created: Stamp,
    /// When it was done.
    #[serde(default)]
    pub done: Option<Stamp>,
}

impl Task {
    /// In which order they are looked at: the day first, those without one last.
    pub fn order(&self) -> impl Ord + use<> {
        (self.due.is_none(), self.due, self.created, self.id)
    }
}

impl Record for Task {
    const KIND: RecordKind = RecordKind::Task;
    const SCHEMA: u16 = 1;
    fn id(&self) -> [u8; 16] {
        *self.id.as_bytes()
    }
    fn patient(&self) -> Option<PatientId> {
        self.patient
    }
    fn standing(&self) -> Standing {
        if self.done.is_none() { Standing::Pending } else { Standing::Kept }
    }
}
