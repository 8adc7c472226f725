//! What the mouse does: a click chooses, dragging draws a new time or moves an appointment, the wheel scrolls, and the
//! key bar is pressed.

use super::{lay, look, page, put_down, zoned};
use crate::base::id::AppointmentId;
use crate::tui::action::{Id, TABLE};
use crate::tui::model::Model;
use crate::tui::overlay::{Overlay, line::TypedLine};
use crate::tui::schedule::{Press, STEP, Schedule, View, floor};
use crate::tui::screen::schedule::{self as shown, Hit};
use crate::tui::update::{Effect, act, say_no};
use crate::tui::view;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use jiff::civil::Date;

/// How many appointments the wheel goes on in a list.
const NOTCH: usize = 3;

pub(in crate::tui::update) fn mouse(model: &mut Model, event: MouseEvent, out: &mut Vec<Effect>) {
    let (x, y) = (event.column, event.row);
    if !model.is_open() || !model.layers.is_empty() || model.schedule().is_none() {
        return;
    }
    let pressed = matches!(event.kind, MouseEventKind::Down(_));
    if pressed && model.said.as_ref().is_some_and(|said| said.bad) {
        model.said = None;
    }
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => press(model, x, y, out),
        MouseEventKind::Drag(MouseButton::Left) => drag(model, x, y),
        MouseEventKind::Up(MouseButton::Left) => release(model, out),
        MouseEventKind::ScrollUp => scroll(model, false),
        MouseEventKind::ScrollDown => scroll(model, true),
        _ => return,
    }
    look(model, out);
}

fn press(model: &mut Model, x: u16, y: u16, out: &mut Vec<Effect>) {
    if let Some(id) = view::bar_at(model, x, y) {
        let found = TABLE.iter().find(|action| action.id == id && action.on.contains(&model.place()));
        if let Some(action) = found {
            match action.available(model) {
                Ok(()) => act::perform(model, id, out),
                Err(why) => say_no(model, why),
            }
        }
        return;
    }
    let Some(hit) = shown::hit(model, x, y) else { return };
    if hit == Hit::Names {
        return act::perform(model, Id::Names, out);
    }
    let Some(schedule) = model.schedule_mut() else { return };
    match (hit, &mut schedule.hand) {
        (Hit::Names, _) => {}
        (Hit::Slot(date, minute) | Hit::Appointment(_, date, minute), Some(hand)) => {
            (hand.date, hand.minute) = (date, floor(minute));
        }
        (Hit::Day(date), Some(hand)) => hand.date = date,
        (Hit::Slot(date, minute), None) => {
            schedule.go(date, minute);
            schedule.pick = None;
            schedule.press = Some(Press::Slot(date, floor(minute)));
        }
        (Hit::Appointment(id, date, minute), None) => choose(schedule, id, date, minute),
        (Hit::Day(date), None) => {
            schedule.go(date, schedule.minute);
            schedule.land();
        }
    }
}

fn choose(schedule: &mut Schedule, id: AppointmentId, date: Date, minute: i16) {
    let astray = schedule.astray;
    schedule.choose(id, date, minute);
    // What was clicked is in sight.
    schedule.astray = astray;
    let start = schedule.known.as_ref().and_then(|known| known.place(id));
    if let Some((_, from, _)) = start.filter(|(day, ..)| *day == date && schedule.view != View::Agenda) {
        schedule.press = Some(Press::Appointment(id, minute - from));
    }
}

fn drag(model: &mut Model, x: u16, y: u16) {
    let Some((date, minute)) = shown::slot(model, x, y) else { return };
    let Some(schedule) = model.schedule_mut() else { return };
    match schedule.press {
        Some(Press::Slot(day, from)) => {
            let here = floor(minute);
            schedule.sweep = Some((day, from.min(here), from.max(here) + STEP));
        }
        Some(Press::Appointment(id, behind)) => {
            let press = schedule.press;
            if schedule.hand.is_none() {
                schedule.grab(id, false);
            }
            schedule.press = press;
            if let Some(hand) = &mut schedule.hand {
                hand.date = date;
                // Where it was is kept to the minute; elsewhere it goes by quarters.
                let (day, from, _) = hand.was;
                let to = (minute - behind).max(0);
                hand.minute = if day == date && (to - from).abs() < STEP { from } else { floor(to) };
            }
        }
        None => {}
    }
}

fn release(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(schedule) = model.schedule_mut() else { return };
    let press = schedule.press.take();
    if let Some((date, from, to)) = schedule.sweep {
        schedule.go(date, from);
        schedule.pick = None;
        let minutes = u32::try_from(to - from).unwrap_or(0);
        let at = zoned(model, date, from);
        return lay(model, Overlay::Line(TypedLine::new("", at, Some(minutes))));
    }
    if let (Some(Press::Appointment(..)), Some(hand)) = (press, &schedule.hand) {
        if hand.is_moved() {
            put_down(model, out);
        } else {
            schedule.hand = None;
        }
    }
}

fn scroll(model: &mut Model, forward: bool) {
    let window = shown::window(model);
    let Some(schedule) = model.schedule_mut() else { return };
    match (schedule.view, window) {
        (View::Month, _) => page(schedule, forward),
        (View::Agenda, _) => (0..NOTCH).for_each(|_| {
            schedule.hop(forward);
        }),
        (View::Day | View::Week, Some(window)) => window.scroll(schedule, forward),
        (View::Day | View::Week, None) => {}
    }
}
