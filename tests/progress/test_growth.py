"""What `make growth` measures stands on copies that are whole: rows of every kind, each tied to its own school."""

import uuid

import pytest
from django.db import connection

from accounts.models import Classroom, School, Seat
from benchmarks.crowd import CLASSES, MOMENTS, SEATS, Crowd
from benchmarks.growth import GOALS, plot
from lessons.models import Reading
from progress.models import Release
from quizzes.enums import Moment
from quizzes.models import Attempt, Tally
from tests.factories.accounts import AuthorityFactory, ClassroomFactory
from tests.factories.lessons import make_done
from tests.factories.progress import hand_in
from tests.factories.quizzes import make_assigned_with_quiz


@pytest.mark.django_db
def test_a_crowd_is_made_of_whole_schools():
    classroom = ClassroomFactory(seat_count=SEATS, is_open=True)
    module = make_assigned_with_quiz(classroom)
    hand_in(classroom, module, Moment.BEFORE, [True])
    make_done(classroom.seats.in_order()[0], module)
    tallies = Tally.objects.count()
    crowd = Crowd(classroom)
    crowd.grow_to(2)
    crowd.add_schools_only(4)
    seats = 2 * CLASSES * SEATS
    assert School.objects.exclude(pk=classroom.school_id).count() == 4
    assert Classroom.objects.filter(label__startswith="Copy ").count() == 2 * CLASSES
    assert Seat.objects.exclude(classroom=classroom).count() == seats
    assert Reading.objects.exclude(seat__classroom=classroom).count() == seats
    assert Attempt.objects.exclude(seat__classroom=classroom).count() == seats * len(MOMENTS)
    assert Tally.objects.count() == tallies * (1 + 2 * CLASSES)
    copy = Attempt.objects.exclude(seat__classroom=classroom).select_related("seat__classroom")[0]
    assert copy.school_id == copy.seat.school_id == copy.seat.classroom.school_id
    assert copy.school_year == copy.seat.school_year == classroom.school_year - 1
    assert isinstance(copy.pk, uuid.UUID)
    authority = AuthorityFactory()
    crowd.report_to(authority)
    release = Release.objects.create(authority=authority, school_year=2024, period="2024-T1")
    crowd.publish(release, "12-14", "a-module")
    assert authority.memberships.count() == release.cells.count() == School.objects.count() == 5
    connection.check_constraints()


def test_the_plot_has_a_line_for_every_job(tmp_path):
    levels = [{"attempts": 10**place, "ratio": dict.fromkeys(GOALS, place / 4)} for place in (4, 5)]
    plot(levels, tmp_path / "growth.svg")
    drawn = (tmp_path / "growth.svg").read_text()
    assert drawn.count("<polyline") == len(GOALS)
    assert "NaN" not in drawn
