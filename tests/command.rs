//! The command line as a script uses it: exit codes, what is written where, and that nothing written is lost.

use crate::harness::guard::{Running, until};
use crate::story::programs::{PATIENCE, Practice, Relay};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Stdio;

fn practice() -> Practice {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    practice
}

/// An "editor" that does this.
fn editor(practice: &Practice, script: &str) -> PathBuf {
    let path = practice.file("editor");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    path
}

#[test]
fn results_that_cannot_be_written_are_a_failure() {
    let practice = practice();
    for args in [&["patient", "list"][..], &["patient", "list", "--json"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let out = practice.command(args).stdin(Stdio::null()).stdout(full).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(out.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&out.stderr).contains("the output cannot be written"));
    }
}

#[test]
fn vault_that_locks_while_the_editor_is_open_loses_nothing() {
    let practice = practice();
    let note = practice.feed(&["note", "new", "ada", "--text-file", "-", "--json"], "A draft.");
    let id = serde_json::from_str::<serde_json::Value>(&note).unwrap()["id"].as_str().unwrap().to_owned();
    let lock = format!("printf 'The heron stood still.' > \"$1\"; {} lock", env!("CARGO_BIN_EXE_bedside"));
    let editor = editor(&practice, &lock);
    let edited = practice.command(&["note", "edit", &id]).env("VISUAL", &editor).stdin(Stdio::null()).output().unwrap();
    assert!(edited.status.success(), "{}", String::from_utf8_lossy(&edited.stderr));
    assert_eq!(practice.lines(&["note", "search", "heron"]).len(), 1);
}

#[test]
fn nobody_is_called_where_there_is_no_window() {
    let practice = practice();
    let built = PathBuf::from(env!("CARGO_BIN_EXE_bedside"));
    let alone = tempfile::tempdir_in(built.parent().unwrap()).unwrap();
    let program = alone.path().join("bedside");
    fs::hard_link(&built, &program).unwrap();
    let mut command = std::process::Command::new(&program);
    command.args(["call", "ada", "--no-wait"]).env("BEDSIDE_VAULT", practice.folder()).env("PATH", alone.path());
    let out = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(said.contains("'bedside-call' is not installed"), "asked before anybody is admitted: {said}");
}

#[test]
fn memory_of_a_command_is_in_no_core_dump() {
    let practice = practice();
    let watch = practice.command(&["message", "watch"]).stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    let watch = Running(watch);
    let limits = PathBuf::from(format!("/proc/{}/limits", watch.0.id()));
    until("core dumps are off", PATIENCE, || {
        let limits = fs::read_to_string(&limits).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        (core.split_whitespace().nth(4) == Some("0")).then_some(())
    });
}

#[test]
fn message_the_old_device_never_fetched_reaches_the_new_one() {
    let relay = Relay::start();
    let practice = Practice::open(&relay);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    let device = |answer: bool| {
        let link = practice.file("link");
        fs::write(&link, practice.link("ada")).unwrap();
        let mut command = practice.command(&["call", "join", "--link-file", link.to_str().unwrap()]);
        if answer {
            command.arg("--answer");
        }
        Running(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap())
    };
    let paired = || practice.until("paired", &["patient", "show", "ada"], |patient| patient["device"] == "paired");
    let lost = device(false);
    paired();
    drop(lost);
    practice.feed(&["message", "send", "ada", "--text-file", "-"], "Bring the worksheet.");
    practice.until_lines("the relay has it", &["message", "show", "ada"], |all| all[0]["delivery"] == "sent");
    let _new = device(true);
    practice.until_lines("the new device has it, too", &["message", "show", "ada"], |all| {
        all[0]["delivery"] == "received" && all.len() == 2
    });
}

#[test]
fn moments_are_told_by_the_practices_clocks() {
    let practice = practice();
    practice.ok(&["practice", "edit", "--zone", "Asia/Tokyo"]);
    let note = practice.feed(&["note", "new", "ada", "--text-file", "-", "--json"], "A draft.");
    let created = serde_json::from_str::<serde_json::Value>(&note).unwrap()["created"].as_str().unwrap().to_owned();
    assert!(created.ends_with("+09:00"), "the machine is in London, the practice in Tokyo: {created}");
}

#[test]
fn name_of_who_is_waited_for_is_in_no_argument_list() {
    let practice = practice();
    let mut command = practice.command(&["call", "Ada Byron", "--headless"]);
    let waits = Running(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let arguments = PathBuf::from(format!("/proc/{}/cmdline", waits.0.id()));
    until("the name is gone", PATIENCE, || {
        let arguments = String::from_utf8_lossy(&fs::read(&arguments).unwrap()).into_owned();
        // Empty before the program has begun and after it has ended; it waits, so it does neither.
        (arguments.contains("bedside") && !arguments.contains("Ada")).then_some(())
    });
}
