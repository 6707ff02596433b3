from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from privacy.operations.backups import BackupError, take_backup


class Command(BaseCommand):
    help = "Writes the whole database, sealed with the backup key, while the installation runs. Old backups go."

    def add_arguments(self, parser):
        parser.add_argument("--to", default=str(settings.VAR_DIR / "backups"), help="a folder, better on another disk")
        parser.add_argument("--key", default=str(settings.VAR_DIR / "backup_key"), help="the file with the backup keys")

    def handle(self, *, to: str, key: str, **options) -> None:
        try:
            made = take_backup(folder=Path(to), key_file=Path(key))
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Wrote {made.path} ({made.size} bytes, sha256 {made.digest}).")
