//! Wrong passphrases cost time: 1 s after the first, doubling to 5 min, kept across restarts.
//!
//! The file `attempts` (`attempts-N` for the compartment with that number) holds `1 COUNT STAMP`: how
//! many in a row were wrong, and when the last was made (ms since the Unix epoch). It slows down who types at the console; against who can write
//! the folder, scrypt does. The caller waits; nothing here sleeps.

use std::path::Path;

use super::error::VaultError;
use super::folder;
use crate::base::Stamp;
use crate::record::Compartment;

const LONGEST_MS: u64 = 300_000;

/// What a passphrase is tried at. Each is counted by itself: who knows one passphrase gains nothing at another door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    Vault,
    Compartment(Compartment),
}

impl Door {
    fn file(self) -> String {
        match self {
            Door::Vault => "attempts".to_owned(),
            Door::Compartment(compartment) => format!("attempts-{}", compartment.number()),
        }
    }
}

/// Refuses with `TryLater` until the delay is over, then counts an attempt as failed: who pulls
/// the plug during the check has spent it. `clear` takes it back.
pub(super) fn begin(dir: &Path, door: Door, now: Stamp) -> Result<(), VaultError> {
    let (failures, last) = read(dir, door)?.unwrap_or((0, now));
    let delay = delay_ms(failures);
    if now < last {
        // The clock was set back; count from here, or the delay would never end.
        write(dir, door, failures, now)?;
    }
    let elapsed = u64::try_from(now.since(last).as_millis()).unwrap_or(u64::MAX);
    if elapsed < delay {
        return Err(VaultError::TryLater { wait_ms: delay - elapsed });
    }
    match write(dir, door, failures.saturating_add(1), now) {
        // A vault on a full disk must still open.
        Err(VaultError::DiskFull) => Ok(()),
        other => other,
    }
}

/// The passphrase was right.
pub(super) fn clear(dir: &Path, door: Door) -> Result<(), VaultError> {
    folder::remove(dir, &door.file())
}

fn delay_ms(failures: u32) -> u64 {
    match failures {
        0 => 0,
        1..=9 => 1000 << (failures - 1),
        _ => LONGEST_MS,
    }
}

fn read(dir: &Path, door: Door) -> Result<Option<(u32, Stamp)>, VaultError> {
    let Some(bytes) = folder::read(&dir.join(door.file()), 64)? else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes);
    let mut words = text.split_whitespace();
    let state = (words.next() == Some("1"))
        .then(|| Some((words.next()?.parse().ok()?, Stamp(words.next()?.parse().ok()?))))
        .flatten();
    // An unreadable file counts as one failure long ago: it neither locks out nor resets.
    Ok(Some(state.unwrap_or((1, Stamp(0)))))
}

fn write(dir: &Path, door: Door, failures: u32, last: Stamp) -> Result<(), VaultError> {
    folder::replace(dir, &door.file(), format!("1 {failures} {}\n", last.0).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delay_doubles_from_one_second_to_five_minutes() {
        let delays: Vec<u64> = [0, 1, 2, 3, 9, 10, 64, u32::MAX].iter().map(|n| delay_ms(*n)).collect();
        assert_eq!(delays, [0, 1000, 2000, 4000, 256_000, 300_000, 300_000, 300_000]);
    }

    #[test]
    fn wrong_passphrases_are_counted_across_restarts() {
        let dir = tempfile::tempdir().expect("a folder");
        let now = Stamp(1_000_000);
        begin(dir.path(), Door::Vault, now).expect("the first try is free");
        assert!(matches!(begin(dir.path(), Door::Vault, now), Err(VaultError::TryLater { wait_ms: 1000 })));
        let later = Stamp(now.0 + 1000);
        begin(dir.path(), Door::Vault, later).expect("after a second");
        assert!(matches!(begin(dir.path(), Door::Vault, later), Err(VaultError::TryLater { wait_ms: 2000 })));
        clear(dir.path(), Door::Vault).expect("cleared");
        begin(dir.path(), Door::Vault, later).expect("free again");
    }

    #[test]
    fn passphrase_known_at_one_door_takes_no_delay_from_another() {
        let dir = tempfile::tempdir().expect("a folder");
        let (now, apart) = (Stamp(1_000_000), Door::Compartment(Compartment::Sud));
        begin(dir.path(), apart, now).expect("the first try is free");
        begin(dir.path(), Door::Vault, now).expect("and so it is elsewhere");
        clear(dir.path(), Door::Vault).expect("cleared");
        assert!(matches!(begin(dir.path(), apart, now), Err(VaultError::TryLater { wait_ms: 1000 })));
    }

    #[test]
    fn clock_set_back_does_not_lock_out_for_ever() {
        let dir = tempfile::tempdir().expect("a folder");
        begin(dir.path(), Door::Vault, Stamp(9_000_000)).expect("free");
        assert!(matches!(begin(dir.path(), Door::Vault, Stamp(1000)), Err(VaultError::TryLater { wait_ms: 1000 })));
        begin(dir.path(), Door::Vault, Stamp(2000)).expect("a second later by the new clock");
    }
}
