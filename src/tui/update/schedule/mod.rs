//! What keys do on the schedule's screen, and what becomes of the answers.

mod answer;
mod mouse;
mod place;

pub(super) use answer::{free, planned, shown, taken_back};
pub(super) use mouse::mouse;
pub(super) use place::{booking, put_down};

use super::{Effect, fetch, go, lay, say, say_no};
use crate::client::agent::Request;
use crate::record::AppointmentStatus;
use crate::tui::action::Id;
use crate::tui::asks::Want;
use crate::tui::deed::Deed;
use crate::tui::model::{Model, Screen};
use crate::tui::overlay::{self, Overlay};
use crate::tui::schedule::{DAY, STEP, STRETCH, Schedule, View, days_on, minute_of, time_of};
use crate::tui::screen;
use crate::tui::widget::{moment, text};
use jiff::Zoned;
use jiff::civil::Date;

/// Goes to the schedule, at the present.
pub(super) fn visit(model: &mut Model, out: &mut Vec<Effect>) {
    let now = model.local_now();
    let (opens, closes) = screen::schedule::working(model);
    // At night the eye is on the day, however short that is.
    let minute = minute_of(now.time()).clamp(opens, (closes - STEP).max(opens));
    let mut schedule = Schedule::at(model.view, now.date(), time_of(minute));
    schedule.top = opens;
    go::jump(model, Some(Screen::Schedule(Box::new(schedule))), out);
}

/// Goes to a day, or takes what is in the hand there.
pub(super) fn go_to(model: &mut Model, date: Date, out: &mut Vec<Effect>) {
    let Some(schedule) = model.schedule_mut() else { return };
    match &mut schedule.hand {
        Some(hand) => hand.date = date,
        None => {
            schedule.go(date, schedule.minute);
            schedule.land();
        }
    }
    look(model, out);
}

/// Performs what the schedule does in its own way; says whether it did.
pub(super) fn perform(model: &mut Model, id: Id, out: &mut Vec<Effect>) -> bool {
    let now = model.local_now();
    let (opening, _) = screen::schedule::working(model);
    let Some(schedule) = model.schedule_mut() else { return false };
    match id {
        Id::Up => down(schedule, false),
        Id::Down => down(schedule, true),
        Id::Left => sideways(schedule, false),
        Id::Right => sideways(schedule, true),
        Id::PageUp => page(schedule, false),
        Id::PageDown => page(schedule, true),
        Id::First => first(schedule, opening),
        Id::Last => last(schedule),
        Id::ThisDay => match &mut schedule.hand {
            Some(hand) => hand.date = now.date(),
            None => {
                schedule.go(now.date(), minute_of(now.time()));
                schedule.land();
            }
        },
        Id::NextAppointment | Id::PreviousAppointment => {
            if !schedule.hop(id == Id::NextAppointment) {
                say(model, "no further one is shown; PgUp and PgDn turn the page");
            }
        }
        Id::DayView => show(model, View::Day),
        Id::WeekView => show(model, View::Week),
        Id::MonthView => show(model, View::Month),
        Id::AgendaView => show(model, View::Agenda),
        Id::Open if schedule.view == View::Month => show(model, View::Day),
        Id::Open if schedule.pick.is_none() => type_line(model),
        Id::Move | Id::Copy => grab(model, id == Id::Copy),
        Id::Longer => stretch(model, STRETCH),
        Id::Shorter => stretch(model, -STRETCH),
        Id::PutDown => put_down(model, out),
        Id::Back if schedule.hand.is_some() => schedule.hand = None,
        Id::NextFree => ask_free(model, out),
        Id::GoToDay => lay(model, Overlay::Day(overlay::day::TypedDay::new())),
        _ => return false,
    }
    look(model, out);
    true
}

fn down(schedule: &mut Schedule, forward: bool) {
    let sign = if forward { 1 } else { -1 };
    match (schedule.view, schedule.hand.is_some()) {
        (View::Month, true) => schedule.carry(sign * 7, 0),
        (_, true) => schedule.carry(0, if forward { 1 } else { -1 }),
        (View::Month, false) => schedule.go(days_on(schedule.date, sign * 7), schedule.minute),
        (View::Agenda, false) => {
            if !schedule.hop(forward) && schedule.is_settled() {
                schedule.go_beyond(forward);
            }
        }
        (View::Day | View::Week, false) => schedule.down(forward),
    }
}

fn sideways(schedule: &mut Schedule, forward: bool) {
    let sign = if forward { 1 } else { -1 };
    match (schedule.view, schedule.hand.is_some()) {
        (_, true) => schedule.carry(sign, 0),
        (View::Day | View::Week, false) => schedule.sideways(forward),
        (View::Month | View::Agenda, false) => {
            schedule.go(days_on(schedule.date, sign), if schedule.view == View::Agenda { 0 } else { schedule.minute });
            schedule.land();
        }
    }
}

fn page(schedule: &mut Schedule, forward: bool) {
    let to = schedule.paged(forward);
    match &mut schedule.hand {
        Some(hand) => hand.date = to,
        None => {
            schedule.go(to, schedule.minute);
            schedule.land();
        }
    }
}

/// The day's first appointment, or the hour at which it begins; the first day of the month; the first line.
fn first(schedule: &mut Schedule, opening: i16) {
    if schedule.hand.is_some() {
        return;
    }
    let on_day = schedule.known.as_ref().and_then(|known| known.day(schedule.date).first().map(|piece| piece.from));
    match schedule.view {
        View::Day | View::Week => schedule.go(schedule.date, on_day.unwrap_or(opening)),
        View::Month => schedule.go(schedule.date.first_of_month(), schedule.minute),
        View::Agenda => {
            schedule.go(schedule.range.0, 0);
            schedule.land();
        }
    }
}

fn last(schedule: &mut Schedule) {
    if schedule.hand.is_some() {
        return;
    }
    let on_day = schedule.known.as_ref().and_then(|known| known.day(schedule.date).last().map(|piece| piece.from));
    match schedule.view {
        View::Day | View::Week => schedule.go(schedule.date, on_day.unwrap_or(DAY - STEP)),
        View::Month => schedule.go(schedule.date.last_of_month(), schedule.minute),
        View::Agenda => {
            let (from, days) = schedule.range;
            schedule.go(days_on(from, i64::from(days) - 1), DAY - STEP);
            schedule.land();
        }
    }
}

fn show(model: &mut Model, view: View) {
    model.view = view;
    if let Some(schedule) = model.schedule_mut() {
        schedule.show(view);
        schedule.land();
    }
}

fn grab(model: &mut Model, copy: bool) {
    // Where it goes is said where something else was said before.
    model.said = None;
    let Some(schedule) = model.schedule_mut() else { return };
    let Some(pick) = schedule.pick else { return };
    schedule.grab(pick, copy);
    if schedule.hand.is_none() {
        let known = schedule.find(pick).is_some();
        let why = if known { "it begins before what is shown; PgUp shows where" } else { "it is still being fetched" };
        return say_no(model, why);
    }
    // In a list nobody sees where it goes.
    if schedule.view == View::Agenda {
        schedule.show(View::Week);
    }
}

fn stretch(model: &mut Model, by: i16) {
    let Some(schedule) = model.schedule_mut() else { return };
    if schedule.hand.as_ref().is_some_and(|hand| hand.copy) {
        return say_no(model, "a copy is as long as what it is of; change it afterwards");
    }
    if schedule.hand.is_none() {
        grab(model, false);
    }
    if let Some(schedule) = model.schedule_mut() {
        schedule.stretch(by);
    }
}

/// Asks for the next free time from the cursor on; two, because the first may be where the cursor is.
fn ask_free(model: &mut Model, out: &mut Vec<Effect>) {
    let zone = model.zone.clone();
    let Some(schedule) = model.schedule() else { return };
    let (date, minute, minutes) = match &schedule.hand {
        Some(hand) => (hand.date, hand.minute, hand.minutes),
        None => (schedule.date, schedule.minute, USUAL),
    };
    // A time that the clocks skip is as good as the next that they show.
    let Ok(from) = date.to_datetime(time_of(minute)).to_zoned(zone) else { return };
    let now = model.local_now();
    let from = Box::new(from.max(now));
    let request = Request::AppointmentFree { from, minutes: u32::try_from(minutes).unwrap_or(1), count: 2 };
    out.push(model.asks.ask(Want::Free(minutes), request));
}

/// As long as an appointment that is typed without a length.
const USUAL: i16 = 50;

/// Asks for a typed line; on the schedule the cursor stands in for what it does not say.
pub(super) fn type_line(model: &mut Model) {
    let at = cursor(model);
    let named = match (model.schedule(), model.subject()) {
        (None, Some(id)) => format!("{} ", text::safe(model.name(id), 60)),
        _ => String::new(),
    };
    lay(model, Overlay::Line(overlay::line::TypedLine::new(&named, at, None)));
}

/// The cursor's time, if the clocks show it.
fn cursor(model: &Model) -> Option<Zoned> {
    let schedule = model.schedule()?;
    zoned(model, schedule.date, schedule.minute)
}

/// A minute of a day on the practice's clocks.
fn zoned(model: &Model, date: Date, minute: i16) -> Option<Zoned> {
    crate::record::appointment::on_the_clock(date.to_datetime(time_of(minute)), &model.zone)
}

/// The hours the practice works: the day begins with them.
pub(super) fn hours(model: &mut Model, hours: Vec<crate::record::Hours>) {
    let first = model.hours.is_empty();
    model.hours = hours;
    let (opening, _) = screen::schedule::working(model);
    if let Some(schedule) = model.schedule_mut().filter(|_| first) {
        schedule.top = opening;
    }
}

/// Asks for what is to be shown and is not known.
pub(super) fn look(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(schedule) = model.schedule_mut() else { return };
    schedule.range = schedule.wanted();
    let (settled, (from, days)) = (schedule.is_settled(), schedule.range);
    let want = Want::Schedule(from, days);
    if !settled && !model.asks.waits_for(want) {
        fetch::fetch(model, want, out);
    }
}

/// Asks again for what is shown, because it changed.
pub(super) fn look_again(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(schedule) = model.schedule_mut() else { return };
    schedule.range = schedule.wanted();
    let (from, days) = schedule.range;
    fetch::fetch(model, Want::Schedule(from, days), out);
}

/// Keeps the cursor in sight, and the mouse where it is used.
pub(super) fn settle(model: &mut Model, out: &mut Vec<Effect>) {
    let lines = matches!(model.overlay(), Some(Overlay::Line(_)));
    let window = screen::schedule::window(model);
    if let Some(schedule) = model.schedule_mut() {
        if schedule.press.is_none() && !lines {
            schedule.sweep = None;
        }
        if let Some(window) = window {
            window.follow(schedule);
        }
    }
    let wanted = model.is_open() && !model.blank && model.schedule().is_some();
    if wanted != model.mouse {
        model.mouse = wanted;
        out.push(Effect::Mouse(wanted));
    }
}

/// Cancels the chosen appointment, after asking; of a series also those behind it.
pub(super) fn ask_to_cancel(model: &mut Model) {
    let Some(crate::tui::model::Pick::Appointment(id)) = model.cursor() else { return };
    let Some(appointment) = model.appointment(id) else { return };
    if appointment.status == AppointmentStatus::Cancelled {
        return say_no(model, "it is cancelled already");
    }
    let at = moment::day_and_clock(&model.in_zone(&appointment.start), &model.local_now());
    let name = appointment.patient.map_or_else(|| "nobody known".to_owned(), |id| text::safe(model.name(id), 40));
    let question = format!("Cancel the appointment with {name}, {at}?");
    let detail = "It stays in the record as cancelled.";
    let deed = |following| Deed::CancelAppointment { id, following };
    if place::is_of_series(appointment) {
        let answers = vec![("only this one", deed(false)), ("this one and all behind it", deed(true))];
        return lay(model, Overlay::Which(overlay::which::Which::new(question, detail, answers)));
    }
    super::ask_first(model, question, detail, ("cancel it", "keep it"), deed(false));
}
