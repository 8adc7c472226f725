//! kill -9 of the agent at random moments, while writers write and start it again by themselves.

use super::chance::Chance;
use super::clinic::Clinic;
use super::ledger::{Found, Ledger};
use super::row::{Row, rounds};
use super::writer::Writers;
use crate::harness::guard::{Running, until};
use crate::story::programs::{PATIENCE, Relay};
use std::time::Duration;

/// A practice is given up for a new one after so many rounds: reading all of it takes time.
const ROUNDS_OF_A_PRACTICE: u32 = 25;

#[test]
fn agent_killed_at_any_moment_loses_nothing_acknowledged() {
    let mut row = Row::of("kill -9 of the agent");
    let relay = Relay::start();
    let mut practice = None;
    for round in 0..rounds(50, 1_000) {
        let chance = &mut Chance::of("kill", round);
        let (clinic, ledger, _device) = practice.get_or_insert_with(|| begin(&relay));
        let before = ledger.acknowledged();
        let (count, mut theirs) = (chance.among(4..9), chance.fork());
        Writers::of(clinic, ledger, true).write_while(count, &mut theirs, |writers| {
            for _ in 0..chance.among(1..4) {
                std::thread::sleep(Duration::from_millis(chance.among(0..400)));
                clinic.kill();
            }
            if chance.once_in(2) {
                writers.acknowledged_more(3);
            }
        });
        row.rounds += 1;
        row.acknowledged += ledger.acknowledged() - before;
        let wrong = found(clinic, ledger);
        row.lost += wrong.len() as u64;
        assert!(wrong.is_empty(), "round {round}: {wrong:#?}");
        if round % ROUNDS_OF_A_PRACTICE == ROUNDS_OF_A_PRACTICE - 1 {
            all_was_received(clinic);
            practice = None;
        }
    }
}

/// A practice whose patient answers every message.
fn begin(relay: &Relay) -> (Clinic, Ledger, Running) {
    let (clinic, _) = Clinic::open(Some(relay));
    let device = clinic.pair();
    (clinic, Ledger::default(), device)
}

/// Opens the vault, reads everything and verifies it: what is wrong.
fn found(clinic: &Clinic, ledger: &Ledger) -> Vec<String> {
    let unlocked = clinic.unlock();
    assert_eq!(unlocked.code, 0, "{unlocked:?}");
    let found = Found::in_all(clinic).unwrap_or_else(|outcome| panic!("{outcome:?}"));
    let verified = clinic.ok(&["audit", "verify", "--json"]).json();
    assert_eq!(verified["intact"], true, "{verified}");
    ledger.compare(&found)
}

/// What was sent reaches the other end in the end, and every answer to it comes once.
pub fn all_was_received(clinic: &Clinic) {
    until("every message is received and answered once", PATIENCE, || {
        let messages = clinic.ok(&["message", "list", "--limit", "10000", "--json"]).lines();
        let (answers, sent): (Vec<_>, Vec<_>) = messages.iter().partition(|message| message["from"] == "patient");
        assert!(answers.len() <= sent.len(), "{} answers to {} messages", answers.len(), sent.len());
        let received = sent.iter().all(|message| message["delivery"] == "received");
        (received && answers.len() == sent.len()).then_some(())
    });
}
