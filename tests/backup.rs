//! What is kept elsewhere comes back, by the commands a person types.

mod export;

use crate::story::programs::{PASSPHRASE, Practice, Relay, files};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A practice with a recovery key, and folders on "other disks".
pub struct Kept {
    pub practice: Practice,
    pub elsewhere: TempDir,
    recovery: PathBuf,
}

impl Kept {
    /// With or without a relay; two patients, notes and appointments.
    pub fn new(relay: Option<&Relay>) -> Self {
        let practice = Practice::nowhere();
        let mut init = vec!["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"];
        init.extend(["--zone", "Europe/London"]);
        let token = relay.map(|relay| (relay.url.clone(), relay.token_file()));
        if let Some((url, token)) = &token {
            init.extend(["--relay", url, "--relay-token-file", token.to_str().unwrap()]);
        }
        let made = practice.json(&init);
        let recovery = practice.file("recovery");
        fs::write(&recovery, made["recovery_key"].as_str().unwrap()).unwrap();
        practice.ok(&["patient", "add", "--name", "Ada Byron", "--phone", "+44 20 7946 0001"]);
        practice.ok(&["patient", "add", "--name", "=Amazing Grace \"Debug\" Hopper"]);
        practice.ok(&["appointment", "add", "ada", "2027-03-01 15:00", "--minutes", "50"]);
        let kept = Self { practice, elsewhere: tempfile::tempdir().unwrap(), recovery };
        let id = kept.note("ada", "The heron stood still.\n# not a heading\n~~~\n");
        kept.practice.ok(&["note", "sign", &id]);
        kept.practice.feed(&["note", "addendum", &id, "--text-file", "-"], "=cmd|' /C calc'!A0");
        kept.note("grace", "Compiles.");
        kept
    }

    pub fn note(&self, who: &str, text: &str) -> String {
        let made = self.practice.feed(&["note", "new", who, "--text-file", "-", "--json"], text);
        serde_json::from_str::<Value>(&made).unwrap()["id"].as_str().unwrap().to_owned()
    }

    pub fn folder(&self, name: &str) -> String {
        self.elsewhere.path().join(name).to_str().unwrap().to_owned()
    }

    pub fn recovery_key(&self) -> String {
        fs::read_to_string(&self.recovery).unwrap()
    }

    pub fn back_up(&self) -> Value {
        self.practice.json(&["backup", "create", &self.folder("disk"), "--keyring", &self.folder("stick")])
    }

    /// Arguments that restore into a new folder.
    pub fn restore(&self) -> Vec<String> {
        let (disk, stick, to) = (self.folder("disk"), self.folder("stick"), self.folder("new"));
        let recovery = self.recovery.to_str().unwrap().to_owned();
        ["backup", "restore", &disk, "--keyring", &stick, "--to", &to, "--recovery-file", &recovery]
            .into_iter()
            .chain(["--work-factor", "10"])
            .map(str::to_owned)
            .collect()
    }
}

fn strs(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
}

/// Runs a command on another vault than the practice's.
fn on(practice: &Practice, vault: &str, args: &[&str]) -> Vec<Value> {
    let out = practice.command(&[args, &["--vault", vault, "--json"]].concat()).output().unwrap();
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn practice_whose_machine_burnt_comes_back_whole() {
    let relay = Relay::start();
    let kept = Kept::new(Some(&relay));
    let practice = &kept.practice;
    practice.link("ada");
    let first = kept.back_up();
    assert_eq!((&first["runs"], &first["keyring"]["keys"]), (&Value::from(1), &Value::from(2)));
    practice.ok(&["patient", "add", "--name", "Mary Somerville"]);
    kept.note("mary", "Came after the first run.");
    // Where to is remembered, and the new patient's key makes the keys' file anew.
    let second = practice.json(&["backup", "create"]);
    assert_eq!((&second["runs"], &second["keyring"]["keys"]), (&Value::from(2), &Value::from(3)));
    assert_eq!(practice.json(&["backup", "create"])["keyring"]["state"], "current");
    kept.note("mary", "Came after the last run and is lost.");
    let compared = practice.json(&["backup", "verify"]);
    assert_eq!((&compared["same"], &compared["keyring"]["state"]), (&Value::from(true), &Value::from("current")));
    assert!(compared["records"].as_u64().unwrap() > 20 && compared["behind"].as_u64().unwrap() >= 1);
    let notes = practice.lines(&["note", "list"]);
    let beside: Vec<_> = fs::read_dir(practice.folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside.len(), 2, "vault and socket, nothing of the comparison: {beside:?}");
    practice.ok(&["agent", "--stop"]);
    fs::remove_dir_all(practice.folder()).unwrap();

    let report = practice.json(&strs(&kept.restore())[..]);
    assert_eq!((&report["patients"], &report["lacking"], &report["unpaired"]), (&3.into(), &0.into(), &1.into()));
    assert!(report["took_ms"].as_u64().unwrap() < 60_000 && report["within_h"] == 72);
    let vault = kept.folder("new");
    let back = on(practice, &vault, &["note", "list"]);
    assert_eq!(back.len(), 3);
    assert!(back.iter().all(|note| notes.contains(note)));
    assert_eq!(on(practice, &vault, &["patient", "show", "ada"])[0]["device"], "none");
    assert_eq!(on(practice, &vault, &["audit", "verify"])[0]["intact"], true);
    let events = on(practice, &vault, &["audit", "list", "--kind", "backup_restore"]);
    assert_eq!(events[0]["record"], report["head"]);
    // It goes on: a new link, new records, and the same backup.
    on(practice, &vault, &["patient", "invite", "ada"]);
    let next = &on(practice, &vault, &["backup", "create"])[0];
    assert_eq!((&next["runs"], &next["keyring"]["state"]), (&4.into(), &"current".into()));
    practice.ok(&["agent", "--stop", "--vault", &vault]);
}

#[test]
fn folders_that_would_lose_or_betray_the_vault_are_refused() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    let said = practice.fails(1, &["backup", "create"]);
    assert!(said.contains("never backed up") && said.contains("--keyring"), "{said}");
    let own = practice.folder().join("vault");
    let said = practice.fails(1, &["backup", "create", own.join("backup").to_str().unwrap()]);
    assert!(said.contains("vault's own"), "{said}");
    let (disk, within) = (kept.folder("disk"), kept.folder("disk/keys"));
    let said = practice.fails(1, &["backup", "create", &disk, "--keyring", &within]);
    assert!(said.contains("in one another"), "{said}");
    assert!(!Path::new(&disk).exists());
    // Without the keys it works, but not silently.
    let out = practice.run(&["backup", "create", &disk]);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.success() && said.contains("keys are not backed up"), "{said}");
    // A disk that is not there is told, and nothing is written where it should be.
    kept.back_up();
    fs::rename(kept.folder("disk"), kept.folder("unplugged")).unwrap();
    let said = practice.fails(1, &["backup", "create"]);
    assert!(said.contains(&format!("{disk}: there is no backup in the folder")) && said.contains("hint"), "{said}");
    assert!(!Path::new(&disk).exists());
    fs::rename(kept.folder("unplugged"), kept.folder("disk")).unwrap();
    // The stick with the keys may be in a drawer, until somebody new comes.
    fs::rename(kept.folder("stick"), kept.folder("drawer")).unwrap();
    assert_eq!(practice.json(&["backup", "create"])["keyring"]["state"], "away");
    practice.ok(&["patient", "add", "--name", "Mary Somerville"]);
    let said = practice.fails(1, &["backup", "create"]);
    assert!(said.contains("keys' backup") && said.contains("not current"), "{said}");
    // Nor may a folder without its disk be taken for it: the keys would lie beside the vault.
    fs::create_dir(kept.folder("stick")).unwrap();
    let said = practice.fails(1, &["backup", "create"]);
    assert!(said.contains("not there any more") && said.contains("--keyring"), "{said}");
    assert!(files(Path::new(&kept.folder("stick"))).is_empty());
    fs::remove_dir(kept.folder("stick")).unwrap();
    fs::rename(kept.folder("drawer"), kept.folder("stick")).unwrap();
    assert_eq!(practice.json(&["backup", "create"])["keyring"]["state"], "written");
}

#[test]
fn keys_are_kept_in_one_place_and_never_over_another_vaults() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    kept.back_up();
    let second = kept.folder("second");
    let moved = practice.json(&["backup", "create", "--keyring", &second]);
    let before = &moved["keyring"]["before"];
    assert_eq!((&before["folder"], &before["removed"]), (&kept.folder("stick").into(), &true.into()));
    assert!(files(Path::new(&kept.folder("stick"))).is_empty() && Path::new(&second).join("keyring.age").exists());
    let events = practice.lines(&["audit", "list", "--kind", "backup_create"]);
    assert_eq!(events.iter().filter(|event| event["record"] == "keyring").count(), 2, "{events:?}");

    let other = Practice::nowhere();
    other.ok(&["init", "--clinician", "Dr. Quist", "--addresses", "direct", "--work-factor", "10"]);
    let whole = fs::read(Path::new(&second).join("keyring.age")).unwrap();
    let said = other.fails(1, &["backup", "create", &kept.folder("others"), "--keyring", &second]);
    assert!(said.contains("not this vault's") && said.contains("another folder"), "{said}");
    assert_eq!(fs::read(Path::new(&second).join("keyring.age")).unwrap(), whole);
}

#[test]
fn vault_restored_without_its_keys_leaves_them_alone_when_they_turn_up() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    kept.back_up();
    fs::rename(kept.folder("stick"), kept.folder("lost")).unwrap();
    let (disk, vault, recovery) = (kept.folder("disk"), kept.folder("new"), kept.recovery.to_str().unwrap());
    let restore = ["backup", "restore", &disk, "--partial", "--to", &vault, "--recovery-file", recovery];
    practice.ok(&[&restore[..], &["--work-factor", "10"]].concat());
    fs::rename(kept.folder("lost"), kept.folder("stick")).unwrap();
    let whole = fs::read(Path::new(&kept.folder("stick")).join("keyring.age")).unwrap();
    assert_eq!(on(practice, &vault, &["backup", "create"])[0]["keyring"]["state"], "never");
    let stick = kept.folder("stick");
    let said = practice.fails(1, &["backup", "create", "--keyring", &stick, "--vault", &vault]);
    assert!(said.contains("not what this vault wrote last") && said.contains("another folder"), "{said}");
    assert_eq!(fs::read(Path::new(&stick).join("keyring.age")).unwrap(), whole);
    practice.ok(&["agent", "--stop", "--vault", &vault]);
    fs::remove_dir_all(&vault).unwrap();
    assert_eq!(practice.json(&strs(&kept.restore())[..])["patients"], 2);
    practice.ok(&["agent", "--stop", "--vault", &vault]);
}

#[test]
fn backup_that_somebody_set_back_is_not_called_whole() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    kept.back_up();
    kept.note("grace", "Came after the first run.");
    practice.ok(&["backup", "create"]);
    practice.ok(&["backup", "verify"]);
    let disk = PathBuf::from(kept.folder("disk"));
    fs::remove_file(disk.join("manifest/000002.bm")).unwrap();
    let said = practice.fails(5, &["backup", "verify"]);
    assert!(said.contains("1 of 2") && said.contains("bedside backup create"), "{said}");
    practice.ok(&["backup", "create"]);
    practice.ok(&["backup", "verify"]);
    // What the way in needs is looked at, too.
    fs::remove_file(files(&disk.join("keyslot")).pop().unwrap()).unwrap();
    let said = practice.fails(1, &["backup", "verify"]);
    assert!(said.contains("keyslot") && said.contains("bedside backup create"), "{said}");
    practice.ok(&["backup", "create"]);
    practice.ok(&["backup", "verify"]);
}

#[test]
fn restore_that_fails_names_the_file_and_leaves_nothing() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    kept.back_up();
    let args = kept.restore();
    let part = files(&Path::new(&kept.folder("disk")).join("journal")).pop().unwrap();
    let whole = fs::read(&part).unwrap();
    let mut broken = whole.clone();
    broken[300] ^= 4;
    fs::write(&part, broken).unwrap();
    for args in [&strs(&args)[..], &["backup", "verify"]] {
        let said = practice.fails(5, args);
        let name = part.file_name().unwrap().to_str().unwrap();
        assert!(said.contains(name) && said.contains("hint"), "{said}");
    }
    assert!(!Path::new(&kept.folder("new")).exists());
    fs::write(&part, whole).unwrap();
    fs::write(kept.practice.file("recovery"), "AGE-SECRET-KEY-1QQQQ").unwrap();
    let said = practice.fails(3, &strs(&args));
    assert!(said.contains("wrong recovery key"), "{said}");
    assert!(!Path::new(&kept.folder("new")).exists());
    fs::create_dir(kept.folder("new")).unwrap();
    fs::write(Path::new(&kept.folder("new")).join("thesis"), "not to be lost").unwrap();
    let said = practice.fails(1, &strs(&args));
    assert!(said.contains("not empty"), "{said}");
    assert_eq!(files(Path::new(&kept.folder("new"))).len(), 1);
}

#[test]
fn keys_in_the_backup_open_with_stock_age_and_hold_no_name() {
    let kept = Kept::new(None);
    kept.back_up();
    let age = |file: &Path| {
        let mut command = std::process::Command::new("age");
        command.args(["--decrypt", "--identity"]).arg(&kept.recovery).arg(file);
        let out = command.output().expect("this test needs the program age");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        out.stdout
    };
    let slot = files(&Path::new(&kept.folder("disk")).join("keyslot")).pop().unwrap();
    assert!(age(&slot).starts_with(b"bedside-vault-key-1:"));
    let keys = age(&Path::new(&kept.folder("stick")).join("keyring.age"));
    let found = |part: &[u8]| keys.windows(part.len()).any(|window| window == part);
    assert!(found(b"bedside-vault-key-1:") && !found(b"Ada") && !found(PASSPHRASE.as_bytes()));
    for file in files(kept.elsewhere.path()) {
        let bytes = fs::read(&file).unwrap();
        assert!(!bytes.windows(5).any(|window| window == b"Ada B" || window == b"heron"), "{}", file.display());
    }
}

#[test]
fn backup_is_restored_with_a_new_recovery_key_or_the_person_is_told_to_keep_the_old_one() {
    let kept = Kept::new(None);
    kept.back_up();
    let renew = || {
        let out = kept.practice.run(&["key", "recovery", "--json"]);
        let made: Value = serde_json::from_slice(&out.stdout).unwrap();
        fs::write(&kept.recovery, made["recovery_key"].as_str().unwrap()).unwrap();
        String::from_utf8(out.stderr).unwrap()
    };
    assert_eq!(renew(), "");
    kept.practice.ok(&strs(&kept.restore()));
    kept.practice.ok(&["agent", "--stop", "--vault", &kept.folder("new")]);
    fs::rename(kept.folder("stick"), kept.folder("away")).unwrap();
    let said = renew();
    assert!(said.contains("still needs the old recovery key") && said.contains("bedside backup create"), "{said}");
}
