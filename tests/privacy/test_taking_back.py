"""What is done by mistake is taken back from the message that confirms it: exactly, and by who did it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditLine, Classroom, Membership, Seat, Teaching
from accounts.operations import hand_over, set_homework
from lessons.models import ClassLesson, Reading
from lessons.operations import choose_seats
from tests.factories.accounts import (
    ClassroomFactory,
    InvitationFactory,
    make_administrator,
    make_teacher,
    signed_in,
    sit,
)
from tests.factories.lessons import ModuleFactory, make_assigned
from tests.test_access import every_row

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="undo" value="([^"]+)"')
UNDO = "/en/staff/undo/"


@pytest.fixture
def teacher():
    return make_teacher(language="en", ready_to_teach_on=timezone.localdate())


@pytest.fixture
def classroom(teacher):
    classroom = ClassroomFactory(teacher=teacher, seat_count=3, is_open=True, homework_until="2030-01-31")
    for title in "abc":
        make_assigned(classroom, title_en=title)
    listed = classroom.assignments.get(module__title_en="b")
    choose_seats(assignment=listed, seats=classroom.seats.in_order()[:2])
    return classroom


@pytest.fixture
def staff(teacher):
    return signed_in(teacher)


@pytest.fixture
def office(teacher):
    return signed_in(make_administrator(teacher.memberships.get().school))


def rows() -> dict:
    """All but the trails, which only grow."""
    left_out = ("accounts.AuditLine", "privacy.JobRun")
    return {name: found for name, found in every_row().items() if name not in left_out}


def act(client, place, data=None):
    """What the page says that follows, and what its button would send."""
    page = client.post(place, data or {}, follow=True).content.decode()
    found = TOKEN.findall(page)
    assert found, "no way back is offered"
    return found[-1]


def take_back(client, sealed):
    return client.post(UNDO, {"undo": sealed, "next": "/en/staff/"}, follow=True).content.decode()


def of(classroom, path):
    return f"/en/staff/classes/{classroom.pk}/{path}"


def listed(classroom, title="b"):
    return classroom.assignments.get(module__title_en=title)


def copied(classroom):
    return {"label": "Next", "age_of_youngest": 13, "seat_count": 2, "modules": "none"}


ACTS = {
    "close": lambda c: (of(c, "close/"), {}),
    "homework": lambda c: (of(c, "homework/"), {"until": timezone.localdate() + timedelta(days=3)}),
    "no homework": lambda c: (of(c, "homework/"), {"until": ""}),
    "one card": lambda c: (of(c, f"seats/{c.seats.first().pk}/reissue/"), {}),
    "all cards": lambda c: (of(c, "reissue/"), {}),
    "off the list": lambda c: (f"/en/staff/assigned/{listed(c).pk}/remove/", {}),
    "last day": lambda c: (f"/en/staff/assigned/{listed(c).pk}/due/", {"due_on": "2031-01-31"}),
    "other seats": lambda c: (
        f"/en/staff/assigned/{listed(c).pk}/seats/",
        {"seats": [c.seats.in_order()[2].pk], "alternative": listed(c, "a").module_id},
    ),
    "plan": lambda c: (of(c, "modules/adopt/"), {}),
    "took part": lambda c: (
        of(c, f"took-part/{listed(c, 'a').module.slug}/"),
        {"seats": [s.pk for s in c.seats.all()]},
    ),
    "one more seat": lambda c: (of(c, "seats/add/"), {}),
    "copy": lambda c: (of(c, "copy/"), copied(c)),
}


@pytest.mark.parametrize("name", ACTS)
def test_what_a_teacher_did_is_taken_back_exactly(staff, classroom, name):
    module = listed(classroom, "a").module
    seat = classroom.seats.in_order()[0]
    owner = {"school": classroom.school, "school_year": seat.school_year}
    Reading.objects.create(**owner, seat=seat, module=module, furthest_step=1)
    ModuleFactory(band=classroom.band, title_en="new in the plan")
    before = rows()
    place, data = ACTS[name](classroom)
    sealed = act(staff, place, data)
    assert rows() != before, "nothing was done"
    assert "Taken back" in take_back(staff, sealed)
    assert rows() == before
    assert AuditLine.objects.filter(act="take_back").count() == 1
    assert "cannot be taken back" in take_back(staff, sealed), "once is enough"


def test_a_card_printed_before_works_again(staff, classroom):
    sealed = act(staff, of(classroom, "reissue/"))
    take_back(staff, sealed)
    sit(Seat.objects.filter(classroom=classroom).first())


def test_a_step_is_taken_back_while_the_lesson_goes_on(staff, classroom):
    slug = listed(classroom, "a").module.slug
    staff.post(of(classroom, "now/step/"), {"module": slug, "step_number": 1})
    sealed = act(staff, of(classroom, "now/step/"), {"module": slug, "step_number": 2})
    assert "Taken back" in take_back(staff, sealed)
    assert ClassLesson.objects.get().step_number == 1


def test_a_colleague_s_part_and_one_s_own_are_taken_back(staff, teacher, classroom):
    colleague = make_teacher(classroom.school)
    Teaching.objects.create(classroom=classroom, user=colleague, ends_on="2030-01-31")
    for person in (colleague, teacher):
        part = Teaching.objects.get(classroom=classroom, user=person)
        sealed = act(staff, of(classroom, f"share/{part.pk}/end/"))
        assert not Teaching.objects.filter(classroom=classroom, user=person).exists()
        assert "Taken back" in take_back(staff, sealed)
        assert Teaching.objects.get(classroom=classroom, user=person).ends_on == part.ends_on


def test_classes_handed_over_come_back(office, teacher, classroom):
    successor = make_teacher(classroom.school)
    ClassroomFactory(teacher=successor, school=classroom.school)
    before = sorted(Teaching.objects.values_list("classroom", "user", "ends_on"))
    place = f"/en/staff/people/{classroom.school_id}/hand-over/"
    sealed = act(office, place, {"leaver": teacher.pk, "successor": successor.pk})
    assert not classroom.teachings.filter(user=teacher).exists()
    assert "Taken back" in take_back(office, sealed)
    assert sorted(Teaching.objects.values_list("classroom", "user", "ends_on")) == before


def test_a_role_that_was_ended_comes_back_with_its_classes(office, teacher, classroom):
    member = Membership.objects.get(user=teacher)
    sealed = act(office, f"/en/staff/people/{classroom.school_id}/roles/{member.pk}/end/")
    teacher.refresh_from_db()
    assert not teacher.is_active
    assert "Taken back" in take_back(office, sealed)
    teacher.refresh_from_db()
    assert teacher.is_active
    assert Classroom.objects.visible_to(teacher).get() == classroom


def test_an_invitation_s_link_works_again(office, classroom):
    invitation = InvitationFactory(school=classroom.school)
    link = f"/en/staff/join/{invitation.token}/"
    sealed = act(office, f"/en/staff/people/{classroom.school_id}/invitations/{invitation.pk}/revoke/")
    assert Client().get(link).status_code == 404
    assert "Taken back" in take_back(office, sealed)
    assert Client().get(link).status_code == 200


def test_nobody_else_takes_it_back_and_not_without_the_right(staff, teacher, classroom):
    sealed = act(staff, of(classroom, "homework/"), {"until": ""})
    colleague = make_teacher(classroom.school)
    Teaching.objects.create(classroom=classroom, user=colleague)
    assert "cannot be taken back" in take_back(signed_in(colleague), sealed)
    hand_over(school=classroom.school, leaver=teacher, successor=colleague, actor=teacher)
    assert "cannot be taken back" in take_back(staff, sealed)
    classroom.refresh_from_db()
    assert classroom.homework_until is None


def test_what_was_changed_since_stays(staff, teacher, classroom):
    sealed = act(staff, of(classroom, "homework/"), {"until": ""})
    until = timezone.localdate() + timedelta(days=9)
    set_homework(classroom=classroom, until=until, actor=teacher)
    assert "cannot be taken back" in take_back(staff, sealed)
    classroom.refresh_from_db()
    assert classroom.homework_until == until


@pytest.mark.parametrize("sealed", ["", "no seal", "é", "gAAAAA=="])
def test_what_we_did_not_seal_changes_nothing(staff, classroom, sealed):
    before = rows()
    assert "cannot be taken back" in take_back(staff, sealed)
    assert rows() == before


def test_after_half_an_hour_it_stays(staff, classroom, monkeypatch):
    sealed = act(staff, of(classroom, "homework/"), {"until": ""})
    monkeypatch.setattr("accounts.operations.taking_back.SECONDS_TO_UNDO", -1)
    assert "cannot be taken back" in take_back(staff, sealed)


def test_the_page_tells_nothing_of_a_seat_and_the_button_nothing_to_read(staff, classroom):
    seat = classroom.seats.in_order()[0]
    sealed = act(staff, of(classroom, f"seats/{seat.pk}/reissue/"))
    assert str(seat.pk) not in sealed
    assert "_messages" not in staff.session, "shown, it is kept nowhere"
