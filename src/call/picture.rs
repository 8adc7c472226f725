//! One picture: I420 (8-bit Y, U, V with half-size chroma), BT.601, limited range.
//!
//! A picture is cheap to clone (its planes are shared) and never changes once it is shared, so the
//! encoder, the self-view and the window can hold the same frame. Sides are even and at most
//! [`MAX_WIDTH`] × [`MAX_HEIGHT`]: what is larger is refused before memory is taken for it.

use std::sync::Arc;

use yuv::{BufferStoreMut, YuvPackedImage, YuvPlanarImage, YuvPlanarImageMut};
use yuv::{YuvConversionMode, YuvRange, YuvStandardMatrix};

/// The widest picture that is captured, encoded or decoded, in pixels.
pub const MAX_WIDTH: u32 = 1920;
/// The highest picture that is captured, encoded or decoded, in pixels.
pub const MAX_HEIGHT: u32 = 1080;

/// Why bytes could not become a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// The sides are zero or above the limits.
    #[error("a picture of {width}×{height} is not accepted")]
    Size {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// There are fewer bytes than the sides ask for.
    #[error("the picture's data is too short")]
    Short,
}

/// Borrowed I420 planes with their strides, as a codec or a camera hands them over.
#[derive(Clone, Copy)]
pub struct Planes<'a> {
    /// Luma rows, `strides[0]` bytes apart.
    pub y: &'a [u8],
    /// Blue-difference rows, `strides[1]` bytes apart.
    pub u: &'a [u8],
    /// Red-difference rows, `strides[2]` bytes apart.
    pub v: &'a [u8],
    /// Bytes from one row to the next: Y, U, V.
    pub strides: [usize; 3],
}

/// An I420 picture. Rows are tight: the luma stride is the width, the chroma stride half of it.
#[derive(Clone)]
pub struct Picture {
    width: u32,
    height: u32,
    /// Y, then U, then V, without gaps.
    data: Arc<Vec<u8>>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}×{})", self.width, self.height)
    }
}

impl Picture {
    /// A black picture. Odd sides are rounded down to even ones.
    ///
    /// # Errors
    /// [`PictureError::Size`] when a side is below two or above the limits.
    pub fn black(width: u32, height: u32) -> Result<Self, PictureError> {
        let size = PictureError::Size { width, height };
        let (width, height) = (width & !1, height & !1);
        if width == 0 || height == 0 || width > MAX_WIDTH || height > MAX_HEIGHT {
            return Err(size);
        }
        let luma = width as usize * height as usize;
        let mut data = vec![128; luma + luma / 2];
        data[..luma].fill(16);
        Ok(Self { width, height, data: Arc::new(data) })
    }

    /// Copies planes with any stride into a picture.
    ///
    /// # Errors
    /// [`PictureError`] when the sides are refused or a plane is shorter than they ask for.
    pub fn from_planes(width: u32, height: u32, planes: Planes<'_>) -> Result<Self, PictureError> {
        let mut picture = Self::black(width, height)?;
        let (w, h) = (picture.width as usize, picture.height as usize);
        let [ys, us, vs] = planes.strides;
        let (y, u, v) = picture.planes_mut();
        copy_rows(y, planes.y, ys, w, h)?;
        copy_rows(u, planes.u, us, w / 2, h / 2)?;
        copy_rows(v, planes.v, vs, w / 2, h / 2)?;
        Ok(picture)
    }

    /// Converts packed YUYV 4:2:2, the raw format of most webcams. `stride` is in bytes.
    ///
    /// # Errors
    /// [`PictureError`] when the sides are refused or the data is too short.
    pub fn from_yuyv(width: u32, height: u32, stride: usize, data: &[u8]) -> Result<Self, PictureError> {
        let mut picture = Self::black(width, height)?;
        let (w, h) = (picture.width, picture.height);
        need(data, stride, w as usize * 2, h as usize)?;
        let packed = YuvPackedImage { yuy: data, yuy_stride: stride as u32, width: w, height: h };
        yuv::yuyv422_to_yuv420(&mut picture.planar_mut(), &packed).map_err(|_| PictureError::Short)?;
        Ok(picture)
    }

    /// Converts NV12 (a Y plane, then interleaved UV). `stride` is in bytes, for both planes.
    ///
    /// # Errors
    /// [`PictureError`] when the sides are refused or the data is too short.
    pub fn from_nv12(width: u32, height: u32, stride: usize, data: &[u8]) -> Result<Self, PictureError> {
        let mut picture = Self::black(width, height)?;
        let (w, h) = (picture.width as usize, picture.height as usize);
        let luma = stride.checked_mul(height as usize).ok_or(PictureError::Short)?;
        let chroma = data.get(luma..).ok_or(PictureError::Short)?;
        need(chroma, stride, w, h / 2)?;
        let (y, u, v) = picture.planes_mut();
        copy_rows(y, data, stride, w, h)?;
        for row in 0..h / 2 {
            let pairs = chroma[row * stride..][..w].chunks_exact(2);
            let into = u[row * w / 2..].iter_mut().zip(&mut v[row * w / 2..]);
            for (pair, (u, v)) in pairs.zip(into) {
                (*u, *v) = (pair[0], pair[1]);
            }
        }
        Ok(picture)
    }

    /// Converts tight RGB (3 bytes a pixel), as a decoded JPEG gives it.
    ///
    /// # Errors
    /// [`PictureError`] when the sides are refused or the data is too short.
    pub fn from_rgb(width: u32, height: u32, data: &[u8]) -> Result<Self, PictureError> {
        let mut picture = Self::black(width, height)?;
        let stride = width as usize * 3;
        need(data, stride, stride, picture.height as usize)?;
        yuv::rgb_to_yuv420(
            &mut picture.planar_mut(),
            data,
            stride as u32,
            YuvRange::Limited,
            YuvStandardMatrix::Bt601,
            YuvConversionMode::Balanced,
        )
        .map_err(|_| PictureError::Short)?;
        Ok(picture)
    }

    /// Width in pixels; even.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels; even.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The planes, tight.
    pub fn planes(&self) -> Planes<'_> {
        let luma = self.width as usize * self.height as usize;
        let (y, chroma) = self.data.split_at(luma);
        let (u, v) = chroma.split_at(luma / 4);
        let half = self.width as usize / 2;
        Planes { y, u, v, strides: [self.width as usize, half, half] }
    }

    /// The planes for painting: Y, U, V. Copies first when the picture is shared.
    pub fn planes_mut(&mut self) -> (&mut [u8], &mut [u8], &mut [u8]) {
        let luma = self.width as usize * self.height as usize;
        let (y, chroma) = Arc::make_mut(&mut self.data).split_at_mut(luma);
        let (u, v) = chroma.split_at_mut(luma / 4);
        (y, u, v)
    }

    /// Writes the picture as RGBA, 4 bytes a pixel, tight, opaque; `out` is resized to fit, so one
    /// buffer serves every frame of a call.
    pub fn write_rgba(&self, out: &mut Vec<u8>) {
        let stride = self.width * 4;
        out.resize(stride as usize * self.height as usize, 255);
        let planes = self.planes();
        let image = YuvPlanarImage {
            y_plane: planes.y,
            y_stride: self.width,
            u_plane: planes.u,
            u_stride: self.width / 2,
            v_plane: planes.v,
            v_stride: self.width / 2,
            width: self.width,
            height: self.height,
        };
        let (range, matrix) = (YuvRange::Limited, YuvStandardMatrix::Bt601);
        yuv::yuv420_to_rgba(&image, out, stride, range, matrix)
            .expect("invariant: planes and buffer have the sizes of the sides");
    }

    /// A copy scaled to `width` × `height` by taking the nearest pixel.
    ///
    /// # Errors
    /// [`PictureError::Size`] when the new sides are refused.
    pub fn scaled(&self, width: u32, height: u32) -> Result<Self, PictureError> {
        let mut picture = Self::black(width, height)?;
        if (picture.width, picture.height) == (self.width, self.height) {
            return Ok(self.clone());
        }
        let from = self.planes();
        let (w, h) = (self.width as usize, self.height as usize);
        let (nw, nh) = (picture.width as usize, picture.height as usize);
        let (y, u, v) = picture.planes_mut();
        scale_plane(from.y, (w, h), y, (nw, nh));
        scale_plane(from.u, (w / 2, h / 2), u, (nw / 2, nh / 2));
        scale_plane(from.v, (w / 2, h / 2), v, (nw / 2, nh / 2));
        Ok(picture)
    }

    /// The colour around a point (`x`, `y` as fractions of the sides) as RGB: the mean of a small
    /// square. What tests and the camera check compare colours by.
    pub fn colour_at(&self, x: f32, y: f32) -> [u8; 3] {
        let planes = self.planes();
        let mean = |plane: &[u8], w: usize, h: usize| {
            let (cx, cy) = ((x * w as f32) as usize, (y * h as f32) as usize);
            let (mut sum, mut count) = (0usize, 0);
            for row in cy.saturating_sub(2)..(cy + 3).min(h) {
                for column in cx.saturating_sub(2)..(cx + 3).min(w) {
                    sum += plane[row * w + column] as usize;
                    count += 1;
                }
            }
            sum as f32 / count.max(1) as f32
        };
        let (w, h) = (self.width as usize, self.height as usize);
        let luma = (mean(planes.y, w, h) - 16.0) * 1.164;
        let u = mean(planes.u, w / 2, h / 2) - 128.0;
        let v = mean(planes.v, w / 2, h / 2) - 128.0;
        let byte = |value: f32| value.clamp(0.0, 255.0) as u8;
        [byte(luma + 1.596 * v), byte(luma - 0.392 * u - 0.813 * v), byte(luma + 2.017 * u)]
    }

    fn planar_mut(&mut self) -> YuvPlanarImageMut<'_, u8> {
        let (width, height) = (self.width, self.height);
        let (y, u, v) = self.planes_mut();
        YuvPlanarImageMut {
            y_plane: BufferStoreMut::Borrowed(y),
            y_stride: width,
            u_plane: BufferStoreMut::Borrowed(u),
            u_stride: width / 2,
            v_plane: BufferStoreMut::Borrowed(v),
            v_stride: width / 2,
            width,
            height,
        }
    }
}

/// Refuses data that holds fewer than `rows` rows of `row` bytes, `stride` apart.
fn need(data: &[u8], stride: usize, row: usize, rows: usize) -> Result<(), PictureError> {
    let bytes = stride.checked_mul(rows.saturating_sub(1)).and_then(|b| b.checked_add(row));
    match bytes {
        Some(bytes) if stride >= row && data.len() >= bytes => Ok(()),
        _ => Err(PictureError::Short),
    }
}

fn copy_rows(into: &mut [u8], from: &[u8], stride: usize, row: usize, rows: usize) -> Result<(), PictureError> {
    need(from, stride, row, rows)?;
    for (into, from) in into.chunks_exact_mut(row).zip(from.chunks(stride)) {
        into.copy_from_slice(&from[..row]);
    }
    Ok(())
}

fn scale_plane(from: &[u8], (w, h): (usize, usize), into: &mut [u8], (nw, nh): (usize, usize)) {
    for (y, row) in into.chunks_exact_mut(nw).enumerate() {
        let source = &from[(y * h / nh) * w..][..w];
        for (x, pixel) in row.iter_mut().enumerate() {
            *pixel = source[x * w / nw];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rgb_survives_the_way_through_i420() {
        let rgb = [200u8, 40, 90].repeat(64 * 48);
        let picture = Picture::from_rgb(64, 48, &rgb).unwrap();
        let colour = picture.colour_at(0.5, 0.5);
        for (got, want) in colour.iter().zip([200u8, 40, 90]) {
            assert!(got.abs_diff(want) <= 4, "{colour:?}");
        }
        let mut rgba = Vec::new();
        picture.write_rgba(&mut rgba);
        assert_eq!(rgba.len(), 64 * 48 * 4);
        assert!(rgba[0].abs_diff(200) <= 4 && rgba[3] == 255);
    }

    #[test]
    fn yuyv_and_nv12_keep_luma_and_chroma() {
        let yuyv = [100u8, 90, 110, 200].repeat(8 * 8);
        let picture = Picture::from_yuyv(16, 8, 32, &yuyv).unwrap();
        let planes = picture.planes();
        assert_eq!((planes.y[0], planes.y[1]), (100, 110));
        assert_eq!((planes.u[0], planes.v[0]), (90, 200));
        let mut nv12 = vec![77u8; 16 * 8];
        nv12.extend([60u8, 180].repeat(16 * 8 / 4));
        let picture = Picture::from_nv12(16, 8, 16, &nv12).unwrap();
        let planes = picture.planes();
        assert_eq!((planes.y[5], planes.u[5], planes.v[5]), (77, 60, 180));
    }

    #[test]
    fn short_or_oversized_input_is_refused_before_it_is_read() {
        assert_eq!(Picture::from_rgb(64, 48, &[0; 100]).unwrap_err(), PictureError::Short);
        assert_eq!(Picture::from_yuyv(64, 48, 4, &[0; 9000]).unwrap_err(), PictureError::Short);
        assert!(matches!(Picture::black(20_000, 480), Err(PictureError::Size { .. })));
        assert!(matches!(Picture::black(0, 480), Err(PictureError::Size { .. })));
    }

    #[test]
    fn scaling_keeps_what_is_where() {
        let mut picture = Picture::black(64, 48).unwrap();
        let (y, _, _) = picture.planes_mut();
        for row in y.chunks_exact_mut(64) {
            row[32..].fill(235);
        }
        let small = picture.scaled(32, 24).unwrap();
        let planes = small.planes();
        assert_eq!((planes.y[15], planes.y[16]), (16, 235));
    }
}
