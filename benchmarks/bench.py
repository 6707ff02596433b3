"""`make bench`: what each page and each save costs, beside the constant page of the same server.

CPU per request is the figure; requests a second and latencies are of this machine on this day. Runs are interleaved,
medians are taken, on SQLite and on a PostgreSQL of its own that waits for the disk. Exits with 1 when a goal is missed
or when this code costs more than the last kept commit (`benchmarks/kept.json`); writes var/figures/bench.json.
"""

import argparse
import os
import sqlite3
import sys
import time
from dataclasses import asdict
from pathlib import Path

import psycopg

from benchmarks.gate import compare
from benchmarks.jobs import COUNTED, TEN_SAVES, Line, jobs_of, measure, statements
from benchmarks.places import keep, own_place
from benchmarks.server import Server
from benchmarks.world import make_world

ROUNDS = 5
MOST_MEGABYTES = 110
READY_IN = 2.0
COMMITS = 500


def commits_a_second(var: Path, url: str) -> float:
    """One-row commits of the database as production sets it: the floor under every save."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(var / "raw.sqlite3", isolation_level=None)
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
        statement = "INSERT INTO one VALUES (?)"
    else:
        connection, statement = psycopg.connect(url, autocommit=True), "INSERT INTO one VALUES (%s)"
    connection.execute("CREATE TABLE one (x integer)")
    began = time.perf_counter()
    for number in range(COMMITS):
        connection.execute(statement, [number])
    seconds = time.perf_counter() - began
    connection.execute("DROP TABLE one")
    connection.close()
    return COMMITS / seconds


def show(lines: list[Line], server: Server) -> int:
    """Prints one database's table; how many goals were missed."""
    workers = server.pss_megabytes()
    print(f"ready in {server.ready_in:.1f} s; a worker holds {', '.join(f'{size:.0f} MB' for size in workers)}")
    heads = ("CPU ms", "× const.", "goal", "queries", "rps", "p50 ms", "p95 ms", "p99 ms", "bytes")
    print(f"{'job':<22}" + "".join(f"{head:>9}" for head in heads))
    for line in lines:
        goal = f"≤ {line.goal}" if line.goal else ""
        numbers = (line.rps, line.p50_ms, line.p95_ms, line.p99_ms, line.size)
        print(
            f"{line.job:<22}{line.cpu_ms:>9.2f}{line.ratio:>9.1f}{goal:>9}{line.queries:>9}"
            + "".join(f"{number:>9}" for number in numbers)
            + ("  MISSED" if line.is_missed else "")
        )
    cpu = {line.job: line.cpu_ms for line in lines}
    faults = {
        f"ten answers in one save cost more than {TEN_SAVES} × one": cpu["autosave of all"]
        > TEN_SAVES * cpu["autosave"],
        f"a worker holds more than {MOST_MEGABYTES} MB": max(workers) > MOST_MEGABYTES,
        f"ready later than {READY_IN:.0f} s": server.ready_in > READY_IN,
    }
    for fault in (fault for fault, is_true in faults.items() if is_true):
        print(f"MISSED: {fault}")
    return sum(line.is_missed for line in lines) + sum(faults.values())


def bench(name: str, var: Path, url: str, rounds: int, classes: int) -> dict[str, object]:
    commits = commits_a_second(var, url)
    print(f"\n{name}: raw one-row commits {commits:.0f} a second", flush=True)
    world = make_world(var, url, classes=classes)
    counting = Server(var, url, application="benchmarks.counted:application")
    try:
        queries = statements(counting, jobs_of(counting, world))
    finally:
        counting.stop()
    server = Server(var, url)
    try:
        lines = measure(server, jobs_of(server, world, first=COUNTED), rounds, queries)
        missed = show(lines, server)
        return {
            "lines": [asdict(line) for line in lines],
            "ready_in": server.ready_in,
            "megabytes": server.pss_megabytes(),
            "commits_a_second": commits,
            "missed": missed,
        }
    finally:
        server.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"], help="one database only")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--classes", type=int, default=30)
    parser.add_argument("--no-gate", action="store_true", help="no comparison with the last kept commit")
    options = parser.parse_args()
    figures: dict[str, dict] = {}
    for name in [options.only] if options.only else ["SQLite", "PostgreSQL"]:
        with own_place("bench", name.lower()) as place:
            figures[name] = bench(name, place.var, place.url, options.rounds, options.classes)
    missed = sum(found["missed"] for found in figures.values())
    if not options.no_gate:
        figures["gate"] = compare()
        missed += figures["gate"]["failed"]
    keep("bench", figures | {"load": os.getloadavg()})
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
