"""What a reader sees while the database cannot be reached or written, and what is never promised."""

import errno
import sqlite3

import psycopg
import pytest
from django.db import IntegrityError, InternalError, OperationalError, connection
from django.test import Client

from config.views import RETRY_SECONDS, is_passing


def fault_of(kind: type[Exception], cause: Exception) -> Exception:
    try:
        raise kind("…") from cause
    except kind as fault:
        return fault


def sqlite_fault(code: int) -> Exception:
    cause = sqlite3.OperationalError("…")
    cause.sqlite_errorcode = code
    return fault_of(OperationalError, cause)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (sqlite_fault(sqlite3.SQLITE_FULL), True),
        (sqlite_fault(sqlite3.SQLITE_IOERR_SHMSIZE), True),
        (sqlite_fault(sqlite3.SQLITE_BUSY), True),
        (sqlite_fault(sqlite3.SQLITE_ERROR), False),  # "no such table" is a fault of ours
        (fault_of(OperationalError, psycopg.errors.DiskFull()), True),
        (fault_of(OperationalError, psycopg.OperationalError("the connection is lost")), True),
        (fault_of(InternalError, psycopg.errors.ReadOnlySqlTransaction()), True),  # a standby was asked to write
        (fault_of(InternalError, psycopg.errors.InternalError_()), True),  # or to lock a row
        (fault_of(InternalError, psycopg.errors.DataCorrupted()), False),
        (fault_of(IntegrityError, psycopg.errors.UniqueViolation()), False),
        (OSError(errno.ENOSPC, "…"), True),
        (OSError(errno.EACCES, "…"), False),
        (ValueError(), False),
        (None, False),
    ],
    ids=repr,
)
def test_a_fault_of_the_disk_or_the_way_is_told_from_one_of_ours(fault, expected):
    assert is_passing(fault) is expected


@pytest.fixture
def out_of_order():
    """Every statement fails as on a full disk."""

    def fail(execute, sql, params, many, context):
        raise sqlite_fault(sqlite3.SQLITE_FULL)

    with connection.execute_wrapper(fail):
        yield Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "One moment, please"), ("fr", "Un instant")])
def test_a_full_disk_is_said_in_the_readers_language(out_of_order, language, words):
    answer = out_of_order.post(f"/{language}/card/", {"token": "A" * 22})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == str(RETRY_SECONDS)
    assert answer["Cache-Control"] == "no-store"
    assert f'<html lang="{language}"' in page
    assert words in page
    assert f"/{language}/help/" in page
    assert f"/{language}/leave/" in page


@pytest.mark.django_db
def test_only_who_sent_something_is_told_to_send_it_again(out_of_order):
    assert "never count twice" not in out_of_order.get("/en/help/").content.decode()
    assert "never count twice" in out_of_order.post("/en/card/", {"token": "A" * 22}).content.decode()


@pytest.mark.django_db
def test_a_fault_of_ours_stays_a_500():
    def fail(execute, sql, params, many, context):
        raise sqlite_fault(sqlite3.SQLITE_ERROR)

    with connection.execute_wrapper(fail):
        answer = Client(raise_request_exception=False).get("/en/help/")
    assert answer.status_code == 500


@pytest.mark.postgresql
@pytest.mark.django_db
def test_no_statement_times_out_while_it_waits_for_the_standby():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
