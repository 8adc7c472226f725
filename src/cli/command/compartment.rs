//! What stands apart, under passphrases of its own.

use super::{NewPassphrase, Way};
use crate::record;
use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

/// `bedside compartment`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Compartment {
    /// Make a compartment, with a passphrase of its own; it is open afterwards
    ///
    /// Its notes are sealed under a key that neither the vault's passphrase nor the vault's key gives: no list, search,
    /// chart or export of the main record shows them. The recovery key opens it, too.
    Create {
        /// psychotherapy (45 CFR 164.501) or sud (42 CFR 2.11)
        #[arg(value_parser = compartment)]
        name: record::Compartment,
        /// What opens the vault.
        #[command(flatten)]
        way: Way,
        /// The compartment's.
        #[command(flatten)]
        passphrase: CompartmentPassphrase,
        /// scrypt work factor of the passphrase; less than 18 is for tests
        #[arg(long, hide = true)]
        work_factor: Option<u8>,
    },
    /// Open a compartment until it is closed or the vault locks
    Open {
        /// Which
        #[arg(value_parser = compartment)]
        name: record::Compartment,
        /// With what.
        #[command(flatten)]
        way: CompartmentWay,
    },
    /// Close a compartment; the vault stays open
    Close {
        /// Which
        #[arg(value_parser = compartment)]
        name: record::Compartment,
    },
    /// Which there are, and which are open
    List,
    /// Set a new passphrase; asks for the present one or the recovery key first
    Passphrase {
        /// Which
        #[arg(value_parser = compartment)]
        name: record::Compartment,
        /// What opens it today.
        #[command(flatten)]
        way: CompartmentWay,
        /// The new one.
        #[command(flatten)]
        new: NewPassphrase,
    },
}

// Where a compartment's passphrase comes from, if not from the terminal: never from where the vault's does.
#[derive(Debug, Default, Args)]
pub(crate) struct CompartmentPassphrase {
    /// Read the compartment's passphrase from the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) compartment_passphrase_file: Option<PathBuf>,
    /// Read the compartment's passphrase from an open file descriptor
    #[arg(long, value_name = "N", conflicts_with = "compartment_passphrase_file")]
    pub(crate) compartment_passphrase_fd: Option<i32>,
}

// What opens a compartment.
#[derive(Debug, Default, Args)]
pub(crate) struct CompartmentWay {
    /// Its passphrase.
    #[command(flatten)]
    pub(crate) passphrase: CompartmentPassphrase,
    /// Use the vault's recovery key instead of the compartment's passphrase
    #[arg(long)]
    pub(crate) recovery: bool,
    /// Use the vault's recovery key, from the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) recovery_file: Option<PathBuf>,
}

/// The compartment of this name.
pub(super) fn compartment(text: &str) -> Result<record::Compartment, String> {
    record::Compartment::ALL
        .into_iter()
        .find(|one| one.as_str() == text)
        .ok_or_else(|| "one of psychotherapy, sud".to_owned())
}
