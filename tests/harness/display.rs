//! An X display without a screen, with a session bus and the accessibility bus on request.

use super::guard::{Running, output, until};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A display of its own; dropped, it is gone.
pub struct Display {
    server: Running,
    number: String,
    buses: Vec<Running>,
    bus: Option<String>,
}

impl Display {
    /// Starts Xvfb on a free number, 1280×800 in 24 bits.
    pub fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("this test needs Xvfb");
        let mut number = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut number).unwrap();
        let number = number.trim().to_owned();
        assert!(!number.is_empty(), "Xvfb found no free display");
        Self { server: Running(child), number, buses: Vec::new(), bus: None }
    }

    /// `:N`.
    pub fn name(&self) -> String {
        format!(":{}", self.number)
    }

    /// Starts a session bus and the accessibility bus with a screen reader said to be running.
    pub fn with_screen_reader(mut self) -> Self {
        let mut daemon = Command::new("dbus-daemon");
        daemon.args(["--session", "--nofork", "--print-address"]);
        daemon.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = daemon.env("DISPLAY", self.name()).spawn().expect("this test needs dbus-daemon");
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        self.buses.push(Running(child));
        self.bus = Some(address.trim().to_owned());
        let mut launcher = Command::new("/usr/libexec/at-spi-bus-launcher");
        self.dress(launcher.arg("--launch-immediately"));
        self.buses.push(Running::start(&mut launcher));
        for property in ["ScreenReaderEnabled", "IsEnabled"] {
            let set = ["org.a11y.Status", property, "<true>"];
            until("the accessibility bus answers", Duration::from_secs(10), || {
                let mut call = Command::new("gdbus");
                self.dress(call.args([
                    "call",
                    "--session",
                    "--dest",
                    "org.a11y.Bus",
                    "--object-path",
                    "/org/a11y/bus",
                ]));
                call.args(["--method", "org.freedesktop.DBus.Properties.Set"]).args(set);
                call.output().is_ok_and(|out| out.status.success()).then_some(())
            });
        }
        self
    }

    /// The address of the accessibility bus.
    pub fn accessibility_bus(&self) -> String {
        let mut call = Command::new("gdbus");
        self.dress(call.args(["call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus"]));
        let answer = output(call.args(["--method", "org.a11y.Bus.GetAddress"]));
        answer.trim().trim_start_matches("('").trim_end_matches("',)").to_owned()
    }

    /// Puts the display's (and the bus's) names into a program's environment.
    pub fn dress<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("DISPLAY", self.name()).env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
        command.env("LIBGL_ALWAYS_SOFTWARE", "1");
        match &self.bus {
            Some(bus) => command.env("DBUS_SESSION_BUS_ADDRESS", bus),
            None => command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent"),
        }
    }

    /// Runs xdotool, as a hand at keyboard and mouse.
    pub fn hand(&self, arguments: &[&str]) -> String {
        output(Command::new("xdotool").env("DISPLAY", self.name()).args(arguments))
    }

    /// Waits for the window with this title and gives it the keyboard; its id.
    pub fn window(&self, title: &str) -> String {
        let found = until("the window stands", Duration::from_secs(60), || {
            let found = self.hand(&["search", "--onlyvisible", "--name", title]);
            found.lines().next().map(str::to_owned)
        });
        self.hand(&["windowfocus", "--sync", &found]);
        found
    }

    /// Writes a picture of a window as PNG.
    pub fn picture(&self, window: &str, to: &Path) {
        let status = Command::new("import").env("DISPLAY", self.name()).args(["-window", window]).arg(to).status();
        assert!(status.is_ok_and(|status| status.success()), "this test needs import (imagemagick)");
    }

    /// The server's process.
    pub fn id(&self) -> u32 {
        self.server.0.id()
    }
}
