"""Worlds of schools over a year of releases, and the adversary who holds every figure of them and solves.

The adversary reads only what HTTP answers, knows the rules, classes and seats, and bounds each cell with an integer
programme (HiGHS). Four worlds are played side by side, one in each band of the same schools: their figures never mix.
"""

import dataclasses
import itertools
import uuid
from collections.abc import Sequence

import numpy as np
from django.test import Client
from django.utils import translation
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from accounts.enums import Animal, Band, Colour, Role
from accounts.models import Authority, AuthorityMembership, Classroom, Membership, School, Seat, User
from lessons.models import Module, Reading
from progress.disclosure import BAND_WIDTH, period
from progress.operations import make_authority_release, make_school_release
from tests.factories.progress import IN_TERM, YEAR
from tests.progress.test_report import read_csv

TERMS = (1, 2, 3)
HANDLES = [(animal, colour) for colour in Colour.values for animal in Animal.values]
OTHERS, TOGETHER = "Other schools together", "All, from the published figures"
AGES = (6, 9, 12, 15)
with translation.override("en"):
    BANDS = {str(Band.of_age(age).label): number for number, age in enumerate(AGES)}

Cell = tuple[int | str, int]
"""A school's number, or the others, and a term."""


@dataclasses.dataclass(frozen=True)
class ClassPlan:
    """A class from its first term on; per term how many finish, and how many seats go and come afterwards.

    With `gone_after` the whole class is erased after that term's figures of its school, before its authority's.
    """

    seats: int
    first_term: int
    finished: tuple[int, int, int]
    freed: tuple[int, int, int] = (0, 0, 0)
    added: tuple[int, int, int] = (0, 0, 0)
    gone_after: int = 0


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
        gone_after=draw(st.sampled_from([0, 0, 0, 0, 1, 2])),
    )


@st.composite
def busy_schools(draw) -> list[ClassPlan]:
    """Three or four classes in which everybody finishes: in one term, or half of them in each of two."""
    parts, sizes = draw(st.sampled_from([1, 2, 2])), draw(st.lists(st.integers(8, 12), min_size=3, max_size=4))
    return [ClassPlan(seats, 1, (seats // parts, seats if parts == 2 else 0, 0)) for seats in sizes]


WORLDS = st.lists(st.lists(class_plans(), min_size=1, max_size=5) | busy_schools(), min_size=1, max_size=3)
FOUR_WORLDS = st.tuples(WORLDS, WORLDS, WORLDS, WORLDS)
SMALL_WORLDS = st.lists(busy_schools(), min_size=1, max_size=1)


@dataclasses.dataclass
class Lived:
    """A class of a plan, with the seats it has now and how many of them are done."""

    number: int
    plan: ClassPlan
    side: "Side"
    classroom: Classroom | None = None
    fresh: list[Seat] = dataclasses.field(default_factory=list)  # have not finished yet
    just: list[Seat] = dataclasses.field(default_factory=list)  # finished in this term
    done: list[Seat] = dataclasses.field(default_factory=list)
    finished: dict[int, int] = dataclasses.field(default_factory=dict)  # by term
    counted: dict[int, int] = dataclasses.field(default_factory=dict)  # seats, when the figures of a term were made

    @property
    def seats(self) -> list[Seat]:
        return self.done + self.fresh


class Side:
    """One world as the adversary knows it: its seats, and all that its figures said over a year."""

    def __init__(self, world: World, age: int) -> None:
        self.age = age
        self.numbers = range(len(world))
        self.classes = [Lived(number, plan, self) for number, plans in enumerate(world) for plan in plans]
        self.alive: dict[tuple[int, int], int] = {}  # seats when the school's figures of a term were made
        self.lost = {(number, term): 0 for number in self.numbers for term in TERMS}  # gone before the authority's
        self.ever = [0] * len(world)
        self.cells: dict[Cell, tuple[int, int] | None] = {}
        self.truth = {(number, term): 0 for number in self.numbers for term in TERMS}
        self.lost_finished = dict(self.truth)  # of these, gone before the authority's

    def count_seats(self, term: int) -> None:
        for one in self.classes:
            one.counted[term] = len(one.seats)
        for number in self.numbers:
            self.alive[number, term] = sum(one.counted[term] for one in self.classes if one.number == number)

    def note(self, cell: Cell, said: tuple[int, int] | None) -> None:
        if cell[0] == OTHERS or cell[0] in self.numbers:
            assert self.cells.setdefault(cell, said) == said, "two pages disagree"

    def false_cells(self) -> list[Cell]:
        """Published, and not so. The adversary does not see it; whoever is lied to must not be called safe."""
        found = []
        for (number, term), said in self.cells.items():
            count = self.truth.get((number, term), 0)
            if number == OTHERS:
                hidden = [(one, term) for one in self.hidden(term)]
                count = sum(self.truth[one] - self.lost_finished[one] for one in hidden)
            if said is not None and not said[0] <= count <= said[1]:
                found.append((number, term))
        return found

    def hidden(self, term: int) -> list[int]:
        return [number for number in self.numbers if self.cells[number, term] is None]


class Played:
    """Worlds in the database, side by side, over a year; the figures are read as soon as they are made."""

    def __init__(self, worlds: Sequence[World], client: Client, user: User, module: Module) -> None:
        self.client, self.module = client, module
        self.authority = Authority.objects.create(name="Authority")
        self.authority.administrators.add(user)
        self.schools = [School(name=f"School {number}", territory="FR") for number in range(max(map(len, worlds)))]
        School.objects.bulk_create(self.schools)
        AuthorityMembership.objects.bulk_create(
            AuthorityMembership(authority=self.authority, school=school) for school in self.schools
        )
        Membership.objects.bulk_create(
            Membership(user=user, school=school, role=Role.ADMINISTRATOR) for school in self.schools
        )
        self.sides = [Side(world, age) for world, age in zip(worlds, AGES, strict=False)]
        self.classes = [one for side in self.sides for one in side.classes]
        for term in TERMS:
            self._live_through(term)
            self._read(term)

    def _live_through(self, term: int) -> None:
        self._begin([one for one in self.classes if one.plan.first_term == term], term)
        here = [one for one in self.classes if one.classroom is not None]
        self._finish(here, term)
        for side in self.sides:
            side.count_seats(term)
        for school in self.schools:
            make_school_release(school=school, period_name=f"{YEAR}-T{term}")
        self._change(here, term)
        make_authority_release(authority=self.authority, period_name=f"{YEAR}-T{term}")

    def _begin(self, classes: list[Lived], term: int) -> None:
        days = period(f"{YEAR}-T{term}")
        for one in classes:
            label = uuid.uuid4().hex[:20]
            one.classroom = Classroom(
                school=self.schools[one.number], school_year=YEAR, label=label, code=label[:7], form="A",
                age_of_youngest=one.side.age, created_on=days.starts_on if term == 1 else days.census_on,
            )  # fmt: skip
        Classroom.objects.bulk_create(one.classroom for one in classes)
        Seat.objects.bulk_create(seat for one in classes for seat in self._new_seats(one, one.plan.seats, 0))

    def _new_seats(self, one: Lived, count: int, last: int) -> list[Seat]:
        seats = [
            Seat(
                school=self.schools[one.number], school_year=YEAR, classroom=one.classroom, position=position,
                animal=HANDLES[position][0], colour=HANDLES[position][1], pepper_id=1,
                qr_digest=uuid.uuid4().hex, home_digest=uuid.uuid4().hex,
            )
            for position in range(last + 1, last + 1 + count)
        ]  # fmt: skip
        one.fresh += seats
        one.side.ever[one.number] += count
        return seats

    def _finish(self, classes: list[Lived], term: int) -> None:
        readings = []
        for one in classes:
            count = one.plan.finished[term - 1]
            one.just = now = one.fresh[:count]
            one.fresh = one.fresh[count:]
            one.done += now
            one.finished[term] = len(now)
            one.side.truth[one.number, term] += len(now)
            readings += [
                Reading(
                    school=self.schools[one.number], school_year=YEAR, seat=seat, module=self.module,
                    furthest_step=3, done_on=IN_TERM[term],
                )
                for seat in now
            ]  # fmt: skip
        Reading.objects.bulk_create(readings)

    def _change(self, classes: list[Lived], term: int) -> None:
        """Seats are freed and given, classes are erased."""
        gone: list[Seat] = []
        ended: list[Classroom] = []
        new: list[Seat] = []
        for one in classes:
            last = max((seat.position for seat in one.seats), default=0)
            everything = one.plan.gone_after == term
            mine = one.seats if everything else one.seats[: one.plan.freed[term - 1]]
            one.done = [seat for seat in one.done if seat not in mine]
            one.fresh = [seat for seat in one.fresh if seat not in mine]
            one.side.lost[one.number, term] += len(mine)
            one.side.lost_finished[one.number, term] += sum(seat in one.just for seat in mine)
            gone += mine
            if everything:
                ended.append(one.classroom)
                one.classroom = None
            else:
                new += self._new_seats(one, one.plan.added[term - 1], last)
        self._erase(gone, ended)
        Seat.objects.bulk_create(new)

    def _erase(self, seats: list[Seat], classrooms: list[Classroom]) -> None:
        """Without Django's search for what hangs on them: here that is known."""
        keys = [seat.pk for seat in seats]
        Reading.objects.filter(seat__in=keys)._raw_delete("default")
        Seat.objects.filter(pk__in=keys)._raw_delete("default")
        Classroom.objects.filter(pk__in=[one.pk for one in classrooms])._raw_delete("default")

    def _read(self, term: int) -> None:
        """Every administrator's file, as the adversary gets it."""
        for scope in (*self.schools, self.authority):
            data = {"of": scope.pk, "period": f"{YEAR}-T{term}"}
            for row in read_csv(self._get(data))[1:]:
                if TOGETHER in row or BANDS[row[1]] >= len(self.sides):
                    continue
                name = row[3] if len(row) == 5 else scope.name
                number = name if name == OTHERS else int(name.removeprefix("School "))
                said = None if row[-1] == "withheld" else tuple(int(end) for end in row[-1].split("–"))
                self.sides[BANDS[row[1]]].note((number, term), said)

    def _get(self, data: dict[str, object]):
        response = self.client.get("/en/staff/figures/table.csv", data)
        assert response.status_code == 200
        return response


@dataclasses.dataclass(frozen=True)
class Narrowed:
    cell: Cell
    low: int
    high: int

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


class Adversary:
    """Two variables for each school and term: how many seats finished, and how many of these were gone again when the
    authority's figures were made. `known` are classes whose pages the adversary holds too: a teacher's own."""

    def __init__(self, side: Side, known: Sequence[Lived] = ()) -> None:
        self.side = side
        self.column = {key: number for number, key in enumerate(itertools.product(("finished", "lost"), side.alive))}
        self.own, self.own_seats = dict.fromkeys(side.alive, 0), dict.fromkeys(side.alive, 0)
        for one in known:
            for term in TERMS:
                self.own[one.number, term] += one.finished.get(term, 0)
                self.own_seats[one.number, term] += one.counted[term]
        self.bounds = Bounds(
            np.array([self.own[place] for place in side.alive] + [0.0] * len(side.alive)),
            np.array([*side.alive.values(), *(side.lost[place] for place in side.alive)], dtype=float),
        )
        years = [(side.ever[one], {("finished", (one, term)): 1 for term in TERMS}) for one in side.numbers]
        rows = [(self._row(factors), 0, seats) for seats, factors in years]
        rows += [(self._row({("finished", place): 1, ("lost", place): -1}), 0, np.inf) for place in side.alive]
        rows += [(self._of(cell), *said) for cell, said in side.cells.items() if said is not None]
        assert side.cells, "nothing was read"
        self.constraint = LinearConstraint(*(np.array(part) for part in zip(*rows, strict=True)))

    def _row(self, factors: dict[tuple[str, tuple[int, int]], float]) -> np.ndarray:
        row = np.zeros(len(self.column))
        for key, factor in factors.items():
            row[self.column[key]] = factor
        return row

    def _of(self, cell: Cell) -> np.ndarray:
        """What a cell counts. The others' is made later: what was lost meanwhile is not in it."""
        if cell[0] != OTHERS:
            return self._row({("finished", cell): 1})
        hidden = [(number, cell[1]) for number in self.side.hidden(cell[1])]
        return self._row({("finished", one): 1 for one in hidden} | {("lost", one): -1 for one in hidden})

    def _seats(self, cell: Cell) -> int:
        """How many seats a cell counts that the adversary does not know herself."""
        if cell[0] != OTHERS:
            return self.side.alive[cell] - self.own_seats[cell]
        hidden = [(number, cell[1]) for number in self.side.hidden(cell[1])]
        return sum(max(0, self.side.alive[one] - self.side.lost[one] - self.own_seats[one]) for one in hidden)

    def _solve(self, aim: np.ndarray) -> np.ndarray:
        found = milp(aim, constraints=self.constraint, bounds=self.bounds, integrality=np.ones(len(aim)))
        assert found.x is not None, "the adversary's picture of the world is wrong"
        return found.x

    def narrowed(self) -> list[Narrowed]:
        """Cells known more narrowly than to ten values (or 0…N). All of them: published, or of a hidden school.

        Two solutions that are as far apart as that prove it of a cell; most are had at once, for all cells together.
        """
        aims = {cell: self._of(cell) for cell in self.side.cells}
        ends = self._solve(sum(aims.values())), self._solve(-sum(aims.values()))
        found = []
        for cell, aim in aims.items():
            wide = min(BAND_WIDTH, self._seats(cell) + 1)
            if round(aim @ ends[1]) - round(aim @ ends[0]) + 1 >= wide:
                continue
            low, high = round(aim @ self._solve(aim)), round(aim @ self._solve(-aim))
            if high - low + 1 < wide:
                found.append(Narrowed(cell, low, high))
        return found
