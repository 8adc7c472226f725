//! Reaching a relay: its address understood, TLS by the system's trusted certificates, one WebSocket.

use crate::wire::relay::MESSAGE_MAX_BYTES;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream};

/// A connection to a relay.
pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Connects to a relay's mailboxes. Why it failed is not told apart: it is tried again.
pub(super) async fn dial(relay: &str) -> Result<Socket, ()> {
    let url = socket_url(relay).ok_or(())?;
    let limits =
        WebSocketConfig::default().max_message_size(Some(MESSAGE_MAX_BYTES)).max_frame_size(Some(MESSAGE_MAX_BYTES));
    let connector = url.starts_with("wss:").then(|| Connector::Rustls(tls()));
    let connected = tokio_tungstenite::connect_async_tls_with_config(url, Some(limits), true, connector).await;
    connected.map(|(socket, _)| socket).map_err(drop)
}

/// The mailbox's address at a relay: `wss://HOST/mailbox`, or `ws://` on loopback only.
fn socket_url(relay: &str) -> Option<String> {
    let (scheme, rest) = relay.split_once("://")?;
    let authority = rest.split('/').next()?;
    match scheme {
        "https" => Some(format!("wss://{authority}/mailbox")),
        "http" if on_loopback(authority) => Some(format!("ws://{authority}/mailbox")),
        _ => None,
    }
}

fn on_loopback(authority: &str) -> bool {
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether a relay's address can be used: `https://HOST[:PORT]`, or `http://` on this machine.
pub(super) fn usable(relay: &str) -> bool {
    socket_url(relay).is_some()
}

/// TLS by the system's trusted certificates.
fn tls() -> Arc<rustls::ClientConfig> {
    static CONFIG: std::sync::OnceLock<Arc<rustls::ClientConfig>> = std::sync::OnceLock::new();
    CONFIG
        .get_or_init(|| {
            let mut roots = rustls::RootCertStore::empty();
            let found = rustls_native_certs::load_native_certs();
            roots.add_parsable_certificates(found.certs);
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let config = rustls::ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .expect("ring speaks TLS 1.2 and 1.3")
                .with_root_certificates(roots)
                .with_no_client_auth();
            Arc::new(config)
        })
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        assert_eq!(socket_url("https://r.example/x").as_deref(), Some("wss://r.example/mailbox"));
        assert_eq!(socket_url("http://127.0.0.1:8765").as_deref(), Some("ws://127.0.0.1:8765/mailbox"));
        assert_eq!(socket_url("http://[::1]:8765").as_deref(), Some("ws://[::1]:8765/mailbox"));
        assert_eq!(socket_url("http://r.example"), None);
        assert_eq!(socket_url("ftp://127.0.0.1"), None);
        assert_eq!(socket_url("r.example"), None);
    }
}
