import csv
import io
import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from progress.queries import class_overview, class_report
from quizzes.enums import Moment
from quizzes.models import Tally
from tests.factories.accounts import ClassroomFactory, sit
from tests.factories.progress import finish_some, hand_in
from tests.factories.quizzes import make_assigned_with_quiz

HALF = [True, False] * 6


def page(client, classroom, module, name="report", **data):
    return client.get(f"/en/staff/classes/{classroom.pk}/{path_of(name, module)}", data)


def path_of(name, module):
    return {
        "report": f"report/{module.slug}/",
        "report_csv": f"report/{module.slug}/table.csv",
        "report_index": "report/",
    }[name]


def cells(html: str, caption: str) -> list[list[str]]:
    """Headings and rows of the table with that caption."""
    table = next(part for part in html.split("<table")[1:] if caption in part).partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


def read_csv(response) -> list[list[str]]:
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_before_five_hand_ins_it_says_why_there_is_nothing(staff, classroom, module):
    hand_in(classroom, module, Moment.BEFORE, HALF[:4])
    html = page(staff, classroom, module).content.decode()
    assert "No figures yet" in html
    assert "five pupils" in html
    assert "50%" not in html


def test_gain_is_one_sentence_with_its_interval(staff, classroom, module):
    hand_in(classroom, module, Moment.BEFORE, [True, False, False, False] * 3)
    hand_in(classroom, module, Moment.AFTER, [True, True, True, False] * 3)
    html = page(staff, classroom, module).content.decode()
    assert "After the module, " in html
    assert "very likely lies between" in html
    assert "no mark for a pupil" in html
    assert cells(html, "Before, after and later")[0] == [
        "Objective",
        "Before",
        "After",
        "Later",
        "Gain, and where it likely lies",
    ]


def test_shares_and_gain_are_those_of_the_published_answers(staff, classroom, module):
    hand_in(classroom, module, Moment.BEFORE, [number in (0, 5, 6) for number in range(12)])
    hand_in(classroom, module, Moment.AFTER, HALF)
    rows = cells(page(staff, classroom, module).content.decode(), "Before, after and later")
    assert rows[-1] == [
        "All questions",
        "30%, from 10 of 12",
        "50%, from 10 of 12",
        "not shown yet",
        "20 points (from −20 to 53)",
    ]


def test_only_what_is_published_is_counted(classroom, module):
    hand_in(classroom, module, Moment.AFTER, HALF[:9])
    report = class_report(classroom=classroom, module=module)
    published = {row.right.submissions for row in report.questions}
    assert published == {5}
    assert Tally.objects.filter(item="", running=9).exists()
    assert report.after.submissions == 5


def test_what_is_not_published_changes_no_byte_of_the_figures(staff, classroom, module):
    hand_in(classroom, module, Moment.AFTER, HALF[:5])
    before = page(staff, classroom, module, "report_csv").content
    hand_in(classroom, module, Moment.BEFORE, [True, True, False])
    assert page(staff, classroom, module, "report_csv").content == before


def test_extremes_are_words_and_sums_are_made_of_words(staff, classroom, module):
    hand_in(classroom, module, Moment.AFTER, [True, True, True, True, False] * 2)
    report = class_report(classroom=classroom, module=module)
    assert {row.right.share.extreme for row in report.questions} == {"nearly_all"}
    assert report.after.share.extreme == "nearly_all"
    html = page(staff, classroom, module).content.decode()
    assert "nearly all, from 10 of 12" in html
    assert "8 of 10" not in html
    assert "80%" not in html


def test_questions_to_talk_about_show_each_choice_with_its_words(staff, classroom, module):
    hand_in(classroom, module, Moment.AFTER, [True, False, False] * 4)
    html = page(staff, classroom, module).content.decode()
    assert "To talk about again" in html
    assert "because pay" in html
    assert "4 of 10 (40%)" in html
    assert "6 of 10 (60%)" in html


def test_seats_of_a_plain_module_show_what_to_revisit(staff, classroom, module):
    finish_some(classroom, module, 1)
    hand_in(classroom, module, Moment.AFTER, [True, False])
    html = page(staff, classroom, module).content.decode()
    first, second, third = list(classroom.seats.in_order())[:3]
    rows = {row[0]: row[1:] for row in cells(html, "I can notice.</th>")[1:]}
    assert rows[first.handle] == ["✓ got it", "✓ got it"]
    assert rows[second.handle] == ["to revisit", "to revisit"]
    assert rows[third.handle] == ["–", "–"]
    assert "1 of 12 seats are done" in html


def test_a_sensitive_module_shows_nothing_of_a_seat_but_done(staff, classroom, sensitive):
    """The page is the same whichever seat answered what."""
    seats = list(classroom.seats.in_order())
    hand_in(classroom, sensitive, Moment.AFTER, [True] * 6 + [False] * 6)
    html = page(staff, classroom, sensitive).content.decode()
    assert "got it" not in html
    assert "only whether it is done" in html
    for seat in seats:
        around = html.partition(seat.handle)[2][:200]
        assert "revisit" not in around
        assert "%" not in around
    assert class_report(classroom=classroom, module=sensitive).results is None


def test_the_file_says_what_the_screen_says(staff, classroom, module):
    hand_in(classroom, module, Moment.BEFORE, HALF)
    hand_in(classroom, module, Moment.AFTER, [True] * 9 + [False] * 3)
    screen = cells(page(staff, classroom, module).content.decode(), "Before, after and later")
    response = page(staff, classroom, module, "report_csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert read_csv(response) == screen
    assert len(screen) == 4


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@cmd", "\t=1", " =1", "＝1"])
def test_a_file_runs_no_formula(staff, classroom, module, formula):
    module.objectives.filter(slug="notice").update(text_en=formula)
    rows = read_csv(page(staff, classroom, module, "report_csv"))
    assert rows[1][0] == f"'{formula}"


@pytest.mark.parametrize("seat_count", [1, 3, 12, 40])
def test_a_report_has_the_same_queries_for_every_class(django_assert_num_queries, teacher, seat_count):
    """Seats, published counts, results; objectives, questions and choices are kept once they were read."""
    classroom = ClassroomFactory(teacher=teacher, seat_count=seat_count)
    module = make_assigned_with_quiz(classroom)
    hand_in(classroom, module, Moment.AFTER, HALF * 4)
    for queries in (6, 3):
        with django_assert_num_queries(queries):
            class_report(classroom=classroom, module=module)


@pytest.mark.parametrize("module_count", [1, 3])
def test_the_overview_has_five_queries(django_assert_num_queries, classroom, module_count):
    for _number in range(module_count):
        make_assigned_with_quiz(classroom)
    with django_assert_num_queries(5):
        overview = class_overview(classroom=classroom)
    assert len(overview.modules) == module_count
    assert len(overview.table.rows) == 12


def test_the_overview_shows_who_has_done_what(staff, classroom, module, sensitive):
    finish_some(classroom, module, 1)
    classroom.seats.in_order()[1].readings.create(
        school=classroom.school, school_year=classroom.school_year, module=module, furthest_step=2
    )
    classroom.seats.in_order()[1].readings.create(
        school=classroom.school, school_year=classroom.school_year, module=sensitive, furthest_step=2
    )
    rows = cells(page(staff, classroom, module, "report_index").content.decode(), "Each seat and each module")
    assert rows[1][1:] == ["✓ done", "–"]
    assert rows[2][1:] == ["step 2 of 3", "–"]


def test_a_class_without_modules_is_shown_the_way_to_the_catalogue(staff, classroom):
    html = staff.get(f"/en/staff/classes/{classroom.pk}/report/").content.decode()
    assert "Nothing to report yet" in html
    assert f"/en/staff/catalogue/?classroom={classroom.pk}" in html


NAMES = ["report", "report_csv", "report_index"]


@pytest.mark.parametrize("name", NAMES)
def test_strangers_find_no_such_page(stranger, classroom, module, name):
    assert page(stranger, classroom, module, name).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_administrators_read_no_class(office, classroom, module, name):
    assert page(office, classroom, module, name).status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_nobody_and_a_pupil_are_sent_to_sign_in(db, classroom, module, name):
    for client in (Client(), sit(classroom.seats.in_order()[0])):
        response = page(client, classroom, module, name)
        assert response.status_code == 302
        assert reverse("account_login") in response["Location"]


@pytest.mark.parametrize("name", NAMES)
def test_they_are_only_read(staff, classroom, module, name):
    assert staff.post(f"/en/staff/classes/{classroom.pk}/{path_of(name, module)}").status_code == 405


@pytest.mark.parametrize("slug", ["no-such-module", "x" * 300, "é"])
def test_a_module_that_is_not_assigned_has_no_report(staff, classroom, slug):
    assert staff.get(f"/en/staff/classes/{classroom.pk}/report/{slug}/").status_code == 404
