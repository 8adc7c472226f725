//! Tasks.

use super::Text;
use clap::Subcommand;

/// `bedside task`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Task {
    /// Write down what is to be done; without --text-file it opens $EDITOR, or reads standard input
    Add {
        /// About whom
        #[arg(long)]
        patient: Option<String>,
        /// The day by which: 2026-11-26, today, tomorrow
        #[arg(long, value_name = "DAY")]
        due: Option<String>,
        /// What is to be done, in a line
        #[command(flatten)]
        text: Text,
    },
    /// What is to be done, by day
    List {
        /// Only about this patient
        #[arg(long)]
        patient: Option<String>,
        /// Also what is done
        #[arg(long)]
        all: bool,
    },
    /// Change the day, or the text; without --due and --text-file it opens $EDITOR
    Edit {
        /// Its id
        id: String,
        /// The day by which, or none
        #[arg(long, value_name = "DAY|none")]
        due: Option<String>,
        /// What is to be done
        #[command(flatten)]
        text: Text,
    },
    /// It is done
    Done {
        /// Its id
        id: String,
        /// It is not, after all
        #[arg(long)]
        undo: bool,
    },
}
