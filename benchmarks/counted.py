"""The product as a WSGI application that says of each answer how many statements it cost: for counting, not timing.

Begin, commit and savepoints are not counted: they go with any write. Row-level security is off here.
"""

from collections.abc import Callable, Iterable

from django.db import connection

from config.wsgi import application as product

HEADER = "X-Statements"
AROUND = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    seen = []

    def note(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        if not sql.startswith(AROUND):
            seen.append(sql)
        return execute(sql, params, many, context)

    def started(status: str, headers: list, *fault: object) -> Callable:
        return start_response(status, [*headers, (HEADER, str(len(seen)))], *fault)

    with connection.execute_wrapper(note):
        return product(environ, started)
