//! What is copied comes back, and nothing else is taken for it.

mod loss;

use super::*;
use proptest::prelude::*;

const RECORD: u16 = 4;

struct Folders {
    _root: TempDir,
    backup: PathBuf,
    keys: PathBuf,
    to: PathBuf,
}

fn folders() -> Folders {
    let root = root();
    let (backup, keys, to) = (root.path().join("backup"), root.path().join("keys"), root.path().join("restored"));
    fs::create_dir(&keys).expect("a folder");
    Folders { _root: root, backup, keys, to }
}

fn silent(_: u64, _: u64) {}

/// The keys, over what was written last.
fn back_up_keys(vault: &Vault, folders: &Folders) -> KeyringBackup {
    let last = Vault::keyring_backup_hash(&folders.keys).expect("read");
    vault.write_keyring_backup(&folders.keys, last, NOW).expect("keys")
}

/// One run of both.
fn back_up(vault: &Vault, folders: &Folders) -> BackupReport {
    back_up_keys(vault, folders);
    vault.backup_point().create(&folders.backup, true, NOW, &mut silent).expect("a run")
}

fn restoring<'a>(folders: &'a Folders, practice: &'a Practice) -> Restoring<'a> {
    Restoring {
        from: &folders.backup,
        keys: Some(&folders.keys),
        recovery: &practice.recovery,
        passphrase: "another pass",
        kdf: QUICK,
        partial: false,
    }
}

fn come_back(folders: &Folders, practice: &Practice) -> Result<(Vault, RestoreReport), VaultError> {
    restore(&folders.to, &restoring(folders, practice), &mut silent)
}

fn refused<T>(result: Result<T, VaultError>) -> BackupRefused {
    match result.map(|_| ()) {
        Err(VaultError::Backup(why)) => why,
        other => panic!("{other:?}"),
    }
}

/// A vault with some segments, backed up in three runs.
fn backed_up() -> (Practice, Vault, Folders) {
    let (practice, vault) = new_vault();
    drop(vault);
    let mut vault = shaped(&practice.dir, 4096, 1024);
    let folders = folders();
    for run in 0..3 {
        for n in 0..6 {
            let body = format!("{CANARY} {run} {n} {}", "long ".repeat(60));
            vault.commit(&[entry(RECORD, Some(practice.patient), &body), entry(1, None, "other")]).expect("kept");
        }
        back_up(&vault, &folders);
    }
    (practice, vault, folders)
}

fn contents(folder: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    files(folder)
        .into_iter()
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), fs::read(path).expect("a file")))
        .collect()
}

fn parts(folders: &Folders) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = files(&folders.backup.join("journal"));
    found.sort();
    found
}

#[test]
fn runs_only_add_files_and_everything_comes_back() {
    let (practice, mut vault, folders) = backed_up();
    let before = contents(&folders.backup);
    vault.commit(&[entry(RECORD, Some(PatientId::random()), "a new patient's")]).expect("kept");
    let report = back_up(&vault, &folders);
    assert_eq!((report.made.runs, report.made.head, report.parts), (4, vault.head(), 1));
    let after = contents(&folders.backup);
    assert!(before.iter().all(|(path, bytes)| after.get(path) == Some(bytes)), "what is there stays as it is");
    assert_eq!(after.len(), before.len() + 2, "one part and one list are new");

    let kept = kept(&mut vault);
    let head = vault.head();
    drop(vault);
    let (mut restored, report) = come_back(&folders, &practice).expect("restored");
    assert_eq!(self::kept(&mut restored), kept);
    assert_eq!((restored.head(), report.made.head), (head, head));
    assert_eq!((report.records, report.keys, report.lacking), (37, 2, 0));
    restored.commit(&[entry(RECORD, Some(practice.patient), "it goes on")]).expect("kept");
    drop(restored);
    let opened = Vault::open(&folders.to, Secret::Passphrase("another pass"), NOW, &mut silent);
    assert!(opened.expect("the new passphrase opens").0.verify(&mut silent).expect("verified").is_intact());
    let recovery = Secret::Recovery(&practice.recovery);
    Vault::open(&folders.to, recovery, NOW, &mut silent).expect("and the same recovery key");
}

#[test]
fn run_without_news_adds_only_its_list() {
    let (practice, vault, folders) = backed_up();
    let (before, runs) = (parts(&folders), back_up(&vault, &folders));
    assert_eq!((runs.parts, runs.bytes, runs.made.runs), (0, 0, 4));
    assert_eq!(parts(&folders), before);
    come_back(&folders, &practice).expect("restored");
}

#[test]
fn backup_tells_nothing_and_holds_no_patients_key() {
    let (practice, vault, folders) = backed_up();
    drop(vault);
    let all = contents(&folders.backup);
    assert!(all.values().all(|bytes| !bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes())));
    for path in files(&folders.backup) {
        let mode = fs::metadata(&path).expect("metadata").permissions().mode() & 0o777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    }
    // Whoever has the recovery key and this folder alone reads nothing of any patient.
    let what = Restoring { keys: None, partial: true, ..restoring(&folders, &practice) };
    let (mut restored, report) = restore(&folders.to, &what, &mut silent).expect("restored");
    assert_eq!((report.keys, report.lacking), (0, 1));
    assert_eq!(restored.list(RECORD).expect("a list"), []);
    assert_eq!(restored.list(1).expect("a list").len(), 18);
}

#[test]
fn interrupted_run_confuses_nobody() {
    let (practice, mut vault, folders) = backed_up();
    let names = ["journal/000009-000000000000-000000000400.part", "journal/000009-000000000000.new"];
    for name in names.into_iter().chain(["manifest/000004.bm.new", "keyslot/000004.age.new", "backup.new"]) {
        fs::write(folders.backup.join(name), b"half").expect("written");
    }
    vault.commit(&[entry(RECORD, Some(practice.patient), "more")]).expect("kept");
    back_up(&vault, &folders);
    assert!(names.iter().all(|name| !folders.backup.join(name).exists()));
    let kept = kept(&mut vault);
    let (mut restored, _) = come_back(&folders, &practice).expect("restored");
    assert_eq!(self::kept(&mut restored), kept);

    // Interrupted before it could say whose it is, a first run is simply begun again.
    let begun = self::folders();
    fs::create_dir_all(begun.backup.join("journal")).expect("a folder");
    fs::write(begun.backup.join("backup.new"), b"bedside-ba").expect("written");
    back_up(&vault, &begun);
}

#[test]
fn every_damaged_missing_or_exchanged_file_is_named_and_nothing_is_left() {
    let (practice, vault, folders) = backed_up();
    drop(vault);
    let whole = contents(&folders.backup);
    let damage = |folders: &Folders| match come_back(folders, &practice) {
        Err(VaultError::Damaged(damage)) => damage.to_string(),
        other => panic!("{:?}", other.map(|_| ())),
    };
    let named = |path: &Path| {
        let name = path.strip_prefix(&folders.backup).expect("in the backup").display().to_string();
        let said = damage(&folders);
        assert!(said.ends_with(&name), "{said} is not {name}");
        assert!(
            !folders.to.exists()
                && !fs::read_dir(folders.to.parent().expect("a parent")).expect("a folder").any(|entry| entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .starts_with(".bedside"))
        );
    };
    // Of the rest, `loss` tells: what stands in one of those files is known elsewhere, too.
    let read = ["journal", "manifest"].map(|name| folders.backup.join(name));
    for (path, bytes) in whole.iter().filter(|(path, _)| read.iter().any(|folder| path.starts_with(folder))) {
        let mut flipped = bytes.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 1;
        fs::write(path, flipped).expect("written");
        named(path);
        fs::write(path, &bytes[..bytes.len() - 1]).expect("written");
        named(path);
        if path != whole.keys().rfind(|path| path.extension().is_some_and(|end| end == "bm")).expect("a list") {
            fs::remove_file(path).expect("removed");
            named(path);
        }
        fs::write(path, bytes).expect("written");
    }
    // Two of one kind exchanged.
    for folder in ["journal", "manifest"] {
        let mut two = files(&folders.backup.join(folder));
        two.sort();
        let (one, other) = (fs::read(&two[0]).expect("a file"), fs::read(&two[1]).expect("a file"));
        fs::write(&two[0], &other).expect("written");
        fs::write(&two[1], &one).expect("written");
        named(&two[0]);
        fs::write(&two[0], &one).expect("written");
        fs::write(&two[1], &other).expect("written");
    }
    come_back(&folders, &practice).expect("whole again");
}

#[test]
fn folders_that_will_not_do_are_refused() {
    let (practice, vault, folders) = backed_up();
    let into = |folder: &Path| vault.backup_point().create(folder, true, NOW, &mut silent);
    assert_eq!(refused(into(&practice.dir)), BackupRefused::InVault);
    assert_eq!(refused(into(&practice.dir.join("journal/deep/er"))), BackupRefused::InVault);
    let link = folders.to.with_extension("link");
    std::os::unix::fs::symlink(&practice.dir, &link).expect("a link");
    assert_eq!(refused(into(&link.join("new"))), BackupRefused::InVault);
    assert_eq!(refused(vault.write_keyring_backup(&practice.dir, None, NOW)), BackupRefused::InVault);
    assert_eq!(refused(vault.write_keyring_backup(&folders.backup, None, NOW)), BackupRefused::Together);
    assert_eq!(refused(check_apart(&folders.backup, &folders.backup.join("keys"))), BackupRefused::Together);
    assert_eq!(refused(into(&folders.keys)), BackupRefused::Occupied);
    let (_other, others) = new_vault();
    assert_eq!(refused(others.backup_point().create(&folders.backup, true, NOW, &mut silent)), BackupRefused::Foreign);
    let nowhere = folders.to.join("nowhere");
    assert_eq!(refused(vault.backup_point().create(&nowhere, false, NOW, &mut silent)), BackupRefused::Missing);
    assert!(!nowhere.exists());
    fs::create_dir(&folders.to).expect("a folder");
    fs::write(folders.to.join("thesis"), b"not to be lost").expect("written");
    assert!(matches!(come_back(&folders, &practice), Err(VaultError::Exists)));
}

#[test]
fn wrong_recovery_key_and_another_vaults_keys_are_told_apart() {
    let (practice, vault, folders) = backed_up();
    let (other, others) = new_vault();
    let what = Restoring { recovery: &other.recovery, ..restoring(&folders, &practice) };
    assert!(matches!(restore(&folders.to, &what, &mut silent), Err(VaultError::WrongRecoveryKey)));
    let what = Restoring { recovery: "AGE-SECRET-KEY-1NOTONE", ..restoring(&folders, &practice) };
    assert!(matches!(restore(&folders.to, &what, &mut silent), Err(VaultError::WrongRecoveryKey)));
    let theirs = folders.keys.with_extension("theirs");
    fs::create_dir(&theirs).expect("a folder");
    others.write_keyring_backup(&theirs, None, NOW).expect("keys");
    let what = Restoring { keys: Some(&theirs), ..restoring(&folders, &practice) };
    assert_eq!(refused(restore(&folders.to, &what, &mut silent)), BackupRefused::KeysElse);
    fs::remove_file(folders.keys.join("keyring.age")).expect("removed");
    assert_eq!(refused(come_back(&folders, &practice)), BackupRefused::KeysMissing);
    drop(vault);
}

#[test]
fn restored_vault_continues_the_backup_and_the_other_one_cannot_follow() {
    let (practice, mut original, folders) = backed_up();
    original.commit(&[entry(1, None, "not backed up any more")]).expect("kept");
    let (mut restored, _) = come_back(&folders, &practice).expect("restored");
    restored.commit(&[entry(1, None, "after the fire")]).expect("kept");
    back_up(&restored, &folders);
    let refusal = original.backup_point().create(&folders.backup, true, NOW, &mut silent);
    assert_eq!(refused(refusal), BackupRefused::Diverged);
    for n in 0..9 {
        original.commit(&[entry(1, None, &format!("{n}"))]).expect("kept");
    }
    let refusal = original.backup_point().create(&folders.backup, true, NOW, &mut silent);
    assert_eq!(refused(refusal), BackupRefused::Diverged);
    let beside = root();
    assert_eq!(
        refused(original.backup_point().verify(&folders.backup, beside.path(), &mut silent)),
        BackupRefused::Diverged
    );
}

#[test]
fn keys_older_than_the_journal_are_told_and_the_others_can_be_had() {
    let (practice, mut vault, folders) = backed_up();
    vault.commit(&[entry(RECORD, Some(PatientId::random()), "came later")]).expect("kept");
    vault.backup_point().create(&folders.backup, true, NOW, &mut silent).expect("a run without the keys");
    let refusal = come_back(&folders, &practice).map(|_| ());
    assert!(matches!(refusal, Err(VaultError::Damaged(Damage::KeyringBackupOld { keys: 1 }))), "{refusal:?}");
    assert!(!folders.to.exists());
    let what = Restoring { partial: true, ..restoring(&folders, &practice) };
    let (mut restored, report) = restore(&folders.to, &what, &mut silent).expect("restored");
    assert_eq!((report.keys, report.lacking), (1, 1));
    assert_eq!(restored.list(RECORD).expect("a list").len(), 18);
}

#[test]
fn whoever_is_forgotten_stays_so_in_every_backup_once_the_keys_are_replaced() {
    let (practice, mut vault, folders) = backed_up();
    let state = vault.keyring_state().expect("a state");
    vault.keyring.forget(&[practice.patient]).expect("forgotten");
    assert_ne!(vault.keyring_state().expect("a state"), state, "the keys' backup is not current any more");
    let written = back_up_keys(&vault, &folders);
    assert_eq!(written.state, vault.keyring_state().expect("a state"));
    assert_eq!(Vault::keyring_backup_hash(&folders.keys).expect("read"), Some(written.file));
    assert_eq!(files(&folders.keys).len(), 2, "the latest only, and whose they are");
    let (mut restored, report) = come_back(&folders, &practice).expect("restored");
    assert_eq!((report.keys, report.lacking), (0, 0));
    assert_eq!(restored.list(RECORD).expect("a list"), []);
    assert!(restored.verify(&mut silent).expect("verified").is_intact());
}

#[test]
fn comparison_reads_every_record_and_leaves_no_trace() {
    let (practice, mut vault, folders) = backed_up();
    vault.commit(&[entry(RECORD, Some(practice.patient), "newer than the backup")]).expect("kept");
    let beside = root();
    let point = vault.backup_point();
    let found = point.verify(&folders.backup, beside.path(), &mut silent).expect("the same");
    assert_eq!((found.records, found.forgotten, found.behind, found.made.runs), (36, 0, 1, 3));
    assert_eq!(files(beside.path()), Vec::<PathBuf>::new());
    let part = &parts(&folders)[1];
    flip(part, 200, 0);
    let broken = point.verify(&folders.backup, beside.path(), &mut silent);
    assert!(matches!(broken, Err(VaultError::Damaged(Damage::BackupPart { .. }))), "{broken:?}");
    assert_eq!(files(beside.path()), Vec::<PathBuf>::new());
}

#[test]
fn damaged_journal_is_not_copied() {
    let (practice, mut vault, folders) = backed_up();
    vault.commit(&[entry(RECORD, Some(practice.patient), "one")]).expect("kept");
    vault.commit(&[entry(RECORD, Some(practice.patient), "two")]).expect("kept");
    let last = segment(&practice.dir, vault.stats().segments);
    let offsets = frame_offsets(&last);
    flip(&last, offsets[offsets.len() - 2] - 3, 1);
    let refusal = vault.backup_point().create(&folders.backup, true, NOW, &mut silent).map(|_| ());
    assert!(matches!(refusal, Err(VaultError::Damaged(_))), "{refusal:?}");
    assert_eq!(files(&folders.backup.join("manifest")).len(), 3, "there is no list of such a run");
    let half = files(&folders.backup).into_iter().filter(|path| path.extension().is_some_and(|end| end == "new"));
    assert_eq!(half.count(), 0, "nor does what it copied take up the disk");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn any_rhythm_of_commits_and_runs_comes_back_whole(steps in proptest::collection::vec((0usize..3000, any::<bool>()), 1..25)) {
        let (practice, vault) = new_vault();
        drop(vault);
        let mut vault = shaped(&practice.dir, 2048, 512);
        let folders = folders();
        back_up(&vault, &folders);
        for (bytes, run) in steps {
            vault.commit(&[entry(RECORD, Some(practice.patient), &"x".repeat(bytes))]).expect("kept");
            if run {
                back_up(&vault, &folders);
            }
        }
        back_up(&vault, &folders);
        let kept = kept(&mut vault);
        let (mut restored, _) = come_back(&folders, &practice).expect("restored");
        prop_assert_eq!(self::kept(&mut restored), kept);
    }
}

/// The vault key was changed between the runs; the keys' backup is of the same time, older, or newer than the journal's.
#[test]
fn backup_comes_back_across_new_vault_keys() {
    for (journal_too, keys_too) in [(true, true), (true, false), (false, true)] {
        let (practice, mut vault, folders) = backed_up();
        let mut expected = kept(&mut vault);
        for round in 0..2 {
            vault.rotate(Some(PASS), QUICK, &mut silent).expect("rotated");
            vault.commit(&[entry(RECORD, Some(practice.patient), &format!("after {round}"))]).expect("kept");
            if journal_too {
                vault.backup_point().create(&folders.backup, true, NOW, &mut silent).expect("a run");
                expected = kept(&mut vault);
                let beside = folders.backup.parent().expect("a folder");
                let compared = vault.backup_point().verify(&folders.backup, beside, &mut silent).expect("compared");
                assert_eq!(compared.behind, 0);
            }
            if keys_too {
                back_up_keys(&vault, &folders);
            }
        }
        drop(vault);
        let (mut restored, report) = come_back(&folders, &practice).expect("restored");
        assert_eq!(report.lacking, 0);
        assert_eq!(kept(&mut restored), expected, "journal {journal_too}, keys {keys_too}");
        restored.commit(&[entry(RECORD, Some(practice.patient), "it goes on")]).expect("kept");
        drop(restored);
        for secret in [Secret::Passphrase("another pass"), Secret::Recovery(&practice.recovery)] {
            let (mut vault, _) = Vault::open(&folders.to, secret, NOW, &mut silent).expect("opens");
            assert!(vault.verify(&mut silent).expect("verified").is_intact());
        }
    }
}
