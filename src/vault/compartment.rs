//! A compartment's key, which the vault key does not give: the ways to it, and what is sealed with it.
//!
//! It is 32 random bytes. Two age files hold it as one line, `bedside-compartment-key-1:` and 64 hexadecimal digits: one
//! under the compartment's passphrase (scrypt), one under the vault's recovery key (X25519). They are a record like any
//! other, so the journal seals them once more, keeps them through backups, and nobody who has not the vault key can
//! begin to guess. Wrong passphrases cost time as those of the vault do, each compartment counted by itself.
//!
//! A note is sealed with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha): a random nonce (24), then the CBOR of the
//! [`Note`], tag (16) last. The associated data is `bedside apart note 1`, the compartment's number (1), the note's id
//! (16) and the patient's id (16).

use zeroize::Zeroizing;

use super::Vault;
use super::attempt::{self, Door};
use super::error::{Damage, VaultError};
use super::key::Sealer;
use super::keyslot::{self, Kdf, Secret};
use super::locked::Locked;
use crate::base::id::{NoteId, PatientId};
use crate::base::{Stamp, cbor, random};
use crate::record::{ApartNote, Compartment, CompartmentSlots, Note, RecoverySlot};

const PREFIX: &str = "bedside-compartment-key-1:";
const NOTE: &[u8] = b"bedside apart note 1";

/// What opens the notes of one compartment.
#[derive(Clone)]
pub struct CompartmentKey {
    compartment: Compartment,
    key: Locked<Zeroizing<[u8; 32]>>,
}

impl CompartmentKey {
    fn random(compartment: Compartment) -> CompartmentKey {
        CompartmentKey { compartment, key: Locked::new(Zeroizing::new(random::bytes())) }
    }

    fn to_text(&self) -> Zeroizing<String> {
        let digits = Zeroizing::new(data_encoding::HEXLOWER.encode(self.key.as_slice()));
        Zeroizing::new(format!("{PREFIX}{}\n", digits.as_str()))
    }

    fn from_text(compartment: Compartment, text: &[u8]) -> Option<CompartmentKey> {
        let digits = text.strip_prefix(PREFIX.as_bytes())?.strip_suffix(b"\n")?;
        if digits.len() != 64 {
            return None;
        }
        let mut key = Locked::new(Zeroizing::new([0; 32]));
        data_encoding::HEXLOWER.decode_mut(digits, key.as_mut_slice()).ok()?;
        Some(CompartmentKey { compartment, key })
    }

    /// Seals a note; it stands in this compartment from then on.
    pub fn seal(&self, note: &Note) -> ApartNote {
        let note = Note { compartment: Some(self.compartment), ..note.clone() };
        let addenda: usize = note.addenda.iter().map(|addendum| addendum.text.expose().len() + 64).sum();
        // Room for all of it, so that no copy is left behind by growing.
        let mut plain = Zeroizing::new(Vec::with_capacity(note.text.expose().len() + addenda + 512));
        cbor::write(&note, &mut plain).expect("a note is a map of plain values, and a Vec takes any bytes");
        let sealed = Sealer::new(&self.key).seal(&self.bound(note.id, note.patient), &plain);
        ApartNote { id: note.id, patient: note.patient, compartment: self.compartment, edited: note.edited, sealed }
    }

    /// Opens a note that was sealed in this compartment.
    pub fn open(&self, apart: &ApartNote) -> Result<Note, VaultError> {
        let bound = self.bound(apart.id, apart.patient);
        let plain = Sealer::new(&self.key).open(&bound, &apart.sealed).ok_or(Damage::Compartment)?;
        Ok(cbor::read(&plain).map_err(|_| Damage::Compartment)?)
    }

    fn bound(&self, note: NoteId, patient: PatientId) -> Vec<u8> {
        [NOTE, &[self.compartment.number()], note.as_bytes(), patient.as_bytes()].concat()
    }
}

impl Vault {
    /// Makes a compartment: its key, and the ways to it, which the caller has to keep.
    pub fn make_compartment(
        &self,
        compartment: Compartment,
        passphrase: &str,
        kdf: Kdf,
        now: Stamp,
    ) -> (CompartmentKey, CompartmentSlots) {
        let key = CompartmentKey::random(compartment);
        let slots = CompartmentSlots {
            compartment,
            created: now,
            passphrase: keyslot::seal_to_passphrase(&key.to_text(), passphrase, kdf),
            recovery: self.recovery_slot(&key),
        };
        (key, slots)
    }

    /// Opens a compartment. A wrong passphrase costs time, as at the vault's own door; a recovery key cannot be guessed.
    pub fn open_compartment(
        &self,
        slots: &CompartmentSlots,
        secret: Secret<'_>,
        now: Stamp,
    ) -> Result<CompartmentKey, VaultError> {
        let text = match secret {
            // There is no second factor here: it stands before the vault.
            Secret::Passphrase(passphrase) | Secret::Both { passphrase, .. } => {
                let door = Door::Compartment(slots.compartment);
                attempt::begin(&self.dir, door, now)?;
                let text = keyslot::decrypt_passphrase(&slots.passphrase, passphrase, Damage::Compartment)?;
                attempt::clear(&self.dir, door)?;
                text
            }
            Secret::Identity(_) => return Err(VaultError::WrongIdentity),
            Secret::Recovery(recovery) => {
                let slot = slots.recovery.as_ref().ok_or(VaultError::WrongRecoveryKey)?;
                keyslot::decrypt_recovery(&slot.file, recovery, VaultError::WrongRecoveryKey, Damage::Compartment)?
            }
        };
        CompartmentKey::from_text(slots.compartment, &text).ok_or_else(|| Damage::Compartment.into())
    }

    /// The same key under another passphrase; the old one opens nothing from then on but older copies.
    pub fn reseal_compartment(
        &self,
        slots: &CompartmentSlots,
        key: &CompartmentKey,
        passphrase: &str,
        kdf: Kdf,
    ) -> CompartmentSlots {
        let file = keyslot::seal_to_passphrase(&key.to_text(), passphrase, kdf);
        CompartmentSlots { passphrase: file, ..self.renew_compartment(slots, key).unwrap_or_else(|| slots.clone()) }
    }

    /// The ways in with today's recovery key, when the vault got a new one since.
    pub fn renew_compartment(&self, slots: &CompartmentSlots, key: &CompartmentKey) -> Option<CompartmentSlots> {
        let fresh = self.recovery_slot(key)?;
        let known = slots.recovery.as_ref().is_some_and(|slot| slot.recipient == fresh.recipient);
        (!known).then(|| CompartmentSlots { recovery: Some(fresh), ..slots.clone() })
    }

    /// Under the vault's recovery key, if it has one that can be trusted.
    fn recovery_slot(&self, key: &CompartmentKey) -> Option<RecoverySlot> {
        let recipient = keyslot::recovery_recipient(&self.dir, &self.key).ok()?;
        let file = keyslot::encrypt(&recipient, key.to_text().as_bytes());
        Some(RecoverySlot { recipient: recipient.to_string(), file })
    }
}
