//! The audit log, asked for.

use super::Who;
use crate::base::Stamp;
use crate::record::{Action, AuditEvent};
use serde::{Deserialize, Serialize};

/// Which events; what is not given does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditFilter {
    /// Only about this patient.
    #[serde(with = "crate::base::phi::option")]
    pub who: Option<Who>,
    /// Not before.
    pub since: Option<Stamp>,
    /// Not at or after.
    pub until: Option<Stamp>,
    /// Only of these kinds; any when empty.
    pub kinds: Vec<Action>,
}

impl AuditFilter {
    /// Whether an event is one of them, whoever it is about.
    pub fn takes(&self, event: &AuditEvent) -> bool {
        self.since.is_none_or(|since| event.at >= since)
            && self.until.is_none_or(|until| event.at < until)
            && (self.kinds.is_empty() || self.kinds.contains(&event.action))
    }
}

/// One page of events, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The events, and their patients' names.
    pub events: Vec<super::Named<AuditEvent>>,
    /// What to ask for next; `None` when this was the last.
    pub next: Option<(u64, u32)>,
}
