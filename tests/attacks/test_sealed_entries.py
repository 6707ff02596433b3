"""What waits on a device for the network is sealed to a public key: whoever reads a page can seal anything."""

import json
import uuid

import pytest
from django.conf import settings
from django.test import Client

from lessons.models import Reading
from lessons.secrets import seal
from quizzes.models import Attempt
from tests.attacks.test_forged_requests import BY_TICKET

pytestmark = pytest.mark.django_db
URL = "/en/late/"


def send(text: bytes, **headers):
    return Client().post(
        URL, seal(settings.BALISE_OUTBOX_KEY, text), content_type="application/octet-stream", **headers
    )


@pytest.fixture
def ticket(world):
    return world.clients["pupil"].get(f"/en/me/{world.module.slug}/kept/").json()["ticket"]


@pytest.mark.parametrize(
    "number", [1e308, float("inf"), float("nan"), -1, 10**4000, "9" * 9000, None, [1], {}, "x", True, "１"]
)
def test_cwe_20_a_step_that_is_no_number_breaks_nothing(world, ticket, number):
    entry = {"ticket": ticket, "kind": "step", "number": number}
    assert send(json.dumps(entry).encode()).status_code in (204, 410)
    assert not Reading.objects.filter(furthest_step__gt=1).exists()


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"0", b"null", b'"x"', b"\xff\xfe", b"[" * 30_000, b'{"a":' * 9_000, b"{}", b'{"ticket": {}}',
     b'{"ticket": 5}', b'{"ticket": ["a"]}', b'{"ticket": "a:b:c"}', b"1" * 60_000, b"1e999999",
     b'"\\ud800"', b'{"ticket": "\\u0000:x:y"}'],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_cwe_674_and_502_what_is_no_entry_is_gone(text):
    assert send(text).status_code == 410


@pytest.mark.parametrize(
    "fields",
    [
        None, 5, "ab", [1], [[]], [["a"]], [["a", "b", "c"]], [[{}, []]], {"a": "b"}, [["key", "\ud800"]],
        [["key", "x" * 9000]],
        [["key", str(uuid.UUID(int=1))]] * 900, [["key", 1e308]], [[None, None]], [["\x00", "\x00"]],
    ],
    ids=lambda fields: repr(fields)[:16],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["save", "submit"])
def test_cwe_235_fields_of_any_other_shape_are_refused(ticket, kind, fields):
    for moment in ("before", "later", ["before"], None):
        entry = {"ticket": ticket, "kind": kind, "moment": moment, "fields": fields}
        assert send(json.dumps(entry).encode()).status_code in (204, 400, 409, 410)


def test_cwe_345_a_ticket_of_another_salt_key_or_seat_is_none(world, ticket):
    cookie = world.clients["pupil"].cookies["balise_seat"].value
    head, middle, tail = ticket.split(":")
    for forged in (cookie, f"{head}:{middle}:{tail[:-1]}x", f"{head}x:{middle}:{tail}", ""):
        entry = {"ticket": forged, "kind": "submit", "moment": "before", "fields": []}
        assert send(json.dumps(entry).encode()).status_code == 410
    assert not Attempt.objects.exists()
    assert {"quizzes:late"} == BY_TICKET


@pytest.mark.parametrize("size", [0, 1, 64, 65, 76, 77, 100, 70_000])
def test_cwe_20_bytes_that_nobody_sealed_are_gone(size):
    for byte in (b"\x00", b"\x04", b"\xff"):
        answer = Client().post(URL, byte * size, content_type="application/octet-stream")
        assert answer.status_code == 410
