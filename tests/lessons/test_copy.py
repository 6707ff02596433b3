"""A class of next year: label, age, modules; nothing of a seat."""

import pytest
from django.utils import timezone

from accounts.models import Classroom
from lessons.models import Reading
from tests.factories.accounts import ClassroomFactory, make_administrator, make_teacher
from tests.factories.lessons import ModuleFactory, make_assigned

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher():
    return make_teacher(ready_to_teach_on=timezone.localdate())


@pytest.fixture
def classroom(teacher):
    return ClassroomFactory(teacher=teacher, age_of_youngest=11, seat_count=3, label="6e bleue")


@pytest.fixture
def staff(client, teacher):
    client.force_login(teacher)
    return client


def url(classroom):
    return f"/en/staff/classes/{classroom.pk}/copy/"


def test_the_form_proposes_the_same_class_a_year_older(staff, classroom):
    page = staff.get(url(classroom)).content.decode()
    assert 'value="6e bleue"' in page
    assert 'value="12"' in page
    assert 'value="3"' in page


@pytest.mark.parametrize(("which", "wanted"), [("plan", ["Older"]), ("list", ["Mine"]), ("none", [])])
def test_the_copy_takes_modules_and_nothing_of_a_seat(staff, classroom, which, wanted):
    done = make_assigned(classroom, title_en="Mine")
    ModuleFactory(band="12-14", title_en="Older")
    seat = classroom.seats.first()
    Reading.objects.create(school=seat.school, school_year=seat.school_year, seat=seat, module=done)
    data = {"label": "5e bleue", "age_of_youngest": 12, "seat_count": 4, "modules": which}
    answer = staff.post(url(classroom), data)
    copy = Classroom.objects.get(label="5e bleue")
    assert answer.url == f"/en/staff/classes/{copy.pk}/"
    assert (copy.school_year, copy.age_of_youngest) == (classroom.school_year + 1, 12)
    assert [one.module.title_en for one in copy.assignments.all()] == wanted
    assert copy.seats.count() == 4
    for field in ("pk", "qr_digest", "home_digest"):
        values = [set(one.seats.values_list(field, flat=True)) for one in (classroom, copy)]
        assert not values[0] & values[1]
    assert not Reading.objects.filter(seat__classroom=copy).exists()
    assert copy.code != classroom.code


@pytest.mark.parametrize(
    "change", [{"label": ""}, {"age_of_youngest": 5}, {"seat_count": 41}, {"modules": "all"}, {"label": "x" * 41}]
)
def test_bad_input_is_said_and_nothing_made(staff, classroom, change):
    data = {"label": "5e bleue", "age_of_youngest": 12, "seat_count": 4, "modules": "plan"} | change
    assert staff.post(url(classroom), data).status_code == 422
    assert Classroom.objects.count() == 1


def test_twice_is_refused_with_a_reason(staff, classroom):
    data = {"label": "5e bleue", "age_of_youngest": 12, "seat_count": 4, "modules": "none"}
    staff.post(url(classroom), data)
    answer = staff.post(url(classroom), data)
    assert answer.status_code == 422
    assert "exists already next year" in answer.content.decode()


def test_who_may(client, classroom):
    assert "/account/login/" in client.get(url(classroom)).url
    client.force_login(make_teacher())
    assert client.get(url(classroom)).status_code == 404
    client.force_login(make_administrator(classroom.school))
    assert client.get(url(classroom)).status_code == 403
