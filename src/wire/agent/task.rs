//! What is asked about tasks.

use super::Who;
use crate::base::{
    Phi,
    id::{AppointmentId, TaskId},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a client can ask about tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskRequest {
    /// → [`super::Reply::Task`]
    Add {
        /// About whom.
        #[serde(with = "crate::base::phi::option", default)]
        who: Option<Who>,
        /// What is to be done: one line, 1 to 1,000 characters.
        #[serde(with = "crate::base::phi")]
        text: Phi<String>,
        /// The day by which.
        due: Option<Date>,
        /// The appointment of that patient which it follows up.
        appointment: Option<AppointmentId>,
    },
    /// By day, those without one last; done ones behind them, the last done first. → [`super::Reply::Tasks`]
    List {
        /// Only about this patient.
        #[serde(with = "crate::base::phi::option", default)]
        who: Option<Who>,
        /// Also those that are done.
        all: bool,
    },
    /// → [`super::Reply::Task`]
    Show {
        /// Which.
        id: TaskId,
    },
    /// Changes what is given. → [`super::Reply::Task`]
    Edit {
        /// Which.
        id: TaskId,
        /// What is to be done.
        #[serde(with = "crate::base::phi::option", default)]
        text: Option<Phi<String>>,
        /// The day by which.
        due: DueChange,
    },
    /// → [`super::Reply::Task`]
    Done {
        /// Which.
        id: TaskId,
        /// It is done; or it is not, after all.
        done: bool,
    },
}

/// What becomes of a task's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueChange {
    /// It stays.
    Keep,
    /// There is none any more.
    Clear,
    /// It is this one.
    On(Date),
}
