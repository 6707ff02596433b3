"""Every table that belongs to a school goes behind the wall of `config/rows.py`; on PostgreSQL only.

A later table with a `school` needs a `ProtectRows` in the migration that makes it, or in one after this.
"""

from django.db import migrations

from config.rows import FindRows, ProtectRows, Rule, one_of

BY_SCHOOL_OR_AUTHORITY = f"{one_of('school_id', 'schools')} OR {one_of('authority_id', 'authorities')}"
OF_SCHOOL = (
    "accounts_classroom", "accounts_invitation", "accounts_seat", "accounts_seatgroup", "accounts_sitting",
    "accounts_throttle", "accounts_waitingsignin", "lessons_assignment", "lessons_chosenseat", "lessons_classlesson",
    "lessons_reading", "quizzes_attempt", "quizzes_objectiveresult", "quizzes_tally",
)  # fmt: skip


class Migration(migrations.Migration):
    atomic = False  # locks one table after the other: people may be at work
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
                    read=f"{one_of('id', 'schools')} OR EXISTS (SELECT 1 FROM accounts_authoritymembership m"
                    f" WHERE m.school_id = accounts_school.id AND {one_of('m.authority_id', 'authorities')})",
                ),
                "accounts_authoritymembership": Rule(whole="", read=BY_SCHOOL_OR_AUTHORITY),
                "accounts_membership": Rule(read=one_of("user_id", "people")),
                "accounts_auditline": Rule(whole=one_of("school_key", "schools")),
                "accounts_teaching": Rule(
                    whole="EXISTS (SELECT 1 FROM accounts_classroom c WHERE c.id = classroom_id)"
                ),
                "progress_release": Rule(whole="", read=BY_SCHOOL_OR_AUTHORITY),
                "progress_releasecell": Rule(
                    whole="", read="EXISTS (SELECT 1 FROM progress_release r WHERE r.id = release_id)"
                ),
            }
        ),
    ]
