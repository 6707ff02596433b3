import datetime

import pytest

from accounts.models import Sitting
from accounts.operations import close_classroom, set_homework
from accounts.queries import card_of
from lessons.models import Reading, Step
from tests.factories.accounts import ClassroomFactory, sit, teacher_of
from tests.factories.lessons import (
    GlossaryTermFactory,
    HelplineFactory,
    ModuleFactory,
    StepFactory,
    make_assigned,
    make_done,
    make_scenario,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def classroom():
    return ClassroomFactory(seat_count=2, is_open=True, age_of_youngest=12)


@pytest.fixture
def seat(classroom):
    return classroom.seats.in_order()[0]


@pytest.fixture
def pupil(seat):
    return sit(seat)


def step_url(module, number):
    return f"/en/me/{module.slug}/{number}/"


def test_a_pupil_finds_the_modules_of_the_class(pupil, classroom):
    module = make_assigned(classroom, title_en="The first one")
    ModuleFactory(title_en="Not assigned")
    page = pupil.get("/en/me/").content.decode()
    assert "The first one" in page
    assert f"/en/me/{module.slug}/" in page
    assert "Not assigned" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_with_one_module_and_with_three(pupil, classroom, count, django_assert_num_queries):
    for _number in range(count):
        make_assigned(classroom)
    with django_assert_num_queries(5):
        pupil.get("/en/me/")


def test_an_empty_page_says_what_comes_next(pupil):
    assert "Your teacher has not put a module" in pupil.get("/en/me/").content.decode()


def test_a_module_opens_with_what_the_pupil_will_be_able_to_say(pupil, classroom):
    module = make_assigned(classroom)
    page = pupil.get(f"/en/me/{module.slug}/").content.decode()
    assert "I can notice." in page
    assert f"/en/me/{module.slug}/questions/before/" in page


def test_steps_go_on_one_by_one_to_the_questions(pupil, classroom, seat):
    module = make_assigned(classroom)
    for number in (1, 2, 3):
        assert f"Title of step {number}" in pupil.get(step_url(module, number)).content.decode()
        answer = pupil.post(step_url(module, number))
    assert answer.url == f"/en/me/{module.slug}/questions/after/"
    assert Reading.objects.get(seat=seat).furthest_step == 3
    assert Reading.objects.get(seat=seat).done_on is None, "the questions are still to come"
    assert Sitting.objects.get().step_number == 3


def test_nobody_skips_ahead_and_going_back_loses_nothing(pupil, classroom, seat):
    module = make_assigned(classroom)
    assert pupil.get(step_url(module, 3)).url == step_url(module, 1)
    pupil.post(step_url(module, 3))
    assert Reading.objects.get(seat=seat).furthest_step == 0
    pupil.post(step_url(module, 1))
    pupil.post(step_url(module, 2))
    pupil.post(step_url(module, 1))
    assert Reading.objects.get(seat=seat).furthest_step == 2
    assert pupil.get(f"/en/me/{module.slug}/").content.decode().count(step_url(module, 3)) == 1


@pytest.mark.parametrize("number", [0, 4, 999])
def test_a_step_that_is_not_there_is_no_page(pupil, classroom, number):
    module = make_assigned(classroom)
    assert pupil.get(step_url(module, number)).status_code == 404
    assert pupil.post(step_url(module, number)).status_code == 404


def test_a_step_for_older_pupils_is_not_shown_nor_counted(pupil, classroom):
    module = make_assigned(classroom)
    StepFactory(module=module, position=4, from_age=13, title_en="From thirteen on")
    assert pupil.get(step_url(module, 4)).status_code == 404
    for number in (1, 2, 3):
        answer = pupil.post(step_url(module, number))
    assert answer.url.endswith("/questions/after/")


def test_what_is_not_assigned_or_above_the_band_is_no_page_whatever_the_address(pupil, classroom):
    for module in (ModuleFactory(), make_assigned(classroom, band="15-18")):
        for address in (f"/en/me/{module.slug}/", step_url(module, 1), f"/en/me/{module.slug}/end/"):
            assert pupil.get(address).status_code == 404, address
        assert pupil.post(step_url(module, 1)).status_code == 404


def test_a_younger_bands_module_may_be_taught(pupil, classroom):
    assert pupil.get(f"/en/me/{make_assigned(classroom, band='9-11').slug}/").status_code == 200


def test_a_sensitive_module_never_opens_at_home(classroom, seat):
    sensitive, plain = make_assigned(classroom, is_sensitive=True), make_assigned(classroom)
    teacher = teacher_of(classroom)
    set_homework(classroom=classroom, until=datetime.date(2099, 1, 1), actor=teacher)
    close_classroom(classroom=classroom, actor=teacher)
    pupil = sit(seat)
    assert pupil.get(f"/en/me/{plain.slug}/").status_code == 200
    assert pupil.get(f"/en/me/{sensitive.slug}/").status_code == 404
    assert sensitive.title_en not in pupil.get("/en/me/").content.decode()


def test_when_the_class_closes_the_page_is_gone(pupil, classroom):
    module = make_assigned(classroom)
    close_classroom(classroom=classroom, actor=teacher_of(classroom))
    assert pupil.get(step_url(module, 1)).url == "/en/sit/?ended"


def test_a_sensitive_step_and_its_neutral_activity_travel_together_without_a_trace(pupil, classroom):
    module = make_assigned(classroom, is_sensitive=True)
    page = pupil.get(step_url(module, 1)).content.decode()
    assert "Title of step 1" in page
    assert "Something else" in page
    form = page[page.rindex("<form", 0, page.index("Continue")) :]
    assert 'name="side"' not in form[: form.index("</form>")], "which side is looked at is never sent"


def test_a_scenario_comes_whole_and_stores_nothing(pupil, classroom):
    module = make_assigned(classroom)
    make_scenario(Step.objects.get(module=module, position=1))
    page = pupil.get(step_url(module, 1)).content.decode()
    assert "A message comes" in page
    assert "An adult listens" in page
    assert 'href="#reply-start-tell"' in page
    assert 'id="reply-start-tell"' in page
    assert 'href="#scene-end"' in page
    assert page.index('id="scene-end"') < page.index('id="scene-start"'), "the first scene stands last for plain CSS"


def test_the_end_says_what_i_can_do_and_who_helps(pupil, classroom, seat):
    module = make_assigned(classroom)
    make_done(seat, module)
    HelplineFactory(territory="FR", name_en="Somebody to call")
    HelplineFactory(territory="GB", name_en="Elsewhere")
    page = pupil.get(f"/en/me/{module.slug}/end/").content.decode()
    assert "I can tell." in page
    assert "You can ask for help." in page
    assert "Somebody to call" in page
    assert "Elsewhere" not in page


def test_help_needs_no_seat_and_speaks_of_the_place_that_is_asked(client):
    HelplineFactory(territory="FR", name_en="French line", hours_en="around the clock")
    HelplineFactory(territory="GB", name_en="British line")
    HelplineFactory(territory="FR", name_en="For staff only", is_staff_page_only=True)
    page = client.get("/en/help/").content.decode()
    assert "French line" in page
    assert "British line" not in page
    assert "For staff only" not in page
    assert "around the clock" not in page, "hours wait until somebody has checked them"
    assert "British line" in client.get("/en/help/?territory=GB").content.decode()
    assert "French line" in client.get("/en/help/?territory=%00").content.decode()
    assert not client.cookies, "no trace, not even a cookie"


def test_words_are_those_of_the_class(pupil, client):
    GlossaryTermFactory(term_en="Secret", from_age=6)
    GlossaryTermFactory(term_en="For thirteen", from_age=13)
    page = pupil.get("/en/words/").content.decode()
    assert "Secret" in page
    assert "For thirteen" not in page


@pytest.mark.parametrize("address", ["/en/me/", "/en/me/any/", "/en/me/any/1/", "/en/me/any/end/"])
def test_a_visitor_is_led_to_sitting_down(client, address):
    assert client.get(address).url == "/en/sit/"


def test_only_a_step_takes_a_post(pupil, classroom):
    module = make_assigned(classroom)
    for address in ("/en/me/", f"/en/me/{module.slug}/", f"/en/me/{module.slug}/end/", "/en/help/", "/en/words/"):
        assert pupil.post(address).status_code == 405, address


def test_a_card_of_another_class_opens_its_own_modules_only(classroom):
    other = ClassroomFactory(is_open=True)
    mine, theirs = make_assigned(classroom), make_assigned(other)
    pupil = sit(other.seats.first())
    assert card_of(other.seats.first()).token
    assert pupil.get(f"/en/me/{theirs.slug}/").status_code == 200
    assert pupil.get(f"/en/me/{mine.slug}/").status_code == 404
