//! The ways into the vault.

use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

/// What opens the vault, when it is not the passphrase alone.
#[derive(Debug, Default, Args)]
pub struct Way {
    /// Use the recovery key instead of the passphrase
    #[arg(long)]
    pub recovery: bool,
    /// Read the recovery key from the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub recovery_file: Option<PathBuf>,
}

/// `bedside unlock`.
#[derive(Debug, Args)]
pub struct Unlock {
    /// With what.
    #[command(flatten)]
    pub way: Way,
}

/// `bedside passphrase`.
#[derive(Debug, Subcommand)]
pub enum Passphrase {
    /// Set a new one; asks for the present one first
    ///
    /// A passphrase has at least 15 characters, spaces included, and is none of those that are tried first. Nothing
    /// else is asked of it: four or five words that do not belong together are good. What was sealed under the old
    /// one, such as an older copy of the vault folder, still opens with the old one.
    Change {
        /// What opens the vault today.
        #[command(flatten)]
        way: Way,
        /// The new one.
        #[command(flatten)]
        new: NewPassphrase,
    },
}

/// Where a new passphrase comes from.
#[derive(Debug, Args)]
pub struct NewPassphrase {
    /// Read the new passphrase from the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub new_passphrase_file: Option<PathBuf>,
    /// Read the new passphrase from an open file descriptor
    #[arg(long, value_name = "N", conflicts_with = "new_passphrase_file")]
    pub new_passphrase_fd: Option<i32>,
    /// scrypt work factor of the passphrase; less than 18 is for tests
    #[arg(long, hide = true)]
    pub work_factor: Option<u8>,
}
