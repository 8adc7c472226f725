//! Where a key goes: to an action, to the overlay on top, or into a text.

use super::{Effect, act, go, say_no};
use crate::base::Phi;
use crate::client::agent::{Request, Way};
use crate::tui::action;
use crate::tui::asks::Want;
use crate::tui::keymap::{Key, ctrl, function, letter, plain};
use crate::tui::model::{Model, Screen, Stage, Then};
use crate::tui::overlay::{DEAF, Next};
use crate::tui::screen::messages::is_unread;
use crossterm::event::{KeyCode, KeyEvent};

pub(super) fn press(model: &mut Model, event: KeyEvent, out: &mut Vec<Effect>) {
    let Some(key) = Key::of(&event) else { return };
    if model.blank {
        // The key that brings the screen back does nothing else.
        model.blank = false;
        return;
    }
    if model.said.as_ref().is_some_and(|said| said.bad) {
        model.said = None;
    }
    match model.stage {
        Stage::Open => press_open(model, key, event, out),
        Stage::Locked(_) => press_locked(model, key, event, out),
        Stage::Opening | Stage::Missing | Stage::Unreachable(_) => press_outside(model, key, out),
    }
}

fn press_open(model: &mut Model, key: Key, event: KeyEvent, out: &mut Vec<Effect>) {
    let covered = !model.layers.is_empty();
    let writing = model.writing();
    if key == ctrl('c') {
        return say_no(model, "Esc goes back, Ctrl-Q leaves the console");
    }
    let listens = |action: &&action::Action| match (covered, writing) {
        (true, _) => action.through && key.is_chord(),
        (false, true) => key.is_chord() || key.is_escape(),
        (false, false) => true,
    };
    if let Some(action) = action::of_key(key, model.place()).filter(listens) {
        match action.available(model) {
            Ok(()) => {
                act::perform(model, action.id, out);
                return read_what_is_seen(model, out);
            }
            // Ctrl-E is the end of a line where there is no visit to end.
            Err(_) if action.through && (covered || writing) => {}
            Err(why) => return say_no(model, why),
        }
    }
    if covered {
        press_overlay(model, key, event, out);
    } else if writing {
        write(model, |field| field.key(event));
        read_what_is_seen(model, out);
    }
}

fn press_overlay(model: &mut Model, key: Key, event: KeyEvent, out: &mut Vec<Effect>) {
    let Some(mut layer) = model.layers.pop() else { return };
    let early = layer.overlay.is_dialog() && model.now.since(layer.since) < DEAF;
    let next = if early || (layer.sent.is_some() && !key.is_escape()) {
        Next::Stay
    } else {
        layer.overlay.key(key, event, model)
    };
    match next {
        Next::Stay => model.layers.push(layer),
        Next::Close => go::put_layer_down(model, layer),
        Next::Do(deed) => act::carry_out(model, deed, out),
        Next::Try(deed) => {
            model.layers.push(layer);
            act::carry_out(model, deed, out);
        }
        Next::Send(deed) => {
            let before = out.len();
            act::carry_out(model, deed, out);
            layer.sent = out.iter().skip(before).find_map(|effect| match effect {
                Effect::Ask { n, .. } => Some(*n),
                _ => None,
            });
            model.layers.push(layer);
        }
        Next::Perform(id) => act::perform(model, id, out),
    }
}

pub(super) fn paste(model: &mut Model, pasted: &Phi<String>) {
    let pasted = pasted.expose();
    if let Stage::Locked(door) = &mut model.stage {
        return door.secret.insert(pasted);
    }
    if model.blank || !model.is_open() {
        return;
    }
    if let Some(layer) = model.layers.last_mut() {
        if layer.sent.is_none() {
            layer.overlay.paste(pasted);
        }
    } else if model.writing() {
        write(model, |field| field.insert(pasted));
    }
}

/// Changes the text that has the keyboard.
pub(super) fn write(model: &mut Model, change: impl FnOnce(&mut crate::tui::widget::Field) -> bool) {
    let now = model.now;
    if let Some(Screen::Messages(messages)) = model.screens.last_mut() {
        if let Some(field) = messages.open.as_mut().and_then(|thread| thread.writing.as_mut()) {
            change(field);
        }
    } else if let Some(editor) = &mut model.editor
        && change(&mut editor.field)
    {
        editor.touched(now);
    }
}

/// A key on an open thread says that somebody sees it; what came meanwhile is read now.
fn read_what_is_seen(model: &mut Model, out: &mut Vec<Effect>) {
    let Screen::Messages(messages) = model.screen() else { return };
    let Some(thread) = &messages.open else { return };
    let patient = thread.patient;
    let unread = thread.messages.iter().flatten().any(is_unread);
    if unread && !model.asks.waits_for(Want::Thread(patient)) {
        go::read_thread(model, patient, out);
    }
}

fn press_locked(model: &mut Model, key: Key, event: KeyEvent, out: &mut Vec<Effect>) {
    if key == ctrl('q') {
        return leave(model);
    }
    if key == function(9) {
        model.blank = true;
        return;
    }
    if key == ctrl('l') {
        out.push(Effect::Redraw);
        return;
    }
    if key == ctrl('z') {
        out.push(Effect::Suspend);
        return;
    }
    let Stage::Locked(door) = &mut model.stage else { return };
    if door.trying {
        return;
    }
    if key == plain(KeyCode::Tab) {
        door.secret.clear();
        door.recovery = !door.recovery;
        door.refused = None;
    } else if key.is_escape() {
        door.secret.clear();
        door.refused = None;
    } else if !key.is_enter() {
        door.secret.key(event);
    } else if !door.secret.is_empty() {
        door.trying = true;
        door.refused = None;
        let secret = door.secret.take();
        let way = if door.recovery { Way::Recovery(secret) } else { Way::Passphrase(secret) };
        out.push(model.asks.ask(Want::Unlock, Request::Unlock { way }));
    }
}

/// Leaves, unless something was written that only this console has: then that is said first.
fn leave(model: &mut Model) {
    if (model.unsaved() || model.begun()) && !model.warned {
        model.warned = true;
    } else {
        model.then = Some(Then::Quit);
    }
}

fn press_outside(model: &mut Model, key: Key, out: &mut Vec<Effect>) {
    if key == letter('q') || key == ctrl('q') || key == ctrl('c') || key.is_escape() {
        leave(model);
    } else if key == letter('r') {
        out.push(Effect::Connect);
    } else if key == ctrl('z') {
        out.push(Effect::Suspend);
    }
}
