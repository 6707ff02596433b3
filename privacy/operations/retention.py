"""Nothing outlives its term, without anybody acting. Idempotent: run it every five minutes."""

import datetime
from collections.abc import Callable

from allauth.account.models import EmailConfirmation
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from accounts.models import (
    AuditLine,
    Authority,
    AuthorityMembership,
    Classroom,
    Invitation,
    Membership,
    School,
    Sitting,
    Teaching,
    User,
    day_in,
    is_past,
)
from accounts.operations import forget_times
from lessons.operations import delete_ended_votes
from privacy.models import JobRun
from privacy.operations.erasure import erase_classrooms, erase_user
from privacy.queries import goes_on
from progress.disclosure import TERM_MONTHS, period
from progress.models import Release
from progress.operations import ReleaseRefusedError, make_authority_release, make_school_release
from quizzes.operations import delete_ended_attempts

TRAIL_DAYS = 365
RELEASE_YEARS = 5
JOB = "retain"


def retain() -> dict[str, int]:
    """Does all that is due; says how much of each went. Each part is a transaction of its own."""
    parts: dict[str, Callable[[], int]] = {
        "attempts": delete_ended_attempts,
        "votes": delete_ended_votes,
        "times": forget_times,
        "homework": _end_homework,
        "invitations": lambda: _count(Invitation.objects.filter(expires_at__lt=timezone.now())),
        "sessions": lambda: _count(Session.objects.filter(expire_date__lt=timezone.now())),
        "confirmations": lambda: _count(EmailConfirmation.objects.filter(created__lt=_ago(3))),
        "trail": _end_trail,
        "releases made": make_due_releases,
        "classes": _end_years,
        "releases": _end_releases,
        "roles": _end_roles,
        "accounts": _end_accounts,
    }
    done = {name: part() for name, part in parts.items()}
    JobRun.objects.update_or_create(name=JOB, defaults={"ended_at": timezone.now()})
    return done


def _ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def _count(rows: QuerySet) -> int:
    return rows.delete()[0]


@transaction.atomic
def _end_homework() -> int:
    """Sittings at home that no homework allows any more."""
    ended = Q(seat__classroom__homework_until__isnull=True) | is_past("seat__classroom__homework_until", "school")
    return _count(Sitting.objects.filter(ended, is_home=True))


@transaction.atomic
def _end_trail() -> int:
    lines = _count(AuditLine.objects.filter(done_at__lt=_ago(TRAIL_DAYS)))
    return lines + _count(LogEntry.objects.filter(action_time__lt=_ago(TRAIL_DAYS)))


def due_classrooms() -> QuerySet[Classroom]:
    """Classes whose school year ended so long ago that they go: one condition for each end of a year there is."""
    keys = ("school__year_end_month", "school__time_zone", "school_year")
    due = Q(pk__in=[])
    for month, zone, year in Classroom.objects.order_by().values_list(*keys).distinct():
        school = School(year_end_month=month, time_zone=zone)
        if goes_on(Classroom(school=school, school_year=year)) <= school.today():
            due |= Q(**dict(zip(keys, (month, zone, year), strict=True)))
    return Classroom.objects.filter(due).select_related("school").order_by("pk")


def _end_years() -> int:
    """Classes with their seats and counts, a hundred in a transaction; what is due was released before."""
    count = 0
    while classrooms := list(due_classrooms()[:100]):
        erase_classrooms(classrooms=classrooms, actor=None)
        count += len(classrooms)
    return count


def make_due_releases() -> int:
    """Releases of every term of the years that still have classes, as far as the term is over and none was made."""
    years = Classroom.objects.order_by().values_list("school_year", flat=True).distinct()
    return sum(_release(f"{year}-T{term}") for year in sorted(years) for term in TERM_MONTHS)


def _release(name: str) -> int:
    """A term is over in a school when its last day is over there; for an authority, in all its schools."""
    over = Q(pk__in=[])
    for month, zone in School.objects.order_by().values_list("year_end_month", "time_zone").distinct():
        if period(name, year_end_month=month).ends_on < day_in(zone):
            over |= Q(year_end_month=month, time_zone=zone)
    taught = Classroom.objects.filter(school_year=int(name[:4])).values("school")
    schools = School.objects.filter(over, pk__in=taught).exclude(releases__period=name)
    reporting = AuthorityMembership.objects.filter(is_reporting=True)
    authorities = (
        Authority.objects.filter(pk__in=reporting.filter(school__in=taught).values("authority"))
        .exclude(pk__in=reporting.exclude(school__in=School.objects.filter(over)).values("authority"))
        .exclude(releases__period=name)
    )
    made = sum(_is_released(make_school_release, school=one, period_name=name) for one in schools)
    return made + sum(_is_released(make_authority_release, authority=one, period_name=name) for one in authorities)


def _is_released(make: Callable, **what) -> bool:
    try:
        make(**what)
    except ReleaseRefusedError:
        return False
    return True


@transaction.atomic
def _end_releases() -> int:
    today = timezone.localdate()
    oldest = today - datetime.timedelta(days=RELEASE_YEARS * 365 + 1)
    return _count(Release.objects.filter(made_on__lt=oldest))


@transaction.atomic
def _end_roles() -> int:
    """A substitute's last day is past: the role goes, and the account closes where it was the last one."""
    past = is_past("ends_on", "school")
    left = list(Membership.objects.filter(past).values_list("user", flat=True))
    count = _count(Teaching.objects.filter(is_past("ends_on", "classroom__school")))
    count += _count(Membership.objects.filter(past))
    without_role(User.objects.filter(pk__in=left)).update(is_active=False)
    return count


def without_role(users: QuerySet[User]) -> QuerySet[User]:
    """Accounts that belong nowhere: no role in a school, none in an authority, no operator."""
    return users.filter(
        ~Exists(Membership.objects.filter(user=OuterRef("pk"))),
        ~Exists(Authority.objects.filter(administrators=OuterRef("pk"))),
        is_superuser=False,
        is_staff=False,
    )


def _end_accounts() -> int:
    """Accounts without a role, a year after their last sign-in."""
    last = Coalesce(TruncDate("last_login"), F("created_on"))
    oldest = timezone.localdate() - datetime.timedelta(days=TRAIL_DAYS)
    users = list(without_role(User.objects.annotate(last_seen_on=last)).filter(last_seen_on__lt=oldest))
    for user in users:
        erase_user(user=user)
    return len(users)
