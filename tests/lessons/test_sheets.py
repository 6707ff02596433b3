"""Sheets that a school prints: they are filled in by hand, and nothing of them can be typed or sent."""

import re

import pytest

from lessons.queries.poster import poster_lines
from tests.factories.accounts import make_teacher
from tests.factories.lessons import HelplineFactory, ModuleFactory

pytestmark = pytest.mark.django_db
CARD, WORDS, POSTER = (f"/en/staff/when-a-child-confides/{name}/" for name in ("card", "words", "poster"))


@pytest.fixture
def staff(client):
    client.force_login(make_teacher())
    return client


def sheet_of(page: str) -> str:
    return page[page.index('<section class="paper-sheet') : page.index("</section>", page.index('"paper-sheet'[1:]))]


@pytest.mark.parametrize("address", [CARD, WORDS, POSTER])
def test_a_sheet_has_lines_for_a_pen_and_no_field(staff, address):
    page = staff.get(address).content.decode()
    assert not re.search(r"<(input|textarea|form|select|button)", sheet_of(page))
    assert "sheet.css" in page
    assert "data-print" in page
    assert staff.post(address).status_code == 405


@pytest.mark.parametrize(
    ("territory", "here", "not_here"),
    [
        ("FR", "CRIP", "safeguarding lead"),
        ("GB", "Designated safeguarding lead", "CRIP"),
        ("CH", "The person our protocol names", "CRIP"),
        ("../x", "CRIP", "safeguarding lead"),
    ],
)
def test_the_protocol_card_names_the_functions_of_its_territory(staff, territory, here, not_here):
    sheet = sheet_of(staff.get(CARD, {"territory": territory}).content.decode())
    assert here in sheet
    assert not_here not in sheet


def test_the_card_has_the_numbers_of_its_territory_only(staff):
    HelplineFactory(territory="BE", name_en="Belgian emergency", is_emergency=True)
    HelplineFactory(territory="BE", name_en="Belgian advice")
    HelplineFactory(territory="FR", name_en="French advice")
    sheet = sheet_of(staff.get(CARD, {"territory": "BE"}).content.decode())
    assert "Belgian emergency" in sheet
    assert "Belgian advice" in sheet
    assert "French advice" not in sheet


def test_the_blank_sheet_asks_for_words_date_and_hour_and_never_for_a_picture(staff):
    sheet = sheet_of(staff.get(WORDS).content.decode())
    for words in ("word for word", "Date", "Hour", "never typed", "Never look at it, copy it or ask for it"):
        assert words in sheet
    assert sheet.count("pen-line") >= 15


def test_the_poster_shows_numbers_for_pupils_and_no_hours(staff):
    HelplineFactory(name_en="000, Listening", contacts=[{"kind": "phone", "value": "000"}])
    HelplineFactory(name_en="Urgent", is_emergency=True, contacts=[{"kind": "sms", "value": "111"}])
    HelplineFactory(name_en="For adults", is_for_pupils=False)
    HelplineFactory(name_en="For staff", is_staff_page_only=True)
    HelplineFactory(name_en="Elsewhere", territory="GB")
    sheet = sheet_of(staff.get(POSTER).content.decode())
    for words in ("Listening", "111", "by text message", "It is never your fault", "At our school you can also see"):
        assert words in sheet
    for words in ("For adults", "For staff", "Elsewhere", "around the clock"):
        assert words not in sheet
    assert sheet.count("<use") >= 6
    assert "Elsewhere" in staff.get(POSTER, {"territory": "GB"}).content.decode()


@pytest.mark.parametrize(
    ("contacts", "call"),
    [
        ([{"kind": "chat", "value": "https://www.example.org/"}, {"kind": "phone", "value": "3018"}], "3018"),
        ([{"kind": "web", "value": "https://www.example.org/help"}], "example.org/help"),
        ([{"kind": "phone", "value": "1"}, {"kind": "phone", "value": "2"}], "1"),
        ([{"kind": "app", "value": "Urgence"}], "Urgence"),
    ],
)
def test_the_number_comes_first_then_the_address(contacts, call):
    HelplineFactory(contacts=contacts)
    assert [line.call for line in poster_lines("FR")] == [call]


def test_a_name_that_repeats_its_number_is_said_once():
    HelplineFactory(name_fr="3018", name_en="3018", contacts=[{"kind": "phone", "value": "3018"}])
    assert poster_lines("FR")[0].name == ""


def test_the_sheets_are_linked_where_they_are_needed(staff):
    module = ModuleFactory(paper_en={"letter": {}}, paper_fr={"letter": {}})
    pages = ["/en/staff/when-a-child-confides/", "/en/staff/catalogue/", f"/en/staff/catalogue/{module.slug}/"]
    for page in pages:
        text = staff.get(page).content.decode()
        assert [address for address in (CARD, WORDS, POSTER) if address not in text] == []


def test_visitors_find_the_poster_no_more_than_other_staff_pages(client):
    assert "/account/login/" in client.get(POSTER).url
