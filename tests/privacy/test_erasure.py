"""One operation a subject. Tables are found by introspection, so that a new one cannot be forgotten."""

import pytest
from django.contrib.sessions.models import Session

from accounts.models import AuditLine, Classroom, School, Seat, User
from privacy.operations import erase_classroom, erase_school, erase_seat, erase_user
from tests.factories.accounts import teacher_of
from tests.privacy.conftest import all_models, dump, fill_school, labels, mentions, note_figures

ADDED = {"accounts.AuditLine", "privacy.JobRun"}
"""What an erasure may add: the act of an adult, and that the ledger grew."""


def tables_below(model) -> set[str]:
    """Every table from which foreign keys lead to the model, at any distance."""
    found, new = set(), {model}
    while new:
        found |= new
        new = {
            other for other in all_models() for field in other._meta.concrete_fields
            if field.is_relation and field.remote_field.model in found
        } - found  # fmt: skip
    return {one._meta.label for one in found}


def keys_below(model, key) -> set[str]:
    """The keys of a subject and of every row that hangs on it: none may be found anywhere afterwards."""
    keys, found, seen = {str(key)}, {model: {key}}, set()
    while found:
        parent, parent_keys = found.popitem()
        for other in all_models():
            for field in other._meta.concrete_fields:
                if not field.is_relation or field.remote_field.model is not parent:
                    continue
                rows = set(
                    other._base_manager.filter(**{f"{field.name}__in": parent_keys}).values_list("pk", flat=True)
                )
                rows -= {pk for label, pk in seen if label == other._meta.label}
                if rows:
                    seen |= {(other._meta.label, pk) for pk in rows}
                    found[other] = found.get(other, set()) | rows
                    keys |= {str(pk) for pk in rows if not isinstance(pk, int)}
    return keys


def assert_gone(before, after, needles, *, tables):
    """Rows that named the subject existed in every table, and are gone; every other row is as it was."""
    gone, added = before - after, after - before
    assert labels(row for row in before if mentions(row, needles)) >= tables
    assert labels(gone) >= tables
    left = [row for row in after if mentions(row, needles)]
    assert left == []
    note_figures(f"erasure-{len(tables)}-tables", rows_before=len(gone), rows_left=len(left))
    assert labels(added) <= ADDED
    return gone


def test_a_seat(filled):
    seat = filled.seats.first()
    needles = keys_below(Seat, seat.pk)
    before = dump()
    erase_seat(seat=seat, actor=teacher_of(filled))
    gone = assert_gone(before, dump(), needles, tables=tables_below(Seat) | {"admin.LogEntry"})
    assert all(mentions(row, needles) for row in gone)


def test_a_class(filled):
    needles = keys_below(Classroom, filled.pk)
    before = dump()
    erase_classroom(classroom=filled, actor=teacher_of(filled))
    gone = assert_gone(before, dump(), needles, tables=tables_below(Classroom) | {"admin.LogEntry"})
    rest = [row for row in gone if not mentions(row, needles)]
    assert labels(rest) <= {"accounts.Teaching"}


def test_a_school(filled):
    school = filled.school
    needles = keys_below(School, school.pk)
    before = dump()
    erase_school(school=school)
    tables = tables_below(School) | {"admin.LogEntry", "accounts.AuditLine"}
    gone = assert_gone(before, dump(), needles, tables=tables - {"accounts.AuditLine"})
    assert "accounts.AuditLine" in labels(gone)
    assert all(mentions(row, needles) for row in gone)


def test_a_member_of_staff(filled):
    user = teacher_of(filled)
    needles = {str(user.pk), user.email}
    before = dump()
    sessions = Session.objects.count()
    erase_user(user=user)
    tables = tables_below(User) - {"account.EmailConfirmation", "socialaccount.SocialToken"}
    gone = assert_gone(before, dump(), needles, tables=tables | {"accounts.Invitation"})
    assert {"account.EmailConfirmation", "socialaccount.SocialToken"} <= labels(gone)
    assert Session.objects.count() == sessions - 1
    assert AuditLine.objects.filter(act="create_classroom", school_key=filled.school_id).exists()


def test_what_an_authority_published_of_a_school_stays(filled):
    from progress.models import Release, ReleaseCell
    from tests.factories.accounts import AuthorityFactory

    release = Release.objects.create(authority=AuthorityFactory(), school_year=2025, period="2025-T1")
    cell = ReleaseCell.objects.create(
        release=release, school_key=filled.school_id, band="12-14", module_slug="m", seats_from=10, seats_to=19
    )
    erase_school(school=filled.school)
    cell.refresh_from_db()
    assert (cell.seats_from, cell.seats_to) == (10, 19)
    assert not Release.objects.filter(school=filled.school_id).exists()


def test_a_table_that_an_erasure_forgot_is_found(filled, monkeypatch):
    seat = filled.seats.first()
    needles = keys_below(Seat, seat.pk)
    before = dump()
    from privacy.operations import erasure

    monkeypatch.setattr(erasure.LogEntry.objects, "filter", lambda **_which: erasure.LogEntry.objects.none())
    erase_seat(seat=seat, actor=teacher_of(filled))
    with pytest.raises(AssertionError):
        assert_gone(before, dump(), needles, tables=tables_below(Seat))


def test_a_receipt_counts_what_went(filled):
    seats = filled.seats.count()
    erased = erase_classroom(classroom=filled, actor=None)
    assert erased.rows["accounts.Seat"] == seats
    assert AuditLine.objects.get(act="erase_classroom").subject == f"{filled.label} · {seats}"


def test_two_schools_can_be_erased_one_after_the_other(db):
    first, second = fill_school(), fill_school()
    erase_school(school=first.school)
    erase_school(school=second.school)
    assert School.objects.filter(pk__in=[first.school_id, second.school_id]).count() == 0
    assert Seat.objects.count() == 0
