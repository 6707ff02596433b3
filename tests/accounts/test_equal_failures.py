"""A wrong code, a closed class, an unknown seat and wrong pictures: one answer, for the same work."""

import hmac

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Animal, Colour
from accounts.models import Throttle
from accounts.operations import close_classroom
from accounts.queries import card_of
from tests.factories.accounts import ClassroomFactory, teacher_of

pytestmark = pytest.mark.django_db
CASES = ["wrong code", "closed class", "unknown seat", "wrong pictures"]


@pytest.fixture
def tries(seat, typed, wrong):
    """For each case, what is typed; in the closed class even the pictures are right."""
    closed = ClassroomFactory(is_open=True)
    close_classroom(classroom=closed, actor=teacher_of(closed))
    taken = set(seat.classroom.seats.values_list("animal", "colour"))
    free = next((a, c) for a in Animal.values for c in Colour.values if (a, c) not in taken)
    return {
        "wrong code": typed(seat, code="BBBBBBB"),
        "closed class": typed(closed.seats.first()),
        "unknown seat": typed(seat, animal=free[0], colour=free[1]),
        "wrong pictures": typed(seat, pictures=wrong(seat)),
    }


def _answer(data):
    client = Client()
    client.get("/en/sit/")  # the browser has its cookies, as after the page was shown
    return client.post("/en/sit/", data)


def test_the_four_failures_are_one_answer_in_status_body_and_headers(tries):
    answers = [_answer(tries[case]) for case in CASES]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert not any(answer.cookies for answer in answers)
    page = answers[0].content.decode()
    for cause in (
        "class is not open",
        "code or of the long key",
        "animal or its colour",
        "four pictures",
        "newer card",
    ):
        assert cause in page


def test_the_four_failures_cost_the_same_derivations_and_the_same_queries(tries, monkeypatch):
    work = {}
    for case in CASES:
        client = Client()
        client.get("/en/sit/")
        count, new = [0], hmac.new

        def counted(*args, count=count, new=new, **kwargs):
            count[0] += 1
            return new(*args, **kwargs)

        monkeypatch.setattr(hmac, "new", counted)
        with CaptureQueriesContext(connection) as queries:
            client.post("/en/sit/", tries[case])
        monkeypatch.undo()
        work[case] = (count[0], [query["sql"].split()[0] for query in queries])
    assert work["wrong code"] == work["closed class"] == work["unknown seat"] == work["wrong pictures"]
    assert "UPDATE" in work["wrong code"][1]


def test_a_known_and_a_made_up_seat_are_throttled_at_the_same_try(tries):
    for case in CASES:
        client = Client()
        assert [client.post("/en/sit/", tries[case]).status_code for _try in range(6)] == [403] * 5 + [429]
    for case in CASES:
        statuses = [Client().post("/en/sit/", tries[case]).status_code for _try in range(5)]
        assert statuses == [403] * 4 + [302]


def test_while_waiting_right_and_wrong_pictures_cost_the_same_queries(seat, typed, wrong):
    for _try in range(9):
        Client().post("/en/sit/", typed(seat, pictures=wrong(seat)))
    seen = []
    for pictures in (card_of(seat).pictures, wrong(seat)):
        with CaptureQueriesContext(connection) as queries:
            Client().post("/en/sit/", typed(seat, pictures=pictures))
        seen.append([query["sql"].split()[0] for query in queries])
    assert seen[0] == seen[1]


def test_a_made_up_seat_is_of_no_school(tries):
    Client().post("/en/sit/", tries["wrong code"])
    assert set(Throttle.objects.values_list("school_year", flat=True)) == {0}
    assert not Throttle.objects.filter(seat__isnull=False, seat__card_version__gt=0).exists()


def test_wrong_cards_and_the_right_card_of_a_closed_class_get_one_answer(tries, seat):
    closed = ClassroomFactory()
    answers = []
    for data in (
        {"token": "x"},
        {"token": card_of(closed.seats.first()).token},
        {"home_key": "BCDF-BCDF-BCDF-BCDF"},
        {"home_key": card_of(closed.seats.first()).home_key},
    ):
        client = Client()
        client.get("/en/card/")
        answers.append(client.post("/en/card/", data))
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert "That did not work" in answers[0].content.decode()
