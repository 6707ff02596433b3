"""Serves Balise with the production server, ready for a newcomer: see `make run`."""

import os
import sys
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.models import School
from config.address import EVERYWHERE, fault, ip_of, lan_address


class Command(BaseCommand):
    help = "Prepares the installation, reopens the demonstration class, and serves."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--host", default="localhost")
        parser.add_argument("--port", default="8000")
        parser.add_argument("--workers", default="2", help="processes; each answers one request at a time")
        parser.add_argument("--no-demonstration", action="store_true", help="neither make nor reopen the example")
        parser.add_argument("--as-it-is", action="store_true", help="prepare nothing: another version does")

    def handle(self, *, host: str, port: str, workers: str, no_demonstration: bool, **options):
        if reason := fault(host, port):
            raise CommandError(reason)
        address = self._set_addresses(host, port)
        if not options.get("as_it_is"):
            call_command("prepare", stdout=self.stdout)
        if not no_demonstration:
            self._demonstrate(address)
        self.stdout.write(self.style.SUCCESS(f"\nBalise is served on {address}  (Ctrl-C stops it)"))
        if address != f"http://localhost:{port}" and host in EVERYWHERE:
            self.stdout.write(f"On this machine also http://localhost:{port}")
        self.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, self._server(host, port, workers))  # noqa: S606

    def _set_addresses(self, host: str, port: str) -> str:
        """The address to print; on all networks, this machine's, so that a phone can open what a card's code says."""
        own = (lan_address() if host in EVERYWHERE else None) or ("localhost" if host in EVERYWHERE else host)
        if not settings.PUBLIC_URL and host in EVERYWHERE and own != "localhost":
            settings.PUBLIC_URL = os.environ["PUBLIC_URL"] = f"http://{own}:{port}"
        address = settings.PUBLIC_URL or f"http://{own}:{port}"
        hosts = {*settings.ALLOWED_HOSTS, own, urlsplit(address).hostname}
        settings.ALLOWED_HOSTS = sorted(hosts)
        os.environ["ALLOWED_HOSTS"] = ",".join(settings.ALLOWED_HOSTS)
        return address

    def _demonstrate(self, address: str) -> None:
        """Makes the example school in an empty database, and reopens its class for a while wherever it exists."""
        if not School.objects.exists():
            self.stdout.write("Demonstration: making a school with synthetic data …")
        if School.objects.filter(is_demonstration=True).exists() or not School.objects.exists():
            call_command("load_demo", address=address, stdout=self.stdout)

    def _server(self, host: str, port: str, workers: str) -> list[str]:
        return [
            sys.executable, "-m", "config.serving", "granian", "config.wsgi:application", "--interface", "wsgi",
            "--host", ip_of(host), "--port", port, "--workers", workers, "--blocking-threads", "1",
            "--no-ws", "--no-access-log", "--log-level", "warning", "--respawn-failed-workers",
        ]  # fmt: skip
