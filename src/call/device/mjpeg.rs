//! Motion JPEG as webcams send it: one JPEG (ITU-T T.81) a frame, in a buffer that is longer than it.

use super::super::picture::{MAX_HEIGHT, MAX_WIDTH, Picture};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Cuts a frame out of its buffer: from the start of image to the end of image, markers included.
/// `None` when there is no whole image: a torn frame is dropped, not shown.
pub(super) fn cut(buffer: &[u8]) -> Option<&[u8]> {
    if !buffer.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    // Segments carry their length; a thumbnail inside one must not end the image.
    let mut at = 2;
    loop {
        let [0xff, marker] = *buffer.get(at..at + 2)? else { return None };
        let length = usize::from(u16::from_be_bytes(buffer.get(at + 2..at + 4)?.try_into().ok()?));
        at += 2 + length.max(2);
        if marker == 0xda {
            break;
        }
    }
    // In the scan a 0xff of the data is followed by 0, and an end of image is an end of image.
    let end = buffer.get(at..)?.windows(2).position(|pair| pair == [0xff, 0xd9])?;
    buffer.get(..at + end + 2)
}

/// The picture of one frame, whatever stands in the buffer behind it. `None` when it is damaged or too large.
pub(super) fn decode(buffer: &[u8]) -> Option<Picture> {
    let options = DecoderOptions::new_fast()
        .set_max_width(MAX_WIDTH as usize)
        .set_max_height(MAX_HEIGHT as usize)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(cut(buffer)?), options);
    let rgb = decoder.decode().ok()?;
    let info = decoder.info()?;
    Picture::from_rgb(info.width.into(), info.height.into(), &rgb).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grey 8×8 JPEG without Huffman tables' bytes of interest: only its frame matters here.
    fn image(thumbnail: &[u8], scan: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1];
        bytes.extend(u16::try_from(thumbnail.len() + 2).unwrap().to_be_bytes());
        bytes.extend(thumbnail);
        bytes.extend([0xff, 0xda, 0, 3, 0]);
        bytes.extend(scan);
        bytes.extend([0xff, 0xd9]);
        bytes
    }

    #[test]
    fn a_frame_ends_at_its_own_end_and_not_at_its_thumbnails() {
        let frame = image(&[0xff, 0xd8, 0xff, 0xd9], &[1, 2, 0xff, 0, 0xd9, 3]);
        let mut buffer = frame.clone();
        buffer.extend([7; 100]);
        buffer.extend([0xff, 0xd9]);
        assert_eq!(cut(&buffer), Some(&frame[..]));
    }

    #[test]
    fn torn_frames_and_garbage_are_dropped() {
        let frame = image(&[], &[1, 2, 3]);
        for end in 0..frame.len() {
            assert_eq!(cut(&frame[..end]), None, "cut at {end}");
        }
        assert!(decode(&frame).is_none());
        assert!(decode(&[0xff; 64]).is_none());
        assert!(decode(&[]).is_none());
    }
}
