"""Who: schools, staff, classes, seats."""

from accounts.models.classes import (
    Classroom,
    Seat,
    SeatGroup,
    Sitting,
    Teaching,
    Throttle,
    WaitingSignIn,
    handle_of,
)
from accounts.models.people import (
    AuditLine,
    Authority,
    AuthorityAdministrator,
    AuthorityMembership,
    AuthorityRequest,
    Invitation,
    Membership,
    School,
    SignedIn,
    User,
)

__all__ = [
    "AuditLine",
    "Authority",
    "AuthorityAdministrator",
    "AuthorityMembership",
    "AuthorityRequest",
    "Classroom",
    "Invitation",
    "Membership",
    "School",
    "Seat",
    "SeatGroup",
    "SignedIn",
    "Sitting",
    "Teaching",
    "Throttle",
    "User",
    "WaitingSignIn",
    "handle_of",
]
