//! The terminal: taken at the start and given back whatever happens.

use crate::base::{Failure, Kind};
use crossterm::{
    cursor::Show,
    event::{
        DisableBracketedPaste, EnableBracketedPaste, KeyboardEnhancementFlags, PopKeyboardEnhancementFlags,
        PushKeyboardEnhancementFlags,
    },
    queue,
    terminal::{
        self, BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, SetTitle,
    },
};
use ratatui::{
    Terminal,
    backend::CrosstermBackend,
    buffer::Buffer,
    layout::{Position, Rect},
};
use std::io::{self, IsTerminal, Write};
use std::sync::Once;

/// Where a synchronized update ends (https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036).
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// Bytes on their way to the terminal. A frame is written in one piece: flushing waits for its end.
struct Sheet(Vec<u8>);

impl Write for Sheet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.0.ends_with(FRAME_END) {
            let mut out = io::stdout().lock();
            out.write_all(&self.0)?;
            out.flush()?;
            self.0.clear();
        }
        Ok(())
    }
}

/// The mouse's buttons, its wheel, and where it is dragged to, in numbers that large terminals can say; its mere
/// movement is nobody's business (xterm's control sequences, "Mouse Tracking").
const MOUSE_ON: &[u8] = b"\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1002l";

/// The terminal in the console's hands.
pub(super) struct Console {
    terminal: Terminal<CrosstermBackend<Sheet>>,
    mouse: bool,
}

impl Console {
    /// Takes the terminal. Fails if there is none, or one that cannot show a screen.
    pub(super) fn take() -> Result<Self, Failure> {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() || dumb {
            return Err(Failure::new(Kind::Usage, "the console needs a terminal that can show a screen")
                .hint("everything works without it, too: 'bedside --help'"));
        }
        give_back_on_panic();
        let lost = |error: io::Error| Failure::new(Kind::Refused, format!("the terminal refuses ({})", error.kind()));
        enter().map_err(lost)?;
        let terminal = Terminal::new(CrosstermBackend::new(Sheet(Vec::with_capacity(64 * 1024)))).map_err(lost)?;
        Ok(Self { terminal, mouse: false })
    }

    /// Columns and rows.
    pub(super) fn size(&self) -> (u16, u16) {
        terminal::size().unwrap_or((80, 24))
    }

    /// Draws a frame: only what changed is sent, and the terminal shows it at once.
    pub(super) fn draw(&mut self, draw: impl FnOnce(Rect, &mut Buffer) -> Option<Position>) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| {
            let area = frame.area();
            if let Some(position) = draw(area, frame.buffer_mut()) {
                frame.set_cursor_position(position);
            }
        })?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        Write::flush(self.terminal.backend_mut())
    }

    /// Forgets what the terminal shows, so that the next frame is drawn whole.
    pub(super) fn forget(&mut self) -> io::Result<()> {
        self.terminal.clear()
    }

    /// Rings; a terminal that is not in front marks its window as urgent.
    pub(super) fn ring(&self) -> io::Result<()> {
        put(b"\x07")
    }

    /// Hands `text` to the terminal's clipboard (OSC 52), over SSH, too.
    pub(super) fn copy(&self, text: &str) -> io::Result<()> {
        let encoded = data_encoding::BASE64.encode(text.as_bytes());
        put(format!("\x1b]52;c;{encoded}\x07").as_bytes())
    }

    /// Gives the terminal back, stops, and takes it again when the shell continues us.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        leave()?;
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP)?;
        enter()?;
        self.mouse(self.mouse)?;
        self.forget()
    }

    /// Asks the terminal to tell of the mouse, or to select text with it again.
    pub(super) fn mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        put(if on { MOUSE_ON } else { MOUSE_OFF })
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        // Nothing can be done for a terminal that is gone.
        let _ = leave();
    }
}

fn put(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// The title never names anybody. Terminals that know the enhanced keyboard tell Ctrl-M from Enter.
fn enter() -> io::Result<()> {
    terminal::enable_raw_mode()?;
    let mut bytes = Vec::new();
    queue!(bytes, EnterAlternateScreen, EnableBracketedPaste, SetTitle("bedside"))?;
    if std::env::var_os("TERM").is_none_or(|term| term != "linux") {
        queue!(bytes, PushKeyboardEnhancementFlags(KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES))?;
    }
    put(&bytes)
}

fn leave() -> io::Result<()> {
    let mut bytes = [FRAME_END, MOUSE_OFF].concat();
    if std::env::var_os("TERM").is_none_or(|term| term != "linux") {
        queue!(bytes, PopKeyboardEnhancementFlags)?;
    }
    queue!(bytes, DisableBracketedPaste, LeaveAlternateScreen, Show)?;
    put(&bytes)?;
    terminal::disable_raw_mode()
}

/// A panic of whichever thread ends the console, and is told on the terminal as it was before.
fn give_back_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let _ = leave();
            before(panic);
            // One that no key reaches any more is worse than none.
            std::process::exit(101);
        }));
    });
}
