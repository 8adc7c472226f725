//! Damage to a file that holds keys: it is said, by exit 5 or a refusal, and what is not damaged still opens.

use super::chance::Chance;
use super::clinic::{Clinic, Outcome};
use super::ledger::Found;
use super::prepared::Prepared;
use super::row::{Row, rounds};
use std::fs;

const FILES: [&str; 6] =
    ["keyring", "keyslot/passphrase.age", "keyslot/recovery.age", "keyring", "keyslot/passphrase.age", "inbox.key"];

#[test]
fn damaged_key_file_is_told_and_what_is_whole_still_opens() {
    let mut row = Row::of("keyring or keyslot damaged");
    let prepared = Prepared::after(1, &mut Chance::of("keys", u32::MAX));
    for round in 0..rounds(20, 200) {
        let chance = &mut Chance::of("keys", round);
        let clinic = prepared.copied();
        let name = FILES[round as usize % FILES.len()];
        let path = clinic.vault().join(name);
        let whole = fs::read(&path).unwrap();
        let how = damage(&path, &whole, chance);
        let what = format!("round {round}, {name} {how}");
        row.rounds += 1;
        row.acknowledged += prepared.ledger.acknowledged();
        let by_recovery = |clinic: &Clinic| {
            let command = format!("{} unlock --recovery", env!("CARGO_BIN_EXE_bedside"));
            clinic.at_a_terminal(&command, &format!("{}\n", prepared.recovery))
        };
        let mut told = 0;
        match name {
            "keyslot/passphrase.age" => {
                told += refused(&what, &clinic.unlock(), true);
                row.refused += 1;
                opened(&what, &by_recovery(&clinic));
            }
            "keyslot/recovery.age" => {
                told += refused(&what, &by_recovery(&clinic), true);
                row.refused += 1;
                opened(&what, &clinic.unlock());
            }
            _ => {
                refused(&what, &clinic.unlock(), false);
                refused(&what, &by_recovery(&clinic), false);
                row.refused += 1;
                // Trying has changed nothing: with the file from a backup all is as it was.
                fs::write(&path, &whole).unwrap();
                opened(&what, &clinic.unlock());
            }
        }
        let mut found = Found::in_all(&clinic).unwrap_or_else(|outcome| panic!("{what}: {outcome:?}"));
        // What was taken for a wrong secret is on record as such.
        assert_eq!(found.logins, told, "{what}");
        found.logins = 0;
        let wrong = prepared.ledger.compare(&found);
        row.lost += wrong.len() as u64;
        assert!(wrong.is_empty(), "{what}: {wrong:#?}");
        let verified = clinic.ok(&["audit", "verify", "--json"]).json();
        assert_eq!(verified["intact"], true, "{verified}");
        clinic.stop();
    }
}

/// Does something to the file; what it was.
fn damage(path: &std::path::Path, whole: &[u8], chance: &mut Chance) -> String {
    let mut bytes = whole.to_vec();
    let place = chance.place(bytes.len());
    let how = match chance.place(4) {
        0 => {
            fs::remove_file(path).unwrap();
            return "removed".to_owned();
        }
        1 => {
            bytes.truncate(place);
            format!("cut to {place} bytes")
        }
        2 => {
            bytes[place..].fill(0);
            format!("zeros from byte {place}")
        }
        _ => {
            bytes[place] ^= 1 << chance.place(8);
            format!("one bit of byte {place}")
        }
    };
    // Zeros over zeros are no damage.
    if bytes == whole {
        bytes.clear();
    }
    fs::write(path, bytes).unwrap();
    how
}

/// Refuses an outcome that is not exit 5 naming the file; of a keyslot it may also be that the secret does not fit,
/// for age cannot tell these two apart. How many failed logins that makes.
fn refused(what: &str, outcome: &Outcome, slot: bool) -> usize {
    let said = format!("{}{}", outcome.out, outcome.err);
    let damaged = outcome.code == 5 && said.contains("damaged: ");
    let wrong = slot && outcome.code == 3 && said.contains("wrong ");
    assert!((damaged || wrong) && said.contains("hint: "), "{what}: {outcome:?}");
    usize::from(wrong)
}

fn opened(what: &str, outcome: &Outcome) {
    assert_eq!(outcome.code, 0, "{what}: {outcome:?}");
}
