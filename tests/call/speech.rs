//! Something to say, and whether it arrived.

use std::process::Command;
use std::sync::{Arc, Mutex};

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

use bedside::call::device::wave::WaveFile;
use bedside::call::device::{Block, DeviceError, SAMPLE_RATE_HZ, Speaker};

/// Half a second.
const SEGMENT: usize = SAMPLE_RATE_HZ / 2;

/// A few seconds of speech at 48 kHz: spoken by espeak-ng where it is installed, otherwise a sound
/// with a voice's gliding pitch, overtones and pauses.
pub fn speech() -> Vec<f32> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("voice.wav");
    let text = "The quick brown fox jumps over the lazy dog while seven wizards mix a jug of bold potion.";
    let spoken = Command::new("espeak-ng").args(["-s", "150", "-a", "120", "-w"]).arg(&file).arg(text).status();
    if spoken.is_ok_and(|status| status.success()) {
        return WaveFile::open(&file).unwrap().samples().to_vec();
    }
    let mut phase = 0.0f32;
    let sample = |i: usize| {
        let t = i as f32 / SAMPLE_RATE_HZ as f32;
        phase +=
            std::f32::consts::TAU * (130.0 + 50.0 * (t * 1.9).sin() + 20.0 * (t * 5.3).sin()) / SAMPLE_RATE_HZ as f32;
        let loud = (t * 10.0).sin().max(0.0) * (0.4 + 0.6 * (t * 1.3).cos().abs());
        (1..12).map(|k| (phase * k as f32).sin() / (k as f32).sqrt()).sum::<f32>() * 0.08 * loud
    };
    (0..5 * SAMPLE_RATE_HZ).map(sample).collect()
}

/// A speaker that remembers, for a test to listen to.
#[derive(Clone, Default)]
pub struct Ear(Arc<Mutex<Vec<f32>>>);

/// What was heard so far, at 48 kHz.
pub trait Heard {
    /// How many samples.
    fn count(&self) -> usize;
    /// The last `wanted` of them, or fewer.
    fn last(&self, wanted: usize) -> Vec<f32>;
}

impl Heard for Ear {
    fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn last(&self, wanted: usize) -> Vec<f32> {
        let heard = self.0.lock().unwrap();
        heard[heard.len().saturating_sub(wanted)..].to_vec()
    }
}

impl Speaker for Ear {
    fn name(&self) -> &str {
        "ear"
    }

    fn write(&mut self, block: &Block) -> Result<(), DeviceError> {
        self.0.lock().unwrap().extend(block);
        Ok(())
    }

    fn queued(&self) -> Option<usize> {
        None
    }
}

/// How alike each half second of `said` is to its place in `heard`: normalised cross-correlation at
/// the best lag. Pauses are left out. `heard` must hold more than one round of what is said again
/// and again.
pub fn likeness(said: &[f32], heard: &[f32]) -> Vec<f32> {
    let loud = said.chunks_exact(SEGMENT).filter(|segment| energy(segment) > 1e-4 * SEGMENT as f32);
    // Roughly where, on every twelfth sample; then exactly.
    let mut rough = Sound::new(thin(heard), SEGMENT / THIN);
    let exact = loud.map(|segment| {
        let place = rough.place_of(&thin(segment)).0 * THIN;
        let near = place.saturating_sub(THIN)..(place + THIN).min(heard.len().saturating_sub(SEGMENT));
        near.map(|at| alike(segment, &heard[at..at + SEGMENT])).fold(0.0, f32::max)
    });
    exact.collect()
}

/// Which half seconds of what is said again and again have arrived, round after round. A machine that
/// is busy with something else tears holes into sound that must leave every 10 ms, so a test listens
/// until each of them came through once, or its deadline has passed. Looking makes a machine busy, too:
/// the round in which it looked is left out.
#[derive(Debug)]
pub struct Arrival {
    said: Vec<f32>,
    best: Vec<f32>,
    next: usize,
}

impl Arrival {
    pub fn of(said: &[f32]) -> Self {
        // Two rounds of speech and the delay before the first look.
        Self { said: said.to_vec(), best: Vec::new(), next: 2 * said.len() + SAMPLE_RATE_HZ }
    }

    /// How many samples must have been heard before the next look.
    pub fn next(&self) -> usize {
        self.next
    }

    /// How many samples a look takes: two rounds.
    pub fn takes(&self) -> usize {
        2 * self.said.len() + SEGMENT
    }

    /// Looks at the last two rounds; `true` when every half second has come.
    pub fn listen(&mut self, to: &impl Heard) -> bool {
        let count = to.count();
        if count >= self.next {
            self.next = count + 3 * self.said.len();
            let alike = likeness(&self.said, &to.last(self.takes()));
            self.best.resize(alike.len(), 0.0);
            self.best.iter_mut().zip(alike).for_each(|(best, now)| *best = best.max(now));
        }
        self.best.len() >= 6 && self.best.iter().all(|l| *l >= 0.9)
    }

    /// How alike each half second was at its best.
    pub fn best(&self) -> &[f32] {
        &self.best
    }
}

/// How alike the rise and fall of loudness is, in pieces of 20 ms, over one round of `said` at its
/// best place in `heard`. What stays of a voice that was cleaned: its phases are turned, its words not.
pub fn loudness_likeness(said: &[f32], heard: &[f32]) -> f32 {
    let loudness = |sound: &[f32]| -> Vec<f32> {
        let levels: Vec<f32> = sound.chunks_exact(960).map(|c| energy(c).sqrt()).collect();
        let mean = levels.iter().sum::<f32>() / levels.len() as f32;
        levels.iter().map(|level| level - mean).collect()
    };
    let (said, heard) = (loudness(said), loudness(heard));
    Sound::new(heard, said.len()).place_of(&said).1
}

/// What is searched on: every twelfth sample, averaged.
const THIN: usize = 12;

fn thin(sound: &[f32]) -> Vec<f32> {
    sound.chunks_exact(THIN).map(|c| c.iter().sum::<f32>() / THIN as f32).collect()
}

/// A sound in which pieces are looked for.
struct Sound {
    samples: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    fourier: RealFftPlanner<f32>,
    length: usize,
}

impl Sound {
    /// Pieces are at most as long as `longest`.
    fn new(samples: Vec<f32>, longest: usize) -> Self {
        let length = (samples.len() + longest).next_power_of_two();
        let mut fourier = RealFftPlanner::new();
        let spectrum = spectrum(&mut fourier, &samples, length);
        Self { samples, spectrum, fourier, length }
    }

    /// Where a piece is most alike, and how alike: the cross-correlation at every lag at once.
    fn place_of(&mut self, piece: &[f32]) -> (usize, f32) {
        let own = energy(piece);
        let mut product = spectrum(&mut self.fourier, piece, self.length);
        product.iter_mut().zip(&self.spectrum).for_each(|(piece, sound)| *piece = sound * piece.conj());
        // Nothing of a real signal is imaginary at the ends of its spectrum.
        for end in [0, product.len() - 1] {
            product[end].im = 0.0;
        }
        let mut common = vec![0.0; self.length];
        self.fourier.plan_fft_inverse(self.length).process(&mut product, &mut common).unwrap();
        // The energy of a window that moves is kept up instead of being summed anew at each place.
        let square = |at: usize| self.samples.get(at).map_or(0.0, |s| f64::from(s * s));
        let mut other: f64 = (0..piece.len()).map(square).sum();
        let mut found = (0, 0.0f32);
        for (place, common) in common.iter().enumerate().take((self.samples.len() + 1).saturating_sub(piece.len())) {
            let alike = common / self.length as f32 / (own * other as f32).sqrt();
            // Silence is like nothing.
            if other as f32 > own / 100.0 && alike > found.1 {
                found = (place, alike);
            }
            other += square(place + piece.len()) - square(place);
        }
        found
    }
}

fn spectrum(fourier: &mut RealFftPlanner<f32>, sound: &[f32], length: usize) -> Vec<Complex<f32>> {
    let mut padded = sound.to_vec();
    padded.resize(length, 0.0);
    let forward = fourier.plan_fft_forward(length);
    let mut found = forward.make_output_vec();
    forward.process(&mut padded, &mut found).unwrap();
    found
}

fn alike(a: &[f32], b: &[f32]) -> f32 {
    let common: f32 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    common / (energy(a) * energy(b)).sqrt().max(1e-6)
}

fn energy(sound: &[f32]) -> f32 {
    sound.iter().map(|s| s * s).sum()
}

#[test]
fn the_measure_itself_tells_speech_from_noise() {
    let said = speech();
    let mut heard = vec![0.0; 30_000];
    heard.extend_from_slice(&said);
    heard.extend_from_slice(&said);
    assert!(likeness(&said, &heard).iter().all(|l| *l > 0.99));
    let mut seed = 1u32;
    let noise: Vec<f32> = (0..heard.len())
        .map(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / 8_388_608.0 - 1.0
        })
        .collect();
    assert!(likeness(&said, &noise).iter().all(|l| *l < 0.3));
}
