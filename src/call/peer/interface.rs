//! The addresses of this machine at which the other side may reach it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// More addresses than this are not offered: each costs a socket and checks against every candidate
/// of the other side.
pub(super) const ADDRESSES_MAX: usize = 12;

/// The addresses of all interfaces that are up, IPv4 first, without link-local ones, and without
/// loopback unless asked for.
#[expect(unsafe_code, reason = "there is no other portable way to ask the system")]
pub(super) fn addresses(loopback: bool) -> Vec<IpAddr> {
    let mut list: *mut libc::ifaddrs = std::ptr::null_mut();
    // SAFETY: getifaddrs fills the pointer with a list that freeifaddrs gives back below.
    if unsafe { libc::getifaddrs(&mut list) } != 0 {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut entry = list;
    // SAFETY: every entry is null or valid until freeifaddrs.
    while let Some(interface) = unsafe { entry.as_ref() } {
        entry = interface.ifa_next;
        let up = interface.ifa_flags & (libc::IFF_UP as u32) != 0;
        // SAFETY: the address, if any, is a sockaddr of the family it names.
        let address = unsafe { read(interface.ifa_addr) };
        if let Some(address) = address
            && up
            && usable(address, loopback)
            && !found.contains(&address)
        {
            found.push(address);
        }
    }
    // SAFETY: the list came from getifaddrs and is not used again.
    unsafe { libc::freeifaddrs(list) };
    found.sort_by_key(|address| (address.is_ipv6(), address.is_loopback()));
    found.truncate(ADDRESSES_MAX);
    found
}

/// # Safety
/// `address` is null or points to a socket address of the family it names.
#[expect(unsafe_code, reason = "a C structure that is chosen by its first field")]
unsafe fn read(address: *const libc::sockaddr) -> Option<IpAddr> {
    // SAFETY: by the function's contract; the casts follow the family.
    unsafe {
        match i32::from(address.as_ref()?.sa_family) {
            libc::AF_INET => {
                let v4 = &*address.cast::<libc::sockaddr_in>();
                Some(Ipv4Addr::from(u32::from_be(v4.sin_addr.s_addr)).into())
            }
            libc::AF_INET6 => {
                let v6 = &*address.cast::<libc::sockaddr_in6>();
                Some(Ipv6Addr::from(v6.sin6_addr.s6_addr).into())
            }
            _ => None,
        }
    }
}

fn usable(address: IpAddr, loopback: bool) -> bool {
    let local = match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    };
    !local && !address.is_unspecified() && !address.is_multicast() && (loopback || !address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_offered_only_when_asked_for() {
        assert!(addresses(true).contains(&Ipv4Addr::LOCALHOST.into()));
        assert!(!addresses(false).iter().any(IpAddr::is_loopback));
    }

    #[test]
    fn link_local_addresses_are_left_out() {
        assert!(!usable("fe80::1".parse().unwrap(), true));
        assert!(!usable("169.254.3.4".parse().unwrap(), true));
        assert!(usable("fd00::1".parse().unwrap(), false));
        assert!(usable("192.168.1.7".parse().unwrap(), false));
    }
}
