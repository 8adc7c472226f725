//! Man pages and completions are what the command line's definition makes.

use bedside::feed::table::Column;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap()))
        .collect()
}

#[test]
fn page_about_the_format_is_sound_and_names_every_kind_of_file() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/man/bedside-vault.5");
    let out = Command::new("man").args(["--warnings", "--local-file", page]).env("MANWIDTH", "100").output().unwrap();
    assert!(out.status.success() && out.stderr.is_empty(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8_lossy(&out.stdout);
    for word in ["BEDSJRNL", "BEDSKEYR", "BEDSHEAD", "BEDSBACK", "keyring.age", "NAME.pub", "keychain"] {
        assert!(text.contains(word), "{word}");
    }
}

#[test]
fn page_about_the_configuration_is_sound_and_names_every_key() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/man/bedside-config.5");
    let out = Command::new("man").args(["--warnings", "--local-file", page]).env("MANWIDTH", "100").output().unwrap();
    assert!(out.status.success() && out.stderr.is_empty(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8_lossy(&out.stdout);
    for word in Column::ALL.map(Column::key).into_iter().chain(["columns", "dates", "delimiter"]) {
        assert!(text.contains(word), "{word}");
    }
}

#[test]
fn man_pages_and_completions_are_current() {
    let made = tempfile::tempdir().unwrap();
    for what in ["man", "completions"] {
        let folder = made.path().join(what);
        let status =
            Command::new(env!("CARGO_BIN_EXE_bedside")).args(["generate", what]).arg(&folder).status().unwrap();
        assert!(status.success());
        let mut kept = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(what));
        // What describes a format is written by hand.
        kept.retain(|name, _| !name.ends_with(".5"));
        let made = files(&folder);
        let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&made), names(&kept), "run 'bedside generate {what} {what}'");
        for (name, text) in made {
            assert!(kept[&name] == text, "{what}/{name} is not current: run 'bedside generate {what} {what}'");
        }
    }
}
