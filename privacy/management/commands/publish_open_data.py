from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from privacy.operations.open_data import MODULES_EACH, OpenDataRefusedError, publish_open_data


class Command(BaseCommand):
    help = "Publishes one differentially private table of a school year that is over: CSV, JSON and a note."

    def add_arguments(self, parser) -> None:
        parser.add_argument("year", type=int, help="in which the school year began")
        parser.add_argument("--folder", type=Path, default=settings.VAR_DIR / "open-data")

    def handle(self, *, year: int, folder: Path, **options) -> None:
        try:
            done = publish_open_data(year=year, noise=laplace, folder=folder)
        except OpenDataRefusedError as refusal:
            raise CommandError(str(refusal)) from None
        for path in done.paths:
            self.stdout.write(str(path))
        self.stdout.write(f"Each figure is within {done.accuracy} of the truth in 95 of 100.")


def laplace(counts: list[int], scale: float) -> list[int]:
    """Noise by OpenDP, which proves what it costs."""
    try:
        import opendp.prelude as dp
    except ImportError:
        raise CommandError("OpenDP is not installed: pip install -r requirements-opendata.txt") from None
    dp.enable_features("contrib")
    mechanism = dp.m.make_laplace(dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int), scale=scale)
    if mechanism.map(MODULES_EACH) > MODULES_EACH / scale * (1 + 1e-9):
        raise CommandError("OpenDP says that this noise costs more than was declared: nothing is published.")
    return mechanism(counts)
