//! What one may ask of the relay at most. Every number can be set; `--help` says each.

use crate::wire::envelope::ENVELOPE_MAX_BYTES;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The relay's limits.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Queues one operator token may have; a patient needs two.
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub queues_per_token: u32,
    /// Envelopes that may wait in one queue.
    #[arg(long, value_name = "N", default_value_t = 512)]
    pub messages_per_queue: u32,
    /// Bytes that may wait in one queue.
    #[arg(long, value_name = "BYTES", default_value_t = 16 * 1024 * 1024)]
    pub bytes_per_queue: usize,
    /// Bytes that may wait in all queues together.
    #[arg(long, value_name = "BYTES", default_value_t = 512 * 1024 * 1024)]
    pub bytes_total: usize,
    /// Bytes of one envelope; 262144 at most.
    #[arg(long, value_name = "BYTES", default_value_t = ENVELOPE_MAX_BYTES as u32,
          value_parser = clap::value_parser!(u32).range(1024..=ENVELOPE_MAX_BYTES as i64))]
    pub envelope_bytes: u32,
    /// Days an envelope may wait; then it is forgotten.
    #[arg(long, value_name = "DAYS", default_value_t = 14, value_parser = clap::value_parser!(u16).range(1..=90))]
    pub time_to_live_days: u16,
    /// Days after which a queue that nobody used is forgotten.
    #[arg(long, value_name = "DAYS", default_value_t = 180, value_parser = clap::value_parser!(u16).range(1..))]
    pub unused_queue_days: u16,
    /// How often one link may be opened until the practice kills it.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub claims_per_link: u32,
    /// Requests per second from one address (IPv6: one /64), in the long run.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub requests_per_second: u32,
    /// Requests from one address that may come at once.
    #[arg(long, value_name = "N", default_value_t = 250, value_parser = clap::value_parser!(u32).range(1..))]
    pub requests_at_once: u32,
    /// Connections from one address at a time.
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub connections_per_address: u32,
    /// Connections at a time.
    #[arg(long, value_name = "N", default_value_t = 4096)]
    pub connections: u32,
    /// Seconds of silence after which a connection is dead; a WebSocket is pinged before.
    #[arg(long, value_name = "SECONDS", default_value_t = 25, value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub silence_s: u16,
}

impl Limits {
    /// How long an envelope may wait.
    pub fn time_to_live(&self) -> Duration {
        DAY * u32::from(self.time_to_live_days)
    }

    /// How long a queue may lie unused.
    pub fn unused(&self) -> Duration {
        DAY * u32::from(self.unused_queue_days)
    }

    /// How long a connection may be silent.
    pub fn silence(&self) -> Duration {
        Duration::from_secs(u64::from(self.silence_s))
    }
}

impl Default for Limits {
    /// What `bedside-relay serve` has when nothing is said.
    fn default() -> Self {
        use clap::{Args, FromArgMatches};
        let matches = Self::augment_args(clap::Command::new("")).get_matches_from([""]);
        Self::from_arg_matches(&matches).expect("every limit has a default")
    }
}
