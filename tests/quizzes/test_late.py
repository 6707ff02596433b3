"""Entries that come late from a device that had no network."""

import json
import uuid

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.operations import reissue_card
from lessons.models import Reading
from lessons.secrets import public_key, seal, unseal
from lessons.views.offline import TICKET_SALT
from quizzes.models import Attempt, Question, Tally
from tests.factories.accounts import ClassroomFactory, make_teacher, sit, teacher_of
from tests.factories.quizzes import make_assigned_with_quiz

pytestmark = pytest.mark.django_db
URL = "/en/late/"


@pytest.fixture
def classroom():
    return ClassroomFactory(is_open=True, form="A", age_of_youngest=12)


@pytest.fixture
def seat(classroom):
    return classroom.seats.in_order()[0]


@pytest.fixture
def kept(seat, module):
    return sit(seat).get(f"/en/me/{module.slug}/kept/").json()


def fields(**answers):
    return [["key", str(uuid.uuid4())]] + [
        [str(Question.objects.get(slug=f"a-{slug}").pk), value] for slug, value in answers.items()
    ]


def send(kept, **entry):
    text = json.dumps({"ticket": kept["ticket"], "moment": "before", "fields": [], **entry}).ljust(4096)
    body = seal(settings.BALISE_OUTBOX_KEY, text.encode())
    return Client(enforce_csrf_checks=True).post(URL, body, content_type="application/octet-stream")


def test_steps_come_late_in_order_and_again_changes_nothing(kept, seat, module):
    for number in (1, 2, 2, 1):
        assert send(kept, kind="step", number=number).status_code == 204
    assert Reading.objects.of(seat).get().furthest_step == 2
    send(kept, kind="step", number=9)
    assert Reading.objects.of(seat).get().furthest_step == 2


def test_a_submission_comes_late_once(kept):
    sent = {"kind": "submit", "fields": fields(one="tell")}
    assert send(kept, **sent).status_code == 204
    assert send(kept, **sent).status_code == 409
    assert send(kept, kind="submit", fields=fields(one="pay")).status_code == 409
    assert send(kept, kind="save", fields=fields(one="pay")).status_code == 409
    assert Tally.objects.get(item="tell").running == 1
    assert not Tally.objects.filter(item="pay").exists()


def test_what_is_answered_already_stays_and_the_rest_is_filled(kept):
    send(kept, kind="save", fields=fields(one="tell"))
    send(kept, kind="save", fields=fields(one="pay", bool="false"))
    assert json.loads(Attempt.objects.get().responses) == {"a-one": "tell", "a-bool": "false"}
    send(kept, kind="submit", fields=fields(one="hide", bool="true", many="stay"))
    assert set(Tally.objects.exclude(item__in=["", "=right"]).values_list("item", flat=True)) == {
        "tell", "false", "stay",
    }  # fmt: skip


def test_a_pass_comes_late_and_adds_nothing(kept):
    assert send(kept, kind="submit", fields=[*fields(one="pay"), ["pass", "1"]]).status_code == 204
    assert Attempt.objects.get().is_submitted
    assert not Tally.objects.exists()


def test_a_late_pass_drops_nothing_that_was_answered_elsewhere(kept):
    send(kept, kind="save", fields=fields(one="tell"))
    assert send(kept, kind="submit", fields=[*fields(bool="true"), ["pass", "1"]]).status_code == 204
    assert set(Tally.objects.exclude(item__in=["", "=right"]).values_list("item", flat=True)) == {"tell"}


def test_a_sitting_that_ended_and_a_closed_class_do_not_matter(kept, classroom):
    classroom.open_until = None
    classroom.save()
    assert send(kept, kind="submit", fields=fields(one="tell")).status_code == 204


def test_after_eight_days_it_is_too_late(kept, time_machine_after_nine_days):
    assert send(kept, kind="step", number=1).status_code == 410


@pytest.fixture
def time_machine_after_nine_days(kept):
    import datetime

    import time_machine

    with time_machine.travel(timezone.now() + datetime.timedelta(days=9), tick=False):
        yield


def test_a_lost_card_hands_nothing_in(kept, seat, classroom):
    reissue_card(seat=seat, actor=teacher_of(classroom))
    assert send(kept, kind="submit", fields=fields(one="tell")).status_code == 410


def test_nothing_of_a_sensitive_module_comes_late(seat, classroom):
    module = make_assigned_with_quiz(classroom, is_sensitive=True)
    assert sit(seat).get(f"/en/me/{module.slug}/kept/").status_code == 404
    forged = signing.dumps({"seat": seat.pk.hex, "card": seat.card_version, "module": module.slug}, salt=TICKET_SALT)
    assert send({"ticket": forged}, kind="submit", fields=fields()).status_code == 410
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "submit", "moment": "later"},
        {"kind": "submit", "moment": None},
        {"kind": "other"},
        {"kind": "step", "number": "x"},
        {"kind": "submit", "fields": [["key"]]},
        {"kind": "submit", "fields": 5},
        {"kind": "submit", "fields": [["key", "no uuid"]]},
        {"kind": "submit", "ticket": "forged"},
        {"kind": "submit", "ticket": 7},
    ],
)
def test_bad_entries_are_refused_and_change_nothing(kept, entry):
    assert send(kept, **entry).status_code == 410
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("body", [b"", b"x", b"\x04" * 65, b"\x04" * 200, b"x" * 70_000])
def test_what_was_not_sealed_to_this_server_is_refused(kept, body):
    assert Client().post(URL, body, content_type="application/octet-stream").status_code == 410


@pytest.mark.parametrize("text", [b"[]", b"{}", b"5", b"\xff", b"null"])
def test_what_is_no_entry_is_refused(kept, text):
    body = seal(settings.BALISE_OUTBOX_KEY, text)
    assert Client().post(URL, body, content_type="application/octet-stream").status_code == 410


def test_a_sealed_entry_opens_here_only():
    sealed = seal(b"1" * 32, b"words")
    assert unseal(b"1" * 32, sealed) == b"words"
    for seed, changed in ((b"2" * 32, sealed), (b"1" * 32, sealed[:-1] + bytes([sealed[-1] ^ 1]))):
        with pytest.raises(ValueError, match="not sealed"):
            unseal(seed, changed)
    assert public_key(b"1" * 32) == public_key(b"1" * 32) != public_key(b"2" * 32)


def test_what_is_kept_names_no_answer_and_no_sitting(kept, seat, module):
    assert kept["steps"] == 3
    assert f"/en/me/{module.slug}/3/" in kept["pages"]
    assert set(kept) == {"key", "ticket", "mark", "steps", "pages"}


def test_a_kept_page_is_blank_and_says_that_it_may_be_kept(seat, module):
    client = sit(seat)
    url = f"/en/me/{module.slug}/questions/before/"
    key = client.get(url).context["form"]["key"].value()
    question = Question.objects.get(slug="a-one")
    client.post(f"{url}save/", {"key": key, str(question.pk): "tell"})
    assert "checked" in client.get(url).content.decode()
    answer = client.get(url, headers={"X-Balise-Keep": "1"})
    assert answer["X-Balise-Keep"] == "1"
    assert "checked" not in answer.content.decode()


def test_without_a_key_nothing_is_kept_and_nothing_comes_late(settings, kept, seat, module):
    entry = {"kind": "step", "number": 1}
    body = seal(settings.BALISE_OUTBOX_KEY, json.dumps(entry | kept).encode())
    settings.BALISE_OUTBOX_KEY = b""
    assert sit(seat).get(f"/en/me/{module.slug}/kept/").status_code == 404
    assert Client().post(URL, body, content_type="application/octet-stream").status_code == 410


def test_only_a_seat_keeps(client, module):
    assert client.get(f"/en/me/{module.slug}/kept/").status_code == 302
    client.force_login(make_teacher())
    assert client.get(f"/en/me/{module.slug}/kept/").status_code == 302
    assert client.get(URL).status_code == 405


def test_the_worker_lies_above_the_pages_it_serves(client):
    answer = client.get("/en/service-worker.js")
    assert answer["Content-Type"] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"
    assert b"balise-outbox" in answer.content
