//! The schedule as the console holds it: which days, where the cursor is, what is in the hand. Pure: it asks for
//! nothing and draws nothing.

mod known;

pub(crate) use known::{Known, Piece, takes_time};

use crate::base::id::AppointmentId;
use crate::client::agent::Named;
use crate::record::Appointment;
use jiff::civil::{Date, Time};
use jiff::{Span, ToSpan};

/// Minutes of a day.
pub(crate) const DAY: i16 = 24 * 60;
/// The cursor goes by quarters of an hour.
pub(crate) const STEP: i16 = 15;
/// By so much an appointment is made longer or shorter.
pub(crate) const STRETCH: i16 = 5;
/// How many days the agenda lists.
const AGENDA_DAYS: u16 = 28;
/// Six weeks show every month whole.
const MONTH_DAYS: u16 = 42;

/// How the schedule is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum View {
    /// One day, hour by hour.
    Day,
    /// Seven days beside each other, from Monday on.
    #[default]
    Week,
    /// Six weeks, with how many a day.
    Month,
    /// Line by line.
    Agenda,
}

/// The schedule's screen.
#[derive(Debug)]
pub(crate) struct Schedule {
    /// How it is shown.
    pub(crate) view: View,
    /// The cursor's day.
    pub(crate) date: Date,
    /// The cursor's minute of the day.
    pub(crate) minute: i16,
    /// The appointment the cursor is on.
    pub(crate) pick: Option<AppointmentId>,
    /// The first minute that the grid shows.
    pub(crate) top: i16,
    /// It was scrolled away from the cursor.
    pub(crate) astray: bool,
    /// What is being moved.
    pub(crate) hand: Option<Hand>,
    /// Where the mouse button went down.
    pub(crate) press: Option<Press>,
    /// Time that is being drawn with the mouse: the day, from, to.
    pub(crate) sweep: Option<(Date, i16, i16)>,
    /// The first day and the number of days that are shown or asked for.
    pub(crate) range: (Date, u16),
    /// The agenda went beyond what was known, forward or back.
    beyond: Option<bool>,
    /// What the agent gave.
    pub(crate) known: Option<Known>,
}

/// An appointment in the hand: it is where it was until it is put down.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hand {
    /// Which, as it was last known: it may be carried to days where it is not among what is known.
    pub(crate) of: Named<Appointment>,
    /// The same once more; the other stays.
    pub(crate) copy: bool,
    /// Where it was, and for how many minutes.
    pub(crate) was: (Date, i16, i16),
    /// Where it would be.
    pub(crate) date: Date,
    /// Its first minute there.
    pub(crate) minute: i16,
    /// For how many minutes.
    pub(crate) minutes: i16,
}

/// Where the mouse button went down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Press {
    /// On free time.
    Slot(Date, i16),
    /// On an appointment, so many minutes behind its start.
    Appointment(AppointmentId, i16),
}

/// The minute of a day.
pub(crate) fn minute_of(time: Time) -> i16 {
    i16::from(time.hour()) * 60 + i16::from(time.minute())
}

/// The time of day at a minute.
pub(crate) fn time_of(minute: i16) -> Time {
    let minute = minute.clamp(0, DAY - 1);
    let part = |n: i16| i8::try_from(n).unwrap_or(0);
    Time::constant(part(minute / 60), part(minute % 60), 0, 0)
}

/// Down to a whole step.
pub(crate) const fn floor(minute: i16) -> i16 {
    minute.div_euclid(STEP) * STEP
}

/// Up to a whole step.
const fn ceil(minute: i16) -> i16 {
    floor(minute + STEP - 1)
}

/// The Monday of a week.
pub(crate) fn monday(date: Date) -> Date {
    days_on(date, -i64::from(date.weekday().to_monday_zero_offset()))
}

/// So many days on; the calendar's end holds.
pub(crate) fn days_on(date: Date, days: i64) -> Date {
    Span::new().try_days(days).map_or(date, |span| date.saturating_add(span))
}

impl Schedule {
    /// At a time.
    pub(crate) fn at(view: View, date: Date, time: Time) -> Self {
        let minute = floor(minute_of(time));
        let mut schedule = Self {
            view,
            date,
            minute,
            pick: None,
            top: 8 * 60,
            astray: false,
            hand: None,
            press: None,
            sweep: None,
            range: (date, 0),
            beyond: None,
            known: None,
        };
        schedule.range = schedule.wanted();
        schedule
    }

    /// The day that is to be in sight: where what is in the hand would be, or the cursor's.
    pub(crate) fn day(&self) -> Date {
        self.hand.as_ref().map_or(self.date, |hand| hand.date)
    }

    /// The first day and the number of days that have to be known for what is shown.
    pub(crate) fn wanted(&self) -> (Date, u16) {
        let day = self.day();
        match self.view {
            View::Day | View::Week => (monday(day), 7),
            View::Month => (monday(day.first_of_month()), MONTH_DAYS),
            // The list stays where it is as long as the cursor is in it.
            View::Agenda => {
                let (from, days) = self.range;
                let end = days_on(from, i64::from(days));
                if days == AGENDA_DAYS && day >= from && day < end { self.range } else { (monday(day), AGENDA_DAYS) }
            }
        }
    }

    /// Shows it otherwise. In a month the cursor is on a day.
    pub(crate) fn show(&mut self, view: View) {
        let before = std::mem::replace(&mut self.view, view);
        self.astray = false;
        if view == View::Month {
            self.pick = None;
        } else if before == View::Month && self.pick.is_none() {
            self.go(self.date, self.minute);
        }
    }

    /// What the agent gave, for the days that are wanted.
    pub(crate) fn take(&mut self, known: Known) {
        let first = self.known.replace(known).is_none();
        if first && self.pick.is_none() {
            self.go(self.date, self.minute);
        }
        self.hold();
        if self.pick.is_some_and(|pick| self.find(pick).is_none()) {
            self.pick = None;
        }
        if self.is_settled() {
            self.land();
        }
    }

    /// What is in the hand is as it is known now; it stays there unless it is gone from the day on which it was.
    fn hold(&mut self) {
        let (Some(known), Some(hand)) = (&self.known, &mut self.hand) else { return };
        let id = hand.of.record.id;
        match (known.find(id), known.place(id)) {
            (Some(entry), Some((date, from, to))) => {
                let (was, is) = (hand.was, (date, from, to - from));
                // What was not changed by hand goes along.
                if (hand.date, hand.minute) == (was.0, was.1) {
                    (hand.date, hand.minute) = (is.0, is.1);
                }
                if hand.minutes == was.2 {
                    hand.minutes = is.2;
                }
                (hand.of, hand.was) = (entry.clone(), is);
            }
            (Some(_), None) => {}
            (None, _) if known.covers((hand.was.0, 1)) => self.hand = None,
            (None, _) => {}
        }
    }

    /// Whether what is known is what is wanted.
    pub(crate) fn is_settled(&self) -> bool {
        self.known.as_ref().is_some_and(|known| known.covers(self.wanted()))
    }

    /// An appointment that is known, or in the hand.
    pub(crate) fn find(&self, id: AppointmentId) -> Option<&Named<Appointment>> {
        let held = || self.hand.as_ref().map(|hand| &hand.of).filter(|of| of.record.id == id);
        self.known.as_ref().and_then(|known| known.find(id)).or_else(held)
    }

    /// What lies at a slot, as it is drawn from left to right: what was cancelled only where nothing else is.
    fn lying_at(&self, date: Date, minute: i16) -> Vec<AppointmentId> {
        let Some(known) = &self.known else { return Vec::new() };
        let here = |piece: &&Piece| !piece.is_whole() && piece.from < minute + STEP && piece.to > minute;
        let (live, gone): (Vec<&Piece>, Vec<&Piece>) =
            known.day(date).iter().filter(here).partition(|piece| takes_time(&known.entry(piece).record));
        let chosen = if live.is_empty() { gone } else { live };
        chosen.into_iter().map(|piece| known.entry(piece).record.id).collect()
    }

    /// The piece of the chosen appointment on the cursor's day.
    fn chosen_piece(&self) -> Option<Piece> {
        let (known, pick) = (self.known.as_ref()?, self.pick?);
        known.day(self.date).iter().find(|piece| known.entry(piece).record.id == pick).copied()
    }

    /// The minutes that are to be in sight: what is in the hand, what is chosen, or the cursor's slot.
    pub(crate) fn reach(&self) -> (i16, i16) {
        match (&self.hand, self.chosen_piece()) {
            (Some(hand), _) => (hand.minute, (hand.minute + hand.minutes).min(DAY)),
            (None, Some(piece)) if !piece.is_whole() => (piece.from, piece.to),
            _ => (self.minute, (self.minute + STEP).min(DAY)),
        }
    }

    /// Puts the cursor to a slot, on the first appointment there; in a month it is on a day.
    pub(crate) fn go(&mut self, date: Date, minute: i16) {
        self.date = date;
        self.minute = floor(minute.clamp(0, DAY - STEP));
        let lies = || self.lying_at(self.date, self.minute).first().copied();
        self.pick = if self.view == View::Month { None } else { lies() };
        self.astray = false;
    }

    /// Puts the cursor exactly to a free time.
    pub(crate) fn go_free(&mut self, date: Date, minute: i16) {
        self.go(date, minute);
        (self.minute, self.pick) = (minute.clamp(0, DAY - 1), None);
    }

    /// Puts the cursor on an appointment, which may not be known yet.
    pub(crate) fn choose(&mut self, id: AppointmentId, date: Date, minute: i16) {
        self.go(date, minute);
        self.pick = Some(id);
    }

    /// Earlier or later on the same day: by a slot, past the appointment the cursor is on.
    pub(crate) fn down(&mut self, forward: bool) {
        let to = match (self.chosen_piece(), forward) {
            (Some(piece), true) => ceil(piece.to).max(self.minute + STEP),
            (Some(piece), false) => floor(piece.from).min(self.minute) - STEP,
            (None, true) => self.minute + STEP,
            (None, false) => self.minute - STEP,
        };
        if (0..DAY).contains(&to) {
            self.go(self.date, to);
        }
    }

    /// To what lies beside it at the same time, then to another day.
    pub(crate) fn sideways(&mut self, forward: bool) {
        let beside = self.lying_at(self.date, self.minute);
        let at = self.pick.and_then(|pick| beside.iter().position(|id| *id == pick));
        let next = at.and_then(|at| if forward { at.checked_add(1) } else { at.checked_sub(1) });
        if let Some(id) = next.and_then(|next| beside.get(next)) {
            self.pick = Some(*id);
            return;
        }
        self.go(days_on(self.date, if forward { 1 } else { -1 }), self.minute);
        if !forward && let Some(last) = self.lying_at(self.date, self.minute).last() {
            self.pick = Some(*last);
        }
    }

    /// The day a page before or behind the one in sight.
    pub(crate) fn paged(&self, forward: bool) -> Date {
        let (date, sign) = (self.day(), if forward { 1 } else { -1 });
        match self.view {
            View::Day => days_on(date, sign),
            View::Week | View::Agenda => days_on(date, sign * 7),
            View::Month => date.saturating_add(sign.months()),
        }
    }

    /// To the next appointment by time, or the one before; whether there was one among what is known.
    pub(crate) fn hop(&mut self, forward: bool) -> bool {
        let Some(known) = &self.known else { return false };
        let all: Vec<(Date, i16, AppointmentId)> = known
            .starts()
            .filter(|(.., entry)| takes_time(&entry.record) || self.view == View::Agenda)
            .map(|(date, from, entry)| (date, from, entry.record.id))
            .collect();
        let at = self.pick.and_then(|pick| all.iter().position(|(.., id)| *id == pick));
        // Where the cursor would be among them.
        let here = all.partition_point(|(date, from, _)| (*date, *from) < (self.date, self.minute));
        let next = match (at, forward) {
            (Some(at), true) => Some(at + 1),
            (None, true) => Some(here),
            (at, false) => at.unwrap_or(here).checked_sub(1),
        };
        let found = next.and_then(|next| all.get(next)).copied();
        if let Some((date, from, id)) = found {
            self.choose(id, date, from);
        }
        found.is_some()
    }

    /// The agenda goes on behind its end, or before its beginning.
    pub(crate) fn go_beyond(&mut self, forward: bool) {
        let (from, days) = self.range;
        let (date, minute) =
            if forward { (days_on(from, i64::from(days)), 0) } else { (days_on(from, -1), DAY - STEP) };
        let first = if forward { monday(date) } else { days_on(monday(date), 7 - i64::from(AGENDA_DAYS)) };
        self.go(date, minute);
        (self.pick, self.range, self.beyond) = (None, (first, AGENDA_DAYS), Some(forward));
    }

    /// In the agenda the cursor is always on an appointment, if there is one: the first from here on.
    pub(crate) fn land(&mut self) {
        if self.view != View::Agenda || self.pick.is_some_and(|pick| self.find(pick).is_some()) {
            return;
        }
        let Some(known) = &self.known else { return };
        let here = (self.date, self.minute);
        let place = |(date, from, entry): (Date, i16, &Named<Appointment>)| (date, from, entry.record.id);
        let later = || known.starts().find(|(date, from, _)| (*date, *from) >= here).map(place);
        let earlier = || known.starts().take_while(|(date, from, _)| (*date, *from) <= here).last().map(place);
        let found = match self.beyond.take() {
            Some(true) => later(),
            Some(false) => earlier(),
            None => later().or_else(earlier),
        };
        if let Some((date, from, id)) = found {
            self.choose(id, date, from);
        }
    }

    /// Takes an appointment into the hand, where it is; not one that begins before the days that are known.
    pub(crate) fn grab(&mut self, id: AppointmentId, copy: bool) {
        let Some(known) = &self.known else { return };
        let (Some((date, from, to)), Some(of)) = (known.place(id), known.find(id).cloned()) else { return };
        self.press = None;
        self.hand = Some(Hand { of, copy, was: (date, from, to - from), date, minute: from, minutes: to - from });
    }

    /// Moves what is in the hand.
    pub(crate) fn carry(&mut self, days: i64, steps: i16) {
        let Some(hand) = &mut self.hand else { return };
        hand.date = days_on(hand.date, days);
        let aligned = if steps < 0 { ceil(hand.minute) } else { floor(hand.minute) };
        hand.minute = (if steps == 0 { hand.minute } else { aligned + steps * STEP }).clamp(0, DAY - STEP);
        self.astray = false;
    }

    /// Makes what is in the hand longer or shorter.
    pub(crate) fn stretch(&mut self, by: i16) {
        if let Some(hand) = &mut self.hand {
            hand.minutes = (hand.minutes + by).clamp(STRETCH, DAY);
        }
    }
}

impl Hand {
    /// Whether it is somewhere else than it was, or of another length.
    pub(crate) fn is_moved(&self) -> bool {
        (self.date, self.minute, self.minutes) != self.was
    }
}

#[cfg(test)]
mod tests;
