"""A class as a whole: who has done what, and the class as it sits now."""

import datetime
import hashlib
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    UUIDField,
)
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Classroom, Seat, Sitting, handle_of
from config.prepared import Prepared, Slot
from lessons.models import Assignment, ClassLesson, Module, Reading, Step
from lessons.queries import chosen_seats
from lessons.queries.pupils import OWNER, owner_of
from progress.queries.tables import Table
from quizzes.enums import Moment
from quizzes.models import Attempt

NO_MODULE = UUID(int=0)


def readings_of(classroom: Classroom) -> QuerySet[Reading]:
    return Reading.objects.filter(
        school_id=classroom.school_id, school_year=classroom.school_year, seat__classroom=classroom
    )


@dataclass(frozen=True)
class SeatRow:
    """A seat beside the class's modules: for each, whether it is done and how far it is (never of a sensitive one).

    A module that is not meant for the seat is not missing there.
    """

    seat: Seat
    done: tuple[bool, ...]
    furthest: tuple[int, ...]
    is_meant: tuple[bool, ...]


@dataclass(frozen=True)
class ClassOverview:
    modules: tuple[Module, ...]
    step_totals: tuple[int, ...]
    rows: tuple[SeatRow, ...]

    @property
    def done_counts(self) -> list[int]:
        return [sum(row.done[place] for row in self.rows) for place in range(len(self.modules))]

    @property
    def meant_counts(self) -> list[int]:
        """For how many seats each module is meant, or was when they did it."""
        return [sum(row.is_meant[place] or row.done[place] for row in self.rows) for place in range(len(self.modules))]

    @property
    def columns(self) -> list[tuple[Module, int, int]]:
        return list(zip(self.modules, self.done_counts, self.meant_counts, strict=True))

    @property
    def table(self) -> Table:
        def cell(row: SeatRow, place: int) -> str:
            if row.done[place]:
                return _("✓ done")
            if not row.is_meant[place]:
                return _("not assigned")
            if row.furthest[place]:
                return _("step %(here)s of %(total)s") % {
                    "here": min(row.furthest[place], self.step_totals[place]),
                    "total": self.step_totals[place],
                }
            return "–"

        return Table(
            headings=(_("Seat"), *(module.title for module in self.modules)),
            rows=tuple(
                (row.seat.handle, *(cell(row, place) for place in range(len(self.modules)))) for row in self.rows
            ),
        )


def class_overview(*, classroom: Classroom) -> ClassOverview:
    """Seats × assigned modules: five queries at any size, six where seats were chosen.

    Of a sensitive module a seat shows only done.
    """
    modules = tuple(a.module for a in Assignment.objects.filter(classroom=classroom).select_related("module"))
    totals = dict(
        Step.objects.for_age(classroom.age_of_youngest)
        .filter(module__in=modules)
        .order_by()
        .values_list("module_id")
        .annotate(steps=Count("pk"))
    )
    readings = {(reading.seat_id, reading.module_id): reading for reading in readings_of(classroom)}

    chosen = chosen_seats(classroom)

    def furthest(seat: Seat, module: Module) -> int:
        reading = readings.get((seat.pk, module.pk))
        return reading.furthest_step if reading and not module.is_sensitive else 0

    def done(seat: Seat, module: Module) -> bool:
        reading = readings.get((seat.pk, module.pk))
        return reading is not None and reading.done_on is not None

    return ClassOverview(
        modules=modules,
        step_totals=tuple(totals.get(module.pk, 0) for module in modules),
        rows=tuple(
            SeatRow(
                seat=seat,
                done=tuple(done(seat, module) for module in modules),
                furthest=tuple(furthest(seat, module) for module in modules),
                is_meant=tuple(module.pk not in chosen or seat.pk in chosen[module.pk] for module in modules),
            )
            for seat in Seat.objects.filter(classroom=classroom).in_order()
        ),
    )


@dataclass(frozen=True)
class CockpitSeat:
    """A seat as it sits now. Of a sensitive module: whether it is taken, and whether the module is done."""

    pk: UUID
    animal: str
    colour: str
    is_seated: bool
    is_done: bool
    step_number: int | None  # how many steps were finished; none in a sensitive module
    has_answered: bool | None  # none in a sensitive module
    is_meant: bool  # whether the module is on this seat's list
    waiting: list[UUID]  # sign-ins that wait for the teacher's tap, first come first

    @property
    def handle(self) -> str:
        return handle_of(self.animal, self.colour)

    @property
    def look(self) -> str:
        """Which tile it is drawn as."""
        if self.waiting:
            return "wait"
        if self.is_done:
            return "done"
        return "seated" if self.is_seated else "free"


@dataclass(frozen=True)
class StepCount:
    """How many who sit now are at a step: the class as a whole, no seat."""

    label: str
    seats: int


@dataclass(frozen=True)
class Cockpit:
    classroom: Classroom
    module: Module | None
    step_total: int
    seats: tuple[CockpitSeat, ...]
    step_counts: tuple[StepCount, ...]

    @property
    def seated_count(self) -> int:
        return sum(seat.is_seated for seat in self.seats)

    @property
    def done_count(self) -> int:
        return sum(seat.is_done for seat in self.seats)

    @property
    def waiting_count(self) -> int:
        return sum(len(seat.waiting) for seat in self.seats)

    @property
    def minutes_left(self) -> int:
        if not self.classroom.is_open:
            return 0
        return -(-(self.classroom.open_until - timezone.now()) // datetime.timedelta(minutes=1))


@dataclass(frozen=True)
class RoomSitting:
    """Somebody who sits here now, and the module they are in."""

    seat_id: UUID
    module_id: UUID | None


_sittings = Prepared(
    lambda: (
        Sitting.objects.here(since=Slot("since", DateTimeField()), awake=Slot("awake", DateTimeField()))
        .filter(**OWNER, seat__classroom=Slot("classroom", UUIDField()))
        .values_list("seat_id", "module_key")
    )
)


def sittings_now(classroom: Classroom) -> list[RoomSitting]:
    """Who sits here; who works at home does not show, nor who has been idle; in a closed class nobody sits."""
    if not classroom.is_open:
        return []
    terms = Sitting.objects.here_now()
    return [RoomSitting(*row) for row in _sittings.all(classroom=classroom.pk, **terms, **owner_of(classroom))]


def module_now(sittings: list[RoomSitting], modules: list[Module]) -> Module | None:
    """The module in which most of those who sit here are; before anybody is, the first on the list."""
    counts = Counter(sitting.module_id for sitting in sittings)
    return max(modules, key=lambda module: counts[module.pk], default=None)


def _seats_of_room() -> QuerySet[Seat]:
    """Every seat of a class with what it did of one module; a seat on which several wait comes several times."""
    module = Slot("module", UUIDField())

    def beside(relation: str, **condition: object) -> FilteredRelation:
        return FilteredRelation(
            relation, condition=Q(**{f"{relation}__{name}": value for name, value in (OWNER | condition).items()})
        )

    answered = Attempt.objects.filter(
        **OWNER, seat=OuterRef("pk"), quiz__module=module, moment=Moment.AFTER, is_submitted=True
    )
    beside_seat = ("reading__furthest_step", "reading__done_on", "chosen__pk")
    return (
        Seat.objects.filter(classroom=Slot("classroom", UUIDField()))
        .alias(
            reading=beside("readings", module=module),
            waiting=beside("waiting_sign_ins", is_approved=False),
            chosen=beside("chosen_for", module=module),
        )
        .order_by("position", "waiting__asked_at")
        .values_list("pk", "animal", "colour", *beside_seat, Exists(answered), "waiting__pk")
    )


_room = Prepared(_seats_of_room)


def _room_of(classroom: Classroom, module: Module | None) -> list[tuple[tuple, list[UUID]]]:
    """Each seat's row once, with the sign-ins that wait for it."""
    rows = _room.all(classroom=classroom.pk, module=module.pk if module else NO_MODULE, **owner_of(classroom))
    seats: dict[UUID, tuple[tuple, list[UUID]]] = {}
    for *row, waits in rows:
        waiting = seats.setdefault(row[0], (tuple(row), []))[1]
        if waits and classroom.is_open:
            waiting.append(waits)
    return list(seats.values())


def _cockpit_seat(
    row: tuple, waiting: list[UUID], is_seated: bool, step_number: int | None, is_for_all: bool
) -> CockpitSeat:
    """One seat of the room; without a step number nothing is told of it but who sits and who is done."""
    pk, animal, colour, _furthest, done_on, chosen, has_answered = row
    return CockpitSeat(
        pk=pk,
        animal=animal,
        colour=colour,
        is_seated=is_seated,
        is_done=done_on is not None,
        step_number=step_number,
        has_answered=None if step_number is None else has_answered,
        is_meant=is_for_all or chosen is not None,
        waiting=waiting,
    )


def cockpit(
    *,
    classroom: Classroom,
    assignment: Assignment | None,
    steps: list[Step],
    sittings: list[RoomSitting],
    class_step: int = 0,
) -> Cockpit:
    """The class as it sits now, in one query at any size: who sits is at least at `class_step`, to which the teacher
    brought the class.
    """
    module = assignment.module if assignment else None
    is_shown = module is not None and not module.is_sensitive
    is_for_all = assignment is None or not assignment.is_for_chosen
    seated = {sitting.seat_id for sitting in sittings}
    counts = [0] * (len(steps) + 1)
    seats = []
    for row, waiting in _room_of(classroom, module):
        is_seated, furthest = row[0] in seated, min(row[3] or 0, len(steps))
        if is_seated:
            furthest = max(furthest, class_step - 1)
            counts[furthest] += 1
        seats.append(_cockpit_seat(row, waiting, is_seated, furthest if is_shown else None, is_for_all))
    labels = [*(step.title for step in steps), _("Questions at the end")] if module else []
    return Cockpit(
        classroom=classroom,
        module=module,
        step_total=len(steps),
        seats=tuple(seats),
        step_counts=tuple(StepCount(label, count) for label, count in zip(labels, counts, strict=False)),
    )


def room_mark(now: Cockpit, lesson: ClassLesson, *, class_step: int) -> str:
    """What all that changes in the room comes down to: with the same mark it looks the same."""
    room, module = now.classroom, now.module
    opening = (room.opening, room.code, room.is_for_chosen, room.opens_sensitive, now.minutes_left)
    brought = (lesson.is_paused, lesson.vote_key, class_step)
    shown = (module and (module.pk, module.content_hash), now.step_counts, get_language())
    seats = [tuple(vars(seat).values()) for seat in now.seats]
    return hashlib.sha256(repr((opening, brought, shown, seats)).encode()).hexdigest()[:32]


def seats_not_done(classroom: Classroom, module: Module) -> QuerySet[Seat]:
    """Seats that have not done a module that is meant for them."""
    done = readings_of(classroom).filter(module=module, done_on__isnull=False)
    seats = Seat.objects.filter(classroom=classroom).exclude(pk__in=done.values("seat")).in_order()
    chosen = chosen_seats(classroom)
    return seats.filter(pk__in=chosen[module.pk]) if module.pk in chosen else seats


def seats_behind(classroom: Classroom) -> list[Seat]:
    """Seats that have not done a module which another seat of the class has done: perhaps they were absent."""
    done = readings_of(classroom).filter(done_on__isnull=False)
    chosen = chosen_seats(classroom)
    pairs = set(done.values_list("seat_id", "module_id"))
    modules = {module for _seat, module in pairs}
    return [
        seat
        for seat in Seat.objects.filter(classroom=classroom).in_order()
        if any(
            (seat.pk, module) not in pairs and (module not in chosen or seat.pk in chosen[module]) for module in modules
        )
    ]
