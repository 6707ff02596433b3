"""What is measured of a served product: each job, how often a round does it, what it cost."""

import itertools
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.client import Connection, Person, Run, run
from benchmarks.server import Server
from benchmarks.world import SLUG, World, responses_of, sign_in, sit_everybody

HEADER = "X-Statements"  # of `benchmarks.counted`
Act = Callable[[Connection, int], tuple[int, bytes]]
GOALS = {  # CPU, as a multiple of the constant page's
    "step page": 6,
    "autosave": 8,
    "submission before": 15,
    "submission after": 15,
    "class report": 20,
    "cockpit": 20,
}
QUERY_GOALS = {"step page": 4, "autosave": 5, "class report": 6, "cockpit": 6}
COUNTED = 8  # turns of each job before its statements are read
TEN_SAVES = 2  # ten answers in one request cost at most this many times one


@dataclass
class Job:
    name: str
    count: int  # a round
    act: Act


@dataclass
class Line:
    job: str
    cpu_ms: float
    ratio: float
    goal: float | None
    queries: int
    rps: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    size: int

    @property
    def is_missed(self) -> bool:
        too_many = self.queries > QUERY_GOALS.get(self.job, self.queries)
        return too_many or (self.goal is not None and self.ratio > self.goal)


def jobs_of(server: Server, world: World, *, first: int = 0) -> list[Job]:
    """The seven jobs; handing in comes twice, since only the one after the lesson keeps results and explains.

    `first` is the seat that hands in first: those before have done it.
    """
    people, teacher, nobody = sit_everybody(server.port, world), sign_in(server.port), Person()
    me, classroom = f"/en/me/{SLUG}", f"/en/staff/classes/{world.classrooms[0]}"
    late = people[len(people) // 2 :]  # these never hand in
    pages = {
        moment: Connection(server.port).get(late[0], f"{me}/questions/{moment}/")[1] for moment in ("before", "after")
    }
    answers = responses_of(pages["after"])
    question = next(name for name in answers if name not in ("key", "anyway"))
    turns = {moment: itertools.count(first) for moment in pages}

    def submit(moment: str) -> Act:
        return lambda connection, number: connection.post(
            people[next(turns[moment])], f"{me}/questions/{moment}/", responses_of(pages[moment])
        )

    def save(fields: dict[str, str]) -> Act:
        return lambda connection, number: connection.post(
            late[number % len(late)], f"{me}/questions/after/save/", fields
        )

    def sit(connection: Connection, number: int) -> tuple[int, bytes]:
        place = -1 - number % len(late)
        return connection.post(people[place], "/en/card/", {"token": world.tokens[place]})

    def read(person: Person, path: str) -> Act:
        return lambda connection, number: connection.get(person, path)

    return [
        Job("constant page", 600, read(nobody, "/robots.txt")),
        Job("sitting down", 60, sit),
        Job("step page", 200, lambda connection, number: connection.get(people[number % 200], f"{me}/1/")),
        Job("autosave", 150, save({"key": answers["key"], question: answers[question]})),
        Job("autosave of all", 150, save(answers)),
        Job("submission before", 60, submit("before")),
        Job("submission after", 60, submit("after")),
        Job("cockpit", 60, read(teacher, f"{classroom}/now/")),
        Job("class report", 60, read(teacher, f"{classroom}/report/{SLUG}/")),
        Job("administrator's page", 60, read(teacher, "/en/staff/figures/")),
    ]


def once(server: Server, job: Job, count: int) -> tuple[float, Run]:
    """CPU in ms a request, and the run."""
    before = server.cpu_seconds()
    found = run(server.port, job.act, count=count)
    if bad := {status for status in found.statuses if status >= 400}:
        raise SystemExit(f"{job.name} was answered with {sorted(bad)}")
    return 1000 * (server.cpu_seconds() - before) / count, found


def statements(server: Server, jobs: list[Job]) -> dict[str, int]:
    """How many each job costs a server of `benchmarks.counted`, once everything that is kept is there."""
    found = {}
    for job in jobs:
        connection = Connection(server.port)
        for number in range(COUNTED):  # either worker keeps what it has read
            job.act(connection, number)
            found[job.name] = int(connection.headers.get(HEADER, 0))
    return found


def measure(server: Server, jobs: list[Job], rounds: int, queries: dict[str, int]) -> list[Line]:
    cpu: dict[str, list[float]] = {job.name: [] for job in jobs}
    runs: dict[str, list[Run]] = {job.name: [] for job in jobs}
    for turn in range(rounds + 1):
        for job in jobs:
            used, found = once(server, job, job.count if turn else max(16, job.count // 6))
            if turn:  # the first is for warming up
                cpu[job.name].append(used)
                runs[job.name].append(found)
    floor = statistics.median(cpu["constant page"])
    return [line_of(job.name, statistics.median(cpu[job.name]), floor, runs[job.name], queries) for job in jobs]


def line_of(job: str, cpu_ms: float, floor: float, runs: list[Run], queries: dict[str, int]) -> Line:
    def ms(share: float) -> float:
        return round(1000 * statistics.median(found.percentile(share) for found in runs), 1)

    return Line(
        job=job,
        cpu_ms=round(cpu_ms, 2),
        ratio=round(cpu_ms / floor, 1),
        goal=GOALS.get(job),
        queries=queries[job],
        rps=round(statistics.median(len(found.latencies) / found.seconds for found in runs)),
        p50_ms=ms(0.5),
        p95_ms=ms(0.95),
        p99_ms=ms(0.99),
        size=runs[-1].size,
    )
