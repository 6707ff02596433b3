"""Checks every text of the curriculum; see `quizzes/linting.py`. Touches no database."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lessons.linting import digest
from quizzes.linting import check, read_curriculum


class Command(BaseCommand):
    help = "Checks the curriculum's files: every fault with its file, line and reason."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("modules", nargs="*", help="only these modules (their folders' names)")
        parser.add_argument("--path", type=Path, default=None, help="another folder than the project's curriculum/")
        parser.add_argument("--hash", metavar="SLUG", help="print the hash of a module's text, which a reviewer signs")

    def handle(self, *, modules: list[str], path: Path | None, hash: str | None, **options):
        root = path or settings.CURRICULUM_DIR
        if hash is not None:
            self.stdout.write(self.hash_of(root, hash))
            return
        for slug in modules:
            self.folder(root, slug)
        curriculum = read_curriculum(root, only=set(modules) or None)
        faults = check(curriculum)
        if faults:
            raise CommandError("\n".join([*map(str, faults), f"{len(faults)} faults"]))
        self.stdout.write(f"{len(curriculum.packs)} modules checked: no fault.")

    def folder(self, root: Path, slug: str) -> Path:
        known = {folder.name: folder for folder in (root / "modules").iterdir() if folder.is_dir()}
        if slug not in known:
            raise CommandError(f"There is no module {slug}. There are: {', '.join(sorted(known))}.")
        return known[slug]

    def hash_of(self, root: Path, slug: str) -> str:
        return digest(sorted(self.folder(root, slug).glob("*.yaml")))
