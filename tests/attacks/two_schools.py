"""Two schools, each with a teacher and a class, in the database that the environment names. Prints their classes' ids.

Run by `benchmarks/walls.py` in a process of its own, as the database's owner.
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

from accounts.models import Membership, School, User  # noqa: E402
from accounts.operations import create_classroom, open_classroom  # noqa: E402
from config import rows  # noqa: E402

call_command("migrate", verbosity=0, interactive=False)
rows.open_to("balise_web")
made = {}
for name in ("north", "south"):
    school = School.objects.create(name=f"School of the {name}", territory="FR", is_demonstration=True)
    teacher = User.objects.create_user(f"{name}@example.org", sys.argv[1], name=name)
    EmailAddress.objects.create(user=teacher, email=teacher.email, verified=True, primary=True)
    Membership.objects.create(user=teacher, school=school, role="TEACHER")
    classroom = create_classroom(
        label=f"Label of the {name}", seat_count=5, school=school, teacher=teacher, age_of_youngest=11
    )
    open_classroom(classroom=classroom, actor=teacher, minutes=240)
    made[name] = str(classroom.pk)
print(json.dumps(made))
