import uuid

import pytest
from django.utils import timezone

from lessons.models import Assignment, Reading
from tests.factories.accounts import ClassroomFactory, make_administrator, make_teacher, sit
from tests.factories.lessons import HelplineFactory, ModuleFactory, make_assigned, make_scenario

pytestmark = pytest.mark.django_db
PLAN = {
    "before": ["Read it"],
    "timeline": [{"minutes": 5, "title": "Welcome", "text": "Sit in a **circle**"}],
    "ground_rules": ["Listen"],
    "right_to_pass": "Anyone may pass",
    "distancing": "We speak of characters",
    "to_say": ["You may pass"],
    "not_to_say": ["Who was it?"],
    "question_box": "Questions, no true stories",
    "after_two_days": "Ask how it is",
    "after_two_weeks": "Ask again",
    "few_tablets": [],
    "no_device": [],
}
PAPER = {
    "worksheet": {
        "title": "Sheet",
        "intro": "Intro",
        "tasks": [{"title": "Task", "text": "Do", "things": ["ear"], "lines": 3}],
    },
    "easy_read": {"title": "Easy", "lines": [{"thing": "heart", "text": "You can tell"}]},
    "letter": {"what_we_do": "We teach", "they_see": ["A story"], "they_never_see": ["A shock"], "at_home": ["Talk"]},
}


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


def test_the_catalogue_shows_a_classs_band_first_and_nothing_above_it(staff, classroom):
    ModuleFactory(band="9-11", title_en="Younger")
    ModuleFactory(band="12-14", title_en="Their own")
    ModuleFactory(band="15-18", title_en="Older")
    page = staff.get(f"/en/staff/catalogue/?classroom={classroom.pk}").content.decode()
    assert "Older" not in page
    assert page.index("Their own") < page.index("Younger")
    everything = staff.get("/en/staff/catalogue/").content.decode()
    assert "Older" in everything


@pytest.mark.parametrize("count", [1, 3])
def test_the_catalogue_costs_the_same_with_one_module_and_with_three(staff, count, django_assert_num_queries):
    for _number in range(count):
        ModuleFactory()
    with django_assert_num_queries(5):
        staff.get("/en/staff/catalogue/")


@pytest.mark.parametrize("wrong", ["x", "", str(uuid.UUID(int=7))])
def test_an_unknown_class_shows_everything(staff, wrong):
    ModuleFactory(band="15-18", title_en="Older")
    assert "Older" in staff.get(f"/en/staff/catalogue/?classroom={wrong}").content.decode()


def test_a_module_shows_its_plan_and_its_state_of_review(staff, classroom):
    module = ModuleFactory(plan_en=PLAN, plan_fr=PLAN)
    page = staff.get(f"/en/staff/catalogue/{module.slug}/").content.decode()
    assert "Questions, no true stories" in page
    assert "<strong>circle</strong>" in page
    assert "Not yet reviewed by professionals" in page
    assert "Put on the list" in page


def test_a_teacher_puts_a_module_on_a_classs_list_once(staff, classroom):
    module = ModuleFactory()
    for _time in range(2):
        answer = staff.post(f"/en/staff/catalogue/{module.slug}/assign/", {"classroom": classroom.pk})
        assert answer.url == f"/en/staff/classes/{classroom.pk}/modules/"
    assert Assignment.objects.get().school_year == classroom.school_year


def test_a_sensitive_module_waits_for_a_teacher_who_is_ready(staff, teacher, classroom):
    module = ModuleFactory(is_sensitive=True)
    gate = ModuleFactory(band="staff", opens_sensitive=True, title_en="When a child confides, a module")
    page = staff.get(f"/en/staff/catalogue/{module.slug}/").content.decode()
    assert gate.title_en in page
    assert "Put on the list" not in page
    assert staff.post(f"/en/staff/catalogue/{module.slug}/assign/", {"classroom": classroom.pk}).status_code == 403
    teacher.ready_to_teach_on = timezone.localdate()
    teacher.save()
    assert staff.post(f"/en/staff/catalogue/{module.slug}/assign/", {"classroom": classroom.pk}).status_code == 302


def test_a_module_above_the_band_is_refused_with_a_reason(staff, classroom):
    module = ModuleFactory(band="15-18")
    answer = staff.post(f"/en/staff/catalogue/{module.slug}/assign/", {"classroom": classroom.pk}, follow=True)
    assert "for older pupils" in answer.content.decode()
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("data", [{}, {"classroom": "x"}, {"classroom": str(uuid.UUID(int=7))}, {"due_on": "31/02"}])
def test_bad_input_is_said(staff, classroom, data):
    module = ModuleFactory()
    answer = staff.post(f"/en/staff/catalogue/{module.slug}/assign/", data, follow=True)
    assert answer.status_code == 200
    assert "Choose one of your classes" in answer.content.decode()


def test_another_teachers_class_cannot_be_given_a_module(staff):
    other = ClassroomFactory()
    module = ModuleFactory()
    staff.post(f"/en/staff/catalogue/{module.slug}/assign/", {"classroom": other.pk})
    assert not Assignment.objects.exists()


def test_taking_a_module_off_the_list_keeps_what_was_done(staff, classroom):
    module = make_assigned(classroom)
    seat = classroom.seats.first()
    Reading.objects.create(school=seat.school, school_year=seat.school_year, seat=seat, module=module)
    assignment = Assignment.objects.get()
    assert staff.post(f"/en/staff/assigned/{assignment.pk}/remove/").status_code == 302
    assert not Assignment.objects.exists()
    assert Reading.objects.exists()
    assert staff.post(f"/en/staff/assigned/{assignment.pk}/remove/").status_code == 404


def test_a_stranger_cannot_take_a_module_off_a_list(client, classroom):
    make_assigned(classroom)
    client.force_login(make_teacher())
    assert client.post(f"/en/staff/assigned/{Assignment.objects.get().pk}/remove/").status_code == 404
    assert Assignment.objects.exists()


def test_an_administrator_reads_but_does_not_assign(client, classroom):
    module = ModuleFactory()
    client.force_login(make_administrator())
    assert client.get(f"/en/staff/catalogue/{module.slug}/").status_code == 200
    assert client.post(f"/en/staff/catalogue/{module.slug}/assign/").status_code == 403


def test_a_step_is_previewed_as_a_pupil_sees_it_and_counts_nothing(staff):
    module = ModuleFactory(band="9-11", is_sensitive=True)
    make_scenario(module.steps.get(position=2))
    page = staff.get(f"/en/staff/catalogue/{module.slug}/steps/2/").content.decode()
    assert 'data-band="9-11"' in page
    assert "A message comes" in page
    assert "Something else" in page
    assert not Reading.objects.exists()
    assert staff.get(f"/en/staff/catalogue/{module.slug}/steps/9/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "words"),
    [("worksheet", "Task"), ("worksheet", "#thing-ear"), ("easy-read", "You can tell"), ("letter", "A shock")],
)
def test_papers_print(staff, kind, words):
    module = ModuleFactory(paper_en=PAPER, paper_fr=PAPER)
    assert words in staff.get(f"/en/staff/catalogue/{module.slug}/paper/{kind}/").content.decode()
    assert staff.get(f"/en/staff/catalogue/{module.slug}/paper/other/").status_code == 404


def test_the_story_prints_with_every_answer_and_where_it_leads(staff):
    module = ModuleFactory(paper_en=PAPER, paper_fr=PAPER, is_sensitive=True)
    scenario = make_scenario(module.steps.get(position=2)).scenes.all()
    page = staff.get(f"/en/staff/catalogue/{module.slug}/paper/story/").content.decode()
    sheet = page[page.index('class="paper-sheet"') :]
    for step in module.steps.all():
        assert step.title in sheet
        assert step.neutral_title in sheet
    for scene in scenario:
        assert scene.text in sheet
        for reply in scene.replies.all():
            assert f"{reply.text}</strong> → 2.{reply.next_scene.position}" in sheet
            assert reply.feedback in sheet
    assert module.next_words in sheet


def test_what_to_do_when_a_child_confides_is_by_territory(staff):
    HelplineFactory(territory="GB", name_en="British line", is_staff_page_only=True)
    page = staff.get("/en/staff/when-a-child-confides/?territory=GB").content.decode()
    assert "designated safeguarding lead" in page
    assert "British line" in page
    assert "CRIP" in staff.get("/en/staff/when-a-child-confides/?territory=FR").content.decode()


@pytest.mark.parametrize(
    "address", ["/en/staff/catalogue/", "/en/staff/catalogue/any/", "/en/staff/when-a-child-confides/"]
)
def test_visitors_sign_in_first_and_pupils_are_no_staff(client, classroom, address):
    assert "/account/login/" in client.get(address).url
    seat = ClassroomFactory(is_open=True).seats.first()
    assert "/account/login/" in sit(seat).get(address).url


def test_unpublished_modules_are_no_page(staff):
    module = ModuleFactory(is_published=False)
    assert staff.get(f"/en/staff/catalogue/{module.slug}/").status_code == 404
