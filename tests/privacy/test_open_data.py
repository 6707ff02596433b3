"""The national file: a declared cube, a bounded seat, a budget outside the database. Its noise is put in by the test.

What OpenDP itself does is asked where it is installed (`requirements-opendata.txt`); elsewhere that test is not there.
"""

import csv
import datetime
import importlib.util
import json
import statistics

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Territory
from lessons.models import Reading
from privacy.management.commands import publish_open_data as command
from privacy.operations import open_data
from privacy.operations.open_data import MODULES_EACH, OpenDataRefusedError, accuracy, publish_open_data, scale
from tests.factories.accounts import SchoolFactory
from tests.factories.lessons import ModuleFactory
from tests.factories.progress import IN_TERM, YEAR, finish, finish_some, make_old_class

pytestmark = pytest.mark.django_db


def same(counts, _scale):
    return counts


def publish(tmp_path, year=YEAR, noise=same, **options):
    return publish_open_data(year=year, noise=noise, folder=tmp_path / "open", **options)


def rows(published):
    with published.paths[0].open() as file:
        return {(row["territory"], row["band"], row["module"]): row for row in csv.DictReader(file)}


@pytest.fixture
def module():
    return ModuleFactory(band="9-11", slug="my-data")


@pytest.fixture
def classroom(module):
    classroom = make_old_class(SchoolFactory(territory="FR"), seat_count=12)
    finish_some(classroom, module, 7)
    return classroom


def test_the_whole_cube_is_published_zeros_too_with_the_accuracy_beside_each_figure(classroom, tmp_path):
    published = publish(tmp_path)
    table = rows(published)
    assert len(table) == len(Territory.values) * 3
    assert table["FR", "12-14", "my-data"]["seats_that_finished"] == "7"
    assert {row["plus_or_minus_in_95_of_100"] for row in table.values()} == {str(accuracy())}
    said = json.loads(published.paths[1].read_text())
    assert (said["epsilon"], said["scale"], len(said["cells"])) == (1.0, scale(), len(table))
    assert "noise" in said["note"]["en"]
    assert said["note"]["fr"] != said["note"]["en"]


def test_the_noise_is_asked_for_with_the_scale_and_no_figure_is_negative(classroom, tmp_path):
    asked = []

    def noise(counts, scale):
        asked.append(scale)
        return [count - 9 for count in counts]

    assert {row["seats_that_finished"] for row in rows(publish(tmp_path, noise=noise)).values()} == {"0"}
    assert asked == [MODULES_EACH / 1.0]


def test_one_seat_moves_the_table_by_its_modules_at_most(classroom):
    modules = [ModuleFactory(band="9-11") for _number in range(MODULES_EACH + 4)]
    before = open_data.count_seats(YEAR)
    seat = classroom.seats.exclude(readings__isnull=False).first()
    for one in modules:
        finish([seat], one, on=IN_TERM[1])
    after = open_data.count_seats(YEAR)
    assert sum(abs(after[cell] - before[cell]) for cell in after) == MODULES_EACH


def test_a_demonstration_is_in_no_file(classroom, module):
    before = open_data.count_seats(YEAR)
    finish_some(make_old_class(SchoolFactory(territory="FR", is_demonstration=True)), module, 5)
    assert open_data.count_seats(YEAR) == before


def test_a_year_is_published_once_and_the_ledger_is_outside_the_database(classroom, tmp_path):
    publish(tmp_path)
    line = json.loads(open_data.ledger_path().read_text())
    assert (line["year"], line["epsilon"]) == (YEAR, 1.0)
    with pytest.raises(OpenDataRefusedError, match="already"):
        publish(tmp_path)


def test_a_spent_budget_and_a_spoilt_ledger_publish_nothing(classroom, tmp_path):
    path = open_data.ledger_path()
    path.write_text("".join(json.dumps({"year": year, "epsilon": 1.0}) + "\n" for year in range(2000, 2012)))
    with pytest.raises(OpenDataRefusedError, match="spent"):
        publish(tmp_path)
    path.write_text("torn")
    with pytest.raises(OpenDataRefusedError, match="cannot be read"):
        publish(tmp_path)
    assert not (tmp_path / "open").exists()


def test_a_year_that_runs_or_is_gone_is_refused(classroom, tmp_path):
    with pytest.raises(OpenDataRefusedError, match="not over"):
        publish(tmp_path, today=datetime.date(2025, 7, 1))
    Reading.objects.all().delete()
    with pytest.raises(OpenDataRefusedError, match="30 days"):
        publish(tmp_path)


def test_what_is_stated_is_the_accuracy_of_the_noise():
    ratio = 2.718281828459045 ** (-1 / scale())
    beyond = [2 * ratio ** (far + 1) / (1 + ratio) for far in (accuracy() - 1, accuracy())]
    assert beyond[0] > 0.05 >= beyond[1]


if importlib.util.find_spec("opendp"):

    def test_opendp_makes_noise_of_that_scale():
        found = command.laplace([100] * 4000, scale())
        assert abs(statistics.mean(found) - 100) < 2
        assert 0.03 < sum(abs(one - 100) > accuracy() for one in found) / len(found) <= 0.06

else:

    def test_without_opendp_the_command_says_what_to_install(classroom, tmp_path):
        with pytest.raises(CommandError, match="requirements-opendata"):
            call_command("publish_open_data", str(YEAR), folder=tmp_path / "open")
        assert not (tmp_path / "open").exists()
        assert open_data.ledger_path().read_text() == "", "nothing was spent"
