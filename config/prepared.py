"""Reads and writes whose SQL is made once. Django makes it anew for every query, at ten times the cost of running it.

For the few that every pupil's request does; everything else is an ordinary queryset.
"""

from collections.abc import Callable, Iterable
from functools import cached_property

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.constants import OnConflict
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery


class Slot(Value):
    """A place in a prepared read that is filled at each call."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(name, output_field=field)

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        return "%s", [self]

    def filled(self, values: dict[str, object], connection) -> object:
        return self.output_field.get_db_prep_value(values[self.value], connection)


class Prepared:
    """A queryset with slots. `make` is called once, at the first use; `select_related` and `values_list` both work."""

    def __init__(self, make: Callable[[], QuerySet]) -> None:
        self.make = make

    @cached_property
    def _queryset(self) -> QuerySet:
        return self.make()

    @cached_property
    def _compiled(self) -> tuple:
        connection = connections[DEFAULT_DB_ALIAS]
        compiler = self._queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        return compiler, sql, params, compiler.get_converters([column for column, *_rest in compiler.select])

    @cached_property
    def _maker(self) -> Callable[[tuple], object]:
        """What makes an object of a row: rows of `values_list` stay as they are."""
        if self._queryset._fields is not None:
            return tuple
        compiler = self._compiled[0]
        found = compiler.klass_info
        model, places = found["model"], found["select_fields"]
        names = [compiler.select[place][0].target.attname for place in places]
        populators = get_related_populators(found, compiler.select, DEFAULT_DB_ALIAS)

        def make(row: tuple) -> Model:
            one = model.from_db(DEFAULT_DB_ALIAS, names, row[places[0] : places[-1] + 1])
            for populator in populators:
                populator.populate(row, one)
            for name, place in compiler.annotation_col_map.items():
                setattr(one, name, row[place])
            return one

        return make

    def all(self, **values: object) -> list:
        compiler, sql, params, converters = self._compiled
        connection = connections[DEFAULT_DB_ALIAS]
        filled = [one.filled(values, connection) if isinstance(one, Slot) else one for one in params]
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            rows = cursor.fetchall()
        if converters:
            rows = compiler.apply_converters(rows, converters)
        make = self._maker
        return [make(row) for row in rows]

    def first(self, **values: object):
        return next(iter(self.all(**values)), None)


class Update:
    """Sets columns of a queryset's rows; both may hold slots."""

    def __init__(self, make: Callable[[], QuerySet], **changes: object) -> None:
        self.make, self.changes = make, changes

    @cached_property
    def _compiled(self) -> tuple[str, tuple]:
        query = self.make().query.chain(UpdateQuery)
        query.add_update_values(self.changes)
        return query.get_compiler(connection=connections[DEFAULT_DB_ALIAS]).as_sql()

    def write(self, **values: object) -> None:
        sql, params = self._compiled
        connection = connections[DEFAULT_DB_ALIAS]
        filled = [one.filled(values, connection) if isinstance(one, Slot) else one for one in params]
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)


class Upsert:
    """Writes whole rows: new ones are added; where `unique` is there already, the columns of `update` are replaced."""

    def __init__(self, model: type[Model], *, unique: Iterable[str], update: Iterable[str]) -> None:
        self.model, self.unique, self.update = model, unique, update

    @cached_property
    def _sql(self) -> str:
        field = self.model._meta.get_field
        query = InsertQuery(
            self.model,
            on_conflict=OnConflict.UPDATE,
            update_fields=[field(name) for name in self.update],
            unique_fields=[field(name) for name in self.unique],
        )
        query.insert_values(self.model._meta.concrete_fields, [self.model()])
        ((sql, _params),) = query.get_compiler(connection=connections[DEFAULT_DB_ALIAS]).as_sql()
        return sql

    def write(self, rows: Iterable[Model]) -> None:
        """In the order given: of two that write the same rows at once, in the same order, one waits for the other."""
        connection, fields = connections[DEFAULT_DB_ALIAS], self.model._meta.concrete_fields
        values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows]
        if values:
            with connection.cursor() as cursor:
                cursor.executemany(self._sql, values)
