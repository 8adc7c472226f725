"""What processes cost: CPU time and memory, as the kernel counts them."""

import os
import statistics
import time


def run(argv, env=None, stdin=None):
    """Runs a program to its end; its CPU in ms (user and system, with all threads)."""
    nowhere = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1)]
    if stdin:
        nowhere[0] = (os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0)
    pid = os.posix_spawnp(argv[0], argv, os.environ if env is None else env, file_actions=nowhere)
    _, status, used = os.wait4(pid, 0)
    if status:
        raise RuntimeError(f"{os.path.basename(argv[0])} {' '.join(argv[1:3])} ended with {status >> 8}")
    return (used.ru_utime + used.ru_stime) * 1000


def median_cpu(argv, runs):
    """The median CPU of so many runs, in ms; one run before them warms the caches."""
    run(argv)
    return statistics.median(run(argv) for _ in range(runs))


def cpu(pid):
    """CPU a running process has used so far, in ms, with its threads, the ended ones too.

    Reads the process's own CPU clock (clock_getcpuclockid(3)), which counts nanoseconds, not ticks.
    """
    return time.clock_gettime((~pid << 3) | 2) * 1000


def descendants(root):
    """The process and everything it started that still runs."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            children.setdefault(parent(name), []).append(int(name))
        except OSError:
            # It ended in between.
            continue
    found, open_ = [], [root]
    while open_:
        pid = open_.pop()
        found.append(pid)
        open_ += children.get(pid, [])
    return found


def tree_cpu(root):
    """CPU of a process and its descendants, by process, in ms."""
    used = {}
    for pid in descendants(root):
        try:
            used[pid] = cpu(pid)
        except OSError:
            # It ended in between.
            pass
    return used


def used_since(before, after):
    """CPU between two readings of [`tree_cpu`], in ms."""
    return sum(now - before.get(pid, 0) for pid, now in after.items())


def parent(pid):
    """The process that started it, or that took it over when that one ended."""
    with open(f"/proc/{pid}/stat") as stat:
        return int(stat.read().rsplit(")", 1)[1].split()[1])


def running(program):
    """Processes of the program at this path, by what they were started as."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as line:
                if line.read().split(b"\0")[0] == os.fsencode(program):
                    found.append(int(pid))
        except OSError:
            continue
    return found


def memory(pid):
    """Resident memory in MiB: all of it, and the proportional share where the kernel tells it (else None)."""

    def field(file, name):
        try:
            with open(f"/proc/{pid}/{file}") as lines:
                return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))
        except (OSError, StopIteration):
            return None

    # A process that forbids core dumps hides its map from everyone but root.
    return field("status", "VmRSS:"), field("smaps_rollup", "Pss:")
