//! Video leaves evenly: a frame's packets are spread over a third of the frame's time, so that a key
//! frame does not push sound aside in the queues of the network.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// More packets than this mean that the network is gone: everything is dropped and a key frame due.
const QUEUE_MAX: usize = 400;
/// Late by more than this, the pacer starts afresh instead of catching up in a burst.
const LATE_MAX: Duration = Duration::from_millis(5);

/// A queue that lets items go at a pace.
#[derive(Debug)]
pub(super) struct Pacer<T> {
    queue: VecDeque<T>,
    gap: Duration,
    next: Option<Instant>,
}

impl<T> Default for Pacer<T> {
    fn default() -> Self {
        Self { queue: VecDeque::new(), gap: Duration::ZERO, next: None }
    }
}

impl<T> Pacer<T> {
    /// Sets the gap between packets of `bytes` at three times `kbps`.
    pub(super) fn set_pace(&mut self, kbps: u32, bytes: usize) {
        let bits_per_second = f64::from(kbps.max(100)) * 1000.0 * 3.0;
        self.gap = Duration::from_secs_f64(bytes as f64 * 8.0 / bits_per_second);
    }

    pub(super) fn push(&mut self, item: T) {
        self.queue.push_back(item);
    }

    /// Whether another frame may be queued.
    pub(super) fn has_room(&self) -> bool {
        self.queue.len() < QUEUE_MAX / 2
    }

    /// Throws the queue away when it is hopeless; `true` when it did.
    pub(super) fn give_up(&mut self) -> bool {
        let hopeless = self.queue.len() > QUEUE_MAX;
        if hopeless {
            self.queue.clear();
        }
        hopeless
    }

    /// When the next item may go; `None` when there is none.
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.queue.is_empty()).then_some(self.next?)
    }

    /// The next item, if its time has come.
    pub(super) fn pop(&mut self, now: Instant) -> Option<T> {
        let next = match self.next {
            Some(next) if next + LATE_MAX > now => next,
            _ => now,
        };
        if next > now {
            return None;
        }
        let item = self.queue.pop_front()?;
        self.next = Some(next + self.gap);
        Some(item)
    }

    /// Makes the next item wait until `when`.
    pub(super) fn hold_until(&mut self, when: Instant) {
        self.next = Some(when);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_leave_at_three_times_the_rate() {
        let mut pacer = Pacer::default();
        pacer.set_pace(400, 1200);
        (0..10).for_each(|n| pacer.push(n));
        let start = Instant::now();
        let mut left = Vec::new();
        for ms in 0..=72 {
            let now = start + Duration::from_millis(ms);
            while let Some(n) = pacer.pop(now) {
                left.push((n, ms));
            }
        }
        assert_eq!(left.first(), Some(&(0, 0)));
        assert_eq!(left.last(), Some(&(9, 72)), "8 ms apart");
    }

    #[test]
    fn a_pause_does_not_end_in_a_burst() {
        let mut pacer = Pacer::default();
        pacer.set_pace(400, 1200);
        let start = Instant::now();
        pacer.push(0);
        assert_eq!(pacer.pop(start), Some(0));
        (1..5).for_each(|n| pacer.push(n));
        let later = start + Duration::from_secs(2);
        assert_eq!(pacer.pop(later), Some(1));
        assert_eq!(pacer.pop(later), None);
    }
}
