//! The page's words: `name: "text",` one a line.

use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;

/// Reads text.en.js.
pub fn read(source: &str) -> Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    for line in source.lines().filter_map(|line| line.strip_prefix("  ")) {
        let (name, rest) = line.split_once(": \"").with_context(|| line.to_owned())?;
        let words = rest.strip_suffix("\",").with_context(|| line.to_owned())?;
        ensure!(!words.contains(['"', '\\']), "a text has neither quotes nor backslashes: {line}");
        if texts.insert(name.to_owned(), words.to_owned()).is_some() {
            bail!("{name} is there twice");
        }
    }
    Ok(texts)
}

/// Puts `{{name}}`s into HTML.
pub fn insert(texts: &BTreeMap<String, String>, html: &str) -> Result<String> {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").context("{{ without }}")?;
        let words = texts.get(name).with_context(|| format!("no text is called {name}"))?;
        out.push_str(before);
        out.push_str(&words.replace('&', "&amp;").replace('<', "&lt;"));
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// Every text a script names is there. Names put together at run time are checked by their beginning.
pub fn check(texts: &BTreeMap<String, String>, script: &str) -> Result<()> {
    for call in ["say(\"", "sayCount(\"", "say(`", "sayCount(`"] {
        for (at, _) in script.match_indices(call) {
            let rest = &script[at + call.len()..];
            let end = rest.find(['"', '`', '$']).context("an unfinished name")?;
            let name = &rest[..end];
            let whole = rest[end..].starts_with(['"', '`']) && !call.starts_with("sayCount");
            let known = if whole { texts.contains_key(name) } else { texts.keys().any(|key| key.starts_with(name)) };
            ensure!(known, "no text is called {name}");
        }
    }
    Ok(())
}
