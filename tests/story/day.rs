//! One day, from the first command to the audit log, with everything in it: the console in a terminal, the call in its
//! window on a display, sound through a sound server, a patient's browser with camera and microphone.

use super::patient::Patient;
use super::programs::{PASSPHRASE, Practice, Relay, files, processes};
use crate::call::speech::{Arrival, speech};
use crate::harness::display::Display;
use crate::harness::guard::until;
use crate::harness::pulse::Pulse;
use crate::harness::terminal::Terminal;
use crate::harness::wave;
use bedside::call::device::card::bars_match;
use serde_json::{Value, json};
use std::time::Duration;

/// Names and texts that must be found nowhere but where they belong.
const CANARIES: [&str; 5] = ["Byron", "zebrafinch", "quicksilver", "marmalade", "heliotrope"];
/// What the clinic's system wrote.
const CALENDAR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/clinic.ics");
/// How long sound and picture may take to be recognised on a machine that is busy with both ends of the call.
pub(super) const MEDIA: Duration = Duration::from_secs(180);

/// Where the clinician sits: a terminal, a display, a sound server.
struct Desk {
    display: Display,
    sound: Pulse,
}

impl Desk {
    /// Opens the console of a practice here, with a test card before its camera.
    fn open(&self, practice: &Practice) -> Terminal {
        let mut console = practice.console();
        console.args(["--camera", "test-card", "--original-sound", "--loopback"]);
        self.display.dress(self.sound.dress(&mut console));
        Terminal::open(&mut console)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_at_the_practice() {
    let mut relay = Relay::start();
    let practice = Practice::nowhere();
    let _agent = practice.start_agent();
    practice.init(&relay);
    let desk = Desk { display: Display::start().with_screen_reader(), sound: Pulse::start() };
    // The patient says the same words, a third of the way on.
    let ours = speech();
    let theirs: Vec<f32> = [&ours[ours.len() / 3..], &ours[..ours.len() / 3]].concat();

    the_calendar_comes_in(&practice);
    let console = desk.open(&practice);
    let link = console_invites(&console);
    let patient = Patient::pair_with_voice(&link, &theirs).await;
    practice.until("the console sees the device", &["patient", "show", "ada"], |ada| ada["device"] == "paired");
    patient.until("location.hash === ''").await;
    messages_survive_everything_between(&practice, &mut relay, &patient, &console).await;
    patient_waits(&practice, &patient, &console).await;
    assert!(!contains(&relay.traffic(), b" typ "), "a candidate can be read on the wire");

    // The visit: both see and hear each other, directly.
    console.press("Enter");
    words_are_the_same(&practice, &desk, &patient, &console).await;
    both_see_and_hear(&practice, &desk, &patient, (&ours, &theirs)).await;
    nothing_shows_who_it_is(&desk, &console);
    let console = terminal_closes_and_the_visit_goes_on(&practice, &desk, &patient, console).await;
    window_hangs_up(&practice, &desk, &patient).await;

    note_is_written_and_signed(&practice, &console);
    drop(console);
    locked_vault_takes_what_comes(&practice, &patient).await;
    patient_leaves_a_second_visit(&practice, &patient).await;
    everything_is_in_the_record(&practice);
    nothing_leaked(&practice, &relay);
}

/// The morning: patients and the clinic's calendar, twice.
fn the_calendar_comes_in(practice: &Practice) {
    practice.ok(&["patient", "add", "--name", "Ada Byron", "--phone", "+44 1", "--emergency", "Charles, +44 2"]);
    let first = practice.json(&["appointment", "import", CALENDAR]);
    assert_eq!((&first["added"], &first["unmatched"]), (&json!(5), &json!(1)));
    let again = practice.json(&["appointment", "import", CALENDAR]);
    assert_eq!((&again["added"], &again["unchanged"]), (&json!(0), &json!(5)));
    let day = practice.lines(&["agenda", "--date", "2026-11-26"]);
    assert_eq!(day[0]["name"], "Ada Byron");
    assert_eq!(day[0]["start"], "2026-11-26T11:00:00+00:00");
}

/// A link, made and copied in the console.
fn console_invites(console: &Terminal) -> String {
    console.shows("Today");
    console.press("/");
    console.write("ada");
    console.shows("Ada Byron");
    console.press("Enter");
    console.shows("i invites the device");
    console.press("i");
    console.shows("#v1.");
    console.press("y");
    console.shows("handed to the clipboard");
    let link = console.clipboard();
    console.press("Escape");
    link
}

/// Messages both ways, while agent, relay and page go and come back.
async fn messages_survive_everything_between(
    practice: &Practice,
    relay: &mut Relay,
    patient: &Patient,
    console: &Terminal,
) {
    patient.press("Messages").await;
    patient.write("I saw a zebrafinch.").await;
    patient.until_state("zebrafinch", "received").await;
    practice.until_lines("the message is there", &["message", "show", "ada"], |thread| {
        thread.iter().any(|message| message["text"] == "I saw a zebrafinch.")
    });
    until("the console rings", MEDIA, || (console.ask("#{window_bell_flag}") == "1").then_some(()));

    // The agent is killed; the console starts another and asks for the passphrase.
    practice.kill_agent();
    patient.write("Are you still there?").await;
    patient.until_state("Are you still there?", "on its way").await;
    console.unlock(PASSPHRASE);
    patient.until_state("Are you still there?", "received").await;

    // The answer is written while there is no relay.
    relay.stop();
    console.press("2");
    console.shows("“Are you still there?”");
    console.press("m");
    console.shows("to Ada Byron");
    console.shows("zebrafinch");
    console.write("quicksilver");
    console.press("C-s");
    console.answer("Send this to Ada Byron?");
    console.shows("not sent yet");
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
}

/// The waiting room: who waits is shown and told when; nobody's address has left a side.
async fn patient_waits(practice: &Practice, patient: &Patient, console: &Terminal) {
    patient.knock().await;
    let room = practice.until_lines("somebody waits", &["room", "list"], |room| room.len() == 1);
    assert_eq!((&room[0]["name"], &room[0]["place"]), (&json!("Ada Byron"), &json!("at home")));
    console.press("Escape");
    console.press("3");
    console.shows("Ada Byron is in the waiting room");
    practice.ok(&["room", "tell", "ada", "--minutes", "5"]);
    patient.shows("About 5 minutes").await;
    console.shows("told “about 5 minutes”");
    let connections: usize = patient.page.evaluate("connections.length").await;
    assert_eq!(connections, 0, "who was not admitted gathers no candidate");
    assert_eq!(practice.json(&["status"])["visit"], Value::Null);
}

/// The five words, at every place where they stand, and compared.
async fn words_are_the_same(practice: &Practice, desk: &Desk, patient: &Patient, console: &Terminal) {
    practice.until("sound and picture run", &["status"], |status| status["visit"]["phase"] == "live");
    let kept = practice.json(&["visit", "show"]);
    let words: Vec<String> = serde_json::from_value(kept["words"].clone()).unwrap();
    assert_eq!(words.len(), 5);
    console.shows(&words.join(" · "));
    for word in &words {
        patient.shows(word).await;
    }
    let spoken = words.join(", ");
    until("the window shows the words, to a screen reader too", MEDIA, || {
        desk.display.read_aloud().iter().any(|line| line.contains(&spoken)).then_some(())
    });
    for told in ["● microphone", "● camera", "direct", "good", "00:0"] {
        console.shows(told);
    }
    console.press("w");
    console.shows("words compared");
    let ada = practice.json(&["patient", "show", "ada"]);
    assert!(ada["verified"].is_string(), "the words were compared with this device");
}

/// Picture by its colours and sound by its likeness, at both ends.
async fn both_see_and_hear(practice: &Practice, desk: &Desk, patient: &Patient, (ours, theirs): (&[f32], &[f32])) {
    patient.sees_the_card().await;
    let window = desk.display.window("bedside call");
    until("the patient's picture stands in the window", MEDIA, || {
        bars_match(&desk.display.stage(&window), 40).then_some(())
    });
    let voice = practice.file("voice.wav");
    wave::write(&voice, &ours.repeat(40));
    let _speaking = desk.sound.play(&voice, "micfeed");
    patient.listen().await;
    patient.hears(ours).await;
    let (_recording, recorded) = desk.sound.record("speaker");
    let mut arrival = Arrival::of(theirs);
    until("the patient's voice comes out of the speaker", MEDIA, || arrival.listen(&recorded).then_some(()));
}

/// Titles and argument lists name nobody.
fn nothing_shows_who_it_is(desk: &Desk, console: &Terminal) {
    let titles = format!("{} {}", desk.display.titles(), console.ask("#{pane_title} #{window_name}"));
    assert!(titles.contains("bedside call"), "{titles}");
    assert_eq!(leak(titles.as_bytes()), None, "{titles}");
    for (pid, arguments) in processes() {
        assert_eq!(leak(arguments.as_bytes()), None, "{pid}: {arguments}");
    }
}

/// The terminal is closed in the middle of the visit: window, call and agent do not notice.
async fn terminal_closes_and_the_visit_goes_on(
    practice: &Practice,
    desk: &Desk,
    patient: &Patient,
    console: Terminal,
) -> Terminal {
    let agent = practice.agent_pid();
    console.close();
    let samples: usize = patient.page.evaluate("heardSamples").await;
    patient.until(&format!("heardSamples > {samples} + 96000")).await;
    patient.sees_the_card().await;
    assert_eq!(practice.agent_pid(), agent);
    assert_eq!(practice.json(&["status"])["visit"]["phase"], "live");
    let again = desk.open(practice);
    again.shows("direct");
    again
}

/// Ctrl-E twice in the window; the page says what happened, and of the visit is kept what must be.
async fn window_hangs_up(practice: &Practice, desk: &Desk, patient: &Patient) {
    desk.display.window("bedside call");
    for _ in 0..2 {
        desk.display.hand(&["key", "ctrl+e"]);
        // Longer than what counts as typed ahead.
        std::thread::sleep(Duration::from_millis(500));
    }
    patient.shows("Dr. Okafor ended the visit").await;
    let visits =
        practice.until_lines("the visit has ended", &["visit", "list"], |visits| visits[0]["ended"].is_string());
    assert_eq!((&visits[0]["path"], &visits[0]["codec"]), (&json!("direct"), &json!("VP8")));
    assert_eq!(visits[0]["end_reason"], "clinician");
    assert!(visits[0]["words_compared"].is_string());
    let mut kept: Vec<&str> = visits[0].as_object().unwrap().keys().map(String::as_str).collect();
    kept.sort_unstable();
    assert_eq!(kept, VISIT_FIELDS, "of the visit nothing else is kept");
}

/// What is kept of a visit.
const VISIT_FIELDS: [&str; 14] = [
    "admitted",
    "appointment",
    "codec",
    "connected",
    "end_reason",
    "ended",
    "id",
    "knocked",
    "name",
    "path",
    "patient",
    "words",
    "words_compared",
    "words_differed",
];

/// A note: begun with the visit's times, written in the console and by a script, signed.
fn note_is_written_and_signed(practice: &Practice, console: &Terminal) {
    console.press("/");
    console.write("ada");
    console.shows("Ada Byron");
    console.press("Enter");
    console.press("n");
    console.shows("Video visit ");
    console.write("Likes heliotrope. ");
    console.shows("saved");
    let found = practice.until_lines("it is found", &["note", "search", "heliotrope"], |notes| notes.len() == 1);
    let id = found[0]["id"].as_str().unwrap().to_owned();
    console.press("Escape");
    let text = practice.json(&["note", "show", &id])["text"].as_str().unwrap().to_owned();
    assert!(text.starts_with("Video visit ") && text.contains(" min, direct)") && text.contains("S: "), "{text}");
    practice.feed(&["note", "edit", &id, "--text-file", "-"], &format!("{text}Ate marmalade."));
    assert_eq!(practice.lines(&["note", "search", "marmalade"]).len(), 1);
    practice.ok(&["note", "sign", &id]);
    let more = practice.file("more");
    std::fs::write(&more, "More.").unwrap();
    practice.fails(1, &["note", "edit", &id, "--text-file", more.to_str().unwrap()]);
    practice.ok(&["note", "addendum", &id, "--text-file", more.to_str().unwrap()]);
}

/// While it is locked a message, a knock and an import arrive all the same.
async fn locked_vault_takes_what_comes(practice: &Practice, patient: &Patient) {
    practice.ok(&["lock"]);
    practice.fails(3, &["patient", "list"]);
    patient.press("Messages").await;
    patient.write("While you were away.").await;
    patient.until_state("While you were away.", "on its way").await;
    let queued = practice.json(&["appointment", "import", CALENDAR]);
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
}

/// A visit that a script opens, and the patient ends.
async fn patient_leaves_a_second_visit(practice: &Practice, patient: &Patient) {
    let call = ["call", "ada", "--headless", "--camera", "test-card", "--microphone", "tone", "--speaker", "none"];
    practice.ok(&[&call[..], &["--loopback"]].concat());
    practice.until("sound and picture run", &["status"], |status| status["visit"]["phase"] == "live");
    patient.press("Leave").await;
    patient.press("Yes, leave").await;
    patient.shows("The visit has ended").await;
    // What falls silent when the visit is over disturbs nobody.
    let _: Value = patient.page.evaluate("(silence(), null)").await;
    patient.shows("The visit has ended").await;
    practice.until_lines("the visit has ended", &["visit", "list"], |visits| {
        visits.len() == 2 && visits.iter().any(|visit| visit["end_reason"] == "patient")
    });
}

/// The audit log is whole and has every action.
fn everything_is_in_the_record(practice: &Practice) {
    assert_eq!(practice.json(&["audit", "verify"])["intact"], true);
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
}

/// Nothing of it can be read where it does not belong.
fn nothing_leaked(practice: &Practice, relay: &Relay) {
    for file in files(&practice.folder()) {
        assert_eq!(leak(&std::fs::read(&file).unwrap()), None, "{}", file.display());
    }
    let log = std::fs::read(practice.log()).unwrap();
    for line in [&b"action=NoteSign"[..], b"the relay is reached", b"relayed=false", b"measured"] {
        assert!(contains(&log, line), "{} is not logged: nothing is shown by the log", String::from_utf8_lossy(line));
    }
    let traffic = relay.traffic();
    assert!(traffic.len() > 100_000, "nothing passed the tap");
    for (what, bytes) in [("logs", log), ("relay's log", std::fs::read(relay.log()).unwrap()), ("traffic", traffic)] {
        assert_eq!(leak(&bytes), None, "in the {what}");
    }
}

/// The canary that can be read in these bytes.
fn leak(bytes: &[u8]) -> Option<&'static str> {
    CANARIES.iter().find(|canary| contains(bytes, canary.as_bytes())).copied()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
