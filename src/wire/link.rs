//! The invite's link: `https://RELAY/#v1.INVITE.SECRET`. The fragment never reaches a server (RFC 3986 §3.5).

use super::WireError;
use crate::base::id::InviteId;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The secret of a link.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct LinkSecret(pub [u8; 32]);

impl fmt::Debug for LinkSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkSecret(…)")
    }
}

/// What stands behind the `#`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The invite.
    pub invite: InviteId,
    /// Its secret.
    pub secret: LinkSecret,
}

impl Fragment {
    /// The text behind the `#`.
    pub fn to_text(&self) -> String {
        let encode = |bytes: &[u8]| data_encoding::BASE64URL_NOPAD.encode(bytes);
        format!("v1.{}.{}", encode(self.invite.as_bytes()), encode(&self.secret.0))
    }

    /// Reads the text behind the `#`.
    pub fn parse(text: &str) -> Result<Self, WireError> {
        let mut parts = text.trim().split('.');
        let (version, invite, secret) = (parts.next(), parts.next(), parts.next());
        let decode = |text: Option<&str>| {
            let text = text.filter(|text| text.len() <= 64).ok_or(WireError::Garbled)?;
            data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| WireError::Garbled)
        };
        match version {
            Some("v1") => {}
            Some(other) if other.starts_with('v') => {
                let version = other.get(1..).and_then(|n| n.parse().ok()).ok_or(WireError::Garbled)?;
                return Err(WireError::Version { version });
            }
            _ => return Err(WireError::Garbled),
        }
        if parts.next().is_some() {
            return Err(WireError::Garbled);
        }
        let invite = decode(invite)?.try_into().map_err(|_| WireError::Garbled)?;
        let secret = decode(secret)?.try_into().map_err(|_| WireError::Garbled)?;
        Ok(Self { invite: InviteId::from_bytes(invite), secret: LinkSecret(secret) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mangled_links_are_refused() {
        let fragment = Fragment { invite: InviteId::random(), secret: LinkSecret([7; 32]) };
        let text = fragment.to_text();
        assert_eq!(Fragment::parse(&text), Ok(fragment));
        for end in 0..text.len() {
            assert!(Fragment::parse(&text[..end]).is_err(), "{end}");
        }
        assert_eq!(Fragment::parse(&text.replace("v1", "v2")), Err(WireError::Version { version: 2 }));
        assert!(Fragment::parse(&format!("{text}.x")).is_err());
    }
}
