//! What stands apart: under its own passphrase, in no list, search or export of the rest.

use crate::backup::Kept;
use crate::harness::guard::until;
use crate::story::programs::{PATIENCE, Practice, files, kill};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

const APART: &str = "umbrella cricket copper";
const CANARY: &str = "kingfisher-under-the-bridge";

/// The path of a file that holds this secret.
fn secret(practice: &Practice, name: &str, text: &str) -> String {
    let path = practice.file(name);
    fs::write(&path, format!("{text}\n")).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Makes a compartment; the file with its passphrase.
fn create(practice: &Practice, name: &str) -> String {
    let file = secret(practice, &format!("apart-{name}"), &format!("{APART} {name}"));
    practice.ok(&["compartment", "create", name, "--compartment-passphrase-file", &file, "--work-factor", "10"]);
    file
}

fn open(practice: &Practice, name: &str, file: &str) {
    practice.ok(&["compartment", "open", name, "--compartment-passphrase-file", file]);
}

/// A note in a compartment; its id.
fn write(practice: &Practice, who: &str, compartment: &str, text: &str) -> String {
    let made = practice.feed(&["note", "new", who, "--compartment", compartment, "--text-file", "-", "--json"], text);
    serde_json::from_str::<Value>(&made).unwrap()["id"].as_str().unwrap().to_owned()
}

fn state(practice: &Practice, name: &str) -> String {
    let all = practice.lines(&["compartment", "list"]);
    let one = all.iter().find(|one| one["compartment"] == name).unwrap();
    one["state"].as_str().unwrap().to_owned()
}

/// Runs a command until it is not too early for it.
fn once_tried(practice: &Practice, args: &[&str]) -> std::process::Output {
    let early = |out: &std::process::Output| String::from_utf8_lossy(&out.stderr).contains("try again in");
    until("the delay is over", PATIENCE, || Some(practice.run(args)).filter(|out| !early(out)))
}

fn holds(bytes: &[u8]) -> bool {
    bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes())
}

/// What `age --decrypt` gives, with a key made for it.
fn export(kept: &Kept, name: &str) -> Vec<u8> {
    let key = kept.elsewhere.path().join("key");
    if !key.exists() {
        let made = Command::new("age-keygen").arg("-o").arg(&key).output().expect("this test needs the program age");
        assert!(made.status.success());
    }
    let text = fs::read_to_string(&key).unwrap();
    let recipient = text.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap();
    let file = kept.folder(name);
    kept.practice.ok(&["backup", "export", &file, "--recipient", recipient]);
    let out = Command::new("age").arg("--decrypt").arg("--identity").arg(&key).arg(&file).output().unwrap();
    assert!(out.status.success());
    out.stdout
}

#[test]
fn what_stands_apart_is_in_no_list_search_or_export_of_the_rest() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    let file = create(practice, "psychotherapy");
    let id = write(practice, "ada", "psychotherapy", &format!("{CANARY} one"));
    let apart = ["--compartment", "psychotherapy"];
    practice.ok(&["note", "sign", &id]);
    practice.feed(&["note", "addendum", &id, "--text-file", "-"], &format!("{CANARY} two"));
    practice.fails(1, &["note", "edit", &id, "--text-file", "/dev/null"]);
    let found = practice.lines(&[&["note", "search", CANARY], &apart[..]].concat());
    assert_eq!((found.len(), &found[0]["compartment"]), (1, &"psychotherapy".into()));
    assert_eq!(practice.lines(&[&["note", "list", "ada"], &apart[..]].concat()).len(), 1);
    assert_eq!(practice.lines(&[&["note", "list", "grace"], &apart[..]].concat()).len(), 0);

    for round in ["open", "closed", "locked meanwhile"] {
        for args in [
            &["note", "list"][..],
            &["note", "list", "ada"],
            &["note", "list", "--unsigned"],
            &["note", "search", CANARY],
            &["patient", "show", "ada"],
            &["audit", "list", "--limit", "1000"],
        ] {
            assert!(!practice.ok(args).contains(CANARY), "{round}: {args:?}");
        }
        let exported = export(&kept, &format!("{}.tar.age", round.replace(' ', "-")));
        let heron = exported.windows(5).any(|part| part == b"heron");
        assert!(heron && !holds(&exported), "{round}");
        match round {
            "open" => practice.ok(&["compartment", "close", "psychotherapy"]),
            _ => practice.ok(&["lock"]) + &practice.ok(&["unlock"]),
        };
        assert_eq!(state(practice, "psychotherapy"), "closed", "{round}");
        let said = practice.fails(3, &["note", "show", &id]);
        assert!(said.contains("is closed") && said.contains("bedside compartment open psychotherapy"), "{said}");
    }
    practice.ok(&["agent", "--stop"]);
    for file in files(&practice.folder()) {
        assert!(!holds(&fs::read(&file).unwrap()), "{file:?}");
    }
    practice.ok(&["unlock"]);
    open(practice, "psychotherapy", &file);
    assert!(practice.ok(&["note", "show", &id]).contains(&format!("{CANARY} two")));
    let actions: Vec<Value> = practice.lines(&["audit", "list", "--limit", "1000"]);
    for action in ["compartment_create", "compartment_open", "compartment_close"] {
        assert!(actions.iter().any(|event| event["action"] == action), "{action}");
    }
}

#[test]
fn compartment_has_a_passphrase_of_its_own_and_wrong_ones_cost_time() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    let own = practice.file("passphrase");
    let make = |file: &str| {
        ["compartment", "create", "sud", "--work-factor", "10", "--compartment-passphrase-file", file]
            .map(str::to_owned)
            .to_vec()
    };
    let strs = |args: &[String]| args.iter().map(String::as_str).map(str::to_owned).collect::<Vec<_>>();
    let fails =
        |code: i32, args: Vec<String>| practice.fails(code, &args.iter().map(String::as_str).collect::<Vec<_>>());
    let said = fails(1, strs(&make(own.to_str().unwrap())));
    assert!(said.contains("the vault's own passphrase"), "{said}");
    let said = fails(1, make(&secret(practice, "weak", "passwordpassword")));
    assert!(said.contains("what guessers try first"), "{said}");
    let said = practice.fails(1, &["note", "list", "--compartment", "sud"]);
    assert!(said.contains("bedside compartment create sud"), "{said}");

    let file = create(practice, "sud");
    let said = practice.fails(1, &["compartment", "create", "sud", "--compartment-passphrase-file", &file]);
    assert!(said.contains("there already"), "{said}");
    let other = create(practice, "psychotherapy");
    practice.ok(&["compartment", "close", "sud"]);
    // Another compartment's opens this one no more than the vault's does.
    let said = practice.fails(3, &["compartment", "open", "sud", "--compartment-passphrase-file", &other]);
    assert!(said.contains("wrong passphrase") && said.contains("compartment open sud --recovery"), "{said}");
    let right = ["compartment", "open", "sud", "--compartment-passphrase-file", &file];
    let said = practice.fails(3, &right);
    assert!(said.contains("try again in 1 s"), "{said}");
    // The right one elsewhere takes nothing of the delay.
    practice.ok(&["lock"]);
    practice.ok(&["unlock"]);
    let wrong = ["compartment", "open", "sud", "--compartment-passphrase-file", own.to_str().unwrap()];
    assert_eq!(once_tried(practice, &wrong).status.code(), Some(3));
    let said = practice.fails(3, &right);
    assert!(said.contains("try again in 2 s"), "{said}");
    assert!(once_tried(practice, &right).status.success());
    assert!(practice.lines(&["audit", "list"]).iter().any(|event| event["action"] == "compartment_open_failed"));

    // Without a terminal it says by which option it is given: the vault's is of no use.
    let said = practice.fails(2, &["compartment", "open", "sud"]);
    assert!(said.contains("--compartment-passphrase-file"), "{said}");

    // Nor can the vault's passphrase become a compartment's.
    let change = ["passphrase", "change", "--work-factor", "10", "--new-passphrase-file"];
    let said = practice.fails(1, &[&change[..], &[&file]].concat());
    assert!(said.contains("the passphrase of the compartment sud"), "{said}");
}

#[test]
fn recovery_key_opens_a_compartment_and_sets_a_new_passphrase() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    let old = create(practice, "sud");
    let id = write(practice, "ada", "sud", CANARY);
    practice.ok(&["lock"]);
    practice.ok(&["unlock"]);
    let recovery = secret(practice, "recovery", &kept.recovery_key());
    practice.ok(&["compartment", "open", "sud", "--recovery-file", &recovery]);
    assert!(practice.ok(&["note", "show", &id]).contains(CANARY));
    let new = secret(practice, "new", "copper kettle by the meadow");
    let set = ["compartment", "passphrase", "sud", "--work-factor", "10", "--new-passphrase-file", &new];
    practice.ok(&[&set[..], &["--recovery-file", &recovery]].concat());
    practice.ok(&["compartment", "close", "sud"]);
    let said = practice.fails(3, &["compartment", "open", "sud", "--compartment-passphrase-file", &old]);
    assert!(said.contains("wrong passphrase"), "{said}");
    let out = once_tried(practice, &["compartment", "open", "sud", "--compartment-passphrase-file", &new]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));

    // A new recovery key is known at once where the compartment is open,
    let renew = || {
        let out = practice.command(&["key", "recovery", "--json"]).stdin(Stdio::null()).output().unwrap();
        let made: Value = serde_json::from_slice(&out.stdout).unwrap();
        let key = secret(practice, "fresh", made["recovery_key"].as_str().unwrap());
        (key, String::from_utf8(out.stderr).unwrap())
    };
    let (fresh, said) = renew();
    assert_eq!(said, "");
    practice.ok(&["compartment", "close", "sud"]);
    practice.fails(3, &["compartment", "open", "sud", "--recovery-file", &recovery]);
    practice.ok(&["compartment", "open", "sud", "--recovery-file", &fresh]);
    // and else from the next opening on: until then the one before is not to be thrown away.
    practice.ok(&["compartment", "close", "sud"]);
    let before = secret(practice, "before", &fs::read_to_string(&fresh).unwrap());
    let (fresh, said) = renew();
    assert!(said.contains("knows only the old recovery key") && said.contains("compartment open sud"), "{said}");
    practice.fails(3, &["compartment", "open", "sud", "--recovery-file", &fresh]);
    practice.ok(&["compartment", "open", "sud", "--recovery-file", &before]);
    practice.ok(&["compartment", "open", "sud", "--recovery-file", &fresh]);
    practice.fails(3, &["compartment", "open", "sud", "--recovery-file", &before]);
}

#[test]
fn compartment_comes_back_from_a_backup_with_its_old_passphrase() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    let file = create(practice, "psychotherapy");
    let id = write(practice, "ada", "psychotherapy", CANARY);
    kept.back_up();
    assert_eq!(practice.json(&["backup", "verify"])["same"], true);
    let restore = kept.restore();
    practice.ok(&restore.iter().map(String::as_str).collect::<Vec<_>>());
    let vault = kept.folder("new");
    let there = |args: &[&str]| practice.ok(&[args, &["--vault", &vault]].concat());
    assert_eq!(practice.fails(3, &["note", "show", &id, "--vault", &vault]).matches("is closed").count(), 1);
    there(&["compartment", "open", "psychotherapy", "--compartment-passphrase-file", &file]);
    assert!(there(&["note", "show", &id]).contains(CANARY));
    there(&["agent", "--stop"]);
}

#[test]
fn forgotten_patients_notes_that_stand_apart_are_gone() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    let file = create(practice, "sud");
    let id = write(practice, "ada", "sud", CANARY);
    write(practice, "grace", "sud", "well");
    practice.ok(&["compartment", "close", "sud"]);
    let ada = practice.json(&["patient", "show", "ada"])["id"].as_str().unwrap().to_owned();
    let said = practice.fails(1, &["patient", "forget", &ada]);
    assert!(said.contains("must be kept until"), "{said}");
    practice.ok(&["practice", "edit", "--retention-years", "0"]);
    assert_eq!(practice.json(&["patient", "forget", &ada])["notes"], 2, "one of each");
    practice.fails(1, &["note", "show", &id]);
    open(practice, "sud", &file);
    practice.fails(1, &["note", "show", &id]);
    let left = practice.lines(&["note", "list", "--compartment", "sud"]);
    assert_eq!((left.len(), &left[0]["text"]), (1, &"well".into()));
    assert_eq!(practice.json(&["audit", "verify"])["intact"], true);
}

#[test]
fn note_that_stands_apart_is_written_in_an_editor() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    create(practice, "psychotherapy");
    let id = write(practice, "ada", "psychotherapy", "A draft.");
    let editor = practice.file("editor");
    fs::write(&editor, format!("#!/bin/sh\nprintf '{CANARY}' > \"$1\"\n")).unwrap();
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o700)).unwrap();
    let mut edit = practice.command(&["note", "edit", &id]);
    let out = edit.env("VISUAL", &editor).stdin(Stdio::null()).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(practice.lines(&["note", "search", CANARY, "--compartment", "psychotherapy"]).len(), 1);
    assert_eq!(practice.lines(&["note", "search", CANARY]).len(), 0);
}

#[test]
fn text_is_held_until_somebody_opens_the_compartment_again() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    let file = create(practice, "psychotherapy");
    let id = write(practice, "ada", "psychotherapy", "A draft.");
    let editor = practice.file("editor");
    let bedside = env!("CARGO_BIN_EXE_bedside");
    fs::write(&editor, format!("#!/bin/sh\nprintf '{CANARY}' > \"$1\"; exec {bedside} lock\n")).unwrap();
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o700)).unwrap();
    // As a window's editor is started: there is no terminal, and nobody who could be asked.
    let mut edit = practice.command(&["note", "edit", &id]);
    edit.env("VISUAL", &editor).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut edit = edit.spawn().unwrap();
    // The vault is opened with the passphrase it was given; the compartment's it does not have.
    practice.until("the vault is open again", &["status"], |status| status["vault"] == "open");
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert!(edit.try_wait().unwrap().is_none(), "it waits");
    open(practice, "psychotherapy", &file);
    let out = until("it is kept", PATIENCE, || edit.try_wait().unwrap());
    let mut said = String::new();
    std::io::Read::read_to_string(&mut edit.stderr.take().unwrap(), &mut said).unwrap();
    assert!(out.success() && said.contains("held here") && said.contains("compartment open psychotherapy"), "{said}");
    assert!(practice.ok(&["note", "show", &id]).contains(CANARY));
}

#[test]
fn new_vault_key_leaves_the_compartments_as_they_are() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    let recovery = secret(practice, "recovery", &kept.recovery_key());
    let files = ["psychotherapy", "sud"].map(|name| create(practice, name));
    let note = write(practice, "ada", "psychotherapy", CANARY);
    practice.ok(&["compartment", "close", "sud"]);
    practice.ok(&["key", "rotate", "--work-factor", "10"]);
    assert_eq!((state(practice, "psychotherapy"), state(practice, "sud")), ("open".to_owned(), "closed".to_owned()));
    assert!(practice.ok(&["note", "show", &note]).contains(CANARY), "what was open stays open");
    let later = write(practice, "ada", "psychotherapy", "after");
    for round in 0..6 {
        // The agent is killed while the key is changed once more, before and behind the turning point.
        let agent = practice.agent_pid();
        let mut rotate = practice.command(&["key", "rotate", "--work-factor", "10"]);
        let quiet = rotate.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut rotate = quiet.spawn().unwrap();
        let sign = practice.folder().join("vault").join(if round % 2 == 0 { "rotation.new" } else { "rotation" });
        while !sign.exists() && rotate.try_wait().unwrap().is_none() {
            std::hint::spin_loop();
        }
        kill(agent);
        let _ = rotate.wait();
        practice.ok(&["unlock"]);
        let way: [&str; 2] =
            if round < 3 { ["--recovery-file", &recovery] } else { ["--compartment-passphrase-file", &files[0]] };
        practice.ok(&[&["compartment", "open", "psychotherapy"][..], &way].concat());
        assert!(practice.ok(&["note", "show", &note]).contains(CANARY));
        assert!(practice.ok(&["note", "show", &later]).contains("after"));
        assert_eq!(practice.lines(&["note", "search", CANARY]).len(), 0);
    }
    open(practice, "sud", &files[1]);
    assert_eq!(practice.json(&["audit", "verify"])["intact"], true);
}

#[test]
fn what_a_part_2_programme_hands_over_carries_the_notice() {
    const NOTICE: &str = "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";
    let kept = Kept::new(None);
    let practice = &kept.practice;
    let file = create(practice, "sud");
    let id = write(practice, "ada", "sud", &format!("# {CANARY}"));
    write(practice, "grace", "sud", "well");
    let args = ["note", "export", "ada", "--compartment", "sud"];
    let said = practice.fails(2, &args);
    assert!(said.contains("--compartment-passphrase-file"), "asked for again: {said}");
    let given = ["--compartment-passphrase-file", &file];
    let text = practice.ok(&[&args[..], &given].concat());
    assert!(text.starts_with(&format!("**{NOTICE}**\n\n# SUD counseling notes: Ada Byron")), "{text}");
    assert!(text.contains(CANARY) && text.contains(&ada(practice)) && !text.contains("well"), "{text}");
    let json = practice.json(&[&args[..], &given].concat());
    assert_eq!((&json["notice"], &json["notes"][0]["id"]), (&NOTICE.into(), &id.into()));
    let to = kept.folder("ada.md");
    practice.ok(&[&args[..], &[&to], &given].concat());
    assert_eq!(fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(fs::read_to_string(&to).unwrap().contains(CANARY));
    let said = practice.fails(1, &[&args[..], &[&to], &given].concat());
    assert!(said.contains("--force"), "{said}");
    let exports = practice.lines(&["audit", "list", "--kind", "compartment_export"]);
    assert_eq!((exports.len(), &exports[0]["patient"]), (3, &ada(practice).into()));

    let apart = create(practice, "psychotherapy");
    let psychotherapy =
        ["note", "export", "ada", "--compartment", "psychotherapy", "--compartment-passphrase-file", &apart];
    assert!(practice.ok(&psychotherapy).starts_with("# Psychotherapy notes: Ada Byron"));
    let bare = String::from_utf8_lossy(&export(&kept, "bare.tar.age")).into_owned();
    assert!(!bare.contains(NOTICE));
    assert_eq!(practice.json(&["practice", "edit", "--part2", "true"])["part2"], true);
    let all = String::from_utf8_lossy(&export(&kept, "all.tar.age")).into_owned();
    assert!(all.matches(NOTICE).count() >= 2 + 2 * 2, "README, export.json, and two documents of each patient");
    assert!(practice.ok(&psychotherapy).starts_with(&format!("**{NOTICE}**")), "everything there is a Part 2 record");
}

fn ada(practice: &Practice) -> String {
    practice.json(&["patient", "show", "ada"])["id"].as_str().unwrap().to_owned()
}
