//! What is kept elsewhere, and what comes back from there.

use super::{NewPassphrase, Way};
use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

/// `bedside backup`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Backup {
    /// Add to the backup what is new; without folders, to those of the last time
    ///
    /// The backup is sealed and only ever gains new files, so it may lie on any disk or in a bucket. It holds no
    /// patient's key: these go, under the recovery key, into one file in a folder of their own, of which only the
    /// latest is kept. Whoever is forgotten in the vault is forgotten in every backup then. Keep the two apart.
    Create(BackupFolders),
    /// Restore the backup beside the vault and compare every record; nothing is left behind
    Verify(BackupFolders),
    /// Make a vault from a backup, in a new folder, with a new passphrase
    Restore(BackupRestore),
    /// Write everything, or one patient's records, into a file that the program 'age' opens without bedside
    ///
    /// In it is a tar archive with Markdown, CSV, JSON and iCalendar files. It asks for the vault's passphrase again
    /// and is in the audit log. The file is as confidential as the vault, and whoever has its key or passphrase reads
    /// it without leaving a trace: it says inside when it should be deleted.
    Export(BackupExport),
}

// Which folders.
#[derive(Debug, Args)]
pub(crate) struct BackupFolders {
    /// The backup's folder
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) folder: Option<PathBuf>,
    /// The folder with the keys' backup, best on another disk
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) keyring: Option<PathBuf>,
}

// `bedside backup restore`.
#[derive(Debug, Args)]
pub(crate) struct BackupRestore {
    /// The backup's folder
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,
    /// The folder with the keys' backup
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) keyring: Option<PathBuf>,
    /// The practice's new folder [default: as --vault says]
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) to: Option<PathBuf>,
    /// Restore what can be read when keys are missing, instead of nothing
    #[arg(long)]
    pub(crate) partial: bool,
    /// Read the recovery key from the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) recovery_file: Option<PathBuf>,
    /// The vault's new passphrase.
    #[command(flatten)]
    pub(crate) new: NewPassphrase,
}

// `bedside backup export`.
#[derive(Debug, Args)]
pub(crate) struct BackupExport {
    /// The file to write, such as practice.tar.age
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// What opens the vault, asked for again.
    #[command(flatten)]
    pub(crate) way: Way,
    /// Who can open it: an age recipient, age1…; may be given several times
    #[arg(long, value_name = "AGE1…", required_unless_present_any = ["passphrase", "export_passphrase_file"])]
    pub(crate) recipient: Vec<String>,
    /// Ask for a passphrase that opens it
    #[arg(long, conflicts_with_all = ["recipient", "export_passphrase_file"])]
    pub(crate) passphrase: bool,
    /// Read the passphrase that opens it from the first line of a file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "recipient")]
    pub(crate) export_passphrase_file: Option<PathBuf>,
    /// Only this patient's records
    #[arg(long)]
    pub(crate) patient: Option<String>,
    /// Days until it should be deleted, which it says inside
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=36500))]
    pub(crate) delete_after: u32,
    /// Write over a file that is there
    #[arg(long)]
    pub(crate) force: bool,
    /// scrypt work factor of the file's passphrase; less than 18 is for tests
    #[arg(long, hide = true)]
    pub(crate) work_factor: Option<u8>,
}
