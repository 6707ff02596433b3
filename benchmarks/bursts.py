"""`make bursts`: a class sits down at once, a school hands in at once, and every cockpit is open meanwhile.

Requests are sent when they are due, whether the last ones were answered or not, and a latency counts from then. What
was answered is counted against a recount of what was sent. Exits with 1 when something failed, was lost or was late;
writes var/figures/bursts.json.
"""

import argparse
import os
import random
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.answers import class_answers, recount_faults
from benchmarks.client import Connection, Person
from benchmarks.places import keep, own_place
from benchmarks.server import Server, environment
from benchmarks.world import SLUG, World, build, sign_in, sit_everybody

P95_SECONDS = 1.5
POLL_SECONDS = 3  # how often a cockpit asks
MARK = re.compile(rb'id="mark" value="([0-9a-f]{32})"')
Due = tuple[float, Callable[[Connection], tuple[int, bytes]]]


@dataclass
class Burst:
    what: str
    requests: int
    p50: float
    p95: float
    worst: float
    statuses: dict[int, int]
    cpu_seconds: float
    faults: list[str] = field(default_factory=list)


def send(port: int, due: list[Due], *, connections: int = 96) -> tuple[list[float], Counter]:
    """Sends each when it is due, counted from now; latencies in seconds from then, and statuses."""
    turns, lock, began = iter(sorted(due, key=lambda one: one[0])), threading.Lock(), time.perf_counter()
    latencies: list[float] = []
    statuses: Counter[int] = Counter()

    def work() -> None:
        connection = Connection(port)
        while True:
            with lock:
                at, act = next(turns, (0.0, None))
            if act is None:
                return
            time.sleep(max(0.0, began + at - time.perf_counter()))
            try:
                status, _body = act(connection)
            except OSError:
                status, connection = 0, Connection(port)
            latencies.append(time.perf_counter() - began - at)
            statuses[status] += 1

    threads = [threading.Thread(target=work) for _number in range(min(connections, len(due)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return latencies, statuses


def burst_of(what: str, server: Server, due: list[Due], expected: set[int]) -> Burst:
    before = server.cpu_seconds()
    latencies, statuses = send(server.port, due)
    latencies.sort()
    found = Burst(
        what=what,
        requests=len(latencies),
        p50=round(latencies[len(latencies) // 2], 3),
        p95=round(latencies[int(0.95 * (len(latencies) - 1))], 3),
        worst=round(latencies[-1], 3),
        statuses=dict(statuses),
        cpu_seconds=round(server.cpu_seconds() - before, 2),
    )
    if bad := set(statuses) - expected:
        found.faults.append(f"{what}: answered with {sorted(bad)}")
    if found.p95 > P95_SECONDS:
        found.faults.append(f"{what}: p95 {found.p95:.2f} s, more than {P95_SECONDS} s")
    return found


def sitting_down(server: Server, world: World, seats: int, chance: random.Random) -> Burst:
    """A class opens its cards within five seconds: the page, and the card's token."""
    people = [Person() for _seat in range(seats)]
    due: list[Due] = []
    for person, token in zip(people, world.tokens, strict=False):
        at = chance.uniform(0, 5)

        def sit(connection: Connection, person: Person = person, token: str = token) -> tuple[int, bytes]:
            connection.get(person, "/en/card/")
            return connection.post(person, "/en/card/", {"token": token})

        due.append((at, sit))
    return burst_of("sitting down", server, due, {302})


class OpenPage:
    """A cockpit in a browser: the whole page first, then the room, with the mark of the one it shows."""

    def __init__(self, teacher: Person, path: str) -> None:
        self.teacher, self.path, self.mark = teacher, path, ""

    def ask(self, connection: Connection) -> tuple[int, bytes]:
        polls = {"HX-Request": "true"} if self.mark else {}
        status, body = connection.get(self.teacher, f"{self.path}?mark={self.mark}" if self.mark else self.path, polls)
        if found := MARK.search(body):
            self.mark = found[1].decode()
        return status, body


def cockpits(port: int, teacher: Person, world: World, seconds: float, chance: random.Random) -> list[Due]:
    """Every class's cockpit, which lies open in its teacher's browser."""
    due: list[Due] = []
    opening = Connection(port)
    for classroom in world.classrooms:
        page, at = OpenPage(teacher, f"/en/staff/classes/{classroom}/now/"), chance.uniform(0, POLL_SECONDS)
        page.ask(opening)
        while at < seconds:
            due.append((at, page.ask))
            at += POLL_SECONDS
    return due


def submissions(world: World, people: list[Person], seconds: float, chance: random.Random) -> tuple[list[Due], dict]:
    """Every seat hands in its first questions; what each class's tallies must then be."""
    path, first = f"/en/me/{SLUG}/questions/before/", 0
    due: list[Due] = []
    expected: dict[str, Counter] = {}
    for key in world.classrooms:
        forms, expected[key] = class_answers(key, SLUG, "BEFORE", chance)
        own = people[first : first + len(forms)]
        first += len(own)
        for person, data in zip(own, forms, strict=True):
            fields = data | {"anyway": "1"}
            due.append((chance.uniform(0, seconds), lambda one, who=person, what=fields: one.post(who, path, what)))
    return due, expected


def lost(expected: dict[str, Counter], count: int) -> list[str]:
    from quizzes.models import Attempt

    there = Attempt.objects.filter(moment="BEFORE", is_submitted=True).count()
    faults = [] if there == count else [f"{count} submissions were confirmed, {there} are kept"]
    return faults + recount_faults(expected, "BEFORE")


def measure(var: Path, url: str, *, classes: int, seats: int, seconds: float) -> list[Burst]:
    chance = random.Random(8)
    world = build(classes=classes, seats=seats)
    server = Server(var, url)
    try:
        first = sitting_down(server, world, seats, chance)
        people, teacher = sit_everybody(server.port, world), sign_in(server.port)
        alone = burst_of("cockpits alone", server, cockpits(server.port, teacher, world, seconds, chance), {200, 204})
        due, expected = submissions(world, people, seconds, chance)
        one_class = burst_of("one class hands in", server, [(at / 10, act) for at, act in due[:seats]], {200, 302})
        class_cost = first.cpu_seconds + one_class.cpu_seconds
        if alone.cpu_seconds >= class_cost:
            alone.faults.append(f"cockpits cost {alone.cpu_seconds:.2f} s of CPU, a class {class_cost:.2f} s")
        rest = [*due[seats:], *cockpits(server.port, teacher, world, seconds, chance)]
        everybody = burst_of("a school hands in", server, rest, {200, 204, 302})
        everybody.faults += lost(expected, len(people))
        return [first, alone, one_class, everybody]
    finally:
        server.stop()


def show(name: str, bursts: list[Burst]) -> None:
    print(f"\n{name}\n{'burst':<20}{'requests':>9}{'p50 s':>8}{'p95 s':>8}{'worst':>8}{'CPU s':>8}  answers")
    for one in bursts:
        print(
            f"{one.what:<20}{one.requests:>9}{one.p50:>8.3f}{one.p95:>8.3f}{one.worst:>8.3f}{one.cpu_seconds:>8.2f}"
            f"  {one.statuses}"
        )
        print("".join(f"  MISSED: {fault}\n" for fault in one.faults), end="")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--classes", type=int, default=30)
    parser.add_argument("--seats", type=int, default=35)
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    with own_place("bursts", options.database) as place:
        os.environ.update(environment(place.var, place.url))
        bursts = measure(place.var, place.url, classes=options.classes, seats=options.seats, seconds=options.seconds)
    show(options.database, bursts)
    keep(f"bursts-{options.database}", [asdict(one) for one in bursts])
    return 1 if any(one.faults for one in bursts) else 0


if __name__ == "__main__":
    sys.exit(main())
