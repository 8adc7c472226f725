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
