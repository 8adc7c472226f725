//! Handing a visit to the call window: its own connection to the agent becomes the window's standard input.

use crate::base::{Failure, Kind, Phi, Place, id::VisitId};
use crate::wire::agent::{FromAgent, MESSAGE_MAX_BYTES, Numbered, Reply, Request, VERSION};
use crate::wire::{frame, from_cbor};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::{net::UnixStream, process::CommandExt};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// Devices and manners of the window, as its own options say; `None` takes the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Devices {
    /// `test-card`, `none` or a name.
    pub camera: Option<String>,
    /// `tone`, `file:PATH`, `none` or a name.
    pub microphone: Option<String>,
    /// `none` or a name.
    pub speaker: Option<String>,
    /// The voice as it is, not cleaned.
    pub original_sound: bool,
    /// No window: sound only, or a test card's picture for the other side.
    pub headless: bool,
    /// Offer loopback addresses, for two ends on one machine.
    pub loopback: bool,
}

/// Admits `who` and starts the call window on the visit. Blocks for as long as the agent takes to answer.
///
/// Nobody is admitted where there is no window to talk from.
pub fn open(place: &Place, who: Phi<String>, devices: &Devices) -> Result<(VisitId, Child), Failure> {
    find_window()?;
    let mut stream = UnixStream::connect(place.socket())
        .map_err(|_| Failure::new(Kind::Network, "the agent went away").hint("run 'bedside unlock'"))?;
    ask(&mut stream, 1, Request::Hello { version: VERSION })?;
    let Reply::CallOpened { visit } = ask(&mut stream, 2, Request::CallOpen { who })? else {
        return Err(Failure::new(Kind::Bug, "the agent answered something else"));
    };
    Ok((visit, start(stream.into(), devices)?))
}

/// Starts the call window on a connection that speaks [`crate::wire::call`].
pub fn start(connection: OwnedFd, devices: &Devices) -> Result<Child, Failure> {
    let mut command = Command::new(find_window()?);
    command.args(["--fd", "0"]);
    let named = [("--camera", &devices.camera), ("--microphone", &devices.microphone), ("--speaker", &devices.speaker)];
    for (option, value) in named {
        if let Some(value) = value {
            command.arg(option).arg(value);
        }
    }
    let switched = [
        ("--original-sound", devices.original_sound),
        ("--headless", devices.headless),
        ("--loopback", devices.loopback),
    ];
    command.args(switched.iter().filter(|(_, on)| *on).map(|(option, _)| option));
    // A process group of its own: Ctrl-C and closing the terminal reach the console, not the call.
    command.stdin(Stdio::from(connection)).stdout(Stdio::null()).stderr(super::start::log()).process_group(0);
    command.spawn().map_err(|_| no_window())
}

/// `bedside-call` beside this program, otherwise the one on PATH; says so when there is neither.
pub fn find_window() -> Result<PathBuf, Failure> {
    let beside = std::env::current_exe().ok().and_then(|own| own.parent().map(PathBuf::from));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = beside.into_iter().chain(std::env::split_paths(&path));
    find_in(folders).ok_or_else(no_window)
}

fn find_in(folders: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    folders
        .map(|folder| folder.join("bedside-call"))
        .find(|program| rustix::fs::access(program, rustix::fs::Access::EXEC_OK).is_ok() && program.is_file())
}

fn no_window() -> Failure {
    Failure::new(Kind::Refused, "the call window 'bedside-call' is not installed here")
        .hint("install bedside with the feature 'call', or call from the machine that has it")
}

/// Asks and reads exactly one reply: what follows on the stream belongs to the call.
fn ask(stream: &mut UnixStream, n: u32, request: Request) -> Result<Reply, Failure> {
    let lost = |_| Failure::new(Kind::Network, "the agent went away").hint("run 'bedside unlock'");
    stream.write_all(&frame::encode(&Numbered { n, request })).map_err(lost)?;
    let mut head = [0; frame::HEAD_BYTES];
    stream.read_exact(&mut head).map_err(lost)?;
    let length = u32::from_be_bytes(head) as usize;
    if length > MESSAGE_MAX_BYTES {
        return Err(Failure::new(Kind::Bug, "the agent's answer is too long"));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).map_err(lost)?;
    match from_cbor(&body) {
        Ok(FromAgent::Reply { n: answered, result }) if answered == n => result.map(|reply| *reply),
        _ => Err(Failure::new(Kind::Bug, "the agent answered something else")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn window_is_looked_for_before_anybody_is_admitted() {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("bedside-call");
        let folders = || std::iter::once(folder.path().to_owned());
        assert_eq!(find_in(folders()), None);
        std::fs::write(&program, "").expect("written");
        assert_eq!(find_in(folders()), None, "it is no program yet");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).expect("made a program");
        assert_eq!(find_in(folders()), Some(program));
    }
}
