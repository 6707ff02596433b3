"""Reads of quizzes."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import caches
from django.db.models import UUIDField

from accounts.models import Classroom, Seat
from config.caches import KEPT_SECONDS
from config.prepared import Prepared, Slot
from lessons.models import Module, Objective
from lessons.queries.pupils import OWNER, owner_of
from quizzes.enums import Moment, QuizKind
from quizzes.grading import Key, Line, Response, Sheet, is_right, partner_value, possible_only
from quizzes.models import Attempt, ObjectiveResult, Question, Quiz, Tally
from quizzes.schemas import QuestionKind


@dataclass(frozen=True)
class QuizKeys:
    """The keys of a quiz's current questions, by slug, the ids of their revisions and of their objectives."""

    by_question: Mapping[str, Key]
    question_ids: Mapping[str, UUID]
    objective_ids: Mapping[str, UUID]


@dataclass(frozen=True)
class QuizContent:
    """A quiz as it is now. The same for everybody and shared by all requests: nobody changes it."""

    quiz: Quiz
    questions: tuple[Question, ...]
    keys: QuizKeys
    sheet: Sheet


def quiz_kind(classroom: Classroom, moment: Moment) -> QuizKind:
    """One form per class: its own before and the other after; the booster later; practice is its own again."""
    match moment:
        case Moment.BEFORE | Moment.PRACTICE:
            return QuizKind(classroom.form)
        case Moment.AFTER:
            return QuizKind.B if classroom.form == QuizKind.A else QuizKind.A
    return QuizKind.BOOSTER


def quiz_for(classroom: Classroom, module: Module, moment: Moment) -> Quiz | None:
    return Quiz.objects.select_related("module").filter(module=module, kind=quiz_kind(classroom, moment)).first()


def questions_of(quiz: Quiz) -> list[Question]:
    """Current questions with their choices and objective, in order: two queries."""
    return list(quiz.questions.current().select_related("objective").prefetch_related("choices").order_by("position"))


def keys_of(questions: Iterable[Question]) -> QuizKeys:
    return QuizKeys(
        by_question={
            question.slug: Key(
                kind=QuestionKind(question.kind),
                slugs=tuple(choice.slug for choice in question.choices.all()),
                right=frozenset(choice.slug for choice in question.choices.all() if choice.is_right),
                objective=question.objective.slug,
            )
            for question in questions
        },
        question_ids={question.slug: question.pk for question in questions},
        objective_ids={question.objective.slug: question.objective_id for question in questions},
    )


def sheet_of(questions: Iterable[Question]) -> Sheet:
    """How a quiz is sent: fields are named by the question's or the choice's id."""
    return Sheet(tuple(map(_line_of, questions)))


def _line_of(question: Question) -> Line:
    choices = list(question.choices.all())
    is_several = question.kind in (QuestionKind.SEVERAL, QuestionKind.SIGNS)
    if is_several or question.kind in (QuestionKind.ONE, QuestionKind.TRUE_FALSE):
        values = {choice.slug: choice.slug for choice in choices}
        return Line(question.slug, is_several, ((str(question.pk), ""),), values)
    if question.kind == QuestionKind.ORDER:
        values = {str(place): place for place in range(1, len(choices) + 1)}
    else:
        values = {partner_value(question.slug, choice.partner_fr): choice.slug for choice in choices}
    return Line(question.slug, False, tuple((str(choice.pk), choice.slug) for choice in choices), values)


def quiz_content(classroom: Classroom, module: Module, moment: Moment) -> QuizContent | None:
    """What a class is asked at a moment, kept for a while; a file that is loaded anew has another hash."""
    key = f"quiz:{module.pk}:{module.content_hash}:{quiz_kind(classroom, moment)}"
    found = caches["content"].get(key)
    if found is None and (quiz := quiz_for(classroom, module, moment)):
        questions = questions_of(quiz)
        found = QuizContent(quiz, tuple(questions), keys_of(questions), sheet_of(questions))
        caches["content"].set(key, found, KEPT_SECONDS)
    return found


@dataclass(frozen=True)
class Asked:
    """What a module asks, and what it asked in earlier revisions. Shared by all requests: nobody changes it."""

    objectives: tuple[Objective, ...]
    questions: Mapping[UUID, Question]


def asked_in(module: Module) -> Asked:
    """Kept for a while; a file that is loaded anew has another hash."""

    def read() -> Asked:
        questions = Question.objects.filter(quiz__module=module).prefetch_related("choices")
        return Asked(tuple(module.objectives.order_by("position")), {question.pk: question for question in questions})

    return caches["content"].get_or_set(f"quiz:asked:{module.pk}:{module.content_hash}", read, KEPT_SECONDS)


_published = Prepared(
    lambda: Tally.objects.filter(
        classroom=Slot("classroom", UUIDField()),
        question__quiz__module=Slot("module", UUIDField()),
        published__gt=0,
        **OWNER,
    ).values_list("question_id", "moment", "item", "published")
)
_results = Prepared(
    lambda: ObjectiveResult.objects.filter(
        seat__classroom=Slot("classroom", UUIDField()), objective__module=Slot("module", UUIDField()), **OWNER
    ).values_list("seat_id", "objective_id", "state")
)


def published_counts(classroom: Classroom, module: Module) -> list[tuple[UUID, str, str, int]]:
    """Question, moment, item and published count, of all that a class may be shown of a module."""
    return _published.all(classroom=classroom.pk, module=module.pk, **owner_of(classroom))


def objective_states(classroom: Classroom, module: Module) -> dict[tuple[UUID, UUID], str]:
    """By seat and objective."""
    rows = _results.all(classroom=classroom.pk, module=module.pk, **owner_of(classroom))
    return {(seat, objective): state for seat, objective, state in rows}


_ATTEMPT = {
    "seat": Slot("seat", UUIDField()),
    "quiz": Slot("quiz", UUIDField()),
    "moment": Slot("moment", Attempt._meta.get_field("moment")),
    **OWNER,
}
_attempt = Prepared(lambda: Attempt.objects.filter(**_ATTEMPT))
_keyed_attempt = Prepared(lambda: Attempt.objects.filter(**_ATTEMPT, idempotency_key=Slot("key", UUIDField())))


def attempt_of(seat: Seat, quiz: Quiz, moment: Moment, key: UUID | None = None) -> Attempt | None:
    """A seat's attempt; of practice, of which there may be many, the one of a key."""
    values = {"seat": seat.pk, "quiz": quiz.pk, "moment": moment, **owner_of(seat)}
    found = _attempt.first(**values) if key is None else _keyed_attempt.first(key=key, **values)
    if found is not None:
        found.quiz = quiz
    return found


_tallies = Prepared(
    lambda: Tally.objects.filter(
        classroom=Slot("classroom", UUIDField()),
        question__quiz=Slot("quiz", UUIDField()),
        moment=Slot("moment", Tally._meta.get_field("moment")),
        **OWNER,
    )
)


def tallies_of(seat: Seat, quiz: Quiz, moment: Moment) -> list[Tally]:
    """The counts of a seat's class for all questions of a quiz, earlier revisions too."""
    return _tallies.all(classroom=seat.classroom_id, quiz=quiz.pk, moment=moment, **owner_of(seat))


def open_responses(attempt: Attempt, classroom: Classroom) -> dict[str, Response]:
    """What an open attempt holds; nothing once its sensitive module's opening ended, whatever the row still says."""
    if not attempt.responses:
        return {}
    if attempt.quiz.module.is_sensitive and attempt.opening != classroom.opening:
        return {}
    return json.loads(attempt.responses)


def resumable_responses(attempt: Attempt, classroom: Classroom, keys: QuizKeys) -> dict[str, Response]:
    """Responses that still fit the questions as they are now: a revised question starts empty."""
    return possible_only(keys.by_question, open_responses(attempt, classroom).items())


def graded_share(keys: QuizKeys, responses: Mapping[str, Response]) -> float:
    """The share (0 to 1) of all questions answered wholly right."""
    return sum(is_right(keys.by_question[slug], value) for slug, value in responses.items()) / len(keys.by_question)
