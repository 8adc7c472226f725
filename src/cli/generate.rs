//! Man pages and completions, made from the command line's own definition.

use super::command::{Cli, Generate, Generated};
use crate::base::{Failure, Kind};
use clap::{Command, CommandFactory};
use std::path::Path;

pub(super) fn run(args: &Generate) -> Result<(), Failure> {
    let result = match &args.what {
        Generated::Man { folder } => man(folder),
        Generated::Completions { folder } => completions(folder),
    };
    result.map_err(|error| Failure::new(Kind::Refused, format!("the files could not be written ({})", error.kind())))
}

/// Every command of this package that has pages.
fn commands() -> Vec<Command> {
    #[cfg_attr(not(any(feature = "call", feature = "relay")), expect(unused_mut, reason = "the console is alone"))]
    let mut all = vec![Cli::command()];
    #[cfg(feature = "call")]
    all.push(crate::call::command::Command::command());
    #[cfg(feature = "relay")]
    all.push(crate::relay::command::command());
    all
}

fn man(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for command in commands() {
        clap_mangen::generate_to(command, folder)?;
    }
    Ok(())
}

fn completions(folder: &Path) -> std::io::Result<()> {
    use clap_complete::Shell;
    std::fs::create_dir_all(folder)?;
    for mut command in commands() {
        let name = command.get_name().to_owned();
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            clap_complete::generate_to(shell, &mut command, &name, folder)?;
        }
    }
    Ok(())
}
