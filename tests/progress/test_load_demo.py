import datetime
import stat
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from accounts.models import AuditLine, Authority, Classroom, School, Seat, User
from lessons.models import Reading
from progress.disclosure import MINIMUM_CLASSES
from progress.models import Release, ReleaseCell
from progress.operations.demonstration import FINISHED_CLASS, MODULES, OPEN_CLASS, SCHOOL
from progress.queries import class_report
from quizzes.models import Attempt, ObjectiveResult, Tally
from tests.factories.accounts import SchoolFactory
from tests.factories.lessons import ModuleFactory
from tests.factories.quizzes import make_quizzes
from tests.progress.test_figures import rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def modules():
    made = [
        ModuleFactory(slug=slug, band="12-14", position=place, is_sensitive=slug == "when-a-contact-weighs")
        for place, slug in enumerate(MODULES, start=1)
    ]
    for module in made:
        make_quizzes(module)
    return [*made, ModuleFactory(band="6-8"), ModuleFactory(band="9-11"), ModuleFactory(band="15-18")]


@pytest.fixture
def printed(modules, capsys):
    call_command("load_demo")
    return capsys.readouterr().out


def signed_in(var, email):
    client = Client()
    login = {"login": email, "password": (var / "demo_password").read_text().strip()}
    assert client.post("/en/staff/account/login/", login).status_code == 302
    return client


def test_it_prints_how_to_come_in_and_no_address(printed, var):
    assert "teacher@balise.example" in printed
    assert "admin@balise.example" in printed
    assert (var / "demo_password").read_text().strip() in printed
    assert "/fr/card/#" in printed
    assert "http" not in printed


def test_the_card_it_prints_sits_down(printed):
    token = printed.partition("/fr/card/#")[2].split()[0]
    response = Client().post("/fr/card/", {"token": token})
    assert response.status_code == 302
    assert response["Location"] == "/fr/me/"


def test_the_password_is_of_this_installation_and_its_owner_s_alone(printed, var):
    path: Path = var / "demo_password"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text().strip().split("-")) == 5
    signed_in(var, "teacher@balise.example")


def test_a_lost_password_file_is_written_anew(printed, var):
    first = (var / "demo_password").read_text()
    (var / "demo_password").unlink()
    call_command("load_demo")
    assert (var / "demo_password").read_text() != first
    signed_in(var, "admin@balise.example")


def test_twice_is_the_same_as_once(printed, capsys):
    models = [School, User, Authority, Classroom, Seat, Reading, Attempt, Tally, Release, ReleaseCell]
    counts = [model.objects.count() for model in models]
    call_command("load_demo")
    assert [model.objects.count() for model in models] == counts
    assert capsys.readouterr().out == printed


def test_every_run_holds_the_class_open_for_four_hours(printed):
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)):
        classroom = Classroom.objects.get(label=OPEN_CLASS)
        assert not classroom.is_open
        call_command("load_demo", "--reopen")
        classroom.refresh_from_db()
        assert classroom.is_open
        left = classroom.open_until - datetime.datetime.now(datetime.UTC)
        assert datetime.timedelta(hours=3, minutes=59) < left <= datetime.timedelta(hours=4)


def test_a_new_school_year_has_new_classes(printed):
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=370)):
        call_command("load_demo")
    assert Classroom.objects.filter(label=OPEN_CLASS).count() == 2


def test_a_real_school_gets_no_demonstration(capsys):
    SchoolFactory()
    call_command("load_demo")
    assert "no demonstration" in capsys.readouterr().out
    assert not School.objects.filter(is_demonstration=True).exists()


def test_reopening_makes_nothing(capsys):
    call_command("load_demo", "--reopen")
    assert not School.objects.exists()


def test_last_year_is_erased_and_only_its_releases_stay(printed):
    year = School.objects.get(name=SCHOOL).school_year_of(datetime.date.today())
    assert set(Classroom.objects.values_list("school_year", flat=True)) == {year}
    assert set(Seat.objects.values_list("school_year", flat=True)) == {year}
    assert set(Release.objects.values_list("school_year", flat=True)) == {year - 1}
    assert not AuditLine.objects.filter(subject__contains="-1").exists()


def test_releases_are_full_in_every_band(printed):
    school = School.objects.get(name=SCHOOL)
    cells = ReleaseCell.objects.filter(release__school=school)
    for band in ("6-8", "9-11", "12-14", "15-18"):
        assert cells.filter(band=band, seats_from__gt=0).exists(), band
    assert not cells.filter(seats_from__isnull=True).exists()
    assert MINIMUM_CLASSES == 3


def test_tallies_are_what_submissions_give(printed):
    """Each answered question counts once, and no seat's answers stay."""
    finished = Classroom.objects.get(label=FINISHED_CLASS)
    assert not Attempt.objects.exclude(responses="").exists()
    assert not Attempt.objects.filter(is_submitted=False).exists()
    handed_in = Attempt.objects.filter(seat__classroom=finished, moment="AFTER", quiz__module__slug=MODULES[0]).count()
    running = Tally.objects.filter(
        classroom=finished, moment="AFTER", item="", question__quiz__module__slug=MODULES[0]
    ).values_list("running", flat=True)
    assert len(running) == 6
    assert all(handed_in - 5 <= count <= handed_in for count in running)
    assert not ObjectiveResult.objects.filter(objective__module__is_sensitive=True).exists()


def test_the_finished_class_has_a_full_report(printed, modules):
    report = class_report(classroom=Classroom.objects.get(label=FINISHED_CLASS), module=modules[0])
    assert report.done_count == 25
    assert report.gain.points > 0
    assert report.later is not None


def test_every_page_says_that_it_is_synthetic(printed, var):
    teacher, office = signed_in(var, "teacher@balise.example"), signed_in(var, "admin@balise.example")
    classroom = Classroom.objects.get(label=FINISHED_CLASS)
    base = f"/en/staff/classes/{classroom.pk}/"
    for path in ("now/", "report/", f"report/{MODULES[0]}/"):
        assert "synthetic" in teacher.get(base + path).content.decode(), path
    authority = Authority.objects.get()
    for data in ({}, {"of": authority.pk}):
        html = office.get("/en/staff/figures/", data).content.decode()
        assert "synthetic" in html
        assert len(rows_of(html)) > 4
