//! The patient's page: the built bundle, in the program, sent as it was built.
//!
//! `src/page/dist/bundle.rs` is written by the page's build: a table of [`File`]s beside the files themselves. Only
//! what stands in the table can be fetched; there is no folder to look into. `/` is the page.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

#[path = "../page/dist/bundle.rs"]
mod bundle;

/// One file of the page.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Where it is fetched: `/` or `/name.hash.ext`.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// As it is.
    pub bytes: &'static [u8],
    /// The same, compressed (RFC 7932).
    pub brotli: &'static [u8],
    /// Its path holds its hash, so it never changes.
    pub immutable: bool,
}

/// The files of the page in this program.
pub fn files() -> &'static [File] {
    bundle::FILES
}

/// The page with its headers.
pub struct Page {
    tls: bool,
    /// The hashes of the styles and scripts that stand in the HTML itself, as the policy names them.
    styles: String,
    scripts: String,
}

impl Page {
    /// The page of this program; `tls`: the relay itself speaks TLS.
    pub fn new(tls: bool) -> Self {
        let html = files().iter().find(|file| file.path == "/").map_or(&[][..], |file| file.bytes);
        let html = String::from_utf8_lossy(html);
        Self { tls, styles: hashes(&html, "style"), scripts: hashes(&html, "script") }
    }

    /// Answers a request for a file.
    pub fn answer(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
        if method != Method::GET && method != Method::HEAD {
            return self.plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
        }
        let Some(file) = files().iter().find(|file| file.path == uri.path()) else {
            return self.plain(StatusCode::NOT_FOUND, "not found\n");
        };
        let Some(host) = host(uri, headers) else {
            return self.plain(StatusCode::BAD_REQUEST, "no such host\n");
        };
        let brotli = accepts_brotli(headers);
        let bytes = if brotli { file.brotli } else { file.bytes };
        let mut response = match *method {
            Method::HEAD => Response::new(Body::empty()),
            _ => Response::new(Body::from(bytes)),
        };
        let set = response.headers_mut();
        set.insert(header::CONTENT_LENGTH, bytes.len().into());
        set.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
        set.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if brotli {
            set.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        let caching = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
        set.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        self.protect(set, host);
        response
    }

    fn plain(&self, status: StatusCode, text: &'static str) -> Response {
        let mut response = (status, text).into_response();
        self.protect(response.headers_mut(), "");
        response
    }

    fn protect(&self, set: &mut HeaderMap, host: &str) {
        // Older browsers do not count the WebSocket of the same host as 'self'.
        let sockets = match host {
            "" => String::new(),
            host => format!(" {}://{host}", if self.tls || !is_loopback(host) { "wss" } else { "ws" }),
        };
        let Self { styles, scripts, .. } = self;
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'{styles}; \
             img-src 'self' data: blob:; media-src 'self' blob: mediastream:; connect-src 'self'{sockets}; \
             worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'"
        );
        let policy = HeaderValue::try_from(policy).expect("a checked host and hashes are visible ASCII");
        set.insert(header::CONTENT_SECURITY_POLICY, policy);
        let fixed = [
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
        ];
        let named = [
            ("permissions-policy", PERMISSIONS),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-robots-tag", "noindex, nofollow"),
        ];
        for (name, value) in fixed {
            set.insert(name, HeaderValue::from_static(value));
        }
        for (name, value) in named {
            set.insert(name, HeaderValue::from_static(value));
        }
        if self.tls {
            set.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
        }
    }

    /// Whether a request comes from the relay's own page, or from no page at all (the agent's has no origin).
    pub fn is_own_origin(uri: &Uri, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else { return true };
        let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        match (origin, host(uri, headers)) {
            (Some((_, origin)), Some(host)) => origin.eq_ignore_ascii_case(host),
            _ => false,
        }
    }
}

/// What the page may use: camera, microphone, a screen that stays awake, and nothing else.
const PERMISSIONS: &str = "camera=(self), microphone=(self), screen-wake-lock=(self), accelerometer=(), \
    autoplay=(self), browsing-topics=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
    idle-detection=(), interest-cohort=(), magnetometer=(), midi=(), payment=(), publickey-credentials-get=(), \
    serial=(), usb=(), xr-spatial-tracking=()";

/// The host a request names (HTTP/2 does so in its target), if it is one: letters, digits, `.-`, an address in
/// brackets, a port.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let host = match uri.authority() {
        Some(authority) => authority.as_str(),
        None => headers.get(header::HOST)?.to_str().ok()?,
    };
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port),
        _ => (host, "0"),
    };
    let port_good = !port.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    let name_good = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            (1..=253).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        }
    };
    (port_good && name_good).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    ["127.", "localhost", "[::1]"].iter().any(|local| host.starts_with(local))
}

/// Whether `br` is accepted with a weight above zero (RFC 9110 §12.5.3).
fn accepts_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let refused = |weight: &str| weight.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
        parts.next() == Some("br") && !parts.any(refused)
    })
}

/// `'sha256-…'` of each element of this name that stands in the HTML itself, each with a space before it.
fn hashes(html: &str, element: &str) -> String {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let inline = html.split(&open).skip(1).filter_map(|rest| rest.split_once(&close));
    let hash = |text: &str| data_encoding::BASE64.encode(&Sha256::digest(text.as_bytes()));
    inline.map(|(text, _)| format!(" 'sha256-{}'", hash(text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &str) -> HeaderMap {
        [(name, HeaderValue::from_str(value).expect("a header"))].into_iter().collect()
    }

    #[test]
    fn hosts_that_could_change_the_policy_are_refused() {
        for good in ["relay.example", "relay.example:8443", "127.0.0.1:1", "[::1]:443", "localhost"] {
            assert_eq!(host(&Uri::from_static("/"), &with(header::HOST, good)), Some(good));
        }
        for bad in ["", "a b", "a;script-src *", "a,b", "relay.example:", "relay.example:x", "[nonsense]:1", "a/b"] {
            assert_eq!(host(&Uri::from_static("/"), &with(header::HOST, bad)), None, "{bad}");
        }
    }

    #[test]
    fn another_sites_page_cannot_open_the_mailbox() {
        let (uri, mut headers) = (Uri::from_static("/mailbox"), with(header::HOST, "relay.example"));
        assert!(Page::is_own_origin(&uri, &headers));
        for (origin, own) in
            [("https://relay.example", true), ("https://evil.example", false), ("null", false), ("x", false)]
        {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            assert_eq!(Page::is_own_origin(&uri, &headers), own, "{origin}");
        }
    }

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        for (accepted, brotli) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=0.5", true),
            ("br;q=0", false),
            ("gzip", false),
            ("brown", false),
        ] {
            assert_eq!(accepts_brotli(&with(header::ACCEPT_ENCODING, accepted)), brotli, "{accepted}");
        }
    }

    #[test]
    fn inline_script_is_allowed_by_its_hash_alone() {
        let html = "<script>a</script><script src=x></script><style>b</style>";
        assert_eq!(hashes(html, "script"), " 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='");
        assert_eq!(hashes("<script src=x></script>", "script"), "");
    }

    #[test]
    fn every_file_of_the_bundle_is_complete() {
        assert!(files().iter().any(|file| file.path == "/" && !file.immutable));
        for file in files() {
            assert!(file.path.starts_with('/') && !file.bytes.is_empty() && !file.brotli.is_empty(), "{}", file.path);
        }
    }
}
