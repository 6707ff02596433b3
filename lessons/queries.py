"""Reads of lessons."""

from dataclasses import dataclass

from accounts.models import Classroom, Seat
from lessons.models import Assignment, Module, Reading, Step


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


def furthest_step(seat: Seat, module: Module) -> int:
    """How many steps of a module a seat has finished."""
    return Reading.objects.of(seat).filter(module=module).values_list("furthest_step", flat=True).first() or 0


def next_unread(seat: Seat, module: Module) -> int | None:
    """The number of the first step that a seat has not finished; none when all are."""
    furthest = furthest_step(seat, module)
    total = module.steps.for_age(seat.first_age).count()
    return furthest + 1 if furthest < total else None


def shown_steps(to: Classroom | Seat, module: Module) -> list[Step]:
    """The steps a class, or a seat of it, is shown: some begin at an age."""
    age = to.first_age if isinstance(to, Seat) else to.age_of_youngest
    return list(module.steps.for_age(age).order_by("position"))


def assignments_of(classroom: Classroom) -> list[Assignment]:
    return list(classroom.assignments.select_related("module"))
