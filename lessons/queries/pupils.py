"""What every request of a pupil reads: prepared, or the same for everybody and therefore kept for a while."""

from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.db.models import SmallIntegerField, UUIDField

from accounts.models import Classroom, Seat
from config.prepared import Prepared, Slot
from lessons.models import ClassLesson, Module, Reading, Step

KEPT_SECONDS = 300  # a file that is loaded anew has another hash, hence another key
OWNER = {
    "school_id": Slot("school", UUIDField()),
    "school_year": Slot("school_year", SmallIntegerField()),
}
NEEDED = (
    "id", "slug", "band", "position", "is_sensitive", "opens_sensitive", "minutes", "title_fr", "title_en",
    "summary_fr", "summary_en", "way_back_fr", "way_back_en", "next_words_fr", "next_words_en", "content_hash",
)  # fmt: skip


def _owner(one: Seat | Classroom) -> dict[str, object]:
    return {"school": one.school_id, "school_year": one.school_year}


@cache
def _open_module(band: str, hides_sensitive: bool, hides_unreviewed: bool) -> Prepared:
    slots = {"seat": Slot("seat", UUIDField()), "classroom": Slot("classroom", UUIDField()), **OWNER}
    return Prepared(
        lambda: (
            Module.objects.open_where(
                band=band, hides_sensitive=hides_sensitive, hides_unreviewed=hides_unreviewed, **slots
            )
            .filter(slug=Slot("slug", Module._meta.get_field("slug")))
            .order_by()
            .only(*NEEDED)
        )
    )


def open_module(seat: Seat, slug: str, *, is_home: bool) -> Module | None:
    """The module of this name, if the seat may open it now: see `Module.objects.open_to`."""
    hides_sensitive = is_home or not seat.classroom.opens_sensitive
    prepared = _open_module(seat.band, hides_sensitive, settings.WITHHOLD_UNREVIEWED)
    return prepared.first(seat=seat.pk, classroom=seat.classroom_id, slug=slug, **_owner(seat))


_lesson = Prepared(
    lambda: (
        ClassLesson.objects.select_related("module")
        .filter(classroom=Slot("classroom", UUIDField()), opening=Slot("opening", UUIDField()), **OWNER)
        .only("opening", "classroom", "step_number", "is_paused", "vote_key", "module__slug", "module__content_hash")
    )
)


def lesson_now(classroom: Classroom) -> ClassLesson:
    """Where the teacher has brought the class in this opening; a calm beginning where nothing was said."""
    found = _lesson.first(classroom=classroom.pk, opening=classroom.opening, **_owner(classroom))
    return found or ClassLesson(classroom=classroom, opening=classroom.opening)


_furthest = Prepared(
    lambda: Reading.objects.filter(
        seat=Slot("seat", UUIDField()), module=Slot("module", UUIDField()), **OWNER
    ).values_list("furthest_step")
)


def furthest_step(seat: Seat, module: Module) -> int:
    """How many steps of a module a seat has finished."""
    found = _furthest.first(seat=seat.pk, module=module.pk, **_owner(seat))
    return found[0] if found else 0


@dataclass(frozen=True)
class StepPlace:
    """A step as far as finding it goes; its words are read when they are rendered."""

    pk: UUID
    is_sensitive: bool


def step_places(seat: Seat, module: Module) -> list[StepPlace]:
    """The steps this seat is shown: some begin at an age."""

    def read() -> list[tuple[UUID, bool]]:
        return list(Step.objects.for_age(seat.first_age).filter(module=module).values_list("pk", "is_sensitive"))

    key = f"steps:{module.pk}:{module.content_hash}:{seat.first_age}"
    return [StepPlace(*row) for row in caches["content"].get_or_set(key, read, KEPT_SECONDS)]


def next_unread(seat: Seat, module: Module) -> int | None:
    """The number of the first step that a seat has not finished; none when all are."""
    furthest = furthest_step(seat, module)
    return furthest + 1 if furthest < len(step_places(seat, module)) else None
