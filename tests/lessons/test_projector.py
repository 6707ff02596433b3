import pytest
from django.apps import apps

from tests.factories.accounts import ClassroomFactory, make_teacher, sit
from tests.factories.lessons import ModuleFactory, StepFactory, make_scenario
from tests.factories.quizzes import make_quizzes

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
    module = ModuleFactory()
    make_scenario(module.steps.get(position=2))
    make_quizzes(module)
    return module


def url(module, where):
    return f"/en/staff/catalogue/{module.slug}/projector/{where}/"


def rows():
    return sum(model.objects.count() for name in ("lessons", "quizzes", "progress") for model in apps.get_app_config(name).get_models())  # fmt: skip  # noqa: E501


def test_a_step_fills_the_screen_and_the_class_votes_by_hands(staff, module):
    before = rows()
    page = staff.get(url(module, 2)).content.decode()
    assert "Title of step 2" in page
    assert 'href="#reply-start-tell"' in page
    assert "Hands up for each answer" in page
    assert "<form" not in page[page.index("<main") : page.index("</main")], "nothing is sent"
    assert rows() == before


def test_the_last_step_leads_to_the_questions(staff, module):
    assert url(module, "questions") in staff.get(url(module, 3)).content.decode()
    page = staff.get(url(module, "questions")).content.decode()
    assert "prompt a-one" in page
    assert "because tell" in page
    assert "<form" not in page[page.index("<main") : page.index("</main")]


def test_a_class_is_shown_the_steps_of_its_age(staff, teacher, module):
    StepFactory(module=module, position=4, from_age=15, title_en="Only later")
    classroom = ClassroomFactory(teacher=teacher, age_of_youngest=12)
    assert "Only later" in staff.get(url(module, 4)).content.decode()
    assert staff.get(f"{url(module, 4)}?classroom={classroom.pk}").status_code == 404
    assert f"?classroom={classroom.pk}" in staff.get(f"{url(module, 1)}?classroom={classroom.pk}").content.decode()


@pytest.mark.parametrize("query", ["?classroom=x", "?classroom=%00", "?classroom=00000000-0000-0000-0000-000000000000"])
def test_an_unknown_class_is_no_class(staff, module, query):
    assert staff.get(url(module, 1) + query).status_code == 200


@pytest.mark.parametrize("where", ["0", "99", "1", "questions"])
def test_what_is_not_there_is_no_page(staff, where):
    unpublished = ModuleFactory(is_published=False)
    assert staff.get(url(unpublished, where)).status_code == 404


@pytest.mark.parametrize("where", ["1", "questions"])
def test_it_is_for_staff_and_only_read(client, staff, module, where):
    assert staff.post(url(module, where)).status_code == 405
    staff.logout()
    assert "/account/login/" in client.get(url(module, where)).url
    assert "/account/login/" in sit(ClassroomFactory(is_open=True).seats.first()).get(url(module, where)).url
