//! A text in the editor of the person at the terminal. The file is memory only: it never touches a disk, and an editor
//! that leaves copies beside a file is told not to, whatever its own settings say.

use super::output;
use crate::base::{Failure, Kind, Phi};
use rustix::fs::{MemfdFlags, memfd_create};
use std::fs::{File, Permissions};
use std::io::{Read, Seek, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The text after the editor was at it.
pub(super) fn edit(text: Phi<String>) -> Result<Phi<String>, Failure> {
    let failed = |_| Failure::new(Kind::Refused, "the editor could not be used").hint("give the text with --text-file");
    let mut file = File::from(memfd_create("note", MemfdFlags::CLOEXEC).map_err(|error| failed(error.into()))?);
    file.set_permissions(Permissions::from_mode(0o600)).map_err(failed)?;
    file.write_all(text.expose().as_bytes()).map_err(failed)?;
    let path = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
    let named = std::env::var("VISUAL").or_else(|_| std::env::var("EDITOR")).unwrap_or_else(|_| "vi".to_owned());
    let mut words = named.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let mut command = Command::new(program);
    command.args(words);
    match Editor::behind(program) {
        Some(editor) => drop(command.args(editor.quiet())),
        None => output::say(&unknown(program)),
    }
    if !command.arg(&path).status().map_err(failed)?.success() {
        return Err(Failure::new(Kind::Refused, "the editor ended with an error; nothing was changed"));
    }
    file.rewind().map_err(failed)?;
    // Nothing is cut off here: a text that is too long is refused by the agent and can be edited again.
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(failed)?;
    Ok(Phi::new(String::from_utf8_lossy(&bytes).into_owned()))
}

fn unknown(program: &str) -> String {
    format!(
        "Whether '{}' leaves a copy of this text on a disk is not known here; vim, neovim, emacs and nano leave none.",
        output::safe(program)
    )
}

/// The editors that are known to leave nothing when they are told to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Editor {
    Vim,
    Emacs,
    Nano,
}

/// Neither swap, backup and undo files nor a history. One by one, for a small vim does not know all of them.
const VIM: &str = "sil! set noswapfile | sil! set nobackup | sil! set nowritebackup | sil! set noundofile | \
                   sil! set patchmode= | sil! set viminfo=";

impl Editor {
    /// Which one a command is. It may be a link, as `editor` is: what counts is the program it leads to.
    fn behind(program: &str) -> Option<Editor> {
        let file = find(program)?.canonicalize().ok()?;
        let name = file.file_name()?.to_str()?;
        match name {
            "vi" | "vimdiff" => Some(Editor::Vim),
            _ if ["vim", "nvim", "gvim"].iter().any(|known| name.starts_with(known)) => Some(Editor::Vim),
            "nano" | "rnano" => Some(Editor::Nano),
            // A client of a running emacs cannot be told anything.
            _ if name.starts_with("emacs") && !name.starts_with("emacsclient") => Some(Editor::Emacs),
            _ => None,
        }
    }

    /// What keeps it from leaving swap, backup, undo and history files.
    fn quiet(self) -> &'static [&'static str] {
        match self {
            // Before the person's own settings, and once more after them.
            Editor::Vim => &["-n", "-i", "NONE", "--cmd", VIM, "-c", VIM],
            Editor::Emacs => &[
                "-nw",
                "-Q",
                "--eval",
                "(setq make-backup-files nil auto-save-default nil auto-save-list-file-prefix nil create-lockfiles nil)",
            ],
            Editor::Nano => &["--ignorercfiles"],
        }
    }
}

/// The file that a command's name stands for.
fn find(program: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(PathBuf::from(program));
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|file| is_program(file))
}

fn is_program(file: &Path) -> bool {
    file.is_file() && rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn editor_is_known_by_the_program_behind_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let link = |name: &str, to: &str| {
            let (link, file) = (folder.path().join(name), folder.path().join(to));
            std::fs::write(&file, "").expect("written");
            symlink(&file, &link).expect("linked");
            Editor::behind(link.to_str().expect("a path"))
        };
        assert_eq!(link("editor", "vim.basic"), Some(Editor::Vim));
        assert_eq!(link("vi", "busybox"), None);
        assert_eq!(link("pico", "nano"), Some(Editor::Nano));
        assert_eq!(link("emacs", "emacs-gtk"), Some(Editor::Emacs));
        assert_eq!(link("e", "emacsclient.emacs"), None);
        assert_eq!(Editor::behind("/nowhere/vim"), None);
    }
}
