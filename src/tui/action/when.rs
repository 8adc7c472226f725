//! When an action can be done, and what stands in its way.

use super::{super::asks::Want, Available};
use crate::client::agent::{Phase, RelayState};
use crate::record::AppointmentStatus;
use crate::tui::editor::Editor;
use crate::tui::model::{Model, Pick, Place, Screen};
use crate::tui::schedule::View;

pub(super) fn always(_: &Model) -> Available {
    Ok(())
}

fn or(holds: bool, why: &'static str) -> Available {
    if holds { Ok(()) } else { Err(why) }
}

pub(super) fn subject(model: &Model) -> Available {
    or(model.subject().is_some(), "choose a patient first")
}

pub(super) fn waits(model: &Model) -> Available {
    let waits = model.subject().is_some_and(|id| model.waiting(id).is_some());
    or(waits, "not in the waiting room")
}

pub(super) fn call(model: &Model) -> Available {
    or(model.visit.is_none(), "a visit is running")?;
    or(!model.asks.waits_for(Want::Call), "the call window is opening")?;
    subject(model)?;
    waits(model)
}

pub(super) fn call_name(model: &Model) -> &'static str {
    if model.subject().is_some_and(|id| model.waiting(id).is_some()) { "admit" } else { "call" }
}

pub(super) fn reopen(model: &Model) -> Available {
    let lost = model.visit.as_ref().is_some_and(|visit| visit.phase == Phase::WindowLost);
    or(lost, "the call window is open")?;
    or(!model.asks.waits_for(Want::Call), "the call window is opening")
}

pub(super) fn visit(model: &Model) -> Available {
    or(model.visit.is_some(), "no visit is running")
}

pub(super) fn no_visit(model: &Model) -> Available {
    or(model.visit.is_none(), "a visit is running: end it first")
}

pub(super) fn mute_name(model: &Model) -> &'static str {
    if model.visit.as_ref().is_none_or(|visit| visit.microphone) { "mute" } else { "unmute" }
}

pub(super) fn camera_name(model: &Model) -> &'static str {
    if model.visit.as_ref().is_none_or(|visit| visit.camera) { "camera off" } else { "camera on" }
}

pub(super) fn words(model: &Model) -> Available {
    let visit = model.visit.as_ref().ok_or("no visit is running")?;
    or(!visit.words.is_empty(), "the words are not there yet")?;
    or(!visit.compared, "the words were compared")
}

pub(super) fn message(model: &Model) -> Available {
    subject(model)?;
    let paired = model.subject().and_then(|id| model.patient(id)).is_none_or(|patient| patient.paired());
    or(paired, "no device is paired yet: invite first")
}

pub(super) fn written(model: &Model) -> Available {
    let Screen::Messages(messages) = model.screen() else { return Err("no message is being written") };
    let thread = messages.open.as_ref().ok_or("no thread is open")?;
    let field = thread.writing.as_ref().ok_or("no message is being written")?;
    or(!field.is_blank(), "the message is empty")?;
    or(!model.asks.waits_for(Want::Send(thread.patient)), "the message is on its way")
}

pub(super) fn invite(model: &Model) -> Available {
    subject(model)?;
    or(model.relay != RelayState::None, "the practice has no relay yet")
}

pub(super) fn new_patient_name(model: &Model) -> &'static str {
    if model.patients.is_empty() { "add your first patient" } else { "new patient" }
}

pub(super) fn draft(model: &Model) -> Available {
    let editor = model.editor.as_ref().ok_or("no note is open")?;
    or(editor.is_draft(), "the note is signed")
}

pub(super) fn draft_in_hand(model: &Model) -> Available {
    draft(model)?;
    or(model.writing(), "the keyboard is not in the note")
}

pub(super) fn changed(model: &Model) -> Available {
    draft(model)?;
    or(!model.editor.as_ref().is_some_and(Editor::is_settled), "everything is saved")
}

pub(super) fn signed(model: &Model) -> Available {
    let editor = model.editor.as_ref().ok_or("no note is open")?;
    or(!editor.is_draft(), "the note is not signed yet")?;
    or(!model.asks.waits_for(Want::Sign), "what was added is on its way")
}

pub(super) fn appointment(model: &Model) -> Available {
    or(matches!(model.cursor(), Some(Pick::Appointment(_))), "choose an appointment first")
}

pub(super) fn no_show(model: &Model) -> Available {
    appointment(model)?;
    let chosen = model.cursor().and_then(|pick| match pick {
        Pick::Appointment(id) => model.appointment(id),
        _ => None,
    });
    let missed = chosen.is_some_and(|found| found.status == AppointmentStatus::Noshow && found.patient.is_some());
    or(missed, "no patient was missed here")
}

pub(super) fn task(model: &Model) -> Available {
    or(matches!(model.cursor(), Some(Pick::Task(_))), "choose a task first")
}

pub(super) fn done_name(model: &Model) -> &'static str {
    let done = match model.cursor() {
        Some(Pick::Task(id)) => model.task(id).is_some_and(|task| task.done.is_some()),
        _ => false,
    };
    if done { "not done" } else { "done" }
}

pub(super) fn other_day(model: &Model) -> Available {
    let today = model.local_now().date();
    let other = match model.schedule() {
        Some(schedule) => schedule.day() != today,
        None => model.day.is_some(),
    };
    or(other, "this is today")
}

/// Something can be given to another day only if it is known whose it is.
pub(super) fn known_appointment(model: &Model) -> Available {
    appointment(model)?;
    or(model.subject().is_some(), "say whose it is first")
}

pub(super) fn moved(model: &Model) -> Available {
    let hand = model.schedule().and_then(|schedule| schedule.hand.as_ref()).ok_or("nothing is in the hand")?;
    or(hand.copy || hand.is_moved(), "it is where it was: move it with the arrows")
}

pub(super) fn unmatched(model: &Model) -> Available {
    or(!model.unmatched.is_empty(), "every name from a feed has its patient")
}

fn another_view(model: &Model, view: View, why: &'static str) -> Available {
    or(model.schedule().is_none_or(|schedule| schedule.view != view), why)
}

pub(super) fn no_day(model: &Model) -> Available {
    another_view(model, View::Day, "this is the day")
}

pub(super) fn no_week(model: &Model) -> Available {
    another_view(model, View::Week, "this is the week")
}

pub(super) fn no_month(model: &Model) -> Available {
    another_view(model, View::Month, "this is the month")
}

pub(super) fn no_agenda(model: &Model) -> Available {
    another_view(model, View::Agenda, "this is the agenda")
}

pub(super) fn open(model: &Model) -> Available {
    if matches!(model.screen(), Screen::Visit { .. }) {
        return or(!model.writing(), "the keyboard is in the note");
    }
    if model.schedule().is_some_and(|schedule| schedule.view != View::Agenda) {
        return Ok(());
    }
    let pick = model.cursor().ok_or("nothing is chosen")?;
    match pick {
        Pick::Waiting(_) => call(model),
        Pick::Visit(_) => Err("a visit that is over has nothing to open"),
        _ => Ok(()),
    }
}

pub(super) fn open_name(model: &Model) -> &'static str {
    if matches!(model.screen(), Screen::Visit { .. }) {
        return "write the note";
    }
    match model.schedule() {
        Some(schedule) if schedule.view == View::Month => return "show the day",
        Some(schedule) if schedule.pick.is_none() => return "new",
        _ => {}
    }
    match model.cursor() {
        Some(Pick::Waiting(_)) => "admit",
        Some(Pick::Appointment(id)) => match model.appointment(id) {
            Some(found) if !found.decided() => "say who this is",
            Some(found) if found.nobodys => "give it to a patient",
            _ => "open",
        },
        _ => "open",
    }
}

pub(super) fn back_name(model: &Model) -> &'static str {
    if model.place() == Place::Moving { "leave it" } else { "back" }
}

pub(super) fn back(model: &Model) -> Available {
    or(model.writing() || model.screens.len() > 1, "this is the first screen")
}
