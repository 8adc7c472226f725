//! The window of one visit: the other side's picture and sound's signs, the words, and a few controls.
//!
//! Refuses to be: the session (it decides nothing, it shows and passes on), a place for names (its
//! title says "bedside call", nothing more), a recorder.
//!
//! Enters: what the session shares ([`Shared`]); keys, mouse and the screen reader's actions.
//! Leaves: wishes, and the choice of another device.
//!
//! - [`scene`]: what is shown, as plain values; pure
//! - [`view`]: the scene as panels and controls
//! - [`control`], [`meter`]: the widgets; each has a name for a screen reader and a ring when it has the focus
//! - [`canvas`]: pictures as textures
//! - [`theme`]: colours by meaning, dark and light

use crate::call::device::DeviceKind;
use crate::call::shared::Shared;
use eframe::{egui, glow};
use std::sync::Arc;
use std::time::Duration;

mod canvas;
mod control;
mod meter;
mod scene;
mod theme;
mod view;

/// The window's title. It tells nothing about anyone.
pub const TITLE: &str = "bedside call";
/// The smallest window in which every control can be reached.
const SMALLEST: [f32; 2] = [480.0, 360.0];

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// Neither X11 nor Wayland can be reached, or they cannot draw.
    #[error("no display")]
    NoDisplay,
}

/// The devices there are and the ones in use, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Cameras, and which is in use.
    pub cameras: Choice,
    /// Microphones, and which is in use.
    pub microphones: Choice,
    /// Speakers, and which is in use.
    pub speakers: Choice,
}

/// The devices of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Their names.
    pub names: Vec<String>,
    /// The one in use.
    pub used: Option<String>,
}

/// How far the visit is behind the window.
pub enum Begin {
    /// The devices are still being opened.
    Soon,
    /// It runs.
    Running {
        /// What the session shows.
        shared: Arc<Shared>,
        /// The devices.
        choices: Choices,
        /// Done after every change, before it is drawn; on any thread.
        changed: Box<dyn Fn() + Send + Sync>,
    },
    /// It cannot run; the window goes.
    Failed,
}

/// What the window needs from the program around it.
pub trait Backstage {
    /// Called again and again from the moment the window has been drawn, until it runs or fails.
    fn begin(&mut self) -> Begin;
    /// Another device was chosen.
    fn choose(&mut self, kind: DeviceKind, name: &str);
}

/// Whether a display is named at all.
pub fn display_is_named() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Opens the window and stays until it is closed. Must be called on the main thread.
///
/// # Errors
/// [`WindowError::NoDisplay`] when no window can be opened.
pub fn show(backstage: impl Backstage + 'static) -> Result<(), WindowError> {
    if !display_is_named() {
        return Err(WindowError::NoDisplay);
    }
    let viewport = egui::ViewportBuilder::default()
        .with_title(TITLE)
        .with_app_id("bedside-call")
        .with_inner_size([960.0, 600.0])
        .with_min_inner_size(SMALLEST)
        .with_icon(egui::IconData::default());
    // Ctrl-V is the camera here, and there is nothing to paste into.
    let options =
        eframe::NativeOptions { viewport, clipboard_shortcuts: false, dithering: false, ..Default::default() };
    let create: eframe::AppCreator<'_> = Box::new(move |creation| {
        theme::apply(&creation.egui_ctx);
        let slow = creation.gl.as_deref().is_some_and(draws_in_software);
        Ok(Box::new(view::View::new(Box::new(backstage), slow)))
    });
    eframe::run_native(TITLE, options, create).map_err(|_| WindowError::NoDisplay)
}

/// Draws after every change the session tells of; several at once are one. Without a graphics card
/// every second picture is enough.
fn follow(shared: &Shared, context: &egui::Context, slow: bool, changed: Box<dyn Fn() + Send + Sync>) {
    let context = context.clone();
    let pause = Duration::from_millis(if slow { 60 } else { 8 });
    shared.on_change(move || {
        changed();
        context.request_repaint_after(pause);
    });
}

/// Whether OpenGL is computed by the processor.
fn draws_in_software(gl: &glow::Context) -> bool {
    use glow::HasContext as _;
    #[expect(unsafe_code, reason = "OpenGL is a foreign interface")]
    // SAFETY: the context is current while eframe creates the application, and RENDERER is a string.
    let renderer = unsafe { gl.get_parameter_string(glow::RENDERER) };
    let renderer = renderer.to_lowercase();
    ["llvmpipe", "softpipe", "swrast", "software"].iter().any(|name| renderer.contains(name))
}
