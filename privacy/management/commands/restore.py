from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from privacy.operations.backups import BackupError, restore


class Command(BaseCommand):
    help = "Replaces the database by a backup, after the erasure ledger was applied to it. Stop the service first."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--key", default=str(settings.VAR_DIR / "backup_key"), help="the file with the backup keys")

    def handle(self, *, file: str, key: str, **options) -> None:
        try:
            made_at = restore(path=Path(file), key_file=Path(key))
        except BackupError as error:
            raise CommandError(f"{error} Nothing was changed.") from None
        self.stdout.write(f"Restored the backup of {made_at}. Whatever had been erased since is erased.")
