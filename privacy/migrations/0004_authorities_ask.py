"""Requests go behind the wall, and a school's belonging to an authority may be written by either side."""

from django.db import migrations

from config.rows import ProtectRows, Rule, one_of

OF_EITHER = f"{one_of('school_id', 'schools')} OR {one_of('authority_id', 'authorities')}"
EITHER, ONLY_READ = Rule(whole=OF_EITHER), Rule(whole="", read=OF_EITHER)


class RewriteRows(ProtectRows):
    """Another rule for tables that stand behind the wall already."""

    def __init__(self, rules: dict[str, Rule], before: dict[str, Rule]) -> None:
        super().__init__(rules)
        self.before = before

    def deconstruct(self) -> tuple:
        return type(self).__name__, [self.rules, self.before], {}

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        self._swap(schema_editor, self.before, self.rules)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        self._swap(schema_editor, self.rules, self.before)

    def _swap(self, schema_editor, old: dict[str, Rule], new: dict[str, Rule]) -> None:
        ProtectRows(old).database_backwards("privacy", schema_editor, None, None)
        ProtectRows(new).database_forwards("privacy", schema_editor, None, None)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0003_votes_behind_the_wall"), ("accounts", "0003_authority_request")]
    operations = [
        ProtectRows({"accounts_authorityrequest": EITHER}),
        RewriteRows({"accounts_authoritymembership": EITHER}, {"accounts_authoritymembership": ONLY_READ}),
    ]
