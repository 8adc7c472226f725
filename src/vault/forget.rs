//! Forgetting: a patient's key is destroyed, and with it everything that was ever sealed under it.
//!
//! The journal keeps the frames, so that its chain still holds, but nobody can read in them what was
//! the patient's: not here, and not in any copy of the journal. The index is made anew from what can
//! still be read. What this does not reach: older copies of the keyring, and what a disk keeps of
//! blocks that were overwritten.

use super::Vault;
use super::error::VaultError;
use crate::base::id::PatientId;

impl Vault {
    /// Destroys these patients' keys and conversations; how many keys there were. Durable when it returns. `progress` is
    /// told how far the journal was read again.
    pub fn forget(&mut self, patients: &[PatientId], progress: &mut dyn FnMut(u64, u64)) -> Result<usize, VaultError> {
        self.check_whole()?;
        // A damaged journal cannot be indexed anew: then nothing is destroyed.
        self.check_journal()?;
        patients.iter().try_for_each(|patient| self.conversations.remove(patient.as_bytes()))?;
        // First the index: should the power fail in between, there is none that still knows the names.
        self.index.reset(false);
        self.index.lose();
        let destroyed = self.keyring.forget(patients)?;
        // What is destroyed is destroyed; an index that cannot be made now is made when something is asked.
        let _ = self.rebuild(progress);
        Ok(destroyed)
    }
}
