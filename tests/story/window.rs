//! A visit whose window is killed, and what the other programs say of it.

use super::patient::Patient;
use super::programs::{Practice, Relay, kill, processes};
use std::collections::BTreeMap;

/// The call windows that stand, and their argument lists.
fn windows() -> BTreeMap<i32, String> {
    processes().into_iter().filter(|(_, arguments)| arguments.contains("bedside-call\0")).collect()
}

/// Admits Ada without a window to look at, on this machine.
const CALL: [&str; 10] =
    ["call", "ada", "--headless", "--camera", "test-card", "--microphone", "tone", "--speaker", "none", "--loopback"];

/// A practice with a relay, and Ada in its waiting room.
async fn who_waits() -> (Relay, Practice, Patient) {
    let relay = Relay::start();
    let practice = Practice::open(&relay);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    let patient = Patient::pair(&practice.link("ada"), &[]).await;
    patient.knock().await;
    practice.until_lines("the console shows who waits", &["room", "list"], |room| room.len() == 1);
    (relay, practice, patient)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visit_survives_its_window() {
    let (_relay, practice, patient) = who_waits().await;
    let before = windows();
    practice.ok(&CALL);
    let live = practice.until("sound and picture run", &["status"], |status| status["visit"]["phase"] == "live");
    let agent = practice.agent_pid();
    let window: Vec<i32> = windows().into_keys().filter(|pid| !before.contains_key(pid)).collect();
    let [window] = window[..] else { panic!("one window, not {window:?}") };

    kill(window);
    practice.until("the agent notices", &["status"], |status| status["visit"]["phase"] == "window_lost");
    patient.shows("The line dropped").await;
    assert_eq!(practice.agent_pid(), agent);

    practice.ok(&CALL);
    let again = practice.until("a new window brings the visit back", &["status"], |s| s["visit"]["phase"] == "live");
    assert_eq!(again["visit"]["id"], live["visit"]["id"]);
    assert_ne!(again["visit"]["words"], live["visit"]["words"], "a new certificate, new words");
    for word in again["visit"]["words"].as_array().unwrap() {
        patient.shows(word.as_str().unwrap()).await;
    }
    practice.ok(&["visit", "end"]);
    patient.shows("Dr. Okafor ended the visit").await;
    let visit = practice.json(&["visit", "show"]);
    assert_eq!(visit["end_reason"], "clinician");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visit_whose_agent_was_killed_ends_on_record() {
    let (_relay, practice, patient) = who_waits().await;
    practice.ok(&CALL);
    practice.until("sound and picture run", &["status"], |status| status["visit"]["phase"] == "live");
    let note = practice.json(&["note", "new", "ada"]);
    assert!(note["text"].as_str().unwrap().contains("still running"), "{note}");

    practice.kill_agent();
    practice.ok(&["unlock"]);
    let visit = practice.json(&["visit", "show"]);
    assert_eq!(visit["end_reason"], "lost");
    assert!(visit["ended"].as_str() >= visit["connected"].as_str(), "{visit}");
    let note = practice.json(&["note", "show", note["id"].as_str().unwrap()]);
    assert!(note["text"].as_str().unwrap().contains(" min, direct)"), "{note}");
    patient.shows("The line dropped").await;
}
