//! The ways into the vault: changed only by who shows one of them again.

use super::Desk;
use crate::agent::book::About;
use crate::base::{Failure, Phi};
use crate::record::{Action, Actor};
use crate::vault::passphrase::{self, Beside};
use crate::vault::{Kdf, Secret, VaultError};
use crate::wire::agent::{Reply, Way};

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
        Way::Recovery(text) => Secret::Recovery(text.expose()),
    }
}

impl Desk {
    /// Sets a new passphrase.
    pub(super) fn change_passphrase(
        &mut self,
        way: &Way,
        new: &Phi<String>,
        work_factor: Option<u8>,
    ) -> Result<Reply, Failure> {
        // First what costs no try and no second: a new passphrase that is refused leaves everything as it was.
        let practice = self.open()?.book.practice();
        passphrase::check(new.expose(), Beside::Nothing, &[practice.clinician.expose()])?;
        self.confirm(way)?;
        self.open()?.book.vault().set_passphrase(new.expose(), kdf(work_factor))?;
        self.audit(Actor::Clinician, Action::PassphraseChange, About::nothing());
        Ok(Reply::Done)
    }

    /// Asks again for what opens the vault, though it is open: for what cannot be taken back.
    pub(super) fn confirm(&mut self, way: &Way) -> Result<(), Failure> {
        let now = self.now();
        let confirmed = self.open()?.book.vault().confirm(secret(way), now);
        if let Err(VaultError::WrongPassphrase | VaultError::WrongRecoveryKey) = confirmed {
            self.audit(Actor::Clinician, Action::UnlockFailed, About::nothing());
        }
        Ok(confirmed?)
    }
}
