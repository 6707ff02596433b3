"""Writes authors' drafts into `curriculum/`: the changed texts, and not a byte around them."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lessons.linting.writing import drafted_files
from lessons.models import Draft
from lessons.operations import drop_drafts
from quizzes.linting import faults_with


class Command(BaseCommand):
    help = "Exports drafts to the curriculum's files, unless the content linter finds something. Then load them again."

    def add_arguments(self, parser):
        parser.add_argument("modules", nargs="*", help="these modules (by default: every draft)")
        parser.add_argument("--path", type=Path, default=None, help="another folder than the project's curriculum/")

    def handle(self, *, modules: list[str], path: Path | None, **options):
        root = path or settings.CURRICULUM_DIR
        drafts = Draft.objects.select_related("module").order_by("module__slug")
        chosen = list(drafts.filter(module__slug__in=modules) if modules else drafts)
        slugs = {draft.module.slug for draft in chosen}
        if missing := set(modules) - slugs:
            raise CommandError(f"There is no draft of {', '.join(sorted(missing))}.")
        written = self.files_of(root, chosen)
        if written and (faults := faults_with(root, written, slugs)):
            raise CommandError("\n".join([*faults, f"{len(faults)} faults: nothing was exported."]))
        for file, text in written.items():
            file.write_bytes(text.encode())
        drop_drafts(modules=[draft.module for draft in chosen])
        self.stdout.write(f"{len(chosen)} modules exported, {len(written)} files changed.")

    def files_of(self, root: Path, drafts: list[Draft]) -> dict[Path, str]:
        found = {}
        for draft in drafts:
            try:
                found |= drafted_files(root, draft.module.slug, draft.changes)
            except KeyError as error:
                raise CommandError(
                    f"{draft.module.slug}: the file says something else by now at {error.args[0]}: open the draft."
                ) from None
        return found
