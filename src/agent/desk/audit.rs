//! The audit log, read and proved.

use super::{ClientId, Desk};
use crate::agent::book::About;
use crate::base::{Failure, Kind};
use crate::record::{Action, Actor, AuditEvent};
use crate::wire::agent::{Named, Reply, Verified, Who};

impl Desk {
    pub(super) fn list_audit(&mut self, who: Option<&Who>, limit: u32) -> Result<Reply, Failure> {
        let patient = self.find_some(who)?;
        self.flush();
        let mut events = Vec::new();
        self.open()?.book.events(&mut |event| {
            if events.len() < limit as usize && (patient.is_none() || event.patient == patient) {
                events.push(event);
            }
            events.len() < limit as usize
        })?;
        self.audit(Actor::Clinician, Action::AuditRead, About::count(patient, events.len()));
        let named: Vec<Named<AuditEvent>> = events.into_iter().map(|event| self.named(event.patient, event)).collect();
        Ok(Reply::Audit(named))
    }

    pub(super) fn verify(&mut self, client: ClientId, n: u32) -> Result<Reply, Failure> {
        self.flush();
        let out = self.clients.get(&client).map(|client| client.out.clone());
        let open = self.open()?;
        let report =
            open.book.vault().verify(&mut |done, total| super::door::progress(out.as_ref(), n, done, total))?;
        if let Some(damage) = report.damage {
            return Err(Failure::new(Kind::Damaged, format!("the record is damaged: {damage}"))
                .hint("nothing was changed; restore the latest backup, and keep this folder as it is"));
        }
        self.audit(Actor::Clinician, Action::AuditVerify, About::nothing());
        Ok(Reply::Verified(Verified {
            intact: report.intact,
            frames: report.frames,
            records: report.records,
            events: report.events,
            head: data_encoding::HEXLOWER.encode(&report.head),
        }))
    }
}
