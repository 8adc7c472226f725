//! A busy day of scripted work, with everything that leaves files: afterwards nothing can be read of it anywhere, and no
//! file was written but where files belong.

use crate::harness::guard::{Running, until};
use crate::story::programs::{PATIENCE, Practice, files, processes};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

/// What no file, name, argument list or environment may hold.
const CANARIES: [&str; 7] =
    ["Quillfeather", "Ottoline", "goldcrest", "wagtail", "nightjar", "subpoena-of-march", "5550142"];

/// A practice whose commands have a home and folders for what is temporary of their own.
struct Day {
    practice: Practice,
    home: PathBuf,
}

impl Day {
    fn dress<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        for (name, folder) in [("HOME", "home"), ("TMPDIR", "tmp"), ("XDG_RUNTIME_DIR", "run")] {
            command.env(name, self.home.join(folder));
        }
        for name in ["XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
            command.env(name, self.home.join("home"));
        }
        command
    }

    fn run(&self, args: &[&str], input: &str) -> std::process::Output {
        use std::io::Write;
        let mut command = self.practice.command(args);
        let piped = self.dress(&mut command).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        // A command that fails early reads nothing.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    fn feed(&self, args: &[&str], input: &str) -> serde_json::Value {
        let out = self.run(&[args, &["--json"]].concat(), input);
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        let text = String::from_utf8(out.stdout).unwrap();
        text.lines().next().map_or(serde_json::Value::Null, |line| serde_json::from_str(line).unwrap())
    }

    fn ok(&self, args: &[&str]) -> serde_json::Value {
        self.feed(args, "")
    }

    fn secret(&self, name: &str, text: &str) -> String {
        let path = self.practice.file(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Starts the agent under the eyes of strace.
    fn start(&self) -> Running {
        let agent = self.practice.command(&["agent"]);
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq", "-y", "-s", "4096", "-e"]).arg(
            "trace=open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,execve",
        );
        strace.arg("-o").arg(self.trace()).arg(agent.get_program()).args(agent.get_args());
        strace.envs(agent.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let log = fs::File::create(self.practice.log()).unwrap();
        self.dress(&mut strace).env("BEDSIDE_LOG", "trace");
        strace.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let running = Running(strace.spawn().expect("this test needs strace"));
        let socket = self.practice.folder().join("agent.sock");
        until("the agent listens", PATIENCE, || socket.exists().then_some(()));
        running
    }

    fn trace(&self) -> PathBuf {
        self.practice.file("trace")
    }
}

const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:nightjar@test\r\n\
                        DTSTAMP:20261101T100000Z\r\nDTSTART:20991201T100000Z\r\nDTEND:20991201T105000Z\r\n\
                        SUMMARY:Ottoline Quillfeather\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn busy_day_leaves_nothing_that_can_be_read() {
    let practice = Practice::nowhere();
    let home = practice.file("own");
    for folder in ["home", "tmp", "run"] {
        fs::create_dir_all(home.join(folder)).unwrap();
    }
    let day = Day { practice, home };
    let began = SystemTime::now();
    let agent = day.start();
    work(&day);
    let pid = day.practice.agent_pid();
    for what in ["environ", "cmdline"] {
        none_in(&fs::read(format!("/proc/{pid}/{what}")).unwrap(), &format!("the agent's {what}"));
    }
    for (pid, arguments) in processes() {
        none_in(arguments.as_bytes(), &format!("the arguments of {pid}"));
    }
    day.ok(&["agent", "--stop"]);
    drop(agent);

    let folder = day.practice.file("");
    let all = files(&folder);
    assert!(all.len() > 20, "{all:?}");
    for file in all.iter().filter(|file| **file != day.trace()) {
        none_in(&fs::read(file).unwrap(), &file.display().to_string());
        none_in(file.to_string_lossy().as_bytes(), "a file's name");
    }
    // Neither home nor what is temporary has anything at all.
    assert_eq!(files(&day.home), Vec::<PathBuf>::new());
    written_where_files_belong(&day);
    names_tell_nothing(&day.practice.folder().join("vault"));
    index_tells_no_times(&day.practice.folder().join("vault/index"), began);
}

/// Everything that leaves files, several times over, locked and open.
fn work(day: &Day) {
    let init = ["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"];
    let recovery = day.ok(&init)["recovery_key"].as_str().unwrap().to_owned();
    let recovery = day.secret("recovery", &recovery);
    day.ok(&["practice", "edit", "--retention-years", "0"]);
    let apart = day.secret("apart", "umbrella cricket copper sea");
    day.ok(&["compartment", "create", "sud", "--compartment-passphrase-file", &apart, "--work-factor", "10"]);
    let editor = day.practice.file("editor");
    fs::write(&editor, "#!/bin/sh\nprintf 'wag%s in the rain' tail > \"$1\"\n").unwrap();
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o700)).unwrap();
    let mut last = String::new();
    for round in 0..12 {
        let name = format!("Ottoline Quillfeather {round}");
        let ada = day.ok(&["patient", "add", "--name", &name, "--phone", "+1 202 5550142"]);
        last = ada["id"].as_str().unwrap().to_owned();
        let id = last.as_str();
        let note = day.feed(&["note", "new", id, "--text-file", "-"], "a goldcrest sang\n");
        let note = note["id"].as_str().unwrap().to_owned();
        day.feed(&["note", "edit", &note, "--text-file", "-"], "a goldcrest sang twice\n");
        let mut edit = day.practice.command(&["note", "edit", &note]);
        let edited = day.dress(&mut edit).env("VISUAL", &editor).stdin(Stdio::null()).output().unwrap();
        assert!(edited.status.success(), "{}", String::from_utf8_lossy(&edited.stderr));
        day.ok(&["note", "sign", &note]);
        day.feed(&["note", "addendum", &note, "--text-file", "-"], "nightjar");
        day.feed(&["note", "new", id, "--compartment", "sud", "--text-file", "-"], "goldcrest apart");
        day.ok(&["appointment", "add", id, "2027-03-01 15:00", "--minutes", "50"]);
        day.feed(
            &["appointment", "import", "-", "--missing", "keep"],
            &CALENDAR.replace("nightjar@", &format!("nightjar-{round}@")),
        );
        assert!(
            !day.ok(&["note", "search", "goldcrest"]).is_null() || !day.ok(&["note", "search", "wagtail"]).is_null()
        );
        day.ok(&["patient", "hold", id, "--reason", "subpoena-of-march"]);
        if round % 4 == 3 {
            day.ok(&["lock"]);
            // While it is locked: an import that is queued, and somebody who guesses.
            let queued = day.feed(&["appointment", "import", "-", "--missing", "keep"], CALENDAR);
            assert_eq!(queued["queued"], true);
            let wrong = day.secret("wrong", "another passphrase altogether");
            assert_eq!(day.run(&["unlock", "--passphrase-file", &wrong], "").status.code(), Some(3));
            day.ok(&["unlock", "--recovery-file", &recovery]);
            day.ok(&["compartment", "open", "sud", "--compartment-passphrase-file", &apart]);
        }
    }
    let [disk, stick] = ["disk", "stick"].map(|name| day.practice.file(name).to_str().unwrap().to_owned());
    day.ok(&["patient", "hold", &last, "--release"]);
    for _ in 0..2 {
        day.ok(&["key", "rotate", "--work-factor", "10"]);
        day.ok(&["backup", "create", &disk, "--keyring", &stick]);
    }
    assert_eq!(day.ok(&["backup", "verify"])["same"], true);
    day.ok(&["patient", "forget", &last]);
    assert_eq!(day.ok(&["audit", "verify"])["intact"], true);
    // Things that fail have words, too.
    for wrong in [&["note", "show", "Quillfeather"][..], &["patient", "show", "wagtail"], &["note", "edit", &last]] {
        assert!(!day.run(wrong, "goldcrest").status.success());
    }
}

fn none_in(bytes: &[u8], what: &str) {
    for canary in CANARIES {
        let found = bytes.windows(canary.len()).any(|part| part == canary.as_bytes());
        assert!(!found, "{canary} can be read in {what}");
    }
}

/// What the agent made or opened for writing lies in the practice's folder or in a backup's.
fn written_where_files_belong(day: &Day) {
    let trace = fs::read_to_string(day.trace()).unwrap();
    none_in(trace.as_bytes(), "the trace of the agent's files");
    let belongs = ["practice", "disk", "stick"].map(|name| day.practice.file(name).to_str().unwrap().to_owned());
    let (mut written, mut other) = (0, BTreeSet::new());
    for line in trace.lines().filter(|line| !line.contains(" = -1 ")) {
        let making = ["mkdir", "rename", "link", "symlink", "creat("].iter().any(|call| line.contains(call));
        let opening = ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| line.contains(flag));
        if !making && !opening {
            continue;
        }
        let fine = |path: &str| {
            let within = |folder: &String| path.starts_with(folder.as_str());
            !path.starts_with('/') || path == "/dev/null" || path.starts_with("/proc/") || belongs.iter().any(within)
        };
        // Every path stands in quotes.
        for path in line.split('"').skip(1).step_by(2) {
            written += 1;
            if !fine(path) {
                other.insert(path.to_owned());
            }
        }
    }
    assert!(written > 100, "the trace shows nothing");
    assert!(other.is_empty(), "{other:?}");
}

/// Every name in the vault is one of those that the format has, a counter, or made by a keyed hash.
fn names_tell_nothing(vault: &Path) {
    let hex = |text: &str| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    for file in files(vault) {
        let name = file.strip_prefix(vault).unwrap().to_str().unwrap().to_owned();
        let known = match name.split_once('/') {
            None => ["lock", "inbox.pub", "inbox.key", "keyring", "keychain", "head", "attempts"].contains(&&*name),
            Some(("journal", file)) => file.len() == 9 && file.ends_with(".bj"),
            Some(("keyslot", file)) => ["passphrase.age", "recovery.age", "recovery.pub"].contains(&file),
            Some(("conversation", file)) => file.strip_suffix(".bc").is_some_and(hex),
            Some(("index", _)) => true,
            Some(_) => false,
        };
        assert!(known, "{name}");
    }
    // The journal grows by the MiB, whatever is written.
    for file in files(&vault.join("journal")) {
        assert_eq!(fs::metadata(file).unwrap().len() % (1 << 20), 0);
    }
}

/// No key and no value of the index holds a canary, or a number that could be a moment of today.
fn index_tells_no_times(index: &Path, began: SystemTime) {
    let since = |at: SystemTime| at.duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let (first, last) = (since(began) - 3_600_000_000_000, since(SystemTime::now()) + 3_600_000_000_000);
    let today = |number: u64| {
        // As nanoseconds, microseconds or milliseconds.
        [1, 1_000, 1_000_000].iter().any(|unit| (first..last).contains(&(u128::from(number) * unit)))
    };
    let db = sled::open(index).unwrap();
    let mut seen = 0;
    for pair in db.iter() {
        let (key, value) = pair.unwrap();
        for bytes in [&key[..], &value[..]] {
            none_in(bytes, "the index");
            for window in bytes.windows(8) {
                let window: [u8; 8] = window.try_into().unwrap();
                let times = [u64::from_be_bytes(window), u64::from_le_bytes(window)].map(today);
                assert_eq!(times, [false, false], "{bytes:02x?} may be a time");
            }
        }
        seen += 1;
    }
    assert!(seen > 100, "the index is nearly empty: {seen}");
    assert!(today(u64::try_from(since(began) / 1_000_000).unwrap()), "or this test sees nothing");
}
