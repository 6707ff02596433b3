"""Nothing outlives its term, without anybody acting."""

import datetime

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from accounts.models import (
    AuditLine,
    AuthorityMembership,
    Classroom,
    Invitation,
    Membership,
    Seat,
    Sitting,
    Teaching,
    Throttle,
    User,
    WaitingSignIn,
)
from accounts.operations import close_classroom, set_homework
from lessons.models import Reading
from privacy.inventory import ALL, LONGEST_DAYS, Kind, Subject
from privacy.models import JobRun
from privacy.operations import retain
from progress.models import Release
from quizzes.models import Attempt, Tally
from tests.factories.accounts import (
    AuthorityFactory,
    ClassroomFactory,
    MembershipFactory,
    SchoolFactory,
    make_sitting,
    make_teacher,
    teacher_of,
)
from tests.privacy.conftest import days, dump, fill_school

pytestmark = pytest.mark.django_db
SOME_DAY = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(SOME_DAY, tick=False) as traveller:
        yield traveller


def test_four_hundred_days_on_nothing_is_over_its_term(clock):
    fill_school()
    terms: dict[str, int] = {}
    for one in ALL:
        if one.kind == Kind.FIELD and one.retention in LONGEST_DAYS:
            terms[one.place] = max(terms.get(one.place, 0), LONGEST_DAYS[one.retention])
    over = {place for place, term in terms.items() if term < 400}
    assert {"accounts.Seat", "quizzes.Tally", "accounts.AuditLine", "sessions.Session", "accounts.Throttle"} <= over
    assert all(apps.get_model(place)._base_manager.exists() for place in over)
    clock.move_to(SOME_DAY + days(400))
    retain()
    left = {place for place in over if apps.get_model(place)._base_manager.exists()}
    assert left <= {"accounts.AuditLine"}
    trail = AuditLine.objects.exclude(done_at__date=timezone.localdate())
    assert list(trail) == []
    assert set(AuditLine.objects.values_list("act", flat=True)) == {"erase_classroom"}


def test_every_pupil_row_ends_by_itself():
    ends = {one.retention for one in ALL if one.subject in (Subject.PUPIL, Subject.CLASS) and one.kind == Kind.FIELD}
    assert ends <= set(LONGEST_DAYS)


def test_again_changes_nothing(clock):
    fill_school()
    clock.move_to(SOME_DAY + days(400))
    retain()
    before = dump()
    assert not any(retain().values())
    assert dump() == before


def test_a_running_year_is_left_alone(clock):
    classroom = fill_school()
    retain()
    assert Seat.objects.filter(classroom=classroom).count() == 2
    assert Reading.objects.filter(seat__classroom=classroom).count() == 2
    assert Tally.objects.filter(classroom=classroom).count() == 1
    assert Sitting.objects.filter(seat__classroom=classroom).count() == 2
    assert Attempt.objects.filter(seat__classroom=classroom).count() == 2


@pytest.mark.parametrize(("day", "is_left"), [("2027-09-29", True), ("2027-09-30", False)])
def test_a_class_goes_thirty_days_after_its_year(clock, day, is_left):
    classroom = ClassroomFactory()
    clock.move_to(datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00"))
    retain()
    assert Classroom.objects.filter(pk=classroom.pk).exists() is is_left
    assert Seat.objects.filter(classroom=classroom.pk).exists() is is_left


def test_what_is_due_is_released_before_a_year_goes(clock):
    classroom = fill_school()
    Release.objects.all().delete()
    clock.move_to(SOME_DAY + days(400))
    done = retain()
    assert done["releases made"] == 3
    assert done["classes"] == 1
    periods = Release.objects.filter(school=classroom.school).values_list("period", flat=True)
    assert sorted(periods) == ["2026-T1", "2026-T2", "2026-T3"]


def test_releases_go_after_five_years(clock):
    fill_school()
    Release.objects.update(made_on=timezone.localdate() - days(5 * 365))
    retain()
    assert Release.objects.exists()
    clock.move_to(SOME_DAY + days(3))
    retain()
    assert not Release.objects.filter(period="2025-T1").exists()


def test_a_sitting_ends_with_the_lesson_and_after_ninety_minutes(clock):
    classroom = ClassroomFactory(is_open=True, seat_count=2)
    first, second = classroom.seats.in_order()
    make_sitting(first)
    clock.shift(datetime.timedelta(minutes=89))
    Classroom.objects.filter(pk=classroom.pk).update(open_until=timezone.now() + datetime.timedelta(hours=1))
    make_sitting(second, device="another")
    retain()
    assert Sitting.objects.count() == 2
    clock.shift(datetime.timedelta(minutes=2))
    retain()
    assert list(Sitting.objects.values_list("seat", flat=True)) == [second.pk]
    close_classroom(classroom=classroom, actor=teacher_of(classroom))
    assert not Sitting.objects.exists()


def test_a_sitting_ends_when_the_time_of_the_lesson_is_over(clock):
    classroom = ClassroomFactory(is_open=True)
    make_sitting(classroom.seats.first())
    clock.shift(datetime.timedelta(minutes=61))
    retain()
    assert not Sitting.objects.exists()


def test_a_sitting_at_home_ends_with_the_homework(clock):
    classroom = ClassroomFactory()
    set_homework(classroom=classroom, until=timezone.localdate(), actor=teacher_of(classroom))
    make_sitting(classroom.seats.first())
    retain()
    assert Sitting.objects.filter(is_home=True).exists()
    Classroom.objects.update(homework_until=timezone.localdate() - days(1))
    retain()
    assert not Sitting.objects.exists()


def test_wrong_pictures_and_waiting_devices_go_with_the_day(clock):
    fill_school()
    clock.shift(datetime.timedelta(days=1))
    retain()
    assert not Throttle.objects.exists()
    assert not WaitingSignIn.objects.exists()


def test_invitations_go_when_they_expire(clock):
    fill_school()
    clock.move_to(SOME_DAY + days(15))
    retain()
    assert not Invitation.objects.exists()


def test_a_substitute_leaves_by_the_calendar(clock):
    substitute = MembershipFactory(ends_on=timezone.localdate()).user
    classroom = ClassroomFactory()
    Teaching.objects.create(classroom=classroom, user=substitute, ends_on=timezone.localdate())
    retain()
    assert Membership.objects.filter(user=substitute).exists()
    clock.move_to(SOME_DAY + days(1))
    retain()
    substitute.refresh_from_db()
    assert not substitute.is_active
    assert not Teaching.objects.filter(user=substitute).exists()


def test_an_account_without_a_role_goes_a_year_after_its_last_use(clock):
    gone, stays = make_teacher(), make_teacher()
    Membership.objects.filter(user=gone).delete()
    clock.move_to(SOME_DAY + days(367))
    retain()
    assert set(User.objects.values_list("pk", flat=True)) == {stays.pk}


def test_it_says_when_it_last_ran(clock, capsys):
    call_command("retain", verbosity=2)
    assert "Nothing due" in capsys.readouterr().out
    assert JobRun.objects.get(name="retain").ended_at == timezone.now()


def test_many_classes_of_years_that_end_differently_go_each_on_its_day(clock):
    early, late = SchoolFactory(year_end_month=6), SchoolFactory(year_end_month=8)
    for school in (early, late):
        ClassroomFactory.create_batch(3, school=school, seat_count=1)
    clock.move_to(datetime.datetime(2027, 8, 1, tzinfo=datetime.UTC))
    assert retain()["classes"] == 3
    assert set(Classroom.objects.values_list("school", flat=True)) == {late.pk}


def test_an_authority_is_released_when_the_term_is_over_in_all_its_schools(clock):
    early, late = SchoolFactory(year_end_month=8), SchoolFactory(year_end_month=9)
    authority = AuthorityFactory()
    for school in (early, late):
        AuthorityMembership.objects.create(authority=authority, school=school)
        ClassroomFactory(school=school)
    clock.move_to(datetime.datetime(2027, 1, 5, tzinfo=datetime.UTC))
    retain()
    assert list(Release.objects.values_list("school", "authority")) == [(early.pk, None)]
    clock.move_to(datetime.datetime(2027, 2, 5, tzinfo=datetime.UTC))
    retain()
    assert Release.objects.filter(authority=authority, period="2026-T1").count() == 1
