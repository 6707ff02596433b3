"""Classes and seats. A pupil is never a `User`: a pupil sits on a `Seat`."""

import datetime
import uuid
from functools import cache

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import Animal, Band, Colour, Form, Role
from accounts.models.people import School, User


class ClassroomQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ClassroomQuerySet":
        """Classes that a teacher teaches, in schools where the membership still runs."""
        return self.visible_on(user.pk, timezone.localdate())

    def visible_on(self, user: object, today: object) -> "ClassroomQuerySet":
        """What `visible_to` says, of values that may be slots of a prepared read."""
        return self.filter(
            Q(teachings__ends_on__isnull=True) | Q(teachings__ends_on__gte=today),
            Q(school__memberships__ends_on__isnull=True) | Q(school__memberships__ends_on__gte=today),
            teachings__user=user,
            school__memberships__user=user,
            school__memberships__role=Role.TEACHER,
        )

    def open_now(self) -> "ClassroomQuerySet":
        return self.filter(open_until__gt=timezone.now())


class Classroom(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="classrooms")
    school_year = models.PositiveSmallIntegerField()
    label = models.CharField(_("name of the class"), max_length=40)
    age_of_youngest = models.PositiveSmallIntegerField(
        _("age of the youngest pupil"), validators=[MinValueValidator(6), MaxValueValidator(18)]
    )
    teachers = models.ManyToManyField(User, through="Teaching", related_name="classrooms")
    code = models.CharField(max_length=7)
    form = models.CharField(max_length=1, choices=Form)
    created_on = models.DateField(default=timezone.localdate, editable=False)
    open_until = models.DateTimeField(null=True, blank=True)
    opening = models.UUIDField(
        default=uuid.uuid4
    )  # which opening: new at each, so that what belongs to one ends with it
    opens_sensitive = models.BooleanField(default=False)  # whoever opened it is ready to teach sensitive modules
    is_for_chosen = models.BooleanField(default=False)  # opened again for absent pupils: only called seats sit down
    homework_until = models.DateField(null=True, blank=True)

    objects = ClassroomQuerySet.as_manager()

    class Meta:
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year", "label"],
                name="classroom_label_once_a_year",
                violation_error_message=_("A class of this name exists already this year."),
            ),
            models.UniqueConstraint(fields=["code", "school", "school_year"], name="classroom_code_is_its_own"),
            models.CheckConstraint(
                condition=Q(age_of_youngest__gte=6, age_of_youngest__lte=18), name="classroom_age_6_to_18"
            ),
            models.CheckConstraint(condition=Q(form__in=Form.values), name="classroom_form_a_or_b"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def band(self) -> Band:
        return Band.of_age(self.age_of_youngest)

    @property
    def is_open(self) -> bool:
        return self.open_until is not None and self.open_until > timezone.now()

    @property
    def takes_homework(self) -> bool:
        return self.homework_until is not None and self.homework_until >= self.school.today()


class Teaching(models.Model):
    """Who teaches a class, and until when."""

    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="teachings")
    user = models.ForeignKey(User, models.CASCADE, related_name="teachings")
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["classroom", "user"], name="teacher_once_per_class")]


class SeatGroup(models.Model):
    """Some seats of a mixed class that are taught as from an age of their own, never below the class's youngest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="groups")
    age_of_youngest = models.PositiveSmallIntegerField(validators=[MinValueValidator(6), MaxValueValidator(18)])

    class Meta:
        ordering = ["age_of_youngest"]
        constraints = [
            models.UniqueConstraint(
                fields=["classroom", "age_of_youngest", "school", "school_year"], name="one_group_per_age"
            ),
            models.CheckConstraint(
                condition=Q(age_of_youngest__gte=6, age_of_youngest__lte=18), name="group_age_6_to_18"
            ),
        ]

    @property
    def band(self) -> Band:
        return Band.of_age(self.age_of_youngest)


@cache
def _handle(animal: str, colour: str, language: str | None) -> str:
    """Made once for each of the few there are in each language."""
    animal, colour = Animal(animal), Colour(colour)
    label = colour.feminine_label if animal.is_feminine_in_french else colour.label
    text = gettext("%(colour)s %(animal)s") % {"animal": animal.label, "colour": label}
    return text[0].upper() + text[1:].lower()


def handle_of(animal: str, colour: str) -> str:
    return _handle(animal, colour, get_language())


class SeatQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "SeatQuerySet":
        return self.filter(classroom__in=Classroom.objects.visible_to(user))

    def in_order(self) -> "SeatQuerySet":
        return self.order_by("position")

    def may_sit_now(self) -> "SeatQuerySet":
        """What `Seat.may_sit_now` says, of many."""
        to_all, to_it = Q(classroom__is_for_chosen=False), Q(called_for=F("classroom__opening"))
        return self.filter(to_all | to_it, classroom__open_until__gt=timezone.now())


class Seat(models.Model):
    """A pupil's pseudonymous place in one class for one year. Who sits there is on the teacher's paper."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="seats")
    position = models.PositiveSmallIntegerField()
    animal = models.CharField(max_length=10, choices=Animal)
    colour = models.CharField(max_length=10, choices=Colour)
    card_version = models.PositiveSmallIntegerField(default=1)
    pepper_id = models.PositiveSmallIntegerField()
    qr_digest = models.CharField(max_length=64)
    home_digest = models.CharField(max_length=64)
    last_used_on = models.DateField(null=True, blank=True)
    group = models.ForeignKey(SeatGroup, models.SET_NULL, null=True, blank=True, related_name="seats")
    called_for = models.UUIDField(null=True, blank=True)  # the opening to which this seat was called

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["qr_digest", "school", "school_year"], name="seat_by_qr"),
            models.UniqueConstraint(fields=["home_digest", "school", "school_year"], name="seat_by_home_key"),
            models.UniqueConstraint(
                fields=["classroom", "animal", "colour", "school", "school_year"], name="handle_once_a_class"
            ),
            models.UniqueConstraint(
                fields=["classroom", "position", "school", "school_year"], name="position_once_a_class"
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    @property
    def first_age(self) -> int:
        """From which age on this seat is taught: its group's, else its class's. Load both with the seat."""
        return self.group.age_of_youngest if self.group_id else self.classroom.age_of_youngest

    @property
    def band(self) -> Band:
        return Band.of_age(self.first_age)

    @property
    def may_sit_now(self) -> bool:
        """Whether the class is open, and to this seat."""
        classroom = self.classroom
        return classroom.is_open and (not classroom.is_for_chosen or self.called_for == classroom.opening)

    @property
    def handle(self) -> str:
        """“Loutre bleue”, “Blue otter”: in the reader's language, agreeing in gender."""
        return handle_of(self.animal, self.colour)


class SittingQuerySet(models.QuerySet):
    def here(self, *, since: object, awake: object) -> "SittingQuerySet":
        """Who sits in class: down `since`, and went on after `awake`. Both may be slots of a prepared read."""
        return self.filter(is_home=False, sat_down_at__gt=since, last_post_at__gt=awake)

    @staticmethod
    def here_now() -> dict[str, datetime.datetime]:
        """What `here` asks for now."""
        now = timezone.now()
        return {
            "since": now - datetime.timedelta(seconds=settings.SEAT_LONGEST_SECONDS),
            "awake": now - datetime.timedelta(seconds=settings.SEAT_IDLE_SECONDS),
        }


class Sitting(models.Model):
    """A seat in use now. With `Throttle` and `WaitingSignIn` the only times finer than a day; gone at sign-out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="sittings")
    device_key = models.CharField(max_length=64)
    card_version = models.PositiveSmallIntegerField()
    is_home = models.BooleanField(default=False)
    sat_down_at = models.DateTimeField(default=timezone.now)
    last_post_at = models.DateTimeField(default=timezone.now)
    module_key = models.UUIDField(null=True, blank=True)
    step_number = models.PositiveSmallIntegerField(default=0)

    objects = SittingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "school", "school_year"], name="one_sitting_per_seat")]


class Throttle(models.Model):
    """Wrong pictures on a seat: by one device, or (no device) by all devices of the day. Goes nightly.

    A claim to a seat that does not exist, or whose class is closed, is counted under a made-up seat of no school: so
    that it costs the same work and is throttled alike. Hence no constraint to the seat in the database.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, db_constraint=False)
    school_year = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="throttles", db_constraint=False)
    device_key = models.CharField(max_length=64, blank=True)
    count = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField(null=True, blank=True)
    has_sat = models.BooleanField(default=False)  # this device has sat here today: it is not new
    day = models.DateField(default=timezone.localdate)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "device_key", "school", "school_year"], name="one_throttle_per_device"
            )
        ]


class WaitingSignIn(models.Model):
    """Right pictures on a new device after too many wrong ones: waits for the teacher's tap. Goes nightly.

    Wrong ones write the same row for a made-up seat (see `Throttle`), which no teacher sees.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, db_constraint=False)
    school_year = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="waiting_sign_ins", db_constraint=False)
    device_key = models.CharField(max_length=64)
    asked_at = models.DateTimeField(default=timezone.now)
    is_approved = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "device_key", "school", "school_year"], name="one_waiting_sign_in_per_device"
            )
        ]
        indexes = [models.Index(fields=["device_key"], name="waiting_by_device")]
