//! The head: how far the journal had come, kept apart from it, so that a journal whose tail was
//! cut off is noticed.
//!
//! The file has two slots on two disk pages, written in turn, in place: a write that is torn
//! leaves the other slot whole. A commit writes its slot *after* the frame is durable and does not
//! wait for the disk, so the head is never ahead of the journal; `settle` syncs it (when the agent
//! is idle, and when the vault closes). What this means for the reader:
//!
//! - head behind the journal: the process was killed or the power failed; all is well;
//! - head equal to the journal: all is well;
//! - head ahead of the journal: acknowledged frames are missing. The vault refuses to open.
//!
//! What it cannot show: after a power cut the head on the disk may be some commits old (those
//! since the last `settle`), and a tail cut off just there leaves no trace here. Nor can it show
//! journal and head rolled back together; the hash in a receipt or backup held elsewhere can.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::error::{Damage, VaultError, io};
use super::folder;
use super::frame::Hash;
use super::journal::Watermark;
use super::key::{SealedForm, Sealer};
use super::locked::Locked;

const NAME: &str = "head";
const SLOT_BYTES: u64 = 4096;
const PLAIN_BYTES: usize = 8 + 16 + 8 + 32;
const FORM: SealedForm = SealedForm { magic: b"BEDSHEAD", damage: Damage::Head };

/// What the head says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// Which journal.
    pub(super) journal: [u8; 16],
    /// How many frames it had.
    pub(super) sequence: u64,
    /// The hash of the last.
    pub(super) hash: Hash,
}

/// The head file, open for writing.
pub(super) struct HeadFile {
    file: File,
    sealer: Locked<Sealer>,
    journal: [u8; 16],
    generation: u64,
    unsynced: bool,
}

impl HeadFile {
    /// Writes the head of an empty journal, durably.
    pub(super) fn create(folder: &Path, sealer: &Sealer, journal: [u8; 16]) -> Result<(), VaultError> {
        let mut bytes = vec![0; 2 * SLOT_BYTES as usize];
        for generation in 0..2 {
            let head = Head { journal, sequence: 0, hash: [0; 32] };
            let slot = encode(sealer, generation, &head);
            let at = generation as usize * SLOT_BYTES as usize;
            bytes[at..at + slot.len()].copy_from_slice(&slot);
        }
        folder::replace(folder, NAME, &bytes)
    }

    /// Reads the newer slot. The count says how many of the two slots could be read.
    pub(super) fn open(folder: &Path, sealer: Locked<Sealer>) -> Result<(HeadFile, Head, usize), VaultError> {
        let path = folder.join(NAME);
        let bytes = folder::read(&path, 2 * SLOT_BYTES)?.ok_or(Damage::Head)?;
        let slots: Vec<_> =
            [0, SLOT_BYTES as usize].iter().filter_map(|at| decode(&sealer, bytes.get(*at..)?)).collect();
        let (generation, head) = *slots.iter().max_by_key(|(generation, _)| *generation).ok_or(Damage::Head)?;
        let file = folder::open_file(&path)?.ok_or(Damage::Head)?;
        let journal = head.journal;
        let opened = HeadFile { file, sealer, journal, generation, unsynced: false };
        Ok((opened, head, slots.len()))
    }

    /// Writes the older slot without waiting for the disk.
    pub(super) fn advance(&mut self, watermark: &Watermark) -> Result<(), VaultError> {
        let head = Head { journal: self.journal, sequence: watermark.sequence, hash: watermark.hash };
        let generation = self.generation + 1;
        let slot = encode(&self.sealer, generation, &head);
        self.file.write_all_at(&slot, generation % 2 * SLOT_BYTES).map_err(io("write the head"))?;
        self.generation = generation;
        self.unsynced = true;
        Ok(())
    }

    /// Waits until the last head is on the disk.
    pub(super) fn settle(&mut self) -> Result<(), VaultError> {
        if self.unsynced {
            self.file.sync_data().map_err(io("sync the head"))?;
            self.unsynced = false;
        }
        Ok(())
    }
}

fn encode(sealer: &Sealer, generation: u64, head: &Head) -> Vec<u8> {
    let mut plain = Vec::with_capacity(PLAIN_BYTES);
    plain.extend_from_slice(&generation.to_le_bytes());
    plain.extend_from_slice(&head.journal);
    plain.extend_from_slice(&head.sequence.to_le_bytes());
    plain.extend_from_slice(&head.hash);
    FORM.encode(sealer, b"", &plain)
}

fn decode(sealer: &Sealer, slot: &[u8]) -> Option<(u64, Head)> {
    let sealed = slot.get(..SealedForm::length(PLAIN_BYTES))?;
    let plain = FORM.decode(sealer, b"", sealed).ok()?;
    let head = Head {
        journal: *plain[8..].first_chunk()?,
        sequence: u64::from_le_bytes(*plain[24..].first_chunk()?),
        hash: *plain[32..].first_chunk()?,
    };
    Some((u64::from_le_bytes(*plain.first_chunk()?), head))
}
