//! A power cut at any moment: the agent is recorded while writers write, and the vault is opened as the disk may have
//! been left at one moment after another.

use super::chance::Chance;
use super::clinic::Clinic;
use super::ledger::{Found, Ledger};
use super::row::{Row, rounds};
use super::tape::{self, Disk, Tape};
use super::writer::Writers;
use crate::story::programs::Relay;
use std::time::Duration;

/// How many cuts are tried on one recording.
const CUTS_OF_A_RECORDING: u32 = 10;

#[test]
fn power_cut_at_any_moment_loses_nothing_acknowledged() {
    let mut row = Row::of("power cut");
    let mut left = rounds(50, 500);
    let mut recording = 0;
    while left > 0 {
        let cuts = left.min(CUTS_OF_A_RECORDING.max(rounds(50, 500) / 20));
        left -= cuts;
        let chance = &mut Chance::of("power", recording);
        recording += 1;
        cut_often(cuts, chance, &mut row);
    }
}

fn cut_often(cuts: u32, chance: &mut Chance, row: &mut Row) {
    let relay = Relay::start();
    let (clinic, _) = Clinic::open(Some(&relay));
    let _device = clinic.pair();
    clinic.stop();
    let start = Disk::of(&clinic.vault());
    let ledger = Ledger::recorded(tape::blank(&clinic.file("tape")));
    {
        let environment = tape::recorder(&clinic.vault(), &clinic.file("tape"), 0);
        let _agent = clinic.start_agent(&environment);
        let unlocked = clinic.unlock();
        assert_eq!(unlocked.code, 0, "{unlocked:?}");
        let (count, mut theirs) = (chance.among(4..9), chance.fork());
        Writers::of(&clinic, &ledger, true).write_while(count, &mut theirs, |writers| {
            writers.acknowledged_more(chance.among(30..80));
            // Long enough for the head to be settled, now and then.
            std::thread::sleep(Duration::from_millis(chance.among(0..600)));
        });
        clinic.stop();
    }
    // The copies must not be taken for the practice.
    drop(relay);
    let tape = Tape::read(&clinic.file("tape"), &clinic.vault());
    tape::prove(&start, &tape, &clinic.vault(), &clinic.file("proof"));
    let mut moments: Vec<usize> = (0..cuts).map(|_| tape.moment(chance)).collect();
    moments.sort_unstable();
    let mut disk = start;
    for moment in moments {
        disk.play(&tape, moment);
        let after = Clinic::nowhere();
        std::fs::create_dir(after.folder()).unwrap();
        disk.lay_out_torn(&tape, &after.vault(), chance);
        row.rounds += 1;
        row.acknowledged += ledger.acknowledged_when(disk.facts);
        let wrong = found(&after, &ledger, disk.facts, row);
        row.lost += wrong.len() as u64;
        assert!(wrong.is_empty(), "cut at {moment} of {}: {wrong:#?}", tape.len());
    }
}

/// Opens the vault, reads everything, verifies it and writes on: what is wrong.
fn found(clinic: &Clinic, ledger: &Ledger, facts: usize, row: &mut Row) -> Vec<String> {
    let index = clinic.index_begun();
    let unlocked = clinic.unlock();
    assert_eq!(unlocked.code, 0, "{unlocked:?}");
    let notice = unlocked.json()["notice"].as_str().unwrap_or_default().to_owned();
    assert!(notice.is_empty() || notice.contains("the last write was not finished"), "{notice}");
    let found = Found::in_all(clinic).unwrap_or_else(|outcome| panic!("{outcome:?}"));
    let verified = clinic.ok(&["audit", "verify", "--json"]).json();
    assert_eq!(verified["intact"], true, "{verified}");
    row.rebuilt += u32::from(clinic.index_begun() != index);
    let wrong = ledger.compare_when(&found, facts);
    clinic.ok(&["note", "new", "ada", "--kind", "plain"]);
    clinic.stop();
    wrong
}
