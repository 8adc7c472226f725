//! From screen to screen. Leaving one keeps what was written there.

use super::{Effect, fetch, say_no};
use crate::base::{Phi, id::PatientId};
use crate::client::agent::{Named, Request};
use crate::record::Note;
use crate::tui::asks::Want;
use crate::tui::editor::Editor;
use crate::tui::model::{Model, Pick, Screen, Thread};
use crate::tui::overlay::{Layer, Overlay};
use crate::tui::screen;
use crate::tui::widget::{Field, Scroll};

/// Shows a screen above the present one.
pub(super) fn push(model: &mut Model, screen: Screen, out: &mut Vec<Effect>) {
    put_down(model, out);
    model.screens.push(screen);
    arrive(model, out);
}

/// Back to the screen before.
pub(super) fn back(model: &mut Model, out: &mut Vec<Effect>) {
    let (from_first, from_today) = (model.screens.len() == 1, model.screens.len() <= 2);
    match model.screen_mut() {
        Screen::Visit { writing } if *writing => *writing = false,
        Screen::Messages(messages) if messages.open.as_ref().is_some_and(|thread| thread.writing.is_some()) => {
            put_answer_down(model);
        }
        // From Today the threads lie in between; from a chart they do not.
        Screen::Messages(messages) if messages.open.is_some() && from_today => messages.open = None,
        _ if from_first => {}
        _ => {
            put_down(model, out);
            model.screens.pop();
            arrive(model, out);
        }
    }
}

/// Straight to a screen above Today; `None` is Today itself.
pub(super) fn jump(model: &mut Model, screen: Option<Screen>, out: &mut Vec<Effect>) {
    put_down(model, out);
    model.screens.truncate(1);
    model.screens.extend(screen);
    arrive(model, out);
}

/// Keeps what is being written on the present screen: a note goes to the vault, a message stays as a draft.
pub(super) fn put_down(model: &mut Model, out: &mut Vec<Effect>) {
    match model.screens.last_mut() {
        Some(Screen::Note) => put_note_down(model, out),
        Some(Screen::Visit { writing }) => {
            *writing = false;
            put_note_down(model, out);
        }
        Some(Screen::Messages(_)) => put_answer_down(model),
        // Nothing was moved yet: it lies where it lay.
        Some(Screen::Schedule(schedule)) => (schedule.hand, schedule.press) = (None, None),
        _ => {}
    }
}

/// Keeps the message that is being written as a draft.
pub(super) fn put_answer_down(model: &mut Model) {
    let Some(Screen::Messages(messages)) = model.screens.last_mut() else { return };
    let Some(thread) = &mut messages.open else { return };
    let Some(field) = thread.writing.take() else { return };
    if field.is_blank() {
        model.drafts.remove(&thread.patient);
    } else {
        model.drafts.insert(thread.patient, Phi::new(field.content()));
    }
}

/// Closes everything above the screen.
pub(super) fn close_layers(model: &mut Model) {
    for layer in std::mem::take(&mut model.layers) {
        put_layer_down(model, layer);
    }
}

/// Keeps the addendum that is put away as a draft.
pub(super) fn put_layer_down(model: &mut Model, layer: Layer) {
    let Overlay::Compose(compose) = layer.overlay else { return };
    if compose.field.is_blank() {
        model.addenda.remove(&compose.note);
    } else {
        model.addenda.insert(compose.note, Phi::new(compose.field.content()));
    }
}

/// Takes the open note out of hand; what the vault does not have yet is sent at once and kept until it has.
fn put_note_down(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(mut editor) = model.editor.take().filter(|editor| !editor.is_settled()) else { return };
    if let Some(text) = editor.save(model.now, true) {
        let id = editor.note.id;
        out.push(model.asks.ask(Want::Save(id), Request::NoteEdit { id, text }));
    }
    model.leaving.push(editor);
}

/// The shown screen gets its content and a place for the cursor.
fn arrive(model: &mut Model, out: &mut Vec<Effect>) {
    if matches!(model.screen(), Screen::Note) && model.editor.is_none() {
        // The note that was open here was put down for another one.
        model.screens.pop();
        return arrive(model, out);
    }
    steady(model);
    fetch::shown(model, out);
}

/// Keeps the cursor on something that is there.
pub(super) fn steady(model: &mut Model) {
    let picks = screen::picks(model);
    let chosen = model.cursor().filter(|pick| picks.contains(pick)).or_else(|| first(model, &picks));
    match model.screen_mut() {
        Screen::Today { cursor } | Screen::Patient { cursor, .. } | Screen::Room { cursor } => *cursor = chosen,
        Screen::Messages(messages) => {
            if let Some(Pick::Thread(id)) = chosen {
                messages.cursor = Some(id);
            }
        }
        Screen::Note | Screen::Visit { .. } | Screen::Schedule(_) => {}
    }
}

/// Where the eye lands: who waits, otherwise what is next.
fn first(model: &Model, picks: &[Pick]) -> Option<Pick> {
    let now = model.local_now();
    let is_next = |pick: &&Pick| match pick {
        Pick::Waiting(_) => true,
        Pick::Appointment(id) => model.appointment(*id).is_some_and(|found| found.end > now),
        _ => false,
    };
    let next = matches!(model.screen(), Screen::Today { .. }).then(|| picks.iter().find(is_next)).flatten();
    next.or(picks.first()).copied()
}

/// A patient's chart.
pub(super) fn chart(model: &mut Model, id: PatientId, out: &mut Vec<Effect>) {
    if !matches!(model.screen(), Screen::Patient { id: shown, .. } if *shown == id) {
        push(model, Screen::Patient { id, chart: None, cursor: None }, out);
    }
}

/// A patient's thread, read by opening it; `write` puts the keyboard into the answer.
pub(super) fn thread(model: &mut Model, id: PatientId, write: bool, out: &mut Vec<Effect>) {
    if !matches!(model.screen(), Screen::Messages(_)) {
        push(model, Screen::Messages(Box::default()), out);
    }
    let draft = model.drafts.get(&id).map(|draft| draft.expose().clone());
    let Screen::Messages(messages) = model.screen_mut() else { return };
    messages.cursor = Some(id);
    if messages.open.as_ref().is_none_or(|thread| thread.patient != id) {
        messages.open = Some(Thread { patient: id, messages: None, scroll: Scroll::default(), writing: None });
    }
    if let Some(thread) = messages.open.as_mut().filter(|thread| write && thread.writing.is_none()) {
        thread.writing = Some(Field::lines(draft.as_deref().unwrap_or_default()));
    }
    read_thread(model, id, out);
}

/// Asks for the open thread and marks it read.
pub(super) fn read_thread(model: &mut Model, id: PatientId, out: &mut Vec<Effect>) {
    let request = Request::MessageList { who: Some(fetch::who(id)), limit: fetch::MESSAGES, read: true };
    out.push(model.asks.ask(Want::Thread(id), request));
}

/// A note: taken back from those being saved, or asked for.
pub(super) fn note(model: &mut Model, id: crate::base::id::NoteId, out: &mut Vec<Effect>) {
    if let Some(at) = model.leaving.iter().position(|editor| editor.note.id == id) {
        let editor = model.leaving.swap_remove(at);
        return show_editor(model, editor, out);
    }
    out.push(model.asks.ask(Want::Note, Request::NoteShow { id }));
}

/// Shows a note on its own screen.
pub(super) fn show_note(model: &mut Model, note: Named<Note>, out: &mut Vec<Effect>) {
    show_editor(model, Editor::open(note), out);
}

fn show_editor(model: &mut Model, editor: Editor, out: &mut Vec<Effect>) {
    put_down(model, out);
    model.screens.retain(|screen| !matches!(screen, Screen::Note));
    model.editor = Some(editor);
    model.screens.push(Screen::Note);
}

/// The running visit.
pub(super) fn visit(model: &mut Model, out: &mut Vec<Effect>) {
    if super::on_visit(model) {
        return;
    }
    close_layers(model);
    let before = model.screens.iter().position(|screen| matches!(screen, Screen::Visit { .. }));
    put_down(model, out);
    if let Some(at) = before {
        model.screens.remove(at);
    }
    model.screens.push(Screen::Visit { writing: false });
    arrive(model, out);
}

/// The visit is over: its note stays on the screen.
pub(super) fn visit_over(model: &mut Model, out: &mut Vec<Effect>) {
    let shown = super::on_visit(model);
    if shown {
        let keeps_note = model.editor.is_some();
        model.screens.pop();
        if keeps_note {
            model.screens.push(Screen::Note);
        } else {
            arrive(model, out);
        }
    }
    model.screens.retain(|screen| !matches!(screen, Screen::Visit { .. }));
}

/// Begins or opens the note of the running visit, and writes in it.
pub(super) fn write_visit_note(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(visit) = &model.visit else { return };
    match &model.editor {
        Some(editor) if editor.is_draft() => {
            if let Screen::Visit { writing } = model.screen_mut() {
                *writing = true;
            }
        }
        Some(_) => say_no(model, "the note is signed; open it to add to it"),
        None => {
            let request = Request::NoteNew {
                who: fetch::who(visit.patient),
                kind: crate::record::NoteKind::Soap,
                text: None,
                visit: Some(visit.visit),
                compartment: None,
            };
            out.push(model.asks.ask(Want::VisitNoteNew, request));
        }
    }
}
