//! Reading everything again, trusting nothing: every frame opened, every item read, the head on
//! the disk compared, and the index compared with what the journal says.
//!
//! What was kept when it begins is read from the disk alone, so another thread can do it while the
//! vault takes commits; the vault then reads what came since, and concludes.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use super::Vault;
use super::entry::{self, Entry, Item};
use super::error::{Damage, VaultError};
use super::head::{Head, HeadFile};
use super::index::{Span, Version};
use super::key::Purpose;
use super::keychain::FrameSealer;
use super::keyring::Keyring;
use super::opening::JOURNAL;
use super::scan::{self, Stretch};
use super::store::Lost;
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
    /// What is damaged, when something is; what comes after it was not looked at.
    pub damage: Option<Damage>,
    /// The index said something else than the journal and was made anew.
    pub index_rebuilt: bool,
}

impl VerifyReport {
    /// Whether nothing is damaged.
    pub fn is_intact(&self) -> bool {
        self.damage.is_none()
    }
}

/// What reading everything takes without the vault, which may go on meanwhile.
pub struct Check {
    folder: PathBuf,
    sealer: FrameSealer,
    keyring: Keyring,
    head: Head,
}

/// What was read; the vault concludes.
pub struct Checked {
    report: VerifyReport,
    found: Found,
    /// The segment in which reading ended.
    segment: u32,
    /// How many keys were destroyed before it began.
    destroyed: usize,
}

impl Check {
    /// Reads everything that was kept before; `progress` is told bytes done and bytes in all. Errors are of the
    /// system; damage is part of what was read.
    pub fn read(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Checked, VaultError> {
        let mut checked = Checked::nothing(self.keyring.destroyed());
        self.read_into(&mut checked, progress)?;
        Ok(checked)
    }

    /// Reads what follows what was read before.
    fn read_into(&self, checked: &mut Checked, progress: &mut dyn FnMut(u64, u64)) -> Result<(), VaultError> {
        let Checked { report, found, segment, .. } = checked;
        let journal = self.head.journal;
        let stretch = Stretch { segment: *segment, open: report.frames, end: self.head.sequence };
        let tail = scan::scan(&self.folder, &self.sealer, &self.head, stretch, &mut |frame| {
            let (sequence, location) = (frame.sequence, frame.location);
            progress(frame.done.0, frame.done.1);
            if sequence < stretch.open {
                return Ok(());
            }
            report.head = frame.before;
            let payload = frame.payload.ok_or(Damage::Item { frame: sequence, item: 0 })?;
            entry::read_all(&payload, journal, sequence, &self.keyring, &mut |position, item| match item {
                Item::Entry(entry) => {
                    report.records += 1;
                    report.events += u64::from(entry.standing == Standing::Event);
                    found.note(&entry, Version::of(&entry, sequence, position, location));
                }
                Item::Forgotten => {
                    report.records += 1;
                    report.forgotten += 1;
                }
                Item::Taken(_) => {}
            })?;
            report.frames += 1;
            Ok(())
        });
        match tail {
            Ok(tail) => (report.head, *segment) = (tail.hash, tail.segment),
            Err(VaultError::Damaged(damage)) => report.damage = Some(damage),
            Err(other) => return Err(other),
        }
        Ok(())
    }
}

impl Checked {
    fn nothing(destroyed: usize) -> Checked {
        let report = VerifyReport {
            frames: 0,
            records: 0,
            events: 0,
            forgotten: 0,
            head: [0; 32],
            damage: None,
            index_rebuilt: false,
        };
        Checked { report, found: Found::default(), segment: 1, destroyed }
    }
}

impl Vault {
    /// Begins to read everything that is kept so far.
    pub fn check(&self) -> Result<Check, VaultError> {
        Ok(Check {
            folder: self.dir.join(JOURNAL),
            sealer: self.keychain.frames(),
            keyring: Keyring::open(&self.dir, self.key.sealer(Purpose::Keyring))?,
            head: self.head_now(),
        })
    }

    /// Reads what was kept since, compares the head on the disk and the index with what was read, and makes the index
    /// anew if it says something else.
    pub fn conclude(
        &mut self,
        mut checked: Checked,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<VerifyReport, VaultError> {
        if checked.destroyed != self.keyring.destroyed() {
            // Somebody was forgotten meanwhile, who stands in what was read.
            checked = self.check()?.read(progress)?;
        }
        if checked.report.is_intact() && checked.report.frames < self.head_now().sequence {
            self.check()?.read_into(&mut checked, &mut |_, _| {})?;
        }
        let Checked { mut report, found, .. } = checked;
        if !report.is_intact() {
            return Ok(report);
        }
        match self.check_head() {
            Ok(()) => {}
            Err(VaultError::Damaged(damage)) => return Ok(VerifyReport { damage: Some(damage), ..report }),
            Err(other) => return Err(other),
        }
        if self.index_agrees(found) != Ok(true) {
            self.rebuild(progress)?;
            report.index_rebuilt = true;
        }
        Ok(report)
    }

    /// Reads the whole vault and concludes at once.
    pub fn verify(&mut self, progress: &mut dyn FnMut(u64, u64)) -> Result<VerifyReport, VaultError> {
        let checked = self.check()?.read(progress)?;
        self.conclude(checked, progress)
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
        for (kind, events) in found.events {
            if self.index.history(kind, Span::After(None), usize::MAX)? != events {
                return Ok(false);
            }
        }
        let mut kinds: BTreeMap<u16, Vec<Version>> = BTreeMap::new();
        for ((kind, _), version) in found.newest {
            kinds.entry(kind).or_default().push(version);
        }
        for (kind, mut versions) in kinds {
            versions.sort_unstable();
            let pending = versions.iter().filter(|version| version.waits);
            if self.index.versions(kind)? != versions || !self.index.pending(kind)?.iter().eq(pending) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// What the index must say.
#[derive(Default)]
struct Found {
    /// Every event of a kind.
    events: BTreeMap<u16, Vec<Version>>,
    /// The newest version of each record that is no event.
    newest: HashMap<(u16, [u8; 16]), Version>,
}

impl Found {
    fn note(&mut self, entry: &Entry, version: Version) {
        if entry.standing == Standing::Event {
            self.events.entry(entry.kind).or_default().push(version);
        } else {
            self.newest.insert((entry.kind, entry.id), version);
        }
    }
}
