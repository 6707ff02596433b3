"""Writes drafts of the admin back into `curriculum/`: the changed texts, and not a byte around them."""

import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lessons.linting.writing import rewrite, texts_in
from lessons.models import Module
from lessons.schemas import Text
from quizzes.linting import check, read_curriculum
from quizzes.queries import texts_of


class Command(BaseCommand):
    help = "Exports drafts to the curriculum's files, unless the content linter finds something. Then load them again."

    def add_arguments(self, parser):
        parser.add_argument("modules", nargs="*", help="these modules (by default: every draft)")
        parser.add_argument("--path", type=Path, default=None, help="another folder than the project's curriculum/")

    def handle(self, *, modules: list[str], path: Path | None, **options):
        root = path or settings.CURRICULUM_DIR
        chosen = Module.objects.filter(**({"slug__in": modules} if modules else {"has_unexported_draft": True}))
        if missing := set(modules) - {module.slug for module in chosen}:
            raise CommandError(f"There is no module {', '.join(sorted(missing))}.")
        written = {}
        for module in chosen:
            written |= self.files_of(root, module)
        self.refuse_faults(root, written, {module.slug for module in chosen})
        for file, text in written.items():
            file.write_bytes(text.encode())
        chosen.update(has_unexported_draft=False)
        self.stdout.write(f"{len(chosen)} modules exported, {len(written)} files changed.")

    def files_of(self, root: Path, module: Module) -> dict[Path, str]:
        """The files of a module that a draft changes, with their new text."""
        found = {}
        for name, texts in texts_of(module).items():
            file = root / "modules" / module.slug / name
            before = file.read_bytes().decode()
            there = texts_in(before)
            if lost := [place for place, text in texts.items() if text and place not in there]:
                raise CommandError(f"{file}: no place for {'.'.join(lost[0])}; write it in the file first.")
            changed = {
                place: text for place, text in texts.items() if place in there and text != _loaded(place, there[place])
            }
            if changed:
                found[file] = rewrite(before, changed)
        return found

    def refuse_faults(self, root: Path, written: dict[Path, str], slugs: set[str]) -> None:
        """The linter reads the curriculum as it would be, in a folder that is thrown away."""
        if not written:
            return
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "curriculum"
            shutil.copytree(root, copy)
            for file, text in written.items():
                (copy / file.relative_to(root)).write_bytes(text.encode())
            faults = check(read_curriculum(copy, only=slugs))
        if faults:
            lines = [str(fault).replace(f"{copy}/", "") for fault in faults]
            raise CommandError("\n".join([*lines, f"{len(faults)} faults: nothing was exported."]))


def _loaded(place: tuple[str, ...], raw: str) -> str:
    """A text of a file as loading makes it: typographic spaces and apostrophes."""
    language = place[-1]
    return getattr(Text.model_validate({"fr": raw, "en": raw}), language) if raw.strip() else raw
