//! Several files of one feed as one.

use super::{DtStamp, Feed, Scope};
use crate::record::appointment::root;
use crate::record::{UNVERSIONED, Which};
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

/// Several files of one feed, whichever programs wrote them. Of what one of them says all, an older version of another file
/// is left out: by SEQUENCE, then by DTSTAMP (RFC 5546 §2.1.5). The newer come last.
pub fn join(files: Vec<Feed>) -> Feed {
    let mut names = files.iter().filter_map(|file| file.name.as_ref());
    // Which of several it would be, nobody knows.
    let name = names.next().filter(|first| names.all(|name| name == *first)).cloned();
    let scope = files.first().map_or(Scope::Part, |file| file.scope);
    let mut all = Feed { scope, name, ..Feed::default() };
    let mut told: HashMap<String, Told> = HashMap::new();
    // Only a calendar says of single occurrences and of all of them, and by DTSTAMP; of others the agent compares versions,
    // which knows by which numbers they are one.
    for (n, file) in files.iter().enumerate().filter(|(_, file)| !file.stamps.is_empty()) {
        for settled in &file.settled {
            let version = (settled.sequence, file.stamps.of(&settled.uid));
            told.entry(settled.uid.expose().clone()).or_default().note(n, version, &settled.which);
        }
    }
    told.values_mut().for_each(Told::settle);
    let mut entries = Vec::new();
    for (n, file) in files.into_iter().enumerate() {
        for entry in file.entries {
            let version = (entry.sequence, file.stamps.of(&entry.uid));
            let told = told.get(root(entry.uid.expose())).filter(|_| entry.sequence != UNVERSIONED);
            if told.is_none_or(|told| !told.newer(n, version, &entry.recurrence)) {
                entries.push((version.1, entry));
            }
        }
        all.settled.extend(file.settled);
        all.skipped.extend(file.skipped);
        all.broken.extend(file.broken);
        all.scope = if all.scope == file.scope { all.scope } else { Scope::Part };
    }
    entries.sort_by_key(|(stamp, _)| *stamp);
    all.entries = entries.into_iter().map(|(_, entry)| entry).collect();
    all
}

/// What files say all of, of one UID.
#[derive(Default)]
struct Told {
    all: Newest,
    one: HashMap<String, Newest>,
    /// From a recurrence on; of those before it, too, once all are known.
    from: BTreeMap<String, Newest>,
}

/// SEQUENCE and DTSTAMP.
type Version = (i64, DtStamp);

/// The newest version of a file, and the newest of another file, each with its file.
#[derive(Default)]
struct Newest([Option<(Version, usize)>; 2]);

impl Newest {
    fn note(&mut self, file: usize, version: Version) {
        let mut known: Vec<_> = self.0.into_iter().flatten().chain([(version, file)]).collect();
        known.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
        let first = known.first().copied();
        let other = known.iter().find(|(_, of)| first.is_some_and(|(_, first)| first != *of));
        self.0 = [first, other.copied()];
    }

    /// Whether another file has a newer one.
    fn newer(&self, file: usize, than: Version) -> bool {
        self.0.iter().flatten().any(|(version, of)| *of != file && *version > than)
    }
}

impl Told {
    fn note(&mut self, file: usize, version: Version, which: &Which) {
        match which {
            Which::All => self.all.note(file, version),
            Which::One(one) => self.one.entry(one.clone()).or_default().note(file, version),
            Which::From(first) => self.from.entry(first.clone()).or_default().note(file, version),
        }
    }

    /// All are known.
    fn settle(&mut self) {
        let mut before = Newest::default();
        for newest in self.from.values_mut() {
            before.0.iter().flatten().for_each(|(version, file)| newest.note(*file, *version));
            before.0 = newest.0;
        }
    }

    /// Whether another file says something newer of this occurrence.
    fn newer(&self, file: usize, than: Version, recurrence: &str) -> bool {
        let from = self
            .from
            .range::<str, _>((Bound::Unbounded, Bound::Included(recurrence)))
            .next_back()
            .map(|(_, newest)| newest);
        let all = [Some(&self.all), self.one.get(recurrence), from];
        all.into_iter().flatten().any(|newest| newest.newer(file, than))
    }
}
