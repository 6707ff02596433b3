import datetime

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from quizzes.models import Attempt
from tests.factories.accounts import ClassroomFactory, sit
from tests.factories.lessons import make_done
from tests.factories.quizzes import make_assigned_with_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def classroom():
    return ClassroomFactory(is_open=True, form="A", age_of_youngest=12)


@pytest.fixture
def module(classroom):
    return make_assigned_with_quiz(classroom, title_en="The harbour")


@pytest.fixture
def seat(classroom):
    return classroom.seats.in_order()[0]


@pytest.fixture
def pupil(seat):
    return sit(seat)


def page(client, module, where):
    return client.get(f"/en/me/{module.slug}/{where}")


@pytest.mark.parametrize("where", ["end/", "certificate/"])
def test_before_the_end_there_is_no_end(pupil, module, where):
    assert page(pupil, module, where).url == f"/en/me/{module.slug}/"


def test_the_booster_is_announced_with_its_day(pupil, seat, module):
    make_done(seat, module, days_ago=13)
    text = page(pupil, module, "end/").content.decode()
    day = timezone.localdate() + datetime.timedelta(days=1)
    assert date_format(day, "j F Y") in text
    assert "questions/later/" not in text
    assert "questions/practice/" in text
    assert page(pupil, module, "questions/later/").url == f"/en/me/{module.slug}/end/"
    assert pupil.post(f"/en/me/{module.slug}/questions/later/save/", {}).status_code == 409
    assert not Attempt.objects.exists()


def test_after_two_weeks_the_booster_opens(pupil, seat, module):
    make_done(seat, module, days_ago=14)
    assert "questions/later/" in page(pupil, module, "end/").content.decode()
    assert page(pupil, module, "questions/later/").status_code == 200


def test_practice_waits_for_the_end(pupil, seat, module):
    assert page(pupil, module, "questions/practice/").status_code == 302
    make_done(seat, module)
    assert page(pupil, module, "questions/practice/").status_code == 200


def test_the_paper_has_a_line_for_a_name_and_no_name(pupil, seat, module):
    make_done(seat, module)
    text = page(pupil, module, "certificate/").content.decode()
    paper = text[text.index('<div class="certificate">') : text.index("Your name is not in the computer")]
    assert "I can tell." in paper
    assert "The harbour" in paper
    assert str(seat.handle) not in paper
    assert "<input" not in paper


def test_the_paper_of_a_sensitive_module_could_be_anybody_s(pupil, seat, classroom):
    module = make_assigned_with_quiz(classroom, title_en="The lighthouse", is_sensitive=True)
    make_done(seat, module)
    text = page(pupil, module, "certificate/").content.decode()
    assert "The lighthouse" not in text
    assert "I can tell." not in text
    assert "I thought along" in text


def test_there_is_nothing_to_win(pupil, seat, module):
    make_done(seat, module)
    text = page(pupil, module, "end/").content.decode().lower()
    for word in ("score", "points", "rank", "streak", "percent", "%</"):
        assert word not in text


def test_the_explanations_come_again_only_once_handed_in(pupil, seat, module):
    explained = f"/en/me/{module.slug}/questions/after/explained/"
    assert "because tell" not in pupil.get(explained, follow=True).content.decode()
    make_done(seat, module)
    form = page(pupil, module, "questions/after/")
    pupil.post(f"/en/me/{module.slug}/questions/after/", {"key": form.context["form"]["key"].value(), "pass": "1"})
    text = pupil.get(explained).content.decode()
    assert "because tell" in text
    assert "mine--y" not in text
    assert pupil.get(f"/en/me/{module.slug}/questions/before/explained/").status_code == 302
    assert pupil.post(explained).status_code == 405
