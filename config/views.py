"""What machines ask: is it well, and may it be indexed. And what is said while the database cannot be reached."""

import datetime
import errno
import logging
import sqlite3
import sys
from inspect import unwrap

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.template import loader
from django.utils import timezone
from django.utils.translation import get_language, get_language_from_path, override
from django.views.decorators.http import require_safe
from django.views.defaults import server_error
from psycopg.errors import InternalError_, ReadOnlySqlTransaction

logger = logging.getLogger(__name__)
RETRY_SECONDS = 10
SECURITY_VALID = datetime.timedelta(days=180)
PASSING = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
}  # fmt: skip
"""What a disk or another process does to SQLite; the rest of its operational errors are ours ("no such table")."""


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """`ok` while a page could be answered; 503 and `database` while the database cannot. Nothing more is said."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """No page is for search engines: a school's address is found on paper."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@login_not_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where somebody who found a hole writes to (RFC 9116); no such page without an address in the settings."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_VALID
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {until.isoformat()}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {request.build_absolute_uri()}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


STANDBY = (ReadOnlySqlTransaction, InternalError_)
"""What a PostgreSQL says that has become a standby: it may not write, or (to a lock) may not give out numbers."""


def is_passing(fault: BaseException | None) -> bool:
    """Whether a fault lies with the disk or the way to the database, and may be over in a moment."""
    if isinstance(fault, OSError):
        return fault.errno in (errno.ENOSPC, errno.EDQUOT)
    cause = fault.__cause__ if fault is not None else None
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in PASSING
    return isinstance(fault, OperationalError | InterfaceError) or isinstance(cause, STANDBY)


def fault(request: HttpRequest) -> HttpResponse:
    """Answers any exception that nobody caught: 503 while the database cannot be reached or written, else 500.

    Nothing that was not confirmed is promised, and the same request may be sent again.
    """
    if not is_passing(sys.exc_info()[1]):
        return unwrap(server_error)(request)  # which would read the form again: it may be what failed
    logger.error("the database cannot be reached or written")
    context = {
        "is_sent": request.method == "POST",
        "band": "",
        "preferences": {},
        "alternates": [],
        "messages": [],
        "is_teacher": False,
        "is_administrator": False,
    }
    with override(get_language_from_path(request.path_info) or get_language()):
        page = loader.render_to_string("503.html", context)
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"})
