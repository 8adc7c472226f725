//! A device chosen while the call runs. A program is one visit with one device of each kind, so the
//! wish is the process's own: the window leaves it here, the device finds it at its next block or picture.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// A wish for another device of one kind.
pub struct Chosen {
    name: Mutex<Option<String>>,
    new: AtomicBool,
}

impl Chosen {
    pub(super) const fn new() -> Self {
        Self { name: Mutex::new(None), new: AtomicBool::new(false) }
    }

    /// Wishes for the device of this name.
    pub fn choose(&self, name: &str) {
        *self.name.lock().unwrap_or_else(PoisonError::into_inner) = Some(name.to_owned());
        self.new.store(true, Ordering::Release);
    }

    /// The wish, once.
    pub(super) fn take(&self) -> Option<String> {
        if !self.new.swap(false, Ordering::Acquire) {
            return None;
        }
        self.name.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
