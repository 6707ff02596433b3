"""An installation starts only when it is safe, and says why when not."""

import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings

GOOD = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "BALISE_PEPPERS": f"1:{secrets.token_hex(32)}",
    "BALISE_LEDGER_KEY": secrets.token_hex(32),
}


def manage(*arguments, tmp_path, **environment):
    """Runs `manage.py` as an operator would, with warnings as errors; what it says, and whether it was content."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:config", "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=keep | {"BALISE_VAR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_production_settings_pass_the_deployment_check(tmp_path):
    status, said = manage(
        "check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path, PUBLIC_URL="https://balise.example", **GOOD
    )
    assert (status, "no issues" in said) == (0, True), said


COOKIES = """
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS.append("testserver")
client = Client()
client.get("/en/sit/", secure=True)
client.get("/en/staff/account/login/", secure=True)
for name, one in client.cookies.items():
    print(name, bool(one["secure"]), one["path"], one["domain"] or "-", one["samesite"], bool(one["httponly"]))
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_PATH)
print(settings.SESSION_COOKIE_DOMAIN)
"""


def test_behind_https_no_other_host_of_the_domain_can_set_a_cookie_of_ours(tmp_path):
    """`__Host-`: browsers refuse it without `Secure`, with a domain, below another path than `/`."""
    status, said = manage("migrate", "-v", "0", tmp_path=tmp_path, **GOOD)
    assert status == 0, said
    (tmp_path / "static").mkdir()
    status, said = manage("collectstatic", "--no-input", "-v", "0", tmp_path=tmp_path, **GOOD)
    address = {"PUBLIC_URL": "https://balise.example"}
    status, said = manage("shell", "-v", "0", "-c", COOKIES, tmp_path=tmp_path, **GOOD | address)
    assert said.splitlines() == [
        "__Host-balise_seat True / - Lax True",
        "__Host-balise_csrf True / - Lax True",
        "__Host-csrftoken True / - Lax True",
        "__Host-sessionid True /",
        "None",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "only-for-the-tests-" + "0" * 40),
        ("SECRET_KEY", "django-insecure-k7$w2v9x0q8z1m3n5b6c4l7j8h2g9f1d0s3a5p6o4i7u8y2"),
        ("SECRET_KEY", "short"),
        ("BALISE_PEPPERS", "1:" + "a1" * 32),
        ("BALISE_PEPPERS", "1:" + "ab" * 8),
        ("BALISE_LEDGER_KEY", "b2" * 32),
    ],
)
def test_a_published_or_weak_secret_is_refused(tmp_path, name, value):
    status, said = manage("check", tmp_path=tmp_path, **GOOD | {name: value})
    assert status != 0
    assert "make setup" in said or "at least 32 bytes" in said


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_each_secret_is_needed(tmp_path, missing):
    status, said = manage(
        "check", tmp_path=tmp_path, **{name: value for name, value in GOOD.items() if name != missing}
    )
    assert status != 0
    assert f"No {missing}" in said


def test_debugging_at_a_public_address_is_refused(tmp_path):
    status, said = manage("check", tmp_path=tmp_path, PUBLIC_URL="https://balise.example", DEBUG="true", **GOOD)
    assert status != 0
    assert "DEBUG" in said


def test_an_open_sign_up_is_refused(tmp_path):
    """Staff come by invitation: an adapter that opens the door, by mistake or by another setting, stops the start."""
    (tmp_path / "opened.py").write_text(
        "from config.settings import *\nACCOUNT_ADAPTER = 'allauth.account.adapter.DefaultAccountAdapter'\n"
    )
    paths = {"PYTHONPATH": str(tmp_path), "DJANGO_SETTINGS_MODULE": "opened"}
    for command in (["check"], ["shell", "-c", "import config.wsgi"]):
        status, said = manage(*command, tmp_path=tmp_path, **GOOD | paths)
        assert (status != 0, "Anybody could sign up" in said) == (True, True), said


def test_missing_secrets_are_named_with_the_way_to_make_them(tmp_path):
    status, said = manage("check", tmp_path=tmp_path)
    assert status != 0
    assert "No SECRET_KEY and no secret_key in the var folder: `make setup` writes one." in said


def test_no_limit_of_staff_sign_in_counts_addresses():
    from allauth.account import app_settings

    assert {name: rate for name, rate in app_settings.RATE_LIMITS.items() if rate and "ip" in rate} == {}
    assert app_settings.RATE_LIMITS["login_failed"] == "10/5m/key"


def test_sqlite_keeps_every_write_of_a_class_that_works_at_once():
    options = settings.DATABASES["default"]["OPTIONS"]
    if "pool" in options:
        assert options["pool"]["max_size"] >= 1
    else:
        assert options["transaction_mode"] == "IMMEDIATE"
        assert "journal_mode=WAL" in options["init_command"]
    assert not settings.DATABASES["default"].get("ATOMIC_REQUESTS")
