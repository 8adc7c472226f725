//! Patients.

use super::Way;
use clap::{Args, Subcommand};

// What describes a patient.
#[derive(Debug, Default, Args)]
pub(crate) struct PatientFields {
    /// Number to call when the line drops
    #[arg(long)]
    pub(crate) phone: Option<String>,
    /// Emergency contact, "NAME, NUMBER"
    #[arg(long, value_name = "CONTACT")]
    pub(crate) emergency: Option<String>,
    /// Date of birth, 1985-12-10
    #[arg(long, value_name = "DATE")]
    pub(crate) born: Option<jiff::civil::Date>,
    /// Time zone where the patient lives
    #[arg(long)]
    pub(crate) zone: Option<String>,
    /// Another name under which feeds know the patient; once for each; empty for none
    #[arg(long, value_name = "NAME")]
    pub(crate) alias: Option<Vec<String>>,
    /// Hide addresses from each other in calls
    #[arg(long, value_name = "BOOL")]
    pub(crate) relay_only: Option<bool>,
}

/// `bedside patient`. A patient is named by the beginning of any part of the name, or of the id.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Patient {
    /// Add a patient
    Add {
        /// Name
        #[arg(long)]
        name: String,
        /// The rest
        #[command(flatten)]
        fields: PatientFields,
    },
    /// All patients, by name
    List {
        /// Also those archived
        #[arg(long)]
        archived: bool,
    },
    /// One patient
    Show {
        /// Who
        patient: String,
    },
    /// Change what is given; an empty text clears it
    Edit {
        /// Who
        patient: String,
        /// Name
        #[arg(long)]
        name: Option<String>,
        /// The rest
        #[command(flatten)]
        fields: PatientFields,
    },
    /// Hide a patient from lists; the record stays
    Archive {
        /// Who
        patient: String,
        /// Bring back
        #[arg(long)]
        undo: bool,
    },
    /// Put a chart under a legal hold: it cannot be forgotten until that is ended
    Hold {
        /// Who
        patient: String,
        /// Why, in a line
        #[arg(long, value_name = "TEXT", required_unless_present = "release")]
        reason: Option<String>,
        /// End the hold
        #[arg(long, conflicts_with = "reason")]
        release: bool,
    },
    /// Destroy a patient's key, and with it the whole chart, for ever and in every backup; asks for the passphrase
    ///
    /// Refused while the chart must be kept (`bedside practice edit --retention-years`) or is under a legal hold. Prints
    /// a certificate of what was destroyed and of what this cannot reach. A script must name the patient by the whole id.
    Forget {
        /// Who
        patient: String,
        /// What opens the vault today.
        #[command(flatten)]
        way: Way,
    },
    /// Make the link that connects this patient's device; an older link, and the device it connected, are cut off
    Invite {
        /// Who
        patient: String,
        /// Only the link, without the QR code
        #[arg(long)]
        no_qr: bool,
        /// Copy the link to the clipboard through the terminal (OSC 52)
        #[arg(long)]
        copy: bool,
    },
}
