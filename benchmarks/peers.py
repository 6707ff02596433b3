"""`make bench-peers`: ours beside Kolibri, from the package index, in an environment of its own, interleaved.

Both have a class of 35 that has done twelve modules, with questions before and after each. Kolibri's jobs: a learner's
home data, one answer to a quiz (`trackprogress`), a teacher's class (`classsummary`). Writes var/figures/peers.json.
"""

import contextlib
import http.client
import itertools
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from benchmarks.client import Connection, run
from benchmarks.jobs import jobs_of
from benchmarks.places import keep, own_place
from benchmarks.server import ROOT, Server, cpu_seconds_of, free_port, pss_megabytes_of
from benchmarks.world import SLUG, World, make_world, responses_of, sit_everybody

VERSION = "0.19.5"
HOME = ROOT / "var" / "kolibri"
PAIRS = 5
SEATS, MODULES = 35, 12  # of a class, on both sides
GOALS = {  # ours, theirs: at most this share of their CPU
    ("step page", "home data"): 1 / 20,
    ("autosave", "trackprogress"): 1 / 8,
    ("submission after", "trackprogress"): 1 / 5,
    ("class report", "classsummary"): 1 / 25,
    ("cockpit", "classsummary"): 1 / 25,
}
Call = Callable[[], tuple[int, bytes]]


def install() -> Path:
    """Where its programs are; installed at the first time, outside of our own environment."""
    programs = Path(os.environ.get("KOLIBRI_ENVIRONMENT", HOME / "environment")) / "bin"
    if not (programs / "kolibri").exists():
        venv.create(programs.parent, with_pip=True)
        subprocess.run([programs / "pip", "install", "--quiet", f"kolibri=={VERSION}"], check=True)
    return programs


class Kolibri:
    """A Kolibri with a class, in a folder of its own."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.port, self.mark = free_port(), f"KOLIBRI_HOME={folder}"
        self.environment = os.environ | {"KOLIBRI_HOME": str(folder), "KOLIBRI_ZIP_CONTENT_PORT": str(free_port())}
        provision = "manage provisiondevice --facility Bench --superusername admin --superuserpassword adminpass1"
        provision += " --preset formal --language_id en --verbosity 0 --noinput"
        self._run(programs / "kolibri", *provision.split())
        made = self._run(programs / "python", Path(__file__).with_name("kolibri_class.py"))
        self.facts = json.loads(made[made.index('{"facility"') :])
        began = time.perf_counter()
        command = [programs / "kolibri", "start", "--foreground", f"--port={self.port}"]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        while not self._answers():
            if time.perf_counter() - began > 180:
                raise RuntimeError("Kolibri did not answer")
            time.sleep(0.1)
        self.ready_in = time.perf_counter() - began

    def _run(self, *command: object) -> str:
        words = [str(word) for word in command]
        return subprocess.run(words, env=self.environment, check=True, capture_output=True, text=True).stdout

    def _answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            connection.request("GET", "/api/public/info/")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def pids(self) -> list[int]:
        """Every process that runs on its folder, whoever started it."""
        found = []
        for variables in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                if self.mark.encode() in variables.read_bytes().split(b"\0"):
                    found.append(int(variables.parent.name))
        return found

    def cpu_seconds(self) -> float:
        return cpu_seconds_of(self.pids())

    def megabytes(self) -> float:
        return sum(pss_megabytes_of(pid) for pid in self.pids())

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(60)


class Member:
    """Somebody signed in to Kolibri."""

    def __init__(self, kolibri: Kolibri, name: str) -> None:
        self.http = http.client.HTTPConnection("127.0.0.1", kolibri.port, timeout=60)
        self.cookies: dict[str, str] = {}
        facts = kolibri.facts
        self.send("GET", "/api/auth/session/current/")
        claim = {"username": name, "password": facts["password"], "facility": facts["facility"]}
        status, body = self.send("POST", "/api/auth/session/", claim)
        if status != 200:
            raise RuntimeError(f"nobody could sign in: {status} {body[:200]!r}")

    def send(self, method: str, path: str, data: object = None) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"Content-Type": "application/json", "X-CSRFToken": self.cookies.get("kolibri_csrftoken", "")}
        body = None if data is None else json.dumps(data)
        try:
            self.http.request(method, path, body, headers)
            answer = self.http.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError):  # it closes a connection that was idle for a while
            self.http.close()
            self.http.request(method, path, body, headers)
            answer = self.http.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read()


def their_jobs(kolibri: Kolibri) -> dict[str, tuple[int, Call]]:
    facts = kolibri.facts
    learner, coach = Member(kolibri, facts["learners"][0]), Member(kolibri, "coach")
    turns = itertools.count()
    node = {"node_id": facts["node"], "content_id": facts["content"], "channel_id": facts["channel"]}
    node |= {"kind": "exercise", "mastery_model": facts["mastery"], "repeat": True, "lesson_id": facts["lesson"]}

    def session(what: dict[str, object]) -> str:
        status, body = learner.send("POST", "/api/logger/trackprogress/", what)
        if status >= 400:
            raise RuntimeError(f"no session: {status} {body[:200]!r}")
        return f"/api/logger/trackprogress/{json.loads(body)['session_id']}/"

    def answer(path: str, items: list[str], **more: object) -> Call:
        def send() -> tuple[int, bytes]:
            one = {"item": items[next(turns) % len(items)], "correct": 1, "complete": True, "time_spent": 5, **more}
            one["answer"] = {"choice": next(turns) % 4}
            return learner.send("PUT", path, {"interactions": [one], "time_spent_delta": 5})

        return send

    return {
        "shell": (60, lambda: learner.send("GET", "/en/learn/")),
        "home data": (30, lambda: learner.send("GET", "/learn/api/homehydrate/")),
        "trackprogress": (60, answer(session({"quiz_id": facts["quiz"]}), facts["asked"], replace=True)),
        "the same, an exercise": (60, answer(session(node), [f"new {number}" for number in range(10**4)])),
        "classsummary": (20, lambda: coach.send("GET", f"/coach/api/classsummary/{facts['classroom']}/")),
    }


def their_turn(kolibri: Kolibri, count: int, call: Call) -> tuple[float, float, int]:
    """CPU in ms, p95 in ms, bytes."""
    used, times, size = kolibri.cpu_seconds(), [], 0
    for _turn in range(count):
        began = time.perf_counter()
        status, body = call()
        times.append(time.perf_counter() - began)
        size = len(body)
        if status != 200:
            raise RuntimeError(f"Kolibri answered {status}: {body[:200]!r}")
    cpu = 1000 * (kolibri.cpu_seconds() - used) / count
    return cpu, 1000 * sorted(times)[int(0.95 * len(times))], size


def check_class(kolibri: Kolibri) -> str:
    """What its teacher is shown of the class: everybody, and everything that everybody did."""
    _status, body = Member(kolibri, "coach").send("GET", f"/coach/api/classsummary/{kolibri.facts['classroom']}/")
    seen = json.loads(body)
    counts = {name: len(seen[name]) for name in ("learners", "lessons", "exams")}
    lessons, quizzes = len(seen["content_learner_status"]), len(seen["exam_learner_status"])
    if counts != {"learners": SEATS, "lessons": MODULES, "exams": 2 * MODULES}:
        raise RuntimeError(f"the class is not what it should be: {counts}")
    if lessons < 8 * SEATS * MODULES or quizzes < SEATS * (2 * MODULES - 1):
        raise RuntimeError(f"the class has done too little: {lessons} resources, {quizzes} quizzes")
    return f"Kolibri's class: {counts}, {lessons} resources and {quizzes} quizzes done"


def a_term(server: Server, world: World) -> None:
    """The first class hands in before and after every module it is given."""
    chance, people = random.Random(8), sit_everybody(server.port, replace(world, tokens=world.tokens[:SEATS]))
    connection = Connection(server.port)
    for slug in [world.module, *world.others]:
        for moment in ("before", "after"):
            path = f"/en/me/{slug}/questions/{moment}/"
            for person in people:
                status, page = connection.get(person, path)
                if status == 200:
                    status, _body = connection.post(person, path, responses_of(page, chance))
                if status not in (200, 302):
                    raise RuntimeError(f"{path} was answered with {status}")


def compare(server: Server, world: World, kolibri: Kolibri) -> dict[str, dict[str, float]]:
    """Every job in turn, ours and theirs, one request at a time; medians of the rounds."""
    ours = jobs_of(server, world, first=SEATS)
    theirs = their_jobs(kolibri)
    found: dict[str, list[tuple[float, float, int]]] = {}
    for turn in range(PAIRS + 1):
        for job in ours:
            count = 30 if job.name.startswith("submission") else 60
            before = server.cpu_seconds()
            ran = run(server.port, job.act, count=count, connections=1)
            cpu = 1000 * (server.cpu_seconds() - before) / count
            if turn:
                found.setdefault(job.name, []).append((cpu, 1000 * ran.percentile(0.95), ran.size))
        for name, (count, call) in theirs.items():
            result = their_turn(kolibri, count, call)
            if turn:
                found.setdefault(name, []).append(result)
    return {
        name: dict(zip(("cpu_ms", "p95_ms", "bytes"), map(statistics.median, zip(*rows, strict=True)), strict=True))
        for name, rows in found.items()
    }


def memory(server: Server, world: World, kolibri: Kolibri) -> dict[str, float]:
    """What both hold once a class is there: eight connections at once, a page of each of 35."""
    people = sit_everybody(server.port, replace(world, tokens=world.tokens[:SEATS]))
    run(server.port, lambda one, turn: one.get(people[turn % SEATS], f"/en/me/{SLUG}/1/"), count=2 * SEATS)
    members = [Member(kolibri, name) for name in kolibri.facts["learners"][:8]]
    before = kolibri.megabytes()
    with ThreadPoolExecutor(len(members)) as pool:
        list(pool.map(lambda one: [one.send("GET", "/learn/api/homehydrate/") for _turn in range(8)], members))
    return {"ours": sum(server.pss_megabytes()), "theirs": kolibri.megabytes(), "theirs_before": before}


def show(found: dict[str, dict[str, float]], held: dict[str, float], server: Server, kolibri: Kolibri) -> int:
    print(f"{'job':<22}{'CPU ms':>9}{'p95 ms':>9}{'bytes':>9}")
    for name, one in found.items():
        print(f"{name:<22}{one['cpu_ms']:>9.2f}{one['p95_ms']:>9.1f}{one['bytes']:>9.0f}")
    missed = 0
    for (our, their), share in GOALS.items():
        ratio = found[our]["cpu_ms"] / found[their]["cpu_ms"]
        missed += ratio > share
        verdict = "  MISSED" if ratio > share else ""
        print(f"{our} / {their}: 1/{1 / ratio:.1f} of the CPU, goal 1/{1 / share:.0f}{verdict}")
    print(
        f"two workers {held['ours']:.0f} MB, Kolibri {held['theirs']:.0f} MB once eight sit at it, "
        f"{held['theirs_before']:.0f} MB when one did"
    )
    print(f"ready in {server.ready_in:.1f} s, Kolibri in {kolibri.ready_in:.1f} s")
    return missed + (held["ours"] > 0.6 * held["theirs"]) + (server.ready_in > kolibri.ready_in / 2)


def main() -> int:
    programs = install()
    with own_place("peers") as place:
        theirs = place.var / "kolibri"
        theirs.mkdir()
        world = make_world(place.var, place.url, classes=14, seats=SEATS, modules=MODULES)
        kolibri, server = Kolibri(programs, theirs), Server(place.var, place.url)
        try:
            print(check_class(kolibri), flush=True)
            a_term(server, world)
            found = compare(server, world, kolibri)
            held = memory(server, world, kolibri)
            missed = show(found, held, server, kolibri)
        finally:
            server.stop()
            kolibri.stop()
    keep("peers", found | {"memory": held, "missed": missed})
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
