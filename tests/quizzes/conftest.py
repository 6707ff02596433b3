import pytest

from tests.factories.accounts import ClassroomFactory
from tests.factories.quizzes import make_assigned_with_quiz


@pytest.fixture
def classroom():
    return ClassroomFactory(seat_count=8, is_open=True, form="A")


@pytest.fixture
def module(classroom):
    """Assigned to the class, with the questions of `tests.factories.quizzes`."""
    return make_assigned_with_quiz(classroom)
