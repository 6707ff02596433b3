"""The module in short sentences, for whoever asks."""

import pytest

from lessons.models import Reading
from tests.factories.accounts import ClassroomFactory, sit
from tests.factories.lessons import make_assigned

pytestmark = pytest.mark.django_db
EASY = {"easy_read": {"title": "In short", "lines": [{"thing": "heart", "text": "You can tell."}]}}


@pytest.fixture
def classroom():
    return ClassroomFactory(is_open=True)


def test_a_pupil_reads_it_from_the_start_of_the_module_and_nothing_is_kept(classroom):
    module = make_assigned(classroom, paper_en=EASY, paper_fr=EASY)
    pupil = sit(classroom.seats.first())
    assert f"/en/me/{module.slug}/easy/" in pupil.get(f"/en/me/{module.slug}/").content.decode()
    page = pupil.get(f"/en/me/{module.slug}/easy/").content.decode()
    assert "You can tell." in page
    assert "#thing-heart" in page
    assert not Reading.objects.exists()


def test_without_one_there_is_neither_link_nor_page(classroom):
    module = make_assigned(classroom)
    pupil = sit(classroom.seats.first())
    assert "/easy/" not in pupil.get(f"/en/me/{module.slug}/").content.decode()
    assert pupil.get(f"/en/me/{module.slug}/easy/").status_code == 404
    assert pupil.post(f"/en/me/{module.slug}/easy/").status_code == 405


def test_a_module_that_is_not_open_to_the_seat_is_no_page(client, classroom):
    module = make_assigned(ClassroomFactory(), paper_en=EASY, paper_fr=EASY)
    assert sit(classroom.seats.first()).get(f"/en/me/{module.slug}/easy/").status_code == 404
    assert client.get(f"/en/me/{module.slug}/easy/").url == "/en/sit/"
