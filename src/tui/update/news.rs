//! What the agent tells by itself: the vault opened and locked, somebody knocked, a message came, records changed.

use super::{Effect, fetch, go, ring, say, say_failure, say_for, schedule};
use crate::base::{Failure, Stamp, id::PatientId};
use crate::client::agent::{Changed, Event, LiveVisit, Status, VaultState, Waiting};
use crate::tui::asks::Want;
use crate::tui::model::{Door, Model, Screen, Stage};
use crate::tui::widget::text;
use std::time::Duration;

/// How long the next appointment is told of: whoever heard the bell may have to come to the screen.
const REMINDED: Duration = Duration::from_secs(60);

pub(super) fn connected(model: &mut Model, now_stands: &Status, out: &mut Vec<Effect>) {
    model.asks.forget();
    unanswered(model);
    status(model, now_stands);
    if let Some(zone) = now_stands.time_zone() {
        model.zone = zone;
    }
    match now_stands.vault {
        VaultState::Missing => model.stage = Stage::Missing,
        VaultState::Locked => lock(model),
        VaultState::Open => {
            open(model, out);
            if let Some(damage) = &now_stands.damage {
                say_failure(model, damage);
            }
        }
    }
}

/// Nothing can be asked any more. What was written stays where it is until the agent is back.
pub(super) fn gone(model: &mut Model, failure: Failure) {
    model.asks.forget();
    unanswered(model);
    forget(model);
    model.stage = Stage::Unreachable(failure);
}

/// Saves and forms that were on their way count as not done.
fn unanswered(model: &mut Model) {
    let now = model.now;
    model.layers.iter_mut().for_each(|layer| layer.sent = None);
    model.editor.iter_mut().chain(&mut model.leaving).for_each(|editor| editor.not_saved(now));
}

/// How things stand.
pub(super) fn status(model: &mut Model, status: &Status) {
    model.looked = model.now;
    model.relay = status.relay;
    model.waiting = status.waiting;
    model.lock_at = status.locks_in_s.map(|left| model.now.plus(Duration::from_secs(u64::from(left))));
    if model.is_open() && status.visit.is_some() {
        model.visit.clone_from(&status.visit);
    }
}

/// The vault was opened.
pub(super) fn open(model: &mut Model, out: &mut Vec<Effect>) {
    model.stage = Stage::Open;
    model.warned = false;
    fetch::everything(model, out);
}

/// The vault was locked: what it held leaves the screen and the memory. Only words that it does not have yet stay.
pub(super) fn lock(model: &mut Model) {
    if matches!(model.stage, Stage::Locked(_)) {
        return;
    }
    model.asks.forget_content();
    forget(model);
    model.stage = Stage::Locked(Door::default());
}

fn forget(model: &mut Model) {
    go::put_answer_down(model);
    model.leaving.extend(model.editor.take().filter(|editor| !editor.is_settled()));
    model.screens = vec![Screen::Today { cursor: None }];
    go::close_layers(model);
    model.patients.clear();
    model.room.clear();
    model.unmatched.clear();
    model.unmatched_beyond = 0;
    model.hours.clear();
    (model.today, model.day, model.visit, model.guest) = (None, None, None, None);
    (model.said, model.lock_at) = (None, None);
}

pub(super) fn room(model: &mut Model, room: Vec<Waiting>) {
    model.waiting = u32::try_from(room.len()).unwrap_or(u32::MAX);
    model.room = room;
    if let Some(today) = &mut model.today {
        today.room.clone_from(&model.room);
    }
    go::steady(model);
}

pub(super) fn hear(model: &mut Model, event: Event, out: &mut Vec<Effect>) {
    match event {
        Event::Locked => lock(model),
        Event::Unlocked if !model.is_open() => open(model, out),
        Event::Unlocked => {}
        Event::Relay(relay) => model.relay = relay,
        Event::Knocked { patient } => knocked(model, patient, out),
        Event::Reminder { patient, minutes } => remind(model, patient, minutes, out),
        // Whatever else is said while the vault is locked is for later.
        _ if !model.is_open() => {}
        Event::Room(waiting) => room(model, waiting),
        Event::Visit(visit) => visit_changed(model, visit.map(|visit| *visit), out),
        Event::MessageArrived { patient, .. } => {
            ring(model, out);
            let words = if model.visit.is_some() {
                "✉ a message came".to_owned()
            } else {
                format!("✉ {} wrote", text::safe(model.name(patient), 30))
            };
            say(model, words);
            changed(model, Changed::Message, Some(patient), out);
        }
        Event::Changed { what, patient } => changed(model, what, patient, out),
        Event::Damaged(failure) => say_failure(model, &failure),
    }
}

fn knocked(model: &mut Model, patient: Option<PatientId>, out: &mut Vec<Effect>) {
    ring(model, out);
    if !model.is_open() {
        return fetch::fetch(model, Want::Status, out);
    }
    if model.visit.is_some() {
        say(model, "● next patient waiting");
    } else if let Some(id) = patient {
        let words = format!("● {} is in the waiting room", text::safe(model.name(id), 30));
        say(model, words);
    }
    fetch::fetch(model, Want::Room, out);
}

/// The next appointment is near. Nobody is named while a visit runs, whose patient may see the screen; nothing is shown
/// while the vault is locked.
fn remind(model: &mut Model, patient: Option<PatientId>, minutes: u32, out: &mut Vec<Effect>) {
    ring(model, out);
    if !model.is_open() {
        return;
    }
    let when = if minutes == 1 { "in 1 minute".to_owned() } else { format!("in {minutes} minutes") };
    let words = match patient.filter(|_| model.visit.is_none()) {
        Some(id) => format!("→ {} {when}", text::safe(model.name(id), 30)),
        None => format!("→ next appointment {when}"),
    };
    say_for(model, REMINDED, words);
}

fn visit_changed(model: &mut Model, visit: Option<LiveVisit>, out: &mut Vec<Effect>) {
    let length = |visit: &LiveVisit, now: Stamp| visit.connected.map(|from| now.since(from));
    match (&model.visit, visit) {
        (Some(before), None) => {
            let words = match length(before, model.now) {
                Some(length) => format!("the visit has ended · {}", super::super::widget::moment::timer(length)),
                None => "the visit has ended".to_owned(),
            };
            say(model, words);
            model.visit = None;
            // The note that is open is saved once more: the agent completes its first line.
            let now = model.now;
            if let Some(editor) = model.editor.as_mut().filter(|editor| editor.is_draft()) {
                editor.touched(now);
            }
            go::visit_over(model, out);
            fetch::fetch(model, Want::Today, out);
        }
        (_, visit) => model.visit = visit,
    }
}

/// Asks again for what is shown and changed.
fn changed(model: &mut Model, what: Changed, patient: Option<PatientId>, out: &mut Vec<Effect>) {
    if what == Changed::Patient {
        fetch::fetch(model, Want::Patients, out);
    }
    if what == Changed::Appointment {
        fetch::fetch(model, Want::Unmatched, out);
        schedule::look_again(model, out);
    }
    fetch::fetch(model, Want::Today, out);
    match model.screen() {
        Screen::Patient { id, .. } if patient.is_none_or(|changed| changed == *id) => fetch::shown(model, out),
        Screen::Messages(_) if what == Changed::Message => fetch::shown(model, out),
        _ => {}
    }
}
