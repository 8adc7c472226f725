//! What could leak while somebody works: memory, editors' files, the socket.

use crate::harness::guard::until;
use crate::harness::terminal::Terminal;
use crate::story::memory_holds;
use crate::story::programs::{PATIENCE, Practice, files, kill, processes};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

const CANARY: &str = "the-heron-stood-quite-still";

fn practice() -> Practice {
    let practice = Practice::nowhere();
    let init = ["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"];
    let made = practice.json(&init);
    fs::write(practice.file("recovery"), made["recovery_key"].as_str().unwrap()).unwrap();
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    practice
}

/// The vault key, as stock age reads it from its slot, and the first patient's key, as the format says.
fn keys(practice: &Practice) -> (Vec<u8>, Vec<u8>) {
    let vault = practice.folder().join("vault");
    let mut age = Command::new("age");
    let slot = age.args(["-d", "-i"]).arg(practice.file("recovery")).arg(vault.join("keyslot/recovery.age"));
    let slot = String::from_utf8(slot.output().expect("this test needs age").stdout).unwrap();
    let digits = slot.trim().strip_prefix("bedside-vault-key-1:").unwrap();
    let vault_key = data_encoding::HEXLOWER.decode(digits.as_bytes()).unwrap();
    let mut subkey = [0; 32];
    let hkdf = hkdf::Hkdf::<sha2::Sha256>::new(None, &vault_key);
    hkdf.expand(b"bedside vault v1 keyring", &mut subkey).unwrap();
    let file = fs::read(vault.join("keyring")).unwrap();
    let (aad, sealed) = file.split_at(10);
    let (nonce, sealed) = sealed.split_at(24);
    let opened =
        XChaCha20Poly1305::new(&subkey.into()).decrypt(XNonce::from_slice(nonce), Payload { msg: sealed, aad });
    (vault_key, opened.unwrap()[33..65].to_vec())
}

#[test]
fn no_key_stays_in_memory_when_the_vault_locks() {
    let practice = practice();
    practice.feed(&["note", "new", "ada", "--text-file", "-"], CANARY);
    assert_eq!(practice.lines(&["note", "search", CANARY]).len(), 1);
    let (vault_key, patient_key) = keys(&practice);
    let pid = practice.agent_pid();
    assert!(memory_holds(pid, &vault_key) && memory_holds(pid, &patient_key), "or this test sees nothing");
    practice.ok(&["lock"]);
    assert_eq!(practice.agent_pid(), pid, "the process is the same, its memory is not");
    for secret in [&vault_key[..], &patient_key, CANARY.as_bytes(), b"Ada Byron"] {
        assert!(!memory_holds(pid, secret));
    }
}

#[test]
fn locked_agent_keeps_nothing_of_a_passphrase_that_did_not_open_it() {
    let practice = practice();
    practice.ok(&["lock"]);
    let pid = practice.agent_pid();
    let wrong = practice.file("wrong");
    fs::write(&wrong, "umbrella cricket copper wrong").unwrap();
    let wrong = wrong.to_str().unwrap();
    practice.fails(3, &["unlock", "--passphrase-file", wrong]);
    // Now the right one is refused, too: it comes too early.
    let said = practice.fails(3, &["unlock"]);
    assert!(said.contains("try again in"), "{said}");
    for secret in ["umbrella cricket", "lantern orbit"] {
        until("it is forgotten", PATIENCE, || (!memory_holds(pid, secret.as_bytes())).then_some(()));
    }
    assert_eq!(practice.agent_pid(), pid);
    until("the delay is over", PATIENCE, || practice.run(&["unlock"]).status.success().then_some(()));
    let failed = practice.lines(&["audit", "list", "--kind", "unlock_failed"]);
    assert_eq!(failed.len(), 1, "and it is on record");
}

/// An editor, and what is typed into it to write a line, save it, and write another that is not saved.
struct Editor {
    program: &'static str,
    typed: Typed,
}

/// Keys by name (true) or text as it is.
type Typed = &'static [(&'static str, bool)];

const VIM: Typed = &[
    ("O", false),
    (CANARY, false),
    ("Escape", true),
    (":w", false),
    ("Enter", true),
    ("O", false),
    (CANARY, false),
    ("Escape", true),
    (":w", false),
    ("Enter", true),
    ("O", false),
    (CANARY, false),
    ("Escape", true),
];
/// What somebody may have told vim and neovim for all their texts.
const OWN_SETTINGS: &str = "set undofile backup backupskip= swapfile updatecount=1 viminfo='100,<50 \
                            | let &undodir=$HOME | let &backupdir=$HOME | let &directory=$HOME\n";
const NANO: Typed = &[(CANARY, false), ("Enter", true), ("C-o", true), ("Enter", true), (CANARY, false)];
const EMACS: Typed = &[(CANARY, false), ("Enter", true), ("C-x", true), ("C-s", true), (CANARY, false)];

const EDITORS: [Editor; 4] = [
    Editor { program: "vim", typed: VIM },
    Editor { program: "nvim", typed: VIM },
    Editor { program: "nano", typed: NANO },
    Editor { program: "emacs", typed: EMACS },
];

#[test]
fn editors_leave_nothing_on_a_disk_even_when_they_are_killed() {
    let practice = practice();
    for editor in EDITORS {
        let home = practice.file(editor.program);
        fs::create_dir_all(home.join("nvim")).unwrap();
        for settings in [".vimrc", "nvim/init.vim"] {
            fs::write(home.join(settings), OWN_SETTINGS).unwrap();
        }
        let mut command = practice.command(&["note", "new", "ada"]);
        for name in ["HOME", "TMPDIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
            command.env(name, &home);
        }
        command.env("VISUAL", editor.program).env("LC_ALL", "C.UTF-8");
        let terminal = Terminal::open(&mut command);
        terminal.shows("S:");
        for (typed, by_name) in editor.typed {
            if *by_name { terminal.press(typed) } else { terminal.write(typed) }
        }
        terminal.shows(CANARY);
        let mine = |arguments: &str| arguments.contains("/fd/") && arguments.contains(editor.program);
        let running = until("the editor runs", PATIENCE, || processes().into_iter().find(|(_, what)| mine(what)));
        // Long enough for a swap file, if one were written: vim does after 200 characters or four seconds.
        std::thread::sleep(std::time::Duration::from_secs(5));
        kill(running.0);
        until("it is killed", PATIENCE, || (!processes().iter().any(|(_, what)| mine(what))).then_some(()));
        drop(terminal);
        assert!(!lies_in(&home) && !lies_in(&practice.folder()), "{} left something", editor.program);
    }
    // And that this would have been seen: vim as it is.
    let home = practice.file("plain");
    fs::create_dir(&home).unwrap();
    fs::write(home.join(".vimrc"), OWN_SETTINGS).unwrap();
    let (elsewhere, note) = (practice.file("elsewhere"), practice.file("elsewhere/note"));
    fs::create_dir(&elsewhere).unwrap();
    let terminal = Terminal::open(Command::new("vim").arg("-n").arg(note).env("HOME", &home));
    for _ in 0..2 {
        terminal.write(&format!("O{CANARY}"));
        terminal.press("Escape");
        terminal.write(":w");
        terminal.press("Enter");
    }
    until("vim leaves a copy", PATIENCE, || lies_in(&home).then_some(()));
}

#[test]
fn editor_that_is_not_known_is_named() {
    let practice = practice();
    let editor = practice.file("scribble");
    fs::write(&editor, "#!/bin/sh\nls -l \"$1\" > /dev/null; stat -Lc %a \"$1\" > \"$MODE\"\n").unwrap();
    fs::set_permissions(&editor, Permissions::from_mode(0o700)).unwrap();
    let id = practice.feed(&["note", "new", "ada", "--text-file", "-", "--json"], "A draft.");
    let id: serde_json::Value = serde_json::from_str(&id).unwrap();
    let mut edit = practice.command(&["note", "edit", id["id"].as_str().unwrap()]);
    let mode = practice.file("mode");
    let out = edit.env("VISUAL", &editor).env("MODE", &mode).stdin(std::process::Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success() && said.contains("scribble' leaves a copy of this text"), "{said}");
    assert_eq!(fs::read_to_string(&mode).unwrap(), "600\n");
}

fn lies_in(folder: &Path) -> bool {
    let contains = |bytes: Vec<u8>| bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
    files(folder).into_iter().any(|file| fs::read(file).is_ok_and(contains))
}

#[test]
fn another_user_reaches_neither_folder_nor_agent() {
    if !rustix::process::getuid().is_root() {
        // Nobody else can be anybody else.
        return assert!(Command::new("sudo").args(["-n", "true"]).status().is_err(), "run this test as root");
    }
    let practice = practice();
    let folder = practice.folder();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join("agent.sock"))), (0o700, 0o600));
    fs::set_permissions(folder.parent().unwrap(), Permissions::from_mode(0o755)).unwrap();
    assert!(as_nobody(&folder).is_err(), "the folder is closed");
    // And should somebody have opened the folder and the socket to all: the agent looks who it is.
    fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(folder.join("agent.sock"), Permissions::from_mode(0o666)).unwrap();
    assert_eq!(as_nobody(&folder).unwrap(), 0, "it hears nothing");
    let mut own = UnixStream::connect(folder.join("agent.sock")).unwrap();
    own.set_read_timeout(Some(std::time::Duration::from_millis(200))).unwrap();
    assert!(own.read(&mut [0]).is_err(), "while the owner's connection stays open");
    // A vault that others could read is not opened again.
    fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
    practice.ok(&["agent", "--stop"]);
    fs::set_permissions(folder.join("vault"), Permissions::from_mode(0o750)).unwrap();
    let said = practice.fails(1, &["unlock"]);
    assert!(said.contains("open to other users") && said.contains("chmod 700"), "{said}");
    fs::set_permissions(folder.join("vault"), Permissions::from_mode(0o700)).unwrap();
    practice.ok(&["unlock"]);
    practice.ok(&["agent", "--stop"]);
    // Nor is one listened in where others could put a socket of their own.
    fs::set_permissions(&folder, Permissions::from_mode(0o770)).unwrap();
    let said = practice.fails(1, &["agent"]);
    assert!(said.contains("may write in the practice's folder") && said.contains("chmod 700"), "{said}");
    let said = practice.fails(1, &["status"]);
    assert!(said.contains("run 'bedside agent' to see why"), "{said}");
    fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn administrator_does_not_take_somebodys_vault_away() {
    if !rustix::process::getuid().is_root() {
        return assert!(Command::new("sudo").args(["-n", "true"]).status().is_err(), "run this test as root");
    }
    let practice = practice();
    practice.ok(&["agent", "--stop"]);
    let (folder, somebody) = (practice.folder(), Some(65_534));
    chown(folder.join("vault"), somebody, somebody).unwrap();
    let said = practice.fails(1, &["unlock"]);
    assert!(said.contains("the vault folder belongs to another user") && said.contains("without 'sudo'"), "{said}");
    practice.ok(&["agent", "--stop"]);
    chown(&folder, somebody, somebody).unwrap();
    let said = practice.fails(1, &["agent"]);
    assert!(said.contains("the practice's folder belongs to another user"), "{said}");
    let owned = |file: &Path| fs::metadata(file).unwrap().uid();
    assert_eq!(owned(&folder.join("vault/keyring")), 0, "nothing else was touched");
    chown(&folder, Some(0), Some(0)).unwrap();
    chown(folder.join("vault"), Some(0), Some(0)).unwrap();
}

/// Connects as the user nobody; how many bytes are heard before the agent closes.
fn as_nobody(folder: &Path) -> std::io::Result<usize> {
    let socket = folder.join("agent.sock");
    let mut command = Command::new("true");
    command.uid(65_534).gid(65_534);
    // SAFETY: between fork and exec this only connects to a socket and reads from it.
    #[expect(unsafe_code, reason = "to be another user takes another process")]
    unsafe {
        command.pre_exec(move || {
            let heard = UnixStream::connect(&socket)?.read(&mut [0; 64])?;
            if heard == 0 { Ok(()) } else { Err(std::io::Error::from_raw_os_error(1)) }
        });
    }
    command.status().map(|_| 0)
}
