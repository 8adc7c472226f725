//! A disk that is full in the middle of an import of ten thousand: it is refused in words, what was acknowledged is
//! kept and can be read while there is no space, and when space returns everything goes on.

use super::chance::Chance;
use super::clinic::{Clinic, Outcome};
use super::ledger::{Found, Ledger, What};
use super::row::{Row, rounds};
use super::writer::{Entry, Writers, calendar};
use std::fs::File;
use std::io::Write;
use std::path::Path;

const APPOINTMENTS: usize = 10_000;
const DISK_MIB: u32 = 96;

#[test]
fn disk_that_is_full_during_an_import_refuses_and_loses_nothing() {
    let mut row = Row::of("disk full during an import of 10,000");
    for round in 0..rounds(5, 20) {
        let chance = &mut Chance::of("disk", round);
        let clinic = Clinic::on_a_disk_of(DISK_MIB);
        let ledger = Ledger::default();
        let entries: Vec<Entry> = (0..APPOINTMENTS).map(|n| Entry::of(&format!("a{round}-{n}"), chance)).collect();
        let calendar = calendar(&entries);
        let texts: Vec<String> = entries.iter().map(Entry::text).collect();
        let import = || {
            let tried = ledger.tries(What::Appointment, &texts);
            let outcome = clinic.feed(&["appointment", "import", "-", "--missing", "keep", "--json"], &calendar);
            (tried, outcome)
        };

        // Enough for some notes, not for ten thousand appointments.
        let ballast = clinic.seen_from_outside("ballast");
        fill(&clinic, &ballast, chance.among(0..800_000));
        let mut theirs = chance.fork();
        let writers = Writers::of(&clinic, &ledger, false);
        let (_, refused) = writers.write_while(3, &mut theirs, |_| import());
        told(&refused);

        // No space at all; the agent ends in one way or the other, and the vault opens all the same.
        fill(&clinic, &ballast, 0);
        if chance.once_in(2) {
            clinic.kill()
        } else {
            clinic.stop()
        }
        compare(&clinic, &ledger, round, &mut row);
        for bytes in [900_000, 90_000, 9_000, 900] {
            let too_many = (0..20).find_map(|number| {
                let text = format!("n{round}-{bytes}-{number} {}", chance.words(bytes));
                let tried = ledger.tries(What::Note, std::slice::from_ref(&text));
                let outcome = clinic.feed(&["note", "new", "ada", "--text-file", "-", "--json"], &text);
                if outcome.code == 0 {
                    ledger.acknowledges(tried);
                }
                (outcome.code != 0).then_some(outcome)
            });
            told(&too_many.expect("a full disk takes no more than what was reserved"));
        }
        // That a chart was read can still be kept, so it can still be read.
        for _ in 0..20 {
            clinic.ok(&["patient", "show", "ada"]);
            clinic.ok(&["note", "list", "ada"]);
        }

        // Space returns.
        std::fs::remove_file(&ballast).unwrap();
        let (tried, imported) = import();
        assert_eq!(imported.code, 0, "round {round}: {imported:?}");
        assert_eq!(imported.json()["added"], APPOINTMENTS, "{imported:?}");
        ledger.acknowledges(tried);
        writers.write_while(3, &mut theirs, |writers| writers.acknowledged_more(5));
        compare(&clinic, &ledger, round, &mut row);
        row.rounds += 1;
        row.acknowledged += ledger.acknowledged();
    }
}

/// Refuses an outcome that does not say, in words, that the disk is full.
fn told(outcome: &Outcome) {
    let says = outcome.err.contains("the disk is full") && outcome.err.contains("hint: ");
    assert!(outcome.code == 1 && says, "{outcome:?}");
}

fn compare(clinic: &Clinic, ledger: &Ledger, round: u32, row: &mut Row) {
    let unlocked = clinic.unlock();
    assert_eq!(unlocked.code, 0, "round {round}: {unlocked:?}");
    let found = Found::in_all(clinic).unwrap_or_else(|outcome| panic!("round {round}: {outcome:?}"));
    let wrong = ledger.compare(&found);
    row.lost += wrong.len() as u64;
    assert!(wrong.is_empty(), "round {round}: {wrong:#?}");
    let verified = clinic.ok(&["audit", "verify", "--json"]).json();
    assert_eq!(verified["intact"], true, "{verified}");
}

/// Fills the disk until only so many bytes are left.
fn fill(clinic: &Clinic, ballast: &Path, left: u64) {
    let mut file = File::options().create(true).append(true).open(ballast).unwrap();
    let block = vec![0x5A; 4096];
    while rustix::fs::statvfs(clinic.seen_from_outside(".")).map(|disk| disk.f_bavail * disk.f_frsize).unwrap() > left {
        if file.write_all(&block).is_err() {
            break;
        }
    }
}
