"""Who: schools, staff, classes, seats. A pupil is never a `User`: a pupil sits on a `Seat`."""

import datetime
import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Animal, Band, Colour, Form, Language, Role, Territory


class School(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    territory = models.CharField(_("territory"), max_length=2, choices=Territory)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.FR)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    year_end_month = models.PositiveSmallIntegerField(
        _("month in which the school year ends"), default=8,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )  # fmt: skip
    data_controller = models.CharField(_("data controller"), max_length=200, blank=True)
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year_end_month__gte=1, year_end_month__lte=12), name="school_year_end_is_a_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def school_year_of(self, day: datetime.date) -> int:
        """The calendar year in which the school year of `day` began."""
        return day.year if day.month > self.year_end_month else day.year - 1

    def year_ends_on(self, school_year: int) -> datetime.date:
        """The last day of a school year: the last of its month."""
        year = school_year + 1
        if self.year_end_month == 12:
            return datetime.date(year, 12, 31)
        return datetime.date(year, self.year_end_month + 1, 1) - datetime.timedelta(days=1)


class Authority(models.Model):
    """An administration over many schools; it sees releases only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    schools = models.ManyToManyField(School, through="AuthorityMembership", related_name="authorities")
    administrators = models.ManyToManyField("User", through="AuthorityAdministrator", related_name="authorities")

    class Meta:
        verbose_name_plural = "authorities"

    def __str__(self) -> str:
        return self.name


class AuthorityMembership(models.Model):
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="memberships")
    school = models.ForeignKey(School, models.CASCADE, related_name="authority_memberships")
    is_reporting = models.BooleanField(default=True)  # whose releases count the school's hidden cells

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "school"], name="school_once_per_authority"),
            models.UniqueConstraint(
                fields=["school"],
                condition=Q(is_reporting=True),
                name="one_reporting_authority_per_school",
                violation_error_message=_("This school already reports to an authority."),
            ),
        ]


class AuthorityAdministrator(models.Model):
    authority = models.ForeignKey(Authority, models.CASCADE)
    user = models.ForeignKey("User", models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "user"], name="administrator_once_per_authority")
        ]


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff. Pupils have no account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name shown to colleagues"), max_length=80)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.FR)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    ready_to_teach_on = models.DateField(null=True, blank=True)  # only that it was done is kept
    created_on = models.DateField(default=timezone.localdate, editable=False)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_ready_to_teach(self) -> bool:
        return self.ready_to_teach_on is not None


class MembershipQuerySet(models.QuerySet):
    def current(self, *, on: datetime.date | None = None) -> "MembershipQuerySet":
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on or timezone.localdate()))


class Membership(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    school = models.ForeignKey(School, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=13, choices=Role)
    ends_on = models.DateField(null=True, blank=True)  # a substitute's last day

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "school", "role"], name="one_membership_per_role"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_is_known"),
        ]


class Invitation(models.Model):
    """A way in for staff, sent by e-mail, good once. Only the digest of its token is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=13, choices=Role)
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    accepted_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "email", "role"],
                name="one_invitation_per_role",
                violation_error_message=_("This person is invited already."),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.accepted_on is None and self.expires_at > timezone.now()


class AuditLine(models.Model):
    """An act of an adult. It holds no foreign key and nothing of a pupil."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school_key = models.UUIDField()
    actor_key = models.UUIDField()
    act = models.CharField(max_length=40)
    subject = models.CharField(max_length=120, blank=True)
    done_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-done_at"]
        indexes = [models.Index(fields=["school_key", "-done_at"], name="audit_by_school")]


class ClassroomQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ClassroomQuerySet":
        """Classes that a teacher teaches, in schools where the membership still runs."""
        today = timezone.localdate()
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
    opening = models.UUIDField(default=uuid.uuid4)  # which opening: new at each, so that what belongs to one ends with it
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
        return self.homework_until is not None and self.homework_until >= timezone.localdate()


class Teaching(models.Model):
    """Who teaches a class, and until when."""

    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="teachings")
    user = models.ForeignKey(User, models.CASCADE, related_name="teachings")
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["classroom", "user"], name="teacher_once_per_class")]


class SeatQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "SeatQuerySet":
        return self.filter(classroom__in=Classroom.objects.visible_to(user))

    def in_order(self) -> "SeatQuerySet":
        return self.order_by("position")


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
    def handle(self) -> str:
        """“Loutre bleue”, “Blue otter”: in the reader's language, agreeing in gender."""
        animal = Animal(self.animal)
        colour = Colour(self.colour)
        label = colour.feminine_label if animal.is_feminine_in_french else colour.label
        text = _("%(animal)s %(colour)s") % {"animal": animal.label, "colour": label}
        return text[0].upper() + text[1:].lower()


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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "school", "school_year"], name="one_sitting_per_seat")
        ]


class Throttle(models.Model):
    """Wrong pictures on a seat: by one device, or (no device) by all devices of the day. Goes nightly."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="throttles")
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
    """Right pictures on a new device after too many wrong ones: waits for the teacher's tap. Goes nightly."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE)
    school_year = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="waiting_sign_ins")
    device_key = models.CharField(max_length=64)
    asked_at = models.DateTimeField(default=timezone.now)
    is_approved = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "device_key", "school", "school_year"], name="one_waiting_sign_in_per_device"
            )
        ]
