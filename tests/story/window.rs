//! A visit whose window is killed, and what the other programs say of it.

use super::patient::Patient;
use super::programs::{Practice, Relay, kill};
use std::collections::BTreeSet;

/// Processes of this name.
fn processes(name: &str) -> BTreeSet<i32> {
    let all = std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    all.filter(|pid: &i32| std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|comm| comm.trim() == name))
        .collect()
}

/// The argument list of a process.
fn arguments(pid: i32) -> String {
    String::from_utf8_lossy(&std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default()).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visit_survives_its_window_and_no_argument_list_names_anybody() {
    let relay = Relay::start();
    let practice = Practice::open(&relay);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    let patient = Patient::pair(&practice.link("ada"), &[]).await;
    patient.knock().await;
    practice.until_lines("the console shows who waits", &["room", "list"], |room| room.len() == 1);
    let call = ["call", "ada", "--headless", "--camera", "test-card", "--microphone", "tone", "--speaker", "none"];
    let call = [&call[..], &["--loopback"]].concat();
    let before = processes("bedside-call");
    practice.ok(&call);
    let live = practice.until("sound and picture run", &["status"], |status| status["visit"]["phase"] == "live");
    let agent = practice.agent_pid();
    let window: Vec<i32> = processes("bedside-call").difference(&before).copied().collect();
    let [window] = window[..] else { panic!("one window, not {window:?}") };
    for pid in [agent, window].into_iter().chain(processes("bedside-relay")) {
        assert!(!arguments(pid).to_lowercase().contains("byron"), "{}", arguments(pid));
    }

    kill(window);
    practice.until("the agent notices", &["status"], |status| status["visit"]["phase"] == "window_lost");
    patient.shows("The line dropped").await;
    assert_eq!(practice.agent_pid(), agent);

    practice.ok(&call);
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
