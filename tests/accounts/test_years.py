"""Several classes at once, and groups of a mixed class."""

import uuid

import pytest

from accounts.models import Classroom, SeatGroup
from tests.factories.accounts import ClassroomFactory

SEVERAL = "/en/staff/classes/new/several/"
MAKE = f"{SEVERAL}make/"


def rows(*classes, total=6):
    data = {"form-TOTAL_FORMS": total, "form-INITIAL_FORMS": 0}
    for place in range(total):
        label, age, seats = classes[place] if place < len(classes) else ("", "", 28)
        data |= {
            f"form-{place}-label": label,
            f"form-{place}-age_of_youngest": age,
            f"form-{place}-seat_count": seats,
        }
    return data


def test_several_classes_are_made_at_once(staff, teacher):
    answer = staff.post(SEVERAL, rows(("6e A", 11, 3), ("6e B", 11, 2)), follow=True)
    assert "2 classes are made." in answer.content.decode()
    made = Classroom.objects.visible_to(teacher).order_by("label")
    assert [(one.label, one.seats.count()) for one in made] == [("6e A", 3), ("6e B", 2)]
    assert len({one.code for one in made}) == 2


def test_forty_classes_are_made_in_steps_that_are_seen_and_none_twice(staff, teacher):
    assert staff.get(SEVERAL, {"lines": 40}).content.decode().count("<fieldset") == 40
    answer = staff.post(SEVERAL, rows(*[(f"Class {number}", 11, 1) for number in range(40)], total=40), follow=True)
    page = answer.content.decode()
    assert answer.request["PATH_INFO"] == MAKE
    assert "4 of 40 classes are made" in page
    assert 'value="4" max="40"' in page
    assert 'hx-trigger="load delay:300ms, submit"' in page
    assert "Go on" in page, "without JavaScript the button goes on"
    part = staff.get(MAKE, headers={"hx-request": "true"}).content.decode()
    assert part.strip().startswith("<form"), "a fragment: trusted types let no page with scripts in"
    staff.post(MAKE)
    staff.post(MAKE)
    assert Classroom.objects.count() == 12
    assert "12 of 40" in staff.get(MAKE).content.decode(), "it goes on where it stopped"
    Classroom.objects.get(label="Class 0").delete()
    assert "11 of 40" in staff.get(MAKE).content.decode()
    for _step in range(8):
        answer = staff.post(MAKE, follow=True)
    assert "40 classes are made." in answer.content.decode()
    assert Classroom.objects.count() == 40
    staff.post(MAKE)
    assert Classroom.objects.count() == 40
    assert staff.get(MAKE, headers={"hx-request": "true"}).headers["HX-Redirect"] == "/en/staff/classes/"


def test_more_than_forty_are_refused(staff):
    many = [(f"Class {number}", 11, 1) for number in range(41)]
    assert staff.post(SEVERAL, rows(*many, total=41)).status_code == 422
    assert not Classroom.objects.exists()


@pytest.mark.parametrize(
    ("classes", "words"),
    [
        ([], "at least one class"),
        ([("6e A", 11, 3), ("6e A", 11, 3)], "the same name"),
        ([("6e A", 11, 3), ("6e B", 5, 3)], "greater than or equal to 6"),
        ([("6e A", 11, 99)], "less than or equal to 40"),
    ],
)
def test_all_or_none_and_nothing_is_lost(staff, classes, words):
    answer = staff.post(SEVERAL, rows(*classes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert all(f'value="{label}"' in answer.content.decode() for label, _age, _seats in classes)
    assert not Classroom.objects.exists()


def test_a_damaged_form_is_no_fault(staff):
    assert staff.post(SEVERAL, {}).status_code == 422
    assert staff.post(SEVERAL, {"form-TOTAL_FORMS": "9" * 30, "form-INITIAL_FORMS": "x"}).status_code == 422


def groups(classroom):
    return f"/en/staff/classes/{classroom.pk}/groups/"


def test_a_group_has_an_age_of_its_own_and_goes_with_its_last_seat(staff, teacher):
    classroom = ClassroomFactory(teacher=teacher, age_of_youngest=8, seat_count=3)
    first, second, third = classroom.seats.in_order()
    staff.post(groups(classroom), {"age_of_youngest": 10, "seats": [first.pk, second.pk]})
    assert list(classroom.seats.in_order().values_list("group__age_of_youngest", flat=True)) == [10, 10, None]
    assert "From 10 years" in staff.get(groups(classroom)).content.decode()
    staff.post(groups(classroom), {"age_of_youngest": 8, "seats": [first.pk, second.pk, third.pk]})
    assert not SeatGroup.objects.exists()
    assert classroom.seats.filter(group=None).count() == 3


@pytest.mark.parametrize(
    "data", [{}, {"age_of_youngest": 7}, {"age_of_youngest": 19}, {"age_of_youngest": "x"}, {"seats": ["x"]}]
)
def test_a_group_is_never_younger_than_its_class(staff, teacher, data):
    classroom = ClassroomFactory(teacher=teacher, age_of_youngest=8)
    data = {"seats": [classroom.seats.first().pk]} | data
    assert staff.post(groups(classroom), data).status_code == 422
    assert not SeatGroup.objects.exists()


def test_seats_of_another_class_are_no_choice(staff, teacher):
    classroom, other = ClassroomFactory(teacher=teacher), ClassroomFactory(teacher=teacher)
    data = {"age_of_youngest": 15, "seats": [other.seats.first().pk]}
    assert staff.post(groups(classroom), data).status_code == 422


def test_who_may(client, stranger, office, classroom):
    assert stranger.get(groups(classroom)).status_code == 404
    assert office.get(groups(classroom)).status_code == 403
    assert office.get(SEVERAL).status_code == 403
    assert "/account/login/" in client.get(SEVERAL).url
    assert stranger.get(f"/en/staff/classes/{uuid.UUID(int=1)}/groups/").status_code == 404
