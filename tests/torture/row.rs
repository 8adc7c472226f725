//! One row of the table: a fault, how often it was tried, and what came of it.

use super::chance;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

/// So many rounds in `make test`, so many in `make torture`.
pub fn rounds(test: u32, torture: u32) -> u32 {
    match std::env::var("BEDSIDE_TORTURE").as_deref() {
        Ok("full") => torture,
        // For who looks for something: as many as they like.
        Ok(number) => number.parse().expect("BEDSIDE_TORTURE is `full` or a number of rounds"),
        Err(_) => test,
    }
}

/// What came of one fault's rounds; written when it is dropped, whether they held or not.
pub struct Row {
    fault: &'static str,
    begun: Instant,
    /// Rounds that were run.
    pub rounds: u32,
    /// Records that had been acknowledged.
    pub acknowledged: u64,
    /// Of those, lost, doubled or altered.
    pub lost: u64,
    /// Rounds in which the vault or a reading of it was refused as damaged.
    pub refused: u32,
    /// Rounds in which the index was made anew.
    pub rebuilt: u32,
    /// What else is to be said.
    pub remark: String,
}

impl Row {
    pub fn of(fault: &'static str) -> Self {
        Self {
            fault,
            begun: Instant::now(),
            rounds: 0,
            acknowledged: 0,
            lost: 0,
            refused: 0,
            rebuilt: 0,
            remark: String::new(),
        }
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        let Self { fault, begun, rounds, acknowledged, lost, refused, rebuilt, remark } = self;
        let seconds = begun.elapsed().as_secs_f64();
        let row = format!(
            "{fault:<44}{rounds:>7}{acknowledged:>14}{lost:>6}{refused:>9}{rebuilt:>9}{seconds:>8.0} s  {remark}"
        );
        let table = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("torture.txt");
        let file = File::options().create(true).append(true).open(table);
        // Without the table the test still says whether it held.
        let _ = file.and_then(|mut file| file.write_all(format!("{}\n", row.trim_end()).as_bytes()));
        if std::thread::panicking() {
            let _ = writeln!(std::io::stderr(), "again: BEDSIDE_TORTURE_SEED={}", chance::seed());
        }
    }
}
