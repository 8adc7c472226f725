//! The command line of `bedside-call`.
//!
//! No name, no address and no key stands on it: the connection to the agent is an inherited descriptor,
//! everything else comes over that.

use super::device::{CameraChoice, MicrophoneChoice, SpeakerChoice, cpal, nokhwa};
use super::program::{self, Program};
use super::sandbox::Sandbox;
use super::session::Options;
use crate::base::{Failure, Kind, SafeText};
use clap::Parser;
use std::io::Write;
use std::os::fd::{BorrowedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::ExitCode;

/// The call window of one visit. It is started by bedside, not by hand.
#[derive(Debug, Parser)]
#[command(name = "bedside-call", version, max_term_width = 100)]
pub struct Command {
    /// The connection to the agent, upgraded for one visit, as an inherited descriptor
    #[arg(long, value_name = "N", required_unless_present = "list_devices")]
    fd: Option<RawFd>,
    /// Camera: part of its name, `test-card` or `none`
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = |text: &str| Ok::<_, String>(CameraChoice::from(text)))]
    camera: CameraChoice,
    /// Microphone: part of its name, `tone`, `file:PATH` (a WAV file, spoken again and again) or `none`
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = |text: &str| Ok::<_, String>(MicrophoneChoice::from(text)))]
    microphone: MicrophoneChoice,
    /// Speaker: part of its name or `none`
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = |text: &str| Ok::<_, String>(SpeakerChoice::from(text)))]
    speaker: SpeakerChoice,
    /// Sound and picture without a window
    #[arg(long)]
    headless: bool,
    /// Offer this machine's loopback addresses, too: both ends are on it
    #[arg(long)]
    loopback: bool,
    /// Send the voice as it is: no echo cancellation, noise suppression or gain
    #[arg(long)]
    original_sound: bool,
    /// List cameras, microphones and speakers, and leave
    #[arg(long)]
    list_devices: bool,
    /// With --list-devices: one JSON object
    #[arg(long, requires = "list_devices")]
    json: bool,
}

/// Runs the program.
pub fn run() -> ExitCode {
    let command = Command::parse();
    let own = program::divert_stderr();
    program::start_log(&own);
    program::hide_panics(&own);
    match command.obey() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            program::complain(&own, &format!("error: {}", failure.message));
            if let Some(hint) = &failure.hint {
                program::complain(&own, &format!("hint: {hint}"));
            }
            ExitCode::from(failure.kind.exit_code())
        }
    }
}

impl Command {
    fn obey(self) -> Result<(), Failure> {
        program::keep_shaders_in_memory();
        let sound_file: Vec<PathBuf> = match &self.microphone {
            MicrophoneChoice::File(path) => vec![path.clone()],
            _ => Vec::new(),
        };
        let sandbox = Sandbox::enter(&sound_file).map_err(|e| program::refused(&e))?;
        if self.list_devices {
            return list_devices(self.json);
        }
        let socket = self.socket()?;
        let options = Options { loopback: self.loopback, original_sound: self.original_sound, display: !self.headless };
        let program = Program::open(sandbox, socket, options, (self.camera, self.microphone, self.speaker))?;
        if self.headless { program.run_headless(false) } else { program.run() }
    }

    /// Takes the inherited descriptor; anything else than a local socket is refused. It may be the
    /// standard input, which is the simplest one to hand over.
    fn socket(&self) -> Result<UnixStream, Failure> {
        let wrong = || Failure::new(Kind::Usage, "--fd is not an open connection").hint("bedside starts this program");
        let fd = self.fd.filter(|fd| *fd >= 0 && *fd != 1 && *fd != 2).ok_or_else(wrong)?;
        #[expect(unsafe_code, reason = "an inherited descriptor is a number")]
        // SAFETY: a number nobody opened is answered with EBADF, and nothing in this program closes it.
        let given = unsafe { BorrowedFd::borrow_raw(fd) };
        let domain = rustix::net::sockopt::socket_domain(given).map_err(|_| wrong())?;
        if domain != rustix::net::AddressFamily::UNIX {
            return Err(wrong());
        }
        let own = rustix::io::fcntl_dupfd_cloexec(given, 3).map_err(|_| wrong())?;
        Ok(UnixStream::from(own))
    }
}

/// Prints the devices, for people or as one JSON object.
fn list_devices(json: bool) -> Result<(), Failure> {
    let kinds = [("cameras", nokhwa::names()), ("microphones", cpal::microphones()), ("speakers", cpal::speakers())];
    let mut text = String::new();
    if json {
        let object: serde_json::Map<String, serde_json::Value> =
            kinds.into_iter().map(|(kind, names)| (kind.to_owned(), names.into())).collect();
        text = format!("{}\n", serde_json::Value::from(object));
    } else {
        for (kind, names) in kinds {
            text.push_str(&format!("{kind}:\n"));
            for name in &names {
                text.push_str(&format!("  {}\n", SafeText::line(name)));
            }
            if names.is_empty() {
                text.push_str("  none found\n");
            }
        }
    }
    std::io::stdout().write_all(text.as_bytes()).map_err(|_| Failure::new(Kind::Refused, "nobody reads the output"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound_and_wants_a_connection() {
        Command::command().debug_assert();
        assert!(Command::try_parse_from(["bedside-call"]).is_err());
        let command = Command::try_parse_from(["bedside-call", "--fd", "3", "--camera", "test-card"]).unwrap();
        assert_eq!(command.camera, CameraChoice::TestCard);
        assert_eq!(command.speaker, SpeakerChoice::Default);
        assert!(Command::try_parse_from(["bedside-call", "--list-devices", "--json"]).is_ok());
        assert!(Command::try_parse_from(["bedside-call", "--fd", "3", "--json"]).is_err());
    }

    #[test]
    fn a_descriptor_that_is_no_local_socket_is_refused() {
        for fd in ["1", "2", "900", "-1"] {
            let argument = format!("--fd={fd}");
            let command = Command::try_parse_from(["bedside-call", argument.as_str()]).unwrap();
            assert_eq!(command.socket().unwrap_err().kind, Kind::Usage, "{fd}");
        }
    }
}
