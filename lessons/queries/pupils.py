"""What every request of a pupil reads: prepared, or the same for everybody and therefore kept for a while."""

from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.db.models import DateField, F, FilteredRelation, Q, SmallIntegerField, UUIDField
from django.utils import timezone

from accounts.models import Classroom, Seat, User
from config.caches import KEPT_SECONDS
from config.prepared import Prepared, Slot
from lessons.models import Assignment, ClassLesson, Module, Reading, Scene, Step

OWNER = {
    "school_id": Slot("school", UUIDField()),
    "school_year": Slot("school_year", SmallIntegerField()),
}
NEEDED = (
    "id", "slug", "band", "position", "is_sensitive", "opens_sensitive", "minutes", "title_fr", "title_en",
    "summary_fr", "summary_en", "way_back_fr", "way_back_en", "next_words_fr", "next_words_en", "content_hash",
)  # fmt: skip


def owner_of(one: Seat | Classroom) -> dict[str, object]:
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
    return prepared.first(seat=seat.pk, classroom=seat.classroom_id, slug=slug, **owner_of(seat))


SAID = ("module_id", "step_number", "is_paused", "vote_key")
_visible = Prepared(
    lambda: (
        Classroom.objects.visible_on(Slot("user", UUIDField()), Slot("today", DateField()))
        .filter(pk=Slot("pk", UUIDField()))
        .select_related("school")
        .alias(said=FilteredRelation("lessons", condition=Q(lessons__opening=F("opening"))))
        .annotate(**{f"said_{name}": F(f"said__{name}") for name in SAID})
        .order_by()
    )
)


def classroom_now(user: User, pk: UUID) -> Classroom | None:
    """A class that this teacher sees, with where it is in this opening: `lesson_of` says it."""
    return _visible.first(user=user.pk, today=timezone.localdate(), pk=pk)


def lesson_of(classroom: Classroom) -> ClassLesson:
    """`lesson_now` of a class that was read by `classroom_now`."""
    return ClassLesson(
        classroom=classroom,
        opening=classroom.opening,
        module_id=classroom.said_module_id,
        step_number=classroom.said_step_number or 0,
        is_paused=bool(classroom.said_is_paused),
        vote_key=classroom.said_vote_key,
    )


_lesson = Prepared(
    lambda: (
        ClassLesson.objects.select_related("module")
        .filter(classroom=Slot("classroom", UUIDField()), opening=Slot("opening", UUIDField()), **OWNER)
        .only("opening", "classroom", "step_number", "is_paused", "vote_key", "module__slug", "module__content_hash")
    )
)


def lesson_now(classroom: Classroom) -> ClassLesson:
    """Where the teacher has brought the class in this opening; a calm beginning where nothing was said."""
    found = _lesson.first(classroom=classroom.pk, opening=classroom.opening, **owner_of(classroom))
    return found or ClassLesson(classroom=classroom, opening=classroom.opening)


_listed = Prepared(
    lambda: (
        Assignment.objects.filter(classroom=Slot("classroom", UUIDField()))
        .select_related("module")
        .only("is_for_chosen", "module", *(f"module__{name}" for name in NEEDED))
    )
)


def listed_modules(classroom: Classroom) -> dict[Module, Assignment]:
    """The modules of a class in its order, with how they are meant."""
    return {one.module: one for one in _listed.all(classroom=classroom.pk)}


_assignment = Prepared(
    lambda: (
        Assignment.objects.filter(
            classroom__in=Classroom.objects.visible_on(Slot("user", UUIDField()), Slot("today", DateField())),
            classroom=Slot("classroom", UUIDField()),
            module__slug=Slot("slug", Module._meta.get_field("slug")),
            module__is_published=True,
        )
        .select_related("classroom__school", "module")
        .only("is_for_chosen", "module", "classroom", *(f"module__{name}" for name in NEEDED))
    )
)


def assignment_of(user: User, classroom: UUID, slug: str) -> Assignment | None:
    """A module on the list of a class that this teacher sees, with both."""
    return _assignment.first(user=user.pk, today=timezone.localdate(), classroom=classroom, slug=slug)


_furthest = Prepared(
    lambda: Reading.objects.filter(
        seat=Slot("seat", UUIDField()), module=Slot("module", UUIDField()), **OWNER
    ).values_list("furthest_step")
)


def furthest_step(seat: Seat, module: Module) -> int:
    """How many steps of a module a seat has finished."""
    found = _furthest.first(seat=seat.pk, module=module.pk, **owner_of(seat))
    return found[0] if found else 0


@dataclass(frozen=True)
class StepPlace:
    """A step as far as finding it goes; its words are read when they are rendered."""

    pk: UUID
    is_sensitive: bool


def scenes_of(step: UUID) -> list[Scene]:
    """A step's scenes with their replies."""
    return list(Scene.objects.filter(step=step).prefetch_related("replies__next_scene").order_by("position"))


def kept_steps(to: Classroom | Seat, module: Module) -> list[Step]:
    """The steps that a class, or a seat of it, is shown, with their titles; kept, so nobody changes them."""
    age = to.first_age if isinstance(to, Seat) else to.age_of_youngest

    def read() -> list[Step]:
        return list(module.steps.for_age(age).order_by("position").only("position", "title_fr", "title_en"))

    return caches["content"].get_or_set(f"steps:titles:{module.pk}:{module.content_hash}:{age}", read, KEPT_SECONDS)


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
