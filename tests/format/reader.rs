//! A reader of vaults and backups made from what `bedside-vault(5)` says and nothing else; it shares no line with the
//! program.

use age::secrecy::SecretString;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ciborium::Value as Cbor;
use hkdf::Hkdf;
use serde_json::Value;
use sha2::Sha256;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Read;
use std::path::Path;

type Key = [u8; 32];

/// The newest version of a record.
pub struct Entry {
    pub kind: u16,
    pub body: Value,
    map: Cbor,
}

/// The vault's keys: from which frame on each was in use, the oldest first.
type Chain = Vec<(u64, Key)>;

/// A journal, its frames opened.
pub struct Reader {
    journal: Vec<u8>,
    keyring: HashMap<Vec<u8>, Key>,
    /// The payload of every frame.
    payloads: Vec<Vec<u8>>,
    /// The hash of every frame.
    pub chain: Vec<Key>,
}

impl Reader {
    /// A vault, by its passphrase.
    pub fn of_vault(vault: &Path, passphrase: &str) -> Self {
        let identity = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
        // What a change of the vault key has yet to put in its place stands for what is there.
        let file = |name: &str| {
            let fresh = vault.join("rotation").join(name);
            fs::read(if fresh.exists() { fresh } else { vault.join(name) })
        };
        let key = vault_key(&open_age(&file("keyslot/passphrase.age").unwrap(), &identity));
        let chain = keychain(file("keychain").ok().as_deref(), key);
        let head = file("head").unwrap();
        let slots =
            [0, 4096].map(|at| unseal_file(&head[at..at + 10 + 24 + 64 + 16], "BEDSHEAD", &subkey(&key, "head"), b""));
        let head = slots.iter().max_by_key(|slot| int(&slot[..8])).unwrap();
        let (journal, frames) = (head[8..24].to_vec(), int(&head[24..32]));
        let segments = (1..)
            .map(|number| vault.join(format!("journal/{number:06}.bj")))
            .take_while(|path| path.exists())
            .map(|path| fs::read(path).unwrap())
            .collect::<Vec<_>>();
        let keyring = keyring(&file("keyring").unwrap(), &key);
        let reader = Self::of_segments(&segments, journal, &chain, keyring);
        assert!(reader.chain.len() as u64 >= frames);
        assert_eq!(reader.chain[frames as usize - 1], head[32..64]);
        reader
    }

    /// A backup, by the recovery key; without the keys' folder what speaks of patients stays sealed.
    pub fn of_backup(backup: &Path, keys: &Path, recovery: &str) -> Self {
        let identity: age::x25519::Identity = recovery.parse().unwrap();
        let text = fs::read_to_string(backup.join("backup")).unwrap();
        let journal = text.lines().next().unwrap().strip_prefix("bedside-backup-1 ").unwrap();
        let journal = data_encoding::HEXLOWER.decode(journal.as_bytes()).unwrap();
        let runs = (1..).take_while(|run| backup.join(format!("manifest/{run:06}.bm")).exists()).count();
        let slots = (1..=runs).rev().map(|run| backup.join(format!("keyslot/{run:06}.age")));
        let slot = slots.into_iter().find(|path| path.exists()).unwrap();
        let key = vault_key(&open_age(&fs::read(&slot).unwrap(), &identity));
        let mut chain = keychain(fs::read(slot.with_extension("chain")).ok().as_deref(), key);
        let kept = fs::read(keys.join("keyring.age"))
            .ok()
            .map(|file| -> Cbor { ciborium::from_reader(&open_age(&file, &identity)[..]).unwrap() });
        let keyring = kept.map_or_else(HashMap::new, |kept| {
            assert_eq!(field(&kept, "journal").as_bytes().unwrap(), &journal);
            let newest = vault_key(field(&kept, "vault_key").as_text().unwrap().as_bytes());
            let files = field(&kept, "files");
            let file = |name| found(files, name).map(|file| &file.as_bytes().unwrap()[..]);
            // Of the two, the one that was written later knows all keys.
            let other = keychain(file("keychain"), newest);
            if other.len() > chain.len() {
                chain = other;
            }
            keyring(file("keyring").unwrap(), &newest)
        });
        let (mut segments, mut last, mut frames, mut hash): (Vec<Vec<u8>>, _, _, _) = (vec![], vec![0; 32], 0, vec![]);
        for run in 1_u32.. {
            let Ok(file) = fs::read(backup.join(format!("manifest/{run:06}.bm"))) else { break };
            let context = [&journal[..], &run.to_le_bytes()].concat();
            let list = chain.iter().find_map(|(_, key)| try_file(&file, "BEDSBACK", &subkey(key, "backup"), &context));
            let list = list.unwrap();
            assert_eq!(list[8..40], last);
            last = blake3::hash(&file).as_bytes().to_vec();
            (frames, hash) = (int(&list[40..48]), list[48..80].to_vec());
            let parts = list[84..].chunks_exact(52);
            assert_eq!(parts.len() as u64, int(&list[80..84]));
            for part in parts {
                let (segment, from, to) = (int(&part[..4]), int(&part[4..12]), int(&part[12..20]));
                let bytes = fs::read(backup.join(format!("journal/{segment:06}-{from:012}-{to:012}.part"))).unwrap();
                assert_eq!(blake3::hash(&bytes).as_bytes(), &part[20..52]);
                segments.resize(segments.len().max(segment as usize), Vec::new());
                assert_eq!(segments[segment as usize - 1].len() as u64, from);
                segments[segment as usize - 1].extend(bytes);
            }
        }
        let reader = Self::of_segments(&segments, journal, &chain, keyring);
        assert_eq!((reader.chain.len() as u64, &reader.chain.last().unwrap()[..]), (frames, &hash[..]));
        reader
    }

    fn of_segments(segments: &[Vec<u8>], journal: Vec<u8>, chain: &Chain, keyring: HashMap<Vec<u8>, Key>) -> Self {
        let mut reader = Self { journal, keyring, payloads: Vec::new(), chain: Vec::new() };
        for (number, segment) in (1_u64..).zip(segments) {
            let header = &segment[..96];
            assert_eq!((&header[..8], int(&header[8..10]), int(&header[12..16])), (&b"BEDSJRNL"[..], 1, number));
            assert_eq!((&header[16..32], int(&header[32..40])), (&reader.journal[..], reader.chain.len() as u64));
            assert_eq!(header[40..72], reader.chain.last().copied().unwrap_or_default());
            let (mut at, mut before) = (96, *blake3::hash(header).as_bytes());
            while segment.get(at..at + 4) == Some(&[0xBE, 0xD5, 0x1D, 0xF7]) {
                let frame = &segment[at..at + 72 + int(&segment[at + 4..at + 8]) as usize];
                assert_eq!((int(&frame[8..16]), &frame[16..48]), (reader.chain.len() as u64, &before[..]));
                let aad = [&reader.journal[..], &frame[..48]].concat();
                let (_, key) = chain.iter().rev().find(|(from, _)| *from <= int(&frame[8..16])).unwrap();
                let sealer = subkey(key, "journal");
                reader.payloads.push(open(&sealer, &frame[48..72], &aad, &frame[72..]));
                before = *blake3::hash(frame).as_bytes();
                reader.chain.push(before);
                at += frame.len();
            }
            assert!(segment[at..].iter().all(|byte| *byte == 0));
        }
        reader
    }

    /// The newest version of every record that can be read.
    pub fn records(&self) -> Vec<Entry> {
        let mut newest = BTreeMap::new();
        for (sequence, payload) in (0_u64..).zip(&self.payloads) {
            let (mut rest, mut position) = (&payload[..], 0_u32);
            while !rest.is_empty() {
                let (body, after) = rest[5..].split_at(int(&rest[1..5]) as usize);
                let entry = match rest[0] {
                    1 => Some(body.to_vec()),
                    2 => self.keyring.get(&body[..16]).map(|key| {
                        let place = [&sequence.to_le_bytes()[..], &position.to_le_bytes()].concat();
                        let aad = [&self.journal[..], &place, &body[..16]].concat();
                        open(key, &body[16..40], &aad, &body[40..])
                    }),
                    3 => None,
                    other => panic!("an item of the kind {other}"),
                };
                if let Some(entry) = entry {
                    newest.insert((int(&entry[..2]) as u16, entry[5..21].to_vec()), entry);
                }
                (rest, position) = (after, position + 1);
            }
        }
        let live = newest.into_iter().filter(|(_, entry)| entry[4] & 1 == 0);
        let read = |((kind, _), entry): ((u16, Vec<u8>), Vec<u8>)| {
            let map: Cbor = ciborium::from_reader(&entry[29..]).unwrap();
            Entry { kind, body: json(&map), map }
        };
        live.map(read).collect()
    }

    /// The notes of a compartment, by its passphrase.
    pub fn apart(&self, compartment: &str, passphrase: &str) -> Vec<Entry> {
        let records = self.records();
        let of =
            |kind| records.iter().filter(move |entry| entry.kind == kind && entry.body["compartment"] == compartment);
        let slots = of(11).next().unwrap();
        let identity = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
        let text = open_age(field(&slots.map, "passphrase").as_bytes().unwrap(), &identity);
        let key = key_text(&text, "bedside-compartment-key-1:");
        let number = [1, 2][["psychotherapy", "sud"].iter().position(|name| *name == compartment).unwrap()];
        let opened = |entry: &Entry| {
            let [id, patient, sealed] =
                ["id", "patient", "sealed"].map(|name| field(&entry.map, name).as_bytes().unwrap());
            let aad = [b"bedside apart note 1", &[number][..], id, patient].concat();
            let map: Cbor = ciborium::from_reader(&open(&key, &sealed[..24], &aad, &sealed[24..])[..]).unwrap();
            Entry { kind: 4, body: json(&map), map }
        };
        of(12).map(opened).collect()
    }
}

fn int(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn open_age(file: &[u8], identity: &dyn age::Identity) -> Vec<u8> {
    let mut plain = Vec::new();
    let opened = age::Decryptor::new(file).unwrap().decrypt(std::iter::once(identity));
    opened.unwrap().read_to_end(&mut plain).unwrap();
    plain
}

fn vault_key(text: &[u8]) -> Key {
    key_text(text, "bedside-vault-key-1:")
}

fn key_text(text: &[u8], what: &str) -> Key {
    let digits = std::str::from_utf8(text).unwrap().strip_prefix(what).unwrap().trim_end();
    data_encoding::HEXLOWER.decode(digits.as_bytes()).unwrap().try_into().unwrap()
}

fn subkey(key: &Key, purpose: &str) -> Key {
    let mut out = [0; 32];
    Hkdf::<Sha256>::new(None, key).expand(format!("bedside vault v1 {purpose}").as_bytes(), &mut out).unwrap();
    out
}

fn open(key: &Key, nonce: &[u8], aad: &[u8], sealed: &[u8]) -> Vec<u8> {
    try_open(key, nonce, aad, sealed).unwrap()
}

fn try_open(key: &Key, nonce: &[u8], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(XNonce::from_slice(nonce), Payload { msg: sealed, aad }).ok()
}

fn unseal_file(file: &[u8], magic: &str, key: &Key, context: &[u8]) -> Vec<u8> {
    try_file(file, magic, key, context).unwrap()
}

fn try_file(file: &[u8], magic: &str, key: &Key, context: &[u8]) -> Option<Vec<u8>> {
    assert_eq!((&file[..8], int(&file[8..10])), (magic.as_bytes(), 1));
    try_open(key, &file[10..34], &[&file[..10], context].concat(), &file[34..])
}

/// The keys of a vault whose newest this is; only that one where there is no keychain.
fn keychain(file: Option<&[u8]>, newest: Key) -> Chain {
    let Some(file) = file else { return vec![(0, newest)] };
    let plain = unseal_file(file, "BEDSCHAN", &subkey(&newest, "keychain"), b"");
    let (older, last) = plain.split_at(plain.len() - 8);
    assert_eq!(older.len() % 40, 0);
    let older = older.chunks_exact(40).map(|one| (int(&one[..8]), one[8..].try_into().unwrap()));
    older.chain([(int(last), newest)]).collect()
}

fn keyring(file: &[u8], key: &Key) -> HashMap<Vec<u8>, Key> {
    let plain = unseal_file(file, "BEDSKEYR", &subkey(key, "keyring"), b"");
    let live = plain.chunks_exact(65).filter(|patient| patient[0] == 1);
    live.map(|patient| (patient[1..17].to_vec(), patient[33..65].try_into().unwrap())).collect()
}

fn field<'a>(map: &'a Cbor, name: &str) -> &'a Cbor {
    found(map, name).unwrap()
}

fn found<'a>(map: &'a Cbor, name: &str) -> Option<&'a Cbor> {
    let pairs = map.as_map().unwrap();
    pairs.iter().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value)
}

/// A body as the program would print it: ids in base32.
fn json(value: &Cbor) -> Value {
    match value {
        Cbor::Map(pairs) => pairs.iter().map(|(key, value)| (key.as_text().unwrap().to_owned(), json(value))).collect(),
        Cbor::Array(all) => all.iter().map(json).collect(),
        Cbor::Text(text) => Value::from(text.as_str()),
        Cbor::Bytes(bytes) => data_encoding::BASE32_NOPAD.encode(bytes).to_lowercase().into(),
        Cbor::Integer(number) => i64::try_from(*number).unwrap().into(),
        Cbor::Bool(yes) => (*yes).into(),
        _ => Value::Null,
    }
}
