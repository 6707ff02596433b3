"""What parents read without an account: the letters of each band, never those of another, nor of staff."""

import pytest

from lessons.enums import ReviewState
from tests.factories.accounts import ClassroomFactory, make_teacher, sit
from tests.factories.lessons import HelplineFactory, ModuleFactory

pytestmark = pytest.mark.django_db


def make_taught(band="9-11", sees="a calm story", **fields):
    letter = {"what_we_do": "We **teach**", "they_see": [sees], "they_never_see": ["a shock"], "at_home": ["talk"]}
    paper = {"letter": letter}
    return ModuleFactory(band=band, paper_fr=paper, paper_en=paper, **fields)


def page(client, where="9-11/", **query):
    return client.get(f"/en/parents/{where}", query)


def test_every_band_is_named_with_its_modules_and_staff_are_not(client):
    (
        make_taught(title_en="Nine"),
        make_taught("15-18", title_en="Fifteen"),
        ModuleFactory(band="staff", title_en="Staff"),
    )
    text = page(client, "").content.decode()
    for band in ("6-8", "9-11", "12-14", "15-18"):
        assert f"/en/parents/{band}/" in text
    assert "Nine" in text
    assert "Fifteen" in text
    assert "/parents/staff/" not in text
    assert "Nobody but staff" not in text
    assert "If your child tells you something" in text


def test_a_band_reads_its_own_letters_only(client):
    make_taught(sees="a lamp")
    make_taught("12-14", sees="a bus")
    text = page(client).content.decode()
    for words in ("a lamp", "a shock", "<strong>teach</strong>", "talk", "Not yet reviewed by professionals"):
        assert words in text
    assert "a bus" not in text


@pytest.mark.parametrize("band", ["staff", "7-9", "x", "6-8%00"])
def test_other_bands_are_no_page(client, band):
    assert page(client, f"{band}/").status_code == 404


def test_nothing_unpublished_or_without_a_letter_is_read(client):
    make_taught(sees="a draft", is_published=False)
    ModuleFactory(band="9-11", title_en="No letter")
    text = page(client).content.decode()
    assert "a draft" not in text
    assert "No letter" not in text
    assert "There is no module for this age yet" in text


def test_where_unreviewed_modules_are_withheld_parents_read_what_pupils_may_open(client, settings):
    make_taught(sees="unsigned")
    make_taught(sees="signed", review_state=ReviewState.REVIEWED)
    settings.WITHHOLD_UNREVIEWED = True
    text = page(client).content.decode()
    assert "unsigned" not in text
    assert "signed" in text


def test_help_for_adults_is_by_territory(client):
    HelplineFactory(territory="GB", name_en="British advice")
    HelplineFactory(territory="GB", name_en="Staff page", is_staff_page_only=True)
    HelplineFactory(territory="GB", name_en="Pupils only", is_for_adults=False)
    text = page(client, territory="GB").content.decode()
    assert "British advice" in text
    assert "Staff page" not in text
    assert "Pupils only" not in text
    assert "British advice" not in page(client, territory="nowhere").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_band_costs_the_same_with_one_module_and_with_three(client, count, django_assert_num_queries):
    for _number in range(count):
        make_taught()
    with django_assert_num_queries(2):
        page(client)


def test_a_pupil_may_read_it_too_and_nothing_is_written(client):
    seat = ClassroomFactory(is_open=True).seats.first()
    assert page(sit(seat)).status_code == 200
    assert client.post("/en/parents/").status_code == 405


def test_it_is_linked_from_about_and_from_the_letter(client):
    module = make_taught()
    assert "/en/parents/" in client.get("/en/about/").content.decode()
    client.force_login(make_teacher())
    letter = client.get(f"/en/staff/catalogue/{module.slug}/paper/letter/").content.decode()
    assert "testserver/en/parents/9-11/" in letter
