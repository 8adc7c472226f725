//! How `check` reaches a relay: TCP, TLS with the certificate looked at, one HTTP answer.

use super::Error;
use crate::base::Stamp;
use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::ring,
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use std::{path::Path, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

const PATIENCE: Duration = Duration::from_secs(10);
const ANSWER_MAX_BYTES: u64 = 8 * 1024 * 1024;
const FAR_FUTURE: Duration = Duration::from_secs(7_000_000_000);

/// Where a relay is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// TLS or not.
    pub secure: bool,
    /// Its name or address, without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl Url {
    /// Reads `https://HOST[:PORT]`, or `http://` when the host is this machine.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = Error::Url("that is not the address of a relay");
        let (scheme, rest) = text.trim().split_once("://").ok_or(Error::Url("the address begins with https://"))?;
        let secure = match scheme {
            "https" | "wss" => true,
            "http" | "ws" => false,
            _ => return Err(Error::Url("the address begins with https://")),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (rest, None),
        };
        let port = match port {
            Some(port) => port.parse().map_err(|_| Error::Url("the port is not a number"))?,
            None if secure => 443,
            None => 80,
        };
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if host.is_empty() || host.contains(['/', '#', '?', '@', ' ']) {
            return Err(wrong);
        }
        let local = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if !secure && !local {
            return Err(Error::Url("a relay on another machine is reached by https:// only"));
        }
        Ok(Self { secure, host: host.to_owned(), port })
    }

    /// `HOST:PORT` as the Host header has it.
    pub fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

/// What did not work; each is a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Nothing answers.
    Unreachable(String),
    /// Something answers, but wrongly.
    Wrong(String),
}

/// Bytes both ways, with TLS or without.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// A way to a relay.
pub struct Reach {
    url: Url,
    tls: Option<(TlsConnector, Arc<WebPkiServerVerifier>)>,
}

/// A connection, and until when its certificate is good.
pub struct Reached {
    /// The bytes.
    pub wire: Box<dyn Wire>,
    /// The end of the certificate.
    pub certificate_ends: Option<Stamp>,
}

impl Reach {
    /// Trusts what the system trusts, and the certificates of `ca_file`.
    pub fn new(url: &Url, ca_file: Option<&Path>) -> Result<Self, Error> {
        let tls = if url.secure { Some(trust(ca_file)?) } else { None };
        Ok(Self { url: url.clone(), tls })
    }

    /// Connects.
    pub async fn connect(&self) -> Result<Reached, Obstacle> {
        let place = self.url.authority();
        let late = |what: &str| Obstacle::Unreachable(format!("{place}: {what} took longer than 10 s"));
        let tcp = timeout(PATIENCE, TcpStream::connect((self.url.host.as_str(), self.url.port)));
        let tcp = tcp.await.map_err(|_| late("connecting"))?;
        let tcp = tcp.map_err(|error| Obstacle::Unreachable(format!("{place} cannot be reached: {error}")))?;
        let Some((connector, verifier)) = &self.tls else {
            return Ok(Reached { wire: Box::new(tcp), certificate_ends: None });
        };
        let name = ServerName::try_from(self.url.host.clone())
            .map_err(|_| Obstacle::Wrong(format!("{} cannot stand in a certificate", self.url.host)))?;
        let tls = timeout(PATIENCE, connector.connect(name.clone(), tcp)).await.map_err(|_| late("TLS"))?;
        let tls = tls.map_err(|error| Obstacle::Wrong(tls_sentence(&error, &self.url.host)))?;
        let chain = tls.get_ref().1.peer_certificates().unwrap_or_default();
        let certificate_ends = end_of(verifier, chain, &name);
        Ok(Reached { wire: Box::new(tls), certificate_ends })
    }

    /// Fetches one path. Returns status, head and body.
    pub async fn fetch(&self, path: &str) -> Result<(u16, String, Vec<u8>), Obstacle> {
        let broken = |what: String| Obstacle::Wrong(format!("{path}: {what}"));
        let mut wire = self.connect().await?.wire;
        // HTTP/1.0: the answer comes whole and the connection ends with it (RFC 1945).
        let request =
            format!("GET {path} HTTP/1.0\r\nHost: {}\r\nUser-Agent: bedside-relay\r\n\r\n", self.url.authority());
        let exchange = async {
            wire.write_all(request.as_bytes()).await?;
            wire.flush().await?;
            let mut answer = Vec::new();
            let read = wire.take(ANSWER_MAX_BYTES).read_to_end(&mut answer).await;
            // Some servers close TLS without saying goodbye; the length is checked below.
            read.or_else(|error| if error.kind() == std::io::ErrorKind::UnexpectedEof { Ok(0) } else { Err(error) })?;
            Ok::<_, std::io::Error>(answer)
        };
        let answer = timeout(PATIENCE, exchange).await.map_err(|_| broken("no answer within 10 s".into()))?;
        let answer = answer.map_err(|error| broken(error.to_string()))?;
        let cut = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(|| broken("not HTTP".into()))?;
        let (head, body) = answer.split_at(cut);
        let head = String::from_utf8_lossy(head).to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| broken("not HTTP".into()))?;
        Ok((status, head, body.get(4..).unwrap_or_default().to_vec()))
    }
}

fn trust(ca_file: Option<&Path>) -> Result<(TlsConnector, Arc<WebPkiServerVerifier>), Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca_file {
        let wrong = |reason: String| Error::Certificate { path: path.into(), reason };
        for certificate in CertificateDer::pem_file_iter(path).map_err(|error| wrong(error.to_string()))? {
            let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
            roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
        }
    }
    let provider = Arc::new(ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(|_| Error::Url("this system trusts no certificates: install ca-certificates or give --ca-file"))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider speaks TLS 1.2 and 1.3")
        .with_webpki_verifier(verifier.clone())
        .with_no_client_auth();
    Ok((TlsConnector::from(Arc::new(config)), verifier))
}

/// Asks the verifier what it would say in the far future: it names the moment the certificate ended.
fn end_of(verifier: &WebPkiServerVerifier, chain: &[CertificateDer<'_>], name: &ServerName<'_>) -> Option<Stamp> {
    let (leaf, rest) = chain.split_first()?;
    let verdict = verifier.verify_server_cert(leaf, rest, name, &[], UnixTime::since_unix_epoch(FAR_FUTURE));
    match verdict {
        Err(rustls::Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
            Some(Stamp::default().plus(Duration::from_secs(not_after.as_secs())))
        }
        _ => None,
    }
}

fn tls_sentence(error: &std::io::Error, host: &str) -> String {
    let cause = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>());
    match cause {
        Some(rustls::Error::InvalidCertificate(wrong)) => match wrong {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "the certificate has expired: renew it and send SIGHUP to the relay".into()
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the certificate is not valid yet: compare the clocks of both machines".into()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                format!("the certificate is for another name than {host}")
            }
            CertificateError::UnknownIssuer => {
                "the certificate comes from an authority that this machine does not trust; browsers will refuse it, too"
                    .into()
            }
            other => format!("the certificate is not good: {other}"),
        },
        _ => format!("TLS does not work: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relay_addresses_are_read_and_others_refused() {
        let url = |secure, host: &str, port| Url { secure, host: host.into(), port };
        for (text, wanted) in [
            ("https://relay.example", url(true, "relay.example", 443)),
            ("https://relay.example:8443/", url(true, "relay.example", 8443)),
            ("http://127.0.0.1:8765", url(false, "127.0.0.1", 8765)),
            ("http://[::1]:1", url(false, "::1", 1)),
        ] {
            assert_eq!(Url::parse(text).expect(text), wanted);
        }
        for text in
            ["relay.example", "ftp://relay.example", "http://relay.example", "https://", "https://a/b", "https://a:x"]
        {
            assert!(Url::parse(text).is_err(), "{text}");
        }
    }
}
