"""`deploy/wal` on PostgreSQL: the server is killed in mid-writing and its disk is gone; what was answered is there.

On servers of the test's own: the suite's does not wait for its disk.
"""

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from benchmarks.postgresql import PostgreSQL, as_owner, binaries

pytestmark = pytest.mark.postgresql
SCRIPT = settings.BASE_DIR / "deploy/wal"
SECONDS = 12 if os.environ.get("BALISE_ATTACK") == "full" else 1.5


class Writers:
    """Insert rows as fast as they can; `kept` are the numbers whose commit was answered."""

    def __init__(self, url: str) -> None:
        self.url, self.kept = url, []
        self.threads = [threading.Thread(target=self._write, args=(number,)) for number in range(4)]
        for thread in self.threads:
            thread.start()

    def _write(self, number: int) -> None:
        try:
            with psycopg.connect(self.url, autocommit=True) as one:
                for turn in range(1_000_000):
                    one.execute("INSERT INTO kept VALUES (%s)", [turn * 4 + number])
                    self.kept.append(turn * 4 + number)
        except psycopg.Error:
            return  # the server is gone

    def end(self) -> list[int]:
        for thread in self.threads:
            thread.join()
        return self.kept


def wal(cluster: PostgreSQL, folder: Path, *arguments: str | Path) -> list[str]:
    place = {"PGHOST": "127.0.0.1", "PGPORT": str(cluster.port), "PGUSER": "balise", "BALISE_WAL": str(folder)}
    path = f"{binaries()}:{os.environ['PATH']}"
    return [
        "env",
        f"PATH={path}",
        *(f"{name}={value}" for name, value in place.items()),
        str(SCRIPT),
        *map(str, arguments),
    ]


def kill_and_lose(cluster: PostgreSQL) -> None:
    cluster.stop()  # at once, as after a power cut
    shutil.rmtree(cluster.data)


@pytest.fixture
def primary(tmp_path):
    cluster = PostgreSQL(synchronous_standby_names="")
    shutil.copy(SCRIPT, cluster.folder)  # where PostgreSQL's own user can read it
    with psycopg.connect(cluster.url(), autocommit=True) as one:
        one.execute("CREATE TABLE kept (number bigint PRIMARY KEY)")
    yield cluster
    cluster.remove()


def wait_until(done) -> None:
    for _try in range(600):
        if done():
            return
        time.sleep(0.1)
    raise AssertionError("it took too long")


def is_synchronous(url: str) -> bool:
    with psycopg.connect(url) as one:
        return one.execute("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'").fetchone()[0] == 1


def test_the_server_is_killed_and_its_disk_is_gone(primary, tmp_path):
    kept_apart = primary.folder / "second-machine"
    kept_apart.mkdir()
    subprocess.run(["chown", "postgres", kept_apart], check=os.geteuid() == 0)
    receiving = subprocess.Popen(as_owner(*wal(primary, kept_apart, "receive")), cwd="/", stderr=subprocess.DEVNULL)
    try:
        with psycopg.connect(primary.url(), autocommit=True) as one:
            one.execute("ALTER SYSTEM SET synchronous_standby_names = 'balise_wal'")
            one.execute("SELECT pg_reload_conf()")
        wait_until(lambda: is_synchronous(primary.url()))
        subprocess.run(as_owner(*wal(primary, kept_apart, "base")), cwd="/", check=True)
        writers = Writers(primary.url())
        time.sleep(SECONDS)
        kill_and_lose(primary)
        kept = writers.end()
    finally:
        receiving.terminate()
        receiving.wait(20)
    assert len(kept) > 50
    again = subprocess.run(as_owner(*wal(primary, kept_apart, "restore", primary.data)), cwd="/", check=False)
    assert again.returncode == 0
    refused = subprocess.run(
        as_owner(*wal(primary, kept_apart, "restore", primary.data)), cwd="/", check=False, stderr=subprocess.PIPE
    )
    assert b"nothing was changed" in refused.stderr
    primary.start()
    wait_until(lambda: not is_recovering(primary.url()))
    with psycopg.connect(primary.url()) as one:
        found = {number for (number,) in one.execute("SELECT number FROM kept").fetchall()}
    assert set(kept) <= found
    print(f"{len(kept)} answered, {len(set(kept) - found)} lost, {len(found - set(kept))} more than were answered")


def is_recovering(url: str) -> bool:
    try:
        with psycopg.connect(url) as one:
            return one.execute("SELECT pg_is_in_recovery()").fetchone()[0]
    except psycopg.OperationalError:
        return True


def test_without_a_base_backup_nothing_is_made(tmp_path):
    done = subprocess.run(
        ["env", f"BALISE_WAL={tmp_path}", str(SCRIPT), "restore", str(tmp_path / "new")],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"nothing was changed" in done.stderr
    assert not (tmp_path / "new").exists()
