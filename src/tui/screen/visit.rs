//! The running visit: the window has the picture, the terminal is for working.

use super::note;
use crate::client::agent::{LiveVisit, Phase};
use crate::client::{Quality, Trouble};
use crate::record::Path;
use crate::tui::model::{Model, Screen};
use crate::tui::widget::{Paper, Row, moment, text};
use ratatui::{layout::Rect, style::Style};

pub(super) fn head(model: &Model, paper: &Paper<'_>) -> Row {
    let theme = paper.theme;
    let Some(visit) = &model.visit else { return Row::new().text("Visit", theme.strong) };
    let row = Row::new().text("Visit", theme.strong).gap(2).text(text::safe(visit.name.expose(), 30), theme.strong);
    let (words, style) = phase(visit.phase, paper);
    let row = if words.is_empty() { row } else { row.gap(2).text(words, style) };
    if visit.compared {
        row.gap(2).text("words compared ✓", theme.good)
    } else {
        row.gap(2).text("not verified", theme.unverified)
    }
}

fn phase(phase: Phase, paper: &Paper<'_>) -> (&'static str, Style) {
    match phase {
        Phase::Connecting => ("connecting…", paper.theme.accent),
        Phase::Live => ("", Style::new()),
        Phase::Reconnecting => ("the line dropped, trying again…", paper.theme.bad),
        Phase::WindowLost => ("the call window is gone", paper.theme.bad),
    }
}

/// For the status line: microphone, camera, path, quality, time. It says what is on in words.
pub(crate) fn status(visit: &LiveVisit, model: &Model, narrow: bool, paper: &Paper<'_>) -> Row {
    let theme = paper.theme;
    let device = |row: Row, on: bool, long: &str, short: &str| {
        let (sign, style, word) = if on { ("● ", theme.good, "") } else { ("○ ", theme.bad, " off") };
        row.text(sign, style).text(format!("{}{word}", if narrow { short } else { long }), style)
    };
    // Without its window nothing is heard or seen, whatever was switched on.
    let window = visit.phase != Phase::WindowLost;
    let mut row = device(Row::new(), visit.microphone && window, "microphone", "mic").gap(2);
    row = device(row, visit.camera && window, "camera", "cam").gap(2);
    row = match (visit.phase, visit.path) {
        (Phase::Connecting, _) => row.text("connecting", theme.accent),
        (Phase::Reconnecting, _) => row.text("line dropped", theme.bad),
        (Phase::WindowLost, _) => row.text("window lost", theme.bad),
        (Phase::Live, Some(Path::Direct)) => row.say("direct"),
        (Phase::Live, Some(Path::Relayed)) => row.text("relayed", theme.pending),
        (Phase::Live, None) => row,
    };
    if let Some(quality) = visit.quality.filter(|_| visit.phase == Phase::Live) {
        let (word, style) = rating(quality, paper);
        row = if narrow { row } else { row.say(format!(" {} ms", quality.round_trip_ms)) };
        row = row.gap(2).text(word, style);
    }
    row.gap(2).text(moment::timer(model.now.since(visit.connected.unwrap_or(visit.admitted))), theme.quiet)
}

fn rating(quality: Quality, paper: &Paper<'_>) -> (&'static str, Style) {
    match (quality.lost_per_mille, quality.round_trip_ms) {
        (0..20, 0..250) => ("good", paper.theme.good),
        (0..80, 0..500) => ("fair", paper.theme.pending),
        _ => ("poor", paper.theme.bad),
    }
}

pub(super) fn draw(model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let Some(visit) = &model.visit else {
        paper.text(area, 1, "  No visit is running.", paper.theme.quiet);
        return;
    };
    let width = usize::from(area.width);
    let mut rows = words(visit, width, paper);
    rows.extend(troubles(visit, model, paper));
    rows.push(setting(model, visit, paper));
    rows.retain(|row| row.width() > 0);
    let mut y = 0;
    for row in rows {
        paper.line(area, y, &Row::new().gap(1).then(row).cut(width).line());
        y += 1;
    }
    paper.rule(area, y);
    y += 1;
    let next = u16::from(!model.room.is_empty());
    let rest = Rect { y: area.y + y.min(area.height), height: area.height.saturating_sub(y + next), ..area };
    draw_note(model, rest, paper);
    if next > 0 {
        // No name: the screen may be shared.
        let line = Row::new().gap(1).text("● next patient waiting", paper.theme.waiting);
        paper.line(area, area.height - 1, &line.line());
    }
}

/// `read aloud to each other: amber · violin · harbour · seven · fern   w = same, x = different`
fn words(visit: &LiveVisit, width: usize, paper: &Paper<'_>) -> Vec<Row> {
    let theme = paper.theme;
    if visit.compared {
        return Vec::new();
    }
    if visit.words.is_empty() {
        return vec![Row::new().text("the five words come when both ends are connected", theme.quiet)];
    }
    let words: Vec<_> = visit.words.iter().map(|word| text::safe(word, 16)).collect();
    let said = words.join(" · ");
    let ask = Row::new().text("w", theme.key).say(" = same, ").text("x", theme.key).say(" = different");
    let lead = Row::new().text("read aloud to each other:  ", theme.unverified);
    let room = width.saturating_sub(2);
    if lead.width() + text::width(&said) > room {
        let said = text::wrap(&said, room).into_iter().map(|line| Row::new().text(line, theme.strong));
        return std::iter::once(lead).chain(said).chain([ask]).collect();
    }
    let row = lead.text(said, theme.strong);
    if row.width() + 3 + ask.width() <= room { vec![row.gap(3).then(ask)] } else { vec![row, ask] }
}

fn troubles(visit: &LiveVisit, model: &Model, paper: &Paper<'_>) -> Vec<Row> {
    let bad = paper.theme.bad;
    let mut rows: Vec<_> = visit.trouble.iter().map(|trouble| Row::new().text(trouble_words(*trouble), bad)).collect();
    let lost = matches!(visit.phase, Phase::Reconnecting | Phase::WindowLost);
    let phone = model.patient(visit.patient).and_then(|patient| patient.phone.as_ref()).filter(|_| lost);
    if let Some(phone) = phone {
        let number = text::safe(phone.expose(), 24);
        rows.push(Row::new().say("if it does not come back, call ").text(number, paper.theme.strong));
    }
    if visit.phase == Phase::Live && !visit.peer_microphone {
        rows.push(Row::new().text("their microphone is off", paper.theme.pending));
    }
    rows
}

const fn trouble_words(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NoCamera => "no camera here: they do not see you",
        Trouble::CameraBusy => "another program has the camera: close it, then turn the camera off and on",
        Trouble::CameraLost => "the camera stands still or was pulled out",
        Trouble::NoMicrophone => "no microphone here: they do not hear you",
        Trouble::NoSpeaker => "no loudspeaker here: you do not hear them",
        Trouble::NoDisplay => "no display here: sound only",
    }
}

/// Where they are, whom to call there, and until when the time is booked.
fn setting(model: &Model, visit: &LiveVisit, paper: &Paper<'_>) -> Row {
    let quiet = paper.theme.quiet;
    let mut row = Row::new();
    let guest = model.guest.as_ref().filter(|guest| guest.patient == visit.patient);
    if let Some(guest) = guest {
        let place = guest.place.as_ref().map(|place| text::safe(place.expose(), 40)).filter(|place| !place.is_empty());
        let alone = match guest.alone {
            Some(true) => Some("alone".to_owned()),
            Some(false) => Some("may be overheard".to_owned()),
            None => None,
        };
        if place.is_some() {
            row = row.text("place  ", quiet);
        }
        row = row.say(place.into_iter().chain(alone).collect::<Vec<_>>().join(", "));
    }
    if let Some(contact) = model.patient(visit.patient).and_then(|patient| patient.emergency.as_ref()) {
        let (name, phone) = (text::safe(contact.name.expose(), 20), text::safe(contact.phone.expose(), 20));
        row = row.apart(3).text("emergency  ", quiet).say(format!("{name} {phone}"));
    }
    let ends = model.today.iter().flat_map(|today| &today.appointments).map(|named| &named.record);
    let now = model.local_now();
    let running = ends
        .filter(|found| found.patient == Some(visit.patient) && found.start <= now)
        .max_by_key(|found| found.end.timestamp());
    if let Some(appointment) = running {
        let (word, style) =
            if now > appointment.end { ("was to end ", paper.theme.pending) } else { ("ends ", Style::new()) };
        row = row.apart(3).text(word, quiet).text(moment::clock(&model.in_zone(&appointment.end)), style);
    }
    row
}

fn draw_note(model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let writing = matches!(model.screen(), Screen::Visit { writing: true });
    let Some(editor) = &model.editor else {
        let line = Row::new().gap(2).text("n", paper.theme.key).say(" begins the visit's note");
        paper.line(area, 0, &line.line());
        return;
    };
    let kind = crate::tui::overlay::choice::name(editor.note.kind).0;
    let mut title =
        Row::new().gap(2).say(kind).dot(editor.state(model.now), note::state_style(editor, paper), paper.theme.quiet);
    if !writing && editor.is_draft() {
        title = title.gap(3).text("Enter", paper.theme.key).say(" to write");
    }
    paper.line(area, 0, &title.cut(usize::from(area.width)).line());
    let text = Rect { y: area.y + 1.min(area.height), height: area.height.saturating_sub(1), ..area };
    note::draw_draft(editor, writing, text, paper);
}
