"""`make bench-peers`: ours beside Kolibri, from the package index, in an environment of its own, interleaved.

Kolibri gets a class of 35 with twelve lessons that everybody has done, without network. Its jobs: a learner's home
data, one answer (`trackprogress`), a teacher's class (`classsummary`). Writes var/figures/peers.json.
"""

import http.client
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

from benchmarks.bench import make_world
from benchmarks.client import run
from benchmarks.jobs import jobs_of
from benchmarks.server import ROOT, TICKS, Server, free_port

VERSION = "0.19.5"
HOME = ROOT / "var" / "kolibri"
PAIRS = 5
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
    """A Kolibri with a class, in a folder that is deleted at the end."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.port = free_port()
        self.environment = os.environ | {"KOLIBRI_HOME": str(folder), "KOLIBRI_ZIP_CONTENT_PORT": str(free_port())}
        provision = "manage provisiondevice --facility Bench --superusername admin --superuserpassword adminpass1"
        provision += " --preset formal --language_id en --verbosity 0 --noinput"
        self._run(programs / "kolibri", *provision.split())
        made = self._run(programs / "python", Path(__file__).with_name("kolibri_class.py"))
        self.facts = json.loads(made[made.index("{") :])
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
        """All processes of its session."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid:
                found.append(int(stat.parent.name))
        return found

    def cpu_seconds(self) -> float:
        fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.pids()]
        return sum(int(one[11]) + int(one[12]) for one in fields) / TICKS

    def megabytes(self) -> float:
        lines = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.pids()]
        return sum(int(text.split("\nPss:")[1].split()[0]) for text in lines) / 1024

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
    session = {"node_id": facts["node"], "content_id": facts["content"], "channel_id": facts["channel"]}
    session |= {"kind": "exercise", "mastery_model": {"type": "m_of_n", "m": 8, "n": 8}, "repeat": True}
    status, body = learner.send("POST", "/api/logger/trackprogress/", session)
    if status >= 400:
        raise RuntimeError(f"no session of an exercise: {status} {body[:200]!r}")
    key = json.loads(body)["session_id"]
    turns = iter(range(10**6))

    def answer() -> tuple[int, bytes]:
        one = {"item": f"new {next(turns)}", "correct": 1, "complete": True, "time_spent": 5, "answer": {"a": 1}}
        return learner.send("PUT", f"/api/logger/trackprogress/{key}/", {"interactions": [one], "time_spent_delta": 5})

    return {
        "shell": (30, lambda: learner.send("GET", "/en/learn/")),
        "home data": (20, lambda: learner.send("GET", "/learn/api/homehydrate/")),
        "trackprogress": (30, answer),
        "classsummary": (10, lambda: coach.send("GET", f"/coach/api/classsummary/{facts['classroom']}/")),
    }


def their_turn(kolibri: Kolibri, count: int, call: Call) -> tuple[float, float, int]:
    """CPU in ms, p95 in ms, bytes."""
    used, times, size = kolibri.cpu_seconds(), [], 0
    for _turn in range(count):
        began = time.perf_counter()
        status, body = call()
        times.append(time.perf_counter() - began)
        size = len(body)
        if status >= 400:
            raise RuntimeError(f"Kolibri answered {status}: {body[:200]!r}")
    cpu = 1000 * (kolibri.cpu_seconds() - used) / count
    return cpu, 1000 * sorted(times)[int(0.95 * len(times))], size


def compare(server: Server, world: object, kolibri: Kolibri) -> dict[str, dict[str, float]]:
    """Every job in turn, ours and theirs, one request at a time; medians of the rounds."""
    ours = {job.name: job for job in jobs_of(server, world)}
    theirs = their_jobs(kolibri)
    found: dict[str, list[tuple[float, float, int]]] = {}
    for turn in range(PAIRS + 1):
        for name, job in ours.items():
            before = server.cpu_seconds()
            ran = run(server.port, job.act, count=24, connections=1)
            cpu = 1000 * (server.cpu_seconds() - before) / 24
            if turn:
                found.setdefault(name, []).append((cpu, 1000 * ran.percentile(0.95), ran.size))
        for name, (count, call) in theirs.items():
            result = their_turn(kolibri, count, call)
            if turn:
                found.setdefault(name, []).append(result)
    return {
        name: dict(zip(("cpu_ms", "p95_ms", "bytes"), map(statistics.median, zip(*rows, strict=True)), strict=True))
        for name, rows in found.items()
    }


def show(found: dict[str, dict[str, float]], server: Server, kolibri: Kolibri) -> int:
    print(f"{'job':<22}{'CPU ms':>9}{'p95 ms':>9}{'bytes':>9}")
    for name, one in found.items():
        print(f"{name:<22}{one['cpu_ms']:>9.2f}{one['p95_ms']:>9.1f}{one['bytes']:>9.0f}")
    missed = 0
    for (our, their), share in GOALS.items():
        ratio = found[our]["cpu_ms"] / found[their]["cpu_ms"]
        missed += ratio > share
        verdict = "  MISSED" if ratio > share else ""
        print(f"{our} / {their}: 1/{1 / ratio:.0f} of the CPU, goal 1/{1 / share:.0f}{verdict}")
    memory, theirs = sum(server.pss_megabytes()), kolibri.megabytes()
    print(f"two workers {memory:.0f} MB, Kolibri {theirs:.0f} MB")
    print(f"ready in {server.ready_in:.1f} s, Kolibri in {kolibri.ready_in:.1f} s")
    return missed + (memory > 0.6 * theirs) + (server.ready_in > kolibri.ready_in / 2)


def main() -> int:
    programs = install()
    folder = Path(tempfile.mkdtemp(prefix="balise-peers-"))
    var, theirs = folder / "var", folder / "kolibri"
    var.mkdir()
    theirs.mkdir()
    url = f"sqlite:///{var / 'bench.sqlite3'}"
    try:
        world = make_world(var, url, 14)
        kolibri, server = Kolibri(programs, theirs), Server(var, url)
        try:
            found = compare(server, world, kolibri)
            missed = show(found, server, kolibri)
        finally:
            server.stop()
            kolibri.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    target = ROOT / "var" / "figures" / "peers.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found | {"missed": missed}, indent=1))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
