"""Seats that have finished modules, hand-ins that are tallied, and terms that are over."""

import datetime
import uuid
from collections.abc import Iterable

from accounts.models import Classroom, School, Seat
from lessons.models import Module, Reading
from quizzes.enums import Moment
from quizzes.operations import submit_attempt
from quizzes.queries import keys_of, questions_of, quiz_for
from tests.factories.accounts import ClassroomFactory
from tests.factories.quizzes import RIGHT, WRONG

YEAR = 2024
IN_TERM = {1: datetime.date(2024, 11, 12), 2: datetime.date(2025, 2, 11), 3: datetime.date(2025, 5, 13)}
BEGAN = datetime.date(2024, 9, 2)


def make_old_class(
    school: School, *, seat_count: int = 10, age: int = 12, created_on: datetime.date = BEGAN
) -> Classroom:
    """A class of the school year 2024, whose terms are over."""
    return ClassroomFactory(
        school=school, seat_count=seat_count, age_of_youngest=age, school_year=YEAR, created_on=created_on
    )


def finish(seats: Iterable[Seat], module: Module, *, on: datetime.date) -> None:
    Reading.objects.bulk_create(
        Reading(
            school_id=seat.school_id,
            school_year=seat.school_year,
            seat=seat,
            module=module,
            furthest_step=3,
            done_on=on,
        )
        for seat in seats
    )


def finish_some(classroom: Classroom, module: Module, count: int, *, term: int = 1) -> None:
    """As many seats as are asked for, of those that have not finished the module."""
    seats = classroom.seats.exclude(readings__module=module).in_order()[:count]
    finish(seats, module, on=IN_TERM[term])


def hand_in(classroom: Classroom, module: Module, moment: Moment, marks: Iterable[bool], **answers) -> None:
    """One seat after the other hands in, all right or all wrong; `answers` (kind → response) say otherwise for all."""
    quiz = quiz_for(classroom, module, moment)
    keys = keys_of(questions_of(quiz))
    for seat, is_right in zip(classroom.seats.in_order(), marks, strict=False):
        seat.classroom = classroom
        values = (RIGHT if is_right else WRONG) | answers
        submit_attempt(
            seat=seat,
            quiz=quiz,
            moment=moment,
            idempotency_key=uuid.uuid4(),
            keys=keys,
            responses={slug: values[slug.partition("-")[2]] for slug in keys.by_question},
        )
