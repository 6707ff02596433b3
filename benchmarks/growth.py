"""`make growth`: the same pages and saves while the database grows from ten thousand attempts to ten million.

Every other school is a copy made inside the database (`benchmarks/crowd.py`); one class is real and is measured through
the production server, one request after the other. Then a country's page over 60,000 schools and 5.8 million cells,
what a release takes, and what erasing a finished year takes and does to those who work meanwhile. Exits with 1 when a
goal is missed; writes var/figures/growth-DATABASE.json and, with --plot, docs/growth.svg.
"""

import argparse
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.client import Connection, Person
from benchmarks.crowd import ATTEMPTS, CLASSES, Crowd
from benchmarks.places import keep, own_place
from benchmarks.server import ROOT, Server, environment
from benchmarks.world import SLUG, build, responses_of, sign_in, sit_everybody

LEVELS = (10_000, 100_000, 1_000_000, 10_000_000)
GOALS = {"class report": 1.5, "cockpit": 1.5, "autosave": 2.0, "submission": 2.0, "figures": 1.5}
NATIONAL_MS, NIGHT_HOURS = 300, 8
Act = Callable[[Connection], tuple[int, bytes]]


class Meter:
    """What a request takes, one after the other: its time, and the CPU of the server and of the database."""

    def __init__(self, server: Server, postgresql=None) -> None:
        self.server, self.postgresql = server, postgresql

    def cpu_seconds(self) -> float:
        return self.server.cpu_seconds() + (self.postgresql.cpu_seconds() if self.postgresql else 0)

    def measure(self, act: Act, count: int) -> dict[str, float]:
        connection, times, before = Connection(self.server.port), [], 0.0
        for number in range(count + 5):
            if number == 5:  # the first are for warming up
                before = self.cpu_seconds()
            began = time.perf_counter()
            status, _body = act(connection)
            assert status in (200, 204, 302), f"answered with {status}"
            times.append(1000 * (time.perf_counter() - began))
        times = sorted(times[5:])
        return {
            "cpu_ms": round(1000 * (self.cpu_seconds() - before) / count, 2),
            "p50_ms": round(statistics.median(times), 2),
            "p95_ms": round(times[int(0.95 * (count - 1))], 2),
        }


class Jobs:
    """What the real class and its administrator do."""

    def __init__(self, meter: Meter, world, people: list[Person], teacher: Person) -> None:
        self.meter, self.people, self.teacher = meter, people, teacher
        connection = Connection(meter.server.port)
        _status, page = connection.get(people[0], f"/en/me/{SLUG}/questions/after/")
        self.page, self.turn = page, 0
        classroom = f"/en/staff/classes/{world.classrooms[0]}"
        self.reads = {
            "class report": f"{classroom}/report/{SLUG}/",
            "cockpit": f"{classroom}/now/",
            "figures": "/en/staff/figures/",
        }

    def save(self, connection: Connection) -> tuple[int, bytes]:
        data = responses_of(self.page)
        return connection.post(self.people[0], f"/en/me/{SLUG}/questions/after/save/", data)

    def submit(self, connection: Connection) -> tuple[int, bytes]:
        """Practice is counted as any submission is, but for the tallies; it may be repeated."""
        return connection.post(self.people[1], f"/en/me/{SLUG}/questions/practice/", responses_of(self.page))

    def measure(self, count: int) -> dict[str, dict[str, float]]:
        """Of three rounds in turn the quietest: others may work on this machine."""
        acts: dict[str, Act] = {
            job: lambda connection, path=path: connection.get(self.teacher, path) for job, path in self.reads.items()
        }
        acts |= {"autosave": self.save, "submission": self.submit}
        rounds = [{job: self.meter.measure(act, count) for job, act in acts.items()} for _round in range(3)]
        return {job: min((one[job] for one in rounds), key=lambda one: one["cpu_ms"]) for job in acts}


def template_of(world, people: list[Person], server: Server):
    """The real class, with a few submissions in its tallies and everything read."""
    from django.utils import timezone

    from accounts.models import Classroom
    from lessons.models import Reading
    from quizzes.models import Attempt

    connection = Connection(server.port)
    Reading.objects.update(done_on=timezone.localdate())
    for person in people[2:12]:
        _status, page = connection.get(person, f"/en/me/{SLUG}/questions/before/")
        connection.post(person, f"/en/me/{SLUG}/questions/before/", responses_of(page))
    assert Attempt.objects.filter(is_submitted=True).count() == 10
    return Classroom.objects.get(pk=world.classrooms[0])


def national(meter: Meter, teacher: Person, crowd: Crowd) -> dict[str, object]:
    """An authority over every school, with two terms' releases of a cell for each school, module and band."""
    from accounts.models import Authority, AuthorityAdministrator, School, User
    from progress.models import ALL_SCHOOLS, Release, ReleaseCell
    from progress.operations.releases import _places

    authority, schools, places = Authority.objects.create(name="A country"), School.objects.count(), _places()
    AuthorityAdministrator.objects.create(authority=authority, user=User.objects.get(email="teacher@example.org"))
    crowd.report_to(authority)
    for term in ("2024-T1", "2024-T2"):
        release = Release.objects.create(authority=authority, school_year=2024, period=term)
        for band, slug in places:
            crowd.publish(release, band, slug)
        whole = {"release": release, "school_key": ALL_SCHOOLS, "seats_from": 20 * schools, "seats_to": 29 * schools}
        ReleaseCell.objects.bulk_create(ReleaseCell(band=band, module_slug=slug, **whole) for band, slug in places)
    path = f"/en/staff/figures/?of={authority.pk}"
    found = meter.measure(lambda connection: connection.get(teacher, path), 100)
    return {"schools": schools, "cells": ReleaseCell.objects.count(), **found}


def releases(counts: list[int], name: str) -> list[dict[str, object]]:
    """Making an authority's release over more and more schools, their own releases first."""
    from accounts.models import Authority, AuthorityMembership, School
    from progress.operations import make_authority_release

    made = []
    keys = list(School.objects.filter(name__startswith="School ").values_list("pk", flat=True)[: sum(counts)])
    for count in counts:
        authority = Authority.objects.create(name=f"Over {count}")
        own, keys = keys[:count], keys[count:]
        AuthorityMembership.objects.bulk_create(
            AuthorityMembership(authority=authority, school_id=key, is_reporting=True) for key in own
        )
        began = time.process_time(), time.perf_counter()
        make_authority_release(authority=authority, period_name=name)
        cpu, wall = time.process_time() - began[0], time.perf_counter() - began[1]
        made.append({"schools": count, "seconds": round(wall, 1), "cpu_ms_a_school": round(1000 * cpu / count, 2)})
    return made


def erasing(jobs: Jobs, classes: int) -> dict[str, object]:
    """Finished classes go, a hundred in a transaction as `retain` does, while somebody saves all the time."""
    from accounts.models import Classroom
    from privacy.operations import erase_classrooms

    alone = jobs.meter.measure(jobs.save, 60)
    found = Classroom.objects.filter(label__startswith="Copy ").select_related("school")[:classes]
    waiting, times, done = list(found), [], threading.Event()

    def save_meanwhile() -> None:
        connection = Connection(jobs.meter.server.port)
        while not done.is_set():
            began = time.perf_counter()
            status, _body = jobs.save(connection)
            assert status == 204
            times.append(1000 * (time.perf_counter() - began))
            time.sleep(0.05)

    saver = threading.Thread(target=save_meanwhile)
    saver.start()
    began = time.perf_counter()
    for start in range(0, len(waiting), 100):
        erase_classrooms(classrooms=waiting[start : start + 100], actor=None)
    seconds = time.perf_counter() - began
    done.set()
    saver.join()
    times.sort()
    attempts = len(waiting) * ATTEMPTS // CLASSES
    return {
        "classes": len(waiting), "attempts": attempts, "seconds": round(seconds, 1),
        "hours_for_ten_million": round(seconds * 10_000_000 / attempts / 3600, 2),
        "save_p95_alone_ms": alone["p95_ms"], "save_p95_meanwhile_ms": round(times[int(0.95 * (len(times) - 1))], 1),
    }  # fmt: skip


def plot(levels: list[dict], path: Path) -> None:
    """A line for each job: its CPU beside the first level's, over the attempts there are."""
    width, height, left, top = 640, 320, 60, 20
    highest = max(2.0, *(level["ratio"][job] for level in levels for job in GOALS))
    step = (width - left - 130) / max(1, len(levels) - 1)

    def y(ratio: float) -> float:
        return top + (height - top - 40) * (1 - ratio / highest)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="12">',
        "<title>CPU of a request beside that with ten thousand attempts</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for ratio in (0, 1, 1.5, 2):
        parts.append(f'<path d="M{left} {y(ratio):.0f}H{width - 130}" stroke="#ccc"/>')
        parts.append(f'<text x="{left - 8}" y="{y(ratio) + 4:.0f}" text-anchor="end">{ratio} ×</text>')
    for place, level in enumerate(levels):
        text = f"{level['attempts']:,}".replace(",", "\u202f")
        parts.append(f'<text x="{left + place * step:.0f}" y="{height - 14}" text-anchor="middle">{text}</text>')
    colours = ("#14213d", "#b5179e", "#2a9d8f", "#e76f51", "#3a6ea5")
    ends = sorted(GOALS, key=lambda job: -levels[-1]["ratio"][job])
    for colour, (job, _goal) in zip(colours, GOALS.items(), strict=True):
        points = " ".join(f"{left + i * step:.0f},{y(level['ratio'][job]):.0f}" for i, level in enumerate(levels))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{width - 124}" y="{top + 14 + 18 * ends.index(job)}" fill="{colour}">{job}</text>')
    path.write_text("\n".join([*parts, "</svg>\n"]))


def grown(jobs: Jobs, crowd: Crowd, most: int, count: int) -> list[dict]:
    from quizzes.models import Attempt

    levels = []
    for attempts in [level for level in LEVELS if level <= most]:
        began = time.perf_counter()
        crowd.grow_to(attempts // ATTEMPTS)
        made_in = time.perf_counter() - began
        found = jobs.measure(count)
        first = levels[0]["jobs"] if levels else found
        levels.append(
            {
                "attempts": Attempt.objects.count(), "schools": crowd.schools, "made_in_s": round(made_in),
                "jobs": found,
                "ratio": {job: round(one["cpu_ms"] / first[job]["cpu_ms"], 2) for job, one in found.items()},
            }
        )  # fmt: skip
        print(json.dumps(levels[-1]), flush=True)
    return levels


def faults_of(found: dict) -> list[str]:
    last = found["levels"][-1]
    faults = [
        f"{job}: {last['ratio'][job]} × at {last['attempts']} attempts, more than {goal} ×"
        for job, goal in GOALS.items()
        if last["ratio"][job] > goal
    ]
    if found["national"]["p95_ms"] > NATIONAL_MS:
        faults.append(f"the country's page: p95 {found['national']['p95_ms']} ms, more than {NATIONAL_MS}")
    if found["erasing"]["hours_for_ten_million"] > NIGHT_HOURS:
        faults.append(f"a year of ten million takes {found['erasing']['hours_for_ten_million']} h to erase")
    return faults


def work(var: Path, url: str, options: argparse.Namespace, postgresql) -> dict:
    world = build(classes=1, seats=35)
    server = Server(var, url)
    try:
        people, teacher = sit_everybody(server.port, world), sign_in(server.port)
        crowd = Crowd(template_of(world, people, server))
        meter = Meter(server, postgresql)
        jobs = Jobs(meter, world, people, teacher)
        found: dict = {"levels": grown(jobs, crowd, options.most, options.count)}
        found["releases"] = releases(options.releases, f"{crowd.classroom.school_year - 1}-T3")
        print(json.dumps(found["releases"]), flush=True)
        found["erasing"] = erasing(jobs, options.erase)
        print(json.dumps(found["erasing"]), flush=True)
        if options.schools > crowd.schools:
            crowd.add_schools_only(options.schools)
        found["national"] = national(meter, teacher, crowd)
        print(json.dumps(found["national"]), flush=True)
        return found
    finally:
        server.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--most", type=int, default=LEVELS[-1], help="attempts to grow to")
    parser.add_argument("--schools", type=int, default=60_000, help="of the country's page")
    parser.add_argument("--releases", type=int, nargs="+", default=[500, 1000, 2000])
    parser.add_argument("--erase", type=int, default=2000, help="classes to erase")
    parser.add_argument("--count", type=int, default=100, help="requests of each job, three times")
    parser.add_argument("--plot", action="store_true")
    options = parser.parse_args()
    large = {"shared_buffers": "4GB", "max_wal_size": "16GB", "checkpoint_timeout": "30min", "max_connections": "40"}
    with own_place("growth", options.database, **large) as place:
        os.environ.update(environment(place.var, place.url))
        found = work(place.var, place.url, options, place.postgresql)
    found["faults"] = faults_of(found)
    keep(f"growth-{options.database}", found)
    if options.plot:
        plot(found["levels"], ROOT / "docs" / "growth.svg")
    print("\n".join(f"MISSED: {fault}" for fault in found["faults"]))
    return 1 if found["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
