//! `bedside feed`: what comes in from other systems, and goes there.

use super::console::Console;
use super::{caldav, command, listen};
use crate::base::Failure;

pub(super) async fn run(console: &Console, verb: command::Feed) -> Result<(), Failure> {
    match verb {
        command::Feed::Listen(args) => listen::run(console, args).await,
        command::Feed::Add(args) => caldav::add(console, args).await,
        command::Feed::List => caldav::list(console).await,
        command::Feed::Remove { name } => caldav::remove(console, name).await,
        command::Feed::Sync(args) => caldav::sync::run(console, args).await,
    }
}
