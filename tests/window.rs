//! The call program as it is started in earnest: its window, the real device libraries, its walls.

mod camera;
mod sandbox;
mod screen;
mod sound;

use bedside::call::device::card::TestCard;
use bedside::call::device::tone::{Drain, Tone};
use bedside::call::session::Devices;

/// Devices for the end inside the test: a moving card, a tone, and nobody who listens.
fn made_up() -> Devices {
    Devices {
        camera: Some(Box::new(TestCard::new(640, 480, 30))),
        microphone: Box::new(Tone::new(440.0, 0.2)),
        speaker: Box::new(Drain),
        troubles: Vec::new(),
    }
}
