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
    let all = rounds(50, 500);
    // Half as many recordings again would take longer than the cuts.
    let each = CUTS_OF_A_RECORDING.max(all / 20);
    for recording in 0..all.div_ceil(each) {
        let chance = &mut Chance::of("power", recording);
        let recorded = Recorded::of_a_busy_agent(chance);
        let cuts = each.min(all - recording * each);
        recorded.cut(cuts, chance, &mut row);
    }
}

/// Were nothing ever synced, this would be noticed.
#[test]
fn power_cut_on_a_disk_that_never_syncs_is_found_to_lose() {
    let chance = &mut Chance::of("no sync", 0);
    let mut recorded = Recorded::of_a_busy_agent(chance);
    recorded.tape.forget_syncs();
    let mut disk = recorded.start.clone();
    disk.play(&recorded.tape, recorded.tape.len());
    let lost = (0..20).any(|_| {
        let after = Clinic::after_a_cut(&disk, &recorded.tape, chance);
        !wrong(&after, &recorded.ledger, disk.facts).is_empty()
    });
    assert!(lost, "twenty power cuts without a single sync are said to have lost nothing");
}

/// What an agent did to its disk, from a start.
pub struct Recorded {
    pub start: Disk,
    pub tape: Tape,
    pub ledger: Ledger,
    pub clinic: Clinic,
}

impl Recorded {
    /// An agent with writers, that is locked and opened once meanwhile.
    fn of_a_busy_agent(chance: &mut Chance) -> Self {
        let relay = Relay::start();
        let (clinic, _) = Clinic::open(Some(&relay));
        let _device = clinic.pair();
        let (count, mut theirs) = (chance.among(4..9), chance.fork());
        let recorded = Self::of(clinic, |clinic, ledger| {
            Writers::of(clinic, ledger, true).write_while(count, &mut theirs, |writers| {
                writers.acknowledged_more(chance.among(10..40));
                // Whoever finds it locked opens it.
                clinic.run(&["lock"]);
                writers.acknowledged_more(chance.among(10..40));
                // Long enough for the head to be settled, now and then.
                std::thread::sleep(Duration::from_millis(chance.among(0..600)));
            });
        });
        assert!(recorded.tape.renames_to("journal/000002.bj"), "no segment of the journal was begun");
        recorded
    }

    /// What this agent does while something is done with it. When it is over the relay may be gone.
    pub fn of(clinic: Clinic, busy: impl FnOnce(&Clinic, &Ledger)) -> Self {
        clinic.stop();
        let start = Disk::of(&clinic.vault());
        let ledger = Ledger::recorded(tape::blank(&clinic.file("tape")));
        {
            let _agent = clinic.start_agent(&tape::recorder(&clinic.vault(), &clinic.file("tape"), 0));
            let unlocked = clinic.unlock();
            assert_eq!(unlocked.code, 0, "{unlocked:?}");
            busy(&clinic, &ledger);
            clinic.stop();
        }
        let tape = Tape::read(&clinic.file("tape"), &clinic.vault());
        tape::prove(&start, &tape, &clinic.vault(), &clinic.file("proof"));
        Self { start, tape, ledger, clinic }
    }

    /// Cuts the power at so many moments, each time on a disk of its own.
    pub fn cut(self, cuts: u32, chance: &mut Chance, row: &mut Row) {
        let Self { start: mut disk, tape, ledger, clinic } = self;
        let mut moments: Vec<usize> = (0..cuts).map(|_| tape.moment(chance)).collect();
        moments.sort_unstable();
        for moment in moments {
            disk.play(&tape, moment);
            let mut after = Clinic::after_a_cut(&disk, &tape, chance);
            if chance.once_in(5) {
                // And once more, while it is opened and what was torn is mended.
                let Self { start: mut disk, tape, .. } = Self::of(after, |_, _| {});
                disk.play(&tape, tape.moment(chance));
                after = Clinic::after_a_cut(&disk, &tape, chance);
            }
            let index = after.index_begun();
            let wrong = wrong(&after, &ledger, disk.facts);
            row.rebuilt += u32::from(after.index_begun() != index);
            row.rounds += 1;
            row.acknowledged += ledger.acknowledged_when(disk.facts);
            row.lost += wrong.len() as u64;
            assert!(wrong.is_empty(), "cut at {moment} of {} on {}: {wrong:#?}", tape.len(), clinic.folder().display());
        }
    }
}

/// Opens the vault, reads everything, verifies it and writes on: what is wrong.
fn wrong(clinic: &Clinic, ledger: &Ledger, facts: usize) -> Vec<String> {
    let unlocked = clinic.unlock();
    if unlocked.code != 0 {
        return vec![format!("{unlocked:?}")];
    }
    let notice = unlocked.json()["notice"].as_str().unwrap_or_default().to_owned();
    let mut wrong = match Found::in_all(clinic) {
        Ok(found) => ledger.compare_when(&found, facts),
        Err(outcome) => vec![format!("{outcome:?}")],
    };
    if !notice.is_empty() && !notice.contains("the last write was not finished") {
        wrong.push(notice);
    }
    for args in [&["audit", "verify"][..], &["note", "new", "ada", "--kind", "plain"]] {
        let outcome = clinic.run(args);
        if outcome.code != 0 {
            wrong.push(format!("{outcome:?}"));
        }
    }
    clinic.stop();
    wrong
}
