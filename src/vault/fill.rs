//! From the journal into the index: the difference when the index agrees, everything when not.

use std::path::Path;

use super::error::VaultError;
use super::head::Head;
use super::index::Index;
use super::journal::Watermark;
use super::key::Sealer;
use super::keyring::Keyring;
use super::scan::{self, Tail};
use super::store::Lost;

/// How many changes go into the index at once.
const BATCH: usize = 4096;

/// What filling found and did.
pub(super) struct Filled {
    pub(super) tail: Tail,
    /// Frames that were read into the index.
    pub(super) replayed: u64,
    /// The index was begun anew.
    pub(super) rebuilt: bool,
}

/// Brings the index to the journal's end.
pub(super) fn catch_up(
    folder: &Path,
    sealer: &Sealer,
    head: &Head,
    index: &mut Index,
    keyring: &Keyring,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Filled, VaultError> {
    if let Ok(Some(mark)) = index.watermark() {
        // An index follows the journal, too. Where it knows more than the head (a power cut may
        // leave the head behind), frames it knows of must not be taken for a torn tail.
        let seen = Head { journal: head.journal, sequence: mark.sequence, hash: mark.hash };
        let head = if seen.sequence > head.sequence { &seen } else { head };
        let (tail, replayed) = read(folder, sealer, head, index, keyring, &mark, progress)?;
        if let Ok(replayed) = replayed {
            return Ok(Filled { tail, replayed, rebuilt: false });
        }
    }
    rebuild(folder, sealer, head, index, keyring, progress)
}

/// Begins the index anew, in memory when the disk does not take it.
pub(super) fn rebuild(
    folder: &Path,
    sealer: &Sealer,
    head: &Head,
    index: &mut Index,
    keyring: &Keyring,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Filled, VaultError> {
    let start = Watermark { sequence: 0, hash: [0; 32] };
    for in_memory in [false, true] {
        index.reset(in_memory);
        let (tail, replayed) = read(folder, sealer, head, index, keyring, &start, progress)?;
        if let Ok(replayed) = replayed {
            // A journal without frames is no news.
            return Ok(Filled { tail, replayed, rebuilt: tail.next > 0 });
        }
    }
    // Memory takes everything; only a bug comes here.
    Err(VaultError::Broken)
}

/// Reads the journal, and what lies behind `mark` into the index; `Lost` when the index is not one
/// of this journal or broke on the way. Damage to the journal goes first.
pub(super) fn read(
    folder: &Path,
    sealer: &Sealer,
    head: &Head,
    index: &mut Index,
    keyring: &Keyring,
    mark: &Watermark,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(Tail, Result<u64, Lost>), VaultError> {
    let mut agrees = false;
    let mut replayed = 0;
    let mut broke = false;
    let tail = scan::scan(folder, sealer, head, mark.sequence, &mut |frame| {
        if frame.sequence == mark.sequence {
            agrees = frame.before == mark.hash;
        }
        if index.pending() >= BATCH {
            broke |= index.flush(&Watermark { sequence: frame.sequence, hash: frame.before }).is_err();
        }
        if let Some(payload) = frame.payload.filter(|_| agrees && !broke) {
            index.add(frame.sequence, &payload, keyring)?;
            replayed += 1;
        }
        progress(frame.done.0, frame.done.1);
        Ok(())
    })?;
    let end = Watermark { sequence: tail.next, hash: tail.hash };
    if tail.next == mark.sequence {
        agrees = *mark == end;
    }
    let filled = if !agrees || broke {
        Err(Lost)
    } else if replayed > 0 || tail.next == 0 {
        index.flush(&end).map(|()| replayed)
    } else {
        Ok(0)
    };
    Ok((tail, filled))
}
