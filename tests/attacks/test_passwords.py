"""Staff passwords: long sentences of any kind, checked as they are; none that a list begins with."""

import re

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from tests.factories.accounts import PASSWORD, UserFactory, make_teacher

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
