//! From the journal into the index: the difference when the index agrees, everything when not.

use std::path::Path;

use super::entry::{self, Item};
use super::error::VaultError;
use super::head::Head;
use super::index::{Index, Mark, Version};
use super::journal::Watermark;
use super::keychain::FrameSealer;
use super::keyring::Keyring;
use super::scan::{self, Stretch, Tail, segment_name};
use super::store::Lost;

/// How many changes go into the index at once.
const BATCH: usize = 4096;

/// After so many frames the index is worth tidying.
const MANY: u64 = 1000;

/// The beginning of every journal.
const NOTHING: Mark = Mark { watermark: Watermark { sequence: 0, hash: [0; 32] }, segment: 1 };

/// What filling found and did.
pub(super) struct Filled {
    pub(super) tail: Tail,
    /// Frames that were read into the index.
    pub(super) replayed: u64,
    /// The index was begun anew.
    pub(super) rebuilt: bool,
}

/// A journal, and what is needed to read it.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) folder: &'a Path,
    pub(super) sealer: &'a FrameSealer,
    pub(super) keyring: &'a Keyring,
    pub(super) head: &'a Head,
}

/// Brings the index to the journal's end. Of a journal that the index knows, only the segment it
/// had come to is read, and what follows.
pub(super) fn catch_up(
    source: Source<'_>,
    index: &mut Index,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Filled, VaultError> {
    if let Ok(Some(mark)) = index.mark()
        && source.folder.join(segment_name(mark.segment)).exists()
    {
        // An index follows the journal, too. Where it knows more than the head (a power cut may
        // leave the head behind), frames it knows of must not be taken for a torn tail.
        let seen = Head { journal: source.head.journal, sequence: mark.watermark.sequence, hash: mark.watermark.hash };
        let head = if seen.sequence > source.head.sequence { &seen } else { source.head };
        let (tail, replayed) = read(Source { head, ..source }, index, &mark, progress)?;
        if let Ok(replayed) = replayed {
            return Ok(Filled { tail, replayed, rebuilt: false });
        }
    }
    rebuild(source, index, progress)
}

/// Begins the index anew, in memory when the disk does not take it.
pub(super) fn rebuild(
    source: Source<'_>,
    index: &mut Index,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Filled, VaultError> {
    for in_memory in [false, true] {
        index.reset(in_memory);
        let (tail, replayed) = read(source, index, &NOTHING, progress)?;
        if let Ok(replayed) = replayed {
            if replayed > MANY {
                index.reopen();
            }
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
    source: Source<'_>,
    index: &mut Index,
    mark: &Mark,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(Tail, Result<u64, Lost>), VaultError> {
    let journal = source.head.journal;
    let stretch = Stretch { segment: mark.segment, open: mark.watermark.sequence, ..scan::ALL };
    let mut agrees = false;
    let mut replayed = 0;
    let mut broke = false;
    let tail = scan::scan(source.folder, source.sealer, source.head, stretch, &mut |frame| {
        let sequence = frame.sequence;
        if sequence == mark.watermark.sequence {
            agrees = frame.before == mark.watermark.hash;
        }
        if index.waiting() >= BATCH {
            let watermark = Watermark { sequence, hash: frame.before };
            broke |= index.flush(&Mark { watermark, segment: frame.location.segment }).is_err();
        }
        if let Some(payload) = frame.payload.filter(|_| agrees && !broke) {
            entry::read_all(&payload, journal, sequence, source.keyring, &mut |position, item| match item {
                Item::Entry(entry) => index.note(&entry, &Version::of(&entry, sequence, position, frame.location)),
                Item::Taken(id) => index.note_taken(&id),
                Item::Forgotten => {}
            })?;
            index.end_frame(sequence, frame.location);
            replayed += 1;
        }
        progress(frame.done.0, frame.done.1);
        Ok(())
    })?;
    let watermark = Watermark { sequence: tail.next, hash: tail.hash };
    let end = Mark { watermark, segment: tail.segment };
    if tail.next == mark.watermark.sequence {
        agrees = mark.watermark == watermark;
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
