//! The rules of a schedule: the hours a practice works, what repeats, which times are free and which collide, when a
//! reminder is due.
//!
//! Pure: the appointments and the time of day are arguments.

mod free;
mod hours;
pub mod line;
mod reminder;
mod repeat;

pub use free::{FREE_MAX_DAYS, free, overlap};
pub use hours::{Hours, HoursUnreadable, outside};
pub use reminder::{REMIND_MAX, REMIND_MAX_MIN, due, due_next, due_now};
pub use repeat::{Every, LeftOut, REPEAT_MAX, Repeat};
