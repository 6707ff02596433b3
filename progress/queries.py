"""Figures across apps, as values: one function feeds the screen, the print and the CSV."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts.enums import Band
from accounts.models import Classroom, Seat, Sitting, User, WaitingSignIn
from lessons.models import Assignment, Module, Objective, Reading
from progress.disclosure import CountBand, total_of
from progress.models import Release, ReleaseCell
from quizzes.disclosure import Share, share
from quizzes.enums import Moment
from quizzes.grading import RIGHT, Gain, gain
from quizzes.models import Attempt, Choice, ObjectiveResult, Question, Tally

Published = dict[tuple[UUID, str], dict[str, int]]
"""Published counts of a class: (question, moment) → item → count; the item "" counts submissions."""


@dataclass(frozen=True)
class SeatRow:
    """A seat beside the class's modules: for each, whether it is done and how far it is."""

    seat: Seat
    done: tuple[bool, ...]
    furthest: tuple[int, ...]


@dataclass(frozen=True)
class ClassOverview:
    modules: tuple[Module, ...]
    rows: tuple[SeatRow, ...]

    @property
    def done_counts(self) -> list[int]:
        return [sum(row.done[place] for row in self.rows) for place in range(len(self.modules))]


def class_overview(*, classroom: Classroom) -> ClassOverview:
    """Seats × assigned modules: three queries at any size. Of a sensitive module a seat shows only done."""
    modules = tuple(a.module for a in Assignment.objects.filter(classroom=classroom).select_related("module"))
    seats = list(Seat.objects.filter(classroom=classroom).order_by("position"))
    readings = {
        (reading.seat_id, reading.module_id): reading
        for reading in Reading.objects.filter(
            school_id=classroom.school_id, school_year=classroom.school_year, seat__classroom=classroom
        )
    }

    def furthest(seat: Seat, module: Module) -> int:
        reading = readings.get((seat.pk, module.pk))
        return reading.furthest_step if reading and not module.is_sensitive else 0

    def done(seat: Seat, module: Module) -> bool:
        reading = readings.get((seat.pk, module.pk))
        return reading is not None and reading.done_on is not None

    return ClassOverview(
        modules=modules,
        rows=tuple(
            SeatRow(
                seat=seat,
                done=tuple(done(seat, module) for module in modules),
                furthest=tuple(furthest(seat, module) for module in modules),
            )
            for seat in seats
        ),
    )


@dataclass(frozen=True)
class Figure:
    """A published share with the number of submissions it is from."""

    share: Share
    submissions: int


@dataclass(frozen=True)
class ObjectiveRow:
    objective: Objective
    before: Figure | None
    after: Figure | None
    later: Figure | None
    gain: Gain | None


@dataclass(frozen=True)
class ChoiceRow:
    choice: Choice
    share: Share


@dataclass(frozen=True)
class QuestionRow:
    question: Question
    moment: Moment
    right: Figure
    choices: tuple[ChoiceRow, ...]

    @property
    def is_to_talk_about(self) -> bool:
        """Fewer than six in ten answered wholly right, after the lesson."""
        return self.moment != Moment.BEFORE and self.right.share.percent < 60


@dataclass(frozen=True)
class ClassReport:
    """Everything a teacher reads of one module. Made of published counts only."""

    classroom: Classroom
    module: Module
    seat_count: int
    done_count: int
    unfinished: tuple[Seat, ...]
    objectives: tuple[ObjectiveRow, ...]
    questions: tuple[QuestionRow, ...]
    results: dict[UUID, dict[str, str]]  # seat → objective slug → state; empty for a sensitive module

    @property
    def to_talk_about(self) -> list[QuestionRow]:
        return [row for row in self.questions if row.is_to_talk_about]


def class_report(*, classroom: Classroom, module: Module) -> ClassReport:
    """Seven queries at any size of the class."""
    seats = list(Seat.objects.filter(classroom=classroom).order_by("position"))
    done = set(
        Reading.objects.filter(
            school_id=classroom.school_id,
            school_year=classroom.school_year,
            seat__classroom=classroom,
            module=module,
            done_on__isnull=False,
        ).values_list("seat_id", flat=True)
    )
    published, questions = _published(classroom, module)
    objectives = list(Objective.objects.filter(module=module).order_by("position"))
    return ClassReport(
        classroom=classroom,
        module=module,
        seat_count=len(seats),
        done_count=len(done),
        unfinished=tuple(seat for seat in seats if seat.pk not in done),
        objectives=tuple(_objective_row(objective, published, questions) for objective in objectives),
        questions=tuple(_question_rows(published, questions)),
        results={} if module.is_sensitive else _results(classroom, module),
    )


def _published(classroom: Classroom, module: Module) -> tuple[Published, dict[UUID, Question]]:
    published: Published = defaultdict(dict)
    for tally in Tally.objects.filter(
        school_id=classroom.school_id,
        school_year=classroom.school_year,
        classroom=classroom,
        question__quiz__module=module,
        published__gt=0,
    ):
        published[tally.question_id, tally.moment][tally.item] = tally.published
    ids = {question for question, _moment in published}
    questions = Question.objects.filter(pk__in=ids).select_related("objective").prefetch_related("choices")
    return dict(published), {question.pk: question for question in questions}


def _figure(right: int, total: int, submissions: int) -> Figure | None:
    shown = share(right, total)
    return Figure(shown, submissions) if shown else None


def _objective_row(objective: Objective, published: Published, questions: dict[UUID, Question]) -> ObjectiveRow:
    figures = {}
    for moment in (Moment.BEFORE, Moment.AFTER, Moment.LATER):
        counts = [
            items
            for (question, when), items in published.items()
            if when == moment and questions[question].objective_id == objective.pk
        ]
        submissions = max((items[""] for items in counts), default=0)
        figures[moment] = _figure(
            sum(items.get(RIGHT, 0) for items in counts), sum(items[""] for items in counts), submissions
        )
    before, after = figures[Moment.BEFORE], figures[Moment.AFTER]
    return ObjectiveRow(
        objective=objective,
        before=before,
        after=after,
        later=figures[Moment.LATER],
        gain=_gain(before, after) if before and after else None,
    )


def _gain(before: Figure, after: Figure) -> Gain:
    """From what is shown, never from the counts behind an extreme; and per seat, not per answer."""
    return gain(
        before=before.share.percent / 100,
        before_size=before.submissions,
        after=after.share.percent / 100,
        after_size=after.submissions,
    )


def _question_rows(published: Published, questions: dict[UUID, Question]) -> Iterable[QuestionRow]:
    moments = list(Moment)
    for (key, moment), items in sorted(
        published.items(), key=lambda pair: (moments.index(pair[0][1]), questions[pair[0][0]].position)
    ):
        question = questions[key]
        yield QuestionRow(
            question=question,
            moment=Moment(moment),
            right=_figure(items.get(RIGHT, 0), items[""], items[""]),
            choices=tuple(
                ChoiceRow(choice, share(_chosen(question, choice, items), items[""]))
                for choice in question.choices.all()
            ),
        )


def _chosen(question: Question, choice: Choice, items: dict[str, int]) -> int:
    """How many took a choice; for order and match, how many put it where it belongs."""
    match question.kind:
        case "order":
            return items.get(f"{choice.slug}@{choice.position}", 0)
        case "match":
            return items.get(f"{choice.slug}@{choice.slug}", 0)
    return items.get(choice.slug, 0)


def _results(classroom: Classroom, module: Module) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    for seat, slug, state in ObjectiveResult.objects.filter(
        school_id=classroom.school_id,
        school_year=classroom.school_year,
        seat__classroom=classroom,
        objective__module=module,
    ).values_list("seat_id", "objective__slug", "state"):
        found[seat][slug] = state
    return dict(found)


@dataclass(frozen=True)
class CockpitSeat:
    seat: Seat
    is_seated: bool
    is_done: bool
    step_number: int | None  # none in a sensitive module
    has_answered: bool | None  # none in a sensitive module
    waiting: tuple[WaitingSignIn, ...]


@dataclass(frozen=True)
class Cockpit:
    classroom: Classroom
    module: Module | None
    seats: tuple[CockpitSeat, ...]
    step_counts: tuple[int, ...]  # seated seats by step reached, for the class as a whole

    @property
    def seated_count(self) -> int:
        return sum(seat.is_seated for seat in self.seats)

    @property
    def done_count(self) -> int:
        return sum(seat.is_done for seat in self.seats)

    @property
    def waiting_count(self) -> int:
        return sum(len(seat.waiting) for seat in self.seats)


def cockpit(*, classroom: Classroom, module: Module | None, step_total: int) -> Cockpit:
    """The class as it sits now: five queries at any size. Per seat of a sensitive module, seated and done only."""
    scope = {"school_id": classroom.school_id, "school_year": classroom.school_year}
    sittings = {s.seat_id: s for s in Sitting.objects.filter(**scope, seat__classroom=classroom)}
    waiting: dict[UUID, list[WaitingSignIn]] = defaultdict(list)
    for sign_in in WaitingSignIn.objects.filter(**scope, seat__classroom=classroom, is_approved=False):
        waiting[sign_in.seat_id].append(sign_in)
    readings, answered = {}, set()
    if module is not None:
        readings = {r.seat_id: r for r in Reading.objects.filter(**scope, seat__classroom=classroom, module=module)}
        answered = set(
            Attempt.objects.filter(
                **scope, seat__classroom=classroom, quiz__module=module, moment=Moment.AFTER, is_submitted=True
            ).values_list("seat_id", flat=True)
        )
    is_open_book = module is not None and not module.is_sensitive
    rows = []
    counts = [0] * (step_total + 1)
    for seat in Seat.objects.filter(classroom=classroom).order_by("position"):
        reading = readings.get(seat.pk)
        furthest = reading.furthest_step if reading else 0
        if seat.pk in sittings:
            counts[min(furthest, step_total)] += 1
        rows.append(
            CockpitSeat(
                seat=seat,
                is_seated=seat.pk in sittings,
                is_done=reading is not None and reading.done_on is not None,
                step_number=furthest if is_open_book else None,
                has_answered=seat.pk in answered if is_open_book else None,
                waiting=tuple(waiting[seat.pk]),
            )
        )
    return Cockpit(classroom=classroom, module=module, seats=tuple(rows), step_counts=tuple(counts))


@dataclass(frozen=True)
class FigureRow:
    """One module of one band in one period: the published band, or withheld."""

    period: str
    band: Band
    module_slug: str
    module_title: str
    seats: CountBand | None


def figures(*, user: User, scope: UUID | None = None) -> list[FigureRow]:
    """An administrator's figures, from releases only: per period, band and module; above one school, from bands."""
    titles = {module.slug: module.title for module in Module.objects.all()}
    releases = Release.objects.visible_to(user)
    if scope is not None:
        releases = releases.filter(school_id=scope) | releases.filter(authority_id=scope)
    cells: dict[tuple[str, str, str], list[ReleaseCell]] = defaultdict(list)
    for cell in ReleaseCell.objects.filter(release__in=releases).select_related("release"):
        cells[cell.release.period, cell.band, cell.module_slug].append(cell)
    order = list(Band)
    return [
        FigureRow(
            period=period,
            band=Band(band),
            module_slug=slug,
            module_title=titles.get(slug, slug),
            seats=_total(rows),
        )
        for (period, band, slug), rows in sorted(
            cells.items(), key=lambda pair: (pair[0][0], order.index(Band(pair[0][1])), pair[0][2])
        )
    ]


def _total(cells: list[ReleaseCell]) -> CountBand | None:
    published = [CountBand(cell.seats_from, cell.seats_to) for cell in cells if not cell.is_withheld]
    return total_of(published) if published else None
