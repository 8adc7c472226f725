"""What others use for notes nobody else shall read: a file each with age, pass, and jrnl's one encrypted file."""

import os
import statistics
import subprocess
import tempfile
import time

import process

# As many files, or entries, as are there; what is found in a hundred thousand is reckoned from that.
FILES = 200
ENTRIES = 10_000
NOTES = 100_000
PASSWORD = "heron lantern orbit velvet"
TEXT = "S: Slept five nights of seven.\nO: Calm, oriented.\nA: Improving.\nP: Continue.\n" * 5


def each(table, what, reached, measure, **aim):
    """A row beside every peer, of each of which `measure` gives what was done and its cost. The aim is of the first."""
    for peer in (Age, Pass, Jrnl):
        with tempfile.TemporaryDirectory(prefix="bedside-peer-") as folder:
            table.add(what, reached, *measure(peer(folder)), **aim)
        aim = {}


class Age:
    """One file a note."""

    def __init__(self, folder):
        self.folder, self.key = folder, os.path.join(folder, "key")
        subprocess.run(["age-keygen", "-o", self.key], check=True, stderr=subprocess.DEVNULL)
        public = subprocess.run(["age-keygen", "-y", self.key], check=True, stdout=subprocess.PIPE, text=True).stdout
        self.seal = ["age", "-r", public.strip(), "-o"]

    def add_one(self, note, runs):
        command = [*self.seal, os.path.join(self.folder, "note.age"), note]
        return "age -r of it", process.median_cpu(command, runs)

    def search(self, word):
        for number in range(FILES):
            command = [*self.seal, os.path.join(self.folder, f"{number}.age")]
            subprocess.run(command, input=TEXT, text=True, check=True)
        loop = f'for f in "$1"/*.age; do age -d -i "$1/key" "$f" | grep -q {word} && echo "$f"; done; true'
        return "age -d of each, grep", took(["sh", "-c", loop, "sh", self.folder]) * NOTES / FILES


class Pass:
    """One file a note, with GnuPG."""

    def __init__(self, folder):
        self.store = os.path.join(folder, "store")
        self.env = os.environ | {"GNUPGHOME": os.path.join(folder, "gnupg"), "PASSWORD_STORE_DIR": self.store}
        os.mkdir(self.env["GNUPGHOME"], 0o700)
        self.run("gpg", "--batch", "--passphrase", "", "--quick-gen-key", "bench@localhost", "default", "default", "never")
        self.run("pass", "init", "bench@localhost")

    def __del__(self):
        self.run("gpgconf", "--kill", "all")

    def run(self, *command, **more):
        subprocess.run(command, env=self.env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)

    def add_one(self, note, runs):
        command = ["pass", "insert", "--force", "--multiline", "note"]
        process.run(command, self.env, note)
        return "pass insert", statistics.median(process.run(command, self.env, note) for _ in range(runs))

    def search(self, word):
        seal = ["gpg", "--batch", "--trust-model", "always", "--recipient", "bench@localhost", "--encrypt", "--output"]
        for number in range(FILES):
            self.run(*seal, os.path.join(self.store, f"{number}.gpg"), input=TEXT.encode())
        return "pass grep", took(["pass", "grep", word], self.env) * NOTES / FILES


class Jrnl:
    """All notes in one file, which is written anew for each."""

    PROGRAM = os.path.join(os.environ.get("BEDSIDE_BENCH_PEERS", ""), "bin", "jrnl")
    CONFIG = """\
version: "4.6"
colors: {{body: none, date: none, tags: none, title: none}}
default_hour: 9
default_minute: 0
editor: ''
encrypt: true
highlight: false
indent_character: '|'
journals: {{default: {{journal: {journal}, encrypt: true}}}}
linewrap: 79
tagsymbols: '@'
template: false
timeformat: '%Y-%m-%d %H:%M'
"""
    # What is there already is written by jrnl's own hand.
    FILL = """\
import datetime, keyring, sys
from jrnl.encryption.Jrnlv3Encryption import Jrnlv3Encryption
journal, password, entries, text = sys.argv[1:]
keyring.set_password("jrnl", "default", password)
begin = datetime.datetime(2020, 1, 1)
at = lambda number: (begin + datetime.timedelta(minutes=10 * number)).strftime("[%Y-%m-%d %H:%M] ")
sealer = Jrnlv3Encryption("default", {"encrypt": True, "journal": journal})
sealer.password = password
open(journal, "wb").write(sealer._encrypt("\\n".join(at(number) + text for number in range(int(entries)))))
"""

    def __init__(self, folder):
        if not os.path.exists(self.PROGRAM):
            raise RuntimeError("jrnl is not there: start this with 'make bench', which fetches it")
        journal = os.path.join(folder, "journal")
        self.env = os.environ | {name: folder for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        self.env["PYTHON_KEYRING_BACKEND"] = "keyrings.alt.file.PlaintextKeyring"
        os.mkdir(os.path.join(folder, "jrnl"))
        with open(os.path.join(folder, "jrnl", "jrnl.yaml"), "w") as file:
            file.write(self.CONFIG.format(journal=journal))
        python = os.path.join(os.path.dirname(self.PROGRAM), "python")
        subprocess.run([python, "-c", self.FILL, journal, PASSWORD, str(ENTRIES), TEXT], env=self.env, check=True)

    def add_one(self, note, _runs):
        with open(note) as file:
            command = [self.PROGRAM, "2026-01-01 09:00: " + file.read()]
        costs = [process.run(command, self.env) for _ in range(3)]
        return f"jrnl, with {ENTRIES:,} there", statistics.median(costs)

    def search(self, word):
        command = [self.PROGRAM, "-contains", word, "--short"]
        return "jrnl -contains", took(command, self.env) * NOTES / ENTRIES


def took(command, env=None):
    """How long a search took that found nothing, in ms."""
    begin = time.monotonic()
    subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.monotonic() - begin) * 1000
