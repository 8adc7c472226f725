//! How much picture the network bears: a simple rule on what the far end reports.
//!
//! Loss or a growing round trip takes a quarter away; quiet seconds give a little back. The bitrate
//! decides what is sacrificed, in this order: frame rate, resolution, the picture itself. Sound is
//! not this rule's to spend: it leaves before any picture.

use std::time::{Duration, Instant};

/// Below this the picture is left out altogether, in kb/s.
const PICTURE_MIN_KBPS: u32 = 45;
const FLOOR_KBPS: u32 = 40;
/// More loss than this (of 256) is congestion: 8 %.
const LOSS_HIGH: u32 = 20;
/// Less loss than this (of 256) is noise: 2 %.
const LOSS_LOW: u32 = 5;
/// A round trip this much above the best is a queue that fills up.
const QUEUE_US: u32 = 150_000;
/// The queue is given time to drain between two cuts.
const CUT_PAUSE: Duration = Duration::from_millis(1200);

/// What the encoder is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Kilobits per second.
    pub kbps: u32,
    /// Every how many-th frame of the camera is sent.
    pub every: u32,
    /// By how much the sides are divided.
    pub divide: u32,
    /// Send no picture at all.
    pub dark: bool,
}

/// The rule and its memory.
#[derive(Debug)]
pub struct Rate {
    kbps: u32,
    most_kbps: u32,
    best_trip_us: u32,
    cut_at: Option<Instant>,
    encode: Duration,
}

/// Bits a picture of this size is worth at 30 frames a second, in kb/s.
pub fn worth_kbps(width: u32, height: u32) -> u32 {
    (width * height / 340).clamp(100, 2500)
}

impl Rate {
    /// Begins in the middle: a picture at once, and room to grow.
    pub fn new(most_kbps: u32) -> Self {
        Self { kbps: most_kbps * 2 / 3, most_kbps, best_trip_us: u32::MAX, cut_at: None, encode: Duration::ZERO }
    }

    /// Takes a report: loss of 256, round trip in µs (0: unknown).
    pub fn report(&mut self, lost: u32, trip_us: u32, now: Instant) {
        if trip_us > 0 {
            // The best is forgotten slowly: a path can change for the worse.
            let aged = self.best_trip_us.saturating_add(self.best_trip_us / 200);
            self.best_trip_us = trip_us.min(aged);
        }
        let queue_fills = trip_us > self.best_trip_us.saturating_add(QUEUE_US);
        let may_cut = self.cut_at.is_none_or(|at| now.saturating_duration_since(at) >= CUT_PAUSE);
        if lost > LOSS_HIGH || queue_fills {
            if may_cut {
                self.kbps = (self.kbps * 3 / 4).max(FLOOR_KBPS);
                self.cut_at = Some(now);
            }
        } else if lost <= LOSS_LOW && may_cut {
            self.kbps = (self.kbps + self.kbps / 14 + 4).min(self.most_kbps);
        }
    }

    /// Takes how long the last frame took to encode: a slow machine halves its frames, too.
    pub fn encoded_in(&mut self, time: Duration) {
        self.encode = (self.encode * 15 + time) / 16;
    }

    /// What to do now.
    pub fn plan(&self) -> Plan {
        let share = self.kbps * 100 / self.most_kbps.max(1);
        let (every, divide) = match (share, self.kbps) {
            (40.., _) => (1, 1),
            (22.., 150..) => (2, 1),
            (_, 90..) => (2, 2),
            _ => (4, 2),
        };
        let slow = if self.encode > Duration::from_millis(24) { 2 } else { 1 };
        Plan { kbps: self.kbps, every: every * slow, divide, dark: self.kbps < PICTURE_MIN_KBPS }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(rate: &mut Rate, seconds: u64, lost: u32, trip_us: u32, now: &mut Instant) {
        for _ in 0..seconds {
            *now += Duration::from_secs(1);
            rate.report(lost, trip_us, *now);
        }
    }

    #[test]
    fn a_good_network_soon_bears_the_whole_picture() {
        let mut rate = Rate::new(900);
        let mut now = Instant::now();
        run(&mut rate, 10, 0, 30_000, &mut now);
        assert_eq!(rate.plan(), Plan { kbps: 900, every: 1, divide: 1, dark: false });
    }

    #[test]
    fn frames_then_size_then_the_picture_are_given_up_and_come_back() {
        let mut rate = Rate::new(900);
        let mut now = Instant::now();
        let mut plans = vec![rate.plan()];
        for _ in 0..60 {
            run(&mut rate, 1, 60, 30_000, &mut now);
            plans.push(rate.plan());
        }
        let first = |is: fn(&Plan) -> bool| plans.iter().position(is).unwrap();
        let frames = first(|p| p.every > 1);
        let size = first(|p| p.divide > 1);
        let dark = first(|p| p.dark);
        assert!(frames < size && size < dark, "{frames} {size} {dark}");
        run(&mut rate, 80, 0, 30_000, &mut now);
        assert_eq!(rate.plan().every, 1);
    }

    #[test]
    fn a_filling_queue_counts_as_congestion() {
        let mut rate = Rate::new(900);
        let mut now = Instant::now();
        run(&mut rate, 5, 0, 40_000, &mut now);
        run(&mut rate, 10, 0, 400_000, &mut now);
        assert!(rate.plan().kbps < 450, "{:?}", rate.plan());
    }

    #[test]
    fn a_long_but_steady_path_is_no_congestion() {
        let mut rate = Rate::new(900);
        let mut now = Instant::now();
        run(&mut rate, 10, 2, 400_000, &mut now);
        assert_eq!(rate.plan().kbps, 900);
    }
}
