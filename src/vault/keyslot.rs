//! The vault key in age files that stock `age` can open, one per way in; and the inbox key.
//!
//! `keyslot/passphrase.age` is an age file with a scrypt stanza, `keyslot/recovery.age` one with
//! an X25519 stanza (age-encryption.org/v1). Each holds one line, `bedside-vault-key-1:` and 64
//! hexadecimal digits. `keyslot/recovery.pub` is the recovery key's public half: what a backup of
//! the patients' keys is sealed to.

use std::io::{Read, Write};
use std::path::Path;

use age::secrecy::{ExposeSecret, SecretString};
use age::{DecryptError, Decryptor, Encryptor, Identity, Recipient, scrypt, x25519};
use zeroize::Zeroizing;

use super::error::{Damage, VaultError};
use super::folder;
use super::key::{SealedForm, Sealer, VaultKey};
use super::passphrase;

pub(super) const FOLDER: &str = "keyslot";
pub(super) const PASSPHRASE: &str = "passphrase.age";
const RECOVERY: &str = "recovery.age";
const RECOVERY_PUBLIC: &str = "recovery.pub";
const MAX_SLOT_BYTES: u64 = 16 << 10;
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

/// Writes the passphrase's slot, in place of an older one if there is one.
pub(super) fn write_passphrase(dir: &Path, key: &VaultKey, passphrase: &str, kdf: Kdf) -> Result<(), VaultError> {
    let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase::normalize(passphrase).as_str()));
    recipient.set_work_factor(kdf.work_factor.clamp(1, MAX_WORK_FACTOR));
    folder::replace(&dir.join(FOLDER), PASSPHRASE, &encrypt(&recipient, key.to_text().as_bytes()))
}

/// Makes a recovery key and writes its slot.
pub(super) fn write_recovery(dir: &Path, key: &VaultKey) -> Result<RecoveryKey, VaultError> {
    let identity = x25519::Identity::generate();
    let (public, folder) = (identity.to_public(), dir.join(FOLDER));
    folder::replace(&folder, RECOVERY, &encrypt(&public, key.to_text().as_bytes()))?;
    folder::replace(&folder, RECOVERY_PUBLIC, format!("{public}\n").as_bytes())?;
    Ok(RecoveryKey(identity.to_string()))
}

/// Writes the slot of a recovery key that exists already.
pub(super) fn write_known_recovery(dir: &Path, key: &VaultKey, recovery: &str) -> Result<(), VaultError> {
    let public = parse_recovery(recovery)?.to_public();
    let folder = dir.join(FOLDER);
    folder::replace(&folder, RECOVERY, &encrypt(&public, key.to_text().as_bytes()))?;
    folder::replace(&folder, RECOVERY_PUBLIC, format!("{public}\n").as_bytes())
}

/// The recovery key's slot, as it stands.
pub(super) fn read_recovery(dir: &Path) -> Result<Vec<u8>, VaultError> {
    Ok(folder::read(&dir.join(FOLDER).join(RECOVERY), MAX_SLOT_BYTES)?.ok_or(Damage::Keyslot)?)
}

/// The recovery key's public half.
pub(super) fn recovery_recipient(dir: &Path) -> Result<x25519::Recipient, VaultError> {
    let text = folder::read(&dir.join(FOLDER).join(RECOVERY_PUBLIC), 256)?.ok_or(Damage::Keyslot)?;
    let text = std::str::from_utf8(&text).map_err(|_| Damage::Keyslot)?;
    text.trim_end().parse().map_err(|_| Damage::Keyslot.into())
}

/// Opens an age file with the recovery key: `other` when it is another's, `damage` when it is no whole age file.
pub(super) fn decrypt_recovery(
    file: &[u8],
    recovery: &str,
    other: VaultError,
    damage: Damage,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    match decrypt(&parse_recovery(recovery)?, file) {
        Ok(plain) => Ok(plain),
        Err(DecryptError::DecryptionFailed | DecryptError::NoMatchingKeys) => Err(other),
        Err(_) => Err(damage.into()),
    }
}

fn parse_recovery(text: &str) -> Result<x25519::Identity, VaultError> {
    let text = Zeroizing::new(text.split_whitespace().collect::<String>().to_ascii_uppercase());
    text.parse().map_err(|_| VaultError::WrongRecoveryKey)
}

/// Whether a vault was made here. A keyslot that is lost does not unmake it.
pub(super) fn exists(dir: &Path) -> bool {
    dir.join(FOLDER).is_dir()
}

/// Opens the slot that fits the secret.
pub(super) fn open(dir: &Path, secret: Secret<'_>) -> Result<VaultKey, VaultError> {
    match secret {
        Secret::Passphrase(typed) => {
            let normal = passphrase::normalize(typed);
            match open_with_passphrase(dir, &normal) {
                // Another program may have made the slot with the letters as they were typed.
                Err(VaultError::WrongPassphrase) if *normal != *typed => open_with_passphrase(dir, typed),
                other => other,
            }
        }
        Secret::Recovery(text) => open_slot(dir, RECOVERY, &parse_recovery(text)?, VaultError::WrongRecoveryKey),
    }
}

fn open_with_passphrase(dir: &Path, passphrase: &str) -> Result<VaultKey, VaultError> {
    let mut identity = scrypt::Identity::new(SecretString::from(passphrase));
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    open_slot(dir, PASSPHRASE, &identity, VaultError::WrongPassphrase)
}

fn open_slot(dir: &Path, name: &str, identity: &dyn Identity, wrong: VaultError) -> Result<VaultKey, VaultError> {
    let slot = folder::read(&dir.join(FOLDER).join(name), MAX_SLOT_BYTES)?.ok_or(Damage::Keyslot)?;
    match decrypt(identity, &slot) {
        Ok(text) => VaultKey::from_text(&text).ok_or_else(|| Damage::Keyslot.into()),
        // What a scrypt or an X25519 stanza says of a key that does not fit.
        Err(DecryptError::DecryptionFailed | DecryptError::NoMatchingKeys) => Err(wrong),
        Err(_) => Err(Damage::Keyslot.into()),
    }
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

    /// `None` when the file is not what was sealed.
    pub(super) fn open_file(&self, file: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        decrypt(&self.0, file).ok()
    }
}
