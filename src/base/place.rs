//! Where a vault lies and where its agent listens. Only paths are made here; nothing is opened.

use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A Unix socket's path may have this many bytes on every system (Linux allows 107, macOS 103).
const SOCKET_PATH_MAX_BYTES: usize = 100;

/// One vault's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    folder: PathBuf,
    socket: PathBuf,
}

impl Place {
    /// The vault in `folder`, an absolute path. Its agent listens in the same folder; if that path is too long for a
    /// socket, in `runtime` (the user's XDG_RUNTIME_DIR) under a name made from the folder's.
    pub fn new(folder: PathBuf, runtime: &Path) -> Self {
        let beside = folder.join("agent.sock");
        let socket = if beside.as_os_str().len() <= SOCKET_PATH_MAX_BYTES {
            beside
        } else {
            let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
            runtime.join(format!("bedside-{}.sock", data_encoding::HEXLOWER.encode(&digest[..8])))
        };
        Self { folder, socket }
    }

    /// The vault's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The agent's socket.
    pub fn socket(&self) -> &Path {
        &self.socket
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_folders_still_get_a_socket() {
        let folder = PathBuf::from(format!("/{}", "x".repeat(200)));
        let place = Place::new(folder, Path::new("/run/user/1"));
        assert!(place.socket().as_os_str().len() <= SOCKET_PATH_MAX_BYTES);
    }
}
