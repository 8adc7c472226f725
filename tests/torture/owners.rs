//! Agents and writers that all come at once, and a console that loses its agent.

use super::chance::Chance;
use super::clinic::Clinic;
use super::ledger::{Found, Ledger, What};
use super::row::{Row, rounds};
use super::tape::{self, Tape};
use crate::harness::guard::{Running, until};
use crate::harness::terminal::Terminal;
use crate::story::programs::{PASSPHRASE, PATIENCE};
use std::io::Write;
use std::process::{Child, Stdio};

/// How many write at once.
const WRITERS: usize = 32;
/// A practice is given up for a new one after so many rounds.
const ROUNDS_OF_A_PRACTICE: u32 = 25;
/// A disk that takes its time, as most do that survive a power cut: what waits for it shares the next turn.
const SYNC_MS: u32 = 8;

#[test]
fn agents_and_writers_at_once_have_one_owner_and_share_its_commits() {
    let mut row = Row::of("2 to 5 agents and 32 writers at once");
    let (mut practice, mut syncs) = (None, 0);
    for round in 0..rounds(20, 200) {
        let chance = &mut Chance::of("owners", round);
        let (clinic, ledger) = practice.get_or_insert_with(|| (Clinic::open(None).0, Ledger::default()));
        clinic.stop();
        let recording = clinic.file("tape");
        drop(tape::blank(&recording));
        let environment = tape::recorder(&clinic.vault(), &recording, SYNC_MS);
        let agents: Vec<Running> = (0..chance.among(2..6)).map(|_| clinic.begin_agent(&environment)).collect();
        let unlocked = clinic.unlock();
        assert_eq!(unlocked.code, 0, "{unlocked:?}");
        until("all agents but one have ended", PATIENCE, || (clinic.agents().len() == 1).then_some(()));
        let owner = clinic.ok(&["status", "--json"]).json()["pid"].as_u64().unwrap();
        assert!(agents.iter().any(|agent| u64::from(agent.0.id()) == owner), "another agent was started");

        let before = Tape::read(&recording, &clinic.vault()).len();
        let tried = all_write(clinic, ledger, round, owner);
        assert_eq!(clinic.ok(&["status", "--json"]).json()["pid"].as_u64().unwrap(), owner);
        syncs += Tape::read(&recording, &clinic.vault()).syncs_since(before, "journal");

        let found = Found::in_all(clinic).unwrap_or_else(|outcome| panic!("{outcome:?}"));
        let wrong = ledger.compare(&found);
        row.rounds += 1;
        row.acknowledged += tried;
        row.lost += wrong.len() as u64;
        assert!(wrong.is_empty(), "round {round}: {wrong:#?}");
        let verified = clinic.ok(&["audit", "verify", "--json"]).json();
        assert_eq!(verified["intact"], true, "{verified}");
        clinic.stop();
        drop(agents);
        if round % ROUNDS_OF_A_PRACTICE == ROUNDS_OF_A_PRACTICE - 1 {
            practice = None;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
    let each = syncs as f64 / row.acknowledged as f64;
    row.remark = format!("{each:.2} fdatasync of the journal a note");
    assert!(each < 0.5, "32 writers hardly share a commit: {each} fdatasync a note");
}

/// Has all writers write one note each at the same moment; how many were kept, which must be all.
fn all_write(clinic: &Clinic, ledger: &Ledger, round: u32, owner: u64) -> u64 {
    let mut writers: Vec<Child> = (0..WRITERS)
        .map(|_| {
            let mut command = clinic.command(&["note", "new", "ada", "--text-file", "-", "--json"]);
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    // They connect, then read their text: all of them are to be there before anybody gets it.
    let sockets = || {
        let open = std::fs::read_dir(format!("/proc/{owner}/fd")).expect("an agent's descriptors can be counted");
        open.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok())
            .filter(|path| path.to_string_lossy().starts_with("socket:"))
            .count()
    };
    until("all writers are connected", PATIENCE, || (sockets() >= WRITERS).then_some(()));
    let tries: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let text = format!("r{round}-{writer} The heron stood still.");
            let tried = ledger.tries(What::Note, std::slice::from_ref(&text));
            (tried, text)
        })
        .collect();
    for (writer, (_, text)) in writers.iter_mut().zip(&tries) {
        writer.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    }
    for (writer, (tried, _)) in writers.into_iter().zip(&tries) {
        let out = writer.wait_with_output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        ledger.acknowledges(*tried);
    }
    WRITERS as u64
}

#[test]
fn agent_that_is_killed_while_it_starts_is_started_again() {
    let clinic = Clinic::nowhere();
    std::fs::create_dir(clinic.folder()).unwrap();
    // Agents take turns on the folder: as long as it is held, none gets further.
    let turn = std::fs::File::open(clinic.folder()).unwrap();
    rustix::fs::flock(&turn, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let status = clinic.command(&["status"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("an agent is started", PATIENCE, || (!clinic.agents().is_empty()).then_some(()));
    clinic.kill();
    drop(turn);
    let out = status.wait_with_output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(clinic.agents().len(), 1);
}

#[test]
fn console_comes_back_every_time_its_agent_is_killed() {
    let mut row = Row::of("agent killed under an open console");
    let mut open = None;
    for round in 0..rounds(20, 200) {
        let (clinic, ledger, terminal) = open.get_or_insert_with(|| {
            let (clinic, _) = Clinic::open(None);
            clinic.ok(&["appointment", "add", "ada", "today 23:30", "--minutes", "20"]);
            clinic.ok(&["lock"]);
            let terminal = Terminal::open(&mut clinic.console());
            (clinic, Ledger::default(), terminal)
        });
        terminal.unlock(PASSPHRASE);
        terminal.shows("Ada Byron");
        let text = format!("r{round} The heron stood still.");
        let tried = ledger.tries(What::Note, std::slice::from_ref(&text));
        let outcome = clinic.feed(&["note", "new", "ada", "--text-file", "-", "--json"], &text);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        ledger.acknowledges(tried);
        let found = Found::in_all(clinic).unwrap_or_else(|outcome| panic!("{outcome:?}"));
        let wrong = ledger.compare(&found);
        row.rounds += 1;
        row.acknowledged += 1;
        row.lost += wrong.len() as u64;
        assert!(wrong.is_empty(), "round {round}: {wrong:#?}");
        clinic.kill();
        // Nobody touches the console: it notices, starts an agent and asks for the passphrase by itself.
        terminal.shows("assphrase");
    }
}
