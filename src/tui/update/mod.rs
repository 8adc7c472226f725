//! What every event does to the model, and what has to be done outside because of it. Nothing here waits.

mod act;
mod answer;
mod fetch;
mod go;
mod key;
mod names;
mod news;
mod schedule;

#[cfg(test)]
pub(crate) use act::perform;

use super::asks::Want;
use super::editor::Editor;
use super::model::{Model, Said, Screen, Then};
use super::overlay::{Layer, Overlay, confirm::Confirm};
use super::widget::text;
use crate::base::{Failure, Phi, Stamp, id::NoteId};
use crate::client::agent::{self, Reply, Request, Status};
use crate::tui::deed::Deed;
use crossterm::event::{KeyEvent, MouseEvent};
use std::time::Duration;

/// How long something that went well is said.
const SAID: Duration = Duration::from_secs(4);
/// How often the agent is asked how things stand: the relay's round trip, the time until it locks.
const LOOK: Duration = Duration::from_secs(20);
/// How often the agent is told that somebody is here, while keys are pressed; it locks when nobody is.
const ATTEND: Duration = Duration::from_secs(30);
/// The terminal rings at most this often, whoever knocks.
const RING: Duration = Duration::from_secs(2);

/// What happens.
#[derive(Debug)]
pub(crate) enum Event {
    /// A key.
    Key(KeyEvent),
    /// The mouse, where it is used.
    Mouse(MouseEvent),
    /// Pasted text.
    Paste(Phi<String>),
    /// The terminal's new columns and rows.
    Resize(u16, u16),
    /// Time went by.
    Tick,
    /// The agent answers, and this is how things stand.
    Connected(Box<Status>),
    /// The agent went away, or never came.
    Gone(Failure),
    /// The agent has news.
    News(Box<agent::Event>),
    /// The answer to question `n`.
    Answer {
        /// The question.
        n: u32,
        /// The answer.
        result: Result<Box<Reply>, Failure>,
    },
}

/// What is to be done outside.
#[derive(Debug, PartialEq)]
pub(crate) enum Effect {
    /// Ask the agent.
    Ask {
        /// The question's number.
        n: u32,
        /// The question.
        request: Box<Request>,
    },
    /// Admit, and open the call window.
    Call {
        /// The question's number.
        n: u32,
        /// Whom.
        who: Phi<String>,
    },
    /// Connect to the agent anew.
    Connect,
    /// Hand a text to the terminal's clipboard.
    Copy(Phi<String>),
    /// Have the terminal tell of the mouse, or select text with it.
    Mouse(bool),
    /// Ring the terminal's bell.
    Ring,
    /// Draw everything anew.
    Redraw,
    /// Stop, until the shell continues us.
    Suspend,
    /// The end.
    Quit,
}

/// One step.
pub(crate) fn update(model: &mut Model, now: Stamp, event: Event) -> Vec<Effect> {
    model.now = now;
    let mut out = Vec::new();
    match event {
        Event::Key(event) => {
            key::press(model, event, &mut out);
            attend(model, &mut out);
        }
        Event::Mouse(event) => {
            schedule::mouse(model, event, &mut out);
            attend(model, &mut out);
        }
        Event::Paste(text) => key::paste(model, &text),
        Event::Resize(columns, rows) => model.size = (columns, rows),
        Event::Tick => {}
        Event::Connected(status) => news::connected(model, &status, &mut out),
        Event::Gone(failure) => news::gone(model, failure),
        Event::News(event) => news::hear(model, *event, &mut out),
        Event::Answer { n, result } => answer::take(model, n, result, &mut out),
    }
    settle(model, &mut out);
    out
}

/// Moving about and writing ask for nothing, and yet somebody is here.
fn attend(model: &mut Model, out: &mut Vec<Effect>) {
    if model.is_open() && model.now.since(model.attended) > ATTEND {
        model.attended = model.now;
        for want in [Want::Practice, Want::Status] {
            fetch::fetch(model, want, out);
        }
    }
}

/// What is due by time: drafts to save, words that were said long enough, another day.
fn settle(model: &mut Model, out: &mut Vec<Effect>) {
    schedule::settle(model, out);
    let now = model.now;
    if model.said.as_ref().is_some_and(|said| !said.bad && now.since(said.at) > said.lasts) {
        model.said = None;
    }
    if !model.is_open() {
        if model.then == Some(Then::Quit) {
            out.push(Effect::Quit);
        }
        return;
    }
    save(model, model.then.is_some(), out);
    sign_if_saved(model, out);
    if now.since(model.looked) > LOOK {
        fetch::fetch(model, Want::Status, out);
    }
    let stale = model.day.is_none() && model.today.as_ref().is_some_and(|today| today.date != model.local_now().date());
    if stale && !model.asks.waits_for(Want::Today) {
        fetch::fetch(model, Want::Today, out);
    }
    if model.then.is_some() && !model.unsaved() {
        match model.then.take() {
            Some(Then::Quit) => out.push(Effect::Quit),
            Some(Then::Lock) => out.push(model.asks.ask(Want::Lock, Request::Lock)),
            None => {}
        }
    }
}

/// Saves what is due; in a hurry, everything that was written.
fn save(model: &mut Model, hurried: bool, out: &mut Vec<Effect>) {
    let open = model.editor.iter_mut().map(|editor| (hurried || editor.sign, editor));
    let left = model.leaving.iter_mut().map(|editor| (hurried, editor));
    for (hurried, editor) in open.chain(left) {
        if let Some(text) = editor.save(model.now, hurried) {
            let id = editor.note.id;
            out.push(model.asks.ask(Want::Save(id), Request::NoteEdit { id, text }));
        }
    }
}

fn sign_if_saved(model: &mut Model, out: &mut Vec<Effect>) {
    let ready = |editor: &&mut Editor| editor.sign && editor.is_settled();
    if let Some(editor) = model.editor.as_mut().filter(ready) {
        editor.sign = false;
        out.push(model.asks.ask(Want::Sign, Request::NoteSign { id: editor.note.id }));
    }
}

/// Says something for a while.
fn say(model: &mut Model, words: impl Into<String>) {
    say_for(model, SAID, words);
}

/// Says something for so long.
fn say_for(model: &mut Model, lasts: Duration, words: impl Into<String>) {
    model.said = Some(Said { text: words.into(), bad: false, lasts, at: model.now });
}

/// Says that something did not work, and what to do.
fn say_failure(model: &mut Model, failure: &Failure) {
    let words = match &failure.hint {
        Some(hint) => format!("{} · {hint}", failure.message),
        None => failure.message.clone(),
    };
    model.said = Some(Said { text: text::safe(&words, 400), bad: true, lasts: SAID, at: model.now });
}

/// Says why something cannot be done.
fn say_no(model: &mut Model, why: &str) {
    model.said = Some(Said { text: why.to_owned(), bad: true, lasts: SAID, at: model.now });
}

/// Opens an overlay.
fn lay(model: &mut Model, overlay: Overlay) {
    model.layers.push(Layer { overlay, since: model.now, sent: None });
}

/// Asks in words before something is done.
fn ask_first(model: &mut Model, question: String, detail: &str, answers: (&'static str, &'static str), deed: Deed) {
    let (yes, no) = answers;
    lay(model, Overlay::Confirm(Confirm { question, detail: detail.to_owned(), yes, no, deed }));
}

/// Rings, but not for each of a thousand knocks.
fn ring(model: &mut Model, out: &mut Vec<Effect>) {
    if model.now.since(model.rang) > RING {
        model.rang = model.now;
        out.push(Effect::Ring);
    }
}

/// The editor of a note, open or left.
fn editor_of(model: &mut Model, id: NoteId) -> Option<&mut Editor> {
    model.editor.iter_mut().chain(model.leaving.iter_mut()).find(|editor| editor.note.id == id)
}

/// Whether the visit's screen is shown.
fn on_visit(model: &Model) -> bool {
    matches!(model.screen(), Screen::Visit { .. })
}
