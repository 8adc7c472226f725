//! Many modules, one script: a slow line asks once instead of twenty times.
//!
//! The page's modules keep to a narrow form so that linking is only putting them one after the other: imports stand
//! on one line each, `import { a, b } from "./x.js";`, nothing is renamed, exports are declarations, and no two
//! modules declare the same name at their top. What does not keep to it is refused.

use anyhow::{Context, Result, bail, ensure};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path, PathBuf},
};

/// The module at `entry` and everything it imports, dependencies first.
pub fn modules(root: &Path, entry: &str) -> Result<String> {
    let mut linker =
        Linker { root, done: BTreeMap::new(), names: BTreeMap::new(), out: String::from("\"use strict\";\n") };
    linker.add(Path::new(entry), &mut Vec::new())?;
    Ok(linker.out)
}

struct Linker<'a> {
    root: &'a Path,
    /// What each finished module exports.
    done: BTreeMap<PathBuf, BTreeSet<String>>,
    /// Who declares each name.
    names: BTreeMap<String, PathBuf>,
    out: String,
}

impl Linker<'_> {
    fn add(&mut self, module: &Path, above: &mut Vec<PathBuf>) -> Result<()> {
        if self.done.contains_key(module) {
            return Ok(());
        }
        ensure!(!above.iter().any(|path| path == module), "{} imports itself in a circle", module.display());
        above.push(module.to_owned());
        let source = fs::read_to_string(self.root.join(module)).with_context(|| module.display().to_string())?;
        let mut body = String::new();
        let mut exports = BTreeSet::new();
        for line in source.lines() {
            if let Some(import) = line.strip_prefix("import ") {
                self.import(module, import, above)?;
                continue;
            }
            let (exported, line) = line.strip_prefix("export ").map_or((false, line), |rest| (true, rest));
            if let Some(name) = declared(line) {
                if let Some(other) = self.names.insert(name.to_owned(), module.to_owned()) {
                    bail!("{name} is declared in {} and in {}", other.display(), module.display());
                }
                if exported {
                    exports.insert(name.to_owned());
                }
            } else if exported {
                bail!("{}: exports something else than a declaration: {line}", module.display());
            }
            body.push_str(line);
            body.push('\n');
        }
        self.out.push_str(&body);
        above.pop();
        self.done.insert(module.to_owned(), exports);
        Ok(())
    }

    /// `{ a, b } from "./x.js";`
    fn import(&mut self, module: &Path, import: &str, above: &mut Vec<PathBuf>) -> Result<()> {
        let parsed = import
            .strip_prefix("{ ")
            .and_then(|rest| rest.strip_suffix("\";"))
            .and_then(|rest| rest.split_once(" } from \""));
        let (names, path) = parsed.with_context(|| format!("{}: import {import}", module.display()))?;
        let path = module.parent().unwrap_or(Path::new("")).join(path);
        let path = normal(&path).with_context(|| format!("{} leaves the page", path.display()))?;
        self.add(&path, above)?;
        for name in names.split(", ") {
            let known = self.done.get(&path).is_some_and(|exports| exports.contains(name));
            ensure!(known, "{} imports {name}, which {} does not export", module.display(), path.display());
        }
        Ok(())
    }
}

/// The name a line at the top of a module declares.
fn declared(line: &str) -> Option<&str> {
    let rest =
        ["const ", "let ", "class ", "function ", "async function "].iter().find_map(|word| line.strip_prefix(word))?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '$').unwrap_or(rest.len());
    Some(&rest[..end])
}

/// `screen/../dom.js` → `dom.js`.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => out.push(name),
            Component::CurDir => {}
            Component::ParentDir if out.pop() => {}
            _ => return None,
        }
    }
    Some(out)
}
