"""Several classes are erased in steps that are seen; what will be lost is said before."""

import pytest
from django.test import Client

from accounts.models import AuditLine, Classroom
from tests.factories.accounts import ClassroomFactory, make_teacher

pytestmark = pytest.mark.django_db
SEVERAL = "/en/staff/year-end/several/"


@pytest.fixture
def teacher():
    return make_teacher(language="en")


@pytest.fixture
def staff(teacher):
    client = Client()
    client.force_login(teacher)
    return client


@pytest.fixture
def classes(teacher):
    return [ClassroomFactory(teacher=teacher, seat_count=2, label=f"Class {number}") for number in range(5)]


def test_what_will_be_lost_is_said_and_it_is_done_in_steps(staff, classes):
    page = staff.get(SEVERAL).content.decode()
    assert "What will be lost" in page
    assert "Class 0: 2 seats, goes by itself on" in page
    keys = [one.pk for one in classes[:4]]
    page = staff.post(SEVERAL, {"classrooms": keys, "is_sure": "on"}, follow=True).content.decode()
    assert "0 of 4 classes are erased" in page
    assert Classroom.objects.count() == 5, "nothing goes before the first step"
    page = staff.post(f"{SEVERAL}progress/", follow=True).content.decode()
    assert "3 of 4 classes are erased" in page
    answer = staff.post(f"{SEVERAL}progress/", follow=True)
    assert answer.request["PATH_INFO"] == "/en/staff/year-end/"
    assert list(Classroom.objects.values_list("label", flat=True)) == ["Class 4"]
    assert AuditLine.objects.filter(act="erase_classroom").count() == 4
    staff.post(f"{SEVERAL}progress/")
    assert AuditLine.objects.filter(act="erase_classroom").count() == 4


def test_without_the_tick_nothing_is_erased_and_the_choice_is_kept(staff, classes):
    answer = staff.post(SEVERAL, {"classrooms": [classes[0].pk]})
    assert answer.status_code == 422
    assert "Tick the box" in answer.content.decode()
    assert f'value="{classes[0].pk}"' in answer.content.decode()
    assert Classroom.objects.count() == 5


def test_a_class_of_somebody_else_is_no_choice(staff, classes):
    other = ClassroomFactory()
    assert staff.post(SEVERAL, {"classrooms": [other.pk], "is_sure": "on"}).status_code == 422
    session = staff.session
    session["classes_to_erase"] = [str(other.pk)]
    session.save()
    staff.post(f"{SEVERAL}progress/")
    assert Classroom.objects.filter(pk=other.pk).exists()
