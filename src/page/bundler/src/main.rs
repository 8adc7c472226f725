//! `bundler CORE.wasm SOURCES OUT`: makes the patient's page out of the compiled core and its sources.
//!
//! One script, one stylesheet, the core and its glue, each named by the hash of its content, and one index.html that
//! holds the first style, the gate and the words it needs; the relay allows these two by their hashes. Everything is also written compressed (brotli, quality 11),
//! and `bundle.rs` lists it all for the relay. The same input gives the same bytes.

mod compact;
mod link;
mod text;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// A file of the page as the relay serves it.
struct File {
    path: String,
    name: String,
    content_type: &'static str,
    bytes: Vec<u8>,
}

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [core, sources, out] = arguments.as_slice() else {
        bail!("bundler CORE.wasm SOURCES OUT");
    };
    let texts = text::read(&read(&sources.join("text.en.js"))?)?;
    let (glue, core) = bind(core, out)?;
    let core = hashed("core", "wasm", "application/wasm", core);
    let glue = hashed("core", "js", "text/javascript; charset=utf-8", compact::script(&glue)?.into_bytes());
    let style =
        hashed("room", "css", "text/css; charset=utf-8", compact::style(&read(&sources.join("room.css"))?).into());

    let core_bytes = core.bytes.len().to_string();
    let mut names = BTreeMap::from([
        ("core.wasm", core.path.clone()),
        ("core.wasm:bytes", core_bytes),
        ("core.js", glue.path.clone()),
        ("room.css", style.path.clone()),
    ]);
    let script = link::modules(sources, "main.js")?;
    text::check(&texts, &script)?;
    let script = compact::script(&fill(&script, &names)?)?;
    let script = hashed("room", "js", "text/javascript; charset=utf-8", script.into_bytes());
    names.insert("main.js", script.path.clone());

    let first = compact::style(&read(&sources.join("first.css"))?);
    let gate = compact::script(&read(&sources.join("gate.js"))?)?;
    names.insert("first.css", first);
    names.insert("gate.js", gate);
    let index = fill(&text::insert(&texts, &read(&sources.join("index.html"))?)?, &names)?;
    let index = File {
        path: "/".into(),
        name: "index.html".into(),
        content_type: "text/html; charset=utf-8",
        bytes: index.into_bytes(),
    };
    write(out, &[index, style, script, glue, core])
}

/// The glue and the core as wasm-bindgen makes them.
fn bind(core: &Path, out: &Path) -> Result<(String, Vec<u8>)> {
    let folder = out.with_extension("binding");
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(core)
        .out_name("core")
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&folder)?;
    let made = (read(&folder.join("core.js"))?, fs::read(folder.join("core_bg.wasm"))?);
    fs::remove_dir_all(&folder)?;
    Ok(made)
}

/// Names a file by its content, so that it can be kept for ever.
fn hashed(stem: &str, extension: &str, content_type: &'static str, bytes: Vec<u8>) -> File {
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)[..8]);
    let name = format!("{stem}-{hash}.{extension}");
    File { path: format!("/{name}"), name, content_type, bytes }
}

/// Puts `[[file.name]]`s in; JavaScript's own brackets are left alone.
fn fill(template: &str, names: &BTreeMap<&str, String>) -> Result<String> {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("[[") {
        out.push_str(before);
        let name = after.split_once("]]").map_or("", |(name, _)| name);
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '.' | ':')) {
            out.push_str("[[");
            rest = after;
            continue;
        }
        out.push_str(names.get(name).with_context(|| format!("nothing is called {name}"))?);
        rest = &after[name.len() + 2..];
    }
    out.push_str(rest);
    Ok(out)
}

fn write(out: &Path, files: &[File]) -> Result<()> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out)?;
    let mut table = String::new();
    for file in files {
        let packed = pack(&file.bytes)?;
        fs::write(out.join(&file.name), &file.bytes)?;
        fs::write(out.join(format!("{}.br", file.name)), &packed)?;
        println!("{:>8} {:>8} {}", file.bytes.len(), packed.len(), file.name);
        writeln!(
            table,
            "    File {{\n        path: {:?},\n        content_type: {:?},\n        bytes: include_bytes!({:?}),\n        \
             brotli: include_bytes!({:?}),\n        immutable: {},\n    }},",
            file.path,
            file.content_type,
            file.name,
            format!("{}.br", file.name),
            file.path != "/",
        )?;
    }
    fs::write(out.join("bundle.rs"), format!("{BUNDLE_HEAD}{table}];\n"))?;
    Ok(())
}

const BUNDLE_HEAD: &str = "// The page's files, each as it is and compressed. Made by src/page/build.sh; do not edit.

use super::File;

pub(super) const FILES: &[File] = &[
";

fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters)?;
    Ok(out)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}
