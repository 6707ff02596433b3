from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import School, User
from privacy.operations import erase_school, erase_user

COUNTED = {"accounts.School", "accounts.Classroom", "accounts.Seat", "accounts.User"}
"""Rows of other tables are not counted on paper: those that hang on seats say how much was finished."""


class Command(BaseCommand):
    help = "Erases a school at the end of its contract, or a staff account; prints what a certificate of deletion says."

    def add_arguments(self, parser) -> None:
        parser.add_argument("kind", choices=["school", "user"])
        parser.add_argument("key", help="the school's id, or the account's e-mail address")
        parser.add_argument("--yes", action="store_true", help="do it; without this, only say what would go")

    def handle(self, *, kind: str, key: str, yes: bool, **options) -> None:
        thing = self._find(kind, key)
        if not yes:
            self.stdout.write("Nothing is erased yet: say --yes.")
            return
        erased = erase_school(school=thing) if kind == "school" else erase_user(user=thing)
        for label, count in sorted(erased.rows.items()):
            self.stdout.write(f"{label}: {count}" if label in COUNTED else label)
        self.stdout.write("Erased all lines of these tables. Backups lose them within 30 days.")

    def _find(self, kind: str, key: str) -> School | User:
        try:
            return School.objects.get(pk=key) if kind == "school" else User.objects.get(email=key.lower())
        except (School.DoesNotExist, User.DoesNotExist, ValidationError):
            raise CommandError(f"There is no such {kind}.") from None
