"""Sign-in through a school's identity provider, against one that speaks HTTP on loopback."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from tests.accounts.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider
from tests.factories.accounts import TOTP_SECRET, make_teacher

pytestmark = pytest.mark.django_db
DOOR = "/en/staff/account/oidc/school/login/"


@pytest.fixture
def provider(settings):
    provider = IdentityProvider()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "school",
                    "name": "Rectorat",
                    "client_id": CLIENT_ID,
                    "secret": CLIENT_SECRET,
                    "settings": {"server_url": provider.issuer},
                }
            ],
        }
    }
    yield provider
    if provider.thread.is_alive():
        provider.stop()


def to_the_provider(client: Client) -> str:
    """Goes there, signs in, and gives the address to which the provider sends the browser back."""
    there = urlsplit(client.post(DOOR).url)
    connection = HTTPConnection(there.netloc)
    connection.request("GET", f"{there.path}?{there.query}")
    answer = connection.getresponse()
    back = urlsplit(answer.headers["Location"])
    connection.close()
    return f"{back.path}?{back.query}"


def sign_in() -> Client:
    client = Client()
    client.get(to_the_provider(client))
    return client


def test_an_invited_teacher_signs_in_and_nothing_of_the_provider_stays(provider):
    teacher = make_teacher(email="camille@example.org")
    provider.person["email"] = teacher.email
    client = sign_in()
    assert client.get("/en/staff/classes/").status_code == 200
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (teacher, "1", {})
    assert sign_in().get("/en/staff/classes/").status_code == 200
    assert SocialAccount.objects.get().extra_data == {}
    assert not SocialToken.objects.exists()
    teacher.refresh_from_db()
    assert teacher.name != "Told by the school"
    assert set(provider.asked) >= {"/authorize", "/token", "/userinfo"}


@pytest.mark.parametrize(
    "person",
    [{"email": "stranger@example.org"}, {"email_verified": False}, {"email": ""}],
    ids=["not invited", "address not verified", "no address"],
)
def test_nobody_else_gets_in_and_no_account_is_made(provider, person):
    provider.person |= {"email": make_teacher().email} | person
    users = User.objects.count()
    client = sign_in()
    assert SESSION_KEY not in client.session
    assert User.objects.count() == users
    assert not SocialAccount.objects.exists()


def test_an_account_that_is_closed_stays_closed(provider):
    provider.person["email"] = make_teacher(is_active=False).email
    assert SESSION_KEY not in sign_in().session


def test_the_second_factor_is_asked_for_here_too(provider):
    teacher = make_teacher()
    Authenticator.objects.create(user=teacher, type="totp", data={"secret": TOTP_SECRET})
    provider.person["email"] = teacher.email
    assert SESSION_KEY not in sign_in().session


def test_an_answer_that_was_asked_for_in_another_browser_opens_nothing(provider):
    """CWE-352: the state belongs to one session, and a code is good once."""
    provider.person["email"] = make_teacher().email
    back = to_the_provider(Client())
    thief = Client()
    thief.get(back)
    assert SESSION_KEY not in thief.session
    client = Client()
    back = to_the_provider(client)
    client.get(back)
    again = Client()
    again.get(back)
    assert SESSION_KEY not in again.session


def test_a_provider_that_is_down_breaks_no_page(provider):
    provider.stop()
    answer = Client().post(DOOR, follow=True)
    assert "does not answer" in answer.content.decode()
    assert answer.redirect_chain == [("/en/staff/account/login/", 302)]


@pytest.mark.parametrize("moved", ["/.well-known/openid-configuration", "/token", "/userinfo"])
def test_cwe_918_a_provider_leads_the_server_nowhere_else(provider, moved):
    provider.person["email"] = make_teacher(email="camille@example.org").email
    client, provider.moved = Client(), moved
    if "openid" in moved:
        assert client.post(DOOR).url == "/en/staff/account/login/"
    else:
        assert client.get(to_the_provider(client)).status_code in (302, 401)
    assert moved in provider.asked
    assert "/inside" not in provider.asked
    assert SESSION_KEY not in client.session


def test_the_door_says_who_signs_in_and_is_closed_without_a_provider(provider, settings):
    assert "Sign in with Rectorat" in Client().get("/en/staff/account/login/").content.decode()
    assert not Session.objects.filter(session_data__contains="Rectorat").exists()
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert Client().post(DOOR).status_code == 404
    assert "Rectorat" not in Client().get("/en/staff/account/login/").content.decode()
