//! The console: the day at the practice on one screen, and everything that is done in it.
//!
//! Refuses to be: the keeper of anything. It asks the agent and shows what it says; what is written here is the
//! agent's within seconds. It names nobody in the terminal's title, and shows nothing from outside that could
//! steer a terminal.
//!
//! Keys, time and the agent's words enter as [`update::Event`]s; `update` changes the [`model`] and gives
//! [`update::Effect`]s, which `effect` alone carries out, and whose results come back as events; `view` draws the
//! model. Nothing between a key and its frame waits.

mod action;
mod asks;
mod deed;
mod editor;
mod effect;
mod keymap;
mod model;
mod overlay;
mod schedule;
mod screen;
mod terminal;
mod theme;
mod update;
mod view;
mod widget;

use crate::base::{Clock, Failure, Kind, Phi, Place, time::SystemClock};
use crate::client::call::Devices;
use crossterm::event::{Event as Input, EventStream};
use effect::{Hands, Happening};
use futures_util::StreamExt;
use jiff::tz::TimeZone;
use model::{Model, Then};
use std::io;
use std::time::Duration;
use terminal::Console;
use theme::Theme;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::Instant;
use update::{Event, update};

/// Frames come at most this often.
const FRAME: Duration = Duration::from_millis(10);
/// So many events are taken together before a frame is drawn.
const BATCH: usize = 256;
/// How long the last saves may take after the terminal was closed.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// How the console is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which vault.
    pub place: Place,
    /// Camera, microphone and loudspeaker of calls that are opened here.
    pub devices: Devices,
}

/// Runs the console until it is left. Leaving it, or closing its terminal, ends neither the agent nor a visit.
pub async fn run(options: Options) -> Result<(), Failure> {
    let mut console = Console::take()?;
    let ended = serve(options, &mut console).await;
    drop(console);
    ended.map_err(|error| Failure::new(Kind::Refused, format!("the terminal is gone ({})", error.kind())))
}

async fn serve(options: Options, console: &mut Console) -> io::Result<()> {
    let theme = Theme::from_env();
    let clock = SystemClock;
    let (back, mut happenings) = mpsc::unbounded_channel();
    let folder = options.place.folder().display().to_string();
    let mut hands = Hands::new(options.place, options.devices, back);
    hands.connect();
    let mut model = Model::new(folder, TimeZone::UTC, console.size(), clock.now());
    let mut inputs = EventStream::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut closed: Option<Instant> = None;
    let begun = Instant::now();
    let mut drawn: Option<Instant> = None;
    let mut changed = true;
    loop {
        let due = match drawn {
            Some(at) => at + FRAME,
            // An agent that runs answers sooner than a second frame could follow one that shows nothing yet.
            None if model.stands() => begun,
            None => begun + FRAME,
        };
        if changed && due <= Instant::now() && closed.is_none() {
            console.draw(|area, buffer| view::draw(&model, &theme, area, buffer))?;
            (changed, drawn) = (false, Some(Instant::now()));
        }
        let event = tokio::select! {
            biased;
            input = inputs.next(), if closed.is_none() => match input {
                Some(Ok(input)) => of_input(input),
                Some(Err(_)) | None => { closed = Some(Instant::now()); None }
            },
            _ = terminate.recv() => { closed = Some(Instant::now()); None }
            _ = hang_up.recv() => { closed = Some(Instant::now()); None }
            Some(happening) = happenings.recv() => receive(happening, &mut hands),
            () = tokio::time::sleep_until(due), if changed => continue,
            () = tokio::time::sleep(model.next_tick().min(LAST_WORDS)) => Some(Event::Tick),
        };
        if closed.is_some() {
            // What was written goes to the vault before the console ends.
            model.then = Some(Then::Quit);
        }
        let mut pending = Some(event.unwrap_or(Event::Tick));
        for _ in 0..BATCH {
            let Some(event) = pending.take() else { break };
            for effect in update(&mut model, clock.now(), event) {
                if !hands.act(effect, console)? {
                    return Ok(());
                }
            }
            pending = next(&mut happenings, &mut hands);
        }
        changed = true;
        if closed.is_some_and(|at| at.elapsed() > LAST_WORDS) {
            return Ok(());
        }
    }
}

/// The next event that is there already.
fn next(happenings: &mut mpsc::UnboundedReceiver<Happening>, hands: &mut Hands) -> Option<Event> {
    while let Ok(happening) = happenings.try_recv() {
        let event = receive(happening, hands);
        if event.is_some() {
            return event;
        }
    }
    None
}

fn of_input(input: Input) -> Option<Event> {
    match input {
        Input::Key(key) => Some(Event::Key(key)),
        Input::Paste(text) => Some(Event::Paste(Phi::new(text))),
        Input::Resize(columns, rows) => Some(Event::Resize(columns, rows)),
        Input::Mouse(mouse) => Some(Event::Mouse(mouse)),
        Input::FocusGained | Input::FocusLost => None,
    }
}

fn receive(happening: Happening, hands: &mut Hands) -> Option<Event> {
    match happening {
        Happening::Event(event) => {
            if matches!(event, Event::Gone(_)) {
                hands.not_found();
            }
            Some(event)
        }
        Happening::Connected(connection) => {
            hands.connected(*connection);
            None
        }
        Happening::Lost => {
            hands.lost();
            None
        }
    }
}

#[cfg(test)]
mod tests;
