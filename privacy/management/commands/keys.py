from django.core.management.base import BaseCommand, CommandError

from privacy.operations.keys import NAMES, KeyChangeError, add_key, retire_key, seats_by_pepper


class Command(BaseCommand):
    help = "Changes keys: `keys new pepper`, later `keys retire pepper 1`. Without words: which peppers have cards."

    def add_arguments(self, parser):
        parser.add_argument("act", nargs="?", choices=["new", "retire"])
        parser.add_argument("kind", nargs="?", choices=sorted(NAMES))
        parser.add_argument("number", nargs="?", type=int)

    def handle(self, *, act: str | None, kind: str | None, number: int | None, **options) -> None:
        if act is None:
            for pepper, count in seats_by_pepper().items():
                self.stdout.write(f"pepper {pepper}: {count} seats")
            return
        if kind is None:
            raise CommandError(f"Say which: {', '.join(NAMES)}.")
        try:
            done = add_key(kind=kind) if act == "new" else retire_key(kind=kind, number=number)
        except KeyChangeError as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from None
        self.stdout.write(f"Done: {done}. Start the service again.")
