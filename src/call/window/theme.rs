//! Colours by meaning, for dark and light. Whatever a colour says, a word or a shape says too.

use eframe::egui::{self, Color32, Context, CornerRadius, FontId, Stroke, TextStyle, Theme, Visuals};

/// The colours of one theme.
#[derive(Clone, Copy)]
pub(super) struct Palette {
    pub(super) ground: Color32,
    pub(super) raised: Color32,
    pub(super) hover: Color32,
    pub(super) text: Color32,
    pub(super) soft: Color32,
    pub(super) accent: Color32,
    pub(super) good: Color32,
    pub(super) weak: Color32,
    pub(super) bad: Color32,
    pub(super) danger: Color32,
    pub(super) on_danger: Color32,
}

/// Behind the picture, in either theme.
pub(super) const STAGE: Color32 = Color32::from_rgb(12, 14, 16);
/// Words over the picture.
pub(super) const ON_STAGE: Color32 = Color32::from_rgb(232, 236, 239);
/// The ground of words over the picture.
pub(super) const VEIL: Color32 = Color32::from_black_alpha(170);

const DARK: Palette = Palette {
    ground: Color32::from_rgb(24, 29, 33),
    raised: Color32::from_rgb(40, 47, 53),
    hover: Color32::from_rgb(53, 62, 69),
    text: Color32::from_rgb(230, 234, 237),
    soft: Color32::from_rgb(160, 170, 177),
    accent: Color32::from_rgb(104, 196, 182),
    good: Color32::from_rgb(104, 196, 182),
    weak: Color32::from_rgb(232, 184, 92),
    bad: Color32::from_rgb(239, 128, 112),
    danger: Color32::from_rgb(178, 58, 52),
    on_danger: Color32::from_rgb(255, 255, 255),
};

const LIGHT: Palette = Palette {
    ground: Color32::from_rgb(246, 247, 248),
    raised: Color32::from_rgb(229, 233, 235),
    hover: Color32::from_rgb(214, 220, 223),
    text: Color32::from_rgb(28, 34, 38),
    soft: Color32::from_rgb(84, 95, 102),
    accent: Color32::from_rgb(18, 110, 98),
    good: Color32::from_rgb(18, 110, 98),
    weak: Color32::from_rgb(146, 92, 0),
    bad: Color32::from_rgb(172, 44, 32),
    danger: Color32::from_rgb(172, 44, 38),
    on_danger: Color32::from_rgb(255, 255, 255),
};

/// The colours in use.
pub(super) fn palette(ctx: &Context) -> Palette {
    match ctx.theme() {
        Theme::Dark => DARK,
        Theme::Light => LIGHT,
    }
}

/// Dresses both themes; the system says which is worn.
pub(super) fn apply(ctx: &Context) {
    for (theme, palette, mut visuals) in [(Theme::Dark, DARK, Visuals::dark()), (Theme::Light, LIGHT, Visuals::light())]
    {
        visuals.panel_fill = palette.ground;
        visuals.window_fill = palette.ground;
        visuals.window_stroke = Stroke::new(1.0, palette.raised);
        visuals.override_text_color = Some(palette.text);
        visuals.selection.bg_fill = palette.accent.gamma_multiply(0.4);
        visuals.selection.stroke = Stroke::new(2.0, palette.accent);
        let widgets = &mut visuals.widgets;
        for widget in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active, &mut widgets.open] {
            widget.corner_radius = CornerRadius::same(8);
            widget.weak_bg_fill = palette.raised;
            widget.bg_fill = palette.raised;
            widget.bg_stroke = Stroke::NONE;
            widget.fg_stroke = Stroke::new(1.0, palette.text);
            widget.expansion = 0.0;
        }
        widgets.hovered.weak_bg_fill = palette.hover;
        widgets.hovered.bg_stroke = Stroke::new(2.0, palette.accent);
        widgets.active.weak_bg_fill = palette.hover;
        ctx.set_visuals_of(theme, visuals);
    }
    ctx.all_styles_mut(|style| {
        style.spacing.item_spacing = egui::vec2(8.0, 6.0);
        style.spacing.button_padding = egui::vec2(10.0, 6.0);
        style.text_styles.insert(TextStyle::Body, FontId::proportional(15.0));
        style.text_styles.insert(TextStyle::Button, FontId::proportional(15.0));
        style.text_styles.insert(TextStyle::Small, FontId::proportional(12.5));
        style.text_styles.insert(TextStyle::Heading, FontId::proportional(22.0));
        style.interaction.selectable_labels = false;
    });
}
