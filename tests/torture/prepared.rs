//! A practice that was written to and closed in order, to be copied and damaged.

use super::chance::Chance;
use super::clinic::{Clinic, copy};
use super::ledger::Ledger;
use super::writer::Writers;
use crate::story::programs::Relay;
use std::path::PathBuf;

/// A closed practice, and what was acknowledged in it.
pub struct Prepared {
    clinic: Clinic,
    pub ledger: Ledger,
    /// What opens it when the passphrase is lost.
    pub recovery: String,
    /// Its index as it was after each day but the last.
    pub older: Vec<PathBuf>,
}

impl Prepared {
    /// A practice after so many days.
    pub fn after(days: u32, chance: &mut Chance) -> Self {
        let relay = Relay::start();
        let (clinic, recovery) = Clinic::open(Some(&relay));
        let device = clinic.pair();
        let (ledger, mut older) = (Ledger::default(), Vec::new());
        for day in 0..days {
            if day > 0 {
                clinic.stop();
                let kept = clinic.file(&format!("index-{day}"));
                copy(&clinic.vault().join("index"), &kept);
                older.push(kept);
            }
            let unlocked = clinic.unlock();
            assert_eq!(unlocked.code, 0, "{unlocked:?}");
            Writers::of(&clinic, &ledger, true)
                .write_while(4, chance, |writers| writers.acknowledged_more(if days > 1 { 25 } else { 12 }));
        }
        clinic.stop();
        drop(device);
        Self { clinic, ledger, recovery, older }
    }

    /// Another like it. Its agent reaches no relay.
    pub fn copied(&self) -> Clinic {
        let clinic = Clinic::nowhere();
        copy(&self.clinic.folder(), &clinic.folder());
        clinic
    }
}
