"""Somebody outside the classes holds every figure of every term, knows rules, classes and seats, and solves.

The same code faces the rules of the platform and naive ones, planted; each of these must be caught. `BALISE_SEQUENCES`
says how many worlds are tried; they are dealt out in parcels, so that processes share them.
"""

import itertools
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis.errors import NoSuchExample
from scipy.optimize import Bounds, LinearConstraint, milp

from accounts.enums import Role
from accounts.models import School
from lessons.models import Reading
from privacy.operations import erase_classroom, erasure
from progress.disclosure import BAND_WIDTH, CountBand, SchoolCount
from progress.models import Release
from progress.operations import make_school_release, releases
from tests.factories.accounts import MembershipFactory, SchoolFactory, UserFactory, add_second_factor, signed_in
from tests.factories.lessons import ModuleFactory
from tests.factories.progress import YEAR, finish_some, make_old_class
from tests.privacy.conftest import note_figures
from tests.progress.adversary import (
    FOUR_WORLDS,
    OTHERS,
    SMALL_WORLDS,
    WORLDS,
    Adversary,
    ClassPlan,
    Narrowed,
    Played,
    Side,
    World,
)
from tests.progress.test_report import read_csv

SEQUENCES = int(os.environ.get("BALISE_SEQUENCES", "500"))
SIDES = 4
PARCEL = 100
PARCELS = range(max(1, SEQUENCES // PARCEL))
QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


@pytest.fixture
def play(db):
    """Plays worlds side by side and hands them over; leaves no trace."""
    user = add_second_factor(UserFactory())
    client = signed_in(user)
    module = ModuleFactory(band="6-8")

    def run(worlds: Sequence[World], look: Callable[[Played], object]):
        with transaction.atomic():
            seen = look(Played(worlds, client, user, module))
            transaction.set_rollback(True)
        return seen

    return run


@pytest.fixture
def attack(play):
    def run(world: World) -> tuple[Side, list[Narrowed]]:
        return play([world], lambda played: (played.sides[0], Adversary(played.sides[0]).narrowed()))

    return run


@pytest.mark.parametrize("parcel", PARCELS)
def test_no_sequence_of_releases_narrows_a_cell(play, parcel):
    found = Counter(cells_narrowed=0, cells_false=0)

    def look(played: Played) -> list[Narrowed]:
        """From outside; then as somebody who is a teacher of the first class too, or of one in each of two schools."""
        for side in played.sides:
            found["sequences"] += 1
            found["cells_attacked"] += len(side.cells)
            found["cells_published"] += sum(said is not None for said in side.cells.values())
            found["cells_false"] += len(side.false_cells())
            attack_as_teacher(side, found)
        narrowed = [one for side in played.sides for one in Adversary(side).narrowed()]
        found["cells_narrowed"] += len(narrowed)
        return narrowed

    @seed(parcel)
    @settings(max_examples=PARCEL // SIDES, **QUIET)
    @given(FOUR_WORLDS)
    def search(worlds):
        assert play(worlds, look) == []

    try:
        search()
    finally:
        note_figures(f"adversary-{parcel:03}", **found)
    assert found["cells_false"] == 0
    assert found["cells_published"] > PARCEL / 4, "publishing nothing is no protection"


def attack_as_teacher(side: Side, found: Counter) -> None:
    first = {one.number: one for one in reversed(side.classes)}
    for who, known in (("teacher", list(first.values())[-1:]), ("two_schools", list(first.values())[-2:])):
        if who == "two_schools" and len(known) < 2:
            continue
        own = [one for one in Adversary(side, known).narrowed() if one.cell[0] != OTHERS]
        found[f"{who}_cells_attacked"] += len(side.cells)
        found[f"{who}_cells_narrowed"] += len(own)
        found[f"{who}_cells_known"] += sum(one.is_exact for one in own)


def full(*finished: int, seats: int = 12) -> ClassPlan:
    return ClassPlan(seats, 1, (*finished, 0, 0)[:3])


@pytest.mark.parametrize(
    "world",
    [
        [[full(10), full(10), full(5)]],
        [[full(12, seats=12)] * 3],
        [[full(6, 6)] * 4, [full(4)] * 2, [full(5)]],
    ],
)
def test_what_is_published_is_true(attack, world):
    side, narrowed = attack(world)
    assert narrowed == []
    for (number, term), said in side.cells.items():
        if number != OTHERS and said is not None:
            assert said[0] <= side.truth[number, term] <= said[1]
    assert side.cells[0, 1] is not None


# Whatever else comes with a page: fragments, headers, lengths, the trail, the receipts, at every time.

TERMS_ASKED = [f"{YEAR}-T{term}" for term in (1, 2, 3)]
PAGES = [(page, {"period": term}) for page in ("figures/", "figures/table.csv") for term in TERMS_ASKED]
PAGES += [(page, {}) for page in ("overview/", "trail/", "year-end/")]
OWN_TO_A_REQUEST = re.compile(rb'value="[^"]{64}"|"X-CSRFToken": ?"[^"]+"|nonce="[^"]+"|year-end/[0-9a-f-]{36}/')


def surfaces(client: Client, scopes: list) -> dict[tuple, tuple]:
    """All that an administrator's pages answer: status, headers, length and text, as pages and as fragments."""
    found = {}
    for scope, (page, data), headers in itertools.product(scopes, PAGES, ({}, {"HX-Request": "true"})):
        answer = client.get(f"/en/staff/{page}", {"of": scope.pk, **data}, headers=headers)
        assert answer.status_code == 200, page
        body = OWN_TO_A_REQUEST.sub(b"", answer.content)
        kept = {name: value for name, value in answer.headers.items() if "nonce" not in value}
        found[scope.name, page, *data.values(), bool(headers)] = (kept, len(body), body)
    return found


def both_ways(play, world: World) -> list[dict[tuple, tuple]]:
    """The same world twice: as it was, and with nothing finished behind its figures; then its first class is erased."""

    def look(played: Played, *, is_emptied: bool):
        if is_emptied:
            Reading.objects.all().delete()
        before = surfaces(played.client, [*played.schools, played.authority])
        erase_classroom(classroom=next(one.classroom for one in played.classes if one.classroom), actor=None)
        return before | {(*key, "erased"): said for key, said in surfaces(played.client, played.schools).items()}

    seen = []

    def twice(played: Played) -> None:
        for is_emptied in (False, True):
            with transaction.atomic():
                seen.append(look(played, is_emptied=is_emptied))
                transaction.set_rollback(True)

    with time_machine.travel("2026-03-02 10:00:00Z", tick=False):
        play([world], twice)
    return seen


BUSY: World = [[full(10), full(10, 2), full(5)], [full(4)], [full(3), full(6)]]


def test_no_page_fragment_header_or_length_says_more_than_the_release(play, settings, tmp_path):
    settings.BALISE_LEDGER = tmp_path / "ledger"
    as_it_was, emptied = both_ways(play, BUSY)
    assert len(as_it_was) == 126
    different = [key for key in as_it_was if as_it_was[key] != emptied[key]]
    note_figures("adversary-pages", pages_compared=len(as_it_was), pages_that_differ=len(different))
    assert different == []


def test_a_count_of_erased_rows_on_the_trail_would_be_found(play, settings, tmp_path, monkeypatch):
    def tell(**line):
        return record(**line | {"subject": f"{line['subject']} · {Reading.objects.count()}"})

    record = erasure.record_act
    monkeypatch.setattr(erasure, "record_act", tell)
    settings.BALISE_LEDGER = tmp_path / "ledger"
    as_it_was, emptied = both_ways(play, BUSY[:1])
    assert {key[1] for key in as_it_was if as_it_was[key] != emptied[key]} >= {"trail/"}


# Rules that look safe. Each takes the place of the rule for a school's cell, of the one for the other schools, or both.


def hide_under_ten(cell: SchoolCount, **_rest) -> CountBand | None:
    return CountBand(cell.count, cell.count) if cell.count >= BAND_WIDTH else None


def round_to_five(cell: SchoolCount, **_rest) -> CountBand:
    rounded = 5 * round(cell.count / 5)
    return CountBand(max(0, rounded - 2), rounded + 2)


def rounded_total(cells, **_rest) -> CountBand:
    return round_to_five(SchoolCount(sum(cell.count for cell in cells), 3, 0))


def bands_without_the_seats(cell: SchoolCount, **_rest) -> CountBand | None:
    low = cell.count // BAND_WIDTH * BAND_WIDTH
    return CountBand(low, low + BAND_WIDTH - 1) if cell.class_count >= 3 else None


def each_term_by_itself(cell: SchoolCount, *, taken: int, width: int) -> CountBand | None:
    return RULE(cell, taken=0, width=width)


def exact_where_three_classes_are(cell: SchoolCount, **_rest) -> CountBand | None:
    return CountBand(cell.count, cell.count) if cell.class_count >= 3 else None


def shares_in_tenths(cell: SchoolCount, **_rest) -> CountBand | None:
    """“Somewhere from 20 to 30 %”: of fifty seats, five or six."""
    if cell.class_count < 3 or not cell.seat_count:
        return None
    tenth = min(9, 10 * cell.count // cell.seat_count)
    return CountBand(-(-tenth * cell.seat_count // 10), (tenth + 1) * cell.seat_count // 10)


def neighbours_subtracted(cells, **_rest) -> CountBand:
    """A total of all schools: less the neighbours, whose figures stand beside it, the hidden ones are left."""
    count = sum(cell.count for cell in cells)
    return CountBand(count, count)


RULE = releases.school_cell
PLANTED: list[dict[str, Callable]] = [
    {"school_cell": hide_under_ten},
    {"school_cell": round_to_five, "others_cell": rounded_total},
    {"school_cell": bands_without_the_seats},
    {"school_cell": each_term_by_itself},
    {"school_cell": exact_where_three_classes_are},
    {"school_cell": shares_in_tenths},
    {"others_cell": neighbours_subtracted},
]
NAMES = [next(iter(rules.values())).__name__ for rules in PLANTED]


@pytest.fixture
def unchecked(db):
    """The database itself refuses cells narrower than ten: switched off, so that naive rules can be planted."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        else:
            cursor.execute("ALTER TABLE progress_releasecell DROP CONSTRAINT cell_is_a_band_or_withheld")
            yield


@pytest.mark.parametrize("rules", PLANTED, ids=NAMES)
def test_naive_rules_are_caught(unchecked, attack, monkeypatch, rules):
    for where, rule in rules.items():
        monkeypatch.setattr(releases, where, rule)
    searched = settings(max_examples=300, phases=[Phase.generate], derandomize=True, **QUIET)
    name = next(iter(rules.values())).__name__
    note_figures(f"planted-{name}", rules_planted=1, rules_caught=0)
    try:
        find(SMALL_WORLDS | WORLDS, lambda world: bool(attack(world)[1]), settings=searched)
    except NoSuchExample:
        pytest.fail(f"{name} was not caught")
    note_figures(f"planted-{name}", rules_planted=1, rules_caught=1)


def test_daily_running_totals_are_caught(db, monkeypatch):
    """Bands of ten of three classes, but anew each day: the day on which a band turns says how many there were."""
    monkeypatch.setattr(releases, "_refuse_early", lambda term, today: None)
    user = add_second_factor(UserFactory())
    school, module = SchoolFactory(), ModuleFactory(band="12-14")
    MembershipFactory(user=user, school=school, role=Role.ADMINISTRATOR)
    client, said = signed_in(user), []
    for classroom in [make_old_class(school, seat_count=12) for _number in range(3)]:
        finish_some(classroom, module, 5)
        Release.objects.all().delete()
        make_school_release(school=school, period_name=f"{YEAR}-T1")
        file = client.get("/en/staff/figures/table.csv", {"of": school.pk, "period": f"{YEAR}-T1"})
        row = next(row for row in read_csv(file) if row[1] == "12–14 years")
        said.append([int(end) for end in row[-1].split("–")])
    sums = LinearConstraint(np.tril(np.ones((3, 3))), [low for low, _high in said], [high for _low, high in said])
    ends = [milp(sign * np.array([0, 1, 0]), constraints=sums, bounds=Bounds(0, 12), integrality=1) for sign in (1, -1)]
    assert said == [[0, 9], [10, 19], [10, 19]]
    assert ends[1].fun == -12
    assert 12 - ends[0].fun + 1 >= BAND_WIDTH, "two days do not narrow a class of twelve yet"
    small = [milp(sign * np.array([0, 1, 0]), constraints=sums, bounds=Bounds(0, 8), integrality=1) for sign in (1, -1)]
    assert -small[1].fun - small[0].fun + 1 < 9, "of a class of eight it is known that somebody finished"
    note_figures("planted-daily_bands", rules_planted=1, rules_caught=1)


def test_publishing_nothing_fails(play, monkeypatch):
    monkeypatch.delenv("BALISE_FIGURES", raising=False)  # the parcel's own figures are those of the true rules
    monkeypatch.setattr(releases, "school_cell", lambda cell, **_rest: None)
    monkeypatch.setattr(releases, "others_cell", lambda cells, **_rest: None)
    monkeypatch.setattr("tests.progress.test_adversary.PARCEL", 2 * SIDES)
    with pytest.raises(AssertionError, match="no protection"):
        test_no_sequence_of_releases_narrows_a_cell(play, 0)
    assert not School.objects.exists()
