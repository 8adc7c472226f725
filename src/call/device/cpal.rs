//! Microphones and speakers of this machine, by cpal: the sound server first (PulseAudio, or PipeWire
//! speaking its protocol), the sound card itself (ALSA) where there is none.
//!
//! Between cpal's callback and the sound thread lies a lock-free ring. Streams ask for 10 or 20 ms
//! at a time; never the server's default, which is two seconds on PulseAudio. The
//! first error of the backend drops the stream and builds it again, on the same device or, when that is
//! gone, on the one that fits the choice now; while that fails, reads wait and writes are lost, and it is
//! tried again until the device counts as gone.

use super::chosen::Chosen;
use super::resample::Resample;
use super::{BLOCK, Block, DeviceError, DeviceKind, Microphone, SAMPLE_RATE_HZ, Speaker};
use ::cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use ::cpal::{BufferSize, Device, ErrorKind, FromSample, Host, HostId, SampleFormat, SizedSample, StreamConfig};
use rtrb::{Consumer, Producer, RingBuffer};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The microphone wished for in the window.
pub static MICROPHONE: Chosen = Chosen::new();
/// The speaker wished for in the window.
pub static SPEAKER: Chosen = Chosen::new();

/// Samples between sound thread and speaker: 200 ms at 48 kHz.
const SAID: usize = 9_600;
/// Samples between microphone and sound thread: one second at 48 kHz. On a busy machine sound comes in bursts; whatever
/// waits is sent at once, so a late burst delays nothing after it, while what is left out of a stream tears its clock.
const HEARD: usize = 48_000;
/// How long a stream may be silent before it is built again.
const QUIET: Duration = Duration::from_millis(800);
/// The pause between two attempts to build a stream.
const RETRY: Duration = Duration::from_millis(250);
/// How long a speaker may be missing before it counts as gone.
const MISSING: Duration = Duration::from_secs(2);
/// How long the sound server may take to make a stream.
const BUILDING: Duration = Duration::from_secs(3);

/// The host in use, kept for the whole call: the sandbox lets no second connection be made.
fn with_host<T>(act: impl FnOnce(&Host) -> T) -> Option<T> {
    static HOST: Mutex<Option<Host>> = Mutex::new(None);
    let mut host = HOST.lock().unwrap_or_else(PoisonError::into_inner);
    if host.is_none() {
        let open = |id| ::cpal::host_from_id(id).ok();
        let server = ::cpal::available_hosts().into_iter().find(|id| *id == HostId::PulseAudio).and_then(open);
        *host = server.or_else(|| open(HostId::Alsa));
    }
    host.as_ref().map(act)
}

/// The names of the microphones. A sound server also offers what its speakers play; that is left out.
pub fn microphones() -> Vec<String> {
    names(DeviceKind::Microphone)
}

/// The names of the speakers.
pub fn speakers() -> Vec<String> {
    names(DeviceKind::Speaker)
}

fn names(kind: DeviceKind) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for device in with_host(|host| of_kind(host, kind)).unwrap_or_default() {
        let monitor = device.id().is_ok_and(|id| id.to_string().ends_with(".monitor"));
        let name = name_of(&device);
        if !monitor && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn of_kind(host: &Host, kind: DeviceKind) -> Vec<Device> {
    let devices = host.devices().into_iter().flatten();
    match kind {
        DeviceKind::Speaker => devices.filter(DeviceTrait::supports_output).collect(),
        _ => devices.filter(DeviceTrait::supports_input).collect(),
    }
}

fn name_of(device: &Device) -> String {
    device.description().map_or_else(|_| "sound device".into(), |about| about.name().to_owned())
}

fn find(kind: DeviceKind, wanted: Option<&str>) -> Result<Device, DeviceError> {
    let device = with_host(|host| match (wanted.map(str::to_lowercase), kind) {
        (Some(wanted), _) => {
            let devices = of_kind(host, kind);
            let exact = devices.iter().position(|device| name_of(device).to_lowercase() == wanted);
            let part = || devices.iter().position(|device| name_of(device).to_lowercase().contains(&wanted));
            exact.or_else(part).and_then(|at| devices.into_iter().nth(at))
        }
        (None, DeviceKind::Speaker) => host.default_output_device(),
        (None, _) => host.default_input_device(),
    });
    device.flatten().ok_or(DeviceError::Missing(kind))
}

/// What callback and sound thread tell each other besides sound.
#[derive(Default)]
struct Signal {
    broken: AtomicBool,
    asleep: Mutex<()>,
    sound: Condvar,
}

/// A running stream; dropping it may take as long as the server likes, so that is done elsewhere.
struct Running {
    stream: Option<::cpal::Stream>,
    signal: Arc<Signal>,
    rate_hz: usize,
}

impl Drop for Running {
    fn drop(&mut self) {
        let stream = self.stream.take();
        // Without a thread to spare the stream ends here.
        let _ = std::thread::Builder::new().name("sound end".into()).spawn(move || drop(stream));
    }
}

/// How a stream is asked for: sample format, channels, rate.
fn settle(kind: DeviceKind, device: &Device) -> Result<(SampleFormat, StreamConfig), DeviceError> {
    let explain = |error: ::cpal::Error| explain(kind, &error);
    let (ranges, usual, channels): (Vec<_>, _, u16) = match kind {
        DeviceKind::Speaker => {
            (device.supported_output_configs().map_err(explain)?.collect(), device.default_output_config(), 2)
        }
        _ => (device.supported_input_configs().map_err(explain)?.collect(), device.default_input_config(), 1),
    };
    let order = [SampleFormat::F32, SampleFormat::I16, SampleFormat::I32];
    let wanted = SAMPLE_RATE_HZ as u32;
    let best = ranges.iter().filter(|range| order.contains(&range.sample_format())).min_by_key(|range| {
        let off = wanted.clamp(range.min_sample_rate(), range.max_sample_rate()).abs_diff(wanted);
        let format = order.iter().position(|format| *format == range.sample_format());
        (off, range.channels().abs_diff(channels), format)
    });
    let (format, channels, rate) = match (best, usual) {
        (Some(range), _) => {
            let rate = wanted.clamp(range.min_sample_rate(), range.max_sample_rate());
            (range.sample_format(), range.channels(), rate)
        }
        (None, Ok(usual)) if order.contains(&usual.sample_format()) => {
            (usual.sample_format(), usual.channels(), usual.sample_rate())
        }
        _ => return Err(DeviceError::Format { kind, reason: "no common sample format" }),
    };
    Ok((format, StreamConfig { channels, sample_rate: rate, buffer_size: BufferSize::Fixed(BLOCK as u32) }))
}

/// The periods a stream is asked for, in blocks, best first. With few processors the sound server is
/// not woken in time for 10 ms whenever a picture is encoded. What a microphone heard in more than one
/// period is lost in PulseAudio's server: cpal asks it to keep a single one.
fn periods(kind: DeviceKind) -> [u32; 2] {
    let few = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) < 4;
    match (kind, few) {
        (DeviceKind::Microphone, true) => [4, 2],
        (DeviceKind::Microphone, false) | (_, true) => [2, 1],
        (_, false) => [1, 2],
    }
}

/// Builds a stream with `build`, in the best period that is granted, and starts it.
fn run(
    kind: DeviceKind,
    config: StreamConfig,
    signal: Arc<Signal>,
    mut build: impl FnMut(StreamConfig) -> Result<::cpal::Stream, ::cpal::Error>,
) -> Result<Running, DeviceError> {
    let block = config.sample_rate / 100;
    let mut last = DeviceError::Missing(kind);
    for buffer_size in periods(kind).map(|blocks| BufferSize::Fixed(block * blocks)) {
        match build(StreamConfig { buffer_size, ..config }).and_then(|stream| stream.play().map(|()| stream)) {
            Ok(stream) => {
                let rate_hz = config.sample_rate as usize;
                return Ok(Running { stream: Some(stream), signal, rate_hz });
            }
            Err(error) => last = explain(kind, &error),
        }
    }
    Err(last)
}

/// What the backend says about a stream that runs: a gap is no reason to build it again.
fn watch(signal: Arc<Signal>) -> impl FnMut(::cpal::Error) + Send + 'static {
    move |error| {
        if !matches!(error.kind(), ErrorKind::Xrun | ErrorKind::RealtimeDenied | ErrorKind::DeviceChanged) {
            signal.broken.store(true, Ordering::Relaxed);
            signal.sound.notify_one();
        }
    }
}

fn explain(kind: DeviceKind, error: &::cpal::Error) -> DeviceError {
    match error.kind() {
        ErrorKind::DeviceBusy => DeviceError::Busy(kind),
        ErrorKind::PermissionDenied => DeviceError::Denied(kind),
        ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable => DeviceError::Missing(kind),
        ErrorKind::StreamInvalidated => DeviceError::Gone(kind),
        ErrorKind::UnsupportedConfig => DeviceError::Format { kind, reason: "the settings were refused" },
        other => DeviceError::Failed { kind, reason: format!("{other:?}") },
    }
}

/// Listens: the callback mixes to mono and fills the ring.
fn listen<T>(device: &Device, config: StreamConfig) -> Result<(Running, Consumer<f32>), DeviceError>
where
    T: SizedSample,
    f32: FromSample<T>,
{
    let signal = Arc::new(Signal::default());
    let mut ring = None;
    let channels = usize::from(config.channels).max(1);
    let running = run(DeviceKind::Microphone, config, signal.clone(), |config| {
        let (mut producer, consumer): (Producer<f32>, _) = RingBuffer::new(HEARD);
        ring = Some(consumer);
        let awake = signal.clone();
        let heard = move |data: &[T], _: &_| {
            for frame in data.chunks_exact(channels) {
                let sum: f32 = frame.iter().map(|sample| f32::from_sample_(*sample)).sum();
                // A full ring means that nobody listens; the newest is lost then.
                let _ = producer.push(sum / channels as f32);
            }
            awake.sound.notify_one();
        };
        device.build_input_stream::<T, _, _>(config, heard, watch(signal.clone()), Some(BUILDING))
    })?;
    Ok((running, ring.expect("invariant: a stream that runs was built with a ring")))
}

/// Speaks: the callback empties the ring into every channel, and is silent when there is nothing.
fn speak<T>(device: &Device, config: StreamConfig) -> Result<(Running, Producer<f32>), DeviceError>
where
    T: SizedSample + FromSample<f32>,
{
    let signal = Arc::new(Signal::default());
    let mut ring = None;
    let channels = usize::from(config.channels).max(1);
    let running = run(DeviceKind::Speaker, config, signal.clone(), |config| {
        let (producer, mut consumer): (_, Consumer<f32>) = RingBuffer::new(SAID);
        ring = Some(producer);
        let said = move |data: &mut [T], _: &_| {
            for frame in data.chunks_mut(channels) {
                frame.fill(T::from_sample_(consumer.pop().unwrap_or(0.0)));
            }
        };
        device.build_output_stream::<T, _, _>(config, said, watch(signal.clone()), Some(BUILDING))
    })?;
    Ok((running, ring.expect("invariant: a stream that runs was built with a ring")))
}

/// A real microphone.
pub struct CpalMicrophone {
    wanted: Option<String>,
    name: String,
    running: Option<Running>,
    ring: Option<Consumer<f32>>,
    resample: Option<Resample>,
    ready: VecDeque<f32>,
    tried: Instant,
    heard: Instant,
}

impl CpalMicrophone {
    /// Opens the system's default microphone, or the first whose name contains `wanted`.
    ///
    /// # Errors
    /// [`DeviceError`] when there is none, or it cannot be used now.
    pub fn open(wanted: Option<&str>) -> Result<Self, DeviceError> {
        let now = Instant::now();
        let mut microphone = Self {
            wanted: wanted.map(str::to_owned),
            name: String::new(),
            running: None,
            ring: None,
            resample: None,
            ready: VecDeque::new(),
            tried: now,
            heard: now,
        };
        microphone.build()?;
        Ok(microphone)
    }

    fn build(&mut self) -> Result<(), DeviceError> {
        (self.running, self.ring, self.tried) = (None, None, Instant::now());
        let device = find(DeviceKind::Microphone, self.wanted.as_deref())?;
        let (format, config) = settle(DeviceKind::Microphone, &device)?;
        let (running, ring) = match format {
            SampleFormat::F32 => listen::<f32>(&device, config),
            SampleFormat::I16 => listen::<i16>(&device, config),
            _ => listen::<i32>(&device, config),
        }?;
        self.resample = converter(DeviceKind::Microphone, running.rate_hz, SAMPLE_RATE_HZ)?;
        (self.name, self.running, self.ring, self.heard) =
            (name_of(&device), Some(running), Some(ring), Instant::now());
        Ok(())
    }

    /// Takes what the ring holds.
    fn drain(&mut self) {
        let Some(ring) = &mut self.ring else { return };
        let waiting = ring.slots();
        if waiting == 0 {
            return;
        }
        self.heard = Instant::now();
        let Ok(chunk) = ring.read_chunk(waiting) else { return };
        match &mut self.resample {
            None => self.ready.extend(chunk),
            Some(resample) => {
                let sound: Vec<f32> = chunk.into_iter().collect();
                resample.push(&sound, |ready| self.ready.extend(ready));
            }
        }
    }
}

impl Microphone for CpalMicrophone {
    fn name(&self) -> &str {
        &self.name
    }

    fn read(&mut self, block: &mut Block, timeout: Duration) -> Result<(), DeviceError> {
        if let Some(name) = MICROPHONE.take() {
            (self.wanted, self.running) = (Some(name), None);
            self.tried = self.tried.checked_sub(RETRY).unwrap_or(self.tried);
        }
        let gone = DeviceError::Gone(DeviceKind::Microphone);
        let until = Instant::now() + timeout;
        block.fill(0.0);
        loop {
            let broken = self.running.as_ref().is_none_or(|running| running.signal.broken.load(Ordering::Relaxed));
            if broken || self.heard.elapsed() > QUIET {
                let left = until.saturating_duration_since(Instant::now());
                if self.running.take().is_none() && self.tried.elapsed() < RETRY {
                    std::thread::sleep(left.min(RETRY));
                }
                if self.build().is_err() && Instant::now() >= until {
                    return Err(gone);
                }
            }
            self.drain();
            if self.ready.len() >= BLOCK {
                for (to, from) in block.iter_mut().zip(self.ready.drain(..BLOCK)) {
                    *to = from;
                }
                return Ok(());
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(gone);
            }
            if let Some(running) = &self.running {
                // The callback takes no lock, so a note may be missed: look again soon.
                let asleep = running.signal.asleep.lock().unwrap_or_else(PoisonError::into_inner);
                let nap = left.min(Duration::from_millis(5));
                drop(running.signal.sound.wait_timeout(asleep, nap).unwrap_or_else(PoisonError::into_inner));
            }
        }
    }
}

/// A real speaker.
pub struct CpalSpeaker {
    wanted: Option<String>,
    name: String,
    running: Option<Running>,
    ring: Option<Producer<f32>>,
    resample: Option<Resample>,
    tried: Instant,
    worked: Instant,
}

impl CpalSpeaker {
    /// Opens the system's default speaker, or the first whose name contains `wanted`.
    ///
    /// # Errors
    /// [`DeviceError`] when there is none, or it cannot be used now.
    pub fn open(wanted: Option<&str>) -> Result<Self, DeviceError> {
        let mut speaker = Self {
            wanted: wanted.map(str::to_owned),
            name: String::new(),
            running: None,
            ring: None,
            resample: None,
            tried: Instant::now(),
            worked: Instant::now(),
        };
        speaker.build()?;
        Ok(speaker)
    }

    fn build(&mut self) -> Result<(), DeviceError> {
        (self.running, self.ring, self.tried) = (None, None, Instant::now());
        let device = find(DeviceKind::Speaker, self.wanted.as_deref())?;
        let (format, config) = settle(DeviceKind::Speaker, &device)?;
        let (running, ring) = match format {
            SampleFormat::F32 => speak::<f32>(&device, config),
            SampleFormat::I16 => speak::<i16>(&device, config),
            _ => speak::<i32>(&device, config),
        }?;
        self.resample = converter(DeviceKind::Speaker, SAMPLE_RATE_HZ, running.rate_hz)?;
        (self.name, self.running, self.ring) = (name_of(&device), Some(running), Some(ring));
        Ok(())
    }
}

impl Speaker for CpalSpeaker {
    fn name(&self) -> &str {
        &self.name
    }

    fn write(&mut self, block: &Block) -> Result<(), DeviceError> {
        let chosen = SPEAKER.take();
        let changed = chosen.is_some();
        self.wanted = chosen.or(self.wanted.take());
        let broken =
            changed || self.running.as_ref().is_none_or(|running| running.signal.broken.load(Ordering::Relaxed));
        if broken && (self.running.take().is_some() || self.tried.elapsed() > RETRY) && self.build().is_err() {
            (self.running, self.ring) = (None, None);
        }
        let Some(ring) = &mut self.ring else {
            let gone = self.worked.elapsed() > MISSING;
            return if gone { Err(DeviceError::Gone(DeviceKind::Speaker)) } else { Ok(()) };
        };
        self.worked = Instant::now();
        let mut queue = |sound: &[f32]| {
            let room = ring.slots().min(sound.len());
            if let Ok(chunk) = ring.write_chunk_uninit(room) {
                chunk.fill_from_iter(sound.iter().copied());
            }
        };
        match &mut self.resample {
            None => queue(block),
            Some(resample) => resample.push(block, queue),
        }
        Ok(())
    }

    fn queued(&self) -> Option<usize> {
        let waiting = SAID - self.ring.as_ref()?.slots();
        let rate = self.running.as_ref()?.rate_hz.max(1);
        Some(waiting * SAMPLE_RATE_HZ / rate)
    }
}

fn converter(kind: DeviceKind, from_hz: usize, to_hz: usize) -> Result<Option<Resample>, DeviceError> {
    if from_hz == to_hz {
        return Ok(None);
    }
    let odd = DeviceError::Format { kind, reason: "a sample rate that cannot be converted" };
    Resample::new(from_hz, to_hz).map(Some).ok_or(odd)
}
