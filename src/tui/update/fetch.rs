//! Asking the agent for what the screens show.

use super::Effect;
use crate::base::{Phi, id::PatientId};
use crate::client::agent::{Request, Who};
use crate::tui::asks::Want;
use crate::tui::model::{Model, Screen};

/// As many messages as a thread is shown with.
pub(super) const MESSAGES: u32 = 500;

/// As many names that wait are shown at once: those that were decided make room for others.
const NAMES: u32 = 100;

/// A patient as requests name one.
pub(super) fn who(id: PatientId) -> Who {
    Phi::new(id.to_string())
}

/// Asks for what `want` names, unless the answer is on its way; then again after it.
pub(super) fn fetch(model: &mut Model, want: Want, out: &mut Vec<Effect>) {
    let request = match want {
        Want::Status => {
            model.looked = model.now;
            Request::Status
        }
        Want::Patients => Request::PatientList { archived: true },
        Want::Today => Request::Today { date: model.day },
        Want::Room => Request::RoomList,
        Want::Practice => Request::Practice,
        Want::Unmatched => Request::AppointmentUnmatched { skip: 0, limit: NAMES },
        Want::Schedule(from, days) => Request::AppointmentList { from, days },
        Want::Chart(id) => Request::Chart { who: who(id) },
        Want::Messages => Request::MessageList { who: None, limit: MESSAGES, read: false },
        Want::Thread(id) => Request::MessageList { who: Some(who(id)), limit: MESSAGES, read: false },
        Want::VisitNote => match &model.visit {
            Some(visit) => Request::NoteList { who: Some(who(visit.patient)), unsigned: false, compartment: None },
            None => return,
        },
        _ => return,
    };
    if model.asks.may_refresh(want) {
        out.push(model.asks.ask(want, request));
    }
}

/// Everything a console needs that was just opened.
pub(super) fn everything(model: &mut Model, out: &mut Vec<Effect>) {
    for want in [Want::Today, Want::Patients, Want::Room, Want::Unmatched, Want::Practice, Want::Status] {
        fetch(model, want, out);
    }
    shown(model, out);
}

/// What the shown screen shows.
pub(super) fn shown(model: &mut Model, out: &mut Vec<Effect>) {
    let wants = match model.screen() {
        Screen::Patient { id, .. } => vec![Want::Chart(*id)],
        Screen::Messages(messages) => {
            let thread = messages.open.as_ref().map(|thread| Want::Thread(thread.patient));
            std::iter::once(Want::Messages).chain(thread).collect()
        }
        Screen::Schedule(schedule) => {
            let (from, days) = schedule.wanted();
            vec![Want::Practice, Want::Schedule(from, days)]
        }
        Screen::Visit { .. } if model.editor.is_none() => vec![Want::VisitNote],
        Screen::Today { .. } | Screen::Room { .. } | Screen::Note | Screen::Visit { .. } => Vec::new(),
    };
    for want in wants {
        fetch(model, want, out);
    }
}
