//! Real cpal on a sound server without hardware: speech goes in at the microphone and comes out of the
//! speaker, half second by half second. The voice is not cleaned on its way: what cleans it turns phases.

use super::made_up;
use crate::call::speech::{Arrival, Ear, speech};
use crate::harness::guard::until;
use crate::harness::pulse::Pulse;
use crate::harness::switchboard::{End, connect};
use crate::harness::wave;
use bedside::call::device::wave::WaveFile;
use bedside::call::session::Devices;
use bedside::wire::call::{FromCall, Trouble};
use std::time::Duration;

/// How often it is said at most until it has arrived.
const ROUNDS: u32 = 30;

#[test]
fn speech_arrives_both_ways_through_real_sound_devices() {
    let (pulse, voice, ear) = (Pulse::start(), speech(), Ear::default());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("voice.wav");
    // Said again and again, for as long as the test may take.
    wave::write(&file, &voice.repeat(2 * ROUNDS as usize));
    let two = End::start(&["--headless", "--camera", "none", "--original-sound"], |command| {
        pulse.dress(command);
    });
    let one = End::inside(Devices {
        camera: None,
        microphone: Box::new(WaveFile::from_samples(voice.clone())),
        speaker: Box::new(ear.clone()),
        troubles: Vec::new(),
    });
    connect(&one, &two, false);
    let (_recording, recorded) = pulse.record("speaker");
    let _playing = pulse.play(&file, "micfeed");
    let deadline = ROUNDS * Duration::from_secs_f32(voice.len() as f32 / 48_000.0);
    let (mut there, mut here) = (Arrival::of(&voice), Arrival::of(&voice));
    until("speech arrives at the speaker", deadline, || there.listen(&recorded).then_some(()));
    until("speech arrives from the microphone", deadline, || here.listen(&ear).then_some(()));
}

#[test]
fn without_sound_devices_the_call_goes_on_and_says_so() {
    let nothing = tempfile::tempdir().unwrap();
    let two = End::start(&["--headless", "--camera", "test-card"], |command| {
        command
            .env("XDG_RUNTIME_DIR", nothing.path())
            .env("PULSE_RUNTIME_PATH", nothing.path())
            .env_remove("PULSE_SERVER");
    });
    let one = End::inside(made_up());
    for wanted in [Trouble::NoMicrophone, Trouble::NoSpeaker] {
        two.hears("it is told", 30, |said| matches!(said, FromCall::Trouble(t) if *t == wanted).then_some(()));
    }
    connect(&one, &two, true);
}
