//! What was changed by hand, step by step: it can be taken back, and done again.

use super::Desk;
use super::matching::Decision;
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::base::Failure;
use crate::base::id::{AppointmentId, PatientId};
use crate::record::schedule::LeftOut;
use crate::record::{Action, Actor, Appointment};
use crate::wire::agent::{Changed, Notice, Planned, Reply};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many steps can be taken back.
const STEPS_MAX: usize = 100;

/// What was done by hand since the vault was opened, the last at the end.
#[derive(Clone, Default)]
pub(super) struct Steps {
    /// Can be taken back.
    done: Vec<Arc<Step>>,
    /// Were taken back, and can be done again until something else is done.
    undone: Vec<Arc<Step>>,
}

/// What was done by hand at once.
pub(super) enum Step {
    Edit(Edit),
    Decision(Box<Decision>),
}

/// Changes of times and standings: each appointment before and after.
#[derive(Clone, Default)]
pub(super) struct Edit(Vec<(Option<Appointment>, Appointment)>);

impl Edit {
    /// The change of one appointment, or a new one.
    pub(super) fn change(&mut self, before: Option<Appointment>, after: Appointment) {
        self.0.push((before, after));
    }
}

impl Steps {
    /// Something was done.
    pub(super) fn note(&mut self, step: Step) {
        if self.done.len() == STEPS_MAX {
            self.done.remove(0);
        }
        self.done.push(Arc::new(step));
    }

    /// What was taken back before cannot be done again.
    pub(super) fn go_on(&mut self) {
        self.undone.clear();
    }
}

impl Desk {
    /// Keeps what was changed by hand, and says what is unusual about it. What was taken back before cannot be done
    /// again after it.
    pub(super) fn keep_edit(&mut self, edit: Edit, action: Action, left_out: Vec<LeftOut>) -> Result<Reply, Failure> {
        self.open()?.steps.go_on();
        self.make_edit(edit, action, left_out)
    }

    fn make_edit(&mut self, edit: Edit, action: Action, left_out: Vec<LeftOut>) -> Result<Reply, Failure> {
        let now = self.now();
        let kept: Vec<Appointment> = edit.0.iter().map(|(_, after)| after.clone()).collect();
        let open = self.open()?;
        for appointment in &kept {
            open.book.put(appointment, now);
        }
        open.steps.note(Step::Edit(edit));
        self.told_of(&kept, action);
        let mut notices = self.notices(&kept)?;
        notices.extend(left_out.into_iter().map(|left_out| match left_out {
            LeftOut::Day(day) => Notice::Skipped { day },
            LeftOut::Month { last } => Notice::ShortMonth { last },
        }));
        let appointments = kept.into_iter().map(|kept| self.named(kept.patient, kept)).collect();
        Ok(Reply::Planned(Planned { appointments, notices, gone: Vec::new() }))
    }

    fn told_of(&mut self, changed: &[Appointment], action: Action) {
        let patients = changed.iter().filter_map(|appointment| appointment.patient).collect();
        let ids: Vec<AppointmentId> = changed.iter().map(|appointment| appointment.id).collect();
        self.told_of_all(&ids, &patients, action);
    }

    /// Puts changes into the audit log, the consoles and the patients' pages.
    pub(super) fn told_of_all(&mut self, changed: &[AppointmentId], patients: &BTreeSet<PatientId>, action: Action) {
        let mut about = About::several(patients.iter().copied(), changed.len());
        if let [one] = changed {
            (about.record, about.count) = (Some(one.to_string()), None);
        }
        self.audit(Actor::Clinician, action, about);
        let one = patients.first().copied().filter(|_| patients.len() == 1);
        self.changed(Changed::Appointment, one);
        for patient in patients {
            self.send_next_appointment(*patient);
        }
    }

    /// Takes back the last step.
    pub(super) fn undo_step(&mut self) -> Result<Reply, Failure> {
        let Some(step) = self.open()?.steps.done.pop() else {
            return Err(
                refused("there is nothing to take back").hint("only what was changed since the vault was opened")
            );
        };
        let reply = match &*step {
            Step::Edit(edit) => self.undo_edit(edit)?,
            Step::Decision(decision) => self.reopen(decision)?,
        };
        self.open()?.steps.undone.push(step);
        Ok(reply)
    }

    fn undo_edit(&mut self, edit: &Edit) -> Result<Reply, Failure> {
        let now = self.now();
        let open = self.open()?;
        if edit.0.iter().any(|(_, after)| open.book.appointment(after.id) != Some(after)) {
            return Err(changed_since());
        }
        let (mut back, mut gone) = (Vec::new(), Vec::new());
        for (before, after) in edit.0.iter().cloned() {
            match before {
                Some(before) => {
                    open.book.put(&before, now);
                    back.push(before);
                }
                None => {
                    open.book.remove(&after, now);
                    gone.push(after);
                }
            }
        }
        let all: Vec<Appointment> = back.iter().chain(&gone).cloned().collect();
        self.told_of(&all, Action::AppointmentChange);
        let appointments = back.into_iter().map(|kept| self.named(kept.patient, kept)).collect();
        let gone = gone.into_iter().map(|gone| self.named(gone.patient, gone)).collect();
        Ok(Reply::Planned(Planned { appointments, notices: Vec::new(), gone }))
    }

    /// Does again what was taken back last.
    pub(super) fn redo_step(&mut self) -> Result<Reply, Failure> {
        let open = self.open()?;
        let Some(step) = open.steps.undone.pop() else {
            return Err(refused("nothing was taken back that could be done again"));
        };
        let edit = match &*step {
            Step::Edit(edit) => edit,
            Step::Decision(decision) => return self.decide_again(decision),
        };
        if edit.0.iter().any(|(before, after)| open.book.appointment(after.id) != before.as_ref()) {
            return Err(changed_since());
        }
        self.make_edit(edit.clone(), Action::AppointmentChange, Vec::new())
    }
}

/// Why a step is not taken back.
pub(super) fn changed_since() -> Failure {
    refused("it was changed again since, by a feed or another console")
        .hint("it stays as it is; once more goes on with the change before it")
}

#[cfg(test)]
mod tests {
    use super::super::ClientId;
    use super::super::tests::{add, ask, connect, open_desk};
    use super::*;
    use crate::base::Phi;
    use crate::record::{AppointmentKind, Every, Repeat};
    use crate::wire::agent::Request;
    use jiff::{ToSpan, Zoned};

    const CLIENT: ClientId = ClientId(7);

    fn planned(desk: &mut Desk, request: Request) -> Result<Planned, Failure> {
        match ask(desk, CLIENT, request)? {
            Reply::Planned(planned) => Ok(planned),
            other => panic!("a change is answered with {other:?}"),
        }
    }

    fn all(desk: &mut Desk) -> Vec<Appointment> {
        let mut all: Vec<Appointment> = desk.open().expect("open").book.appointments().cloned().collect();
        all.sort_by_key(|appointment| appointment.start.timestamp());
        all
    }

    #[test]
    fn what_was_taken_back_is_done_again_until_something_else_is_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut desk = open_desk(&folder);
        connect(&mut desk, CLIENT, false);
        let ada = add(&mut desk, "Ada");
        let start = Zoned::now().start_of_day().expect("a day").saturating_add(34.hours());
        let weekly = Repeat { every: Every::Week, interval: 1, count: 3 };
        let booked = Request::AppointmentAdd {
            who: Phi::new(ada.to_string()),
            start: Box::new(start.clone()),
            minutes: 50,
            kind: AppointmentKind::Visit,
            repeat: Some(weekly),
        };
        planned(&mut desk, booked.clone()).expect("booked");
        let first = all(&mut desk);
        let moved = Request::AppointmentEdit {
            id: first[0].id,
            start: Some(Box::new(start.saturating_add(1.hour()))),
            minutes: None,
            status: None,
            following: true,
        };
        planned(&mut desk, moved.clone()).expect("moved");
        let second = all(&mut desk);
        for _ in 0..2 {
            planned(&mut desk, Request::AppointmentUndo).expect("taken back");
            assert_eq!(all(&mut desk), first);
            assert_eq!(planned(&mut desk, Request::AppointmentUndo).expect("taken back").gone.len(), 3);
            assert_eq!(all(&mut desk), []);
            planned(&mut desk, Request::AppointmentUndo).expect_err("there is no more");
            planned(&mut desk, Request::AppointmentRedo).expect("done again");
            assert_eq!(all(&mut desk), first);
            planned(&mut desk, Request::AppointmentRedo).expect("done again");
            assert_eq!(all(&mut desk), second);
            planned(&mut desk, Request::AppointmentRedo).expect_err("there is no more");
        }
        planned(&mut desk, Request::AppointmentUndo).expect("taken back");
        planned(&mut desk, moved).expect("moved by hand");
        planned(&mut desk, Request::AppointmentRedo).expect_err("something else was changed since");
    }
}
