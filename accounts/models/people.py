"""Schools, authorities and staff."""

import datetime
import uuid
import zoneinfo
from functools import cache

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Act, Language, Role, Territory


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(RegexValidator.message)


@cache
def zone_of(name: str) -> datetime.tzinfo:
    """A time zone by its name; the server's own where there is none of this name: no page breaks of it."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return timezone.get_default_timezone()


def day_in(time_zone: str) -> datetime.date:
    return timezone.localdate(timezone=zone_of(time_zone))


def is_past(field: str, school: str) -> Q:
    """Rows whose day `field` is over where their school is: one condition for each time zone that schools have."""
    zones = School.objects.order_by().values_list("time_zone", flat=True).distinct()
    past = Q(pk__in=[])
    for zone in zones:
        past |= Q(**{f"{school}__time_zone": zone, f"{field}__lt": day_in(zone)})
    return past


class SchoolQuerySet(models.QuerySet):
    def administered_by(self, user: "User") -> "SchoolQuerySet":
        return self._where(user, Role.ADMINISTRATOR)

    def taught_in_by(self, user: "User") -> "SchoolQuerySet":
        return self._where(user, Role.TEACHER)

    def _where(self, user: "User", role: Role) -> "SchoolQuerySet":
        return self.filter(
            Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gte=timezone.localdate()),
            memberships__user=user,
            memberships__role=role,
        )


class School(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    territory = models.CharField(_("territory"), max_length=2, choices=Territory)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.FR)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris", validators=[validate_time_zone])
    year_end_month = models.PositiveSmallIntegerField(
        _("month in which the school year ends"), default=8,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )  # fmt: skip
    data_controller = models.CharField(_("data controller"), max_length=200, blank=True)
    officer_contact = models.CharField(_("contact of the data protection officer"), max_length=200, blank=True)
    is_demonstration = models.BooleanField(default=False)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year_end_month__gte=1, year_end_month__lte=12), name="school_year_end_is_a_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> datetime.tzinfo:
        return zone_of(self.time_zone)

    def today(self) -> datetime.date:
        """The day that it is at the school, whoever asks."""
        return day_in(self.time_zone)

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


class AuthorityRequest(models.Model):
    """An authority asks a school to be one of its schools; the school's administrators say yes or no."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="requests")
    school = models.ForeignKey(School, models.CASCADE, related_name="authority_requests")
    asked_on = models.DateField(default=timezone.localdate)

    class Meta:
        ordering = ["asked_on"]
        constraints = [models.UniqueConstraint(fields=["authority", "school"], name="school_asked_once_by_authority")]


class AuthorityAdministrator(models.Model):
    authority = models.ForeignKey(Authority, models.CASCADE)
    user = models.ForeignKey("User", models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "user"], name="administrator_once_per_authority")]


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
    ends_on = models.DateField(_("last day, for a substitute"), null=True, blank=True)
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


class SignedIn(models.Model):
    """Whose a session is: Django's own table names nobody, and would have to be opened row by row.

    No constraint in the database: a session may be deleted by code that does not know of this table.
    """

    session = models.OneToOneField(
        "sessions.Session", models.CASCADE, primary_key=True, related_name="signed_in", db_constraint=False
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="signed_in")


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

    @property
    def act_label(self) -> str:
        return Act(self.act).label if self.act in Act.values else self.act
