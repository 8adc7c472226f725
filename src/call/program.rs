//! A run of `bedside-call`, step by step: the first wall, devices and window side by side, the second
//! wall, and only then the session, which hears the other side.

use super::device::{CameraChoice, DeviceKind, MicrophoneChoice, SpeakerChoice, cpal, nokhwa};
use super::sandbox::{Files, Sandbox};
use super::session::{Call, Devices, Options};
use super::shared::{Shared, Stage};
use super::window::{self, Backstage, Begin, Choice, Choices};
use crate::base::{Failure, Kind};
use crate::wire::call::Trouble;
use std::cell::RefCell;
use std::fs::File;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;

/// The three devices as chosen on the command line.
pub(super) type Chosen = (CameraChoice, MicrophoneChoice, SpeakerChoice);

/// A run between its first wall and its end.
pub(super) struct Program {
    sandbox: Sandbox,
    socket: Option<UnixStream>,
    options: Options,
    opening: Option<JoinHandle<(Devices, Choices)>>,
    call: Option<Call>,
    failure: Option<Failure>,
}

impl Program {
    /// Begins to open the devices, beside whatever else is to be done.
    pub(super) fn open(
        sandbox: Sandbox,
        socket: UnixStream,
        options: Options,
        chosen: Chosen,
    ) -> Result<Self, Failure> {
        if sandbox.files() != Files::Held {
            tracing::warn!(files = ?sandbox.files(), "this kernel does not hold the whole file wall");
        }
        let work = move || {
            let devices = Devices::open(&chosen.0, &chosen.1, &chosen.2);
            let choices = choices(&chosen, &devices);
            (devices, choices)
        };
        let opening = std::thread::Builder::new().name("devices".into()).spawn(work).map_err(|e| refused(&e))?;
        Ok(Self { sandbox, socket: Some(socket), options, opening: Some(opening), call: None, failure: None })
    }

    /// Runs with a window, or as sound only where there is no display.
    pub(super) fn run(self) -> Result<(), Failure> {
        let program = Rc::new(RefCell::new(self));
        let shown = window::show(Stand { program: program.clone() });
        let mut program =
            Rc::try_unwrap(program).map_err(|_| Failure::new(Kind::Bug, "the window outlives itself"))?.into_inner();
        if let Some(failure) = program.failure.take() {
            return Err(failure);
        }
        match (shown, program.call.take()) {
            (Err(_), None) => program.run_headless(true),
            (_, Some(call)) => finish(call),
            // The window was closed before the visit began.
            (Ok(()), None) => Ok(()),
        }
    }

    /// Runs without a window; `missed` when one was wanted.
    pub(super) fn run_headless(mut self, missed: bool) -> Result<(), Failure> {
        let opening = self.opening.take().map(JoinHandle::join);
        let Some(Ok((mut devices, _))) = opening else {
            return Err(Failure::new(Kind::Bug, "a device could not be opened"));
        };
        if missed {
            devices.troubles.push(Trouble::NoDisplay);
        }
        let call = self.start(devices, false)?;
        call.shared.on_change(self.cut(&call.shared));
        finish(call)
    }

    /// Raises the second wall and lets the session speak.
    fn start(&mut self, devices: Devices, display: bool) -> Result<Call, Failure> {
        self.sandbox.lock().map_err(|e| refused(&e))?;
        let socket = self.socket.take().ok_or_else(|| Failure::new(Kind::Bug, "the visit began twice"))?;
        let options = Options { display, ..self.options };
        Call::start(socket, devices, options).map_err(|e| refused(&e))
    }

    /// What is done after every change: at the first connection the last local connections are cut.
    fn cut(&self, shared: &Arc<Shared>) -> impl Fn() + Send + Sync + 'static {
        let (sandbox, shared, done): (_, Weak<Shared>, _) =
            (self.sandbox, Arc::downgrade(shared), AtomicBool::new(false));
        move || {
            if done.load(Ordering::Relaxed) || shared.upgrade().is_none_or(|shared| shared.view().stage != Stage::Live)
            {
                return;
            }
            if !done.swap(true, Ordering::Relaxed) && sandbox.cut().is_err() {
                tracing::error!("the last wall could not be raised");
            }
        }
    }
}

fn finish(call: Call) -> Result<(), Failure> {
    call.wait().map_err(|e| Failure::new(Kind::Network, e.to_string()))
}

/// What stands behind the window.
struct Stand {
    program: Rc<RefCell<Program>>,
}

impl Backstage for Stand {
    fn begin(&mut self) -> Begin {
        let mut program = self.program.borrow_mut();
        if program.opening.as_ref().is_some_and(|opening| !opening.is_finished()) {
            return Begin::Soon;
        }
        let opened = program.opening.take().and_then(|opening| opening.join().ok());
        let begun = match opened {
            Some((devices, choices)) => program.start(devices, true).map(|call| (call, choices)),
            None => Err(Failure::new(Kind::Bug, "a device could not be opened")),
        };
        match begun {
            Ok((call, choices)) => {
                let shared = call.shared.clone();
                let changed = Box::new(program.cut(&shared));
                program.call = Some(call);
                Begin::Running { shared, choices, changed }
            }
            Err(failure) => {
                program.failure = Some(failure);
                Begin::Failed
            }
        }
    }

    fn choose(&mut self, kind: DeviceKind, name: &str) {
        match kind {
            DeviceKind::Camera => nokhwa::CHOSEN.choose(name),
            DeviceKind::Microphone => cpal::MICROPHONE.choose(name),
            DeviceKind::Speaker => cpal::SPEAKER.choose(name),
        }
    }
}

/// What the window offers. A source that was made up on the command line stays what it is.
fn choices(chosen: &Chosen, devices: &Devices) -> Choices {
    let of = |real: bool, names: fn() -> Vec<String>, used: Option<&str>| {
        let used = used.map(str::to_owned);
        let names = if real { names() } else { used.iter().cloned().collect() };
        Choice { names, used }
    };
    let camera = devices.camera.as_ref().map(|camera| camera.name());
    Choices {
        cameras: of(matches!(chosen.0, CameraChoice::Default | CameraChoice::Named(_)), nokhwa::names, camera),
        microphones: of(
            matches!(chosen.1, MicrophoneChoice::Default | MicrophoneChoice::Named(_)),
            cpal::microphones,
            Some(devices.microphone.name()),
        ),
        speakers: of(
            matches!(chosen.2, SpeakerChoice::Default | SpeakerChoice::Named(_)),
            cpal::speakers,
            Some(devices.speaker.name()),
        ),
    }
}

/// Sends the libraries' own complaints to nowhere (some hold addresses) and keeps the way for ours.
pub(super) fn divert_stderr() -> Option<File> {
    let own = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stderr(), 3).ok()?;
    let nowhere = File::options().write(true).open("/dev/null").ok()?;
    rustix::stdio::dup2_stderr(&nowhere).ok()?;
    Some(File::from(own))
}

/// One line of ours.
pub(super) fn complain(own: &Option<File>, text: &str) {
    if let Some(mut own) = own.as_ref() {
        // Nobody may be reading.
        let _ = own.write_all(format!("bedside-call: {text}\n").as_bytes());
    }
}

/// `BEDSIDE_LOG` (error, warn, info, debug, trace) switches our own log on; other crates are never heard.
pub(super) fn start_log(own: &Option<File>) {
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::prelude::*;
    let level = std::env::var("BEDSIDE_LOG").ok().and_then(|level| level.parse::<LevelFilter>().ok());
    let (Some(level), Some(own)) = (level, own.as_ref().and_then(|own| own.try_clone().ok())) else { return };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::sync::Mutex::new(own)).with_ansi(false);
    let ours = Targets::new().with_target("bedside", level);
    // A second log cannot be there: this is the program's start.
    let _ = tracing_subscriber::registry().with(lines.with_filter(ours)).try_init();
}

/// A panic tells its place, never its payload: that could hold what somebody said.
pub(super) fn hide_panics(own: &Option<File>) {
    let own = own.as_ref().and_then(|own| own.try_clone().ok());
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        complain(&own, &format!("error: a bug at {place}"));
    }));
}

/// Graphics drivers keep compiled shaders on disk unless they are told not to.
pub(super) fn keep_shaders_in_memory() {
    #[expect(unsafe_code, reason = "the environment is shared with C libraries")]
    // SAFETY: this runs before any thread is started.
    unsafe {
        std::env::set_var("MESA_SHADER_CACHE_DISABLE", "true");
        std::env::set_var("__GL_SHADER_DISK_CACHE", "0");
    }
}

/// The system refused something the program cannot do without.
pub(super) fn refused(error: &dyn std::error::Error) -> Failure {
    Failure::new(Kind::Refused, error.to_string()).hint("run 'bedside doctor'")
}
