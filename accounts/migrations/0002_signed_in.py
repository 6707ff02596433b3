import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def note_sessions(apps, schema_editor):
    """Sessions that run: whose they are. Opened once, here, and never again."""
    from django.contrib.sessions.backends.db import SessionStore

    Session, User = apps.get_model("sessions", "Session"), apps.get_model("accounts", "User")
    SignedIn = apps.get_model("accounts", "SignedIn")
    store, known = SessionStore(), {str(key) for key in User.objects.values_list("pk", flat=True)}
    whose = {
        session.pk: store.decode(session.session_data).get("_auth_user_id") for session in Session.objects.iterator()
    }
    SignedIn.objects.bulk_create(
        [SignedIn(session_id=key, user_id=user) for key, user in whose.items() if user in known], batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignedIn",
            fields=[
                (
                    "session",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="signed_in",
                        serialize=False,
                        to="sessions.session",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signed_in",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunPython(note_sessions, migrations.RunPython.noop),
    ]
