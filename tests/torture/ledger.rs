//! What writers tried, what was acknowledged to them, and whether all of it is there.
//!
//! A record is known by its name, the first word of its text. What was acknowledged must be there, whole and once; what
//! was tried without an answer may be there once or not at all; nothing else may.

use super::clinic::{Clinic, Outcome};
use super::tape;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::sync::{Mutex, MutexGuard};

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Note,
    Message,
    Appointment,
    /// A failed one. The audit log tells how many there were, not which.
    Login,
}

enum Fact {
    /// Somebody tried to have this kept. What was tried together must be there together.
    Tried { what: What, text: String, together: usize },
    /// What was tried with that fact, and all that was tried together with it, was acknowledged.
    Acknowledged { tried: usize },
}

/// Everything that was tried and acknowledged, in order.
#[derive(Default)]
pub struct Ledger {
    facts: Mutex<Vec<Fact>>,
    /// Where each acknowledgement is noted, too, in one order with what the agent does to the disk.
    tape: Option<File>,
}

/// What somebody tried.
#[derive(Clone, Copy)]
pub struct Try(usize);

impl Ledger {
    /// One whose acknowledgements are appended to a recording of the disk.
    pub fn recorded(tape: File) -> Self {
        Self { facts: Mutex::default(), tape: Some(tape) }
    }

    fn facts(&self) -> MutexGuard<'_, Vec<Fact>> {
        self.facts.lock().unwrap()
    }

    /// Somebody is about to try to have these kept, all together.
    pub fn tries(&self, what: What, texts: &[String]) -> Try {
        let mut facts = self.facts();
        let together = facts.len();
        facts.extend(texts.iter().map(|text| Fact::Tried { what, text: text.clone(), together }));
        Try(together)
    }

    /// They were told that it is kept.
    pub fn acknowledges(&self, tried: Try) {
        let mut facts = self.facts();
        facts.push(Fact::Acknowledged { tried: tried.0 });
        if let Some(mut tape) = self.tape.as_ref() {
            tape.write_all(&tape::acknowledgement(facts.len())).unwrap();
        }
    }

    /// How many records have been acknowledged.
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged_when(usize::MAX)
    }

    /// How many had been when only the first facts' acknowledgements had been given.
    pub fn acknowledged_when(&self, facts: usize) -> u64 {
        self.expected(facts).values().filter(|record| record.must.is_some()).count() as u64
    }

    /// How many facts there are.
    pub fn len(&self) -> usize {
        self.facts().len()
    }

    /// What must and what may be there when only the first facts' acknowledgements had been given.
    fn expected(&self, facts: usize) -> BTreeMap<(What, String), Expected> {
        let all = self.facts();
        let mut expected: BTreeMap<(What, String), Expected> = BTreeMap::new();
        for (number, fact) in all.iter().enumerate() {
            match fact {
                Fact::Tried { what, text, together } => {
                    let record = expected.entry((*what, name(text))).or_default();
                    record.together = *together;
                    record.may.push(text.clone());
                }
                Fact::Acknowledged { tried } if number < facts => {
                    for fact in &all[*tried..] {
                        let Fact::Tried { what, text, together } = fact else { break };
                        if together != tried {
                            break;
                        }
                        let record = expected.get_mut(&(*what, name(text))).unwrap();
                        record.must = Some(text.clone());
                        record.may.clear();
                    }
                }
                Fact::Acknowledged { .. } => {}
            }
        }
        expected
    }

    /// What is wrong with what was found; nothing, if all is well.
    pub fn compare(&self, found: &Found) -> Vec<String> {
        self.compare_when(found, usize::MAX)
    }

    /// The same when only the first facts' acknowledgements had been given.
    pub fn compare_when(&self, found: &Found, facts: usize) -> Vec<String> {
        let expected = self.expected(facts);
        let mut wrong = Vec::new();
        let mut there: BTreeMap<(What, String), Vec<&String>> = BTreeMap::new();
        for (what, text) in &found.records {
            there.entry((*what, name(text))).or_default().push(text);
        }
        let mut batches: BTreeMap<usize, [usize; 2]> = BTreeMap::new();
        let logins = || expected.iter().filter(|((what, _), _)| *what == What::Login);
        let (must, tried) = (logins().filter(|(_, login)| login.must.is_some()).count(), logins().count());
        if !(must..=tried).contains(&found.logins) {
            wrong.push(format!("{} failed logins are on record; {must} were told, {tried} tried", found.logins));
        }
        for (record, Expected { must, may, together }) in &expected {
            if record.0 == What::Login {
                continue;
            }
            let texts = there.remove(record).unwrap_or_default();
            batches.entry(*together).or_default()[usize::from(texts.is_empty())] += 1;
            match (must, texts.as_slice()) {
                (None, []) => {}
                (Some(_), []) => wrong.push(format!("{record:?} is lost")),
                (_, [text]) if must.as_ref() == Some(text) || may.contains(text) => {}
                (_, [_]) => wrong.push(format!("{record:?} is not what was written last")),
                (_, several) => wrong.push(format!("{record:?} is there {} times", several.len())),
            }
        }
        wrong.extend(there.keys().map(|record| format!("{record:?} was never written")));
        let halves = batches.iter().filter(|(_, [there, missing])| *there > 0 && *missing > 0);
        wrong.extend(halves.map(|(batch, _)| format!("of what was tried together as {batch}, a part is there")));
        if found.answers > found.records.iter().filter(|(what, _)| *what == What::Message).count() {
            wrong.push("the patient answered more often than they were written to".to_owned());
        }
        wrong
    }
}

#[derive(Default)]
struct Expected {
    must: Option<String>,
    /// Newer than what must be there, and not acknowledged.
    may: Vec<String>,
    together: usize,
}

fn name(text: &str) -> String {
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

/// Everything a practice holds.
#[derive(Debug)]
pub struct Found {
    records: Vec<(What, String)>,
    /// Messages from the patient.
    pub answers: usize,
    /// Failed logins.
    pub logins: usize,
}

impl Found {
    /// Reads everything; the outcome of the first command that failed, if one did.
    pub fn in_all(clinic: &Clinic) -> Result<Self, Outcome> {
        let read = |args: &[&str]| {
            let outcome = clinic.run(&[args, &["--json"]].concat());
            if outcome.code == 0 { Ok(outcome.lines()) } else { Err(outcome) }
        };
        let mut records = Vec::new();
        read(&["patient", "list"])?;
        for note in read(&["note", "list"])? {
            records.push((What::Note, note["text"].as_str().unwrap().to_owned()));
        }
        let (mut answers, mut ids) = (0, BTreeSet::new());
        for message in read(&["message", "list", "--limit", "10000"])? {
            assert!(ids.insert(message["id"].to_string()), "a message twice");
            match message["from"].as_str().unwrap() {
                "patient" => answers += 1,
                _ => records.push((What::Message, message["text"].as_str().unwrap().to_owned())),
            }
        }
        for entry in read(&["appointment", "list", "--date", "2027-01-01", "--days", "366"])? {
            let (subject, start) = (entry["subject"].as_str().unwrap(), entry["start"].as_str().unwrap());
            records.push((What::Appointment, format!("{subject} {}", &start[..16])));
        }
        let events = read(&["audit", "list", "--limit", "100000"])?;
        let logins = events.iter().filter(|event| event["action"] == "unlock_failed").count();
        Ok(Self { records, answers, logins })
    }
}
