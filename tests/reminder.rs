//! Reminders, every program real: they come at their time and once, however often the agent is killed.

use crate::harness::guard::{Running, until};
use crate::harness::wrongclock::wrong_by;
use crate::story::programs::{PATIENCE, Practice, Relay, kill};
use jiff::civil::DateTime;
use jiff::{SignedDuration, ToSpan, Zoned};
use serde_json::Value;
use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use zbus::zvariant::OwnedValue;

const ZONE: &str = "Europe/London";

fn now() -> Zoned {
    Zoned::now().in_tz(ZONE).unwrap()
}

/// The next full minute after so long.
fn minute_in(length: SignedDuration) -> Zoned {
    let at = now().checked_add(length + SignedDuration::from_mins(1)).unwrap();
    at.with().second(0).subsec_nanosecond(0).build().unwrap()
}

/// Seconds by which a clock is ahead that shows this time, in `length`.
fn ahead_of(shown: &Zoned, length: SignedDuration) -> i64 {
    (shown.duration_since(&now()) + length).as_secs()
}

fn as_typed(at: &Zoned) -> String {
    let at: DateTime = at.datetime();
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// Runs a command, and with it any agent that it starts, on a machine whose clock is ahead.
fn ahead(practice: &Practice, seconds: i64, args: &[&str]) {
    let status = practice.command(args).envs(wrong_by(seconds)).stdin(Stdio::null()).stdout(Stdio::null()).status();
    assert!(status.unwrap().success(), "bedside {args:?}");
}

/// The agent is killed, and another one opens the vault with this clock.
fn kill_and_open(practice: &Practice, seconds: i64) {
    practice.kill_agent();
    ahead(practice, seconds, &["unlock"]);
}

/// The start of each appointment that a reminder brought, in the order in which they were sent.
fn reminders(practice: &Practice) -> Vec<Value> {
    let all = practice.lines(&["message", "list"]);
    all.into_iter().filter(|message| !message["appointment"].is_null()).collect()
}

fn answers(practice: &Practice) -> usize {
    practice.lines(&["message", "list"]).iter().filter(|message| message["from"] == "patient").count()
}

#[test]
fn patient_is_reminded_once_at_each_time_though_the_agent_is_killed_again_and_again() {
    let relay = Relay::start();
    let practice = Practice::open(&relay);
    practice.ok(&["practice", "edit", "--remind-patient", "24h,1h", "--remind-me", "off", "--lock-after", "0"]);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    std::fs::write(practice.file("link"), practice.link("ada")).unwrap();
    let mut join = practice.command(&["call", "join", "--answer", "--link-file"]);
    let _ada = Running::start(join.arg(practice.file("link")).args(["--headless", "--loopback"]));
    practice.until("the device is paired", &["patient", "show", "ada"], |patient| patient["device"] == "paired");

    let start = minute_in(SignedDuration::from_hours(25));
    let id = practice.json(&["appointment", "add", "ada", &as_typed(&start)])["id"].as_str().unwrap().to_owned();
    let cancelled = practice.json(&["appointment", "add", "ada", &as_typed(&start)])["id"].as_str().unwrap().to_owned();
    practice.ok(&["appointment", "cancel", &cancelled]);
    assert!(reminders(&practice).is_empty());

    // It falls due while the agent runs, and from then on the agent is killed in whatever it is doing.
    let day_before = start.checked_sub(1.day()).unwrap();
    kill_and_open(&practice, ahead_of(&day_before, SignedDuration::from_secs(-3)));
    let sent = practice.until_lines("the reminder of the day before", &["message", "list"], |all| !all.is_empty());
    assert_eq!(sent[0]["appointment"], id.as_str());
    let words = sent[0]["text"].as_str().unwrap();
    assert!(words.contains(&start.strftime("%A %-d %B %Y at %H:%M, by video.").to_string()), "{words}");
    for statuses in 0..6 {
        kill_and_open(&practice, ahead_of(&day_before, SignedDuration::from_mins(5)));
        for _ in 0..statuses {
            practice.ok(&["status"]);
        }
    }
    practice.until_lines("she answers", &["message", "list"], |all| all.len() == 2);
    assert_eq!((reminders(&practice).len(), answers(&practice)), (1, 1));

    // Moved by two hours: it is reminded of anew, though nobody was there at the time.
    let moved = start.checked_add(2.hours()).unwrap();
    practice.ok(&["appointment", "move", &id, &as_typed(&moved)]);
    let day_before = moved.checked_sub(1.day()).unwrap();
    for _ in 0..4 {
        kill_and_open(&practice, ahead_of(&day_before, SignedDuration::from_mins(30)));
    }
    practice.until("the second reminder", &["status"], |_| reminders(&practice).len() == 2);
    let hour_before = moved.checked_sub(1.hour()).unwrap();
    for _ in 0..4 {
        kill_and_open(&practice, ahead_of(&hour_before, SignedDuration::from_mins(10)));
    }
    practice.until("the third reminder", &["status"], |_| reminders(&practice).len() == 3);
    practice.until("she answers each", &["status"], |_| answers(&practice) == 3);
    let events = practice.lines(&["audit", "list", "--kind", "message_send"]);
    assert_eq!(events.iter().filter(|event| event["actor"] == "agent").count(), 3);
    // Nor when it is over.
    kill_and_open(&practice, ahead_of(&moved, SignedDuration::from_mins(10)));
    assert_eq!(reminders(&practice).len(), 3);
}

/// A desktop, as far as this test needs: keeps what it is told to show.
#[derive(Clone, Default)]
struct Desktop {
    told: Arc<Mutex<Vec<(String, String, bool)>>>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Desktop {
    #[expect(clippy::too_many_arguments, reason = "the specification has as many")]
    fn notify(
        &self,
        _app_name: String,
        _replaces_id: u32,
        _app_icon: String,
        summary: String,
        body: String,
        _actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        let transient = hints.get("transient").is_some_and(|value| bool::try_from(value) == Ok(true));
        self.told.lock().unwrap().push((summary, body, transient));
        1
    }
}

#[test]
fn desktop_tells_of_the_next_appointment_without_a_name_open_or_locked() {
    let practice = Practice::nowhere();
    let address = format!("unix:path={}", practice.file("bus").display());
    let mut bus = Command::new("dbus-daemon");
    bus.args(["--session", "--nofork", "--nopidfile", "--address", &address]).stdout(Stdio::null());
    let _bus = Running(bus.spawn().expect("dbus-daemon"));
    until("the bus listens", PATIENCE, || practice.file("bus").exists().then_some(()));
    let desktop = Desktop::default();
    let served = zbus::connection::Builder::address(address.as_str()).unwrap();
    let served = served.name("org.freedesktop.Notifications").unwrap();
    let served = served.serve_at("/org/freedesktop/Notifications", desktop.clone()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _served = runtime.block_on(served.build()).unwrap();
    let told = || desktop.told.lock().unwrap().pop();

    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10", "--zone", ZONE]);
    practice.ok(&["patient", "add", "--name", "Quintessa Umbra"]);
    let first = minute_in(SignedDuration::from_hours(2));
    let second = first.checked_add(1.hour()).unwrap();
    for start in [&first, &second] {
        practice.ok(&["appointment", "add", "quintessa", &as_typed(start)]);
    }
    for (start, locked) in [(&first, false), (&second, true)] {
        kill(practice.agent_pid());
        let soon =
            ahead_of(start, SignedDuration::from_mins(-10) - SignedDuration::from_secs(if locked { 12 } else { 3 }));
        let mut unlock = practice.command(&["unlock"]);
        unlock
            .envs(wrong_by(soon))
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        assert!(unlock.status().unwrap().success());
        if locked {
            practice.ok(&["lock"]);
            assert_eq!((practice.json(&["status"])["vault"].as_str(), told()), (Some("locked"), None));
        }
        let (summary, body, transient) = until("the desktop is told", PATIENCE, told);
        assert_eq!((summary.as_str(), body.as_str(), transient), ("Appointment in 10 minutes", "", true));
    }
    practice.ok(&["unlock"]);
    assert_eq!(told(), None, "once");
}
