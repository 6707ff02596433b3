import datetime
import json
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

    def handle(self, **options) -> None:
        figures = audit()
        path = settings.VAR_DIR / "figures" / "audit.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(figures, indent=2, sort_keys=True) + "\n")
        for name, value in (_of_the_suite(path.parent) | figures).items():
            self.stdout.write(f"{name.replace('_', ' ')}: {value}")
        misses = [name for name, value in figures.items() if name.startswith("left_") and value]
        if figures["fields_declared"] != figures["fields_total"]:
            misses.append("fields_declared")
        if figures["ledger"] != "whole":
            misses.append("ledger")
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
        "left_of_past_years": sum(goes_on(one) < timezone.localdate() for one in _classrooms()),
        "left_responses_of_submitted": Attempt.objects.filter(is_submitted=True).exclude(responses="").count(),
        "left_expired_invitations": Invitation.objects.filter(expires_at__lt=_yesterday()).count(),
        "left_seats_without_class": Seat.objects.filter(classroom__isnull=True).count(),
        "ledger": state,
        "retain_ran_at": last.ended_at.isoformat(timespec="minutes") if last else "never",
    }


def _of_the_suite(folder: Path) -> dict[str, object]:
    """What the suite wrote beside (`BALISE_FIGURES=<folder> pytest`): canaries, the adversary."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        if path.name != "audit.json":
            found |= {f"{path.stem}: {name}": value for name, value in json.loads(path.read_text()).items()}
    return found


def _classrooms():
    return Classroom.objects.select_related("school").only("school_year", "school__year_end_month")


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
