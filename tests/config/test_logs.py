"""A log line says what happened and where in the code; never who, where from, or what somebody reads."""

import logging

import pytest
from django.urls import reverse

from accounts.views import public
from config.logs import PlainFormatter


@pytest.fixture
def lines():
    """What the console would get, as the installation formats it."""
    found = []

    class Keep(logging.Handler):
        def emit(self, record):
            found.append(self.format(record))

    handler = Keep()
    handler.setFormatter(PlainFormatter())
    logger = logging.getLogger("django")
    logger.addHandler(handler)
    yield found
    logger.removeHandler(handler)


@pytest.mark.django_db
def test_a_fault_is_logged_without_path_address_or_value(client, lines, monkeypatch):
    def broken(*_arguments, **_more):
        raise ValueError("Loutre bleue answered K7MPW2Q")

    monkeypatch.setattr(public, "render", broken)
    client.raise_request_exception = False
    page = client.get(reverse("accounts:about") + "?token=K7MPW2Q", REMOTE_ADDR="203.0.113.9")
    assert page.status_code == 500
    [line] = lines
    assert line.startswith("ERROR django.request Internal Server Error\n")
    assert line.endswith("  builtins.ValueError")
    assert "accounts/views/public.py" in line
    assert not any(secret in line for secret in ("/fr/about", "K7MPW2Q", "Loutre", "203.0.113.9"))


def test_a_developer_sees_all_of_it():
    try:
        raise ValueError("of seat 7")
    except ValueError as error:
        record = logging.LogRecord("django.request", 40, "", 1, "%s: %s", ("Fault", "/fr/"), (ValueError, error, None))
    assert "of seat 7" in PlainFormatter(with_details=True).format(record)
    assert "Fault: /fr/" in PlainFormatter(with_details=True).format(record)
    assert "/fr/" not in PlainFormatter().format(record)


def test_what_is_not_found_or_refused_is_not_logged(client, lines, db):
    client.get("/fr/nothing-here/")
    client.get("/fr/", headers={"host": "evil.example"})
    assert not [line for line in lines if "nothing" in line or "evil" in line]


@pytest.mark.parametrize(
    ("message", "values", "line"),
    [
        ("Forbidden (Permission denied): %s", ("/fr/staff/K7MPW2Q/",), "Forbidden (Permission denied)"),
        ("Method Not Allowed (%s): %s", ("GET", "/fr/K7MPW2Q/"), "Method Not Allowed"),
        ("Forbidden (%s): %s", ("CSRF cookie not set.", "/fr/K7MPW2Q/"), "Forbidden"),
        ("%s: %s", ("Not Found", "/fr/K7MPW2Q/"), "Not Found"),
        ("Bad request (Unable to parse request body): %s", ("/fr/K7MPW2Q/",),
         "Bad request (Unable to parse request body)"),
        ("Invalid HTTP_HOST header: 'K7MPW2Q'.", (), "Invalid HTTP_HOST header"),
        ('"%s" %s %s', ("GET /fr/K7MPW2Q/ HTTP/1.1", "404", "12"), "Request"),
        ("Broken pipe from %s", (("203.0.113.9", 4711),), "Broken pipe from"),
    ],
)  # fmt: skip
def test_of_what_django_says_the_kind_is_kept_and_no_value(message, values, line):
    record = logging.LogRecord("django.request", 30, "", 1, message, values, None)
    assert PlainFormatter().format(record) == f"WARNING django.request {line}"
