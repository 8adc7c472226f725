//! How much one address may do: a token bucket for requests and a count of connections. Pure; told the time.
//!
//! An IPv6 address counts as its /64, because one household has a whole one.

use super::limit::Limits;
use std::{
    collections::HashMap,
    net::IpAddr,
    time::{Duration, Instant},
};

/// What counts as one address.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Network {
    V4([u8; 4]),
    V6([u8; 8]),
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Network::V4(address.octets()),
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, g, h, ..] = address.octets();
                Network::V6([a, b, c, d, e, f, g, h])
            }
        }
    }
}

struct Account {
    /// Requests it may make now; a fraction is saved up.
    requests: f64,
    /// When `requests` was right.
    at: Instant,
    connections: u32,
}

/// All addresses that were seen lately. In memory only, and forgotten when an address is idle.
pub struct Addresses {
    per_second: f64,
    at_once: f64,
    connections_per_address: u32,
    connections: u32,
    connected: u32,
    accounts: HashMap<Network, Account>,
}

impl Addresses {
    /// Nobody yet.
    pub fn new(limits: &Limits) -> Self {
        Self {
            per_second: f64::from(limits.requests_per_second),
            at_once: f64::from(limits.requests_at_once),
            connections_per_address: limits.connections_per_address,
            connections: limits.connections,
            connected: 0,
            accounts: HashMap::new(),
        }
    }

    fn account(&mut self, from: IpAddr, now: Instant) -> &mut Account {
        let (per_second, at_once) = (self.per_second, self.at_once);
        let account =
            self.accounts.entry(from.into()).or_insert(Account { requests: at_once, at: now, connections: 0 });
        let saved = now.saturating_duration_since(account.at).as_secs_f64() * per_second;
        account.requests = (account.requests + saved).min(at_once);
        account.at = account.at.max(now);
        account
    }

    /// Takes one request, or says how long to wait for the next.
    pub fn ask(&mut self, from: IpAddr, now: Instant) -> Result<(), Duration> {
        let per_second = self.per_second;
        let account = self.account(from, now);
        if account.requests >= 1.0 {
            account.requests -= 1.0;
            Ok(())
        } else {
            Err(Duration::from_secs_f64((1.0 - account.requests) / per_second))
        }
    }

    /// Takes one connection, which counts as a request, too: a TLS handshake costs more than most. False: there are
    /// enough. A `proxy` stands for many addresses, so that only the total limits it.
    pub fn connect(&mut self, from: IpAddr, proxy: bool, now: Instant) -> bool {
        let most = self.connections_per_address;
        if self.connected >= self.connections || !proxy && self.ask(from, now).is_err() {
            return false;
        }
        let account = self.account(from, now);
        if !proxy && account.connections >= most {
            return false;
        }
        account.connections += 1;
        self.connected += 1;
        true
    }

    /// Gives a connection back.
    pub fn disconnect(&mut self, from: IpAddr) {
        if let Some(account) = self.accounts.get_mut(&from.into()) {
            account.connections = account.connections.saturating_sub(1);
            self.connected = self.connected.saturating_sub(1);
        }
    }

    /// Connections now.
    pub fn connected(&self) -> u32 {
        self.connected
    }

    /// Forgets addresses that are idle.
    pub fn sweep(&mut self, now: Instant) {
        let (per_second, at_once) = (self.per_second, self.at_once);
        self.accounts.retain(|_, account| {
            let saved = now.saturating_duration_since(account.at).as_secs_f64() * per_second;
            account.connections > 0 || account.requests + saved < at_once
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn addresses() -> Addresses {
        Addresses::new(&Limits {
            requests_per_second: 10,
            requests_at_once: 3,
            connections_per_address: 2,
            connections: 3,
            ..Limits::default()
        })
    }

    const ADA: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const BOB: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn flood_is_slowed_to_the_rate_and_hurts_nobody_else() {
        let (mut addresses, start) = (addresses(), Instant::now());
        let served = (0..1000).filter(|n| addresses.ask(ADA, start + Duration::from_millis(*n)).is_ok()).count();
        assert!((12..=13).contains(&served), "3 at once and 10 in the second, not {served}");
        assert_eq!(addresses.ask(BOB, start), Ok(()));
        let later = start + Duration::from_millis(1050);
        let _ = addresses.ask(ADA, later);
        let wait = addresses.ask(ADA, later).expect_err("there was one at most");
        assert!(wait <= Duration::from_millis(100));
    }

    #[test]
    fn connections_are_counted_per_address_and_in_total() {
        let (mut addresses, now) = (addresses(), Instant::now());
        assert!(addresses.connect(ADA, false, now) && addresses.connect(ADA, false, now));
        assert!(!addresses.connect(ADA, false, now), "two from one address");
        assert!(addresses.connect(ADA, true, now), "unless a proxy stands there");
        assert!(!addresses.connect(BOB, false, now), "three in total");
        addresses.disconnect(ADA);
        assert!(addresses.connect(BOB, false, now));
        assert!(addresses.ask(ADA, now).is_err(), "connections are requests, too");
    }

    #[test]
    fn a_household_of_ipv6_addresses_is_one() {
        let mut addresses = addresses();
        let now = Instant::now();
        let household = |last| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last));
        assert!((1..=3).all(|last| addresses.ask(household(last), now).is_ok()));
        assert!(addresses.ask(household(4), now).is_err());
        let mapped = IpAddr::V6(Ipv4Addr::new(192, 0, 2, 1).to_ipv6_mapped());
        assert!((0..3).all(|_| addresses.ask(ADA, now).is_ok()));
        assert!(addresses.ask(mapped, now).is_err(), "IPv4 written as IPv6 is the same address");
    }

    #[test]
    fn idle_addresses_are_forgotten() {
        let (mut addresses, now) = (addresses(), Instant::now());
        assert!(addresses.ask(ADA, now).is_ok());
        addresses.sweep(now);
        assert_eq!(addresses.accounts.len(), 1);
        addresses.sweep(now + Duration::from_secs(1));
        assert_eq!(addresses.accounts.len(), 0);
    }
}
