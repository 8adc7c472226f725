//! VP8 (RFC 6386) through libvpx, tuned for a call: one thread, realtime, constant bitrate.
//!
//! One thread, because libvpx's second one spins on busy cores. Key frames only on demand: they are
//! ten times the size of the others and the far end asks (PLI) when it needs one.

use std::mem::MaybeUninit;
use std::os::raw::{c_int, c_ulong};
use std::ptr;
use std::time::Duration;

use bytes::Bytes;
use vpx_sys::*;

use super::CodecError;
use crate::call::picture::{MAX_HEIGHT, MAX_WIDTH, Picture, Planes};

/// Presentation times are counted in this clock, that of RTP video (RFC 7741).
const CLOCK_HZ: u32 = 90_000;
/// A compressed frame above this is not decoded.
const FRAME_MAX_BYTES: usize = 4 << 20;

/// One compressed picture.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The VP8 frame.
    pub data: Bytes,
    /// Whether it can be decoded without those before it.
    pub key: bool,
}

/// A VP8 encoder for pictures of one size.
pub struct Encoder {
    context: vpx_codec_ctx_t,
    config: vpx_codec_enc_cfg_t,
    image: vpx_image_t,
    last: Option<i64>,
}

#[expect(unsafe_code, reason = "libvpx is a C library")]
// SAFETY: libvpx contexts have no thread affinity; `&mut self` keeps two threads from entering one.
unsafe impl Send for Encoder {}

impl Encoder {
    /// An encoder for `width` × `height` at about `kbps` kilobits per second.
    ///
    /// # Errors
    /// [`CodecError::Size`] for sides a [`Picture`] cannot have, [`CodecError::Unusable`] when
    /// libvpx refuses.
    pub fn new(width: u32, height: u32, kbps: u32) -> Result<Self, CodecError> {
        if width == 0 || height == 0 || width > MAX_WIDTH || height > MAX_HEIGHT {
            return Err(CodecError::Size { width, height });
        }
        let mut config = default_config()?;
        config.g_w = width;
        config.g_h = height;
        config.g_timebase.num = 1;
        config.g_timebase.den = CLOCK_HZ as c_int;
        config.g_threads = 1;
        config.g_lag_in_frames = 0;
        config.g_error_resilient = 0;
        config.rc_end_usage = vpx_rc_mode::VPX_CBR;
        config.rc_target_bitrate = kbps.max(1);
        config.rc_min_quantizer = 2;
        config.rc_max_quantizer = 56;
        config.rc_undershoot_pct = 95;
        config.rc_overshoot_pct = 15;
        config.rc_buf_sz = 1000;
        config.rc_buf_initial_sz = 500;
        config.rc_buf_optimal_sz = 600;
        config.rc_dropframe_thresh = 0;
        config.kf_mode = vpx_kf_mode::VPX_KF_AUTO;
        config.kf_max_dist = 3000;
        start(width, height, config)
    }

    /// Changes the bitrate from the next picture on.
    ///
    /// # Errors
    /// [`CodecError::Unusable`] when libvpx refuses.
    #[expect(unsafe_code, reason = "libvpx is a C library")]
    pub fn set_bitrate(&mut self, kbps: u32) -> Result<(), CodecError> {
        self.config.rc_target_bitrate = kbps.max(1);
        // SAFETY: the context was initialised in `start`; libvpx copies the configuration.
        check(unsafe { vpx_codec_enc_config_set(&mut self.context, &self.config) })
    }

    /// Compresses a picture taken at `at` (since the call's start; must grow). `key` forces a frame
    /// that can be decoded alone.
    ///
    /// # Errors
    /// [`CodecError::Size`] when the picture is not of this encoder's size.
    #[expect(unsafe_code, reason = "libvpx is a C library")]
    pub fn encode(&mut self, picture: &Picture, at: Duration, key: bool) -> Result<Option<Frame>, CodecError> {
        let (width, height) = (picture.width(), picture.height());
        if (width, height) != (self.image.d_w, self.image.d_h) {
            return Err(CodecError::Size { width, height });
        }
        let mut pts = (at.as_micros() * u128::from(CLOCK_HZ) / 1_000_000) as i64;
        let last = self.last.replace(pts).unwrap_or(pts - 3000);
        if pts <= last {
            pts = last + 1;
            self.last = Some(pts);
        }
        // The rate control sees how long the frame stands; a pause is no licence to burst.
        let duration = (pts - last).clamp(1, 9000) as c_ulong;
        let planes = picture.planes();
        let from = [planes.y, planes.u, planes.v];
        for (plane, (data, stride)) in from.into_iter().zip(planes.strides).enumerate() {
            self.image.planes[plane] = data.as_ptr().cast_mut();
            self.image.stride[plane] = stride as c_int;
        }
        let flags = if key { i64::from(VPX_EFLAG_FORCE_KF) } else { 0 };
        // SAFETY: the image's planes point into `picture`, which outlives this call, with the
        // strides and sides checked above; the encoder only reads them and keeps no pointer.
        check(unsafe {
            vpx_codec_encode(&mut self.context, &self.image, pts, duration, flags, VPX_DL_REALTIME as c_ulong)
        })?;
        self.image.planes = [ptr::null_mut(); 4];
        Ok(self.take())
    }

    #[expect(unsafe_code, reason = "libvpx is a C library")]
    fn take(&mut self) -> Option<Frame> {
        let mut position = ptr::null();
        let mut frame = None;
        loop {
            // SAFETY: the context is initialised; the packet stays valid until the next encode.
            let packet = unsafe { vpx_codec_get_cx_data(&mut self.context, &mut position).as_ref() };
            let Some(packet) = packet else { return frame };
            if packet.kind != vpx_codec_cx_pkt_kind::VPX_CODEC_CX_FRAME_PKT {
                continue;
            }
            // SAFETY: the kind says which member of the union is set; buffer and size are libvpx's.
            let (data, flags) = unsafe {
                let data = packet.data.frame;
                (std::slice::from_raw_parts(data.buf as *const u8, data.sz as usize), data.flags)
            };
            frame = Some(Frame { data: Bytes::copy_from_slice(data), key: flags & VPX_FRAME_IS_KEY != 0 });
        }
    }
}

impl Drop for Encoder {
    #[expect(unsafe_code, reason = "libvpx is a C library")]
    fn drop(&mut self) {
        // SAFETY: the context was initialised and is not used again. The image owns no memory.
        unsafe { vpx_codec_destroy(&mut self.context) };
    }
}

#[expect(unsafe_code, reason = "libvpx is a C library")]
fn default_config() -> Result<vpx_codec_enc_cfg_t, CodecError> {
    let mut config = MaybeUninit::<vpx_codec_enc_cfg_t>::zeroed();
    // SAFETY: the interface is a static of libvpx; on success the structure is filled whole, and it
    // is plain data for which all zeros are valid besides.
    unsafe {
        check(vpx_codec_enc_config_default(vpx_codec_vp8_cx(), config.as_mut_ptr(), 0))?;
        Ok(config.assume_init())
    }
}

#[expect(unsafe_code, reason = "libvpx is a C library")]
fn start(width: u32, height: u32, config: vpx_codec_enc_cfg_t) -> Result<Encoder, CodecError> {
    let mut context = MaybeUninit::<vpx_codec_ctx_t>::zeroed();
    let version = VPX_ENCODER_ABI_VERSION as c_int;
    // SAFETY: a zeroed context is what init asks for; libvpx copies the configuration.
    let mut context = unsafe {
        let interface = vpx_codec_vp8_cx();
        check(vpx_codec_enc_init_ver(context.as_mut_ptr(), interface, &config, 0, version))?;
        context.assume_init()
    };
    use vp8e_enc_control_id::{
        VP8E_SET_CPUUSED, VP8E_SET_MAX_INTRA_BITRATE_PCT, VP8E_SET_NOISE_SENSITIVITY, VP8E_SET_STATIC_THRESHOLD,
        VP8E_SET_TOKEN_PARTITIONS,
    };
    for (control, value) in [
        (VP8E_SET_CPUUSED, -8),
        (VP8E_SET_NOISE_SENSITIVITY, 0),
        (VP8E_SET_STATIC_THRESHOLD, 1),
        (VP8E_SET_MAX_INTRA_BITRATE_PCT, 450),
        (VP8E_SET_TOKEN_PARTITIONS, 1),
    ] {
        // SAFETY: each of these controls takes one int.
        let set = unsafe { vpx_codec_control_(&mut context, control as c_int, value as c_int) };
        if let Err(error) = check(set) {
            // SAFETY: initialised above and dropped here.
            unsafe { vpx_codec_destroy(&mut context) };
            return Err(error);
        }
    }
    let mut image = MaybeUninit::<vpx_image_t>::zeroed();
    // SAFETY: wrapping fills in format and sides; the plane pointers are set before each encode.
    // The dummy pointer is never read.
    let image = unsafe {
        let format = vpx_img_fmt::VPX_IMG_FMT_I420;
        let data = ptr::NonNull::<u8>::dangling().as_ptr();
        vpx_img_wrap(image.as_mut_ptr(), format, width, height, 1, data);
        image.assume_init()
    };
    Ok(Encoder { context, config, image, last: None })
}

/// A VP8 decoder.
pub struct Decoder {
    context: vpx_codec_ctx_t,
    /// Whether a key frame has been decoded: nothing else can be before.
    started: bool,
}

#[expect(unsafe_code, reason = "libvpx is a C library")]
// SAFETY: as for the encoder.
unsafe impl Send for Decoder {}

impl Decoder {
    /// A decoder with one thread.
    ///
    /// # Errors
    /// [`CodecError::Unusable`] when libvpx refuses.
    #[expect(unsafe_code, reason = "libvpx is a C library")]
    pub fn new() -> Result<Self, CodecError> {
        let config = vpx_codec_dec_cfg_t { threads: 1, w: 0, h: 0 };
        let mut context = MaybeUninit::<vpx_codec_ctx_t>::zeroed();
        let version = VPX_DECODER_ABI_VERSION as c_int;
        // SAFETY: a zeroed context is what init asks for; libvpx copies the configuration.
        let context = unsafe {
            let interface = vpx_codec_vp8_dx();
            check(vpx_codec_dec_init_ver(context.as_mut_ptr(), interface, &config, 0, version))?;
            context.assume_init()
        };
        Ok(Self { context, started: false })
    }

    /// Decodes one frame. `None` for a frame that is not to be shown.
    ///
    /// # Errors
    /// [`CodecError::Size`] when a key frame announces sides above the limits (nothing was
    /// allocated), [`CodecError::Damaged`] for what is no VP8; ask the sender for a key frame.
    #[expect(unsafe_code, reason = "libvpx is a C library")]
    pub fn decode(&mut self, data: &[u8]) -> Result<Option<Picture>, CodecError> {
        if data.len() > FRAME_MAX_BYTES {
            return Err(CodecError::Damaged);
        }
        match header(data)? {
            Header::Key { width, height } => {
                if width == 0 || height == 0 || width > MAX_WIDTH || height > MAX_HEIGHT {
                    return Err(CodecError::Size { width, height });
                }
                self.started = true;
            }
            Header::Delta if !self.started => return Err(CodecError::Damaged),
            Header::Delta => {}
        }
        // SAFETY: the slice is valid for its length, and the decoder keeps no pointer into it.
        let decoded = unsafe {
            let length = data.len() as u32;
            vpx_codec_decode(&mut self.context, data.as_ptr(), length, ptr::null_mut(), 0)
        };
        if decoded != vpx_codec_err_t::VPX_CODEC_OK {
            self.started = false;
            return Err(CodecError::Damaged);
        }
        let mut position = ptr::null();
        let mut picture = None;
        loop {
            // SAFETY: the context is initialised; the image stays valid until the next decode.
            let image = unsafe { vpx_codec_get_frame(&mut self.context, &mut position).as_ref() };
            let Some(image) = image else { return Ok(picture) };
            picture = Some(copy(image)?);
        }
    }
}

impl Drop for Decoder {
    #[expect(unsafe_code, reason = "libvpx is a C library")]
    fn drop(&mut self) {
        // SAFETY: the context was initialised and is not used again.
        unsafe { vpx_codec_destroy(&mut self.context) };
    }
}

#[expect(unsafe_code, reason = "libvpx is a C library")]
fn copy(image: &vpx_image_t) -> Result<Picture, CodecError> {
    let (width, height) = (image.d_w, image.d_h);
    let size = CodecError::Size { width, height };
    if image.fmt != vpx_img_fmt::VPX_IMG_FMT_I420 || width > MAX_WIDTH || height > MAX_HEIGHT {
        return Err(size);
    }
    let plane = |index: usize, row: u32, rows: u32| -> Result<(&[u8], usize), CodecError> {
        let stride = usize::try_from(image.stride[index]).map_err(|_| size)?;
        if rows == 0 || stride < row as usize || image.planes[index].is_null() {
            return Err(size);
        }
        let length = stride * (rows as usize - 1) + row as usize;
        // SAFETY: libvpx guarantees `rows` rows of `stride` bytes behind the plane's pointer.
        let data = unsafe { std::slice::from_raw_parts(image.planes[index], length) };
        Ok((data, stride))
    };
    let (half, half_rows) = (width.div_ceil(2), height.div_ceil(2));
    let (y, y_stride) = plane(0, width, height)?;
    let (u, u_stride) = plane(1, half, half_rows)?;
    let (v, v_stride) = plane(2, half, half_rows)?;
    let strides = [y_stride, u_stride, v_stride];
    Picture::from_planes(width, height, Planes { y, u, v, strides }).map_err(|_| size)
}

enum Header {
    Key { width: u32, height: u32 },
    Delta,
}

/// Whether a VP8 frame is a key frame. `false` for what is no VP8.
pub fn is_key(data: &[u8]) -> bool {
    matches!(header(data), Ok(Header::Key { .. }))
}

/// The uncompressed part of a frame's header (RFC 6386 §9.1).
fn header(data: &[u8]) -> Result<Header, CodecError> {
    let tag = *data.first().ok_or(CodecError::Damaged)?;
    if tag & 1 != 0 {
        return Ok(Header::Delta);
    }
    match data.get(3..10) {
        Some(&[0x9d, 0x01, 0x2a, w0, w1, h0, h1]) => Ok(Header::Key {
            width: u32::from(u16::from_le_bytes([w0, w1]) & 0x3fff),
            height: u32::from(u16::from_le_bytes([h0, h1]) & 0x3fff),
        }),
        _ => Err(CodecError::Damaged),
    }
}

fn check(result: vpx_codec_err_t) -> Result<(), CodecError> {
    if result == vpx_codec_err_t::VPX_CODEC_OK { Ok(()) } else { Err(CodecError::Unusable("VP8")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::device::card::{TestCard, bars_match, read_counter};
    use proptest::prelude::*;

    fn at(frame: u32) -> Duration {
        Duration::from_millis(u64::from(frame) * 33)
    }

    #[test]
    fn a_card_survives_encoding_with_its_colours_and_counter() {
        let card = TestCard::new(640, 480, 30);
        let mut encoder = Encoder::new(640, 480, 700).unwrap();
        let mut decoder = Decoder::new().unwrap();
        for n in 0..20 {
            let frame = encoder.encode(&card.paint(n), at(n), false).unwrap().unwrap();
            assert_eq!(frame.key, n == 0, "only the first frame is a key frame");
            let picture = decoder.decode(&frame.data).unwrap().unwrap();
            assert_eq!(read_counter(&picture), Some(n));
            assert!(bars_match(&picture, 25));
        }
    }

    #[test]
    fn a_key_frame_comes_on_demand() {
        let card = TestCard::new(320, 240, 30);
        let mut encoder = Encoder::new(320, 240, 300).unwrap();
        encoder.encode(&card.paint(0), at(0), false).unwrap();
        let frame = encoder.encode(&card.paint(1), at(1), true).unwrap().unwrap();
        assert!(frame.key && is_key(&frame.data));
        let picture = Decoder::new().unwrap().decode(&frame.data).unwrap().unwrap();
        assert_eq!(read_counter(&picture), Some(1));
    }

    #[test]
    fn a_lower_bitrate_makes_smaller_frames() {
        let card = TestCard::new(640, 480, 30);
        let mut encoder = Encoder::new(640, 480, 1500).unwrap();
        let bytes = |range: std::ops::Range<u32>, encoder: &mut Encoder| -> usize {
            let frames = range.map(|n| encoder.encode(&card.paint(n), at(n), false));
            frames.map(|f| f.unwrap().unwrap().data.len()).sum()
        };
        bytes(0..30, &mut encoder);
        let rich = bytes(30..60, &mut encoder);
        encoder.set_bitrate(60).unwrap();
        bytes(60..90, &mut encoder);
        let poor = bytes(90..120, &mut encoder);
        assert!(poor * 2 < rich, "{poor} bytes at 60 kb/s against {rich}");
    }

    #[test]
    fn an_oversized_key_frame_is_refused_before_it_is_decoded() {
        let mut data = vec![0x10, 0, 0, 0x9d, 0x01, 0x2a, 0xff, 0x3f, 0xff, 0x3f];
        data.resize(4000, 0);
        let refused = Decoder::new().unwrap().decode(&data).unwrap_err();
        assert_eq!(refused, CodecError::Size { width: 16_383, height: 16_383 });
    }

    #[test]
    fn a_stream_cannot_start_with_a_delta_frame() {
        let refused = Decoder::new().unwrap().decode(&[0x31, 1, 2, 3]).unwrap_err();
        assert_eq!(refused, CodecError::Damaged);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn damaged_frames_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), flip in 0usize..4000) {
            let card = TestCard::new(64, 48, 30);
            let mut encoder = Encoder::new(64, 48, 100).unwrap();
            let mut decoder = Decoder::new().unwrap();
            let _ = decoder.decode(&bytes);
            let mut frame = encoder.encode(&card.paint(7), at(1), true).unwrap().unwrap().data.to_vec();
            let place = flip % frame.len();
            frame[place] ^= 1 << (flip % 8);
            let _ = decoder.decode(&frame);
            frame.truncate(place);
            let _ = decoder.decode(&frame);
        }
    }
}
