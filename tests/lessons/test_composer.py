"""The lesson for the room as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.queries.composer import Room, compose
from tests.factories.accounts import ClassroomFactory, make_teacher
from tests.factories.lessons import ModuleFactory


def moments(*minutes):
    return [{"minutes": each, "title": f"Moment {place}", "text": "Do it"} for place, each in enumerate(minutes)]


PLAN = {
    "before": [], "ground_rules": [], "right_to_pass": "", "distancing": "", "to_say": [], "not_to_say": [],
    "question_box": "", "after_two_days": "", "after_two_weeks": "",
    "timeline": moments(5, 40, 5), "few_tablets": moments(5, 14, 14, 14, 5), "no_device": moments(10, 35, 5),
}  # fmt: skip


@given(
    pupils=st.integers(1, 60), tablets=st.integers(0, 60), non_readers=st.integers(0, 60), minutes=st.integers(15, 180)
)
def test_everybody_has_a_place_and_the_minutes_add_up(pupils, tablets, non_readers, minutes):
    plan = compose(plan=PLAN, pupils=pupils, tablets=tablets, non_readers=non_readers, minutes=minutes)
    assert plan.moments[0].starts == 0
    assert plan.moments[-1].ends == minutes
    assert all(one.ends == other.starts for one, other in zip(plan.moments, plan.moments[1:], strict=False))
    if plan.room == Room.ROTATION:
        assert sum(group.pupils for group in plan.groups) == pupils
        assert sum(group.non_readers for group in plan.groups) == min(non_readers, pupils)
        for turn in range(3):
            assert sorted(group.stations[turn] for group in plan.groups) == [0, 1, 2]
        for group in plan.groups:
            assert sorted(group.stations) == [0, 1, 2]
            assert group.to_a_tablet * tablets >= group.pupils


@pytest.mark.parametrize(
    ("tablets", "room"), [(0, Room.NONE), (10, Room.ROTATION), (27, Room.ROTATION), (28, Room.OWN)]
)
def test_the_part_of_the_plan_follows_the_room(tablets, room):
    assert compose(plan=PLAN, pupils=28, tablets=tablets, non_readers=0, minutes=55).room == room


def test_few_tablets_are_shared():
    plan = compose(plan=PLAN, pupils=28, tablets=4, non_readers=3, minutes=55)
    assert [(group.pupils, group.to_a_tablet, group.non_readers) for group in plan.groups] == [
        (10, 3, 1), (9, 3, 1), (9, 3, 1)
    ]  # fmt: skip


@pytest.fixture
def staff(client, db):
    client.force_login(make_teacher())
    return client


def test_the_page_starts_from_the_class_and_prints_groups(staff):
    teacher = make_teacher()
    staff.force_login(teacher)
    classroom = ClassroomFactory(teacher=teacher, seat_count=21)
    module = ModuleFactory(plan_en=PLAN, plan_fr=PLAN, is_sensitive=True)
    page = staff.get(f"/en/staff/catalogue/{module.slug}/lesson/?classroom={classroom.pk}").content.decode()
    assert "A: 7 pupils" in page
    assert "A second adult is in the room" in page
    assert 'type="checkbox"' not in page


def test_a_tight_lesson_is_said(staff):
    module = ModuleFactory(plan_en=PLAN, plan_fr=PLAN)
    where = f"/en/staff/catalogue/{module.slug}/lesson/"
    room = {"pupils": 28, "tablets": 10, "non_readers": 4, "minutes": 30}
    page = staff.get(where, room).content.decode()
    assert "in two lessons" in page
    assert "beside somebody who reads" in page
    assert "A second adult" not in page


@pytest.mark.parametrize("minutes", ["", "x", "-5", "99999999999999999999"])
def test_bad_input_is_said_and_nothing_is_lost(staff, minutes):
    module = ModuleFactory(plan_en=PLAN, plan_fr=PLAN)
    room = {"pupils": 23, "tablets": 10, "non_readers": 4, "minutes": minutes}
    answer = staff.get(f"/en/staff/catalogue/{module.slug}/lesson/", room)
    assert answer.status_code == 422
    assert 'value="23"' in answer.content.decode()


def test_without_a_plan_there_is_no_page_and_visitors_sign_in(staff, client):
    module = ModuleFactory()
    assert staff.get(f"/en/staff/catalogue/{module.slug}/lesson/").status_code == 404
    assert staff.post(f"/en/staff/catalogue/{module.slug}/lesson/").status_code == 405
    client.logout()
    assert "/account/login/" in client.get(f"/en/staff/catalogue/{module.slug}/lesson/").url
