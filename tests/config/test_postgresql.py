"""A commit that no standby confirmed is an error: on a real server that waits for a standby which never comes."""

import threading
import time

import psycopg
import pytest
from django.db import connections, transaction

from benchmarks.postgresql import PostgreSQL
from config.postgresql.base import UnreplicatedCommitError

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def waiting():
    """A server that no standby follows, though each commit waits for one."""
    server = PostgreSQL(shared_buffers="16MB", lc_messages="C.UTF-8")
    with psycopg.connect(server.url(), autocommit=True) as setup:
        setup.execute("CREATE TABLE one (x int)")
        setup.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        setup.execute("SELECT pg_reload_conf()")
    yield server
    server.remove()


@pytest.fixture
def database(waiting, django_db_blocker):
    known = connections["default"].settings_dict
    facts = known | {"HOST": "127.0.0.1", "PORT": waiting.port, "USER": "balise", "PASSWORD": "", "NAME": "postgres"}
    found = connections["default"].__class__(facts | {"OPTIONS": {}}, "waiting")
    connections["waiting"] = found
    with django_db_blocker.unblock():
        yield found
        found.close()
    del connections["waiting"]


def cancel_soon(server: PostgreSQL) -> threading.Thread:
    """What a statement timeout or an operator does to a commit that waits."""

    def cancel() -> None:
        with psycopg.connect(server.url(), autocommit=True) as beside:
            for _try in range(100):
                found = beside.execute(
                    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                ).fetchall()
                if found:
                    return
                time.sleep(0.05)

    thread = threading.Thread(target=cancel)
    thread.start()
    return thread


def rows_of(server: PostgreSQL) -> list[tuple]:
    with psycopg.connect(server.url()) as beside:
        return beside.execute("SELECT x FROM one").fetchall()


def test_a_cancelled_wait_of_a_transaction_is_an_error(waiting, database):
    canceller = cancel_soon(waiting)
    with pytest.raises(UnreplicatedCommitError), transaction.atomic(using="waiting"), database.cursor() as cursor:
        cursor.execute("INSERT INTO one VALUES (1)")
    canceller.join()
    assert (1,) in rows_of(waiting), "the trap is gone: PostgreSQL no longer keeps such a row"
    with database.cursor() as cursor:
        cursor.execute("SELECT 1")  # the fault is told once
        assert cursor.fetchone() == (1,)


def test_a_cancelled_wait_of_a_single_statement_is_an_error(waiting, database):
    canceller = cancel_soon(waiting)
    with pytest.raises(UnreplicatedCommitError), database.cursor() as cursor:
        cursor.execute("INSERT INTO one VALUES (2)")
    canceller.join()
    assert (2,) in rows_of(waiting), "the trap is gone: PostgreSQL no longer keeps such a row"
