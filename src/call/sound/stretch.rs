//! Making sound a little shorter or longer without changing its pitch: one period of the voice is
//! folded away or repeated, hidden by a crossfade. How a playout buffer follows the network's delay
//! and another clock, unheard.

/// The shortest and the longest period looked for, in samples: 400 Hz to 100 Hz.
const PERIODS: std::ops::RangeInclusive<usize> = 120..=480;
/// How much sound is compared.
const WINDOW: usize = 480;
/// Below this mean square it is a pause, where any cut goes unheard.
const QUIET: f32 = 1e-5;
/// Periods less alike than this are no periods: leave the sound alone.
const ALIKE: f32 = 0.6;

/// Takes one period out. Returns how many samples that were; 0 when it would be heard.
pub(super) fn shorten(sound: &mut Vec<f32>) -> usize {
    let Some(period) = period(sound) else { return 0 };
    for i in 0..period {
        let fade = i as f32 / period as f32;
        sound[i] = sound[i] * (1.0 - fade) + sound[i + period] * fade;
    }
    sound.drain(period..2 * period);
    period
}

/// Repeats one period. Returns how many samples that were; 0 when it would be heard.
pub(super) fn lengthen(sound: &mut Vec<f32>) -> usize {
    let Some(period) = period(sound) else { return 0 };
    let repeated: Vec<f32> = (0..period)
        .map(|i| {
            let fade = i as f32 / period as f32;
            sound[i + period] * (1.0 - fade) + sound[i] * fade
        })
        .collect();
    sound.splice(period..period, repeated);
    period
}

/// The period at which the sound is most like itself.
fn period(sound: &[f32]) -> Option<usize> {
    let longest = PERIODS.end() + WINDOW;
    let head = sound.get(..WINDOW)?;
    if sound.len() < longest {
        return None;
    }
    let energy = dot(head, head);
    if energy < QUIET * WINDOW as f32 {
        return Some(*PERIODS.end());
    }
    let alike = |lag: usize| {
        let later = &sound[lag..lag + WINDOW];
        dot(head, later) / (energy * dot(later, later)).sqrt().max(f32::MIN_POSITIVE)
    };
    let best = PERIODS.map(|lag| (alike(lag), lag)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= ALIKE).then_some(best.1)
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hz: f32, samples: usize) -> Vec<f32> {
        (0..samples).map(|i| (i as f32 * hz * std::f32::consts::TAU / 48_000.0).sin() * 0.3).collect()
    }

    /// The largest step between neighbouring samples: a cut would show.
    fn step(sound: &[f32]) -> f32 {
        sound.windows(2).map(|w| (w[0] - w[1]).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn a_voice_is_cut_and_repeated_at_its_period() {
        let sound = tone(200.0, 960);
        let mut shorter = sound.clone();
        let removed = shorten(&mut shorter);
        assert_eq!((removed % 240, shorter.len()), (0, 960 - removed));
        let mut longer = sound.clone();
        let added = lengthen(&mut longer);
        assert_eq!((added % 240, longer.len()), (0, 960 + added));
        let limit = step(&sound) * 1.1;
        assert!(removed > 0 && added > 0);
        assert!(step(&shorter) < limit && step(&longer) < limit, "no click");
    }

    #[test]
    fn a_pause_is_cut_at_once() {
        let mut pause = vec![0.0; 960];
        assert_eq!((shorten(&mut pause), pause.len()), (480, 480));
    }

    #[test]
    fn noise_and_short_pieces_are_left_alone() {
        let mut seed = 1u32;
        let mut noise: Vec<f32> = (0..960)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 8) as f32 / 8_388_608.0 - 1.0
            })
            .collect();
        assert_eq!(shorten(&mut noise), 0);
        assert_eq!(shorten(&mut tone(200.0, 480)), 0);
    }
}
