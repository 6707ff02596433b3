"""What an administrator answers for: the curriculum reached, help up to date, a machine that works, the trail."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import AuthorityAdministrator
from accounts.operations import record_act
from lessons.models import Helpline
from privacy.models import JobRun
from progress.models import Release, ReleaseCell
from tests.factories.accounts import (
    ClassroomFactory,
    SchoolFactory,
    make_administrator,
    make_authority_administrator,
    make_teacher,
    signed_in,
    sit,
)
from tests.factories.lessons import HelplineFactory, ModuleFactory, TopicFactory

pytestmark = pytest.mark.django_db
OVERVIEW, TRAIL = "/en/staff/overview/", "/en/staff/trail/"


@pytest.fixture
def school():
    return SchoolFactory(name="Harbour School")


@pytest.fixture
def office(school):
    return signed_in(make_administrator(school))


def text_of(client, address=OVERVIEW):
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def publish(school, module, low):
    release = Release.objects.filter(school=school).first() or Release.objects.create(
        school=school, school_year=2025, period="2025-T1"
    )
    seats = {"seats_from": low, "seats_to": low + 9} if low is not None else {}
    ReleaseCell.objects.create(release=release, band=module.band, module_slug=module.slug, **seats)


def test_a_topic_is_reached_when_a_published_band_begins_at_ten(office, school):
    reached, nearly, never = (TopicFactory(bands=["12-14"], title_en=name) for name in ("Reached", "Nearly", "Never"))
    for topic, low in ((reached, 10), (nearly, 0)):
        module = ModuleFactory()
        module.topics.add(topic)
        publish(school, module, low)
    page = text_of(office)
    assert "<td>1 of 3</td>" in page
    assert "<br>Nearly, Never</p>" in page
    assert never.title_en in page


def test_a_withheld_band_says_so_and_nothing_else(office, school):
    module = ModuleFactory()
    module.topics.add(TopicFactory(bands=["12-14"], title_en="Hidden topic"))
    publish(school, module, None)
    page = text_of(office)
    assert "Withheld: fewer than three classes" in page
    assert "Hidden topic" not in page


def test_counts_of_a_class_that_no_release_holds_do_not_show(office, school):
    """A class that did it all, and no release: nothing is reached."""
    from lessons.models import Reading

    module = ModuleFactory()
    module.topics.add(TopicFactory(bands=["12-14"], title_en="Taught"))
    classroom = ClassroomFactory(school=school, seat_count=30)
    Reading.objects.bulk_create(
        Reading(school=school, school_year=seat.school_year, seat=seat, module=module, done_on=timezone.localdate())
        for seat in classroom.seats.all()
    )
    assert "<td>0 of 1</td>" in text_of(office)
    assert "Why is there no rate of participation, and no gain?" in text_of(office)


def test_help_services_that_nobody_checked_are_listed(office):
    today = timezone.localdate()
    HelplineFactory(name_en="Never checked")
    HelplineFactory(name_en="Old one", verified_on=today - datetime.timedelta(days=200))
    HelplineFactory(name_en="Fresh one", verified_on=today)
    page = text_of(office)
    assert "2 of 3 wait for a check" in page
    assert "Never checked" in page
    assert "Old one" in page
    assert "Fresh one" not in page
    Helpline.objects.update(verified_on=today)
    assert "All 3 were checked within half a year." in text_of(office)


def test_health_says_what_is_late(office, school):
    assert text_of(office).count(">late<") == 2
    JobRun.objects.create(name="retain")
    JobRun.objects.create(name="backup", ended_at=timezone.now() - datetime.timedelta(days=3))
    assert text_of(office).count(">late<") == 1
    publish(school, ModuleFactory(), 10)
    assert "2025-T1" in text_of(office)


def test_an_authority_reads_its_own_and_a_school_names_its_authorities(school):
    boss = make_authority_administrator(school, SchoolFactory(name="Other School"))
    page = text_of(signed_in(boss))
    assert "Harbour School" in page
    assert "Other School" in page
    authority = AuthorityAdministrator.objects.get(user=boss).authority
    assert authority.name in text_of(signed_in(make_administrator(school)))
    stranger = signed_in(make_administrator(SchoolFactory()))
    assert stranger.get(OVERVIEW, {"of": str(school.pk)}).status_code == 404
    assert authority.name not in text_of(stranger)


def test_the_trail_shows_acts_of_adults_of_this_school_only(office, school):
    teacher = make_teacher(school, name="Camille")
    record_act(act="open_classroom", school=school, actor=teacher, subject="6e bleue")
    record_act(act="invite", school=school, actor=None, subject="new@example.org")
    record_act(act="invite", school=SchoolFactory(), actor=None, subject="elsewhere@example.org")
    page = text_of(office, TRAIL)
    assert "Camille" in page
    assert "opened a class · 6e bleue" in page
    assert "elsewhere@example.org" not in page
    assert "6e bleue" not in text_of(office, f"{TRAIL}?act=invite")


@pytest.mark.parametrize("query", ["?page=999", "?page=x", "?act=<x>", "?act=" + "a" * 300])
def test_a_strange_page_of_the_trail_is_no_fault(office, query):
    assert office.get(f"{TRAIL}{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_trail_costs_the_same(office, school, count, django_assert_num_queries):
    for _number in range(count):
        record_act(act="invite", school=school, actor=make_teacher(school))
    with django_assert_num_queries(6):
        office.get(TRAIL)


def test_pages_follow_each_other(office, school):
    for number in range(51):
        record_act(act="invite", school=school, actor=None, subject=f"number {number}.")
    assert "page=2" in text_of(office, TRAIL)
    assert "number 0." in text_of(office, f"{TRAIL}?page=2")


@pytest.mark.parametrize("address", [OVERVIEW, TRAIL])
def test_who_may(client, school, address):
    assert "/account/login/" in client.get(address).url
    assert signed_in(make_teacher(school)).get(address).status_code == 403
    assert "/account/login/" in sit(ClassroomFactory(is_open=True).seats.first()).get(address).url
    assert signed_in(make_administrator(school)).post(address).status_code == 405


def test_an_authority_has_no_trail_of_a_school(school):
    assert signed_in(make_authority_administrator(school)).get(TRAIL).status_code == 403
