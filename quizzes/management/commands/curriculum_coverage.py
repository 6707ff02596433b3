"""Prints which module fills which cell of topics × bands, and which frameworks each names. Touches no database."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lessons.schemas import BANDS
from quizzes.linting import LEAST_MODULES, coverage, read_curriculum


class Command(BaseCommand):
    help = "Prints topics × bands and frameworks × modules; fails on a cell that nothing fills."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--path", type=Path, default=None, help="another folder than the project's curriculum/")

    def handle(self, *, path: Path | None, **options):
        curriculum = read_curriculum(path or settings.CURRICULUM_DIR)
        if curriculum.faults:
            raise CommandError("\n".join(map(str, curriculum.faults)))
        table = coverage(curriculum)
        self.print_topics(table)
        self.print_frameworks(table)
        self.print_counts(table)
        if table.gaps:
            raise CommandError("\n".join(table.gaps))

    def print_topics(self, table):
        self.stdout.write("Topics × bands: module / step (questions)\n")
        for topic, cells in table.topics.items():
            self.stdout.write(topic)
            for band in BANDS:
                if band not in cells:
                    self.stdout.write(f"  {band:6} never")
                for filler in cells.get(band, []) or ([] if band not in cells else ["EMPTY"]):
                    self.stdout.write(f"  {band:6} {filler}")

    def print_frameworks(self, table):
        self.stdout.write("\nFrameworks × modules")
        for framework, modules in table.frameworks.items():
            self.stdout.write(f"  {framework}: {', '.join(modules) or 'EMPTY'}")

    def print_counts(self, table):
        self.stdout.write("\nModules of each band")
        for band, count in table.modules.items():
            self.stdout.write(f"  {band:6} {count} (at least {LEAST_MODULES[band]})")
