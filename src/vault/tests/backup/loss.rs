//! What is lost, swapped or planted in a backup's folders: told, made good, or without effect; never believed.

use super::*;

fn comparison(vault: &Vault, folders: &Folders) -> Result<BackupComparison, VaultError> {
    let beside = folders.to.parent().expect("a folder");
    vault.backup_point().verify(&folders.backup, beside, &mut silent)
}

fn keyslot(folders: &Folders) -> PathBuf {
    files(&folders.backup.join("keyslot"))
        .into_iter()
        .find(|path| path.extension().is_some_and(|e| e == "age"))
        .unwrap()
}

#[test]
fn backup_without_its_keyslot_is_not_called_whole_and_the_next_run_makes_it_so() {
    let (practice, vault, folders) = backed_up();
    comparison(&vault, &folders).expect("whole");
    for broken in [true, false] {
        let slot = keyslot(&folders);
        match broken {
            true => flip(&slot, 250, 2),
            false => fs::remove_file(&slot).expect("removed"),
        }
        assert_eq!(refused(comparison(&vault, &folders)), BackupRefused::Keyslot);
        // The keys' backup holds the vault key, too; without either nothing opens.
        let (restored, _) = come_back(&folders, &practice).expect("restored");
        drop(restored);
        fs::remove_dir_all(&folders.to).expect("removed");
        let what = Restoring { keys: None, partial: true, ..restoring(&folders, &practice) };
        assert!(restore(&folders.to, &what, &mut silent).is_err());
        vault.backup_point().create(&folders.backup, true, NOW, &mut silent).expect("a run");
        comparison(&vault, &folders).expect("whole again");
    }
}

#[test]
fn older_vault_keys_lost_from_a_backup_are_told_and_added_again() {
    let (practice, mut vault, folders) = backed_up();
    vault.rotate(Some(PASS), QUICK, &mut silent).expect("rotated");
    assert_eq!(refused(comparison(&vault, &folders)), BackupRefused::Keyslot);
    back_up(&vault, &folders);
    comparison(&vault, &folders).expect("whole");
    let chain = files(&folders.backup.join("keyslot")).into_iter().find(|path| path.extension().unwrap() == "chain");
    let chain = chain.expect("the older key");
    for broken in [true, false] {
        match broken {
            true => flip(&chain, 60, 2),
            false => fs::remove_file(&chain).expect("removed"),
        }
        assert_eq!(refused(comparison(&vault, &folders)), BackupRefused::Keyslot);
        come_back(&folders, &practice).expect("the keys' backup has them");
        fs::remove_dir_all(&folders.to).expect("removed");
    }
    back_up(&vault, &folders);
    comparison(&vault, &folders).expect("whole again");
    let what = Restoring { keys: None, partial: true, ..restoring(&folders, &practice) };
    restore(&folders.to, &what, &mut silent).expect("restored from its own keyslot");
}

#[test]
fn backup_that_lost_the_text_of_whose_it_is_still_comes_back_and_goes_on() {
    let (practice, vault, folders) = backed_up();
    for text in [None, Some("bedside-backup-1 not the id")] {
        match text {
            Some(text) => fs::write(folders.backup.join("backup"), text).expect("written"),
            None => fs::remove_file(folders.backup.join("backup")).expect("removed"),
        }
        comparison(&vault, &folders).expect("whole");
        come_back(&folders, &practice).expect("restored");
        fs::remove_dir_all(&folders.to).expect("removed");
        let (_other, others) = new_vault();
        assert_eq!(
            refused(others.backup_point().create(&folders.backup, true, NOW, &mut silent)),
            BackupRefused::Foreign
        );
        back_up(&vault, &folders);
        assert!(fs::read_to_string(folders.backup.join("backup")).expect("a text").contains("bedside backup restore"));
    }
}

#[test]
fn keys_of_another_vault_are_not_written_over() {
    let (_practice, vault, folders) = backed_up();
    let (_other, others) = new_vault();
    let before = contents(&folders.keys);
    assert_eq!(refused(others.write_keyring_backup(&folders.keys, None, NOW)), BackupRefused::KeysForeign);
    // Nor when nothing says whose they are; what this vault wrote last itself is known by its hash.
    fs::remove_file(folders.keys.join("keys")).expect("removed");
    assert_eq!(refused(others.write_keyring_backup(&folders.keys, None, NOW)), BackupRefused::KeysUnknown);
    assert_eq!(refused(vault.write_keyring_backup(&folders.keys, None, NOW)), BackupRefused::KeysUnknown);
    assert!(before.iter().any(|(path, bytes)| fs::read(path).is_ok_and(|found| found == *bytes)));
    back_up_keys(&vault, &folders);
    assert!(folders.keys.join("keys").exists());
}

#[test]
fn vault_restored_without_its_keys_does_not_write_over_them() {
    let (practice, vault, folders) = backed_up();
    drop(vault);
    let whole = fs::read(folders.keys.join("keyring.age")).expect("read");
    let what = Restoring { keys: None, partial: true, ..restoring(&folders, &practice) };
    let (keyless, report) = restore(&folders.to, &what, &mut silent).expect("restored");
    assert_eq!(report.keys_from, None);
    assert_eq!(refused(keyless.write_keyring_backup(&folders.keys, None, NOW)), BackupRefused::KeysUnknown);
    assert_eq!(fs::read(folders.keys.join("keyring.age")).expect("read"), whole);
    drop(keyless);
    fs::remove_dir_all(&folders.to).expect("removed");
    // Who was restored from them may.
    let (restored, report) = come_back(&folders, &practice).expect("restored");
    let from = report.keys_from.expect("keys");
    assert_eq!((from.keys, Some(from.file)), (1, Vault::keyring_backup_hash(&folders.keys).expect("read")));
    restored.write_keyring_backup(&folders.keys, Some(from.file), NOW).expect("written");
}

#[test]
fn keys_that_are_kept_elsewhere_from_now_on_are_removed_where_they_were() {
    let (_practice, vault, folders) = backed_up();
    let last = Vault::keyring_backup_hash(&folders.keys).expect("read").expect("written");
    let elsewhere = folders.keys.with_extension("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    vault.write_keyring_backup(&elsewhere, Some(last), NOW).expect("written");
    assert!(!vault.remove_keyring_backup(&elsewhere, last).expect("looked at"), "not what was meant");
    assert!(vault.remove_keyring_backup(&folders.keys, last).expect("removed"));
    assert_eq!((files(&folders.keys).len(), files(&elsewhere).len()), (0, 2));
}

#[test]
fn link_planted_where_a_file_is_to_be_written_leads_nowhere() {
    let (practice, mut vault, folders) = backed_up();
    let victim = folders.to.with_extension("victim");
    fs::write(&victim, b"not to be lost").expect("written");
    let runs = ["manifest/000004.bm.new", "backup.new"].map(|name| folders.backup.join(name));
    for planted in runs.into_iter().chain([folders.keys.join("keyring.age.new")]) {
        std::os::unix::fs::symlink(&victim, planted).expect("a link");
    }
    vault.commit(&[entry(RECORD, Some(practice.patient), "more")]).expect("kept");
    back_up(&vault, &folders);
    assert_eq!(fs::read(&victim).expect("read"), b"not to be lost");
    comparison(&vault, &folders).expect("whole");
}

#[test]
fn pipe_planted_in_a_backup_holds_nobody_up() {
    let (practice, vault, folders) = backed_up();
    for name in ["backup/keyslot/000001.age", "backup/manifest/000003.bm", "keys/keyring.age", "backup/backup"] {
        let path = folders.backup.parent().expect("a folder").join(name);
        let whole = fs::read(&path).expect("read");
        fs::remove_file(&path).expect("removed");
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).expect("a pipe");
        let _ = comparison(&vault, &folders);
        let _ = Vault::keyring_backup_hash(&folders.keys);
        let _ = come_back(&folders, &practice).map(|_| fs::remove_dir_all(&folders.to));
        fs::remove_file(&path).expect("removed");
        fs::write(&path, whole).expect("written");
    }
    comparison(&vault, &folders).expect("whole again");
}

#[test]
fn comparison_that_was_cut_short_leaves_no_key_behind() {
    let (practice, vault, folders) = backed_up();
    let beside = folders.to.parent().expect("a folder").to_owned();
    let point = vault.backup_point();
    // What a kill at any moment would leave.
    let mut seen = std::collections::BTreeSet::new();
    let watch = &mut |_, _| {
        for path in files(&beside) {
            let scratch =
                path.strip_prefix(&beside).is_ok_and(|path| path.to_string_lossy().starts_with(".bedside-scratch-"));
            if scratch && path.is_file() {
                seen.insert(path.file_name().expect("a name").to_string_lossy().into_owned());
            }
        }
    };
    point.verify(&folders.backup, &beside, watch).expect("whole");
    assert!(seen.contains("000001.bj") && seen.contains("head"), "{seen:?}");
    assert!(seen.iter().all(|name| name.ends_with(".bj") || name.starts_with("head") || name == "lock"), "{seen:?}");
    // What a restoration leaves is swept away, and its keys are overwritten.
    let left = beside.join(".bedside-scratch-0011");
    fs::create_dir_all(left.join("keyslot")).expect("a folder");
    fs::copy(practice.dir.join("keyring"), left.join("keyring")).expect("copied");
    let open = fs::File::open(left.join("keyring")).expect("open");
    sweep_scratch(&beside);
    assert!(!left.exists());
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut &open, &mut bytes).expect("read");
    assert!(!bytes.is_empty() && bytes.iter().all(|byte| *byte == 0));
}
