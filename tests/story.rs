//! A day at the practice, every program real: console, agent, relay, a patient's browser, a call in a window.

mod hostile;
pub mod patient;
pub mod programs;
mod window;

use crate::harness::guard::until;
use patient::Patient;
use programs::{PATIENCE, Practice, Relay, files};
use serde_json::json;

/// Names and texts that must be found nowhere but where they belong.
const CANARIES: [&str; 4] = ["Byron", "zebrafinch", "quicksilver", "marmalade"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_at_the_practice() {
    let mut relay = Relay::start();
    let practice = Practice::open(&relay);

    // The morning: patients and the clinic's calendar, twice.
    practice.ok(&["patient", "add", "--name", "Ada Byron", "--phone", "+44 1", "--emergency", "Charles, +44 2"]);
    let calendar = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/clinic.ics");
    let first = practice.json(&["appointment", "import", calendar]);
    assert_eq!((&first["added"], &first["unmatched"]), (&json!(5), &json!(1)));
    let again = practice.json(&["appointment", "import", calendar]);
    assert_eq!((&again["added"], &again["unchanged"]), (&json!(0), &json!(5)));
    let day = practice.lines(&["agenda", "--date", "2026-11-26"]);
    assert_eq!(day[0]["name"], "Ada Byron");
    assert_eq!(day[0]["start"], "2026-11-26T11:00:00+00:00");

    // The link, the tap, the conversation.
    let patient = Patient::pair(&practice.link("ada"), &[]).await;
    practice.until("the console sees the device", &["patient", "show", "ada"], |ada| ada["device"] == "paired");
    patient.until("location.hash === ''").await;

    // Messages through everything that can go wrong between.
    patient.press("Messages").await;
    patient.write("I saw a zebrafinch.").await;
    patient.until_state("zebrafinch", "received").await;
    practice.until_lines("the message is there", &["message", "show", "ada"], |thread| {
        thread.iter().any(|message| message["text"] == "I saw a zebrafinch.")
    });
    practice.kill_agent();
    patient.write("Are you still there?").await;
    patient.until_state("Are you still there?", "on its way").await;
    practice.ok(&["unlock"]);
    patient.until_state("Are you still there?", "received").await;
    relay.stop();
    practice.feed(&["message", "send", "ada", "--text-file", "-"], "quicksilver");
    relay.start_again();
    patient.shows("quicksilver").await;
    patient.page.reload().await;
    patient.press("Messages").await;
    patient.shows("quicksilver").await;
    let thread = practice.until_lines("everything is received", &["message", "show", "ada"], |thread| {
        thread.len() == 3 && thread.iter().all(|message| message["delivery"] == "received")
    });
    assert_eq!(thread.len(), 3, "nothing is lost and nothing doubles");
    let shown: usize = patient.page.evaluate("document.querySelectorAll('.thread li').length").await;
    assert_eq!(shown, 3);
    patient.press("Back").await;

    // The waiting room.
    patient.knock().await;
    let room = practice.until_lines("the console shows who waits", &["room", "list"], |room| room.len() == 1);
    assert_eq!((&room[0]["name"], &room[0]["place"]), (&json!("Ada Byron"), &json!("at home")));
    practice.ok(&["room", "tell", "ada", "--minutes", "5"]);
    patient.shows("About 5 minutes").await;

    // The visit.
    let call = ["call", "ada", "--headless", "--camera", "test-card", "--microphone", "tone", "--speaker", "none"];
    practice.ok(&[&call[..], &["--loopback"]].concat());
    let live = practice.until("sound and picture run", &["status"], |status| status["visit"]["phase"] == "live");
    let words: Vec<String> = serde_json::from_value(live["visit"]["words"].clone()).unwrap();
    assert_eq!(words.len(), 5);
    for word in &words {
        patient.shows(word).await;
    }
    let kept = practice.json(&["visit", "show"]);
    assert_eq!(kept["words"], json!(words));
    practice.ok(&["visit", "compare", "--same"]);
    let ada = practice.json(&["patient", "show", "ada"]);
    assert!(ada["verified"].is_string(), "the words were compared with this device");
    patient.until("[...document.querySelectorAll('video')].some((video) => video.videoWidth >= 640)").await;

    // Hanging up, and what is kept of it.
    patient.press("Leave").await;
    patient.press("Yes, leave").await;
    let visits =
        practice.until_lines("the visit has ended", &["visit", "list"], |visits| visits[0]["ended"].is_string());
    assert_eq!((&visits[0]["path"], &visits[0]["codec"]), (&json!("direct"), &json!("VP8")));
    assert_eq!(visits[0]["end_reason"], "patient");
    assert!(visits[0]["words_compared"].is_string());
    patient.shows("The visit has ended").await;

    // The note.
    let note = practice.json(&["note", "new", "ada"]);
    let text = note["text"].as_str().unwrap();
    assert!(text.starts_with("Video visit ") && text.contains("S: "), "{text}");
    let id = note["id"].as_str().unwrap();
    practice.feed(&["note", "edit", id, "--text-file", "-"], &format!("{text}Ate marmalade."));
    assert_eq!(practice.lines(&["note", "search", "marmalade"]).len(), 1);
    practice.ok(&["note", "sign", id]);
    std::fs::write(practice.file("more"), "More.").unwrap();
    let more = practice.file("more");
    practice.fails(1, &["note", "edit", id, "--text-file", more.to_str().unwrap()]);
    practice.ok(&["note", "addendum", id, "--text-file", more.to_str().unwrap()]);

    // Locked: a message, a knock and an import arrive all the same.
    practice.ok(&["lock"]);
    practice.fails(3, &["patient", "list"]);
    patient.press("Messages").await;
    patient.write("While you were away.").await;
    patient.until_state("While you were away.", "on its way").await;
    let queued = practice.json(&["appointment", "import", calendar]);
    assert_eq!(queued["queued"], true);
    patient.press("Back").await;
    patient.press("I'm here for my visit").await;
    patient.press("I'm ready").await;
    practice.until("the knock rings without a name", &["status"], |status| status["waiting"] == 1);
    practice.until("they are spooled", &["status"], |status| status["spooled"].as_u64() >= Some(3));
    practice.ok(&["unlock"]);
    practice.until_lines("the message is there", &["message", "list"], |messages| {
        messages.iter().any(|message| message["text"] == "While you were away.")
    });
    practice.until_lines("who waits is there", &["room", "list"], |room| room.len() == 1);

    // The record.
    let proof = practice.json(&["audit", "verify"]);
    assert_eq!(proof["intact"], true);
    let events = practice.lines(&["audit", "list", "--limit", "1000"]);
    let actions: Vec<&str> = events.iter().filter_map(|event| event["action"].as_str()).collect();
    for action in [
        "init",
        "unlock",
        "lock",
        "patient_add",
        "patient_invite",
        "patient_paired",
        "appointment_import",
        "message_send",
        "message_receive",
        "visit_knock",
        "visit_admit",
        "visit_connect",
        "visit_end",
        "words_compared",
        "note_add",
        "note_sign",
        "note_addendum",
        "note_search",
    ] {
        assert!(actions.contains(&action), "{action} is not in the audit log");
    }

    // Nothing of it can be read where it does not belong.
    let leaks = |bytes: &[u8]| CANARIES.iter().find(|canary| contains(bytes, canary.as_bytes())).copied();
    for file in files(&practice.folder()) {
        assert_eq!(leaks(&std::fs::read(&file).unwrap()), None, "{}", file.display());
    }
    assert_eq!(leaks(&std::fs::read(relay.log()).unwrap()), None, "the relay's log at trace");
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn one_agent_serves_a_place_however_many_start_at_once() {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    practice.ok(&["agent", "--stop"]);
    let children: Vec<_> = (0..8)
        .map(|_| practice.command(&["status", "--json"]).stdout(std::process::Stdio::piped()).spawn().unwrap())
        .collect();
    let pids: std::collections::HashSet<i64> = children
        .into_iter()
        .map(|child| child.wait_with_output().unwrap())
        .map(|out| serde_json::from_slice::<serde_json::Value>(&out.stdout).unwrap()["pid"].as_i64().unwrap())
        .collect();
    assert_eq!(pids.len(), 1);
}

#[test]
fn locking_forgets_every_secret_and_keeps_ringing() {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    practice.ok(&["patient", "add", "--name", "Quintessa Umbra"]);
    assert!(memory_holds(practice.agent_pid(), b"Quintessa"), "an open vault holds names, or this test sees nothing");
    practice.ok(&["lock"]);
    let pid = practice.agent_pid();
    assert!(!memory_holds(pid, b"Quintessa"));
    practice.ok(&["unlock"]);
    assert_eq!(practice.lines(&["patient", "list"]).len(), 1);
}

/// Whether a process's memory holds these bytes.
fn memory_holds(pid: i32, part: &[u8]) -> bool {
    use std::os::unix::fs::FileExt;
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let memory = std::fs::File::open(format!("/proc/{pid}/mem")).unwrap();
    maps.lines().filter(|line| line.contains(" rw")).any(|line| {
        let range = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (from, to) = (u64::from_str_radix(range.0, 16).unwrap(), u64::from_str_radix(range.1, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        memory.read_exact_at(&mut bytes, from).is_ok() && contains(&bytes, part)
    })
}

#[test]
fn idle_vault_locks_itself() {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    practice.ok(&["practice", "edit", "--lock-after", "1"]);
    let left = practice.json(&["status"])["locks_in_s"].as_u64().unwrap();
    assert!((50..=60).contains(&left), "{left}");
    until("the vault locks itself", std::time::Duration::from_secs(75), || {
        Some(()).filter(|()| practice.json(&["status"])["vault"] == "locked")
    });
}

#[test]
fn wrong_passphrase_costs_time_and_is_told() {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    practice.ok(&["lock"]);
    std::fs::write(practice.file("wrong"), "another passphrase altogether").unwrap();
    let wrong = practice.file("wrong");
    let said = practice.fails(3, &["unlock", "--passphrase-file", wrong.to_str().unwrap()]);
    assert!(said.contains("wrong passphrase") && said.contains("hint"), "{said}");
    let said = practice.fails(3, &["unlock"]);
    assert!(said.contains("try again in 1 s"), "{said}");
    until("the delay is over", PATIENCE, || practice.run(&["unlock"]).status.success().then_some(()));
    let events = practice.lines(&["audit", "list"]);
    assert!(events.iter().any(|event| event["action"] == "unlock_failed"));
}

#[test]
fn broken_calendar_imports_nothing_and_names_the_line() {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    let broken = practice.file("broken.ics");
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/clinic.ics")).unwrap();
    std::fs::write(&broken, text.replace("DTSTART:20261127T090000Z", "DTSTART:yesterday")).unwrap();
    let said = practice.fails(1, &["appointment", "import", broken.to_str().unwrap()]);
    assert!(said.contains("nothing was imported") && said.contains("line 17"), "{said}");
    assert!(practice.lines(&["agenda", "--date", "2026-11-26", "--days", "30"]).is_empty());
}
