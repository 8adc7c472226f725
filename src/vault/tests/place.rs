//! The folder on disk: who may read it, who may open it, what happens when it is full.

use super::*;

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
fn stock_age_opens_both_keyslots() {
    let (practice, _) = small_practice();
    let key = keyslot::open(&practice.dir, Secret::Passphrase(PASS), &mut || Ok(())).expect("the key");
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
        let (mut vault, _) = Vault::create(Path::new(&dir), PASS, QUICK, NOW).expect("a new vault");
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
            .args(["--exact", "vault::tests::place::files_are_the_owners_alone_whatever_the_umask"])
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
fn lock_is_given_back_though_somebody_has_a_copy_of_its_file() {
    let practice = small_practice().0;
    let (vault, _) = open(&practice.dir);
    let copy = vault.lock.0.try_clone().expect("a copy, as a child has it before it becomes another program");
    let locked = vault.lock().expect("locked");
    assert!(matches!(LockedVault::open(&practice.dir), Err(VaultError::InUse)), "it is handed on");
    drop(locked);
    assert!(LockedVault::open(&practice.dir).is_ok());
    drop(copy);
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
    assert!(matches!(Vault::create(&practice.dir, PASS, QUICK, NOW), Err(VaultError::Exists)));
    let (mut vault, _) = open(&practice.dir);
    assert_eq!(kept(&mut vault), entries);
    let empty = root();
    assert!(!Vault::exists(empty.path()));
    assert!(matches!(try_open(empty.path()), Err(VaultError::Missing)));
    Vault::create(empty.path(), PASS, QUICK, NOW).expect("an empty folder will do");
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
    assert!(matches!(vault.confirm(Secret::Passphrase("wrong"), NOW), Err(VaultError::WrongPassphrase)));
    vault.confirm(Secret::Passphrase(PASS), Stamp(NOW.0 + 1000)).expect("right");
    vault.set_passphrase("new", &Factor::Keep, QUICK, NOW).expect("set");
    assert!(matches!(vault.confirm(Secret::Passphrase(PASS), NOW), Err(VaultError::WrongPassphrase)));
    vault.confirm(Secret::Passphrase("new"), Stamp(NOW.0 + 1000)).expect("right");
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
        .args(["--exact", "vault::tests::place::full_disk_refuses_new_commits_and_loses_nothing", "--nocapture"])
        .env(CHILD, &practice.dir)
        .status()
        .expect("a child");
    assert!(status.success());
    let count = fs::read_to_string(practice.dir.with_extension("count")).expect("the child came to its end");
    let (mut vault, _) = open(&practice.dir);
    assert_eq!(vault.list(4).expect("a list").len().to_string(), count);
    vault.commit(&[entry(4, None, "room again")]).expect("kept");
}
