"""Django's PostgreSQL, but a commit that no standby confirmed is an error.

With synchronous replication a cancelled wait (a timeout, an operator's pg_cancel_backend) leaves the transaction
committed on the primary alone, and PostgreSQL says so with a warning only. Who is answered “kept” then could lose it
with the next failover. The error sends the request again; its second commit waits for the first one too.
"""

import weakref
from collections.abc import Callable

from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg.errors import Diagnostic

WAITS_FOR_STANDBY = "SyncRepWaitForLSN"  # the place in PostgreSQL that warns; the words depend on its language


class UnreplicatedCommitError(OperationalError):
    """Committed here, perhaps nowhere else: nothing may be promised."""


class DatabaseWrapper(base.DatabaseWrapper):
    _unreplicated: "weakref.WeakSet[Connection]" = weakref.WeakSet()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._execute_replicated)

    def _configure_connection(self, connection: Connection) -> bool:
        """Called once for each connection, the pool's too."""
        unreplicated = self._unreplicated
        known = weakref.ref(connection)

        def notice(diagnostic: Diagnostic) -> None:
            if diagnostic.source_function == WAITS_FOR_STANDBY and (found := known()) is not None:
                unreplicated.add(found)

        connection.add_notice_handler(notice)
        return super()._configure_connection(connection)

    def _refuse_unreplicated(self) -> None:
        if self.connection in self._unreplicated:
            self._unreplicated.discard(self.connection)
            raise UnreplicatedCommitError("no standby has confirmed this commit")

    def _execute_replicated(self, execute: Callable, sql, params, many, context):
        """A statement outside a transaction commits by itself."""
        result = execute(sql, params, many, context)
        self._refuse_unreplicated()
        return result

    def _commit(self) -> None:
        super()._commit()
        self._refuse_unreplicated()
