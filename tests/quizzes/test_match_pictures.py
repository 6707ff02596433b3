"""Match for those who do not read yet: drawings on both sides, radio buttons, no script needed."""

import re

import pytest

from quizzes.models import Attempt, Choice, Tally
from tests.factories.accounts import ClassroomFactory, sit
from tests.factories.quizzes import make_assigned_with_quiz

pytestmark = pytest.mark.django_db
DRAWINGS = {"gift": "feather", "secret": "stone", "threat": "sun"}


@pytest.fixture
def classroom():
    return ClassroomFactory(seat_count=1, is_open=True, form="A", age_of_youngest=12)


@pytest.fixture
def asked(classroom):
    module = make_assigned_with_quiz(classroom)
    for slug, thing in DRAWINGS.items():
        Choice.objects.filter(question__kind="match", slug=slug).update(thing="ball", partner_thing=thing)
    return f"/en/me/{module.slug}/questions/before/"


@pytest.fixture
def pupil(classroom):
    return sit(classroom.seats.in_order()[0])


def pairs(page: str) -> dict[str, dict[str, str]]:
    """A row's name → drawing of a partner → the value that its radio button sends."""
    found: dict[str, dict[str, str]] = {}
    for label in re.findall(r'<label class="choice pair">.*?</label>', page, re.DOTALL):
        name, value = re.search(r'type="radio" name="([^"]+)" value="([^"]+)"', label).groups()
        found.setdefault(name, {})[re.search(r"#thing-([a-z-]+)", label)[1]] = value
    return found


def right_answers(page: str) -> dict[str, str]:
    rows = Choice.objects.filter(question__slug="a-match")
    return {str(row.pk): pairs(page)[str(row.pk)][DRAWINGS[row.slug]] for row in rows}


def with_key(page: str, answers: dict[str, str]) -> dict[str, str]:
    return answers | {"key": re.search(r'name="key" value="([^"]+)"', page)[1], "anyway": "1"}


def test_every_row_offers_the_drawings_of_all_partners(pupil, asked):
    page = pupil.get(asked).content.decode()
    assert len(pairs(page)) == 3
    assert all(set(row) == set(DRAWINGS.values()) for row in pairs(page).values())
    assert "data-match" not in page
    for row in Choice.objects.filter(question__slug="a-match"):
        assert f'aria-labelledby="row-{row.pk}"' in page


def test_what_was_chosen_is_kept_and_shown_again(pupil, asked):
    page = pupil.get(asked).content.decode()
    assert pupil.post(f"{asked}save/", with_key(page, right_answers(page))).status_code in (200, 204)
    again = pupil.get(asked).content.decode()
    for name, value in right_answers(page).items():
        assert re.search(rf'name="{name}" value="{value}"\s+checked', again)
    assert len(re.findall(r'value="[^"]+"\s+checked', again)) == 3


def test_pictures_joined_as_they_belong_are_right(pupil, asked):
    page = pupil.get(asked).content.decode()
    assert pupil.post(asked, with_key(page, right_answers(page))).status_code == 302
    assert Attempt.objects.get().is_submitted
    assert Tally.objects.get(question__slug="a-match", item="=right").running == 1


def test_one_partner_in_two_rows_is_an_answer_like_another(pupil, asked):
    page = pupil.get(asked).content.decode()
    same = {name: row["sun"] for name, row in pairs(page).items()}
    assert pupil.post(asked, with_key(page, same)).status_code == 302
    assert Attempt.objects.get().is_submitted
    assert not Tally.objects.filter(question__slug="a-match", item="=right", running=1).exists()


def test_a_partner_without_a_drawing_leaves_the_lists(pupil, asked):
    Choice.objects.filter(question__kind="match", slug="gift").update(partner_thing="")
    page = pupil.get(asked).content.decode()
    assert pairs(page) == {}
    assert "data-match" in page
