//! Calendars on other servers (CalDAV).

use clap::{Args, ValueHint};
use std::path::PathBuf;

// `bedside feed add`.
#[derive(Debug, Args)]
pub(crate) struct FeedAdd {
    /// What it is called here
    pub(crate) name: String,
    /// The calendar's address, https://HOST/PATH/; http:// only on this machine
    #[arg(long, value_hint = ValueHint::Url)]
    pub(crate) url: String,
    /// The user's name there
    #[arg(long, requires = "password_file")]
    pub(crate) user: Option<String>,
    /// Read the user's password from the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "user")]
    pub(crate) password_file: Option<PathBuf>,
}

// `bedside feed sync`.
#[derive(Debug, Args)]
pub(crate) struct FeedSync {
    /// Which calendar that is kept [default: the only one]; with --url, what its appointments' feed is called
    pub(crate) name: Option<String>,
    /// A calendar's address, instead of one that is kept; works while the vault is locked
    // Whether it is kept, and as what, cannot be looked for while locked: its name says it at any time.
    #[arg(long, value_hint = ValueHint::Url, requires = "name")]
    pub(crate) url: Option<String>,
    /// The user's name there
    #[arg(long, requires_all = ["url", "password_file"])]
    pub(crate) user: Option<String>,
    /// Read the user's password from the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "user")]
    pub(crate) password_file: Option<PathBuf>,
    /// Put the appointments that were made here there, too, without names
    #[arg(long, conflicts_with = "url")]
    pub(crate) push: bool,
    /// With the patients' names: whoever can read that calendar reads them
    #[arg(long, requires = "push")]
    pub(crate) names: bool,
    /// Where an appointment of ours was changed there, ours counts
    #[arg(long, requires = "push")]
    pub(crate) overwrite: bool,
    /// Only say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Take what is sound and report what is broken; without it one broken entry takes nothing
    #[arg(long)]
    pub(crate) partial: bool,
    /// Cancel even more than a tenth of the appointments to come
    #[arg(long)]
    pub(crate) allow_removals: bool,
}
