"""What is asked. A class's counts stay; who answered what does not: no key leads from a tally to a seat."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Classroom, School, Seat
from lessons.models import Module, Objective
from lessons.schemas import ANIMALS
from quizzes.enums import Moment, ObjectiveState, QuestionKind, QuizKind


class Quiz(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    module = models.ForeignKey(Module, models.CASCADE, related_name="quizzes")
    kind = models.CharField(max_length=7, choices=QuizKind)

    class Meta:
        verbose_name_plural = "quizzes"
        constraints = [models.UniqueConstraint(fields=["module", "kind"], name="one_quiz_per_form")]

    def __str__(self) -> str:
        return f"{self.module} · {self.get_kind_display()}"


class QuestionQuerySet(models.QuerySet):
    def current(self) -> "QuestionQuerySet":
        return self.filter(is_current=True)


class Question(models.Model):
    """One revision of a question. A changed key or choice is a new revision; tallies never mix revisions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="questions")
    slug = models.SlugField(max_length=60)
    revision = models.PositiveSmallIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    pair = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=QuestionKind)
    objective = models.ForeignKey(Objective, models.PROTECT, related_name="questions")
    prompt = models.TextField()
    picture = models.JSONField(default=dict, blank=True)
    picture_alt = models.CharField(max_length=300, blank=True)
    content_hash = models.CharField(max_length=64)  # of what makes a revision: kind, key, choices in both languages

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["quiz", "position"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "slug", "revision"], name="question_revision_once"),
            models.UniqueConstraint(fields=["quiz", "slug"], condition=Q(is_current=True), name="one_current_revision"),
        ]

    def __str__(self) -> str:
        return self.prompt


class Choice(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, models.CASCADE, related_name="choices")
    slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()  # in the file; for an order question this is the key
    text = models.TextField()
    partner = models.TextField(blank=True)
    thing = models.CharField(max_length=20, blank=True)
    partner_thing = models.CharField(max_length=20, blank=True, default="")
    speaker = models.CharField(max_length=20, blank=True)
    is_right = models.BooleanField(default=False)
    why = models.TextField()

    class Meta:
        ordering = ["question", "position"]
        constraints = [models.UniqueConstraint(fields=["question", "slug"], name="choice_once_a_question")]

    def __str__(self) -> str:
        return self.text

    @property
    def drawing(self) -> str:
        """What the sprite calls its picture; nothing where it has none."""
        kind = "animal" if self.thing in ANIMALS else "thing"
        return f"{kind}-{self.thing}" if self.thing not in ("", "none") else ""


class Attempt(models.Model):
    """A seat's turn at a quiz. Responses lie here only while it is open; submission deletes them.

    No foreign key points here and it is not in the admin, so that it can be partitioned one day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="+")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="+")
    moment = models.CharField(max_length=8, choices=Moment)
    idempotency_key = models.UUIDField()
    responses = models.TextField(blank=True)  # packed JSON, empty once submitted
    opening = models.UUIDField()  # the class's opening in which it was touched; a sensitive one ends with it
    is_submitted = models.BooleanField(default=False)
    touched_on = models.DateField(default=timezone.localdate)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "quiz", "moment", "school", "school_year"],
                condition=~Q(moment=Moment.PRACTICE),
                name="one_attempt_per_moment",
            ),
            models.UniqueConstraint(
                fields=["seat", "idempotency_key", "school", "school_year"], name="attempt_exactly_once"
            ),
            models.CheckConstraint(
                condition=Q(is_submitted=False) | Q(responses=""), name="submitted_attempt_holds_no_response"
            ),
            models.CheckConstraint(condition=Q(moment__in=Moment.values), name="attempt_moment_is_known"),
        ]


class Tally(models.Model):
    """A class's counts for one item of one question's revision, and for the question's submissions (no item)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    moment = models.CharField(max_length=8, choices=Moment)
    item = models.CharField(max_length=80, blank=True)  # a choice's slug, or "slug@place"; blank: submissions
    running = models.PositiveIntegerField(default=0)
    published = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(
                fields=["classroom", "question", "moment", "item", "school", "school_year"], name="one_tally_per_item"
            ),
        ]


class ObjectiveResult(models.Model):
    """“Got it” or “to revisit” for a seat; never for a sensitive module. Who passed reads “to revisit” too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="objective_results")
    objective = models.ForeignKey(Objective, models.PROTECT, related_name="results")
    state = models.CharField(max_length=7, choices=ObjectiveState)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "objective", "school", "school_year"], name="one_result_per_objective"
            ),
        ]
