//! An appointment as one typed line, with what it says below it while it is typed.

use super::{Next, panel};
use crate::base::id::PatientId;
use crate::record::Patient;
use crate::record::name::bare;
use crate::record::schedule::line::{Given, Line, USUAL_MINUTES, Unclear};
use crate::record::schedule::outside;
use crate::tui::deed::Deed;
use crate::tui::keymap::Key;
use crate::tui::model::Model;
use crate::tui::schedule::{minute_of, takes_time};
use crate::tui::screen::their_time;
use crate::tui::widget::{Field, Paper, moment, text};
use crossterm::event::KeyEvent;
use jiff::Zoned;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// How many of several patients are named.
const NAMED: usize = 4;

/// The line, and what stands in for what it does not say.
#[derive(Debug)]
pub(crate) struct TypedLine {
    field: Field,
    at: Option<Zoned>,
    minutes: u32,
    /// Why the agent did not take it.
    pub(crate) problem: Option<String>,
}

/// What a line comes to.
enum Reading {
    /// Nothing was typed.
    Nothing,
    /// It can be booked.
    Clear(PatientId, Box<Line>),
    /// It cannot, and why; the line as far as it is read.
    Unclear(String, Option<Box<Line>>),
}

impl TypedLine {
    /// A line that begins with `begun`, at the cursor's time, for `minutes` if none are typed.
    pub(crate) fn new(begun: &str, at: Option<Zoned>, minutes: Option<u32>) -> Self {
        Self { field: Field::line(begun), at, minutes: minutes.unwrap_or(USUAL_MINUTES), problem: None }
    }

    pub(super) fn key(&mut self, key: Key, event: KeyEvent, model: &Model) -> Next {
        if !key.is_enter() {
            if self.field.key(event) {
                self.problem = None;
            }
            return Next::Stay;
        }
        match self.read(model) {
            Reading::Clear(patient, line) => return Next::Send(Deed::Book(patient, line)),
            Reading::Nothing => self.problem = Some("write whose it is, and when: ada tue 15:00".to_owned()),
            Reading::Unclear(why, _) => self.problem = Some(why),
        }
        Next::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.field.insert(text);
        self.problem = None;
    }

    fn read(&self, model: &Model) -> Reading {
        if self.field.is_blank() {
            return Reading::Nothing;
        }
        let typed = self.field.content();
        let now = model.local_now();
        let given = Given { now: &now, at: self.at.as_ref(), minutes: self.minutes };
        let line = match Line::read(&typed, &given) {
            Ok(line) => line,
            Err(unclear) => return Reading::Unclear(in_words(&typed, &unclear), None),
        };
        match whose(&model.patients, line.who.expose()).as_slice() {
            [one] => Reading::Clear(one.id, Box::new(line)),
            [] => {
                let who = text::safe(line.who.expose(), 40);
                Reading::Unclear(format!("nobody is called “{who}”; Esc, then P adds a patient"), Some(Box::new(line)))
            }
            several => {
                let names: Vec<_> =
                    several.iter().take(NAMED).map(|patient| text::safe(patient.name.expose(), 24)).collect();
                let more = if several.len() > NAMED { ", …" } else { "" };
                let words = format!("write more of the name: {}{more}", names.join(", "));
                Reading::Unclear(words, Some(Box::new(line)))
            }
        }
    }

    pub(super) fn draw(&self, model: &Model, area: Rect, paper: &mut Paper<'_>) {
        let inner = panel("New appointment", 76, 8, area, paper);
        let cells = usize::from(inner.width);
        paper.text(inner, 0, "›", paper.theme.accent);
        let field = Rect { x: inner.x + 2, width: inner.width.saturating_sub(2), height: inner.height.min(1), ..inner };
        if self.field.content().is_empty() {
            paper.text(field, 0, "ada tue 15:00 50m weekly x10", paper.theme.off);
            paper.cursor = Some(field.as_position());
        } else {
            self.field.draw(field, true, paper);
        }
        let mut lines: Vec<(String, Style)> = Vec::new();
        let mut say = |words: &str, style| lines.extend(text::wrap(words, cells).into_iter().map(|line| (line, style)));
        match self.read(model) {
            Reading::Nothing => {
                let when = self.at.as_ref().map(|at| {
                    let day = moment::long_day(at.date());
                    format!("Who? Without more it is {day} {}, {} min.", moment::clock(at), self.minutes)
                });
                let words =
                    when.unwrap_or_else(|| "Who, the day, the time, and how often if it comes again.".to_owned());
                say(&words, paper.theme.quiet);
            }
            Reading::Clear(patient, line) => {
                say(&format!("{} · {line}", text::safe(model.name(patient), 40)), paper.theme.strong);
                let worth = worth_knowing(model, patient, &line);
                if !worth.is_empty() {
                    say(&worth.join(" · "), paper.theme.unverified);
                }
            }
            Reading::Unclear(why, line) => {
                say(&why, paper.theme.pending);
                if let Some(line) = line {
                    say(&line.to_string(), paper.theme.quiet);
                }
            }
        }
        if let Some(problem) = &self.problem {
            lines = text::wrap(problem, cells).into_iter().map(|line| (line, paper.theme.bad)).collect();
        }
        for (y, (line, style)) in (2..inner.height).zip(lines) {
            paper.text(inner, y, &line, style);
        }
    }
}

/// Which word is not clear, why, and what to write.
fn in_words(typed: &str, unclear: &Unclear) -> String {
    let word = unclear.word.as_ref().and_then(|(_, range)| typed.get(range.clone()));
    match word {
        Some(word) => format!("“{}”: {unclear}; {}", text::safe(word, 24), unclear.hint()),
        None => format!("{unclear}; {}", unclear.hint()),
    }
}

/// Patients that are called so: by the whole name, else by whole parts of it, else by beginnings of parts.
pub(crate) fn whose<'a>(patients: &'a [Patient], typed: &str) -> Vec<&'a Patient> {
    let typed = bare(typed);
    let words: Vec<&str> = typed.split_whitespace().collect();
    let by = |fits: &dyn Fn(&str) -> bool| -> Vec<&'a Patient> {
        patients.iter().filter(|patient| !patient.archived && fits(&bare(patient.name.expose()))).collect()
    };
    let parts = |name: &str, fits: fn(&str, &str) -> bool| {
        words.iter().all(|word| name.split_whitespace().any(|part| fits(part, word)))
    };
    let exact = by(&|name| name.split_whitespace().eq(words.iter().copied()));
    if !exact.is_empty() {
        return exact;
    }
    let whole = by(&|name| parts(name, |part, word| part == word));
    if whole.is_empty() { by(&|name| parts(name, |part, word| part.starts_with(word))) } else { whole }
}

/// What is unusual about the time, as far as it is known here; the agent says the rest.
fn worth_knowing(model: &Model, patient: PatientId, line: &Line) -> Vec<String> {
    let mut worth = Vec::new();
    let (start, end) = (&line.start, line.end());
    if end <= model.local_now() {
        worth.push("it is past".to_owned());
    }
    if outside(&model.hours, start, &end) {
        worth.push("outside the working hours".to_owned());
    }
    if let Some(known) = model.schedule().and_then(|schedule| schedule.known.as_ref()) {
        let minute = minute_of(start.time());
        let until = i64::from(minute) + i64::from(line.minutes);
        let overlaps = known
            .day(start.date())
            .iter()
            .find(|piece| takes_time(&known.entry(piece).record) && piece.to > minute && i64::from(piece.from) < until);
        if let Some(piece) = overlaps {
            let entry = known.entry(piece);
            let name = entry.name.as_ref().unwrap_or(&entry.record.subject);
            let at = moment::clock(&model.in_zone(&entry.record.start));
            worth.push(format!("overlaps {} at {at}", text::safe(name.expose(), 30)));
        }
    }
    let zone = model.patient(patient).and_then(|patient| patient.zone.as_deref());
    worth.extend(their_time(model, start, zone));
    worth
}
