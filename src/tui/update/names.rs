//! Names from feeds that fit no patient: whose they are is decided here, once for each name. And the last import, taken
//! back whole.

use super::{Effect, ask_first, fetch, lay, say, say_no};
use crate::base::Phi;
use crate::base::id::{AppointmentId, PatientId};
use crate::client::agent::{Request, Undone, Unmatched};
use crate::record::Patient;
use crate::record::name::plain;
use crate::tui::asks::Want;
use crate::tui::deed::Deed;
use crate::tui::model::Model;
use crate::tui::overlay::{Overlay, find::Find, names};
use crate::tui::widget::{moment, text};

fn waiting(model: &Model, id: AppointmentId) -> Option<&Unmatched> {
    model.unmatched.iter().find(|unmatched| unmatched.next.id == id)
}

/// Looks for the patient whose an appointment is; what the feed calls it is typed already, if it finds anybody.
pub(super) fn ask_whose(model: &mut Model, id: AppointmentId, always: bool) {
    let shown = model.appointment(id).or_else(|| waiting(model, id).map(|unmatched| &unmatched.next));
    let Some(called) = shown.map(|appointment| appointment.subject.clone()) else { return };
    let find = Find::patient_of(id, called, always, model);
    lay(model, Overlay::Find(find));
}

/// That nobody is expected then: a lunch, a meeting.
pub(super) fn ask_nobodys(model: &mut Model, id: AppointmentId, always: bool) {
    let Some(unmatched) = waiting(model, id) else { return };
    let question = format!("Is “{}” no patient?", names::called(unmatched, 40));
    let meant = if always { format!("{}, now and later,", names::meant(unmatched)) } else { "its series".to_owned() };
    let detail = format!("This one and {meant} are nobody's then: a lunch, a meeting.");
    let deed = Deed::MatchAppointment { id, called: unmatched.next.subject.clone(), patient: None, always };
    ask_first(model, question, &detail, ("no patient's", "leave it open"), deed);
}

/// A patient of that name is added and gets the appointments, unless there is one: nobody is made twice.
pub(super) fn ask_new_patient(model: &mut Model, id: AppointmentId, always: bool) {
    let Some(unmatched) = waiting(model, id) else { return };
    let name = given_name(unmatched.next.subject.expose());
    if name.is_empty() {
        return say_no(model, "the feed has no name for it: Enter says whose it is");
    }
    let shown = text::safe(&name, 40);
    let known: Vec<&Patient> = model.patients.iter().filter(|patient| is_called(patient, &name)).collect();
    if let [known] = known.as_slice() {
        let archived = if known.archived { " (archived)" } else { "" };
        let own = text::safe(known.name.expose(), 40);
        let also = if plain(&own) == plain(&shown) { String::new() } else { format!(", who is called {shown}, too") };
        let question = format!("There is a patient {own}{archived}{also}. Are these appointments theirs?");
        let detail = "Nobody is made twice. Somebody else of that name is added with P on Today.";
        let called = unmatched.next.subject.clone();
        let deed = Deed::MatchAppointment { id, called, patient: Some(known.id), always };
        return ask_first(model, question, detail, ("they are", "leave it open"), deed);
    }
    if !known.is_empty() {
        return say_no(model, &format!("{} patients are called {shown}: Enter says which", known.len()));
    }
    let question = format!("Add {shown} as a patient?");
    // Of those that are numbered only the agent knows how many are without a number, too.
    let appointments =
        unmatched.number.as_ref().map_or_else(|| many(unmatched.count), |_| "these appointments".to_owned());
    let detail = format!("The new chart begins with {appointments}.");
    ask_first(
        model,
        question,
        &detail,
        ("add the patient", "leave it open"),
        Deed::AddPatientOf { id, called: unmatched.next.subject.clone(), name: Phi::new(name), always },
    );
}

/// `Byron, Ada` is Ada Byron.
fn given_name(subject: &str) -> String {
    let name = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.split_once(", ") {
        Some((family, given)) if !given.contains(',') => format!("{given} {family}"),
        _ => name,
    }
}

fn is_called(patient: &Patient, name: &str) -> bool {
    let name = plain(name);
    patient.names().any(|own| own == name)
}

/// What adding that patient asks the agent.
pub(super) fn adding(id: AppointmentId, called: Phi<String>, name: Phi<String>, always: bool) -> (Want, Request) {
    (Want::Appointment, Request::AppointmentMatchNew { id, called, name, always })
}

/// What giving an appointment to somebody asks the agent.
pub(super) fn matching(
    id: AppointmentId,
    called: Phi<String>,
    patient: Option<PatientId>,
    always: bool,
) -> (Want, Request) {
    let (called, who) = (Some(called), patient.map(fetch::who));
    (Want::Appointment, Request::AppointmentMatch { id, called, who, always })
}

/// It was decided.
pub(super) fn matched(model: &mut Model, count: u64, out: &mut Vec<Effect>) {
    let words = match count {
        0 => "no appointment changed by it".to_owned(),
        _ => format!("decided for {} · u takes it back", many(count)),
    };
    say(model, words);
    look_again(model, out);
}

/// A decision was taken back.
pub(super) fn reopened(model: &mut Model, count: u64, out: &mut Vec<Effect>) {
    let words = match count {
        0 => "taken back: whose that name is; no appointment changed by it".to_owned(),
        _ => format!("taken back: what was decided for {} · Ctrl-R does it again", many(count)),
    };
    say(model, words);
    look_again(model, out);
}

fn many(count: u64) -> String {
    if count == 1 { "one appointment".to_owned() } else { format!("{count} appointments") }
}

/// Everything that shows names and appointments is asked for anew.
fn look_again(model: &mut Model, out: &mut Vec<Effect>) {
    for want in [Want::Unmatched, Want::Today] {
        fetch::fetch(model, want, out);
    }
    super::schedule::look_again(model, out);
}

/// Asks before the last import is taken back.
pub(super) fn ask_undo_import(model: &mut Model) {
    let detail = "What it added goes, what it changed is as it was before; what was changed by hand since stays.";
    let question = "Take back the last import of a calendar?".to_owned();
    ask_first(model, question, detail, ("take it back", "keep it"), Deed::UndoImport);
}

/// The import was taken back.
pub(super) fn undone(model: &mut Model, undone: &Undone, out: &mut Vec<Effect>) {
    let at = moment::day_and_clock(&model.local(undone.at), &model.local_now());
    let feed = text::safe(undone.feed.expose(), 24);
    let kept = if undone.kept > 0 { format!(", {} changed by hand stay", undone.kept) } else { String::new() };
    let (removed, restored) = (undone.removed, undone.restored);
    say(model, format!("the import of {feed}, {at}, is taken back: {removed} gone, {restored} as before{kept}"));
    look_again(model, out);
}
