//! The audit log.

use crate::record::Action;
use clap::{Args, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

/// `bedside audit`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Audit {
    /// Events, newest first: when, who, what, about whom, which record
    List {
        /// Which.
        #[command(flatten)]
        which: AuditWhich,
        /// How many
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Read the whole record and prove its chain
    Verify,
    /// All events, oldest first, for another program; that it was done is an event, too
    Export {
        /// Which.
        #[command(flatten)]
        which: AuditWhich,
        /// In which form
        #[arg(long, value_enum, default_value_t = AuditFormat::Ndjson)]
        format: AuditFormat,
        /// The file to write, or - for standard output
        #[arg(value_hint = ValueHint::FilePath)]
        file: Option<PathBuf>,
        /// Write over a file that is there
        #[arg(long)]
        force: bool,
    },
}

// Which events.
#[derive(Debug, Args)]
pub(crate) struct AuditWhich {
    /// Only about this patient
    #[arg(long)]
    pub(crate) patient: Option<String>,
    /// Only from this day or time on
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<String>,
    /// Only up to this day, itself included, or time
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<String>,
    /// Only of this kind, such as note_read; may be given several times
    #[arg(long, value_parser = action)]
    pub(crate) kind: Vec<Action>,
}

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormat {
    /// One JSON object a line, with the fields of 'audit list --json'
    Ndjson,
    /// One FHIR R4 AuditEvent a line; ids, no names
    Fhir,
}

fn action(text: &str) -> Result<Action, String> {
    let word = serde_json::Value::String(text.replace(['-', ' '], "_"));
    serde_json::from_value(word)
        .map_err(|_| "a kind as 'bedside audit list --json' has it, such as note_read".to_owned())
}
