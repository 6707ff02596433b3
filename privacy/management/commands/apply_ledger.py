from django.core.management.base import BaseCommand, CommandError

from privacy.operations import LedgerError, apply_ledger


class Command(BaseCommand):
    help = "After a restore, before anything is served: erases again what had been erased. Refuses without the ledger."

    def handle(self, **options) -> None:
        try:
            erased = apply_ledger()
        except LedgerError as error:
            raise CommandError(str(error)) from None
        if total := sum(erased.values()):
            parts = ", ".join(f"{kind}: {count}" for kind, count in erased.items() if count)
            self.stdout.write(f"Erased again {total} ({parts}).")
