import re
import uuid

import pytest
from django.core.cache import caches
from django.test import Client

from accounts.models import Seat
from lessons.models import Reading
from quizzes.enums import Moment
from quizzes.models import Attempt, Choice, Question, Tally
from quizzes.queries import questions_of, quiz_for
from tests.factories.accounts import ClassroomFactory, make_teacher, sit
from tests.factories.lessons import ModuleFactory
from tests.factories.quizzes import RIGHT, WRONG, make_assigned_with_quiz, make_quizzes

pytestmark = pytest.mark.django_db


@pytest.fixture
def classroom():
    return ClassroomFactory(seat_count=3, is_open=True, form="A", age_of_youngest=12)


@pytest.fixture
def seat(classroom):
    return Seat.objects.select_related("classroom").get(pk=classroom.seats.in_order()[0].pk)


@pytest.fixture
def pupil(seat):
    return sit(seat)


def read_all(seat, module):
    Reading.objects.create(
        school_id=seat.school_id, school_year=seat.school_year, seat=seat, module=module, furthest_step=3
    )


def url(module, moment="before", action=""):
    return f"/en/me/{module.slug}/questions/{moment}/{action}"


def posted(client, module, moment, values, **more):
    """What a browser sends for these responses, taken from the page it was shown."""
    page = client.get(url(module, moment)).content.decode()
    data = {"key": re.search(r'name="key" value="([^"]+)"', page)[1]}
    classroom_form = Question.objects.filter(quiz__module=module).first()
    assert classroom_form
    for question in Question.objects.filter(quiz__module=module, is_current=True).prefetch_related("choices"):
        if str(question.pk) not in page and str(question.choices.all()[0].pk) not in page:
            continue
        value = values.get(question.slug.partition("-")[2])
        if value is None:
            continue
        if not isinstance(value, dict):
            data[str(question.pk)] = value
            continue
        by_slug = {choice.slug: choice for choice in question.choices.all()}
        for slug, wanted in value.items():
            name = str(by_slug[slug].pk)
            if question.kind == "order":
                data[name] = str(wanted)
            else:
                label = by_slug[wanted].partner_en
                select = re.search(rf'name="{name}".*?</select>', page, re.DOTALL)[0]
                data[name] = re.search(rf'value="([^"]+)"[^>]*>{label}<', select)[1]
    return data | more


def test_a_pupil_hands_in_and_reads_the_explanations(pupil, seat, module):
    read_all(seat, module)
    answer = pupil.post(url(module, "after"), posted(pupil, module, "after", RIGHT))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("answer--sure") == 6
    assert "because tell" in page
    assert Attempt.objects.get().is_submitted
    assert Reading.objects.get().done_on is not None
    assert pupil.get(url(module, "after")).url == f"/en/me/{module.slug}/end/"


def test_before_the_lesson_nothing_is_explained_and_the_lesson_begins(pupil, module):
    answer = pupil.post(url(module), posted(pupil, module, "before", RIGHT))
    assert answer.status_code == 302
    assert answer.url == f"/en/me/{module.slug}/1/"
    assert pupil.get(url(module)).url == f"/en/me/{module.slug}/1/"
    assert Tally.objects.filter(moment=Moment.BEFORE, item="").count() == 6


def test_the_questions_after_the_lesson_wait_until_it_is_read(pupil, module):
    assert pupil.get(url(module, "after")).url == f"/en/me/{module.slug}/1/"


def test_unanswered_questions_are_named_and_nothing_is_lost(pupil, module):
    partly = posted(pupil, module, "before", {"one": "hide", "order": RIGHT["order"]})
    answer = pupil.post(url(module), partly)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "4 questions have no answer yet" in page
    assert re.search(r'value="hide"\s+checked', page)
    assert not Attempt.objects.exists()
    assert pupil.post(url(module), partly | {"anyway": "1"}).status_code == 302
    assert set(Tally.objects.filter(item="").values_list("question__slug", flat=True)) == {"a-one", "a-order"}


def test_a_pass_is_an_ordinary_submission_of_the_same_size(classroom, module):
    sizes = set()
    for seat, values, more in zip(classroom.seats.in_order(), (RIGHT, WRONG, {}), ({}, {}, {"pass": "1"}), strict=True):
        pupil = sit(seat)
        read_all(seat, module)
        answer = pupil.post(url(module, "after"), posted(pupil, module, "after", values, **more))
        assert answer.status_code == 200
        page = re.sub(rb"\s+", b" ", answer.content)
        sizes.add(len(page.replace(seat.handle.encode(), b"").replace(seat.animal.encode(), b"")))
    assert Attempt.objects.filter(is_submitted=True).count() == 3
    assert Tally.objects.filter(item="").values_list("running", flat=True).distinct().get() == 2
    assert max(sizes) - min(sizes) <= 200, "only the animal's own drawing and the token may differ"


def test_a_repeat_shows_the_same_page_and_counts_once(pupil, seat, module):
    read_all(seat, module)
    data = posted(pupil, module, "after", RIGHT)
    pupil.post(url(module, "after"), data)
    again = pupil.post(url(module, "after"), data)
    assert again.status_code == 200
    assert "already handed in" in again.content.decode()
    assert set(Tally.objects.filter(item="").values_list("running", flat=True)) == {1}


def test_answers_are_kept_on_the_way_and_go_on_elsewhere(pupil, seat, module):
    data = posted(pupil, module, "before", {"one": "hide", "many": ["ask"], "match": RIGHT["match"]})
    assert pupil.post(url(module, "before", "save/"), data).status_code == 204
    elsewhere = sit(seat, Client())
    page = elsewhere.get(url(module)).content.decode()
    assert re.search(r'value="hide"\s+checked', page)
    assert re.search(r'value="ask"\s+checked', page)
    assert page.count("selected") >= 3
    assert pupil.post(url(module, "before", "save/"), data).status_code == 302, "the former device stood up"


def test_questions_travel_compressed_until_an_answer_stands_on_them(pupil, module):
    asked = {"headers": {"accept-encoding": "gzip"}}
    assert pupil.get(url(module), **asked)["Content-Encoding"] == "gzip"
    pupil.post(url(module, "before", "save/"), posted(pupil, module, "before", {"one": "hide"}))
    assert "Content-Encoding" not in pupil.get(url(module), **asked)


def test_saving_after_handing_in_is_refused_kindly(pupil, module):
    data = posted(pupil, module, "before", RIGHT)
    pupil.post(url(module), data)
    assert pupil.post(url(module, "before", "save/"), data).status_code == 409


@pytest.mark.parametrize("kind", ["one", "true_false", "several", "signs"])
def test_swapping_which_choice_is_right_leaves_every_byte_before_submission(pupil, module, kind):
    def page():
        caches["content"].clear()
        found = pupil.get(url(module)).content
        found = re.sub(rb'name="key" value="[^"]+"', b"", found)
        return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", found)

    before = page()
    for choice in Choice.objects.filter(question__kind=kind):
        choice.is_right = not choice.is_right
        choice.save()
    assert page() == before


def test_swapping_places_and_partners_moves_no_byte_either(pupil, classroom, module):
    def page():
        caches["content"].clear()
        found = pupil.get(url(module)).content
        found = re.sub(rb'name="key" value="[^"]+"', b"", found)
        return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", found)

    before = page()
    quiz = quiz_for(classroom, module, Moment.BEFORE)
    for question in questions_of(quiz):
        choices = list(question.choices.all())
        if question.kind == "order":
            for place, choice in enumerate(reversed(choices), start=1):
                Choice.objects.filter(pk=choice.pk).update(position=place)
        if question.kind == "match":
            for choice, other in zip(choices, choices[1:] + choices[:1], strict=True):
                Choice.objects.filter(pk=choice.pk).update(partner_fr=other.partner_fr, partner_en=other.partner_en)
    assert page() == before


@pytest.mark.parametrize("moment", ["never", "BEFORE", "before%00"])
def test_an_unknown_moment_is_no_page(pupil, module, moment):
    assert pupil.get(url(module, moment)).status_code == 404


def test_a_module_that_is_not_assigned_or_above_the_band_is_no_page(pupil, classroom):
    other = ModuleFactory()
    make_quizzes(other)
    assert pupil.get(url(other)).status_code == 404
    older = make_assigned_with_quiz(classroom, band="15-18")
    assert pupil.get(url(older)).status_code == 404
    assert pupil.post(url(older), {"key": uuid.uuid4(), "pass": "1"}).status_code == 404


@pytest.mark.parametrize("broken", [{}, {"key": "not-a-key"}, {"key": ""}])
def test_a_damaged_form_is_said_and_keeps_the_answers(pupil, module, broken):
    data = posted(pupil, module, "before", {"one": "hide"})
    del data["key"]
    answer = pupil.post(url(module), data | broken)
    assert answer.status_code == 422
    assert re.search(r'value="hide"\s+checked', answer.content.decode())
    assert pupil.post(url(module, "before", "save/"), broken).status_code == 422


def test_unknown_choices_are_refused_without_a_500(pupil, module):
    data = {name: ["\x00", "x" * 5000, "é"] for name in posted(pupil, module, "before", RIGHT)}
    assert pupil.post(url(module), data | {"key": str(uuid.uuid4())}).status_code == 422
    assert not Attempt.objects.exists()


def test_without_a_seat_the_way_leads_to_sitting_down(module, client):
    assert client.get(url(module)).url == "/en/sit/"
    assert client.post(url(module), {}).url == "/en/sit/"


def test_saving_is_a_post(pupil, module):
    assert pupil.get(url(module, "before", "save/")).status_code == 405


def test_staff_print_both_forms_with_the_key_at_the_end(client, module):
    client.force_login(make_teacher())
    page = client.get(f"/en/staff/catalogue/{module.slug}/questions/").content.decode()
    assert page.count("prompt a-one") == 2
    assert page.count("prompt b-one") == 2
    assert "because tell" in page
    assert client.get("/en/staff/catalogue/none/questions/").status_code == 404


def test_a_pupil_cannot_print_them(pupil, module):
    assert pupil.get(f"/en/staff/catalogue/{module.slug}/questions/").status_code == 302
