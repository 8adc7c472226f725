//! The format as `bedside-vault(5)` tells it: a reader written from that page alone finds what the program shows.

mod reader;

use crate::backup::Kept;
use crate::story::programs::{PASSPHRASE, Practice, files};
use reader::{Entry, Reader};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Notes as the reader has them, in the order of the program's list.
fn notes(entries: &[Entry]) -> Vec<Value> {
    let mut all: BTreeMap<String, Value> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.kind == 4) {
        let body = &entry.body;
        let addenda: Vec<Value> = body["addenda"].as_array().unwrap().iter().map(|one| one["text"].clone()).collect();
        let text = json!({"id": body["id"], "patient": body["patient"], "text": body["text"], "addenda": addenda});
        all.insert(body["id"].to_string(), text);
    }
    all.into_values().collect()
}

fn listed(kept: &Kept) -> Vec<Value> {
    let mut all: BTreeMap<String, Value> = BTreeMap::new();
    for note in kept.practice.lines(&["note", "list"]) {
        let addenda: Vec<Value> = note["addenda"].as_array().unwrap().iter().map(|one| one["text"].clone()).collect();
        let text = json!({"id": note["id"], "patient": note["patient"], "text": note["text"], "addenda": addenda});
        all.insert(note["id"].to_string(), text);
    }
    all.into_values().collect()
}

fn count(entries: &[Entry], kind: u16) -> usize {
    entries.iter().filter(|entry| entry.kind == kind).count()
}

#[test]
fn reader_written_from_the_page_finds_every_record_of_a_vault() {
    let kept = Kept::new(None);
    let listed = listed(&kept);
    let events = kept.practice.lines(&["audit", "list", "--limit", "1000"]).len();
    let head = kept.practice.json(&["audit", "verify"])["head"].clone();
    let vault = kept.practice.folder().join("vault");
    let reader = Reader::of_vault(&vault, PASSPHRASE);
    let hash = |n: usize| Value::from(data_encoding::HEXLOWER.encode(&reader.chain[n]));
    let frames = reader.chain.len();
    assert!((1..=4).any(|back| hash(frames - back) == head), "the chain of hashes is the program's");
    let found = reader.records();
    assert_eq!(notes(&found), listed);
    assert_eq!((count(&found, 1), count(&found, 2), count(&found, 3)), (1, 2, 1));
    assert!(count(&found, 7) > events, "asking for them was one more");
    let practice = found.iter().find(|entry| entry.kind == 1).unwrap();
    assert_eq!(practice.body["clinician"], "Dr. Okafor");
}

#[test]
fn reader_written_from_the_page_finds_every_record_of_a_backup() {
    let kept = Kept::new(None);
    kept.back_up();
    kept.note("grace", "Later.");
    let listed = listed(&kept);
    kept.back_up();
    let folder = |name: &str| kept.elsewhere.path().join(name);
    let reader = Reader::of_backup(&folder("disk"), &folder("stick"), &kept.recovery_key());
    assert_eq!(notes(&reader.records()), listed);
    // Without the keys, nothing that speaks of a patient.
    let reader = Reader::of_backup(&folder("disk"), Path::new("/nowhere"), &kept.recovery_key());
    let found = reader.records();
    assert_eq!((count(&found, 1), count(&found, 2), count(&found, 4)), (1, 0, 0));
}

/// A practice whose vault key was changed between two runs of a backup, with notes that stand apart; what opens them.
fn changed() -> (Kept, String) {
    let kept = Kept::new(None);
    let practice = &kept.practice;
    kept.back_up();
    let apart = practice.file("apart");
    fs::write(&apart, APART).unwrap();
    let apart = apart.to_str().unwrap();
    for compartment in ["psychotherapy", "sud"] {
        let secret = ["--compartment-passphrase-file", apart, "--work-factor", "10"];
        practice.ok(&[&["compartment", "create", compartment][..], &secret].concat());
        let new = ["note", "new", "ada", "--compartment", compartment, "--text-file", "-"];
        practice.feed(&new, &format!("Apart, {compartment}."));
    }
    practice.ok(&["key", "rotate", "--work-factor", "10"]);
    kept.note("grace", "Under a new key.");
    kept.back_up();
    practice.ok(&["key", "rotate", "--work-factor", "10"]);
    kept.note("grace", "Under a newer one.");
    (kept, apart.to_owned())
}

const APART: &str = "umbrella cricket copper";

/// What stands apart, as the reader and as the program have it.
fn check_apart(practice: &Practice, at: &[&str], reader: &Reader, file: &str) {
    for compartment in ["psychotherapy", "sud"] {
        let secret = ["--compartment-passphrase-file", file];
        practice.ok(&[&["compartment", "open", compartment], at, &secret].concat());
        let listed = practice.lines(&[&["note", "list", "--compartment", compartment], at].concat());
        let found = notes(&reader.apart(compartment, APART));
        assert_eq!((listed.len(), &listed[0]["id"], &listed[0]["text"]), (1, &found[0]["id"], &found[0]["text"]));
        assert_eq!(found.len(), 1);
    }
}

#[test]
fn reader_written_from_the_page_finds_what_other_keys_sealed() {
    let (kept, file) = changed();
    let listed = listed(&kept);
    let reader = Reader::of_vault(&kept.practice.folder().join("vault"), PASSPHRASE);
    assert_eq!(notes(&reader.records()), listed);
    check_apart(&kept.practice, &[], &reader, &file);
    // The keys' backup may be newer than the journal's, of the same time, or older.
    let folder = |name: &str| kept.elsewhere.path().join(name);
    let of_backup = || Reader::of_backup(&folder("disk"), &folder("stick"), &kept.recovery_key());
    assert_eq!(notes(&of_backup().records()).len(), listed.len() - 1, "without the newest note");
    let stick = folder("stick").join("keyring.age");
    let older = fs::read(&stick).unwrap();
    kept.back_up();
    assert_eq!(notes(&of_backup().records()), listed);
    let newer = fs::read(&stick).unwrap();
    fs::write(&stick, older).unwrap();
    assert_eq!(notes(&of_backup().records()), listed);
    fs::write(&stick, newer).unwrap();
    check_apart(&kept.practice, &[], &of_backup(), &file);
}

/// Every released format, and what a practice can make of it: made once by the program of its day, never again.
const RELEASED: [&str; 2] = ["1", "1-keys"];

fn released(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/vault-{name}"))
}

/// Copies a folder to where nobody else may look.
fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let path = to.join(file.strip_prefix(from).unwrap());
        let folder = path.parent().unwrap();
        fs::create_dir_all(folder).unwrap();
        for within in folder.ancestors().take_while(|within| within.starts_with(to)) {
            fs::set_permissions(within, fs::Permissions::from_mode(0o700)).unwrap();
        }
        fs::copy(&file, &path).unwrap();
    }
}

/// What the vault of that day held, as it was printed then.
fn holds_what_it_held(practice: &Practice, data: &Path, vault: &str) {
    let expected: Value = serde_json::from_str(&fs::read_to_string(data.join("expected.json")).unwrap()).unwrap();
    for (noun, records) in expected.as_object().unwrap() {
        let mut args = vec![noun.as_str(), "list", "--vault", vault];
        if noun == "appointment" {
            args.extend(["--date", "2027-03-01"]);
        }
        let found = practice.lines(&args);
        let records = records.as_array().unwrap();
        assert_eq!(found.len(), records.len(), "{noun}");
        // Later programs may tell more of a record, but not less, and nothing else.
        for (found, record) in found.iter().zip(records) {
            for (name, value) in record.as_object().unwrap() {
                assert_eq!(&found[name], value, "{noun}: {name}");
            }
        }
    }
    assert_eq!(practice.json(&["audit", "verify", "--vault", vault])["intact"], true);
    practice.ok(&["agent", "--stop", "--vault", vault]);
}

#[test]
fn vault_of_every_released_format_opens() {
    for name in RELEASED {
        let (practice, data) = (Practice::nowhere(), released(name));
        let folder = practice.folder();
        copy(&data.join("vault"), &folder.join("vault"));
        // Folders in which nothing was are in no repository.
        for empty in ["conversation", "spool"] {
            let _ = fs::DirBuilder::new().mode(0o700).create(folder.join("vault").join(empty));
        }
        practice.ok(&["unlock"]);
        let reader = Reader::of_vault(&data.join("vault"), PASSPHRASE);
        assert!(!notes(&reader.records()).is_empty());
        let apart = data.join("apart");
        if apart.exists() {
            check_apart(&practice, &[], &reader, apart.to_str().unwrap());
        }
        holds_what_it_held(&practice, &data, folder.to_str().unwrap());
    }
}

#[test]
fn backup_of_every_released_format_comes_back() {
    for name in RELEASED {
        let (practice, data) = (Practice::nowhere(), released(name));
        let to = practice.file("restored");
        let to = to.to_str().unwrap();
        let path = |name: &str| data.join(name).to_str().unwrap().to_owned();
        let (disk, stick, recovery) = (path("disk"), path("stick"), path("recovery"));
        let restore = ["backup", "restore", &disk, "--keyring", &stick, "--recovery-file", &recovery, "--to", to];
        practice.ok(&[&restore[..], &["--work-factor", "10"]].concat());
        holds_what_it_held(&practice, &data, to);
    }
}
