"""What is taught. Content comes from files in `curriculum/`; what grows carries school and school year."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.enums import Band
from accounts.models import Classroom, School, Seat, User
from lessons.enums import ReviewState, StepKind
from lessons.schemas import ANIMALS


class Topic(models.Model):
    slug = models.SlugField(primary_key=True, max_length=60)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    bands = models.JSONField(default=list)  # bands in which the topic may be taught

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title


class GlossaryTermQuerySet(models.QuerySet):
    def for_age(self, age: int) -> "GlossaryTermQuerySet":
        """Words that may be read from this age on; staff are 18."""
        return self.filter(from_age__lte=age)


class GlossaryTerm(models.Model):
    slug = models.SlugField(primary_key=True, max_length=60)
    from_age = models.PositiveSmallIntegerField()
    term = models.CharField(max_length=120)
    definition = models.TextField()
    avoid = models.JSONField(default=list)  # terms not to use, one list a language
    why = models.TextField(blank=True)

    objects = GlossaryTermQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.term


class HelplineQuerySet(models.QuerySet):
    def for_territory(self, territory: str) -> "HelplineQuerySet":
        """A territory's own services first, then those for everywhere."""
        lines = self.filter(territory__in=[territory, "ANY"])
        return lines.order_by(Case(When(territory="ANY", then=1), default=0), "position", "slug")

    def for_pupils(self) -> "HelplineQuerySet":
        return self.filter(is_for_pupils=True, is_staff_page_only=False)


class Helpline(models.Model):
    slug = models.SlugField(primary_key=True, max_length=60)
    territory = models.CharField(max_length=3)
    position = models.PositiveSmallIntegerField(default=10)
    name = models.CharField(max_length=120)
    purpose = models.TextField()
    contacts = models.JSONField(default=list)
    is_for_pupils = models.BooleanField()
    is_for_adults = models.BooleanField()
    is_staff_page_only = models.BooleanField(default=False)
    is_emergency = models.BooleanField(default=False)
    languages = models.JSONField(default=list)
    hours = models.CharField(max_length=200, blank=True)
    source = models.URLField()
    verified_on = models.DateField(null=True, blank=True)

    objects = HelplineQuerySet.as_manager()

    class Meta:
        ordering = ["territory", "position", "slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def has_trustworthy_hours(self) -> bool:
        """Hours are shown only where a person opened the service's own page within a year."""
        return self.verified_on is not None and timezone.localdate() - self.verified_on <= datetime.timedelta(days=365)

    @property
    def language_names(self) -> list[str]:
        """The languages in which somebody answers, named in the reader's language."""
        return [get_language_info(code)["name_translated"] for code in self.languages]

    @property
    def is_due_for_a_check(self) -> bool:
        return self.verified_on is None or timezone.localdate() - self.verified_on > datetime.timedelta(days=180)


class ModuleQuerySet(models.QuerySet):
    def published(self) -> "ModuleQuerySet":
        return self.filter(is_published=True)

    def for_band(self, band: str) -> "ModuleQuerySet":
        """Modules a class of this band may be taught: its own and those of younger bands, own first."""
        order = [Band.SIX, Band.NINE, Band.TWELVE, Band.FIFTEEN]
        allowed = order[: order.index(Band(band)) + 1]
        return self.published().filter(band__in=allowed)

    def open_to(self, seat: Seat, *, is_home: bool) -> "ModuleQuerySet":
        """What a seat may open now: assigned to it, never above its band.

        Nothing sensitive at home, nor while the class is held open by somebody who is not ready to teach it.
        """
        return self.open_where(
            band=seat.band,
            hides_sensitive=is_home or not seat.classroom.opens_sensitive,
            hides_unreviewed=settings.WITHHOLD_UNREVIEWED,
            seat=seat.pk,
            classroom=seat.classroom_id,
            school_id=seat.school_id,
            school_year=seat.school_year,
        )

    def open_where(
        self, *, band: str, hides_sensitive: bool, hides_unreviewed: bool, seat, classroom, **owner
    ) -> "ModuleQuerySet":
        """What `open_to` says, of values instead of a seat: they may be slots of a prepared read."""
        chosen = ChosenSeat.objects.filter(seat=seat, **owner)
        modules = self.for_band(band).filter(
            Q(assignments__is_for_chosen=False) | Q(pk__in=chosen.values("module")), assignments__classroom=classroom
        )
        if hides_unreviewed:
            modules = modules.filter(review_state=ReviewState.REVIEWED)
        if hides_sensitive:
            modules = modules.filter(is_sensitive=False)
        return modules.order_by("assignments__position", "position")

    def assigned_to(self, classroom: Classroom) -> "ModuleQuerySet":
        return self.published().filter(assignments__classroom=classroom).order_by("assignments__position", "position")


class Module(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True, max_length=60)
    band = models.CharField(max_length=5, choices=Band)
    position = models.PositiveSmallIntegerField()
    topics = models.ManyToManyField(Topic, related_name="modules")
    glossary_terms = models.ManyToManyField(GlossaryTerm, related_name="modules", blank=True)
    is_sensitive = models.BooleanField()
    opens_sensitive = models.BooleanField(default=False)
    minutes = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    summary = models.TextField()
    way_back = models.TextField(blank=True)
    next_words = models.TextField()
    frameworks = models.JSONField(default=list)  # [{framework, code, title_fr, title_en}]
    sources = models.JSONField(default=list)  # [{title, year, url}]
    plan = models.JSONField(default=dict)  # the teacher's plan in one language
    paper = models.JSONField(default=dict)  # worksheet, easy-to-read version, letter to parents
    content_hash = models.CharField(max_length=64)
    review_state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.UNREVIEWED)
    is_published = models.BooleanField(default=True)
    has_unexported_draft = models.BooleanField(default=False)

    objects = ModuleQuerySet.as_manager()

    class Meta:
        ordering = ["band", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_published=False)
                | (Q(title_fr__isnull=False, title_en__isnull=False) & ~Q(title_fr="") & ~Q(title_en="")),
                name="published_module_has_both_languages",
                violation_error_message=_("A published module needs its title in both languages."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.slug


class Objective(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    module = models.ForeignKey(Module, models.CASCADE, related_name="objectives")
    slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=240)

    class Meta:
        ordering = ["module", "position"]
        constraints = [models.UniqueConstraint(fields=["module", "slug"], name="objective_once_a_module")]

    def __str__(self) -> str:
        return self.text


class StepQuerySet(models.QuerySet):
    def for_age(self, age: int) -> "StepQuerySet":
        return self.filter(Q(from_age__isnull=True) | Q(from_age__lte=age))


class Step(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    module = models.ForeignKey(Module, models.CASCADE, related_name="steps")
    slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=StepKind)
    from_age = models.PositiveSmallIntegerField(null=True, blank=True)
    is_sensitive = models.BooleanField(default=False)
    topics = models.JSONField(default=list)
    title = models.CharField(max_length=160)
    body = models.TextField()
    picture = models.JSONField(default=dict)  # {place, who, thing}
    picture_alt = models.CharField(max_length=300)
    neutral_title = models.CharField(max_length=160, blank=True)
    neutral_body = models.TextField(blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["module", "position"]
        constraints = [
            models.UniqueConstraint(fields=["module", "slug"], name="step_once_a_module"),
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="step_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.title


class Scene(models.Model):
    """A scene of a scenario; a check is a scenario of one scene."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.ForeignKey(Step, models.CASCADE, related_name="scenes")
    slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160, blank=True)
    text = models.TextField(blank=True)
    picture = models.JSONField(default=dict)
    picture_alt = models.CharField(max_length=300, blank=True)
    is_ending = models.BooleanField(default=False)

    class Meta:
        ordering = ["step", "position"]
        constraints = [models.UniqueConstraint(fields=["step", "slug"], name="scene_once_a_step")]

    def __str__(self) -> str:
        return self.slug


class Reply(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scene = models.ForeignKey(Scene, models.CASCADE, related_name="replies")
    slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400)
    sign = models.CharField(max_length=20, blank=True)  # a thing or an animal of the sprite
    feedback = models.TextField()
    next_scene = models.ForeignKey(Scene, models.CASCADE, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["scene", "position"]
        verbose_name_plural = "replies"
        constraints = [models.UniqueConstraint(fields=["scene", "slug"], name="reply_once_a_scene")]

    def __str__(self) -> str:
        return self.text

    @property
    def drawing(self) -> str:
        """The sprite's id of its picture; empty when it has none."""
        if self.sign in ("", "none"):
            return ""
        return f"{'animal' if self.sign in ANIMALS else 'thing'}-{self.sign}"


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "AssignmentQuerySet":
        return self.filter(classroom__in=Classroom.objects.visible_to(user))


class Assignment(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="assignments")
    module = models.ForeignKey(Module, models.PROTECT, related_name="assignments")
    position = models.PositiveSmallIntegerField(default=1)
    assigned_on = models.DateField(default=timezone.localdate)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    is_for_chosen = models.BooleanField(default=False)  # for the seats of `ChosenSeat` only

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "assigned_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["classroom", "module", "school", "school_year"],
                name="module_assigned_once",
                violation_error_message=_("This module is assigned to the class already."),
            ),
        ]


class ChosenSeat(models.Model):
    """A seat for which a module is meant, where it is not meant for the whole class. Nothing says why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="chosen_for")
    module = models.ForeignKey(Module, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "module", "school", "school_year"], name="seat_chosen_once"),
        ]


class ReadingQuerySet(models.QuerySet):
    def of(self, seat: Seat) -> "ReadingQuerySet":
        return self.filter(school_id=seat.school_id, school_year=seat.school_year, seat=seat)


class Reading(models.Model):
    """How far a seat has read, and on which day the module was done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="readings")
    module = models.ForeignKey(Module, models.PROTECT, related_name="readings")
    furthest_step = models.PositiveSmallIntegerField(default=0)  # how many steps were finished
    done_on = models.DateField(null=True, blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "module", "school", "school_year"], name="one_reading_per_module"),
        ]
        indexes = [models.Index(fields=["school", "school_year", "module", "done_on"], name="reading_done")]
