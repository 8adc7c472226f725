//! `bedside passphrase`: the ways into the vault.

use super::console::Console;
use super::{command, output, secret};
use crate::base::Failure;
use crate::client::agent::Request;
use serde_json::json;

pub(super) async fn passphrase(console: &Console, verb: command::Passphrase) -> Result<(), Failure> {
    let command::Passphrase::Change { way, new } = verb;
    let (connection, _events) = console.connect().await?;
    super::vault::must_be_open(&connection)?;
    let way = secret::way(console, &way, "Present passphrase: ")?;
    let work_factor = new.work_factor;
    let new = secret::new_passphrase(secret::Given::of(new.new_passphrase_file, new.new_passphrase_fd))?;
    connection.request(Request::PassphraseChange { way, new, work_factor }).await?;
    console.show(|| json!({"passphrase": "changed"}), || output::line("The passphrase is changed."));
    Ok(())
}
