//! Keeps what this process knows to itself: no core dump, no panic that tells, no name in its argument list.

use super::output;

/// No memory in a core dump, neither of this program nor of an editor it opens; and of a panic, where it was but not
/// what it says, for that may be a piece of a note.
pub(super) fn raise() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // Can only fail where it would have to raise a limit.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    std::panic::set_hook(Box::new(|panic| {
        output::bug(&panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string));
    }));
}

/// Takes the arguments, once they are understood, out of the list that `ps` shows to everybody on the machine: a
/// patient's name would stand there for as long as a call is waited for or an editor is open.
pub(super) fn hide_arguments() {
    let program = std::env::args_os().next().map_or(0, |program| program.len());
    let Some((start, end)) = argument_memory() else { return };
    let behind = start.saturating_add(program);
    if behind < end {
        // SAFETY: the kernel laid the arguments out from `start` to `end` in this process's own writable memory, the
        // program's name first. Whoever reads them later, as the standard library may, finds empty texts.
        #[expect(unsafe_code, reason = "no call takes arguments away; their memory has to be written to")]
        unsafe {
            std::ptr::write_bytes(behind as *mut u8, 0, end - behind);
        }
    }
}

/// Where the arguments lie: the fields 48 and 49 of /proc/self/stat, see proc(5).
fn argument_memory() -> Option<(usize, usize)> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name, which may hold anything but ends with the last parenthesis.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(48 - 3);
    let (start, end) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    (start != 0 && start < end).then_some((start, end))
}
