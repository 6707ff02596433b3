"""Of the suite only: a GET that writes raises."""

from django.db import connection

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class GetNeverWritesMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        with connection.execute_wrapper(_refuse_writes):
            return self.get_response(request)


def _refuse_writes(execute, sql, params, many, context):
    if sql.lstrip().upper().startswith(WRITES) and "django_session" not in sql:
        raise AssertionError(f"a GET wrote: {sql[:120]}")
    return execute(sql, params, many, context)
