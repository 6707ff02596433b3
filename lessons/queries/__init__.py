"""Reads of lessons."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Classroom, Seat
from lessons.enums import ReviewState
from lessons.models import Assignment, ChosenSeat, Module, Reading, Step
from lessons.queries.pupils import (
    StepPlace,
    assignment_of,
    classroom_now,
    furthest_step,
    kept_steps,
    lesson_now,
    lesson_of,
    listed_modules,
    next_unread,
    open_module,
    scenes_of,
    step_places,
)
from lessons.queries.voting import (
    VoteState,
    open_vote_for,
    replies_of,
    sums_of,
    votable_scenes,
    vote_now,
    vote_state,
)

__all__ = [
    "StepPlace",
    "VoteState",
    "assignment_of",
    "classroom_now",
    "furthest_step",
    "kept_steps",
    "lesson_now",
    "lesson_of",
    "listed_modules",
    "next_unread",
    "open_module",
    "open_vote_for",
    "replies_of",
    "scenes_of",
    "step_places",
    "sums_of",
    "votable_scenes",
    "vote_now",
    "vote_state",
]


@dataclass(frozen=True)
class PupilModule:
    """A module on a pupil's page, with how far this seat is."""

    module: Module
    picture: Step | None
    furthest_step: int
    is_done: bool


def modules_of(seat: Seat, *, is_home: bool) -> list[PupilModule]:
    """What a seat finds on its page, in the class's order: three queries, however many modules."""
    modules = list(Module.objects.open_to(seat, is_home=is_home))
    readings = {reading.module_id: reading for reading in Reading.objects.of(seat)}
    first_steps = {step.module_id: step for step in Step.objects.filter(module__in=modules, position=1)}
    return [
        PupilModule(
            module=module,
            picture=first_steps.get(module.pk),
            furthest_step=readings[module.pk].furthest_step if module.pk in readings else 0,
            is_done=module.pk in readings and readings[module.pk].done_on is not None,
        )
        for module in modules
    ]


def shown_steps(to: Classroom | Seat, module: Module) -> list[Step]:
    """The steps a class, or a seat of it, is shown: some begin at an age."""
    age = to.first_age if isinstance(to, Seat) else to.age_of_youngest
    return list(module.steps.for_age(age).order_by("position"))


def assignments_of(classroom: Classroom) -> list[Assignment]:
    """A class's list in order; each with the number of seats it is meant for, where these were chosen."""
    chosen = ChosenSeat.objects.filter(
        school_id=classroom.school_id,
        school_year=classroom.school_year,
        seat__classroom=classroom,
        module=OuterRef("module"),
    )
    count = chosen.order_by().values("module").annotate(count=Count("pk")).values("count")
    return list(
        classroom.assignments.select_related("module").annotate(chosen_count=Coalesce(Subquery(count), Value(0)))
    )


def chosen_seats(classroom: Classroom) -> dict[UUID, frozenset[UUID]]:
    """For each module that is meant for chosen seats only: which."""
    limited = set(classroom.assignments.filter(is_for_chosen=True).values_list("module_id", flat=True))
    if not limited:
        return {}
    rows = ChosenSeat.objects.filter(
        school_id=classroom.school_id, school_year=classroom.school_year, seat__classroom=classroom, module__in=limited
    ).values_list("module_id", "seat_id")
    return {module: frozenset(seat for one, seat in rows if one == module) for module in limited}


def staff_gate() -> Module | None:
    """The staff module that makes its reader ready to teach sensitive ones."""
    return Module.objects.published().filter(opens_sensitive=True).first()


PARTS_OF_A_YEAR = 3  # EVARS asks for three sittings a year


@dataclass(frozen=True)
class PlannedModule:
    """A module of the year's plan and in which of the three EVARS sittings it falls."""

    module: Module
    part: int


def year_plan(classroom: Classroom) -> list[PlannedModule]:
    """The ready-made plan of a band: its own modules, in order, spread over three sittings."""
    modules = Module.objects.published().filter(band=classroom.band).order_by("position")
    if settings.WITHHOLD_UNREVIEWED:
        modules = modules.filter(review_state=ReviewState.REVIEWED)
    modules = list(modules)
    return [PlannedModule(module, place * PARTS_OF_A_YEAR // len(modules) + 1) for place, module in enumerate(modules)]


def modules_for_copy(classroom: Classroom, grown: Classroom, which: str) -> list[Module]:
    """What a class is given when it is copied to the next year: the plan of its new age, this year's list, or none."""
    if which == "plan":
        return [one.module for one in year_plan(grown)]
    return list(Module.objects.for_band(grown.band).assigned_to(classroom)) if which == "list" else []
