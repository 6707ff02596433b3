"""The second wall through PgBouncer in transaction mode: two schools on one connection, the ORM's filters taken out.

Part of `make attack`. Needs Debian's postgresql and pgbouncer.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.client import Connection, Person
from benchmarks.places import own_place
from benchmarks.server import ROOT, Server, environment, free_port
from benchmarks.siege import Tally

ROUNDS, BROWSERS = 60, 3
DOOR, PASSWORD = "/en/staff/account/login/", secrets.token_urlsafe(20)
POOLER = """[databases]
* = host=127.0.0.1 port={port} pool_size=1
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
ignore_startup_parameters = extra_float_digits
"""


@dataclass
class Pages:
    """What a school's teacher was shown."""

    own: int = 0
    foreign: int = 0


def program() -> str | None:
    return shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


@contextmanager
def pooler(folder: Path, port: int) -> Iterator[int]:
    """PgBouncer before a PostgreSQL. All clients of a role share the one connection behind it."""
    own, place = free_port(), folder / "pooler"
    place.mkdir()
    (place / "pgbouncer.ini").write_text(POOLER.format(port=port, own=own, folder=place))
    (place / "users").write_text('"balise_web" ""\n"balise" ""\n')
    for path in (folder, place):
        path.chmod(0o755)
    as_somebody = ["-u", "postgres"] if os.geteuid() == 0 else []
    process = subprocess.Popen([program(), *as_somebody, "-q", str(place / "pgbouncer.ini")])
    try:
        time.sleep(1)
        yield own
    finally:
        process.terminate()
        process.wait(10)


def visit(tally: Tally, port: int, who: str, other: str, classes: dict[str, str]) -> Pages:
    """A teacher's pages and another's, again and again."""
    one, person, seen = Connection(port), Person(), Pages()
    one.get(person, DOOR)
    if one.post(person, DOOR, {"login": f"{who}@example.org", "password": PASSWORD})[0] != 302:
        tally.find(f"{who} could not sign in")
    pages = ["", f"{classes[who]}/", f"{classes[other]}/", f"{classes[other]}/cards/"]
    for turn in range(ROUNDS):
        began = time.perf_counter()
        status, text = one.get(person, f"/en/staff/classes/{pages[turn % len(pages)]}")
        tally.add(status, time.perf_counter() - began)
        seen.own += f"Label of the {who}".encode() in text
        seen.foreign += f"Label of the {other}".encode() in text
    one.http.close()
    return seen


def crowd(tally: Tally, server: Server, classes: dict[str, str]) -> list[Pages]:
    sides = [("north", "south"), ("south", "north")] * BROWSERS
    with ThreadPoolExecutor(len(sides)) as together:
        return list(together.map(lambda side: visit(tally, server.port, *side, classes), sides))


def left_over(url: str) -> list[str]:
    """What the one connection would show whoever gets it next."""
    found = []
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as beside:
        for name in ("schools", "people", "authorities", "operator"):
            if beside.execute("SELECT current_setting(%s, true)", [f"balise.{name}"]).fetchone()[0]:
                found.append(f"balise.{name} stayed on the connection")
        if beside.execute("SELECT count(*) FROM accounts_seat").fetchone()[0]:
            found.append("a connection of nobody shows seats")
    return found


def pooled(tally: Tally) -> None:
    if program() is None:
        tally.find("not tried: PgBouncer is not installed (Debian: apt-get install pgbouncer)")
        return
    with own_place("walls", "postgresql") as place, pooler(place.var, place.postgresql.port) as port:
        with psycopg.connect(place.url, autocommit=True) as owner:
            owner.execute("CREATE ROLE balise_web LOGIN")
        web = f"postgres://balise_web@127.0.0.1:{port}/postgres"
        made = subprocess.run(
            [sys.executable, "tests/attacks/two_schools.py", PASSWORD],
            cwd=ROOT, env=environment(place.var, place.url) | {"DATABASE_WEB_URL": web}, capture_output=True, text=True,
        )  # fmt: skip
        if made.returncode:
            tally.find(f"nothing to look at: {made.stderr[-500:]}")
            return
        classes = json.loads(made.stdout.splitlines()[-1])
        for wall in (True, False):
            os.environ["DATABASE_WEB_URL"] = web if wall else ""
            server = Server(place.var, place.url, application="tests.attacks.unfiltered:application")
            try:
                seen = crowd(tally, server, classes)
            finally:
                server.stop()
                del os.environ["DATABASE_WEB_URL"]
            judge(tally, seen, wall)
        tally.findings += left_over(web)


def judge(tally: Tally, seen: list[Pages], wall: bool) -> None:
    """Without the wall foreign classes must be seen, or it would prove nothing that they are not with it."""
    foreign = sum(one.foreign for one in seen)
    if wall and foreign:
        tally.find(f"{foreign} pages showed another school's class")
    if not wall and not foreign:
        tally.find("the control showed nothing")
    if min(one.own for one in seen) < ROUNDS / 4:
        tally.find(f"a teacher's own class was not seen: {seen}")


def main() -> int:
    tally = Tally("one connection")
    pooled(tally)
    print(tally)
    return bool(tally.findings)


if __name__ == "__main__":
    sys.exit(main())
