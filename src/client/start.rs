//! Starting the agent, as ssh-agent is: on demand, in the background, one per vault.

use crate::base::{Failure, Kind, Place};
use std::io::IsTerminal;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::net::UnixStream;

const PATIENCE: Duration = Duration::from_secs(10);

/// A connection to the vault's agent; starts the agent if none answers.
pub(super) async fn connect(place: &Place) -> Result<UnixStream, Failure> {
    if let Ok(stream) = UnixStream::connect(place.socket()).await {
        return Ok(stream);
    }
    let mut agent = spawn(place)?;
    let deadline = Instant::now() + PATIENCE;
    let mut pause = Duration::from_millis(2);
    loop {
        match UnixStream::connect(place.socket()).await {
            Ok(stream) => return Ok(stream),
            Err(_) if Instant::now() < deadline => {
                match agent.try_wait() {
                    // One that says that it cannot start will not do better the next time.
                    Ok(Some(ended)) if ended.code().is_some_and(|code| code != 0) => {
                        return Err(Failure::new(Kind::Refused, "the agent does not start here")
                            .hint("run 'bedside agent' to see why"));
                    }
                    // It left because another one answers, which may have been killed since; or was killed itself.
                    Ok(Some(_)) => agent = spawn(place)?,
                    _ => {}
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_millis(100));
            }
            Err(error) => {
                return Err(Failure::new(Kind::Bug, format!("the agent did not start ({})", error.kind()))
                    .hint("run 'bedside agent' in another terminal to see why"));
            }
        }
    }
}

fn spawn(place: &Place) -> Result<Child, Failure> {
    let program = std::env::current_exe().map_err(|_| Failure::new(Kind::Bug, "bedside cannot find itself"))?;
    Command::new(program)
        .arg("--vault")
        .arg(place.folder())
        .args(["agent", "--background"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log())
        .spawn()
        .map_err(|error| Failure::new(Kind::Bug, format!("the agent could not be started ({})", error.kind())))
}

/// Where a program that is started in the background writes its log: beside this one's, when `BEDSIDE_LOG` asks for
/// one and it does not go to a terminal, whose screen it would disturb and which it would outlive.
pub(super) fn log() -> Stdio {
    let wanted = std::env::var_os("BEDSIDE_LOG").is_some() && !std::io::stderr().is_terminal();
    if wanted { Stdio::inherit() } else { Stdio::null() }
}
