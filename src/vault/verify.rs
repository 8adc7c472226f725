//! Reading everything again, trusting nothing: every frame opened, every item read, the head on
//! the disk compared, and the index compared with what the journal says.

use std::collections::{BTreeMap, HashMap};

use super::entry::{self, Item, Place};
use super::error::{Damage, VaultError};
use super::head::{Head, HeadFile};
use super::index::{Unanswered, Version};
use super::key::Purpose;
use super::opening::JOURNAL;
use super::{Vault, scan};

/// What `verify` found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyReport {
    /// Frames that are as they were written.
    pub frames: u64,
    /// Record versions in them.
    pub records: u64,
    /// Those among them that belong to patients whose key was destroyed.
    pub forgotten: u64,
    /// Hash of the last good frame: what a receipt or backup can be compared with.
    pub head: [u8; 32],
    /// Nothing is damaged.
    pub intact: bool,
    /// What is, when something is; what comes after it was not looked at.
    pub damage: Option<Damage>,
    /// The index said something else than the journal and was made anew.
    pub index_rebuilt: bool,
}

impl Vault {
    /// Reads the whole vault; `progress` is told bytes done and bytes in all. The vault takes no
    /// commits meanwhile. Errors are of the system; damage is part of the report.
    pub fn verify(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<VerifyReport, VaultError> {
        let mut report = VerifyReport {
            frames: 0,
            records: 0,
            forgotten: 0,
            head: [0; 32],
            intact: true,
            damage: None,
            index_rebuilt: false,
        };
        let mut newest = HashMap::new();
        match self.read_all(&mut report, &mut newest, progress).and_then(|()| self.check_head()) {
            Ok(()) => {}
            Err(VaultError::Damaged(damage)) => {
                report.intact = false;
                report.damage = Some(damage);
                return Ok(report);
            }
            Err(other) => return Err(other),
        }
        if !self.index_agrees(newest)? {
            self.rebuild(progress)?;
            report.index_rebuilt = true;
        }
        Ok(report)
    }

    fn read_all(
        &self,
        report: &mut VerifyReport,
        newest: &mut HashMap<(u16, [u8; 16]), Version>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), VaultError> {
        let journal = self.journal.id();
        let sealer = self.key.sealer(Purpose::Journal);
        let tail = scan::scan(&self.dir.join(JOURNAL), &sealer, &self.head_now(), 0, &mut |frame| {
            let sequence = frame.sequence;
            report.head = frame.before;
            let payload = frame.payload.ok_or(Damage::Item { frame: sequence, item: 0 })?;
            let items = entry::split(&payload).ok_or(Damage::Item { frame: sequence, item: 0 })?;
            for (position, item) in (0..).zip(items) {
                match entry::read(item, &Place { journal, sequence, position }, &self.keyring)? {
                    Item::Entry(entry) => {
                        let version = Version { sequence, position, tombstone: entry.tombstone };
                        newest.insert((entry.kind, entry.id), version);
                        report.records += 1;
                    }
                    Item::Forgotten => {
                        report.records += 1;
                        report.forgotten += 1;
                    }
                    Item::Taken(_) => {}
                }
            }
            report.frames += 1;
            progress(frame.done.0, frame.done.1);
            Ok(())
        })?;
        report.head = tail.hash;
        Ok(())
    }

    /// What the head must be: the vault saw every commit itself.
    pub(super) fn head_now(&self) -> Head {
        let mark = self.journal.watermark();
        Head { journal: self.journal.id(), sequence: mark.sequence, hash: mark.hash }
    }

    fn check_head(&self) -> Result<(), VaultError> {
        let (_, head, _) = HeadFile::open(&self.dir, self.key.sealer(Purpose::Head))?;
        if head == self.head_now() { Ok(()) } else { Err(Damage::Head.into()) }
    }

    fn index_agrees(&self, newest: HashMap<(u16, [u8; 16]), Version>) -> Result<bool, VaultError> {
        let mut kinds: BTreeMap<u16, Vec<Version>> = BTreeMap::new();
        for ((kind, _), version) in newest {
            kinds.entry(kind).or_default().push(version);
        }
        for (kind, mut expected) in kinds {
            let mut found = match self.index.versions(kind) {
                Ok(found) => found,
                Err(Unanswered::Lost) => return Ok(false),
                Err(Unanswered::Vault(error)) => return Err(error),
            };
            expected.sort_unstable();
            found.sort_unstable();
            if found != expected {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
