//! How many packets of a stream came, and how many should have.

/// Counts one stream over one second.
#[derive(Default)]
pub(super) struct Arrivals {
    /// The newest sequence number.
    pub(super) newest: Option<u16>,
    /// How many numbers the stream went through.
    pub(super) expected: u32,
    /// How many packets came.
    pub(super) came: u32,
}

impl Arrivals {
    /// Counts a packet. A late one counts as come; a leap of more than a thousand is a new beginning, not a loss.
    pub(super) fn note(&mut self, sequence: u16) {
        self.came += 1;
        let step = sequence.wrapping_sub(self.newest.unwrap_or(sequence.wrapping_sub(1)));
        if (1..1000).contains(&step) {
            self.expected += u32::from(step);
            self.newest = Some(sequence);
        } else if (1000..0x8000).contains(&step) {
            self.newest = Some(sequence);
        }
    }
}

/// What of these streams never came, in 1/1000. Whoever sends chooses the numbers, so they are counted wide.
pub(super) fn lost_per_mille(streams: &[&Arrivals]) -> u16 {
    let sum = |of: fn(&Arrivals) -> u32| streams.iter().map(|stream| u64::from(of(stream))).sum::<u64>();
    let expected = sum(|stream| stream.expected);
    let missing = expected.saturating_sub(sum(|stream| stream.came));
    (missing * 1000).checked_div(expected).unwrap_or(0) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_leaps_is_counted_without_overflow() {
        let mut leaping = Arrivals::default();
        (0..20_000u32).for_each(|n| leaping.note((n * 999) as u16));
        assert_eq!(lost_per_mille(&[&leaping, &Arrivals::default()]), 998);
        assert_eq!(lost_per_mille(&[]), 0);
    }
}
