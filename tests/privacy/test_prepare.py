"""A database that another version made: a sentence that says what to do, no traceback, nothing changed."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from config.serving import reason

pytestmark = pytest.mark.django_db


def refused() -> str:
    with pytest.raises(CommandError) as caught:
        call_command("prepare")
    text = str(caught.value)
    assert "another version of Balise" in text
    assert "begin anew" in text
    return text


def test_a_database_of_a_newer_version_is_refused():
    MigrationRecorder(connection).record_applied("accounts", "0099_of_tomorrow")
    assert "accounts 0099_of_tomorrow" in refused()


def test_a_migration_of_another_maker_is_none_of_ours():
    MigrationRecorder(connection).record_applied("sessions", "0099_of_tomorrow")
    call_command("prepare")


def test_a_database_of_the_same_history_with_other_tables_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE quizzes_tally RENAME COLUMN running TO ran")
    assert "quizzes_tally.running" in refused()


@pytest.mark.parametrize("error", [InconsistentMigrationHistory("order"), DatabaseError("table exists already")])
def test_tables_that_cannot_be_brought_up_to_date_are_refused(monkeypatch, error):
    def fail(*args):
        raise error

    monkeypatch.setattr(MigrationExecutor, "migration_plan", fail)
    refused()


@pytest.mark.parametrize(
    ("status", "received", "words"),
    [
        (0, 2, "Ctrl-C"),
        (0, 15, "SIGTERM"),
        (-9, 0, "memory"),
        (1, 0, "status 1"),
        (0, 0, "ended by itself"),
    ],
)
def test_the_server_says_why_it_ended(status, received, words):
    assert words in reason(status, received)


def test_the_servers_own_end_is_printed_and_passed_on():
    done = subprocess.run(
        [sys.executable, "-m", "config.serving", "no_such_server"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "could not go on: the server ended with status 1" in done.stderr
