//! Whatever patients and feeds send, a frame is a frame.

use super::desk::Desk;
use super::sample::{self, ADA};
use crate::base::SafeText;
use crate::client::agent::{Event as News, Named, Reply, Waiting};
use crate::record::Sender;
use crate::tui::theme::Theme;
use proptest::prelude::*;
use ratatui::buffer::Buffer;

/// No cell holds anything that could steer the terminal or hide, none reaches over the edge, and none is endless.
fn assert_harmless(buffer: &Buffer) {
    for (at, cell) in buffer.content.iter().enumerate() {
        let symbol = cell.symbol();
        assert!(SafeText::is_safe(symbol), "cell {at} holds {symbol:?}");
        let column = at % usize::from(buffer.area.width);
        let end = column + crate::tui::widget::text::width(symbol);
        assert!(end <= usize::from(buffer.area.width), "cell {at} reaches over the edge: {symbol:?}");
        assert!(symbol.len() <= 64, "cell {at} is endless");
    }
}

/// Puts `text` wherever text from outside is shown, and draws every screen that shows it.
fn draw_everywhere(text: &str, size: (u16, u16)) {
    let name = || Some(text.into());
    let mut today = sample::today();
    for named in &mut today.appointments {
        named.name = name();
        named.record.subject = text.into();
    }
    for named in &mut today.unread {
        (named.name, named.record.text) = (name(), text.into());
    }
    today.room[0].name = text.into();
    today.room[0].place = name();
    let mut patients = sample::patients();
    for patient in &mut patients {
        (patient.name, patient.phone) = (text.into(), name());
    }
    let messages: Vec<_> = (0..3)
        .map(|n| Named { name: name(), record: sample::message(n, ADA, Sender::Patient, text, sample::now()) })
        .collect();
    let mut note = sample::draft();
    (note.name, note.record.text) = (name(), text.into());
    let theme = Theme::dark();
    let see = |desk: &mut Desk| assert_harmless(&desk.draw(&theme, size).0);

    let mut desk = Desk::open();
    desk.model.room = today.room.clone();
    desk.model.today = Some(today);
    desk.model.patients.clone_from(&patients);
    see(&mut desk);
    desk.press("3");
    see(&mut desk);
    desk.press("/");
    see(&mut desk);

    let mut desk = Desk::thread();
    desk.model.patients.clone_from(&patients);
    desk.press("1 2");
    desk.answer(super::desk::is_all_messages, Reply::Messages(messages.clone()));
    see(&mut desk);
    desk.press("Enter");
    desk.answer(super::desk::is_thread, Reply::Messages(messages));
    see(&mut desk);

    let mut desk = Desk::chart();
    desk.model.patients.clone_from(&patients);
    desk.press("Enter");
    desk.answer(|request| matches!(request, crate::client::agent::Request::NoteShow { .. }), Reply::Note(note));
    desk.paste(text);
    see(&mut desk);

    let mut week = sample::week();
    for named in &mut week {
        (named.name, named.record.subject) = (name(), text.into());
    }
    let mut unmatched = sample::unmatched();
    for waiting in &mut unmatched {
        waiting.next.subject = text.into();
    }
    let mut desk = Desk::open();
    desk.model.patients.clone_from(&patients);
    desk.model.unmatched = unmatched;
    desk.press("5");
    desk.answer(super::desk::is_list, Reply::Appointments(week.clone()));
    for view in ["W", "D", "M", "A"] {
        desk.press(view);
        if desk.has_asked(super::desk::is_list) {
            desk.answer(super::desk::is_list, Reply::Appointments(week.clone()));
        }
        see(&mut desk);
    }
    desk.press("W Tab Space Right");
    see(&mut desk);
    desk.press("Esc w");
    see(&mut desk);
    desk.press("Enter");
    see(&mut desk);
    desk.press("Esc P");
    see(&mut desk);
    desk.press("Esc Esc Esc 5 a");
    desk.paste(text);
    see(&mut desk);

    let mut desk = Desk::visit();
    desk.model.patients = patients;
    let mut live = sample::live();
    live.name = text.into();
    live.words = vec![text.to_owned(); 5];
    desk.tell(News::Visit(Some(Box::new(live))));
    see(&mut desk);
}

#[test]
fn escape_sequences_bidi_and_endless_lines_draw_a_frame() {
    let endless = "wide陽🙂".repeat(10_000);
    let texts = [
        "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m",
        "\u{202e}txt.exe\u{2066}\u{200f}\u{200b}\u{feff}",
        &format!("a{}", "\u{301}".repeat(5000)),
        &format!("'{}", "\u{d46}".repeat(500)),
        "👩‍⚕️👨‍👩‍👧‍👦 e\u{301}\u{301}\u{301} ﷽ \u{115f}\u{3164}",
        "\n\n\n\r\r\t\t\0",
        "",
        &endless,
    ];
    for text in texts {
        for size in [(40, 10), (40, 12), (64, 16), (80, 24), (120, 40)] {
            draw_everywhere(text, size);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_text_on_any_terminal_draws_a_frame(text in "\\PC{0,80}|[\\x00-\\x1f\\x7f-\\u{9f}\\u{200b}-\\u{206f}a ]{0,40}", columns in 1u16..140, rows in 1u16..50) {
        draw_everywhere(&text, (columns, rows));
    }
}

#[test]
fn whether_who_waits_is_verified_is_never_cut_off() {
    for name in ["Ada Byron", "Katherine Coleman Goble Johnson", "山田 陽子"] {
        for verified in [true, false] {
            let mut desk = Desk::open();
            let waiting = Waiting { name: name.into(), verified, alone: Some(false), ..sample::waiting() };
            desk.tell(News::Room(vec![waiting]));
            for columns in 44..130 {
                let said = if verified { "· verified" } else { "· not verified" };
                assert!(desk.read_at((columns, 24)).contains(said), "{name}, {columns} columns");
            }
        }
    }
}
