//! Something to say, and whether it arrived.

use std::process::Command;
use std::sync::{Arc, Mutex};

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

impl Ear {
    pub fn heard(&self) -> Vec<f32> {
        self.0.lock().unwrap().clone()
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
    let loud = |segment: &[f32]| dot(segment, segment) > 1e-4 * segment.len() as f32;
    let starts: Vec<usize> = (0..said.len() / SEGMENT).map(|i| i * SEGMENT).collect();
    let loud: Vec<usize> = starts.into_iter().filter(|s| loud(&said[*s..*s + SEGMENT])).collect();
    let (said_thin, heard_thin) = (thin(said), thin(heard));
    let segment = |start: usize| &said_thin[start / THIN..(start + SEGMENT) / THIN];
    // Where the loudest segment is tells where the others are.
    let loudest = *loud.iter().max_by(|a, b| energy(segment(**a)).total_cmp(&energy(segment(**b)))).unwrap();
    let everywhere = 0..heard_thin.len().saturating_sub(SEGMENT / THIN);
    let anchor = best(segment(loudest), &heard_thin, everywhere).0 as isize - (loudest / THIN) as isize;
    let round = (said.len() / THIN) as isize;
    let places = loud.iter().map(|start| {
        let near = |at: isize| {
            let from = at.max(0) as usize;
            let to = (at + 2 * REACH).min(heard_thin.len() as isize - (SEGMENT / THIN) as isize).max(0) as usize;
            best(segment(*start), &heard_thin, from..to.max(from))
        };
        let at = anchor + (*start / THIN) as isize - REACH;
        let rounds = [at - round, at, at + round].map(near);
        let (place, _) = rounds.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        (*start, place * THIN)
    });
    let exact = places.map(|(start, place)| {
        let range = place.saturating_sub(THIN)..(place + THIN).min(heard.len() - SEGMENT);
        best(&said[start..start + SEGMENT], heard, range).1
    });
    exact.collect()
}

/// Which half seconds of what is said again and again have arrived, round after round. A machine that
/// is busy with something else tears holes into sound that must leave every 10 ms, so a test listens
/// until each of them came through once, or its deadline has passed.
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

    /// Looks at the last two rounds; `true` when every half second has come.
    pub fn listen(&mut self, heard: &[f32]) -> bool {
        if heard.len() >= self.next {
            self.next += self.said.len();
            let recent = &heard[heard.len().saturating_sub(2 * self.said.len() + SEGMENT)..];
            let alike = likeness(&self.said, recent);
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
    let (mut said, heard) = (loudness(said), loudness(heard));
    said.truncate(said.len() / 8 * 8);
    let places = 0..heard.len().saturating_sub(said.len());
    best(&said, &heard, places).1
}

/// The search is made on every twelfth sample, averaged.
const THIN: usize = 12;
/// How far from where it should be a segment is looked for: 300 ms.
const REACH: isize = (SAMPLE_RATE_HZ * 3 / 10 / THIN) as isize;

fn thin(sound: &[f32]) -> Vec<f32> {
    sound.chunks_exact(THIN).map(|c| c.iter().sum::<f32>() / THIN as f32).collect()
}

fn best(segment: &[f32], sound: &[f32], places: std::ops::Range<usize>) -> (usize, f32) {
    if places.is_empty() || places.start + segment.len() > sound.len() {
        return (0, 0.0);
    }
    let own = energy(segment);
    // The energy of a window that moves is kept up instead of being summed anew at each place.
    let mut other = f64::from(energy(&sound[places.start..(places.start + segment.len()).min(sound.len())]));
    let mut found = (0, 0.0f32);
    for place in places {
        let alike = dot(segment, &sound[place..place + segment.len()]) / (own * other as f32).sqrt().max(1e-6);
        if alike > found.1 {
            found = (place, alike);
        }
        let square = |at: usize| sound.get(at).map_or(0.0, |s| f64::from(s * s));
        other += square(place + segment.len()) - square(place);
    }
    found
}

fn energy(sound: &[f32]) -> f32 {
    dot(sound, sound)
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let mut sums = [0.0f32; 8];
    for (a, b) in a8.zip(b8) {
        for i in 0..8 {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum()
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
