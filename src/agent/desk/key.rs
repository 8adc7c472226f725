//! The ways into the vault: changed only by who shows one of them again.

use super::{Desk, State};
use crate::agent::book::About;
use crate::agent::failure::refused;
use crate::base::{Failure, Kind, Phi};
use crate::record::{Action, Actor};
use crate::vault::passphrase::{self, Beside};
use crate::vault::{self, Kdf, Secret, SlotKind, VaultError};
use crate::wire::agent::{Event, Factor, Holder, KeysBackedUp, Keyslot, KeyslotKind, Reply, SealTo, Way};
use serde_bytes::ByteBuf;

/// The least scrypt work factor that is taken.
const WORK_FACTOR_MIN: u8 = 10;

/// The work factor somebody asked for, within bounds.
pub(super) fn kdf(work_factor: Option<u8>) -> Kdf {
    work_factor.map_or_else(Kdf::default, |n| Kdf { work_factor: n.max(WORK_FACTOR_MIN) })
}

/// A client's way in, as the vault knows it.
pub(super) fn secret(way: &Way) -> Secret<'_> {
    match way {
        Way::Passphrase(text) => Secret::Passphrase(text.expose()),
        Way::Both { passphrase, identity } => {
            Secret::Both { passphrase: passphrase.expose(), identity: identity.expose() }
        }
        Way::Identity(text) => Secret::Identity(text.expose()),
        Way::Recovery(text) => Secret::Recovery(text.expose()),
    }
}

impl Desk {
    /// Sets a new passphrase, or what stands beside it, or both.
    pub(super) fn change_passphrase(
        &mut self,
        way: &Way,
        new: Option<&Phi<String>>,
        factor: Factor,
        work_factor: Option<u8>,
    ) -> Result<Reply, Failure> {
        let changes = new.is_some();
        let new = match (new, way) {
            (Some(new), _) | (None, Way::Passphrase(new) | Way::Both { passphrase: new, .. }) => new,
            (None, _) => return Err(refused("there is no passphrase to keep").hint("give a new one")),
        };
        let now = self.now();
        let book = &mut self.open()?.book;
        let beside = match &factor {
            Factor::Set(_) => Beside::SecondFactor,
            Factor::Keep if book.vault().has_second_factor()? => Beside::SecondFactor,
            Factor::Keep | Factor::Remove => Beside::Nothing,
        };
        // First what costs no try and no second: a new passphrase that is refused leaves everything as it was.
        passphrase::check(new.expose(), beside, &[book.practice().clinician.expose()])?;
        self.confirm(way)?;
        if changes {
            self.check_not_a_compartments(new)?;
        }
        let factor = match factor {
            Factor::Keep => vault::Factor::Keep,
            Factor::Remove => vault::Factor::Remove,
            Factor::Set(to) => vault::Factor::Set(to.into()),
        };
        self.open()?.book.vault().set_passphrase(new.expose(), &factor, kdf(work_factor), now)?;
        self.audit(Actor::Clinician, Action::PassphraseChange, About::nothing());
        Ok(Reply::Done)
    }

    /// The ways in; told while locked, too, for whoever opens one with an identity must find it.
    pub(super) fn list_keys(&self) -> Result<Reply, Failure> {
        let slots = vault::keyslots(&self.place.vault())?;
        Ok(Reply::Keyslots(slots.into_iter().map(Keyslot::from).collect()))
    }

    /// Adds a way in.
    pub(super) fn add_key(&mut self, way: &Way, name: &str, to: SealTo) -> Result<Reply, Failure> {
        let now = self.now();
        self.confirm(way)?;
        self.open()?.book.vault().add_keyslot(name, &to.into(), now)?;
        self.audit(Actor::Clinician, Action::KeyAdd, About::record(None, name));
        Ok(Reply::Done)
    }

    /// Removes a way in.
    pub(super) fn remove_key(&mut self, way: &Way, name: &str) -> Result<Reply, Failure> {
        self.confirm(way)?;
        self.open()?.book.vault().remove_keyslot(name)?;
        self.audit(Actor::Clinician, Action::KeyRemove, About::record(None, name));
        Ok(Reply::Done)
    }

    /// Makes a new recovery key.
    pub(super) fn renew_recovery(&mut self, way: &Way) -> Result<Reply, Failure> {
        let now = self.now();
        self.confirm(way)?;
        self.audit(Actor::Clinician, Action::KeyAdd, About::record(None, "recovery"));
        // Durable first: once the old one opens nothing any more, nothing may keep the new one from being told.
        self.open()?.book.commit(None)?;
        let key = self.open()?.book.vault().renew_recovery(now)?;
        // The keys' backup is of no use to whoever throws the old one away.
        let keys = self.renew_keys().unwrap_or(KeysBackedUp::Never);
        self.renew_compartments();
        let book = &mut self.open()?.book;
        // What cannot be kept now is made good by the next backup, and when a compartment is opened.
        if book.commit(None).is_err() {
            let _ = book.reload();
        }
        Ok(Reply::RecoveryKey { recovery_key: Phi::from(key.expose()), keys })
    }

    /// Makes a new vault key.
    pub(super) fn rotate_key(
        &mut self,
        way: &Way,
        work_factor: Option<u8>,
        mut progress: impl FnMut(u64, u64),
    ) -> Result<Reply, Failure> {
        if self.working.is_some() {
            return Err(refused("a backup is being taken or compared").hint("wait until it is done"));
        }
        self.confirm(way)?;
        // What is staged belongs under the key of its time.
        self.flush();
        let passphrase = match way {
            Way::Passphrase(passphrase) | Way::Both { passphrase, .. } => Some(passphrase.expose().as_str()),
            Way::Identity(_) | Way::Recovery(_) => None,
        };
        // What a locked agent would need to go on, should it come to that.
        let carried = self.carry();
        let vault = self.open()?.book.vault();
        if let Err(error) = vault.rotate(passphrase, kdf(work_factor), &mut progress) {
            if let VaultError::Broken = error {
                // The new key is in place, and only opening the vault again finds out what else is.
                self.carried = carried;
                self.state = State::Missing;
                self.state = super::door::found(&self.place, std::time::Duration::ZERO);
                self.event(Event::Locked);
            }
            return Err(match error {
                VaultError::PassphraseMissing => {
                    Failure::new(Kind::Locked, "the passphrase is needed, too: its keyslot is sealed anew with it")
                        .hint("run it with the passphrase, or set one that you know first: 'bedside passphrase change'")
                }
                error => error.into(),
            });
        }
        self.audit(Actor::Clinician, Action::KeyRotate, About::nothing());
        Ok(Reply::Done)
    }

    /// Asks again for what opens the vault, though it is open: for what cannot be taken back.
    pub(super) fn confirm(&mut self, way: &Way) -> Result<(), Failure> {
        let now = self.now();
        let confirmed = self.open()?.book.vault().confirm(secret(way), now);
        if confirmed.as_ref().is_err_and(is_wrong) {
            self.audit(Actor::Clinician, Action::UnlockFailed, About::nothing());
        }
        // The vault is open, so another way in is not to unlock it with but to be named with the command.
        confirmed.map_err(|error| match error {
            VaultError::WrongPassphrase => {
                Failure::from(error).hint("try again, or add --recovery to use the recovery key")
            }
            VaultError::FactorMissing => Failure::from(error).hint("add --identity FILE, FILE being the key file"),
            VaultError::NoPassphrase => Failure::from(error).hint("add --identity FILE, or --recovery"),
            error => error.into(),
        })
    }
}

/// Whether somebody tried what opens nothing.
pub(super) fn is_wrong(error: &VaultError) -> bool {
    matches!(error, VaultError::WrongPassphrase | VaultError::WrongRecoveryKey | VaultError::WrongIdentity)
}

impl From<SealTo> for vault::SealTo {
    fn from(to: SealTo) -> Self {
        let holder = to.holder.map(|Holder { recipient, key }| vault::Holder { recipient, key: key.into_vec() });
        Self { recipient: to.recipient, holder }
    }
}

impl From<vault::Keyslot> for Keyslot {
    fn from(slot: vault::Keyslot) -> Self {
        let kind = match slot.kind {
            SlotKind::Passphrase => KeyslotKind::Passphrase,
            SlotKind::SecondFactor => KeyslotKind::SecondFactor,
            SlotKind::Recovery => KeyslotKind::Recovery,
            SlotKind::Identity => KeyslotKind::Identity,
        };
        let holder = slot.holder.map(|vault::Holder { recipient, key }| Holder { recipient, key: ByteBuf::from(key) });
        Self { name: slot.name, kind, added: slot.added, recipient: slot.recipient, holder }
    }
}
