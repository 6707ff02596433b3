"""Sessions of staff: Django's, in the database, with whose each is; and the person with today's roles.

Pupils have none of it.
"""

import datetime
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.db import transaction
from django.db.models import DateField, Exists, FilteredRelation, OuterRef, Q, UUIDField
from django.utils import timezone

from accounts.models import AuthorityAdministrator, SignedIn, User, day_in
from accounts.permissions import Place, has_factor, is_over_schools
from config import rows
from config.prepared import Prepared, Slot

OURS, KEPT = "accounts.backends.AccountBackend", "allauth.account.auth_backends.AuthenticationBackend"
"""A session keeps the name that earlier versions know too: an upgrade, or going back, signs nobody out."""


class SessionStore(db.SessionStore):
    noted = None
    """Of whom the database knows that this session is theirs."""

    def load(self) -> dict:
        data = super().load()
        self.noted = data.get(SESSION_KEY)
        if data.get(BACKEND_SESSION_KEY) == KEPT:
            data[BACKEND_SESSION_KEY] = OURS
        return data

    def create_model_instance(self, data: dict):
        if data.get(BACKEND_SESSION_KEY) == OURS:
            data = data | {BACKEND_SESSION_KEY: KEPT}
        return super().create_model_instance(data)

    def create(self) -> None:
        self.noted = None  # a new key
        super().create()

    def save(self, must_create: bool = False) -> None:
        user = None if must_create else self.get(SESSION_KEY)
        with transaction.atomic(savepoint=False):
            super().save(must_create)
            if user != self.noted:
                SignedIn.objects.filter(session=self.session_key).delete()
                if user is not None:
                    SignedIn.objects.create(session_id=self.session_key, user_id=user)
        self.noted = user


COLUMNS = [field.attname for field in User._meta.concrete_fields]
_person = Prepared(
    lambda: (
        User.objects.filter(pk=Slot("pk", UUIDField()))
        .alias(
            now=FilteredRelation(
                "memberships",
                condition=Q(memberships__ends_on__isnull=True)
                | Q(memberships__ends_on__gte=Slot("today", DateField())),
            )
        )
        .values_list(
            *COLUMNS,
            "now__ends_on",
            "now__role",
            "now__school__is_demonstration",
            "now__school__time_zone",
            has_factor(OuterRef("pk")),
            is_over_schools(OuterRef("pk")),
            Exists(AuthorityAdministrator.objects.filter(user=OuterRef("pk"))),
        )
    )
)


def _runs(ends_on: datetime.date | None, time_zone: str) -> bool:
    """A role ends with its last day where the school is: the database was asked for a day more."""
    return ends_on is None or ends_on >= day_in(time_zone)


class AccountBackend(AuthenticationBackend):
    """allauth's. Who a session is of comes with today's roles, in one query: every page of staff asks for both."""

    def get_user(self, user_id: UUID) -> User | None:
        rows.admit("person", user_id)
        found = _person.all(pk=user_id, today=timezone.localdate(timezone=datetime.UTC) - datetime.timedelta(days=1))
        if not found:
            return None
        user = User.from_db("default", COLUMNS, found[0][: len(COLUMNS)])
        facts = [row[len(COLUMNS) :] for row in found]
        *_place, factor, is_over, administers = facts[0]
        user._places = [Place(*place) for ends_on, *place, _is in facts if place[0] and _runs(ends_on, place[2])]
        user._authority = (is_over, factor) if administers else None
        return user if self.user_can_authenticate(user) else None
