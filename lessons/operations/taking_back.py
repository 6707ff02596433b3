"""Takes back what was done to a class's list and in its lesson."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from accounts.models import Classroom, User
from accounts.operations import Undo
from accounts.operations.undoing import only_if, own_classroom, undoes
from lessons.models import Assignment, ChosenSeat, ClassLesson, Reading

FIELDS = ("id", "module_id", "position", "assigned_on", "due_on", "is_for_chosen")


def _chosen_of(classroom: Classroom):
    owner = {"school_id": classroom.school_id, "school_year": classroom.school_year}
    return ChosenSeat.objects.filter(**owner, seat__classroom=classroom)


def _list_of(classroom: Classroom) -> list:
    """The list as plain values: each module with the seats that it is meant for, where these were chosen."""
    chosen = defaultdict(list)
    for module, *row in _chosen_of(classroom).values_list("module_id", "seat_id", "id"):
        chosen[module].append([str(one) for one in row])
    rows = Assignment.objects.filter(classroom=classroom).order_by("id").values_list(*FIELDS)
    plain = [[*row, sorted(chosen[row[1]])] for row in rows]
    return json.loads(json.dumps(plain, default=str))


def _digest(listed: list) -> str:
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:22]


@contextmanager
def list_changes(classroom: Classroom) -> Iterator[Undo]:
    """Whatever is done to the class's list inside; what it gives takes that back."""
    with transaction.atomic():
        Classroom.objects.select_for_update(no_key=True).get(pk=classroom.pk)
        undo = Undo("list", {"classroom": classroom.pk, "listed": _list_of(classroom)})
        yield undo
        undo.before["after"] = _digest(_list_of(classroom))


@undoes("list")
def _restore_list(actor: User, *, classroom: str, listed: list, after: str):
    """Order, days and seats as they were; a seat that was erased meanwhile is not brought back."""
    found = own_classroom(actor, classroom)
    only_if(_digest(_list_of(found)) == after)
    owner = {"school_id": found.school_id, "school_year": found.school_year}
    found.assignments.all().delete()
    _chosen_of(found).delete()
    seats = {str(key) for key in found.seats.values_list("pk", flat=True)}
    for *values, chosen in listed:
        row = Assignment.objects.create(classroom=found, **owner, **dict(zip(FIELDS, values, strict=True)))
        ChosenSeat.objects.bulk_create(
            ChosenSeat(**owner, id=key, seat_id=seat, module_id=row.module_id) for seat, key in chosen if seat in seats
        )
    return found.school, found.label


@undoes("step")
def _restore_step(actor: User, *, classroom: str, opening: str, now: list, before: list):
    """Whoever was brought on meanwhile stays there: what was shown is not unread."""
    found = own_classroom(actor, classroom)
    lesson = ClassLesson.objects.filter(classroom=found, opening=opening).first()
    only_if(str(found.opening) == opening and lesson)
    only_if([str(lesson.module_id), lesson.step_number] == now)
    lesson.module_id, lesson.step_number = before
    lesson.save(update_fields=["module", "step_number"])
    return found.school, found.label


@undoes("took_part")
def _unmark(actor: User, *, classroom: str, module: str, seats: list):
    """`seats`: key, and how far the seat had read before; none where it had not begun."""
    found = own_classroom(actor, classroom)
    owner = {"school_id": found.school_id, "school_year": found.school_year, "module_id": module}
    readings = Reading.objects.filter(**owner, seat__classroom=found, seat__in=[key for key, _step in seats])
    only_if(readings.exclude(done_on=None).count() == len(seats))
    for key, step in seats:
        own = readings.filter(seat=key)
        own.delete() if step is None else own.update(furthest_step=step, done_on=None)
    return found.school, found.label
