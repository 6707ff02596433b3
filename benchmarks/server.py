"""The product as the README deploys it, in a folder of its own, and what its processes cost."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
SECRETS = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "BALISE_PEPPERS": f"1:{secrets.token_hex(32)}",
    "BALISE_LEDGER_KEY": secrets.token_hex(32),
    "ALLOWED_HOSTS": "127.0.0.1,testserver",
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "PUBLIC_URL": "",
    "DEBUG": "",
}


def environment(var: Path, database_url: str) -> dict[str, str]:
    return {**os.environ, **SECRETS, "BALISE_VAR": str(var), "DATABASE_URL": database_url}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_seconds_of(pids: Iterable[int]) -> float:
    """What those of them that still run have used so far, user and system."""
    used = 0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
    return used / TICKS


def pss_megabytes_of(pid: int) -> float:
    """Its proportional memory."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


class Server:
    """Granian with the workers of `manage.py serve`. `ready_in` is the time in seconds until it answered."""

    def __init__(
        self,
        var: Path,
        database_url: str,
        *,
        checkout: Path = ROOT,
        workers: int = 2,
        application: str = "config.wsgi:application",
    ) -> None:
        self.port = free_port()
        command = [
            sys.executable, "-m", "granian", application, "--interface", "wsgi", "--port", str(self.port), "--host",
             "127.0.0.1", "--workers", str(workers), "--blocking-threads", "1", "--no-ws", "--no-access-log",
            "--log-level", "warning",
        ]  # fmt: skip
        started = time.perf_counter()
        self.process = subprocess.Popen(command, cwd=checkout, env=environment(var, database_url))
        self._wait()
        self.ready_in = time.perf_counter() - started

    def _wait(self) -> None:
        for _try in range(1200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                    connection.sendall(b"GET /robots.txt HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                    if connection.recv(15):
                        return
            except OSError:
                pass
            if self.process.poll() is not None:
                raise RuntimeError("the server did not start")
            time.sleep(0.05)
        raise RuntimeError("the server did not answer")

    def pids(self) -> list[int]:
        """The main process and its workers."""
        return [self.process.pid, *children_of(self.process.pid)]

    def cpu_seconds(self) -> float:
        return cpu_seconds_of(self.pids())

    def pss_megabytes(self) -> list[float]:
        """Of each worker."""
        return [pss_megabytes_of(pid) for pid in self.pids()[1:]]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
