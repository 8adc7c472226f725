//! A terminal with a program in it: keys are typed, the screen is read.

use super::guard::until;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal of 100 × 30 cells; dropped, it is closed with everything in it.
pub struct Terminal {
    server: String,
}

impl Terminal {
    /// Opens a terminal in which this program runs, in its own environment.
    pub fn open(program: &mut Command) -> Self {
        static OPENED: AtomicU32 = AtomicU32::new(0);
        let number = OPENED.fetch_add(1, Ordering::Relaxed);
        let terminal = Self { server: format!("bedside-{}-{number}", std::process::id()) };
        // The server of the terminal hands on the environment in which it was started.
        let mut tmux = Command::new("tmux");
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => tmux.env(name, value),
                None => tmux.env_remove(name),
            };
        }
        tmux.args(["-L", &terminal.server, "-f", "/dev/null", "set-option", "-s", "set-clipboard", "on", ";"]);
        tmux.args(["new-session", "-d", "-x", "100", "-y", "30", "--"]);
        tmux.arg(program.get_program()).args(program.get_args());
        let opened = tmux.stdin(Stdio::null()).stdout(Stdio::null()).status();
        assert!(opened.expect("this test needs tmux").success(), "the terminal does not open");
        terminal
    }

    fn tmux(&self, args: &[&str]) -> String {
        let out = Command::new("tmux").args(["-L", &self.server]).args(args).output().expect("this test needs tmux");
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// What stands on the screen.
    pub fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// What the terminal knows of itself, as `#{pane_title}`.
    pub fn ask(&self, what: &str) -> String {
        self.tmux(&["display-message", "-p", what]).trim_end().to_owned()
    }

    /// What was copied last.
    pub fn clipboard(&self) -> String {
        self.tmux(&["show-buffer"])
    }

    /// Waits until the screen shows a text.
    pub fn shows(&self, text: &str) {
        let end = std::time::Instant::now() + PATIENCE;
        while !self.screen().contains(text) {
            assert!(std::time::Instant::now() < end, "the console does not show {text:?} but\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses a key by its name.
    pub fn press(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    /// Types a text.
    pub fn write(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
    }

    /// Answers a question with Enter, once it could have been read: what is typed before that counts for nothing.
    pub fn answer(&self, question: &str) {
        self.shows(question);
        std::thread::sleep(Duration::from_millis(500));
        self.press("Enter");
    }

    /// Answers the lock screen.
    pub fn unlock(&self, passphrase: &str) {
        self.shows("assphrase");
        self.write(passphrase);
        self.press("Enter");
        self.shows("Today");
    }

    /// Closes the terminal, as its window's button does, and waits until it is gone.
    pub fn close(self) {
        self.tmux(&["kill-server"]);
        until("the terminal is closed", PATIENCE, || self.screen().is_empty().then_some(()));
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}
