//! Reading everything again, trusting nothing: every frame opened, every item read, the head on
//! the disk compared, and the index compared with what the journal says.

use std::collections::{BTreeMap, HashMap};

use super::entry::{self, Entry, Item};
use super::error::{Damage, VaultError};
use super::head::{Head, HeadFile};
use super::index::{Span, Version};
use super::key::Purpose;
use super::opening::JOURNAL;
use super::store::Lost;
use super::{Vault, scan};
use crate::record::Standing;

/// What `verify` found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyReport {
    /// Frames that are as they were written.
    pub frames: u64,
    /// Record versions in them.
    pub records: u64,
    /// Those among them that are events.
    pub events: u64,
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
            events: 0,
            forgotten: 0,
            head: [0; 32],
            intact: true,
            damage: None,
            index_rebuilt: false,
        };
        let mut found = Found::default();
        match self.read_all(&mut report, &mut found, progress).and_then(|()| self.check_head()) {
            Ok(()) => {}
            Err(VaultError::Damaged(damage)) => {
                report.intact = false;
                report.damage = Some(damage);
                return Ok(report);
            }
            Err(other) => return Err(other),
        }
        if self.index_agrees(found) != Ok(true) {
            self.rebuild(progress)?;
            report.index_rebuilt = true;
        }
        Ok(report)
    }

    fn read_all(
        &self,
        report: &mut VerifyReport,
        found: &mut Found,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), VaultError> {
        let journal = self.journal.id();
        let sealer = self.keychain.frames();
        let tail = scan::scan(&self.dir.join(JOURNAL), &sealer, &self.head_now(), scan::ALL, &mut |frame| {
            let (sequence, location) = (frame.sequence, frame.location);
            report.head = frame.before;
            let payload = frame.payload.ok_or(Damage::Item { frame: sequence, item: 0 })?;
            entry::read_all(&payload, journal, sequence, &self.keyring, &mut |position, item| match item {
                Item::Entry(entry) => {
                    report.records += 1;
                    report.events += u64::from(entry.standing == Standing::Event);
                    found.note(&entry, Version { sequence, position, location, tombstone: entry.tombstone });
                }
                Item::Forgotten => {
                    report.records += 1;
                    report.forgotten += 1;
                }
                Item::Taken(_) => {}
            })?;
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

    /// Whether the index says of every version what the journal says.
    fn index_agrees(&self, found: Found) -> Result<bool, Lost> {
        for (kind, written) in found.written {
            if self.index.history(kind, Span::After(None), usize::MAX)? != written {
                return Ok(false);
            }
        }
        let mut kinds: BTreeMap<u16, (Vec<Version>, Vec<Version>)> = BTreeMap::new();
        for ((kind, _), (version, standing)) in found.newest {
            let (versions, pending) = kinds.entry(kind).or_default();
            versions.push(version);
            if standing == Standing::Pending && !version.tombstone {
                pending.push(version);
            }
        }
        for (kind, (mut versions, mut pending)) in kinds {
            versions.sort_unstable();
            pending.sort_unstable();
            if self.index.versions(kind)? != versions || self.index.pending(kind)? != pending {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// What the index must say.
#[derive(Default)]
struct Found {
    /// Every version of a kind, without tombstones marked.
    written: BTreeMap<u16, Vec<Version>>,
    /// The newest version of each record that is no event.
    newest: HashMap<(u16, [u8; 16]), (Version, Standing)>,
}

impl Found {
    fn note(&mut self, entry: &Entry, version: Version) {
        self.written.entry(entry.kind).or_default().push(Version { tombstone: false, ..version });
        if entry.standing != Standing::Event {
            self.newest.insert((entry.kind, entry.id), (version, entry.standing));
        }
    }
}
