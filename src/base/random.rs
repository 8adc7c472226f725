//! Random bytes from the operating system or the browser.

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
