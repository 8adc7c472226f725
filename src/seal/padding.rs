//! Lengths tell: "yes" and a page of worries differ by sight. Every plaintext is
//! padded to one of a few classes before it is encrypted.
//!
//! Form: the length of the plaintext as four bytes, big-endian, the plaintext,
//! zeros up to the class. Classes: 256 bytes, 1 KiB, 4 KiB, 16 KiB, 64 KiB, 128 KiB,
//! 192 KiB. (RFC 9420, section 15.1, leaves the choice of padding to the
//! application.) An envelope pads once more around it, so that handshake messages,
//! which are not padded here, do not stand out.

use zeroize::Zeroizing;

use super::SealError;

const LENGTH_BYTES: usize = 4;
const CLASSES: [usize; 5] = [256, 1024, 4096, 16 * 1024, STEP];
const STEP: usize = 64 * 1024;

/// The largest plaintext one message can carry, in bytes.
pub const MAX_PLAINTEXT_BYTES: usize = 3 * STEP - LENGTH_BYTES;

/// How many bytes a plaintext of `plaintext_bytes` takes after padding; `None`
/// if it is longer than [`MAX_PLAINTEXT_BYTES`].
#[must_use]
pub fn padded_len(plaintext_bytes: usize) -> Option<usize> {
    if plaintext_bytes > MAX_PLAINTEXT_BYTES {
        return None;
    }
    let framed = plaintext_bytes + LENGTH_BYTES;
    let class = CLASSES.into_iter().find(|class| framed <= *class);
    Some(class.unwrap_or_else(|| framed.next_multiple_of(STEP)))
}

/// Pads to the class, or [`SealError::TooLarge`].
pub(super) fn pad(plaintext: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let class = padded_len(plaintext.len()).ok_or(SealError::TooLarge)?;
    let length = u32::try_from(plaintext.len()).map_err(|_| SealError::TooLarge)?;
    let mut padded = Zeroizing::new(Vec::with_capacity(class));
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(plaintext);
    padded.resize(class, 0);
    Ok(padded)
}

/// Takes the padding off again. Only what [`pad`] makes is accepted, so that
/// padding carries no second message: the class must fit and the rest be zero.
pub(super) fn unpad(padded: &[u8]) -> Result<&[u8], SealError> {
    let (length, rest) = padded.split_first_chunk::<LENGTH_BYTES>().ok_or(SealError::Malformed)?;
    let length = u32::from_be_bytes(*length) as usize;
    if padded_len(length) != Some(padded.len()) {
        return Err(SealError::Malformed);
    }
    let (plaintext, zeros) = rest.split_at_checked(length).ok_or(SealError::Malformed)?;
    if zeros.iter().any(|byte| *byte != 0) {
        return Err(SealError::Malformed);
    }
    Ok(plaintext)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_lands_in_its_class_and_comes_back() {
        for (length, class) in [
            (0, 256),
            (252, 256),
            (253, 1024),
            (1020, 1024),
            (1021, 4096),
            (4093, 16_384),
            (16_381, 65_536),
            (65_533, 131_072),
            (MAX_PLAINTEXT_BYTES, 192 * 1024),
        ] {
            let plaintext = vec![0xA5; length];
            let padded = pad(&plaintext).unwrap();
            assert_eq!(padded.len(), class);
            assert_eq!(unpad(&padded).unwrap(), plaintext);
        }
        assert_eq!(pad(&vec![0; MAX_PLAINTEXT_BYTES + 1]).err(), Some(SealError::TooLarge));
    }

    #[test]
    fn padding_that_is_not_canonical_is_refused() {
        let mut hidden = pad(b"hello").unwrap();
        hidden[200] = 1;
        assert_eq!(unpad(&hidden), Err(SealError::Malformed));

        let mut longer = pad(b"hello").unwrap();
        longer.push(0);
        assert_eq!(unpad(&longer), Err(SealError::Malformed));

        let mut lying = pad(b"hello").unwrap();
        lying[..4].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(unpad(&lying), Err(SealError::Malformed));
        assert_eq!(unpad(&[0, 0]), Err(SealError::Malformed));
    }
}
