"""The lesson in the teacher's hand: pause, a step for everybody, who took part, who was absent, hands up."""

import uuid

import pytest

from accounts.operations import close_classroom, open_classroom
from lessons.models import ClassLesson, Reading
from lessons.operations import choose_seats, set_class_lesson
from quizzes.models import Attempt, Tally
from tests.factories.accounts import ClassroomFactory, sit
from tests.factories.lessons import ModuleFactory
from tests.factories.progress import finish_some


def url(classroom, path=""):
    return f"/en/staff/classes/{classroom.pk}/{path}"


@pytest.fixture
def seats(classroom):
    return list(classroom.seats.in_order())


@pytest.fixture
def pupil(seats):
    return sit(seats[0])


def pause(staff, classroom, value="1"):
    return staff.post(url(classroom, "now/pause/"), {"pause": value})


def bring(staff, classroom, module, number):
    return staff.post(url(classroom, "now/step/"), {"module": module.slug, "step_number": number})


# Pause


@pytest.mark.parametrize("path", ["", "SLUG/", "SLUG/1/", "SLUG/questions/before/"])
def test_everybody_pauses_at_the_next_page_and_goes_on_where_they_were(staff, classroom, module, pupil, path):
    where = f"/en/me/{path.replace('SLUG', module.slug)}"
    assert pause(staff, classroom).url == url(classroom, "now/")
    answer = pupil.get(where)
    assert answer.url.startswith("/en/me/pause/?next=")
    page = pupil.get(answer.url).content.decode()
    assert "Everybody pauses" in page
    assert 'hx-trigger="every 5s"' in page
    assert f'href="{answer.url}"' in page, "without JavaScript a link asks again"
    assert pupil.get(answer.url, headers={"hx-request": "true"}).status_code == 204
    pause(staff, classroom, "0")
    assert pupil.get(answer.url).url == where
    assert pupil.get(answer.url, headers={"hx-request": "true"}).headers["HX-Redirect"] == where
    assert pupil.get(where).status_code == 200


def test_what_is_sent_during_a_pause_is_not_lost(staff, classroom, module, pupil):
    pause(staff, classroom)
    pupil.post(f"/en/me/{module.slug}/1/")
    assert Reading.objects.get().furthest_step == 1


def test_a_pause_ends_with_the_opening(staff, teacher, classroom, module):
    pause(staff, classroom)
    close_classroom(classroom=classroom, actor=teacher)
    classroom = open_classroom(classroom=classroom, actor=teacher)
    pupil = sit(classroom.seats.first())
    assert pupil.get("/en/me/").status_code == 200
    bring(staff, classroom, module, 2)
    assert ClassLesson.objects.get().is_paused is False


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example/", "javascript:x", ""])
def test_the_pause_leads_to_no_other_place(pupil, onward):
    assert pupil.get("/en/me/pause/", {"next": onward}).url == "/en/me/"


def test_the_cockpit_says_that_all_pause(staff, classroom, module):
    assert 'value="1">Everybody pauses' in staff.get(url(classroom, "now/")).content.decode()
    pause(staff, classroom)
    assert 'value="0">Go on, everybody' in staff.get(url(classroom, "now/")).content.decode()


# A step for everybody


def test_whoever_is_before_the_step_is_brought_there_and_what_is_skipped_counts_as_shown(
    staff, classroom, module, pupil
):
    bring(staff, classroom, module, 3)
    there = f"/en/me/{module.slug}/3/"
    for path in ("", "1/", "questions/before/"):
        assert pupil.get(f"/en/me/{module.slug}/{path}").url == there
    assert pupil.get(there).status_code == 200
    assert pupil.post(there).url == f"/en/me/{module.slug}/questions/after/"
    assert pupil.get(f"/en/me/{module.slug}/questions/after/").status_code == 200
    assert Reading.objects.get().furthest_step == 3
    assert not Attempt.objects.filter(is_submitted=True).exists()
    assert not Tally.objects.exists(), "a skipped question is nothing, and no wrong answer"
    assert pupil.get(f"/en/me/{module.slug}/1/").status_code == 200, "whoever was there may go back"


def test_whoever_is_further_stays_there(staff, classroom, module, pupil, seats):
    for number in (1, 2):
        pupil.post(f"/en/me/{module.slug}/{number}/")
    bring(staff, classroom, module, 2)
    assert pupil.get(f"/en/me/{module.slug}/3/").status_code == 200
    assert pupil.get(f"/en/me/{module.slug}/1/").status_code == 200


def test_a_late_pupil_joins_at_the_step_of_the_class(staff, classroom, module, seats):
    bring(staff, classroom, module, 2)
    late = sit(seats[5])
    assert late.get(f"/en/me/{module.slug}/").url == f"/en/me/{module.slug}/2/"
    other = ModuleFactory(band=module.band)
    staff.post(f"/en/staff/catalogue/{other.slug}/assign/", {"classroom": classroom.pk})
    assert late.get(f"/en/me/{other.slug}/").status_code == 200, "other modules are as they were"


def test_the_room_counts_whoever_sits_at_the_step_of_the_class(staff, classroom, module, pupil):
    bring(staff, classroom, module, 2)
    page = staff.get(url(classroom, "now/")).content.decode()
    assert "The class is at step 2" in page
    assert '<option value="2" selected>' in page
    assert page.count('counts__figure">1<') == 1


@pytest.mark.parametrize("data", [{}, {"module": "none", "step_number": 1}, {"step_number": 99}, {"step_number": "x"}])
def test_a_step_that_is_none_is_said(staff, classroom, module, data):
    answer = staff.post(url(classroom, "now/step/"), {"module": module.slug} | data, follow=True)
    assert "Choose a step of a module" in answer.content.decode()
    assert not ClassLesson.objects.exists()


@pytest.mark.parametrize("path", ["now/pause/", "now/step/"])
def test_a_closed_class_has_no_lesson(staff, teacher, path):
    closed = ClassroomFactory(teacher=teacher)
    assert "Open the class first" in staff.post(url(closed, path), follow=True).content.decode()
    assert not ClassLesson.objects.exists()


# Took part


def test_pupils_without_a_device_took_part_without_an_answer(staff, classroom, module, seats):
    finish_some(classroom, module, 1)
    where = url(classroom, f"took-part/{module.slug}/")
    page = staff.get(where).content.decode()
    assert f'value="{seats[0].pk}"' not in page, "who is done is not asked again"
    answer = staff.post(where, {"seats": [seats[1].pk, seats[2].pk]}, follow=True)
    assert "2 seats took part." in answer.content.decode()
    done = Reading.objects.filter(module=module, done_on__isnull=False)
    assert set(done.values_list("seat", flat=True)) == {seat.pk for seat in seats[:3]}
    assert not Attempt.objects.exists()
    assert not Tally.objects.exists()


@pytest.mark.parametrize("data", [{}, {"seats": ["x"]}, {"seats": [str(uuid.UUID(int=3))]}])
def test_nobody_or_a_stranger_did_not_take_part(staff, classroom, module, data):
    assert staff.post(url(classroom, f"took-part/{module.slug}/"), data).status_code == 422
    assert not Reading.objects.exists()


# Absent pupils


def test_only_called_seats_sit_down_again(staff, teacher, classroom, module, seats):
    finish_some(classroom, module, 10)
    close_classroom(classroom=classroom, actor=teacher)
    page = staff.get(url(classroom, "absent/")).content.decode()
    assert page.count("checked") == 2, "those who have not done what others have"
    answer = staff.post(url(classroom, "absent/"), {"minutes": 45, "seats": [seats[11].pk]})
    assert answer.url == url(classroom, "now/")
    assert "For called seats only" in staff.get(answer.url).content.decode()
    assert sit(seats[11]).get("/en/me/").status_code == 200
    with pytest.raises(AssertionError, match="the card did not work"):
        sit(seats[0])
    close_classroom(classroom=classroom, actor=teacher)
    open_classroom(classroom=classroom, actor=teacher)
    assert sit(seats[0]).get("/en/me/").status_code == 200


def test_calling_some_ends_the_opening_for_the_others(staff, classroom, module, seats, pupil):
    staff.post(url(classroom, "absent/"), {"minutes": 45, "seats": [seats[3].pk]})
    assert pupil.get("/en/me/").url == "/en/sit/?ended"


@pytest.mark.parametrize("data", [{"minutes": 45}, {"minutes": 9999, "seats": "SEAT"}, {"minutes": 45, "seats": "x"}])
def test_calling_needs_seats_and_a_time(staff, teacher, data):
    closed = ClassroomFactory(teacher=teacher)
    data = data | ({"seats": str(closed.seats.first().pk)} if data.get("seats") == "SEAT" else {})
    assert staff.post(url(closed, "absent/"), data).status_code == 422
    closed.refresh_from_db()
    assert not closed.is_open


# Hands up


def test_a_vote_is_shown_from_five_on_and_kept_nowhere(staff, classroom):
    where = url(classroom, "now/vote/")
    assert "Hands up" in staff.get(where).content.decode()
    few = staff.get(where, {"a": 2, "b": 2})
    assert few.status_code == 422
    assert "With fewer than 5 votes nothing is shown." in few.content.decode()
    page = staff.get(where, {"a": 3, "b": 2, "c": "", "d": ""}).content.decode()
    assert "The class has voted" in page
    assert page.count("<progress") == 2
    assert staff.get(where, {"a": "x", "b": 9}).status_code == 422


# Chosen seats in the room and in reports


def test_nothing_is_reported_of_a_seat_to_which_nothing_was_assigned(staff, classroom, module, seats):
    choose_seats(assignment=classroom.assignments.get(), seats=seats[:3])
    overview = staff.get(url(classroom, "report/")).content.decode()
    assert "0 of 3 seats are done." in overview
    assert overview.count("not assigned") == 9
    report = staff.get(url(classroom, f"report/{module.slug}/")).content.decode()
    assert seats[0].handle in report
    assert seats[5].handle not in report
    assert staff.get(url(classroom, "now/")).content.decode().count("another module") == 9


def test_a_group_of_its_own_age_finds_its_band_and_no_more(staff, teacher):
    from accounts.models import SeatGroup

    classroom = ClassroomFactory(teacher=teacher, is_open=True, age_of_youngest=8)
    first, second = classroom.seats.in_order()
    group = SeatGroup.objects.create(
        school=classroom.school, school_year=classroom.school_year, classroom=classroom, age_of_youngest=10
    )
    type(first).objects.filter(pk=first.pk).update(group=group)
    from lessons.operations import assign_module

    older, oldest = ModuleFactory(band="9-11"), ModuleFactory(band="12-14")
    for module in (older, oldest):
        assign_module(classroom=classroom, module=module)
    assert sit(first).get(f"/en/me/{older.slug}/").status_code == 200
    assert sit(second).get(f"/en/me/{older.slug}/").status_code == 404
    assert sit(first).get(f"/en/me/{oldest.slug}/").status_code == 404


# Who may


@pytest.mark.parametrize("path", ["now/pause/", "now/step/", "now/vote/", "absent/", "took-part/SLUG/"])
def test_who_may(client, stranger, office, staff, classroom, module, path):
    where = url(classroom, path.replace("SLUG", module.slug))
    post_only = path in ("now/pause/", "now/step/")
    get_only = path == "now/vote/"
    call = "post" if post_only else "get"
    assert getattr(stranger, call)(where).status_code == 404
    assert getattr(office, call)(where).status_code == 403
    assert "/account/login/" in getattr(client, call)(where).url
    assert (staff.get if post_only else staff.post)(where).status_code == (405 if post_only or get_only else 422)


def test_a_lesson_never_outlives_its_opening_in_a_query(classroom, module):
    from lessons.queries import lesson_now

    set_class_lesson(classroom=classroom, module=module, step_number=2, is_paused=True)
    classroom.opening = uuid.uuid4()
    assert lesson_now(classroom).is_paused is False
    assert lesson_now(classroom).step_number == 0
