//! The audit log, read.

use super::{ClientId, Desk};
use crate::agent::book::About;
use crate::base::id::PatientId;
use crate::base::{Failure, Kind};
use crate::record::{Action, Actor, AuditEvent};
use crate::wire::agent::{AuditFilter, AuditPage, Named, Reply};
use std::time::Duration;

/// Events that are given at once, about; of those that name many patients, fewer.
const PAGE: usize = 4096;
/// Patients that are named on a page, about.
const PAGE_NAMED: usize = 200_000;
/// Events that are read at once.
const READ: usize = 512;
/// Events that are listed at most.
const LIST_MAX: usize = 100_000;
/// Patients that are named in a list of events at most.
const LIST_NAMED_MAX: usize = 1_000_000;
/// A console's lists, and the waiting room, name a patient whom they go on showing once in this time.
const NAMED_FOR: Duration = Duration::from_secs(3600);
/// Events stand in the order in which they were kept; a clock that was set back makes older ones follow.
const CLOCK_SLACK: Duration = Duration::from_secs(7 * 24 * 3600);

impl Desk {
    /// A list of everybody's records was shown: one event, which names whom it spoke of. What a console asks for by
    /// itself again and again, and whoever looks into the waiting room, names the same patient once in a while only.
    pub(super) fn audit_list(&mut self, client: ClientId, action: Action, patients: Vec<PatientId>, count: usize) {
        let again = action == Action::RoomRead || self.clients.get(&client).is_some_and(|client| client.subscribed);
        let now = super::awake_or_asleep();
        let mut named = patients;
        if again {
            self.shown.retain(|_, until| now < *until);
            named.retain(|patient| !self.shown.contains_key(&(action, *patient)));
            self.shown.extend(named.iter().map(|patient| ((action, *patient), now + NAMED_FOR)));
        }
        if !again || !named.is_empty() {
            self.audit(Actor::Clinician, action, About::several(named, count));
        }
    }

    /// Whose events are asked for; those of somebody who is forgotten, too, whose id still stands in them.
    fn whose(&mut self, filter: &AuditFilter) -> Result<Option<PatientId>, Failure> {
        self.open()?;
        match filter.who.as_ref().map(|who| who.expose().trim().to_lowercase().parse()) {
            Some(Ok(id)) => Ok(Some(id)),
            _ => self.find_some(filter.who.as_ref()),
        }
    }

    /// The newest events, newest first. However many there are, no more than are asked for are held.
    pub(super) fn list_audit(&mut self, filter: &AuditFilter, limit: u32) -> Result<Reply, Failure> {
        let patient = self.whose(filter)?;
        self.flush();
        let limit = limit as usize;
        if limit > LIST_MAX {
            return Err(too_many());
        }
        let (mut events, mut named) = (Vec::new(), 0);
        self.open()?.book.events(&mut |event| {
            // Nothing older can be wanted.
            let past = filter.since.is_some_and(|since| event.at.plus(CLOCK_SLACK) < since);
            if events.len() < limit && takes(filter, patient, &event) {
                named += event.patients.len();
                events.push(event);
            }
            events.len() < limit && named <= LIST_NAMED_MAX && !past
        })?;
        if named > LIST_NAMED_MAX {
            return Err(too_many());
        }
        self.audit(Actor::Clinician, Action::AuditRead, About::count(patient, events.len()));
        let named: Vec<Named<AuditEvent>> = events.into_iter().map(|event| self.named(event.patient, event)).collect();
        Ok(Reply::Audit(named))
    }

    /// One page of all events, oldest first. Asking for the first is what is audited.
    pub(super) fn page_audit(
        &mut self,
        client: ClientId,
        filter: &AuditFilter,
        mut after: Option<(u64, u32)>,
    ) -> Result<Reply, Failure> {
        let patient = self.whose(filter)?;
        let begun = self.clients.get_mut(&client).map(|client| std::mem::replace(&mut client.exports_log, true));
        if after.is_none() || begun == Some(false) {
            self.audit(Actor::Clinician, Action::AuditExport, About { patient, ..About::nothing() });
        }
        self.flush();
        let (mut page, mut named) = (Vec::new(), 0);
        let next = loop {
            let (some, next) = self.open()?.book.history_after::<AuditEvent>(after, READ)?;
            named += some.iter().map(|event| event.patients.len()).sum::<usize>();
            page.extend(some.into_iter().filter(|event| takes(filter, patient, event)));
            after = next;
            if next.is_none() || page.len() >= PAGE || named > PAGE_NAMED {
                break next;
            }
        };
        let events = page.into_iter().map(|event| self.named(event.patient, event)).collect();
        Ok(Reply::AuditPage(AuditPage { events, next }))
    }
}

fn takes(filter: &AuditFilter, patient: Option<PatientId>, event: &AuditEvent) -> bool {
    filter.takes(event) && patient.is_none_or(|patient| event.concerns(patient))
}

fn too_many() -> Failure {
    Failure::new(Kind::Usage, "so many events are not listed")
        .hint("ask for fewer with --limit, or for all with 'bedside audit export'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::desk::tests::{add, ask, connect, open_desk};
    use crate::base::Phi;
    use crate::record::NoteKind;
    use crate::wire::agent::Request;

    const COMMAND: ClientId = ClientId(1);
    const CONSOLE: ClientId = ClientId(2);

    fn filter(who: Option<PatientId>, kinds: &[Action]) -> AuditFilter {
        AuditFilter { who: who.map(|id| Phi::new(id.to_string())), kinds: kinds.to_vec(), ..AuditFilter::default() }
    }

    /// The events of a kind, newest first, without a trace.
    fn events(desk: &mut Desk, kind: Action) -> Vec<AuditEvent> {
        let mut found = Vec::new();
        desk.flush();
        let open = desk.open().expect("open");
        open.book
            .events(&mut |event| {
                found.extend(Some(event).filter(|event| event.action == kind));
                true
            })
            .expect("read");
        found
    }

    fn patients() -> Request {
        Request::PatientList { archived: false }
    }

    #[test]
    fn list_leaves_one_event_that_names_everybody_in_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut desk = open_desk(&folder);
        connect(&mut desk, COMMAND, false);
        let (ada, grace) = (add(&mut desk, "Ada Byron"), add(&mut desk, "Grace Hopper"));
        for who in ["ada", "grace", "ada"] {
            let (who, kind, text) = (who.into(), NoteKind::Plain, Some("heron".into()));
            ask(&mut desk, COMMAND, Request::NoteNew { who, kind, text, visit: None, compartment: None })
                .expect("kept");
        }
        let both = || vec![ada.min(grace), ada.max(grace)];
        let search = || Request::NoteSearch { query: "heron".into(), who: None, compartment: None };
        let notes = || Request::NoteList { who: None, unsigned: false, compartment: None };
        for (request, kind, count) in [
            (patients(), Action::PatientRead, 2),
            (notes(), Action::NoteRead, 3),
            (search(), Action::NoteSearch, 3),
            (Request::Today { date: None }, Action::DayRead, 3),
        ] {
            for times in 1..=2 {
                ask(&mut desk, COMMAND, request.clone()).expect("answered");
                let left = events(&mut desk, kind);
                assert_eq!(left.len(), times, "each command leaves its own");
                assert_eq!((left[0].patient, &left[0].patients, left[0].count), (None, &both(), Some(count)));
            }
        }
        for id in [ada, grace] {
            let filter = filter(Some(id), &[Action::NoteRead]);
            let Ok(Reply::Audit(found)) = ask(&mut desk, COMMAND, Request::AuditList { filter, limit: 100 }) else {
                panic!("not listed")
            };
            assert_eq!(found.len(), 2, "a list that showed them is found by either");
        }
        // An empty day or waiting room showed nobody.
        ask(&mut desk, COMMAND, Request::RoomList).expect("answered");
        assert_eq!(events(&mut desk, Action::RoomRead), []);
    }

    #[test]
    fn console_that_asks_again_by_itself_names_only_who_is_new() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut desk = open_desk(&folder);
        connect(&mut desk, CONSOLE, true);
        let ada = add(&mut desk, "Ada Byron");
        for _ in 0..50 {
            ask(&mut desk, CONSOLE, patients()).expect("answered");
        }
        assert_eq!(events(&mut desk, Action::PatientRead).len(), 1);
        let grace = add(&mut desk, "Grace Hopper");
        ask(&mut desk, CONSOLE, patients()).expect("answered");
        let named: Vec<_> = events(&mut desk, Action::PatientRead).into_iter().map(|event| event.patient).collect();
        assert_eq!(named, [Some(grace), Some(ada)]);
        // A chart that is opened is another matter.
        for _ in 0..2 {
            ask(&mut desk, CONSOLE, Request::Chart { who: "ada".into() }).expect("answered");
        }
        assert_eq!(events(&mut desk, Action::PatientRead).len(), 4);
        // After an hour it is said once more.
        desk.shown.values_mut().for_each(|until| *until = Duration::ZERO);
        ask(&mut desk, CONSOLE, patients()).expect("answered");
        assert_eq!(events(&mut desk, Action::PatientRead)[0].patients.len(), 2);
    }

    #[test]
    fn log_of_somebody_who_is_forgotten_can_be_asked_by_id() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut desk = open_desk(&folder);
        connect(&mut desk, COMMAND, false);
        let gone = PatientId::random();
        let filter = || filter(Some(gone), &[]);
        ask(&mut desk, COMMAND, Request::AuditList { filter: filter(), limit: 10 }).expect("listed");
        ask(&mut desk, COMMAND, Request::AuditPage { filter: filter(), after: None }).expect("paged");
    }

    #[test]
    fn log_leaves_its_event_wherever_its_reading_begins() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut desk = open_desk(&folder);
        connect(&mut desk, COMMAND, false);
        for times in [1, 1, 2] {
            let after = (times == 1).then_some((0, 0));
            ask(&mut desk, COMMAND, Request::AuditPage { filter: filter(None, &[]), after }).expect("paged");
            assert_eq!(events(&mut desk, Action::AuditExport).len(), times);
        }
    }

    #[test]
    fn more_events_than_are_listed_are_refused_not_cut() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut desk = open_desk(&folder);
        connect(&mut desk, COMMAND, false);
        let asked = Request::AuditList { filter: filter(None, &[]), limit: u32::MAX };
        let refused = ask(&mut desk, COMMAND, asked).expect_err("too many");
        assert!(refused.hint.is_some_and(|hint| hint.contains("audit export")));
    }
}
