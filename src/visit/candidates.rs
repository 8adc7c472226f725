//! Candidates of one round, both ways: those that came too early are kept, and none is without bound.

use super::candidate_fits;
use crate::wire::content::Candidate;

/// A round has at most so many candidates each way.
pub(super) const MAX: usize = 64;

/// The candidates of the running round.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    round: u32,
    open: bool,
    early: Vec<(u32, Candidate)>,
    taken: usize,
    sent: usize,
}

impl Candidates {
    /// Another round: what is of older ones is dropped, what came early for this one stays.
    pub(super) fn begin(&mut self, round: u32) {
        self.early.retain(|(of, _)| *of >= round);
        (self.round, self.open, self.taken, self.sent) = (round, false, 0, 0);
    }

    /// The other side's description is set; what waited may be used.
    pub(super) fn open(&mut self) -> Vec<Candidate> {
        self.open = true;
        let round = self.round;
        let ready: Vec<_> = self.early.extract_if(.., |(of, _)| *of == round).map(|(_, candidate)| candidate).collect();
        self.taken += ready.len();
        ready
    }

    /// The other side's candidate: returned if it may be used now.
    pub(super) fn take(&mut self, round: u32, candidate: Candidate) -> Option<Candidate> {
        if round < self.round || !candidate_fits(&candidate) {
            return None;
        }
        if round == self.round && self.open {
            self.taken += 1;
            return (self.taken <= MAX).then_some(candidate);
        }
        if self.early.len() < MAX {
            self.early.push((round, candidate));
        }
        None
    }

    /// Whether one more of ours may be sent.
    pub(super) fn send(&mut self) -> bool {
        self.sent += 1;
        self.sent <= MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(n: usize) -> Candidate {
        Candidate { candidate: format!("candidate:{n}").into(), mid: None, line: Some(0) }
    }

    #[test]
    fn early_candidates_wait_for_their_round_and_are_bounded() {
        let mut candidates = Candidates::default();
        candidates.begin(1);
        assert_eq!(candidates.take(1, candidate(1)), None);
        assert_eq!(candidates.take(2, candidate(2)), None);
        assert_eq!(candidates.open(), [candidate(1)]);
        candidates.begin(2);
        assert_eq!(candidates.take(1, candidate(1)), None, "an older round is over");
        assert_eq!(candidates.open(), [candidate(2)]);
        candidates.begin(3);
        for n in 0..1000 {
            assert_eq!(candidates.take(3, candidate(n)), None);
        }
        assert_eq!(candidates.open().len(), MAX);
        assert_eq!(candidates.take(3, candidate(0)), None);
    }
}
