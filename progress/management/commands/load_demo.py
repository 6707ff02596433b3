"""Makes the demonstration school in an empty database, and opens its class."""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import translation

from accounts.enums import Animal, Colour, Secret
from accounts.models import Classroom, School
from accounts.queries import card_of
from progress import operations
from progress.operations.demonstration import ADMINISTRATOR, TEACHER

WORDS = [*Animal.values, *Colour.values, *(secret.name.lower() for secret in Secret)]


def password_in(path: Path) -> tuple[str, bool]:
    """The password of this installation's demonstration, and whether it was drawn just now."""
    try:
        return path.read_text().strip(), False
    except FileNotFoundError:
        password = "-".join(secrets.choice(WORDS) for _number in range(5))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password + "\n")
    return password, True


class Command(BaseCommand):
    help = "Makes a demonstration school where there is no school yet, and holds its class open for four hours."

    def add_arguments(self, parser):
        parser.add_argument("--reopen", action="store_true", help="only reopen its class; make nothing")
        parser.add_argument("--address", default="", help="where it is served, to print whole links")

    def handle(self, *, reopen: bool, address: str, **options):
        school = operations.find_demonstration()
        if school is None and (reopen or School.objects.exists()):
            self.stdout.write("There is no demonstration here. Pas de démonstration ici.")
            return
        password, is_new = password_in(Path(settings.VAR_DIR) / "demo_password")
        if school is None:
            school = operations.make_demonstration(password=password)
        elif is_new:
            operations.set_demonstration_password(password=password)
        classroom = operations.reopen_demonstration(school=school)
        self.stdout.write("\n".join(self.facts(school, classroom, password, address)))

    def facts(self, school: School, classroom: Classroom, password: str, address: str) -> list[str]:
        """What a newcomer needs to look around. The card is of a seat that nobody has."""
        card = card_of(classroom.seats.in_order().last())
        with translation.override(school.language):
            card_path, sign_in = reverse("accounts:sit_down_card"), reverse("account_login")
        return [
            "",
            "Démonstration (données synthétiques) · Demonstration (synthetic data)",
            f"  Connexion · sign in       {address}{sign_in}",
            f"  Enseignant·e · teacher    {TEACHER}",
            f"  Direction · administrator {ADMINISTRATOR}",
            f"  Mot de passe · password   {password}",
            f"  Élève · pupil             {address}{card_path}#{card.token}",
            f"  Clé de la maison · home key {card.home_key}   Code de la classe · class code {classroom.code}",
        ]
