//! Leaves out what only people need: comments on lines of their own, indentation, empty lines.

use anyhow::{Result, bail};

/// A script. Line ends stay, so the meaning cannot change; a text that runs over several lines is refused.
pub fn script(source: &str) -> Result<String> {
    let mut out = String::with_capacity(source.len());
    let mut comment = false;
    for line in source.lines().map(str::trim) {
        comment |= line.starts_with("/*");
        if comment {
            comment = !line.ends_with("*/");
            continue;
        }
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        if line.matches('`').count() % 2 != 0 {
            bail!("a text over several lines cannot be compacted: {line}");
        }
        out.push_str(line);
        out.push('\n');
    }
    Ok(out)
}

/// A stylesheet without comments and line ends.
pub fn style(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let lines: Vec<&str> = out.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let joined = lines.join(" ");
    [(" { ", "{"), ("; }", "}"), ("; ", ";"), (" } ", "}"), (" }", "}"), (": ", ":"), (", ", ",")]
        .iter()
        .fold(joined, |text, (long, short)| text.replace(long, short))
}
