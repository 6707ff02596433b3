"""What is read about seats and staff, and the secrets that are derived for it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from accounts import secrets
from accounts.enums import Role, Secret
from accounts.models import AuditLine, Classroom, Invitation, Membership, School, Seat, User, WaitingSignIn


def newest_pepper() -> tuple[int, bytes]:
    """The pepper of new cards and of devices, with its id."""
    pepper_id = max(settings.BALISE_PEPPERS)
    return pepper_id, settings.BALISE_PEPPERS[pepper_id]


def digests_of(purpose: str, secret: str) -> list[str]:
    """The digests under which a typed or scanned secret may be found: one for each pepper that is live."""
    return [secrets.lookup(pepper, purpose, secret) for pepper in settings.BALISE_PEPPERS.values()]


@dataclass(frozen=True)
class Card:
    """What is printed for a seat. Derived when it is printed, never stored."""

    seat: Seat
    token: str
    home_key: str  # in groups of four
    pictures: tuple[int, ...]

    @property
    def symbols(self) -> list[dict[str, str]]:
        """The pictures as the sprite names them, with their words."""
        return [
            {"id": f"secret-{Secret(number).name.lower()}", "label": Secret(number).label} for number in self.pictures
        ]


def card_of(seat: Seat) -> Card | None:
    """A seat's card; none when its pepper was retired: then a new card must be made."""
    pepper = settings.BALISE_PEPPERS.get(seat.pepper_id)
    if pepper is None:
        return None
    key = secrets.home_key(pepper, seat.pk, seat.card_version)
    return Card(
        seat=seat,
        token=secrets.qr_token(pepper, seat.pk, seat.card_version),
        home_key="-".join(key[start : start + 4] for start in range(0, len(key), 4)),
        pictures=secrets.pictures(pepper, seat.pk, seat.card_version),
    )


def cards_of(seats: Iterable[Seat]) -> list[Card]:
    return [card for card in map(card_of, seats) if card]


def classrooms_of(user: User) -> QuerySet[Classroom]:
    """A teacher's classes, newest year first, with the number of their seats."""
    return (
        Classroom.objects.visible_to(user)
        .select_related("school")
        .annotate(seat_count=Count("seats"))
        .order_by("-school_year", "label")
    )


def waiting_in(classroom: Classroom) -> QuerySet[WaitingSignIn]:
    """Right pictures that wait for the teacher's tap; made-up seats are of no class.

    Of one seat the newest three: who knows its pictures may ask from a thousand new devices.
    """
    newest = Window(RowNumber(), partition_by="seat", order_by=F("asked_at").desc())
    return (
        WaitingSignIn.objects.filter(seat__classroom=classroom, is_approved=False)
        .select_related("seat__classroom")
        .annotate(place=newest)
        .filter(place__lte=3)
        .order_by("asked_at")
    )


def members_of(school: School) -> QuerySet[Membership]:
    return school.memberships.current().select_related("user").order_by("user__name", "user__email", "role")


def open_invitations_of(school: School) -> list[Invitation]:
    invitations = school.invitations.filter(accepted_on__isnull=True).order_by("email", "role")
    return [invitation for invitation in invitations if invitation.is_open]


def audit_lines_of(school: School, *, limit: int = 50) -> list[AuditLine]:
    """The last acts of adults, each with the name of who did it, where that person is still known."""
    lines = list(AuditLine.objects.filter(school_key=school.pk)[:limit])
    names = {user.pk: str(user) for user in User.objects.filter(pk__in={line.actor_key for line in lines})}
    for line in lines:
        line.actor_name = names.get(line.actor_key, "")
    return lines


def colleagues_to_add(classroom: Classroom) -> QuerySet[User]:
    """Teachers of the school who do not teach this class."""
    teachers = Membership.objects.current().filter(school=classroom.school_id, role=Role.TEACHER)
    return User.objects.filter(Q(pk__in=teachers.values("user")), is_active=True).exclude(
        pk__in=classroom.teachings.values("user")
    )


def decoy_of(pepper: bytes, claim: str) -> UUID:
    """The made-up seat under which a claim to no open seat is counted."""
    return UUID(secrets.lookup(pepper, "decoy", claim)[:32])


@dataclass(frozen=True)
class StaffSession:
    """A browser in which a member of staff is signed in: since when, and until when. Where it stands is not known."""

    key: str
    signed_in_at: datetime.datetime | None
    ends_at: datetime.datetime


def sessions_of(user: User) -> list[StaffSession]:
    """The sessions of a person that still run, newest first. One query, however many people are signed in."""
    sessions = Session.objects.filter(signed_in__user=user, expire_date__gt=timezone.now()).order_by("-expire_date")
    found = []
    for session in sessions:
        times = [method["at"] for method in session.get_decoded().get("account_authentication_methods", [])]
        at = datetime.datetime.fromtimestamp(min(times), datetime.UTC) if times else None
        found.append(StaffSession(session.session_key, at, session.expire_date))
    return found


def classes_to_make(teacher: User, rows: list[list]) -> list[dict]:
    """Of the classes that a teacher wants (school, name, age, seats), those that are not there yet.

    The name of a class is its own in a school and year: so that what was made is never made twice.
    """
    schools = {str(school.pk): school for school in School.objects.taught_in_by(teacher)}
    today = timezone.localdate()
    there = set()
    for school in schools.values():
        year = school.school_year_of(today)
        labels = Classroom.objects.filter(school=school, school_year=year).values_list("label", flat=True)
        there.update((str(school.pk), label) for label in labels)
    return [
        {"school": schools[key], "label": label, "age_of_youngest": age, "seat_count": seats}
        for key, label, age, seats in rows
        if key in schools and (key, label) not in there
    ]
