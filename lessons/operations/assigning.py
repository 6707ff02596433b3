"""The list of modules of a class."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from accounts.models import Classroom, Seat, User
from accounts.operations import create_classroom
from lessons.models import Assignment, ChosenSeat, Module


@transaction.atomic
def assign_module(*, classroom: Classroom, module: Module, due_on: datetime.date | None = None) -> Assignment:
    """Puts a module on a class's list, last. Again is the same as once."""
    last = classroom.assignments.aggregate(last=Max("position"))["last"] or 0
    assignment, _created = Assignment.objects.get_or_create(
        school_id=classroom.school_id,
        school_year=classroom.school_year,
        classroom=classroom,
        module=module,
        defaults={"position": last + 1, "due_on": due_on},
    )
    return assignment


@transaction.atomic
def remove_assignment(*, assignment: Assignment) -> None:
    """Takes a module off a class's list; what seats have done stays."""
    _chosen(assignment.classroom, assignment.module).delete()
    assignment.delete()


@transaction.atomic
def move_assignment(*, assignment: Assignment, places: int) -> None:
    """Moves a module on the list, one place up (-1) or down (1); at the end it stays where it is."""
    listed = list(assignment.classroom.assignments.select_for_update(no_key=True))
    place = listed.index(assignment)
    moved = listed.pop(place)
    listed.insert(max(0, place + places), moved)
    for position, one in enumerate(listed, start=1):
        one.position = position
    Assignment.objects.bulk_update(listed, ["position"])


@transaction.atomic
def assign_modules(*, classroom: Classroom, modules: Iterable[Module]) -> int:
    """Puts modules on a class's list in this order, after what is there; says how many are new."""
    known = set(classroom.assignments.values_list("module_id", flat=True))
    new = [module for module in modules if module.pk not in known]
    for module in new:
        assign_module(classroom=classroom, module=module)
    return len(new)


@transaction.atomic
def copy_classroom(
    *, classroom: Classroom, teacher: User, label: str, age_of_youngest: int, seat_count: int, modules: Iterable[Module]
) -> Classroom:
    """The same class a year on: new seats, cards and code, and these modules; nothing of any seat."""
    copy = create_classroom(
        school=classroom.school,
        teacher=teacher,
        label=label,
        age_of_youngest=age_of_youngest,
        seat_count=seat_count,
        school_year=classroom.school_year + 1,
    )
    assign_modules(classroom=copy, modules=modules)
    return copy


@transaction.atomic
def choose_seats(*, assignment: Assignment, seats: Iterable[Seat], alternative: Module | None = None) -> None:
    """Means a module for some seats of a class only (all of them: for everybody), and another one for the rest.

    Nothing is kept of why. Where the whole class has the other module already, it stays as it is.
    """
    classroom = Classroom.objects.select_for_update(no_key=True).get(pk=assignment.classroom_id)
    every = {seat.pk: seat for seat in classroom.seats.all()}
    chosen = {seat.pk for seat in seats} & every.keys()
    rest = every.keys() - chosen
    _mean_for(assignment, [every[pk] for pk in chosen], is_for_chosen=bool(rest))
    if alternative is None or not rest:
        return
    is_new = not classroom.assignments.filter(module=alternative).exists()
    other = assign_module(classroom=classroom, module=alternative)
    if is_new or other.is_for_chosen:
        _mean_for(other, [every[pk] for pk in rest], is_for_chosen=True)


def _mean_for(assignment: Assignment, seats: list[Seat], *, is_for_chosen: bool) -> None:
    assignment.is_for_chosen = is_for_chosen
    assignment.save(update_fields=["is_for_chosen"])
    _chosen(assignment.classroom, assignment.module).delete()
    if is_for_chosen:
        ChosenSeat.objects.bulk_create(
            ChosenSeat(
                school_id=seat.school_id, school_year=seat.school_year, seat=seat, module_id=assignment.module_id
            )
            for seat in seats
        )


def _chosen(classroom: Classroom, module: Module):
    return ChosenSeat.objects.filter(
        school_id=classroom.school_id, school_year=classroom.school_year, seat__classroom=classroom, module=module
    )
