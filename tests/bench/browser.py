"""Chromium, driven over the DevTools protocol through its pipe: NUL-separated JSON on descriptors 3 and 4."""

import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time

FLAGS = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
FLAGS += ["--disable-gpu", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
FLAGS += ["--autoplay-policy=no-user-gesture-required", "--remote-debugging-pipe"]
PATIENCE_S = 60


def program():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    raise RuntimeError("this needs Chromium: install the package chromium")


class PageError(Exception):
    """What a page or its browser could not do."""


class Browser:
    """A browser with one page, on a fresh profile."""

    def __init__(self, flags, display=None):
        """Headless, unless a display is given."""
        self.profile = tempfile.TemporaryDirectory(prefix="bedside-bench-", ignore_cleanup_errors=True)
        argv = [program(), *FLAGS, *flags, f"--user-data-dir={self.profile.name}"]
        argv += [] if display else ["--headless=new"]
        # Chromium's own sandbox refuses to be started by root.
        argv += ["--no-sandbox"] if os.getuid() == 0 else []
        env = {**os.environ, "DISPLAY": display or ""}
        # Above the two numbers that Chromium wants.
        high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in (*os.pipe(), *os.pipe())]
        theirs_in, self.to, self.back, theirs_out = high
        given = [(os.POSIX_SPAWN_DUP2, theirs_in, 3), (os.POSIX_SPAWN_DUP2, theirs_out, 4)]
        given += [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
        self.pid = os.posix_spawnp(argv[0], [*argv, "about:blank"], env, file_actions=given)
        os.close(theirs_in)
        os.close(theirs_out)
        self.seen, self.number, self.session = b"", 0, None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + 5
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            time.sleep(0.02)
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
        os.close(self.to)
        os.close(self.back)
        self.profile.cleanup()

    def command(self, method, **parameters):
        """One command, and its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        message |= {"sessionId": self.session} if self.session else {}
        os.write(self.to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE_S
        while True:
            while b"\0" not in self.seen:
                if not select.select([self.back], [], [], max(0, deadline - time.monotonic()))[0]:
                    raise RuntimeError(f"the browser does not answer {method}")
                if not (bytes_ := os.read(self.back, 1 << 20)):
                    raise RuntimeError("the browser is gone")
                self.seen += bytes_
            said, self.seen = self.seen.split(b"\0", 1)
            said = json.loads(said)
            if said.get("id") == self.number:
                if "error" in said:
                    raise PageError(f"{method}: {said['error']['message']}")
                return said["result"]

    def open(self, url):
        """Opens a page; what follows is said to it."""
        target = self.command("Target.createTarget", url=url)["targetId"]
        self.session = self.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def evaluate(self, expression):
        """What an expression is; promises are waited for."""
        asked = {"expression": expression, "awaitPromise": True, "returnByValue": True, "userGesture": True}
        answer = self.command("Runtime.evaluate", **asked)
        if thrown := answer.get("exceptionDetails"):
            raise PageError(thrown.get("exception", thrown).get("description", thrown["text"]))
        return answer["result"].get("value")

    def wait_for(self, expression):
        """Asks until an expression is true; one that throws, or has no page yet, is not."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            with contextlib.suppress(PageError):
                if self.evaluate(f"!!({expression})"):
                    return
            if time.monotonic() > deadline:
                raise PageError(f"not in time: {expression}")
            time.sleep(0.05)

    def press(self, name):
        """Presses the button whose text begins so, once it is there."""
        buttons = "[...document.querySelectorAll('button')]"
        fits = f"b.innerText.trim().startsWith({json.dumps(name)}) && !b.disabled && b.checkVisibility()"
        button = f"{buttons}.find((b) => {fits})"
        self.wait_for(button)
        self.evaluate(f"({button}.click(), null)")
