"""How far a seat has read, and where the teacher has brought the class."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import DateField, PositiveSmallIntegerField, UUIDField
from django.utils import timezone

from accounts.models import Classroom, Seat, Sitting
from accounts.operations import Undo
from config.prepared import Slot, Update
from lessons.models import ClassLesson, Module, Reading, Step
from lessons.queries import step_places
from lessons.queries.pupils import OWNER, owner_of


@transaction.atomic
def finish_step(*, seat: Seat, sitting: Sitting | None, module: Module, number: int, class_step: int = 0) -> None:
    """Marks a step finished, in order: one that lies further ahead changes nothing. Again is the same as once.

    Without a sitting it comes late, from a device that had no network.
    Steps before `class_step`, to which the teacher brought the class, count as shown.
    """
    reading, _created = Reading.objects.get_or_create(
        school_id=seat.school_id, school_year=seat.school_year, seat=seat, module=module
    )
    reached = max(reading.furthest_step, class_step - 1)
    if reading.furthest_step < number <= reached + 1:
        reading.furthest_step = number
        reading.save(update_fields=["furthest_step"])
    if sitting is not None:
        Sitting.objects.filter(pk=sitting.pk).update(
            last_post_at=timezone.now(), module_key=module.pk, step_number=reading.furthest_step
        )


_done = Update(
    lambda: Reading.objects.filter(
        seat=Slot("seat", UUIDField()),
        module=Slot("module", UUIDField()),
        furthest_step__gte=Slot("steps", PositiveSmallIntegerField()),
        done_on__isnull=True,
        **OWNER,
    ),
    done_on=Slot("today", DateField()),
)


def finish_if_done(*, seat: Seat, module: Module) -> None:
    """Marks a module done, on a day, once every step was finished. Called when the last question is handed in."""
    steps = len(step_places(seat, module))
    _done.write(seat=seat.pk, module=module.pk, steps=steps, today=timezone.localdate(), **owner_of(seat))


@transaction.atomic
def set_class_lesson(*, classroom: Classroom, **changes) -> ClassLesson:
    """Brings the class to a step (`module`, `step_number`) or pauses it (`is_paused`), until this opening ends."""
    lesson, _created = ClassLesson.objects.select_for_update(no_key=True).get_or_create(
        school_id=classroom.school_id,
        school_year=classroom.school_year,
        classroom=classroom,
        defaults={"opening": classroom.opening},
    )
    if lesson.opening != classroom.opening:
        lesson.opening, lesson.module, lesson.step_number = classroom.opening, None, 0
        lesson.is_paused, lesson.vote_key = False, None
    for name, value in changes.items():
        setattr(lesson, name, value)
    lesson.save()
    return lesson


@transaction.atomic
def mark_took_part(*, classroom: Classroom, module: Module, seats: Iterable[Seat]) -> Undo:
    """Marks a module done for seats that shared a tablet or had none: no attempt, no answer."""
    seats = list(seats)
    readings = Reading.objects.filter(
        school_id=classroom.school_id, school_year=classroom.school_year, seat__in=seats, module=module
    )
    left = {seat.pk for seat in seats} - set(readings.exclude(done_on=None).values_list("seat_id", flat=True))
    before = dict(readings.values_list("seat_id", "furthest_step"))
    Reading.objects.bulk_create(
        [
            Reading(
                school_id=seat.school_id,
                school_year=seat.school_year,
                seat=seat,
                module=module,
                furthest_step=Step.objects.for_age(seat.first_age).filter(module=module).count(),
                done_on=timezone.localdate(),
            )
            for seat in seats
            if seat.pk in left
        ],
        update_conflicts=True,
        unique_fields=["seat", "module", "school", "school_year"],
        update_fields=["furthest_step", "done_on"],
    )
    marked = [(key, before.get(key)) for key in left]
    return Undo("took_part", {"classroom": classroom.pk, "module": module.pk, "seats": marked}, count=len(left))


@transaction.atomic
def bring_class_to(*, classroom: Classroom, module: Module, step_number: int) -> Undo:
    """Brings everybody who is not there yet to a step, on their next page."""
    lesson = set_class_lesson(classroom=classroom)
    before = [lesson.module_id, lesson.step_number]
    lesson.module, lesson.step_number = module, step_number
    lesson.save(update_fields=["module", "step_number"])
    now = [module.pk, step_number]
    return Undo("step", {"classroom": classroom.pk, "opening": lesson.opening, "now": now, "before": before})
