//! A chart on one page.

use super::{meeting, quoted, status, task, their_time};
use crate::base::id::PatientId;
use crate::base::zone;
use crate::client::agent::Chart;
use crate::record::{Appointment, EndReason, Note, Pairing, Path, Patient, Sender, Task, Visit};
use crate::tui::model::{Model, Pick, Screen};
use crate::tui::widget::{Paper, Row, list, list::Item, moment, text};
use jiff::civil::Date;
use ratatui::{layout::Rect, style::Style};

/// Messages shown of the thread.
const MESSAGES: usize = 3;

pub(super) fn head(model: &Model, id: PatientId, paper: &Paper<'_>) -> Row {
    let row = Row::new().text(text::safe(model.name(id), 40), paper.theme.strong);
    let Some(patient) = model.patient(id) else { return row };
    let quiet = paper.theme.quiet;
    let mut about = Row::new();
    if let Some(born) = &patient.born {
        about = about.text(format!("b. {}", born.expose().year()), quiet);
    }
    if let Some(there) = there(model, patient) {
        about = about.dot(there, Style::new(), quiet);
    }
    let row = row.gap(3).then(about);
    let (words, style) = device(model, patient, paper);
    if row.width() > 0 { row.gap(3).text(words, style) } else { row }
}

/// `Berlin (11:00 there)`, if their clocks differ from ours.
fn there(model: &Model, patient: &Patient) -> Option<String> {
    let zone = patient.zone.as_deref()?;
    their_time(model, &model.local_now(), Some(zone))?;
    let there = model.local_now().with_time_zone(zone::find(zone)?);
    Some(format!("{} ({} there)", moment::city(zone), moment::clock(&there)))
}

/// What is known of the patient's device.
fn device(model: &Model, patient: &Patient, paper: &Paper<'_>) -> (String, Style) {
    let theme = paper.theme;
    let now = model.local_now().date();
    match &patient.pairing {
        Pairing::None => ("no device".to_owned(), theme.quiet),
        Pairing::Invited { expires, .. } if *expires < model.now => ("invite has expired".to_owned(), theme.pending),
        Pairing::Invited { .. } => ("invited".to_owned(), theme.pending),
        Pairing::Paired { verified: Some(at), .. } => {
            (format!("verified {}", moment::short_day(model.local(*at).date(), now)), theme.good)
        }
        Pairing::Paired { claims: 2.., .. } => ("not verified · link opened twice".to_owned(), theme.bad),
        Pairing::Paired { .. } => ("not verified".to_owned(), theme.unverified),
    }
}

/// Notes · thread · tasks · appointments · visits.
pub(super) fn parts(chart: &Chart, model: &Model) -> Vec<Vec<Pick>> {
    vec![
        chart.notes.iter().map(|note| Pick::Note(note.id)).collect(),
        vec![Pick::Thread(chart.patient.id)],
        chart.tasks.iter().map(|task| Pick::Task(task.id)).collect(),
        shown_appointments(chart, model).map(|appointment| Pick::Appointment(appointment.id)).collect(),
        chart.visits.iter().map(|visit| Pick::Visit(visit.id)).collect(),
    ]
}

/// Those to come by time, then those gone by, newest first.
fn shown_appointments<'a>(chart: &'a Chart, model: &Model) -> impl Iterator<Item = &'a Appointment> {
    let day = model.local_now().date();
    let zone = model.zone.clone();
    let is_past = move |appointment: &&Appointment| appointment.start.with_time_zone(zone.clone()).date() < day;
    let past = is_past.clone();
    let to_come = chart.appointments.iter().filter(move |found| !past(found));
    to_come.chain(chart.appointments.iter().rev().filter(is_past))
}

pub(super) fn draw(model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let Screen::Patient { chart, id, .. } = model.screen() else { return };
    let Some(chart) = chart.as_deref().filter(|chart| chart.patient.id == *id) else {
        paper.text(area, 1, "  opening…", paper.theme.quiet);
        return;
    };
    let chosen = model.cursor();
    if area.width < super::WIDE {
        let mut all = left(model, chart, usize::from(area.width), paper);
        all.push(Item::fixed(Row::new()));
        all.extend(right(model, chart, usize::from(area.width), paper));
        all.push(Item::fixed(Row::new()));
        all.extend(foot(chart, paper).into_iter().map(Item::fixed));
        return list::draw(&all, chosen.as_ref(), area, paper);
    }
    let foot = foot(chart, paper);
    let foot_height = u16::from(!foot.is_empty()) * 2;
    let body = Rect { height: area.height - foot_height, ..area };
    let half = Rect { width: body.width / 2, ..body };
    let other = Rect { x: body.x + half.width, width: body.width - half.width, ..body };
    let in_right = matches!(chosen, Some(Pick::Appointment(_) | Pick::Visit(_)));
    let (left_chosen, right_chosen) = if in_right { (None, chosen) } else { (chosen, None) };
    list::draw(&left(model, chart, usize::from(half.width) - 2, paper), left_chosen.as_ref(), half, paper);
    list::draw(&right(model, chart, usize::from(other.width), paper), right_chosen.as_ref(), other, paper);
    if foot_height > 0 {
        let quiet = paper.theme.quiet;
        paper.rule(area, body.height);
        let line = foot.into_iter().reduce(|line, row| line.text("  ·  ", quiet).then(row)).unwrap_or_default();
        paper.line(area, body.height + 1, &Row::new().gap(1).then(line).cut(usize::from(area.width)).line());
    }
}

fn title(words: &str, paper: &Paper<'_>) -> Item<Pick> {
    Item::fixed(Row::new().text(words, paper.theme.strong))
}

fn nothing(words: &str, paper: &Paper<'_>) -> Item<Pick> {
    Item::fixed(Row::new().text(words, paper.theme.quiet))
}

fn left(model: &Model, chart: &Chart, width: usize, paper: &Paper<'_>) -> Vec<Item<Pick>> {
    let today = model.local_now().date();
    let mut items = vec![title("Notes", paper)];
    if chart.notes.is_empty() {
        items.push(nothing("none; n begins one", paper));
    }
    items.extend(chart.notes.iter().map(|note| note_item(model, note, today, paper)));
    items.extend([Item::fixed(Row::new()), title("Messages", paper)]);
    let newest = &chart.messages[chart.messages.len().saturating_sub(MESSAGES)..];
    let pick = Pick::Thread(chart.patient.id);
    if newest.is_empty() {
        let words = if chart.patient.paired() { "none; m writes one" } else { "none; i invites the device" };
        items.push(Item { pick: Some(pick), ..nothing(words, paper) });
    }
    for (at, message) in newest.iter().enumerate() {
        let who = if message.from == Sender::Clinician { "you" } else { "they" };
        let day = moment::short_day(model.local(message.at).date(), today);
        let unread = message.read.is_none() && message.from == Sender::Patient;
        let style = if unread { paper.theme.pending } else { Style::new() };
        let row = Row::new().column(who, 6, paper.theme.quiet).column(&day, 8, paper.theme.quiet);
        let row = row.text(quoted(message, width.saturating_sub(17)), style);
        items.push(if at + 1 == newest.len() { Item::of(pick, row) } else { Item::fixed(row) });
    }
    if !chart.tasks.is_empty() {
        items.extend([Item::fixed(Row::new()), title("Due", paper)]);
    }
    let item = |found: &Task| Item { pick: Some(Pick::Task(found.id)), line: task(model, found, None, width, paper) };
    items.extend(chart.tasks.iter().map(item));
    items
}

fn note_item(model: &Model, note: &Note, today: Date, paper: &Paper<'_>) -> Item<Pick> {
    let day = moment::short_day(model.local(note.created).date(), today);
    let kind = crate::tui::overlay::choice::name(note.kind).0;
    let row = Row::new().column(&day, 13, Style::new()).column(kind, 9, Style::new());
    let row = match (note.signed, note.addenda.len()) {
        (None, _) => row.text("✎ draft", paper.theme.pending),
        (Some(_), 0) => row.text("signed", paper.theme.quiet),
        (Some(_), more) => row.text(format!("signed +{more}"), paper.theme.quiet),
    };
    Item::of(Pick::Note(note.id), row)
}

fn right(model: &Model, chart: &Chart, width: usize, paper: &Paper<'_>) -> Vec<Item<Pick>> {
    let now = model.local_now();
    let mut items = vec![title("Appointments", paper)];
    let appointments: Vec<_> = shown_appointments(chart, model).collect();
    if appointments.is_empty() {
        items.push(nothing("none; a books one", paper));
    }
    for appointment in appointments {
        let start = model.in_zone(&appointment.start);
        let day =
            if start.date() == now.date() { "today".to_owned() } else { moment::short_day(start.date(), now.date()) };
        let (status, style) = status(appointment, paper);
        let style = if start.date() < now.date() { paper.theme.quiet } else { style };
        let row = Row::new().column(&day, 8, style).column(&moment::clock(&start), 7, style);
        let row = row.column(status, 11, style).text(meeting(appointment.kind), paper.theme.quiet);
        items.push(Item::of(Pick::Appointment(appointment.id), row.cut(width.saturating_sub(2))));
    }
    items.extend([Item::fixed(Row::new()), title("Visits", paper)]);
    if chart.visits.is_empty() {
        items.push(nothing("none yet", paper));
    }
    items.extend(chart.visits.iter().map(|visit| visit_item(model, visit, width, paper)));
    items
}

fn visit_item(model: &Model, visit: &Visit, width: usize, paper: &Paper<'_>) -> Item<Pick> {
    let theme = paper.theme;
    let at = model.local(visit.admitted.unwrap_or(visit.knocked));
    let day = moment::short_day(at.date(), model.local_now().date());
    let mut row = Row::new().column(&day, 8, Style::new()).column(&moment::clock(&at), 7, Style::new());
    let mut about = Row::new();
    match (visit.connected, visit.ended, visit.end_reason) {
        (_, _, Some(EndReason::Declined)) => about = about.text("declined", theme.quiet),
        (Some(from), Some(to), _) => about = about.say(moment::span(to.since(from))),
        (None, Some(_), _) => about = about.text("not connected", theme.bad),
        (_, None, _) => about = about.text("running", theme.accent),
    }
    match visit.path {
        Some(Path::Direct) => about = about.dot("direct", Style::new(), theme.quiet),
        Some(Path::Relayed) => about = about.dot("relayed", Style::new(), theme.quiet),
        None => {}
    }
    if visit.words_differed {
        about = about.dot("words differed", theme.bad, theme.quiet);
    } else if visit.words_compared.is_some() {
        about = about.dot("compared ✓", theme.good, theme.quiet);
    }
    if visit.end_reason == Some(EndReason::Lost) {
        about = about.dot("line lost", theme.bad, theme.quiet);
    }
    row = row.then(about).cut(width.saturating_sub(2));
    Item::of(Pick::Visit(visit.id), row)
}

/// Whom to call, and what was agreed.
fn foot(chart: &Chart, paper: &Paper<'_>) -> Vec<Row> {
    let patient = &chart.patient;
    let quiet = paper.theme.quiet;
    let mut rows = Vec::new();
    if let Some(contact) = &patient.emergency {
        let (name, phone) = (text::safe(contact.name.expose(), 24), text::safe(contact.phone.expose(), 20));
        rows.push(Row::new().text("emergency: ", quiet).say(format!("{name} {phone}")));
    }
    if let Some(phone) = &patient.phone {
        rows.push(Row::new().text("phone ", quiet).say(text::safe(phone.expose(), 20)));
    }
    if patient.relay_only == Some(true) {
        rows.push(Row::new().text("addresses: ", quiet).say("always relayed"));
    }
    if patient.archived {
        rows.push(Row::new().text("archived", paper.theme.pending));
    }
    rows
}
