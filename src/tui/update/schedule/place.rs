//! Putting an appointment somewhere: from the hand, from a typed line.

use super::{fetch, lay, say_no, text, zoned};
use crate::base::id::PatientId;
use crate::client::agent::Request;
use crate::record::Appointment;
use crate::record::schedule::line::Line;
use crate::tui::asks::Want;
use crate::tui::deed::Deed;
use crate::tui::model::Model;
use crate::tui::overlay::{Overlay, which::Which};
use crate::tui::update::Effect;
use crate::tui::update::act::carry_out;
use crate::tui::widget::moment;

/// Whether there may be others behind it: made together with it, or of the same UID.
pub(super) fn is_of_series(appointment: &Appointment) -> bool {
    let of_feed = appointment.source.as_ref().is_some_and(|source| !source.recurrence.is_empty());
    appointment.series.is_some() || of_feed
}

/// Puts down what is in the hand; asks first whether those behind it go with it.
pub(in crate::tui::update) fn put_down(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(hand) = model.schedule().and_then(|schedule| schedule.hand.as_ref()) else { return };
    let Some(start) = zoned(model, hand.date, hand.minute) else {
        return say_no(model, "that time does not exist on that day: the clocks skip it");
    };
    let (appointment, start) = (&hand.of.record, Box::new(start));
    let id = appointment.id;
    if hand.copy {
        return carry_out(model, Deed::CopyAppointment(id, start), out);
    }
    let (date, minute, minutes) = hand.was;
    let moved = (date, minute) != (hand.date, hand.minute);
    let deed = |following| Deed::Replan {
        id,
        start: moved.then(|| start.clone()),
        minutes: (minutes != hand.minutes).then(|| u32::try_from(hand.minutes).unwrap_or(1)),
        following,
    };
    if !is_of_series(appointment) {
        let deed = deed(false);
        return carry_out(model, deed, out);
    }
    let name = appointment.patient.map_or_else(|| "this appointment".to_owned(), |id| text::safe(model.name(id), 40));
    let at = moment::week_day_and_clock(&model.in_zone(&start), &model.local_now());
    let question = format!("Put {name} to {at}, {} min?", hand.minutes);
    let detail = "Those behind it in its series can be moved by as much.";
    let answers = vec![("only this one", deed(false)), ("this one and all behind it", deed(true))];
    lay(model, Overlay::Which(Which::new(question, detail, answers)));
}

/// What a typed line asks the agent.
pub(in crate::tui::update) fn booking(patient: PatientId, line: Line) -> (Want, Request) {
    let Line { start, minutes, kind, repeat, .. } = line;
    let who = fetch::who(patient);
    (Want::Placed, Request::AppointmentAdd { who, start: Box::new(start), minutes, kind, repeat })
}
