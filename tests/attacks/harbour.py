"""An open class of 35, a closed one and their teacher, in the database that the environment names. Prints them as JSON.

Run by `real_server.py` in a process of its own: the suite's database is another one.
"""

import json
import os
import sys

import django

sys.path.insert(0, ".")
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.attacks.settings_served"
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from accounts.models import Membership, School, User  # noqa: E402
from accounts.operations import create_classroom, open_classroom  # noqa: E402
from accounts.queries import card_of  # noqa: E402
from config import rows  # noqa: E402

PASSWORD = "a long sentence for an attack"


def facts_of(classroom) -> dict:
    cards = [card_of(seat) for seat in classroom.seats.in_order().select_related("classroom")]
    return {
        "id": str(classroom.pk),
        "code": classroom.code,
        "seats": [
            {
                "id": str(card.seat.pk), "animal": card.seat.animal, "colour": card.seat.colour,
                "pictures": card.pictures, "token": card.token,
            }
            for card in cards
        ],
    }  # fmt: skip


call_command("migrate", verbosity=0, interactive=False)
if connection.vendor == "postgresql":
    rows.open_to("balise_web")
school = School.objects.create(name="School of the harbour", territory="FR", is_demonstration=True)
teacher = User.objects.create_user("teacher@example.org", PASSWORD, name="Teacher")
EmailAddress.objects.create(user=teacher, email=teacher.email, verified=True, primary=True)
Membership.objects.create(user=teacher, school=school, role="TEACHER")
names = {"school": school, "teacher": teacher, "age_of_youngest": 11}
attacked = create_classroom(label="Attacked", seat_count=35, **names)
closed = create_classroom(label="Closed", seat_count=3, **names)
open_classroom(classroom=attacked, actor=teacher, minutes=240)
attacked.refresh_from_db()
print(json.dumps({"open": facts_of(attacked), "closed": facts_of(closed), "password": PASSWORD}))
