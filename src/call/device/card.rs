//! The test card: a moving picture whose every frame can be told apart and checked by its colours.
//!
//! From top to bottom, in fractions of the height: 0–1/12 the frame counter, 32 cells, black for 0
//! and white for 1 (24 bits of the counter, low bit first, then 8 check bits); 1/12–3/4 eight
//! colour bars ([`BARS`]); 3/4–1 a grey ramp with a white square that moves. The counter survives
//! scaling and compression, so the far end can tell how many frames came, and in which order.

use std::time::Duration;

use super::{Camera, DeviceError, DeviceKind, Pace};
use crate::call::picture::Picture;

/// The colour bars from left to right, as RGB.
pub const BARS: [[u8; 3]; 8] =
    [[191, 191, 191], [191, 191, 0], [0, 191, 191], [0, 191, 0], [191, 0, 191], [191, 0, 0], [0, 0, 191], [16, 16, 16]];

const CELLS: usize = 32;

/// The test card as a camera.
pub struct TestCard {
    card: Picture,
    pace: Pace,
    next: u32,
    rate: u32,
}

impl TestCard {
    /// A card of `width` × `height` pixels at `rate` frames a second. Sides outside the limits of a
    /// picture become 640×480.
    pub fn new(width: u32, height: u32, rate: u32) -> Self {
        let card = Picture::black(width, height)
            .or_else(|_| Picture::black(640, 480))
            .expect("invariant: 640×480 is within the limits");
        let rate = rate.clamp(1, 120);
        Self { card: paint_still(card), pace: Pace::new(Duration::from_secs(1) / rate), next: 0, rate }
    }

    /// The card's frame number `n`, without waiting for its time.
    pub fn paint(&self, n: u32) -> Picture {
        let mut picture = self.card.clone();
        let (w, h) = (picture.width() as usize, picture.height() as usize);
        let (y, _, _) = picture.planes_mut();
        let word = n & 0x00ff_ffff | check(n) << 24;
        for row in 0..h / 12 {
            for (x, pixel) in y[row * w..][..w].iter_mut().enumerate() {
                *pixel = if word >> (x * CELLS / w) & 1 == 1 { 235 } else { 16 };
            }
        }
        let side = h / 6;
        let left = (n as usize * (w / 80).max(1)) % (w - side);
        for row in h - h / 4 + h / 24..h - h / 4 + h / 24 + side {
            y[row * w + left..][..side].fill(235);
        }
        picture
    }
}

impl Camera for TestCard {
    fn name(&self) -> &str {
        "test card"
    }

    fn frame(&mut self, timeout: Duration) -> Result<Picture, DeviceError> {
        if !self.pace.wait(timeout) {
            return Err(DeviceError::Gone(DeviceKind::Camera));
        }
        let picture = self.paint(self.next);
        self.next = (self.next + 1) % (self.rate * 86_400).min(0x00ff_ffff);
        Ok(picture)
    }
}

/// Reads the frame counter off a picture of the card, of any size. `None` when this is no card, or
/// the check bits say that the counter was damaged.
pub fn read_counter(picture: &Picture) -> Option<u32> {
    let planes = picture.planes();
    let (w, h) = (picture.width() as usize, picture.height() as usize);
    let mut word = 0u32;
    for cell in 0..CELLS {
        let (x, y) = ((cell * 2 + 1) * w / (CELLS * 2), h / 24);
        let level = planes.y[y * w + x];
        if (96..160).contains(&level) {
            return None;
        }
        word |= u32::from(level >= 160) << cell;
    }
    let n = word & 0x00ff_ffff;
    (word >> 24 == check(n)).then_some(n)
}

/// Whether every bar of the card shows its colour, each channel within `tolerance`.
pub fn bars_match(picture: &Picture, tolerance: u8) -> bool {
    BARS.iter().enumerate().all(|(i, want)| {
        let got = picture.colour_at((i as f32 + 0.5) / 8.0, 0.4);
        got.iter().zip(want).all(|(a, b)| a.abs_diff(*b) <= tolerance)
    })
}

/// Eight check bits; never zero for zero, so that a black picture is no card.
fn check(n: u32) -> u32 {
    (n ^ n >> 8 ^ n >> 16 ^ 0xa5) & 0xff
}

fn paint_still(mut picture: Picture) -> Picture {
    let (w, h) = (picture.width() as usize, picture.height() as usize);
    let (y, u, v) = picture.planes_mut();
    for row in h / 12..h {
        for x in 0..w {
            y[row * w + x] = if row < h - h / 4 { luma(BARS[x * 8 / w]) } else { (40 + x * 150 / w) as u8 };
        }
    }
    for row in h / 24..(h - h / 4) / 2 {
        for x in 0..w / 2 {
            let (cb, cr) = chroma(BARS[x * 16 / w]);
            (u[row * w / 2 + x], v[row * w / 2 + x]) = (cb, cr);
        }
    }
    picture
}

/// BT.601, limited range.
fn luma([r, g, b]: [u8; 3]) -> u8 {
    (16.0 + 0.257 * f32::from(r) + 0.504 * f32::from(g) + 0.098 * f32::from(b)).round() as u8
}

fn chroma([r, g, b]: [u8; 3]) -> (u8, u8) {
    let (r, g, b) = (f32::from(r), f32::from(g), f32::from(b));
    let cb = 128.0 - 0.148 * r - 0.291 * g + 0.439 * b;
    let cr = 128.0 + 0.439 * r - 0.368 * g - 0.071 * b;
    (cb.round() as u8, cr.round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_is_read_back_at_any_size() {
        for (w, h) in [(640, 480), (1280, 720), (320, 180)] {
            let card = TestCard::new(w, h, 30);
            for n in [0, 1, 255, 256, 70_000, 0x00ff_fffe] {
                assert_eq!(read_counter(&card.paint(n)), Some(n), "{w}×{h}");
            }
        }
        let half = TestCard::new(640, 480, 30).paint(4711).scaled(320, 240);
        assert_eq!(read_counter(&half.unwrap()), Some(4711));
    }

    #[test]
    fn the_bars_show_their_colours() {
        assert!(bars_match(&TestCard::new(640, 480, 30).paint(9), 3));
        assert!(!bars_match(&Picture::black(640, 480).unwrap(), 40));
    }

    #[test]
    fn black_and_grey_are_no_card() {
        let mut grey = Picture::black(640, 480).unwrap();
        assert_eq!(read_counter(&grey), None);
        grey.planes_mut().0.fill(128);
        assert_eq!(read_counter(&grey), None);
    }

    #[test]
    fn frames_come_in_order_and_at_their_pace() {
        let mut card = TestCard::new(64, 48, 100);
        let start = std::time::Instant::now();
        for n in 0..10 {
            let frame = card.frame(Duration::from_secs(1)).unwrap();
            assert_eq!(read_counter(&frame), Some(n));
        }
        assert!(start.elapsed() >= Duration::from_millis(85));
    }
}
