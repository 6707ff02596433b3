"""The tables of a vote go behind the wall of `config/rows.py`, as every table that belongs to a school."""

from django.db import migrations

from config.rows import ProtectRows, Rule


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_row_level_security"), ("lessons", "0002_class_vote")]
    operations = [ProtectRows({table: Rule() for table in ("lessons_classvote", "lessons_votedseat")})]
