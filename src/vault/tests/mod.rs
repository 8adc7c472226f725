//! The vault as its callers see it, on a real disk.

mod backup;
mod change;
mod compartment;
mod damage;
mod endurance;
mod forget;
mod index;
mod place;
mod record;
mod rotate;
mod slot;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;
use zeroize::Zeroizing;

use super::key::Purpose;
use super::*;
use crate::base::random;
use crate::record::Standing;

const QUICK: Kdf = Kdf { work_factor: 2 };
const PASS: &str = "correct horse";
const NOW: Stamp = Stamp(1_800_000_000_000);
const CANARY: &str = "Ada-Byron-canary-7f31";

struct Practice {
    _root: TempDir,
    dir: PathBuf,
    recovery: String,
    patient: PatientId,
}

fn root() -> TempDir {
    tempfile::Builder::new().prefix("vault-").tempdir().expect("a folder")
}

fn new_vault() -> (Practice, Vault) {
    let root = root();
    let dir = root.path().join("practice");
    let (vault, recovery) = Vault::create(&dir, PASS, QUICK, NOW).expect("a new vault");
    let recovery = recovery.expose().to_owned();
    (Practice { _root: root, dir, recovery, patient: PatientId::random() }, vault)
}

fn try_open(dir: &Path) -> Result<(Vault, OpenReport), VaultError> {
    Vault::open(dir, Secret::Passphrase(PASS), NOW, &mut |_, _| {})
}

fn open(dir: &Path) -> (Vault, OpenReport) {
    try_open(dir).expect("the vault opens")
}

fn shaped(dir: &Path, segment_bytes: u64, reserve_bytes: u64) -> Vault {
    let mut locked = LockedVault::open(dir).expect("a lock");
    locked.shape = Shape { segment_bytes, reserve_bytes };
    locked.unlock(Secret::Passphrase(PASS), NOW, &mut |_, _| {}).expect("the vault opens").0
}

fn entry(kind: u16, patient: Option<PatientId>, body: &str) -> Entry {
    Entry {
        kind,
        id: random::bytes(),
        patient,
        at: NOW,
        schema: 1,
        body: Zeroizing::new(body.as_bytes().to_vec()),
        tombstone: false,
        standing: Standing::Kept,
    }
}

fn event(body: &str) -> Entry {
    Entry { standing: Standing::Event, ..entry(7, None, body) }
}

/// A vault with five commits, one of them large, closed.
fn small_practice() -> (Practice, Vec<Entry>) {
    let (practice, mut vault) = new_vault();
    let mut entries = vec![entry(1, None, "practice"), entry(2, Some(practice.patient), CANARY)];
    entries.extend((0..3).map(|n| entry(4, Some(practice.patient), &format!("{CANARY} {n}"))));
    for entry in &entries {
        vault.commit(std::slice::from_ref(entry)).expect("kept");
    }
    (practice, entries)
}

fn kept(vault: &mut Vault) -> Vec<Entry> {
    let mut all = Vec::new();
    for kind in [1, 2, 4] {
        all.extend(vault.list(kind).expect("a list").into_iter().map(|stored| stored.entry));
    }
    all
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        }
        found.push(path);
    }
    found
}

fn copy(from: &Path, to: &Path) {
    super::folder::create(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
}

fn segment(dir: &Path, number: u32) -> PathBuf {
    dir.join("journal").join(scan::segment_name(number))
}

/// Where each frame of a segment begins, and where the last ends.
fn frame_offsets(path: &Path) -> Vec<usize> {
    let bytes = fs::read(path).expect("a segment");
    let mut offsets = vec![frame::SEGMENT_HEADER_BYTES];
    while let Some(header) = frame::parse(&bytes[offsets[offsets.len() - 1]..]) {
        offsets.push(offsets[offsets.len() - 1] + header.frame_bytes());
    }
    offsets
}

fn flip(path: &Path, byte: usize, bit: u8) {
    let mut bytes = fs::read(path).expect("a file");
    bytes[byte] ^= 1 << bit;
    fs::write(path, bytes).expect("written");
}
