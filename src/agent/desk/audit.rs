//! The audit log, read.

use super::Desk;
use crate::agent::book::About;
use crate::base::Failure;
use crate::base::id::PatientId;
use crate::record::{Action, Actor, AuditEvent};
use crate::wire::agent::{AuditFilter, AuditPage, Named, Reply};
use std::time::Duration;

/// Events that are read, or given, at once.
const PAGE: usize = 4096;
/// Events that are listed at most.
const LIST_MAX: usize = 100_000;
/// Events stand in the order in which they were kept; a clock that was set back makes older ones follow.
const CLOCK_SLACK: Duration = Duration::from_secs(7 * 24 * 3600);

impl Desk {
    /// The newest events, newest first. However many there are, no more than are asked for are held.
    pub(super) fn list_audit(&mut self, filter: &AuditFilter, limit: u32) -> Result<Reply, Failure> {
        let patient = self.find_some(filter.who.as_ref())?;
        self.flush();
        let limit = (limit as usize).min(LIST_MAX);
        let mut events = Vec::new();
        self.open()?.book.events(&mut |event| {
            // Nothing older can be wanted.
            let past = filter.since.is_some_and(|since| event.at.plus(CLOCK_SLACK) < since);
            if events.len() < limit && takes(filter, patient, &event) {
                events.push(event);
            }
            events.len() < limit && !past
        })?;
        self.audit(Actor::Clinician, Action::AuditRead, About::count(patient, events.len()));
        let named: Vec<Named<AuditEvent>> = events.into_iter().map(|event| self.named(event.patient, event)).collect();
        Ok(Reply::Audit(named))
    }

    /// One page of all events, oldest first. Asking for the first is what is audited.
    pub(super) fn page_audit(&mut self, filter: &AuditFilter, after: Option<(u64, u32)>) -> Result<Reply, Failure> {
        let patient = self.find_some(filter.who.as_ref())?;
        if after.is_none() {
            self.audit(Actor::Clinician, Action::AuditExport, About { patient, ..About::nothing() });
        }
        self.flush();
        let (mut page, next) = self.open()?.book.history_after::<AuditEvent>(after, PAGE)?;
        page.retain(|event| takes(filter, patient, event));
        let events = page.into_iter().map(|event| self.named(event.patient, event)).collect();
        Ok(Reply::AuditPage(AuditPage { events, next }))
    }
}

fn takes(filter: &AuditFilter, patient: Option<PatientId>, event: &AuditEvent) -> bool {
    filter.takes(event) && (patient.is_none() || event.patient == patient)
}
