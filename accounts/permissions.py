"""Predicates: may this person do that?"""

from accounts.enums import Role
from accounts.models import Classroom, User


def roles_of(user: User) -> frozenset[str]:
    """The roles that a member of staff holds today in any school; read once a request."""
    if not user.is_authenticated:
        return frozenset()
    if not hasattr(user, "_roles"):
        user._roles = frozenset(user.memberships.current().values_list("role", flat=True))
    return user._roles


def is_teacher(user: User) -> bool:
    return Role.TEACHER in roles_of(user)


def is_administrator(user: User) -> bool:
    return Role.ADMINISTRATOR in roles_of(user)


def is_authority_administrator(user: User) -> bool:
    if not user.is_authenticated:
        return False
    if not hasattr(user, "_has_authority"):
        user._has_authority = user.authorities.exists()
    return user._has_authority


def can_teach_sensitive(user: User) -> bool:
    """Ready to teach: has finished the staff module on what to do when a child confides."""
    return user.is_ready_to_teach


def can_open_classroom(user: User, classroom: Classroom, *, is_sensitive: bool) -> bool:
    return not is_sensitive or can_teach_sensitive(user)
