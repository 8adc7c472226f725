//! The vault and the practice: made, opened, changed, audited.

use crate::record::AddressPolicy;
use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

// `bedside init`.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The name patients see, such as "Dr. Okafor"
    #[arg(long, value_name = "NAME")]
    pub(crate) clinician: Option<String>,
    /// The number patients call when the page cannot help
    #[arg(long)]
    pub(crate) phone: Option<String>,
    /// What the page says about emergencies
    #[arg(long, value_name = "TEXT")]
    pub(crate) emergency: Option<String>,
    /// The relay, https://HOST (http:// only on this machine)
    #[arg(long, value_name = "URL")]
    pub(crate) relay: Option<String>,
    /// The file with the relay operator's token
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) relay_token_file: Option<PathBuf>,
    /// May the other person see this machine's network address in a call?
    #[arg(long, value_enum)]
    pub(crate) addresses: Option<Addresses>,
    /// The practice's time zone [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// scrypt work factor of the passphrase; less than 18 is for tests
    #[arg(long, hide = true)]
    pub(crate) work_factor: Option<u8>,
}

/// How calls may travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Addresses {
    /// Straight from machine to machine: each side can learn the other's network address after admission
    Direct,
    /// Always through a relay: neither learns the other's address
    Relay,
}

impl From<Addresses> for AddressPolicy {
    fn from(addresses: Addresses) -> Self {
        match addresses {
            Addresses::Direct => Self::Direct,
            Addresses::Relay => Self::Relay,
        }
    }
}

/// `bedside practice`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
#[expect(clippy::large_enum_variant, reason = "it is made once, and clap cannot box the fields of a command")]
pub(crate) enum Practice {
    /// Show the practice
    Show,
    /// Change what is given
    Edit {
        /// The name patients see
        #[arg(long, value_name = "NAME")]
        clinician: Option<String>,
        /// The number patients call; empty for none
        #[arg(long)]
        phone: Option<String>,
        /// What the page says about emergencies; empty for nothing
        #[arg(long, value_name = "TEXT")]
        emergency: Option<String>,
        /// The relay; empty for none
        #[arg(long, value_name = "URL")]
        relay: Option<String>,
        /// The file with the relay operator's token
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        relay_token_file: Option<PathBuf>,
        /// How calls may travel
        #[arg(long, value_enum)]
        addresses: Option<Addresses>,
        /// Time zone, such as Europe/Berlin
        #[arg(long)]
        zone: Option<String>,
        /// Minutes without use after which the vault locks; 0 never
        #[arg(long, value_name = "MINUTES")]
        lock_after: Option<u32>,
        /// Hours a link can be opened
        #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(1..=1440))]
        invite_hours: Option<u32>,
        /// Years for which a chart must be kept after the last contact (of a child: after coming of age); 0 for no rule
        #[arg(long, value_name = "YEARS", value_parser = clap::value_parser!(u32).range(0..=100))]
        retention_years: Option<u32>,
        /// Working hours, such as "mon-fri 9:00-17:00"; once for each; empty for none
        #[arg(long, value_name = "HOURS")]
        hours: Vec<String>,
        /// Minutes before an appointment at which the console rings and the desktop says so, without a name; or off
        #[arg(long, value_name = "MINUTES|off")]
        remind_me: Option<String>,
        /// How long before an appointment the patient gets a message that brings it for the calendar: 24h, or 24h,1h; or off
        #[arg(long, value_name = "TIMES|off")]
        remind_patient: Option<String>,
        /// Whether this is a programme under 42 CFR part 2: its exports carry the notice of §2.32
        #[arg(long, value_name = "true|false")]
        part2: Option<bool>,
    },
}
