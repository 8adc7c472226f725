//! A patient is forgotten: what stands against it, and that nothing of the chart can be read afterwards.

use crate::harness::terminal::Terminal;
use crate::story::programs::{Practice, files};
use std::fs;
use std::path::Path;
use std::process::Command;

const CANARY: &str = "heron-by-the-weir";

/// A practice with two patients, notes, and appointments from a feed: one of them came before the patient did.
fn practice() -> (Practice, String) {
    let practice = Practice::nowhere();
    let init = ["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10", "--zone", "UTC"];
    let made = practice.json(&init);
    fs::write(practice.file("recovery"), made["recovery_key"].as_str().unwrap()).unwrap();
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1@test\r\n\
                    DTSTAMP:20261101T100000Z\r\nDTSTART:20991201T100000Z\r\nDTEND:20991201T105000Z\r\n\
                    SUMMARY:Ada Byron\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let soon = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().tomorrow().unwrap();
    let calendar = calendar.replace("20991201", &soon.strftime("%Y%m%d").to_string());
    practice.feed(&["appointment", "import", "-"], &calendar);
    practice.ok(&["patient", "add", "--name", "Ada Byron", "--phone", "+44 20 7946 0000"]);
    practice.ok(&["patient", "add", "--name", "Grace Hopper"]);
    for (patient, text) in
        [("ada", format!("{CANARY} one")), ("ada", format!("{CANARY} two")), ("grace", "well".into())]
    {
        practice.feed(&["note", "new", patient, "--text-file", "-"], &text);
    }
    let id = practice.json(&["patient", "show", "ada"])["id"].as_str().unwrap().to_owned();
    (practice, id)
}

#[test]
fn forgotten_patient_is_gone_everywhere_and_the_chain_still_holds() {
    let (practice, id) = practice();
    practice.ok(&["practice", "edit", "--retention-years", "0"]);
    let before = practice.lines(&["audit", "list", "--limit", "1000"]).len();

    let certificate = practice.json(&["patient", "forget", &id]);
    assert_eq!((&certificate["notes"], &certificate["appointments"]), (&2.into(), &1.into()));
    assert_eq!(certificate["patient"], id.as_str());
    assert!(!certificate["beyond_reach"].as_array().unwrap().is_empty());

    assert_eq!(practice.lines(&["patient", "list", "--archived"]).len(), 1);
    assert_eq!(practice.lines(&["note", "search", CANARY]).len(), 0);
    assert_eq!(practice.lines(&["note", "search", "well"]).len(), 1);
    assert_eq!(practice.lines(&["agenda", "--days", "30"]).len(), 0, "a name that only stood in a feed is gone, too");
    practice.fails(1, &["patient", "show", &id]);
    let proof = practice.json(&["audit", "verify"]);
    assert_eq!(proof["intact"], true);
    let events = practice.lines(&["audit", "list", "--limit", "1000"]);
    assert!(events.len() > before, "what was done to the chart stays on record");
    assert!(events.iter().any(|event| event["action"] == "patient_forget" && event["patient"] == id.as_str()));
    // And it stays so when everything is read anew.
    practice.ok(&["lock"]);
    fs::remove_dir_all(practice.folder().join("vault/index")).unwrap();
    practice.ok(&["unlock"]);
    assert_eq!(practice.lines(&["patient", "list", "--archived"]).len(), 1);
}

#[test]
fn older_copy_of_the_vault_with_the_keys_of_today_says_nothing_of_the_forgotten() {
    let (practice, id) = practice();
    practice.ok(&["practice", "edit", "--retention-years", "0"]);
    practice.ok(&["agent", "--stop"]);
    let older = practice.file("older");
    copy(&practice.folder().join("vault"), &older);
    practice.ok(&["unlock"]);
    practice.ok(&["patient", "forget", &id]);
    practice.ok(&["agent", "--stop"]);

    // Everything of the older copy but the patients' keys, which are what they are now.
    let vault = practice.folder().join("vault");
    fs::copy(vault.join("keyring"), older.join("keyring")).unwrap();
    fs::remove_dir_all(&vault).unwrap();
    fs::rename(&older, &vault).unwrap();
    fs::remove_dir_all(vault.join("index")).unwrap();
    practice.ok(&["unlock"]);
    let names: Vec<_> = practice.lines(&["patient", "list", "--archived"]);
    assert_eq!(names.len(), 1);
    assert_eq!(names[0]["name"], "Grace Hopper");
    assert_eq!(practice.lines(&["note", "search", CANARY]).len(), 0);
    assert_eq!(practice.lines(&["agenda", "--days", "30"]).len(), 0);
    assert_eq!(practice.json(&["audit", "verify"])["intact"], true);
    for file in files(&practice.folder()) {
        let bytes = fs::read(&file).unwrap();
        assert!(!bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes()), "{file:?}");
    }
}

#[test]
fn chart_is_not_forgotten_while_it_must_be_kept() {
    let (practice, id) = practice();
    let said = practice.fails(1, &["patient", "forget", &id]);
    assert!(said.contains("must be kept until") && said.contains("10 years"), "{said}");
    practice.ok(&["practice", "edit", "--retention-years", "0"]);
    practice.ok(&["patient", "hold", "ada", "--reason", "subpoena of 3 November"]);
    let said = practice.fails(1, &["patient", "forget", &id]);
    assert!(said.contains("under a legal hold") && said.contains("--release"), "{said}");
    assert!(practice.ok(&["patient", "show", "ada"]).contains("subpoena of 3 November"));
    practice.ok(&["patient", "hold", "ada", "--release"]);

    let said = practice.fails(2, &["patient", "forget", "ada"]);
    assert!(said.contains("by the whole id"), "{said}");
    fs::write(practice.file("wrong"), "battery horse staple correct").unwrap();
    let wrong = practice.file("wrong");
    let forget = |file: &Path| practice.command(&["patient", "forget", &id, "--passphrase-file"]).arg(file).output();
    assert_eq!(forget(&wrong).unwrap().status.code(), Some(3));
    assert_eq!(practice.lines(&["note", "search", CANARY]).len(), 2, "nothing is lost by all this");
    let actions = practice.lines(&["audit", "list", "--limit", "1000"]);
    for action in ["patient_hold", "patient_release", "unlock_failed"] {
        assert!(actions.iter().any(|event| event["action"] == action), "{action}");
    }
}

#[test]
fn keys_backup_is_written_anew_when_a_patient_is_forgotten() {
    let (practice, id) = practice();
    practice.ok(&["practice", "edit", "--retention-years", "0"]);
    let (backup, keys) = (practice.file("backup"), practice.file("keys"));
    let (backup, keys) = (backup.to_str().unwrap(), keys.to_str().unwrap());
    practice.ok(&["backup", "create", backup, "--keyring", keys]);
    let certificate = practice.json(&["patient", "forget", &id]);
    assert_eq!(certificate["keys_backup"]["state"], "written");

    // The sealed backup was taken before; restored with the keys as they are now, it says nothing of the patient.
    let restored = practice.file("restored");
    let mut restore = practice.command(&["backup", "restore", backup, "--keyring", keys, "--to"]);
    restore.arg(&restored).arg("--recovery-file").arg(practice.file("recovery"));
    let out = restore.arg("--new-passphrase-file").arg(practice.file("passphrase")).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let there = |args: &[&str]| {
        let out = practice.command(args).env("BEDSIDE_VAULT", &restored).arg("--json").output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    there(&["unlock"]);
    assert_eq!(there(&["patient", "list", "--archived"]).lines().count(), 1);
    assert_eq!(there(&["note", "search", CANARY]), "");
    assert_eq!(there(&["note", "search", "well"]).lines().count(), 1);
    let stop = practice.command(&["agent", "--stop"]).env("BEDSIDE_VAULT", &restored).status().unwrap();
    assert!(stop.success());

    // And where it cannot be reached, the certificate says so.
    let id = practice.json(&["patient", "show", "grace"])["id"].as_str().unwrap().to_owned();
    fs::rename(practice.file("keys"), practice.file("away")).unwrap();
    assert_eq!(practice.json(&["patient", "forget", &id])["keys_backup"]["state"], "behind");
}

#[test]
fn name_is_typed_in_full_before_a_chart_is_destroyed_at_a_terminal() {
    let (practice, _) = practice();
    practice.ok(&["practice", "edit", "--retention-years", "0"]);
    for (typed, then) in [("y", "nothing was destroyed"), ("ada  byron", "Certificate of destruction")] {
        // The passphrase comes from a file, so nothing else would stand between a slip and the chart.
        let forget = practice.command(&["patient", "forget", "ada"]);
        let mut shell = Command::new("sh");
        shell.args(["-c", "\"$@\"; sleep 60", "sh"]).arg(forget.get_program()).args(forget.get_args());
        shell.envs(forget.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let terminal = Terminal::open(&mut shell);
        terminal.shows("The whole name, to go on");
        assert_eq!(practice.lines(&["patient", "list"]).len(), 2);
        terminal.write(typed);
        terminal.press("Enter");
        terminal.shows(then);
    }
    assert_eq!(practice.lines(&["patient", "list"]).len(), 1);
}

#[test]
fn appointments_under_a_name_that_two_patients_have_stay_with_the_other() {
    let (practice, id) = practice();
    practice.ok(&["practice", "edit", "--retention-years", "0"]);
    practice.ok(&["patient", "add", "--name", "ada  BYRON"]);
    assert_eq!(practice.json(&["patient", "forget", &id])["appointments"], 0);
    assert_eq!(practice.lines(&["agenda", "--days", "30"]).len(), 1, "it may be the other's");
    let other = practice.json(&["patient", "show", "ada"])["id"].as_str().unwrap().to_owned();
    assert_eq!(practice.json(&["patient", "forget", &other])["appointments"], 1);
    assert_eq!(practice.lines(&["agenda", "--days", "30"]).len(), 0);
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").args([from, to]).status().unwrap().success());
}
