"""Every table that belongs to a school goes behind the wall of `config/rows.py`; on PostgreSQL only.

A later table with a `school` needs a `ProtectRows` in the migration that makes it, or in one after this.
"""

from django.db import migrations

from config.rows import FindRows, ProtectRows, Rule

READ_BY_AUTHORITY = "authority_id = ANY ((SELECT balise_authorities())::uuid[])"
OF_SCHOOL = (
    "accounts_classroom", "accounts_invitation", "accounts_seat", "accounts_seatgroup", "accounts_sitting",
    "accounts_throttle", "accounts_waitingsignin", "lessons_assignment", "lessons_chosenseat", "lessons_classlesson",
    "lessons_reading", "quizzes_attempt", "quizzes_objectiveresult", "quizzes_tally",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("lessons", "0001_initial"),
        ("quizzes", "0001_initial"),
        ("progress", "0001_initial"),
        ("privacy", "0001_initial"),
    ]
    operations = [
        FindRows(),
        ProtectRows({table: Rule() for table in OF_SCHOOL}),
        ProtectRows(
            {
                "accounts_school": Rule(
                    whole="",
                    read="id = ANY ((SELECT balise_schools())::uuid[]) OR EXISTS (SELECT 1"
                    " FROM accounts_authoritymembership m WHERE m.school_id = accounts_school.id"
                    " AND m.authority_id = ANY ((SELECT balise_authorities())::uuid[]))",
                ),
                "accounts_authoritymembership": Rule(
                    whole="", read=f"school_id = ANY ((SELECT balise_schools())::uuid[]) OR {READ_BY_AUTHORITY}"
                ),
                "accounts_membership": Rule(read="user_id = ANY ((SELECT balise_people())::uuid[])"),
                "accounts_auditline": Rule(whole="school_key = ANY ((SELECT balise_schools())::uuid[])"),
                "accounts_teaching": Rule(
                    whole="EXISTS (SELECT 1 FROM accounts_classroom c WHERE c.id = classroom_id)"
                ),
                "progress_release": Rule(
                    whole="", read=f"school_id = ANY ((SELECT balise_schools())::uuid[]) OR {READ_BY_AUTHORITY}"
                ),
                "progress_releasecell": Rule(
                    whole="", read="EXISTS (SELECT 1 FROM progress_release r WHERE r.id = release_id)"
                ),
            }
        ),
    ]
