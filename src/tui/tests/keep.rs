//! Nothing that was written is lost by a key, a lock or a pause.

use super::desk::{Desk, is_edit};
use super::sample;
use crate::client::agent::{Event as News, Reply, Request};
use crate::tui::editor::LONGEST;
use crate::tui::model::Then;
use crate::tui::update::Effect;
use std::time::Duration;

fn is_invite(request: &Request) -> bool {
    matches!(request, Request::PatientInvite { .. })
}

/// An addendum to Ada's signed note, begun.
fn addendum() -> Desk {
    let mut desk = Desk::chart();
    desk.press("Down Enter");
    desk.answer(|request| matches!(request, Request::NoteShow { .. }), Reply::Note(sample::signed()));
    desk.press("a");
    desk.write("Called back.");
    desk
}

#[test]
fn who_types_without_a_pause_is_saved_all_the_same() {
    let mut desk = Desk::note();
    let mut typed = Duration::ZERO;
    while typed < LONGEST {
        assert!(!desk.has_asked(is_edit), "after {typed:?}");
        desk.write("x");
        desk.wait(Duration::from_secs(1));
        typed += Duration::from_secs(1);
    }
    assert!(desk.has_asked(is_edit));
}

#[test]
fn addendum_put_away_is_there_again() {
    let mut desk = addendum();
    desk.press("Esc");
    assert!(desk.model.layers.is_empty());
    desk.press("a");
    assert!(desk.read().contains("Called back."));
    desk.press("Ctrl-s");
    desk.answer(|request| matches!(request, Request::NoteAddendum { .. }), Reply::Note(sample::signed()));
    assert!(!desk.model.begun(), "it was added");
}

#[test]
fn addendum_that_locking_overtook_is_there_again() {
    let mut desk = addendum();
    desk.tell(News::Locked);
    assert!(!desk.read().contains("Called"));
    assert!(desk.read().contains("held here until the vault is open"));
    assert_eq!(desk.model.addenda.values().map(|text| text.expose().as_str()).collect::<Vec<_>>(), ["Called back."]);
}

#[test]
fn leaving_a_locked_console_says_first_what_it_loses() {
    let mut desk = addendum();
    desk.tell(News::Locked);
    desk.press("Ctrl-q");
    assert!(!desk.done.contains(&Effect::Quit));
    assert!(desk.read().contains("loses what you wrote last"));
    desk.press("Ctrl-q");
    assert!(desk.done.contains(&Effect::Quit));
}

#[test]
fn leaving_with_a_message_begun_asks() {
    let mut desk = Desk::thread();
    desk.press("m");
    desk.write("See you");
    desk.press("Ctrl-q");
    assert!(desk.read().contains("Leave though not everything was sent?"));
    assert_eq!(desk.model.then, None);
    desk.press("Esc");
    assert!(desk.read().contains("See you"));
    desk.press("Ctrl-q Enter");
    assert!(desk.done.contains(&Effect::Quit));
    assert_ne!(desk.model.then, Some(Then::Lock));
}

#[test]
fn new_link_for_a_paired_device_asks_first() {
    let mut desk = Desk::open();
    desk.press("i");
    assert!(!desk.has_asked(is_invite));
    assert!(desk.read().contains("cut off at once"));
    desk.press("Enter");
    assert!(desk.has_asked(is_invite));
}
