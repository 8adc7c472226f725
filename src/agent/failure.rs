//! What clients are told when the agent cannot do a thing: one place to learn failure.

use crate::base::{Failure, Kind};
use crate::record::note::NoteRefused;
use crate::vault::passphrase::Weakness;
use crate::vault::{BackupRefused, Damage, VaultError};

/// Refused, or not found.
pub(super) fn refused(message: impl Into<String>) -> Failure {
    Failure::new(Kind::Refused, message)
}

/// The vault is locked.
pub(super) fn locked() -> Failure {
    Failure::new(Kind::Locked, "vault is locked").hint("run 'bedside unlock'")
}

/// There is no vault yet.
pub(super) fn missing() -> Failure {
    Failure::new(Kind::Refused, "there is no vault here").hint("run 'bedside init' to make one")
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let says = error.to_string();
        match error {
            VaultError::Missing => missing(),
            VaultError::Exists => {
                refused(says).hint("choose another folder with --vault, or use the vault that is there")
            }
            VaultError::InUse => refused(says).hint("end the other agent: 'bedside agent --stop'"),
            VaultError::Exposed { .. } => refused(says).hint("run 'chmod 700' on the vault folder"),
            VaultError::Foreign => refused(says).hint("run bedside as that user, without 'sudo'"),
            VaultError::WrongPassphrase => {
                Failure::new(Kind::Locked, says).hint("try again, or use the recovery key: 'bedside unlock --recovery'")
            }
            VaultError::WrongRecoveryKey => {
                Failure::new(Kind::Locked, says).hint("it begins with AGE-SECRET-KEY-1 and was shown by 'bedside init'")
            }
            VaultError::WrongIdentity => {
                Failure::new(Kind::Locked, says).hint("'bedside key list' names those that do")
            }
            VaultError::PassphraseMissing => Failure::new(Kind::Locked, says),
            VaultError::FactorMissing => {
                Failure::new(Kind::Locked, says).hint("run 'bedside unlock --identity FILE', FILE being the key file")
            }
            VaultError::NoPassphrase => Failure::new(Kind::Locked, says)
                .hint("run 'bedside unlock --identity FILE', or use the recovery key: 'bedside unlock --recovery'"),
            VaultError::NoRecoveryKey => refused(says).hint("run 'bedside key recovery' to make a new one"),
            VaultError::WrongRecipient => {
                refused(says).hint("it begins with age1, and is shown where its key was made")
            }
            VaultError::SlotExists => refused(says).hint("give another with --name"),
            VaultError::SlotMissing => refused(says).hint("'bedside key list' names them"),
            VaultError::SlotUnproven => refused(says).hint(
                "'bedside key list' shows which: remove it and add it again; of the recovery key, make a new one: \
                 'bedside key recovery'",
            ),
            VaultError::SlotName => refused(says).hint("give another with --name"),
            VaultError::WrongHolder => refused(says).hint("nothing was changed; try again, or use another key"),
            VaultError::TooManySlots { .. } => refused(says).hint("remove one: 'bedside key remove NAME'"),
            VaultError::LastWay => refused(says).hint("add another first: 'bedside key add'"),
            VaultError::TryLater { .. } => {
                Failure::new(Kind::Locked, says).hint("the recovery key is taken at any time: add --recovery")
            }
            VaultError::Newer { .. } => refused(says).hint("install a newer bedside"),
            VaultError::DiskFull => refused(says).hint("free some space; everything acknowledged is safe"),
            VaultError::TooLarge { .. } => refused(says),
            VaultError::SpoolFull => refused(says).hint("run 'bedside unlock'"),
            VaultError::Broken => refused(says).hint("run 'bedside lock', then 'bedside unlock'"),
            VaultError::Backup(why) => refused(says).hint(backup_hint(why)),
            VaultError::Damaged(damage) => Failure::new(Kind::Damaged, says).hint(damage_hint(damage)),
            VaultError::Io { .. } => refused(says).hint("look at the disk and the folder's permissions"),
        }
    }
}

impl From<Weakness> for Failure {
    fn from(why: Weakness) -> Self {
        refused(format!("the passphrase {why}"))
            .hint("four or five words that do not belong together are easy to keep and hard to guess")
    }
}

fn backup_hint(why: BackupRefused) -> &'static str {
    match why {
        BackupRefused::InVault => "choose a folder elsewhere, on another disk if you can",
        BackupRefused::Together => "keep the keys apart: who finds both folders needs only the recovery key",
        BackupRefused::Occupied => "name a new folder in it, and it will be made",
        BackupRefused::Missing | BackupRefused::KeysMissing => "is the disk there that it lies on?",
        BackupRefused::Foreign => "choose another folder",
        BackupRefused::KeysForeign => "name another folder: what is there may be the only copy",
        BackupRefused::KeysUnknown => "it may hold keys that this vault has not: name another folder, and keep it",
        BackupRefused::KeysElse => {
            "it is another vault's, or that key was renewed: use the newest, or name the folder with this vault's keys"
        }
        BackupRefused::Keyslot => {
            "run 'bedside backup create', which adds it: the key was renewed since, or the file in the backup damaged"
        }
        BackupRefused::Full => "free some space there, or name a folder on another disk; the backup is as it was",
        BackupRefused::NoRoom { .. } => "free some space on the disk of the practice's folder",
        BackupRefused::Diverged => {
            "the vault was restored, or went on elsewhere: choose a new folder, and keep this one"
        }
    }
}

fn damage_hint(damage: Damage) -> &'static str {
    match damage {
        Damage::BackupPart { .. } | Damage::BackupManifest { .. } | Damage::BackupKeyslot => {
            "nothing was changed; take another copy of the backup, or begin one in a new folder"
        }
        Damage::KeyringBackup => "nothing was changed; name the folder with this vault's keys, or another copy of it",
        Damage::KeyringBackupOld { .. } => "find the newer one, or restore all the others with --partial",
        _ => "nothing was changed; restore the latest backup, and keep this folder as it is",
    }
}

impl From<NoteRefused> for Failure {
    fn from(why: NoteRefused) -> Self {
        let hint = match why {
            NoteRefused::Signed => "add to it: 'bedside note addendum'",
            NoteRefused::Unsigned => "sign it first: 'bedside note sign'",
            NoteRefused::Empty => "write something first",
        };
        refused(why.to_string()).hint(hint)
    }
}
