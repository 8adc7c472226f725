//! Whatever one thing is changed in a journal by somebody without its keys, reading all of it finds that.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use crate::vault::error::Damage;
use crate::vault::head::Head;

/// How many changes are tried.
const CASES: u32 = 3000;

/// A journal as bytes, and where its frames lie.
struct Written {
    practice: Practice,
    head: Head,
    key: VaultKey,
    segments: Vec<Vec<u8>>,
    /// Segment and place of each frame.
    frames: Vec<(usize, Range<usize>)>,
    /// What lies on the disk now.
    there: RefCell<BTreeMap<usize, Vec<u8>>>,
}

impl Written {
    fn journal() -> Self {
        let (practice, vault) = new_vault();
        drop(vault);
        let mut vault = shaped(&practice.dir, 4096, 1024);
        for number in 0..50 {
            let body = "the heron ".repeat(1 + number % 13);
            vault.commit(&[entry(4, Some(practice.patient), &body)]).expect("kept");
        }
        let (head, count) = (vault.head_now(), vault.stats().segments);
        drop(vault);
        let key = keyslot::open(&practice.dir, Secret::Passphrase(PASS), &mut || Ok(())).expect("the key");
        let segments: Vec<Vec<u8>> =
            (1..=count).map(|number| fs::read(segment(&practice.dir, number)).expect("a segment")).collect();
        let mut frames = Vec::new();
        for (number, _) in (0..).zip(&segments) {
            let offsets = frame_offsets(&segment(&practice.dir, number as u32 + 1));
            frames.extend(offsets.windows(2).map(|pair| (number, pair[0]..pair[1])));
        }
        assert!(segments.len() > 3 && frames.len() == 50, "{} segments, {} frames", segments.len(), frames.len());
        let there = RefCell::new(segments.iter().cloned().enumerate().collect());
        Self { practice, head, key, segments, frames, there }
    }

    /// Where a segment's last frame ends.
    fn end(&self, segment: usize) -> usize {
        self.frames.iter().filter(|(of, _)| *of == segment).map(|(_, frame)| frame.end).max().expect("a frame")
    }

    /// Puts this in the journal's place and reads all of it: what is found, and how much looks unfinished.
    fn read(&self, changed: &BTreeMap<usize, Vec<u8>>) -> Result<u64, VaultError> {
        let folder = self.practice.dir.join("journal");
        for number in 0..self.segments.len() {
            let path = segment(&self.practice.dir, number as u32 + 1);
            match changed.get(&number) {
                same if same == self.there.borrow().get(&number) => {}
                Some(bytes) => fs::write(path, bytes).expect("written"),
                None => fs::remove_file(path).expect("removed"),
            }
        }
        self.there.replace(changed.clone());
        let sealer = keychain::FrameSealer::from(self.key.sealer(Purpose::Journal));
        scan::scan(&folder, &sealer, &self.head, scan::ALL, &mut |_| Ok(())).map(|tail| tail.torn_bytes)
    }

    /// Makes the change; `None` when it is none.
    fn change(&self, change: &Change) -> Option<BTreeMap<usize, Vec<u8>>> {
        let mut all: BTreeMap<usize, Vec<u8>> = self.segments.iter().cloned().enumerate().collect();
        match change {
            Change::Byte { at, by } => {
                let (number, place) = self.place(at.index(self.bytes()));
                all.get_mut(&number)?[place] ^= by;
            }
            Change::Cut { at } => {
                let (number, place) = self.place(at.index(self.bytes()));
                all.get_mut(&number)?.truncate(place);
            }
            Change::Lengthened { at, bytes } => {
                let number = at.index(self.segments.len());
                all.get_mut(&number)?.extend_from_slice(bytes);
            }
            Change::FrameRemoved { frame } => {
                let (number, range) = self.frames[frame.index(self.frames.len())].clone();
                all.get_mut(&number)?.drain(range);
            }
            Change::FrameRepeated { frame, before } => {
                let (from, range) = self.frames[frame.index(self.frames.len())].clone();
                let (to, place) = self.frames[before.index(self.frames.len())].clone();
                let bytes = self.segments[from][range].to_vec();
                all.get_mut(&to)?.splice(place.start..place.start, bytes);
            }
            Change::FramesExchanged { one, two } => {
                let (one, two) = (one.index(self.frames.len()), two.index(self.frames.len()));
                let (one, two) = (one.min(two), one.max(two));
                if one == two {
                    return None;
                }
                let ((first, place), (second, later)) = (self.frames[one].clone(), self.frames[two].clone());
                let (bytes, others) = (self.segments[first][place.clone()].to_vec(), &self.segments[second]);
                let others = others[later.clone()].to_vec();
                // The later one first: it does not move the earlier one.
                all.get_mut(&second)?.splice(later, bytes);
                all.get_mut(&first)?.splice(place, others);
            }
            Change::SegmentRemoved { segment } => {
                all.remove(&segment.index(self.segments.len()));
            }
            Change::SegmentsExchanged { one, two } => {
                let (one, two) = (one.index(self.segments.len()), two.index(self.segments.len()));
                if one == two {
                    return None;
                }
                all.insert(one, self.segments[two].clone());
                all.insert(two, self.segments[one].clone());
            }
        }
        Some(all)
    }

    fn bytes(&self) -> usize {
        self.segments.iter().map(Vec::len).sum()
    }

    fn place(&self, mut byte: usize) -> (usize, usize) {
        for (number, segment) in self.segments.iter().enumerate() {
            if byte < segment.len() {
                return (number, byte);
            }
            byte -= segment.len();
        }
        unreachable!("the byte is in one of the segments")
    }
}

#[derive(Clone, Debug)]
enum Change {
    Byte { at: prop::sample::Index, by: u8 },
    Cut { at: prop::sample::Index },
    Lengthened { at: prop::sample::Index, bytes: Vec<u8> },
    FrameRemoved { frame: prop::sample::Index },
    FrameRepeated { frame: prop::sample::Index, before: prop::sample::Index },
    FramesExchanged { one: prop::sample::Index, two: prop::sample::Index },
    SegmentRemoved { segment: prop::sample::Index },
    SegmentsExchanged { one: prop::sample::Index, two: prop::sample::Index },
}

fn any_change() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        6 => (index(), 1_u8..).prop_map(|(at, by)| Change::Byte { at, by }),
        3 => index().prop_map(|at| Change::Cut { at }),
        1 => (index(), prop_oneof![prop::collection::vec(any::<u8>(), 1..200), (1_usize..200).prop_map(|n| vec![0; n])])
            .prop_map(|(at, bytes)| Change::Lengthened { at, bytes }),
        2 => index().prop_map(|frame| Change::FrameRemoved { frame }),
        2 => (index(), index()).prop_map(|(frame, before)| Change::FrameRepeated { frame, before }),
        2 => (index(), index()).prop_map(|(one, two)| Change::FramesExchanged { one, two }),
        1 => index().prop_map(|segment| Change::SegmentRemoved { segment }),
        1 => (index(), index()).prop_map(|(one, two)| Change::SegmentsExchanged { one, two }),
    ]
}

#[test]
fn any_one_change_removal_exchange_or_cut_is_found() {
    let written = Written::journal();
    let whole: BTreeMap<usize, Vec<u8>> = written.segments.iter().cloned().enumerate().collect();
    assert_eq!(written.read(&whole).expect("it is whole"), 0);
    let last = written.segments.len() - 1;
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..Default::default() };
    let result = TestRunner::new(config).run(&any_change(), |change| {
        let Some(changed) = written.change(&change) else { return Ok(()) };
        match written.read(&changed) {
            Err(VaultError::Damaged(Damage::Item { .. })) => prop_assert!(false, "an altered frame was believed"),
            Err(VaultError::Damaged(_) | VaultError::Newer { .. }) => {}
            Err(other) => prop_assert!(false, "{other}"),
            // Every frame is as it was. Zeros behind a segment's last one are reserved space, of which a finished
            // segment may have kept some; anything else behind the very last was never acknowledged.
            Ok(torn_bytes) => {
                for (number, segment) in written.segments.iter().enumerate() {
                    let (end, now) = (written.end(number), &changed[&number]);
                    prop_assert!(now.get(..end) == segment.get(..end), "it is taken for what was written");
                    let zeros = now[end..].iter().all(|byte| *byte == 0);
                    let told = number == last && torn_bytes > 0;
                    prop_assert_eq!(told, !zeros, "what follows the last frame is told");
                }
            }
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
