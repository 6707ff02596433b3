"""`make attack`: doors, malformed requests, messages and a crowd at a real server, then the suite's attacks in full.

The server listens on loopback, with a database of its own. Prints a table, writes var/figures/attack.json, and exits
with 1 when anything was found.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
import xml.etree.ElementTree as Tree
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from benchmarks.places import keep, own_place
from benchmarks.server import ROOT, Server, environment
from benchmarks.siege import CUT_OFF, Crowd, Tally, Wire, doors, forgeries, judge, lost_workers, messages, wires
from benchmarks.walls import pooled

REQUESTS, EPOCH, TRIES = 10_000, 1000, 2000


def suite(var: Path, outside: dict[str, str]) -> Tally:
    """Every test that reads BALISE_ATTACK, and all beside it, in full; on SQLite, or on DATABASE_URL."""
    tally, report, counted = Tally("attacks as tests"), var / "report.xml", var / "counted.json"
    reading = subprocess.run(
        ["git", "grep", "-l", "BALISE_ATTACK", "--", "tests/*/test_*.py"], cwd=ROOT, capture_output=True, text=True
    )
    if find_spec("onelogin") is None:
        tally.find("not tried: SAML is not installed (pip install -r requirements-saml.txt)")
    paths = sorted(
        {
            "tests/attacks",
            "tests/config/test_saml.py",
            *(path for path in reading.stdout.split() if "tests/attacks" not in path),
        }
    )
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", f"--junitxml={report}", *paths],
        cwd=ROOT,
        env={**outside, "BALISE_ATTACK": "full", "BALISE_COUNTED": str(counted)},
    )
    if not report.exists():
        tally.find("the tests did not run")
        return tally
    for case in Tree.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            tally.find(f"{case.get('classname')}::{case.get('name')}")
    counts = json.loads(counted.read_text())
    tally.attempts, tally.faults = counts["requests"], counts["faults"]
    return tally


def prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def fuzz(tally: Tally, port: int, requests: int) -> None:
    """Malformed requests made of every form, as each role; a new school every EPOCH, since much is closed by then."""
    from hypothesis import HealthCheck, given, seed, settings

    from tests.attacks import fuzzing
    from tests.attacks.inventory import forms
    from tests.attacks.walking import places
    from tests.world import World

    for epoch in range(-(-requests // EPOCH)):
        world = World.make_again(f"Epoch {epoch}")
        addresses = places(world)
        targets = forms(world, addresses) + fuzzing.bare(addresses)
        browsers = wires(port, world.clients)

        @seed(epoch)
        @settings(
            max_examples=min(EPOCH, requests), deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(fuzzing.attempts(targets))
        def send(attempt):
            what = f"{attempt.method} {attempt.about} as {attempt.role}: {attempt.target[:80]} {attempt.body[:60]!r}"
            ask = (attempt.method, attempt.target, attempt.headers, attempt.body)
            judge(tally, what, lambda: browsers[attempt.role].send(*ask))  # noqa: B023

        send()
        print(f"  {tally.attempts} malformed requests, {len(tally.findings)} findings", flush=True)


def besiege(server: Server, requests: int) -> list[Tally]:
    from accounts.queries import card_of
    from tests.attacks.sitting import typed
    from tests.attacks.test_forged_requests import BY_TICKET
    from tests.attacks.walking import crossed, places
    from tests.factories.accounts import ClassroomFactory
    from tests.world import World

    tallies = [Tally(name) for name in ("foreign doors", "forged forms", "malformed requests", "messages", "a crowd")]
    own, foreign = World.make(), World.make_again("Foreign label")
    browsers, before = wires(server.port, own.clients), server.pids()
    insiders = {role: browsers[role] for role in ("teacher", "administrator", "authority", "pupil", "stranger")}
    doors(tallies[0], insiders, crossed(own, foreign), b"Foreign label")
    forgeries(tallies[1], server.port, browsers, places(own), BY_TICKET)
    fuzz(tallies[2], server.port, requests)
    messages(tallies[3], server.port)
    seats = ClassroomFactory(is_open=True, seat_count=35).seats.in_order()
    typing, chance = [typed(seat) for seat in seats[1:]], random.Random(1)

    tries = (
        typing[number % 34] | {f"picture_{place}": chance.randrange(16) for place in range(1, 5)}
        for number in range(TRIES)
    )
    Crowd(tallies[4], server.port).run([card_of(seat).token for seat in seats[1:]], tries)
    tallies[3].findings += lost_workers(server, before)
    return tallies


def show(tallies: list[Tally]) -> int:
    """Prints the table; how many findings there are. Each was printed when it was found."""
    print(f"\n{'suite':<22}{'attempts':>10}{'findings':>10}{'500s':>6}{'slowest':>10}")
    for one in tallies:
        slowest = f"{one.slowest:.2f} s" if one.slowest else ""
        print(f"{one.suite:<22}{one.attempts:>10}{len(one.findings):>10}{one.faults:>6}{slowest:>10}")
    cut_off = sum(one.statuses.get(CUT_OFF, 0) for one in tallies)
    print(f"no findings: {Wire.reopened} kept connections opened again, {cut_off} bodies over 2.5 MB cut off")
    return sum(len(one.findings) for one in tallies)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="how many malformed requests are sent")
    parser.add_argument("--server-only", action="store_true", help="leave the attacks that are tests out")
    options = parser.parse_args()
    began, outside = time.time(), dict(os.environ)
    with own_place("attack") as place:
        os.environ.update(environment(place.var, place.url))
        prepare()
        server = Server(place.var, place.url)
        try:
            tallies = besiege(server, options.requests)
        finally:
            server.stop()
        tallies.append(Tally("one connection"))
        pooled(tallies[-1])
        if not options.server_only:
            tallies.append(suite(place.var, outside))
    found = show(tallies)
    figures = {
        "on": time.strftime("%Y-%m-%d"),
        "minutes": round((time.time() - began) / 60, 1),
        "reopened": Wire.reopened,
    }
    keep("attack", figures | {"suites": [asdict(one) for one in tallies]})
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
