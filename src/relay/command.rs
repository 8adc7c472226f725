//! The command line, and the only place that prints.

use super::{
    Error, check,
    limit::Limits,
    server::{self, Settings},
    tls::Certificate,
    token::{self, TokenId},
};
use crate::base::Failure;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::{ffi::OsString, io::Write, net::SocketAddr, path::PathBuf, process::ExitCode};
use tracing_subscriber::{filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

const EXAMPLES: &str = "\
Examples:
  bedside-relay token > tokens                  make a token; the practice's bedside is given the same
  bedside-relay serve --token-file tokens       on this machine only, http://127.0.0.1:8765
  bedside-relay serve --token-file tokens --listen 0.0.0.0:443 --cert chain.pem --key key.pem
  bedside-relay check https://relay.example     is it reachable and right?

The relay keeps everything in memory and forgets it when it ends. SIGTERM and Ctrl-C end it; SIGHUP reads the \
certificate and the tokens again.";

/// The blind mailbox between a practice and its patients, and their page.
#[derive(Debug, Parser)]
#[command(name = "bedside-relay", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run the relay (also without any command).
    #[command(after_help = EXAMPLES)]
    Serve(Box<Serve>),
    /// Make a token that may make mailboxes; it is shown once.
    Token,
    /// Say whether a relay is reachable and right.
    ///
    /// Exit code 0: all is well. 1: something is wrong that the relay's operator must mend. 4: it cannot be reached.
    Check(Check),
}

#[derive(Debug, Args)]
struct Serve {
    /// Where to listen; port 0 takes a free one. The address is printed.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8765")]
    listen: SocketAddr,
    /// The certificate chain, PEM, leaf first. Without it only loopback is listened on.
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,
    /// The certificate's key, PEM.
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
    /// The tokens that may make queues, one a line, plain or as `sha256:…`.
    #[arg(long, value_name = "FILE", env = "BEDSIDE_RELAY_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// Believe the last X-Forwarded-For of a proxy on this machine. The proxy must keep the Host header.
    #[arg(long)]
    behind_proxy: bool,
    /// How much goes to standard error. No level says who: only counts, durations and names of refusals.
    #[arg(long, value_name = "LEVEL", env = "BEDSIDE_RELAY_LOG", default_value = "info")]
    log: Level,
    #[command(flatten)]
    limits: Limits,
}

#[derive(Debug, Args)]
struct Check {
    /// `https://HOST[:PORT]`, or `http://` on this machine.
    url: String,
    /// Also sends an envelope through a queue of its own, with the first plain token of this file.
    #[arg(long, value_name = "FILE", env = "BEDSIDE_RELAY_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// Trust the certificates in this PEM file, too.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl From<Level> for tracing::Level {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => tracing::Level::ERROR,
            Level::Warn => tracing::Level::WARN,
            Level::Info => tracing::Level::INFO,
            Level::Debug => tracing::Level::DEBUG,
            Level::Trace => tracing::Level::TRACE,
        }
    }
}

/// The command line's definition, for man page and completions.
pub fn command() -> clap::Command {
    Arguments::command()
}

/// What was asked on the command line.
pub struct Command(Arguments);

/// Reads the command line; what is wrong with it is said.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, ExitCode> {
    let arguments = command().try_get_matches_from(arguments).and_then(|m| Arguments::from_arg_matches(&m));
    arguments.map(Command).map_err(|error| {
        // Nothing is left to do when standard output is closed.
        let _ = error.print();
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })
}

impl Command {
    /// Does it.
    pub fn run(self) -> Result<ExitCode, Error> {
        match self.0.verb {
            None => self.0.serve.run(),
            Some(Verb::Serve(serve)) => serve.run(),
            Some(Verb::Token) => {
                let token = token::make();
                say(&token);
                hint(&format!("the relay's token file may hold its hash instead: {}", TokenId::of(&token).to_line()));
                Ok(ExitCode::SUCCESS)
            }
            Some(Verb::Check(check)) => check.run(),
        }
    }
}

fn run_async<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

impl Serve {
    fn run(self) -> Result<ExitCode, Error> {
        let level = tracing::Level::from(self.log);
        let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
        // Libraries log addresses: only our own targets are let through.
        let ours = Targets::new().with_target("bedside", level);
        // A second subscriber in one process is refused; the first one stays.
        let _ = tracing_subscriber::registry().with(log).with(ours).try_init();
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map_or(String::new(), ToString::to_string);
            tracing::error!(place, "a bug: this connection ends");
        }));
        let certificate = self.cert.zip(self.key).map(|(chain, key)| Certificate { chain, key });
        let settings = Settings {
            listen: self.listen,
            certificate,
            token_file: self.token_file,
            behind_proxy: self.behind_proxy,
            limits: self.limits,
        };
        run_async(server::serve(settings, |line| say(&line)))?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Check {
    fn run(self) -> Result<ExitCode, Error> {
        let token = self.token_file.as_deref().map(token::first_plain).transpose()?;
        let url = check::Url::parse(&self.url)?;
        let report = run_async(check::check(&url, token.as_deref(), self.ca_file.as_deref()))?;
        for finding in &report.findings {
            say(&finding.to_string());
        }
        Ok(ExitCode::from(report.exit_code()))
    }
}

/// A line that was asked for. Whoever closed standard output does not want it.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// What to do, where nobody parses it.
fn hint(text: &str) {
    let _ = writeln!(std::io::stderr(), "bedside-relay: hint: {text}");
}

/// Says what is wrong and what to do.
pub fn complain(failure: &Failure) {
    let _ = writeln!(std::io::stderr(), "bedside-relay: error: {failure}");
    if let Some(text) = &failure.hint {
        hint(text);
    }
}
