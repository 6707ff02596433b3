"""After handing in, nothing in a dump ties an answer or a pass to a seat, whatever is joined with whatever."""

import itertools
import random
import re
import uuid

import pytest
import time_machine
from django.conf import settings
from django.db import models

from accounts.models import Seat
from privacy.inventory import ALL, Kind, Subject
from quizzes.enums import Moment
from quizzes.models import Attempt, ObjectiveResult, Tally
from quizzes.operations import delete_ended_attempts, save_responses, submit_attempt
from quizzes.queries import keys_of, questions_of, quiz_for
from tests.factories.accounts import ClassroomFactory, sit
from tests.factories.lessons import make_assigned
from tests.factories.quizzes import RIGHT, WRONG, make_assigned_with_quiz, responses
from tests.privacy.conftest import all_models, dump

pytestmark = pytest.mark.django_db
PASS = None
UUID_SHAPE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def classroom():
    return ClassroomFactory(seat_count=8, is_open=True, form="A")


@pytest.fixture
def module(classroom):
    return make_assigned_with_quiz(classroom)


def hand_in(seat, module, values, moment=Moment.BEFORE, saves_first=False):
    seat = Seat.objects.select_related("classroom").get(pk=seat.pk)
    quiz = quiz_for(seat.classroom, module, moment)
    letter = {"A": "a", "B": "b"}[quiz.kind]
    given = None if values is PASS else responses(letter, values)
    key = uuid.uuid4()
    if saves_first and given:
        save_responses(seat=seat, quiz=quiz, moment=moment, idempotency_key=key, responses=given)
    submit_attempt(
        seat=seat, quiz=quiz, moment=moment, idempotency_key=key, keys=keys_of(questions_of(quiz)), responses=given
    )


def rows_of(seat) -> list[tuple[str, dict[str, str]]]:
    """A seat's rows, as the database holds them."""
    return [(label, dict(cells)) for label, cells in dump() if str(seat.pk) in dict(cells).values()]


OWN = {"id", "seat_id", "idempotency_key", "qr_digest", "home_digest", "position", "animal", "colour", "device_key"}
"""Names of a seat's rows in which two seats differ whatever they do: random, or given when the class was made."""


def shape(seat) -> list[tuple[str, tuple]]:
    """A seat's rows without what is random or was there before the lesson."""
    return sorted(
        (label, tuple(sorted((name, value) for name, value in cells.items() if name not in OWN)))
        for label, cells in rows_of(seat)
    )


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
@pytest.mark.parametrize("is_sensitive", [True, False])
def test_who_passed_has_the_rows_of_somebody_who_got_everything_wrong(classroom, moment, is_sensitive):
    module = make_assigned_with_quiz(classroom, is_sensitive=is_sensitive)
    first, second = classroom.seats.in_order()[:2]
    hand_in(first, module, PASS, moment)
    hand_in(second, module, WRONG, moment)
    assert shape(first) == shape(second)


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_of_a_sensitive_module_everybody_has_the_same_rows(classroom, moment):
    module = make_assigned_with_quiz(classroom, is_sensitive=True)
    first, second, third = classroom.seats.in_order()[:3]
    for seat, values in ((first, PASS), (second, WRONG), (third, RIGHT)):
        hand_in(seat, module, values, moment)
    assert shape(first) == shape(second) == shape(third)


def test_before_the_lesson_everybody_has_the_same_rows(classroom, module):
    seats = classroom.seats.in_order()[:3]
    for seat, values in zip(seats, (PASS, WRONG, RIGHT), strict=True):
        hand_in(seat, module, values)
    assert len({str(shape(seat)) for seat in seats}) == 1


def test_a_shape_sees_a_planted_difference(classroom, module):
    first, second = classroom.seats.in_order()[:2]
    hand_in(first, module, PASS)
    hand_in(second, module, WRONG)
    Attempt.objects.filter(seat=first).update(touched_on="2020-01-01")
    assert shape(first) != shape(second)


def test_no_answer_is_left_on_an_attempt(classroom, module):
    for seat, values in zip(classroom.seats.in_order(), itertools.cycle([RIGHT, WRONG, PASS]), strict=False):
        hand_in(seat, module, values, saves_first=True)
    assert Attempt.objects.count() == 8
    assert set(Attempt.objects.values_list("responses", "is_submitted")) == {("", True)}
    slugs = {value for value in RIGHT.values() if isinstance(value, str)}
    seat_rows = [row for seat in classroom.seats.all() for row in rows_of(seat)]
    assert not [row for row in seat_rows if slugs & set(row[1].values())]


def keys_in(label: str, cells: dict[str, str]) -> set[str]:
    return {found for value in cells.values() for found in UUID_SHAPE.findall(value)}


def joins(goal: str, start: set[str], blocked: set[str]) -> list[list[str]]:
    """Every way over rows that share a key, from some keys to a table, without crossing what all seats share."""
    rows = [(label, dict(cells)) for label, cells in dump()]
    ways, known, front = [], set(start), [(key, []) for key in start]
    while front:
        key, way = front.pop()
        for label, cells in rows:
            keys = keys_in(label, cells)
            if key not in keys:
                continue
            if label == goal:
                ways.append([*way, label])
            for other in keys - known - blocked:
                known.add(other)
                front.append((other, [*way, label]))
    return ways


def shared_keys(classroom) -> set[str]:
    """Keys that stand in the rows of every seat alike: they single nobody out."""
    found = [{key for label, cells in rows_of(seat) for key in keys_in(label, cells)} for seat in classroom.seats.all()]
    return set.intersection(*found)


def test_no_join_leads_from_a_seat_to_a_tally(classroom, module):
    for seat, values in zip(classroom.seats.in_order(), itertools.cycle([RIGHT, WRONG, PASS]), strict=False):
        hand_in(seat, module, values)
    shared = shared_keys(classroom)
    for seat in classroom.seats.all():
        assert joins("quizzes.Tally", {str(seat.pk)}, shared) == []
    assert joins("quizzes.Tally", {str(classroom.pk)}, set())


def test_a_planted_key_from_a_tally_to_an_attempt_is_found(classroom, module):
    for seat in classroom.seats.in_order():
        hand_in(seat, module, RIGHT)
    tally, attempt = Tally.objects.first(), Attempt.objects.first()
    Tally.objects.filter(pk=tally.pk).update(item=str(attempt.idempotency_key))
    assert joins("quizzes.Tally", {str(attempt.seat_id)}, shared_keys(classroom))


def test_no_foreign_key_leads_to_an_attempt_or_a_tally():
    for model in all_models():
        for field in model._meta.concrete_fields:
            if field.is_relation:
                assert field.remote_field.model not in (Attempt, Tally), f"{model._meta.label}.{field.name}"


def test_no_number_that_counts_up_and_no_clock_stands_beside_a_seat_for_longer_than_a_day():
    lasting = {one.place for one in ALL if one.subject in (Subject.PUPIL, Subject.CLASS) and one.kind == Kind.FIELD}
    lasting -= {"accounts.Sitting", "accounts.Throttle", "accounts.WaitingSignIn", "accounts.Classroom"}
    for model in all_models():
        if model._meta.label in lasting:
            assert isinstance(model._meta.pk, models.UUIDField), model
            assert not any(isinstance(field, models.DateTimeField) for field in model._meta.concrete_fields), model


def test_an_hour_apart_leaves_the_same_dump(classroom, module):
    first, second = classroom.seats.in_order()[:2]
    with time_machine.travel("2026-11-24 09:00:00+00:00", tick=False):
        hand_in(first, module, WRONG)
    with time_machine.travel("2026-11-24 10:00:00+00:00", tick=False):
        hand_in(second, module, WRONG)
    assert shape(first) == shape(second)


def test_tallies_do_not_tell_in_which_order_pupils_answered(classroom, module):
    """One row an item, made once and then counted up: the same answers in another order leave the same table."""
    orders = []
    for answers in ([RIGHT, WRONG], [WRONG, RIGHT]):
        Tally.objects.all().delete()
        Attempt.objects.all().delete()
        for seat, values in zip(classroom.seats.in_order(), itertools.cycle(answers), strict=False):
            hand_in(seat, module, values)
        orders.append(list(Tally.objects.order_by("question", "item").values_list("question", "item", "running")))
    assert orders[0] == orders[1]


def test_results_of_a_seat_do_not_change_with_the_order_of_the_class(classroom, module):
    seats = list(classroom.seats.in_order())
    random.Random(1).shuffle(seats)
    for seat in seats:
        hand_in(seat, module, WRONG, Moment.AFTER)
    assert set(ObjectiveResult.objects.values_list("state", flat=True)) == {"REVISIT"}
    assert len({str(shape(seat)) for seat in seats}) == 1


def test_an_open_attempt_of_a_sensitive_module_goes_with_the_lesson(classroom):
    module = make_assigned_with_quiz(classroom, is_sensitive=True)
    seat = classroom.seats.select_related("classroom").first()
    quiz = quiz_for(classroom, module, Moment.BEFORE)
    save_responses(
        seat=seat, quiz=quiz, moment=Moment.BEFORE, idempotency_key=uuid.uuid4(), responses=responses("a", RIGHT)
    )
    assert delete_ended_attempts() == 0
    type(classroom).objects.update(open_until=None)
    assert delete_ended_attempts() == 1


def test_sqlite_overwrites_what_it_frees():
    assert "PRAGMA secure_delete=ON" in (settings.BASE_DIR / "config" / "settings.py").read_text()


# The neutral path: a sensitive step and its other activity.


OWN_LOOKS = re.compile(r'value="[^"]{64}"|#animal-[a-z]+|tint-[a-z]+')


@pytest.fixture
def sensitive(classroom):
    return make_assigned(classroom, is_sensitive=True)


def test_both_activities_come_in_one_answer_of_one_size(classroom, sensitive):
    sizes = set()
    for seat in classroom.seats.in_order()[:3]:
        page = sit(seat).get(f"/en/me/{sensitive.slug}/1/")
        text = page.content.decode()
        assert "Something else" in text
        assert "Body 1" in text
        sizes.add(len(re.sub(OWN_LOOKS, "", text).replace(seat.handle, "")))
    assert len(sizes) == 1


def test_looking_at_either_activity_asks_nothing_and_writes_nothing(classroom, sensitive):
    client = sit(classroom.seats.first())
    page = client.get(f"/en/me/{sensitive.slug}/1/").content.decode()
    switch = re.sub(r'href="/static/sprite.svg#[^"]*"', "", page)
    switch = switch[switch.index('class="switch"') : switch.index('class="bar"')]
    assert not re.search(r"<form|hx-|href=\"/|src=\"/|action=|ping=|name=\"(?!side\")", switch)
    before = dump()
    assert client.get(f"/en/me/{sensitive.slug}/1/").content
    assert dump() == before


def test_going_on_is_the_same_request_with_the_same_answer_and_the_same_row(classroom, sensitive):
    """The switch is in no form: whichever activity is open, the button sends the CSRF token alone."""
    first, second = classroom.seats.in_order()[:2]
    answers = []
    for seat in (first, second):
        client = sit(seat)
        page = client.get(f"/en/me/{sensitive.slug}/1/").content.decode()
        form = page[page.index('class="bar__form"') :]
        assert re.findall(r'name="([^"]+)"', form[: form.index("</form>")]) == ["csrfmiddlewaretoken"]
        answer = client.post(f"/en/me/{sensitive.slug}/1/")
        answers.append((answer.status_code, answer.url, len(answer.content)))
    assert answers[0] == answers[1]
    assert [cells for label, cells in shape(first) if label == "lessons.Reading"] == [
        cells for label, cells in shape(second) if label == "lessons.Reading"
    ]
