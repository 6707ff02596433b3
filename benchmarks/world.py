"""A school as large as the measure asks, and the jobs of its people."""

import json
import os
import re
import sys
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.client import Connection, Person

SLUG = "images-around-us"
PASSWORD = "a long sentence for measuring"


@dataclass
class World:
    """Ids of what was made: classes with their seats' card tokens, and a teacher."""

    classrooms: list[str]
    tokens: list[str]
    module: str = SLUG


def build(*, classes: int = 30, seats: int = 35) -> World:
    """Makes a school in the configured database: open classes, an assigned module, everything read, releases."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from allauth.account.models import EmailAddress
    from django.core.management import call_command

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
    teacher = User.objects.create_user("teacher@example.org", PASSWORD, name="Teacher")
    EmailAddress.objects.create(user=teacher, email=teacher.email, verified=True, primary=True)
    for role in ("TEACHER", "ADMINISTRATOR"):
        Membership.objects.create(user=teacher, school=school, role=role)
    module = Module.objects.get(slug=SLUG)
    world = World(classrooms=[], tokens=[])
    for number in range(classes):
        classroom = create_classroom(
            school=school, teacher=teacher, label=f"Class {number}", age_of_youngest=13, seat_count=seats
        )
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


def responses_of(page: bytes) -> dict[str, str]:
    """An answer to every question with choices of a quiz page: its first one."""
    found: dict[str, str] = {"key": str(uuid.uuid4()), "anyway": "1"}
    for name, value in re.findall(rb'type="(?:radio|checkbox)" name="([0-9a-f-]{36})" value="([^"]+)"', page):
        found.setdefault(name.decode(), value.decode())
    return found


def main() -> None:
    """`benchmarks/world.py FILE CLASSES`: makes the world that the environment names, and writes down what it made."""
    target, classes = Path(sys.argv[1]), int(sys.argv[2])
    target.write_text(json.dumps(asdict(build(classes=classes))))


if __name__ == "__main__":
    main()
