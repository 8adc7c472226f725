//! Where a vault lies and where its agent listens. Only paths are made here; nothing is opened.

use super::{Failure, Kind};
use std::path::{Path, PathBuf};

/// A Unix socket's path may have this many bytes on every system (Linux allows 107, macOS 103).
const SOCKET_PATH_MAX_BYTES: usize = 100;

/// One practice's folder: the vault in it, and the agent's socket beside the vault. Every client finds the socket
/// from the folder alone, so that a script without a session's environment reaches the same agent as the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    folder: PathBuf,
}

impl Place {
    /// The practice in `folder`, an absolute path. Refuses a path too long for a socket.
    pub fn new(folder: PathBuf) -> Result<Self, Failure> {
        let place = Self { folder };
        if place.socket().as_os_str().len() <= SOCKET_PATH_MAX_BYTES {
            Ok(place)
        } else {
            Err(Failure::new(Kind::Usage, "the vault folder's path is too long for a socket")
                .hint("choose a shorter one with --vault, or reach it through a symbolic link"))
        }
    }

    /// The practice's folder, 0700.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The vault.
    pub fn vault(&self) -> PathBuf {
        self.folder.join("vault")
    }

    /// The agent's socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.join("agent.sock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_too_long_for_a_socket_is_refused() {
        assert!(Place::new(PathBuf::from(format!("/{}", "x".repeat(200)))).is_err());
        assert!(Place::new(PathBuf::from("/home/ada/.local/share/bedside")).is_ok());
    }
}
