"""A program in a terminal of its own: how long until it stands, and how long from a key to its frame."""

import fcntl
import os
import select
import signal
import statistics
import struct
import termios
import time

# A frame stands when nothing came for so long.
SETTLED_S = 0.06
# A program that says nothing for so long will not.
PATIENCE_S = 10


class Terminal:
    """A pseudoterminal with one program in it."""

    def __init__(self, argv, env=None, columns=120, rows=40):
        self.master, slave = os.openpty()
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        # The leader of a new session takes the first terminal it opens for its own.
        own = [(os.POSIX_SPAWN_OPEN, 0, os.ttyname(slave), os.O_RDWR, 0)]
        own += [(os.POSIX_SPAWN_DUP2, 0, fd) for fd in (1, 2)]
        env = {**(os.environ if env is None else env), "TERM": "xterm-256color"}
        self.started = time.monotonic()
        self.pid = os.posix_spawnp(argv[0], argv, env, file_actions=own, setsid=True)
        os.close(slave)

    def frame(self, least_bytes=1):
        """Reads until a frame stands: the time of its last byte, and its bytes."""
        begun, last, seen = time.monotonic(), None, b""
        while True:
            now = time.monotonic()
            left = last + SETTLED_S - now if len(seen) >= least_bytes else begun + PATIENCE_S - now
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                if len(seen) < least_bytes:
                    raise RuntimeError("a program drew nothing")
                return last, seen
            seen += os.read(self.master, 65536)
            last = time.monotonic()

    def press(self, key):
        """Presses a key; ms until the frame it makes stands."""
        at = time.monotonic()
        os.write(self.master, key)
        return (self.frame()[0] - at) * 1000

    def close(self):
        os.kill(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + 2
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
            # What it still says must be read, or it waits for ever.
            if select.select([self.master], [], [], 0.01)[0]:
                try:
                    os.read(self.master, 65536)
                except OSError:
                    time.sleep(0.01)
        os.close(self.master)


def first_frame(argv, env=None, shows=None):
    """ms from start until the first frame stands. It must show the text `shows`."""
    terminal = Terminal(argv, env)
    try:
        at, seen = terminal.frame(200)
        if shows and shows.encode() not in seen:
            raise RuntimeError(f"the first frame does not show {shows}")
        return (at - terminal.started) * 1000
    finally:
        terminal.close()


def first_frames(runs, *programs):
    """The median first frame of each program; they take turns, so that each meets the same machine."""
    times = [[first_frame(*program) for program in programs] for _ in range(runs + 1)][1:]
    return [statistics.median(column) for column in zip(*times)]


def key_to_frame(argv, keys, presses, env=None, least_bytes=0):
    """The median ms from a key to its frame, over so many presses of the keys in turn."""
    terminal = Terminal(argv, env)
    try:
        if least_bytes:
            terminal.frame(least_bytes)
        else:
            time.sleep(0.2)
        return statistics.median(terminal.press(keys[press % len(keys)]) for press in range(presses))
    finally:
        terminal.close()
