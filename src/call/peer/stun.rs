//! Asking a STUN server for our address as the internet sees it (RFC 8489): one question, one answer.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

const COOKIE: u32 = 0x2112_a442;
const BINDING_REQUEST: u16 = 0x0001;
const BINDING_SUCCESS: u16 = 0x0101;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;

/// Names one question, so that a forged answer is not believed.
pub(super) type TransactionId = [u8; 12];

/// A binding request.
pub(super) fn request(id: TransactionId) -> [u8; 20] {
    let mut message = [0; 20];
    message[..2].copy_from_slice(&BINDING_REQUEST.to_be_bytes());
    message[4..8].copy_from_slice(&COOKIE.to_be_bytes());
    message[8..].copy_from_slice(&id);
    message
}

/// The transaction of a binding answer, or `None` for any other datagram.
pub(super) fn answers(message: &[u8]) -> Option<TransactionId> {
    let (kind, cookie) = (message.get(..2)?, message.get(4..8)?);
    let ours = kind == BINDING_SUCCESS.to_be_bytes() && cookie == COOKIE.to_be_bytes();
    ours.then(|| message.get(8..20)?.try_into().ok())?
}

/// The address in a binding answer (RFC 8489 §14.2).
pub(super) fn mapped(message: &[u8]) -> Option<SocketAddr> {
    let id = answers(message)?;
    let mut rest = message.get(20..)?;
    while let Some((head, tail)) = rest.split_first_chunk::<4>() {
        let kind = u16::from_be_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let value = tail.get(..length)?;
        if kind == XOR_MAPPED_ADDRESS {
            return decode(value, id);
        }
        rest = tail.get(length.next_multiple_of(4)..)?;
    }
    None
}

fn decode(value: &[u8], id: TransactionId) -> Option<SocketAddr> {
    let port = u16::from_be_bytes(value.get(2..4)?.try_into().ok()?) ^ (COOKIE >> 16) as u16;
    let address: IpAddr = match value.get(1)? {
        1 => {
            let bytes = value.get(4..8)?.try_into().ok()?;
            Ipv4Addr::from(u32::from_be_bytes(bytes) ^ COOKIE).into()
        }
        2 => {
            let bytes: [u8; 16] = value.get(4..20)?.try_into().ok()?;
            let mut key = [0; 16];
            key[..4].copy_from_slice(&COOKIE.to_be_bytes());
            key[4..].copy_from_slice(&id);
            Ipv6Addr::from(u128::from_be_bytes(bytes) ^ u128::from_be_bytes(key)).into()
        }
        _ => return None,
    };
    Some(SocketAddr::new(address, port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The sample response of RFC 5769 §2.2, without its integrity attributes.
    #[test]
    fn the_answer_of_the_standard_is_read() {
        let id = *b"\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae";
        let mut message = vec![0x01, 0x01, 0x00, 0x1c, 0x21, 0x12, 0xa4, 0x42];
        message.extend(id);
        message.extend([0x80, 0x22, 0x00, 0x0b]);
        message.extend(b"test vector ");
        message.extend([0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43]);
        assert_eq!(answers(&message), Some(id));
        assert_eq!(mapped(&message), Some("192.0.2.1:32853".parse().unwrap()));
        assert_eq!(answers(&request(id)), None, "a question is no answer");
    }

    proptest! {
        #[test]
        fn hostile_answers_never_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            mapped(&bytes);
            for (i, byte) in [1, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42].into_iter().enumerate() {
                if let Some(place) = bytes.get_mut(i) { *place = byte; }
            }
            mapped(&bytes);
        }
    }
}
