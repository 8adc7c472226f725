//! A day at the practice, every program real: console, agent, relay, a patient's browser, a call in a window.

mod day;
mod hostile;
pub mod patient;
pub mod programs;
mod window;

use crate::harness::guard::until;
use programs::{PATIENCE, Practice};

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
    let open = practice.agent_pid();
    assert!(memory_holds(open, b"Quintessa"), "an open vault holds names, or this test sees nothing");
    let status = std::fs::read_to_string(format!("/proc/{open}/status")).unwrap();
    let locked = status.lines().find_map(|line| line.strip_prefix("VmLck:")).unwrap();
    assert_ne!(locked.trim(), "0 kB", "keys are not written to swap");
    practice.ok(&["lock"]);
    let pid = practice.agent_pid();
    assert!(!memory_holds(pid, b"Quintessa"));
    practice.ok(&["unlock"]);
    assert_eq!(practice.lines(&["patient", "list"]).len(), 1);
}

/// Whether a process's memory holds these bytes.
pub fn memory_holds(pid: i32, part: &[u8]) -> bool {
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
