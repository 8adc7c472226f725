//! An X display without a screen, with a session bus and the accessibility bus on request.

use super::guard::{Running, output, until};
use bedside::call::picture::Picture;
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

    /// Role, name and description of everything a screen reader finds.
    pub fn read_aloud(&self) -> Vec<String> {
        let mut found = Vec::new();
        let root = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root");
        tree(&self.accessibility_bus(), root, 6, &mut found);
        found
    }

    /// The address of the accessibility bus.
    fn accessibility_bus(&self) -> String {
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

    /// The part of a call window where the other side's 4:3 picture stands: between head and bar.
    pub fn stage(&self, window: &str) -> Picture {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("window.png");
        self.picture(window, &file);
        stage(&read(&file))
    }

    /// The titles of all windows.
    pub fn titles(&self) -> String {
        let all = self.hand(&["search", "--name", ""]);
        all.lines().map(|window| self.hand(&["getwindowname", window])).collect()
    }

    /// The server's process.
    pub fn id(&self) -> u32 {
        self.server.0.id()
    }
}

/// A screenshot as a picture.
fn read(file: &Path) -> Picture {
    let mut reader =
        png::Decoder::new(std::io::BufReader::new(std::fs::File::open(file).unwrap())).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    assert_eq!(info.bit_depth, png::BitDepth::Eight);
    let rgb: Vec<u8> = match info.color_type {
        png::ColorType::Rgb => bytes,
        png::ColorType::Rgba => bytes.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect(),
        other => panic!("a screenshot in {other:?}"),
    };
    Picture::from_rgb(info.width, info.height, &rgb).unwrap()
}

fn stage(shot: &Picture) -> Picture {
    let (top, bottom) = (44, shot.height() as usize - 58);
    let (height, width) = (bottom - top, shot.width() as usize);
    let across = (height * 4 / 3).min(width) & !1;
    let left = (width - across) / 2;
    let planes = shot.planes();
    let mut rgb = Vec::with_capacity(across * height * 3);
    for y in 0..height {
        for x in 0..across {
            let colour = |row: usize, column: usize| {
                let luma = (f32::from(planes.y[row * planes.strides[0] + column]) - 16.0) * 1.164;
                let u = f32::from(planes.u[row / 2 * planes.strides[1] + column / 2]) - 128.0;
                let v = f32::from(planes.v[row / 2 * planes.strides[2] + column / 2]) - 128.0;
                [luma + 1.596 * v, luma - 0.392 * u - 0.813 * v, luma + 2.017 * u].map(|c| c.clamp(0.0, 255.0) as u8)
            };
            rgb.extend(colour(top + y, left + x));
        }
    }
    Picture::from_rgb(across as u32, height as u32, &rgb).unwrap()
}

/// What stands below a place on the accessibility bus.
fn tree(bus: &str, place: (&str, &str), depth: usize, found: &mut Vec<String>) {
    let call = |method: &str, arguments: &[&str]| {
        let mut gdbus = Command::new("gdbus");
        gdbus.args(["call", "--address", bus, "--dest", place.0, "--object-path", place.1, "--method", method]);
        output(gdbus.args(arguments))
    };
    let name = call("org.freedesktop.DBus.Properties.Get", &["org.a11y.atspi.Accessible", "Name"]);
    let about = call("org.freedesktop.DBus.Properties.Get", &["org.a11y.atspi.Accessible", "Description"]);
    let role = call("org.a11y.atspi.Accessible.GetRoleName", &[]);
    found.push(format!("{} {} {}", role.trim(), name.trim(), about.trim()));
    if depth == 0 {
        return;
    }
    let children = call("org.a11y.atspi.Accessible.GetChildren", &[]);
    let mut quoted = children.split('\'').skip(1).step_by(2);
    while let (Some(owner), Some(path)) = (quoted.next(), quoted.next()) {
        tree(bus, (owner, path), depth - 1, found);
    }
}
