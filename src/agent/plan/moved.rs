//! Which of what a feed has not any more it has moved: a series that is moved as a whole has other instances, a group of
//! which one is left another UID, and yet they are the appointments they were.

use super::Change;
use super::numbers::is_meant;
use super::people::names_the_same;
use crate::base::Stamp;
use crate::record::name::plain;
use crate::record::{Appointment, AppointmentStatus, Source};
use std::collections::{BTreeMap, HashMap};

/// How many steps the search for the nearest may take.
const STEPS_MAX: usize = 10_000_000;

/// Between two occurrences of a series the clocks may be changed.
const CLOCKS_CHANGE_MS: i64 = 3_600_000;

/// What may be the same, on both sides.
#[derive(Default)]
struct Lot<'a> {
    gone: Vec<Change>,
    called_off: Vec<Change>,
    came: Vec<&'a mut Change>,
}

/// Makes of what `came` the same appointments as what is `gone`, one by one in order of time: first what has one UID and
/// names the same people, then what has one UID and is for one person, whoever that is now. Among the first, what was
/// `called_off` here stays so where it comes to lie. Gives what is left of what is gone and of what was called off. What
/// came in the past moves nothing.
pub(super) fn reunite(
    came: &mut [Change],
    gone: Vec<Change>,
    called_off: Vec<Change>,
    now: Stamp,
) -> (Vec<Change>, Vec<Change>) {
    let named = |of: &Appointment, root: &str| Some((root.to_owned(), plain(of.subject.expose())));
    let (left, still_off) = pair(came, gone, called_off, now, named);
    let single = |of: &Appointment, root: &str| {
        let whole = of.source.as_ref().is_some_and(|source| source.uid.expose() == root);
        whole.then(|| (root.to_owned(), String::new()))
    };
    (pair(came, left, Vec::new(), now, single).0, still_off)
}

/// Pairs what falls into the same lot.
fn pair(
    came: &mut [Change],
    mut gone: Vec<Change>,
    called_off: Vec<Change>,
    now: Stamp,
    lot: impl Fn(&Appointment, &str) -> Option<(String, String)>,
) -> (Vec<Change>, Vec<Change>) {
    if gone.is_empty() {
        return (gone, called_off);
    }
    let lot = |change: &Change| lot(&change.after, change.after.source.as_ref().map_or("", Source::root));
    let mut lots: HashMap<_, Lot<'_>> = HashMap::new();
    let (mut left, mut still_off) = (Vec::new(), Vec::new());
    gone.sort_by_cached_key(by_time);
    for change in gone {
        match lot(&change) {
            Some(name) => lots.entry(name).or_default().gone.push(change),
            None => left.push(change),
        }
    }
    for change in called_off {
        match lot(&change).and_then(|name| lots.get_mut(&name)) {
            Some(lot) => lot.called_off.push(change),
            None => still_off.push(change),
        }
    }
    for change in came.iter_mut().filter(|change| change.before.is_none() && change.after.begins() >= now) {
        if let Some(lot) = lot(change).and_then(|name| lots.get_mut(&name)) {
            lot.came.push(change);
        }
    }
    for lot in lots.into_values() {
        let (gone, called_off) = lot.pair();
        left.extend(gone);
        still_off.extend(called_off);
    }
    (left, still_off)
}

fn by_time(change: &Change) -> (Stamp, [u8; 16]) {
    (change.after.begins(), *change.after.id.as_bytes())
}

impl Lot<'_> {
    /// Of the longer side, those are left over without which the others move least. Only then what was called off takes
    /// what is left: where something came just as far away as the others were moved. When in doubt, what came is booked: a
    /// time too many is seen, one too few is not.
    fn pair(self) -> (Vec<Change>, Vec<Change>) {
        let Self { gone, called_off, mut came } = self;
        came.sort_by_cached_key(|change| by_time(change));
        let begins = |change: &Change| change.after.begins().0;
        let gone_at: Vec<i64> = gone.iter().map(begins).collect();
        let came_at: Vec<i64> = came.iter().map(|change| begins(change)).collect();
        let pairs = nearest(&gone_at, &came_at);
        let moved = usual(pairs.iter().map(|(gone, new)| came_at[*new] - gone_at[*gone]));
        let (mut left, mut still_off) = (Vec::new(), Vec::new());
        let mut pairs = pairs.into_iter().peekable();
        for (n, change) in gone.into_iter().enumerate() {
            match pairs.next_if(|(gone, _)| *gone == n) {
                Some((_, new)) => came[new].move_from(change),
                None => left.push(change),
            }
        }
        for change in called_off {
            let there = moved.map(|moved| begins(&change) + moved);
            let is_there = |new: &Change| there.is_some_and(|there| (begins(new) - there).abs() <= CLOCKS_CHANGE_MS);
            match came.iter_mut().find(|new| new.before.is_none() && is_there(new)) {
                Some(new) => new.move_from(change),
                None => still_off.push(change),
            }
        }
        (left, still_off)
    }
}

/// Pairs all of `one` with what lies in `other` where one and the same move brings them, the least that there is. An hour
/// more or less is the same: the clocks may be changed in between.
fn together(one: &[i64], other: &[i64]) -> Option<Vec<(usize, usize)>> {
    let first = *one.first()?;
    let mut places: Vec<usize> = (0..=other.len() - one.len()).collect();
    places.sort_by_key(|place| other[*place].abs_diff(first));
    places.into_iter().find_map(|place| {
        let (moved, mut next) = (other[place] - first, place);
        let pair = |(n, at): (usize, &i64)| {
            next += other[next..].partition_point(|other| *other < at + moved - CLOCKS_CHANGE_MS);
            let there = other.get(next).is_some_and(|other| *other <= at + moved + CLOCKS_CHANGE_MS);
            next += 1;
            there.then_some((n, next - 1))
        };
        one.iter().enumerate().map(pair).collect()
    })
}

/// The most frequent of some; the least of several that are.
fn usual(all: impl Iterator<Item = i64>) -> Option<i64> {
    let mut counts = BTreeMap::new();
    all.for_each(|one| *counts.entry(one).or_insert(0) += 1);
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(one, _)| one)
}

/// Pairs two sorted lists of times in their order, each of the shorter with one of the longer: as they were moved
/// together, if they were, and else all of them as near to each other as they can be.
fn nearest(one: &[i64], other: &[i64]) -> Vec<(usize, usize)> {
    if one.len() > other.len() {
        return nearest(other, one).into_iter().map(|(a, b)| (b, a)).collect();
    }
    let spare = other.len() - one.len();
    // One more than how many of the longer may be passed over.
    let ways = spare + 1;
    if one.len().saturating_mul(ways) > STEPS_MAX {
        // Too much to look through: they are taken from one end, where they lie nearer.
        let apart = |(a, b): (&i64, &i64)| u128::from(a.abs_diff(*b));
        let sum = |skip: usize| -> u128 { one.iter().zip(&other[skip..]).map(apart).sum() };
        let skip = if sum(spare) < sum(0) { spare } else { 0 };
        return (0..one.len()).map(|n| (n, n + skip)).collect();
    }
    if let Some(pairs) = together(one, other) {
        return pairs;
    }
    // What it costs at least to pair those so far with so many passed over at most; and where the last of them is paired
    // with so many passed over, instead of fewer.
    let mut least = vec![0_u64; ways];
    let mut paired = vec![false; one.len() * ways];
    for (n, at) in one.iter().enumerate() {
        for passed in 0..ways {
            let here = least[passed].saturating_add(at.abs_diff(other[n + passed]));
            paired[n * ways + passed] = passed == 0 || here < least[passed - 1];
            least[passed] = if paired[n * ways + passed] { here } else { least[passed - 1] };
        }
    }
    let mut passed = ways - 1;
    let mut pairs: Vec<_> = (0..one.len())
        .rev()
        .map(|n| {
            while !paired[n * ways + passed] {
                passed -= 1;
            }
            (n, n + passed)
        })
        .collect();
    pairs.reverse();
    pairs
}

impl Change {
    /// Makes of what would be new the same appointment as one that would be cancelled, with what was decided of that.
    fn move_from(&mut self, gone: Change) {
        let Some(former) = gone.before else { return };
        let new = &mut self.after;
        let same_name = names_the_same(&former, new.subject.expose(), new.identifiers());
        // Of somebody without a number, one that comes with it now says who it is.
        if same_name && former.decided() && is_meant(former.identifiers(), new.identifiers()) {
            (new.patient, new.nobodys, new.once) = (former.patient, former.nobodys, former.once);
            new.apart = false;
        }
        if same_name {
            new.owner = former.owner;
        }
        new.id = former.id;
        // What was called off by hand stays so.
        if new.status == AppointmentStatus::Booked && former.status == AppointmentStatus::Cancelled {
            new.status = former.status;
        }
        self.before = Some(former);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By trying all ways.
    fn least(one: &[i64], other: &[i64]) -> u64 {
        match (one, other) {
            ([], _) => 0,
            (_, []) => u64::MAX,
            ([at, one @ ..], [first, rest @ ..]) => {
                least(one, rest).saturating_add(at.abs_diff(*first)).min(least(&[&[*at], one].concat(), rest))
            }
        }
    }

    proptest! {
        #[test]
        fn pairs_are_in_order_and_as_near_as_they_can_be(
            mut one in proptest::collection::vec(-50_i64..50, 0..7),
            mut other in proptest::collection::vec(-50_i64..50, 0..7),
        ) {
            for times in [&mut one, &mut other] {
                times.sort_unstable();
                times.iter_mut().for_each(|at| *at *= 10 * CLOCKS_CHANGE_MS);
            }
            let pairs = nearest(&one, &other);
            prop_assert_eq!(pairs.len(), one.len().min(other.len()));
            prop_assert!(pairs.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1));
            let moves: Vec<i64> = pairs.iter().map(|&(a, b)| other[b] - one[a]).collect();
            if moves.windows(2).all(|two| two[0] == two[1]) {
                return Ok(());
            }
            let cost: u64 = pairs.iter().map(|&(a, b)| one[a].abs_diff(other[b])).sum();
            let (few, many) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
            prop_assert_eq!(cost, least(few, many));
        }
    }

    #[test]
    fn what_is_moved_together_is_paired_so_though_others_lie_nearer() {
        let days = |days: &[i64]| days.iter().map(|day| day * 24 * CLOCKS_CHANGE_MS).collect::<Vec<_>>();
        // Weekly, without the second; moved from Tuesday to Saturday, and all there again.
        let (gone, mut came) = (days(&[1, 15, 22, 29]), days(&[5, 12, 19, 26, 33]));
        assert_eq!(nearest(&gone, &came), [(0, 0), (1, 2), (2, 3), (3, 4)]);
        came[4] -= CLOCKS_CHANGE_MS;
        assert_eq!(nearest(&came, &gone), [(0, 0), (2, 1), (3, 2), (4, 3)]);
    }

    #[test]
    fn what_is_too_much_to_look_through_is_paired_from_one_end() {
        let many: Vec<i64> = (0..200_000).map(|n| n << 20).collect();
        for skip in [0, 199_000] {
            let pairs = nearest(&many[skip..skip + 1000], &many);
            assert!(pairs.iter().all(|(a, b)| a + skip == *b), "{skip}");
        }
    }
}
