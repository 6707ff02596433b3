"""One operation for each subject: a seat, a class, a school, a member of staff. Nothing of it stays in the database."""

import uuid
from collections import Counter
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Replace

from accounts.enums import Act
from accounts.models import AuditLine, Classroom, Invitation, School, Seat, User
from accounts.operations import record_act
from privacy.operations.ledger import MODELS, record_erasures

NOBODY = uuid.UUID(int=1)
"""Who did what somebody did whose account is erased. The act itself stays for its year."""


@dataclass(frozen=True)
class Erased:
    """How many rows went, by model. For tests and the command line: nothing of it is written down."""

    rows: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.rows.values())

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(dict(Counter(self.rows) + Counter(other.rows)))


@transaction.atomic
def erase_seat(*, seat: Seat, actor: User) -> Erased:
    """A seat and all that hangs on it. The class's tallies hold no seat and stay."""
    classroom = seat.classroom
    record_erasures(kind="seat", keys=[seat.pk])
    erased = forget("seat", [seat.pk])
    record_act(act=Act.FREE_SEAT, school=classroom.school, actor=actor, subject=classroom.label)
    return erased


def erase_classroom(*, classroom: Classroom, actor: User | None) -> Erased:
    """A class, its seats, its counts. The audit line keeps how many seats went: it is the receipt.

    Never how many rows: administrators read the trail, and rows that hang on a seat count what was finished.
    """
    return erase_classrooms(classrooms=[classroom], actor=actor)


@transaction.atomic
def erase_classrooms(*, classrooms: list[Classroom], actor: User | None) -> Erased:
    """Several classes, written down together."""
    record_erasures(kind="classroom", keys=[classroom.pk for classroom in classrooms])
    total = Erased({})
    for classroom in classrooms:
        school, label, seats = classroom.school, classroom.label, classroom.seats.count()
        total += forget("classroom", [classroom.pk])
        record_act(act=Act.ERASE_CLASSROOM, school=school, actor=actor, subject=f"{label} · {seats}")
    return total


@transaction.atomic
def erase_school(*, school: School) -> Erased:
    """A school with everything of it, its trail and own releases too. An authority's published totals stay."""
    record_erasures(kind="school", keys=[school.pk])
    return forget("school", [school.pk])


@transaction.atomic
def erase_user(*, user: User) -> Erased:
    """An account, its factors, sessions and roles. What the person did stays for its year, done by nobody."""
    record_erasures(kind="user", keys=[user.pk])
    return forget("user", [user.pk])


def forget(kind: str, keys: list[uuid.UUID]) -> Erased:
    """Deletes the rows, and what names them without a foreign key."""
    rows: Counter[str] = Counter()
    if kind == "school":
        rows += _delete(AuditLine.objects.filter(school_key__in=keys))
    if kind == "user":
        rows += _forget_traces(keys)
    rows += _delete(LogEntry.objects.filter(object_id__in=[str(key) for key in keys]))
    rows += _forget_log_entries_below(kind, keys)
    rows += _delete(MODELS[kind].objects.filter(pk__in=keys))
    return Erased(dict(rows))


def _delete(rows: models.QuerySet) -> Counter[str]:
    return Counter({label: count for label, count in rows.delete()[1].items() if count})


def _forget_log_entries_below(kind: str, keys: list[uuid.UUID]) -> Counter[str]:
    """The admin's own trail names rows by text: those of a class's seats, of a school's classes."""
    parents = {"classroom": ("classroom",), "school": ("school",)}.get(kind, ())
    children = {"classroom": (Seat,), "school": (Seat, Classroom, Invitation)}.get(kind, ())
    below = [
        str(key)
        for parent in parents
        for child in children
        for key in child.objects.filter(**{f"{parent}__in": keys}).values_list("pk", flat=True)
    ]
    rows: Counter[str] = Counter()
    for start in range(0, len(below), 500):
        rows += _delete(LogEntry.objects.filter(object_id__in=below[start : start + 500]))
    return rows


def _forget_traces(keys: list[uuid.UUID]) -> Counter[str]:
    """Where a member of staff is named without a foreign key: sessions, invitations, the trail."""
    rows: Counter[str] = Counter()
    rows += _delete(Session.objects.filter(signed_in__user__in=keys))
    AuditLine.objects.filter(actor_key__in=keys).update(actor_key=NOBODY)
    for email in User.objects.filter(pk__in=keys).values_list("email", flat=True):
        rows += _delete(Invitation.objects.filter(email=email))
        named = AuditLine.objects.filter(subject__contains=email)
        named.update(subject=Replace("subject", Value(email), Value("—")))
    return rows
