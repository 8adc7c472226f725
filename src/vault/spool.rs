//! What arrives while the vault is locked: sealed to the inbox key, one age file each, in order.
//!
//! `spool/COUNTER-ID.age`: a counter of 16 digits that gives the order, and the thing's own id in
//! 32 hexadecimal digits, so that a thing that arrives twice is kept once. Inside: `BEDSSPOL`, the
//! version (2), kind (2), id (16), stamp (8), all little-endian, then the body. The seal keeps it
//! secret; it does not say who wrote it, for anyone may seal to a public key: the body must prove
//! itself.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::{VaultError, io};
use super::folder;
use super::keyslot::{InboxKey, InboxRecipient};
use crate::base::Stamp;

pub(super) const FOLDER: &str = "spool";
const MAGIC: &[u8; 8] = b"BEDSSPOL";
const VERSION: u16 = 1;
const HEADER_BYTES: usize = 36;
/// The largest thing that is spooled.
pub const MAX_SPOOLED_BYTES: u64 = 16 << 20;
/// How many things wait at most.
const MAX_COUNT: usize = 20_000;
/// How much waits at most.
const MAX_TOTAL_BYTES: u64 = 256 << 20;
/// What age adds is far less.
const AGE_SLACK_BYTES: u64 = 64 << 10;

/// One thing that waits for the vault to be unlocked.
#[derive(Clone, PartialEq, Eq)]
pub struct Spooled {
    /// What sort of thing; the caller's own numbers.
    pub kind: u16,
    /// Its identifier: the same thing twice is kept and taken once.
    pub id: [u8; 16],
    /// When it arrived.
    pub at: Stamp,
    /// The thing.
    pub body: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Spooled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Spooled(kind {}, {} bytes)", self.kind, self.body.len())
    }
}

/// What the spool holds.
#[derive(Debug, Default)]
pub struct Drained {
    /// What can be read, in the order of arrival.
    pub items: Vec<Spooled>,
    /// How many files are not what was spooled. They are left where they are, as `.bad`.
    pub damaged: usize,
}

/// The folder of waiting things. Writing needs no secret.
pub(super) struct Spool {
    folder: PathBuf,
    recipient: InboxRecipient,
    files: BTreeMap<u64, Waiting>,
    ids: HashSet<[u8; 16]>,
    bytes: u64,
}

struct Waiting {
    id: [u8; 16],
    bytes: u64,
}

impl Spool {
    /// Looks what waits.
    pub(super) fn open(dir: &Path) -> Result<Spool, VaultError> {
        let mut spool = Spool {
            folder: dir.join(FOLDER),
            recipient: InboxRecipient::open(dir)?,
            files: BTreeMap::new(),
            ids: HashSet::new(),
            bytes: 0,
        };
        for entry in fs::read_dir(&spool.folder).map_err(io("list the spool"))? {
            let entry = entry.map_err(io("list the spool"))?;
            if let Some((counter, id)) = entry.file_name().to_str().and_then(parse_name) {
                let bytes = entry.metadata().map_err(io("look at the spool"))?.len();
                spool.note(counter, id, bytes);
            }
        }
        Ok(spool)
    }

    fn note(&mut self, counter: u64, id: [u8; 16], bytes: u64) {
        self.files.insert(counter, Waiting { id, bytes });
        self.ids.insert(id);
        self.bytes += bytes;
    }

    /// How many things wait.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// Keeps a thing; durable when it returns. A thing that already waits is not kept again.
    pub(super) fn push(&mut self, item: &Spooled) -> Result<(), VaultError> {
        let bytes = item.body.len() as u64;
        if bytes > MAX_SPOOLED_BYTES {
            return Err(VaultError::TooLarge { bytes, limit: MAX_SPOOLED_BYTES });
        }
        if self.ids.contains(&item.id) {
            return Ok(());
        }
        if self.files.len() >= MAX_COUNT || self.bytes + bytes > MAX_TOTAL_BYTES {
            return Err(VaultError::SpoolFull);
        }
        let mut plain = Zeroizing::new(Vec::with_capacity(HEADER_BYTES + item.body.len()));
        plain.extend_from_slice(MAGIC);
        plain.extend_from_slice(&VERSION.to_le_bytes());
        plain.extend_from_slice(&item.kind.to_le_bytes());
        plain.extend_from_slice(&item.id);
        plain.extend_from_slice(&item.at.0.to_le_bytes());
        plain.extend_from_slice(&item.body);
        let counter = self.files.last_key_value().map_or(0, |(last, _)| last + 1);
        let file = self.recipient.seal(&plain);
        folder::replace(&self.folder, &name(counter, &item.id), &file)?;
        self.note(counter, item.id, file.len() as u64);
        Ok(())
    }

    /// Opens everything that waits, in order; nothing is removed.
    pub(super) fn read(&mut self, key: &InboxKey) -> Result<Drained, VaultError> {
        let mut drained = Drained::default();
        let mut bad = Vec::new();
        for (counter, waiting) in &self.files {
            let path = self.folder.join(name(*counter, &waiting.id));
            let file = folder::read(&path, MAX_SPOOLED_BYTES + AGE_SLACK_BYTES)?;
            let plain = file.and_then(|file| key.open_file(&file));
            match plain.and_then(|plain| parse(&plain)).filter(|item| item.id == waiting.id) {
                Some(item) => drained.items.push(item),
                None => bad.push(*counter),
            }
        }
        drained.damaged = bad.len();
        for counter in bad {
            self.set_aside(counter)?;
        }
        Ok(drained)
    }

    fn set_aside(&mut self, counter: u64) -> Result<(), VaultError> {
        let Some(waiting) = self.files.remove(&counter) else { return Ok(()) };
        self.ids.remove(&waiting.id);
        self.bytes -= waiting.bytes;
        let path = self.folder.join(name(counter, &waiting.id));
        match fs::rename(&path, path.with_extension("bad")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io("set a file aside")(error)),
            _ => Ok(()),
        }
    }

    /// Removes a thing that was taken. Should the removal not reach the disk, the journal knows.
    pub(super) fn remove(&mut self, id: &[u8; 16]) -> Result<(), VaultError> {
        let counters: Vec<u64> =
            self.files.iter().filter(|(_, waiting)| waiting.id == *id).map(|(counter, _)| *counter).collect();
        for counter in counters {
            match fs::remove_file(self.folder.join(name(counter, id))) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(io("remove a spooled file")(error));
                }
                _ => {}
            }
            if let Some(waiting) = self.files.remove(&counter) {
                self.bytes -= waiting.bytes;
            }
        }
        self.ids.remove(id);
        Ok(())
    }
}

fn name(counter: u64, id: &[u8; 16]) -> String {
    format!("{counter:016}-{}.age", data_encoding::HEXLOWER.encode(id))
}

fn parse_name(name: &str) -> Option<(u64, [u8; 16])> {
    let (counter, id) = name.strip_suffix(".age")?.split_once('-')?;
    let id = data_encoding::HEXLOWER.decode(id.as_bytes()).ok()?.try_into().ok()?;
    Some((counter.parse().ok()?, id))
}

fn parse(plain: &[u8]) -> Option<Spooled> {
    let (header, body) = plain.split_first_chunk::<HEADER_BYTES>()?;
    if header[..8] != *MAGIC || header[8..10] != VERSION.to_le_bytes() {
        return None;
    }
    Some(Spooled {
        kind: u16::from_le_bytes(*header[10..].first_chunk()?),
        id: *header[12..].first_chunk()?,
        at: Stamp(i64::from_le_bytes(*header[28..].first_chunk()?)),
        body: Zeroizing::new(body.to_vec()),
    })
}
