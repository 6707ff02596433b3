"""Lists every address that is answered: a table, or JSON for a program."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand

from config.routes import routes


class Command(BaseCommand):
    help = "Lists every address that is answered, with its name, its view and whether an account is asked for."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="for a program")

    def handle(self, *, json: bool, **options):
        found = routes()
        self.stdout.write(_as_json(found) if json else _as_table(found))


def _as_json(found) -> str:
    return json.dumps([asdict(one) for one in found], indent=1)


def _as_table(found) -> str:
    return "\n".join(f"{'open' if one.is_open else 'account':<8} {one.name:<45} {one.path}" for one in found)
