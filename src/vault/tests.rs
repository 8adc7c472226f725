//! The vault as its callers see it, on a real disk.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::*;
use crate::base::random;

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
    let (vault, recovery) = Vault::create(&dir, PASS, QUICK).expect("a new vault");
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
    }
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

#[test]
fn what_was_committed_is_there_after_reopening() {
    let (practice, entries) = small_practice();
    let (mut vault, report) = open(&practice.dir);
    assert_eq!(kept(&mut vault), entries);
    assert_eq!((report.frames, report.torn_bytes, report.head_behind), (5, 0, 0));
    assert_eq!((report.replayed, report.rebuilt), (0, false), "the index was closed in order");
    let found = vault.get(4, &entries[3].id).expect("an answer").expect("a record");
    assert_eq!((found.entry, found.sequence, found.position), (entries[3].clone(), 3, 0));
    assert_eq!(vault.list_of(practice.patient, 4).expect("a list").len(), 3);
    assert!(vault.list_of(PatientId::random(), 4).expect("a list").is_empty());
}

#[test]
fn recovery_key_opens_the_vault_however_it_is_typed() {
    let (practice, entries) = small_practice();
    let typed = practice.recovery.to_lowercase().replace('1', "1 ");
    let (mut vault, _) = Vault::open(&practice.dir, Secret::Recovery(&typed), NOW, &mut |_, _| {}).expect("opens");
    assert_eq!(kept(&mut vault), entries);
    drop(vault);
    let other = small_practice().0.recovery;
    for wrong in [other.as_str(), "AGE-SECRET-KEY-1", "", "🔑"] {
        let refused = Vault::open(&practice.dir, Secret::Recovery(wrong), NOW, &mut |_, _| {});
        assert!(matches!(refused, Err(VaultError::WrongRecoveryKey)));
    }
}

#[test]
fn newest_version_wins_and_a_tombstone_hides() {
    let (practice, mut vault) = new_vault();
    let first = entry(4, Some(practice.patient), "first");
    let second = Entry { body: Zeroizing::new(b"second".to_vec()), ..first.clone() };
    let gone = Entry { tombstone: true, ..first.clone() };
    vault.commit(&[first.clone(), second.clone()]).expect("kept");
    assert_eq!(vault.get(4, &first.id).expect("an answer").expect("a record").entry, second);
    assert_eq!(vault.list(4).expect("a list").len(), 1);
    vault.commit(std::slice::from_ref(&gone)).expect("kept");
    assert_eq!(vault.get(4, &first.id).expect("an answer"), None);
    assert!(vault.list(4).expect("a list").is_empty());
    assert!(vault.list_of(practice.patient, 4).expect("a list").is_empty());
    let history: Vec<Entry> = vault.history(4).expect("a history").into_iter().map(|stored| stored.entry).collect();
    assert_eq!(history, [first, second, gone]);
}

#[test]
fn record_that_moves_to_another_patient_leaves_the_first_ones_list() {
    let (practice, mut vault) = new_vault();
    let other = PatientId::random();
    let first = entry(3, Some(practice.patient), "appointment");
    let moved = Entry { patient: Some(other), ..first.clone() };
    vault.commit(&[first]).expect("kept");
    vault.commit(std::slice::from_ref(&moved)).expect("kept");
    assert!(vault.list_of(practice.patient, 3).expect("a list").is_empty());
    assert_eq!(vault.list_of(other, 3).expect("a list")[0].entry, moved);
}

#[test]
fn history_is_read_in_pages_in_the_order_of_the_journal() {
    let (_practice, mut vault) = new_vault();
    let events: Vec<Entry> = (0..50).map(|n| entry(7, None, &n.to_string())).collect();
    for pair in events.chunks(2) {
        vault.commit(pair).expect("kept");
    }
    let page = vault.history_from(7, 10, 5).expect("a page");
    let bodies: Vec<&Entry> = page.iter().map(|stored| &stored.entry).collect();
    assert_eq!(bodies, events[20..25].iter().collect::<Vec<_>>());
}

#[test]
fn commit_costs_one_sync() {
    let (practice, mut vault) = new_vault();
    vault.ensure_patient_key(practice.patient).expect("a key");
    let before = vault.stats().journal_syncs;
    for n in 0..100 {
        vault.commit(&[entry(4, Some(practice.patient), &n.to_string())]).expect("kept");
    }
    assert_eq!(vault.stats().journal_syncs - before, 100);
}

#[test]
fn too_large_a_commit_is_refused_and_the_next_one_kept() {
    let (_practice, mut vault) = new_vault();
    let large = Entry { body: Zeroizing::new(vec![7; 33 << 20]), ..entry(4, None, "") };
    assert!(matches!(vault.commit(&[large]), Err(VaultError::TooLarge { .. })));
    vault.commit(&[entry(4, None, "small")]).expect("kept");
    assert_eq!(vault.head().sequence, 1);
}

#[test]
fn tail_torn_at_any_byte_is_cut_off_and_reported() {
    let (practice, entries) = small_practice();
    let journal = segment(&practice.dir, 1);
    let offsets = frame_offsets(&journal);
    assert_eq!(offsets.len(), 6);
    let whole = fs::read(&journal).expect("a segment");
    let (start, end) = (offsets[4], offsets[5]);
    let key = keyslot::open(&practice.dir, Secret::Passphrase(PASS)).expect("the key");
    // The head of the moment before: the torn frame was never acknowledged.
    let sealer = key.sealer(Purpose::Journal);
    let (_, mut head, _) = HeadFile::open(&practice.dir, key.sealer(Purpose::Head)).expect("a head");
    head.sequence = 4;
    head.hash = frame::hash(&whole[offsets[3]..start]);
    for written in 0..=(end - start) {
        let mut torn = whole.clone();
        torn[start + written..end].fill(0);
        fs::write(&journal, &torn).expect("written");
        let tail = scan::scan(&practice.dir.join("journal"), &sealer, &head, 0, &mut |_| Ok(())).expect("no damage");
        let is_whole = torn == whole;
        assert_eq!(tail.next, if is_whole { 5 } else { 4 }, "{written} bytes of the last frame");
        // Zeros at the end of what was written cannot be told from reserved space.
        let visible = torn[start..end].iter().rposition(|byte| *byte != 0).map_or(0, |last| last as u64 + 1);
        assert_eq!(tail.torn_bytes, if is_whole { 0 } else { visible });
    }
    // And through the whole vault, with the page in the middle of the frame missing.
    let mut torn = whole.clone();
    torn[start..start + 100].fill(0);
    fs::write(&journal, &torn).expect("written");
    fs::remove_file(practice.dir.join("head")).expect("removed");
    HeadFile::create(&practice.dir, &key.sealer(Purpose::Head), head.journal).expect("a head");
    // The index knows of the frame: then it was acknowledged, whatever an old head says.
    assert!(matches!(try_open(&practice.dir), Err(VaultError::Damaged(Damage::Frame { frame: 4, .. }))));
    fs::remove_dir_all(practice.dir.join("index")).expect("removed");
    let (mut vault, report) = open(&practice.dir);
    assert!(report.torn_bytes > 0 && report.frames == 4 && report.rebuilt);
    assert_eq!(kept(&mut vault), entries[..4]);
    vault.commit(&entries[4..]).expect("kept again");
    drop(vault);
    let (mut vault, report) = open(&practice.dir);
    assert_eq!((report.torn_bytes, kept(&mut vault)), (0, entries));
}

#[test]
fn tail_that_was_acknowledged_cannot_go_missing_unnoticed() {
    let (practice, _) = small_practice();
    let journal = segment(&practice.dir, 1);
    let offsets = frame_offsets(&journal);
    let whole = fs::read(&journal).expect("a segment");
    for (frames, offset) in offsets.iter().enumerate().take(5) {
        let mut cut = whole.clone();
        cut[*offset..].fill(0);
        fs::write(&journal, &cut).expect("written");
        let error = try_open(&practice.dir).err().expect("refused");
        let VaultError::Damaged(Damage::TailMissing { head: 5, found }) = error else { panic!("{error}") };
        assert_eq!(found, frames as u64);
    }
    // Nor can it be damaged: the head knows the last frame's hash.
    fs::write(&journal, &whole).expect("written");
    flip(&journal, offsets[4] + 80, 3);
    let error = try_open(&practice.dir).err().expect("refused");
    let VaultError::Damaged(Damage::Frame { segment: 1, frame: 4, offset }) = error else { panic!("{error}") };
    assert_eq!(offset, offsets[4] as u64);
}

#[test]
fn frame_damaged_in_the_middle_is_named_never_skipped() {
    let (practice, _) = small_practice();
    let journal = segment(&practice.dir, 1);
    let offsets = frame_offsets(&journal);
    let whole = fs::read(&journal).expect("a segment");
    for (frame, start) in offsets[..4].iter().enumerate() {
        for within in [0, 5, 9, 20, 50, 75, 100] {
            fs::write(&journal, &whole).expect("written");
            flip(&journal, start + within, 0);
            let error = try_open(&practice.dir).err().expect("refused");
            let VaultError::Damaged(Damage::Frame { segment: 1, frame: named, offset }) = error else {
                panic!("{error}")
            };
            assert_eq!((named, offset), (frame as u64, *start as u64), "byte {within}");
        }
    }
}

#[test]
fn exchanged_frames_are_noticed() {
    let (practice, mut vault) = new_vault();
    for body in ["aaaa", "bbbb", "cccc", "dddd"] {
        vault.commit(&[entry(1, None, body)]).expect("kept");
    }
    drop(vault);
    let journal = segment(&practice.dir, 1);
    let offsets = frame_offsets(&journal);
    let mut bytes = fs::read(&journal).expect("a segment");
    let (second, third) = (bytes[offsets[1]..offsets[2]].to_vec(), bytes[offsets[2]..offsets[3]].to_vec());
    bytes[offsets[1]..offsets[2]].copy_from_slice(&third);
    bytes[offsets[2]..offsets[3]].copy_from_slice(&second);
    fs::write(&journal, bytes).expect("written");
    let error = try_open(&practice.dir).err().expect("refused");
    assert!(matches!(error, VaultError::Damaged(Damage::Frame { segment: 1, frame: 1, .. })), "{error}");
}

#[test]
fn segments_roll_and_a_removed_or_swapped_one_is_noticed() {
    let (practice, vault) = new_vault();
    drop(vault);
    let mut vault = shaped(&practice.dir, 4096, 1024);
    let entries: Vec<Entry> = (0..120).map(|n| entry(4, Some(practice.patient), &format!("note {n}"))).collect();
    for entry in &entries {
        vault.commit(std::slice::from_ref(entry)).expect("kept");
    }
    let segments = vault.stats().segments;
    assert!(segments > 3, "{segments} segments");
    assert!(vault.verify(&mut |_, _| {}).expect("a report").intact);
    drop(vault);
    let (mut vault, report) = open(&practice.dir);
    assert_eq!((report.rebuilt, report.frames), (false, 120));
    assert_eq!(vault.list(4).expect("a list").len(), 120);
    drop(vault);

    let try_copy = |change: &dyn Fn(&Path)| {
        let copied = practice.dir.with_extension("copy");
        copy(&practice.dir, &copied);
        change(&copied);
        let error = try_open(&copied).err().expect("refused");
        fs::remove_dir_all(&copied).expect("removed");
        match error {
            VaultError::Damaged(damage) => damage,
            other => panic!("{other}"),
        }
    };
    let remove = |number| move |dir: &Path| fs::remove_file(segment(dir, number)).expect("removed");
    assert_eq!(try_copy(&remove(1)), Damage::SegmentMissing { segment: 1 });
    assert_eq!(try_copy(&remove(2)), Damage::SegmentMissing { segment: 2 });
    assert!(matches!(try_copy(&remove(segments)), Damage::TailMissing { head: 120, .. }));
    let swap = |dir: &Path| {
        let aside = dir.join("aside");
        fs::rename(segment(dir, 2), &aside).expect("renamed");
        fs::rename(segment(dir, 3), segment(dir, 2)).expect("renamed");
        fs::rename(&aside, segment(dir, 3)).expect("renamed");
    };
    assert_eq!(try_copy(&swap), Damage::Segment { segment: 2 });
    let foreign = small_practice().0;
    let replace = |dir: &Path| {
        fs::copy(segment(&foreign.dir, 1), segment(dir, 1)).expect("copied");
    };
    assert_eq!(try_copy(&replace), Damage::Segment { segment: 1 });
    let cut = |dir: &Path| {
        let path = segment(dir, 2);
        let bytes = fs::read(&path).expect("a segment");
        fs::write(&path, &bytes[..bytes.len() - 10]).expect("written");
    };
    assert!(matches!(try_copy(&cut), Damage::Frame { segment: 2, .. }));
    let truth = |dir: &Path| fs::remove_file(dir.join("keyring")).expect("removed");
    assert_eq!(try_copy(&truth), Damage::Keyring);
    let head = |dir: &Path| fs::remove_file(dir.join("head")).expect("removed");
    assert_eq!(try_copy(&head), Damage::Head);
}

#[test]
fn index_is_rebuilt_with_equal_contents_whatever_befalls_it() {
    let (practice, entries) = small_practice();
    let index = practice.dir.join("index");
    let remove_all = |_: &Path| fs::remove_dir_all(&index).expect("removed");
    let garbage = |path: &Path| fs::write(path.join("db"), vec![0xA5; 70_000]).expect("written");
    let truncate = |path: &Path| fs::write(path.join("db"), b"").expect("written");
    let not_a_folder = |path: &Path| {
        fs::remove_dir_all(path).expect("removed");
        fs::write(path, b"a file").expect("written");
    };
    for (name, change) in [
        ("removed", &remove_all as &dyn Fn(&Path)),
        ("garbage", &garbage),
        ("truncated", &truncate),
        ("a file", &not_a_folder),
    ] {
        change(&index);
        let (mut vault, report) = open(&practice.dir);
        assert!(report.rebuilt, "{name}");
        assert_eq!(kept(&mut vault), entries, "{name}");
        assert!(vault.verify(&mut |_, _| {}).expect("a report").intact);
    }
}

#[test]
fn index_of_an_older_moment_is_brought_up_to_date() {
    let (practice, entries) = small_practice();
    let old = practice.dir.with_extension("old-index");
    copy(&practice.dir.join("index"), &old);
    let (mut vault, _) = open(&practice.dir);
    let more = entry(4, Some(practice.patient), "more");
    vault.commit(std::slice::from_ref(&more)).expect("kept");
    drop(vault);
    fs::remove_dir_all(practice.dir.join("index")).expect("removed");
    fs::rename(&old, practice.dir.join("index")).expect("renamed");
    let (mut vault, report) = open(&practice.dir);
    assert_eq!((report.replayed, report.rebuilt), (1, false));
    assert_eq!(kept(&mut vault).len(), entries.len() + 1);
}

#[test]
fn index_of_another_journal_is_not_believed() {
    let (practice, entries) = small_practice();
    let other = small_practice().0;
    fs::remove_dir_all(practice.dir.join("index")).expect("removed");
    copy(&other.dir.join("index"), &practice.dir.join("index"));
    let (mut vault, report) = open(&practice.dir);
    assert!(report.rebuilt);
    assert_eq!(kept(&mut vault), entries);
}

#[test]
fn index_lost_while_open_is_rebuilt_at_the_next_question() {
    let (practice, entries) = small_practice();
    let (mut vault, _) = open(&practice.dir);
    vault.index.lose();
    assert_eq!(kept(&mut vault), entries);
    vault.index.reset(true);
    let more = entry(4, Some(practice.patient), "more");
    vault.commit(std::slice::from_ref(&more)).expect("kept");
    let report = vault.verify(&mut |_, _| {}).expect("a report");
    assert!(report.intact && report.index_rebuilt);
    assert_eq!(kept(&mut vault).len(), entries.len() + 1);
    assert!(!vault.verify(&mut |_, _| {}).expect("a report").index_rebuilt);
}

#[test]
fn verify_counts_and_names_damage() {
    let (practice, _) = small_practice();
    let (mut vault, _) = open(&practice.dir);
    let report = vault.verify(&mut |_, _| {}).expect("a report");
    assert_eq!((report.frames, report.records, report.intact), (5, 5, true));
    assert_eq!(report.head, vault.head().hash);
    let journal = segment(&practice.dir, 1);
    flip(&journal, frame_offsets(&journal)[2] + 90, 1);
    let report = vault.verify(&mut |_, _| {}).expect("a report");
    assert!(matches!(report.damage, Some(Damage::Frame { segment: 1, frame: 2, .. })), "{report:?}");
    assert!(!report.intact);
}

#[test]
fn forgotten_patient_is_skipped_and_a_missing_key_is_damage() {
    let (practice, _) = small_practice();
    let older = fs::read(practice.dir.join("keyring")).expect("a keyring");
    let (mut vault, _) = open(&practice.dir);
    let second = PatientId::random();
    vault.commit(&[entry(4, Some(second), "second")]).expect("kept");
    vault.keyring.forget(practice.patient).expect("forgotten");
    vault.index.lose();
    assert_eq!(kept(&mut vault).len(), 2, "the practice and the second patient's note");
    let report = vault.verify(&mut |_, _| {}).expect("a report");
    assert_eq!((report.records, report.forgotten, report.intact), (6, 4, true));
    drop(vault);
    fs::write(practice.dir.join("keyring"), older).expect("written");
    let (mut vault, _) = open(&practice.dir);
    let report = vault.verify(&mut |_, _| {}).expect("a report");
    assert_eq!(report.damage, Some(Damage::KeyMissing { frame: 5 }));
}

#[test]
fn stock_age_opens_both_keyslots() {
    let (practice, _) = small_practice();
    let key = keyslot::open(&practice.dir, Secret::Passphrase(PASS)).expect("the key");
    let identity = practice.dir.with_extension("identity");
    fs::write(&identity, &practice.recovery).expect("written");
    let recovered = Command::new("age")
        .args(["--decrypt", "--identity"])
        .arg(&identity)
        .arg(practice.dir.join("keyslot/recovery.age"))
        .output()
        .expect("this test needs the program 'age' (Debian package age)");
    assert!(recovered.status.success(), "{}", String::from_utf8_lossy(&recovered.stderr));
    assert_eq!(recovered.stdout, key.to_text().as_bytes());
    // age reads a passphrase from a terminal only; script(1) is one.
    let typed = Command::new("script")
        .args(["--quiet", "--return", "--command", "age --decrypt keyslot/passphrase.age", "/dev/null"])
        .current_dir(&practice.dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            use std::io::Write;
            child.stdin.take().expect("a pipe").write_all(format!("{PASS}\n").as_bytes())?;
            child.wait_with_output()
        })
        .expect("this test needs the program 'script' (Debian package bsdutils)");
    let shown = String::from_utf8_lossy(&typed.stdout);
    assert!(shown.contains(key.to_text().trim_end()), "{shown}");
}

#[test]
fn nothing_readable_lies_in_any_file_or_name() {
    let (practice, mut vault) = new_vault();
    for n in 0..20 {
        vault.commit(&[entry(4, Some(practice.patient), &format!("{CANARY} {n}"))]).expect("kept");
    }
    vault.commit(&[entry(1, None, CANARY)]).expect("kept");
    vault.store_conversation(&[9; 16], CANARY.as_bytes()).expect("stored");
    let mut locked = vault.lock().expect("locked");
    let body = Zeroizing::new(CANARY.as_bytes().to_vec());
    locked.spool(&Spooled { kind: 1, id: [3; 16], at: NOW, body }).expect("spooled");
    drop(locked);
    let id = practice.patient.as_bytes();
    let stamp = NOW.0.to_le_bytes();
    for path in files(&practice.dir) {
        assert!(!path.to_string_lossy().contains(CANARY));
        if path.is_file() {
            let bytes = fs::read(&path).expect("a file");
            for secret in [CANARY.as_bytes(), id.as_slice(), &stamp[..6], &[9; 16]] {
                assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{}", path.display());
            }
        }
    }
}

#[test]
fn files_are_the_owners_alone_whatever_the_umask() {
    // The umask belongs to the whole process: only a child may change it.
    const CHILD: &str = "BEDSIDE_TEST_UMASK_VAULT";
    if let Some(dir) = std::env::var_os(CHILD) {
        let (mut vault, _) = Vault::create(Path::new(&dir), PASS, QUICK).expect("a new vault");
        vault.commit(&[entry(4, Some(PatientId::random()), "note")]).expect("kept");
        vault.store_conversation(&[1; 16], b"state").expect("stored");
        return;
    }
    let root = root();
    for (umask, name) in [("000", "open"), ("777", "closed")] {
        let dir = root.path().join(name);
        let status = Command::new("sh")
            .arg("-c")
            .arg(format!("umask {umask}; exec \"$0\" \"$@\""))
            .arg(std::env::current_exe().expect("this program"))
            .args(["--exact", "vault::tests::files_are_the_owners_alone_whatever_the_umask"])
            .env(CHILD, &dir)
            .stdout(Stdio::null())
            .status()
            .expect("a child");
        assert!(status.success());
        let mut all = files(&dir);
        all.push(dir.clone());
        for path in all {
            let mode = fs::metadata(&path).expect("metadata").permissions().mode() & 0o777;
            let expected = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode, expected, "{} under umask {umask}", path.display());
        }
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o750)).expect("changed");
        assert!(matches!(try_open(&dir), Err(VaultError::Exposed { mode: 0o750 })));
    }
}

#[test]
fn second_opener_is_refused() {
    let (practice, vault) = new_vault();
    assert!(matches!(LockedVault::open(&practice.dir), Err(VaultError::InUse)));
    let locked = vault.lock().expect("locked");
    assert!(matches!(try_open(&practice.dir), Err(VaultError::InUse)));
    drop(locked);
    open(&practice.dir);
}

#[test]
fn create_never_overwrites() {
    let (practice, entries) = small_practice();
    assert!(matches!(Vault::create(&practice.dir, PASS, QUICK), Err(VaultError::Exists)));
    let (mut vault, _) = open(&practice.dir);
    assert_eq!(kept(&mut vault), entries);
    let empty = root();
    assert!(!Vault::exists(empty.path()));
    assert!(matches!(try_open(empty.path()), Err(VaultError::Missing)));
    Vault::create(empty.path(), PASS, QUICK).expect("an empty folder will do");
}

#[test]
fn wrong_passphrase_costs_time_and_the_right_one_ends_it() {
    let (practice, _) = small_practice();
    let wrong = |now| Vault::open(&practice.dir, Secret::Passphrase("wrong"), now, &mut |_, _| {});
    assert!(matches!(wrong(NOW), Err(VaultError::WrongPassphrase)));
    assert!(matches!(try_open(&practice.dir), Err(VaultError::TryLater { wait_ms: 1000 })));
    assert!(matches!(wrong(Stamp(NOW.0 + 1000)), Err(VaultError::WrongPassphrase)));
    assert!(matches!(wrong(Stamp(NOW.0 + 1500)), Err(VaultError::TryLater { wait_ms: 1500 })));
    Vault::open(&practice.dir, Secret::Recovery(&practice.recovery), NOW, &mut |_, _| {}).expect("always tried");
    let (mut vault, _) = open(&practice.dir);
    assert!(matches!(vault.confirm("wrong", NOW), Err(VaultError::WrongPassphrase)));
    vault.confirm(PASS, Stamp(NOW.0 + 1000)).expect("right");
    vault.set_passphrase("new", QUICK).expect("set");
    assert!(matches!(vault.confirm(PASS, NOW), Err(VaultError::WrongPassphrase)));
    vault.confirm("new", Stamp(NOW.0 + 1000)).expect("right");
}

#[test]
fn spool_is_drained_in_order_and_each_thing_once() {
    let (practice, vault) = new_vault();
    let mut locked = vault.lock().expect("locked");
    let things: Vec<Spooled> =
        (0..5).map(|n| Spooled { kind: 1, id: [n; 16], at: NOW, body: Zeroizing::new(vec![n; 100]) }).collect();
    for thing in &things {
        locked.spool(thing).expect("spooled");
        locked.spool(thing).expect("the same again is no error");
    }
    assert_eq!(locked.spooled(), 5);
    drop(locked);
    let (mut vault, report) = open(&practice.dir);
    assert_eq!(report.spooled, 5);
    assert_eq!(vault.spooled().expect("drained").items, things);
    // Taken, but the process dies before the file is removed.
    let spool = practice.dir.join("spool");
    let kept_file = files(&spool).into_iter().find(|path| path.to_string_lossy().contains("0000-00")).expect("a file");
    let sealed = fs::read(&kept_file).expect("a file");
    vault.commit_spooled(&things[0].id, &[entry(5, None, "taken")]).expect("taken");
    drop(vault);
    fs::write(&kept_file, sealed).expect("back again");
    let (mut vault, _) = open(&practice.dir);
    assert_eq!(vault.spooled().expect("drained").items, things[1..]);
    assert!(!kept_file.exists());
    assert_eq!(vault.list(5).expect("a list").len(), 1);
    vault.commit_spooled(&things[1].id, &[]).expect("taken, with nothing to keep");
    flip(&files(&spool)[0], 300, 0);
    let drained = vault.spooled().expect("drained");
    assert_eq!((drained.items.len(), drained.damaged), (2, 1));
}

#[test]
fn conversation_state_is_replaced_whole_and_removed() {
    let (practice, mut vault) = new_vault();
    assert_eq!(vault.load_conversation(&[1; 16]).expect("an answer"), None);
    vault.store_conversation(&[1; 16], b"one").expect("stored");
    vault.store_conversation(&[1; 16], b"two").expect("stored");
    vault.store_conversation(&[2; 16], b"other").expect("stored");
    drop(vault);
    let (mut vault, _) = open(&practice.dir);
    assert_eq!(vault.load_conversation(&[1; 16]).expect("an answer").expect("a state").as_slice(), b"two");
    let files = files(&practice.dir.join("conversation"));
    assert_eq!(files.len(), 2);
    // One conversation's state does not pass for another's.
    let (first, second) = (fs::read(&files[0]).expect("a file"), fs::read(&files[1]).expect("a file"));
    fs::write(&files[0], second).expect("written");
    fs::write(&files[1], first).expect("written");
    assert!(matches!(vault.load_conversation(&[1; 16]), Err(VaultError::Damaged(Damage::Conversation))));
    vault.remove_conversation(&[1; 16]).expect("removed");
    vault.remove_conversation(&[1; 16]).expect("nothing to remove is no error");
    assert_eq!(vault.load_conversation(&[1; 16]).expect("an answer"), None);
}

#[test]
fn full_disk_refuses_new_commits_and_loses_nothing() {
    // A limit on file sizes, inherited with its signal ignored, is a disk that is full at a known
    // byte, without being root. It holds for a whole process, so a child it is.
    const CHILD: &str = "BEDSIDE_TEST_FULL_DISK_VAULT";
    if let Some(dir) = std::env::var_os(CHILD) {
        let (mut vault, _) = try_open(Path::new(&dir)).expect("opens");
        let patient = PatientId::random();
        let mut acknowledged = 0;
        let error = loop {
            match vault.commit(&[entry(4, Some(patient), &"x".repeat(20_000))]) {
                Ok(_) => acknowledged += 1,
                Err(error) => break error,
            }
            assert!(acknowledged < 1000, "the limit never came");
        };
        assert!(matches!(error, VaultError::DiskFull), "{error}");
        assert!(acknowledged > 10 && vault.stats().disk_low);
        assert_eq!(vault.list(4).expect("a list").len(), acknowledged);
        assert!(matches!(vault.commit(&[entry(4, None, &"x".repeat(20_000))]), Err(VaultError::DiskFull)));
        drop(vault);
        let (mut vault, report) = try_open(Path::new(&dir)).expect("opens on a full disk");
        assert_eq!((vault.list(4).expect("a list").len(), report.torn_bytes), (acknowledged, 0));
        fs::write(Path::new(&dir).with_extension("count"), acknowledged.to_string()).expect("written");
        return;
    }
    let (practice, vault) = new_vault();
    drop(vault);
    let status = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 6144; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", "vault::tests::full_disk_refuses_new_commits_and_loses_nothing", "--nocapture"])
        .env(CHILD, &practice.dir)
        .status()
        .expect("a child");
    assert!(status.success());
    let count = fs::read_to_string(practice.dir.with_extension("count")).expect("the child came to its end");
    let (mut vault, _) = open(&practice.dir);
    assert_eq!(vault.list(4).expect("a list").len().to_string(), count);
    vault.commit(&[entry(4, None, "room again")]).expect("kept");
}

#[test]
fn newer_format_is_named_as_such() {
    let (practice, _) = small_practice();
    flip(&segment(&practice.dir, 1), 9, 0);
    assert!(matches!(try_open(&practice.dir), Err(VaultError::Newer { found: 257, known: 1 })));
}

/// One flipped bit in any byte that means something is refused or reported.
#[test]
fn flipped_bit_anywhere_is_found() {
    const JOURNAL: &str = "journal/000001.bj";
    const TARGETS: [&str; 6] = [JOURNAL, "head", "keyring", "inbox.key", "inbox.pub", "keyslot/recovery.age"];
    /// How much of the reserved zeros is tried.
    const RESERVE: usize = 100;
    let (practice, _) = small_practice();
    let size = |name: &&str| match *name {
        JOURNAL => *frame_offsets(&practice.dir.join(name)).last().expect("an end") + RESERVE,
        "head" => 8192,
        _ => fs::metadata(practice.dir.join(name)).expect("a file").len() as usize,
    };
    let sizes: Vec<usize> = TARGETS.iter().map(size).collect();
    let mut runner = TestRunner::new(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() });
    let places = (0..sizes.iter().sum::<usize>(), 0_u8..8);
    let result = runner.run(&places, |(mut byte, bit)| {
        let file = sizes.iter().position(|size| byte.checked_sub(*size).map(|rest| byte = rest).is_none());
        let file = file.expect("the place is in one of the files");
        let path = practice.dir.join(TARGETS[file]);
        let whole = fs::read(&path).expect("a file");
        flip(&path, byte, bit);
        let opened = Vault::open(&practice.dir, Secret::Recovery(&practice.recovery), NOW, &mut |_, _| {});
        let found = match &opened {
            Err(_) => true,
            Ok((_, report)) => report.torn_bytes > 0 || report.head_slots < 2,
        };
        drop(opened);
        fs::write(&path, whole).expect("put right");
        // The unused rest of the head's pages and the newline of inbox.pub mean nothing.
        let idle = match TARGETS[file] {
            "head" => byte % 4096 >= key::SealedForm::length(64),
            "inbox.pub" => byte + 1 == sizes[file],
            _ => false,
        };
        prop_assert!(found || idle, "{} byte {byte} bit {bit}", TARGETS[file]);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
