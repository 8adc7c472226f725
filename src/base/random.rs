//! Random bytes from the operating system or the browser.

use std::cell::RefCell;

/// So many bytes that are no secret are drawn at once.
const STORE_BYTES: usize = 4096;

thread_local! {
    static STORE: RefCell<Store> = const { RefCell::new(Store { bytes: [0; STORE_BYTES], used: STORE_BYTES }) };
}

struct Store {
    bytes: [u8; STORE_BYTES],
    used: usize,
}

/// Fills `to` with unpredictable bytes.
pub fn fill(to: &mut [u8]) {
    getrandom::getrandom(to).expect("the system's random source never fails once the system is up");
}

/// `N` unpredictable bytes.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    fill(&mut out);
    out
}

/// `N` unpredictable bytes that are used once and are no secret: an identifier, a nonce. An import needs hundreds of
/// thousands, so the system is asked for many at once. (A process that forks and goes on must not use it: both would
/// draw the same. None of ours does.)
pub fn once<const N: usize>() -> [u8; N] {
    const { assert!(N <= STORE_BYTES) };
    STORE.with_borrow_mut(|store| {
        if store.used + N > STORE_BYTES {
            fill(&mut store.bytes);
            store.used = 0;
        }
        let mut out = [0; N];
        out.copy_from_slice(&store.bytes[store.used..][..N]);
        store.used += N;
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn nothing_comes_twice_from_the_store() {
        let drawn: Vec<[u8; 24]> = (0..3 * STORE_BYTES / 24).map(|_| once()).collect();
        let elsewhere = std::thread::spawn(|| (0..100).map(|_| once::<24>()).collect::<Vec<_>>());
        let all = [drawn, elsewhere.join().expect("it draws")].concat();
        assert!(all.iter().all(|bytes| bytes != &[0; 24]));
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        assert_ne!(once::<STORE_BYTES>(), once::<STORE_BYTES>());
    }
}
