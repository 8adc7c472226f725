//! Calendars that real programs wrote, broken ones included: what becomes of each is written down.

use super::*;
use std::collections::BTreeMap;

/// A file a line: its name, the day at whose noon it is read (by a practice in Berlin), how many appointments it has, what
/// is left out of it, and what is broken, by line.
const OUTCOMES: &str = include_str!("../../../../tests/data/ics-outcomes.txt");

#[test]
fn calendars_of_real_programs_are_read_or_refused_for_a_true_reason() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora/ics-real");
    let outcomes: Vec<Vec<&str>> = OUTCOMES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert_eq!(outcomes.len(), 51);
    if !folder.exists() {
        let unseen = format_args!("the calendars of real programs are not at hand: none of them was read\n");
        return std::io::Write::write_fmt(&mut std::io::stdout(), unseen).unwrap();
    }
    for outcome in &outcomes {
        let [name, day, entries, skipped, broken] = outcome[..] else { panic!("{outcome:?}") };
        let noon = day.parse::<jiff::civil::Date>().unwrap().at(12, 0, 0, 0).to_zoned(berlin()).unwrap();
        let now = noon.timestamp().as_millisecond();
        let feed = feed::read(&std::fs::read(folder.join(name)).unwrap(), &Reading::new(berlin(), Stamp(now))).unwrap();
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        feed.skipped.iter().for_each(|skipped| *reasons.entry(skipped.reason.to_string()).or_default() += 1);
        let reasons: Vec<_> = reasons.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        let flaws: Vec<_> = feed.broken.iter().map(|broken| format!("{} {}", broken.line, broken.flaw)).collect();
        let seen = (feed.entries.len().to_string(), reasons.join("; "), flaws.join("; "));
        assert_eq!(seen, (entries.to_owned(), skipped.to_owned(), broken.to_owned()), "{name}");
    }
    let unknown =
        |name: &std::ffi::OsStr| !outcomes.iter().any(|outcome| outcome.first().is_some_and(|known| name == *known));
    let new: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .filter(|name| unknown(name))
        .collect();
    assert!(new.is_empty(), "nobody has said what becomes of {new:?}");
}
