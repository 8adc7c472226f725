//! Cameras of this machine, by nokhwa; by the `v4l` crate where nokhwa gives up.
//!
//! A camera lives on a thread of its own, because a stalled one blocks its reader for ever. The thread
//! opens the camera, converts its frames and puts the newest into a slot; [`Webcam::frame`] waits at the
//! slot, never at the camera. Whatever goes wrong, the thread tries again once a second, so a camera
//! that was busy or pulled out comes back by itself where the sandbox lets it be opened. A thread that
//! hangs in the driver is left behind after [`ABANDON`] and another takes its place; should the camera
//! wake up, the old thread notices and goes.
//!
//! nokhwa refuses cameras whose frame rate is not a whole number (30000/1001) or whose present format
//! it does not know; those are opened through `v4l`, the crate below it.

use super::super::picture::Picture;
use super::chosen::Chosen;
use super::{Camera, DeviceError, DeviceKind, mjpeg};
use ::nokhwa::utils::{CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType, Resolution};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use v4l::buffer::Type;
use v4l::framesize::FrameSizeEnum;
use v4l::io::traits::CaptureStream;
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{FourCC, prelude::MmapStream};

/// The camera wished for in the window.
pub static CHOSEN: Chosen = Chosen::new();

/// How long the first picture may take before opening counts as failed.
const OPENING: Duration = Duration::from_secs(5);
/// How long a camera may stand still before its thread is left behind.
const ABANDON: Duration = Duration::from_secs(5);
/// The pause between two attempts.
const RETRY: Duration = Duration::from_secs(1);

/// A camera's way of sending pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mode {
    format: Packing,
    width: u32,
    height: u32,
    frames_per_s: u32,
}

/// How a frame's bytes are packed. What else cameras send is not asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Yuyv,
    Nv12,
    Mjpeg,
}

impl Packing {
    const ALL: [Self; 3] = [Self::Yuyv, Self::Nv12, Self::Mjpeg];

    fn fourcc(self) -> FourCC {
        FourCC::new(match self {
            Self::Yuyv => b"YUYV",
            Self::Nv12 => b"NV12",
            Self::Mjpeg => b"MJPG",
        })
    }

    fn nokhwa(self) -> FrameFormat {
        match self {
            Self::Yuyv => FrameFormat::YUYV,
            Self::Nv12 => FrameFormat::NV12,
            Self::Mjpeg => FrameFormat::MJPEG,
        }
    }
}

/// The newest picture of a camera, and how it fares.
#[derive(Default)]
struct Slot {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    picture: Option<Picture>,
    trouble: Option<DeviceError>,
    /// The thread that may write here; others have been left behind.
    thread: u64,
    closed: bool,
}

impl Slot {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts something into the slot; `false` when thread number `thread` has to go.
    fn put(&self, thread: u64, what: Result<Picture, DeviceError>) -> bool {
        let mut state = self.lock();
        if state.closed || state.thread != thread {
            return false;
        }
        match what {
            Ok(picture) => (state.picture, state.trouble) = (Some(picture), None),
            Err(trouble) => state.trouble = Some(trouble),
        }
        self.changed.notify_all();
        true
    }

    /// Waits `time`; `false` when thread number `thread` has to go.
    fn pause(&self, thread: u64, time: Duration) -> bool {
        let stay = |state: &mut State| !state.closed && state.thread == thread;
        let waited = self.changed.wait_timeout_while(self.lock(), time, stay);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        !state.closed && state.thread == thread
    }
}

/// A real camera.
pub struct Webcam {
    name: String,
    size: (u32, u32),
    slot: Arc<Slot>,
    last: Instant,
    resting: bool,
}

impl Webcam {
    /// Opens the first camera, or the first whose name contains `wanted`, near `width` × `height`
    /// pixels at 30 frames a second, and waits for its first picture.
    ///
    /// # Errors
    /// [`DeviceError`] when there is none, or it cannot be used now.
    pub fn open(wanted: Option<&str>, width: u32, height: u32) -> Result<Self, DeviceError> {
        let (_, name) = find(wanted)?;
        let slot = Arc::new(Slot::default());
        let webcam = Self { name, size: (width, height), slot, last: Instant::now(), resting: false };
        webcam.start(0)?;
        let nothing = |state: &mut State| state.picture.is_none() && state.trouble.is_none();
        let waited = webcam.slot.changed.wait_timeout_while(webcam.slot.lock(), OPENING, nothing);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let trouble = state.trouble.take();
        let come = state.picture.is_some();
        drop(state);
        match trouble {
            Some(trouble) => Err(trouble),
            None if come => Ok(webcam),
            None => Err(DeviceError::Gone(DeviceKind::Camera)),
        }
    }

    /// Sends the present thread home, empties the slot and names the next thread.
    fn leave(&self) -> u64 {
        let mut state = self.slot.lock();
        state.thread += 1;
        (state.picture, state.trouble) = (None, None);
        self.slot.changed.notify_all();
        state.thread
    }

    fn start(&self, thread: u64) -> Result<(), DeviceError> {
        let (slot, name, size) = (self.slot.clone(), self.name.clone(), self.size);
        let body = move || film(&slot, thread, &name, size);
        let started = std::thread::Builder::new().name("camera".into()).spawn(body);
        started.map(drop).map_err(|_| failed("no thread could be started"))
    }
}

impl Camera for Webcam {
    fn name(&self) -> &str {
        &self.name
    }

    fn rest(&mut self) -> Result<(), DeviceError> {
        if !self.resting {
            self.resting = true;
            self.leave();
        }
        Ok(())
    }

    fn frame(&mut self, timeout: Duration) -> Result<Picture, DeviceError> {
        let chosen = CHOSEN.take();
        if chosen.is_some() || self.resting {
            self.name = chosen.unwrap_or_else(|| std::mem::take(&mut self.name));
            self.resting = false;
            let thread = self.leave();
            self.last = Instant::now();
            self.start(thread)?;
        }
        let nothing = |state: &mut State| state.picture.is_none() && state.trouble.is_none();
        let waited = self.slot.changed.wait_timeout_while(self.slot.lock(), timeout, nothing);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if let Some(picture) = state.picture.take() {
            self.last = Instant::now();
            return Ok(picture);
        }
        let trouble = state.trouble.take();
        if trouble.is_some() {
            // The thread is alive and trying.
            self.last = Instant::now();
        } else if self.last.elapsed() > ABANDON {
            drop(state);
            let thread = self.leave();
            self.last = Instant::now();
            self.start(thread)?;
        }
        Err(trouble.unwrap_or(DeviceError::Gone(DeviceKind::Camera)))
    }
}

impl Drop for Webcam {
    fn drop(&mut self) {
        self.slot.lock().closed = true;
        self.slot.changed.notify_all();
    }
}

/// The names of the cameras of this machine, each once.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (_, name) in cameras() {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Index and name of every camera, in the system's order. A camera shows up as several devices, of
/// which only those count that send pictures, or cannot be asked now.
fn cameras() -> Vec<(u32, String)> {
    let mut found: Vec<(u32, String)> = ::nokhwa::query(::nokhwa::utils::ApiBackend::Video4Linux)
        .unwrap_or_default()
        .iter()
        .filter_map(|info| Some((info.index().as_index().ok()?, info.human_name())))
        .filter_map(|(index, name)| {
            let device = match v4l::Device::new(index as usize) {
                Ok(device) => device,
                Err(_) => return Some((index, name)),
            };
            let sends = Capture::enum_formats(&device).is_ok_and(|formats| !formats.is_empty());
            // The card's own name, where the system keeps no list of names.
            let name =
                if name.starts_with("/dev/") { device.query_caps().map_or(name, |caps| caps.card) } else { name };
            sends.then_some((index, name))
        })
        .collect();
    found.sort();
    found
}

fn find(wanted: Option<&str>) -> Result<(u32, String), DeviceError> {
    let fits = |name: &str| wanted.is_none_or(|wanted| name.to_lowercase().contains(&wanted.to_lowercase()));
    cameras().into_iter().find(|(_, name)| fits(name)).ok_or(DeviceError::Missing(DeviceKind::Camera))
}

/// A camera thread's life: open, film, and again.
fn film(slot: &Slot, thread: u64, name: &str, size: (u32, u32)) {
    loop {
        let mut put = |what| slot.put(thread, what);
        let trouble = match find(Some(name)).and_then(|(index, _)| capture(index, size, &mut put)) {
            Ok(()) => return,
            // A camera that was there and is not any more was pulled out.
            Err(DeviceError::Missing(kind)) => DeviceError::Gone(kind),
            Err(trouble) => trouble,
        };
        if !slot.put(thread, Err(trouble)) || !slot.pause(thread, RETRY) {
            return;
        }
    }
}

/// Films until `put` says it is enough.
fn capture(
    index: u32,
    size: (u32, u32),
    put: &mut dyn FnMut(Result<Picture, DeviceError>) -> bool,
) -> Result<(), DeviceError> {
    let device = v4l::Device::new(index as usize).map_err(|e| explain(&e))?;
    let modes = modes(&device);
    let mode = choose(&modes, size)
        .ok_or(DeviceError::Format { kind: DeviceKind::Camera, reason: "neither YUYV, NV12 nor Motion JPEG" })?;
    drop(device);
    match open_nokhwa(index, mode) {
        Ok(mut camera) => loop {
            let frame = camera.frame().map_err(|e| from_words(&e.to_string()))?;
            if !take(mode, frame.buffer(), put) {
                return Ok(());
            }
        },
        Err(busy @ (DeviceError::Busy(_) | DeviceError::Denied(_) | DeviceError::Gone(_))) => Err(busy),
        Err(_) => capture_v4l(index, mode, put),
    }
}

/// Converts a frame; `false` when `put` says it is enough. A damaged frame is left out.
fn take(mode: Mode, bytes: &[u8], put: &mut dyn FnMut(Result<Picture, DeviceError>) -> bool) -> bool {
    let Mode { width, height, .. } = mode;
    let picture = match mode.format {
        Packing::Yuyv => Picture::from_yuyv(width, height, width as usize * 2, bytes).ok(),
        Packing::Nv12 => Picture::from_nv12(width, height, width as usize, bytes).ok(),
        Packing::Mjpeg => mjpeg::decode(bytes),
    };
    picture.is_none_or(|picture| put(Ok(picture)))
}

fn open_nokhwa(index: u32, mode: Mode) -> Result<::nokhwa::Camera, DeviceError> {
    let Mode { width, height, frames_per_s, format } = mode;
    let exact = CameraFormat::new(Resolution::new(width, height), format.nokhwa(), frames_per_s);
    let formats = [format.nokhwa()];
    let request = RequestedFormat::with_formats(RequestedFormatType::Exact(exact), &formats);
    let camera = ::nokhwa::Camera::new(CameraIndex::Index(index), request);
    let mut camera = camera.map_err(|e| from_words(&e.to_string()))?;
    camera.open_stream().map_err(|e| from_words(&e.to_string()))?;
    Ok(camera)
}

/// The other way, for cameras nokhwa does not open.
fn capture_v4l(
    index: u32,
    mode: Mode,
    put: &mut dyn FnMut(Result<Picture, DeviceError>) -> bool,
) -> Result<(), DeviceError> {
    let device = v4l::Device::new(index as usize).map_err(|e| explain(&e))?;
    let wish = v4l::Format::new(mode.width, mode.height, mode.format.fourcc());
    let given = Capture::set_format(&device, &wish).map_err(|e| explain(&e))?;
    let format = Packing::ALL.into_iter().find(|packing| packing.fourcc() == given.fourcc);
    let format = format.ok_or(failed("it changed its format"))?;
    let mode = Mode { width: given.width, height: given.height, format, ..mode };
    // A camera with a rate of its own keeps it.
    let _ = Capture::set_params(&device, &Parameters::with_fps(mode.frames_per_s));
    let mut stream = MmapStream::with_buffers(&device, Type::VideoCapture, 4).map_err(|e| explain(&e))?;
    stream.set_timeout(OPENING);
    loop {
        let (bytes, _) = stream.next().map_err(|e| explain(&e))?;
        if !take(mode, bytes, put) {
            return Ok(());
        }
    }
}

/// What the camera offers in packings this program reads.
fn modes(device: &v4l::Device) -> Vec<Mode> {
    let mut modes = Vec::new();
    for format in Packing::ALL {
        for size in Capture::enum_framesizes(device, format.fourcc()).unwrap_or_default() {
            let sizes: Vec<(u32, u32)> = match size.size {
                FrameSizeEnum::Discrete(size) => vec![(size.width, size.height)],
                FrameSizeEnum::Stepwise(step) => [(640, 480), (1280, 720), (step.max_width, step.max_height)]
                    .into_iter()
                    .filter(|(w, h)| *w <= step.max_width && *h <= step.max_height)
                    .collect(),
            };
            for (width, height) in sizes {
                let intervals =
                    Capture::enum_frameintervals(device, format.fourcc(), width, height).unwrap_or_default();
                let rate =
                    intervals.into_iter().flat_map(|interval| rates(interval.interval)).filter(|r| *r <= 30).max();
                modes.push(Mode { format, width, height, frames_per_s: rate.unwrap_or(30) });
            }
        }
    }
    modes
}

fn rates(interval: v4l::frameinterval::FrameIntervalEnum) -> Vec<u32> {
    use v4l::frameinterval::FrameIntervalEnum::{Discrete, Stepwise};
    let whole = |f: v4l::Fraction| f.denominator.checked_div(f.numerator);
    match interval {
        Discrete(one) => whole(one).into_iter().collect(),
        Stepwise(step) => [whole(step.min), whole(step.max), Some(30)].into_iter().flatten().collect(),
    }
}

/// The mode nearest to the wanted size: smooth before sharp, and at the same size the one that need
/// not be decoded.
fn choose(modes: &[Mode], (width, height): (u32, u32)) -> Option<Mode> {
    let distance = |mode: &Mode| mode.width.abs_diff(width) + mode.height.abs_diff(height);
    modes.iter().copied().min_by_key(|mode| (mode.frames_per_s < 20, distance(mode), mode.format == Packing::Mjpeg))
}

fn failed(reason: &str) -> DeviceError {
    DeviceError::Failed { kind: DeviceKind::Camera, reason: reason.into() }
}

fn explain(error: &std::io::Error) -> DeviceError {
    match error.raw_os_error() {
        Some(code) => from_code(code),
        None if error.kind() == std::io::ErrorKind::TimedOut => DeviceError::Gone(DeviceKind::Camera),
        None => failed("an unknown reason"),
    }
}

/// nokhwa tells its errors in words only; the system's number stands at their end.
fn from_words(words: &str) -> DeviceError {
    let code = words.rsplit_once("(os error ").and_then(|(_, rest)| rest.split(')').next()?.parse().ok());
    code.map_or_else(|| failed("its settings were refused"), from_code)
}

fn from_code(code: i32) -> DeviceError {
    let camera = DeviceKind::Camera;
    match code {
        libc::EBUSY => DeviceError::Busy(camera),
        libc::EACCES | libc::EPERM => DeviceError::Denied(camera),
        libc::ENODEV | libc::ENXIO | libc::ENOENT | libc::EIO | libc::ETIMEDOUT => DeviceError::Gone(camera),
        code => failed(&format!("system error {code}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn mode(format: Packing, width: u32, height: u32, frames_per_s: u32) -> Mode {
        Mode { format, width, height, frames_per_s }
    }

    #[test]
    fn smooth_comes_before_sharp_and_raw_before_packed() {
        let webcam = [
            mode(Packing::Yuyv, 640, 480, 30),
            mode(Packing::Mjpeg, 640, 480, 30),
            mode(Packing::Yuyv, 1280, 720, 10),
            mode(Packing::Mjpeg, 1280, 720, 30),
        ];
        assert_eq!(choose(&webcam, (640, 480)), Some(webcam[0]));
        assert_eq!(choose(&webcam, (1280, 720)), Some(webcam[3]));
        assert_eq!(choose(&webcam[2..3], (640, 480)), Some(webcam[2]), "slow is better than nothing");
        assert_eq!(choose(&[], (640, 480)), None);
    }

    #[test]
    fn a_cameras_refusal_is_told_in_our_words() {
        let camera = DeviceKind::Camera;
        assert_eq!(from_words("V4L2 Error: Device or resource busy (os error 16)"), DeviceError::Busy(camera));
        assert_eq!(from_words("No such device (os error 19)"), DeviceError::Gone(camera));
        assert_eq!(from_words("Permission denied (os error 13)"), DeviceError::Denied(camera));
        assert!(matches!(from_words("Framerate not whole number"), DeviceError::Failed { .. }));
    }
}
