//! The ways in as a set: listed by anyone who may read the folder, changed by who has the vault open.
//!
//! The files of a slot are put in place so that at every moment the slot is whole, as it was or as it will be: first
//! what lies beside it, as `.new`, then `NAME.age`, then the names beside it. Until the last is done, the `.new` that
//! the slot's hash names counts.

use std::fs;
use std::path::Path;

use age::{Decryptor, x25519};
use zeroize::Zeroizing;

use super::super::error::{Damage, VaultError, io};
use super::super::key::{Namer, Purpose, VaultKey};
use super::super::{Vault, folder, rotate};
use super::public::{self, Public, Written};
use super::{FOLDER, Kdf, RecoveryKey, SlotKind, encrypt, parse_identity, seal_to_passphrase};
use crate::base::Stamp;

/// What the passphrase's and the recovery key's slots are called.
const PASSPHRASE: &str = "passphrase";
const RECOVERY: &str = "recovery";
/// The largest age file that is read.
const MAX_SLOT_BYTES: u64 = 16 << 10;
/// The longest recipient of a plugin: what lies beside a slot must be read whole.
const MAX_RECIPIENT_BYTES: u64 = public::MAX_BYTES / 2;
/// How many ways in there are at most.
const MAX_SLOTS: usize = 16;
/// Characters of a name.
const MAX_NAME: usize = 32;

/// What stands at the head of a slot's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    /// A passphrase.
    Scrypt,
    /// A key.
    Key,
}

/// One slot's files.
pub(super) struct Slot {
    pub(super) name: String,
    pub(super) file: Vec<u8>,
    beside: Option<Written>,
    key: Option<Vec<u8>>,
}

/// A way in, as anyone sees it who may read the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyslot {
    /// What it is called: the name of its files.
    pub name: String,
    /// What it asks for.
    pub kind: SlotKind,
    /// When it was added; unknown for a passphrase alone.
    pub added: Option<Stamp>,
    /// What it is sealed to, `age1…`, if that is written beside it.
    pub recipient: Option<String>,
    /// Who holds its identity, when it is a plugin.
    pub holder: Option<Holder>,
}

/// A slot's own identity in the hands of a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The plugin's recipient, `age1NAME1…`.
    pub recipient: String,
    /// The identity, an age file to it.
    pub key: Vec<u8>,
}

/// To whom a slot is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealTo {
    /// An X25519 recipient, `age1…`.
    pub recipient: String,
    /// Who holds the identity to it, when it is a plugin.
    pub holder: Option<Holder>,
}

/// What becomes of the passphrase's second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Factor {
    /// It stays, or there is still none.
    Keep,
    /// The passphrase alone opens the vault.
    Remove,
    /// This one, instead of another if there is one.
    Set(SealTo),
}

impl Slot {
    pub(super) fn lock(&self) -> Option<Lock> {
        let decryptor = Decryptor::new(self.file.as_slice()).ok()?;
        Some(if decryptor.is_scrypt() { Lock::Scrypt } else { Lock::Key })
    }

    /// Whether everything is there that opens it, as far as that can be told from without.
    fn is_whole(&self) -> bool {
        let held = self.beside.as_ref().is_some_and(Written::needs_key);
        self.lock().is_some() && (!held || self.key.is_some())
    }

    /// What it asks for, as far as its files tell.
    pub(super) fn kind(&self) -> SlotKind {
        match (self.lock(), &self.beside) {
            (Some(Lock::Scrypt), _) => SlotKind::Passphrase,
            (_, Some(written)) => written.public.kind,
            _ if self.name == PASSPHRASE => SlotKind::Passphrase,
            _ if self.name == RECOVERY => SlotKind::Recovery,
            _ => SlotKind::Identity,
        }
    }

    /// Whom it is sealed to, if that was written by who had the vault key.
    fn public(&self, prover: &Namer) -> Option<&Public> {
        let written = self.beside.as_ref()?;
        written.is_proven(&self.name, prover).then_some(&written.public)
    }

    fn into_keyslot(self) -> Keyslot {
        let kind = self.kind();
        let public = self.beside.map(|written| written.public);
        let holder = public.as_ref().and_then(|public| public.holder.clone()).zip(self.key);
        Keyslot {
            name: self.name,
            kind,
            added: public.as_ref().map(|public| public.added),
            recipient: public.map(|public| public.recipient),
            holder: holder.map(|(recipient, key)| Holder { recipient, key }),
        }
    }
}

/// Whether a vault was made here.
pub(in super::super) fn exists(dir: &Path) -> bool {
    dir.join(FOLDER).is_dir() || rotate::is_unfinished(dir)
}

/// The ways into the vault of a folder, by name.
pub fn keyslots(dir: &Path) -> Result<Vec<Keyslot>, VaultError> {
    Ok(read(dir)?.into_iter().map(Slot::into_keyslot).collect())
}

/// Every slot, by name.
pub(super) fn read(dir: &Path) -> Result<Vec<Slot>, VaultError> {
    let folder = dir.join(FOLDER);
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(io("list the keyslots"))?,
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".age").map(str::to_owned))
        .filter(|name| is_name(name))
        .collect();
    names.sort_unstable();
    names.truncate(MAX_SLOTS + 2);
    names.into_iter().filter_map(|name| read_slot(&folder, name).transpose()).collect()
}

fn read_slot(folder: &Path, name: String) -> Result<Option<Slot>, VaultError> {
    let Some(file) = folder::read(&folder.join(format!("{name}.age")), MAX_SLOT_BYTES)? else { return Ok(None) };
    let mut slot = Slot { name, file, beside: None, key: None };
    for ending in ["pub", "pub.new"] {
        let text = folder::read(&folder.join(format!("{}.{ending}", slot.name)), public::MAX_BYTES)?;
        let written = text.and_then(|text| Written::parse(&text)).filter(|written| written.is_of(&slot.file));
        slot.beside = slot.beside.or(written);
    }
    let needs_key = slot.beside.as_ref().is_some_and(Written::needs_key);
    for ending in ["key", "key.new"].into_iter().filter(|_| needs_key) {
        let key = folder::read(&folder.join(format!("{}.{ending}", slot.name)), MAX_SLOT_BYTES)?;
        let named = |key: &Vec<u8>| slot.beside.as_ref().is_some_and(|written| written.has_key(key));
        slot.key = slot.key.or(key.filter(named));
    }
    Ok(Some(slot))
}

/// Lower-case letters, digits and hyphens within.
fn is_name(name: &str) -> bool {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=MAX_NAME).contains(&name.len()) && name.chars().all(fine) && !name.starts_with('-') && !name.ends_with('-')
}

/// A slot to be put in place.
struct Fresh<'a> {
    name: &'a str,
    file: Vec<u8>,
    beside: Option<(Public, Option<&'a [u8]>)>,
}

impl Fresh<'_> {
    /// Puts the slot in place of the one of this name, if there is one.
    fn write(&self, dir: &Path, prover: &Namer) -> Result<(), VaultError> {
        let folder = &dir.join(FOLDER);
        let [age, key, public] = ["age", "key", "pub"].map(|ending| format!("{}.{ending}", self.name));
        // What an unfinished change left as `.new` may be what counts.
        if let Some(slot) = read_slot(folder, self.name.to_owned())? {
            put_in_place(folder, &slot)?;
        }
        if let Some((beside, own)) = &self.beside {
            if let Some(own) = own {
                folder::prepare(folder, &key, own)?;
            }
            folder::prepare(folder, &public, beside.encode(self.name, &self.file, *own, prover).as_bytes())?;
        }
        folder::replace_and_wipe(folder, &age, &self.file)?;
        match &self.beside {
            Some((_, own)) => {
                folder::put(folder, &public)?;
                if own.is_some() { folder::put(folder, &key) } else { folder::remove(folder, &key) }
            }
            None => folder::remove(folder, &public).and_then(|()| folder::remove(folder, &key)),
        }
    }
}

/// Finishes a change that was interrupted behind its turning point.
fn put_in_place(folder: &Path, slot: &Slot) -> Result<(), VaultError> {
    let Some(written) = &slot.beside else { return Ok(()) };
    let (public, key) = (format!("{}.pub", slot.name), format!("{}.key", slot.name));
    let stands = folder::read(&folder.join(&public), public::MAX_BYTES)?.and_then(|text| Written::parse(&text));
    if stands.as_ref() != Some(written) {
        folder::put(folder, &public)?;
    }
    if slot.key.is_some() && folder::read(&folder.join(&key), MAX_SLOT_BYTES)? != slot.key {
        folder::put(folder, &key)?;
    }
    Ok(())
}

/// Makes the two slots every vault begins with, and the recovery key.
pub(in super::super) fn create(
    dir: &Path,
    key: &VaultKey,
    passphrase: &str,
    kdf: Kdf,
    now: Stamp,
) -> Result<RecoveryKey, VaultError> {
    let recovery = write_recovery(dir, key, now)?;
    write_passphrase(dir, key, passphrase, kdf)?;
    Ok(recovery)
}

/// Writes the slot of a passphrase that alone opens the vault.
pub(in super::super) fn write_passphrase(
    dir: &Path,
    key: &VaultKey,
    passphrase: &str,
    kdf: Kdf,
) -> Result<(), VaultError> {
    let file = seal_to_passphrase(&key.to_text(), passphrase, kdf);
    Fresh { name: PASSPHRASE, file, beside: None }.write(dir, &key.namer(Purpose::Keyslot))
}

fn write_recovery(dir: &Path, key: &VaultKey, now: Stamp) -> Result<RecoveryKey, VaultError> {
    let identity = x25519::Identity::generate();
    seal_to_recovery(dir, key, &identity, now)?;
    Ok(RecoveryKey(identity.to_string()))
}

fn seal_to_recovery(dir: &Path, key: &VaultKey, identity: &x25519::Identity, now: Stamp) -> Result<(), VaultError> {
    let recipient = identity.to_public();
    let file = encrypt(&recipient, key.to_text().as_bytes());
    let kind = SlotKind::Recovery;
    let public = Public { kind, added: now, recipient: recipient.to_string(), holder: None };
    Fresh { name: RECOVERY, file, beside: Some((public, None)) }.write(dir, &key.namer(Purpose::Keyslot))
}

/// Writes the slot of a recovery key that exists already.
pub(in super::super) fn write_known_recovery(
    dir: &Path,
    key: &VaultKey,
    recovery: &str,
    now: Stamp,
) -> Result<(), VaultError> {
    let identity = parse_identity(recovery).ok_or(VaultError::WrongRecoveryKey)?;
    seal_to_recovery(dir, key, &identity, now)
}

/// Seals every way in to another vault key, in another folder. The passphrase's slot needs the passphrase.
pub(in super::super) fn seal_anew(
    dir: &Path,
    to: &Path,
    old: &VaultKey,
    new: &VaultKey,
    passphrase: Option<&str>,
    kdf: Kdf,
) -> Result<(), VaultError> {
    let (prover, new_prover) = (old.namer(Purpose::Keyslot), new.namer(Purpose::Keyslot));
    for slot in read(dir)? {
        let kind = slot.kind();
        let inner = match kind {
            SlotKind::Passphrase | SlotKind::SecondFactor => {
                seal_to_passphrase(&new.to_text(), passphrase.ok_or(VaultError::PassphraseMissing)?, kdf)
            }
            SlotKind::Recovery | SlotKind::Identity => new.to_text().as_bytes().to_vec(),
        };
        if kind == SlotKind::Passphrase {
            Fresh { name: &slot.name, file: inner, beside: None }.write(to, &new_prover)?;
            continue;
        }
        let inner = Zeroizing::new(inner);
        let public = slot.public(&prover).ok_or(VaultError::SlotUnproven)?.clone();
        if public.holder.is_some() && slot.key.is_none() {
            return Err(VaultError::SlotUnproven);
        }
        let file = encrypt(&parse_recipient(&public.recipient)?, &inner);
        Fresh { name: &slot.name, file, beside: Some((public, slot.key.as_deref())) }.write(to, &new_prover)?;
    }
    Ok(())
}

/// The recovery key's slot, as it stands.
pub(in super::super) fn read_recovery(dir: &Path) -> Result<Vec<u8>, VaultError> {
    let slot = read_slot(&dir.join(FOLDER), RECOVERY.to_owned())?;
    Ok(slot.ok_or(VaultError::NoRecoveryKey)?.file)
}

/// The recovery key's public half, if it was written by who had the vault key.
pub(in super::super) fn recovery_recipient(dir: &Path, key: &VaultKey) -> Result<x25519::Recipient, VaultError> {
    let slot = read_slot(&dir.join(FOLDER), RECOVERY.to_owned())?.ok_or(VaultError::NoRecoveryKey)?;
    let public = slot.public(&key.namer(Purpose::Keyslot)).ok_or(VaultError::NoRecoveryKey)?;
    parse_recipient(&public.recipient)
}

/// Whether a file in the folder belongs to the passphrase's slot.
pub(in super::super) fn is_of_passphrase(name: &str) -> bool {
    name.split('.').next() == Some(PASSPHRASE)
}

fn parse_recipient(recipient: &str) -> Result<x25519::Recipient, VaultError> {
    recipient.parse().map_err(|_| VaultError::WrongRecipient)
}

impl Vault {
    /// The ways in, by name.
    pub fn keyslots(&self) -> Result<Vec<Keyslot>, VaultError> {
        keyslots(&self.dir)
    }

    /// Adds a way in that asks for an identity. Names have lower-case letters, digits and hyphens.
    pub fn add_keyslot(&mut self, name: &str, to: &SealTo, now: Stamp) -> Result<(), VaultError> {
        let slots = read(&self.dir)?;
        // Those two are put in place of by what they are called after.
        if !is_name(name) || [PASSPHRASE, RECOVERY].contains(&name) {
            return Err(VaultError::SlotName);
        }
        if slots.iter().any(|slot| slot.name == name) {
            return Err(VaultError::SlotExists);
        }
        if slots.len() >= MAX_SLOTS {
            return Err(VaultError::TooManySlots { limit: MAX_SLOTS });
        }
        check_holder(to)?;
        let file = encrypt(&parse_recipient(&to.recipient)?, self.key.to_text().as_bytes());
        self.fresh(name, SlotKind::Identity, file, to, now).write(&self.dir, &self.prover())
    }

    /// Removes a way in. Two must stay, of which one is for every day and one no passphrase that can be forgotten.
    pub fn remove_keyslot(&mut self, name: &str) -> Result<(), VaultError> {
        let slots = read(&self.dir)?;
        let (gone, stay): (Vec<_>, Vec<_>) = slots.iter().partition(|slot| slot.name == name);
        if gone.is_empty() {
            return Err(VaultError::SlotMissing);
        }
        let stays = |fits: fn(SlotKind) -> bool| stay.iter().any(|slot| slot.is_whole() && fits(slot.kind()));
        let for_every_day = stays(|kind| kind != SlotKind::Recovery);
        let unforgettable = stays(|kind| matches!(kind, SlotKind::Recovery | SlotKind::Identity));
        if stay.len() < 2 || !for_every_day || !unforgettable {
            return Err(VaultError::LastWay);
        }
        let folder = self.dir.join(FOLDER);
        // The age file first: what lies beside it opens nothing.
        for ending in ["age", "age.new", "pub", "key", "pub.new", "key.new"] {
            folder::remove_and_wipe(&folder, &format!("{name}.{ending}"))?;
        }
        Ok(())
    }

    /// Makes a new recovery key; the old one opens nothing from then on but older copies.
    pub fn renew_recovery(&mut self, now: Stamp) -> Result<RecoveryKey, VaultError> {
        write_recovery(&self.dir, &self.key, now)
    }

    /// Whether the passphrase has a second factor.
    pub fn has_second_factor(&self) -> Result<bool, VaultError> {
        Ok(read(&self.dir)?.iter().any(|slot| slot.kind() == SlotKind::SecondFactor))
    }

    /// Sets a new passphrase, and what stands beside it; the old one opens nothing from then on but older copies.
    pub fn set_passphrase(
        &mut self,
        passphrase: &str,
        factor: &Factor,
        kdf: Kdf,
        now: Stamp,
    ) -> Result<(), VaultError> {
        let inner = seal_to_passphrase(&self.key.to_text(), passphrase, kdf);
        let slots = read(&self.dir)?;
        let present = slots.iter().find(|slot| slot.name == PASSPHRASE);
        let (to, added) = match factor {
            Factor::Remove => (None, now),
            Factor::Set(to) => {
                check_holder(to)?;
                (Some(to.clone()), now)
            }
            Factor::Keep => match present.filter(|slot| slot.kind() == SlotKind::SecondFactor) {
                Some(slot) => {
                    let public = slot.public(&self.prover()).ok_or(Damage::Keyslot)?.clone();
                    (Some(seal_to(public.clone(), slot)?), public.added)
                }
                None => (None, now),
            },
        };
        match to {
            None => Fresh { name: PASSPHRASE, file: inner, beside: None }.write(&self.dir, &self.prover()),
            Some(to) => {
                let file = encrypt(&parse_recipient(&to.recipient)?, &inner);
                self.fresh(PASSPHRASE, SlotKind::SecondFactor, file, &to, added).write(&self.dir, &self.prover())
            }
        }
    }

    fn fresh<'a>(&self, name: &'a str, kind: SlotKind, file: Vec<u8>, to: &'a SealTo, added: Stamp) -> Fresh<'a> {
        let holder = to.holder.as_ref().map(|holder| holder.recipient.clone());
        let public = Public { kind, added, recipient: to.recipient.clone(), holder };
        Fresh { name, file, beside: Some((public, to.holder.as_ref().map(|holder| holder.key.as_slice()))) }
    }

    fn prover(&self) -> Namer {
        self.key.namer(Purpose::Keyslot)
    }
}

/// Refuses what a plugin made of a slot's identity where it could not be read again.
fn check_holder(to: &SealTo) -> Result<(), VaultError> {
    let fits = |holder: &Holder| {
        let small = holder.key.len() as u64 <= MAX_SLOT_BYTES && holder.recipient.len() as u64 <= MAX_RECIPIENT_BYTES;
        small && Decryptor::new(holder.key.as_slice()).is_ok()
    };
    if to.holder.as_ref().is_none_or(fits) { Ok(()) } else { Err(VaultError::WrongHolder) }
}

/// To whom a slot is sealed, for sealing it anew.
fn seal_to(public: Public, slot: &Slot) -> Result<SealTo, VaultError> {
    let holder = match (public.holder, &slot.key) {
        (Some(recipient), Some(key)) => Some(Holder { recipient, key: key.clone() }),
        (None, _) => None,
        (Some(_), None) => return Err(Damage::Keyslot.into()),
    };
    Ok(SealTo { recipient: public.recipient, holder })
}
