"""The list of a class: order, last day, plan of the year, chosen seats, and what opens for whom."""

import uuid

import pytest
from django.utils import timezone

from accounts.operations import open_classroom
from lessons.models import Assignment, ChosenSeat, Module, Reading
from lessons.operations import assign_module, choose_seats
from tests.factories.accounts import ClassroomFactory, make_administrator, make_teacher, sit
from tests.factories.lessons import ModuleFactory, make_assigned

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher():
    return make_teacher()


@pytest.fixture
def classroom(teacher):
    return ClassroomFactory(teacher=teacher, age_of_youngest=12)


@pytest.fixture
def staff(client, teacher):
    client.force_login(teacher)
    return client


def ready(teacher):
    teacher.ready_to_teach_on = timezone.localdate()
    teacher.save()
    return teacher


def address(classroom):
    return f"/en/staff/classes/{classroom.pk}/modules/"


def titles(classroom):
    return [one.module.title_en for one in classroom.assignments.select_related("module")]


def test_an_empty_list_shows_the_plan_of_the_year_and_the_catalogue(staff, classroom):
    for position in (1, 2, 3):
        ModuleFactory(position=position, title_en=f"Plan {position}")
    page = staff.get(address(classroom)).content.decode()
    assert "No module yet" in page
    assert "Sitting 3" in page
    assert page.index("Plan 1") < page.index("Plan 2") < page.index("Plan 3")
    assert f"/en/staff/catalogue/?classroom={classroom.pk}" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_module_and_with_three(staff, classroom, count, django_assert_num_queries):
    for _number in range(count):
        make_assigned(classroom)
    with django_assert_num_queries(6):
        assert staff.get(address(classroom)).status_code == 200


def test_whoever_has_put_a_module_on_the_list_opens_the_class_next(staff, classroom):
    module = ModuleFactory(title_en="The first")
    page = staff.post(f"/en/staff/catalogue/{module.slug}/assign/", {"classroom": classroom.pk}, follow=True)
    text = page.content.decode()
    assert page.redirect_chain == [(address(classroom), 302)]
    assert f'action="/en/staff/classes/{classroom.pk}/open/"' in text
    assert "EVARS sitting 1 of 3" in text


def test_modules_move_and_stay_within_the_list(staff, classroom):
    for name in ("a", "b", "c"):
        make_assigned(classroom, title_en=name)
    last = classroom.assignments.get(module__title_en="c")
    for _time in range(3):
        assert staff.post(f"/en/staff/assigned/{last.pk}/move/", {"to": "up"}).url == address(classroom)
    assert titles(classroom) == ["c", "a", "b"]
    staff.post(f"/en/staff/assigned/{last.pk}/move/", {"to": "down"})
    assert titles(classroom) == ["a", "c", "b"]


def test_a_last_day_is_kept_and_a_wrong_one_is_said(staff, classroom):
    make_assigned(classroom)
    one = classroom.assignments.get()
    staff.post(f"/en/staff/assigned/{one.pk}/due/", {"due_on": "2030-01-31"})
    one.refresh_from_db()
    assert one.due_on.isoformat() == "2030-01-31"
    assert 'value="2030-01-31"' in staff.get(address(classroom)).content.decode()
    page = staff.post(f"/en/staff/assigned/{one.pk}/due/", {"due_on": "31/02"}, follow=True)
    assert "Choose a day that exists" in page.content.decode()
    staff.post(f"/en/staff/assigned/{one.pk}/due/", {"due_on": ""})
    one.refresh_from_db()
    assert one.due_on is None


def test_taking_off_the_list_says_what_stays(staff, classroom):
    module = make_assigned(classroom)
    seat = classroom.seats.first()
    Reading.objects.create(school=seat.school, school_year=seat.school_year, seat=seat, module=module)
    page = staff.post(f"/en/staff/assigned/{classroom.assignments.get().pk}/remove/", follow=True)
    assert "What was done stays counted" in page.content.decode()
    assert page.redirect_chain[-1][0] == address(classroom)
    assert Reading.objects.count() == 1


def test_the_plan_of_the_year_is_adopted_in_one_click_without_what_is_not_for_this_teacher(staff, teacher, classroom):
    ModuleFactory(position=2, title_en="second")
    ModuleFactory(position=1, title_en="first")
    ModuleFactory(position=3, title_en="sensitive", is_sensitive=True)
    ModuleFactory(position=4, band="9-11", title_en="younger")
    page = staff.post(f"{address(classroom)}adopt/", follow=True)
    assert titles(classroom) == ["first", "second"]
    assert "take the staff module first" in page.content.decode()
    ready(teacher)
    staff.post(f"{address(classroom)}adopt/")
    staff.post(f"{address(classroom)}adopt/")
    assert titles(classroom) == ["first", "second", "sensitive"]


@pytest.mark.parametrize("path", ["move/", "due/", "seats/", "remove/"])
def test_a_stranger_finds_nothing_and_a_get_changes_nothing(client, staff, classroom, path):
    make_assigned(classroom)
    where = f"/en/staff/assigned/{classroom.assignments.get().pk}/{path}"
    assert staff.get(where).status_code == (200 if path == "seats/" else 405)
    client.force_login(make_teacher())
    assert client.post(where).status_code == 404
    client.force_login(make_administrator(classroom.school))
    assert client.post(where).status_code == 403
    client.logout()
    assert "/account/login/" in client.post(where).url


@pytest.mark.parametrize("path", ["", "adopt/"])
def test_the_list_of_another_class_is_no_page(client, classroom, path):
    call = client.post if path else client.get
    assert "/account/login/" in call(f"{address(classroom)}{path}").url
    client.force_login(make_teacher())
    assert call(f"{address(classroom)}{path}").status_code == 404
    client.force_login(make_administrator(classroom.school))
    assert call(f"{address(classroom)}{path}").status_code == 403


# Chosen seats


def test_ticked_seats_find_the_module_and_the_others_another_one(staff, classroom):
    classroom = open_classroom(classroom=classroom, actor=ready(make_teacher(classroom.school)))
    sensitive = make_assigned(classroom, is_sensitive=True, title_en="The sensitive one")
    neutral = ModuleFactory(title_en="The neutral one")
    first, second = classroom.seats.in_order()
    one = classroom.assignments.get()
    where = f"/en/staff/assigned/{one.pk}/seats/"
    assert first.handle in staff.get(where).content.decode() or first.animal
    answer = staff.post(where, {"seats": [first.pk], "alternative": neutral.pk})
    assert answer.url == address(classroom)
    mine, theirs = (sit(seat).get("/en/me/").content.decode() for seat in (first, second))
    assert sensitive.title_en in mine
    assert neutral.title_en not in mine
    assert neutral.title_en in theirs
    assert sensitive.title_en not in theirs
    assert sit(second).get(f"/en/me/{sensitive.slug}/").status_code == 404
    staff.post(where, {"seats": [first.pk, second.pk]})
    assert sensitive.title_en in sit(second).get("/en/me/").content.decode()


def test_a_module_that_everybody_has_stays_everybodys(classroom):
    make_assigned(classroom, is_sensitive=True)
    neutral = make_assigned(classroom)
    first, _second = classroom.seats.in_order()
    one = classroom.assignments.get(module__is_sensitive=True)
    choose_seats(assignment=one, seats=[first], alternative=neutral)
    assert classroom.assignments.get(module=neutral).is_for_chosen is False
    assert ChosenSeat.objects.count() == 1


def test_nothing_tells_a_choice_from_another(staff, classroom):
    """The rows of an exempted seat and of a chosen one are of one shape."""
    assert {field.name for field in ChosenSeat._meta.fields} == {"id", "school", "school_year", "seat", "module"}


@pytest.mark.parametrize("data", [{"seats": ["x"]}, {"seats": [str(uuid.UUID(int=7))]}, {"alternative": "x"}])
def test_seats_of_elsewhere_are_refused(staff, classroom, data):
    make_assigned(classroom)
    answer = staff.post(f"/en/staff/assigned/{classroom.assignments.get().pk}/seats/", data)
    assert answer.status_code == 422
    assert Assignment.objects.get().is_for_chosen is False


def test_a_sensitive_module_is_no_alternative(staff, classroom):
    make_assigned(classroom)
    other = ModuleFactory(is_sensitive=True)
    data = {"seats": [], "alternative": other.pk}
    assert staff.post(f"/en/staff/assigned/{classroom.assignments.get().pk}/seats/", data).status_code == 422


# The gate at opening


def open_by(classroom, teacher):
    return open_classroom(classroom=classroom, actor=teacher)


def test_whoever_is_not_ready_opens_the_class_without_sensitive_modules(staff, teacher, classroom):
    sensitive = make_assigned(classroom, is_sensitive=True, title_en="The sensitive one")
    calm = make_assigned(classroom, title_en="The calm one")
    gate = ModuleFactory(band="staff", opens_sensitive=True, title_en="When a child confides")
    seat = open_by(classroom, teacher).seats.first()
    pupil = sit(seat)
    page = pupil.get("/en/me/").content.decode()
    assert calm.title_en in page
    assert sensitive.title_en not in page
    assert pupil.get(f"/en/me/{sensitive.slug}/").status_code == 404
    assert pupil.get(f"/en/me/{sensitive.slug}/questions/before/").status_code == 404
    told = staff.get(address(classroom)).content.decode()
    assert "1 sensitive module of this list stays hidden" in told
    assert f"/en/staff/catalogue/{gate.slug}/" in told
    assert f"Meanwhile: {calm.title_en}" in told
    open_by(classroom, ready(teacher))
    assert pupil.get(f"/en/me/{sensitive.slug}/").status_code == 200
    assert "stays hidden" not in staff.get(address(classroom)).content.decode()


def test_a_substitute_who_holds_the_class_open_longer_closes_what_is_sensitive(classroom, teacher):
    sensitive = make_assigned(classroom, is_sensitive=True)
    seat = open_by(classroom, ready(teacher)).seats.first()
    pupil = sit(seat)
    assert pupil.get(f"/en/me/{sensitive.slug}/").status_code == 200
    open_by(classroom, make_teacher(classroom.school))
    assert pupil.get(f"/en/me/{sensitive.slug}/").status_code == 404


def test_the_page_of_the_class_says_so_and_the_link_leads_to_the_staff_module(staff, classroom):
    text = "Sensitive modules stay hidden"
    assert text in staff.get(f"/en/staff/classes/{classroom.pk}/").content.decode()
    assert staff.get("/en/staff/ready-to-teach/").url == "/en/staff/catalogue/"
    gate = ModuleFactory(band="staff", opens_sensitive=True)
    assert staff.get("/en/staff/ready-to-teach/").url == f"/en/staff/catalogue/{gate.slug}/"


def test_a_closed_class_keeps_no_permission(classroom, teacher):
    from accounts.operations import close_classroom

    open_by(classroom, ready(teacher))
    close_classroom(classroom=classroom, actor=teacher)
    classroom.refresh_from_db()
    assert classroom.opens_sensitive is False


def test_adopting_twice_from_the_catalogue_and_the_plan_lists_once(staff, classroom):
    module = ModuleFactory()
    assign_module(classroom=classroom, module=module)
    staff.post(f"{address(classroom)}adopt/")
    assert classroom.assignments.count() == Module.objects.count() == 1
