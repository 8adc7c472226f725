//! The index gone, cut, flipped or from an older day: it is made anew, with a bar that shows how far, and nothing is
//! missing.

use super::chance::Chance;
use super::clinic::{Clinic, copy};
use super::ledger::Found;
use super::prepared::Prepared;
use super::row::{Row, rounds};
use crate::story::programs::files;
use std::fs;
use std::path::Path;

#[test]
fn damaged_or_older_index_is_made_anew_and_nothing_is_missing() {
    let mut row = Row::of("index deleted, cut, flipped or older");
    let prepared = Prepared::after(3, &mut Chance::of("index", u32::MAX));
    for round in 0..rounds(40, 400) {
        let chance = &mut Chance::of("index", round);
        let clinic = prepared.copied();
        let index = clinic.vault().join("index");
        let (what, gone) = damage(&index, &prepared, chance);
        let begun = clinic.index_begun();
        let unlocked = if gone { unlock_at_a_terminal(&clinic) } else { clinic.unlock().out };
        let found = Found::in_all(&clinic).unwrap_or_else(|outcome| panic!("{what}: {unlocked} {outcome:?}"));
        row.rounds += 1;
        row.acknowledged += prepared.ledger.acknowledged();
        let wrong = prepared.ledger.compare(&found);
        row.lost += wrong.len() as u64;
        assert!(wrong.is_empty(), "round {round}, {what}: {wrong:#?}");
        assert!(!gone || unlocked.contains("Reading the journal"), "no bar is shown: {unlocked}");
        let verified = clinic.ok(&["audit", "verify", "--json"]).json();
        assert_eq!(verified["intact"], true, "{verified}");
        row.rebuilt += u32::from(clinic.index_begun() != begun);
        clinic.stop();
    }
}

/// Opens the vault at a terminal; what is shown there.
fn unlock_at_a_terminal(clinic: &Clinic) -> String {
    let command = format!("{} unlock", env!("CARGO_BIN_EXE_bedside"));
    let outcome = clinic.at_a_terminal(&command, "");
    assert_eq!(outcome.code, 0, "{outcome:?}");
    outcome.out
}

/// Does something to the index; what it was, and whether nothing is left of it.
fn damage(index: &Path, prepared: &Prepared, chance: &mut Chance) -> (String, bool) {
    let all = files(index);
    let file = &all[chance.place(all.len())];
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let mut bytes = fs::read(file).unwrap();
    match chance.place(6) {
        0 => {
            fs::remove_dir_all(index).unwrap();
            return ("all of it deleted".to_owned(), true);
        }
        1 => {
            fs::remove_file(file).unwrap();
            return (format!("{name} deleted"), false);
        }
        2 => {
            let day = chance.place(prepared.older.len());
            fs::remove_dir_all(index).unwrap();
            copy(&prepared.older[day], index);
            return (format!("as it was after day {}", day + 1), false);
        }
        3 => bytes.truncate(chance.place(bytes.len() + 1)),
        4 => {
            for _ in 0..chance.among(1..30) {
                let place = chance.place(bytes.len().max(1));
                bytes.get_mut(place).into_iter().for_each(|byte| *byte ^= 1 << chance.place(8));
            }
        }
        _ => {
            let page = chance.place(bytes.len() / 4096 + 1) * 4096;
            let end = bytes.len().min(page + 4096);
            bytes[page..end].fill(0);
        }
    }
    fs::write(file, &bytes).unwrap();
    (format!("{name} damaged, {} bytes", bytes.len()), false)
}
