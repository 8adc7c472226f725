//! Where a calendar is, and its objects.

use crate::base::Phi;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode, utf8_percent_encode};
use std::borrow::Cow;

/// The longest address, in bytes.
const ADDRESS_MAX_BYTES: usize = 2_000;
/// What is written as `%XX` in a path segment: all but pchar of RFC 3986 §3.3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// The address of a calendar: `https://HOST[:PORT]/PATH/`, or `http://` on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    origin: String,
    path: Href,
}

/// A path on a calendar's server, in one spelling. It may say whose appointment stands there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Href(Phi<String>);

/// Why an address cannot be used. Holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Neither https nor on this machine.
    #[error("a calendar on another machine is reached by https:// only")]
    NotSecure,
    /// `https://user:password@host/`.
    #[error("the address holds a user or a password, which others on this machine could see")]
    HoldsSecret,
    /// Anything else.
    #[error("that is not the address of a calendar")]
    NotAnAddress,
}

impl Address {
    /// Reads one. It always ends with a slash, as a collection's does (RFC 4918 §5.2).
    ///
    /// # Errors
    /// [`AddressError`] if it is none, or one over which a password must not go.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (origin, path) = split(text.trim())?;
        let mut path = Href::spell(path).ok_or(AddressError::NotAnAddress)?;
        if !path.is_collection() {
            path.0.expose_mut().push('/');
        }
        Ok(Self { origin, path })
    }

    /// `https://HOST[:PORT]`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The calendar's own path.
    pub fn path(&self) -> &Href {
        &self.path
    }

    /// The whole of it.
    pub fn to_url(&self) -> Phi<String> {
        self.url_of(&self.path)
    }

    /// The address of something on this server.
    pub fn url_of(&self, href: &Href) -> Phi<String> {
        Phi::new(format!("{}{}", self.origin, href.as_str()))
    }

    /// An object of this calendar; `name` is a file's.
    pub fn object(&self, name: &str) -> Href {
        Href(Phi::new(format!("{}{}", self.path.as_str(), utf8_percent_encode(name, SEGMENT))))
    }

    /// What a server's answer names among its own: as [`Self::resolve`] has it, or by the path alone if that lies in
    /// this calendar, for behind a proxy a server knows itself by another name. It is only ever asked for here.
    pub fn listed(&self, href: &str) -> Option<Href> {
        self.resolve(href).or_else(|| {
            let (_, rest) = href.trim().split_once("://")?;
            let path = Href::spell(rest.get(rest.find('/')?..)?)?;
            path.as_str().starts_with(self.path.as_str()).then_some(path)
        })
    }

    /// What a server's redirect names (RFC 4918 §8.3: a path, or a whole address); `None` if that is not on this server.
    pub fn resolve(&self, href: &str) -> Option<Href> {
        let href = href.trim();
        if href.starts_with('/') && !href.starts_with("//") {
            return Href::spell(href);
        }
        let (origin, path) = split(href).ok()?;
        if origin == self.origin { Href::spell(path) } else { None }
    }
}

impl Href {
    /// The path.
    pub fn as_str(&self) -> &str {
        self.0.expose()
    }

    /// The last part of it, as a person would read it.
    pub fn name(&self) -> Phi<String> {
        let last = self.as_str().rsplit('/').next().unwrap_or_default();
        Phi::new(percent_decode_str(last).decode_utf8_lossy().into_owned())
    }

    /// Whether it names a collection rather than an object.
    pub fn is_collection(&self) -> bool {
        self.as_str().ends_with('/')
    }

    /// One spelling of a path. Refuses one that points upwards, or holds what no path holds.
    fn spell(path: &str) -> Option<Self> {
        if path.len() > ADDRESS_MAX_BYTES || !path.starts_with('/') || path.contains(['?', '#', '\\']) {
            return None;
        }
        let mut spelt = String::with_capacity(path.len());
        for (n, segment) in path.split('/').enumerate() {
            if n > 0 {
                spelt.push('/');
            }
            // Old servers have names in other letters than UTF-8.
            let plain: Cow<'_, [u8]> = percent_decode_str(segment).into();
            let control = match std::str::from_utf8(&plain) {
                Ok(text) => text.contains(char::is_control),
                Err(_) => plain.iter().any(u8::is_ascii_control),
            };
            if matches!(&*plain, b"." | b"..") || control {
                return None;
            }
            spelt.extend(percent_encode(&plain, SEGMENT));
        }
        Some(Self(Phi::new(spelt)))
    }
}

/// Origin and path.
fn split(text: &str) -> Result<(String, &str), AddressError> {
    if text.len() > ADDRESS_MAX_BYTES {
        return Err(AddressError::NotAnAddress);
    }
    let (scheme, rest) = text.split_once("://").ok_or(AddressError::NotAnAddress)?;
    let cut = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(cut).ok_or(AddressError::NotAnAddress)?;
    if authority.contains('@') {
        return Err(AddressError::HoldsSecret);
    }
    let authority = authority.to_ascii_lowercase();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority.as_str(), None),
    };
    let port = port.map(str::parse::<u16>).transpose().map_err(|_| AddressError::NotAnAddress)?;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if bare.is_empty() || !bare.chars().all(fit) || (bare.contains(':') && bare == host) {
        return Err(AddressError::NotAnAddress);
    }
    let local = bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let (scheme, usual) = match scheme.to_ascii_lowercase().as_str() {
        "https" => ("https", 443),
        "http" if local => ("http", 80),
        "http" => return Err(AddressError::NotSecure),
        _ => return Err(AddressError::NotAnAddress),
    };
    let origin = match port {
        Some(port) if port != usual => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    };
    Ok((origin, if path.is_empty() { "/" } else { path }))
}
