//! What the agent answers about the schedule: what is shown, what was changed and what is unusual about it.

use super::{fetch, look, look_again, say, text};
use crate::client::agent::{Named, Notice, Planned};
use crate::record::Appointment;
use crate::tui::asks::Want;
use crate::tui::model::{Model, Said};
use crate::tui::overlay::{Overlay, told::Told};
use crate::tui::schedule::{Known, View, minute_of};
use crate::tui::update::{Effect, lay, say_no};
use crate::tui::widget::moment;
use jiff::Zoned;
use jiff::civil::Date;

/// Notices that the status line can hold.
const SAID: usize = 2;

/// Appointments of the days that were asked for.
pub(in crate::tui::update) fn shown(
    model: &mut Model,
    (from, days): (Date, u16),
    all: Vec<Named<Appointment>>,
    out: &mut Vec<Effect>,
) {
    let zone = model.zone.clone();
    let Some(schedule) = model.schedule_mut() else { return };
    let held = schedule.hand.is_some();
    schedule.take(Known::of(from, days, all, &zone));
    if held && schedule.hand.is_none() {
        say_no(model, "what was in the hand is not there any more");
    }
    look(model, out);
}

/// Appointments were made or changed. Those that have a new place, because they were `placed` so, are shown there, with
/// what is unusual about it; the others have a new status.
pub(in crate::tui::update) fn planned(
    model: &mut Model,
    planned: &Planned,
    placed: Option<&str>,
    out: &mut Vec<Effect>,
) {
    let first = planned.appointments.first().map(|named| &named.record);
    if let (Some(_), Some(first)) = (placed, first) {
        show(model, first);
    }
    let done = first.map_or("nothing changed", |first| placed.unwrap_or(first.status.as_str()));
    let (name, when) = in_words(model, &planned.appointments);
    let done = format!("{done}: {name} · {when}");
    let notices = if placed.is_some() { planned.notices.as_slice() } else { &[] };
    let notices: Vec<String> = notices.iter().map(|notice| notice_words(model, notice)).collect();
    match notices.len() {
        0 => say(model, format!("{done} · u takes it back")),
        1..=SAID => {
            let text = format!("{done} · {}", notices.join(" · "));
            model.said = Some(Said { text, bad: true, lasts: super::super::SAID, at: model.now });
        }
        _ => {
            model.said = None;
            lay(model, Overlay::Told(Told::new(done, notices)));
        }
    }
    after(model, out);
}

/// A change was taken back: what it was about is shown where it is again.
pub(in crate::tui::update) fn taken_back(model: &mut Model, planned: &Planned, out: &mut Vec<Effect>) {
    let words = match planned.appointments.first().map(|named| &named.record) {
        Some(first) => {
            let (name, when) = in_words(model, &planned.appointments);
            show(model, first);
            format!("taken back: {name} · {when} · {} again", first.status.as_str())
        }
        None => {
            let (name, when) = in_words(model, &planned.gone);
            format!("taken back: {name} · {when} · not booked any more")
        }
    };
    say(model, format!("{words} · Ctrl-R does it again"));
    after(model, out);
}

/// Puts the cursor on an appointment.
fn show(model: &mut Model, appointment: &Appointment) {
    let start = model.in_zone(&appointment.start);
    if let Some(schedule) = model.schedule_mut() {
        schedule.choose(appointment.id, start.date(), minute_of(start.time()));
    }
}

/// Everything that shows appointments is asked for anew.
fn after(model: &mut Model, out: &mut Vec<Effect>) {
    fetch::fetch(model, Want::Today, out);
    look_again(model, out);
    if model.schedule().is_none() {
        fetch::shown(model, out);
    }
}

/// Whose appointments these are, and when: `Tue 1 Dec 15:00–15:50 · 10 appointments, until 2 Feb`.
fn in_words(model: &Model, changed: &[Named<Appointment>]) -> (String, String) {
    let Some(Named { name, record }) = changed.first() else { return Default::default() };
    let name = text::safe(name.as_ref().unwrap_or(&record.subject).expose(), 30);
    let now = model.local_now();
    let (start, end) = (model.in_zone(&record.start), model.in_zone(&record.end));
    let when = format!("{}–{}", moment::week_day_and_clock(&start, &now), moment::clock(&end));
    match changed.last() {
        Some(last) if changed.len() > 1 => {
            let last = moment::week_day(model.in_zone(&last.record.start).date(), now.date());
            (name, format!("{when} · {} appointments, until {last}", changed.len()))
        }
        _ => (name, when),
    }
}

fn notice_words(model: &Model, notice: &Notice) -> String {
    let now = model.local_now();
    match notice {
        Notice::Conflict { start, with, theirs } => {
            let (with, theirs) = (text::safe(with.expose(), 30), model.in_zone(theirs));
            let day = moment::week_day(model.in_zone(start).date(), now.date());
            format!("{day}: overlaps {with} at {}", moment::clock(&theirs))
        }
        Notice::OutsideHours { start } => {
            format!("{} is outside the working hours", moment::week_day_and_clock(&model.in_zone(start), &now))
        }
        Notice::Skipped { day } => {
            format!("{} is left out: the clocks skip that time", moment::week_day(*day, now.date()))
        }
        Notice::ShortMonth { last } => {
            format!("{} is left out: it has no such day", last.strftime("%b %Y"))
        }
    }
}

/// The next free times: the cursor goes to the first, or what is in the hand does.
pub(in crate::tui::update) fn free(model: &mut Model, found: &[Zoned], minutes: i16, out: &mut Vec<Effect>) {
    let zone = model.zone.clone();
    let here = model.schedule().map(|schedule| match &schedule.hand {
        Some(hand) => (hand.date, hand.minute),
        None => (schedule.date, schedule.minute),
    });
    let slot = |at: &Zoned| (at.date(), minute_of(at.time()));
    let Some(at) = found.iter().map(|at| at.with_time_zone(zone.clone())).find(|at| Some(slot(at)) != here) else {
        return say_no(model, "no free time of that length within a year");
    };
    let (date, minute) = slot(&at);
    let Some(schedule) = model.schedule_mut() else { return };
    // A list and a month do not show free time.
    if matches!(schedule.view, View::Month | View::Agenda) {
        schedule.show(View::Week);
    }
    match &mut schedule.hand {
        Some(hand) => (hand.date, hand.minute) = (date, minute),
        None => schedule.go_free(date, minute),
    }
    schedule.astray = false;
    let when = moment::week_day_and_clock(&at, &model.local_now());
    say(model, format!("free for {minutes} min: {when}"));
    look(model, out);
}
