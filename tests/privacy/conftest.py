"""A school in which every table holds rows of everybody, and the dump of a database."""

import datetime
import itertools
import json
import os
import uuid
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from accounts.models import (
    Authority,
    AuthorityAdministrator,
    AuthorityMembership,
    AuthorityRequest,
    Classroom,
    School,
    SeatGroup,
    Sitting,
    Throttle,
    User,
    WaitingSignIn,
)
from accounts.operations import invite, record_act
from lessons.models import ChosenSeat, ClassLesson, ClassVote, Reading, VotedSeat
from progress.models import Release, ReleaseCell
from quizzes.enums import Moment, ObjectiveState
from quizzes.models import Attempt, ObjectiveResult, Tally
from quizzes.queries import quiz_for
from tests.factories.accounts import ClassroomFactory, SchoolFactory, make_teacher
from tests.factories.lessons import make_scenario
from tests.factories.quizzes import make_assigned_with_quiz
from tests.silence import WATCH

Row = tuple[str, tuple[tuple[str, object], ...]]
numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _own_ledger(settings, tmp_path):
    settings.BALISE_LEDGER = tmp_path / "erasure-ledger"


def all_models():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def dump() -> set[Row]:
    """Every row of every table, as the database holds it."""
    rows = set()
    for model in all_models():
        columns = [field.attname for field in model._meta.concrete_fields]
        for values in model._base_manager.values_list(*columns):
            rows.add(
                (model._meta.label, tuple((name, str(value)) for name, value in zip(columns, values, strict=True)))
            )
    return rows


def mentions(row: Row, needles: set[str]) -> bool:
    return any(needle in value for _name, value in row[1] for needle in needles)


def labels(rows) -> set[str]:
    return {label for label, _values in rows}


def fill_seat(seat, module) -> None:
    """One row in every table that knows seats."""
    where = {"school_id": seat.school_id, "school_year": seat.school_year, "seat": seat}
    Sitting.objects.create(**where, device_key="d" * 64, card_version=seat.card_version)
    Throttle.objects.create(**where, device_key=f"{next(numbers):064}", count=2)
    WaitingSignIn.objects.create(**where, device_key=f"{next(numbers):064}")
    Reading.objects.create(**where, module=module, furthest_step=2)
    ChosenSeat.objects.create(**where, module=module)
    quiz = quiz_for(seat.classroom, module, Moment.BEFORE)
    Attempt.objects.create(
        **where, quiz=quiz, moment=Moment.BEFORE, idempotency_key=uuid.uuid4(), responses='{"a-one":"tell"}',
        opening=seat.classroom.opening,
    )  # fmt: skip
    ObjectiveResult.objects.create(**where, objective=module.objectives.first(), state=ObjectiveState.GOT_IT)
    _log(seat)


def _log(thing, user: User | None = None) -> None:
    """A line in the admin's own trail."""
    user = user or make_teacher(SchoolFactory())
    with WATCH.planted("so that erasure finds a seat's line there, which the product never writes"):
        LogEntry.objects.create(
            user=user, content_type=ContentType.objects.get_for_model(thing),
            object_id=str(thing.pk), object_repr=type(thing).__name__, action_flag=2, change_message="",
        )  # fmt: skip


def fill_user(user: User, school: School) -> None:
    """One row in every table that knows staff."""
    address = EmailAddress.objects.get(user=user)
    EmailConfirmation.objects.create(email_address=address, key=f"key{next(numbers)}", sent=timezone.now())
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    social = SocialAccount.objects.create(
        user=user, provider="school", uid=str(user.pk), extra_data={"email": user.email}
    )
    SocialToken.objects.create(account=social, token="t")
    user.groups.add(Group.objects.get_or_create(name="operators")[0])
    user.user_permissions.add(Permission.objects.first())
    authority = Authority.objects.create(name=f"Authority {next(numbers)}")
    AuthorityMembership.objects.create(authority=authority, school=school, is_reporting=False)
    AuthorityRequest.objects.create(authority=authority, school=school)
    AuthorityAdministrator.objects.create(authority=authority, user=user)
    invite(school=school, email=user.email, role="TEACHER", actor=None)
    record_act(act="invite", school=school, actor=user, subject="somebody")
    _log(school, user)
    Client().force_login(user)


def fill_school() -> Classroom:
    """A school with one class of two seats and its teacher; a row in every table that knows one of them."""
    school = SchoolFactory()
    teacher = make_teacher(school)
    classroom = ClassroomFactory(school=school, teacher=teacher, is_open=True, form="A")
    module = make_assigned_with_quiz(classroom)
    for seat in classroom.seats.select_related("classroom"):
        fill_seat(seat, module)
    where = {"school": school, "school_year": classroom.school_year, "classroom": classroom}
    classroom.seats.update(group=SeatGroup.objects.create(**where, age_of_youngest=14))
    ClassLesson.objects.create(**where, opening=classroom.opening, module=module, step_number=2)
    scene = make_scenario(module.steps.first()).scenes.first()
    vote = ClassVote.objects.create(**where, opening=classroom.opening, scene=scene)
    for seat in classroom.seats.all():
        VotedSeat.objects.create(school=school, school_year=classroom.school_year, vote=vote, seat=seat)
    Tally.objects.create(
        school=school, school_year=classroom.school_year, classroom=classroom, moment=Moment.BEFORE,
        question=quiz_for(classroom, module, Moment.BEFORE).questions.first(), running=3,
    )  # fmt: skip
    release = Release.objects.create(school=school, school_year=2025, period="2025-T1")
    ReleaseCell.objects.create(release=release, band="12-14", module_slug=module.slug)
    _log(classroom)
    fill_user(teacher, school)
    return classroom


@pytest.fixture
def filled(db) -> Classroom:
    """A school like any other; a neighbour of the same shape stands beside it."""
    fill_school()
    return fill_school()


def note_figures(name: str, **figures) -> None:
    """Leaves figures for `manage.py privacy_audit --proof` to add up, where somebody asked for them."""
    if folder := os.environ.get("BALISE_FIGURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder, f"{name}.json").write_text(json.dumps(figures))


def days(count: int) -> datetime.timedelta:
    return datetime.timedelta(days=count)
