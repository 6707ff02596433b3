"""How staff find and read the modules that are made for them."""

import datetime

import pytest
from django.utils import timezone

from lessons.models import Reading
from quizzes.enums import QuizKind
from quizzes.operations import load_quiz
from tests.factories import quizzes
from tests.factories.accounts import ClassroomFactory, make_administrator, make_teacher, sit
from tests.factories.lessons import ModuleFactory, make_scenario
from tests.factories.quizzes import RIGHT

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher():
    return make_teacher()


@pytest.fixture
def staff(client, teacher):
    client.force_login(teacher)
    return client


@pytest.fixture
def module():
    """A reading of three steps, the second a story to play, and its questions."""
    module = ModuleFactory(band="staff", opens_sensitive=True, title_en="Listen first")
    make_scenario(module.steps.get(position=2))
    load_quiz(module=module, kind=QuizKind.STAFF, questions=quizzes.questions("s"))
    return module


def step(client, module, number):
    return client.get(f"/en/staff/catalogue/{module.slug}/read/{number}/")


def test_the_catalogue_has_the_readings_for_staff_first_and_says_which_opens_what(staff, module):
    ModuleFactory(band="12-14", title_en="For pupils")
    page = staff.get("/en/staff/catalogue/").content.decode()
    assert page.index('id="for-you"') < page.index("Listen first") < page.index("For pupils")
    assert page.count("Listen first") == 1
    assert "Comes first: it opens sensitive modules" in page
    assert "Ready to teach since" not in page


def test_whoever_is_ready_reads_since_when(staff, teacher, module):
    teacher.ready_to_teach_on = datetime.date(2026, 9, 1)
    teacher.save()
    for place in ("/en/staff/catalogue/", f"/en/staff/catalogue/{module.slug}/"):
        page = staff.get(place).content.decode()
        assert "Ready to teach since 1 Sep 2026" in page
        assert "Comes first" not in page


def test_the_list_of_a_class_is_for_pupils_only(staff, teacher, module):
    classroom = ClassroomFactory(teacher=teacher)
    assert "for-you" not in staff.get(f"/en/staff/catalogue/?classroom={classroom.pk}").content.decode()


def test_a_reading_leads_from_its_page_through_the_steps_to_the_questions(staff, module):
    read = f"/en/staff/catalogue/{module.slug}/read"
    page = staff.get(f"/en/staff/catalogue/{module.slug}/").content.decode()
    assert f'href="{read}/1/">Start reading' in page
    assert "What you will be able to do" in page
    assert "pupils will be able" not in page
    first, second, last = (step(staff, module, number).content.decode() for number in (1, 2, 3))
    assert f'href="{read}/2/">Continue' in first
    assert "A message comes" in second
    assert "A good idea." in second
    assert f'href="/en/staff/catalogue/{module.slug}/own-questions/">Answer the questions' in last
    assert "Nothing is kept of how far you have read" in first
    assert not Reading.objects.exists()


def test_from_the_list_to_being_ready(staff, teacher, module):
    place = f"/en/staff/catalogue/{module.slug}/own-questions/"
    form = staff.get(place).context["form"]
    data = {"key": form["key"].value()}
    for question in form.questions:
        answer = RIGHT[question.slug.partition("-")[2]]
        if isinstance(answer, dict):
            chosen = {choice.slug: choice for choice in question.choices.all()}
            for slug, value in answer.items():
                field = form.fields[str(chosen[slug].pk)]
                partner = {label: value for value, label in field.choices}
                data[str(chosen[slug].pk)] = value if question.kind == "order" else partner[chosen[value].partner]
        else:
            data[str(question.pk)] = answer
    page = staff.post(place, data).content.decode()
    assert "You can open sensitive modules" in page
    assert "/en/staff/catalogue/#for-you" in page
    teacher.refresh_from_db()
    assert teacher.ready_to_teach_on == timezone.localdate()
    assert "Ready to teach since" in staff.get("/en/staff/catalogue/").content.decode()


@pytest.mark.parametrize("number", [0, 4, 99999])
def test_a_step_that_is_not_there_is_no_page(staff, module, number):
    assert step(staff, module, number).status_code == 404


def test_a_module_for_pupils_is_not_read_here(staff):
    assert step(staff, ModuleFactory(), 1).status_code == 404
    assert step(staff, ModuleFactory(band="staff", is_published=False), 1).status_code == 404


def test_administrators_read_too_and_pupils_do_not(client, module):
    client.force_login(make_administrator())
    assert step(client, module, 1).status_code == 200
    assert client.post(f"/en/staff/catalogue/{module.slug}/read/1/").status_code == 405
    pupil = sit(ClassroomFactory(is_open=True).seats.first())
    assert "/account/login/" in step(pupil, module, 1).url
