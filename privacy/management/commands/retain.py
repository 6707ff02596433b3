from django.core.management.base import BaseCommand

from privacy.operations import retain


class Command(BaseCommand):
    help = "Deletes whatever is over its term. Run it every five minutes; again is the same as once."

    def handle(self, **options) -> None:
        done = retain()
        if options["verbosity"] > 1 or any(done.values()):
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items() if count) or "Nothing due.")
