"""A visit between real programs, measured: `bedside-call` at one end, another one or a browser at the other; and two
browser ends for comparison."""

import contextlib
import functools
import http.server
import os
import statistics
import subprocess
import threading
import time

import browser
import card
import process
from practice import until

MADE_UP = ["--camera", "test-card", "--microphone", "tone", "--speaker", "none", "--loopback"]
# What bedside-call spends on 640×480 at most.
KBPS = 640 * 480 // 340
# Bitrate and playout settle meanwhile.
WARM_S = 10


class Cost:
    """What one end of a call costs."""

    def __init__(self, cpu_ms, frames, seconds, kbps, resident_mib=None, share_mib=None):
        self.per_frame_ms = cpu_ms / frames
        self.frames_per_s = frames / seconds
        self.kbps = kbps
        self.resident_mib, self.share_mib = resident_mib, share_mib


@contextlib.contextmanager
def display(width=2000, height=800):
    """An X server without a screen; its name."""
    screen = ["-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
    command = ["Xvfb", "-displayfd", "1", *screen]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def visit(practice):
    """The visit that runs, or nothing."""
    return practice.ask("status")[0]["visit"]


@contextlib.contextmanager
def native_patient(practice, who):
    """The same programs at the patient's end, in the waiting room."""
    link = practice.write("link", practice.ask("patient", "invite", who)[0]["link"])
    join = [practice.program("bedside"), "call", "join", "--knock", "--link-file", link, "--headless", *MADE_UP]
    patient = practice.start(join, stderr=subprocess.DEVNULL)
    until("the patient waits", lambda: practice.ask("room", "list"))
    try:
        yield
    finally:
        patient.terminate()
        patient.wait()


@contextlib.contextmanager
def browser_patient(practice, who):
    """A browser on the patient's page, in the waiting room."""
    link = practice.ask("patient", "invite", who)[0]["link"]
    with browser.Browser([]) as page:
        page.open(link)
        page.press("Tap to begin")
        page.press("I'm here for my visit")
        page.wait_for("document.querySelector('#alone-true')")
        page.evaluate("(document.querySelector('#alone-true').click(), null)")
        page.press("I'm ready")
        until("the patient waits", lambda: practice.ask("room", "list"))
        yield


@contextlib.contextmanager
def call(practice, who, shown_on=None):
    """Admits; the process of the clinician's call, live, with a window if a display is named."""
    env = {name: value for name, value in practice.env.items() if name != "WAYLAND_DISPLAY"}
    env |= {"DISPLAY": shown_on, "LIBGL_ALWAYS_SOFTWARE": "1"} if shown_on else {}
    practice.bedside("call", who, *MADE_UP, *([] if shown_on else ["--headless"]), env=env)
    until("sound and picture run", lambda: (visit(practice) or {}).get("phase") == "live")
    # The patient's one has the patient's program for its parent; ours outlived the command that started it.
    patients = [child.pid for child in practice.children]
    [ours] = [pid for pid in process.running(practice.program("bedside-call")) if process.parent(pid) not in patients]
    try:
        yield ours
    finally:
        practice.bedside("visit", "end")
        until("the visit ended", lambda: not visit(practice))


def first_picture_ms(practice, who):
    """Admits without a window, until the first picture of the patient was decoded: ms since the admission."""
    pattern = r"first picture .*after_ms=(\d+)"
    before = len(practice.logged(pattern))
    with call(practice, who):
        return int(until("a picture comes", lambda: practice.logged(pattern)[before:])[0])


def measure_call(practice, pid, seconds):
    """What a running `bedside-call` costs: its own process, all of it."""
    time.sleep(WARM_S)
    begun, before, rates, bits, memory = time.monotonic(), process.cpu(pid), [], [], []
    for second in range(seconds):
        time.sleep(max(0, begun + second + 1 - time.monotonic()))
        quality = visit(practice)["quality"]
        rates.append(quality["frames_per_s"])
        bits.append(quality["receive_bps"])
        memory.append(process.memory(pid))
        if (quality["width"], quality["height"]) != (card.WIDTH, card.HEIGHT):
            raise RuntimeError(f"the picture is {quality['width']}×{quality['height']}")
    took, used = time.monotonic() - begun, process.cpu(pid) - before
    resident, share = (max(values) if all(values) else None for values in zip(*memory))
    return Cost(used, statistics.mean(rates) * took, took, statistics.mean(bits) / 1000, resident, share)


class Site(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def site():
    """This folder on loopback: a browser lends its camera to no file."""
    handler = functools.partial(Site, directory=os.path.dirname(os.path.abspath(__file__)))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextlib.contextmanager
def browser_call(folder, seen, shown_on=None):
    """Two ends in one page of a browser, with the card and the tone for devices."""
    tape = card.write_card(os.path.join(folder, "card.y4m"))
    tone = card.write_tone(os.path.join(folder, "tone.wav"))
    flags = [f"--use-file-for-fake-video-capture={tape}", f"--use-file-for-fake-audio-capture={tone}"]
    flags += ["--window-size=1960,760", "--window-position=0,0"]
    with site() as address, browser.Browser(flags, shown_on) as page:
        page.open(f"{address}/pair.html")
        page.wait_for("document.readyState === 'complete' && window.begin")
        page.evaluate(f"begin({KBPS}, {'false' if seen else 'true'})")
        yield page


def browser_first_picture_ms(folder):
    """From a browser's offer to itself to its first picture, with its devices open and nothing to carry messages over."""
    with browser_call(folder, seen=True) as page:
        page.wait_for("first !== null")
        return page.evaluate("first")


def measure_browser(folder, seconds, shown_on=None):
    """What one of two ends in a browser costs: half of all its processes, and their memory, all of it."""
    with browser_call(folder, bool(shown_on), shown_on) as page:
        until("pictures come", lambda: page.evaluate("count()")["frames"] > 30)
        time.sleep(WARM_S)
        begun, before, first = time.monotonic(), process.tree_cpu(page.pid), page.evaluate("count()")
        time.sleep(seconds)
        took = time.monotonic() - begun
        used, last = process.used_since(before, process.tree_cpu(page.pid)), page.evaluate("count()")
        shares = [process.memory(pid)[1] for pid in process.descendants(page.pid)]
    if (last["width"], last["height"]) != (card.WIDTH, card.HEIGHT):
        raise RuntimeError(f"the browser's picture is {last['width']}×{last['height']}")
    frames, bits = last["frames"] - first["frames"], 8 * (last["bytes"] - first["bytes"])
    share = sum(shares) if all(shares) else None
    return Cost(used / 2, frames / 2, took, bits / 2 / took / 1000, share_mib=share)
