"""The pack of the data protection officer: filled with what the school has said, on the administrator's pages."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditLine
from privacy.inventory.pack import BRACKETS, DOCUMENTS, filled
from privacy.queries import document_of
from tests.factories.accounts import ClassroomFactory, SchoolFactory, make_administrator, signed_in, sit

pytestmark = pytest.mark.django_db
SAID = {"data_controller": "Inspection of Harbour, 1 Quay Street", "officer_contact": "dpo@harbour.example"}


@pytest.fixture
def school():
    return SchoolFactory(name="Harbour School")


@pytest.fixture
def office(school):
    return signed_in(make_administrator(school))


def test_an_administrator_says_who_answers_and_the_trail_keeps_it(office, school):
    address = reverse("privacy:pack", args=[school.pk])
    assert office.post(address, SAID).status_code == 302
    school.refresh_from_db()
    assert {name: getattr(school, name) for name in SAID} == SAID
    assert AuditLine.objects.get(act="set_controller").subject == SAID["data_controller"]
    html = office.get(address).content.decode()
    assert all(value in html for value in SAID.values())


def test_what_is_too_long_is_said_and_not_kept(office, school):
    answer = office.post(reverse("privacy:pack", args=[school.pk]), SAID | {"data_controller": "x" * 201})
    assert answer.status_code == 422
    school.refresh_from_db()
    assert school.data_controller == ""
    assert not AuditLine.objects.filter(act="set_controller").exists()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("slug", DOCUMENTS)
def test_each_document_is_a_page_in_both_languages(school, office, slug, language):
    with translation.override(language):
        address = reverse("privacy:pack_document", args=[school.pk, slug])
    html = office.get(address).content.decode()
    assert f"<h1>{document_of(school, slug, language).title}</h1>" in html
    assert "|---" not in html
    assert "**" not in html


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_bracket_of_the_table_stands_in_a_document_and_is_filled(school, language):
    raw = [(settings.BASE_DIR / f"docs/privacy/{slug}.{language}.md").read_text() for slug in DOCUMENTS]
    whole = " ".join(" ".join(raw).split())
    assert [bracket for bracket in BRACKETS[language] if bracket not in whole] == []
    school.data_controller, school.officer_contact = "The inspection", "the office"
    full = {slug: document_of(school, slug, language) for slug in DOCUMENTS}
    left = " ".join(one.text for one in full.values())
    assert [bracket for bracket in BRACKETS[language] if bracket in left] == []
    assert "The inspection" in full["notices"].text
    assert "the office" in full["register"].text


def test_a_name_makes_no_markup():
    text = filled("Data controller: [name]", "en", {"controller": "<b>*A* | [b]"})
    assert text == "Data controller: \\<b\\>\\*A\\* \\| \\[b\\]"


def test_pupils_read_who_answers(client, school):
    for name, value in SAID.items():
        setattr(school, name, value)
    school.save()
    classroom = ClassroomFactory(school=school, is_open=True)
    sit(classroom.seats.first(), client)
    for address in ("/en/what-we-keep/", "/en/me/kept/"):
        html = client.get(address).content.decode()
        assert all(value in html for value in SAID.values())


def test_the_overview_leads_to_it_and_an_unknown_document_is_not_there(office, school):
    address = reverse("privacy:pack", args=[school.pk])
    assert address.replace("/fr/", "/en/") in office.get("/en/staff/overview/").content.decode()
    assert office.get(f"/en/staff/pack/{school.pk}/secrets/").status_code == 404
