"""A school as large as the measure asks, and the jobs of its people."""

import json
import os
import random
import re
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.client import Connection, Person
from benchmarks.server import ROOT, environment

SLUG = "images-around-us"
PASSWORD = "a long sentence for measuring"
MAKE = """
import dataclasses, json, sys
from benchmarks.world import build
print(json.dumps(dataclasses.asdict(build(**json.loads(sys.argv[1])))))
"""


@dataclass
class World:
    """What was made: classes by id, their seats' card tokens, and the modules they are given."""

    classrooms: list[str]
    tokens: list[str]
    module: str = SLUG
    others: list[str] = field(default_factory=list)


def build(*, classes: int = 30, seats: int = 35, modules: int = 1) -> World:
    """Makes a school in the configured database: open classes, assigned modules with `SLUG` the first, all read."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from allauth.account.models import EmailAddress
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import Membership, School, Seat, User
    from accounts.operations import create_classroom, open_classroom
    from accounts.queries import card_of
    from lessons.models import Module, Reading
    from lessons.operations import assign_module
    from lessons.queries import step_places

    call_command("migrate", verbosity=0)
    call_command("load_curriculum", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    school = School.objects.create(name="A school to measure", territory="FR", is_demonstration=True)
    ready = timezone.localdate() if modules > 1 else None  # some of the others are sensitive
    teacher = User.objects.create_user("teacher@example.org", PASSWORD, name="Teacher", ready_to_teach_on=ready)
    EmailAddress.objects.create(user=teacher, email=teacher.email, verified=True, primary=True)
    for role in ("TEACHER", "ADMINISTRATOR"):
        Membership.objects.create(user=teacher, school=school, role=role)
    others = Module.objects.filter(band__in=("12-14", "9-11")).exclude(slug=SLUG).order_by("-band", "position")
    assigned = [Module.objects.get(slug=SLUG), *others[: modules - 1]]
    world = World(classrooms=[], tokens=[], others=[module.slug for module in assigned[1:]])
    for number in range(classes):
        classroom = create_classroom(
            school=school, teacher=teacher, label=f"Class {number}", age_of_youngest=13, seat_count=seats
        )
        for module in assigned:
            assign_module(classroom=classroom, module=module)
        open_classroom(classroom=classroom, actor=teacher, minutes=240)
        world.classrooms.append(str(classroom.pk))
        rows = list(Seat.objects.filter(classroom=classroom).select_related("classroom").order_by("position"))
        world.tokens += [card_of(seat).token for seat in rows]
        Reading.objects.bulk_create(
            Reading(
                school=school,
                school_year=seat.school_year,
                seat=seat,
                module=module,
                furthest_step=len(step_places(seat, module)),
            )
            for seat in rows
            for module in assigned
        )
    return world


def sit_everybody(port: int, world: World) -> list[Person]:
    connection, people = Connection(port), []
    for token in world.tokens:
        person = Person()
        connection.get(person, "/en/card/")
        status, _body = connection.post(person, "/en/card/", {"token": token})
        assert status == 302, f"a seat could not sit down: {status}"
        people.append(person)
    return people


def sign_in(port: int) -> Person:
    connection, person = Connection(port), Person()
    connection.get(person, "/en/staff/account/login/")
    status, _body = connection.post(
        person, "/en/staff/account/login/", {"login": "teacher@example.org", "password": PASSWORD}
    )
    assert status == 302, f"the teacher could not sign in: {status}"
    return person


def responses_of(page: bytes, chance: random.Random | None = None) -> dict[str, str]:
    """An answer to every question with choices of a quiz page: its first one, or one by chance."""
    choices: dict[str, list[str]] = {}
    for name, value in re.findall(rb'type="(?:radio|checkbox)" name="([0-9a-f-]{36})" value="([^"]+)"', page):
        choices.setdefault(name.decode(), []).append(value.decode())
    taken = {name: chance.choice(values) if chance else values[0] for name, values in choices.items()}
    return {"key": str(uuid.uuid4()), "anyway": "1", **taken}


def make_world(var: Path, url: str, *, checkout: Path = ROOT, **sizes: int) -> World:
    """What `build` makes, in a process of its own; a checkout that may be older makes its own."""
    made = subprocess.run(
        [sys.executable, "-c", MAKE, json.dumps(sizes)], cwd=checkout,
        env=environment(var, url) | {"PYTHONPATH": ""}, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return World(**json.loads(made.stdout.splitlines()[-1]))
