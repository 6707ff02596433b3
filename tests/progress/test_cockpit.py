import datetime
import re
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Sitting, WaitingSignIn
from accounts.operations import open_classroom
from lessons.models import Reading
from lessons.operations import set_class_lesson
from quizzes.enums import Moment
from tests.factories.accounts import ClassroomFactory, make_sitting, sit, teacher_of
from tests.factories.progress import finish_some, hand_in
from tests.factories.quizzes import make_assigned_with_quiz


def url(classroom):
    return f"/en/staff/classes/{classroom.pk}/now/"


def tile(html: str, seat) -> str:
    """What a tile says, as one line."""
    part = next(part for part in html.split('<li class="tile ')[1:] if f">{seat.handle}<" in part)
    return " ".join(re.sub(r"<[^>]+>", " ", part.partition("</li>")[0].partition(">")[2]).split())


def read(client, classroom, **more):
    return client.get(url(classroom), **more).content.decode()


def make_reading(seat, module, **fields):
    return Reading.objects.create(school=seat.school, school_year=seat.school_year, seat=seat, module=module, **fields)


def test_it_shows_who_sits_how_far_and_who_is_done(staff, classroom, module):
    first, second, third, fourth = list(classroom.seats.in_order())[:4]
    finish_some(classroom, module, 1)
    make_sitting(second, "two")
    make_reading(second, module, furthest_step=2)
    make_sitting(third, "three")
    html = read(staff, classroom)
    assert "2 of 12 sit here, 1 done" in html
    assert "done" in tile(html, first)
    assert "2 of 3" in tile(html, second)
    assert "sits here" in tile(html, third)
    assert "free" in tile(html, fourth)


def test_a_sensitive_module_tells_of_a_seat_only_seated_and_done(staff, classroom, sensitive):
    seats = list(classroom.seats.in_order())
    for place, seat in enumerate(seats[:3]):
        make_sitting(seat, f"device {place}")
        make_reading(seat, sensitive, furthest_step=place)
    hand_in(classroom, sensitive, Moment.AFTER, [True])
    html = read(staff, classroom)
    words = {tile(html, seat).replace(seat.handle, "").strip() for seat in seats[:3]}
    assert words == {"sits here Not you?"}
    figures = re.findall(r'counts__figure">(\d+)<', html)
    assert figures == ["1", "1", "1", "0"]  # three steps and the questions: of the class


def test_who_works_at_home_or_sat_too_long_ago_does_not_show(staff, classroom, module):
    home, old = list(classroom.seats.in_order())[:2]
    Sitting.objects.filter(pk=make_sitting(home, "home").pk).update(is_home=True)
    Sitting.objects.filter(pk=make_sitting(old, "old").pk).update(
        sat_down_at=timezone.now() - datetime.timedelta(minutes=91)
    )
    assert "0 of 12 sit here" in read(staff, classroom)


def test_who_has_been_idle_for_twenty_minutes_does_not_show_until_something_is_sent(staff, classroom, module):
    with time_machine.travel("2026-03-02 10:00:00Z", tick=False) as clock:
        open_classroom(classroom=classroom, actor=teacher_of(classroom), minutes=120)
        pupils = [sit(seat) for seat in classroom.seats.in_order()[:2]]
        for minutes in range(0, 21, 3):  # the second reads, and sends nothing
            clock.shift(datetime.timedelta(minutes=3))
            pupils[1].get("/en/me/")
            if minutes == 9:
                pupils[0].post(f"/en/me/{module.slug}/questions/before/save/", {"key": uuid.uuid4()})
        html = read(staff, classroom)
        assert "1 of 12 sit here" in html
        assert "sits here" in tile(html, classroom.seats.in_order()[0])
        assert "free" in tile(html, classroom.seats.in_order()[1])
        pupils[1].post(f"/en/me/{module.slug}/questions/before/save/", {"key": uuid.uuid4()})  # not thrown out
        assert "2 of 12 sit here" in read(staff, classroom)
        clock.shift(datetime.timedelta(minutes=21))
        assert "0 of 12 sit here" in read(staff, classroom)
        assert pupils[1].get("/en/me/")["Location"] == "/en/sit/?ended"


def test_that_somebody_is_there_is_written_once_in_five_minutes(classroom, module):
    with time_machine.travel("2026-03-02 10:00:00Z", tick=False) as clock:
        open_classroom(classroom=classroom, actor=teacher_of(classroom), minutes=120)
        pupil, times = sit(classroom.seats.in_order()[0]), []
        for minutes in (3, 3, 3):
            clock.shift(datetime.timedelta(minutes=minutes))
            pupil.post(f"/en/me/{module.slug}/questions/before/save/", {"key": uuid.uuid4()})
            times.append(Sitting.objects.get().last_post_at.minute)
        assert times == [0, 6, 6]


def test_the_bar_says_the_time_and_the_code(staff, classroom, module):
    html = read(staff, classroom)
    assert "Open for 60 more minutes" in html
    assert classroom.code in html
    assert reverse("accounts:classroom_close", args=[classroom.pk]).partition("/staff/")[2] in html


def test_a_closed_class_can_be_opened_in_one_tap(staff, teacher):
    classroom = ClassroomFactory(teacher=teacher)
    html = read(staff, classroom)
    assert "nobody can sit down" in html
    response = staff.post(f"/en/staff/classes/{classroom.pk}/open/", {"minutes": 60, "next": url(classroom)})
    assert response["Location"] == url(classroom)
    assert "Open for 60 more minutes" in read(staff, classroom)


def test_who_waits_is_let_in_with_one_tap(staff, classroom, module):
    seat = classroom.seats.in_order()[0]
    waiting = WaitingSignIn.objects.create(school=seat.school, school_year=seat.school_year, seat=seat, device_key="d")
    html = read(staff, classroom)
    assert "1 waits for you" in html
    action = f"/en/staff/classes/{classroom.pk}/waiting/{waiting.pk}/approve/"
    assert action in html
    assert staff.post(action, {"next": url(classroom)})["Location"] == url(classroom)
    assert "waits for you" not in read(staff, classroom)


def test_that_is_not_you_ends_the_sitting(staff, classroom, module):
    seat = classroom.seats.in_order()[0]
    make_sitting(seat)
    action = f"/en/staff/classes/{classroom.pk}/seats/{seat.pk}/end-sitting/"
    assert action in read(staff, classroom)
    staff.post(action, {"next": url(classroom)})
    assert "0 of 12 sit here" in read(staff, classroom)


def test_help_when_a_child_confides_is_one_tap_away(staff, classroom, sensitive):
    assert read(staff, classroom).count('href="/en/staff/when-a-child-confides/"') >= 2


def test_a_room_whose_teacher_is_signed_out_leads_to_the_door_as_a_whole(staff, classroom):
    staff.logout()
    answer = staff.get(url(classroom), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["HX-Redirect"] == f"/en/staff/account/login/?next={url(classroom)}"
    assert staff.get(url(classroom)).status_code == 302


def test_htmx_is_given_the_room_alone(staff, classroom, module):
    whole = read(staff, classroom)
    room = read(staff, classroom, headers={"HX-Request": "true"})
    assert 'hx-trigger="every 3s"' in whole
    assert 'id="refresh"' in room
    assert room.lstrip().startswith('<div id="room">')
    assert "<html" not in room
    assert "csrfmiddlewaretoken" in room


def test_focus_stays_because_every_button_has_an_id_of_its_own(staff, classroom, module):
    for place, seat in enumerate(classroom.seats.in_order()):
        make_sitting(seat, f"device {place}")
    room = read(staff, classroom, headers={"HX-Request": "true"})
    buttons = re.findall(r"<button[^>]*>", room)
    ids = [re.search(r'id="([^"]+)"', button) for button in buttons]
    assert all(ids)
    assert len({found[1] for found in ids}) == len(buttons) == 16


def test_the_module_is_the_one_in_which_most_sit_or_the_one_asked_for(staff, classroom, module):
    other = make_assigned_with_quiz(classroom)
    assert f'<h2 class="panel__title">{module.title_en}' in read(staff, classroom)
    sitting = make_sitting(classroom.seats.in_order()[0])
    Sitting.objects.filter(pk=sitting.pk).update(module_key=other.pk)
    assert f'<h2 class="panel__title">{other.title_en}' in read(staff, classroom)
    asked = staff.get(url(classroom), {"module": module.slug}).content.decode()
    assert f'<h2 class="panel__title">{module.title_en}' in asked


def test_without_a_module_it_shows_the_way_to_the_list(staff, classroom):
    html = read(staff, classroom)
    assert "No module is chosen yet" in html
    assert f"/en/staff/classes/{classroom.pk}/modules/" in html


@pytest.mark.parametrize("seat_count", [1, 3])
def test_the_room_has_the_same_queries_for_every_class(django_assert_num_queries, teacher, staff, seat_count):
    classroom = ClassroomFactory(teacher=teacher, seat_count=seat_count, is_open=True)
    make_assigned_with_quiz(classroom)
    for place, seat in enumerate(classroom.seats.in_order()):
        make_sitting(seat, f"device {place}")
    staff.get(url(classroom))
    # session, user with roles, class with its lesson, modules, who sits; seats with all that is said of them
    with django_assert_num_queries(6):
        staff.get(url(classroom), headers={"HX-Request": "true"})


def test_a_wrong_module_is_no_fault(staff, classroom, module):
    assert staff.get(url(classroom), {"module": "<x>" * 400}).status_code == 200


def test_strangers_administrators_pupils_and_nobody(stranger, office, classroom, module):
    assert stranger.get(url(classroom)).status_code == 404
    assert office.get(url(classroom)).status_code == 403
    for client in (Client(), sit(classroom.seats.in_order()[0])):
        assert client.get(url(classroom)).status_code == 302


def test_it_is_only_read(staff, classroom):
    assert staff.post(url(classroom)).status_code == 405


@pytest.mark.parametrize("classroom_id", ["1", "00000000-0000-0000-0000-000000000000", "zz"])
def test_a_class_that_is_not_there(staff, classroom_id):
    assert staff.get(f"/en/staff/classes/{classroom_id}/now/").status_code == 404


def test_a_vote_that_is_open_is_said(staff, classroom, module):
    assert "A vote is open" not in read(staff, classroom)
    set_class_lesson(classroom=classroom, vote_key=uuid.uuid4())
    assert "A vote is open" in read(staff, classroom)
