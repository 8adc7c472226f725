//! A tape of everything a program did to the disk, recorded by `tape.c`, and the disks a power cut may leave of it.
//!
//! What was synced is there. Of what was not, each page of each write may be there, or not, or in part, and a later one
//! without an earlier; a name that was given or taken away is only sure when its folder was synced.

use super::chance::Chance;
use super::clinic::copy;
use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::ops::Range;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What a disk writes whole, or does not; and what it may tear a page into.
const PAGE: u64 = 4096;
const SECTOR: u64 = 512;
/// Of an event: what, two lengths of paths, file, place, length of the data.
const HEAD_BYTES: usize = 1 + 2 + 2 + 8 + 8 + 8;

/// The environment in which a program is recorded; the tape must exist. `sync_ms`: how much longer a sync takes.
pub fn recorder(folder: &Path, tape: &Path, sync_ms: u32) -> Vec<(&'static str, String)> {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    let library = LIBRARY.get_or_init(|| {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/torture/tape.c");
        let made = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("tape.so");
        let fresh = made.with_extension(std::process::id().to_string());
        let compiler = Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).arg(&fresh).arg(source).status();
        assert!(compiler.expect("this test needs a C compiler").success());
        fs::rename(&fresh, &made).expect("target/ can be written");
        made
    });
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let mut environment = vec![("LD_PRELOAD", text(library)), ("TAPE_ROOT", text(folder)), ("TAPE_FILE", text(tape))];
    if sync_ms > 0 {
        environment.push(("TAPE_SYNC_MS", sync_ms.to_string()));
    }
    environment
}

/// An event that says: of the ledger's facts, these have been told by now.
pub fn acknowledgement(facts: usize) -> [u8; HEAD_BYTES] {
    let mut event = [0; HEAD_BYTES];
    event[0] = b'A';
    event[13..21].copy_from_slice(&(facts as u64).to_le_bytes());
    event
}

#[derive(Debug)]
enum Event {
    Made { file: u64, path: PathBuf },
    Folder { path: PathBuf },
    Written { file: u64, place: u64, data: Range<usize> },
    Cut { file: u64, bytes: u64 },
    Synced { file: u64, path: PathBuf },
    FolderSynced { path: PathBuf },
    Renamed { from: PathBuf, to: PathBuf },
    Removed { path: PathBuf },
    Acknowledged { facts: usize },
}

/// A recording, and the folder as it was before.
pub struct Tape {
    bytes: Vec<u8>,
    events: Vec<Event>,
}

impl Tape {
    /// Reads a recording of what happened below this folder.
    pub fn read(tape: &Path, folder: &Path) -> Self {
        let bytes = fs::read(tape).unwrap();
        let mut events = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let head = &bytes[at..at + HEAD_BYTES];
            let short = |from: usize| usize::from(u16::from_le_bytes(*head[from..].first_chunk().unwrap()));
            let long = |from: usize| u64::from_le_bytes(*head[from..].first_chunk().unwrap());
            let (first, second, data) = (short(1), short(3), usize::try_from(long(21)).unwrap());
            let (file, place) = (long(5), long(13));
            let text = |range: Range<usize>| {
                let path = Path::new(std::str::from_utf8(&bytes[range]).unwrap());
                path.strip_prefix(folder).map(Path::to_owned).unwrap_or_default()
            };
            let paths = at + HEAD_BYTES;
            let path = text(paths..paths + first);
            let data = paths + first + second..paths + first + second + data;
            events.push(match head[0] {
                b'C' => Event::Made { file, path },
                b'M' => Event::Folder { path },
                b'W' => Event::Written { file, place, data: data.clone() },
                b'T' => Event::Cut { file, bytes: place },
                b'S' => Event::Synced { file, path },
                b'D' => Event::FolderSynced { path },
                b'N' => Event::Renamed { from: path, to: text(paths + first..paths + first + second) },
                b'U' => Event::Removed { path },
                b'A' => Event::Acknowledged { facts: usize::try_from(place).unwrap() },
                other => panic!("the tape says {other:?} of {path:?}: something it cannot record"),
            });
            at = data.end;
        }
        Self { bytes, events }
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// How often a file in a folder was synced since an event.
    pub fn syncs_since(&self, event: usize, folder: &str) -> u64 {
        let syncs = |event: &&Event| matches!(event, Event::Synced { path, .. } if path.starts_with(folder));
        self.events[event..].iter().filter(syncs).count() as u64
    }

    /// Whether a file was put in this place.
    pub fn renames_to(&self, path: &str) -> bool {
        self.events.iter().any(|event| matches!(event, Event::Renamed { to, .. } if to == Path::new(path)))
    }

    /// Takes away every sync: as if the disk had never been waited for.
    pub fn forget_syncs(&mut self) {
        self.events.retain(|event| !matches!(event, Event::Synced { .. } | Event::FolderSynced { .. }));
    }

    /// A moment for the power to go: any, just when something had been acknowledged, or while files come and go.
    pub fn moment(&self, chance: &mut Chance) -> usize {
        let any = chance.place(self.events.len());
        let behind = |wanted: fn(&Event) -> bool| {
            self.events[any..].iter().position(wanted).map_or(any, |behind| any + behind + 1)
        };
        match chance.place(4) {
            0 | 1 => any,
            2 => behind(|event| matches!(event, Event::Acknowledged { .. })),
            _ => {
                let naming = behind(|event| matches!(event, Event::Made { .. } | Event::Renamed { .. }));
                (naming + chance.place(8)).min(self.events.len())
            }
        }
    }
}

/// A file's content, as it is on the disk for sure, and what was done to it since.
#[derive(Clone, Default)]
struct Content {
    sure: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Written { place: u64, data: Range<usize> },
    Cut { bytes: u64 },
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq)]
enum Named {
    Folder,
    File(usize),
}

#[derive(Clone)]
enum Naming {
    Given { path: PathBuf, named: Named },
    Taken { path: PathBuf },
    Moved { from: PathBuf, to: PathBuf, named: Named },
}

impl Naming {
    fn is_in(&self, folder: &Path) -> bool {
        let (Self::Given { path, .. } | Self::Taken { path } | Self::Moved { to: path, .. }) = self;
        path.parent() == Some(folder)
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, Named>) {
        match self {
            Self::Given { path, named } => drop(names.insert(path.clone(), *named)),
            Self::Taken { path } => drop(names.remove(path)),
            Self::Moved { from, to, named } => {
                names.remove(from);
                names.insert(to.clone(), *named);
            }
        }
    }
}

/// A disk on which a tape is played.
#[derive(Clone)]
pub struct Disk {
    contents: Vec<Content>,
    /// By inode number, which is used again when a file is gone.
    files: HashMap<u64, usize>,
    /// As the program sees them.
    names: BTreeMap<PathBuf, Named>,
    /// As they are on the disk for sure.
    sure_names: BTreeMap<PathBuf, Named>,
    pending: Vec<Naming>,
    played: usize,
    /// How many of the ledger's facts had been told.
    pub facts: usize,
}

impl Disk {
    /// The disk as it is now, all of it sure.
    pub fn of(folder: &Path) -> Self {
        let mut disk = Self {
            contents: Vec::new(),
            files: HashMap::new(),
            names: BTreeMap::new(),
            sure_names: BTreeMap::new(),
            pending: Vec::new(),
            played: 0,
            facts: 0,
        };
        disk.take(folder, Path::new(""));
        disk.sure_names = disk.names.clone();
        disk
    }

    fn take(&mut self, root: &Path, folder: &Path) {
        for entry in fs::read_dir(root.join(folder)).unwrap().map(Result::unwrap) {
            let path = folder.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                self.names.insert(path.clone(), Named::Folder);
                self.take(root, &path);
            } else {
                self.contents.push(Content { sure: fs::read(entry.path()).unwrap(), pending: Vec::new() });
                let file = self.contents.len() - 1;
                self.files.insert(entry.metadata().unwrap().ino(), file);
                self.names.insert(path, Named::File(file));
            }
        }
    }

    /// Plays the tape up to an event.
    pub fn play(&mut self, tape: &Tape, to: usize) {
        for event in &tape.events[self.played..to] {
            match event {
                Event::Made { file, path } => {
                    self.contents.push(Content::default());
                    self.files.insert(*file, self.contents.len() - 1);
                    self.named(Naming::Given { path: path.clone(), named: Named::File(self.contents.len() - 1) });
                }
                Event::Folder { path } => self.named(Naming::Given { path: path.clone(), named: Named::Folder }),
                Event::Written { file, place, data } => {
                    let change = Change::Written { place: *place, data: data.clone() };
                    self.content(*file).pending.push(change);
                }
                Event::Cut { file, bytes } => self.content(*file).pending.push(Change::Cut { bytes: *bytes }),
                Event::Synced { file, .. } => {
                    let content = self.content(*file);
                    for change in std::mem::take(&mut content.pending) {
                        change.apply(&mut content.sure, &tape.bytes);
                    }
                }
                Event::FolderSynced { path } => {
                    let (settled, pending) =
                        std::mem::take(&mut self.pending).into_iter().partition(|naming| naming.is_in(path));
                    self.pending = pending;
                    let settled: Vec<Naming> = settled;
                    settled.iter().for_each(|naming| naming.apply(&mut self.sure_names));
                }
                Event::Renamed { from, to } => {
                    let named = self.names[from];
                    assert!(named != Named::Folder, "a folder was renamed, which is not played");
                    self.named(Naming::Moved { from: from.clone(), to: to.clone(), named });
                }
                Event::Removed { path } => self.named(Naming::Taken { path: path.clone() }),
                Event::Acknowledged { facts } => self.facts = *facts,
            }
        }
        self.played = to;
    }

    fn content(&mut self, file: u64) -> &mut Content {
        &mut self.contents[self.files[&file]]
    }

    fn named(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.pending.push(naming);
    }

    /// Lays out what the program sees: everything, synced or not.
    pub fn lay_out_whole(&self, tape: &Tape, folder: &Path) {
        lay_out(&self.names, folder, |file| {
            let Content { mut sure, pending } = self.contents[file].clone();
            pending.iter().for_each(|change| change.apply(&mut sure, &tape.bytes));
            sure
        });
    }

    /// Lays out what the power, going now, may leave.
    pub fn lay_out_torn(&self, tape: &Tape, folder: &Path, chance: &mut Chance) {
        let mut names = self.sure_names.clone();
        if chance.once_in(2) {
            // As a file system with a journal of its own has it: what was done to names stays in order.
            let kept = chance.place(self.pending.len() + 1);
            self.pending[..kept].iter().for_each(|naming| naming.apply(&mut names));
        } else {
            self.pending.iter().filter(|_| chance.once_in(2)).for_each(|naming| naming.apply(&mut names));
        }
        let likely = chance.among(1..5);
        lay_out(&names, folder, |file| self.contents[file].torn(tape, likely, chance));
    }
}

impl Content {
    /// What may be on the disk. Of the pages that are not sure, one in `likely` is missing.
    fn torn(&self, tape: &Tape, likely: u64, chance: &mut Chance) -> Vec<u8> {
        let mut content = self.sure.clone();
        let mut pages = Vec::new();
        for change in &self.pending {
            match change {
                Change::Cut { .. } => pages.push(change.clone()),
                Change::Written { place, data } => {
                    let (mut at, mut from) = (*place, data.start);
                    while from < data.end {
                        let room = usize::try_from(PAGE - at % PAGE).unwrap();
                        let to = data.end.min(from + room);
                        pages.push(Change::Written { place: at, data: from..to });
                        at += (to - from) as u64;
                        from = to;
                    }
                }
            }
        }
        if chance.once_in(3) {
            // Reordered: what was written later may be overtaken by what was written earlier.
            for last in (1..pages.len()).rev() {
                pages.swap(last, chance.place(last + 1));
            }
        }
        for page in pages {
            match (chance.once_in(likely), &page) {
                (true, Change::Written { place, data }) if chance.once_in(3) => {
                    let room = usize::try_from(SECTOR - place % SECTOR).unwrap();
                    let sectors = chance.place(1 + (data.len().saturating_sub(room)) / SECTOR as usize);
                    let end = data.end.min(data.start + room + sectors * SECTOR as usize);
                    let torn = Change::Written { place: *place, data: data.start..end };
                    torn.apply(&mut content, &tape.bytes);
                }
                (true, _) => {}
                (false, page) => page.apply(&mut content, &tape.bytes),
            }
        }
        content
    }
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>, tape: &[u8]) {
        match self {
            Self::Cut { bytes } => content.resize(usize::try_from(*bytes).unwrap(), 0),
            Self::Written { place, data } => {
                let place = usize::try_from(*place).unwrap();
                if content.len() < place + data.len() {
                    content.resize(place + data.len(), 0);
                }
                content[place..place + data.len()].copy_from_slice(&tape[data.clone()]);
            }
        }
    }
}

fn lay_out(names: &BTreeMap<PathBuf, Named>, folder: &Path, mut content: impl FnMut(usize) -> Vec<u8>) {
    let private = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    fs::create_dir_all(folder).unwrap();
    private(folder, 0o700);
    for (path, named) in names {
        let path = folder.join(path);
        // What is in a folder that is lost is lost with it.
        if !path.parent().is_some_and(Path::is_dir) {
            continue;
        }
        match named {
            Named::Folder => {
                fs::create_dir(&path).unwrap();
                private(&path, 0o700);
            }
            Named::File(file) => {
                fs::write(&path, content(*file)).unwrap();
                private(&path, 0o600);
            }
        }
    }
}

/// Makes an empty tape.
pub fn blank(path: &Path) -> File {
    File::create(path).unwrap();
    File::options().append(true).open(path).unwrap()
}

/// Refuses a tape that does not lead to the folder that was recorded.
pub fn prove(start: &Disk, tape: &Tape, folder: &Path, scratch: &Path) {
    let mut disk = start.clone();
    disk.play(tape, tape.len());
    disk.lay_out_whole(tape, scratch);
    let real = scratch.with_extension("real");
    copy(folder, &real);
    assert_eq!(all(scratch), all(&real), "the tape leads elsewhere");
    fs::remove_dir_all(scratch).unwrap();
    fs::remove_dir_all(real).unwrap();
}

/// Every file with the hash of its content.
fn all(folder: &Path) -> BTreeMap<PathBuf, (usize, u64)> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut found = BTreeMap::new();
    for path in crate::story::programs::files(folder) {
        let bytes = fs::read(&path).unwrap();
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        found.insert(path.strip_prefix(folder).unwrap().to_owned(), (bytes.len(), hasher.finish()));
    }
    found
}
