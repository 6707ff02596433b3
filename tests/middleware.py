"""Of the suite only: a GET that writes raises."""

from threading import get_ident

from django.db import connection

THEIRS = (
    "django_session",
    "accounts_signedin",
    'UPDATE "mfa_authenticator" SET "data"',
)  # that recovery codes were seen
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class GetNeverWritesMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        comes_back = request.path.endswith("/login/callback/")  # signed in elsewhere: the protocol comes back by GET
        if request.method not in ("GET", "HEAD", "OPTIONS") or comes_back:
            return self.get_response(request)
        with connection.execute_wrapper(_refuse_writes_of(get_ident())):
            return self.get_response(request)


def _refuse_writes_of(thread: int):
    """A live server's threads share one connection to SQLite in memory: what another writes meanwhile is no GET's."""

    def refuse(execute, sql, params, many, context):
        is_write = sql.lstrip().upper().startswith(WRITES) and not any(one in sql for one in THEIRS)
        if is_write and get_ident() == thread:
            raise AssertionError(f"a GET wrote: {sql[:120]}")
        return execute(sql, params, many, context)

    return refuse


class WebRoleMiddleware:
    """Serves each request as the role that owns no table, and takes back what an earlier one was shown.

    In production a transaction ends with its statement or operation; a test's lasts for all its requests.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        names = ", ".join(
            f"set_config('balise.{name}', '', true)" for name in ("schools", "people", "authorities", "operator")
        )
        connection.ensure_connection()
        beside = connection.connection  # the driver's own: not a query of the page
        beside.execute(f"SELECT {names}")
        beside.execute("SET ROLE balise_web")
        try:
            return self.get_response(request)
        finally:
            beside.execute("RESET ROLE")
