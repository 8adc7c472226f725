//! The ways into the vault.

use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

// What opens the vault, when it is not the passphrase alone.
#[derive(Debug, Default, Args)]
#[group(multiple = false)]
pub(crate) struct Way {
    /// Use an age key file: a second factor, or all there is to it. A plugin it names is run from PATH
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) identity: Option<PathBuf>,
    /// Use the recovery key
    #[arg(long)]
    pub(crate) recovery: bool,
    /// Use the recovery key in the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) recovery_file: Option<PathBuf>,
}

// `bedside unlock`.
#[derive(Debug, Args)]
pub(crate) struct Unlock {
    /// With what.
    #[command(flatten)]
    pub(crate) way: Way,
}

/// `bedside passphrase`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Passphrase {
    /// Set a new one, or what stands beside it; asks for the present one first
    ///
    /// A passphrase has at least 15 characters, spaces included, or 8 with a second factor, and is none of those that
    /// are tried first. Nothing else is asked of it: four or five words that do not belong together are good. What was
    /// sealed under the old one, such as an older copy of the vault folder, still opens with the old one.
    Change {
        /// What opens the vault today.
        #[command(flatten)]
        way: Way,
        /// The new one.
        #[command(flatten)]
        new: NewPassphrase,
        /// Keep the passphrase, change only the second factor
        #[arg(long, conflicts_with_all = ["new_passphrase_file", "new_passphrase_fd"])]
        keep: bool,
        /// From now on a second factor is needed, too: the identity to this age recipient
        #[arg(long, value_name = "RECIPIENT")]
        second_factor: Option<String>,
        /// From now on the passphrase alone opens the vault
        #[arg(long, conflicts_with = "second_factor")]
        no_second_factor: bool,
    },
}

// Where a new passphrase comes from.
#[derive(Debug, Args)]
pub(crate) struct NewPassphrase {
    /// Read the new passphrase from the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) new_passphrase_file: Option<PathBuf>,
    /// Read the new passphrase from an open file descriptor
    #[arg(long, value_name = "N", conflicts_with = "new_passphrase_file")]
    pub(crate) new_passphrase_fd: Option<i32>,
    /// scrypt work factor of the passphrase; less than 18 is for tests
    #[arg(long, hide = true)]
    pub(crate) work_factor: Option<u8>,
}

/// `bedside key`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Key {
    /// The ways into the vault; works while it is locked
    List,
    /// Add a way in: an age key, or what an age plugin holds, such as a hardware key
    ///
    /// Any age recipient will do: age1… of a key file ('age-keygen'), or age1NAME1… of a plugin, whose program
    /// 'age-plugin-NAME' is then run from PATH. 'bedside unlock --identity FILE' opens the vault with it.
    Add {
        /// Whose identity is to open the vault
        #[arg(long, value_name = "RECIPIENT")]
        recipient: String,
        /// What it is to be called [default: the plugin's name, or 'key']
        #[arg(long)]
        name: Option<String>,
        /// What opens the vault today.
        #[command(flatten)]
        way: Way,
    },
    /// Remove a way in; two must stay, one of them for every day and one no passphrase
    Remove {
        /// Which, as 'bedside key list' calls it
        name: String,
        /// What opens the vault today.
        #[command(flatten)]
        way: Way,
    },
    /// Make a new vault key: everything but the journal is sealed anew, and every way in stays
    ///
    /// For when somebody may have had a copy of the vault folder together with a passphrase or key. Whoever did can
    /// still read what that copy held; what is written from now on, and the patients' keys, are under the new key. So
    /// change the passphrase first, and remove the key that was lost.
    Rotate {
        /// What opens the vault today; with the passphrase, if there is one.
        #[command(flatten)]
        way: Way,
        /// scrypt work factor of the passphrase; less than 18 is for tests
        #[arg(long, hide = true)]
        work_factor: Option<u8>,
    },
    /// Make a new recovery key, shown once; the old one opens nothing any more
    Recovery {
        /// What opens the vault today.
        #[command(flatten)]
        way: Way,
    },
}
