//! The walls around the call: what a hostile picture or description could still reach.
//!
//! Two walls, because each covers what the other cannot. **Landlock** ([`Sandbox::enter`], first thing
//! in main) speaks of paths: devices may be opened, libraries, fonts and locales may be read, nothing
//! may be created, no TCP connection opened, no signal sent. **Seccomp** ([`Sandbox::lock`], once
//! window and devices stand and before the first word of the other side is read) speaks of calls:
//! no program is started, no file opened for writing or created, no other process touched, no socket
//! but UDP and netlink (both needed when the network changes). [`Sandbox::cut`], at the first
//! connection, also takes away new connections to local services (sound server, desktop bus): until
//! then a screen reader that is slow to answer may still attach.
//!
//! What stays possible, and is meant to: opening the camera and sound devices that were there at the
//! start, so that *camera off* can let the camera go and *camera on* take it again. What does not: a
//! device that was plugged in later, or a sound server that was restarted. For these the program
//! ends with [`RESTART`] when the user asks for the device, and whoever started it starts it again;
//! the visit goes on.
//!
//! What the walls do not hold: connections that are already open (the display, the sound server, the
//! desktop's bus when a screen reader runs) speak with the rights of the user. Without Landlock
//! (Linux before 5.13, or switched off) the second wall also refuses to open any file for reading
//! and writing, so a camera that was let go cannot be taken again.

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, NetPort, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Length, SeccompCmpOp as Op, SeccompCondition as Condition,
    SeccompFilter, SeccompRule as Rule,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The exit status that asks to be started again with the same options (sysexits.h EX_TEMPFAIL).
pub const RESTART: u8 = 75;

/// The rules are written for this version of Landlock; older kernels hold what they know of it.
const LANDLOCK: ABI = ABI::V9;

/// Why a wall does not stand.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// Landlock refused its rules.
    #[error("the file wall could not be raised: {0}")]
    Landlock(#[from] landlock::RulesetError),
    /// Seccomp refused its filter.
    #[error("the system call wall could not be raised: {0}")]
    Seccomp(#[from] seccompiler::Error),
    /// The filter cannot be written for this processor.
    #[error("the system call wall is not written for this processor: {0}")]
    Filter(#[from] seccompiler::BackendError),
    /// A process setting was refused.
    #[error("a process setting was refused: {0}")]
    Process(#[from] rustix::io::Errno),
}

/// How much of the first wall the kernel holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// All of it that concerns files.
    Held,
    /// Parts of it.
    Partly,
    /// The kernel has no Landlock.
    Open,
}

/// The process's walls. There is one, made first thing in main.
#[derive(Clone, Copy, Debug)]
pub struct Sandbox {
    files: Files,
}

impl Sandbox {
    /// Raises the first wall and keeps the process's memory to itself (no core dumps, no tracer).
    /// `also` are files the command line names: they may be read.
    ///
    /// Call it before any thread starts.
    ///
    /// # Errors
    /// [`SandboxError`] when the kernel refuses; a kernel without Landlock is no error.
    pub fn enter(also: &[PathBuf]) -> Result<Self, SandboxError> {
        let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
        rustix::process::setrlimit(rustix::process::Resource::Core, none)?;
        rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;

        let mut rules = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(LANDLOCK))?
            .handle_access(AccessNet::from_all(LANDLOCK))?
            .scope(Scope::Signal)?
            .create()?;
        let read = AccessFs::ReadFile | AccessFs::ReadDir;
        let device = AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::IoctlDev;
        let all_reads = read_only().into_iter().chain(also.iter().cloned()).map(|path| (path, read));
        let all_devices = devices().into_iter().map(|path| (path, device | AccessFs::ReadDir));
        // Which devices there are may be seen; opening one needs a rule of its own.
        let all_devices = all_devices.chain([(PathBuf::from("/dev"), AccessFs::ReadDir.into())]);
        let all_sockets = sockets().into_iter().map(|path| (path, AccessFs::ResolveUnix.into()));
        for (path, access) in all_reads.chain(all_devices).chain(all_sockets) {
            rules = allow(rules, &path, access)?;
        }
        if let Some(port) = display_port() {
            rules = rules.add_rule(NetPort::new(port, AccessNet::ConnectTcp))?;
        }
        let files = match rules.restrict_self()?.ruleset {
            RulesetStatus::FullyEnforced => Files::Held,
            // Every version since 5 (Linux 6.10) holds all that speaks of opening and creating.
            RulesetStatus::PartiallyEnforced if ABI::from(kernel()) >= ABI::V5 => Files::Held,
            RulesetStatus::PartiallyEnforced => Files::Partly,
            RulesetStatus::NotEnforced => Files::Open,
        };
        Ok(Self { files })
    }

    /// How much of the first wall stands.
    pub fn files(&self) -> Files {
        self.files
    }

    /// Raises the second wall, for every thread there is and will be.
    ///
    /// # Errors
    /// [`SandboxError`] when the kernel refuses; the call must not go on then.
    pub fn lock(&self) -> Result<(), SandboxError> {
        apply(UNREADABLE.map(|call| (call, Vec::new())).into(), libc::ENOSYS)?;
        apply(refused(self.files)?, libc::EPERM)
    }

    /// Takes away new connections to local services.
    ///
    /// # Errors
    /// [`SandboxError`] when the kernel refuses.
    pub fn cut(&self) -> Result<(), SandboxError> {
        apply(BTreeMap::from([(libc::SYS_socket, vec![rule([is(0, libc::AF_UNIX)])?])]), libc::EPERM)
    }
}

fn allow(
    rules: landlock::RulesetCreated,
    path: &Path,
    access: BitFlags<AccessFs>,
) -> Result<landlock::RulesetCreated, landlock::RulesetError> {
    // What is not there needs no rule.
    let Ok(opened) = PathFd::new(path) else { return Ok(rules) };
    let access = if path.is_dir() { access } else { access & AccessFs::from_file(LANDLOCK) };
    rules.add_rule(PathBeneath::new(opened, access))
}

/// The version of Landlock the kernel speaks.
fn kernel() -> i32 {
    #[expect(unsafe_code, reason = "the crate does not tell the version it found")]
    // SAFETY: with a null attribute, size 0 and the flag VERSION (1) the call reads no memory.
    let version = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<u8>(), 0usize, 1u32) };
    i32::try_from(version).unwrap_or(0)
}

/// Programs' libraries, fonts, locales, settings of sound and display: read only.
fn read_only() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = [
        "/lib",
        "/lib32",
        "/lib64",
        "/usr/lib",
        "/usr/lib32",
        "/usr/lib64",
        "/usr/local/lib",
        "/usr/share",
        "/usr/local/share",
        "/nix/store",
        "/gnu/store",
        "/run/opengl-driver",
        "/run/current-system/sw/share",
        "/etc/alsa",
        "/etc/asound.conf",
        "/etc/drirc",
        "/etc/fonts",
        "/etc/glvnd",
        "/etc/hosts",
        "/etc/ld.so.cache",
        "/etc/ld.so.preload",
        "/etc/localtime",
        "/etc/machine-id",
        "/etc/nsswitch.conf",
        "/etc/pulse",
        "/etc/resolv.conf",
        "/etc/vulkan",
        "/etc/X11",
        "/run/systemd/resolve",
        "/run/NetworkManager/resolv.conf",
        "/var/lib/dbus/machine-id",
        "/dev/urandom",
        "/proc/self",
        "/proc/cpuinfo",
        "/proc/meminfo",
        "/proc/driver",
        "/proc/asound",
        "/proc/sys/dev",
        "/proc/sys/net",
        "/sys",
    ]
    .map(PathBuf::from)
    .into();
    if let Some(home) = home() {
        let of_home = [
            ".asoundrc",
            ".config/alsa",
            ".config/pulse",
            ".icons",
            ".local/share/icons",
            ".fonts",
            ".Xauthority",
            ".Xdefaults",
            ".XCompose",
            ".drirc",
        ];
        paths.extend(of_home.map(|name| home.join(name)));
    }
    let named = ["XAUTHORITY", "XCOMPOSEFILE", "PULSE_COOKIE", "ALSA_CONFIG_PATH"];
    paths.extend(named.iter().filter_map(std::env::var_os).map(PathBuf::from));
    paths.extend(
        runtime_entries()
            .filter(|(name, _)| name.starts_with("pulse") || name.starts_with("pipewire"))
            .map(|(_, path)| path),
    );
    paths
}

/// Cameras, sound cards and graphics cards that are there now.
fn devices() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        ["/dev/null", "/dev/zero", "/dev/snd", "/dev/dri", "/dev/udmabuf"].map(PathBuf::from).into();
    let wanted = ["video", "media", "nvidia", "mali", "kgsl"];
    let found = std::fs::read_dir("/dev").into_iter().flatten().flatten();
    paths.extend(found.map(|entry| entry.path()).filter(|path| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| wanted.iter().any(|w| name.starts_with(w)))
    }));
    paths
}

/// Sockets of display, sound and desktop bus. Kernels before Landlock 9 do not ask.
fn sockets() -> Vec<PathBuf> {
    let ours = ["wayland-", "pulse", "pipewire", "bus", "at-spi", "dbus"];
    let runtime = runtime_entries().filter(|(name, _)| ours.iter().any(|o| name.starts_with(o))).map(|(_, path)| path);
    let named = ["WAYLAND_DISPLAY", "PULSE_RUNTIME_PATH", "PULSE_SERVER"];
    let named = named.iter().filter_map(std::env::var_os).filter_map(|value| {
        let value = value.into_string().ok()?;
        Some(PathBuf::from(value.strip_prefix("unix:").unwrap_or(&value))).filter(|path| path.is_absolute())
    });
    std::iter::once(PathBuf::from("/tmp/.X11-unix")).chain(runtime).chain(named).collect()
}

fn runtime_entries() -> impl Iterator<Item = (String, PathBuf)> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let entries = runtime.and_then(|path| std::fs::read_dir(path).ok()).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
}

fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").map(PathBuf::from).filter(|path| path.is_absolute())
}

/// The port of a display reached over TCP (`localhost:10.0` is port 6010), as `ssh -X` makes it.
fn display_port() -> Option<u16> {
    let display = std::env::var("DISPLAY").ok()?;
    let (host, number) = display.rsplit_once(':')?;
    if host.is_empty() || host.starts_with('/') || host == "unix" {
        return None;
    }
    number.split('.').next()?.parse::<u16>().ok()?.checked_add(6000)
}

type Refused = BTreeMap<i64, Vec<Rule>>;

fn apply(refused: Refused, answer: i32) -> Result<(), SandboxError> {
    let errno = u32::try_from(answer).expect("invariant: an error number is positive");
    let processor = std::env::consts::ARCH.try_into()?;
    let filter = SeccompFilter::new(refused, SeccompAction::Allow, SeccompAction::Errno(errno), processor)?;
    let program: BpfProgram = filter.try_into()?;
    Ok(seccompiler::apply_filter_all_threads(&program)?)
}

fn is(argument: u8, value: i32) -> Result<Condition, seccompiler::BackendError> {
    Condition::new(argument, Length::Dword, Op::Eq, value as u32 as u64)
}

fn is_not(argument: u8, value: i32) -> Result<Condition, seccompiler::BackendError> {
    Condition::new(argument, Length::Dword, Op::Ne, value as u32 as u64)
}

fn has(argument: u8, mask: i32, value: i32) -> Result<Condition, seccompiler::BackendError> {
    Condition::new(argument, Length::Dword, Op::MaskedEq(mask as u32 as u64), value as u32 as u64)
}

fn rule<const N: usize>(
    conditions: [Result<Condition, seccompiler::BackendError>; N],
) -> Result<Rule, seccompiler::BackendError> {
    Rule::new(conditions.into_iter().collect::<Result<_, _>>()?)
}

/// The calls that are refused. A deny list: graphics drivers differ too much for the other kind.
fn refused(files: Files) -> Result<Refused, seccompiler::BackendError> {
    let mut refused: Refused = BTreeMap::new();
    for call in ALWAYS.iter().chain(OLD) {
        refused.insert(*call, Vec::new());
    }
    // Opening: neither writing nor creating. Devices are opened for both ways; Landlock sees to it
    // that nothing else is.
    let writing = |flags: u8| -> Result<Vec<Rule>, seccompiler::BackendError> {
        let tmpfile = libc::O_TMPFILE & !libc::O_DIRECTORY;
        let mut rules = vec![
            rule([has(flags, libc::O_ACCMODE, libc::O_WRONLY)])?,
            rule([has(flags, libc::O_CREAT, libc::O_CREAT)])?,
            rule([has(flags, libc::O_TRUNC, libc::O_TRUNC)])?,
            rule([has(flags, libc::O_APPEND, libc::O_APPEND)])?,
            rule([has(flags, tmpfile, tmpfile)])?,
        ];
        if files == Files::Open {
            rules.push(rule([has(flags, libc::O_ACCMODE, libc::O_RDWR)])?);
        }
        Ok(rules)
    };
    refused.insert(libc::SYS_openat, writing(2)?);
    #[cfg(target_arch = "x86_64")]
    refused.insert(libc::SYS_open, writing(1)?);
    // Threads, but no processes and no namespaces.
    refused.insert(libc::SYS_clone, vec![rule([has(0, libc::CLONE_THREAD, 0)])?]);
    // UDP and netlink; local sockets until `cut`.
    let other =
        [is_not(0, libc::AF_INET), is_not(0, libc::AF_INET6), is_not(0, libc::AF_NETLINK), is_not(0, libc::AF_UNIX)];
    let mut sockets = vec![rule(other)?];
    for family in [libc::AF_INET, libc::AF_INET6] {
        for kind in [libc::SOCK_STREAM, libc::SOCK_RAW, libc::SOCK_SEQPACKET] {
            sockets.push(rule([is(0, family), has(1, 0xf, kind)])?);
        }
    }
    refused.insert(libc::SYS_socket, sockets);
    // A pair of datagram sockets could be turned to someone else.
    refused.insert(libc::SYS_socketpair, vec![rule([has(1, 0xf, libc::SOCK_DGRAM)])?]);
    let own = i32::try_from(std::process::id()).expect("invariant: a process id is positive");
    refused.insert(libc::SYS_kill, vec![rule([is_not(0, own)])?]);
    refused.insert(libc::SYS_tgkill, vec![rule([is_not(0, own)])?]);
    let typing = i32::try_from(libc::TIOCSTI).expect("invariant: a small number");
    refused.insert(libc::SYS_ioctl, vec![rule([is(1, typing)])?]);
    // Nobody may make the process's memory readable again.
    refused.insert(libc::SYS_prctl, vec![rule([is(0, libc::PR_SET_DUMPABLE), is_not(1, 0)])?]);
    Ok(refused)
}

#[rustfmt::skip]
const ALWAYS: &[i64] = &[
    // other programs
    libc::SYS_execve, libc::SYS_execveat, libc::SYS_ptrace, libc::SYS_process_vm_readv, libc::SYS_process_vm_writev,
    libc::SYS_pidfd_open, libc::SYS_pidfd_getfd, libc::SYS_pidfd_send_signal, libc::SYS_kcmp, libc::SYS_tkill,
    libc::SYS_rt_sigqueueinfo, libc::SYS_rt_tgsigqueueinfo, libc::SYS_process_madvise,
    // names in the file system
    libc::SYS_mknodat, libc::SYS_mkdirat, libc::SYS_unlinkat, libc::SYS_renameat2, libc::SYS_linkat,
    libc::SYS_symlinkat, libc::SYS_truncate, libc::SYS_fchmod, libc::SYS_fchmodat, libc::SYS_fchown,
    libc::SYS_fchownat, libc::SYS_utimensat, libc::SYS_setxattr, libc::SYS_lsetxattr, libc::SYS_fsetxattr,
    libc::SYS_removexattr, libc::SYS_lremovexattr, libc::SYS_fremovexattr, libc::SYS_open_by_handle_at,
    // the system
    libc::SYS_mount, libc::SYS_umount2, libc::SYS_pivot_root, libc::SYS_chroot, libc::SYS_unshare, libc::SYS_setns,
    libc::SYS_move_mount, libc::SYS_open_tree, libc::SYS_fsopen, libc::SYS_fsmount, libc::SYS_fspick,
    libc::SYS_swapon, libc::SYS_swapoff, libc::SYS_reboot, libc::SYS_sethostname, libc::SYS_setdomainname,
    libc::SYS_init_module, libc::SYS_finit_module, libc::SYS_delete_module, libc::SYS_kexec_load, libc::SYS_acct,
    libc::SYS_quotactl, libc::SYS_settimeofday, libc::SYS_clock_settime, libc::SYS_adjtimex, libc::SYS_syslog,
    // the kernel's own machinery
    libc::SYS_bpf, libc::SYS_perf_event_open, libc::SYS_userfaultfd, libc::SYS_keyctl, libc::SYS_add_key,
    libc::SYS_request_key, libc::SYS_io_uring_setup, libc::SYS_io_uring_enter, libc::SYS_io_uring_register,
    libc::SYS_fanotify_init, libc::SYS_personality, libc::SYS_vhangup,
];

/// Calls whose flags lie in memory, where a filter cannot look. They are said not to exist; C libraries
/// fall back to the older ones, which are looked at.
const UNREADABLE: [i64; 2] = [libc::SYS_openat2, libc::SYS_clone3];

/// Older spellings that only some processors have.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
const OLD: &[i64] = &[
    libc::SYS_fork, libc::SYS_vfork, libc::SYS_creat, libc::SYS_mknod, libc::SYS_mkdir, libc::SYS_rmdir,
    libc::SYS_unlink, libc::SYS_rename, libc::SYS_renameat, libc::SYS_link, libc::SYS_symlink, libc::SYS_chmod,
    libc::SYS_chown, libc::SYS_lchown, libc::SYS_utime, libc::SYS_utimes, libc::SYS_futimesat, libc::SYS_iopl,
    libc::SYS_ioperm, libc::SYS_modify_ldt, libc::SYS_kexec_file_load,
];
#[cfg(not(target_arch = "x86_64"))]
const OLD: &[i64] = &[];
