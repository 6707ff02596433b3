import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import translation

from accounts.enums import Language, Territory
from accounts.operations import create_school


class Command(BaseCommand):
    help = "Makes a school, invites its first administrator and prints the invitation's link."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--territory", required=True, choices=Territory.values)
        parser.add_argument("--language", default=Language.FR.value, choices=Language.values)
        parser.add_argument("--time-zone", default="", help="such as Indian/Reunion; without it, the territory's")
        parser.add_argument("--email", required=True, help="of the first administrator")

    def handle(self, *args, **options) -> None:
        try:
            validate_email(options["email"])
        except ValidationError:
            raise CommandError(f"{options['email']} is no e-mail address.") from None
        if not options["name"].strip() or len(options["name"]) > 120:
            raise CommandError("A school's name has 1 to 120 characters.")
        if options["time_zone"] and options["time_zone"] not in zoneinfo.available_timezones():
            raise CommandError(f"{options['time_zone']} is no time zone. There are Indian/Reunion, America/Toronto…")
        keys = ("name", "territory", "language", "email", "time_zone")
        school, token = create_school(**{key: options[key] for key in keys})
        with translation.override(school.language):
            link = reverse("accounts:invitation_accept", args=[token])
        self.stdout.write(f"{school.name} is made. Its administrator sets a password here, once, within 14 days:")
        self.stdout.write((settings.PUBLIC_URL or "http://localhost:8000") + link)
