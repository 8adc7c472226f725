//! The command line: one file per noun. Arguments become requests to the agent, replies become tables or JSON.
//!
//! Refuses to be: a second way to the vault. Feeds are parsed here, away from the process that holds the keys;
//! [`output`] alone prints; [`console`] makes the one connection.

mod agent;
mod appointment;
mod audit;
mod backup;
mod caldav;
mod call;
mod command;
mod compartment;
mod config;
mod console;
mod demo;
mod editor;
mod export;
mod feed;
mod fhir;
mod forget;
mod generate;
mod identity;
mod import;
mod key;
mod listen;
mod message;
mod note;
mod output;
mod patient;
mod practice;
mod progress;
mod reminder;
mod room;
mod secret;
mod shield;
mod task;
mod vault;
mod visit;
mod when;
mod writing;

use crate::base::{Failure, Kind};
use clap::Parser;
use command::{Cli, Noun};
use console::Console;
use std::process::ExitCode;

/// Runs the command line and says how it ended.
pub fn main() -> ExitCode {
    shield::raise();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(asked) => return output::usage(&asked),
    };
    // The agent's own carry no name, and whoever looks for it finds it by them.
    if !matches!(cli.noun, Some(Noun::Agent(_))) {
        shield::hide_arguments();
    }
    ExitCode::from(end(|| run(cli)))
}

/// Does the work, says what failed, and gives the exit code.
fn end(work: impl FnOnce() -> Result<(), Failure>) -> u8 {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)) {
        Ok(Ok(())) => 0,
        Ok(Err(failure)) => {
            output::failure(&failure);
            failure.kind.exit_code()
        }
        // The hook has said where.
        Err(_) => Kind::Bug.exit_code(),
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let console = Console::new(&cli)?;
    match cli.noun {
        Some(Noun::Agent(args)) => agent::run(&console, &args),
        Some(Noun::Generate(args)) => generate::run(&args),
        noun => wait_for(async {
            match noun {
                None => console::open(&console).await,
                Some(noun) => dispatch(&console, noun).await,
            }
        }),
    }
}

/// Runs what waits for the agent.
fn wait_for(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|_| Failure::new(Kind::Bug, "the runtime could not be started"))?
        .block_on(work)
}

async fn dispatch(console: &Console, noun: Noun) -> Result<(), Failure> {
    match noun {
        Noun::Init(args) => vault::init(console, args).await,
        Noun::Unlock(args) => vault::unlock(console, &args).await,
        Noun::Lock => vault::lock(console).await,
        Noun::Passphrase(verb) => key::passphrase(console, verb).await,
        Noun::Key(verb) => key::run(console, verb).await,
        Noun::Compartment(verb) => compartment::run(console, verb).await,
        Noun::Status => vault::status(console).await,
        Noun::Practice(verb) => practice::run(console, verb).await,
        Noun::Patient(verb) => patient::run(console, verb).await,
        Noun::Appointment(verb) => appointment::run(console, verb).await,
        Noun::Agenda(args) => appointment::agenda(console, &args).await,
        Noun::Feed(verb) => feed::run(console, verb).await,
        Noun::Note(verb) => note::run(console, verb).await,
        Noun::Task(verb) => task::run(console, verb).await,
        Noun::Message(verb) => message::run(console, verb).await,
        Noun::Room(verb) => room::run(console, verb).await,
        Noun::Call(args) => call::run(console, args).await,
        Noun::Visit(verb) => visit::run(console, verb).await,
        Noun::Audit(verb) => audit::run(console, verb).await,
        Noun::Backup(verb) => backup::run(console, verb).await,
        Noun::Demo(args) => demo::run(console, &args).await,
        Noun::Agent(_) | Noun::Generate(_) => Err(Failure::new(Kind::Bug, "a command reached the wrong room")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panic_ends_with_the_exit_code_of_a_bug() {
        assert_eq!(end(|| panic!("not to be shown")), 70);
        assert_eq!(end(|| Err(Failure::new(Kind::Locked, "the vault is locked"))), 3);
        assert_eq!(end(|| Ok(())), 0);
    }
}
