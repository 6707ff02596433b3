import datetime
import json
from collections import Counter, defaultdict
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Classroom, Invitation, Seat
from privacy.inventory import Kind, Subject, by_place, declared
from privacy.models import JobRun
from privacy.operations import LedgerError, read_ledger
from privacy.operations.ledger import MODELS, digest_of
from privacy.queries import goes_on
from quizzes.models import Attempt


class Command(BaseCommand):
    help = "Holds this installation against its promise: prints the figures, writes them, and fails on a miss."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--proof", type=Path, help="folder in which the suite left its figures (make audit)")
        parser.add_argument("--sequences", type=int, default=0, help="how many the adversary had to try")

    def handle(self, *, proof: Path | None = None, sequences: int = 0, **options) -> None:
        figures = audit()
        proven, unproven = proof_of(proof, sequences) if proof else ({}, [])
        path = settings.VAR_DIR / "figures" / "audit.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(figures | proven, indent=2, sort_keys=True) + "\n")
        for name, value in (figures | proven).items():
            self.stdout.write(f"{name.replace('_', ' ')}: {value}")
        misses = [name for name, value in figures.items() if name.startswith("left_") and value]
        if figures["fields_declared"] != figures["fields_total"]:
            misses.append("fields_declared")
        if figures["ledger"] != "whole":
            misses.append("ledger")
        misses += unproven
        if misses:
            raise CommandError(f"The promise is not kept: {', '.join(misses)}.")


def audit() -> dict[str, object]:
    """Figures of this installation. Whatever begins with `left_` must be 0."""
    total, named = _fields()
    erased, state = _erased_rows_left()
    last = JobRun.objects.filter(name="retain").first()
    return {
        "fields_declared": named,
        "fields_total": total,
        "left_of_erased": erased,
        "left_of_past_years": sum(goes_on(one) < one.school.today() for one in _classrooms()),
        "left_responses_of_submitted": Attempt.objects.filter(is_submitted=True).exclude(responses="").count(),
        "left_expired_invitations": Invitation.objects.filter(expires_at__lt=_yesterday()).count(),
        "left_seats_without_class": Seat.objects.filter(classroom__isnull=True).count(),
        "ledger": state,
        "retain_ran_at": last.ended_at.isoformat(timespec="minutes") if last else "never",
    }


def proof_of(folder: Path, sequences: int) -> tuple[dict[str, int], list[str]]:
    """What the suite found, summed (`BALISE_FIGURES=<folder> pytest`), and the goals that were missed."""
    sums: dict[str, Counter] = defaultdict(Counter)
    for path in sorted(folder.glob("*.json")):
        sums[path.stem.partition("-")[0]].update(json.loads(path.read_text()))
    found = {f"{group}_{name}": value for group in GOALS for name, value in sorted(sums[group].items())}
    missed = [f"{group}_{name}" for group, names in GOALS.items() for name in names if sums[group].get(name, 1)]
    if sums["adversary"]["sequences"] < max(1, sequences):
        missed.append("adversary_sequences")
    if not sums["planted"]["rules_planted"] or sums["planted"]["rules_planted"] != sums["planted"]["rules_caught"]:
        missed.append("planted_rules_caught")
    return found, missed


GOALS = {
    "erasure": ["rows_left"],
    "silence": ["canaries_found"],
    "adversary": ["cells_narrowed", "cells_false", "pages_that_differ"],
    "class": ["seats_determined"],
    "planted": [],
}
"""Figures of the suite by group, and those that must be there and be 0."""


def _classrooms():
    return Classroom.objects.select_related("school").only("school_year", "school__year_end_month", "school__time_zone")


def _yesterday():
    return timezone.now() - datetime.timedelta(days=1)


def _fields() -> tuple[int, int]:
    """Columns of the database, and how many of them are declared; a translated column counts with its field."""
    fields = declared(Kind.FIELD)
    content = {place for place, found in by_place(Kind.FIELD).items() if found[0].subject == Subject.CONTENT}
    total = named = 0
    for model in apps.get_models(include_auto_created=True):
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            label = model._meta.label
            name = field.name.removesuffix("_fr").removesuffix("_en") if label in content else field.name
            total += 1
            named += name in fields.get(label, ())
    return total, named


def _erased_rows_left() -> tuple[int, str]:
    """Rows that the ledger says are gone and that stand in the database, and whether the ledger is whole."""
    try:
        wanted = {(line.kind, line.digest) for line in read_ledger()}
    except LedgerError as error:
        return 0, str(error)
    left = 0
    for kind, model in MODELS.items():
        if any(one == kind for one, _digest in wanted):
            keys = model._default_manager.values_list("pk", flat=True)
            left += sum((kind, digest_of(kind, key)) in wanted for key in keys)
    return left, "whole"
