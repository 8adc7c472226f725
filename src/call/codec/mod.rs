//! Codecs: pictures and sound to bytes and back, through libvpx and libopus.
//!
//! Everything that arrives is hostile: sizes are read and refused before a decoder takes memory, and
//! a decoder that errs is reset, never trusted to go on. Nothing here knows of networks or clocks.

pub mod opus;
pub mod vpx;

/// Why a codec refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The codec library failed to start or to take its settings.
    #[error("the {0} codec cannot be used")]
    Unusable(&'static str),
    /// The data is damaged, or is not what it claims to be.
    #[error("the data is damaged")]
    Damaged,
    /// The picture is larger than this program accepts, or not of the size agreed on.
    #[error("a picture of {width}×{height} is not accepted")]
    Size {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
}
