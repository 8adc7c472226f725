//! The walls, from outside (strace of a whole run) and from inside (a probe that tries what is refused).

use super::made_up;
use crate::harness::display::Display;
use crate::harness::guard::until;
use crate::harness::switchboard::{End, connect};
use bedside::call::sandbox::{Files, Sandbox};
use bedside::wire::call::ToCall;
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::Command;
use std::time::Duration;

/// Calls that open, make, rename or remove something in the file system.
const TRACED: &str = "trace=open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,rename,renameat,renameat2,link,linkat,\
                      symlink,symlinkat,unlink,unlinkat,rmdir,truncate,chmod,fchmodat,execve,execveat";

/// The traced calls that succeeded in writing to, or changing, anything but a device.
fn changes(trace: &str) -> Vec<&str> {
    let done = trace.lines().filter(|line| !line.contains(" = -1 ") && line.contains('('));
    let mut programs = 0;
    done.filter(|line| {
        let call = line.split('(').next().unwrap_or_default().rsplit(' ').next().unwrap_or_default();
        if call.starts_with("exec") {
            programs += 1;
            return programs > 1;
        }
        if !call.starts_with("open") {
            return TRACED.contains(call) && !line.contains("resumed");
        }
        let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND", "O_TMPFILE"];
        writes.iter().any(|flag| line.contains(flag)) && !line.contains("\"/dev/")
    })
    .collect()
}

fn whole_run(arguments: &[&str], dress: impl FnOnce(&mut Command)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trace");
    let strace = ["strace", "-f", "-qq", "-e", TRACED, "-o", file.to_str().unwrap()];
    let (mut two, one) = (End::start_under(&strace, arguments, dress), End::inside(made_up()));
    connect(&one, &two, true);
    two.tell(&ToCall::Close { text: "That was all.".into() });
    let program = two.program.as_mut().unwrap();
    until("the program ends", Duration::from_secs(30), || program.0.try_wait().unwrap());
    std::fs::read_to_string(&file).unwrap()
}

#[test]
fn a_call_without_a_window_writes_no_file() {
    let arguments = ["--headless", "--camera", "test-card", "--microphone", "tone", "--speaker", "none"];
    let trace = whole_run(&arguments, |_| ());
    assert!(trace.contains("openat("), "strace saw the run");
    assert_eq!(changes(&trace), Vec::<&str>::new());
}

#[test]
fn a_call_with_a_window_writes_no_file() {
    let display = Display::start();
    let arguments = ["--camera", "test-card", "--microphone", "tone", "--speaker", "none"];
    let trace = whole_run(&arguments, |command| {
        display.dress(command);
    });
    assert!(trace.contains("libGL") || trace.contains("libEGL"), "the window was drawn");
    assert_eq!(changes(&trace), Vec::<&str>::new());
}

/// Not a test of its own: runs inside the walls when the test below starts it, else does nothing.
#[test]
fn probe_from_inside() {
    let Some(folder) = std::env::var_os("BEDSIDE_PROBE") else { return };
    let folder = std::path::PathBuf::from(folder);
    let address = std::env::var("BEDSIDE_PROBE_TCP").unwrap();
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    let sandbox = Sandbox::enter(&[]).unwrap();
    assert_eq!(sandbox.files(), Files::Held, "this test needs a kernel with Landlock");
    sandbox.lock().unwrap();

    let refused = |what: &str, result: std::io::Result<()>| {
        let kind = result.expect_err(what).kind();
        assert_eq!(kind, ErrorKind::PermissionDenied, "{what}");
    };
    refused("a program is started", Command::new("/bin/true").status().map(drop));
    refused("a file is created", std::fs::write(folder.join("new"), "x"));
    refused("a file is opened for writing", std::fs::File::options().write(true).open(folder.join("old")).map(drop));
    refused(
        "a file is opened for both",
        std::fs::File::options().read(true).write(true).open(folder.join("old")).map(drop),
    );
    refused("a file is read", std::fs::read(folder.join("old")).map(drop));
    refused("a file is removed", std::fs::remove_file(folder.join("old")));
    refused("a folder is made", std::fs::create_dir(folder.join("folder")));
    refused("a TCP connection is opened", TcpStream::connect(&address).map(drop));
    refused("a TCP port is opened", TcpListener::bind("127.0.0.1:0").map(drop));

    // What a call needs still works.
    udp.send_to(b"x", peer.local_addr().unwrap()).unwrap();
    UdpSocket::bind("127.0.0.1:0").unwrap();
    std::thread::spawn(|| ()).join().unwrap();
    std::fs::File::options().read(true).write(true).open("/dev/null").unwrap();
    UnixStream::connect(folder.join("service")).unwrap();
    sandbox.cut().unwrap();
    refused("a local service is reached", UnixStream::connect(folder.join("service")).map(drop));
}

#[test]
fn programs_files_and_connections_are_refused_inside_the_walls() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("old"), "old").unwrap();
    let _service = UnixListener::bind(folder.path().join("service")).unwrap();
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut probe = Command::new(std::env::current_exe().unwrap());
    probe.args(["--exact", "window::sandbox::probe_from_inside", "--test-threads=1", "--nocapture"]);
    probe.env("BEDSIDE_PROBE", folder.path()).env("BEDSIDE_PROBE_TCP", tcp.local_addr().unwrap().to_string());
    let out = probe.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing was made or removed");
}
