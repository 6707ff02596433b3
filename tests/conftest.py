"""What the whole suite shares. Where it can run: see `tests/run`."""

import os
import shutil

import pytest

from config.translations import compile_changed
from tests import silence

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_configure(config):
    compile_changed()


def pytest_sessionstart(session):
    silence.begin()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    silence.attend()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = yield
    silence.judge(report)
    return report


def pytest_collection_modifyitems(config, items):
    """Tests that need PostgreSQL belong to its run only; they are left out of the other, not skipped."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return
    left_out = [item for item in items if item.get_closest_marker("postgresql")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """Where everything is there, a test that did not run is a test that failed."""
    silence.note(os.environ.get("PYTEST_XDIST_WORKER", "suite"))
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    unrun = [*reporter.stats.get("skipped", []), *reporter.stats.get("xfailed", [])] if reporter else []
    if IN_CI and unrun and exitstatus == pytest.ExitCode.OK:
        reporter.write_line(f"With CI=true a skipped test is a failure: {len(unrun)} skipped.", red=True, bold=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """On PostgreSQL, the role that serves: see `config/rows.py`."""
    from django.db import connection

    from config.rows import open_to

    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'balise_web'")
                if cursor.fetchone() is None:  # the suite's own role needs CREATEROLE, or that somebody made this one
                    cursor.execute("CREATE ROLE balise_web NOLOGIN")
                    cursor.execute("GRANT balise_web TO CURRENT_USER")
            open_to("balise_web")


@pytest.fixture(autouse=True)
def _nothing_of_the_last_test():
    """Limits of sign-in and rendered lessons live in caches; the language is the thread's."""
    from django.core.cache import caches
    from django.utils import translation

    for name in ("default", "content"):
        caches[name].clear()
    translation.deactivate()
    yield
    translation.deactivate()
