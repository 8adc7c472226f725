//! The real programs of one practice: a relay, an agent with its vault, and commands, each in its own folder.

use crate::harness::guard::{Running, until};
use crate::harness::tap::Tap;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub const PATIENCE: Duration = Duration::from_secs(60);
pub const PASSPHRASE: &str = "heron lantern orbit velvet";

/// A relay on loopback that can be ended and started again at the same address.
pub struct Relay {
    running: Option<Running>,
    folder: TempDir,
    address: String,
    tap: Tap,
    /// Where console and patient reach it, through a tap on the wire.
    pub url: String,
}

impl Relay {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let token = Command::new(env!("CARGO_BIN_EXE_bedside-relay")).arg("token").output().unwrap();
        std::fs::write(folder.path().join("token"), token.stdout).unwrap();
        let (running, address) = listen(folder.path(), "127.0.0.1:0", &[]);
        let tap = Tap::before(&address);
        let url = format!("http://{}", tap.address);
        Self { running: Some(running), folder, address, tap, url }
    }

    pub fn stop(&mut self) {
        self.running = None;
    }

    pub fn start_again(&mut self) {
        self.start_again_in(&[]);
    }

    /// Starts again with more in its environment.
    pub fn start_again_in(&mut self, environment: &[(&str, String)]) {
        self.running = Some(listen(self.folder.path(), &self.address, environment).0);
    }

    pub fn token_file(&self) -> PathBuf {
        self.folder.path().join("token")
    }

    pub fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Everything that went to the relay and came from it.
    pub fn traffic(&self) -> Vec<u8> {
        self.tap.passed()
    }
}

/// Starts a relay in its folder, with more in its environment; its address.
fn listen(folder: &Path, address: &str, environment: &[(&str, String)]) -> (Running, String) {
    let log = append(&folder.join("log"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_bedside-relay"));
    command.args(["--listen", address, "--log", "trace", "--token-file"]).arg(folder.join("token"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().rsplit(' ').next().unwrap_or_default();
    (Running(child), url.trim_start_matches("http://").to_owned())
}

/// Opens a log to write on at its end.
fn append(file: &Path) -> File {
    File::options().create(true).append(true).open(file).unwrap()
}

/// A practice: its folder, and how its commands are run.
pub struct Practice {
    folder: TempDir,
}

impl Practice {
    /// A folder without a vault.
    pub fn nowhere() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("passphrase"), PASSPHRASE).unwrap();
        Self { folder }
    }

    /// A vault, open, with a relay.
    pub fn open(relay: &Relay) -> Self {
        let practice = Self::nowhere();
        practice.init(relay);
        practice
    }

    /// Makes the vault.
    pub fn init(&self, relay: &Relay) {
        let token = relay.token_file();
        let mut init = vec!["init", "--clinician", "Dr. Okafor", "--phone", "+44 20 7946 0000", "--zone"];
        init.extend(["Europe/London", "--addresses", "direct", "--work-factor", "10", "--relay", &relay.url]);
        init.extend(["--relay-token-file", token.to_str().unwrap()]);
        self.ok(&init);
    }

    pub fn folder(&self) -> PathBuf {
        self.folder.path().join("practice")
    }

    /// A file beside the vault, for the test's own use.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bedside"));
        command.args(args).env("BEDSIDE_VAULT", self.folder()).env("TZ", "Europe/London");
        command.env("BEDSIDE_PASSPHRASE_FILE", self.file("passphrase"));
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        command
    }

    /// Starts the agent with a log in which everything stands.
    pub fn start_agent(&self) -> Running {
        let mut agent = self.command(&["agent"]);
        agent.env("BEDSIDE_LOG", "trace").stdin(Stdio::null()).stdout(Stdio::null()).stderr(append(&self.log()));
        let running = Running(agent.spawn().unwrap());
        until("the agent listens", PATIENCE, || self.folder().join("agent.sock").exists().then_some(()));
        running
    }

    /// What agent, console and call window write of themselves, where they are asked to.
    pub fn log(&self) -> PathBuf {
        self.file("log")
    }

    /// The console of this practice, not yet started. It and what it starts write their log where the agent does.
    pub fn console(&self) -> Command {
        let bare = self.command(&[]);
        let mut command = Command::new("sh");
        command.args(["-c", "log=$1; shift; exec \"$@\" 2>>\"$log\"", "sh"]).arg(self.log()).arg(bare.get_program());
        for (name, value) in bare.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.env("BEDSIDE_LOG", "trace").env_remove("BEDSIDE_PASSPHRASE_FILE").env("LC_ALL", "C.UTF-8");
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdin(Stdio::null()).output().unwrap()
    }

    /// Runs a command that must end well; what it prints.
    pub fn ok(&self, args: &[&str]) -> String {
        let out = self.run(args);
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "bedside {args:?}: {said}");
        String::from_utf8(out.stdout).unwrap()
    }

    /// Runs a command that must fail with this exit code; what it says.
    pub fn fails(&self, code: i32, args: &[&str]) -> String {
        let out = self.run(args);
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(code), "bedside {args:?}: {said}");
        assert!(said.starts_with("bedside: error: "), "{said}");
        said
    }

    /// Runs a command with something on its standard input.
    pub fn feed(&self, args: &[&str], input: &str) -> String {
        let mut child =
            self.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let out = child.wait_with_output().unwrap();
        assert!(out.status.success(), "bedside {args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }

    /// One JSON object.
    pub fn json(&self, args: &[&str]) -> Value {
        let text = self.ok(&[args, &["--json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("bedside {args:?} printed {text}"))
    }

    /// One JSON object a line.
    pub fn lines(&self, args: &[&str]) -> Vec<Value> {
        let text = self.ok(&[args, &["--json"]].concat());
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Asks until the object is as it should be.
    pub fn until(&self, what: &str, args: &[&str], met: impl Fn(&Value) -> bool) -> Value {
        until(what, PATIENCE, || Some(self.json(args)).filter(&met))
    }

    /// Asks until the list is as it should be.
    pub fn until_lines(&self, what: &str, args: &[&str], met: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        until(what, PATIENCE, || Some(self.lines(args)).filter(|lines| met(lines)))
    }

    pub fn agent_pid(&self) -> i32 {
        i32::try_from(self.json(&["status"])["pid"].as_i64().unwrap()).unwrap()
    }

    /// kill -9, and nothing else.
    pub fn kill_agent(&self) {
        kill(self.agent_pid());
    }

    /// A link for this patient.
    pub fn link(&self, patient: &str) -> String {
        self.json(&["patient", "invite", patient])["link"].as_str().unwrap().to_owned()
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        // A visit that runs keeps the agent from ending by itself.
        let _ = self.run(&["visit", "end"]);
        let _ = self.run(&["agent", "--stop"]);
    }
}

/// kill -9.
pub fn kill(pid: i32) {
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files(&entry.path()));
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
    found
}

/// The argument list of every process.
pub fn processes() -> Vec<(i32, String)> {
    let all = std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok());
    let arguments = |pid| std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    all.map(|pid| (pid, String::from_utf8_lossy(&arguments(pid)).into_owned())).collect()
}
