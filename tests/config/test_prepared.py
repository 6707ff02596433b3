"""A prepared read finds what its queryset finds, on either database, and keeps nothing of a call."""

import datetime
import threading
import uuid

import pytest
from django.db import connection
from django.db.models import DateField, UUIDField
from django.utils import timezone

from accounts.models import Classroom, Seat, SeatGroup
from config.prepared import Prepared, Slot, Update, Upsert
from tests.factories.accounts import ClassroomFactory


@pytest.fixture
def read():
    return Prepared(
        lambda: Seat.objects.select_related("classroom__school", "group").filter(
            pk=Slot("seat", UUIDField()), classroom=Slot("classroom", UUIDField()), position__in=[1, 2, 3]
        )
    )


def test_it_finds_what_the_queryset_finds(db, read):
    classroom = ClassroomFactory(seat_count=3, is_open=True)
    for seat in Seat.objects.select_related("classroom__school", "group"):
        found = read.first(seat=seat.pk, classroom=classroom.pk)
        names = [field.attname for field in Seat._meta.concrete_fields]
        assert [getattr(found, name) for name in names] == [getattr(seat, name) for name in names]
        assert found.classroom.open_until == seat.classroom.open_until
        assert found.classroom.school == seat.classroom.school
        assert found.group is None
        assert not found._state.adding


def test_a_related_row_is_there_without_another_query(db, read, django_assert_num_queries):
    seat = ClassroomFactory(seat_count=1).seats.get()
    with django_assert_num_queries(1):
        assert read.first(seat=seat.pk, classroom=seat.classroom_id).classroom.school.name


def test_nothing_of_the_last_call_stays(db, read):
    first, second = ClassroomFactory(seat_count=2).seats.in_order()
    assert read.first(seat=first.pk, classroom=first.classroom_id) == first
    assert read.first(seat=second.pk, classroom=second.classroom_id) == second
    assert read.first(seat=uuid.uuid4(), classroom=first.classroom_id) is None
    assert read.all(seat=first.pk, classroom=uuid.uuid4()) == []


def test_rows_of_values_are_converted(db):
    classroom = ClassroomFactory(is_open=True)
    read = Prepared(
        lambda: Classroom.objects.filter(pk=Slot("pk", UUIDField())).order_by().values_list("pk", "open_until", "code")
    )
    assert tuple(read.first(pk=classroom.pk)) == (classroom.pk, classroom.open_until, classroom.code)


def test_times_are_compared(db):
    field = Classroom._meta.get_field("open_until")
    read = Prepared(lambda: Classroom.objects.filter(open_until__gt=Slot("now", field)))
    classroom = ClassroomFactory(is_open=True)
    assert read.all(now=timezone.now()) == [classroom]
    assert read.all(now=timezone.now() + datetime.timedelta(days=1)) == []


@pytest.mark.django_db(transaction=True)
def test_another_thread_asks_on_its_own_connection(read):
    seat = ClassroomFactory(seat_count=1).seats.get()
    assert read.first(seat=seat.pk, classroom=seat.classroom_id) == seat
    found = []

    def ask():
        found.append(read.first(seat=seat.pk, classroom=seat.classroom_id))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [seat]


@pytest.fixture
def groups():
    return Upsert(
        SeatGroup, unique=["classroom", "age_of_youngest", "school", "school_year"], update=["age_of_youngest"]
    )


def group_of(classroom, age):
    return SeatGroup(
        school_id=classroom.school_id, school_year=classroom.school_year, classroom=classroom, age_of_youngest=age
    )


def test_rows_are_added_in_one_statement_and_those_that_exist_stay(db, groups, django_assert_num_queries):
    classroom = ClassroomFactory()
    groups.write([group_of(classroom, 9)])
    first = SeatGroup.objects.get()
    with django_assert_num_queries(1):
        groups.write([group_of(classroom, 9), group_of(classroom, 10)])
    assert SeatGroup.objects.get(age_of_youngest=9).pk == first.pk
    assert SeatGroup.objects.count() == 2


def test_the_columns_named_are_replaced_and_no_others(db):
    seat = ClassroomFactory(seat_count=1).seats.get()
    seat.card_version, seat.position = 7, 99
    Upsert(Seat, unique=["id"], update=["card_version"]).write([seat])
    seat.refresh_from_db()
    assert (seat.card_version, seat.position) == (7, 1)


def test_no_row_is_no_statement(db, groups, django_assert_num_queries):
    with django_assert_num_queries(0):
        groups.write([])


def test_an_update_sets_what_the_queryset_finds_and_nothing_else(db, django_assert_num_queries):
    moved = Update(
        lambda: Seat.objects.filter(pk=Slot("seat", UUIDField()), last_used_on__isnull=True),
        last_used_on=Slot("day", DateField()),
    )
    first, second = ClassroomFactory(seat_count=2).seats.in_order()
    days = [datetime.date(2026, 11, 24), datetime.date(2026, 11, 25)]
    for day in days:
        with django_assert_num_queries(1):
            moved.write(seat=first.pk, day=day)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.last_used_on, second.last_used_on) == (days[0], None)
