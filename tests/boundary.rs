//! The borders between the rooms: who may import whom, what each program may link, what no source may contain.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

/// Who may import whom. Everyone may import `base` and itself.
const IMPORTS: [(&str, &[&str]); 16] = [
    ("base", &[]),
    ("record", &[]),
    ("wire", &["record"]),
    ("seal", &[]),
    ("vault", &["record", "seal"]),
    ("feed", &["record"]),
    ("visit", &["wire"]),
    ("guest", &["wire", "seal", "visit"]),
    ("agent", &["vault", "seal", "visit", "feed", "wire", "record", "guest"]),
    ("client", &["wire", "record"]),
    ("cli", &["client", "record", "feed"]),
    ("tui", &["client", "record"]),
    ("call", &["wire"]),
    ("page", &["guest", "wire", "seal", "visit"]),
    ("relay", &["wire"]),
    ("bin", &["cli", "call", "relay"]),
];
/// Single files that may reach further than their room: the verbs that start another room, and the one that writes the
/// manual pages of all programs.
const EXCEPTIONS: [(&str, &str); 5] = [
    ("src/cli/agent.rs", "agent"),
    ("src/cli/console.rs", "tui"),
    ("src/cli/demo.rs", "tui"),
    ("src/cli/generate.rs", "relay"),
    ("src/cli/generate.rs", "call"),
];
/// A file is a room; one with more lines than this is a hall.
const LINES_MAX: usize = 600;
/// The halls there are: three long walks of a test.
const HALLS: [&str; 3] = ["src/guest/rehearsal.rs", "src/tui/tests/walk.rs", "src/visit/rehearsal.rs"];
/// What the list of promises says where no test proves one.
const UNPROVEN: &str = "NOT YET PROVEN";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, by its path from the root; without the page's bundler, which is a program of its own.
fn sources(folder: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root().join(folder)];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).expect("a readable folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned();
            if !name.starts_with("src/page/bundler") {
                found.insert(name, fs::read_to_string(path).expect("text"));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

/// The text without its comments: what a comment names is no import.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The code without its tests, which stand last in a file.
fn product(text: &str) -> String {
    let code = code(text);
    match code.find("#[cfg(test)]\nmod tests {") {
        Some(at) => code[..at].to_owned(),
        None => code,
    }
}

/// The rooms a file names: what follows `crate::` (or `bedside::` in a program), braces included.
fn rooms_named(code: &str, start: &str) -> BTreeSet<String> {
    let word =
        |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(start) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$' || c == ':') {
            continue;
        }
        let rest = &code[at + start.len()..];
        if !rest.starts_with('{') {
            found.insert(word(rest));
            continue;
        }
        let mut depth = 0;
        let mut item = 1;
        for (index, c) in rest.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 || (depth == 1 && c == ',') {
                found.insert(word(&rest[item..index]));
                item = index + 1;
            }
            if depth == 0 {
                break;
            }
        }
    }
    found.remove("");
    found
}

#[test]
fn every_room_imports_only_what_it_may() {
    let table: BTreeMap<_, _> = IMPORTS.into_iter().collect();
    let mut wrong = Vec::new();
    for (file, text) in sources("src") {
        let Some((room, _)) = file.trim_start_matches("src/").split_once('/') else { continue };
        let Some(allowed) = table.get(room) else {
            wrong.push(format!("{file} stands in a room that the table does not know"));
            continue;
        };
        let start = if room == "bin" { "bedside::" } else { "crate::" };
        for named in rooms_named(&code(&text), start) {
            let known = table.contains_key(named.as_str());
            let fine = named == room || named == "base" || allowed.contains(&named.as_str());
            if known && !fine && !EXCEPTIONS.contains(&(file.as_str(), named.as_str())) {
                wrong.push(format!("{file} imports {named}"));
            }
        }
    }
    assert!(wrong.is_empty(), "against the import table:\n{}", wrong.join("\n"));
}

#[test]
fn imports_are_found_in_braces_and_paths() {
    let code = "use crate::{base::{Phi, Stamp}, vault};\nlet x = crate::agent::run();\nuse $crate::tui;";
    assert_eq!(rooms_named(code, "crate::").into_iter().collect::<Vec<_>>(), ["agent", "base", "vault"]);
}

/// The crates a program is made of.
fn crates(feature: &str) -> BTreeSet<String> {
    let mut tree = Command::new(env!("CARGO"));
    tree.current_dir(root()).args(["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none"]);
    tree.args(["--format", "{lib}", "--no-default-features", "--features", feature]);
    let output = tree.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout).expect("names").lines().map(|line| line.trim().to_owned()).collect();
    let names: BTreeSet<String> = names;
    assert!(names.contains("bedside") && names.contains("serde"), "no tree of {feature}: {names:?}");
    names
}

/// None of these crates, nor any whose name begins with one and an underscore.
fn links_none(feature: &str, forbidden: &[&str]) {
    let crates = crates(feature);
    for name in forbidden {
        let family = format!("{name}_");
        let found = crates.iter().find(|linked| *linked == name || linked.starts_with(&family));
        assert!(found.is_none(), "{feature} links {found:?}");
    }
}

#[test]
fn relay_links_neither_vault_nor_keys() {
    links_none("relay", &["age", "sled", "openmls", "ratatui", "rtc", "cpal", "nokhwa"]);
}

#[test]
fn call_links_neither_vault_nor_keys() {
    links_none("call", &["age", "sled", "openmls", "ratatui", "calcard"]);
}

#[test]
fn console_links_no_media_and_no_c_library() {
    links_none("console", &["rtc", "cpal", "nokhwa", "eframe", "opus", "vpx", "sonora", "openh264"]);
    // These two are tables of numbers in Rust.
    let tables = ["linux_raw_sys", "windows_sys", "js_sys"];
    let linked: Vec<_> = crates("console")
        .into_iter()
        .filter(|name| name.ends_with("_sys") && !tables.contains(&name.as_str()))
        .collect();
    assert!(linked.is_empty(), "console links C libraries: {linked:?}");
}

#[test]
fn only_the_output_prints() {
    let macros = ["println!", "print!", "eprintln!", "eprint!", "dbg!"];
    for (file, text) in sources("src") {
        let found = macros.iter().find(|name| product(&text).contains(*name));
        assert!(found.is_none() || file == "src/cli/output.rs", "{file} has {found:?}");
    }
}

#[test]
fn nothing_is_unwrapped_outside_of_tests() {
    for (file, text) in sources("src") {
        let test = file.contains("/tests/") || file.ends_with("/tests.rs") || file.ends_with("/rehearsal.rs");
        assert!(test || !product(&text).contains(".unwrap()"), "{file} unwraps; say what holds with expect");
    }
}

#[test]
fn no_source_knows_the_machine_it_was_written_on() {
    // Put together here, so that this file does not contain them itself.
    let places: Vec<String> = ["work", "root"].iter().map(|folder| format!("/{folder}/")).collect();
    let mut files: Vec<(String, String)> = sources("src").into_iter().chain(sources("tests")).collect();
    for name in ["README.md", "CHANGELOG.md", "Makefile", "Cargo.toml", ".ci/run", "src/page/build.sh"] {
        files.push((name.to_owned(), fs::read_to_string(root().join(name)).expect("text")));
    }
    for (file, text) in files {
        let found = places.iter().find(|place| text.contains(place.as_str()));
        assert!(found.is_none(), "{file} names {found:?}");
    }
}

#[test]
fn files_are_rooms_not_halls() {
    for (file, text) in sources("src").into_iter().chain(sources("tests")) {
        let lines = text.lines().count();
        assert!(lines <= LINES_MAX || HALLS.contains(&file.as_str()), "{file} has {lines} lines");
    }
}

/// Every promise of the README is held by tests that exist, or said to be open.
#[test]
fn every_promise_names_tests_that_exist() {
    let all: String = sources("src").into_values().chain(sources("tests").into_values()).collect();
    let list = fs::read_to_string(root().join("tests/promises.txt")).expect("the list of promises");
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    let mut promises = BTreeSet::new();
    for line in list.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let (promise, test) = line.split_once(':').expect("promise: test");
        let test = test.trim();
        promises.insert(promise.trim());
        if test == UNPROVEN {
            assert!(readme.contains("not yet proven"), "the README is silent about {promise}");
            continue;
        }
        assert!(all.contains(&format!("fn {test}(")), "{promise}: there is no test {test}");
        assert!(readme.contains(&format!("`{test}`")), "the README does not name {test}");
    }
    let expected =
        ["direct", "verifiable", "nothing readable", "nothing lost", "nothing recorded", "scriptable", "one tap"];
    assert_eq!(promises, expected.into_iter().collect());
}
