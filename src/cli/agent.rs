//! `bedside agent`, and the other end of a link that lives in memory only.

use super::command;
use super::console::Console;
use super::output;
use crate::agent::join::{self, Manners};
use crate::agent::run::{Start, run as serve};
use crate::base::{Failure, Kind};
use crate::client::Connection;
use serde_json::json;
use std::path::Path;
use tracing_subscriber::EnvFilter;

pub(super) fn run(console: &Console, args: &command::Agent) -> Result<(), Failure> {
    if args.stop {
        return stop(console);
    }
    let resume = args.resume.as_deref().map(descriptors).transpose()?;
    log("warn");
    // For tests: with small segments they see many begin. The agents that this one becomes and the next ones inherit it.
    let segment_bytes = std::env::var("BEDSIDE_SEGMENT_BYTES").ok().and_then(|bytes| bytes.parse().ok());
    serve(Start { place: console.place.clone(), resume, background: args.background, segment_bytes })
}

fn stop(console: &Console) -> Result<(), Failure> {
    super::wait_for(async {
        match Connection::stop(&console.place).await? {
            true => console.show(|| json!({"agent": "ended"}), || output::line("Ended.")),
            false => console.show(|| json!({"agent": "none"}), || output::line("No agent runs here.")),
        }
        Ok(())
    })
}

fn descriptors(text: &str) -> Result<(i32, i32), Failure> {
    let bad = || Failure::new(Kind::Usage, "--resume is for the agent itself");
    let (socket, memory) = text.split_once(',').ok_or_else(bad)?;
    let parse = |text: &str| text.parse::<i32>().ok().filter(|fd| *fd > 2).ok_or_else(bad);
    Ok((parse(socket)?, parse(memory)?))
}

/// Logs to standard error what BEDSIDE_LOG asks for, else what is `usual`, of our own rooms only: libraries log
/// addresses.
pub(super) fn log(usual: &str) {
    let level = std::env::var("BEDSIDE_LOG").unwrap_or_default();
    let level = ["error", "warn", "info", "debug", "trace"].into_iter().find(|known| *known == level).unwrap_or(usual);
    let filter = EnvFilter::new(format!("off,bedside={level}"));
    // A second subscriber cannot be; the first one stands.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).try_init();
}

/// Is the patient of a link.
pub(super) async fn join(console: &Console, link_file: &Path, knock: bool, answer: bool) -> Result<(), Failure> {
    let link =
        if link_file.as_os_str() == "-" { super::secret::ask("Link: ")? } else { super::secret::from_file(link_file)? };
    let devices = console.devices();
    let window = |connection| crate::client::call::start(connection, &devices);
    join::run(link, Manners { knock, answer }, window, output::line).await
}
