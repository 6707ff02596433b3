"""A second wall, on PostgreSQL: whose rows the statement that is about to run may touch.

The processes that serve sign in to the database as a role that owns no table. Policies (`ProtectRows`) show it the rows
of some schools only, and `Rows` says which, for one transaction: the word travels in one message with the statement
that it is for, so that it costs no way to the database, lives as long as that transaction and stays on no connection.
The ORM's own filters choose among a school's rows; this holds where one was forgotten. `docs/adr/0008` says why so.

Commands, releases and migrations sign in as the owner, to whom policies do not apply. On SQLite nothing of it runs.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.migrations.operations.base import Operation

KEY = re.compile(r"[0-9A-Za-z_-]{1,64}")
OF_A_SCHOOL_OTHERWISE = {"accounts_school", "accounts_auditline", "accounts_teaching", "progress_releasecell"}
"""Tables behind the wall that point at no school: by its key, its class, its release, or because they are schools."""


@cache
def tables_of_a_school() -> frozenset[str]:
    """By introspection: every model that points at a school."""
    models = apps.get_models(include_auto_created=True)
    school = apps.get_model("accounts", "School")
    found = {one._meta.db_table for one in models if any(f.related_model is school for f in one._meta.concrete_fields)}
    return frozenset(found | OF_A_SCHOOL_OTHERWISE)


@lru_cache(4096)
def _touches(sql: str) -> bool:
    """Whether a statement names a table behind the wall. What is wrongly thought not to sees no row."""
    return any(table in sql for table in tables_of_a_school())


@dataclass
class Rows:
    """What one request may touch, as far as it is known."""

    schools: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    authorities: set[str] = field(default_factory=set)
    is_operator: bool = False
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)  # whose schools the database is to find
    found: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)

    @property
    def is_nobody(self) -> bool:
        return not (self.schools or self.people or self.is_operator or self.asked)

    def statements(self) -> list[str]:
        """What goes before a statement: what is known, then what is to be found."""
        known = [("schools", self.schools), ("people", self.people), ("authorities", self.authorities)]
        parts = [f"set_config('balise.{name}', '{{{','.join(sorted(keys))}}}', true)" for name, keys in known if keys]
        if self.is_operator:
            parts.append("set_config('balise.operator', 'on', true)")
        found = [
            f"SELECT * FROM balise_admit('{kind}', '{{{','.join(keys)}}}')"  # noqa: S608 - `KEY` holds them
            for kind, keys in self.asked
        ]
        return ([f"SELECT {', '.join(parts)}"] if parts else []) + found

    def learn(self, cursor, count: int) -> None:
        """Reads past `count` answers to what went before; the last ones are those of `asked`, and are remembered."""
        for place in range(count):
            if place >= count - len(self.asked):
                schools, authorities = cursor.fetchone()
                self.schools.update(map(str, schools or ()))
                self.authorities.update(map(str, authorities or ()))
            cursor.nextset()
        self.found.update(self.asked)
        self.asked.clear()


_rows: ContextVar[Rows | None] = ContextVar("rows", default=None)


def _guarded(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
    rows = _rows.get()
    if rows is None or rows.is_nobody or many or not _touches(sql):
        return execute(sql, params, many, context)
    before = rows.statements()
    result = execute("; ".join([*before, sql]), params, many, context)
    rows.learn(context["cursor"].cursor, len(before))
    return result


@contextmanager
def guarded() -> Iterator[Rows]:
    """From here on nothing is seen but what is admitted. One request; the next one begins with nothing."""
    rows = Rows()
    token = _rows.set(rows)
    try:
        with connection.execute_wrapper(_guarded):
            yield rows
    finally:
        _rows.reset(token)


def admit(kind: str, *keys: object) -> None:
    """Admits the schools that these keys lead to, before the next statement reads: `FINDERS` names the kinds.

    Nothing happens outside of `guarded`. A key of another form than ours leads nowhere.
    """
    if (rows := _rows.get()) is None:
        return
    texts = tuple(text if KEY.fullmatch(text) else "-" for text in map(str, keys))
    if kind == "person":
        rows.people.update(texts)
    if (kind, texts) not in rows.found and (kind, texts) not in rows.asked:
        rows.asked.append((kind, texts))


def admit_school(key: UUID) -> None:
    """A school that is known already; or none (`NO_SCHOOL`), under which made-up seats are counted."""
    if (rows := _rows.get()) is not None:
        rows.schools.add(str(UUID(str(key))))


def admit_roles_of(key: UUID) -> None:
    """Which roles a colleague holds in other schools too; nothing else of these schools."""
    if (rows := _rows.get()) is not None:
        rows.people.add(str(UUID(str(key))))


def admit_operator() -> None:
    """The machine's own operator, in the admin: every row, of every school. Declared here and nowhere else."""
    if (rows := _rows.get()) is not None:
        rows.is_operator = True


FINDERS = {
    "person": "SELECT array_agg(school_id) FROM {membership} WHERE user_id = keys[1]::uuid"
    " AND (ends_on IS NULL OR ends_on >= current_date - 1)",  # the application's day may be another than the server's
    "sitting": "SELECT array_agg(school_id) FROM {sitting} WHERE id = keys[1]::uuid",
    "seat": "SELECT array_agg(school_id) FROM {seat} WHERE id = keys[1]::uuid",
    "code": "SELECT array_agg(school_id) FROM {classroom} WHERE code = keys[1]",
    "card": "SELECT array_agg(school_id) FROM {seat} WHERE qr_digest = ANY (keys) OR home_digest = ANY (keys)",
    "device": "SELECT array_agg(school_id) FROM {waitingsignin} WHERE device_key = keys[1] AND is_approved",
    "invitation": "SELECT array_agg(school_id) FROM {invitation} WHERE token_digest = keys[1]",
}
"""What leads to a school before it is known. Each needs a secret, or a key that the application has proved."""


def one_of(column: str, name: str) -> str:
    """Written out, and no function or subquery: planning those costs more than a few rows do."""
    return f"{column} = ANY (nullif(current_setting('balise.{name}', true), '')::uuid[])"


OPERATOR = "current_setting('balise.operator', true) = 'on'"


@dataclass(frozen=True)
class Rule:
    """Whose rows of a table are touched (`whole`), and which more are read (`read`)."""

    whole: str = one_of("school_id", "schools")
    read: str = ""

    def policies(self, table: str) -> list[str]:
        whole = f"{self.whole} OR {OPERATOR}" if self.whole else OPERATOR
        made = [f"CREATE POLICY of_school ON {table} USING ({whole}) WITH CHECK ({whole})"]
        if self.read:
            made.append(f"CREATE POLICY of_reader ON {table} FOR SELECT USING ({self.read})")
        return made


class ProtectRows(Operation):
    """Of a migration: puts tables behind the wall, and takes them out again. Does nothing on SQLite.

    The migration should say `atomic = False`: each statement locks one table for a moment. All of them locked together
    end the reads of those who work meanwhile (a deadlock). It can be run again where it was broken off.
    """

    reversible = True

    def __init__(self, rules: dict[str, Rule]) -> None:
        self.rules = rules

    def deconstruct(self) -> tuple:
        return type(self).__name__, [self.rules], {}

    def state_forwards(self, app_label, state) -> None:
        """Policies are no part of the models."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for table, rule in self.rules.items():
            self._drop_policies(schema_editor, table)
            for statement in [*rule.policies(table), f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"]:
                schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for table in self.rules:
            schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", params=None)
            self._drop_policies(schema_editor, table)

    def _drop_policies(self, schema_editor, table: str) -> None:
        for name in ("of_school", "of_reader"):
            schema_editor.execute(f"DROP POLICY IF EXISTS {name} ON {table}", params=None)

    def describe(self) -> str:
        return f"Row-level security by school on {len(self.rules)} tables"


class FindRows(ProtectRows):
    """Of a migration: the function that leads from a proved key to its school."""

    def __init__(self) -> None:
        super().__init__({})

    def deconstruct(self) -> tuple:
        return type(self).__name__, [], {}

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(current_schema())")
            schema = cursor.fetchone()[0]
        schema_editor.execute(_admit_function(schema), params=None)
        schema_editor.execute("REVOKE ALL ON FUNCTION balise_admit(text, text[]) FROM PUBLIC", params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        schema_editor.execute("DROP FUNCTION IF EXISTS balise_admit(text, text[])", params=None)

    def describe(self) -> str:
        return "The function of row-level security"


def _admit_function(schema: str) -> str:
    """Runs as its owner, who sees every row; gives the keys of schools and authorities, and nothing else."""
    tables = ("membership", "sitting", "seat", "classroom", "waitingsignin", "invitation")
    names = {name: f"{schema}.accounts_{name}" for name in tables}
    cases = "\n".join(f"WHEN '{kind}' THEN schools := ({sql.format(**names)});" for kind, sql in FINDERS.items())
    return f"""
        CREATE OR REPLACE FUNCTION balise_admit(kind text, keys text[], OUT schools uuid[], OUT offices uuid[])
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
        BEGIN
          CASE kind {cases} END CASE;
          IF kind = 'person' THEN
            offices := (SELECT array_agg(authority_id) FROM {schema}.accounts_authorityadministrator
                        WHERE user_id = keys[1]::uuid);
            PERFORM set_config('balise.authorities', coalesce(offices, '{{}}')::text, true);
          END IF;
          PERFORM set_config(
            'balise.schools',
            (coalesce(nullif(current_setting('balise.schools', true), ''), '{{}}')::uuid[] || schools)::text,
            true
          );
        END $$"""  # noqa: S608


class RoleError(Exception):
    """The role that serves would stand in front of the wall, not behind it."""


def open_to(role: str) -> None:
    """Lets the role that serves read and write through the policies. Again is the same as once; for the owner only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR pg_has_role(rolname, current_user, 'MEMBER') FROM pg_roles"
            " WHERE rolname = %s",
            [role],
        )
        found = cursor.fetchone()
        if found is None or found[0]:
            raise RoleError("DATABASE_WEB_URL must name a role that exists, owns no table and bypasses no policy.")
        cursor.execute("SELECT quote_ident(%s), quote_ident(current_schema())", [role])
        name, schema = cursor.fetchone()
        for statement in _grants(name, schema):
            cursor.execute(statement)


def _grants(role: str, schema: str) -> Iterable[str]:
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"
    yield f"GRANT EXECUTE ON FUNCTION {schema}.balise_admit(text, text[]) TO {role}"
