"""Brings an installation up to date with its code; does nothing that is done already."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.static import collect_changed
from config.translations import compile_changed


class Command(BaseCommand):
    help = "Migrates, loads the curriculum, compiles the translations and collects static files, each if needed."
    requires_system_checks = ()

    def handle(self, **options):
        if compile_changed():
            self.stdout.write("Translations: compiled.")
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Database: bringing its tables up to date …")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("apply_ledger", stdout=self.stdout)  # refuses where a restore lacks the ledger
        call_command("load_curriculum", stdout=self.stdout)
        if collect_changed():
            self.stdout.write("Static files: collected and compressed.")
