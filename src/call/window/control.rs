//! Buttons of the call: an icon drawn here (no icon font), a word, a key.

use super::theme::{Palette, palette};
use eframe::egui::{
    Align2, Color32, CornerRadius, FontId, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    Vec2, Widget, WidgetInfo, accesskit,
};

/// The room for an icon and its gap.
const ICON: f32 = 26.0;

/// What is drawn before the word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Icon {
    Microphone { on: bool },
    Camera { on: bool },
    HangUp,
    None,
}

/// How much a button weighs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// One of several.
    Plain,
    /// Something is switched off: to be noticed.
    Off,
    /// The one that is probably wanted.
    Main,
    /// It ends the call.
    Danger,
}

/// A button.
pub(super) struct Control<'a> {
    pub(super) icon: Icon,
    pub(super) word: &'a str,
    pub(super) key: &'a str,
    pub(super) weight: Weight,
    /// Room for the key beside the word.
    pub(super) wide: bool,
    pub(super) enabled: bool,
}

impl<'a> Control<'a> {
    pub(super) fn plain(word: &'a str, weight: Weight) -> Self {
        Self { icon: Icon::None, word, key: "", weight, wide: true, enabled: true }
    }
}

impl Control<'_> {
    /// How wide it will be.
    pub(super) fn width(&self, ui: &Ui) -> f32 {
        let measure = |text: &str, size| {
            ui.painter().layout_no_wrap(text.to_owned(), FontId::proportional(size), Color32::WHITE).size().x
        };
        let icon = if self.icon == Icon::None { 0.0 } else { ICON };
        let key = if self.wide && !self.key.is_empty() { measure(self.key, 12.0) + 8.0 } else { 0.0 };
        28.0 + icon + measure(self.word, 15.0) + key
    }
}

impl Widget for Control<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let colours = palette(ui.ctx());
        let (fill, text) = self.colours(colours);
        let word = ui.painter().layout_no_wrap(self.word.to_owned(), FontId::proportional(15.0), text);
        let with_key = self.wide && !self.key.is_empty();
        let key = with_key.then(|| {
            let faint = text.gamma_multiply(0.7);
            ui.painter().layout_no_wrap(self.key.to_owned(), FontId::proportional(12.0), faint)
        });
        let size = Vec2::new(self.width(ui), 38.0);
        let sense = if self.enabled { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(size, sense);
        let info = || WidgetInfo::labeled(Role::Button, self.enabled, self.word);
        response.widget_info(info);
        if !self.key.is_empty() {
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_keyboard_shortcut(self.key));
        }
        let fill = if response.hovered() || response.is_pointer_button_down_on() { lift(fill, colours) } else { fill };
        let painter = ui.painter();
        painter.rect_filled(rect, CornerRadius::same(9), fill);
        let mut x = rect.left() + 14.0;
        if self.icon != Icon::None {
            let icon = Rect::from_center_size(Pos2::new(x + 8.0, rect.center().y), Vec2::splat(18.0));
            draw(painter, icon, self.icon, text, fill);
            x += ICON;
        }
        let y = |height: f32| rect.center().y - height / 2.0;
        let word_end = x + word.size().x;
        painter.galley(Pos2::new(x, y(word.size().y)), word, text);
        if let Some(key) = key {
            painter.galley(Pos2::new(word_end + 8.0, y(key.size().y)), key, text);
        }
        ring(ui, &response, rect);
        response
    }
}

impl Control<'_> {
    fn colours(&self, palette: Palette) -> (Color32, Color32) {
        let (fill, text) = match self.weight {
            Weight::Plain => (palette.raised, palette.text),
            Weight::Off => (palette.text, palette.ground),
            Weight::Main => (palette.accent, palette.ground),
            Weight::Danger => (palette.danger, palette.on_danger),
        };
        if self.enabled { (fill, text) } else { (palette.raised, palette.soft) }
    }
}

fn lift(fill: Color32, palette: Palette) -> Color32 {
    if fill == palette.raised { palette.hover } else { fill.gamma_multiply(0.88) }
}

/// The ring around what the keyboard speaks to.
pub(super) fn ring(ui: &Ui, response: &Response, rect: Rect) {
    if response.has_focus() {
        let palette = palette(ui.ctx());
        let outer = rect.expand(3.0);
        ui.painter().rect_stroke(outer, CornerRadius::same(11), Stroke::new(2.0, palette.text), StrokeKind::Middle);
    }
}

/// Draws an icon; `ground` is what it stands on. What is off is crossed out.
pub(super) fn draw(painter: &Painter, rect: Rect, icon: Icon, colour: Color32, ground: Color32) {
    let at = |x: f32, y: f32| Pos2::new(rect.left() + x * rect.width(), rect.top() + y * rect.height());
    let unit = rect.width() / 18.0;
    let line = Stroke::new(1.6 * unit, colour);
    let crossed = match icon {
        Icon::Microphone { on } => {
            let head = Rect::from_min_max(at(0.36, 0.04), at(0.64, 0.58));
            painter.rect_filled(head, CornerRadius::same(3), colour);
            let cup: Vec<Pos2> = (0..=12)
                .map(|i| {
                    let angle = std::f32::consts::PI * i as f32 / 12.0;
                    at(0.5 - 0.3 * angle.cos(), 0.46 + 0.3 * angle.sin())
                })
                .collect();
            painter.add(Shape::line(cup, line));
            painter.line_segment([at(0.5, 0.76), at(0.5, 0.94)], line);
            painter.line_segment([at(0.3, 0.95), at(0.7, 0.95)], line);
            !on
        }
        Icon::Camera { on } => {
            let body = Rect::from_min_max(at(0.02, 0.24), at(0.66, 0.78));
            painter.rect_filled(body, CornerRadius::same(3), colour);
            let lens = vec![at(0.72, 0.44), at(0.98, 0.26), at(0.98, 0.76), at(0.72, 0.58)];
            painter.add(Shape::convex_polygon(lens, colour, Stroke::NONE));
            !on
        }
        Icon::HangUp => {
            let arc: Vec<Pos2> = (0..=12)
                .map(|i| {
                    let angle = std::f32::consts::PI * (0.12 + 0.76 * i as f32 / 12.0);
                    at(0.5 - 0.5 * angle.cos(), 0.78 - 0.42 * angle.sin())
                })
                .collect();
            painter.add(Shape::line(arc, Stroke::new(4.4 * unit, colour)));
            for (a, b) in [(0.02, 0.24), (0.76, 0.98)] {
                let foot = Rect::from_min_max(at(a, 0.5), at(b, 0.8));
                painter.rect_filled(foot, CornerRadius::same(2), colour);
            }
            false
        }
        Icon::None => false,
    };
    if crossed {
        painter.line_segment([at(0.06, 0.02), at(0.98, 0.94)], Stroke::new(4.0 * unit, ground));
        painter.line_segment([at(0.02, 0.06), at(0.94, 0.98)], line);
    }
}

/// A sentence over the picture. `live`: a screen reader says it when it changes.
pub(super) fn veil(ui: &mut Ui, at: Pos2, anchor: Align2, text: &str, live: bool) {
    let widest = (ui.max_rect().width() - 40.0).max(120.0);
    let font = FontId::proportional(14.5);
    let galley = ui.painter().layout(text.to_owned(), font, super::theme::ON_STAGE, widest);
    let rect = anchor.anchor_size(at, galley.size() + Vec2::new(24.0, 14.0));
    ui.painter().rect_filled(rect, CornerRadius::same(9), super::theme::VEIL);
    ui.painter().galley(rect.min + Vec2::new(12.0, 7.0), galley, super::theme::ON_STAGE);
    say(ui, rect, text, live);
}

/// Gives painted words to the screen reader.
pub(super) fn say(ui: &mut Ui, rect: Rect, text: &str, live: bool) {
    let id = ui.scope_id().with(("said", text, live));
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    if live {
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(accesskit::Live::Polite));
    }
}
