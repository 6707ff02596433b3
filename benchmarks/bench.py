"""`make bench`: what each page and each save costs, beside the constant page of the same server.

CPU per request is the figure; requests a second and latencies are of this machine on this day. Runs are interleaved,
medians are taken. Exits with 1 when a goal is missed; writes var/figures/bench.json.
"""

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.client import Connection, Person, Run, run
from benchmarks.server import ROOT, Server, environment
from benchmarks.world import SLUG, World, build, responses_of, sign_in, sit_everybody

ROUNDS = 5
GOALS = {  # CPU, as a multiple of the constant page's
    "step page": 6,
    "autosave": 8,
    "submission": 15,
    "class report": 20,
    "cockpit": 20,
}
MOST_MEGABYTES = 110
READY_IN = 2.0
Act = Callable[[Connection, int], tuple[int, bytes]]


@dataclass
class Line:
    job: str
    cpu_ms: float
    ratio: float
    goal: float | None
    rps: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    size: int

    @property
    def is_missed(self) -> bool:
        return self.goal is not None and self.ratio > self.goal


def jobs_of(server: Server, world: World) -> dict[str, tuple[int, Act]]:
    """Each job with how often one round does it."""
    people, teacher, nobody = sit_everybody(server.port, world), sign_in(server.port), Person()
    first = Connection(server.port)
    _status, page = first.get(people[0], f"/en/me/{SLUG}/questions/before/")
    answers = responses_of(page)
    submitted = iter(people)
    classroom = f"/en/staff/classes/{world.classrooms[0]}"

    def as_pupil(path: str) -> Act:
        return lambda connection, number: connection.get(people[number % len(people)], path)

    def submit(connection: Connection, number: int) -> tuple[int, bytes]:
        person = next(submitted)
        return connection.post(person, f"/en/me/{SLUG}/questions/before/", responses_of(page))

    def sit(connection: Connection, number: int) -> tuple[int, bytes]:
        person = people[-1 - number % 300]
        return connection.post(person, "/en/card/", {"token": world.tokens[-1 - number % 300]})

    return {
        "constant page": (600, lambda connection, number: connection.get(nobody, "/robots.txt")),
        "sitting down": (60, sit),
        "step page": (200, as_pupil(f"/en/me/{SLUG}/1/")),
        "autosave": (
            150,
            lambda connection, number: connection.post(
                people[300 + number % 300], f"/en/me/{SLUG}/questions/after/save/", answers
            ),
        ),
        "submission": (100, submit),
        "cockpit": (60, lambda connection, number: connection.get(teacher, f"{classroom}/now/")),
        "class report": (60, lambda connection, number: connection.get(teacher, f"{classroom}/report/{SLUG}/")),
        "figures": (60, lambda connection, number: connection.get(teacher, "/en/staff/figures/")),
    }


def measure(server: Server, jobs: dict[str, tuple[int, Act]], rounds: int) -> list[Line]:
    cpu: dict[str, list[float]] = {job: [] for job in jobs}
    runs: dict[str, list[Run]] = {job: [] for job in jobs}
    for turn in range(rounds + 1):
        for job, (count, act) in jobs.items():
            before = server.cpu_seconds()
            found = run(server.port, act, count=count if turn else max(8, count // 10))
            if bad := {status for status in found.statuses if status >= 400}:
                raise SystemExit(f"{job} was answered with {sorted(bad)}")
            if turn:  # the first is for warming up
                cpu[job].append(1000 * (server.cpu_seconds() - before) / count)
                runs[job].append(found)
    floor = statistics.median(cpu["constant page"])
    return [line_of(job, statistics.median(cpu[job]), floor, runs[job]) for job in jobs]


def line_of(job: str, cpu_ms: float, floor: float, runs: list[Run]) -> Line:
    def ms(share: float) -> float:
        return 1000 * statistics.median(found.percentile(share) for found in runs)

    return Line(
        job=job,
        cpu_ms=round(cpu_ms, 2),
        ratio=round(cpu_ms / floor, 1),
        goal=GOALS.get(job),
        rps=round(statistics.median(len(found.latencies) / found.seconds for found in runs)),
        p50_ms=round(ms(0.5), 1),
        p95_ms=round(ms(0.95), 1),
        p99_ms=round(ms(0.99), 1),
        size=runs[-1].size,
    )


def raw_commits(var: Path) -> float:
    """One-row commits a second of SQLite as production sets it: the floor under every save."""
    connection = sqlite3.connect(var / "raw.sqlite3", isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE one (x)")
    began = time.perf_counter()
    for number in range(500):
        connection.execute("INSERT INTO one VALUES (?)", [number])
    return 500 / (time.perf_counter() - began)


def show(name: str, lines: list[Line], server: Server) -> int:
    """Prints one database's table; how many goals were missed."""
    print(f"\n{name}: ready in {server.ready_in:.1f} s; {', '.join(f'{mb:.0f} MB' for mb in server.pss_megabytes())}")
    print(f"{'job':<16}{'CPU ms':>8}{'× const.':>10}{'goal':>6}{'rps':>7}{'p50':>8}{'p95':>8}{'p99':>8}{'bytes':>8}")
    for line in lines:
        goal = f"≤ {line.goal}" if line.goal else ""
        print(
            f"{line.job:<16}{line.cpu_ms:>8.2f}{line.ratio:>10.1f}{goal:>6}{line.rps:>7.0f}{line.p50_ms:>8.1f}"
            f"{line.p95_ms:>8.1f}{line.p99_ms:>8.1f}{line.size:>8}{'  MISSED' if line.is_missed else ''}"
        )
    missed = sum(line.is_missed for line in lines)
    if max(server.pss_megabytes()) > MOST_MEGABYTES:
        print(f"MISSED: a worker holds more than {MOST_MEGABYTES} MB")
        missed += 1
    if server.ready_in > READY_IN:
        print(f"MISSED: ready later than {READY_IN:.0f} s")
        missed += 1
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default="", help="PostgreSQL to measure instead of SQLite; it must be empty")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    var = Path(tempfile.mkdtemp(prefix="balise-bench-"))
    url = options.database_url or f"sqlite:///{var / 'bench.sqlite3'}"
    os.environ.update(environment(var, url))
    sys.path.insert(0, str(ROOT))
    try:
        print(f"Raw one-row commits, SQLite, synchronous=FULL: {raw_commits(var):.0f} a second")
        world = build()
        server = Server(var, url)
        try:
            lines = measure(server, jobs_of(server, world), options.rounds)
            missed = show("PostgreSQL" if options.database_url else "SQLite", lines, server)
            figures = {"lines": [asdict(line) for line in lines], "ready_in": server.ready_in, "missed": missed}
        finally:
            server.stop()
    finally:
        shutil.rmtree(var, ignore_errors=True)
    target = ROOT / "var" / "figures" / "bench.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=1))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
