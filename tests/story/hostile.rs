//! A patient, a relay and a typing hand that do what they should not.

use super::patient::Patient;
use super::programs::{Practice, Relay};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patient_cannot_steer_the_terminal() {
    let relay = Relay::start();
    let practice = Practice::open(&relay);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    let patient = Patient::pair(&practice.link("ada"), &[]).await;
    patient.press("Messages").await;
    patient.write("\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}gnp.exe").await;
    practice.until_lines("the message is there", &["message", "list"], |messages| messages.len() == 1);
    let shown = practice.ok(&["message", "show", "ada"]);
    assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown:?}");
    assert!(shown.contains("\\u{1b}[2J"), "what was sent can be seen: {shown:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn camera_and_microphone_that_are_not_allowed_are_told_with_what_to_do() {
    let relay = Relay::start();
    let practice = Practice::open(&relay);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    let patient = Patient::pair(&practice.link("ada"), &[]).await;
    let refuse = r#"navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", "NAME"); }, null"#;
    for (name, sentence) in [
        ("NotAllowedError", "Camera and microphone are not allowed. Tap the sign at the left of the address"),
        ("NotReadableError", "Another program is using the camera or microphone. Close it"),
        ("NotFoundError", "There is no camera and no microphone. Plug in a headset"),
    ] {
        let _: serde_json::Value = patient.page.evaluate(&format!("({})", refuse.replace("NAME", name))).await;
        patient.press("I'm here for my visit").await;
        patient.shows(sentence).await;
        patient.press("Back").await;
    }
}

#[test]
fn link_needs_a_relay_and_says_so() {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    let said = practice.fails(1, &["patient", "invite", "ada"]);
    assert!(said.contains("no relay") && said.contains("bedside practice edit"), "{said}");
    let said = practice.fails(1, &["call", "ada", "--no-wait"]);
    assert!(said.contains("not in the waiting room"), "{said}");
    let said = practice.fails(2, &["practice", "edit", "--relay", "http://relay.example"]);
    assert!(said.contains("cannot be used") && said.contains("https://"), "{said}");
    let said = practice.fails(1, &["patient", "show", "nobody"]);
    assert!(said.contains("bedside patient list"), "{said}");
}

#[test]
fn short_passphrase_makes_no_vault() {
    let practice = Practice::nowhere();
    std::fs::write(practice.file("passphrase"), "too short").unwrap();
    let said = practice.fails(1, &["init", "--clinician", "Dr. Okafor", "--addresses", "direct"]);
    assert!(said.contains("fewer than 15"), "{said}");
    assert_eq!(practice.json(&["status"])["vault"], "missing");
}
