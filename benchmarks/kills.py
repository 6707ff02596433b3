"""`make kills`: workers are killed while they take submissions, a disk fills up: what was confirmed must be there.

Every seat hands in before and after, and sends again what was not confirmed, as a reload does. A thousand times
`kill -9` strikes a worker in the middle of it, at any moment: how far it had come is counted. In the end nothing may be
missing, nothing twice, and each class's tallies equal a recount of what was sent. Then the same with a full disk: a
clear 503, nothing confirmed lost, everything as before once there is room. Exits with 1 otherwise; writes
var/figures/kills.json.
"""

import argparse
import contextlib
import http.client
import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.answers import class_answers, recount_faults
from benchmarks.client import Connection, Person
from benchmarks.places import keep, own_folder, own_place, tidy_when_ended
from benchmarks.postgresql import PostgreSQL
from benchmarks.prefork import Board, Phase
from benchmarks.server import ROOT, environment, free_port
from benchmarks.world import SLUG, World, build, sit_everybody

LEAST_BETWEEN = 0.2  # of the kills, between the first write and the answer
UNKEPT = {Phase.WRITING, Phase.COMMITTING, Phase.COMMITTED, Phase.ANSWERING}


class Forked:
    """`benchmarks.prefork` on a free port."""

    def __init__(self, var: Path, url: str, *, workers: int = 2) -> None:
        self.port, board = free_port(), var / "board"
        board.unlink(missing_ok=True)
        self.board = Board(board, workers)
        command = [sys.executable, "-m", "benchmarks.prefork", str(self.port), str(board), str(workers)]
        log = (var / "server.log").open("ab")
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment(var, url), stderr=log, start_new_session=True
        )
        for _try in range(600):
            if all(self.board.place(worker)[0] for worker in range(workers)):
                return
            time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Submission:
    """What one seat sends for one moment, until it is confirmed."""

    def __init__(self, person: Person, moment: str, data: dict) -> None:
        self.person, self.path, self.data = person, f"/en/me/{SLUG}/questions/{moment}/", data | {"anyway": "1"}
        self.statuses: list[int] = []

    def send(self, port: int) -> int:
        try:
            status, body = Connection(port, timeout=60).post(self.person, self.path, self.data)
        except (OSError, http.client.HTTPException):
            status, body = 0, b""
        self.statuses.append(status)
        self.body = body
        return status


def submissions(world: World, people: list[Person], chance: random.Random) -> tuple[list[Submission], dict]:
    """Two of every seat; what the tallies of each class and moment must be when all are in."""
    made: list[Submission] = []
    expected: dict[str, dict[str, Counter]] = {"BEFORE": {}, "AFTER": {}}
    first = 0
    for key in world.classrooms:
        for moment, counted in expected.items():
            forms, counted[key] = class_answers(key, SLUG, moment, chance)
            own = people[first : first + len(forms)]
            made += [Submission(person, moment.lower(), data) for person, data in zip(own, forms, strict=True)]
        first += len(own)
    return made, expected


def faults_of(expected: dict[str, dict[str, Counter]], count: int) -> list[str]:
    from quizzes.models import Attempt

    faults = []
    for moment, counted in expected.items():
        kept = Attempt.objects.filter(moment=moment, is_submitted=True).count()
        if kept != count // 2:
            faults.append(f"{count // 2} submissions {moment} were confirmed, {kept} are kept")
        faults += [f"{moment}: {fault}" for fault in recount_faults(counted, moment)]
    return faults


class Killer(threading.Thread):
    """Strikes one worker again and again: half of the times a random moment after a submission came in, half of them a
    random moment after its first write.
    """

    def __init__(self, board: Board, worker: int, kills: int, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.board, self.worker, self.left, self.chance = board, worker, kills, chance
        self.longest = {Phase.READING: 0.08, Phase.WRITING: 0.03}

    def run(self) -> None:
        while self.left > 0:
            first = self.chance.choice([Phase.READING, Phase.WRITING])
            while (place := self.board.place(self.worker))[1] < first:
                time.sleep(0.0003)
            time.sleep(self.chance.uniform(0, self.longest[first]))
            pid, phase = self.board.place(self.worker)
            if pid != place[0] or phase == Phase.IDLE:
                self.longest[first] *= 0.8  # it had answered
                continue
            os.kill(pid, signal.SIGKILL)
            while self.board.place(self.worker)[0] == pid:
                time.sleep(0.001)
            self.left -= 1
            if phase == first:  # as long as a submission takes on this machine today
                self.longest[first] = min(5.0, self.longest[first] * 1.1)


def hand_in(port: int, waiting: list[Submission], *, threads: int = 6) -> Counter:
    """Sends all, each until it is confirmed; how they were answered on the way."""
    left: queue.SimpleQueue[Submission] = queue.SimpleQueue()
    for one in waiting:
        left.put(one)

    def work() -> None:
        while not left.empty():
            try:
                one = left.get_nowait()
            except queue.Empty:
                return
            while one.send(port) not in (200, 302):
                time.sleep(0.02)

    workers = [threading.Thread(target=work, daemon=True) for _number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return Counter(status for one in waiting for status in one.statuses)


def kill_workers(var: Path, url: str, *, kills: int, classes: int, seats: int) -> dict:
    chance = random.Random(9)
    world = build(classes=classes, seats=seats)
    server = Forked(var, url)
    try:
        made, expected = submissions(world, sit_everybody(server.port, world), chance)
        for worker in range(server.board.workers):
            Killer(server.board, worker, -(-kills // server.board.workers), chance).start()
        statuses = hand_in(server.port, made)
        died = server.board.died_in
        between = sum(died[phase] for phase in UNKEPT)
        struck = between + died[Phase.READING]
        faults = faults_of(expected, len(made))
        if struck < kills:
            faults.append(f"only {struck} workers were killed in a submission, of {kills} wanted: use more classes")
        if between < LEAST_BETWEEN * kills:
            faults.append(f"only {between} kills between the first write and the answer")
        return {
            "kills": struck, "between": between, "died_in": {one.name.lower(): count for one, count in died.items()},
            "submissions": len(made), "unanswered": statuses[0], "faults": faults,
        }  # fmt: skip
    finally:
        server.stop()


def fill(folder: Path, *, leave: int) -> Path:
    """Takes the room of a small disk, but for `leave` bytes."""
    filler = folder / "filler"
    free = os.statvfs(folder)
    with filler.open("wb") as file:
        for _block in range(max(0, free.f_bavail * free.f_frsize - leave) // 65536):
            file.write(bytes(65536))
    return filler


def fill_disk(var: Path, url: str, disk: Path, postgresql: PostgreSQL | None) -> dict:
    """Hands in while the disk is full, then again when there is room."""
    chance = random.Random(10)
    world = build(classes=6, seats=35)
    server = Forked(var, url)
    try:
        made, expected = submissions(world, sit_everybody(server.port, world), chance)
        middle = len(made) // 4
        hand_in(server.port, made[:middle])
        filler = fill(disk, leave=128 * 1024)
        refused = []
        for one in made[middle : 3 * middle]:
            if one.send(server.port) not in (200, 302):
                refused.append(one)
        statuses = Counter(one.statuses[0] for one in refused)
        is_clear = all(b"One moment" in one.body for one in refused if one.statuses[0] == 503)
        confirmed = 3 * middle - len(refused)
        filler.unlink()
        if postgresql is not None and not is_up(postgresql):
            postgresql.start()  # a full disk under the write-ahead log stops it; that is its way to lose nothing
        faults = [] if kept() >= confirmed else [f"{confirmed} were confirmed, {kept()} are kept"]
        hand_in(server.port, [*refused, *made[3 * middle :]])
        faults += faults_of(expected, len(made))
        if not statuses or set(statuses) != {503} or not is_clear:
            faults.append(f"a full disk was answered with {dict(statuses)}")
        return {"refused": dict(statuses), "submissions": len(made), "faults": faults}
    finally:
        server.stop()


def is_up(postgresql: PostgreSQL) -> bool:
    import psycopg

    try:
        psycopg.connect(postgresql.url(), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def kept() -> int:
    from django.db import connections

    from quizzes.models import Attempt

    connections.close_all()
    return Attempt.objects.filter(is_submitted=True).count()


def in_own_process(job: str, database: str, options: argparse.Namespace) -> dict:
    """One database a process: Django keeps its first."""
    arguments = ["--job", job, "--database", database, "--kills", str(options.kills), "--classes", str(options.classes)]
    command = [sys.executable, "-m", "benchmarks.kills", *arguments, "--seats", str(options.seats)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            said, _nothing = process.communicate()
        except BaseException:
            process.terminate()  # it tidies up
            raise
    if process.returncode:
        return {"faults": [f"{job} on {database} broke off"]}
    return json.loads(said.splitlines()[-1])


@contextlib.contextmanager
def small_disk(var: Path, size: str) -> Iterator[Path]:
    var.chmod(0o755)
    disk = var / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "balise", disk], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


def work(options: argparse.Namespace) -> dict:
    if options.job == "kill":
        with own_place("kills", options.database) as place:
            os.environ.update(environment(place.var, place.url))
            sizes = {"kills": options.kills, "classes": options.classes, "seats": options.seats}
            return kill_workers(place.var, place.url, **sizes)
    with own_folder("kills") as var, small_disk(var, "300m" if options.database == "postgresql" else "48m") as disk:
        postgresql, url = None, f"sqlite:///{disk / 'kills.sqlite3'}"
        try:
            if options.database == "postgresql":
                folder = disk / "postgresql"
                folder.mkdir()
                postgresql = PostgreSQL(folder, max_wal_size="64MB", min_wal_size="32MB", shared_buffers="32MB")
                url = postgresql.url()
            os.environ.update(environment(var, url))
            return fill_disk(var, url, disk, postgresql)
        finally:
            if postgresql:
                postgresql.remove()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--classes", type=int, default=100)
    parser.add_argument("--seats", type=int, default=35)
    parser.add_argument("--job", choices=["kill", "disk"], help="one job only, on one database")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    if options.job:
        print(json.dumps(work(options)))
        return 0
    tidy_when_ended()
    found = {}
    for database in ("sqlite", "postgresql"):
        for job in ("kill", "disk"):
            if job == "disk" and os.geteuid() != 0:
                print("disk full: left out, only root may mount a small disk")
                continue
            found[f"{job} {database}"] = one = in_own_process(job, database, options)
            print(f"{job} {database}: {json.dumps(one)}", flush=True)
    keep("kills", found)
    return 1 if any(one["faults"] for one in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
