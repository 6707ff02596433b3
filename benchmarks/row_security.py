"""What row-level security costs: the same requests with and without it, in turns, on one PostgreSQL.

CPU per request, of the web processes and of PostgreSQL's together; the figure is the median of the rounds' ratios.
Run by `python -m benchmarks.row_security`; `docs/adr/0008` holds what came out.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.bench import Act
from benchmarks.client import Connection, run
from benchmarks.postgresql import PostgreSQL
from benchmarks.server import ROOT, TICKS, Server, environment
from benchmarks.world import SLUG, World, build, responses_of, sign_in, sit_everybody

ROUNDS = 11
ROLE = "balise_web"


def database_seconds(cluster: PostgreSQL) -> float:
    """What PostgreSQL's processes have used so far."""
    postmaster = (cluster.data / "postmaster.pid").read_text().split()[0]
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    used = 0
    for pid in children:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / TICKS


def jobs_of(server: Server, world: World, people: list) -> dict[str, tuple[int, Act]]:
    teacher = sign_in(server.port)
    page = Connection(server.port).get(people[0], f"/en/me/{SLUG}/questions/after/")[1]
    answers, classroom = responses_of(page), f"/en/staff/classes/{world.classrooms[0]}"
    save = f"/en/me/{SLUG}/questions/after/save/"
    return {
        "step page": (300, lambda one, turn: one.get(people[turn % len(people)], f"/en/me/{SLUG}/1/")),
        "autosave": (200, lambda one, turn: one.post(people[turn % len(people)], save, answers)),
        "sitting down": (100, lambda one, turn: one.post(people[-1 - turn % 60], "/en/card/", _token(world, turn))),
        "cockpit": (60, lambda one, turn: one.get(teacher, f"{classroom}/now/")),
        "class report": (60, lambda one, turn: one.get(teacher, f"{classroom}/report/{SLUG}/")),
    }


def _token(world: World, turn: int) -> dict[str, str]:
    return {"token": world.tokens[-1 - turn % 60]}


def cost(server: Server, cluster: PostgreSQL, count: int, act: Act) -> float:
    """Milliseconds of CPU a request."""
    before = server.cpu_seconds() + database_seconds(cluster)
    found = run(server.port, act, count=count)
    if bad := {status for status in found.statuses if status >= 400}:
        raise SystemExit(f"answered with {sorted(bad)}")
    return 1000 * (server.cpu_seconds() + database_seconds(cluster) - before) / count


def measure(cluster: PostgreSQL, var: Path, rounds: int) -> None:
    url = cluster.url("balise")
    world = build(classes=6)
    from django.db import connection

    from config.rows import open_to

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
    open_to(ROLE)
    connection.close()
    servers = {}
    for name, web in (("without", ""), ("with", cluster.url("balise").replace("balise@", f"{ROLE}@"))):
        os.environ["DATABASE_WEB_URL"] = web
        servers[name] = Server(var, url)
    try:
        people = sit_everybody(servers["with"].port, world)
        jobs = {name: jobs_of(server, world, people) for name, server in servers.items()}
        print(f"{'job':<16}{'without':>9}{'with':>9}{'ratio':>8}   (CPU ms a request; median of {rounds} rounds)")
        for job in jobs["with"]:
            spent: dict[str, list[float]] = {"without": [], "with": []}
            for turn in range(rounds + 1):
                for name in sorted(servers, reverse=bool(turn % 2)):
                    used = cost(servers[name], cluster, *jobs[name][job])
                    if turn:  # the first is for warming up
                        spent[name].append(used)
            ratios = [one / other for one, other in zip(spent["with"], spent["without"], strict=True)]
            median = {name: statistics.median(values) for name, values in spent.items()}
            print(f"{job:<16}{median['without']:>9.2f}{median['with']:>9.2f}{statistics.median(ratios):>8.3f}")
    finally:
        for server in servers.values():
            server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    var, cluster = Path(tempfile.mkdtemp(prefix="balise-rows-")), PostgreSQL()
    try:
        cluster.create("balise") if hasattr(cluster, "create") else _create(cluster)
        os.environ.update(environment(var, cluster.url("balise")))
        sys.path.insert(0, str(ROOT))
        measure(cluster, var, options.rounds)
    finally:
        cluster.remove()
        shutil.rmtree(var, ignore_errors=True)


def _create(cluster: PostgreSQL) -> None:
    import psycopg

    with psycopg.connect(cluster.url(), autocommit=True) as beside:
        beside.execute("CREATE DATABASE balise")


if __name__ == "__main__":
    main()
