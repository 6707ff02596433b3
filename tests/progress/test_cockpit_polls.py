"""A room that looks the same is not sent again; whatever changes in it is."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Classroom, WaitingSignIn
from lessons.models import Assignment, ChosenSeat, Module, Reading
from lessons.operations import set_class_lesson
from quizzes.enums import Moment
from tests.factories.accounts import make_sitting
from tests.factories.progress import hand_in

NOW = datetime.datetime(2026, 11, 24, 9, 0, 30, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def room(classroom, module):
    Classroom.objects.filter(pk=classroom.pk).update(open_until=NOW + datetime.timedelta(minutes=50))
    classroom.refresh_from_db()
    make_sitting(classroom.seats.in_order()[0], "one")
    return classroom


def poll(staff, classroom, mark="", *, language="en", **query):
    place = f"/{language}/staff/classes/{classroom.pk}/now/"
    return staff.get(place, {"mark": mark, **query}, headers={"HX-Request": "true"})


def mark_of(answer) -> str:
    return re.search(r'name="mark" id="mark" value="([0-9a-f]{32})"', answer.content.decode())[1]


def without_tokens(answer) -> str:
    return re.sub(r'(csrfmiddlewaretoken|mark)"[^>]*>', "", answer.content.decode())


def reading(classroom, place: int, **fields) -> None:
    seat, module = classroom.seats.in_order()[place], Module.objects.first()
    owner = {"school": seat.school, "school_year": seat.school_year}
    Reading.objects.update_or_create(seat=seat, module=module, defaults=fields, create_defaults=owner | fields)


def waits(classroom) -> None:
    seat = classroom.seats.in_order()[3]
    WaitingSignIn.objects.create(
        school=seat.school, school_year=seat.school_year, seat=seat, device_key=uuid.uuid4().hex
    )


def chosen(classroom) -> None:
    seat = classroom.seats.in_order()[2]
    Assignment.objects.filter(classroom=classroom).update(is_for_chosen=True)
    ChosenSeat.objects.create(
        seat=seat, module=Module.objects.first(), school=seat.school, school_year=seat.school_year
    )


def of_class(**changes):
    return lambda classroom: Classroom.objects.filter(pk=classroom.pk).update(**changes)


def of_module(**changes):
    return lambda classroom: Module.objects.update(content_hash=uuid.uuid4().hex, **changes)


CHANGES = {
    "somebody sits down": lambda classroom: make_sitting(classroom.seats.in_order()[1], "two"),
    "who sits gets on": lambda classroom: reading(classroom, 0, furthest_step=2),
    "somebody is done": lambda classroom: reading(classroom, 1, done_on=NOW.date()),
    "somebody has answered": lambda classroom: hand_in(classroom, Module.objects.first(), Moment.AFTER, [True]),
    "somebody waits": waits,
    "the module is for chosen seats": chosen,
    "pause": lambda classroom: set_class_lesson(classroom=classroom, is_paused=True),
    "a vote": lambda classroom: set_class_lesson(classroom=classroom, vote_key=uuid.uuid4()),
    "to a step": lambda classroom: set_class_lesson(classroom=classroom, module=Module.objects.first(), step_number=2),
    "closed": of_class(open_until=None),
    "open for longer": of_class(open_until=NOW + datetime.timedelta(hours=2)),
    "for called seats only": of_class(is_for_chosen=True),
    "a new code": of_class(code="BCDFGHJ"),
    "another title": of_module(title_en="Another title"),
    "sensitive, and not for this teacher": of_module(is_sensitive=True),
    "off the list": lambda classroom: Assignment.objects.all().delete(),
    "a seat freed": lambda classroom: classroom.seats.in_order()[4].delete(),
}


def test_a_room_that_looks_the_same_is_not_sent_again(staff, room, clock):
    first = poll(staff, room)
    again = poll(staff, room, mark_of(first))
    assert (again.status_code, again.content) == (204, b"")
    clock.shift(20)  # within the minute that it says
    assert poll(staff, room, mark_of(first)).status_code == 204
    assert poll(staff, room, "0" * 32).status_code == 200


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_in_the_room_is_sent(staff, room, change):
    before = poll(staff, room)
    change(room)
    after = poll(staff, room, mark_of(before))
    assert after.status_code == 200
    assert without_tokens(after) != without_tokens(before), "or the change is none"


def test_a_minute_less_another_language_and_another_module_are_sent(staff, room, clock):
    mark = mark_of(poll(staff, room))
    assert poll(staff, room, mark, language="fr").status_code == 200
    clock.shift(60)
    assert poll(staff, room, mark).status_code == 200


def test_the_mark_stays_out_of_the_address_to_come_back_to(staff, room):
    assert "mark=" not in poll(staff, room, "0" * 32, module="x").content.decode()


def test_a_page_that_is_asked_for_as_a_whole_is_sent(staff, room):
    mark = mark_of(poll(staff, room))
    whole = staff.get(f"/en/staff/classes/{room.pk}/now/", {"mark": mark})
    assert whole.status_code == 200
    assert 'hx-include="#mark"' in whole.content.decode()
    assert timezone.now() == NOW
