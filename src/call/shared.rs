//! What the session and the window share: the session writes, the window reads and wishes.
//!
//! Everything is cheap to read at every frame. Nothing here blocks, decides or speaks to a network.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Instant;

use tokio::sync::mpsc;

use super::peer::Path;
use super::sound::Sound;
use super::video::Video;
use crate::base::SafeText;
use crate::wire::call::{Quality, Trouble};

/// How far the call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// The agent has not begun.
    #[default]
    Waiting,
    /// A path is being looked for.
    Connecting,
    /// Sound and picture flow.
    Live,
    /// The path was lost.
    Reconnecting,
    /// It is over.
    Ended,
}

/// The five words and whether they were compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Five words.
    pub words: Vec<String>,
    /// Compared with this device, and the same (`Some(true)`), not the same, or not yet.
    pub compared: Option<bool>,
}

/// What a window shows, at one moment.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// How far the call is.
    pub stage: Stage,
    /// What the agent says about it, or why it ended.
    pub saying: Option<SafeText>,
    /// The words, once both ends have them.
    pub words: Option<Words>,
    /// The path packets take.
    pub path: Option<Path>,
    /// Since when sound and picture flow.
    pub live_since: Option<Instant>,
    /// The last second.
    pub quality: Option<Quality>,
    /// Our microphone works, and is on.
    pub microphone: bool,
    /// Our camera works, and is on.
    pub camera: bool,
    /// There is a microphone.
    pub has_microphone: bool,
    /// There is a camera.
    pub has_camera: bool,
    /// The other side's microphone is on.
    pub peer_microphone: bool,
    /// The other side's camera is on.
    pub peer_camera: bool,
    /// What does not work here.
    pub troubles: Vec<Trouble>,
}

/// What the user wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Microphone on or off.
    Microphone(bool),
    /// Camera on or off.
    Camera(bool),
    /// The words were compared, and were the same or not.
    Compared(bool),
    /// End the call.
    HangUp,
}

/// The session's outside.
pub struct Shared {
    /// Levels; the switches are the session's.
    pub sound: Sound,
    /// Both pictures; the switches are the session's.
    pub video: Video,
    view: Mutex<View>,
    wishes: mpsc::UnboundedSender<Wish>,
    on_change: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

impl Shared {
    pub(super) fn new(wishes: mpsc::UnboundedSender<Wish>) -> Self {
        let view = View { peer_microphone: true, peer_camera: true, ..Default::default() };
        Self {
            sound: Sound::default(),
            video: Video::default(),
            view: Mutex::new(view),
            wishes,
            on_change: OnceLock::new(),
        }
    }

    /// Everything a window shows, except the pictures ([`Shared::video`]) and levels
    /// ([`Shared::sound`]).
    pub fn view(&self) -> View {
        self.lock().clone()
    }

    /// Says what the user wants. Lost when the session has ended: there is nothing left to want.
    pub fn wish(&self, wish: Wish) {
        let _ = self.wishes.send(wish);
    }

    /// Has `f` called after every change and every picture, from any thread: a window asks for a
    /// repaint. The first caller wins.
    pub fn on_change(&self, f: impl Fn() + Send + Sync + 'static) {
        let _ = self.on_change.set(Box::new(f));
    }

    pub(super) fn changed(&self) {
        if let Some(f) = self.on_change.get() {
            f();
        }
    }

    pub(super) fn set_stage(&self, stage: Stage) {
        self.change(|view| {
            if view.stage != Stage::Ended {
                view.stage = stage;
            }
            if stage != Stage::Live {
                view.path = None;
            }
        });
    }

    pub(super) fn show_path(&self, path: Path) {
        self.set_stage(Stage::Live);
        self.change(|view| {
            view.path = Some(path);
            view.live_since.get_or_insert_with(Instant::now);
        });
    }

    pub(super) fn set_devices(&self, microphone: bool, camera: bool, troubles: &[Trouble]) {
        self.change(|view| {
            (view.has_microphone, view.has_camera) = (microphone, camera);
            view.microphone = microphone && !self.sound.muted.load(std::sync::atomic::Ordering::Relaxed);
            view.camera = camera && !self.video.camera_off.load(std::sync::atomic::Ordering::Relaxed);
            view.troubles = troubles.to_vec();
        });
    }

    pub(super) fn show_media(&self, microphone: bool, camera: bool) {
        self.change(|view| {
            view.microphone = microphone && view.has_microphone;
            view.camera = camera && view.has_camera;
        });
    }

    pub(super) fn show_peer(&self, microphone: bool, camera: bool) {
        if !camera {
            self.video.remote.clear();
        }
        self.change(|view| (view.peer_microphone, view.peer_camera) = (microphone, camera));
    }

    pub(super) fn show_quality(&self, quality: Quality) {
        self.change(|view| view.quality = Some(quality));
    }

    pub(super) fn show_words(&self, words: Vec<String>, compared: bool) {
        // The agent makes them from a list; a window still shows nothing it has not made safe.
        let words = words.iter().take(5).map(|word| SafeText::line(word).to_string()).collect();
        let compared = compared.then_some(true);
        self.change(|view| view.words = Some(Words { words, compared }));
    }

    pub(super) fn show_compared(&self, same: bool) {
        self.change(|view| {
            if let Some(words) = &mut view.words {
                words.compared = Some(same);
            }
        });
    }

    pub(super) fn say(&self, text: &str) {
        self.change(|view| view.saying = Some(SafeText::line(text)));
    }

    /// The end; the first reason stays.
    pub(super) fn end(&self, text: &str) {
        self.change(|view| {
            if view.stage != Stage::Ended {
                view.stage = Stage::Ended;
                view.path = None;
                view.saying = Some(SafeText::line(text));
            }
        });
    }

    fn change(&self, f: impl FnOnce(&mut View)) {
        f(&mut self.lock());
        self.changed();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, View> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
