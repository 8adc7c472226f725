//! Performing actions, and carrying out what an overlay was opened for.

use super::{Effect, ask_first, fetch, go, key, lay, names, say, say_no, schedule};
use crate::base::id::{AppointmentId, PatientId};
use crate::client::agent::{DueChange, Request, TaskRequest};
use crate::record::{AppointmentStatus, NoteKind, appointment::on_the_clock};
use crate::tui::action::Id;
use crate::tui::asks::Want;
use crate::tui::deed::Deed;
use crate::tui::model::{Model, Pick, Screen, Then};
use crate::tui::overlay::{self, Overlay};
use crate::tui::screen;
use crate::tui::widget::{Scroll, list, moment, text};
use jiff::ToSpan;

/// Who did not come is called back in so many days.
const FOLLOW_UP_DAYS: i64 = 2;
/// Lines of a page.
const PAGE: isize = 10;

/// Performs an action. It is available: whoever calls has looked.
pub(crate) fn perform(model: &mut Model, id: Id, out: &mut Vec<Effect>) {
    if schedule::perform(model, id, out) {
        return;
    }
    match id {
        Id::Up => walk(model, -1),
        Id::Down => walk(model, 1),
        Id::PageUp => walk(model, -PAGE),
        Id::PageDown => walk(model, PAGE),
        Id::First => walk(model, isize::MIN),
        Id::Last => walk(model, isize::MAX),
        Id::NextPart => walk_parts(model, true),
        Id::PreviousPart => walk_parts(model, false),
        Id::Open => open(model, out),
        Id::Back => go::back(model, out),
        Id::Find => lay(model, Overlay::Find(overlay::find::Find::anything())),
        Id::GoToday => go::jump(model, None, out),
        Id::GoMessages => go::jump(model, Some(Screen::Messages(Box::default())), out),
        Id::GoRoom => go::jump(model, Some(Screen::Room { cursor: None }), out),
        Id::GoVisit => go::visit(model, out),
        Id::GoSchedule => schedule::visit(model, out),
        Id::PreviousDay => turn_day(model, -1, out),
        Id::NextDay => turn_day(model, 1, out),
        Id::ThisDay => show_day(model, None, out),
        Id::Chart => with_subject(model, out, go::chart),
        Id::Call => with_subject(model, out, call),
        Id::Tell => with_subject(model, out, |model, id, _| {
            let form = overlay::form::Form::tell(id, model.name(id));
            lay(model, Overlay::Form(form));
        }),
        Id::Decline => with_subject(model, out, |model, id, _| {
            let form = overlay::form::Form::decline(id, model.name(id));
            lay(model, Overlay::Form(form));
        }),
        Id::Message => with_subject(model, out, |model, id, out| go::thread(model, id, true, out)),
        Id::Send => ask_to_send(model),
        Id::NewNote if super::on_visit(model) => go::write_visit_note(model, out),
        Id::NewNote => with_subject(model, out, |model, id, out| new_note(model, id, NoteKind::Soap, out)),
        Id::NewNoteOf => with_subject(model, out, |model, id, _| {
            lay(model, Overlay::Choice(overlay::choice::Choice::of(id)));
        }),
        Id::Stamp => {
            let stamp = format!("{} ", moment::clock(&model.local_now()));
            key::write(model, |field| field.insert(&stamp));
        }
        Id::Save => super::save(model, true, out),
        Id::Sign => ask_to_sign(model),
        Id::Addendum => {
            if let Some(editor) = &model.editor {
                let begun = model.addenda.get(&editor.note.id).map_or("", |text| text.expose().as_str());
                let compose = overlay::compose::Compose::new(editor.note.id, begun);
                lay(model, Overlay::Compose(compose));
            }
        }
        Id::NewAppointment => with_subject(model, out, |model, id, _| new_appointment(model, id)),
        Id::TypeAppointment => schedule::type_line(model),
        Id::Arrived => set_status(model, AppointmentStatus::Arrived, out),
        Id::Fulfilled => set_status(model, AppointmentStatus::Fulfilled, out),
        Id::NoShow => set_status(model, AppointmentStatus::Noshow, out),
        Id::FollowUp => follow_up(model),
        Id::NewTask => {
            let about = model.subject().map(|id| (id, model.name(id)));
            lay(model, Overlay::Form(overlay::form::Form::new_task(about)));
        }
        Id::DoneTask => do_task(model, out),
        Id::CancelAppointment => schedule::ask_to_cancel(model),
        Id::Undo => carry_out(model, Deed::Undo, out),
        Id::Redo => carry_out(model, Deed::Redo, out),
        Id::Names => lay(model, Overlay::Names(overlay::names::Names::default())),
        Id::UndoImport => names::ask_undo_import(model),
        // The schedule does these in its own way, and has nobody else do them.
        Id::DayView
        | Id::WeekView
        | Id::MonthView
        | Id::AgendaView
        | Id::Left
        | Id::Right
        | Id::NextAppointment
        | Id::PreviousAppointment
        | Id::Move
        | Id::Copy
        | Id::Longer
        | Id::Shorter
        | Id::PutDown
        | Id::GoToDay
        | Id::NextFree => {}
        Id::Invite => with_subject(model, out, ask_to_invite),
        Id::EditPatient => with_subject(model, out, |model, id, _| {
            if let Some(form) = model.patient(id).map(overlay::form::Form::patient) {
                lay(model, Overlay::Form(form));
            }
        }),
        Id::NewPatient => lay(model, Overlay::Form(overlay::form::Form::new_patient())),
        Id::Mute => switch(model, true, out),
        Id::Camera => switch(model, false, out),
        Id::HangUp => ask_to_end(model),
        Id::SameWords => out.push(model.asks.ask(Want::Visit, Request::CallCompared { same: true })),
        Id::OtherWords => ask_about_words(model),
        Id::Palette => lay(model, Overlay::Palette(overlay::palette::Palette::default())),
        Id::Help => lay(model, Overlay::Help(Scroll::default())),
        Id::Blank => model.blank = true,
        Id::Lock => model.then = Some(Then::Lock),
        Id::Redraw => out.push(Effect::Redraw),
        Id::Suspend => out.push(Effect::Suspend),
        Id::Quit if model.begun() => {
            let detail = "A message or an addendum that was begun is in this console only.";
            let answers = ("leave and lose it", "stay");
            ask_first(model, "Leave though not everything was sent?".to_owned(), detail, answers, Deed::QuitUnsent);
        }
        Id::Quit => model.then = Some(Then::Quit),
    }
}

fn with_subject(model: &mut Model, out: &mut Vec<Effect>, act: impl FnOnce(&mut Model, PatientId, &mut Vec<Effect>)) {
    match model.subject() {
        Some(id) => act(model, id, out),
        None => say_no(model, "choose a patient first"),
    }
}

fn walk(model: &mut Model, by: isize) {
    if let Some(Screen::Note) = model.screens.last() {
        if let Some(editor) = &mut model.editor {
            editor.scroll.by(by);
        }
        return;
    }
    if let Some(Screen::Messages(messages)) = model.screens.last_mut()
        && let Some(thread) = &mut messages.open
    {
        // A thread is read from its end.
        return thread.scroll.by(by.saturating_neg());
    }
    let next = list::step(&screen::picks(model), model.cursor().as_ref(), by);
    choose(model, next);
}

fn walk_parts(model: &mut Model, forward: bool) {
    let parts: Vec<_> = screen::parts(model).into_iter().filter(|part| !part.is_empty()).collect();
    let chosen = model.cursor();
    let at = parts.iter().position(|part| chosen.is_some_and(|chosen| part.contains(&chosen))).unwrap_or(0);
    let to = if forward { at + 1 } else { at + parts.len().max(1) - 1 };
    let next = parts.get(to % parts.len().max(1)).and_then(|part| part.first()).copied();
    choose(model, next);
}

fn choose(model: &mut Model, pick: Option<Pick>) {
    match model.screen_mut() {
        Screen::Today { cursor } | Screen::Patient { cursor, .. } | Screen::Room { cursor } => *cursor = pick,
        Screen::Messages(messages) => {
            if let Some(Pick::Thread(id)) = pick {
                messages.cursor = Some(id);
            }
        }
        Screen::Note | Screen::Visit { .. } | Screen::Schedule(_) => {}
    }
}

fn open(model: &mut Model, out: &mut Vec<Effect>) {
    if super::on_visit(model) {
        return go::write_visit_note(model, out);
    }
    let Some(pick) = model.cursor() else { return };
    match pick {
        Pick::Waiting(id) => call(model, id, out),
        Pick::Appointment(id) => match model.appointment(id).map(|found| found.patient) {
            Some(Some(patient)) => go::chart(model, patient, out),
            Some(None) => names::ask_whose(model, id, true),
            None => {}
        },
        Pick::Thread(id) => {
            let open = match model.screen() {
                Screen::Messages(messages) => messages.open.as_ref().map(|thread| thread.patient),
                _ => None,
            };
            let write = open == Some(id) && model.patient(id).is_none_or(|patient| patient.paired());
            go::thread(model, id, write, out);
        }
        Pick::Note(id) => go::note(model, id, out),
        Pick::Task(id) => {
            if let Some(form) = model.task(id).map(overlay::form::Form::task) {
                lay(model, Overlay::Form(form));
            }
        }
        Pick::Visit(_) => {}
    }
}

fn call(model: &mut Model, id: PatientId, out: &mut Vec<Effect>) {
    model.guest = model.waiting(id).cloned().or(model.guest.take());
    let effect = model.asks.call(fetch::who(id));
    out.push(effect);
    say(model, "opening the call window…");
}

fn turn_day(model: &mut Model, by: i32, out: &mut Vec<Effect>) {
    if let Ok(day) = model.shown_day().checked_add(by.days()) {
        show_day(model, Some(day), out);
    }
}

fn show_day(model: &mut Model, day: Option<jiff::civil::Date>, out: &mut Vec<Effect>) {
    model.day = day.filter(|day| *day != model.local_now().date());
    model.screens[0] = Screen::Today { cursor: None };
    fetch::fetch(model, Want::Today, out);
}

fn new_note(model: &mut Model, id: PatientId, kind: NoteKind, out: &mut Vec<Effect>) {
    let request = Request::NoteNew { who: fetch::who(id), kind, text: None, visit: None, compartment: None };
    out.push(model.asks.ask(Want::Note, request));
}

/// At the next full hour of the day that is shown.
fn new_appointment(model: &mut Model, id: PatientId) {
    let now = model.local_now();
    let day = if matches!(model.screen(), Screen::Today { .. }) { model.shown_day() } else { now.date() };
    let hour = if day == now.date() { (now.hour() + 1).min(23) } else { 9 };
    let form = overlay::form::Form::appointment(id, model.name(id), day, jiff::civil::time(hour, 0, 0, 0));
    lay(model, Overlay::Form(form));
}

fn chosen_appointment(model: &Model) -> Option<AppointmentId> {
    match model.cursor()? {
        Pick::Appointment(id) => Some(id),
        _ => None,
    }
}

fn set_status(model: &mut Model, status: AppointmentStatus, out: &mut Vec<Effect>) {
    if let Some(id) = chosen_appointment(model) {
        let request =
            Request::AppointmentEdit { id, start: None, minutes: None, status: Some(status), following: false };
        out.push(model.asks.ask(Want::Appointment, request));
    }
}

/// In two days, unless another day is filled in.
fn follow_up(model: &mut Model) {
    let Some(found) = chosen_appointment(model).and_then(|id| model.appointment(id)) else { return };
    let (id, Some(patient)) = (found.id, found.patient) else { return };
    let due = model.local_now().date().saturating_add(FOLLOW_UP_DAYS.days());
    let form = overlay::form::Form::follow_up(patient, model.name(patient), id, due);
    lay(model, Overlay::Form(form));
}

fn do_task(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Pick::Task(id)) = model.cursor() else { return };
    let done = model.task(id).is_some_and(|task| task.done.is_none());
    out.push(model.asks.ask(Want::Task, Request::Task(TaskRequest::Done { id, done })));
    say(model, if done { "done · D takes it back" } else { "not done" });
}

fn ask_to_send(model: &mut Model) {
    let Screen::Messages(messages) = model.screen() else { return };
    let Some(thread) = &messages.open else { return };
    let Some(field) = &thread.writing else { return };
    let words = field.content();
    let patient = thread.patient;
    let question = format!("Send this to {}?", text::safe(model.name(patient), 40));
    let detail = text::safe(&words, 160);
    let deed = Deed::SendMessage(patient, words.trim().to_owned().into());
    ask_first(model, question, &detail, ("send", "keep writing"), deed);
}

fn ask_to_sign(model: &mut Model) {
    let Some(editor) = &model.editor else { return };
    let question = format!("Sign this note of {}?", editor.name);
    let deed = Deed::SignNote(editor.note.id);
    let detail = "It stands as it is then; only addenda can be added.";
    ask_first(model, question, detail, ("sign", "keep writing"), deed);
}

fn ask_to_end(model: &mut Model) {
    let Some(visit) = &model.visit else { return };
    let question = format!("End the visit with {}?", text::safe(visit.name.expose(), 40));
    ask_first(model, question, "It ends for both of you.", ("end the visit", "go on"), Deed::EndVisit);
}

fn ask_about_words(model: &mut Model) {
    let detail = "Then somebody may stand in between. The visit ends; call by telephone and invite anew.";
    ask_first(
        model,
        "The words are not the same?".to_owned(),
        detail,
        ("they differ: end the visit", "read them again"),
        Deed::WordsDiffer,
    );
}

/// A device that is paired is cut off by a new link, and its words have to be compared again.
fn ask_to_invite(model: &mut Model, id: PatientId, out: &mut Vec<Effect>) {
    if !model.patient(id).is_some_and(crate::record::Patient::paired) {
        return carry_out(model, Deed::Invite(id), out);
    }
    let question = format!("Make a new link for {}?", text::safe(model.name(id), 40));
    let detail = "The device that is paired now is cut off at once, and the words must be compared again.";
    ask_first(model, question, detail, ("make a new link", "keep the device"), Deed::Invite(id));
}

fn switch(model: &mut Model, microphone: bool, out: &mut Vec<Effect>) {
    let Some(visit) = &model.visit else { return };
    let request = if microphone {
        Request::CallSet { microphone: Some(!visit.microphone), camera: None }
    } else {
        Request::CallSet { microphone: None, camera: Some(!visit.camera) }
    };
    out.push(model.asks.ask(Want::Visit, request));
}

/// Carries out what an overlay was opened for.
pub(super) fn carry_out(model: &mut Model, deed: Deed, out: &mut Vec<Effect>) {
    if let (Deed::Replan { .. } | Deed::CopyAppointment(..), Some(schedule)) = (&deed, model.schedule_mut()) {
        schedule.hand = None;
        super::schedule::look(model, out);
    }
    let (want, request) = match deed {
        Deed::ShowChart(id) => return go::chart(model, id, out),
        Deed::ShowNote(id) => return go::note(model, id, out),
        Deed::NewNote(id, kind) => return new_note(model, id, kind, out),
        Deed::CopyLink(link) => return out.push(Effect::Copy(link)),
        Deed::QuitUnsaved => return out.push(Effect::Quit),
        Deed::QuitUnsent => {
            model.then = Some(Then::Quit);
            return;
        }
        Deed::Invite(id) => (Want::Invite(id), Request::PatientInvite { who: fetch::who(id) }),
        Deed::SignNote(id) => {
            if let Some(editor) = super::editor_of(model, id) {
                editor.sign = true;
            }
            return;
        }
        Deed::AskWhose { id, always } => return names::ask_whose(model, id, always),
        Deed::AskNobodys { id, always } => return names::ask_nobodys(model, id, always),
        Deed::AskNewPatient { id, always } => return names::ask_new_patient(model, id, always),
        Deed::Undo => (Want::Undo, Request::AppointmentUndo),
        Deed::Redo => (Want::Redo, Request::AppointmentRedo),
        Deed::AskUndoImport => return names::ask_undo_import(model),
        Deed::UndoImport => (Want::UndoImport, Request::AppointmentImportUndo),
        Deed::MatchAppointment { id, called, patient, always } => names::matching(id, called, patient, always),
        Deed::AddPatientOf { id, called, name, always } => names::adding(id, called, name, always),
        Deed::GoToDay(date) => return schedule::go_to(model, date, out),
        Deed::Book(patient, line) => schedule::booking(patient, *line),
        Deed::CopyAppointment(id, start) => (Want::Placed, Request::AppointmentCopy { id, start }),
        Deed::Replan { id, start, minutes, following } => {
            (Want::Replanned, Request::AppointmentEdit { id, start, minutes, status: None, following })
        }
        Deed::CancelAppointment { id, following } => {
            let status = Some(AppointmentStatus::Cancelled);
            (Want::Appointment, Request::AppointmentEdit { id, start: None, minutes: None, status, following })
        }
        Deed::SearchNotes(query) => (Want::Search, Request::NoteSearch { query, who: None, compartment: None }),
        Deed::SendMessage(id, text) => (Want::Send(id), Request::MessageSend { who: fetch::who(id), text }),
        Deed::AddToNote(id, text) => (Want::Sign, Request::NoteAddendum { id, text }),
        Deed::AddPatient(draft) => (Want::PatientSaved, Request::PatientAdd(draft)),
        Deed::ChangePatient(id, change) => (Want::PatientSaved, Request::PatientEdit { who: fetch::who(id), change }),
        Deed::AddAppointment { patient, start, minutes, kind } => {
            let Some(start) = on_the_clock(start, &model.zone) else {
                return say_no(model, "that time does not exist on that day: the clocks skip it");
            };
            let (who, start) = (fetch::who(patient), Box::new(start));
            let request = Request::AppointmentAdd { who, start, minutes, kind, repeat: None };
            (Want::Placed, request)
        }
        Deed::AddTask { patient, text, due, appointment } => {
            let who = patient.map(fetch::who);
            (Want::Task, Request::Task(TaskRequest::Add { who, text, due, appointment }))
        }
        Deed::ChangeTask { id, text, due } => {
            let due = due.map_or(DueChange::Clear, DueChange::On);
            (Want::Task, Request::Task(TaskRequest::Edit { id, text: Some(text), due }))
        }
        Deed::Tell { patient, minutes, words } => {
            (Want::Told, Request::RoomTell { who: fetch::who(patient), minutes, text: words })
        }
        Deed::Decline { patient, words } => {
            (Want::Told, Request::RoomDecline { who: fetch::who(patient), text: words })
        }
        Deed::EndVisit => (Want::Visit, Request::CallHangUp),
        Deed::WordsDiffer => (Want::Visit, Request::CallCompared { same: false }),
    };
    out.push(model.asks.ask(want, request));
}
