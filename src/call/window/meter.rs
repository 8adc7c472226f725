//! Two meters: how good the line is, and how loud we are. Each has its word beside the bars.

use super::scene::{Grade, Scene};
use super::theme::palette;
use eframe::egui::{self, CornerRadius, Pos2, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, accesskit};

/// Four bars and a word; the numbers come on hover and to a screen reader as the description.
pub(super) fn line(ui: &mut Ui, scene: &Scene, wide: bool) -> Response {
    let colours = palette(ui.ctx());
    let grade = scene.grade();
    let (word, bars, colour) = match grade {
        None => ("measuring", 0, colours.soft),
        Some(grade) => {
            let colour = match grade {
                Grade::Good => colours.good,
                Grade::Weak => colours.weak,
                Grade::Bad | Grade::Gone => colours.bad,
            };
            (grade.word(), grade.bars(), colour)
        }
    };
    let text = if wide { format!("line {word}") } else { word.to_owned() };
    let galley = ui.painter().layout_no_wrap(text, egui::FontId::proportional(14.0), colours.text);
    // Focusable, so that the numbers can be read without a mouse.
    let size = Vec2::new(30.0 + galley.size().x, 22.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::focusable_noninteractive() | Sense::hover());
    for bar in 0..4 {
        let height = 5.0 + bar as f32 * 3.5;
        let foot = Pos2::new(rect.left() + bar as f32 * 5.5, rect.center().y + 8.0);
        let shape = Rect::from_min_max(foot - Vec2::new(0.0, height), foot + Vec2::new(3.5, 0.0));
        let fill = if bar < bars { colour } else { colours.raised };
        ui.painter().rect_filled(shape, CornerRadius::same(1), fill);
    }
    let height = galley.size().y;
    ui.painter().galley(Pos2::new(rect.left() + 28.0, rect.center().y - height / 2.0), galley, colours.text);
    super::control::ring(ui, &response, rect);
    let name = format!("Line {word}");
    response.widget_info(|| WidgetInfo::labeled(Role::Meter, true, &name));
    let figures = scene.figures();
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_description(figures.as_str());
        node.set_live(accesskit::Live::Polite);
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(4.0);
        node.set_numeric_value(bars as f64);
    });
    if response.has_focus() {
        response.show_tooltip_text(figures);
        return response;
    }
    response.on_hover_text(figures)
}

/// Our own microphone: a bar that moves when we speak.
pub(super) fn level(ui: &mut Ui, scene: &Scene, width: f32) {
    let colours = palette(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, 38.0), Sense::hover());
    let word = match (scene.view.microphone, scene.level) {
        (false, _) => "they do not hear you",
        (true, 0..4) => "quiet",
        (true, _) => "they hear you",
    };
    let cells = (width / 8.0).max(1.0) as usize;
    let lit = if scene.view.microphone { (usize::from(scene.level) * cells).div_ceil(100) } else { 0 };
    for cell in 0..cells {
        let left = rect.left() + cell as f32 * 8.0;
        let shape = Rect::from_min_size(Pos2::new(left, rect.center().y - 11.0), Vec2::new(5.0, 12.0));
        let fill = match cell {
            cell if cell >= lit => colours.raised,
            cell if cell * 10 >= cells * 9 => colours.weak,
            _ => colours.good,
        };
        ui.painter().rect_filled(shape, CornerRadius::same(2), fill);
    }
    let small = egui::FontId::proportional(11.5);
    let foot = Pos2::new(rect.left(), rect.bottom());
    ui.painter().text(foot, egui::Align2::LEFT_BOTTOM, word, small, colours.soft);
    response.widget_info(|| WidgetInfo::labeled(Role::Meter, true, format!("Your microphone: {word}")));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(100.0);
        node.set_numeric_value(f64::from(scene.level));
    });
    response.on_hover_text("Your microphone's level");
}
