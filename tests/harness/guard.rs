//! A program started for a test, ended with it.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running program; dropped, it is ended by its id.
pub struct Running(pub Child);

impl Running {
    /// Starts a program without input and output.
    pub fn start(command: &mut Command) -> Self {
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let name = quiet.get_program().to_owned();
        Self(quiet.spawn().unwrap_or_else(|e| panic!("this test needs {name:?}: {e}")))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks until there is an answer, or fails with `what` at the deadline.
pub fn until<T>(what: &str, deadline: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + deadline;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < end, "not in {deadline:?}: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What a program prints; the test fails when it cannot be run.
pub fn output(command: &mut Command) -> String {
    let name = command.get_program().to_owned();
    let out = command.output().unwrap_or_else(|e| panic!("this test needs {name:?}: {e}"));
    String::from_utf8_lossy(&out.stdout).into_owned()
}
