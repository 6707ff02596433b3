"""What goes by the calendar goes by the school's."""

import datetime

import pytest
import time_machine

from accounts.models import AuthorityMembership, Classroom, Membership, Sitting
from privacy.operations import retain
from progress.models import Release
from tests.factories.accounts import AuthorityFactory, ClassroomFactory, SchoolFactory, sit, teacher_of

pytestmark = pytest.mark.django_db
ZONES = ("America/Toronto", "Europe/Paris", "Indian/Reunion")


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-02 15:00Z", tick=False) as moved:
        yield moved


@pytest.fixture
def classrooms(clock):
    return [ClassroomFactory(school=SchoolFactory(name=zone, time_zone=zone)) for zone in ZONES]


def left_after(clock, moment, model, path="school__name") -> list[str]:
    clock.move_to(moment)
    retain()
    return sorted(filter(None, model.objects.values_list(path, flat=True)))


def test_sittings_at_home_go_with_the_schools_day(clock, classrooms):
    Classroom.objects.update(homework_until="2026-03-02")
    for classroom in classrooms:
        clock.move_to("2026-03-02 19:58Z")
        sit(classroom.seats.first())
    assert left_after(clock, "2026-03-02 19:59Z", Sitting) == sorted(ZONES)
    assert left_after(clock, "2026-03-02 20:01Z", Sitting) == ["America/Toronto", "Europe/Paris"]
    Sitting.objects.update(sat_down_at=datetime.datetime(2026, 3, 3, 4, 50, tzinfo=datetime.UTC))
    assert left_after(clock, "2026-03-02 23:01Z", Sitting) == ["America/Toronto"]
    assert left_after(clock, "2026-03-03 05:01Z", Sitting) == []


def test_roles_go_with_the_schools_day(clock, classrooms):
    Membership.objects.update(ends_on="2026-03-02")
    assert left_after(clock, "2026-03-02 20:01Z", Membership) == ["America/Toronto", "Europe/Paris"]
    assert left_after(clock, "2026-03-02 23:01Z", Membership) == ["America/Toronto"]
    assert teacher_of(classrooms[0]).is_active
    assert left_after(clock, "2026-03-03 05:01Z", Membership) == []


def test_a_term_is_over_when_its_last_day_is_over_at_the_school(clock, classrooms):
    assert left_after(clock, "2025-12-31 20:01Z", Release) == ["Indian/Reunion"]
    assert Release.objects.get().made_on == datetime.date(2026, 1, 1)
    assert left_after(clock, "2025-12-31 23:01Z", Release) == ["Europe/Paris", "Indian/Reunion"]
    assert left_after(clock, "2026-01-01 05:01Z", Release) == sorted(ZONES)
    assert set(Release.objects.values_list("period", "made_on")) == {("2025-T1", datetime.date(2026, 1, 1))}


def test_an_authority_waits_for_the_last_of_its_schools(clock, classrooms):
    authority = AuthorityFactory()
    for classroom in classrooms:
        AuthorityMembership.objects.create(authority=authority, school=classroom.school)
    left_after(clock, "2026-01-01 04:59Z", Release)
    assert not authority.releases.exists()
    left_after(clock, "2026-01-01 05:01Z", Release)
    assert authority.releases.get().period == "2025-T1"


def test_classes_go_on_the_schools_day(clock, classrooms):
    assert left_after(clock, "2026-09-29 19:59Z", Classroom) == sorted(ZONES)
    assert left_after(clock, "2026-09-29 20:01Z", Classroom) == ["America/Toronto", "Europe/Paris"]
    assert left_after(clock, "2026-09-29 22:01Z", Classroom) == ["America/Toronto"]
    assert left_after(clock, "2026-09-30 04:01Z", Classroom) == []
