"""The drill of upgrading and going back: an earlier version with people at work, this one, and the earlier again.

`make drill`, or `python -m benchmarks.upgrade --from COMMIT [--postgresql]`. Both versions serve side by
side on one database while it is migrated, forwards and backwards, and classes work on meanwhile. Prints requests and
failures; exits with 1 when a request failed or a row was lost.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from benchmarks.client import Connection, Person
from benchmarks.places import checkout_of, own_place
from benchmarks.server import ROOT, Server, environment
from benchmarks.world import SLUG, World, make_world, responses_of, sign_in

FROM = "7906222"
PEOPLE = 12
COUNT = """
import json, django
django.setup()
from django.apps import apps
own = {"accounts", "lessons", "quizzes", "progress", "privacy", "account", "mfa"}
models = [one for one in apps.get_models() if one._meta.app_label in own]
print(json.dumps({one._meta.label: one._base_manager.count() for one in models}))
"""
TARGETS = """
import json, django
django.setup()
from django.db import connection
from django.db.migrations.loader import MigrationLoader
print(json.dumps(sorted(MigrationLoader(connection).graph.leaf_nodes())))
"""
ENDS = {"accounts.Sitting", "accounts.Throttle", "accounts.WaitingSignIn"}  # come and go with the people


class Version:
    """A checkout of the project, run on the drill's database."""

    def __init__(self, checkout: Path, var: Path, url: str) -> None:
        self.checkout, self.var, self.url = checkout, var, url

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.checkout, env=environment(self.var, self.url) | {"PYTHONPATH": ""},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)[:80]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout.splitlines()[-1] if done.stdout.strip() else ""

    def json(self, program: str) -> object:
        return json.loads(self.run("-c", program))

    def server(self) -> Server:
        return Server(self.var, self.url, checkout=self.checkout)


class People:
    """Pupils who read and answer, and their teacher who looks on; at whichever servers stand now."""

    def __init__(self, world: World, server: Server) -> None:
        self.servers, self.goes_on, self.said = [server], True, Counter()
        self.failures: list[str] = []
        self.lock = threading.Lock()
        self.teacher = sign_in(server.port)
        self.pupils = [self._sit(server, token) for token in world.tokens[:PEOPLE]]
        page = Connection(server.port).get(self.pupils[0], f"/en/me/{SLUG}/questions/after/")[1]
        self.answers, self.classroom = responses_of(page), world.classrooms[0]
        self.threads = [threading.Thread(target=self._work, args=(number,)) for number in range(4)]
        for thread in self.threads:
            thread.start()

    def _sit(self, server: Server, token: str) -> Person:
        one, person = Connection(server.port), Person()
        one.get(person, "/en/card/")
        assert one.post(person, "/en/card/", {"token": token})[0] == 302
        return person

    def _work(self, number: int) -> None:
        turn = number
        while self.goes_on:
            turn += 1
            with self.lock:
                server = self.servers[turn % len(self.servers)]
            one = Connection(server.port)
            try:
                self._one(one, self.pupils[(turn * 4 + number) % PEOPLE], turn)
            except OSError as error:
                self.failures.append(f"no answer: {error}")
            finally:
                one.http.close()

    def _one(self, one: Connection, pupil: Person, turn: int) -> None:
        save = f"/en/me/{SLUG}/questions/after/save/"
        what, status = {
            0: lambda: ("cockpit", one.get(self.teacher, f"/en/staff/classes/{self.classroom}/now/")[0]),
            1: lambda: ("answer", one.post(pupil, save, self.answers)[0]),
            2: lambda: ("step", one.get(pupil, f"/en/me/{SLUG}/1/")[0]),
        }[turn % 3]()
        self.said[what, status] += 1
        if status not in (200, 204):
            self.failures.append(f"{what}: {status} {one.led_to}")

    def use(self, *servers: Server) -> None:
        """From now on; those that are left out finish what they were asked."""
        with self.lock:
            self.servers = list(servers)
        time.sleep(1)

    def end(self) -> None:
        self.goes_on = False
        for thread in self.threads:
            thread.join()


def lost(before: dict[str, int], after: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Tables that hold fewer rows than before; those that the earlier version does not know are left out."""
    return {
        name: (count, after[name])
        for name, count in before.items()
        if name in after and after[name] < count and name not in ENDS
    }


def rehearse(earlier: Version, today: Version) -> int:
    world = make_world(earlier.var, earlier.url, checkout=earlier.checkout, classes=2)
    rows = {"at first": earlier.json(COUNT)}
    first = earlier.server()
    people = People(world, first)
    time.sleep(2)
    today.run("manage.py", "migrate", "--no-input", "-v", "0")
    today.run("manage.py", "load_curriculum")
    today.run("manage.py", "collectstatic", "--no-input", "-v", "0")
    second = today.server()
    people.use(first, second)
    time.sleep(3)
    people.use(second)
    first.stop()
    time.sleep(3)
    rows["upgraded"] = today.json(COUNT)
    earlier.run("manage.py", "collectstatic", "--no-input", "-v", "0")
    third = earlier.server()
    people.use(second, third)
    time.sleep(2)
    people.use(third)
    second.stop()
    for app, name in earlier.json(TARGETS):
        if app in {"accounts", "lessons", "quizzes", "progress", "privacy"}:
            today.run("manage.py", "migrate", app, name, "-v", "0")
    time.sleep(2)
    rows["gone back"] = earlier.json(COUNT)
    people.end()
    third.stop()
    gone = lost(rows["at first"], rows["upgraded"]) | lost(rows["upgraded"], rows["gone back"])
    total = sum(people.said.values())
    print(f"{total} requests, {len(people.failures)} failed; rows lost: {gone or 'none'}")
    print({f"{what} {status}": count for (what, status), count in sorted(people.said.items())})
    for failure, count in Counter(people.failures).most_common(5):
        print(f"  {count} × {failure}")
    return 1 if people.failures or gone else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="commit", default=FROM, help="the earlier version")
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL that is started for it")
    options = parser.parse_args()
    os.environ.pop("DATABASE_WEB_URL", None)
    database = "PostgreSQL" if options.postgresql else "SQLite"
    with own_place("drill", database.lower()) as place, checkout_of(options.commit, place.var / "earlier") as old:
        print(f"From {options.commit} to today and back, on {database}:")
        return rehearse(Version(old, place.var, place.url), Version(ROOT, place.var, place.url))


if __name__ == "__main__":
    sys.exit(main())
