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
