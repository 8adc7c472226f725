//! The vault key in age files that stock `age` can open, one per way in; and the inbox key.
//!
//! `keyslot/NAME.age` is an age file (age-encryption.org/v1) with a scrypt stanza, for a
//! passphrase, or an X25519 stanza, for the recovery key or an identity. It holds one line,
//! `bedside-vault-key-1:` and 64 hexadecimal digits; with a second factor, an age file with a
//! scrypt stanza that holds it stands inside one with an X25519 stanza, so that without the factor
//! nobody can so much as begin to guess.
//!
//! Where an age plugin holds the way in (a hardware key, for instance), the slot is sealed to an
//! X25519 identity of its own, and `keyslot/NAME.key` is that identity, an age file to the
//! plugin's recipient. So the vault key is never in the hands of another program, and it can be
//! sealed anew without the plugin. `keyslot/NAME.pub` is what a slot is sealed to, see `public`.

use std::io::{Read, Write};
use std::path::Path;

use age::secrecy::{ExposeSecret, SecretString};
use age::{DecryptError, Decryptor, Encryptor, Identity, Recipient, scrypt, x25519};
use zeroize::Zeroizing;

use super::error::{Damage, VaultError};
use super::folder;
use super::key::{SealedForm, Sealer, VaultKey};
use super::passphrase;

mod public;
mod set;

pub use set::{Factor, Holder, Keyslot, SealTo, keyslots};
use set::{Lock, Slot};
pub(super) use set::{
    create, exists, is_of_passphrase, read_recovery, recovery_recipient, seal_anew, write_known_recovery,
    write_passphrase,
};

pub(super) const FOLDER: &str = "keyslot";
/// A slot that asks for more than 2^22 rounds (some 4 GB and a minute) was not made here.
const MAX_WORK_FACTOR: u8 = 22;

/// How hard a passphrase is to guess.
#[derive(Debug, Clone, Copy)]
pub struct Kdf {
    /// scrypt's N is 2 to this power; 18 takes 256 MiB and about a second. Tests use little.
    pub work_factor: u8,
}

impl Default for Kdf {
    fn default() -> Kdf {
        Kdf { work_factor: 18 }
    }
}

/// A way into the vault.
#[derive(Clone, Copy)]
pub enum Secret<'a> {
    /// What the clinician types.
    Passphrase(&'a str),
    /// The passphrase, and the `AGE-SECRET-KEY-1…` of its second factor.
    Both {
        /// What the clinician types.
        passphrase: &'a str,
        /// What a key file or a plugin holds.
        identity: &'a str,
    },
    /// An `AGE-SECRET-KEY-1…` that a key file or a plugin holds.
    Identity(&'a str),
    /// The `AGE-SECRET-KEY-1…` that was shown once; spaces and case do not matter.
    Recovery(&'a str),
}

/// The key that opens the vault when the passphrase is lost. Shown once, kept nowhere.
pub struct RecoveryKey(SecretString);

impl RecoveryKey {
    /// The text to show: an age identity, `AGE-SECRET-KEY-1…`.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryKey")
    }
}

/// What a way in asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotKind {
    /// A passphrase alone.
    Passphrase,
    /// A passphrase, and before it an identity: an age file (scrypt) inside an age file (X25519).
    SecondFactor,
    /// The recovery key.
    Recovery,
    /// An identity alone: a key file's, or one that a plugin holds.
    Identity,
}

/// Lets through one guess, or says how long to wait; asked before a passphrase is tried, and only then.
pub(super) type Guess<'a> = &'a mut dyn FnMut() -> Result<(), VaultError>;

/// Opens a slot that fits the secret.
pub(super) fn open(dir: &Path, secret: Secret<'_>, guess: Guess<'_>) -> Result<VaultKey, VaultError> {
    let slots = set::read(dir)?;
    match secret {
        Secret::Passphrase(passphrase) => open_with_passphrase(&slots, passphrase, guess),
        Secret::Both { passphrase, identity } => {
            let identity = parse_identity(identity).ok_or(VaultError::WrongIdentity)?;
            match peel(&slots, &identity, VaultError::WrongIdentity)? {
                Peeled::Key(key) => Ok(key),
                Peeled::Inner(inner) => {
                    guess()?;
                    open_scrypt(&inner, passphrase)
                }
            }
        }
        Secret::Identity(identity) => {
            let identity = parse_identity(identity).ok_or(VaultError::WrongIdentity)?;
            match peel(&slots, &identity, VaultError::WrongIdentity)? {
                Peeled::Key(key) => Ok(key),
                Peeled::Inner(_) => Err(VaultError::PassphraseMissing),
            }
        }
        Secret::Recovery(text) => {
            let identity = parse_identity(text).ok_or(VaultError::WrongRecoveryKey)?;
            match peel(&slots, &identity, VaultError::WrongRecoveryKey)? {
                Peeled::Key(key) => Ok(key),
                Peeled::Inner(_) => Err(VaultError::WrongRecoveryKey),
            }
        }
    }
}

fn open_with_passphrase(slots: &[Slot], passphrase: &str, guess: Guess<'_>) -> Result<VaultKey, VaultError> {
    let guessable: Vec<&Slot> = slots.iter().filter(|slot| slot.lock() == Some(Lock::Scrypt)).collect();
    if guessable.is_empty() {
        // Whoever has another way in learns what is the matter; otherwise a slot that must be there is not.
        let has = |kind| slots.iter().any(|slot| slot.lock() == Some(Lock::Key) && slot.kind() == kind);
        return Err(if has(SlotKind::SecondFactor) {
            VaultError::FactorMissing
        } else if has(SlotKind::Identity) {
            VaultError::NoPassphrase
        } else {
            Damage::Keyslot.into()
        });
    }
    guess()?;
    let mut wrong = VaultError::WrongPassphrase;
    for slot in guessable {
        match open_scrypt(&slot.file, passphrase) {
            Err(VaultError::WrongPassphrase) => {}
            Err(other) => wrong = other,
            opened => return opened,
        }
    }
    Err(wrong)
}

fn open_scrypt(file: &[u8], passphrase: &str) -> Result<VaultKey, VaultError> {
    let text = decrypt_passphrase(file, passphrase, Damage::Keyslot)?;
    VaultKey::from_text(&text).ok_or_else(|| Damage::Keyslot.into())
}

/// Opens what a passphrase seals: `damage` when it is no whole age file.
pub(super) fn decrypt_passphrase(
    file: &[u8],
    passphrase: &str,
    damage: Damage,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let open = |text: &str| {
        let mut identity = scrypt::Identity::new(SecretString::from(text));
        identity.set_max_work_factor(MAX_WORK_FACTOR);
        match decrypt(&identity, file) {
            Ok(text) => Ok(text),
            // What a scrypt stanza says of a passphrase that does not fit.
            Err(DecryptError::DecryptionFailed | DecryptError::NoMatchingKeys) => Err(VaultError::WrongPassphrase),
            Err(_) => Err(damage.into()),
        }
    };
    let normal = passphrase::normalize(passphrase);
    match open(&normal) {
        // Another program may have made the slot with the letters as they were typed.
        Err(VaultError::WrongPassphrase) if *normal != *passphrase => open(passphrase),
        other => other,
    }
}

/// What an identity finds in a slot.
enum Peeled {
    Key(VaultKey),
    /// A second age file, which a passphrase opens.
    Inner(Zeroizing<Vec<u8>>),
}

/// Opens the outer, or only, age file of the slot that fits the identity; `wrong` when none does.
fn peel(slots: &[Slot], identity: &x25519::Identity, wrong: VaultError) -> Result<Peeled, VaultError> {
    let mut failed = if slots.is_empty() { Damage::Keyslot.into() } else { wrong };
    for slot in slots.iter().filter(|slot| slot.lock() != Some(Lock::Scrypt)) {
        match decrypt(identity, &slot.file) {
            Ok(text) => {
                return match VaultKey::from_text(&text) {
                    Some(key) => Ok(Peeled::Key(key)),
                    None if slot.kind() == SlotKind::SecondFactor => Ok(Peeled::Inner(text)),
                    None => Err(Damage::Keyslot.into()),
                };
            }
            Err(DecryptError::DecryptionFailed | DecryptError::NoMatchingKeys) => {}
            Err(_) => failed = Damage::Keyslot.into(),
        }
    }
    Err(failed)
}

/// Opens an age file with the recovery key: `other` when it is another's, `damage` when it is no whole age file.
pub(super) fn decrypt_recovery(
    file: &[u8],
    recovery: &str,
    other: VaultError,
    damage: Damage,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let identity = parse_identity(recovery).ok_or(VaultError::WrongRecoveryKey)?;
    match decrypt(&identity, file) {
        Ok(plain) => Ok(plain),
        Err(DecryptError::DecryptionFailed | DecryptError::NoMatchingKeys) => Err(other),
        Err(_) => Err(damage.into()),
    }
}

/// `AGE-SECRET-KEY-1…`; spaces and case do not matter.
fn parse_identity(text: &str) -> Option<x25519::Identity> {
    let text = Zeroizing::new(text.split_whitespace().collect::<String>().to_ascii_uppercase());
    text.parse().ok()
}

/// Seals the text of a key to a passphrase.
pub(super) fn seal_to_passphrase(key: &str, passphrase: &str, kdf: Kdf) -> Vec<u8> {
    let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase::normalize(passphrase).as_str()));
    recipient.set_work_factor(kdf.work_factor.clamp(1, MAX_WORK_FACTOR));
    encrypt(&recipient, key.as_bytes())
}

pub(super) fn encrypt(recipient: &dyn Recipient, plain: &[u8]) -> Vec<u8> {
    let mut file = Vec::with_capacity(plain.len() + 512);
    let written = Encryptor::with_recipients(std::iter::once(recipient))
        .expect("one recipient is neither none nor a mixture")
        .wrap_output(&mut file)
        .and_then(|mut writer| {
            writer.write_all(plain)?;
            writer.finish()
        });
    written.expect("a Vec takes any bytes");
    file
}

fn decrypt(identity: &dyn Identity, file: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let mut reader = Decryptor::new(file)?.decrypt(std::iter::once(identity))?;
    let mut plain = Zeroizing::new(Vec::with_capacity(file.len()));
    reader.read_to_end(&mut plain)?;
    Ok(plain)
}

const INBOX_PUBLIC: &str = "inbox.pub";
const INBOX_SECRET: &str = "inbox.key";
const INBOX_FORM: SealedForm = SealedForm { magic: b"BEDSINBX", damage: Damage::Inbox };

/// Anyone may seal to it; the locked agent does.
pub(super) struct InboxRecipient(x25519::Recipient);

impl InboxRecipient {
    /// Reads the public half, which lies in the clear.
    pub(super) fn open(dir: &Path) -> Result<InboxRecipient, VaultError> {
        let text = folder::read(&dir.join(INBOX_PUBLIC), 256)?.ok_or(Damage::Inbox)?;
        let text = std::str::from_utf8(&text).map_err(|_| Damage::Inbox)?;
        let recipient = text.trim_end().parse().map_err(|_| Damage::Inbox)?;
        Ok(InboxRecipient(recipient))
    }

    /// An age file.
    pub(super) fn seal(&self, plain: &[u8]) -> Vec<u8> {
        encrypt(&self.0, plain)
    }
}

/// Opens what was sealed while the vault was locked.
pub(super) struct InboxKey(x25519::Identity);

impl InboxKey {
    /// Makes the pair: the public half in the clear, the secret half sealed under the vault key.
    pub(super) fn create(dir: &Path, sealer: &Sealer) -> Result<(), VaultError> {
        let identity = x25519::Identity::generate();
        let secret = identity.to_string();
        let sealed = INBOX_FORM.encode(sealer, b"", secret.expose_secret().as_bytes());
        folder::replace(dir, INBOX_SECRET, &sealed)?;
        folder::replace(dir, INBOX_PUBLIC, format!("{}\n", identity.to_public()).as_bytes())
    }

    /// Reads the secret half, and refuses when the public half on disk is another's.
    pub(super) fn open(dir: &Path, sealer: &Sealer) -> Result<InboxKey, VaultError> {
        let sealed = folder::read(&dir.join(INBOX_SECRET), 1024)?.ok_or(Damage::Inbox)?;
        let text = INBOX_FORM.decode(sealer, b"", &sealed)?;
        let text = std::str::from_utf8(&text).map_err(|_| Damage::Inbox)?;
        let identity: x25519::Identity = text.parse().map_err(|_| Damage::Inbox)?;
        if InboxRecipient::open(dir)?.0.to_string() != identity.to_public().to_string() {
            return Err(Damage::Inbox.into());
        }
        Ok(InboxKey(identity))
    }

    /// Writes the secret half into another folder, under another key.
    pub(super) fn write_anew(&self, folder: &Path, sealer: &Sealer) -> Result<(), VaultError> {
        let secret = self.0.to_string();
        folder::replace(folder, INBOX_SECRET, &INBOX_FORM.encode(sealer, b"", secret.expose_secret().as_bytes()))
    }

    /// `None` when the file is not what was sealed.
    pub(super) fn open_file(&self, file: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        decrypt(&self.0, file).ok()
    }
}
