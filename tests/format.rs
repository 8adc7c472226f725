//! The format as `bedside-vault(5)` tells it: a reader written from that page alone finds what the program shows.

mod reader;

use crate::backup::Kept;
use crate::story::programs::PASSPHRASE;
use reader::{Entry, Reader};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

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
