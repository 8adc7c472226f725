//! Answers from the agent, put where they were wanted.

use super::{Effect, ask_first, editor_of, fetch, go, names, news, say, say_failure, schedule};
use crate::base::{Failure, Kind, id::PatientId, zone};
use crate::client::agent::{Named, Reply, Today};
use crate::record::{Message, Note};
use crate::tui::asks::Want;
use crate::tui::deed::Deed;
use crate::tui::editor::Editor;
use crate::tui::model::{Model, Screen, Stage, Then};
use crate::tui::overlay::{Layer, Overlay, invite::Invite};

pub(super) fn take(model: &mut Model, n: u32, result: Result<Box<Reply>, Failure>, out: &mut Vec<Effect>) {
    // An answer that nobody waits for any more is dropped here.
    let Some(want) = model.asks.take(n) else { return };
    match result {
        Ok(reply) => {
            // What was filled in is done; whatever else is open by now stays.
            model.layers.retain(|layer| layer.sent != Some(n));
            accept(model, want, *reply, out);
        }
        Err(failure) => refuse(model, (n, want), failure, out),
    }
    if model.asks.take_again(want) {
        fetch::fetch(model, want, out);
    }
}

fn accept(model: &mut Model, want: Want, reply: Reply, out: &mut Vec<Effect>) {
    match (want, reply) {
        (Want::Status, Reply::Status(status)) => news::status(model, &status),
        (Want::Unlock, Reply::Unlocked { drained, notice }) => unlocked(model, drained, notice, out),
        (Want::Lock, Reply::Done) => news::lock(model),
        (Want::Patients, Reply::Patients(patients)) => model.patients = patients,
        (Want::Today, Reply::Today(today)) => show_today(model, today, out),
        (Want::Room, Reply::Room(room)) => news::room(model, room),
        (Want::Chart(id), Reply::Chart(given)) => {
            if let Screen::Patient { id: shown, chart, .. } = model.screen_mut()
                && *shown == id
            {
                *chart = Some(Box::new(given));
                go::steady(model);
            }
        }
        (Want::Messages, Reply::Messages(all)) => {
            if let Screen::Messages(messages) = model.screen_mut() {
                messages.all = Some(all);
                go::steady(model);
            }
        }
        (Want::Thread(id), Reply::Messages(given)) => show_thread(model, id, given),
        (Want::Note, Reply::Note(note)) => go::show_note(model, note, out),
        (Want::VisitNote, Reply::Notes(notes)) => show_visit_note(model, notes),
        (Want::VisitNoteNew, Reply::Note(note)) => begin_visit_note(model, note, out),
        (Want::Save(_), Reply::Note(note)) => saved(model, note),
        (Want::Sign, Reply::Note(note)) => signed(model, note),
        (Want::Search, Reply::Notes(notes)) => {
            if let Some(Layer { overlay: Overlay::Find(find), .. }) = model.layers.last_mut() {
                find.found_notes(notes);
            }
        }
        (Want::Invite(patient), Reply::Invite { link, expires }) => {
            super::lay(model, Overlay::Invite(Invite { patient, link, expires, copied: false }));
        }
        (Want::Send(id), Reply::Message(_)) => sent(model, id, out),
        (Want::PatientSaved, Reply::Patient(patient)) => {
            let id = patient.id;
            keep_patient(model, patient);
            go::chart(model, id, out);
        }
        (Want::Appointment, Reply::Planned(planned)) => schedule::planned(model, &planned, None, out),
        (Want::Replanned, Reply::Planned(planned)) => schedule::planned(model, &planned, Some("changed"), out),
        (Want::Placed, Reply::Planned(planned)) => schedule::planned(model, &planned, Some("booked"), out),
        (Want::Task, Reply::Task(_)) => {
            fetch::fetch(model, Want::Today, out);
            fetch::shown(model, out);
        }
        (Want::Undo, Reply::Planned(planned)) => schedule::taken_back(model, &planned, out),
        (Want::Undo, Reply::Matched { count }) => names::reopened(model, count, out),
        (Want::Redo, Reply::Planned(planned)) => schedule::planned(model, &planned, Some("done again"), out),
        (Want::Schedule(from, days), Reply::Appointments(all)) => schedule::shown(model, (from, days), all, out),
        (Want::Free(minutes), Reply::Free(found)) => schedule::free(model, &found, minutes, out),
        (Want::Unmatched, Reply::Unmatched { names, total }) => {
            (model.unmatched_beyond, model.unmatched) = (total.saturating_sub(names.len() as u64), names);
        }
        (Want::Appointment | Want::Redo, Reply::Matched { count }) => names::matched(model, count, out),
        (Want::UndoImport, Reply::Undone(undone)) => names::undone(model, &undone, out),
        (Want::Told, Reply::Done) => {
            say(model, "told");
            fetch::fetch(model, Want::Room, out);
        }
        (Want::Call, Reply::CallOpened { .. }) => {
            model.said = None;
            go::visit(model, out);
        }
        (Want::Practice, Reply::Practice(practice)) => schedule::hours(model, practice.hours),
        (Want::Visit, Reply::Done) => {}
        _ => {
            let odd = Failure::new(Kind::Bug, "the agent answered something else");
            say_failure(model, &odd);
        }
    }
}

fn keep_patient(model: &mut Model, patient: crate::record::Patient) {
    model.patients.retain(|known| known.id != patient.id);
    model.patients.push(patient);
    model.patients.sort_by(|a, b| a.name.cmp(&b.name));
}

fn refuse(model: &mut Model, (n, want): (u32, Want), failure: Failure, out: &mut Vec<Effect>) {
    match (want, &mut model.stage) {
        (Want::Unlock, Stage::Locked(door)) => {
            door.trying = false;
            door.refused = Some(failure);
            return fetch::fetch(model, Want::Status, out);
        }
        // Nobody asked to see this; the status line tells the rest.
        (Want::Status | Want::Practice, _) => return,
        _ => {}
    }
    if let Want::Save(id) = want {
        return not_saved(model, id, failure);
    }
    if failure.kind == Kind::Locked {
        return news::lock(model);
    }
    match model.layers.iter_mut().find(|layer| layer.sent == Some(n)) {
        Some(layer) => layer.refuse(crate::tui::widget::text::safe(&failure.message, 200)),
        None => say_failure(model, &failure),
    }
}

fn unlocked(model: &mut Model, drained: u64, notice: Option<String>, out: &mut Vec<Effect>) {
    news::open(model, out);
    match (notice, drained) {
        (Some(notice), _) => say_failure(model, &Failure::new(Kind::Damaged, notice)),
        (None, 0) => {}
        (None, 1) => say(model, "1 thing came while it was locked"),
        (None, more) => say(model, format!("{more} things came while it was locked")),
    }
}

fn show_today(model: &mut Model, today: Today, out: &mut Vec<Effect>) {
    if let Some(zone) = zone::find(&today.zone).filter(|zone| *zone != model.zone) {
        model.zone = zone;
        // What is shown of the schedule lies where the former clocks put it.
        schedule::look_again(model, out);
    }
    if today.date != model.shown_day() {
        return;
    }
    news::room(model, today.room.clone());
    model.visit.clone_from(&today.visit);
    model.today = Some(today);
    go::steady(model);
}

fn show_thread(model: &mut Model, id: PatientId, given: Vec<Named<Message>>) {
    if let Screen::Messages(messages) = model.screen_mut()
        && let Some(thread) = messages.open.as_mut().filter(|thread| thread.patient == id)
    {
        thread.messages = Some(given.into_iter().map(|named| named.record).collect());
    }
}

/// The note of the running visit, if it was begun; what is still on its way to the vault is newer.
fn show_visit_note(model: &mut Model, notes: Vec<Named<Note>>) {
    let Some(visit) = model.visit.as_ref().map(|visit| visit.visit) else { return };
    if !super::on_visit(model) || model.editor.is_some() {
        return;
    }
    let Some(note) = notes.into_iter().find(|note| note.record.visit == Some(visit)) else { return };
    let left = model.leaving.iter().position(|editor| editor.note.id == note.record.id);
    model.editor = Some(match left {
        Some(at) => model.leaving.swap_remove(at),
        None => Editor::open(note),
    });
}

fn begin_visit_note(model: &mut Model, note: Named<Note>, out: &mut Vec<Effect>) {
    if !super::on_visit(model) {
        return go::show_note(model, note, out);
    }
    model.editor = Some(Editor::open(note));
    if let Screen::Visit { writing } = model.screen_mut() {
        *writing = true;
    }
}

fn saved(model: &mut Model, note: Named<Note>) {
    let (id, now) = (note.record.id, model.now);
    if let Some(editor) = editor_of(model, id) {
        editor.saved(note.record, now);
    }
    model.leaving.retain(|editor| !editor.is_settled());
}

fn not_saved(model: &mut Model, id: crate::base::id::NoteId, failure: Failure) {
    let now = model.now;
    if let Some(editor) = editor_of(model, id) {
        editor.not_saved(now);
        editor.sign = false;
    }
    if failure.kind == Kind::Locked {
        return news::lock(model);
    }
    say_failure(model, &Failure { message: format!("the note is not saved: {}", failure.message), ..failure });
    if model.then.take() == Some(Then::Quit) {
        let detail = "What was written since the last save would be lost.";
        let answers = ("leave and lose it", "stay");
        ask_first(model, "Leave though the note is not saved?".to_owned(), detail, answers, Deed::QuitUnsaved);
    }
}

fn signed(model: &mut Model, note: Named<Note>) {
    let what = if note.record.addenda.is_empty() { "signed" } else { "added" };
    model.addenda.remove(&note.record.id);
    if model.editor.as_ref().is_some_and(|editor| editor.note.id == note.record.id) {
        model.editor = Some(Editor::open(note));
        if let Screen::Visit { writing } = model.screen_mut() {
            *writing = false;
        }
    }
    say(model, what);
}

fn sent(model: &mut Model, id: PatientId, out: &mut Vec<Effect>) {
    model.drafts.remove(&id);
    if let Screen::Messages(messages) = model.screen_mut()
        && let Some(thread) = messages.open.as_mut().filter(|thread| thread.patient == id)
    {
        thread.writing = None;
    }
    fetch::fetch(model, Want::Thread(id), out);
    fetch::fetch(model, Want::Messages, out);
}
