//! A picture as a texture. It is converted and uploaded only when a new one came.

use crate::call::picture::Picture;
use eframe::egui::{self, Color32, ColorImage, Pos2, Rect, TextureHandle, TextureOptions, Ui, Vec2};

/// The place one stream of pictures is painted from.
#[derive(Default)]
pub(super) struct Canvas {
    texture: Option<TextureHandle>,
    rgba: Vec<u8>,
    sides: Vec2,
    number: u64,
}

impl Canvas {
    /// Takes the newest picture and its number, or that there is none. With `room`, in pixels of the
    /// screen, a larger picture is scaled before it is uploaded: without a graphics card every pixel of
    /// a texture costs the processor.
    pub(super) fn put(&mut self, ctx: &egui::Context, name: &str, newest: Option<(Picture, u64)>, room: Option<Vec2>) {
        let Some((picture, number)) = newest else {
            self.texture = None;
            return;
        };
        if self.texture.is_some() && self.number == number {
            return;
        }
        self.number = number;
        self.sides = Vec2::new(picture.width() as f32, picture.height() as f32);
        let picture = match room.map(|room| (room / self.sides).min_elem()) {
            Some(scale) if scale < 0.8 && scale > 0.0 => {
                let sides = self.sides * scale;
                picture.scaled(sides.x as u32, sides.y as u32).unwrap_or(picture)
            }
            _ => picture,
        };
        picture.write_rgba(&mut self.rgba);
        let size = [picture.width() as usize, picture.height() as usize];
        let image = ColorImage::from_rgba_premultiplied(size, &self.rgba);
        match &mut self.texture {
            Some(texture) => texture.set(image, TextureOptions::LINEAR),
            None => self.texture = Some(ctx.load_texture(name, image, TextureOptions::LINEAR)),
        }
    }

    /// Whether a picture has come.
    pub(super) fn is_blank(&self) -> bool {
        self.texture.is_none()
    }

    /// Width by height.
    pub(super) fn aspect(&self) -> f32 {
        if self.sides.y > 0.0 { self.sides.x / self.sides.y } else { 4.0 / 3.0 }
    }

    /// Where the whole picture fits into `frame`.
    pub(super) fn fit(&self, frame: Rect) -> Rect {
        let aspect = self.aspect();
        let size = if frame.width() / frame.height() > aspect {
            Vec2::new(frame.height() * aspect, frame.height())
        } else {
            Vec2::new(frame.width(), frame.width() / aspect)
        };
        Rect::from_center_size(frame.center(), size)
    }

    /// Paints the picture into `rect`; mirrored, as people know themselves.
    pub(super) fn paint(&self, ui: &Ui, rect: Rect, mirrored: bool) {
        let Some(texture) = &self.texture else { return };
        let (left, right) = if mirrored { (1.0, 0.0) } else { (0.0, 1.0) };
        let part = Rect { min: Pos2::new(left, 0.0), max: Pos2::new(right, 1.0) };
        ui.painter().image(texture.id(), rect, part, Color32::WHITE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_keeps_its_shape_in_any_frame() {
        let canvas = Canvas { sides: Vec2::new(640.0, 480.0), ..Canvas::default() };
        let wide = canvas.fit(Rect::from_min_size(Pos2::ZERO, Vec2::new(1000.0, 300.0)));
        assert_eq!(wide.size(), Vec2::new(400.0, 300.0));
        assert_eq!(wide.center(), Pos2::new(500.0, 150.0));
        let tall = canvas.fit(Rect::from_min_size(Pos2::ZERO, Vec2::new(320.0, 900.0)));
        assert_eq!(tall.size(), Vec2::new(320.0, 240.0));
    }
}
