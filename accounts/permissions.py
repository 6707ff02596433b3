"""Predicates: may this person do that?"""

import datetime
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Exists
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuthorityAdministrator, Classroom, User, zone_of
from config import rows

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True)
class Place:
    """A role of today, and what decides whether the person must have a second factor."""

    role: str
    is_demonstration: bool
    time_zone: str
    has_factor: bool
    is_over_schools: bool  # administers an authority with a school that is no demonstration


def has_factor(user: object) -> Exists:
    """Of a person's key, or of a column that holds one."""
    return Exists(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS))


def is_over_schools(user: object) -> Exists:
    administrators = AuthorityAdministrator.objects.filter(
        user=user, authority__memberships__school__is_demonstration=False
    )
    return Exists(administrators)


def _places(user: User) -> list[Place]:
    """Read once; of who is signed in, `AccountBackend` brings them with the person."""
    if not hasattr(user, "_places"):
        rows.admit("person", user.pk)
        found = user.memberships.current().values_list(
            "role", "school__is_demonstration", "school__time_zone", has_factor(user.pk), is_over_schools(user.pk)
        )
        user._places = [Place(*row) for row in found]
    return user._places


def zone_of_staff(user: User) -> datetime.tzinfo:
    """Of the school in which somebody has a role; of who is in no school, the server's."""
    places = _places(user)
    return zone_of(places[0].time_zone) if places else timezone.get_default_timezone()


def roles_of(user: User) -> frozenset[str]:
    """The roles that a member of staff holds today in any school."""
    if not user.is_authenticated:
        return frozenset()
    return frozenset(place.role for place in _places(user))


def is_teacher(user: User) -> bool:
    return Role.TEACHER in roles_of(user)


def is_administrator(user: User) -> bool:
    return Role.ADMINISTRATOR in roles_of(user)


def _authority(user: User) -> tuple[bool, bool] | None:
    """Of somebody who administers an authority: has it schools that are no demonstration, is there a second factor."""
    if not hasattr(user, "_authority"):
        rows.admit("person", user.pk)
        user._authority = user.authorities.values_list(is_over_schools(user.pk), has_factor(user.pk)).first()
    return user._authority


def is_authority_administrator(user: User) -> bool:
    return user.is_authenticated and _authority(user) is not None


def has_place(user: User) -> bool:
    """Whether a person who signed in still belongs here: a role, an authority, or the machine's own operator."""
    return user.is_staff or bool(_places(user)) or is_authority_administrator(user)


def lacks_second_factor(user: User) -> bool:
    """Whoever sees a whole school, an authority or the machine needs one. A demonstration's staff is nobody."""
    if user.is_staff:
        return not Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists()
    if places := _places(user):
        must = any(one.role == Role.ADMINISTRATOR and not one.is_demonstration for one in places)
        return (must or places[0].is_over_schools) and not places[0].has_factor
    is_over_schools, has_factor = _authority(user) or (False, False)
    return is_over_schools and not has_factor


def can_teach_sensitive(user: User) -> bool:
    """Ready to teach: has finished the staff module on what to do when a child confides."""
    return user.is_ready_to_teach


def can_open_classroom(user: User, classroom: Classroom, *, is_sensitive: bool) -> bool:
    return not is_sensitive or can_teach_sensitive(user)
