"""What is kept and what is declared are the same, field by field."""

import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import cache, caches
from django.db import models
from django.test import Client

from accounts.enums import Animal, Colour
from accounts.middleware import SALT
from accounts.models import Seat
from accounts.views.shared import TOKEN
from privacy import inventory
from privacy.inventory import ALL, FORBIDDEN_NAMES, Ground, Kind, Retention, Subject
from tests.factories.accounts import PASSWORD, ClassroomFactory, make_teacher, sit
from tests.factories.quizzes import make_assigned_with_quiz
from tests.privacy.conftest import all_models

FREE_TEXT = (models.TextField, models.EmailField, models.FileField, models.GenericIPAddressField, models.JSONField)
PACKED = {("quizzes.Attempt", "responses")}
"""The one text of a seat: slugs of the curriculum that a form made, checked against the keys; never typed."""


def names_of(model, subject: Subject | None) -> set[str]:
    """A model's fields; a translated column of the lessons counts with its field."""
    found = {field.name for field in [*model._meta.local_fields, *model._meta.local_many_to_many]}
    if subject == Subject.CONTENT:
        found = {re.sub(r"_(fr|en)$", "", name) for name in found}
    return found


def misfits(found_models) -> tuple[set[str], set[str]]:
    """What is kept and not declared, and what is declared and not kept."""
    declared = inventory.declared(Kind.FIELD)
    subjects = {one.place: one.subject for one in ALL}
    kept = {
        f"{model._meta.label}.{name}" for model in found_models
        for name in names_of(model, subjects.get(model._meta.label))
    }  # fmt: skip
    said = {f"{place}.{name}" for place, names in declared.items() for name in names}
    return kept - said, said - kept


def forbidden(found_models) -> set[str]:
    """Fields of pupils whose kind or name could hold what we never learn."""
    pupils = {one.place for one in ALL if one.subject == Subject.PUPIL}
    return {
        f"{model._meta.label}.{field.name}"
        for model in found_models
        if model._meta.label in pupils
        for field in model._meta.local_fields
        if _is_forbidden(model._meta.label, field)
    }


def _is_forbidden(label: str, field: models.Field) -> bool:
    if field.name in FORBIDDEN_NAMES or FORBIDDEN_NAMES & set(field.name.split("_")):
        return True
    if (label, field.name) in PACKED:
        return False
    if isinstance(field, FREE_TEXT):
        return True
    if isinstance(field, models.CharField) and not field.choices:
        return not field.name.endswith(("_digest", "_key"))
    return False


def planted(label: str, field: models.Field):
    """Something that looks like the model, with one field more."""
    real = next(model for model in all_models() if model._meta.label == label)
    meta = SimpleNamespace(
        label=label,
        local_fields=[*real._meta.local_fields, field],
        local_many_to_many=real._meta.local_many_to_many,
    )
    return SimpleNamespace(_meta=meta)


def named(name: str, field: models.Field) -> models.Field:
    field.set_attributes_from_name(name)
    return field


def test_every_field_is_declared_and_every_declared_field_exists():
    undeclared, gone = misfits(all_models())
    assert undeclared == set()
    assert gone == set()


def test_no_name_is_declared_twice():
    places = [(one.kind, one.place, name) for one in ALL for name in one.names]
    assert len(places) == len(set(places))


def test_a_field_that_nobody_declared_is_found():
    fake = planted("accounts.Seat", named("shoe_size", models.IntegerField()))
    others = [model for model in all_models() if model._meta.label != "accounts.Seat"]
    assert misfits([*others, fake])[0] == {"accounts.Seat.shoe_size"}


def test_a_declared_field_that_is_gone_is_found():
    others = [model for model in all_models() if model._meta.label != "lessons.Reading"]
    assert "lessons.Reading.done_on" in misfits(others)[1]


def test_no_field_of_a_pupil_could_hold_what_we_never_learn():
    assert forbidden(all_models()) == set()


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("first_name", models.BooleanField()),
        ("birth_date", models.DateField()),
        ("gender", models.CharField(max_length=1, choices=[("f", "f")])),
        ("remark", models.TextField()),
        ("told", models.CharField(max_length=200)),
        ("contact", models.EmailField()),
        ("came_from", models.GenericIPAddressField()),
        ("drawing", models.FileField()),
        ("extras", models.JSONField()),
    ],
)
def test_a_planted_field_of_a_forbidden_kind_is_found(name, field):
    assert forbidden([planted("accounts.Seat", named(name, field))]) == {f"accounts.Seat.{name}"}


def test_whoever_concerns_a_person_names_a_ground_and_an_end():
    for one in ALL:
        if one.subject in (Subject.PUPIL, Subject.STAFF) and one.kind != Kind.BROWSER:
            assert one.ground != Ground.NONE, one
            assert one.retention not in (Retention.CONTENT, Retention.SCHOOL), one


def test_times_finer_than_a_day_about_a_seat_stand_only_where_they_go_the_same_day():
    pupils = {one.place for one in ALL if one.subject == Subject.PUPIL and one.kind == Kind.FIELD}
    timed = {
        model._meta.label
        for model in all_models()
        if model._meta.label in pupils
        for field in model._meta.local_fields
        if isinstance(field, models.DateTimeField)
    }
    assert timed == {"accounts.Sitting", "accounts.Throttle", "accounts.WaitingSignIn"}


@pytest.fixture
def walked(db):
    """A browser that went through a lesson on a seat."""
    classroom = ClassroomFactory(is_open=True, form="A")
    module = make_assigned_with_quiz(classroom)
    seat = classroom.seats.first()
    client = Client()
    for path in ("/en/", "/en/sit/", "/en/card/", "/en/help/", "/en/what-we-keep/"):
        assert client.get(path).status_code == 200
    animal, colour = Animal.OTTER, Colour.BLUE
    client.post("/en/sit/", {"code": "BCDFGHJ", "animal": animal, "colour": colour} | dict.fromkeys(PICTURES, 1))
    sit(seat, client)
    for path in ("/en/me/", f"/en/me/{module.slug}/", f"/en/me/{module.slug}/1/", "/en/me/kept/"):
        assert client.get(path).status_code == 200
    return client


PICTURES = ["picture_1", "picture_2", "picture_3", "picture_4"]


def test_every_cookie_of_a_pupil_is_declared(walked):
    declared = inventory.declared(Kind.COOKIE)
    assert set(walked.cookies) == {"balise_seat", "balise_csrf"}
    assert set(walked.cookies) <= set(declared)
    values = signing.loads(walked.cookies["balise_seat"].value, salt=SALT)
    assert set(values) == declared["balise_seat"]


def test_cookies_of_a_pupil_end_with_the_browser_and_no_script_reads_them(walked):
    for cookie in walked.cookies.values():
        assert cookie["max-age"] == ""
        assert cookie["expires"] == ""
        assert cookie["httponly"]


def test_a_pupil_leaves_nothing_in_a_session_or_a_cache(walked):
    assert Session.objects.count() == 0
    assert list(getattr(cache, "_cache", {})) == []


def test_the_cache_of_lessons_holds_declared_keys_and_nothing_of_a_reader(walked):
    kept = {key.split(":", 2)[2]: value for key, value in caches["content"]._cache.items()}
    assert kept
    assert all(key.startswith(tuple(inventory.declared(Kind.CACHE)["content cache"])) for key in kept)
    text = " ".join("".join(map(str, one)) if isinstance(one, list) else str(one) for one in kept.values())
    for seat in Seat.objects.all():
        assert str(seat.pk) not in text
        assert seat.handle not in text
    assert walked.cookies["balise_csrf"].value not in text
    assert set(re.findall(r'csrfmiddlewaretoken" value="([^"]*)"', text)) <= {TOKEN}, "a gap, and no token"


def test_every_cookie_session_key_and_cache_key_of_staff_is_declared(db):
    teacher = make_teacher()
    client = Client()
    client.post("/en/staff/account/login/", {"login": teacher.email, "password": "wrong"})
    keys = [key.split(":", 2)[2] for key in getattr(cache, "_cache", {})]
    client.post("/en/staff/account/login/", {"login": teacher.email, "password": PASSWORD})
    client.get("/en/staff/account/2fa/totp/activate/")
    client.get("/en/staff/classes/")
    assert {"sessionid", "csrftoken"} <= set(client.cookies) <= set(inventory.declared(Kind.COOKIE))
    assert set(client.session.keys()) <= inventory.declared(Kind.SESSION)["sessions.Session"]
    assert "_auth_user_id" in client.session
    prefixes = tuple(inventory.declared(Kind.CACHE)["cache"])
    assert keys
    assert all(key.startswith(prefixes) for key in keys)
    cache.clear()


FORBIDDEN_STORES = re.compile(r"localStorage|sessionStorage|document\.cookie|cookieStore|window\.name")
STORES = re.compile(r"indexedDB\.open|caches\.open|caches\.match|CacheStorage")
STORE_NAME = re.compile(r"\"(balise-[a-z-]+)\"")


def scripts() -> dict[str, str]:
    found = {path.name: path.read_text() for path in (settings.BASE_DIR / "static").rglob("*.js")}
    assert found
    return found


def test_what_our_scripts_store_in_the_browser_is_declared():
    used = {name for text in scripts().values() if STORES.search(text) for name in STORE_NAME.findall(text)}
    assert used == {name for names in inventory.declared(Kind.BROWSER).values() for name in names}


def test_only_the_worker_stores_anything_and_nothing_in_the_open():
    assert {name for name, text in scripts().items() if STORES.search(text)} <= {"service-worker.js"}
    assert {name for name, text in scripts().items() if FORBIDDEN_STORES.search(text)} == set()
    assert FORBIDDEN_STORES.search('localStorage.setItem("a", 1)')
