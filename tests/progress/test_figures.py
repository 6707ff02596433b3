import datetime
import re
import sys
import uuid
from html import unescape

import pytest
import time_machine
from django.test import Client

from accounts.models import Authority, AuthorityMembership
from progress.models import ALL_SCHOOLS, NO_SCHOOL, Release, ReleaseCell
from progress.queries import figures as read_figures
from tests.factories.accounts import SchoolFactory, make_administrator, signed_in
from tests.factories.lessons import ModuleFactory
from tests.factories.progress import make_old_class
from tests.progress.test_report import read_csv

URL, CSV = "/en/staff/figures/", "/en/staff/figures/table.csv"


def publish(scope, cells, period="2024-T1", **school):
    owner = {"authority" if isinstance(scope, Authority) else "school": scope}
    release, _created = Release.objects.get_or_create(school_year=2024, period=period, **owner)
    for module, low in cells:
        ReleaseCell.objects.create(
            release=release,
            band="12-14",
            module_slug=module.slug,
            seats_from=low,
            seats_to=None if low is None else low + 9,
            **school,
        )
    return release


@pytest.fixture
def modules(db):
    return [ModuleFactory(title_en=f"Module {letter}", position=place) for place, letter in enumerate("ABC", start=1)]


def rows_of(html: str) -> list[list[str]]:
    tables = re.findall(r"<tbody>(.*?)</tbody>", html, re.DOTALL)
    rows = [row for table in tables for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)]
    return [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def test_a_school_s_figures_are_the_published_bands(office, school, modules):
    publish(school, [(modules[0], 20), (modules[1], 0), (modules[2], None)])
    html = office.get(URL).content.decode()
    assert [row[-1] for row in rows_of(html)] == ["20–29", "0–9", "withheld"]
    assert "What is this figure?" in html
    assert "bands of ten" in html


def test_nothing_of_the_running_counts_is_read(office, school, modules):
    make_old_class(school)
    html = office.get(URL).content.decode()
    assert "The first figures are on their way" in html


@time_machine.travel("2024-11-20 10:00Z", tick=False)
def test_an_empty_page_says_when_the_first_release_comes(office):
    html = office.get(URL).content.decode()
    assert "This term ends on 31 December 2024" in html
    assert "from 1 January 2025 on" in html


def test_the_newest_term_is_shown_first_and_others_can_be_chosen(office, school, modules):
    publish(school, [(modules[0], 20)])
    publish(school, [(modules[0], 50)], period="2024-T2")
    assert rows_of(office.get(URL).content.decode())[0][-1] == "50–59"
    assert rows_of(office.get(URL, {"period": "2024-T1"}).content.decode())[0][-1] == "20–29"


def test_a_school_s_and_an_authority_s_releases_are_never_added(school, modules):
    administrator = make_administrator(school)
    authority = Authority.objects.create(name="Authority")
    authority.administrators.add(administrator)
    AuthorityMembership.objects.create(authority=authority, school=school)
    publish(school, [(modules[0], 20)])
    publish(authority, [(modules[0], 20)], school_key=school.pk, school_label="School")
    publish(authority, [(modules[0], 10)], school_key=NO_SCHOOL)
    client = signed_in(administrator)
    assert [row[-1] for row in rows_of(client.get(URL).content.decode())] == ["20–29"]
    of_authority = rows_of(client.get(URL, {"of": authority.pk}).content.decode())
    assert [row[-2:] for row in of_authority] == [
        ["School", "20–29"],
        ["Other schools together", "10–19"],
        ["All, from the published figures", "30–48"],
    ]


def test_the_file_says_what_the_screen_says(authority_office, school, modules):
    authority = Authority.objects.get()
    publish(authority, [(modules[0], 20), (modules[1], 40)], school_key=school.pk, school_label="=School")
    publish(authority, [(modules[0], None), (modules[1], 10)], school_key=NO_SCHOOL)
    screen = rows_of(authority_office.get(URL).content.decode())
    headings, *rows = read_csv(authority_office.get(CSV))
    assert headings == ["Module", "Band", "Term", "School", "Seats that finished"]
    assert [[cell.removeprefix("'") for cell in row] for row in rows] == screen
    assert rows[0][3] == "'=School"
    assert len(rows) == 6


@pytest.fixture
def many_schools(monkeypatch, authority_office, school, modules):
    """An authority over more schools than a page lists."""
    monkeypatch.setattr(sys.modules["progress.queries.figures"], "LISTED_SCHOOLS", 0)
    authority = Authority.objects.get()
    publish(authority, [(modules[0], 20), (modules[1], 40)], school_key=school.pk, school_label="=School")
    publish(authority, [(modules[0], None), (modules[1], 10)], school_key=NO_SCHOOL)
    release = publish(authority, [(modules[0], 20)], school_key=ALL_SCHOOLS)
    ReleaseCell.objects.create(
        release=release, school_key=ALL_SCHOOLS, band="12-14", module_slug=modules[1].slug, seats_from=50, seats_to=68
    )
    return authority_office


def test_a_page_over_many_schools_shows_what_they_come_to_together(many_schools):
    html = many_schools.get(URL).content.decode()
    assert [row[-1] for row in rows_of(html)] == ["20–29", "50–68"]
    assert "too many schools to list" in html
    assert "=School" not in html


def test_the_file_over_many_schools_has_every_one_of_them(many_schools):
    response = many_schools.get(CSV)
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(";")[3:] for line in lines] == [
        ["School", "Seats that finished"],
        ["'=School", "20–29"],
        ["Other schools together", "withheld"],
        ["All, from the published figures", "20–29"],
        ["'=School", "40–49"],
        ["Other schools together", "10–19"],
        ["All, from the published figures", "50–68"],
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_over_many_schools_reads_the_same_for_each_number(many_schools, django_assert_num_queries, count):
    authority, release = Authority.objects.get(), Release.objects.get()
    administrator = authority.administrators.get()
    for number in range(count):
        ReleaseCell.objects.create(release=release, school_key=uuid.UUID(int=9 + number), band="12-14", module_slug="a")
    with django_assert_num_queries(3):
        rows = read_figures(user=administrator, scope=authority)
    assert len(rows) == 2


def test_an_administrator_sees_no_other_school(office, modules):
    other = SchoolFactory(name="Elsewhere")
    publish(other, [(modules[0], 70)])
    assert "70–79" not in office.get(URL).content.decode()
    assert office.get(URL, {"of": other.pk}).status_code == 404
    assert office.get(CSV, {"of": other.pk}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_figures_have_the_same_queries_for_every_number_of_rows(django_assert_num_queries, school, modules, count):
    administrator = make_administrator(school)
    publish(school, [(module, 10) for module in modules[:count]])
    with django_assert_num_queries(2):
        rows = read_figures(user=administrator, scope=school)
    assert len(rows) == count


def test_a_membership_that_has_ended_shows_nothing(school, modules):
    administrator = make_administrator(school)
    administrator.memberships.update(ends_on=datetime.date(2020, 1, 1))
    publish(school, [(modules[0], 20)])
    response = signed_in(administrator).get(URL)
    assert response.status_code == 302
    assert response["Location"].startswith("/en/staff/account/login/")


@pytest.mark.parametrize("url", [URL, CSV])
def test_teachers_pupils_and_nobody(staff, url):
    assert staff.get(url).status_code == 403
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("url", [URL, CSV])
def test_they_are_only_read(office, url):
    assert office.post(url).status_code == 405


@pytest.mark.parametrize("data", [{"of": "zz"}, {"of": "1" * 500}])
def test_an_unknown_scope_is_not_there(office, data):
    assert office.get(URL, data).status_code == 404


def test_an_unknown_term_shows_the_newest(office, school, modules):
    publish(school, [(modules[0], 20)])
    assert rows_of(office.get(URL, {"period": "x" * 300}).content.decode())[0][-1] == "20–29"
