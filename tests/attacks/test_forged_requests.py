"""Requests that a stranger's page, a strange host or a crafted address makes a browser send."""

import socket
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Sitting
from tests.attacks.volume import some
from tests.attacks.walking import places
from tests.factories.accounts import PASSWORD, make_teacher
from tests.test_access import every_row
from tests.world import ROLES

pytestmark = pytest.mark.django_db
BY_TICKET = {"quizzes:late"}
"""Without a cookie and a CSRF token: what the worker hands in late is signed by us, and says itself whose it is."""
UNSAFE = ("post", "put", "patch", "delete")
STRANGE = [
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example", "http:evil",
    "javascript:alert(1)", "data:text/html,x", "/%2f/evil.example", "https:/evil.example", "\thttps://evil.example",
    "https://testserver@evil.example/", "https://testserver.evil.example/", "/\r\nLocation: https://evil.example",
]  # fmt: skip


def test_cwe_352_no_unsafe_method_is_taken_without_our_token(world):
    addresses, clients, taken = places(world), world.clients, {}
    before = every_row()
    for role in some(("visitor", "pupil", "teacher"), ROLES):
        client = clients[role]
        client.handler.enforce_csrf_checks = True
        for view, place in addresses.items():
            for method in some(("post", "delete") if role == "teacher" else ("post",), UNSAFE):
                answer = getattr(client, method)(place)
                if answer.status_code != 403 and view not in BY_TICKET:
                    taken[role, view, method] = answer.status_code
    assert taken == {}
    after = every_row()
    assert {name for name in before if before[name] != after[name]} == set()


def test_cwe_352_a_token_of_another_origin_or_another_cookie_is_refused(world):
    client = world.clients["teacher"]
    client.handler.enforce_csrf_checks = True
    place = f"/en/staff/classes/{world.classroom.pk}/close/"
    page = client.get(f"/en/staff/classes/{world.classroom.pk}/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"csrfmiddlewaretoken": token}
    assert client.post(place, form, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post(place, form, headers={"origin": "null"}).status_code == 403
    other = Client(enforce_csrf_checks=True)
    other.force_login(world.teacher)
    assert other.post(place, form).status_code == 403
    assert client.post(place, form, headers={"origin": "http://testserver"}).status_code == 302


@pytest.mark.parametrize("onward", STRANGE)
def test_cwe_601_next_leads_to_no_other_place(world, onward):
    pupil, teacher = world.clients["pupil"], world.teacher
    answers = [pupil.post("/en/not-me/", {"answer": "me", "next": onward})]
    client = Client()
    form = {"login": teacher.email, "password": PASSWORD, "next": onward}
    answers.append(client.post("/en/staff/account/login/", form))
    answers.append(client.post("/en/staff/account/logout/", {"next": onward}))
    answers.append(Client().get("/en/staff/classes/", {"next": onward}))
    client.force_login(teacher)
    form = {"password": PASSWORD, "next": onward}
    answers.append(client.post("/en/staff/account/reauthenticate/", form))
    for answer in answers:
        assert answer.status_code in {200, 302}
        if answer.status_code == 302:
            assert answer.url.startswith("/"), answer.url
            assert not answer.url.startswith(("//", "/\\"))
            assert urlsplit(answer.url).netloc == ""


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example", "a b", ""])
def test_cwe_644_a_strange_host_is_answered_with_nothing(host):
    answer = Client().get("/en/", headers={"host": host}) if host else Client().get("/en/", SERVER_NAME="evil.example")
    assert answer.status_code == 400
    assert b"evil" not in answer.content


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (f"{FORM}; charset=utf-16", b"a=b"),
        (f"{FORM}; charset=utf8", b"a=b"),
        (f"{FORM}; charset=no-such-charset", b"a=b"),
        ("multipart/form-data", b"a=b"),
        ("multipart/form-data; boundary=" + "b" * 300, b"--b"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data"),
        (FORM, b"a=b&" * 1500),
        (FORM, b"a=" + b"b" * 3_000_000),
        (FORM, b"%ff=%ff&\xff"),
    ],
    ids=lambda value: repr(value)[:50],
)
@pytest.mark.parametrize(
    "path", ["/en/sit/", "/en/words/", "/en/nothing/", "/%2f/en/staff/", "/en/staff/classes/", "/admin/"]
)
def test_cwe_755_a_form_that_cannot_be_read_is_refused_and_no_fault(path, kind, body):
    """One request of a stranger was answered by the server itself: the page for the error had read the form again."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["balise_csrf"] = client.cookies["csrftoken"] = "a" * 32
    answer = client.generic("POST", path, body, kind, headers={"x-csrftoken": "a" * 32})
    assert answer.status_code in {302, 400, 404, 405, 422}
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert client.cookies["balise_csrf"].value == "a" * 32, "an error page makes no open form useless"


def test_cwe_640_a_forged_host_gets_into_no_mail_about_a_password():
    """Django's and Moodle's classic: the link of a lost password leads to the attacker."""
    teacher = make_teacher()
    forged = {"x-forwarded-host": "evil.example", "x-original-host": "evil.example", "forwarded": "host=evil.example"}
    Client().post("/en/staff/account/password/reset/", {"email": teacher.email}, headers=forged)
    assert len(mail.outbox) == 1
    assert "evil" not in mail.outbox[0].body
    assert "http://testserver/" in mail.outbox[0].body
    answer = Client().post(
        "/en/staff/account/password/reset/", {"email": teacher.email}, headers={"host": "evil.example"}
    )
    assert answer.status_code == 400
    assert len(mail.outbox) == 1


def test_cwe_204_a_lost_password_and_a_sign_in_say_nothing_of_who_has_an_account():
    known, unknown = make_teacher().email, "nobody@example.org"
    for path, field in (("password/reset/", "email"), ("login/", "login")):
        seen = []
        for email in (known, unknown):
            form = {field: email, "password": "not the right sentence"}
            answer = Client().post(f"/en/staff/account/{path}", form)
            seen.append((answer.status_code, answer.content.decode().replace(email, "—").count("<p")))
        assert seen[0] == seen[1], path


def test_cwe_524_no_answer_of_a_person_may_be_kept_by_a_cache(world):
    """Cache poisoning too: what a header says is not in the page."""
    headers = {"x-forwarded-host": "evil.example", "x-forwarded-prefix": "/evil", "x-original-url": "/evil",
               "x-rewrite-url": "/evil", "x-forwarded-scheme": "evil", "x-http-method-override": "DELETE"}  # fmt: skip
    kept, reflected, addresses = {}, {}, places(world)
    for role in some(("pupil", "teacher"), ("pupil", "teacher", "administrator", "authority")):
        for view, place in addresses.items():
            answer = world.clients[role].get(place, headers=headers)
            if "no-store" not in answer.headers.get("Cache-Control", "") and view not in {"lessons:service_worker"}:
                kept[role, view] = answer.headers.get("Cache-Control")
            if b"evil" in answer.content or "evil" in answer.headers.get("Location", ""):
                reflected[role, view] = place
    assert kept == {}
    assert reflected == {}


def test_cwe_918_no_page_asks_another_machine(world, monkeypatch):
    """None but the configured mail and identity servers, and neither by looking."""
    asked = []

    def refuse(self, address, *arguments):
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            asked.append(address)
        raise OSError("no connections in this test")

    addresses, clients = places(world), world.clients
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **more: asked.append(arguments) or [])
    real = socket.socket.connect
    monkeypatch.setattr(
        socket.socket,
        "connect",
        lambda self, address: real(self, address) if self.family == socket.AF_UNIX else refuse(self, address),
    )
    urls = ["http://169.254.169.254/", "file:///etc/passwd", "https://evil.example/"]
    for role in some(("pupil", "teacher"), ("visitor", "pupil", "teacher", "administrator", "authority")):
        for place in addresses.values():
            clients[role].get(place, {"url": urls[0], "next": urls[2], "of": urls[1], "picture": urls[2]})
    assert asked == []


class TestCwe613Sessions:
    """A session after what gave it is gone."""

    def test_of_a_teacher_whose_role_was_ended(self, world):
        teacher, office = world.clients["teacher"], world.clients["administrator"]
        membership = world.teacher.memberships.get()
        office.post(f"/en/staff/people/{world.school.pk}/roles/{membership.pk}/end/")
        for path in ("/en/staff/classes/", f"/en/staff/classes/{world.classroom.pk}/"):
            assert "/login/" in teacher.get(path).url

    def test_of_an_account_that_was_closed(self, world):
        world.teacher.is_active = False
        world.teacher.save()
        assert "/login/" in world.clients["teacher"].get("/en/staff/classes/").url

    def test_of_a_pupil_whose_card_class_or_sitting_is_over(self, world):
        pupil, cookie = world.clients["pupil"], world.clients["pupil"].cookies["balise_seat"].value
        assert pupil.get("/en/me/").status_code == 200
        pupil.post("/en/stand-up/")
        pupil.cookies["balise_seat"] = cookie
        assert pupil.get("/en/me/").status_code == 302, "the stolen cookie of who stood up"
        assert not Sitting.objects.exists()

    def test_of_a_pupil_in_a_class_that_was_closed(self, world):
        world.clients["teacher"].post(f"/en/staff/classes/{world.classroom.pk}/close/")
        assert world.clients["pupil"].get("/en/me/").status_code == 302

    def test_cwe_384_signing_in_gives_a_new_key(self):
        teacher, client = make_teacher(), Client()
        client.get("/en/staff/account/login/")
        client.session["planted"] = "yes"
        client.session.save()
        before = client.session.session_key
        client.post("/en/staff/account/login/", {"login": teacher.email, "password": PASSWORD})
        assert client.session.session_key != before

    @pytest.mark.parametrize("name", ["balise_seat", "sessionid"])
    def test_cwe_565_a_cookie_that_was_made_up_or_changed_is_no_cookie(self, world, name):
        for role in ("pupil", "teacher"):
            client = world.clients[role]
            value = client.cookies[name].value if name in client.cookies else "x"
            for forged in ("", "x", value[:-1] + ("a" if value[-1] != "a" else "b"), value * 2, "é", "\\x00"):
                client.cookies[name] = forged
                answer = client.get("/en/me/" if name == "balise_seat" else "/en/staff/classes/")
                assert answer.status_code == 302
