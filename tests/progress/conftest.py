import pytest

from tests.factories.accounts import (
    ClassroomFactory,
    make_administrator,
    make_authority_administrator,
    make_teacher,
    signed_in,
)
from tests.factories.quizzes import make_assigned_with_quiz


@pytest.fixture
def teacher(db):
    return make_teacher(language="en")


@pytest.fixture
def school(teacher):
    return teacher.memberships.first().school


@pytest.fixture
def classroom(teacher):
    return ClassroomFactory(teacher=teacher, is_open=True, seat_count=12)


@pytest.fixture
def module(classroom):
    return make_assigned_with_quiz(classroom)


@pytest.fixture
def sensitive(classroom):
    return make_assigned_with_quiz(classroom, is_sensitive=True)


@pytest.fixture
def staff(teacher):
    return signed_in(teacher)


@pytest.fixture
def stranger(db):
    """A teacher of another school, who has a class of her own."""
    other = make_teacher()
    ClassroomFactory(teacher=other)
    return signed_in(other)


@pytest.fixture
def office(school):
    """The school's administrator."""
    return signed_in(make_administrator(school))


@pytest.fixture
def authority_office(school):
    """An administrator of an authority to which the school reports."""
    return signed_in(make_authority_administrator(school))
