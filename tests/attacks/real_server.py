"""The product on its own server and database on loopback, with a class to be attacked."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from benchmarks.client import Connection, Person
from benchmarks.server import Server, environment

SIT, CARD, WAIT = "/en/sit/", "/en/card/", "/en/sit/wait/"


@dataclass
class Harbour:
    server: Server
    facts: dict
    url: str
    lines: list[Connection] = field(default_factory=list)

    def line(self) -> Connection:
        """A browser's connection; closed at the end."""
        self.lines.append(Connection(self.server.port))
        return self.lines[-1]

    @property
    def seats(self) -> list[dict]:
        return self.facts["open"]["seats"]

    def typed(self, seat: dict, **changes) -> dict[str, object]:
        pictures = changes.pop("pictures", seat["pictures"])
        data = {"code": self.facts["open"]["code"], "animal": seat["animal"], "colour": seat["colour"]}
        return data | {f"picture_{place}": one for place, one in enumerate(pictures, start=1)} | changes

    def forget_tries(self) -> None:
        """As if a night had gone by."""
        statements = ("DELETE FROM accounts_throttle", "DELETE FROM accounts_waitingsignin")
        if self.url.startswith("postgres"):
            with psycopg.connect(self.url) as beside:
                for statement in statements:
                    beside.execute(statement)
            return
        import sqlite3

        beside = sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=20)
        for statement in statements:
            beside.execute(statement)
        beside.commit()
        beside.close()

    def teacher(self) -> tuple[Connection, Person]:
        one, person = self.line(), Person()
        one.get(person, "/en/staff/account/login/")
        form = {"login": "teacher@example.org", "password": self.facts["password"]}
        assert one.post(person, "/en/staff/account/login/", form)[0] == 302
        return one, person


def visitor(one: Connection) -> Person:
    """A device on which the page was opened: it has its cookies."""
    person = Person()
    one.get(person, SIT)
    return person


@contextmanager
def harbour() -> Iterator[Harbour]:
    """Of the kind of database that the suite runs on."""
    var = Path(tempfile.mkdtemp(prefix="balise-harbour-"))
    with _database(var) as url:
        made = subprocess.run(
            [sys.executable, Path(__file__).with_name("harbour.py")],
            cwd=settings.BASE_DIR, env=environment(var, url), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        server = Server(var, url, application="tests.attacks.served:application")
        found = Harbour(server, json.loads(made.stdout.splitlines()[-1]), url)
        try:
            yield found
        finally:
            for one in found.lines:
                one.http.close()
            server.stop()
            shutil.rmtree(var, ignore_errors=True)


@contextmanager
def _database(var: Path) -> Iterator[str]:
    """On PostgreSQL behind row-level security, as it is to be run."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{var}/harbour.sqlite3"
        return
    facts, name = settings.DATABASES["default"], f"harbour_{var.name[-8:].lower()}"
    place = f"{facts['HOST'] or 'localhost'}:{facts['PORT'] or 5432}"
    owner = f"{facts['USER']}:{facts['PASSWORD']}" if facts["PASSWORD"] else facts["USER"]
    with psycopg.connect(f"postgres://{owner}@{place}/postgres", autocommit=True) as beside:
        beside.execute(f'CREATE DATABASE "{name}"')
    os.environ["DATABASE_WEB_URL"] = f"postgres://balise_web@{place}/{name}"
    try:
        yield f"postgres://{owner}@{place}/{name}"
    finally:
        del os.environ["DATABASE_WEB_URL"]
        with psycopg.connect(f"postgres://{owner}@{place}/postgres", autocommit=True) as beside:
            beside.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
