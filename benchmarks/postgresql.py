"""A PostgreSQL of our own, with every wait for the disk on, for what a figure or a promise rests on."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.server import children_of, cpu_seconds_of, free_port


def binaries() -> Path:
    """Where Debian keeps the newest server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise SystemExit("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return found[-1].parent


def as_owner(*command: str | Path) -> list[str]:
    """PostgreSQL refuses to be run by root."""
    words = [str(word) for word in command]
    return ["runuser", "-u", "postgres", "--", *words] if os.geteuid() == 0 else words


class PostgreSQL:
    """A cluster in a folder that is deleted at the end, on a free port of this machine only."""

    def __init__(self, folder: Path | None = None, **settings: str) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="balise-postgresql-"))
        self.port = free_port()
        if os.geteuid() == 0:
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        self.data = self.folder / "data"
        self._run("initdb", "-D", self.data, "-A", "trust", "-U", "balise", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        facts = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder}
        facts |= {"max_connections": 200, "shared_buffers": "256MB", "max_wal_size": "4GB"} | settings
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in facts.items())
        self.start()

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = as_owner(binaries() / program, *arguments)
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

    def start(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-w", "-s", "-l", self.folder / "log", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")

    def cpu_seconds(self) -> float:
        """What its processes that still run have used so far: backends of the pool stay."""
        first = int((self.data / "postmaster.pid").read_text().split("\n")[0])
        return cpu_seconds_of(children_of(first))

    def url(self, name: str = "postgres") -> str:
        return f"postgres://balise@127.0.0.1:{self.port}/{name}"

    def remove(self) -> None:
        with contextlib.suppress(RuntimeError):  # it stopped by itself
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
