//! MLLP (HL7 Minimal Lower Layer Protocol, release 1): how HL7 v2 messages stand in a stream of bytes, each between 0x0B
//! and 0x1C 0x0D.
//!
//! Refuses to be: a reader of messages. What is between blocks is dropped unread.

use super::WireError;

const BEGIN: u8 = 0x0b;
const END: [u8; 2] = [0x1c, 0x0d];

/// The frame for a message.
pub fn encode(message: &[u8]) -> Vec<u8> {
    [&[BEGIN], message, &END].concat()
}

/// Cuts a stream of bytes into messages.
pub struct Decoder {
    /// The message that has begun.
    begun: Option<Vec<u8>>,
    /// What arrived last, and how much of it was looked at.
    waiting: Vec<u8>,
    seen: usize,
    limit: usize,
}

impl Decoder {
    /// A decoder that refuses messages of more than `limit` bytes. It holds that many, and what was pushed last.
    pub fn new(limit: usize) -> Self {
        Self { begun: None, waiting: Vec::new(), seen: 0, limit }
    }

    /// Takes what arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        self.waiting.drain(..self.seen);
        self.seen = 0;
        self.waiting.extend_from_slice(bytes);
    }

    /// The next whole message, or `None` until more arrives. After an error the stream is lost.
    pub fn take(&mut self) -> Result<Option<Vec<u8>>, WireError> {
        let mut found = None;
        for byte in self.waiting.iter().skip(self.seen) {
            self.seen += 1;
            match (&mut self.begun, *byte) {
                // One that begins inside of another: the sender gave that up, and half a message is none.
                (begun, BEGIN) => *begun = Some(Vec::new()),
                (None, _) => {}
                (Some(message), byte) => {
                    message.push(byte);
                    if message.ends_with(&END) {
                        message.truncate(message.len() - END.len());
                        found = self.begun.take();
                        break;
                    }
                    if message.len() > self.limit + END.len() {
                        return Err(WireError::TooLong { limit: self.limit });
                    }
                }
            }
        }
        match found {
            Some(message) if message.len() > self.limit => {
                self.begun = Some(message);
                Err(WireError::TooLong { limit: self.limit })
            }
            found => Ok(found),
        }
    }

    /// The beginning of a message that is not whole: whom to answer when it never will be.
    pub fn begun(&self) -> Option<&[u8]> {
        self.begun.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(decoder: &mut Decoder) -> Result<Vec<Vec<u8>>, WireError> {
        std::iter::from_fn(|| decoder.take().transpose()).collect()
    }

    #[test]
    fn message_beyond_the_limit_is_refused_while_it_still_comes() {
        let mut decoder = Decoder::new(100);
        decoder.push(&encode(&[b'a'; 100]));
        assert_eq!(all(&mut decoder), Ok(vec![vec![b'a'; 100]]));
        decoder.push(&encode(&[b'a'; 101]));
        assert_eq!(decoder.take(), Err(WireError::TooLong { limit: 100 }));
        let mut decoder = Decoder::new(100);
        decoder.push(b"\x0bMSH|");
        decoder.push(&[b'a'; 100]);
        assert_eq!(decoder.take(), Err(WireError::TooLong { limit: 100 }));
        assert!(decoder.begun().is_some_and(|begun| begun.starts_with(b"MSH|")));
    }

    #[test]
    fn what_is_not_in_a_block_is_dropped_and_so_is_half_a_message() {
        let mut decoder = Decoder::new(100);
        decoder.push(b"noise\x1c\r\x0bhalf\x1c\x0bone\x1c\r\r\n\x0b\x1c\rmore noise\x0btw");
        assert_eq!(all(&mut decoder), Ok(vec![b"one".to_vec(), Vec::new()]));
        decoder.push(b"o\x1c");
        assert_eq!(decoder.take(), Ok(None));
        decoder.push(b"\r");
        assert_eq!(decoder.take(), Ok(Some(b"two".to_vec())));
        assert_eq!(decoder.begun(), None);
    }

    #[test]
    fn noise_is_not_kept() {
        let mut decoder = Decoder::new(100);
        for _ in 0..1000 {
            decoder.push(&[b'x'; 1000]);
            assert_eq!(decoder.take(), Ok(None));
        }
        assert!(decoder.waiting.capacity() < 10_000);
    }

    proptest! {
        #[test]
        fn messages_survive_any_cutting(
            messages in proptest::collection::vec("[^\u{b}\u{1c}]{0,40}", 0..8),
            noise in "[^\u{b}\u{1c}]{0,9}",
            cut in 1usize..9,
        ) {
            let stream: Vec<u8> =
                messages.iter().flat_map(|text| [encode(text.as_bytes()), noise.clone().into_bytes()]).flatten().collect();
            let mut decoder = Decoder::new(1000);
            let mut got = Vec::new();
            for piece in stream.chunks(cut) {
                decoder.push(piece);
                got.extend(all(&mut decoder).expect("our own frames are right"));
            }
            prop_assert_eq!(got, messages.into_iter().map(String::into_bytes).collect::<Vec<_>>());
        }

        #[test]
        fn garbage_never_panics_and_is_bounded(bytes in proptest::collection::vec(
            prop_oneof![Just(0x0b), Just(0x1c), Just(0x0d), any::<u8>()], 0..400,
        )) {
            let mut decoder = Decoder::new(64);
            decoder.push(&bytes);
            while let Ok(Some(message)) = decoder.take() {
                prop_assert!(message.len() <= 64);
            }
            prop_assert!(decoder.begun().is_none_or(|begun| begun.len() <= 67));
        }
    }
}
