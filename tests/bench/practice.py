"""A practice of the real programs: a relay, an agent with its vault, and commands, in a folder that goes away."""

import datetime
import json
import os
import re
import subprocess
import tempfile
import time

PATIENCE_S = 60
PATIENTS = ["Ada Byron", "Alan Turing", "Emmy Noether", "Grace Hopper", "Katherine Johnson"]


def until(what, met):
    """Asks until the answer is something; the answer."""
    deadline = time.monotonic() + PATIENCE_S
    while not (answer := met()):
        if time.monotonic() > deadline:
            raise RuntimeError(f"not in time: {what}")
        time.sleep(0.05)
    return answer


class Practice:
    """A relay and an open vault with a few patients, a week of appointments and some notes."""

    def __init__(self, programs, under=()):
        """`under` is a program the agent runs under, such as strace and its options."""
        self.programs = programs
        self.holder = tempfile.TemporaryDirectory(prefix="bedside-bench-")
        self.folder = self.holder.name
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("BEDSIDE_")}
        self.env |= {"BEDSIDE_VAULT": self.file("practice"), "BEDSIDE_PASSPHRASE_FILE": self.file("passphrase")}
        self.env |= {"BEDSIDE_LOG": "info", "LC_ALL": "C.UTF-8"}
        self.children = []
        self.write("passphrase", "heron lantern orbit velvet\n")
        self.start_relay()
        agent = [*under, self.program("bedside"), "agent"]
        with open(self.file("log"), "w") as log:
            self.agent = self.start(agent, stderr=log)
        until("the agent listens", lambda: os.path.exists(self.file("practice/agent.sock")))
        self.furnish()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run([self.program("bedside"), "visit", "end"], env=self.env, capture_output=True)
        subprocess.run([self.program("bedside"), "agent", "--stop"], env=self.env, capture_output=True)
        for child in reversed(self.children):
            child.terminate()
            child.wait()
        self.holder.cleanup()

    def program(self, name):
        return os.path.join(self.programs, name)

    def file(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.file(name), "w") as file:
            file.write(text)
        return self.file(name)

    def start(self, argv, **options):
        """Starts a program that ends with the practice."""
        options = {"env": self.env, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL} | options
        child = subprocess.Popen(argv, **options)
        self.children.append(child)
        return child

    def bedside(self, *words, env=None):
        """Runs a command that must end well; what it prints."""
        command = [self.program("bedside"), *words]
        done = subprocess.run(command, env=env or self.env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"bedside {' '.join(words[:2])}: {done.stderr.strip()}")
        return done.stdout

    def ask(self, *words):
        """Runs a command for its JSON, one object a line."""
        return [json.loads(line) for line in self.bedside(*words, "--json").splitlines()]

    def start_relay(self):
        relay = self.program("bedside-relay")
        self.write("token", subprocess.run([relay, "token"], capture_output=True, text=True, check=True).stdout)
        command = [relay, "--listen", "127.0.0.1:0", "--token-file", self.file("token")]
        child = self.start(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.relay = child.stdout.readline().split()[-1]

    def furnish(self):
        who = ["--clinician", "Dr. Okafor", "--phone", "+44 20 7946 0000", "--addresses", "direct"]
        self.bedside("init", *who, "--work-factor", "10", "--relay", self.relay, "--relay-token-file", self.file("token"))
        text = self.write("note", "S: Slept five nights of seven.\nO: Calm, oriented.\nA: Improving.\nP: Continue.\n")
        for name in PATIENTS:
            self.bedside("patient", "add", "--name", name, "--phone", "+44 20 7946 0001")
            self.bedside("note", "new", name, "--text-file", text)
        monday = datetime.date.today()
        for day in range(7):
            for place, name in enumerate(PATIENTS):
                at = f"{monday + datetime.timedelta(day)} {9 + 2 * place:02}:00"
                self.bedside("appointment", "add", name, at, "--minutes", "50")

    def log(self):
        """What the agent logged so far."""
        with open(self.file("log")) as log:
            return log.read()

    def logged(self, pattern):
        """Everything of this pattern in the agent's log so far."""
        return re.findall(pattern, self.log())
