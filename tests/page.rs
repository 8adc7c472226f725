//! The patient's page as it is checked in: made from these sources, and small.

mod axe;
mod browser;
mod calendar;
mod clock;
mod device;
mod exit;
mod link;
mod path;
mod practice;
mod waiting;
mod world;

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
};

/// What build.sh answers where the compiler cannot make WebAssembly (sysexits.h EX_UNAVAILABLE).
const UNAVAILABLE: i32 = 69;
/// What travels before anything can be read: one window of TCP's first round trip (RFC 6928).
const HTML_MAX_BYTES: usize = 14 * 1024;
const CODE_MAX_BYTES: usize = 600 * 1000;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("and readable"));
    entries
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("a file")))
        .collect()
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).expect("sources can be copied");
        return;
    }
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("sources are there") {
        let entry = entry.expect("and readable");
        if !["dist", "target"].iter().any(|made| entry.file_name() == *made) {
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    }
}

/// Builds the page from a copy of the sources in another folder, so that a path that leaked in would show.
fn build_elsewhere(folder: &Path) -> (ExitStatus, PathBuf) {
    for name in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "src", "tests/main.rs"] {
        let to = folder.join(name);
        fs::create_dir_all(to.parent().expect("inside the folder")).expect("a folder can be made");
        copy(&root().join(name), &to);
    }
    let out = folder.join("out");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let mut build = Command::new(folder.join("src/page/build.sh"));
    let status = build.arg(&out).env("CARGO_TARGET_DIR", target).env_remove("CARGO_ENCODED_RUSTFLAGS").status();
    (status.expect("sh is there"), out)
}

#[test]
fn checked_in_page_is_what_its_sources_make_in_any_folder() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (status, out) = build_elsewhere(folder.path());
    if status.code() == Some(UNAVAILABLE) {
        // Past the test's capture: nobody should believe that it was compared.
        let _ = writeln!(
            std::io::stderr(),
            "\nNOT COMPARED: the page was not rebuilt, the compiler has no wasm32-unknown-unknown\n"
        );
        return;
    }
    assert!(status.success(), "the page does not build");
    let (made, kept) = (files(&out), files(&root().join("src/page/dist")));
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), names(&kept), "src/page/dist is not current: run `make page`");
    for (name, bytes) in made {
        assert!(kept.get(&name) == Some(&bytes), "src/page/dist/{name} is not current: run `make page`");
    }
}

#[test]
fn page_is_small_enough_for_a_bad_line() {
    let kept = files(&root().join("src/page/dist"));
    let html = kept.get("index.html").expect("there is a page").len();
    assert!(html < HTML_MAX_BYTES, "index.html has {html} bytes");
    let code: usize = kept
        .iter()
        .filter(|(name, _)| name.ends_with(".js.br") || name.ends_with(".wasm.br"))
        .map(|(_, bytes)| bytes.len())
        .sum();
    assert!(code < CODE_MAX_BYTES, "scripts and core have {code} bytes, compressed");
}

#[test]
fn page_names_no_other_place_but_the_quick_exit() {
    for (name, bytes) in files(&root().join("src/page/dist")) {
        if !name.ends_with(".html") && !name.ends_with(".css") && !name.ends_with(".js") {
            continue;
        }
        let text = String::from_utf8(bytes).expect("text");
        for (at, _) in text.match_indices("://") {
            let before = text[..at].rsplit(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
            let after: String = text[at + 3..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
            let known = ["www.google.com", "www.w3.org", ""].contains(&after.as_str());
            assert!(known, "{name} names {before}://{after}");
        }
    }
}
