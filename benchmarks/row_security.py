"""What row-level security costs: the same requests with and without it, in turns, on one PostgreSQL.

CPU per request, of the web processes and of PostgreSQL's together; the figure is the median of the rounds' ratios.
Run by `python -m benchmarks.row_security`; `docs/adr/0008` holds what came out.
"""

import argparse
import os
import statistics
from pathlib import Path

from benchmarks.client import Connection, run
from benchmarks.jobs import Act
from benchmarks.places import own_place
from benchmarks.postgresql import PostgreSQL
from benchmarks.server import Server, environment
from benchmarks.world import SLUG, World, build, responses_of, sign_in, sit_everybody

ROUNDS = 11
ROLE = "balise_web"


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
    before = server.cpu_seconds() + cluster.cpu_seconds()
    found = run(server.port, act, count=count)
    if bad := {status for status in found.statuses if status >= 400}:
        raise SystemExit(f"answered with {sorted(bad)}")
    return 1000 * (server.cpu_seconds() + cluster.cpu_seconds() - before) / count


def measure(cluster: PostgreSQL, var: Path, rounds: int) -> None:
    url = cluster.url()
    world = build(classes=6)
    from django.db import connection

    from config.rows import open_to

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
    open_to(ROLE)
    connection.close()
    servers = {}
    for name, web in (("without", ""), ("with", url.replace("balise@", f"{ROLE}@"))):
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
    with own_place("rows", "postgresql") as place:
        os.environ.update(environment(place.var, place.url))
        measure(place.postgresql, place.var, options.rounds)


if __name__ == "__main__":
    main()
