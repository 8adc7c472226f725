//! Damage to the journal: either everything is still there, or it is said where the damage is and what to do.

use super::chance::Chance;
use super::clinic::{Clinic, Outcome};
use super::ledger::Found;
use super::prepared::Prepared;
use super::row::{Row, rounds};
use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;

const PAGE: usize = 4096;
/// What a segment begins with, and what every frame does: a marker and the length of what follows its header.
const SEGMENT_HEADER_BYTES: usize = 96;
const FRAME_HEADER_BYTES: usize = 72;
const MARKER: [u8; 4] = [0xBE, 0xD5, 0x1D, 0xF7];

#[test]
fn damage_to_the_journal_is_named_or_nothing_is_missing() {
    let mut row = Row::of("journal flipped, zeroed, cut, swapped");
    let prepared = Prepared::after(4, &mut Chance::of("journal", u32::MAX));
    for round in 0..rounds(100, 2_000) {
        let chance = &mut Chance::of("journal", round);
        let clinic = prepared.copied();
        let journal = Journal::of(&clinic);
        let what = journal.damage(chance);
        let damaged = journal.content();
        row.rounds += 1;
        row.acknowledged += prepared.ledger.acknowledged();
        let unlocked = clinic.unlock();
        if unlocked.code != 0 {
            named(&what, &unlocked);
            row.refused += 1;
            assert!(journal.content() == damaged, "{what}: what is damaged was changed");
            continue;
        }
        let read = Found::in_all(&clinic);
        let verified = clinic.run(&["audit", "verify", "--json"]);
        match (&read, verified.code) {
            (Ok(found), 0) => {
                let wrong = prepared.ledger.compare(found);
                row.lost += wrong.len() as u64;
                assert!(wrong.is_empty(), "round {round}, {what}: {wrong:#?}");
            }
            (read, code) => {
                read.as_ref().err().into_iter().for_each(|outcome| named(&what, outcome));
                if code != 0 {
                    named(&what, &verified);
                }
                row.refused += 1;
            }
        }
        clinic.stop();
    }
    assert!(row.refused > 0, "none of the damage was found: it was none");
}

/// Refuses an outcome that is not exit 5 with the place and what to do.
fn named(what: &str, outcome: &Outcome) {
    let place = ["segment ", "frame ", "frames"].iter().any(|word| outcome.err.contains(word));
    assert!(outcome.code == 5 && place && outcome.err.contains("hint: "), "{what}: {outcome:?}");
}

struct Segment {
    path: PathBuf,
    bytes: Vec<u8>,
    frames: Vec<Range<usize>>,
}

struct Journal(Vec<Segment>);

impl Journal {
    fn of(clinic: &Clinic) -> Self {
        let folder = clinic.vault().join("journal");
        let mut paths: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let segments: Vec<Segment> = paths.into_iter().map(Segment::read).collect();
        assert!(segments.len() >= 3, "{} segments", segments.len());
        Self(segments)
    }

    /// What is in its folder now.
    fn content(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let folder = self.0[0].path.parent().unwrap();
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }

    /// Does something to it; what it was.
    fn damage(&self, chance: &mut Chance) -> String {
        let number = chance.place(self.0.len());
        let Segment { path, bytes, frames } = &self.0[number];
        let (mut bytes, end) = (bytes.clone(), self.0[number].end());
        let what = match chance.place(9) {
            8 if number + 1 == self.0.len() => {
                // What a write leaves that was not finished: nobody was told of it.
                let rest = bytes.len().min(end + 1 + chance.place(2 * PAGE));
                bytes[end..rest].iter_mut().for_each(|byte| *byte = chance.next() as u8);
                format!("an unfinished write of {} bytes", rest - end)
            }
            0 => {
                let (place, bit) = (chance.place(end), chance.place(8));
                bytes[place] ^= 1 << bit;
                format!("bit {bit} of byte {place}")
            }
            1 => {
                let page = chance.place(end / PAGE + 1) * PAGE;
                let page_end = bytes.len().min(page + PAGE);
                bytes[page..page_end].fill(0);
                format!("the page at {page}")
            }
            2 => {
                bytes.truncate(chance.place(end + 1));
                format!("cut to {} bytes", bytes.len())
            }
            3 => {
                // As a file system leaves it whose last blocks were lost: the length is there, the content is not.
                let place = chance.place(end);
                bytes[place..].fill(0);
                format!("zeros from byte {place}")
            }
            5 => {
                let other = (number + 1 + chance.place(self.0.len() - 1)) % self.0.len();
                let bytes = fs::read(&self.0[other].path).unwrap();
                fs::write(&self.0[other].path, fs::read(path).unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
                return format!("segments {} and {} swapped", number + 1, other + 1);
            }
            6 if frames.len() > 1 => {
                let one = chance.place(frames.len() - 1);
                let two = one + 1 + chance.place(frames.len() - one - 1);
                exchange(&mut bytes, frames[one].clone(), frames[two].clone());
                format!("its frames {one} and {two} exchanged")
            }
            7 if frames.len() > 1 => {
                // A frame that is the journal's own, but of another place: the next in its stead.
                let one = chance.place(frames.len() - 1);
                bytes.drain(frames[one].clone());
                format!("its frame {one} taken out")
            }
            _ => {
                fs::remove_file(path).unwrap();
                return format!("segment {} removed", number + 1);
            }
        };
        fs::write(path, bytes).unwrap();
        format!("segment {}: {what}", number + 1)
    }
}

impl Segment {
    fn read(path: PathBuf) -> Self {
        let bytes = fs::read(&path).unwrap();
        let (mut frames, mut at) = (Vec::new(), SEGMENT_HEADER_BYTES);
        while bytes.get(at..at + 4) == Some(&MARKER) {
            let length = u32::from_le_bytes(*bytes[at + 4..].first_chunk().unwrap()) as usize;
            frames.push(at..at + FRAME_HEADER_BYTES + length);
            at = frames[frames.len() - 1].end;
        }
        Self { path, bytes, frames }
    }

    /// Where the next frame would begin.
    fn end(&self) -> usize {
        self.frames.last().map_or(SEGMENT_HEADER_BYTES, |frame| frame.end)
    }
}

fn exchange(bytes: &mut Vec<u8>, one: Range<usize>, two: Range<usize>) {
    let between = bytes[one.end..two.start].to_vec();
    let (first, second) = (bytes[one.clone()].to_vec(), bytes[two.clone()].to_vec());
    bytes.splice(one.start..two.end, [second, between, first].concat());
}
