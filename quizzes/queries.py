"""Reads of quizzes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Classroom, Seat
from lessons.enums import StepKind
from lessons.models import Module
from quizzes.enums import Moment, QuizKind
from quizzes.grading import Key, Response, is_right, possible_only
from quizzes.models import Attempt, Question, Quiz
from quizzes.schemas import QuestionKind


@dataclass(frozen=True)
class QuizKeys:
    """The keys of a quiz's current questions, by slug, and the ids of their revisions."""

    by_question: Mapping[str, Key]
    question_ids: Mapping[str, UUID]


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


def keys_of(questions: list[Question]) -> QuizKeys:
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
    )


def attempt_of(seat: Seat, quiz: Quiz, moment: Moment) -> Attempt | None:
    return Attempt.objects.filter(
        school_id=seat.school_id, school_year=seat.school_year, seat=seat, quiz=quiz, moment=moment
    ).first()


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


Place = tuple[str, ...]


def texts_of(module: Module) -> dict[str, dict[Place, str]]:
    """What the database says of a module's texts, by file and by the place where the file has them."""
    taught, asked = {}, {}
    _put(taught, (), module, "title", "summary", "way_back", "next_words")
    for objective in module.objectives.all():
        _put(taught, ("objectives", objective.slug), objective, "text")
    for step in module.steps.prefetch_related("scenes__replies"):
        where = ("steps", step.slug)
        _put(taught, where, step, "title", "body")
        _put_as(taught, (*where, "picture", "alt"), step, "picture_alt")
        _put_as(taught, (*where, "neutral", "title"), step, "neutral_title")
        _put_as(taught, (*where, "neutral", "body"), step, "neutral_body")
        for scene in step.scenes.all():
            inside = (*where, "check") if step.kind == StepKind.CHECK else (*where, "scenario", "scenes", scene.slug)
            _put(taught, inside, scene, "title", "text")
            _put_as(taught, (*inside, "picture", "alt"), scene, "picture_alt")
            for reply in scene.replies.all():
                _put(taught, (*inside, "replies", reply.slug), reply, "text", "feedback")
    parts = {QuizKind.STAFF: "questions", QuizKind.A: "a", QuizKind.B: "b", QuizKind.BOOSTER: "booster"}
    for question in Question.objects.current().filter(quiz__module=module).select_related("quiz"):
        where = (parts[QuizKind(question.quiz.kind)], question.slug)
        _put(asked, where, question, "prompt")
        _put_as(asked, (*where, "picture", "alt"), question, "picture_alt")
    return {"module.yaml": taught, "quiz.yaml": asked}


def _put(texts: dict[Place, str], place: Place, row: object, *fields: str) -> None:
    for field in fields:
        _put_as(texts, (*place, field), row, field)


def _put_as(texts: dict[Place, str], place: Place, row: object, field: str) -> None:
    for language in ("fr", "en"):
        texts[(*place, language)] = getattr(row, f"{field}_{language}") or ""
