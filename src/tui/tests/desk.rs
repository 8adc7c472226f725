//! A console on the desk: keys go in, requests are looked at, answers are given by hand.

use super::sample;
use crate::base::{Failure, Kind, Phi, Stamp};
use crate::client::agent::{self, Reply, Request, VaultState};
use crate::tui::model::Model;
use crate::tui::theme::Theme;
use crate::tui::update::{Effect, Event, update};
use crate::tui::view;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent, MouseEventKind};
use jiff::tz::TimeZone;
use ratatui::{buffer::Buffer, layout::Position, layout::Rect};
use std::time::Duration;

pub(super) struct Desk {
    pub(super) model: Model,
    pub(super) now: Stamp,
    asked: Vec<(u32, Request)>,
    /// Everything else that was done.
    pub(super) done: Vec<Effect>,
}

impl Desk {
    /// Before the agent has answered.
    pub(super) fn fresh() -> Self {
        let zone = TimeZone::get("Europe/London").expect("the zone is known");
        let now = sample::now();
        let model = Model::new("/home/okafor/.local/share/bedside".to_owned(), zone, (80, 24), now);
        Self { model, now, asked: Vec::new(), done: Vec::new() }
    }

    /// The vault is locked.
    pub(super) fn locked() -> Self {
        let mut desk = Self::fresh();
        desk.happen(Event::Connected(Box::new(sample::status(VaultState::Locked))));
        desk
    }

    /// The vault is open and the sample practice is shown.
    pub(super) fn open() -> Self {
        let mut desk = Self::fresh();
        desk.happen(Event::Connected(Box::new(sample::status(VaultState::Open))));
        desk.answer(|request| *request == Request::Status, Reply::Status(sample::status(VaultState::Open)));
        desk.answer(is_today, Reply::Today(sample::today()));
        desk.answer(|request| matches!(request, Request::PatientList { .. }), Reply::Patients(sample::patients()));
        desk.answer(|request| *request == Request::RoomList, Reply::Room(vec![sample::waiting()]));
        desk.answer(
            |request| matches!(request, Request::AppointmentUnmatched { .. }),
            Reply::Unmatched { names: Vec::new(), total: 0 },
        );
        desk.answer(|request| *request == Request::Practice, Reply::Practice(sample::practice()));
        assert!(desk.asked.is_empty(), "a console that opens asks for nothing else: {:?}", desk.asked);
        desk
    }

    /// Ada's chart.
    pub(super) fn chart() -> Self {
        let mut desk = Self::open();
        desk.press("o");
        desk.answer(|request| matches!(request, Request::Chart { .. }), Reply::Chart(sample::chart()));
        desk
    }

    /// The schedule in the week of the sample practice.
    pub(super) fn schedule() -> Self {
        let mut desk = Self::open();
        desk.press("5");
        desk.answer(|request| *request == Request::Practice, Reply::Practice(sample::practice()));
        desk.answer(is_list, Reply::Appointments(sample::week()));
        assert_eq!(desk.done, [Effect::Mouse(true)]);
        desk.done.clear();
        desk
    }

    /// The schedule, the cursor on Ada's appointment on Thursday at eleven.
    pub(super) fn chosen() -> Self {
        let mut desk = Self::schedule();
        desk.press("Tab");
        assert_eq!(desk.model.subject(), Some(sample::ADA));
        desk
    }

    /// A draft of Ada's in the editor.
    pub(super) fn note() -> Self {
        let mut desk = Self::chart();
        desk.press("Enter");
        desk.answer(|request| matches!(request, Request::NoteShow { .. }), Reply::Note(sample::draft()));
        desk
    }

    /// Ada's thread, open.
    pub(super) fn thread() -> Self {
        let mut desk = Self::open();
        desk.press("2");
        desk.answer(is_all_messages, Reply::Messages(sample::all_messages()));
        desk.press("Enter");
        desk.answer(is_thread, Reply::Messages(sample::thread()));
        desk
    }

    /// Ada was admitted and is there.
    pub(super) fn visit() -> Self {
        let mut desk = Self::open();
        desk.press("Enter");
        let n = desk.call();
        desk.tell(agent::Event::Room(Vec::new()));
        desk.tell(agent::Event::Visit(Some(Box::new(sample::live()))));
        desk.happen(Event::Answer { n, result: Ok(Box::new(Reply::CallOpened { visit: sample::VISIT })) });
        desk.answer(|request| matches!(request, Request::NoteList { .. }), Reply::Notes(Vec::new()));
        desk
    }

    /// The number of the call window that was asked for.
    pub(super) fn call(&mut self) -> u32 {
        let at = self.done.iter().position(|effect| matches!(effect, Effect::Call { .. })).expect("a call was opened");
        let Effect::Call { n, .. } = self.done.remove(at) else { unreachable!("it is a call") };
        n
    }

    pub(super) fn happen(&mut self, event: Event) {
        for effect in update(&mut self.model, self.now, event) {
            match effect {
                Effect::Ask { n, request } => self.asked.push((n, *request)),
                other => self.done.push(other),
            }
        }
    }

    pub(super) fn tell(&mut self, event: agent::Event) {
        self.happen(Event::News(Box::new(event)));
    }

    /// Lets time go by.
    pub(super) fn wait(&mut self, length: Duration) {
        self.now = self.now.plus(length);
        self.happen(Event::Tick);
    }

    /// Presses keys by their names, half a second between them.
    pub(super) fn press(&mut self, keys: &str) {
        for name in keys.split(' ') {
            self.now = self.now.plus(Duration::from_millis(500));
            self.hit(name);
        }
    }

    /// Presses a key in the same moment.
    pub(super) fn hit(&mut self, name: &str) {
        let (held, code) = match name.split_once('-') {
            Some(("Ctrl", code)) => (KeyModifiers::CONTROL, code),
            Some(("Alt", code)) => (KeyModifiers::ALT, code),
            _ => (KeyModifiers::NONE, name),
        };
        let code = match code {
            "Enter" => KeyCode::Enter,
            "Esc" => KeyCode::Esc,
            "Tab" => KeyCode::Tab,
            "Up" => KeyCode::Up,
            "Down" => KeyCode::Down,
            "Left" => KeyCode::Left,
            "Right" => KeyCode::Right,
            "Home" => KeyCode::Home,
            "End" => KeyCode::End,
            "PageUp" => KeyCode::PageUp,
            "PageDown" => KeyCode::PageDown,
            "BackTab" => KeyCode::BackTab,
            "Backspace" => KeyCode::Backspace,
            "Space" => KeyCode::Char(' '),
            code if code.starts_with('F') && code.len() > 1 => KeyCode::F(code[1..].parse().expect("a function key")),
            code => KeyCode::Char(code.chars().next().expect("a key")),
        };
        self.happen(Event::Key(KeyEvent::new(code, held)));
    }

    /// The mouse does something at a cell.
    pub(super) fn mouse(&mut self, kind: MouseEventKind, (column, row): (u16, u16)) {
        self.now = self.now.plus(Duration::from_millis(500));
        self.happen(Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
    }

    /// Where a text begins on a screen of 80 × 24.
    pub(super) fn find(&mut self, text: &str) -> (u16, u16) {
        let screen = self.read_at((80, 24));
        let found = screen
            .lines()
            .zip(0..)
            .find_map(|(line, y)| Some((line.split(text).next()?, y, line.contains(text))).filter(|found| found.2));
        let (before, y, _) = found.unwrap_or_else(|| panic!("{text} is not on\n{screen}"));
        (u16::try_from(crate::tui::widget::text::width(before)).expect("a column"), y)
    }

    /// Types letters.
    pub(super) fn write(&mut self, text: &str) {
        for c in text.chars() {
            self.happen(Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.happen(Event::Paste(Phi::from(text)));
    }

    /// Takes the first request that fits.
    pub(super) fn take(&mut self, fits: impl Fn(&Request) -> bool) -> Option<(u32, Request)> {
        let at = self.asked.iter().position(|(_, request)| fits(request))?;
        Some(self.asked.remove(at))
    }

    /// Whether such a request is open.
    pub(super) fn has_asked(&self, fits: impl Fn(&Request) -> bool) -> bool {
        self.asked.iter().any(|(_, request)| fits(request))
    }

    /// How many such requests are open.
    pub(super) fn count(&self, fits: impl Fn(&Request) -> bool) -> usize {
        self.asked.iter().filter(|(_, request)| fits(request)).count()
    }

    /// Answers the first request that fits.
    pub(super) fn answer(&mut self, fits: impl Fn(&Request) -> bool, reply: Reply) -> Request {
        let (n, request) = self.take(fits).expect("it was asked for");
        self.happen(Event::Answer { n, result: Ok(Box::new(reply)) });
        request
    }

    /// Refuses the first request that fits.
    pub(super) fn refuse(&mut self, fits: impl Fn(&Request) -> bool, kind: Kind, why: &str) {
        let (n, _) = self.take(fits).expect("it was asked for");
        self.happen(Event::Answer { n, result: Err(Failure::new(kind, why).hint("try again")) });
    }

    /// Draws a frame.
    pub(super) fn draw(&mut self, theme: &Theme, (columns, rows): (u16, u16)) -> (Buffer, Option<Position>) {
        self.happen(Event::Resize(columns, rows));
        let area = Rect::new(0, 0, columns, rows);
        let mut buffer = Buffer::empty(area);
        let cursor = view::draw(&self.model, theme, area, &mut buffer);
        (buffer, cursor)
    }

    /// What can be read on a screen of 120 × 40.
    pub(super) fn read(&mut self) -> String {
        self.read_at((120, 40))
    }

    /// What can be read.
    pub(super) fn read_at(&mut self, size: (u16, u16)) -> String {
        text(&self.draw(&Theme::dark(), size).0)
    }
}

/// A frame's lines without what follows the last letter.
pub(super) fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                line.push_str(symbol);
                skip = crate::tui::widget::text::width(symbol).saturating_sub(1);
            } else {
                skip -= 1;
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

pub(super) fn is_today(request: &Request) -> bool {
    matches!(request, Request::Today { .. })
}

pub(super) fn is_thread(request: &Request) -> bool {
    matches!(request, Request::MessageList { who: Some(_), .. })
}

pub(super) fn is_all_messages(request: &Request) -> bool {
    matches!(request, Request::MessageList { who: None, .. })
}

pub(super) fn is_edit(request: &Request) -> bool {
    matches!(request, Request::NoteEdit { .. })
}

pub(super) fn is_list(request: &Request) -> bool {
    matches!(request, Request::AppointmentList { .. })
}
