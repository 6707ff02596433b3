"""`make chaos`: the cluster of `deploy/cluster/` while its parts die under writers.

Pupils hand in through the product's own pages, over several web processes, PgBouncer and HAProxy; what was answered is
counted against what every node holds afterwards. Primaries die, standbys, etcd; a node is cut off while a writer beside
it goes on. Last the control: without synchronous mode, and with its standbys held still, the same kill must lose.
Exits with 1 when anything acknowledged is missing, a node holds what another does not, writes stay away too long, or
the control lost nothing. Writes var/figures/chaos.json.
"""

import argparse
import contextlib
import http.client
import itertools
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.client import Connection, Person
from benchmarks.cluster import PASSWORD, Cluster, Node, in_own_network, missing_programs
from benchmarks.places import keep, tidy_when_ended
from benchmarks.server import Server, environment
from benchmarks.world import SLUG, World, build, responses_of, sit_everybody

PRACTICE = f"/en/me/{SLUG}/questions/practice/"
BACK_IN = {"PostgreSQL dies": 15.0, "node lost": 30.0}
"""Seconds, at p95, after which writes must be back."""
BESIDE = """
import sys, time, uuid, psycopg
ends, facts = time.time() + float(sys.argv[2]), sys.argv[1]
while time.time() < ends:
    try:
        with psycopg.connect(facts, autocommit=True, connect_timeout=2) as one:
            told = []
            one.add_notice_handler(lambda notice: told.append(notice.source_function))
            while time.time() < ends:
                key = uuid.uuid4()
                one.execute("INSERT INTO beside VALUES (%s)", [key])
                if "SyncRepWaitForLSN" not in told:
                    print(key, time.time(), flush=True)
                time.sleep(0.1)
    except psycopg.Error:
        time.sleep(0.2)
"""


class Writers:
    """Pupils who hand in again and again; each sends one submission until it is confirmed, as a reload does."""

    def __init__(self, ports: list[int], people: list[Person], page: bytes, *, pause: float) -> None:
        self.acks: list[tuple[float, float, uuid.UUID]] = []  # sent first, confirmed, key
        self.refused: Counter[str] = Counter()
        self.stopping, self.hold = threading.Event(), threading.Event()
        self.page, self.pause = page, pause
        self.threads = [
            threading.Thread(target=self._write, args=(ports[place % len(ports)], person), daemon=True)
            for place, person in enumerate(people)
        ]
        for thread in self.threads:
            thread.start()

    def _write(self, port: int, person: Person) -> None:
        connection = Connection(port, timeout=60)
        while not self.stopping.is_set():
            data = responses_of(self.page)
            sent = time.time()
            while not self.stopping.is_set():
                try:
                    status, _body = connection.post(person, PRACTICE, data)
                except (OSError, http.client.HTTPException) as error:
                    status = type(error).__name__
                    connection = Connection(port, timeout=60)
                if status == 200:
                    self.acks.append((sent, time.time(), uuid.UUID(data["key"])))
                    break
                self.refused[str(status)] += 1
                self.stopping.wait(0.3)
            self.stopping.wait(self.pause)
            while self.hold.is_set() and not self.stopping.is_set():
                time.sleep(0.1)

    def silence_after(self, began: float) -> float:
        """The longest time without a confirmed write from a moment on, in seconds."""
        times = [began, *sorted(at for _sent, at, _key in list(self.acks) if at > began), time.time()]
        return max(later - earlier for earlier, later in itertools.pairwise(times))

    def wait_for_ack(self, *, sent_after: float, timeout: float = 120) -> None:
        while time.time() < sent_after + timeout:
            if any(sent > sent_after for sent, _at, _key in self.acks[-50:]):
                return
            time.sleep(0.05)
        raise RuntimeError(f"no write was confirmed for {timeout} s")

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(90)


@dataclass
class Event:
    what: str
    silence: float
    acknowledged: int
    refused: int
    lost: int
    split: int = 0


@dataclass
class Chaos:
    cluster: Cluster
    writers: Writers
    quizzes: list[uuid.UUID]
    events: list[Event] = field(default_factory=list)
    beside: list[tuple[uuid.UUID, float]] = field(default_factory=list)

    def kept_keys(self, node: Node) -> set[uuid.UUID]:
        with node.connect() as one:
            rows = one.execute("SELECT idempotency_key FROM quizzes_attempt WHERE moment = 'PRACTICE'")
            return {key for (key,) in rows}

    def lost(self, known: list[uuid.UUID]) -> int:
        """How many confirmed submissions the primary does not hold; which form a class has does not matter."""
        from quizzes.enums import Moment
        from quizzes.models import Quiz
        from quizzes.operations import _own_key

        kept = self.kept_keys(self.cluster.primary())
        quizzes = [Quiz(pk=pk) for pk in self.quizzes]
        return sum(not any(_own_key(quiz, Moment.PRACTICE, key) in kept for quiz in quizzes) for key in known)

    def split(self) -> int:
        """Rows that one node holds and another does not, and rows confirmed beside a cut that are gone."""
        for _try in range(30):  # what a standby has not replayed yet is on its way
            first, *others = [self.kept_keys(node) for node in self.cluster.nodes]
            last, strangers = first, 0
            for one in others:
                strangers, last = strangers + len(last ^ one), one
            if not strangers:
                break
            time.sleep(0.5)
        with self.cluster.primary().connect() as one:
            kept = {key for (key,) in one.execute("SELECT key FROM beside")}
        return strangers + sum(key not in kept for key, _at in self.beside)

    def happen(self, what: str, act, *, settle: float = 3.0, heal=None, timeout: float = 150) -> Event:
        """Does something to the cluster, and counts once it is whole again."""
        time.sleep(settle)
        before, refused = len(self.writers.acks), self.writers.refused.total()
        began = time.time()
        act()
        self.writers.wait_for_ack(sent_after=began + 0.5, timeout=timeout)
        silence = self.writers.silence_after(began)
        if heal is not None:
            heal()
        self.cluster.wait(timeout=timeout)
        known = [key for _sent, _at, key in list(self.writers.acks)]
        event = Event(
            what, round(silence, 2), len(known) - before, self.writers.refused.total() - refused, self.lost(known)
        )
        self.events.append(event)
        print(f"{what:<28} {silence:6.1f} s without a write, {event.acknowledged} confirmed, {event.lost} lost")
        return event

    def kill_primaries(self, times: int) -> None:
        for number in range(times):
            node = self.cluster.primary()
            self.happen("PostgreSQL dies", lambda node=node, n=number: node.kill_postgres(with_children=n % 2 == 1))

    def kill_standbys(self, times: int) -> None:
        for _number in range(times):
            node = self.cluster.standbys()[0]
            self.happen("a standby dies", lambda node=node: node.kill_postgres(with_children=True))

    def kill_etcd(self, times: int) -> None:
        for number in range(times):
            node = self.cluster.nodes[number % 3]
            self.happen("one etcd dies", lambda node=node: node.kill("etcd"), heal=lambda node=node: node.start("etcd"))

        def kill_all() -> None:
            for node in self.cluster.nodes:
                node.kill("etcd")
            time.sleep(25)  # longer than the leader's key lives

        def start_all() -> None:
            for node in self.cluster.nodes:
                node.start("etcd")

        self.happen("every etcd dies for 25 s", kill_all, heal=start_all)

    def lose_nodes(self, times: int) -> None:
        for _number in range(times):
            node = self.cluster.primary()
            self.happen("node lost", node.lose, heal=node.start)

    def cut_nodes(self, times: int) -> None:
        """The primary alone on its side, with a writer beside it."""
        for _number in range(times):
            node = self.cluster.primary()
            facts = f"host={node.address} user=postgres password={PASSWORD} dbname=balise"
            command = ["ip", "netns", "exec", node.namespace, sys.executable, "-c", BESIDE, facts, "45"]
            writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            time.sleep(2)

            def heal(node: Node = node, writer: subprocess.Popen = writer) -> None:
                for line in writer.communicate()[0].splitlines():
                    key, at = line.split()
                    self.beside.append((uuid.UUID(key), float(at)))
                self.cluster.cut(node, is_cut=False)

            event = self.happen("node cut off", lambda node=node: self.cluster.cut(node), heal=heal, settle=1)
            self.writers.hold.set()  # so that every node can be compared
            event.split = self.split()
            self.writers.hold.clear()
            print(f"{'':<28} {event.split} rows on one side only; {len(self.beside)} confirmed beside the cut so far")

    def control(self) -> int:
        """Without synchronous mode, the standbys held still: how many confirmed submissions the same kill loses."""
        self.cluster.configure(
            synchronous_mode=False, synchronous_mode_strict=False, maximum_lag_on_failover=1 << 30, ttl=20
        )
        time.sleep(10)
        self.cluster.wait()
        node = self.cluster.primary()
        still = [pid for one in self.cluster.nodes for pid in one.walreceivers()]

        def act() -> None:
            for pid in still:
                os.kill(pid, signal.SIGSTOP)
            time.sleep(3)
            node.lose()
            for pid in still:  # what they had received and not written is gone with them
                os.kill(pid, signal.SIGKILL)

        return self.happen("control: no synchronous mode", act, heal=node.start).lost


def figures_of(chaos: Chaos, lost_by_control: int | None) -> tuple[list[dict], list[str]]:
    """A row for each kind of event, and what missed its goal."""
    rows, faults = [], []
    events = [event for event in chaos.events if not event.what.startswith("control")]
    for what in dict.fromkeys(event.what for event in events):
        found = [event for event in events if event.what == what]
        times = sorted(event.silence for event in found)
        p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
        goal = BACK_IN.get("node lost" if what.startswith("node") else what)
        rows.append(
            {
                "event": what, "times": len(found), "p50_s": statistics.median(times), "p95_s": p95, "max_s": times[-1],
                "goal_s": goal, "acknowledged": sum(event.acknowledged for event in found),
                "refused": sum(event.refused for event in found), "lost": max(event.lost for event in found),
                "split": sum(event.split for event in found),
            }
        )  # fmt: skip
        if goal is not None and p95 > goal:
            faults.append(f"{what}: writes were back after {p95:.1f} s at p95, more than {goal:.0f} s")
        if rows[-1]["lost"] or rows[-1]["split"]:
            faults.append(f"{what}: {rows[-1]['lost']} confirmed and lost, {rows[-1]['split']} on one side only")
    if lost_by_control == 0:
        faults.append("the control lost nothing: the test is too weak")
    return rows, faults


def show(rows: list[dict], lost_by_control: int | None) -> None:
    print(
        f"\n{'event':<26}{'times':>6}{'p50 s':>7}{'p95 s':>7}{'max s':>7}{'goal':>6}{'confirmed':>11}"
        f"{'lost':>6}{'split':>7}"
    )
    for row in rows:
        goal = f"{row['goal_s']:.0f}" if row["goal_s"] else ""
        print(
            f"{row['event']:<26}{row['times']:>6}{row['p50_s']:>7.1f}{row['p95_s']:>7.1f}{row['max_s']:>7.1f}{goal:>6}"
            f"{row['acknowledged']:>11}{row['lost']:>6}{row['split']:>7}"
        )
    if lost_by_control is not None:
        print(f"control, without synchronous mode: {lost_by_control} confirmed submissions lost")


def pupils(servers: list[Server], world: World, count: int) -> tuple[list[Person], bytes, list[uuid.UUID]]:
    """Who practises, the page they send, and the quizzes it may belong to."""
    from django.db import connection
    from django.utils import timezone

    from lessons.models import Reading
    from quizzes.models import Quiz

    Reading.objects.update(done_on=timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE beside (key uuid PRIMARY KEY)")
    world.tokens = world.tokens[:count]
    people = sit_everybody(servers[0].port, world)
    first = Connection(servers[0].port)
    _status, page = first.get(people[0], PRACTICE)
    status, _body = first.post(people[0], PRACTICE, responses_of(page))
    assert status == 200, f"practice was answered with {status}"
    return people, page, list(Quiz.objects.filter(module__slug=SLUG).values_list("pk", flat=True))


def work(options: argparse.Namespace) -> int:
    folder = Path(tempfile.mkdtemp(prefix="balise-cluster-"))
    folder.chmod(0o755)
    var = Path(tempfile.mkdtemp(prefix="balise-chaos-"))
    cluster, servers = Cluster(folder, namespaces=options.inside), []
    try:
        cluster.start()
        os.environ.update(environment(var, cluster.url))
        world = build(classes=max(1, options.writers // 8), seats=8)
        servers = [Server(var, cluster.url, workers=2) for _number in range(2)]
        people, page, quizzes = pupils(servers, world, options.writers)
        chaos = Chaos(cluster, Writers([one.port for one in servers], people, page, pause=options.pause), quizzes)
        cluster.wait()
        chaos.kill_primaries(options.kills)
        chaos.kill_standbys(options.others)
        chaos.kill_etcd(options.others)
        chaos.lose_nodes(options.others)
        if options.inside:
            chaos.cut_nodes(options.cuts)
        lost_by_control = chaos.control() if options.control else None
        chaos.writers.stop()
        rows, faults = figures_of(chaos, lost_by_control)
        show(rows, lost_by_control)
        print(f"not confirmed at first, and sent again: {dict(chaos.writers.refused)}")
        events = [asdict(event) for event in chaos.events]
        keep("chaos", {"rows": rows, "control_lost": lost_by_control, "events": events})
        print("\n".join(f"MISSED: {fault}" for fault in faults))
        return 1 if faults else 0
    except BaseException:
        if options.keep:
            print(f"kept: {folder}")
            subprocess.run(["cp", "-r", str(folder), f"{folder}-kept"], check=False)
        raise
    finally:
        for server in servers:
            for pid in server.pids():  # a worker outlives a main process that is killed
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        cluster.remove()
        shutil.rmtree(var, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=64)
    parser.add_argument("--pause", type=float, default=1.5, help="seconds between a writer's submissions")
    parser.add_argument("--kills", type=int, default=20, help="of the primary's PostgreSQL")
    parser.add_argument("--others", type=int, default=3, help="of a standby, of etcd, of a whole node")
    parser.add_argument("--cuts", type=int, default=5, help="of the primary's network")
    parser.add_argument("--no-control", dest="control", action="store_false")
    parser.add_argument("--keep", action="store_true", help="keep the folder of a run that broke off")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    tidy_when_ended()
    if missing := missing_programs():
        raise SystemExit(
            f"missing: {', '.join(missing)} (Debian: apt-get install --no-install-recommends patroni etcd-server "
            "haproxy pgbouncer iproute2)"
        )
    if os.geteuid() != 0:
        raise SystemExit(
            "make chaos makes networks of its own and must be run by root, on a machine that can be spared"
        )
    return work(options) if options.inside else in_own_network("benchmarks.chaos", sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
