//! What is exported opens without bedside.

use super::Kept;
use crate::harness::terminal::Terminal;
use crate::story::programs::files;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A fresh age key: its file, and the recipient.
fn key(kept: &Kept) -> (PathBuf, String) {
    let file = kept.elsewhere.path().join("key");
    let made = Command::new("age-keygen").arg("-o").arg(&file).output().expect("this test needs the program age");
    assert!(made.status.success());
    let text = fs::read_to_string(&file).unwrap();
    let public = text.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap().to_owned();
    (file, public)
}

/// What `age --decrypt | tar x` gives: every file by its path.
fn unpack(kept: &Kept, key: &Path, file: &str) -> std::collections::BTreeMap<String, String> {
    let to = tempfile::tempdir_in(kept.elsewhere.path()).unwrap();
    let mut age = Command::new("age")
        .args(["--decrypt", "--identity"])
        .args([key, Path::new(file)])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let tar = Command::new("tar").arg("x").current_dir(to.path()).stdin(age.stdout.take().unwrap()).status().unwrap();
    assert!(age.wait().unwrap().success() && tar.success());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let top = fs::read_dir(to.path()).unwrap().next().unwrap().unwrap().path();
    assert_eq!(mode(&top), 0o700, "names of folders are names of patients");
    assert!(files(&top).iter().all(|path| mode(path) == 0o600));
    let name = |path: &Path| path.strip_prefix(to.path()).unwrap().display().to_string();
    let whole = |path: &PathBuf| (name(path).split_once('/').unwrap().1.to_owned(), fs::read_to_string(path).unwrap());
    files(to.path()).iter().map(whole).collect()
}

#[test]
fn export_opens_with_stock_age_and_tar_and_holds_everything() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    let (key, recipient) = key(&kept);
    let file = kept.folder("all.tar.age");
    let args = ["backup", "export", &file, "--recipient", &recipient];
    let report = practice.json(&args);
    assert_eq!((&report["patients"], &report["notes"], &report["appointments"]), (&2.into(), &2.into(), &1.into()));
    let found = unpack(&kept, &key, &file);
    let chart = found.iter().find(|(name, _)| name.starts_with("patients/ada-byron-") && name.ends_with("chart.md"));
    let chart = chart.unwrap().1;
    assert!(chart.contains("The heron stood still.") && chart.contains("Addendum") && chart.contains("signed"));
    let record =
        found.iter().find(|(name, _)| name.starts_with("patients/ada-byron-") && name.ends_with("record.json"));
    let record: Value = serde_json::from_str(record.unwrap().1).unwrap();
    assert_eq!((&record["format"], &record["version"]), (&"bedside-export".into(), &1.into()));
    assert_eq!(record["notes"][0], practice.lines(&["note", "list", "ada"])[0]);
    assert_eq!(record["appointments"].as_array().unwrap().len(), 1);
    assert!(found["notes.csv"].contains("'=cmd|") || found["notes.csv"].contains(": =cmd|"));
    assert!(found["patients.csv"].contains("\"'=Amazing Grace \"\"Debug\"\" Hopper\""), "{}", found["patients.csv"]);
    assert!(found["patients.csv"].contains("'+44 20 7946 0001"));
    assert!(found["README.md"].contains("Delete it by"));
    assert!(found["audit.ndjson"].lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    assert_eq!(serde_json::from_str::<Value>(&found["export.json"]).unwrap()["version"], 1);
    // The calendar is one, for our own reader, too.
    let calendar = kept.folder("appointments.ics");
    fs::write(&calendar, &found["appointments.ics"]).unwrap();
    let imported = practice.json(&["appointment", "import", &calendar, "--dry-run", "--feed", "again"]);
    // It is read, and known again as what is here already.
    assert_eq!((&imported["added"], &imported["unchanged"]), (&0.into(), &1.into()));

    let said = practice.fails(1, &args);
    assert!(said.contains("--force"), "{said}");
    practice.ok(&[&args[..], &["--force"]].concat());
    assert!(files(kept.elsewhere.path()).iter().all(|path| path.extension().is_none_or(|end| end != "new")));
}

#[test]
fn export_of_one_patient_holds_nobody_else() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    let (key, recipient) = key(&kept);
    let file = kept.folder("ada.tar.age");
    practice.ok(&["backup", "export", &file, "--recipient", &recipient, "--patient", "ada"]);
    let found = unpack(&kept, &key, &file);
    assert!(found.values().any(|text| text.contains("heron")) && !found.contains_key("audit.ndjson"));
    assert!(
        !found.iter().any(|(name, text)| name.contains("grace") || text.contains("Grace") || text.contains("Compiles"))
    );
    let events = practice.lines(&["audit", "list", "--kind", "export", "--patient", "ada"]);
    assert_eq!(events.len(), 1);
    assert!(practice.lines(&["audit", "list", "--kind", "export", "--patient", "grace"]).is_empty());
}

/// 42 CFR 2.32(a)(2).
const NOTICE: &str = "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";

#[test]
fn every_file_and_every_row_of_a_part_2_programmes_export_carries_the_notice() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    let (key, recipient) = key(&kept);
    let file = kept.folder("all.tar.age");
    let args = ["backup", "export", &file, "--recipient", &recipient, "--force"];
    practice.ok(&args);
    assert!(unpack(&kept, &key, &file).values().all(|text| !text.contains("CFR")));
    practice.ok(&["practice", "edit", "--part2", "true"]);
    kept.note("ada", "\u{1b}]0;owned\u{7}");
    practice.ok(&args);
    let found = unpack(&kept, &key, &file);
    // A calendar's lines are folded.
    let flat = |text: &String| text.replace("\r\n ", "");
    assert!(found.len() > 10 && found.contains_key("NOTICE.txt"));
    for (name, text) in &found {
        let (empty, text) = (text.lines().count() == 1 && name.ends_with(".csv"), flat(text));
        assert!(text.contains(NOTICE) || empty && text.contains(",notice"), "{name}");
        assert!(!text.contains('\u{1b}'), "{name} could steer a terminal");
    }
    let rows = found["patients.csv"].trim_end().split("\r\n").skip(1).collect::<Vec<_>>();
    assert!(rows.len() == 2 && rows.iter().all(|row| row.ends_with(&format!(",\"{NOTICE}\""))), "{rows:?}");
    let calendar = flat(&found["appointments.ics"]);
    assert!(calendar.contains(&format!("\r\nDESCRIPTION:{NOTICE}\r\n")));
    assert!(calendar.contains(&format!("\r\nCOMMENT:{NOTICE}\r\n")));
    assert!(found["audit.ndjson"].lines().all(|line| serde_json::from_str::<Value>(line).unwrap()["notice"] == NOTICE));
    assert!(practice.ok(&["audit", "export", "-"]).lines().all(|line| line.contains(NOTICE)));
    let again = kept.folder("appointments.ics");
    fs::write(&again, &found["appointments.ics"]).unwrap();
    let imported = practice.json(&["appointment", "import", &again, "--dry-run", "--feed", "again"]);
    // It is read, and known again as what is here already.
    assert_eq!((&imported["added"], &imported["unchanged"]), (&0.into(), &1.into()));
}

#[test]
fn export_asks_for_the_passphrase_again() {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    let (_, recipient) = key(&kept);
    let wrong = practice.file("wrong");
    fs::write(&wrong, "another passphrase altogether").unwrap();
    let file = kept.folder("all.tar.age");
    let args = ["backup", "export", &file, "--recipient", &recipient, "--passphrase-file", wrong.to_str().unwrap()];
    let said = practice.fails(3, &args);
    assert!(said.contains("wrong passphrase"), "{said}");
    assert!(!Path::new(&file).exists());
    assert!(practice.lines(&["audit", "list", "--kind", "export"]).is_empty());
    assert_eq!(practice.lines(&["audit", "list", "--kind", "unlock_failed"]).len(), 1);
}

#[test]
fn export_under_a_passphrase_opens_with_it() {
    let kept = Kept::new(None);
    let secret = kept.practice.file("secret");
    fs::write(&secret, "a passphrase for the file").unwrap();
    let file = kept.folder("all.tar.age");
    let secret = secret.to_str().unwrap();
    kept.practice.ok(&["backup", "export", &file, "--export-passphrase-file", secret, "--work-factor", "10"]);
    let tar = kept.folder("all.tar");
    let mut age = Command::new("age");
    age.args(["--decrypt", "--output", &tar, &file]);
    let terminal = Terminal::open(&mut age);
    terminal.shows("passphrase");
    terminal.write("a passphrase for the file");
    terminal.press("Enter");
    let listed = crate::harness::guard::until("it is open", crate::story::programs::PATIENCE, || {
        let out = Command::new("tar").args(["tf", &tar]).output().unwrap();
        Some(String::from_utf8(out.stdout).unwrap()).filter(|text| text.contains("audit.ndjson"))
    });
    assert!(listed.contains("chart.md"), "{listed}");
}
