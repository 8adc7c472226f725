//! The machine goes to sleep: the vault is locked before it does.

use crate::harness::guard::{Running, until};
use crate::story::memory_holds;
use crate::story::programs::{PATIENCE, Practice};
use std::io::Read;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use zbus::object_server::SignalEmitter;
use zbus::zvariant;

/// Who decides about sleep, as far as this test needs: keeps the other end of what delays it.
#[derive(Clone, Default)]
struct Logind {
    delays: Arc<Mutex<Vec<(String, OwnedFd)>>>,
}

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Logind {
    fn inhibit(&self, what: &str, _who: &str, _why: &str, mode: &str) -> zvariant::OwnedFd {
        let (ours, theirs) = std::io::pipe().unwrap();
        self.delays.lock().unwrap().push((format!("{what} {mode}"), ours.into()));
        OwnedFd::from(theirs).into()
    }

    #[zbus(signal)]
    async fn prepare_for_sleep(emitter: &SignalEmitter<'_>, start: bool) -> zbus::Result<()>;
}

#[test]
fn vault_is_locked_before_the_machine_sleeps() {
    let practice = Practice::nowhere();
    let address = format!("unix:path={}", practice.file("bus").display());
    let mut bus = Command::new("dbus-daemon");
    bus.args(["--session", "--nofork", "--nopidfile", "--address", &address]).stdout(Stdio::null());
    let _bus = Running(bus.spawn().expect("dbus-daemon"));
    until("the bus listens", PATIENCE, || practice.file("bus").exists().then_some(()));
    let logind = Logind::default();
    let path = "/org/freedesktop/login1";
    let served = zbus::connection::Builder::address(address.as_str()).unwrap();
    let served = served.name("org.freedesktop.login1").unwrap().serve_at(path, logind.clone()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let served = runtime.block_on(served.build()).unwrap();

    let mut agent = practice.command(&["agent"]);
    agent.env("DBUS_SYSTEM_BUS_ADDRESS", &address).stdin(Stdio::null()).stdout(Stdio::null());
    let _agent = Running(agent.spawn().unwrap());
    until("the agent listens", PATIENCE, || practice.folder().join("agent.sock").exists().then_some(()));
    practice.ok(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    practice.ok(&["patient", "add", "--name", "Quintessa Umbra"]);
    let pid = practice.agent_pid();
    assert!(memory_holds(pid, b"Quintessa"));
    let delay = || logind.delays.lock().unwrap().pop();
    let (what, delay) = until("the agent asks to be waited for", PATIENCE, delay);
    assert_eq!(what, "sleep delay");

    let emitter = SignalEmitter::new(&served, path).unwrap();
    runtime.block_on(Logind::prepare_for_sleep(&emitter, true)).unwrap();
    // The machine sleeps when the other end of the delay is closed, and not before.
    let mut rest = Vec::new();
    std::fs::File::from(delay).read_to_end(&mut rest).unwrap();
    assert!(!memory_holds(pid, b"Quintessa"));
    assert_eq!(practice.json(&["status"])["vault"], "locked");
    practice.ok(&["unlock"]);
    let events = practice.lines(&["audit", "list"]);
    assert!(events.iter().any(|event| event["action"] == "lock" && event["actor"] == "agent"));
    until("the fresh agent asks to be waited for, too", PATIENCE, || logind.delays.lock().unwrap().pop());
}
