import pytest

from accounts.queries import card_of
from tests.factories.accounts import ClassroomFactory, make_administrator, make_teacher, signed_in


@pytest.fixture
def teacher(db):
    return make_teacher(language="en")


@pytest.fixture
def administrator(teacher):
    return make_administrator(teacher.memberships.first().school)


@pytest.fixture
def classroom(teacher):
    return ClassroomFactory(teacher=teacher, is_open=True)


@pytest.fixture
def seat(classroom):
    return classroom.seats.in_order()[0]


@pytest.fixture
def staff(teacher):
    """A browser in which the teacher is signed in."""
    return signed_in(teacher)


@pytest.fixture
def stranger(db):
    """A browser in which a teacher of another school is signed in, who has a class of her own."""
    return signed_in(make_teacher())


@pytest.fixture
def office(administrator):
    """A browser in which the school's administrator is signed in."""
    return signed_in(administrator)


@pytest.fixture
def typed():
    """What the pupil of a seat would type; any part can be said otherwise."""

    def make(seat, **changes):
        pictures = changes.pop("pictures", card_of(seat).pictures)
        data = {"code": seat.classroom.code, "animal": seat.animal, "colour": seat.colour}
        data |= {f"picture_{number}": picture for number, picture in enumerate(pictures, start=1)}
        return data | changes

    return make


@pytest.fixture
def wrong():
    """Pictures that are not those of the seat."""

    def make(seat):
        first, *rest = card_of(seat).pictures
        return ((first + 1) % 16, *rest)

    return make
