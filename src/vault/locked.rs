//! Memory that is not written to swap: for keys.

use std::ops::{Deref, DerefMut};

/// A value in a place of its own that stays in memory as long as the process lives. Locking is best effort: where the
/// system allows no locked memory, the value is kept all the same.
pub(super) struct Locked<T>(Box<T>);

impl<T> Locked<T> {
    pub(super) fn new(value: T) -> Locked<T> {
        let place = Box::new(value);
        let start: *const T = &*place;
        // The page stays locked when this is dropped: other keys lie beside it.
        // SAFETY: mlock neither reads nor writes; the range is the allocation behind the box.
        #[expect(unsafe_code, reason = "locking memory takes an address")]
        let _ = unsafe { rustix::mm::mlock(start.cast_mut().cast(), size_of::<T>()) };
        Locked(place)
    }
}

/// How many of a kind are locked by one call.
const AT_ONCE: usize = 128;

/// Many small values, each found by the place it was put at. They lie close together and are locked many at once: the
/// system lets a process lock little memory, and asks a call of its own for each range of it.
pub(super) struct Shelf<T> {
    boards: Vec<Locked<[Option<T>; AT_ONCE]>>,
    /// Places that are empty.
    free: Vec<usize>,
}

impl<T> Shelf<T> {
    pub(super) fn new() -> Shelf<T> {
        Shelf { boards: Vec::new(), free: Vec::new() }
    }

    /// Puts a value down, and says where.
    pub(super) fn put(&mut self, value: T) -> usize {
        if self.free.is_empty() {
            let first = self.boards.len() * AT_ONCE;
            self.boards.push(Locked::new([const { None }; AT_ONCE]));
            self.free.extend((first..first + AT_ONCE).rev());
        }
        let place = self.free.pop().expect("there is a new board");
        self.boards[place / AT_ONCE][place % AT_ONCE] = Some(value);
        place
    }

    /// What was put there.
    pub(super) fn get(&self, place: usize) -> Option<&T> {
        self.boards.get(place / AT_ONCE)?[place % AT_ONCE].as_ref()
    }

    /// Drops what was put there, where it is.
    pub(super) fn drop_at(&mut self, place: usize) {
        let board = self.boards.get_mut(place / AT_ONCE);
        if let Some(value) = board.map(|board| &mut board[place % AT_ONCE]).filter(|value| value.is_some()) {
            *value = None;
            self.free.push(place);
        }
    }
}

impl<T: Clone> Clone for Locked<T> {
    fn clone(&self) -> Locked<T> {
        Locked::new(T::clone(&self.0))
    }
}

impl<T> Deref for Locked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Locked<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn value_is_found_where_it_was_put_until_it_is_dropped() {
        let mut shelf = Shelf::new();
        let values: Vec<Rc<usize>> = (0..3 * AT_ONCE + 1).map(Rc::new).collect();
        let places: Vec<usize> = values.iter().map(|value| shelf.put(Rc::clone(value))).collect();
        assert!(places.iter().zip(&values).all(|(place, value)| shelf.get(*place) == Some(value)));
        shelf.drop_at(places[AT_ONCE]);
        shelf.drop_at(places[AT_ONCE]);
        assert_eq!((shelf.get(places[AT_ONCE]), Rc::strong_count(&values[AT_ONCE])), (None, 1));
        assert_eq!(shelf.put(Rc::new(7)), places[AT_ONCE], "an empty place is used again");
        assert_eq!(shelf.put(Rc::new(8)), values.len(), "once");
        assert_eq!(shelf.get(usize::MAX), None);
    }
}
