import datetime
import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditLine, Classroom, Sitting, Teaching
from accounts.queries import card_of
from tests.factories.accounts import (
    ClassroomFactory,
    MembershipFactory,
    UserFactory,
    add_second_factor,
    make_teacher,
    sit,
)

pytestmark = pytest.mark.django_db

READ = ["", "cards/", "paper/"]
WRITE = ["open/", "close/", "homework/", "reissue/", "share/", "seats/add/"]


def url(classroom, rest=""):
    return f"/en/staff/classes/{classroom.pk}/{rest}"


@pytest.mark.parametrize("rest", READ)
def test_a_class_is_shown_to_its_teacher_only(classroom, staff, stranger, office, rest):
    assert staff.get(url(classroom, rest)).status_code == 200
    assert stranger.get(url(classroom, rest)).status_code == 404
    assert office.get(url(classroom, rest)).status_code == 403
    assert Client().get(url(classroom, rest)).url.startswith("/en/staff/account/login/")
    assert staff.post(url(classroom, rest)).status_code == 405


@pytest.mark.parametrize("rest", WRITE)
def test_a_class_is_changed_by_its_teacher_only(classroom, stranger, office, staff, rest):
    before = Classroom.objects.values().get(pk=classroom.pk)
    assert stranger.post(url(classroom, rest)).status_code == 404
    assert office.post(url(classroom, rest)).status_code == 403
    assert Client().post(url(classroom, rest)).url.startswith("/en/staff/account/login/")
    assert staff.get(url(classroom, rest)).status_code == 405
    assert Classroom.objects.values().get(pk=classroom.pk) == before
    assert classroom.seats.count() == 2


def test_a_teacher_whose_part_or_role_has_ended_is_a_stranger(classroom, teacher, staff):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Teaching.objects.filter(user=teacher).update(ends_on=timezone.localdate())
    assert staff.get(url(classroom)).status_code == 200
    Teaching.objects.filter(user=teacher).update(ends_on=yesterday)
    assert staff.get(url(classroom)).status_code == 404
    Teaching.objects.filter(user=teacher).update(ends_on=None)
    teacher.memberships.update(ends_on=yesterday)
    assert staff.get(url(classroom)).url.startswith("/en/staff/account/login/")
    assert SESSION_KEY not in staff.session


def test_teaching_a_class_needs_the_role_of_a_teacher_in_its_own_school(classroom, teacher, staff):
    MembershipFactory(user=teacher)
    teacher.memberships.filter(school=classroom.school).update(role=Role.ADMINISTRATOR)
    add_second_factor(teacher)
    assert staff.get(url(classroom)).status_code == 404
    assert classroom.label not in staff.get("/en/staff/classes/").content.decode()


def test_without_a_class_the_next_step_is_shown(staff):
    page = staff.get("/en/staff/classes/").content.decode()
    assert "Make your first class" in page
    assert 'href="/en/staff/classes/new/"' in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_shows_own_classes_in_a_constant_number_of_queries(teacher, staff, count, django_assert_num_queries):
    for number in range(count):
        ClassroomFactory(teacher=teacher, label=f"Blue {number}", seat_count=number + 1, is_open=number == 0)
    ClassroomFactory(label="Somebody else's")
    with django_assert_num_queries(3):  # session, user with roles, classes with their seats
        page = staff.get("/en/staff/classes/").content.decode()
    assert page.count("Blue ") == count
    assert "Somebody else's" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_class_costs_a_constant_number_of_queries(teacher, staff, count, django_assert_num_queries):
    classroom = ClassroomFactory(teacher=teacher, seat_count=count)
    with django_assert_num_queries(7):  # session, user with roles, class, seats, waiting, teachers, colleagues
        staff.get(url(classroom))


def test_a_class_is_made_with_seats_a_code_and_a_form(teacher, staff):
    answer = staff.post("/en/staff/classes/new/", {"label": "Year 8", "age_of_youngest": 12, "seat_count": 30})
    classroom = Classroom.objects.get()
    assert answer.url == url(classroom)
    assert (classroom.label, classroom.band, classroom.seats.count()) == ("Year 8", "12-14", 30)
    assert len(set(classroom.seats.values_list("animal", "colour"))) == 30
    assert len(classroom.code) == 7
    assert classroom.form in "AB"
    assert list(classroom.teachers.all()) == [teacher]
    assert not classroom.is_open


def test_the_form_of_a_class_has_sensible_defaults(staff):
    page = staff.get("/en/staff/classes/new/").content.decode()
    assert 'value="28"' in page
    assert "Never a pupil" in page


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": ""}, "required"),
        ({"label": "x" * 41}, "at most 40 characters"),
        ({"age_of_youngest": 5}, "greater than or equal to 6"),
        ({"age_of_youngest": 19}, "less than or equal to 18"),
        ({"age_of_youngest": "ten"}, "whole number"),
        ({"seat_count": 0}, "greater than or equal to 1"),
        ({"seat_count": 41}, "less than or equal to 40"),
        ({"seat_count": "9" * 400}, "less than or equal to 40"),
        ({"label": "Taken"}, "exists already"),
    ],
)
def test_a_class_that_cannot_be_made_says_why_and_keeps_what_was_typed(teacher, staff, changes, message):
    ClassroomFactory(teacher=teacher, label="Taken")
    data = {"label": "Year 8 violet", "age_of_youngest": 12, "seat_count": 17}
    answer = staff.post("/en/staff/classes/new/", data | changes)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    assert "Year 8 violet" in page or "label" in changes
    assert Classroom.objects.count() == 1


def test_a_class_is_made_in_a_school_where_one_teaches_only(teacher, staff):
    other, strange = MembershipFactory(user=teacher).school, MembershipFactory().school
    data = {"label": "Year 8", "age_of_youngest": 12, "seat_count": 3}
    assert staff.post("/en/staff/classes/new/", data).status_code == 422
    assert staff.post("/en/staff/classes/new/", data | {"school": strange.pk}).status_code == 422
    assert staff.post("/en/staff/classes/new/", data | {"school": "x"}).status_code == 422
    assert staff.post("/en/staff/classes/new/", data | {"school": other.pk}).status_code == 302
    assert Classroom.objects.get().school == other


def test_the_page_of_a_closed_class_shows_the_three_next_steps(teacher, staff):
    classroom = ClassroomFactory(teacher=teacher)
    page = staff.get(url(classroom)).content.decode()
    assert f'href="{url(classroom, "cards/")}"' in page
    assert f'href="/en/staff/classes/{classroom.pk}/modules/"' in page
    assert f'action="{url(classroom, "open/")}"' in page
    assert "The class is open" not in page


def test_opening_leads_to_the_lesson_and_lasts_as_long_as_chosen(teacher, staff):
    classroom = ClassroomFactory(teacher=teacher)
    assert staff.post(url(classroom, "open/"), {"minutes": 90}).url == url(classroom, "now/")
    classroom.refresh_from_db()
    left = classroom.open_until - timezone.now()
    assert datetime.timedelta(minutes=89) < left <= datetime.timedelta(minutes=90)
    assert "Code of the class: <strong" in staff.get(url(classroom)).content.decode()


@pytest.mark.parametrize("minutes", ["", "0", "241", "-5", "x", "9" * 50])
def test_an_opening_of_another_length_is_refused(teacher, staff, minutes):
    classroom = ClassroomFactory(teacher=teacher)
    assert staff.post(url(classroom, "open/"), {"minutes": minutes}).status_code == 422
    classroom.refresh_from_db()
    assert not classroom.is_open


def test_closing_ends_the_sittings_and_the_opening(classroom, seat, staff):
    sit(seat)
    answer = staff.post(url(classroom, "close/"), {"next": "/en/staff/catalogue/"})
    assert answer.url == "/en/staff/catalogue/"
    assert staff.post(url(classroom, "close/"), {"next": "//evil.example"}).url == url(classroom)
    old = classroom.opening
    classroom.refresh_from_db()
    assert not classroom.is_open
    assert classroom.opening != old
    assert not Sitting.objects.exists()


def test_homework_is_set_and_ended(classroom, staff):
    day = timezone.localdate() + datetime.timedelta(days=7)
    staff.post(url(classroom, "homework/"), {"until": day.isoformat()})
    classroom.refresh_from_db()
    assert classroom.homework_until == day
    staff.post(url(classroom, "homework/"), {"until": ""})
    classroom.refresh_from_db()
    assert classroom.homework_until is None


@pytest.mark.parametrize("day", ["2020-01-01", "2999-01-01", "soon", "0" * 900])
def test_homework_until_an_impossible_day_is_refused_with_its_reason(classroom, staff, day):
    answer = staff.post(url(classroom, "homework/"), {"until": day})
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    classroom.refresh_from_db()
    assert classroom.homework_until is None


def test_cards_carry_all_that_is_needed_eight_a_page(teacher, staff, settings):
    settings.PUBLIC_URL = "https://school.example"
    classroom = ClassroomFactory(teacher=teacher, seat_count=9)
    page = staff.get(url(classroom, "cards/")).content.decode()
    assert page.count('class="cards"') == 2
    assert page.count('class="seat-card"') == 9
    assert page.count(classroom.code) == 9
    for seat in classroom.seats.all():
        assert seat.handle in page
        assert card_of(seat).home_key in page
        assert card_of(seat).token not in page, "the token is in the drawing only"
    assert "school.example/en/card/" in page
    assert "style=" not in page
    assert page.count("<svg") > 9 * 6


def test_the_code_of_a_card_is_the_address_of_the_installation_with_the_token_in_its_fragment(
    teacher, staff, settings, monkeypatch
):
    import segno

    drawn, make = [], segno.make_qr
    monkeypatch.setattr(segno, "make_qr", lambda text, **options: drawn.append(text) or make(text, **options))
    classroom = ClassroomFactory(teacher=teacher, seat_count=1)
    token = card_of(classroom.seats.get()).token
    staff.get(url(classroom, "cards/"), headers={"host": "localhost:8123"})
    settings.PUBLIC_URL = "https://school.example"
    staff.get(url(classroom, "cards/").replace("/en/", "/fr/"))
    assert drawn == [f"http://localhost:8123/en/card/#{token}", f"https://school.example/fr/card/#{token}"]


def test_one_card_is_printed_alone_and_an_unknown_one_says_so(classroom, seat, staff):
    page = staff.get(url(classroom, f"cards/?seat={seat.pk}")).content.decode()
    assert page.count('class="seat-card"') == 1
    assert seat.handle in page
    for unknown in ("x", str(ClassroomFactory().seats.first().pk)):
        page = staff.get(url(classroom, f"cards/?seat={unknown}")).content.decode()
        assert "There is no card to print" in page
        assert "seat-card" not in page


def test_a_card_of_a_retired_pepper_is_not_printed_but_named(classroom, staff, settings):
    settings.BALISE_PEPPERS = {2: b"n" * 32}
    page = staff.get(url(classroom, "cards/")).content.decode()
    assert "2 cards were made with a key that is no longer in use" in page


def test_the_paper_list_has_a_line_for_each_seat_and_nowhere_to_type(classroom, staff):
    page = staff.get(url(classroom, "paper/")).content.decode()
    assert page.count("paper-line") == 2
    assert not re.search(r"<input(?! type=\"hidden\")", page)


def test_all_cards_are_made_anew(classroom, staff):
    old = [card_of(seat).token for seat in classroom.seats.in_order()]
    staff.post(url(classroom, "reissue/"))
    new = [card_of(seat).token for seat in classroom.seats.in_order()]
    assert not set(old) & set(new)
    assert Client().post("/en/card/", {"token": old[0]}).status_code == 403
    assert Client().post("/en/card/", {"token": new[0]}).status_code == 302


def test_a_class_is_shared_with_a_colleague_until_a_day_and_left(classroom, teacher, staff):
    colleague = make_teacher(classroom.school)
    browser = Client()
    browser.force_login(colleague)
    assert browser.get(url(classroom)).status_code == 404
    today = timezone.localdate()
    staff.post(url(classroom, "share/"), {"colleague": colleague.pk, "ends_on": today.isoformat()})
    assert browser.get(url(classroom)).status_code == 200
    mine = Teaching.objects.get(user=teacher)
    assert staff.post(url(classroom, f"share/{mine.pk}/end/")).url == "/en/staff/classes/"
    assert staff.get(url(classroom)).status_code == 404
    last = Teaching.objects.get(user=colleague)
    browser.post(url(classroom, f"share/{last.pk}/end/"))
    assert browser.get(url(classroom)).status_code == 200, "a class keeps a teacher"


def test_a_class_is_shared_inside_its_school_only(classroom, staff):
    for person in (make_teacher(), UserFactory()):
        assert staff.post(url(classroom, "share/"), {"colleague": person.pk}).status_code == 422
    assert staff.post(url(classroom, "share/"), {"colleague": "x", "ends_on": "y"}).status_code == 422
    assert Teaching.objects.filter(classroom=classroom).count() == 1
    other = ClassroomFactory()
    theirs = Teaching.objects.get(classroom=other)
    assert staff.post(url(classroom, f"share/{theirs.pk}/end/")).status_code == 404


def test_what_a_teacher_does_is_kept_without_anything_of_a_pupil(classroom, seat, staff, teacher):
    staff.post(url(classroom, "close/"))
    staff.post(url(classroom, "reissue/"))
    lines = AuditLine.objects.filter(school_key=classroom.school_id, actor_key=teacher.pk)
    assert {line.act for line in lines} == {"create_classroom", "open_classroom", "close_classroom", "reissue_cards"}
    text = " ".join(str(value) for line in lines.values() for value in line.values())
    assert seat.handle not in text
    assert str(seat.pk) not in text


def test_malformed_ids_are_not_found(staff):
    assert staff.get("/en/staff/classes/x/").status_code == 404
    assert staff.get("/en/staff/classes/00000000-0000-4000-8000-000000000000/").status_code == 404
