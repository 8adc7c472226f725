//! One message on a stream: its length as 4 bytes, big-endian, then CBOR.

use super::{WireError, from_cbor};
use crate::base::cbor;
use serde::{Serialize, de::DeserializeOwned};

/// Bytes before the CBOR.
pub const HEAD_BYTES: usize = 4;

/// The frame for a value.
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    let mut out = cbor::to_vec_behind(&[0; HEAD_BYTES], value);
    let length = u32::try_from(out.len() - HEAD_BYTES).expect("a message we made is far below 4 GiB");
    out[..HEAD_BYTES].copy_from_slice(&length.to_be_bytes());
    out
}

/// Cuts a stream of bytes into messages.
#[derive(Debug)]
pub struct Decoder {
    waiting: Vec<u8>,
    limit: usize,
}

impl Decoder {
    /// A decoder that refuses messages of more than `limit` bytes before it stores them.
    pub fn new(limit: usize) -> Self {
        Self { waiting: Vec::new(), limit }
    }

    /// Takes what arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// The next whole message, or `None` until more arrives. After an error the stream is lost.
    pub fn take<T: DeserializeOwned>(&mut self) -> Result<Option<T>, WireError> {
        let Some((head, rest)) = self.waiting.split_first_chunk::<HEAD_BYTES>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*head) as usize;
        if length > self.limit {
            return Err(WireError::TooLong { limit: self.limit });
        }
        let Some(body) = rest.get(..length) else {
            return Ok(None);
        };
        let value = from_cbor(body)?;
        self.waiting.drain(..HEAD_BYTES + length);
        Ok(Some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn length_beyond_the_limit_is_refused_before_it_is_stored() {
        let mut decoder = Decoder::new(100);
        decoder.push(&101u32.to_be_bytes());
        assert_eq!(decoder.take::<String>(), Err(WireError::TooLong { limit: 100 }));
    }

    proptest! {
        #[test]
        fn messages_survive_any_cutting(messages in proptest::collection::vec(".{0,40}", 0..8), cut in 1usize..9) {
            let stream: Vec<u8> = messages.iter().flat_map(encode).collect();
            let mut decoder = Decoder::new(1000);
            let mut got = Vec::new();
            for piece in stream.chunks(cut) {
                decoder.push(piece);
                while let Some(text) = decoder.take::<String>().expect("our own frames are right") {
                    got.push(text);
                }
            }
            prop_assert_eq!(got, messages);
        }

        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut decoder = Decoder::new(64);
            decoder.push(&bytes);
            while let Ok(Some(_)) = decoder.take::<super::super::content::Content>() {}
        }
    }
}
