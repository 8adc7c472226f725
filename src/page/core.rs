//! The doors of the core, as JavaScript calls them. Times are milliseconds since 1970, as `Date.now()` gives them.

use crate::base::Stamp;
use crate::guest::{Guest, GuestError, Input, Output};
use crate::wire::{WireError, link::Fragment};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// The patient's end.
#[wasm_bindgen]
pub struct Core(Guest);

/// After the tap on a link. Fails with the name of a trouble: `link_mangled`, `outdated`.
#[wasm_bindgen]
pub fn open_link(fragment: &str, now_ms: f64) -> Result<Core, JsValue> {
    match Fragment::parse(fragment) {
        Ok(fragment) => Ok(Core(Guest::open(&fragment, stamp(now_ms)))),
        Err(WireError::Version { .. }) => Err("outdated".into()),
        Err(_) => Err("link_mangled".into()),
    }
}

/// With what was kept, after the page was opened again. Fails with `kept_damaged` or `outdated`.
#[wasm_bindgen]
pub fn load(kept: &[u8], now_ms: f64) -> Result<Core, JsValue> {
    match Guest::from_bytes(kept, stamp(now_ms)) {
        Ok(guest) => Ok(Core(guest)),
        Err(GuestError::Version { .. }) => Err("outdated".into()),
        Err(GuestError::Damaged) => Err("kept_damaged".into()),
    }
}

#[wasm_bindgen]
impl Core {
    /// Something happened: an [`Input`] as JSON. Fails when it is none.
    pub fn tell(&mut self, input: &str, now_ms: f64) -> Result<(), JsValue> {
        let input: Input = serde_json::from_str(input).map_err(|_| JsValue::from("not an input"))?;
        self.0.handle(input, stamp(now_ms));
        Ok(())
    }

    /// A message from the relay.
    pub fn receive(&mut self, message: Vec<u8>, now_ms: f64) {
        self.0.handle(Input::Received(message), stamp(now_ms));
    }

    /// The next thing to do.
    pub fn next(&mut self) -> Option<Task> {
        self.0.poll().map(Task)
    }

    /// What there is to show, as JSON.
    pub fn view(&self, now_ms: f64) -> String {
        json(&self.0.view(stamp(now_ms)))
    }

    /// When to tell `"tick"`, unless something happens before.
    pub fn wake(&self) -> Option<f64> {
        self.0.timeout().map(|at| at.0 as f64)
    }
}

/// Something to do.
#[wasm_bindgen]
pub struct Task(Output);

#[wasm_bindgen]
impl Task {
    /// `send`, `keep`, `wipe`, `call`, `reconnect`, `ring` or `changed`.
    pub fn name(&self) -> String {
        let name = match self.0 {
            Output::Send(_) => "send",
            Output::Keep { .. } => "keep",
            Output::Wipe => "wipe",
            Output::Call(_) => "call",
            Output::Reconnect => "reconnect",
            Output::Ring => "ring",
            Output::Changed => "changed",
        };
        name.to_owned()
    }

    /// Of `send` and `keep`: what.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match &self.0 {
            Output::Send(bytes) => Some(bytes.clone()),
            Output::Keep { bytes, .. } => Some(bytes.expose().clone()),
            _ => None,
        }
    }

    /// Of `keep`: the number to say in `kept`.
    pub fn number(&self) -> Option<f64> {
        match self.0 {
            Output::Keep { n, .. } => Some(n as f64),
            _ => None,
        }
    }

    /// Of `call`: a [`ToCall`](crate::wire::call::ToCall) as JSON.
    pub fn order(&self) -> Option<String> {
        match &self.0 {
            Output::Call(order) => Some(json(order)),
            _ => None,
        }
    }
}

fn stamp(now_ms: f64) -> Stamp {
    // Saturates, and is exact for some hundred thousand years.
    Stamp(now_ms as i64)
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("invariant: our own values can be written as JSON")
}
