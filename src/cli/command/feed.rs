//! Feeds: what other systems send by themselves, and calendars on other servers.

use super::caldav::{FeedAdd, FeedSync};
use clap::{Args, Subcommand};
use std::net::SocketAddr;

/// `bedside feed`.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Feed {
    /// Keep a calendar's address (CalDAV), with a user and a password for it
    ///
    /// From then on 'bedside feed sync' fetches what is new there. Nothing of this practice is sent there unless --push
    /// is given with it. The same name and address again take another user or password.
    Add(FeedAdd),
    /// The calendars that are kept
    List,
    /// Forget a calendar; its appointments stay
    Remove {
        /// What it is called here
        name: String,
    },
    /// Fetch what is new in a calendar, and with --push put our own appointments there
    Sync(FeedSync),
    /// Take HL7 v2 messages about appointments (SIU) over MLLP, until it is ended
    ///
    /// Runs in the foreground, for a service manager to start. A message is answered with AA once it is durable: in the
    /// vault, or sealed beside it while that is locked. AE says that it is broken, or cannot be kept now, and AR that it
    /// is nothing that is taken here. MLLP is neither encrypted nor does it ask who is there: beyond this machine it
    /// belongs into a tunnel. BEDSIDE_LOG sets what is logged; counts and codes only, never what a message says.
    Listen(Listen),
}

// `bedside feed listen`.
#[derive(Debug, Args)]
pub(crate) struct Listen {
    /// Where to listen
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:2575")]
    pub(crate) address: SocketAddr,
    /// The feed's name, when several systems are imported [default: the sender's own]
    #[arg(long, value_name = "NAME")]
    pub(crate) feed: Option<String>,
}
