"""Somebody outside the classes holds every figure of every term, knows rules, classes and seats, and solves.

The adversary reads only what HTTP answers, and bounds each cell with an integer programme (HiGHS). The same code faces
the rules of the platform and naive ones, planted; each of these must be caught. Raise `BALISE_SEQUENCES` for a longer
search than the suite's.
"""

import dataclasses
import os
import uuid
from collections.abc import Callable

import numpy as np
import pytest
from django.db import connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from scipy.optimize import Bounds, LinearConstraint, milp

from accounts.enums import Animal, Band, Colour, Role
from accounts.models import Authority, AuthorityMembership, Classroom, Membership, School, Seat
from progress.disclosure import BAND_WIDTH, CountBand, SchoolCount, period
from progress.operations import make_authority_release, make_school_release, releases
from tests.factories.accounts import UserFactory, add_second_factor
from tests.factories.lessons import ModuleFactory
from tests.factories.progress import IN_TERM, YEAR, finish
from tests.progress.conftest import signed_in
from tests.progress.test_report import read_csv

SEQUENCES = int(os.environ.get("BALISE_SEQUENCES", "40"))
HANDLES = [(animal, colour) for colour in Colour.values for animal in Animal.values]
OTHERS, TOGETHER = "Other schools together", "All, from the published figures"
with translation.override("en"):
    BAND = str(Band.TWELVE.label)


@dataclasses.dataclass(frozen=True)
class ClassPlan:
    """A class from its first term on; per term how many finish, and how many seats go and come afterwards."""

    seats: int
    first_term: int
    finished: tuple[int, int, int]
    freed: tuple[int, int, int]
    added: tuple[int, int, int]


World = list[list[ClassPlan]]


@st.composite
def class_plans(draw) -> ClassPlan:
    seats = draw(st.integers(1, 14))
    share = st.sampled_from([0, 0, 1, seats // 3, seats // 2, seats])
    busy = st.sampled_from([(seats // 2, seats, 0), (seats // 3, seats // 3, seats), (seats, 0, 0)])
    few = st.sampled_from([0, 0, 0, 1, 2])
    return ClassPlan(
        seats=seats,
        first_term=draw(st.sampled_from([1, 1, 1, 2])),
        finished=draw(st.tuples(share, share, share) | busy),
        freed=draw(st.tuples(few, few, few)),
        added=draw(st.tuples(few, few, few)),
    )


@st.composite
def busy_schools(draw) -> list[ClassPlan]:
    """Three or four classes in which everybody finishes: in one term, or half of them in each of two."""
    parts, sizes = draw(st.sampled_from([1, 2, 2])), draw(st.lists(st.integers(8, 12), min_size=3, max_size=4))
    return [
        ClassPlan(seats, 1, (seats // parts, seats if parts == 2 else 0, 0), (0, 0, 0), (0, 0, 0)) for seats in sizes
    ]


WORLDS = st.lists(st.lists(class_plans(), min_size=1, max_size=5) | busy_schools(), min_size=1, max_size=4)


class Played:
    """A world in the database, and all that its figures said over a year."""

    def __init__(self, world: World, client, user, module) -> None:
        self.client, self.module = client, module
        self.authority = Authority.objects.create(name="Authority")
        self.authority.administrators.add(user)
        self.schools = [School.objects.create(name=f"School {number}", territory="FR") for number in range(len(world))]
        for school in self.schools:
            AuthorityMembership.objects.create(authority=self.authority, school=school)
            Membership.objects.create(user=user, school=school, role=Role.ADMINISTRATOR)
        self.alive: dict[tuple[int, int], int] = {}
        self.ever = [0] * len(world)
        self.cells: dict[tuple[int | str, int], tuple[int, int] | None] = {}
        self.truth: dict[tuple[int, int], int] = {}
        self.plans = [(number, plan, []) for number, plans in enumerate(world) for plan in plans]
        for term in (1, 2, 3):
            self._live_through(term)
            self._read(term)

    def _live_through(self, term: int) -> None:
        for number, plan, classroom in self.plans:
            if plan.first_term == term:
                classroom.append(self._make_class(number, plan.seats, term))
            if plan.first_term <= term:
                self._finish(number, classroom[0], plan.finished[term - 1], term)
        for number, school in enumerate(self.schools):
            self.alive[number, term] = Seat.objects.filter(school=school).count()
            make_school_release(school=school, period_name=f"{YEAR}-T{term}")
        for number, plan, classroom in self.plans:
            if plan.first_term <= term:
                gone = list(classroom[0].seats.order_by("position")[: plan.freed[term - 1]])
                Seat.objects.filter(pk__in=[seat.pk for seat in gone]).delete()
                self._add_seats(number, classroom[0], plan.added[term - 1])
        make_authority_release(authority=self.authority, period_name=f"{YEAR}-T{term}")

    def _make_class(self, number: int, seats: int, term: int) -> Classroom:
        label = uuid.uuid4().hex[:20]
        classroom = Classroom.objects.create(
            school=self.schools[number], school_year=YEAR, label=label, age_of_youngest=12, code=label[:7], form="A",
            created_on=period(f"{YEAR}-T{term}").starts_on if term == 1 else period(f"{YEAR}-T{term}").census_on,
        )  # fmt: skip
        self._add_seats(number, classroom, seats)
        return classroom

    def _add_seats(self, number: int, classroom: Classroom, count: int) -> None:
        last = max(classroom.seats.values_list("position", flat=True), default=0)
        Seat.objects.bulk_create(
            Seat(
                school=self.schools[number], school_year=YEAR, classroom=classroom, position=position, pepper_id=1,
                animal=HANDLES[position][0], colour=HANDLES[position][1],
                qr_digest=uuid.uuid4().hex, home_digest=uuid.uuid4().hex,
            )
            for position in range(last + 1, last + 1 + count)
        )  # fmt: skip
        self.ever[number] += count

    def _finish(self, number: int, classroom: Classroom, count: int, term: int) -> None:
        seats = list(classroom.seats.exclude(readings__module=self.module).order_by("position")[:count])
        finish(seats, self.module, on=IN_TERM[term])
        self.truth[number, term] = self.truth.get((number, term), 0) + len(seats)

    def _read(self, term: int) -> None:
        """Every administrator's file, as the adversary gets it."""
        for scope in (*self.schools, self.authority):
            data = {"of": scope.pk, "period": f"{YEAR}-T{term}"}
            for row in read_csv(self._get(data))[1:]:
                if row[1] != BAND or TOGETHER in row:
                    continue
                name = row[3] if len(row) == 5 else scope.name
                cell = name if name == OTHERS else int(name.removeprefix("School "))
                said = None if row[-1] == "withheld" else tuple(int(end) for end in row[-1].split("–"))
                if name != OTHERS:
                    assert self.cells.setdefault((cell, term), said) == said, "two pages disagree"
                self.cells[cell, term] = said

    def _get(self, data: dict[str, object]):
        response = self.client.get("/en/staff/figures/table.csv", data)
        assert response.status_code == 200
        return response

    def hidden(self, term: int) -> list[int]:
        return [number for number in range(len(self.schools)) if self.cells[number, term] is None]


@dataclasses.dataclass(frozen=True)
class Narrowed:
    cell: tuple[int | str, int]
    low: int
    high: int


class Adversary:
    """One variable for each school and term: how many seats finished."""

    def __init__(self, played: Played) -> None:
        self.played = played
        self.places = sorted(played.alive)
        upper = [played.alive[place] for place in self.places]
        self.bounds = Bounds(np.zeros(len(self.places)), np.array(upper, dtype=float))
        rows, lows, highs = [], [], []
        for number in range(len(played.schools)):  # a seat finishes once a year
            rows.append(self._sum([(number, term) for term in (1, 2, 3)]))
            lows.append(0)
            highs.append(played.ever[number])
        for cell, said in played.cells.items():
            if said is not None:
                rows.append(self._sum(self._of(cell)))
                lows.append(said[0])
                highs.append(said[1])
        assert played.cells, "nothing was read"
        self.constraint = LinearConstraint(np.array(rows), np.array(lows), np.array(highs))

    def _of(self, cell: tuple[int | str, int]) -> list[tuple[int, int]]:
        return [(number, cell[1]) for number in self.played.hidden(cell[1])] if cell[0] == OTHERS else [cell]

    def _sum(self, places: list[tuple[int, int]]) -> np.ndarray:
        return np.array([1.0 if place in places else 0.0 for place in self.places])

    def _end(self, aim: np.ndarray, sign: int) -> int | None:
        found = milp(sign * aim, constraints=self.constraint, bounds=self.bounds, integrality=np.ones(len(self.places)))
        return None if found.x is None else round(float(aim @ found.x))

    def narrowed(self) -> list[Narrowed]:
        """Cells known more narrowly than to ten values (or 0…N). All of them: published, or of a hidden school."""
        found = []
        for cell in self.played.cells:
            places = self._of(cell)
            aim, seats = self._sum(places), sum(self.played.alive[place] for place in places)
            low, high = self._end(aim, 1), self._end(aim, -1)
            if low is not None and high - low + 1 < min(BAND_WIDTH, seats + 1):
                found.append(Narrowed(cell, low, high))
        return found


@pytest.fixture
def attack(db):
    """Plays a world, and gives it with the cells that the adversary narrowed; leaves no trace."""
    user = add_second_factor(UserFactory())
    client = signed_in(user)
    module = ModuleFactory(band="12-14")

    def run(world: World) -> tuple[Played, list[Narrowed]]:
        with transaction.atomic():
            played = Played(world, client, user, module)
            narrowed = Adversary(played).narrowed()
            transaction.set_rollback(True)
        return played, narrowed

    return run


QUIET = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "derandomize": SEQUENCES <= 500,
}


def test_no_sequence_of_releases_narrows_a_cell(attack):
    attacked = published = 0

    @settings(max_examples=SEQUENCES, **QUIET)
    @given(WORLDS)
    def search(world):
        nonlocal attacked, published
        played, narrowed = attack(world)
        attacked += len(played.cells)
        published += sum(said is not None for said in played.cells.values())
        assert narrowed == []

    search()
    print(f"{SEQUENCES} sequences, {attacked} cells attacked, {published} of them published, 0 narrowed")
    assert published > SEQUENCES / 4, "publishing nothing is no protection"


def full(*finished: int, seats: int = 12) -> ClassPlan:
    return ClassPlan(seats, 1, (*finished, 0, 0)[:3], (0, 0, 0), (0, 0, 0))


@pytest.mark.parametrize(
    "world",
    [
        [[full(10), full(10), full(5)]],
        [[full(12, seats=12)] * 3],
        [[full(6, 6)] * 4, [full(4)] * 2, [full(5)]],
    ],
)
def test_what_is_published_is_true(attack, world):
    played, narrowed = attack(world)
    assert narrowed == []
    for (number, term), said in played.cells.items():
        if number != OTHERS and said is not None:
            assert said[0] <= played.truth.get((number, term), 0) <= said[1]
    assert played.cells[0, 1] is not None


# Rules that look safe. Each takes the place of the rule for a school's cell and of the one for the other schools.


def hide_under_ten(cell: SchoolCount, **_rest) -> CountBand | None:
    return CountBand(cell.count, cell.count) if cell.count >= BAND_WIDTH else None


def round_to_five(cell: SchoolCount, **_rest) -> CountBand:
    rounded = 5 * round(cell.count / 5)
    return CountBand(max(0, rounded - 2), rounded + 2)


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


def total_beside_its_parts(cells, **_rest) -> CountBand:
    count = sum(cell.count for cell in cells)
    return CountBand(count, count)


RULE = releases.school_cell
SMALL_WORLDS = st.lists(busy_schools(), min_size=1, max_size=1)
PLANTED: list[tuple[str, Callable]] = [
    ("school_cell", hide_under_ten),
    ("school_cell", round_to_five),
    ("school_cell", bands_without_the_seats),
    ("school_cell", each_term_by_itself),
    ("school_cell", exact_where_three_classes_are),
    ("school_cell", shares_in_tenths),
    ("others_cell", total_beside_its_parts),
]


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


@pytest.mark.parametrize(("where", "rule"), PLANTED, ids=[rule.__name__ for _where, rule in PLANTED])
def test_naive_rules_are_caught(unchecked, attack, monkeypatch, where, rule):
    monkeypatch.setattr(releases, where, rule)
    searched = settings(max_examples=300, phases=[Phase.generate], **QUIET)
    try:
        find(SMALL_WORLDS | WORLDS, lambda world: bool(attack(world)[1]), settings=searched)
    except NoSuchExample:
        pytest.fail(f"{rule.__name__} was not caught")
