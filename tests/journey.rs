//! The console under real hands: a terminal of its own, keys that are typed, a screen that is read.

use crate::harness::guard::until;
use crate::story::programs::{PASSPHRASE, PATIENCE, Practice};
use std::process::Command;

/// A terminal of 100 × 30 with one program in it; dropped, both are gone.
struct Terminal {
    server: String,
}

impl Terminal {
    /// Opens the console of a practice.
    fn open(practice: &Practice, name: &str) -> Self {
        let terminal = Self { server: format!("bedside-{name}-{}", std::process::id()) };
        let console = format!(
            "env -u BEDSIDE_PASSPHRASE_FILE -u DISPLAY TZ=Europe/London LC_ALL=C.UTF-8 BEDSIDE_VAULT={} {}",
            practice.folder().display(),
            env!("CARGO_BIN_EXE_bedside"),
        );
        terminal.tmux(&["-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", &console]);
        terminal
    }

    fn tmux(&self, args: &[&str]) -> String {
        let out = Command::new("tmux").args(["-L", &self.server]).args(args).output().expect("this test needs tmux");
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// Waits until the screen shows a text.
    fn shows(&self, text: &str) {
        until(&format!("the console shows {text}"), PATIENCE, || self.screen().contains(text).then_some(()));
    }

    fn press(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    fn write(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
    }

    fn unlock(&self) {
        self.shows("assphrase");
        self.write(PASSPHRASE);
        self.press("Enter");
        self.shows("Today");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

fn locked_practice() -> Practice {
    let practice = Practice::nowhere();
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    practice.ok(&["appointment", "add", "ada", "today 23:30", "--minutes", "20"]);
    practice.ok(&["lock"]);
    practice
}

#[test]
fn locked_console_names_nobody_until_the_passphrase_is_right() {
    let practice = locked_practice();
    let terminal = Terminal::open(&practice, "lock");
    terminal.shows("assphrase");
    assert!(!terminal.screen().contains("Ada"), "{}", terminal.screen());
    terminal.write("not this one, surely");
    terminal.press("Enter");
    terminal.shows("wrong passphrase");
    assert!(!terminal.screen().contains("Ada"), "{}", terminal.screen());
    until("the delay is over and the right one opens", PATIENCE, || {
        terminal.write(PASSPHRASE);
        terminal.press("Enter");
        std::thread::sleep(std::time::Duration::from_millis(300));
        terminal.screen().contains("Today").then_some(())
    });
    terminal.shows("Ada Byron");
    let title = terminal.tmux(&["display-message", "-p", "#{pane_title}"]);
    assert!(!title.contains("Ada"), "{title}");
}

#[test]
fn note_written_in_the_console_is_kept_and_found() {
    let practice = locked_practice();
    let terminal = Terminal::open(&practice, "note");
    terminal.unlock();
    terminal.shows("Ada Byron");
    terminal.press("n");
    terminal.shows("S:");
    terminal.write("The heron stood still.");
    terminal.shows("saved");
    practice.until_lines("the draft is kept", &["note", "search", "heron"], |notes| notes.len() == 1);
}

#[test]
fn console_survives_an_agent_that_was_killed() {
    let practice = locked_practice();
    let terminal = Terminal::open(&practice, "kill");
    terminal.unlock();
    practice.kill_agent();
    until("the console asks for the passphrase again", PATIENCE, || {
        let screen = terminal.screen();
        if screen.contains("try again") || screen.contains("again") {
            terminal.press("r");
        }
        screen.contains("assphrase").then_some(())
    });
    terminal.unlock();
    terminal.shows("Ada Byron");
}
