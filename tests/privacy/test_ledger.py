"""The ledger outlives a restore; without it, or with an older one, nothing starts."""

import datetime
import re

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Classroom, School, Seat, User
from privacy.operations import (
    LedgerError,
    apply_ledger,
    erase_classroom,
    erase_classrooms,
    erase_school,
    erase_seat,
    erase_user,
)
from privacy.operations.ledger import MODELS, read_ledger
from tests.factories.accounts import ClassroomFactory, teacher_of
from tests.privacy.conftest import fill_school

pytestmark = pytest.mark.django_db


def snapshot(*things):
    return [(type(thing), thing.__dict__.copy()) for thing in things]


def restore(rows):
    """Brings rows back as a backup would: the database is as it was, the ledger is not."""
    with connection.constraint_checks_disabled():
        for model, values in rows:
            names = {field.attname for field in model._meta.concrete_fields}
            model(**{name: value for name, value in values.items() if name in names}).save(force_insert=True)


@pytest.fixture
def classroom():
    return ClassroomFactory(seat_count=3)


def test_a_seat_that_a_restore_brings_back_goes_again(classroom):
    seat, other, _third = classroom.seats.in_order()
    kept = snapshot(seat)
    erase_seat(seat=seat, actor=teacher_of(classroom))
    restore(kept)
    assert Seat.objects.count() == 3
    assert apply_ledger()["seat"] == 1
    assert classroom.seats.in_order()[0] == other
    assert apply_ledger() == {"user": 0, "school": 0, "classroom": 0, "seat": 0}


def test_every_kind_of_subject_goes_again():
    first, second = fill_school(), fill_school()
    user = teacher_of(second)
    kept = snapshot(first, second, second.school, user)
    erase_classroom(classroom=first, actor=None)
    erase_classroom(classroom=second, actor=None)
    erase_user(user=user)
    erase_school(school=second.school)
    restore([kept[2], kept[0], kept[1], kept[3]])
    assert apply_ledger() == {"user": 1, "school": 1, "classroom": 1, "seat": 0}
    assert not Classroom.objects.filter(pk__in=[first.pk, second.pk]).exists()
    assert not User.objects.filter(pk=user.pk).exists()
    assert not School.objects.filter(pk=second.school_id).exists()


def test_the_file_names_nobody(classroom, settings):
    seat = classroom.seats.first()
    key = str(seat.pk)
    erase_seat(seat=seat, actor=teacher_of(classroom))
    text = settings.BALISE_LEDGER.read_text()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d seat [0-9a-f]{64} [0-9a-f]{64}\n", text)
    assert key not in text
    assert key.replace("-", "") not in text
    assert settings.BALISE_LEDGER.stat().st_mode & 0o077 == 0


def test_a_missing_ledger_refuses_where_the_database_knows_of_one(classroom, settings):
    erase_seat(seat=classroom.seats.first(), actor=teacher_of(classroom))
    settings.BALISE_LEDGER.unlink()
    with pytest.raises(LedgerError, match="there is none"):
        apply_ledger()
    with pytest.raises(CommandError, match="there is none"):
        call_command("apply_ledger")


def test_a_new_installation_needs_no_ledger():
    assert apply_ledger() == {"user": 0, "school": 0, "classroom": 0, "seat": 0}
    call_command("apply_ledger")


def test_a_ledger_older_than_the_database_refuses(classroom, settings):
    seat, other, _third = classroom.seats.in_order()
    erase_seat(seat=seat, actor=teacher_of(classroom))
    older = settings.BALISE_LEDGER.read_bytes()
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2)):
        erase_seat(seat=other, actor=teacher_of(classroom))
        settings.BALISE_LEDGER.write_bytes(older)
        with pytest.raises(LedgerError, match="older"):
            apply_ledger()


@pytest.mark.parametrize(
    "harm",
    [
        lambda lines: [lines[1]],
        lambda lines: [lines[1], lines[0]],
        lambda lines: [lines[0].replace(" seat ", " user "), lines[1]],
        lambda lines: ["nonsense", *lines],
    ],
)
def test_a_line_that_was_changed_dropped_or_moved_refuses(classroom, settings, harm):
    for seat in classroom.seats.in_order()[:2]:
        erase_seat(seat=seat, actor=teacher_of(classroom))
    lines = settings.BALISE_LEDGER.read_text().splitlines()
    settings.BALISE_LEDGER.write_text("".join(f"{line}\n" for line in harm(lines)))
    with pytest.raises(LedgerError):
        apply_ledger()


def test_another_key_refuses(classroom, settings):
    erase_seat(seat=classroom.seats.first(), actor=teacher_of(classroom))
    settings.BALISE_LEDGER_KEY = b"x" * 32
    with pytest.raises(LedgerError):
        apply_ledger()


def test_a_line_that_a_power_cut_broke_off_is_written_over(classroom, settings):
    first, second, _third = classroom.seats.in_order()
    erase_seat(seat=first, actor=teacher_of(classroom))
    with settings.BALISE_LEDGER.open("a") as file:
        file.write("2026-01-0")
    erase_seat(seat=second, actor=teacher_of(classroom))
    assert [line.kind for line in read_ledger()] == ["seat", "seat"]


def test_every_subject_has_a_kind():
    assert set(MODELS) == {"seat", "classroom", "school", "user"}


def test_lines_written_together_and_one_by_one_make_one_chain(settings):
    classrooms = ClassroomFactory.create_batch(5, seat_count=1)
    erase_classrooms(classrooms=classrooms[:3], actor=None)
    erase_classroom(classroom=classrooms[3], actor=None)
    erase_classroom(classroom=classrooms[4], actor=None)
    assert [line.kind for line in read_ledger()] == ["classroom"] * 5
    assert len(settings.BALISE_LEDGER.read_text().splitlines()) == 5
