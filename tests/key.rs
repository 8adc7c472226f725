//! The ways into the vault, as the command line offers them.

use crate::harness::guard::until;
use crate::story::programs::{PATIENCE, Practice};
use std::fs;
use std::process::Output;
use std::time::Instant;

const NEW: &str = "cricket umbrella Fö copper";

/// A practice with an open vault; its recovery key lies in the file `recovery`.
fn practice() -> Practice {
    let practice = Practice::nowhere();
    let made = practice.json(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    fs::write(practice.file("recovery"), made["recovery_key"].as_str().unwrap()).unwrap();
    practice
}

/// The path of a file that holds this secret.
fn secret(practice: &Practice, name: &str, text: &str) -> String {
    let path = practice.file(name);
    fs::write(&path, format!("{text}\n")).unwrap();
    path.to_str().unwrap().to_owned()
}

fn change<'a>(new: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["passphrase", "change", "--work-factor", "10", "--new-passphrase-file", new], more].concat()
}

/// Runs a command until it is not too early for it.
fn once_tried(practice: &Practice, args: &[&str]) -> Output {
    let early = |out: &Output| String::from_utf8_lossy(&out.stderr).contains("try again in");
    until("the delay is over", PATIENCE, || Some(practice.run(args)).filter(|out| !early(out)))
}

fn actions(practice: &Practice) -> Vec<String> {
    let events = practice.lines(&["audit", "list"]);
    events.iter().map(|event| event["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn passphrase_is_changed_by_who_knows_the_present_one() {
    let practice = practice();
    let new = secret(&practice, "new", NEW);
    practice.ok(&change(&new, &[]));
    assert!(actions(&practice).contains(&"passphrase_change".to_owned()));
    practice.ok(&["lock"]);
    let said = practice.fails(3, &["unlock"]);
    assert!(said.contains("wrong passphrase"), "the old one opens nothing: {said}");
    // The letter may come from a keyboard that puts it together from two.
    let apart = secret(&practice, "apart", &NEW.replace('ö', "o\u{308}"));
    let out = once_tried(&practice, &["unlock", "--passphrase-file", &apart]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn passphrase_that_is_tried_first_is_refused_and_says_why() {
    let practice = practice();
    for (weak, why) in [
        ("fourteen chars", "fewer than 15 characters"),
        ("passwordpassword", "what guessers try first"),
        ("Dr. Okafor 2026!", "what guessers try first"),
        ("xyzxyzxyzxyzxyzxyz", "again and again"),
        (&"heron lantern ".repeat(300), "more than 4096 bytes"),
    ] {
        let weak = secret(&practice, "weak", weak);
        let said = practice.fails(1, &change(&weak, &[]));
        assert!(said.contains(why) && said.contains("hint: four or five words"), "{said}");
    }
    assert!(!actions(&practice).contains(&"passphrase_change".to_owned()));
    practice.ok(&["lock"]);
    practice.ok(&["unlock"]);

    let another = Practice::nowhere();
    fs::write(another.file("passphrase"), "Dr. Okafor 2026!").unwrap();
    let said = another.fails(1, &["init", "--clinician", "Dr. Okafor", "--addresses", "direct"]);
    assert!(said.contains("what guessers try first"), "{said}");
    assert!(!another.folder().join("vault").exists());
}

#[test]
fn wrong_passphrases_cost_time_that_outlives_the_agent() {
    let practice = practice();
    let wrong = secret(&practice, "wrong", "another passphrase altogether");
    let new = secret(&practice, "new", NEW);
    let said = practice.fails(3, &change(&new, &["--passphrase-file", &wrong]));
    assert!(said.contains("wrong passphrase"), "{said}");
    assert!(actions(&practice).contains(&"unlock_failed".to_owned()));
    practice.ok(&["lock"]);
    for least in [2, 4, 8] {
        let out = once_tried(&practice, &["unlock", "--passphrase-file", &wrong]);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(said.contains("wrong passphrase"), "{said}");
        let since = Instant::now();
        practice.kill_agent();
        // Without the delay this, the right one, would open the vault.
        let said = practice.fails(3, &["unlock"]);
        let left = said.split("try again in ").nth(1).and_then(|rest| rest.split(' ').next()?.parse::<u64>().ok());
        let passed = since.elapsed().as_secs() + 1;
        assert!(left.is_some_and(|left| left <= least && left + passed >= least), "of {least} s: {said}");
    }
    let recovery = practice.file("recovery");
    practice.ok(&["unlock", "--recovery-file", recovery.to_str().unwrap()]);
}

#[test]
fn forgotten_passphrase_is_replaced_with_the_recovery_key() {
    let practice = practice();
    let recovery = practice.file("recovery").to_str().unwrap().to_owned();
    let new = secret(&practice, "new", NEW);
    practice.ok(&["lock"]);
    practice.ok(&["unlock", "--recovery-file", &recovery]);
    let said = practice.fails(3, &change(&new, &["--recovery-file", &secret(&practice, "torn", "AGE-SECRET-KEY-1QQ")]));
    assert!(said.contains("wrong recovery key"), "{said}");
    practice.ok(&change(&new, &["--recovery-file", &recovery]));
    practice.ok(&["lock"]);
    practice.ok(&["unlock", "--passphrase-file", &new]);
    practice.ok(&["lock"]);
    practice.fails(3, &["unlock"]);
}
