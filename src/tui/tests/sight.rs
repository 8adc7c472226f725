//! How every screen and overlay looks, with its styles, on a small, an ordinary and a large terminal.

use super::desk::{Desk, is_thread, text};
use super::sample;
use crate::base::{Failure, Kind, Phi};
use crate::client::Trouble;
use crate::client::agent::{Event as News, Phase, Reply, Request};
use crate::tui::theme::Theme;
use crate::tui::update::Event;
use ratatui::{
    buffer::Buffer,
    layout::Position,
    style::{Color, Modifier, Style},
};
use std::fmt::Write;

const SIZES: [(u16, u16); 3] = [(40, 12), (80, 24), (120, 40)];

/// A frame as text, the cursor, and every run of cells that has a style.
fn picture(buffer: &Buffer, cursor: Option<Position>) -> String {
    let mut out = format!("{} × {}", buffer.area.width, buffer.area.height);
    if let Some(at) = cursor {
        let _ = write!(out, ", cursor {},{}", at.x, at.y);
    }
    out.push('\n');
    for line in text(buffer).lines() {
        let _ = writeln!(out, "|{line}");
    }
    for y in 0..buffer.area.height {
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        for x in 0..buffer.area.width {
            let style = named(buffer[(x, y)].style());
            match runs.last_mut() {
                Some((_, end, last)) if *last == style && *end + 1 == x => *end = x,
                _ => runs.push((x, x, style)),
            }
        }
        let runs: Vec<_> = runs
            .into_iter()
            .filter(|(.., style)| !style.is_empty())
            .map(|(from, to, style)| format!("{from}-{to} {style}"))
            .collect();
        if !runs.is_empty() {
            let _ = writeln!(out, "{y}: {}", runs.join(", "));
        }
    }
    out
}

fn named(style: Style) -> String {
    let mut words = Vec::new();
    if let Some(fg) = style.fg.filter(|fg| *fg != Color::Reset) {
        words.push(fg.to_string());
    }
    if let Some(bg) = style.bg.filter(|bg| *bg != Color::Reset) {
        words.push(format!("on-{bg}"));
    }
    for (modifier, word) in [(Modifier::BOLD, "bold"), (Modifier::DIM, "dim"), (Modifier::REVERSED, "reversed")] {
        if style.add_modifier.contains(modifier) {
            words.push(word.to_owned());
        }
    }
    words.join("+")
}

/// Compares with `tests/snapshots/console_NAME.snap`.
pub(super) fn see(name: &str, desk: &mut Desk) {
    see_in(&Theme::dark(), name, desk);
}

pub(super) fn see_in(theme: &Theme, name: &str, desk: &mut Desk) {
    let pictures: Vec<_> = SIZES
        .iter()
        .map(|size| {
            let (buffer, cursor) = desk.draw(theme, *size);
            picture(&buffer, cursor)
        })
        .collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("console_{name}"), pictures.join("\n")));
}

#[test]
fn today() {
    see("today", &mut Desk::open());
}

#[test]
fn today_without_colours() {
    see_in(&Theme::plain(), "today_plain", &mut Desk::open());
}

#[test]
fn today_on_a_light_terminal() {
    see_in(&Theme::light(), "today_light", &mut Desk::open());
}

#[test]
fn today_with_nobody() {
    let mut desk = Desk::open();
    desk.model.patients.clear();
    desk.model.room.clear();
    desk.model.waiting = 0;
    desk.model.today = Some(sample::empty_day());
    see("today_empty", &mut desk);
}

#[test]
fn today_with_tasks() {
    let task = crate::base::id::TaskId::from_bytes([71; 16]);
    see("today_tasks", &mut super::care::desk(crate::tui::model::Pick::Task(task)));
}

#[test]
fn chart() {
    see("patient", &mut Desk::chart());
}

#[test]
fn threads() {
    let mut desk = Desk::open();
    desk.press("2");
    desk.answer(super::desk::is_all_messages, Reply::Messages(sample::all_messages()));
    see("messages", &mut desk);
}

#[test]
fn thread_being_answered() {
    let mut desk = Desk::thread();
    desk.press("m");
    desk.take(is_thread);
    desk.write("Of course. See you at ten past eleven.");
    see("thread", &mut desk);
}

#[test]
fn draft() {
    see("note_draft", &mut Desk::note());
}

#[test]
fn signed_note() {
    let mut desk = Desk::chart();
    desk.press("Down Enter");
    desk.answer(|request| matches!(request, Request::NoteShow { .. }), Reply::Note(sample::signed()));
    see("note_signed", &mut desk);
}

#[test]
fn waiting_room() {
    let mut desk = Desk::open();
    desk.tell(News::Room(sample::room()));
    desk.press("3");
    see("room", &mut desk);
}

#[test]
fn visit_before_the_words_are_compared() {
    see("visit_words", &mut Desk::visit());
}

#[test]
fn visit_with_its_note() {
    let mut desk = Desk::visit();
    let compared = crate::client::agent::LiveVisit { compared: true, ..sample::live() };
    desk.tell(News::Visit(Some(Box::new(compared))));
    desk.press("n");
    desk.answer(|request| matches!(request, Request::NoteNew { .. }), Reply::Note(sample::draft()));
    desk.tell(News::Room(sample::room().split_off(1)));
    see("visit_note", &mut desk);
}

#[test]
fn visit_in_trouble() {
    let mut desk = Desk::visit();
    let mut visit = sample::live();
    visit.phase = Phase::Reconnecting;
    visit.camera = false;
    visit.trouble = vec![Trouble::CameraLost, Trouble::NoDisplay];
    desk.tell(News::Visit(Some(Box::new(visit))));
    see("visit_trouble", &mut desk);
}

#[test]
fn other_screen_during_a_visit() {
    let mut desk = Desk::visit();
    desk.press("1");
    see("today_during_visit", &mut desk);
}

#[test]
fn blanked_during_a_visit() {
    let mut desk = Desk::visit();
    desk.press("F9");
    see("blank_during_visit", &mut desk);
}

#[test]
fn locked() {
    let mut desk = Desk::locked();
    desk.write("correct horse");
    see("locked", &mut desk);
}

#[test]
fn locked_after_a_wrong_passphrase() {
    let mut desk = Desk::locked();
    desk.write("wrong");
    desk.press("Enter");
    desk.refuse(|request| matches!(request, Request::Unlock { .. }), Kind::Locked, "the passphrase is wrong; wait 2 s");
    see("locked_refused", &mut desk);
}

#[test]
fn no_vault() {
    let mut desk = Desk::fresh();
    desk.happen(Event::Connected(Box::new(sample::status(crate::client::agent::VaultState::Missing))));
    see("missing", &mut desk);
}

#[test]
fn no_agent() {
    let mut desk = Desk::fresh();
    desk.happen(Event::Gone(Failure::new(Kind::Network, "no agent is running for this vault")));
    see("unreachable", &mut desk);
}

#[test]
fn first_frame() {
    see("opening", &mut Desk::fresh());
}

#[test]
fn failure_is_said() {
    let mut desk = Desk::open();
    desk.press("i Enter");
    desk.refuse(|request| matches!(request, Request::PatientInvite { .. }), Kind::Network, "the relay was not reached");
    see("failure", &mut desk);
}

#[test]
fn palette() {
    let mut desk = Desk::open();
    desk.press(":");
    desk.write("note");
    see("palette", &mut desk);
}

#[test]
fn help() {
    let mut desk = Desk::open();
    desk.press("?");
    see("help", &mut desk);
}

#[test]
fn confirm() {
    let mut desk = Desk::visit();
    desk.press("Ctrl-e");
    see("confirm", &mut desk);
}

#[test]
fn invite() {
    let mut desk = Desk::open();
    desk.press("i Enter");
    let link = "https://relay.example/#v1.AQEBAQEBAQEBAQEBAQEBAQ.BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
    let reply = Reply::Invite { link: Phi::from(link), expires: sample::stamp(30, 10, 47) };
    desk.answer(|request| matches!(request, Request::PatientInvite { .. }), reply);
    desk.press("y");
    see("invite", &mut desk);
}

#[test]
fn find() {
    let mut desk = Desk::open();
    desk.press("/");
    desk.write("a");
    see("find", &mut desk);
}

#[test]
fn find_in_notes() {
    let mut desk = Desk::open();
    desk.press("/");
    desk.write("sundays");
    desk.press("Enter");
    desk.answer(|request| matches!(request, Request::NoteSearch { .. }), Reply::Notes(vec![sample::draft()]));
    see("find_notes", &mut desk);
}

#[test]
fn patient_form() {
    let mut desk = Desk::open();
    desk.press("P");
    desk.write("Rosalind Franklin");
    desk.press("Ctrl-s");
    see("form_patient", &mut desk);
}

#[test]
fn appointment_form() {
    let mut desk = Desk::open();
    desk.press("a");
    see("form_appointment", &mut desk);
}

#[test]
fn tell_form() {
    let mut desk = Desk::open();
    desk.press("s");
    see("form_tell", &mut desk);
}

#[test]
fn note_kinds() {
    let mut desk = Desk::open();
    desk.press("N Down");
    see("choice", &mut desk);
}

#[test]
fn addendum() {
    let mut desk = Desk::chart();
    desk.press("Down Enter");
    desk.answer(|request| matches!(request, Request::NoteShow { .. }), Reply::Note(sample::signed()));
    desk.press("a");
    desk.write("Called back on Friday.");
    see("compose", &mut desk);
}
