//! The scene as panels and controls. Tab goes: microphone, camera, hang up, devices, line, then the words.

use super::canvas::Canvas;
use super::control::{self, Control, Icon, Weight};
use super::scene::{FAREWELL, Scene};
use super::theme::{self, palette};
use super::{Backstage, Begin, Choices, meter};
use crate::base::SafeText;
use crate::call::device::DeviceKind;
use crate::call::shared::{Shared, Stage, Wish};
use eframe::egui::{
    self, Align, Align2, Color32, Context, CornerRadius, Event, Id, Key, Layout, Margin, Modifiers, Rect, RichText,
    Role, Sense, Stroke, StrokeKind, Ui, Vec2, ViewportCommand, WidgetInfo, accesskit,
};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// What was typed before a question stood must not answer it.
const TYPE_AHEAD: Duration = Duration::from_millis(300);

/// A question that waits for an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    HangUp,
    Different,
}

pub(super) struct View {
    backstage: Box<dyn Backstage>,
    shared: Option<Arc<Shared>>,
    choices: Choices,
    scene: Scene,
    remote: Canvas,
    own: Canvas,
    asked: Option<(Question, Instant)>,
    /// No graphics card.
    slow: bool,
    /// Where the other side's picture stood last, in pixels of the screen.
    room: Vec2,
    frames: u32,
}

impl View {
    pub(super) fn new(backstage: Box<dyn Backstage>, slow: bool) -> Self {
        Self {
            backstage,
            shared: None,
            choices: Choices::default(),
            scene: Scene::default(),
            remote: Canvas::default(),
            own: Canvas::default(),
            asked: None,
            slow,
            room: Vec2::new(960.0, 600.0),
            frames: 0,
        }
    }

    /// Begins the visit, once the window has been drawn with everything the driver loads late.
    fn begin(&mut self, ctx: &Context) {
        self.frames = self.frames.saturating_add(1);
        if self.frames < 3 {
            ctx.request_repaint();
            return;
        }
        match self.backstage.begin() {
            Begin::Soon => ctx.request_repaint_after(Duration::from_millis(15)),
            Begin::Failed => ctx.send_viewport_cmd(ViewportCommand::Close),
            Begin::Running { shared, choices, changed } => {
                super::follow(&shared, ctx, self.slow, changed);
                (self.shared, self.choices) = (Some(shared), choices);
                ctx.request_repaint();
            }
        }
    }

    /// Takes what came since the last time.
    fn receive(&mut self, ctx: &Context) {
        let Some(shared) = &self.shared else { return self.begin(ctx) };
        self.scene.view = shared.view();
        self.scene.level = shared.sound.microphone_level.load(Ordering::Relaxed);
        if self.scene.view.stage == Stage::Ended {
            self.scene.over.get_or_insert_with(Instant::now);
        }
        let (remote, own) = (shared.video.remote.get(), shared.video.own.get());
        self.remote.put(ctx, "remote", remote, self.slow.then_some(self.room));
        // The inset is small on any screen.
        let inset = self.inset(1000.0) * ctx.pixels_per_point();
        self.own.put(ctx, "own", own, Some(inset));
    }

    fn inset(&self, width: f32) -> Vec2 {
        let width = (width * 0.24).clamp(112.0, 200.0);
        Vec2::new(width, width / self.own.aspect())
    }

    fn keys(&mut self, ctx: &Context) {
        if self.scene.over.is_some() {
            return;
        }
        // Held keys repeat; a repeated one must neither toggle nor answer.
        let pressed = |key: Key, plain: bool| {
            ctx.input_mut(|input| {
                let hit = |event: &Event| {
                    matches!(event, Event::Key { key: k, pressed: true, repeat: false, modifiers, .. }
                        if *k == key && (modifiers.matches_exact(Modifiers::CTRL) || plain && modifiers.is_none()))
                };
                let found = input.events.iter().any(hit);
                input.events.retain(|event| !hit(event));
                found
            })
        };
        if pressed(Key::E, false) {
            match self.asked {
                Some((Question::HangUp, since)) if since.elapsed() > TYPE_AHEAD => self.hang_up(ctx),
                Some(_) => {}
                None => self.ask(Question::HangUp),
            }
        }
        if pressed(Key::M, true) {
            self.microphone();
        }
        if pressed(Key::V, true) {
            self.camera();
        }
    }

    fn wish(&self, wish: Wish) {
        if let Some(shared) = &self.shared {
            shared.wish(wish);
        }
    }

    fn microphone(&self) {
        self.wish(Wish::Microphone(!self.scene.view.microphone));
    }

    fn camera(&self) {
        self.wish(Wish::Camera(!self.scene.view.camera));
    }

    fn hang_up(&mut self, ctx: &Context) {
        self.asked = None;
        match &self.shared {
            Some(shared) => shared.wish(Wish::HangUp),
            None => ctx.send_viewport_cmd(ViewportCommand::Close),
        }
    }

    fn ask(&mut self, question: Question) {
        self.asked = Some((question, Instant::now()));
    }

    fn bar(&mut self, ui: &mut Ui) {
        let (width, live) = (ui.available_width(), self.shared.is_some() && self.scene.over.is_none());
        let (wide, gap) = (width > 760.0, if width > 600.0 { 8.0 } else { 5.0 });
        ui.spacing_mut().item_spacing.x = gap;
        ui.horizontal_centered(|ui| {
            let (microphone, camera) = (self.scene.view.microphone, self.scene.view.camera);
            let button = |icon, word, key, weight| Control { icon, word, key, weight, wide, enabled: live };
            let weight = |on| if on { Weight::Plain } else { Weight::Off };
            let word = if microphone { "Mute" } else { "Unmute" };
            if ui.add(button(Icon::Microphone { on: microphone }, word, "Ctrl+M", weight(microphone))).clicked() {
                self.microphone();
            }
            let word = if camera { "Camera off" } else { "Camera on" };
            if ui.add(button(Icon::Camera { on: camera }, word, "Ctrl+V", weight(camera))).clicked() {
                self.camera();
            }
            let end = button(Icon::HangUp, "Hang up", "Ctrl+E", Weight::Danger);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.add(end).clicked() {
                    self.ask(Question::HangUp);
                }
                let room = ui.available_width();
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.add_space(8.0);
                    meter::level(ui, &self.scene, (room - 24.0).clamp(40.0, 160.0));
                });
            });
        });
    }

    fn head(&mut self, ui: &mut Ui) {
        let wide = ui.available_width() > 640.0;
        let soft = palette(ui.ctx()).soft;
        ui.horizontal_centered(|ui| {
            let clock = self.scene.clock(Instant::now());
            let shown = ui.label(RichText::new(clock).monospace().size(15.0));
            shown.on_hover_text("How long the visit has lasted");
            ui.label(RichText::new(self.scene.path()).size(14.0).color(soft));
            if self.scene.verified() && wide {
                let accent = palette(ui.ctx()).good;
                ui.label(RichText::new("words compared ✔").size(14.0).color(accent));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                self.devices(ui);
                meter::line(ui, &self.scene, wide);
            });
        });
    }

    fn devices(&mut self, ui: &mut Ui) {
        let mut chosen = None;
        let menu = ui.menu_button("Devices", |ui| {
            ui.set_min_width(220.0);
            ui.set_max_width(340.0);
            for kind in [DeviceKind::Camera, DeviceKind::Microphone, DeviceKind::Speaker] {
                let (title, choice) = match kind {
                    DeviceKind::Camera => ("Camera", &self.choices.cameras),
                    DeviceKind::Microphone => ("Microphone", &self.choices.microphones),
                    DeviceKind::Speaker => ("Speaker", &self.choices.speakers),
                };
                ui.label(RichText::new(title).small().color(palette(ui.ctx()).soft));
                if choice.names.is_empty() {
                    ui.label("none found");
                }
                for name in &choice.names {
                    let used = choice.used.as_ref() == Some(name);
                    let row = ui.radio(used, SafeText::line(name).as_str());
                    control::ring(ui, &row, row.rect);
                    if row.clicked() {
                        chosen = Some((kind, name.clone()));
                        ui.close();
                    }
                }
                ui.add_space(4.0);
            }
        });
        control::ring(ui, &menu.response, menu.response.rect);
        menu.response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Devices: camera, microphone, speaker"));
        if let Some((kind, name)) = chosen {
            self.backstage.choose(kind, &name);
            let choice = match kind {
                DeviceKind::Camera => &mut self.choices.cameras,
                DeviceKind::Microphone => &mut self.choices.microphones,
                DeviceKind::Speaker => &mut self.choices.speakers,
            };
            choice.used = Some(name);
        }
    }

    fn words(&mut self, ui: &mut Ui, words: &[String]) {
        let colours = palette(ui.ctx());
        let size = if ui.available_width() > 640.0 { 28.0 } else { 20.0 };
        let sentence = format!("Read aloud to each other: {}", words.join(", "));
        ui.vertical_centered(|ui| {
            ui.label(RichText::new("Read these words aloud to each other. Are they the same?").color(colours.soft));
            let words = words.join("  ·  ");
            let shown = ui.label(RichText::new(words).size(size).strong().color(colours.text));
            ui.ctx().accesskit_node_builder(shown.id, |node| {
                node.set_label(sentence.as_str());
                node.set_value(sentence.as_str());
                node.set_live(accesskit::Live::Polite);
            });
            let (same, different) = (Control::plain("Same", Weight::Main), Control::plain("Different", Weight::Plain));
            let width = same.width(ui) + different.width(ui) + ui.spacing().item_spacing.x;
            ui.allocate_ui_with_layout(Vec2::new(width, 40.0), Layout::left_to_right(Align::Center), |ui| {
                if ui.add(same).clicked() {
                    self.wish(Wish::Compared(true));
                }
                if ui.add(different).clicked() {
                    self.ask(Question::Different);
                }
            });
        });
    }

    fn stage(&mut self, ui: &mut Ui) {
        let frame = ui.max_rect();
        ui.painter().rect_filled(frame, CornerRadius::ZERO, theme::STAGE);
        self.room = frame.size() * ui.ctx().pixels_per_point();
        let over = self.scene.over.is_some();
        let view = &self.scene.view;
        let seen = !self.remote.is_blank() && view.peer_camera && !over;
        if seen {
            let rect = self.remote.fit(frame);
            self.remote.paint(ui, rect, false);
            let picture = ui.interact(rect, Id::unique("remote"), Sense::hover());
            picture.widget_info(|| WidgetInfo::labeled(Role::Image, true, "The other person's picture"));
        } else {
            let text = match (self.scene.status(), view.stage == Stage::Live, view.peer_camera) {
                (status, false, _) => status,
                (_, _, false) => "Their camera is off",
                _ => "Waiting for their picture…",
            };
            let size = if over { 22.0 } else { 18.0 };
            let wrap = frame.width() - 48.0;
            let font = egui::FontId::proportional(size);
            let galley = ui.painter().layout(text.to_owned(), font, theme::ON_STAGE, wrap);
            let rect = Align2::CENTER_CENTER.anchor_size(frame.center(), galley.size());
            ui.painter().galley(rect.min, galley, theme::ON_STAGE);
            control::say(ui, rect, text, true);
        }
        if over {
            return;
        }
        let inset = self.inset(frame.width());
        let at = Rect::from_min_size(frame.right_bottom() - inset - Vec2::splat(14.0), inset);
        self.self_view(ui, at);
        let status = self.scene.status();
        if (seen || view.stage == Stage::Live) && !status.is_empty() {
            let top = frame.center_top() + Vec2::new(0.0, 12.0);
            control::veil(ui, top, Align2::CENTER_TOP, status, true);
        }
        let mut foot = frame.left_bottom() + Vec2::new(14.0, -14.0);
        let their = (self.scene.met() && !view.peer_microphone).then_some("Their microphone is off");
        let said: Vec<&str> = their.into_iter().chain(self.scene.complaints()).collect();
        for text in said.into_iter().take(3) {
            let room = Rect::from_min_max(frame.left_top(), at.left_bottom());
            let mut beside = ui.new_child(egui::UiBuilder::new().max_rect(room).id_salt(text));
            control::veil(&mut beside, foot, Align2::LEFT_BOTTOM, text, true);
            foot.y -= 40.0;
        }
    }

    fn self_view(&self, ui: &mut Ui, at: Rect) {
        let rounded = CornerRadius::same(6);
        ui.painter().rect_filled(at, rounded, Color32::from_rgb(30, 35, 39));
        let text = if self.scene.view.camera && !self.own.is_blank() {
            self.own.paint(ui, at, true);
            "Your own picture, as the other person sees it"
        } else {
            let icon = Rect::from_center_size(at.center() - Vec2::new(0.0, 10.0), Vec2::splat(22.0));
            let ground = Color32::from_rgb(30, 35, 39);
            control::draw(ui.painter(), icon, Icon::Camera { on: false }, theme::ON_STAGE, ground);
            let below = at.center() + Vec2::new(0.0, 16.0);
            let small = egui::FontId::proportional(12.5);
            ui.painter().text(below, Align2::CENTER_CENTER, "You are not seen", small, theme::ON_STAGE);
            "You are not seen"
        };
        let edge = Stroke::new(1.5, Color32::from_white_alpha(90));
        ui.painter().rect_stroke(at, rounded, edge, StrokeKind::Inside);
        if !self.scene.view.microphone {
            let badge = Rect::from_center_size(at.left_bottom() + Vec2::new(16.0, -16.0), Vec2::splat(15.0));
            ui.painter().circle_filled(badge.center(), 12.0, theme::VEIL);
            let ground = Color32::from_rgb(20, 22, 24);
            control::draw(ui.painter(), badge, Icon::Microphone { on: false }, theme::ON_STAGE, ground);
        }
        let inset = ui.interact(at, Id::unique("own"), Sense::hover());
        inset.widget_info(|| WidgetInfo::labeled(Role::Image, true, text));
    }

    fn question(&mut self, ctx: &Context) {
        let Some((question, since)) = self.asked else { return };
        let young = since.elapsed() < TYPE_AHEAD;
        let (title, text, yes) = match question {
            Question::HangUp => ("End the visit?", "The call ends for both of you.", "End the visit"),
            Question::Different => (
                "The words are different?",
                "Then somebody may be listening in between. The call ends at once; call them by phone instead.",
                "They are different",
            ),
        };
        let frame = egui::Frame::popup(&ctx.global_style()).inner_margin(Margin::same(22)).corner_radius(12);
        let modal =
            egui::Modal::new(Id::unique("question")).frame(frame).backdrop_color(Color32::from_black_alpha(150));
        let answer = modal.show(ctx, |ui| {
            ui.set_max_width(380.0);
            ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
                node.set_role(accesskit::Role::AlertDialog);
                node.set_label(title);
                node.set_modal();
            });
            ui.heading(title);
            ui.label(text);
            ui.add_space(10.0);
            let mut answer = None;
            ui.horizontal(|ui| {
                let stay = ui.add(Control::plain("Go on", Weight::Plain));
                // The harmless answer has the focus when the question comes up.
                if ui.memory(|memory| memory.focused().is_none()) || young {
                    stay.request_focus();
                }
                if stay.clicked() && !young {
                    answer = Some(false);
                }
                if ui.add(Control::plain(yes, Weight::Danger)).clicked() && !young {
                    answer = Some(true);
                }
            });
            answer
        });
        let retreat = answer.should_close() && !young;
        match (answer.inner, question) {
            (Some(true), Question::HangUp) => self.hang_up(ctx),
            (Some(true), Question::Different) => {
                self.asked = None;
                self.wish(Wish::Compared(false));
            }
            (Some(false), _) => self.asked = None,
            (None, _) if retreat => self.asked = None,
            (None, _) => {}
        }
        if young {
            ctx.request_repaint_after(TYPE_AHEAD);
        }
    }

    /// The system's own way to close a window asks, too; asked twice, it is an answer.
    fn close_request(&mut self, ctx: &Context) {
        if !ctx.input(|input| input.viewport().close_requested()) || self.scene.over.is_some() {
            return;
        }
        if self.asked.is_some_and(|(question, _)| question == Question::HangUp) {
            self.hang_up(ctx);
        } else {
            self.ask(Question::HangUp);
        }
        ctx.send_viewport_cmd(ViewportCommand::CancelClose);
    }

    fn schedule(&mut self, ctx: &Context) {
        if let Some(over) = self.scene.over {
            match FAREWELL.checked_sub(over.elapsed()) {
                Some(left) => ctx.request_repaint_after(left + Duration::from_millis(10)),
                None => ctx.send_viewport_cmd(ViewportCommand::Close),
            }
        } else if self.shared.is_some() {
            // The clock and the level move without pictures, too.
            ctx.request_repaint_after(Duration::from_millis(200));
        }
    }
}

impl eframe::App for View {
    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.receive(&ctx);
        self.close_request(&ctx);
        self.keys(&ctx);
        let ground = palette(&ctx).ground;
        let bar = |y: i8| egui::Frame::new().fill(ground).inner_margin(Margin::symmetric(14, y));
        egui::Panel::bottom("bar")
            .exact_size(58.0)
            .show_separator_line(false)
            .frame(bar(8))
            .show(ui, |ui| self.bar(ui));
        egui::Panel::top("head").exact_size(44.0).show_separator_line(false).frame(bar(6)).show(ui, |ui| self.head(ui));
        if let Some(words) = self.scene.words_to_compare().map(<[String]>::to_vec) {
            egui::Panel::top("words").show_separator_line(false).frame(bar(8)).show(ui, |ui| self.words(ui, &words));
        }
        egui::CentralPanel::default().frame(egui::Frame::NONE).show(ui, |ui| self.stage(ui));
        self.question(&ctx);
        self.schedule(&ctx);
    }

    fn clear_color(&self, _: &egui::Visuals) -> [f32; 4] {
        theme::STAGE.to_normalized_gamma_f32()
    }
}
