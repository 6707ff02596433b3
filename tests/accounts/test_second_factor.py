"""The second factor, passkeys and sessions of staff."""

import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.adapters import MFAAdapter
from accounts.enums import Role
from accounts.models import Authority, AuthorityAdministrator, AuthorityMembership
from tests.accounts.passkey import Passkey
from tests.factories.accounts import (
    PASSWORD,
    MembershipFactory,
    SchoolFactory,
    UserFactory,
    make_administrator,
    make_authority_administrator,
)
from tests.silence import ADDRESS

pytestmark = pytest.mark.django_db
LOCK = "/en/staff/account/second-factor/"
SIGN_IN = "/en/staff/account/login/"


def code_of(secret: str, ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def sign_in(user, password=PASSWORD) -> Client:
    client = Client()
    client.post(SIGN_IN, {"login": user.email, "password": password})
    return client


def sign_in_again(user) -> Client:
    """Signed in, and the password asked for once more, as before every change of a factor."""
    client = sign_in(user)
    assert "/reauthenticate/" in client.get(reverse("mfa_activate_totp")).url
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.fixture
def newcomer():
    """An administrator who has not set up a second factor yet."""
    return MembershipFactory(user=UserFactory(), role=Role.ADMINISTRATOR).user


def test_an_administrator_goes_nowhere_before_a_second_factor(newcomer):
    client = sign_in(newcomer)
    for path in ("/en/staff/", "/en/staff/people/", "/en/staff/figures/", "/en/staff/catalogue/"):
        assert client.get(path).url == LOCK
    page = client.get(LOCK).content.decode()
    assert reverse("mfa_activate_totp") in page
    assert reverse("mfa_add_webauthn") in page
    assert client.get("/en/").status_code == 200


@pytest.mark.parametrize("make", [make_administrator, make_authority_administrator])
def test_with_a_second_factor_the_lock_is_open(make):
    client = Client()
    client.force_login(make(SchoolFactory()))
    assert client.get("/en/staff/figures/").status_code == 200
    assert client.get(LOCK).url == "/en/staff/"


def test_recovery_codes_alone_are_no_second_factor(newcomer):
    Authenticator.objects.create(user=newcomer, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x" * 32})
    assert sign_in(newcomer).get("/en/staff/people/").status_code == 302


def test_a_demonstration_asks_nobody():
    school = SchoolFactory(is_demonstration=True)
    user = MembershipFactory(user=UserFactory(), school=school, role=Role.ADMINISTRATOR).user
    authority = Authority.objects.create(name="Demonstration")
    AuthorityMembership.objects.create(authority=authority, school=school)
    AuthorityAdministrator.objects.create(authority=authority, user=user)
    assert sign_in(user).get("/en/staff/figures/").status_code == 200
    AuthorityMembership.objects.create(authority=authority, school=SchoolFactory(name="A real one"))
    assert sign_in(user).get("/en/staff/figures/").url == LOCK


def test_a_teacher_and_an_operator(teacher):
    assert sign_in(teacher).get("/en/staff/classes/").status_code == 200
    operator = UserFactory(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(operator)
    assert client.get("/admin/").url.endswith("/staff/account/second-factor/")


def test_an_app_is_set_up_and_asked_for_and_a_recovery_code_works_once(newcomer):
    client = sign_in_again(newcomer)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert client.get("/en/staff/people/").status_code == 200
    stored = Authenticator.objects.get(user=newcomer, type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored
    assert MFAAdapter().decrypt(stored) == secret
    codes = re.findall(r"\b\d{8}\b", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    assert len(set(codes)) == 10

    again = sign_in(newcomer)
    assert SESSION_KEY not in again.session, "a password alone opens nothing"
    assert again.post(reverse("mfa_authenticate"), {"code": "123456"}).status_code == 200
    again.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert again.get("/en/staff/people/").status_code == 200
    third = sign_in(newcomer)
    third.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert SESSION_KEY not in third.session, "a recovery code is good once"


def test_the_secrets_of_factors_survive_a_new_secret_key(settings):
    sealed = MFAAdapter().encrypt("secret of an app")
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [old]
    assert MFAAdapter().decrypt(sealed) == "secret of an app"
    settings.SECRET_KEY_FALLBACKS = []
    assert MFAAdapter().decrypt(sealed) == ""
    assert MFAAdapter().decrypt("stored before it was sealed") == "stored before it was sealed"


def test_a_passkey_is_added_and_signs_in_by_itself(newcomer):
    client, key = sign_in_again(newcomer), Passkey("http://testserver")
    options = json.loads(
        re.search(r'id="js_data"[^>]*>(.*?)</script>', client.get(reverse("mfa_add_webauthn")).content.decode())[1]
    )["creation_options"]["publicKey"]
    form = {"name": "Phone", "passwordless": "on", "credential": json.dumps(key.register(options))}
    assert client.post(reverse("mfa_add_webauthn"), form).status_code == 302
    assert client.get("/en/staff/people/").status_code == 200

    fresh = Client()
    ask = fresh.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"}).json()
    signed = key.sign(ask["request_options"]["publicKey"])
    fresh.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(signed)})
    assert fresh.get("/en/staff/people/").status_code == 200

    replayed = Client()
    replayed.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"})
    replayed.post(reverse("mfa_login_webauthn"), {"credential": json.dumps(signed)})
    assert SESSION_KEY not in replayed.session, "an answer to another challenge opens nothing"


def test_the_sign_in_page_offers_passkeys_without_inline_scripts():
    page = Client().get(SIGN_IN).content.decode()
    assert 'id="passkey_login"' in page
    scripts = re.findall(r"<script([^>]*)>", page)
    assert scripts
    assert all("src=" in one or 'type="application/json"' in one for one in scripts)


class TestSessions:
    def test_the_list_names_neither_addresses_nor_browsers(self, teacher, django_assert_num_queries):
        here, there = sign_in(teacher), sign_in(teacher)
        page = here.get("/en/staff/account/sessions/", headers={"user-agent": "Firefox/140"}).content.decode()
        assert page.count("This one") == 1
        assert page.count("Another one") == 1
        assert "Firefox" not in page
        assert ADDRESS not in page
        stored = " ".join(str(one.get_decoded()) for one in Session.objects.all())
        assert ADDRESS not in stored
        assert there.get("/en/staff/classes/").status_code == 200

    def test_signing_out_everywhere_leaves_this_browser_and_other_people(self, teacher):
        here, there, other = sign_in(teacher), sign_in(teacher), sign_in(UserFactory())
        here.post("/en/staff/account/sessions/end/")
        assert here.get("/en/staff/classes/").status_code == 200
        assert there.get("/en/staff/classes/").status_code == 302
        assert SESSION_KEY in other.session

    def test_a_get_ends_nothing_and_a_visitor_is_led_to_the_door(self, teacher):
        client, there = sign_in(teacher), sign_in(teacher)
        assert client.get("/en/staff/account/sessions/end/").status_code == 405
        assert there.get("/en/staff/classes/").status_code == 200
        assert SIGN_IN in Client().get("/en/staff/account/sessions/").url
        assert client.post("/en/staff/account/sessions/").status_code == 405

    def test_a_changed_password_ends_the_other_sessions_at_their_next_request(self, teacher):
        here, there = sign_in(teacher), sign_in(teacher)
        new = "another long sentence for tests"
        form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        assert here.post(reverse("account_change_password"), form).status_code == 302
        assert here.get("/en/staff/classes/").status_code == 200
        assert there.get("/en/staff/classes/").status_code == 302

    def test_a_session_lasts_no_longer_than_a_day_of_work(self):
        assert settings.SESSION_COOKIE_AGE <= 12 * 3600
        assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
