"""Staff passwords: long sentences of any kind, checked as they are; none that a list begins with."""

import re

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from config.passwords import PasswordHasher
from tests.factories.accounts import PASSWORD, SchoolFactory, UserFactory, make_teacher

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "qwertyuiop123", "123456789012", "Balise2026!!", "balisebalise", "Ecole-2026-Ecole",
        "teacher123456", "professeur2026", "MotDePasse2026", "short", "martine.dupont@example.org", "administrator1",
    ],
)  # fmt: skip
def test_cwe_521_common_passwords_and_the_words_of_this_place_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, UserFactory(email="martine.dupont@example.org", name="Martine Dupont"))


@pytest.mark.parametrize(
    "password",
    [
        "a heron on the pier at night",
        "été à la plage, à l’école buissonnière",
        "x" * 11 + "y",
        "é" * 120,
        " lead and trail ",
    ],
)
def test_any_long_sentence_will_do_and_is_checked_as_it_is(password):
    user = UserFactory(password=password)
    validate_password(password, user)
    client = Client()
    for wrong in (password.upper() + "x", password.strip() + "  ", password[:-1], password[:64] + "z"):
        assert (
            authenticate(client.get("/en/staff/account/login/").wsgi_request, username=user.email, password=wrong)
            is None
        )
        assert not user.check_password(wrong)
    assert user.check_password(password)


def test_a_password_is_typed_unseen_and_may_be_pasted():
    page = Client().get("/en/staff/account/login/").content.decode()
    (field,) = re.findall(r"<input[^>]*name=\"password\"[^>]*>", page)
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert "onpaste" not in page
    client = Client()
    client.post("/en/staff/account/login/", {"login": make_teacher().email, "password": PASSWORD})
    page = client.get("/en/staff/account/password/change/").content.decode()
    assert page.count('type="password"') >= 2
    assert 'name="oldpassword"' in page


def test_a_password_costs_more_than_owasps_least_and_no_class_waits_for_it():
    """Argon2id: 46 MiB once, or as much. Twice that here; a stronger hash of an earlier version signs nobody out."""
    hasher = PasswordHasher()
    kept = hasher.encode("a long sentence", hasher.salt())
    assert hasher.verify("a long sentence", kept)
    assert not hasher.verify("another sentence", kept)
    assert kept.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
    assert not hasher.must_update(kept)
    djangos = Argon2PasswordHasher()
    assert not hasher.must_update(djangos.encode("a long sentence", djangos.salt()))
    djangos.memory_cost = 19 * 1024
    assert hasher.must_update(djangos.encode("a long sentence", djangos.salt()))


def test_a_right_and_a_wrong_password_and_an_unknown_address_cost_one_hash(monkeypatch, settings):
    """OWASP's ASVS V6.3.8 of level 3, and half the time of two."""
    settings.PASSWORD_HASHERS = ["config.passwords.PasswordHasher"]
    teacher, counted = make_teacher(SchoolFactory()), []
    teacher.set_password(PASSWORD)
    teacher.save()
    for name in ("encode", "verify"):
        whole = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(
            Argon2PasswordHasher, name, lambda self, *a, whole=whole: (counted.append(1), whole(self, *a))[1]
        )
    client = Client()
    for email, password in ((teacher.email, "wrong"), ("nobody@example.org", "wrong"), (teacher.email, PASSWORD)):
        counted.clear()
        client.post("/en/staff/account/login/", {"login": email, "password": password})
        assert len(counted) == 1, email
    for password in ("wrong", PASSWORD):
        counted.clear()
        client.post("/en/staff/account/reauthenticate/", {"password": password})
        assert len(counted) == 1, password
