//! A practice that is being tortured: its folder, the commands that write to it, and its agent, which may be killed.

use super::chance::Chance;
use super::tape::{Disk, Tape};
use crate::harness::guard::{Running, until};
use crate::story::programs::{self, PASSPHRASE, PATIENCE, Relay};
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// What a command did.
#[derive(Debug)]
pub struct Outcome {
    /// Its exit code; -1 if it was killed.
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Outcome {
    /// The one JSON object it printed.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("not one JSON object: {self:?}"))
    }

    /// The JSON objects it printed, one a line.
    pub fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A practice in a folder of its own. The folder stays when a test fails.
pub struct Clinic {
    home: TempDir,
    /// The disk it has for itself, mounted where only this process and those it is entered from see it.
    disk: Option<Running>,
}

impl Clinic {
    /// A folder without a vault.
    pub fn nowhere() -> Self {
        let home = tempfile::Builder::new().prefix("torture-").tempdir().unwrap();
        fs::write(home.path().join("passphrase"), PASSPHRASE).unwrap();
        Self { home, disk: None }
    }

    /// An open vault with two patients; without a relay nobody can be written to. Gives the recovery key, too.
    pub fn open(relay: Option<&Relay>) -> (Self, String) {
        let clinic = Self::nowhere();
        let recovery = clinic.make(relay);
        (clinic, recovery)
    }

    fn make(&self, relay: Option<&Relay>) -> String {
        let mut init = vec!["init", "--clinician", "Dr. Okafor", "--zone", "UTC", "--addresses", "direct"];
        init.extend(["--work-factor", "10", "--json"]);
        let token = relay.map(|relay| relay.token_file().to_str().unwrap().to_owned());
        if let (Some(relay), Some(token)) = (relay, &token) {
            init.extend(["--relay", &relay.url, "--relay-token-file", token]);
        }
        let recovery = self.ok(&init).json()["recovery_key"].as_str().unwrap().to_owned();
        for name in ["Ada Byron", "Ben Okri"] {
            self.ok(&["patient", "add", "--name", name]);
        }
        recovery
    }

    /// An open vault on a disk of so many MiB, on which nothing else is.
    pub fn on_a_disk_of(mib: u32) -> Self {
        let mut clinic = Self::nowhere();
        let folder = clinic.home.path().join("disk");
        fs::create_dir(&folder).unwrap();
        let script = format!("mount -t tmpfs -o size={mib}m,mode=0700 none \"$0\" && echo . && exec sleep 86400");
        let mut mount = Command::new("unshare");
        if !rustix::process::geteuid().is_root() {
            mount.args(["--user", "--map-root-user"]);
        }
        mount.args(["--mount", "sh", "-c", &script]).arg(&folder).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut mounted = mount.spawn().expect("this test needs unshare");
        let mut said = [0; 2];
        let heard = mounted.stdout.take().unwrap().read_exact(&mut said);
        assert!(heard.is_ok(), "this test needs to mount a tmpfs, as root or in a namespace of its own");
        clinic.disk = Some(Running(mounted));
        clinic.make(None);
        clinic
    }

    /// A path on its own disk, as it is reached from outside.
    pub fn seen_from_outside(&self, name: &str) -> PathBuf {
        let disk = self.disk.as_ref().expect("it has a disk of its own").0.id();
        PathBuf::from(format!("/proc/{disk}/root{}", self.home.path().join("disk").join(name).display()))
    }

    /// What a power cut leaves of one.
    pub fn after_a_cut(disk: &Disk, tape: &Tape, chance: &mut Chance) -> Self {
        let clinic = Self::nowhere();
        fs::create_dir(clinic.folder()).unwrap();
        disk.lay_out_torn(tape, &clinic.vault(), chance);
        clinic
    }

    /// Pairs Ada's device, which answers every message.
    pub fn pair(&self) -> Running {
        let link = self.home.path().join("link");
        let invite = self.ok(&["patient", "invite", "ada", "--json"]).json();
        fs::write(&link, invite["link"].as_str().unwrap()).unwrap();
        let mut join = self.command(&["call", "join", "--answer", "--link-file", link.to_str().unwrap()]);
        let device = Running::start(&mut join);
        until("the patient's device is paired", PATIENCE, || {
            (self.ok(&["patient", "show", "ada", "--json"]).json()["device"] == "paired").then_some(())
        });
        device
    }

    /// The folder given with `--vault`.
    pub fn folder(&self) -> PathBuf {
        match self.disk {
            Some(_) => self.home.path().join("disk/practice"),
            None => self.home.path().join("practice"),
        }
    }

    /// The vault in it.
    pub fn vault(&self) -> PathBuf {
        self.folder().join("vault")
    }

    /// A file beside it, for the test's own use.
    pub fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let bedside = env!("CARGO_BIN_EXE_bedside");
        let mut command = match &self.disk {
            None => Command::new(bedside),
            Some(disk) => {
                let mut enter = Command::new("nsenter");
                enter.args(["--target", &disk.0.id().to_string(), "--mount"]);
                if !rustix::process::geteuid().is_root() {
                    enter.args(["--user", "--preserve-credentials"]);
                }
                enter.args(["--", bedside]);
                enter
            }
        };
        command.args(args).env("BEDSIDE_VAULT", self.folder()).env("TZ", "UTC");
        if self.disk.is_none() {
            // Small segments, so that many are begun. On a full disk none can be: there the space that is reserved in
            // one of the usual size has to do.
            command.env("BEDSIDE_SEGMENT_BYTES", "65536");
        }
        command.env("BEDSIDE_PASSPHRASE_FILE", self.file("passphrase"));
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("BEDSIDE_LOG");
        command
    }

    /// The console, not yet started.
    pub fn console(&self) -> Command {
        let mut command = self.command(&[]);
        command.env_remove("BEDSIDE_PASSPHRASE_FILE").env("LC_ALL", "C.UTF-8");
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, args: &[&str]) -> Outcome {
        self.feed(args, "")
    }

    /// The same with something on its standard input.
    pub fn feed(&self, args: &[&str], input: &str) -> Outcome {
        Self::feed_to(&mut self.command(args), input)
    }

    fn feed_to(command: &mut Command, input: &str) -> Outcome {
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        // A command that fails early reads nothing.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let out = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Outcome { code: out.status.code().unwrap_or(-1), out: text(out.stdout), err: text(out.stderr) }
    }

    /// Runs a command line at a terminal at which this is typed; all that is shown there is its output.
    pub fn at_a_terminal(&self, line: &str, typed: &str) -> Outcome {
        let dressed = self.command(&[]);
        let mut command = Command::new("script");
        for (name, value) in dressed.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.args(["-q", "-e", "-c", line, "/dev/null"]).env("TERM", "xterm");
        Self::feed_to(&mut command, typed)
    }

    /// Runs a command that must end well.
    pub fn ok(&self, args: &[&str]) -> Outcome {
        let outcome = self.run(args);
        assert_eq!(outcome.code, 0, "bedside {args:?}: {}", outcome.err);
        outcome
    }

    /// Starts an agent with more in its environment; another may be there already.
    pub fn begin_agent(&self, environment: &[(&str, String)]) -> Running {
        // By its arguments it is known for this practice's.
        let mut agent = self.command(&["--vault", self.folder().to_str().unwrap(), "agent"]);
        Running::start(agent.envs(environment.iter().map(|(name, value)| (name, value))))
    }

    /// The same, and waits until it listens.
    pub fn start_agent(&self, environment: &[(&str, String)]) -> Running {
        let agent = self.begin_agent(environment);
        let listens = || std::os::unix::net::UnixStream::connect(self.folder().join("agent.sock")).is_ok();
        until("the agent listens", PATIENCE, || listens().then_some(()));
        agent
    }

    /// When the index that is there was begun: it changes when the index is made anew.
    pub fn index_begun(&self) -> Option<SystemTime> {
        let folder = fs::metadata(self.vault().join("index")).ok()?;
        Some(folder.created().expect("the file system keeps when a folder was made"))
    }

    /// Opens the vault, however long a passphrase that was being tried when the agent was killed makes it wait.
    pub fn unlock(&self) -> Outcome {
        until("the vault lets itself be tried", PATIENCE, || {
            let outcome = self.run(&["unlock", "--json"]);
            let wait = outcome.code == 4 || outcome.err.contains("try again in");
            (!wait).then_some(outcome)
        })
    }

    /// The processes that are this practice's agent, or are about to find out that another is.
    pub fn agents(&self) -> Vec<i32> {
        let folder = self.folder().to_str().unwrap().to_owned();
        let ours = |arguments: &str| {
            let words: Vec<&str> = arguments.split('\0').collect();
            words.contains(&folder.as_str()) && words.contains(&"agent")
        };
        programs::processes().into_iter().filter(|(_, arguments)| ours(arguments)).map(|(pid, _)| pid).collect()
    }

    /// kill -9.
    pub fn kill(&self) {
        for pid in self.agents() {
            let pid = rustix::process::Pid::from_raw(pid).unwrap();
            // One that was about to end may have ended.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
    }

    /// Ends the agent in order, and waits until it is gone.
    pub fn stop(&self) {
        self.run(&["agent", "--stop"]);
        until("the agent is gone", Duration::from_secs(20), || self.agents().is_empty().then_some(()));
    }
}

impl Drop for Clinic {
    fn drop(&mut self) {
        self.kill();
        // One that was just beginning anew had no arguments to be known by.
        std::thread::sleep(Duration::from_millis(20));
        self.kill();
        if std::thread::panicking() {
            self.home.disable_cleanup(true);
            let _ = writeln!(std::io::stderr(), "kept: {}", self.home.path().display());
        }
    }
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else if kind.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}
