//! What lies above a screen: a stack, of which the top one has the keyboard. Esc closes it and destroys nothing.

pub(crate) mod choice;
pub(crate) mod compose;
pub(crate) mod confirm;
pub(crate) mod day;
pub(crate) mod find;
pub(crate) mod form;
pub(crate) mod help;
pub(crate) mod invite;
pub(crate) mod line;
pub(crate) mod names;
pub(crate) mod palette;
pub(crate) mod told;
pub(crate) mod which;

use super::action;
use super::deed::Deed;
use super::keymap::Key;
use super::model::Model;
use super::widget::{Paper, Scroll};
use crate::base::Stamp;
use crossterm::event::KeyEvent;
use ratatui::{
    layout::Rect,
    style::Styled,
    widgets::{Block, BorderType, Padding, Widget},
};
use std::time::Duration;

/// No key typed before a dialog appeared, or just as it did, answers it.
pub(crate) const DEAF: Duration = Duration::from_millis(300);

/// An overlay and when it appeared.
#[derive(Debug)]
pub(crate) struct Layer {
    /// What it is.
    pub(crate) overlay: Overlay,
    /// When it appeared.
    pub(crate) since: Stamp,
    /// The question by which what was filled in is on its way: until it is answered no key but Esc does anything.
    pub(crate) sent: Option<u32>,
}

impl Layer {
    /// Keys and what they do, for the key bar.
    pub(crate) fn hints(&self) -> Vec<(&'static str, &'static str)> {
        match self.sent {
            Some(_) => vec![("…", "on its way"), ("Esc", "close")],
            None => self.overlay.hints(),
        }
    }

    /// What was filled in was not taken, and why.
    pub(crate) fn refuse(&mut self, why: String) {
        self.sent = None;
        match &mut self.overlay {
            Overlay::Form(form) => form.problem = Some(why),
            Overlay::Line(line) => line.problem = Some(why),
            Overlay::Compose(compose) => compose.problem = Some(why),
            _ => {}
        }
    }
}

/// The overlays.
#[derive(Debug)]
pub(crate) enum Overlay {
    Palette(palette::Palette),
    Help(Scroll),
    Confirm(confirm::Confirm),
    Invite(invite::Invite),
    Find(find::Find),
    Form(form::Form),
    Choice(choice::Choice),
    Compose(compose::Compose),
    Line(line::TypedLine),
    Day(day::TypedDay),
    Which(which::Which),
    Names(names::Names),
    Told(told::Told),
}

/// What a key did to an overlay.
#[derive(Debug)]
pub(crate) enum Next {
    /// It stays.
    Stay,
    /// It goes.
    Close,
    /// It goes, and this is done.
    Do(Deed),
    /// It stays, and this is done.
    Try(Deed),
    /// It stays until this is done, and is sent only once.
    Send(Deed),
    /// It goes, and this action is performed.
    Perform(action::Id),
}

impl Overlay {
    /// It asks for a decision, or tells what is not to be missed, so it does not listen at once.
    pub(crate) fn is_dialog(&self) -> bool {
        matches!(self, Self::Confirm(_) | Self::Choice(_) | Self::Which(_) | Self::Told(_))
    }

    /// Takes a key.
    pub(crate) fn key(&mut self, key: Key, event: KeyEvent, model: &Model) -> Next {
        if key.is_escape() {
            return Next::Close;
        }
        match self {
            Self::Palette(palette) => palette.key(key, event, model),
            Self::Help(scroll) => help::key(scroll, key),
            Self::Confirm(confirm) => confirm.key(key),
            Self::Invite(invite) => invite.key(key),
            Self::Find(find) => find.key(key, event, model),
            Self::Form(form) => form.key(key, event, model),
            Self::Choice(choice) => choice.key(key),
            Self::Compose(compose) => compose.key(key, event),
            Self::Line(line) => line.key(key, event, model),
            Self::Day(day) => day.key(key, event, model),
            Self::Which(which) => which.key(key),
            Self::Names(names) => names.key(key, model),
            Self::Told(told) => told.key(key),
        }
    }

    /// Takes pasted text.
    pub(crate) fn paste(&mut self, text: &str) {
        match self {
            Self::Palette(palette) => palette.paste(text),
            Self::Find(find) => find.paste(text),
            Self::Form(form) => form.paste(text),
            Self::Compose(compose) => drop(compose.field.insert(text)),
            Self::Line(line) => line.paste(text),
            Self::Day(day) => day.paste(text),
            Self::Help(_) | Self::Confirm(_) | Self::Invite(_) | Self::Choice(_) => {}
            Self::Which(_) | Self::Names(_) | Self::Told(_) => {}
        }
    }

    /// Keys and what they do, for the key bar.
    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Palette(_) => vec![("Enter", "do it"), ("↑ ↓", "choose"), ("Esc", "close")],
            Self::Help(_) => vec![("↑ ↓", "scroll"), ("Esc", "close")],
            Self::Confirm(confirm) => vec![("Enter", confirm.yes), ("Esc", confirm.no)],
            Self::Invite(_) => vec![("y", "copy the link"), ("Esc", "close")],
            Self::Find(find) => find.hints(),
            Self::Form(_) => vec![("Tab", "next field"), ("Ctrl-S", "save"), ("Esc", "close")],
            Self::Choice(_) => vec![("Enter", "begin"), ("↑ ↓", "choose"), ("Esc", "close")],
            Self::Compose(_) => vec![("Ctrl-S", "add it"), ("Esc", "close")],
            Self::Line(_) => vec![("Enter", "book it"), ("Esc", "close")],
            Self::Day(_) => vec![("Enter", "go there"), ("Esc", "close")],
            Self::Which(_) => vec![("Enter", "do it"), ("↑ ↓", "choose"), ("Esc", "leave it as it is")],
            Self::Names(names) => names.hints(),
            Self::Told(_) => vec![("Enter", "close"), ("↑ ↓", "scroll")],
        }
    }

    /// Draws it above `area`, the whole of the screen but its status line.
    pub(crate) fn draw(&self, model: &Model, area: Rect, paper: &mut Paper<'_>) {
        paper.cursor = None;
        match self {
            Self::Palette(palette) => palette.draw(model, area, paper),
            Self::Help(scroll) => help::draw(scroll, model, area, paper),
            Self::Confirm(confirm) => confirm.draw(area, paper),
            Self::Invite(invite) => invite.draw(model, area, paper),
            Self::Find(find) => find.draw(model, area, paper),
            Self::Form(form) => form.draw(area, paper),
            Self::Choice(choice) => choice.draw(area, paper),
            Self::Compose(compose) => compose.draw(area, paper),
            Self::Line(line) => line.draw(model, area, paper),
            Self::Day(day) => day.draw(model, area, paper),
            Self::Which(which) => which.draw(area, paper),
            Self::Names(names) => names.draw(model, area, paper),
            Self::Told(told) => told.draw(area, paper),
        }
    }
}

/// Draws the frame of an overlay of `width` × `height` (as far as there is room) and gives its inside.
fn panel(title: &str, width: u16, height: u16, area: Rect, paper: &mut Paper<'_>) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    let frame = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height };
    paper.clear(frame);
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(paper.theme.quiet)
        .padding(Padding::horizontal(1));
    let block = if title.is_empty() { block } else { block.title(format!(" {title} ").set_style(paper.theme.strong)) };
    let inner = block.inner(frame);
    block.render(frame, paper.buffer);
    inner
}
