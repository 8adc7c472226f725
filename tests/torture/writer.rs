//! Commands that write to a practice, several at once, whatever happens to its agent: a vault that is found locked is
//! unlocked, an agent that is gone is started by the next command.

use super::chance::Chance;
use super::clinic::Clinic;
use super::ledger::{Ledger, What};
use crate::harness::guard::until;
use crate::story::programs::PATIENCE;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// What the writers of a practice write, and how far they are.
pub struct Writers<'a> {
    pub clinic: &'a Clinic,
    pub ledger: &'a Ledger,
    /// Ada's device is paired, so that she can be written to.
    pub paired: bool,
    /// Only what a locked vault takes.
    pub locked: bool,
    stop: AtomicBool,
    acknowledged: AtomicU64,
    named: AtomicU64,
}

impl<'a> Writers<'a> {
    pub fn of(clinic: &'a Clinic, ledger: &'a Ledger, paired: bool) -> Self {
        let (stop, acknowledged, named) =
            (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(ledger.len() as u64));
        Self { clinic, ledger, paired, locked: false, stop, acknowledged, named }
    }

    /// Those who write what a locked vault takes, and leave it locked.
    pub fn to_a_locked_vault(clinic: &'a Clinic, ledger: &'a Ledger) -> Self {
        Self { locked: true, ..Self::of(clinic, ledger, false) }
    }

    /// Has so many writers write while something is done; they end with what they are at.
    pub fn write_while<T>(&self, count: u64, chance: &mut Chance, meanwhile: impl FnOnce(&Self) -> T) -> T {
        struct Stop<'a>(&'a AtomicBool);
        impl Drop for Stop<'_> {
            fn drop(&mut self) {
                self.0.store(true, Relaxed);
            }
        }
        self.stop.store(false, Relaxed);
        std::thread::scope(|scope| {
            // Also when something fails, or the writers would never end.
            let _stop = Stop(&self.stop);
            for _ in 0..count {
                let chance = chance.fork();
                scope.spawn(move || self.write(chance));
            }
            meanwhile(self)
        })
    }

    /// Waits until so many more of their writings are acknowledged.
    pub fn acknowledged_more(&self, count: u64) {
        let wanted = self.acknowledged.load(Relaxed) + count;
        until("the writers are answered", PATIENCE, || (self.acknowledged.load(Relaxed) >= wanted).then_some(()));
    }

    fn write(&self, mut chance: Chance) {
        let mut own: Option<String> = None;
        while !self.stop.load(Relaxed) {
            match (self.locked, chance.place(10)) {
                (true, _) | (false, 0 | 1) => self.import(&mut chance),
                (_, 2 | 3) if self.paired => self.send(&mut chance),
                (_, 4 | 5) if own.is_some() => self.edit(own.as_deref().unwrap_or_default(), &mut chance),
                _ => own = self.begin(&mut chance).or(own),
            }
        }
    }

    /// A name that no other record has.
    fn name(&self) -> String {
        format!("r{}", self.named.fetch_add(1, Relaxed))
    }

    fn begin(&self, chance: &mut Chance) -> Option<String> {
        let text = format!("{} {}", self.name(), some_words(chance));
        let patient = ["ada", "ben"][chance.place(2)];
        let note = self.keep(
            What::Note,
            std::slice::from_ref(&text),
            &["note", "new", patient, "--text-file", "-", "--json"],
            &text,
        );
        note.map(|note| format!("{} {}", note["id"].as_str().unwrap(), name_of(&text)))
    }

    fn edit(&self, own: &str, chance: &mut Chance) {
        let (id, name) = own.split_once(' ').unwrap();
        let text = format!("{name} {}", some_words(chance));
        self.keep(What::Note, std::slice::from_ref(&text), &["note", "edit", id, "--text-file", "-", "--json"], &text);
    }

    fn send(&self, chance: &mut Chance) {
        let text = format!("{} {}", self.name(), some_words(chance));
        self.keep(
            What::Message,
            std::slice::from_ref(&text),
            &["message", "send", "ada", "--text-file", "-", "--json"],
            &text,
        );
    }

    fn import(&self, chance: &mut Chance) {
        let names: Vec<String> = (0..chance.among(1..6)).map(|_| self.name()).collect();
        let entries: Vec<Entry> = names.iter().map(|name| Entry::of(name, chance)).collect();
        let texts: Vec<String> = entries.iter().map(Entry::text).collect();
        self.keep(
            What::Appointment,
            &texts,
            &["appointment", "import", "-", "--missing", "keep", "--json"],
            &calendar(&entries),
        );
    }

    /// Runs a command that is to keep these texts, and believes its answer; what it answered, if it was kept.
    fn keep(&self, what: What, texts: &[String], args: &[&str], input: &str) -> Option<serde_json::Value> {
        let tried = self.ledger.tries(what, texts);
        let outcome = self.clinic.feed(args, input);
        match outcome.code {
            0 => {
                let said = outcome.json();
                self.ledger.acknowledges(tried);
                self.acknowledged.fetch_add(1, Relaxed);
                return Some(said);
            }
            // Locked: its agent was killed, and another one started.
            3 if !self.locked => {
                let unlocked = self.clinic.run(&["unlock"]);
                assert!(matches!(unlocked.code, 0 | 3 | 4), "{unlocked:?}");
            }
            // The agent went away while it was asked.
            4 => {}
            // Not kept, and said so.
            1 if outcome.err.contains("the disk is full") => {}
            _ => panic!("bedside {args:?}: {outcome:?}"),
        }
        None
    }
}

fn name_of(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// Mostly a few lines, now and then some that fill several pages of a disk.
fn some_words(chance: &mut Chance) -> String {
    let bytes = if chance.once_in(8) { chance.among(4_000..50_000) } else { chance.among(10..1_500) };
    chance.words(usize::try_from(bytes).unwrap())
}

/// An appointment in a feed.
pub struct Entry {
    name: String,
    month: u64,
    day: u64,
    hour: u64,
}

impl Entry {
    pub fn of(name: &str, chance: &mut Chance) -> Self {
        let (month, day, hour) = (chance.among(1..13), chance.among(1..29), chance.among(8..18));
        Self { name: name.to_owned(), month, day, hour }
    }

    /// As it is found again.
    pub fn text(&self) -> String {
        let Self { name, month, day, hour } = self;
        format!("{name} 2027-{month:02}-{day:02}T{hour:02}:00")
    }
}

/// A calendar as a clinic's system exports it.
pub fn calendar(entries: &[Entry]) -> String {
    let mut text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//A clinic//Calendar 1.0//EN\r\n".to_owned();
    for Entry { name, month, day, hour } in entries {
        text.push_str(&format!(
            "BEGIN:VEVENT\r\nUID:{name}@clinic.example\r\nDTSTAMP:20261101T060000Z\r\nSUMMARY:{name}\r\n\
             DTSTART:2027{month:02}{day:02}T{hour:02}0000Z\r\nDTEND:2027{month:02}{day:02}T{hour:02}5000Z\r\n\
             END:VEVENT\r\n"
        ));
    }
    text.push_str("END:VCALENDAR\r\n");
    text
}
