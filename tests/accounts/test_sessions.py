"""Where a member of staff is signed in, and what ends it."""

import importlib

import pytest
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import Membership, SignedIn
from accounts.operations import end_membership, end_sessions, invite, revoke_invitation
from accounts.queries import sessions_of
from tests.factories.accounts import PASSWORD, SchoolFactory, make_administrator, make_teacher

pytestmark = pytest.mark.django_db
PLACE = "/en/staff/account/sessions/"


def signed_in(user) -> Client:
    client = Client()
    answer = client.post("/en/staff/account/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/en/staff/classes/").status_code == 200


@pytest.fixture
def teacher():
    return make_teacher()


def test_each_browser_is_listed_and_this_one_is_named(teacher):
    here = signed_in(teacher)
    signed_in(teacher)
    signed_in(make_teacher())
    page = here.get(PLACE).content.decode()
    assert (page.count("This one"), page.count("Another one")) == (1, 1)


def test_signing_out_everywhere_else_leaves_this_browser_and_other_people(teacher):
    here, there, colleague = signed_in(teacher), signed_in(teacher), signed_in(make_teacher())
    here.post(f"{PLACE}end/")
    assert [is_in(here), is_in(there), is_in(colleague)] == [True, False, True]


@pytest.mark.parametrize("others", [1, 30])
def test_finding_and_ending_them_costs_the_same_however_many_are_signed_in(others, django_assert_num_queries):
    user = make_teacher()
    client = Client()
    client.force_login(user)
    for _number in range(others):
        Client().force_login(make_teacher())
    with django_assert_num_queries(1):
        assert len(sessions_of(user)) == 1
    with django_assert_num_queries(3):  # found; whose, and the sessions themselves
        assert end_sessions(user=user) == 1
    assert not is_in(client)


def test_whose_a_session_is_goes_with_it(teacher):
    client = signed_in(teacher)
    assert SignedIn.objects.get().user == teacher
    client.post("/en/staff/account/logout/")
    assert not SignedIn.objects.exists()
    client = signed_in(teacher)
    teacher.delete()
    assert not SignedIn.objects.exists()
    assert not is_in(client)


def test_a_session_that_passes_to_somebody_else_is_theirs(teacher):
    client, other = signed_in(teacher), make_teacher()
    client.post("/en/staff/account/logout/")
    client.post("/en/staff/account/login/", {"login": other.email, "password": PASSWORD})
    assert [one.user for one in SignedIn.objects.all()] == [other]


def test_a_visitor_without_an_account_is_nobodys(teacher):
    Client().get("/en/staff/account/login/")
    Client().get("/en/sit/")
    assert not SignedIn.objects.exists()


def test_a_changed_password_ends_the_others_at_the_next_request(teacher):
    here, there = signed_in(teacher), signed_in(teacher)
    new = "another long sentence for tests"
    answer = here.post(
        "/en/staff/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert [is_in(here), is_in(there)] == [True, False]
    assert [one.user for one in SignedIn.objects.all()].count(teacher) >= 1
    assert len(sessions_of(teacher)) >= 1


def test_an_ended_role_and_a_closed_account_end_every_session(teacher):
    school = teacher.memberships.first().school
    client, office = signed_in(teacher), make_administrator(school)
    end_membership(membership=teacher.memberships.first(), actor=office)
    assert not is_in(client)
    assert SESSION_KEY not in client.session
    other = make_teacher()
    client = signed_in(other)
    type(other).objects.filter(pk=other.pk).update(is_active=False)
    assert not is_in(client)


def test_another_role_takes_hold_at_the_next_request(teacher):
    client = signed_in(teacher)
    Membership.objects.filter(user=teacher).update(role="ADMINISTRATOR")
    assert client.get("/en/staff/classes/").status_code in (302, 403)


def test_a_role_whose_last_day_has_gone_by_ends_the_session_at_the_next_request(teacher):
    client = signed_in(teacher)
    Membership.objects.filter(user=teacher).update(ends_on="2020-01-01")
    answer = client.get("/en/staff/classes/")
    assert (answer.status_code, SESSION_KEY in client.session) == (302, False)


def test_an_invitation_that_is_taken_back_opens_nothing_any_more():
    school = SchoolFactory()
    invitation, token = invite(school=school, email="new@example.org", role="TEACHER", actor=None)
    assert Client().get(f"/en/staff/join/{token}/").status_code == 200
    revoke_invitation(invitation=invitation, actor=make_administrator(school))
    for method in ("get", "post"):
        assert getattr(Client(), method)(f"/en/staff/join/{token}/").status_code == 404


def test_sessions_of_before_the_table_are_known_after_the_migration(teacher):
    signed_in(teacher)
    client = Client()
    client.session.save()  # of nobody
    SignedIn.objects.all().delete()
    importlib.import_module("accounts.migrations.0002_signed_in").note_sessions(apps, None)
    assert [one.user for one in SignedIn.objects.all()] == [teacher]
    assert Session.objects.count() >= 1


def test_a_session_of_an_earlier_version_goes_on_and_one_of_ours_is_read_by_it(teacher):
    """Upgrading, and going back, signs nobody out: what signs people in has another name since."""
    client = signed_in(teacher)
    stored = Session.objects.get(signed_in__user=teacher)
    assert stored.get_decoded()["_auth_user_backend"] == "allauth.account.auth_backends.AuthenticationBackend"
    assert is_in(client)
