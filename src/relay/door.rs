//! The door: counts connections before a byte is read, and closes those on which nothing moves.

use super::server::Relay;
use axum_server::accept::Accept;
use std::{
    future::{Ready, ready},
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep},
};

/// Lets connections in as long as the limits allow.
#[derive(Clone)]
pub struct Door(pub Arc<Relay>);

impl<S> Accept<TcpStream, S> for Door {
    type Stream = Visitor;
    type Service = S;
    type Future = Ready<io::Result<(Visitor, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(Visitor::enter(stream, self.0.clone()).map(|visitor| (visitor, service)))
    }
}

/// A counted connection. It ends with an error when for twice the limit of silence no byte has moved.
pub struct Visitor {
    stream: TcpStream,
    _seat: Seat,
    moved: Instant,
    patience: Duration,
    alarm: Pin<Box<Sleep>>,
}

/// Given back when the connection ends.
struct Seat {
    relay: Arc<Relay>,
    address: IpAddr,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.relay.addresses().disconnect(self.address);
    }
}

impl Visitor {
    fn enter(stream: TcpStream, relay: Arc<Relay>) -> io::Result<Self> {
        let address = stream.peer_addr()?;
        if !relay.admits(address) {
            tracing::debug!(refused = "connections", "a connection was turned away");
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        let patience = relay.limits().silence() * 2;
        let _seat = Seat { relay, address: address.ip() };
        // Envelopes are small and people wait for them.
        stream.set_nodelay(true)?;
        let moved = Instant::now();
        Ok(Self { stream, _seat, moved, patience, alarm: Box::pin(tokio::time::sleep(patience)) })
    }

    fn see<T>(&mut self, moved: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if moved.is_ready() {
            self.moved = Instant::now();
            return moved;
        }
        while self.alarm.as_mut().poll(context).is_ready() {
            let end = self.moved + self.patience;
            if end <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.alarm.as_mut().reset(end);
        }
        Poll::Pending
    }
}

impl AsyncRead for Visitor {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let moved = Pin::new(&mut self.stream).poll_read(context, to);
        self.see(moved, context)
    }
}

impl AsyncWrite for Visitor {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let moved = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.see(moved, context)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let moved = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.see(moved, context)
    }
}

/// Whose connection a request came on: the peer, or what a proxy on this machine says.
pub fn address_of(peer: SocketAddr, forwarded: Option<&str>, behind_proxy: bool) -> IpAddr {
    let said = forwarded.filter(|_| behind_proxy && peer.ip().to_canonical().is_loopback());
    // The last entry is the one that our own proxy wrote.
    said.and_then(|list| list.rsplit(',').next()).and_then(|last| last.trim().parse().ok()).unwrap_or(peer.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let local: SocketAddr = "127.0.0.1:9".parse().expect("an address");
        let remote: SocketAddr = "192.0.2.1:9".parse().expect("an address");
        let said = Some("203.0.113.5, 198.51.100.7");
        assert_eq!(address_of(local, said, true).to_string(), "198.51.100.7");
        assert_eq!(address_of(local, said, false), local.ip());
        assert_eq!(address_of(remote, said, true), remote.ip());
        assert_eq!(address_of(local, Some("nonsense"), true), local.ip());
    }
}
