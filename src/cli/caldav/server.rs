//! Talking to a calendar's server: HTTP with one user's password, bounded in time and size.
//!
//! The password goes to the address that was given and to no other: a redirect is followed on that server only. No
//! proxy is asked, nothing is compressed, no cookie is kept.

use crate::base::{Failure, Kind, Phi};
use crate::feed::caldav::{ANSWER_MAX_BYTES, Address, Answer, AnswerError, Found, Href, answer, ask};
use std::sync::Arc;
use std::time::{Duration, Instant};
use ureq::http::{HeaderValue, Method, Request, Response};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body};

/// How long a connection may take.
const CONNECT_MAX: Duration = Duration::from_secs(20);
/// How long one question and its answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(120);
/// How long the whole may take.
const ALL_WITHIN: Duration = Duration::from_secs(3600);
/// Redirects that are followed, on the same server.
const REDIRECTS_MAX: u32 = 3;

/// The server of one calendar.
pub(super) struct Server {
    agent: Agent,
    address: Address,
    authorization: Option<HeaderValue>,
    began: Instant,
}

/// What a server said.
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) etag: Option<String>,
    body: Result<Vec<u8>, AnswerError>,
}

/// How a question is to be understood.
#[derive(Clone, Copy)]
pub(super) enum Head<'a> {
    /// How far down it is meant.
    Depth(&'static str),
    /// Only if this is still the version there (RFC 9110 §13.1.1).
    IfMatch(&'a str),
    /// Only if nothing is there (§13.1.2).
    IfNothing,
}

impl Server {
    /// For this calendar, as this user; with an empty name as nobody.
    pub(super) fn of(address: Address, user: &Phi<String>, password: &Phi<String>) -> Result<Self, Failure> {
        let mut config = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_response_header_size(64 * 1024)
            .timeout_connect(Some(CONNECT_MAX))
            .timeout_global(Some(ANSWER_WITHIN))
            .user_agent(concat!("bedside/", env!("CARGO_PKG_VERSION")));
        if address.origin().starts_with("https:") {
            config = config.tls_config(tls());
        }
        let authorization = match user.expose().is_empty() {
            true => None,
            false => Some(basic(user, password)?),
        };
        Ok(Self { agent: config.build().new_agent(), address, authorization, began: Instant::now() })
    }

    /// Where it is.
    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// What the calendar is and can do; refused if it is none.
    pub(super) fn calendar(&self) -> Result<Found, Failure> {
        let path = self.address.path();
        let answer = self.propfind(path, "0", ask::collection())?;
        let own = |found: &Found| self.address.listed(found.href.expose()).as_ref() == Some(path);
        // Some servers write the address of the collection without its slash, or another of its names.
        let only = answer.found.len() == 1;
        let found = answer.found.into_iter().find(|found| only || own(found)).unwrap_or_default();
        if !found.calendar {
            return Err(Failure::new(Kind::Refused, "there is no calendar at that address")
                .hint("give the address of one calendar, as its server's settings show it; not that of the account"));
        }
        Ok(found)
    }

    /// PROPFIND; what the server has there.
    pub(super) fn propfind(&self, href: &Href, depth: &'static str, body: String) -> Result<Answer, Failure> {
        self.said(method(b"PROPFIND"), href, Head::Depth(depth), Some((ask::XML, body)))?.answer()
    }

    /// REPORT on the calendar, not yet understood: some refusals mean something.
    pub(super) fn report(&self, depth: &'static str, body: String) -> Result<Said, Failure> {
        self.said(method(b"REPORT"), self.address.path(), Head::Depth(depth), Some((ask::XML, body)))
    }

    /// PUT of an object.
    pub(super) fn put(&self, href: &Href, head: Head<'_>, text: String) -> Result<Said, Failure> {
        self.said(Method::PUT, href, head, Some((ask::CALENDAR, text)))
    }

    /// DELETE of an object.
    pub(super) fn delete(&self, href: &Href, head: Head<'_>) -> Result<Said, Failure> {
        self.said(Method::DELETE, href, head, None)
    }

    fn said(&self, method: Method, href: &Href, head: Head<'_>, body: Option<(&str, String)>) -> Result<Said, Failure> {
        let mut href = href.clone();
        for _ in 0..=REDIRECTS_MAX {
            if self.began.elapsed() > ALL_WITHIN {
                return Err(network("the server took longer than an hour for all of it").hint("try again later"));
            }
            let mut request = Request::builder().method(method.clone()).uri(self.address.url_of(&href).expose());
            request = match head {
                Head::Depth(depth) => request.header("depth", depth),
                // Whatever bytes the server made it of.
                Head::IfMatch(etag) => request.header("if-match", etag.as_bytes()),
                Head::IfNothing => request.header("if-none-match", "*"),
            };
            if let Some(authorization) = &self.authorization {
                request = request.header("authorization", authorization);
            }
            let answered = match &body {
                Some((kind, text)) => {
                    request.header("content-type", *kind).body(text.as_str()).map(|r| self.agent.run(r))
                }
                None => request.body(()).map(|request| self.agent.run(request)),
            };
            let unusable = |_| Failure::new(Kind::Usage, "that is not the address of a calendar");
            let mut response = answered.map_err(unusable)?.map_err(|error| trouble(&error))?;
            match response.status().as_u16() {
                301 | 302 | 307 | 308 => href = self.redirected(&response)?,
                _ => return Said::of(&mut response),
            }
        }
        Err(network("the server sends us round in circles").hint("give the address its settings show"))
    }

    /// Where a redirect leads, if that is on this server.
    fn redirected(&self, response: &Response<Body>) -> Result<Href, Failure> {
        let place = response.headers().get("location").and_then(|place| place.to_str().ok());
        place.and_then(|place| self.address.resolve(place)).ok_or_else(|| {
            network("the server sends us to another one, to which the password was not given")
                .hint("look where the calendar is now, and give that address if it is right")
        })
    }
}

impl Said {
    fn of(response: &mut Response<Body>) -> Result<Self, Failure> {
        let etag = response.headers().get("etag").and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        let body = match response.body_mut().with_config().limit(ANSWER_MAX_BYTES as u64).read_to_vec() {
            Ok(body) => Ok(body),
            Err(ureq::Error::BodyExceedsLimit(_)) => Err(AnswerError::TooLong),
            Err(error) => return Err(trouble(&error)),
        };
        Ok(Self { status: response.status().as_u16(), etag, body })
    }

    /// The multistatus that was asked for.
    pub(super) fn answer(self) -> Result<Answer, Failure> {
        match self.status {
            207 => self.read().map_err(unusable),
            status => Err(refusal(status)),
        }
    }

    /// What the body says, whatever the status is.
    pub(super) fn read(&self) -> Result<Answer, AnswerError> {
        answer::read(self.body.as_ref().map_err(|error| *error)?)
    }
}

fn method(letters: &[u8]) -> Method {
    Method::from_bytes(letters).expect("a method is letters")
}

/// An answer that cannot be used.
pub(super) fn unusable(error: AnswerError) -> Failure {
    network(error.to_string()).hint("look whether the address is that of a calendar's server, and not of a web page")
}

fn network(message: impl Into<String>) -> Failure {
    Failure::new(Kind::Network, message)
}

/// What a status means that is not the one hoped for.
pub(super) fn refusal(status: u16) -> Failure {
    let refused = |message: &str| Failure::new(Kind::Refused, message);
    match status {
        401 => refused("the server does not accept the user or the password").hint(
            "look whether it wants a password made for programs; 'bedside feed add' with the same name and address \
             takes a new one",
        ),
        403 => refused("the server does not let this user do that").hint("give the user access to the calendar there"),
        404 | 410 => {
            refused("there is nothing at that address").hint("look for the calendar's address in its settings")
        }
        405 | 501 => refused("what answers there is no calendar's server").hint("look for the calendar's address"),
        413 | 507 => refused("the server has no room for it").hint("make room there"),
        429 | 503 => network("the server is busy").hint("try again later"),
        500..=599 => {
            network(format!("the server failed (status {status})")).hint("try again later, or ask who runs it")
        }
        status => network(format!("the server answered something else (status {status})"))
            .hint("look whether the address is that of a calendar"),
    }
}

/// What went wrong on the way. An error of the library may hold the address; the kind of it does not.
fn trouble(error: &ureq::Error) -> Failure {
    use ureq::Error as E;
    let reach = "look at the address and at the network";
    match error {
        E::Timeout(_) => network("the server did not answer in time").hint("try again later"),
        E::HostNotFound => network("no server of that name is found").hint(reach),
        E::Rustls(error) => certificate(error),
        E::Io(error) => match error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>()) {
            Some(error) => certificate(error),
            None => network(format!("the server cannot be reached ({})", error.kind())).hint(reach),
        },
        E::ConnectionFailed => network("the server cannot be reached").hint(reach),
        E::LargeResponseHeader(..) => network("the answer's head is longer than 64 KiB").hint(reach),
        _ => network("what answers there does not speak HTTP as it should").hint(reach),
    }
}

fn certificate(error: &rustls::Error) -> Failure {
    use rustls::CertificateError as C;
    let rustls::Error::InvalidCertificate(wrong) = error else {
        return network("no secure connection to the server could be made")
            .hint("look whether it is the right address");
    };
    match wrong {
        C::Expired | C::ExpiredContext { .. } => {
            network("the server's certificate has expired").hint("ask who runs the server to renew it")
        }
        C::NotValidYet | C::NotValidYetContext { .. } => {
            network("the server's certificate is not valid yet").hint("look at this machine's clock")
        }
        C::NotValidForName | C::NotValidForNameContext { .. } => {
            network("the server's certificate is for another name").hint("look at the address")
        }
        C::UnknownIssuer => network("this machine does not trust who signed the server's certificate")
            .hint("if it is your own authority, add it to the system's trusted certificates"),
        _ => network("the server's certificate is not good").hint("ask who runs the server"),
    }
}

/// `Authorization: Basic` (RFC 7617), kept out of what a library might write down.
fn basic(user: &Phi<String>, password: &Phi<String>) -> Result<HeaderValue, Failure> {
    let pair = zeroize::Zeroizing::new(format!("{}:{}", user.expose(), password.expose()));
    let text = zeroize::Zeroizing::new(format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes())));
    let mut value = HeaderValue::from_str(&text)
        .map_err(|_| Failure::new(Kind::Usage, "the user or the password cannot be used"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// TLS by the system's trusted certificates.
fn tls() -> TlsConfig {
    let found = rustls_native_certs::load_native_certs();
    let roots: Vec<Certificate<'static>> =
        found.certs.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
    TlsConfig::builder()
        .root_certs(RootCerts::from(roots))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build()
}
