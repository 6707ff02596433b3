"""The cluster of `deploy/cluster/` on one machine: three nodes, each in a network of its own (or on a loopback one).

Debian's packages only: `apt-get install --no-install-recommends patroni etcd-server haproxy pgbouncer iproute2`.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from benchmarks.server import ROOT, children_of

DEPLOY = ROOT / "deploy" / "cluster"
NAMES = ("one", "two", "three")
PROGRAMS = ("patroni", "etcd", "haproxy", "pgbouncer", "ip", "setpriv")
PASSWORD = secrets.token_hex(16)


def missing_programs() -> list[str]:
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    return [name for name in PROGRAMS if shutil.which(name, path=path) is None]


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def as_postgres(command: list[str]) -> list[str]:
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


@dataclass
class Node:
    """One of three machines: etcd and Patroni with its PostgreSQL. `namespace` is empty on loopback addresses."""

    name: str
    address: str
    namespace: str
    folder: Path
    hosts: dict[str, str]
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def environment(self) -> dict[str, str]:
        """The lines of node.env with this node's values."""
        lines = (line.partition("=") for line in (DEPLOY / "node.env").read_text().splitlines() if line[:1] != "#")
        values = {name: value.replace("192.0.2.11", self.address) for name, _equals, value in lines}
        peers = ",".join(f"{name}=http://{address}:2380" for name, address in self.hosts.items())
        values |= {"PATRONI_NAME": self.name, "ETCD_NAME": self.name, "ETCD_INITIAL_CLUSTER": peers}
        values |= {"PATRONI_ETCD_HOSTS": ",".join(f"{address}:2379" for address in self.hosts.values())}
        values |= {"PATRONI_POSTGRESQL_DATA_DIR": str(self.data), "ETCD_DATA_DIR": str(self.folder / "etcd")}
        values |= {"PATRONI_POSTGRESQL_PGPASS": str(self.folder / "pgpass"), "PGHOST": "", "ETCD_LOG_LEVEL": "error"}
        values |= {"PATRONI_SUPERUSER_PASSWORD": PASSWORD, "PATRONI_REPLICATION_PASSWORD": PASSWORD}
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8", **values}

    def start(self, *programs: str) -> None:
        commands = {"etcd": ["etcd"], "patroni": ["patroni", str(self.folder / "patroni.yml")]}
        for name in programs or ("etcd", "patroni"):
            command = as_postgres(commands[name])
            if self.namespace:
                command = ["ip", "netns", "exec", self.namespace, *command]
            log = (self.folder / f"{name}.log").open("ab")
            self.processes[name] = subprocess.Popen(
                command, env=self.environment(), cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )

    def postgres_pids(self) -> list[int]:
        """The postmaster first, then its children."""
        try:
            first = int((self.data / "postmaster.pid").read_text().split("\n")[0])
            return [first, *children_of(first)]
        except (OSError, ValueError):
            return []

    def walreceivers(self) -> list[int]:
        return [pid for pid in self.postgres_pids() if "walreceiver" in _title(pid)]

    def kill_postgres(self, *, with_children: bool = False) -> None:
        for pid in self.postgres_pids()[: None if with_children else 1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill(self, name: str) -> None:
        self.processes[name].kill()
        self.processes[name].wait()

    def lose(self) -> None:
        """As a power cut: everything of the node at once."""
        for process in self.processes.values():
            process.kill()
        self.kill_postgres(with_children=True)
        for process in self.processes.values():
            process.wait()

    def status(self) -> dict:
        try:
            with urllib.request.urlopen(f"http://{self.address}:8008/patroni", timeout=2) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)
        except (OSError, ValueError):
            return {}

    def connect(self) -> psycopg.Connection:
        """As PostgreSQL's superuser; a standby answers too."""
        facts = f"host={self.address} port=5432 user=postgres password={PASSWORD} connect_timeout=3"
        for name in ("balise", "postgres"):
            with contextlib.suppress(psycopg.OperationalError):
                return psycopg.connect(f"{facts} dbname={name}", autocommit=True)
        return psycopg.connect(f"{facts} dbname=postgres", autocommit=True)


def _title(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


class Cluster:
    """Three nodes, HAProxy and PgBouncer. With `namespaces` a node can be cut off; that needs root."""

    def __init__(self, folder: Path, *, namespaces: bool) -> None:
        self.folder, self.has_namespaces = folder, namespaces
        self.front: list[subprocess.Popen] = []
        hosts = {name: f"{'192.0.2' if namespaces else '127.0.0'}.{11 + place}" for place, name in enumerate(NAMES)}
        self.nodes = [
            Node(name, address, f"b{os.getpid()}{name}" if namespaces else "", folder / name, hosts)
            for name, address in hosts.items()
        ]
        if namespaces:
            self._lay_network()
        text = (DEPLOY / "patroni.yml").read_text()
        for node in self.nodes:
            node.folder.mkdir(parents=True)
            sockets = f"postgresql:\n  parameters:\n    unix_socket_directories: {node.folder}\n  bin_dir"
            (node.folder / "patroni.yml").write_text(text.replace("postgresql:\n  bin_dir", sockets))
            shutil.chown(node.folder, "postgres", "postgres")

    def _lay_network(self) -> None:
        """A bridge in this network, and a cable to each node's own."""
        run("ip", "link", "add", "hub", "type", "bridge")
        run("ip", "address", "add", "192.0.2.1/24", "dev", "hub")
        for name in ("hub", "lo"):
            run("ip", "link", "set", name, "up")
        for place, node in enumerate(self.nodes):
            run("ip", "netns", "add", node.namespace)
            run("ip", "link", "add", f"cable{place}", "type", "veth", "peer", "name", "eth0", "netns", node.namespace)
            run("ip", "link", "set", f"cable{place}", "master", "hub", "up")
            run("ip", "-n", node.namespace, "address", "add", f"{node.address}/24", "dev", "eth0")
            for name in ("eth0", "lo"):
                run("ip", "-n", node.namespace, "link", "set", name, "up")

    def cut(self, node: Node, *, is_cut: bool = True) -> None:
        run("ip", "link", "set", f"cable{self.nodes.index(node)}", "down" if is_cut else "up")

    def start(self) -> None:
        for node in self.nodes:
            node.start()
        self.wait(timeout=120)
        with self.primary().connect() as setup:
            setup.execute(f"CREATE ROLE balise LOGIN CREATEDB PASSWORD '{PASSWORD}'")
            setup.execute("CREATE DATABASE balise OWNER balise")
        self._start_front()

    def _start_front(self) -> None:
        front = self.folder / "front"
        front.mkdir()
        (front / "pgbouncer.ini").write_text((DEPLOY / "pgbouncer.ini").read_text())
        (front / "userlist.txt").write_text(f'"balise" "{PASSWORD}"\n')
        shutil.chown(front, "postgres", "postgres")
        shutil.chown(front / "userlist.txt", "postgres", "postgres")
        hosts = {f"NODE_{node.name.upper()}": node.address for node in self.nodes}
        path = {"PATH": f"{os.environ['PATH']}:/usr/sbin"}
        for command in (["haproxy", "-db", "-f", str(DEPLOY / "haproxy.cfg")], ["pgbouncer", "pgbouncer.ini"]):
            log = (front / f"{command[0]}.log").open("ab")
            self.front.append(
                subprocess.Popen(as_postgres(command), cwd=front, env=path | hosts, stdout=log, stderr=log)
            )

    @property
    def url(self) -> str:
        return f"postgres://balise:{PASSWORD}@127.0.0.1:6432/balise"

    def primary(self) -> Node:
        return next(node for node in self.nodes if node.status().get("role") in ("master", "primary"))

    def standbys(self) -> list[Node]:
        return [node for node in self.nodes if node.status().get("role") == "replica"]

    def is_whole(self) -> bool:
        """One leader, two standbys that stream, and one of them known as synchronous where that is asked for."""
        leader = self.primary()
        streams = [one for one in leader.status().get("replication", []) if one.get("state") == "streaming"]
        with urllib.request.urlopen(f"http://{leader.address}:8008/cluster", timeout=2) as answer:
            roles = sorted(one["role"] for one in json.load(answer)["members"])
        wanted = ["leader", "replica", "sync_standby"] if self.is_strict() else ["leader", "replica", "replica"]
        return len(streams) == 2 and roles == wanted

    def is_strict(self) -> bool:
        with urllib.request.urlopen(f"http://{self.nodes[0].address}:8008/config", timeout=3) as answer:
            return bool(json.load(answer).get("synchronous_mode"))

    def configure(self, **values: object) -> None:
        body = json.dumps(values).encode()
        headers = {"Content-Type": "application/json"}
        for node in self.nodes:
            request = urllib.request.Request(f"http://{node.address}:8008/config", body, headers, method="PATCH")
            with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=3):
                return

    def wait(self, *, timeout: float = 90) -> float:
        """Until the cluster is whole; how long it took."""
        began = time.monotonic()
        while time.monotonic() - began < timeout:
            with contextlib.suppress(OSError, StopIteration, ValueError):
                if self.is_whole():
                    return time.monotonic() - began
            time.sleep(0.5)
        states = {node.name: node.status() for node in self.nodes}
        raise RuntimeError(f"the cluster is not whole after {timeout} s: {json.dumps(states)[:2000]}")

    def remove(self) -> None:
        for process in self.front:
            process.kill()
            process.wait()
        for node in self.nodes:
            for pid in node.walreceivers():
                os.kill(pid, signal.SIGCONT)
            node.lose()
            if node.namespace:
                subprocess.run(["ip", "netns", "del", node.namespace], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def in_own_network(module: str, arguments: list[str]) -> int:
    """Runs the module again inside a network of its own, which ends with it."""
    name = f"b{os.getpid()}hub"
    run("ip", "netns", "add", name)
    try:
        command = ["ip", "netns", "exec", name, sys.executable, "-u", "-m", module, "--inside", *arguments]
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False)
