"""The addresses that belong to no app: the root, the admin's door, what machines ask."""

import datetime

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import UserFactory, add_second_factor, make_teacher

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("accepted", "place"),
    [("en-GB,en;q=0.9", "/en/"), ("fr-CA", "/fr/"), ("de,en;q=0.5", "/en/"), ("zz", "/fr/"), ("", "/fr/")],
)
def test_the_root_leads_to_the_readers_language_without_a_cookie(client, accepted, place):
    response = client.get("/", headers={"accept-language": accepted})
    assert (response.status_code, response["Location"]) == (302, place)
    assert "Accept-Language" in response["Vary"]
    assert not response.cookies


def test_a_language_that_is_not_spoken_is_not_found(client):
    assert client.get("/de/").status_code == 404


def test_health_says_ok_to_anybody_and_nothing_more(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store, private"


def test_health_says_when_the_database_is_gone(client, monkeypatch):
    def broken():
        raise OperationalError("could not connect to db.example as balise")

    monkeypatch.setattr(connection, "cursor", broken)
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (503, b"database\n")


def test_no_search_engine_is_welcome(client):
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


def test_machines_only_read(client):
    assert client.post("/healthz").status_code == 405
    assert client.post("/robots.txt").status_code == 405


def test_the_admin_has_no_door_of_its_own(client):
    response = client.get("/admin/login/", follow=False)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_teacher_is_no_operator(client):
    client.force_login(make_teacher())
    assert client.get("/admin/").status_code in {302, 403}
    assert client.get("/admin/", follow=True).status_code == 403


def test_an_operator_enters_the_admin(client):
    client.force_login(add_second_factor(UserFactory(is_staff=True, is_superuser=True)))
    assert client.get("/admin/").status_code == 200


def test_nobody_signs_up(client):
    page = client.get(reverse("account_signup"))
    assert page.status_code == 200
    assert b'type="password"' not in page.content
    client.post(reverse("account_signup"), {"email": "new@example.org", "password1": "correct horse battery"})
    from accounts.models import User

    assert not User.objects.filter(email="new@example.org").exists()


def test_every_page_has_the_strict_headers(client):
    response = client.get("/fr/")
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "img-src", "connect-src", "form-action")} == {"'self'"}
    assert "camera=()" in response["Permissions-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


def test_only_the_second_factors_page_draws_an_image(client):
    user = UserFactory()
    user.set_password("a long password of a test")
    user.save()
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": "a long password of a test"})
    response = client.get(reverse("mfa_activate_totp"))
    assert response.status_code == 200
    assert "img-src 'self' data:" in response["Content-Security-Policy"]
    assert "data:" not in client.get(reverse("account_change_password"))["Content-Security-Policy"]


def test_whoever_found_a_hole_is_told_where_to_write(client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    answer = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "fr, en"
    days = (datetime.datetime.fromisoformat(fields["Expires"]) - timezone.now()).days
    assert 150 < days < 365
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
