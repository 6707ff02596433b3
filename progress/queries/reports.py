"""What a class understood of one module. Made of published counts only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, UUIDField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Classroom, Seat
from config.prepared import Prepared, Slot
from lessons.models import ChosenSeat, Module, Objective, Reading
from lessons.queries.pupils import OWNER, owner_of
from progress.queries.tables import Table
from quizzes.disclosure import Extreme, Share, choice_shares, mean_share, share
from quizzes.enums import Moment, ObjectiveState, QuestionKind
from quizzes.grading import RIGHT, Gain, gain
from quizzes.models import Choice, Question
from quizzes.queries import asked_in, objective_states, published_counts

Published = dict[tuple[UUID, str], dict[str, int]]
"""Published counts of a class: (question, moment) → item → count; the item "" counts submissions."""
OF_SEAT = {"seat": OuterRef("pk"), "module": Slot("module", UUIDField()), **OWNER}
EXCLUSIVE = {QuestionKind.ONE, QuestionKind.TRUE_FALSE}


@dataclass(frozen=True)
class Figure:
    """A published share, with the number of seats whose answers it is from (over several questions, their mean)."""

    share: Share
    submissions: int


@dataclass(frozen=True)
class ObjectiveRow:
    objective: Objective
    before: Figure | None
    after: Figure | None
    later: Figure | None

    @property
    def gain(self) -> Gain | None:
        return _gain(self.before, self.after)


@dataclass(frozen=True)
class ChoiceRow:
    choice: Choice
    share: Share
    text: str


@dataclass(frozen=True)
class QuestionRow:
    question: Question
    moment: Moment
    right: Figure
    right_text: str
    choices: tuple[ChoiceRow, ...]

    @property
    def is_to_talk_about(self) -> bool:
        """Fewer than six in ten answered wholly right, after the lesson."""
        return self.moment != Moment.BEFORE and self.right.share.percent < 60


@dataclass(frozen=True)
class ClassReport:
    """Everything a teacher reads of one module. Shares are made of published counts only."""

    classroom: Classroom
    module: Module
    seat_count: int
    unfinished: tuple[Seat, ...]
    objectives: tuple[ObjectiveRow, ...]
    questions: tuple[QuestionRow, ...]
    before: Figure | None  # over all questions
    after: Figure | None
    later: Figure | None
    results: Table | None  # seats × objectives; none for a sensitive module

    @property
    def done_count(self) -> int:
        return self.seat_count - len(self.unfinished)

    @property
    def gain(self) -> Gain | None:
        return _gain(self.before, self.after)

    @property
    def to_talk_about(self) -> list[QuestionRow]:
        return sorted((row for row in self.questions if row.is_to_talk_about), key=lambda row: row.right.share.percent)


_class_seats = Prepared(
    lambda: (
        Seat.objects.filter(classroom=Slot("classroom", UUIDField()))
        .order_by("position")
        .annotate(
            is_done=Exists(Reading.objects.filter(**OF_SEAT, done_on__isnull=False)),
            is_chosen=Exists(ChosenSeat.objects.filter(**OF_SEAT)),
        )
    )
)


def class_report(*, classroom: Classroom, module: Module, is_for_chosen: bool = False) -> ClassReport:
    """Three queries at any size of the class. Seats for which the module is not meant are left out."""
    seats = [
        seat
        for seat in _class_seats.all(classroom=classroom.pk, module=module.pk, **owner_of(classroom))
        if seat.is_done or seat.is_chosen or not is_for_chosen
    ]
    asked = asked_in(module)
    rows = tuple(_question_rows(_published(classroom, module), asked.questions))
    return ClassReport(
        classroom=classroom,
        module=module,
        seat_count=len(seats),
        unfinished=tuple(seat for seat in seats if not seat.is_done),
        objectives=tuple(_objective_row(objective, rows) for objective in asked.objectives),
        questions=rows,
        before=_mean(rows, Moment.BEFORE),
        after=_mean(rows, Moment.AFTER),
        later=_mean(rows, Moment.LATER),
        results=None if module.is_sensitive else _results(classroom, module, seats, asked.objectives),
    )


def _published(classroom: Classroom, module: Module) -> Published:
    published: Published = defaultdict(dict)
    for question, moment, item, count in published_counts(classroom, module):
        published[question, moment][item] = count
    return published


def _mean(rows: Iterable[QuestionRow], moment: Moment) -> Figure | None:
    rows = [row for row in rows if row.moment == moment]
    shown = mean_share([row.right.share for row in rows])
    return Figure(shown, shown.total // len(rows)) if shown else None


def _objective_row(objective: Objective, rows: Iterable[QuestionRow]) -> ObjectiveRow:
    own = [row for row in rows if row.question.objective_id == objective.pk]
    before, after, later = (_mean(own, moment) for moment in (Moment.BEFORE, Moment.AFTER, Moment.LATER))
    return ObjectiveRow(objective=objective, before=before, after=after, later=later)


def _gain(before: Figure | None, after: Figure | None) -> Gain | None:
    """From what is shown, never from the counts behind a word; and per seat, not per answer."""
    if before is None or after is None:
        return None
    return gain(
        before=before.share.middle / before.share.total,
        before_size=before.submissions,
        after=after.share.middle / after.share.total,
        after_size=after.submissions,
    )


def _question_rows(published: Published, questions: Mapping[UUID, Question]) -> Iterable[QuestionRow]:
    moments = list(Moment)
    for (key, moment), items in sorted(
        published.items(), key=lambda pair: (moments.index(pair[0][1]), questions[pair[0][0]].position)
    ):
        question, total = questions[key], items[""]
        right = share(items.get(RIGHT, 0), total)
        yield QuestionRow(
            question=question,
            moment=Moment(moment),
            right=Figure(right, total),
            right_text=count_text(right),
            choices=tuple(_choice_rows(question, items, total)),
        )


def _choice_rows(question: Question, items: dict[str, int], total: int) -> Iterable[ChoiceRow]:
    choices = list(question.choices.all())
    counts = {choice.slug: _chosen(question, choice, items) for choice in choices}
    if question.kind in EXCLUSIVE:
        right = frozenset(choice.slug for choice in choices if choice.is_right)
        shares = choice_shares(counts, total, right=right)
    else:
        shares = {slug: share(count, total) for slug, count in counts.items()}
    for choice in choices:
        yield ChoiceRow(choice, shares[choice.slug], count_text(shares[choice.slug]))


def _chosen(question: Question, choice: Choice, items: dict[str, int]) -> int:
    """How many took a choice; for order and match, how many put it where it belongs."""
    match question.kind:
        case QuestionKind.ORDER:
            return items.get(f"{choice.slug}@{choice.position}", 0)
        case QuestionKind.MATCH:
            return items.get(f"{choice.slug}@{choice.slug}", 0)
    return items.get(choice.slug, 0)


def _results(classroom: Classroom, module: Module, seats: list[Seat], objectives: Iterable[Objective]) -> Table:
    found = objective_states(classroom, module)
    words = {ObjectiveState.GOT_IT: _("✓ got it"), ObjectiveState.REVISIT: _("to revisit"), None: "–"}
    return Table(
        headings=(_("Seat"), *(objective.text for objective in objectives)),
        rows=tuple(
            (seat.handle, *(words[found.get((seat.pk, objective.pk))] for objective in objectives)) for seat in seats
        ),
    )


def word_text(shown: Share) -> str:
    """An extreme share in words; empty for one with a count."""
    match shown.extreme:
        case Extreme.NEARLY_ALL:
            return _("nearly all")
        case Extreme.HARDLY_ANY:
            return _("hardly any")
    return ""


def count_text(shown: Share) -> str:
    """“7 of 25 (28%)”, or a word."""
    words = {"count": shown.count, "total": shown.total, "percent": shown.percent}
    if shown.extreme == Extreme.TOGETHER:
        return _("these together: %(count)s of %(total)s (%(percent)s%%)") % words
    return word_text(shown) or _("%(count)s of %(total)s (%(percent)s%%)") % words


def percent_text(figure: Figure | None) -> str:
    if figure is None:
        return _("not shown yet")
    return word_text(figure.share) or _("%(percent)s%%") % {"percent": figure.share.percent}


def _figure_text(figure: Figure | None, seat_count: int) -> str:
    """“64%, from 25 of 28”."""
    if figure is None:
        return _("not shown yet")
    words = {
        "share": percent_text(figure),
        "submissions": figure.submissions,
        "seats": max(seat_count, figure.submissions),
    }
    return _("%(share)s, from %(submissions)s of %(seats)s") % words


def points_text(points: int) -> str:
    """With a true minus sign, which no spreadsheet takes for a formula."""
    return str(points).replace("-", "−")


@dataclass(frozen=True)
class GainText:
    points: str
    low: str
    high: str


def gain_text(found: Gain | None) -> GainText | None:
    return GainText(*map(points_text, (found.points, found.low, found.high))) if found else None


def gain_words(found: Gain | None) -> str:
    """“20 points (from −20 to 53)”."""
    if found is None:
        return "–"
    text = ngettext(
        "%(points)s point (from %(low)s to %(high)s)", "%(points)s points (from %(low)s to %(high)s)", abs(found.points)
    )
    return text % vars(gain_text(found))


def report_table(report: ClassReport) -> Table:
    """Before, after, later and gain for each objective, and over all questions."""
    everything = ObjectiveRow(None, report.before, report.after, report.later)
    rows = []
    for row in (*report.objectives, everything):
        figures = (_figure_text(figure, report.seat_count) for figure in (row.before, row.after, row.later))
        rows.append((row.objective.text if row.objective else _("All questions"), *figures, gain_words(row.gain)))
    return Table(
        headings=(_("Objective"), _("Before"), _("After"), _("Later"), _("Gain, and where it likely lies")),
        rows=tuple(rows),
    )


@dataclass(frozen=True)
class ChartRow:
    """An objective as the chart draws it: an extreme at the end of the line, with its word."""

    label: str
    before: int | None
    after: int | None
    before_text: str
    after_text: str


def gain_chart(report: ClassReport) -> list[ChartRow]:
    return [
        ChartRow(
            label=row.objective.text,
            before=row.before.share.percent if row.before else None,
            after=row.after.share.percent if row.after else None,
            before_text=percent_text(row.before),
            after_text=percent_text(row.after),
        )
        for row in report.objectives
    ]
