"""What many records cost: opened, searched, verified, written by many at once; beside files that age encrypts."""

import os
import shutil
import subprocess
import tempfile
import time

import peers
import process

PASSPHRASE = "heron lantern orbit velvet"
# A word that is in no note.
NOWHERE = "zanthoxylum"
# What is found while the memory of searches is not there yet takes longer than this.
SLOW_S = 0.05


class Records:
    """A practice of so many notes, with as many events of each, and its agent."""

    def __init__(self, programs, notes, in_a_commit, events=1):
        self.programs = programs
        self.holder = tempfile.TemporaryDirectory(prefix="bedside-bench-")
        self.folder = os.path.join(self.holder.name, "practice")
        with open(os.path.join(self.holder.name, "passphrase"), "w") as file:
            file.write(PASSPHRASE + "\n")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("BEDSIDE_")}
        self.env |= {"BEDSIDE_VAULT": self.folder, "BEDSIDE_PASSPHRASE_FILE": os.path.join(self.holder.name, "passphrase")}
        self.agent = None
        subprocess.run([self.example("fill"), self.folder, PASSPHRASE, *map(str, (notes, in_a_commit, events))], check=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.holder.cleanup()

    def example(self, name):
        return os.path.join(self.programs, "examples", name)

    def start(self):
        """A fresh agent, locked."""
        self.stop()
        bedside = os.path.join(self.programs, "bedside")
        self.agent = subprocess.Popen([bedside, "agent"], env=self.env, stdin=subprocess.DEVNULL)
        while not os.path.exists(os.path.join(self.folder, "agent.sock")):
            time.sleep(0.01)

    def stop(self):
        if self.agent:
            self.agent.terminate()
            self.agent.wait()
            self.agent = None

    def ask(self, *words):
        """A command: how long it took, and what the agent used for it, in ms."""
        before, begin = process.cpu(self.agent.pid), time.monotonic()
        command = [os.path.join(self.programs, "bedside"), *words]
        subprocess.run(command, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        return (time.monotonic() - begin) * 1000, process.cpu(self.agent.pid) - before

    def load(self, what, *words):
        """What clients on open connections measure."""
        command = [self.example("load"), what, self.folder, *map(str, words)]
        done = subprocess.run(command, env=self.env, stdout=subprocess.PIPE, text=True, check=True)
        return [float(word) for word in done.stdout.split()]

    def lose_index(self):
        shutil.rmtree(os.path.join(self.folder, "vault", "index"))


def measure_hundred_thousand(table, programs):
    """100,000 notes: memory, search, writers."""
    with Records(programs, 100_000, 10) as records:
        records.start()
        records.ask("unlock")
        table.add("100k notes: agent's memory, open and idle", process.memory(records.agent.pid)[0], unit="MiB", most=120)
        wall, _ = records.ask("note", "search", NOWHERE)
        peers.each(table, "100k notes: search right after unlock", wall, lambda peer: peer.search(NOWHERE), most=1000)
        while records.ask("note", "search", NOWHERE)[0] > SLOW_S * 1000:
            time.sleep(0.5)
        median, slowest = records.load("search", 500)
        table.add("  again, from memory: p50", median)
        table.add("  again, from memory: p99", slowest, most=10)
        table.add("  agent's memory then", process.memory(records.agent.pid)[0], unit="MiB", most=120)
        [one], [many] = records.load("notes", 1, 300), records.load("notes", 32, 60)
        table.add("notes by 32 writers at once", many, "one writer", one, "/s", ratio_least=5)


def measure_million(table, programs):
    """1,000,000 records: half notes, half events."""
    with Records(programs, 500_000, 20) as records:
        records.start()
        records.ask("unlock")
        records.start()
        wall, cpu = records.ask("unlock")
        table.add("1M records: open, good index", wall, most=1000)
        table.add("  CPU of the agent", cpu)
        _, cpu = records.ask("audit", "verify")
        table.add("1M records: verify, CPU", cpu, most=5000)
        records.stop()
        records.lose_index()
        records.start()
        wall, cpu = records.ask("unlock")
        table.add("1M records: open, index made anew", wall)
        table.add("  CPU of the agent", cpu)
    with Records(programs, 20_000, 1, events=50) as records:
        records.start()
        records.ask("unlock")
        _, cpu = records.ask("audit", "verify")
        table.add("1M events, of 20k notes: verify, CPU", cpu, most=5000)
