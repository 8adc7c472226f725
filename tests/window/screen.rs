//! The window under a hand, an eye and a screen reader.

use super::made_up;
use crate::harness::display::Display;
use crate::harness::guard::until;
use crate::harness::switchboard::{End, connect};
use bedside::call::device::card::bars_match;
use bedside::wire::call::{FromCall, ToCall, Trouble};
use std::time::{Duration, Instant};

const MADE_UP: [&str; 6] = ["--camera", "test-card", "--microphone", "tone", "--speaker", "none"];

fn visit(display: &Display) -> (End, End) {
    let two = End::start(&MADE_UP, |command| {
        display.dress(command);
    });
    let one = End::inside(made_up());
    connect(&one, &two, true);
    (two, one)
}

fn words() -> ToCall {
    let words = ["amber", "violin", "harbour", "seven", "fern"].map(str::to_owned).to_vec();
    ToCall::Words { words, compared: false }
}

/// What the program said of this kind since `from`.
fn media(end: &End, from: usize) -> Option<(bool, bool)> {
    end.said()
        .into_iter()
        .skip(from)
        .filter_map(|said| match said {
            FromCall::Media { microphone, camera } => Some((microphone, camera)),
            _ => None,
        })
        .next_back()
}

fn press(display: &Display, key: &str) {
    display.hand(&["key", key]);
    // Longer than what counts as typed ahead.
    std::thread::sleep(Duration::from_millis(500));
}

#[test]
fn the_window_shows_the_other_sides_picture() {
    let display = Display::start();
    let (_two, _one) = visit(&display);
    let window = display.window("bedside call");
    until("the card's colours stand in the window", Duration::from_secs(20), || {
        bars_match(&display.stage(&window), 40).then_some(())
    });
    let title = display.hand(&["getwindowname", &window]);
    assert_eq!(title.trim(), "bedside call");
}

#[test]
fn keys_switch_microphone_and_camera_and_hang_up_only_after_asking() {
    let display = Display::start();
    let (two, _one) = visit(&display);
    display.window("bedside call");
    let changes = |keys: &[&str], want: (bool, bool)| {
        let from = two.said().len();
        keys.iter().for_each(|key| press(&display, key));
        until(&format!("{keys:?} make it {want:?}"), Duration::from_secs(10), || {
            (media(&two, from) == Some(want)).then_some(())
        });
    };
    changes(&["ctrl+m"], (false, true));
    changes(&["m"], (true, true));
    changes(&["ctrl+v"], (true, false));
    changes(&["v"], (true, true));
    // Tab reaches the same buttons in their order.
    changes(&["Tab", "space"], (false, true));
    changes(&["space"], (true, true));
    changes(&["Tab", "Return"], (true, false));
    changes(&["Return"], (true, true));

    let hung_up = || two.said().iter().any(|said| matches!(said, FromCall::HangUp));
    for keys in [&["ctrl+e", "Escape"][..], &["Tab", "Return", "Return"], &["ctrl+e", "Return"]] {
        keys.iter().for_each(|key| press(&display, key));
        assert!(!hung_up(), "{keys:?} must not end the visit");
    }
    press(&display, "ctrl+e");
    press(&display, "ctrl+e");
    until("asked and answered, it ends", Duration::from_secs(10), || hung_up().then_some(()));
}

#[test]
fn the_words_are_compared_by_keyboard() {
    let display = Display::start();
    let (two, _one) = visit(&display);
    display.window("bedside call");
    two.tell(&words());
    std::thread::sleep(Duration::from_millis(500));
    // Microphone, camera, hang up, devices, line, then the words.
    for _ in 0..6 {
        press(&display, "Tab");
    }
    press(&display, "space");
    two.hears("the words are the same", 10, |said| matches!(said, FromCall::Compared { same: true }).then_some(()));
}

#[test]
fn a_screen_reader_finds_every_control_the_line_and_the_words() {
    let display = Display::start().with_screen_reader();
    let (two, _one) = visit(&display);
    display.window("bedside call");
    two.tell(&words());
    two.hears("the line is measured", 20, |said| matches!(said, FromCall::Quality(_)).then_some(()));
    let wanted = [
        "Mute",
        "Camera off",
        "Hang up",
        "Devices",
        "Line ",
        "amber, violin, harbour, seven, fern",
        "Same",
        "Different",
        "The other person's picture",
        "Your microphone",
    ];
    let start = Instant::now();
    let mut found = Vec::new();
    while start.elapsed() < Duration::from_secs(40) {
        found = display.read_aloud();
        if wanted.iter().all(|want| found.iter().any(|line| line.contains(want))) {
            return;
        }
    }
    panic!(
        "missing: {:?} in {found:#?}",
        wanted.iter().filter(|w| !found.iter().any(|l| l.contains(*w))).collect::<Vec<_>>()
    );
}

#[test]
fn without_a_display_the_call_is_sound_only_and_says_so() {
    for display in ["", ":7919"] {
        let two = End::start(&MADE_UP, |command| {
            command.env("DISPLAY", display).env_remove("WAYLAND_DISPLAY");
        });
        let one = End::inside(made_up());
        two.hears("it is told", 30, |said| matches!(said, FromCall::Trouble(Trouble::NoDisplay)).then_some(()));
        let shown = two.hears("it is ready", 30, |said| match said {
            FromCall::Ready { display, .. } => Some(*display),
            _ => None,
        });
        assert!(!shown);
        connect(&one, &two, true);
    }
}
