import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import Classroom, Seat, Sitting, Throttle, WaitingSignIn
from tests.factories.accounts import AuthorityFactory, SchoolFactory, UserFactory, add_second_factor, make_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    client = Client()
    client.force_login(add_second_factor(UserFactory(is_staff=True, is_superuser=True)))
    return client


def test_the_admin_is_behind_the_door_of_the_staff():
    assert "/staff/account/login/" in Client().get("/admin/login/").url


def test_an_administrator_of_a_school_is_no_operator():
    client = Client()
    client.force_login(make_administrator())
    assert client.get("/admin/accounts/school/").status_code == 302


@pytest.mark.parametrize("model", ["school", "authority", "user", "auditline"])
def test_lists_open_for_the_operator(operator, model):
    SchoolFactory(name="School of the pier")
    AuthorityFactory(name="Academy of the coast")
    assert operator.get(f"/admin/accounts/{model}/").status_code == 200


def test_an_authority_is_shown_with_its_schools_and_people(operator):
    page = operator.get(f"/admin/accounts/authority/{AuthorityFactory().pk}/change/").content.decode()
    assert "memberships-TOTAL_FORMS" in page


def test_the_trail_is_read_only(operator):
    assert operator.get("/admin/accounts/auditline/add/").status_code == 403
    assert operator.get("/admin/accounts/user/add/").status_code == 403


def test_nothing_of_a_pupil_is_in_the_admin():
    assert not {Classroom, Seat, Sitting, Throttle, WaitingSignIn} & set(admin.site._registry)
