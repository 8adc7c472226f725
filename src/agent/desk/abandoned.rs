//! Visits whose end no agent saw: it was killed while they ran, or the machine went down.

use super::Desk;
use crate::agent::book::About;
use crate::base::{Failure, Stamp};
use crate::record::{Action, Actor, EndReason, Visit};

impl Desk {
    /// Ends such visits on record: lost, at the last moment that is known of the agent that had them. To be called
    /// before anything new is written.
    pub(super) fn end_abandoned_visits(&mut self) -> Result<(), Failure> {
        let now = self.now();
        let book = &mut self.open()?.book;
        let mut abandoned = book.pending::<Visit>()?;
        abandoned.retain(|visit| visit.admitted.is_some());
        if abandoned.is_empty() {
            return Ok(());
        }
        let mut last = None;
        book.events(&mut |event| {
            last = Some(event.at);
            false
        })?;
        for mut visit in abandoned {
            end(&mut visit, last.unwrap_or(now));
            self.open()?.book.put(&visit, now);
            self.audit(Actor::Agent, Action::VisitEnd, About::record(Some(visit.patient), visit.id));
            self.complete_notes_of(&visit);
        }
        Ok(())
    }
}

fn end(visit: &mut Visit, last: Stamp) {
    let began = visit.connected.or(visit.admitted).unwrap_or(visit.knocked);
    (visit.ended, visit.end_reason) = (Some(last.max(began)), Some(EndReason::Lost));
}
