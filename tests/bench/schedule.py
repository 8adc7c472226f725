"""What a large schedule costs: taken in, listed and shown, beside the same file that age encrypts, and other calendars.

The calendar is made here, the same at every run: seeded events of two years in four zones, some in UTC, some of all
day, some weekly.
"""

import datetime
import os
import random
import shutil
import statistics
import subprocess
import sys

import process
import terminal
from practice import Practice

SHORTER, SMALL, LARGE = 1_000, 10_000, 100_000
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Europe/London")
NAMES = "Adler Brandt Costa Dietz Engel Fischer Gruber Haas Ito Jansen Kaya Lund Meyer Novak Okafor Patel".split()
WORDS = "review visit follow-up intake therapy group phone check referral assessment".split()
# Rounds of a command that takes long, and of one that does not.
FEW, MANY = 3, 41


def write_calendar(path, events, begin):
    """So many events over 730 days from `begin` on."""
    chance = random.Random(events)
    with open(path, "w", newline="") as file:
        def line(text):
            file.write(text[:75] + "".join(f"\r\n {text[at:at + 74]}" for at in range(75, len(text), 74)) + "\r\n")

        line("BEGIN:VCALENDAR"), line("VERSION:2.0"), line("PRODID:-//bedside//bench//EN")
        for number in range(events):
            start = begin + datetime.timedelta(
                days=chance.randrange(730), hours=chance.randrange(7, 20), minutes=15 * chance.randrange(4)
            )
            end = start + datetime.timedelta(minutes=15 * chance.randrange(1, 9))
            form, kind = "%Y%m%dT%H%M%S", chance.random()
            line("BEGIN:VEVENT"), line(f"UID:{number:08d}-{chance.getrandbits(64):016x}@bench"), line("DTSTAMP:20260101T000000Z")
            if kind < 0.1:
                line(f"DTSTART;VALUE=DATE:{start:%Y%m%d}"), line(f"DTEND;VALUE=DATE:{start + datetime.timedelta(1):%Y%m%d}")
            elif kind < 0.35:
                line(f"DTSTART:{start.strftime(form)}Z"), line(f"DTEND:{end.strftime(form)}Z")
            else:
                zone = chance.choice(ZONES)
                line(f"DTSTART;TZID={zone}:{start.strftime(form)}"), line(f"DTEND;TZID={zone}:{end.strftime(form)}")
                if chance.random() < 0.05:
                    line("RRULE:FREQ=WEEKLY;COUNT=8")
            line(f"SUMMARY:{chance.choice(NAMES)} {chance.choice(NAMES)}: {' '.join(chance.choices(WORDS, k=3))}")
            line(f"LOCATION:Room {chance.randrange(400)}"), line(f"DESCRIPTION:{' '.join(chance.choices(WORDS, k=20))}")
            line("CATEGORIES:CLINIC"), line("END:VEVENT")
        line("END:VCALENDAR")


def import_cpu(programs, calendar):
    """CPU of the command and the agent, in ms, until all of it is durable; in a fresh practice."""
    with Practice(programs) as practice:
        before = process.cpu(practice.agent.pid)
        client = process.run([practice.program("bedside"), "appointment", "import", calendar], practice.env)
        return client, process.cpu(practice.agent.pid) - before


def sealed_cpu(folder, calendar):
    """CPU of reading the file and of encrypting it."""
    key = os.path.join(folder, "key")
    subprocess.run(["age-keygen", "-o", key], check=True, stderr=subprocess.DEVNULL)
    public = subprocess.run(["age-keygen", "-y", key], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    sealed = os.path.join(folder, "sealed.age")
    return process.median_cpu(["cat", calendar], FEW) + process.median_cpu(["age", "-r", public, "-o", sealed, calendar], FEW)


def measure(table, programs):
    """Imports of ten and a hundred thousand events, then a week and the console among them."""
    with Practice(programs) as practice:
        small, large = practice.file("small.ics"), practice.file("large.ics")
        begin = datetime.datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        for path, events in ((small, SMALL), (large, LARGE)):
            write_calendar(path, events, begin - datetime.timedelta(days=30))
        of_small = statistics.median(sum(import_cpu(programs, small)) for _ in range(FEW))
        runs = [import_cpu(programs, large) for _ in range(FEW)]
        of_large = statistics.median(map(sum, runs))
        sealed = sealed_cpu(practice.folder, large)
        table.add("100k events: import, CPU until durable", of_large, "cat and age -r of it", sealed, ratio_most=5)
        table.add("  of it the command", statistics.median(client for client, _ in runs))
        table.add("  beside ten thousand", of_large, "10k events", of_small, ratio_most=11)
        for name, cost in peers(programs, practice.folder, small, large):
            table.add("  beside others that read it", of_large, name, cost)
        practice.bedside("appointment", "import", large)
        week = [practice.program("bedside"), "agenda", "--days", "7"]
        process.run(week, practice.env)
        listed = statistics.median(process.run(week, practice.env) for _ in range(MANY))
        table.add("100k events: list a week, CPU of the command", listed, most=10)
        console = [practice.program("bedside")]
        lister = ["sh", "-c", "seq 1 100; exec cat"]
        reached, floor = terminal.first_frames(9, (console, practice.env), (lister,))
        table.add("100k events: console, start to first frame", reached, " ".join(lister[2:]), floor, ratio_most=3)
        reached = terminal.key_to_frame(console, [b"j", b"k"], 100, practice.env, least_bytes=200)
        table.add("100k events: console, key to frame", reached, most=2)


def peers(programs, folder, small, large):
    """What other programs use to take the same file in: name and CPU in ms, of those that are installed. Those that take
    minutes for it are given a shorter one, and what they used is multiplied, which is in their favour."""
    parse = [os.path.join(programs, "examples", "parse"), large]
    yield "calcard, parsed only", process.median_cpu(parse, FEW)
    home = os.path.join(folder, "peer")
    os.makedirs(home, exist_ok=True)
    if shutil.which("calcurse"):
        # It reads what others wrote strictly, and says so; what it takes in is not compared here.
        read = ["sh", "-c", 'calcurse -D "$1" -q -i "$2" >/dev/null 2>&1; true', "sh", home, small]
        yield f"calcurse -i, {SMALL:,} × {LARGE // SMALL}", process.run(read) * LARGE / SMALL
    if shutil.which("khal"):
        config = os.path.join(home, "khal.conf")
        os.makedirs(os.path.join(home, "calendar"), exist_ok=True)
        with open(config, "w") as file:
            file.write(f"[calendars]\n[[bench]]\npath = {home}/calendar\n[sqlite]\npath = {home}/khal.db\n[locale]\n")
        shorter = os.path.join(folder, "shorter.ics")
        write_calendar(shorter, SHORTER, datetime.datetime.now().replace(hour=0, minute=0, second=0, microsecond=0))
        command = ["khal", "-c", config, "import", "--batch", "-a", "bench", shorter]
        cost = process.run(["sh", "-c", 'exec "$@" >/dev/null 2>&1', "sh", *command])
        yield f"khal import, {SHORTER:,} × {LARGE // SHORTER}", cost * LARGE / SHORTER
    try:
        subprocess.run(["/usr/bin/python3", "-c", "import icalendar"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        print("  (Python's icalendar is not there)", file=sys.stderr)
        return
    read = "import icalendar, sys; icalendar.Calendar.from_ical(open(sys.argv[1], 'rb').read())"
    yield "Python icalendar, parsed only", process.run(["/usr/bin/python3", "-c", read, large])
