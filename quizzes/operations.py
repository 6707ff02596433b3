"""Writes of quizzes: an attempt saved, submitted, tallied. Exactly once, in one transaction each."""

import datetime
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import UUIDField
from django.utils import timezone

from accounts.models import Classroom, Seat, User
from config.prepared import Prepared, Slot, Upsert
from lessons.models import Module
from lessons.operations import finish_if_done
from quizzes import schemas
from quizzes.disclosure import steps_forward
from quizzes.enums import Moment, ObjectiveState, QuizKind
from quizzes.grading import Response, items, objectives_got, possible_only
from quizzes.models import Attempt, Choice, ObjectiveResult, Question, Quiz, Tally
from quizzes.queries import QuizKeys, attempt_of, open_responses, tallies_of


@dataclass(frozen=True)
class Saved:
    """What became of a save or a submission: `accepted` is false when the quiz was handed in before."""

    accepted: bool


@transaction.atomic
def save_responses(
    *,
    seat: Seat,
    quiz: Quiz,
    moment: Moment,
    idempotency_key: UUID,
    responses: Mapping[str, Response],
    only_fills: bool = False,
) -> Saved:
    """Keeps the responses of an open attempt, so that it can go on elsewhere. Later ones replace earlier ones.

    With `only_fills` (a late entry, from a device that had no network) what is answered already stays.
    """
    attempt = _locked_attempt(seat, quiz, moment, idempotency_key)
    if attempt is not None and attempt.is_submitted:
        return Saved(accepted=False)
    attempt = attempt or _new_attempt(seat, quiz, moment, idempotency_key)
    kept = open_responses(attempt, seat.classroom)
    merged = dict(responses) | kept if only_fills else kept | dict(responses)
    attempt.responses = json.dumps(merged, separators=(",", ":"), sort_keys=True)
    _keep(attempt, seat)
    return Saved(accepted=True)


@transaction.atomic
def submit_attempt(
    *,
    seat: Seat,
    quiz: Quiz,
    moment: Moment,
    idempotency_key: UUID,
    keys: QuizKeys,
    responses: Mapping[str, Response] | None,
    only_fills: bool = False,
) -> Saved:
    """Hands in: graded, added to the class's tallies, responses deleted. The first one wins; a repeat changes nothing.

    `responses` is none when the pupil passes: the same rows are written, and nothing is added to a tally. With
    `only_fills` (a late entry, passed or not) what the open attempt holds already stays as it is, and counts.
    """
    attempt = _locked_attempt(seat, quiz, moment, idempotency_key)
    if attempt is not None and attempt.is_submitted:
        return Saved(accepted=False)
    attempt = attempt or _new_attempt(seat, quiz, moment, idempotency_key)
    if only_fills:  # a late pass leaves what was answered elsewhere as it is, too
        responses = dict(responses or {}) | possible_only(
            keys.by_question, open_responses(attempt, seat.classroom).items()
        )
    attempt.responses, attempt.is_submitted = "", True
    _keep(attempt, seat)
    if moment != Moment.PRACTICE:
        _add_to_tallies(seat=seat, quiz=quiz, moment=moment, keys=keys, responses=responses or {})
    if moment != Moment.BEFORE and not quiz.module.is_sensitive:
        _keep_objectives(seat=seat, keys=keys, responses=responses or {})
    if moment == Moment.AFTER:
        finish_if_done(seat=seat, module=quiz.module)
    return Saved(accepted=True)


_turn = Prepared(
    lambda: Classroom.objects.select_for_update(no_key=True).filter(pk=Slot("pk", UUIDField())).values_list("pk")
)
_attempts = Upsert(Attempt, unique=["id"], update=["responses", "opening", "is_submitted", "touched_on"])
_tallies = Upsert(
    Tally,
    unique=["classroom", "question", "moment", "item", "school", "school_year"],
    update=["running", "published"],
)
_results = Upsert(ObjectiveResult, unique=["seat", "objective", "school", "school_year"], update=["state"])


def _locked_attempt(seat: Seat, quiz: Quiz, moment: Moment, idempotency_key: UUID) -> Attempt | None:
    """Takes the class's turn (one submission of a class at a time), then finds the seat's attempt.

    On SQLite a transaction that writes has the whole database's turn already.
    """
    if connection.features.has_select_for_update:
        _turn.first(pk=seat.classroom_id)
    return attempt_of(
        seat, quiz, moment, _own_key(quiz, moment, idempotency_key) if moment == Moment.PRACTICE else None
    )


def _keep(attempt: Attempt, seat: Seat) -> None:
    attempt.opening = seat.classroom.opening
    attempt.touched_on = timezone.localdate()
    _attempts.write([attempt])


def _own_key(quiz: Quiz, moment: Moment, idempotency_key: UUID) -> UUID:
    """The client's key, made the quiz's own: one key sent for two quizzes stays two attempts."""
    digest = hmac.new(quiz.pk.bytes, moment.encode() + idempotency_key.bytes, hashlib.sha256).digest()
    return UUID(bytes=digest[:16])


def _new_attempt(seat: Seat, quiz: Quiz, moment: Moment, idempotency_key: UUID) -> Attempt:
    return Attempt(
        school_id=seat.school_id,
        school_year=seat.school_year,
        seat=seat,
        quiz=quiz,
        moment=moment,
        idempotency_key=_own_key(quiz, moment, idempotency_key),
        opening=seat.classroom.opening,
    )


def _add_to_tallies(
    *, seat: Seat, quiz: Quiz, moment: Moment, keys: QuizKeys, responses: Mapping[str, Response]
) -> None:
    """Adds one to each item of each answered question, and lets published counts step forward where they may."""
    answered = {keys.question_ids[slug]: (keys.by_question[slug], value) for slug, value in responses.items()}
    rows = {
        (tally.question_id, tally.item): tally
        for tally in tallies_of(seat, quiz, moment)
        if tally.question_id in answered
    }
    for question_id, (key, response) in sorted(answered.items()):
        for item in ["", *items(key, response)]:
            row = rows.setdefault(
                (question_id, item),
                Tally(
                    school_id=seat.school_id,
                    school_year=seat.school_year,
                    classroom_id=seat.classroom_id,
                    question_id=question_id,
                    moment=moment,
                    item=item,
                ),
            )
            row.running += 1
        _step_forward([row for (question, _item), row in rows.items() if question == question_id])
    _tallies.write(rows[place] for place in sorted(rows))


def _step_forward(rows: list[Tally]) -> None:
    if steps_forward(
        published={row.item: row.published for row in rows},
        running={row.item: row.running for row in rows},
        minimum=settings.DISCLOSURE_MINIMUM_STEP,
    ):
        for row in rows:
            row.published = row.running


def _keep_objectives(*, seat: Seat, keys: QuizKeys, responses: Mapping[str, Response]) -> None:
    """“Got it” or “to revisit” per objective. Who passed reads “to revisit”: nothing tells a pass from it."""
    got = objectives_got(keys.by_question, responses)
    _results.write(
        ObjectiveResult(
            school_id=seat.school_id,
            school_year=seat.school_year,
            seat_id=seat.pk,
            objective_id=objective_id,
            state=ObjectiveState.GOT_IT if got[slug] else ObjectiveState.REVISIT,
        )
        for slug, objective_id in sorted(keys.objective_ids.items(), key=lambda pair: pair[1])
    )


STAFF_SHARE = 0.8


def mark_ready_to_teach(*, user: User, module: Module, share: float) -> bool:
    """Whether the staff quiz was passed (`STAFF_SHARE` of its questions).

    Of the module that opens sensitive ones the day stays, and nothing of the answers.
    """
    if share < STAFF_SHARE:
        return False
    if module.opens_sensitive and not user.is_ready_to_teach:
        user.ready_to_teach_on = timezone.localdate()
        user.save(update_fields=["ready_to_teach_on"])
    return True


@transaction.atomic
def delete_ended_attempts(*, now: datetime.datetime | None = None) -> int:
    """Deletes open attempts of sensitive modules whose opening ended, and any that is older than 8 days."""
    now = now or timezone.now()
    open_attempts = Attempt.objects.filter(is_submitted=False)
    ended = open_attempts.filter(quiz__module__is_sensitive=True).exclude(
        seat__classroom__open_until__gt=now, opening__in=Classroom.objects.filter(open_until__gt=now).values("opening")
    )
    old = open_attempts.filter(touched_on__lt=timezone.localdate(now) - datetime.timedelta(days=8))
    return ended.delete()[0] + old.delete()[0]


@transaction.atomic
def load_quiz(*, module: Module, kind: QuizKind, questions: list[schemas.Question]) -> Quiz:
    """One form of a module's quiz. A question whose kind, key or choices changed becomes a new revision."""
    quiz, _created = Quiz.objects.get_or_create(module=module, kind=kind)
    objectives = {objective.slug: objective for objective in module.objectives.all()}
    current = {question.slug: question for question in quiz.questions.current()}
    quiz.questions.current().exclude(slug__in=[question.id for question in questions]).update(is_current=False)
    for position, content in enumerate(questions, start=1):
        content_hash = _hash_of(content)
        known = current.get(content.id)
        values = {
            "position": position,
            "pair": content.pair,
            "objective": objectives[content.objective],
            "prompt_fr": content.prompt.fr,
            "prompt_en": content.prompt.en,
            "picture": content.picture.model_dump(include={"place", "who", "thing"}) if content.picture else {},
            "picture_alt_fr": content.picture.alt.fr if content.picture else "",
            "picture_alt_en": content.picture.alt.en if content.picture else "",
        }
        if known is not None and known.content_hash == content_hash:
            Question.objects.filter(pk=known.pk).update(**values)
            continue
        Question.objects.filter(quiz=quiz, slug=content.id).update(is_current=False)
        revision = 1 + max(quiz.questions.filter(slug=content.id).values_list("revision", flat=True), default=0)
        question = Question.objects.create(
            quiz=quiz, slug=content.id, revision=revision, kind=content.kind, content_hash=content_hash, **values
        )
        Choice.objects.bulk_create(_choice(question, rank, choice) for rank, choice in enumerate(content.choices, 1))
    return quiz


def _hash_of(content: schemas.Question) -> str:
    """Of what makes a revision: the kind, the key, the choices in both languages."""
    return hashlib.sha256(content.model_dump_json(include={"kind", "choices"}).encode()).hexdigest()


def _speaker(content: schemas.Choice, language: str) -> str:
    return (content.speaker if isinstance(content.speaker, str | None) else getattr(content.speaker, language)) or ""


def _choice(question: Question, position: int, content: schemas.Choice) -> Choice:
    return Choice(
        question=question,
        slug=content.id,
        position=position,
        text_fr=content.text.fr,
        text_en=content.text.en,
        partner_fr=content.partner.fr if content.partner else "",
        partner_en=content.partner.en if content.partner else "",
        thing=content.thing or "",
        partner_thing=content.partner_thing or "",
        speaker_fr=_speaker(content, "fr"),
        speaker_en=_speaker(content, "en"),
        is_right=content.is_right,
        why_fr=content.why.fr,
        why_en=content.why.en,
    )
