//! Man pages and completions are what the command line's definition makes.

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
fn man_pages_and_completions_are_current() {
    let made = tempfile::tempdir().unwrap();
    for what in ["man", "completions"] {
        let folder = made.path().join(what);
        let status =
            Command::new(env!("CARGO_BIN_EXE_bedside")).args(["generate", what]).arg(&folder).status().unwrap();
        assert!(status.success());
        let kept = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(what));
        let made = files(&folder);
        let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&made), names(&kept), "run 'bedside generate {what} {what}'");
        for (name, text) in made {
            assert!(kept[&name] == text, "{what}/{name} is not current: run 'bedside generate {what} {what}'");
        }
    }
}
