"""Brings an installation up to date with its code; does nothing that is done already."""

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory, NodeNotFoundError
from django.db.migrations.executor import MigrationExecutor

from config.rows import RoleError, open_to
from config.static import collect_changed
from config.translations import compile_changed

OTHER_VERSION = """The database was made by another version of Balise, and cannot be brought up to date: {why}.
What is in it is still there. You can
  · go on with the version that made it; or restore a backup of this version: manage.py restore
  · or, if nothing in it is needed (a trial, a demonstration), begin anew: {anew}"""


OURS = {"accounts", "lessons", "quizzes", "progress", "privacy"}


class Command(BaseCommand):
    help = "Migrates, loads the curriculum, compiles the translations and collects static files, each if needed."
    requires_system_checks = ()

    def handle(self, **options):
        if compile_changed():
            self.stdout.write("Translations: compiled.")
        self._migrate()
        if settings.WEB_ROLE:
            self._open_to(settings.WEB_ROLE)
        call_command("apply_ledger", stdout=self.stdout)  # refuses where a restore lacks the ledger
        call_command("load_curriculum", stdout=self.stdout)
        if collect_changed():
            self.stdout.write("Static files: collected and compressed.")

    def _open_to(self, role: str) -> None:
        """New tables, or those of a restore, are opened to the role that serves; the policies stand before it."""
        try:
            open_to(role)
        except RoleError as error:
            raise CommandError(str(error)) from None

    def _migrate(self) -> None:
        try:
            executor = MigrationExecutor(connection)
            strange = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
            if ours := sorted(" ".join(one) for one in strange if one[0] in OURS):
                raise self._refusal(f"it knows the migration {ours[0]}, which this version does not")
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                self.stdout.write("Database: bringing its tables up to date …")
                call_command("migrate", interactive=False, verbosity=0)
        except (InconsistentMigrationHistory, NodeNotFoundError) as error:
            raise self._refusal("its steps came in another order") from error
        except DatabaseError as error:
            raise self._refusal(str(error).splitlines()[0]) from error
        if missing := self._missing_column():
            raise self._refusal(f"it has no {missing}")

    def _missing_column(self) -> str:
        """A first migration may have been written anew: the history is the same then, the tables are not."""
        with connection.cursor() as cursor:
            names = set(connection.introspection.table_names(cursor))
            for model in apps.get_models(include_auto_created=True):
                table, columns = model._meta.db_table, {field.column for field in model._meta.local_concrete_fields}
                if table in names:
                    described = connection.introspection.get_table_description(cursor, table)
                    columns -= {column.name for column in described}
                if columns:
                    return f"{table}.{min(columns)}"
        return ""

    def _refusal(self, why: str) -> CommandError:
        name = connection.settings_dict["NAME"]
        is_file = connection.vendor == "sqlite"
        anew = f"mv {name} {name}.old" if is_file else "give DATABASE_URL the name of an empty one"
        return CommandError(OTHER_VERSION.format(why=why, anew=anew))
