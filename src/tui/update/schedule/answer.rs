//! What the agent answers about the schedule: what is shown, what was changed and what is unusual about it.

use super::{fetch, look, look_again, say, text};
use crate::client::agent::{Named, Notice, Planned};
use crate::record::Appointment;
use crate::tui::asks::Want;
use crate::tui::model::{Model, Said};
use crate::tui::overlay::{Overlay, told::Told};
use crate::tui::schedule::{Known, minute_of};
use crate::tui::update::{Effect, lay, say_no};
use crate::tui::widget::moment;
use jiff::Zoned;
use jiff::civil::Date;

/// Notices that the status line can hold.
const SAID: usize = 2;

/// Appointments of the days that were asked for.
pub(in crate::tui::update) fn shown(model: &mut Model, from: Date, days: u16, all: Vec<Named<Appointment>>) {
    let zone = model.zone.clone();
    if let Some(schedule) = model.schedule_mut() {
        schedule.take(Known::of(from, days, all, &zone));
    }
}

/// Appointments were made or changed. Those that have a new place are shown there, with what is unusual about it.
pub(in crate::tui::update) fn planned(model: &mut Model, planned: &Planned, placed: bool, out: &mut Vec<Effect>) {
    let first = planned.appointments.first().map(|named| &named.record);
    if let (true, Some(first)) = (placed, first) {
        let start = model.in_zone(&first.start);
        let id = first.id;
        if let Some(schedule) = model.schedule_mut() {
            schedule.choose(id, start.date(), minute_of(start.time()));
        }
    }
    let done = in_words(model, &planned.appointments);
    let notices = if placed { planned.notices.as_slice() } else { &[] };
    let notices: Vec<String> = notices.iter().map(|notice| notice_words(model, notice)).collect();
    match notices.len() {
        0 => say(model, format!("{done} · u takes it back")),
        1..=SAID => {
            let text = format!("{done} · {}", notices.join(" · "));
            model.said = Some(Said { text, bad: true, lasts: super::super::SAID, at: model.now });
        }
        _ => lay(model, Overlay::Told(Told::new(done, notices))),
    }
    after(model, out);
}

/// A change was taken back.
pub(in crate::tui::update) fn taken_back(model: &mut Model, planned: &Planned, out: &mut Vec<Effect>) {
    let words = match (planned.appointments.as_slice(), planned.gone.as_slice()) {
        ([], gone) => format!("taken back: {} is not booked any more", in_words(model, gone)),
        (back, _) => format!("taken back: {} again", in_words(model, back)),
    };
    say(model, words);
    after(model, out);
}

/// Everything that shows appointments is asked for anew.
fn after(model: &mut Model, out: &mut Vec<Effect>) {
    fetch::fetch(model, Want::Today, out);
    look_again(model, out);
    if model.schedule().is_none() {
        fetch::shown(model, out);
    }
}

/// `booked: Ada Byron · Tue 1 Dec 15:00–15:50 · 10 appointments, until 2 Feb`
fn in_words(model: &Model, changed: &[Named<Appointment>]) -> String {
    let Some(Named { name, record }) = changed.first() else { return "nothing changed".to_owned() };
    let name = name.as_ref().map_or(record.subject.expose(), |name| name.expose());
    let now = model.local_now();
    let (start, end) = (model.in_zone(&record.start), model.in_zone(&record.end));
    let when = format!("{}–{}", day_and_clock(&start, &now), moment::clock(&end));
    let words = format!("{}: {} · {when}", record.status.as_str(), text::safe(name, 30));
    match changed.last() {
        Some(last) if changed.len() > 1 => {
            let last = moment::short_day(model.in_zone(&last.record.start).date(), now.date());
            format!("{words} · {} appointments, until {last}", changed.len())
        }
        _ => words,
    }
}

/// `Tue 1 Dec 15:00`, with the year if it is another one.
fn day_and_clock(at: &Zoned, now: &Zoned) -> String {
    let pattern = if at.year() == now.year() { "%a %-d %b %H:%M" } else { "%a %-d %b %Y %H:%M" };
    at.strftime(pattern).to_string()
}

fn notice_words(model: &Model, notice: &Notice) -> String {
    let now = model.local_now();
    match notice {
        Notice::Conflict { start, with, theirs } => {
            let (with, theirs) = (text::safe(with.expose(), 30), model.in_zone(theirs));
            let day = moment::short_day(model.in_zone(start).date(), now.date());
            format!("{day}: overlaps {with} at {}", moment::clock(&theirs))
        }
        Notice::OutsideHours { start } => {
            format!("{} is outside the working hours", day_and_clock(&model.in_zone(start), &now))
        }
        Notice::Skipped { day } => {
            format!("{} is left out: the clocks skip that time", moment::short_day(*day, now.date()))
        }
    }
}

/// The next free times: the cursor goes to the first, or what is in the hand does.
pub(in crate::tui::update) fn free(model: &mut Model, found: &[Zoned], minutes: i16, out: &mut Vec<Effect>) {
    let zone = model.zone.clone();
    let here = model.schedule().map(|schedule| match schedule.hand {
        Some(hand) => (hand.date, hand.minute),
        None => (schedule.date, schedule.minute),
    });
    let slots = found.iter().map(|at| {
        let at = at.with_time_zone(zone.clone());
        (at.date(), minute_of(at.time()))
    });
    let Some((date, minute)) = slots.into_iter().find(|slot| Some(*slot) != here) else {
        return say_no(model, "no free time of that length within a year");
    };
    let Some(schedule) = model.schedule_mut() else { return };
    match &mut schedule.hand {
        Some(hand) => (hand.date, hand.minute) = (date, minute),
        None => schedule.go_free(date, minute),
    }
    schedule.astray = false;
    say(model, format!("free for {minutes} min from here"));
    look(model, out);
}
