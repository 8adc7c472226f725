//! A sound server without a sound card: what is played into *MicFeed* is heard by the *Microphone*, and
//! what is played on the *Speaker* can be recorded.

use super::guard::{Running, until};
use super::wave::Recording;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A PulseAudio of its own in a folder of its own; dropped, both are gone.
pub struct Pulse {
    _server: Running,
    folder: tempfile::TempDir,
}

impl Pulse {
    /// Starts the server with a speaker and a microphone made of null sinks.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("native");
        let load = |module: &str| format!("--load={module}");
        let mut command = Command::new("pulseaudio");
        command.args(["-n", "-F", "/dev/null", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit"]);
        command.args(["--use-pid-file=no", "--high-priority=no", "--realtime=no", "--log-target=stderr"]);
        command.arg(load(&format!("module-native-protocol-unix socket={} auth-anonymous=1", socket.display())));
        for (name, about, channels) in [("speaker", "Speaker", 2), ("micfeed", "MicFeed", 1)] {
            command.arg(load(&format!(
                "module-null-sink sink_name={name} rate=48000 channels={channels} \
                 sink_properties=device.description={about}"
            )));
        }
        command.arg(load(
            "module-remap-source source_name=mic master=micfeed.monitor source_properties=device.description=Microphone",
        ));
        command
            .env("HOME", folder.path())
            .env("XDG_RUNTIME_DIR", folder.path())
            .env("PULSE_RUNTIME_PATH", folder.path());
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        let server = Running::start(&mut command);
        let pulse = Self { _server: server, folder };
        until("the sound server answers", Duration::from_secs(20), || {
            pulse.control(&["info"]).status().is_ok_and(|status| status.success()).then_some(())
        });
        for set in [["set-default-sink", "speaker"], ["set-default-source", "mic"]] {
            assert!(pulse.control(&set).status().unwrap().success(), "{set:?}");
        }
        pulse
    }

    fn address(&self) -> String {
        format!("unix:{}", self.folder.path().join("native").display())
    }

    fn control(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("pactl");
        command.arg("-s").arg(self.address()).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Puts the server's names into a program's environment.
    pub fn dress<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("PULSE_SERVER", self.address()).env("PULSE_RUNTIME_PATH", self.folder.path());
        command.env("XDG_RUNTIME_DIR", self.folder.path())
    }

    /// Plays a WAV file into a sink.
    pub fn play(&self, file: &std::path::Path, sink: &str) -> Running {
        let mut command = Command::new("paplay");
        Running::start(self.dress(&mut command).arg(format!("--device={sink}")).arg(file))
    }

    /// Records what a sink plays into a WAV file, until the recording is dropped.
    pub fn record(&self, sink: &str) -> (Running, Recording) {
        let file = self.folder.path().join(format!("{sink}.wav"));
        let mut command = Command::new("parecord");
        let device = format!("--device={sink}.monitor");
        self.dress(&mut command).args([&device, "--rate=48000", "--channels=1", "--format=s16le", "--file-format=wav"]);
        (Running::start(command.arg("--latency-msec=50").arg(&file)), Recording(file))
    }
}
