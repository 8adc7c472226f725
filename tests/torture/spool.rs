//! What arrives while the vault is locked (imports, envelopes, failed logins), under kill -9 and power cuts: after the
//! unlocking all of it is there, each thing once.

use super::chance::Chance;
use super::clinic::Clinic;
use super::ledger::{Found, Ledger, What};
use super::power::Recorded;
use super::row::{Row, rounds};
use super::writer::Writers;
use crate::harness::guard::{Running, until};
use crate::story::programs::{PATIENCE, Relay};
use rustix::process::{Pid, Signal, kill_process};
use std::time::Duration;

/// A practice is given up for a new one after so many rounds.
const ROUNDS_OF_A_PRACTICE: u32 = 20;
/// How many cuts are tried on one recording.
const CUTS_OF_A_RECORDING: u32 = 10;

/// A practice and its patient's device.
struct Locked {
    clinic: Clinic,
    device: Running,
    /// A recovery key, but of another vault.
    wrong: String,
}

impl Locked {
    fn begin(relay: &Relay) -> Self {
        let (_, wrong) = Clinic::open(None);
        let (clinic, _) = Clinic::open(Some(relay));
        let device = clinic.pair();
        Self { clinic, device, wrong }
    }

    fn patient(&self) -> About<'_> {
        About { clinic: &self.clinic, device: &self.device, wrong: &self.wrong }
    }
}

/// Whoever is about while the vault is locked. The patient's device can be made to wait.
#[derive(Clone, Copy)]
struct About<'a> {
    clinic: &'a Clinic,
    device: &'a Running,
    wrong: &'a str,
}

impl About<'_> {
    fn device(&self, signal: Signal) {
        kill_process(Pid::from_raw(i32::try_from(self.device.0.id()).unwrap()).unwrap(), signal).unwrap();
    }

    /// Writes to the patient, locks before the device has got any of it, and lets it answer to a locked vault.
    fn write_and_lock(&self, ledger: &Ledger, round: u32, chance: &mut Chance) {
        self.device(Signal::STOP);
        for number in 0..chance.among(1..4) {
            let text = format!("m{round}-{number} {}", chance.words(200));
            let tried = ledger.tries(What::Message, std::slice::from_ref(&text));
            let outcome = self.clinic.feed(&["message", "send", "ada", "--text-file", "-", "--json"], &text);
            assert_eq!(outcome.code, 0, "{outcome:?}");
            ledger.acknowledges(tried);
        }
        until("the relay has the messages", PATIENCE, || {
            let messages = self.clinic.ok(&["message", "list", "--limit", "10000", "--json"]).lines();
            messages.iter().all(|message| message["delivery"] != "queued").then_some(())
        });
        self.clinic.ok(&["lock"]);
        self.device(Signal::CONT);
    }

    /// Somebody tries a key that is not this vault's; being refused for it is what is acknowledged.
    fn fail_to_log_in(&self, ledger: &Ledger, name: &str) {
        let tried = ledger.tries(What::Login, &[name.to_owned()]);
        let command = format!("{} unlock --recovery", env!("CARGO_BIN_EXE_bedside"));
        let outcome = self.clinic.at_a_terminal(&command, &format!("{}\n", self.wrong));
        assert!(matches!(outcome.code, 3 | 4), "{outcome:?}");
        if outcome.code == 3 {
            assert!(outcome.out.contains("wrong recovery key"), "{outcome:?}");
            ledger.acknowledges(tried);
        }
    }

    /// Waits until something of the patient lies in the spool.
    fn arrived(&self) {
        until("an envelope is spooled", PATIENCE, || {
            (self.clinic.ok(&["status", "--json"]).json()["spooled"].as_u64().unwrap() > 0).then_some(())
        });
    }
}

#[test]
fn what_arrives_while_locked_survives_kill_9_and_is_taken_in_once() {
    let mut row = Row::of("kill -9 while locked");
    let relay = Relay::start();
    let mut practice = None;
    for round in 0..rounds(20, 400) {
        let chance = &mut Chance::of("spool", round);
        let (locked, ledger) = practice.get_or_insert_with(|| (Locked::begin(&relay), Ledger::default()));
        let before = ledger.acknowledged();
        let patient = locked.patient();
        patient.write_and_lock(ledger, round, chance);
        if chance.once_in(2) {
            patient.arrived();
        }
        let (count, mut theirs) = (chance.among(3..6), chance.fork());
        Writers::to_a_locked_vault(&locked.clinic, ledger).write_while(count, &mut theirs, |writers| {
            for kill in 0..chance.among(1..4) {
                if chance.once_in(2) {
                    patient.fail_to_log_in(ledger, &format!("login-{round}-{kill}"));
                }
                std::thread::sleep(Duration::from_millis(chance.among(0..250)));
                locked.clinic.kill();
            }
            if chance.once_in(2) {
                writers.acknowledged_more(3);
            }
        });
        let unlocked = locked.clinic.unlock();
        assert_eq!(unlocked.code, 0, "{unlocked:?}");
        assert!(unlocked.json()["notice"].is_null(), "{unlocked:?}");
        let found = Found::in_all(&locked.clinic).unwrap_or_else(|outcome| panic!("{outcome:?}"));
        let wrong = ledger.compare(&found);
        row.rounds += 1;
        row.acknowledged += ledger.acknowledged() - before;
        row.lost += wrong.len() as u64;
        assert!(wrong.is_empty(), "round {round}: {wrong:#?}");
        let verified = locked.clinic.ok(&["audit", "verify", "--json"]).json();
        assert_eq!(verified["intact"], true, "{verified}");
        super::kill::all_was_received(&locked.clinic);
        if round % ROUNDS_OF_A_PRACTICE == ROUNDS_OF_A_PRACTICE - 1 {
            practice = None;
        }
    }
}

#[test]
fn what_arrives_while_locked_survives_a_power_cut_and_is_taken_in_once() {
    let mut row = Row::of("power cut while locked");
    let (mut left, mut recording) = (rounds(20, 200), 0);
    while left > 0 {
        let cuts = left.min(CUTS_OF_A_RECORDING);
        left -= cuts;
        let chance = &mut Chance::of("spool power", recording);
        recording += 1;
        let relay = Relay::start();
        let Locked { clinic, device, wrong } = Locked::begin(&relay);
        let recorded = Recorded::of(clinic, |clinic, ledger| {
            let locked = About { clinic, device: &device, wrong: &wrong };
            locked.write_and_lock(ledger, recording, chance);
            let mut theirs = chance.fork();
            Writers::to_a_locked_vault(clinic, ledger).write_while(4, &mut theirs, |writers| {
                for login in 0..3 {
                    locked.fail_to_log_in(ledger, &format!("login-{login}"));
                    writers.acknowledged_more(5);
                }
                locked.arrived();
            });
            if chance.once_in(2) {
                // The power may go while all of it is taken in, too.
                clinic.unlock();
            }
        });
        drop(relay);
        recorded.cut(cuts, chance, &mut row);
    }
}
