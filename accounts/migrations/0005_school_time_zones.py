from django.db import migrations, models

import accounts.models.people

ZONES = {
    "BE": "Europe/Brussels", "CH": "Europe/Zurich", "LU": "Europe/Luxembourg", "CA": "America/Toronto",
    "GB": "Europe/London", "IE": "Europe/Dublin", "US": "America/New_York",
}


def give_each_its_own(apps, schema_editor):
    """Nothing read the time zone until now, and nothing but the admin set it: Paris stood everywhere."""
    for territory, zone in ZONES.items():
        schools = apps.get_model("accounts", "School").objects.filter(territory=territory, time_zone="Europe/Paris")
        schools.update(time_zone=zone)


class Migration(migrations.Migration):

    dependencies = [("accounts", "0004_officer_contact")]

    operations = [
        migrations.AlterField(
            model_name="school",
            name="time_zone",
            field=models.CharField(
                default="Europe/Paris", max_length=40, validators=[accounts.models.people.validate_time_zone],
                verbose_name="time zone",
            ),
        ),
        migrations.RunPython(give_each_its_own, migrations.RunPython.noop, elidable=True),
    ]
