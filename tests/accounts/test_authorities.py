"""An authority asks, a school agrees, either may end it; one authority reports. Each act stands in the trail."""

import uuid

import pytest

from accounts.models import AuditLine, Authority, AuthorityMembership, AuthorityRequest
from progress.models import Release
from tests.factories.accounts import (
    AuthorityFactory,
    SchoolFactory,
    make_administrator,
    make_authority_administrator,
    signed_in,
)

pytestmark = pytest.mark.django_db
HERE = "/en/staff/authorities/"


@pytest.fixture
def school():
    return SchoolFactory(name="The school by the sea")


@pytest.fixture
def office(school):
    return signed_in(make_administrator(school))


@pytest.fixture
def head():
    return signed_in(make_authority_administrator())


@pytest.fixture
def authority(head):
    return Authority.objects.get()


def ask(head, authority, key):
    return head.post(f"{HERE}{authority.pk}/ask/", {"key": key}, follow=True)


def acts():
    return list(AuditLine.objects.order_by("done_at").values_list("act", flat=True))


def test_a_school_belongs_to_an_authority_once_it_has_agreed(head, authority, office, school):
    page = office.get(HERE).content.decode()
    assert str(school.pk) in page, "the school reads the key that it gives"
    assert "No authority reads the releases" in page
    page = ask(head, authority, school.pk).content.decode()
    assert "no answer yet" in page
    assert school.name not in page, "a key alone tells no name"
    assert not AuthorityMembership.objects.exists()
    request = AuthorityRequest.objects.get()
    assert authority.name in office.get(HERE).content.decode()
    office.post(f"{HERE}requests/{request.pk}/answer/", {"agrees": "yes"})
    assert AuthorityMembership.objects.get().is_reporting is True, "the first is the one that reports"
    assert school.name in head.get(HERE).content.decode()
    assert acts() == ["ask_school", "join_authority"]


def test_a_school_says_no(head, authority, office, school):
    ask(head, authority, school.pk)
    office.post(f"{HERE}requests/{AuthorityRequest.objects.get().pk}/answer/", {"agrees": "no"})
    assert not AuthorityMembership.objects.exists()
    assert not AuthorityRequest.objects.exists()
    assert acts() == ["ask_school", "refuse_authority"]


@pytest.mark.parametrize("key", ["", "a school", uuid.UUID(int=7)])
def test_a_key_of_no_school_is_said_in_place(head, authority, key):
    response = ask(head, authority, key)
    assert response.status_code == 422
    assert 'id="error_' in response.content.decode() or "No school has this key" in response.content.decode()


def test_an_authority_asks_once_and_can_take_it_back(head, authority, school):
    ask(head, authority, school.pk)
    ask(head, authority, school.pk)
    assert acts() == ["ask_school"]
    head.post(f"{HERE}requests/{AuthorityRequest.objects.get().pk}/withdraw/")
    assert not AuthorityRequest.objects.exists()


@pytest.mark.parametrize("who", ["office", "head"])
def test_either_side_ends_it_at_once(request, head, authority, office, school, who):
    membership = AuthorityMembership.objects.create(authority=authority, school=school)
    Release.objects.create(authority=authority, school_year=2025, period="2025-T1")
    request.getfixturevalue(who).post(f"{HERE}schools/{membership.pk}/end/")
    head.get(HERE)  # the message that says it
    assert school.name not in head.get(HERE).content.decode()
    assert Release.objects.filter(authority=authority).exists(), "what is published stays"
    assert acts() == ["leave_authority" if who == "office" else "remove_school"]


def test_a_school_chooses_the_one_authority_that_reports(office, school):
    first, second = AuthorityFactory(), AuthorityFactory()
    AuthorityMembership.objects.create(authority=first, school=school)
    other = AuthorityMembership.objects.create(authority=second, school=school, is_reporting=False)
    office.post(f"{HERE}schools/{other.pk}/report/")
    assert AuthorityMembership.objects.get(is_reporting=True).authority == second
    assert acts() == ["choose_reporting"]


def test_nobody_else_answers_ends_or_chooses(head, authority, school):
    outsider = signed_in(make_administrator(SchoolFactory()))
    membership = AuthorityMembership.objects.create(authority=AuthorityFactory(), school=school)
    asked = AuthorityRequest.objects.create(authority=AuthorityFactory(), school=school)
    for client in (outsider, head):
        for path in (
            f"requests/{asked.pk}/answer/",
            f"schools/{membership.pk}/end/",
            f"schools/{membership.pk}/report/",
        ):
            assert client.post(f"{HERE}{path}", {"agrees": "yes"}).status_code in (403, 404)
    assert AuthorityRequest.objects.exists()
    assert AuthorityMembership.objects.get() == membership


def test_the_page_says_the_trail_and_the_next_step(head, authority, office, school):
    assert "No school yet. Ask the first one" in head.get(HERE).content.decode()
    ask(head, authority, school.pk)
    assert "asked the school to join an authority" in office.get("/en/staff/trail/").content.decode()
