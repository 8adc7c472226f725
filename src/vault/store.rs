//! Six calls to an ordered map of bytes: open, apply, get, scan, scan_back, remove. The only file
//! that names sled.
//!
//! sled 0.34.7 may lose what was written last, fail to open after a power cut, or panic. All of it
//! is one answer here, `Lost`, and its cure is the journal: remove the map and fill it again. Where
//! not even an empty sled can be made (a full disk), the map lives in memory for this run.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::ops::Bound;
use std::os::unix::fs::PermissionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::folder;

/// The map cannot be trusted any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lost;

/// A change: the value to put, or `None` to take away.
pub(super) type Change = (Vec<u8>, Option<Vec<u8>>);

/// Is handed keys and values, and says whether it wants more.
pub(super) type Take<'a> = dyn FnMut(&[u8], &[u8]) -> bool + 'a;

const CACHE_BYTES: u64 = 16 << 20;
/// So many changes are made at once.
const ATOMIC_CHANGES: usize = 64;

/// The map.
pub(super) enum Store {
    /// On disk.
    Sled(sled::Db),
    /// In memory, gone when dropped.
    Memory(BTreeMap<Vec<u8>, Vec<u8>>),
}

impl Store {
    /// Opens or makes the map in a folder of its own.
    pub(super) fn open(path: &Path) -> Result<Store, Lost> {
        if !path.is_dir() {
            folder::create(path).map_err(|_| Lost)?;
        }
        // No thread that flushes: the index is never synced while a clinician waits.
        let config = sled::Config::new().path(path).cache_capacity(CACHE_BYTES).flush_every_ms(None);
        let db = guard(|| config.open())?;
        protect(path).map_err(|_| Lost)?;
        Ok(Store::Sled(db))
    }

    /// Makes the changes: all or none of them when there are few, else in the order of their keys.
    pub(super) fn apply(&mut self, mut changes: Vec<Change>) -> Result<(), Lost> {
        match self {
            // sled keeps what a batch replaces until all of it is done: a long one takes a gigabyte.
            Store::Sled(db) if changes.len() > ATOMIC_CHANGES => guard(|| {
                // Neighbours are in one leaf.
                changes.sort_by(|(a, _), (b, _)| a.cmp(b));
                for (key, value) in changes {
                    match value {
                        Some(value) => drop(db.insert(key, value)?),
                        // What is not there is cheaper to look for than to remove.
                        None if db.contains_key(&key)? => drop(db.remove(key)?),
                        None => {}
                    }
                }
                Ok(())
            }),
            Store::Sled(db) => {
                let mut batch = sled::Batch::default();
                for (key, value) in changes {
                    match value {
                        Some(value) => batch.insert(key, value),
                        None => batch.remove(key),
                    }
                }
                guard(|| db.apply_batch(batch))
            }
            Store::Memory(map) => {
                for (key, value) in changes {
                    match value {
                        Some(value) => drop(map.insert(key, value)),
                        None => drop(map.remove(&key)),
                    }
                }
                Ok(())
            }
        }
    }

    /// The value of one key.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Lost> {
        match self {
            Store::Sled(db) => guard(|| db.get(key)).map(|value| value.map(|value| value.to_vec())),
            Store::Memory(map) => Ok(map.get(key).cloned()),
        }
    }

    /// Hands out all keys with a prefix, in order, behind `after`, until `take` says false.
    pub(super) fn scan(&self, prefix: &[u8], after: Option<&[u8]>, take: &mut Take<'_>) -> Result<(), Lost> {
        let start = after.map_or(Bound::Included(prefix), Bound::Excluded);
        self.walk((start, Bound::Unbounded), prefix, take, false)
    }

    /// Hands out all keys with a prefix, in reverse, before `before`, until `take` says false.
    pub(super) fn scan_back(&self, prefix: &[u8], before: Option<&[u8]>, take: &mut Take<'_>) -> Result<(), Lost> {
        // No key that follows the prefix is longer than this, or higher.
        let last = [prefix, &[0xFF; 32]].concat();
        let end = before.map_or(Bound::Included(last.as_slice()), Bound::Excluded);
        self.walk((Bound::Included(prefix), end), prefix, take, true)
    }

    fn walk(
        &self,
        range: (Bound<&[u8]>, Bound<&[u8]>),
        prefix: &[u8],
        take: &mut Take<'_>,
        back: bool,
    ) -> Result<(), Lost> {
        match self {
            Store::Sled(db) => guard(|| {
                let mut pairs = db.range::<&[u8], _>(range);
                while let Some(pair) = if back { pairs.next_back() } else { pairs.next() } {
                    let (key, value) = pair?;
                    if !key.starts_with(prefix) || !take(&key, &value) {
                        break;
                    }
                }
                Ok(())
            }),
            Store::Memory(map) => {
                let mut pairs = map.range::<[u8], _>(range);
                while let Some((key, value)) = if back { pairs.next_back() } else { pairs.next() } {
                    if !key.starts_with(prefix) || !take(key, value) {
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    /// Closes the map and removes all of it.
    pub(super) fn remove(self, path: &Path) -> Result<(), Lost> {
        self.close();
        remove(path)
    }

    /// Closes the map; what it still holds in memory is written.
    pub(super) fn close(self) {
        // Closing writes, and may fail or panic like any other call; the journal has it all.
        let _ = catch_unwind(AssertUnwindSafe(move || drop(self)));
    }
}

/// Removes a map that could not even be opened.
pub(super) fn remove(path: &Path) -> Result<(), Lost> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Lost),
        _ => Ok(()),
    }
}

/// sled's errors and its panics are the same news.
fn guard<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, Lost> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(_) => Err(Lost),
    }
}

/// sled makes its files as the umask says; the folder around them is closed in any case.
fn protect(path: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::set_permissions(entry.path(), Permissions::from_mode(0o700))?;
            protect(&entry.path())?;
        } else {
            fs::set_permissions(entry.path(), Permissions::from_mode(0o600))?;
        }
    }
    Ok(())
}
