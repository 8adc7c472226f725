//! The address behind a `.local` name, by which browsers hide the addresses of their own network
//! (RFC 8828 §5.3): one multicast question from a port of its own, answered to that port
//! (RFC 6762 §6.7). Not needed for a path to arise, as the browser also calls our addresses, but a
//! firewall at our end may let the answer in only where we asked first.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::UdpSocket;

const GROUP: (Ipv4Addr, u16) = (Ipv4Addr::new(224, 0, 0, 251), 5353);
const TYPE_A: u16 = 1;
const TYPE_AAAA: u16 = 28;
const CLASS_IN: u16 = 1;
/// Records looked at in one answer.
const RECORDS_MAX: usize = 16;

/// Asks the local network of `interface` for a name; three times, then gives up.
pub(super) async fn resolve(interface: Ipv4Addr, name: &str) -> Option<IpAddr> {
    let question = question(name)?;
    let socket = UdpSocket::bind((interface, 0)).await.ok()?;
    let mut buffer = [0; 1500];
    for _ in 0..3 {
        socket.send_to(&question, SocketAddr::from(GROUP)).await.ok()?;
        let answer = async {
            loop {
                let (length, _) = socket.recv_from(&mut buffer).await.ok()?;
                if let Some(address) = answer(&buffer[..length], name) {
                    return Some(address);
                }
            }
        };
        if let Ok(found) = tokio::time::timeout(Duration::from_millis(500), answer).await {
            return found;
        }
    }
    None
}

/// A DNS question for the name's IPv4 address. `None` when it is no `.local` name of sane length.
fn question(name: &str) -> Option<Vec<u8>> {
    let mut message = vec![0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    if name.len() > 100 || !name.ends_with(".local") {
        return None;
    }
    for label in name.split('.') {
        let sane = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if label.is_empty() || label.len() > 63 || !sane {
            return None;
        }
        message.push(label.len() as u8);
        message.extend_from_slice(label.as_bytes());
    }
    message.push(0);
    message.extend(TYPE_A.to_be_bytes());
    message.extend(CLASS_IN.to_be_bytes());
    Some(message)
}

/// The address that a DNS answer gives for `name`.
fn answer(message: &[u8], name: &str) -> Option<IpAddr> {
    let count = |at: usize| Some(usize::from(u16::from_be_bytes(message.get(at..at + 2)?.try_into().ok()?)));
    if message.get(2)? & 0x80 == 0 {
        return None;
    }
    let mut at = 12;
    for _ in 0..count(4)?.min(RECORDS_MAX) {
        at = read_name(message, at)?.1 + 4;
    }
    for _ in 0..count(6)?.min(RECORDS_MAX) {
        let (owner, end) = read_name(message, at)?;
        let (kind, length) = (count(end)?, count(end + 8)?);
        let data = message.get(end + 10..end + 10 + length)?;
        at = end + 10 + length;
        if !owner.eq_ignore_ascii_case(name) {
            continue;
        }
        if kind == usize::from(TYPE_A) {
            return Some(Ipv4Addr::from(<[u8; 4]>::try_from(data).ok()?).into());
        }
        if kind == usize::from(TYPE_AAAA) {
            return Some(Ipv6Addr::from(<[u8; 16]>::try_from(data).ok()?).into());
        }
    }
    None
}

/// A name in dotted form and where it ends; compression (RFC 1035 §4.1.4) is followed a few times.
fn read_name(message: &[u8], mut at: usize) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut end = None;
    for _ in 0..32 {
        let length = usize::from(*message.get(at)?);
        match length {
            0 => return Some((name, end.unwrap_or(at + 1))),
            1..=63 => {
                let label = message.get(at + 1..at + 1 + length)?;
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(&String::from_utf8_lossy(label));
                at += 1 + length;
            }
            192.. => {
                end.get_or_insert(at + 2);
                at = (length & 0x3f) << 8 | usize::from(*message.get(at + 1)?);
            }
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAME: &str = "0b5a9b0e-3f0d-4a5e-9c2c-6a5c3b1f2d4e.local";

    fn reply() -> Vec<u8> {
        let mut message = question(NAME).unwrap();
        (message[2], message[7]) = (0x84, 1);
        message.extend([0xc0, 12, 0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4, 192, 168, 1, 23]);
        message
    }

    #[test]
    fn an_answer_is_read_through_compression() {
        let expected = Some(Ipv4Addr::new(192, 168, 1, 23).into());
        assert_eq!(answer(&reply(), NAME), expected);
        assert_eq!(answer(&reply(), "another.local"), None);
        assert_eq!(answer(&question(NAME).unwrap(), NAME), None, "a question is no answer");
    }

    #[test]
    fn only_sane_local_names_are_asked_for() {
        assert!(question("example.org").is_none());
        assert!(question("a..local").is_none());
        assert!(question(&format!("{}.local", "a".repeat(64))).is_none());
    }

    proptest! {
        #[test]
        fn hostile_answers_never_panic(cut in 0usize..90, at in 0usize..90, byte: u8) {
            let mut message = reply();
            if let Some(place) = message.get_mut(at) { *place = byte; }
            message.truncate(cut);
            answer(&message, NAME);
        }
    }
}
