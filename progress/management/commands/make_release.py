"""Makes the releases of a term that is over."""

from django.core.management.base import BaseCommand, CommandError

from progress.disclosure import period
from progress.operations import make_due_releases


class Command(BaseCommand):
    help = "Publishes, once, how many seats finished each module in a term, as bands of ten."

    def add_arguments(self, parser):
        parser.add_argument("--period", required=True, help="such as 2025-T1")

    def handle(self, *, period: str, **options):
        try:
            check(period)
        except ValueError as error:
            raise CommandError(str(error)) from None
        made, refused = make_due_releases(period_name=period, tell=self.tell)
        if refused and not made:
            raise CommandError(f"{period}: not over yet for {refused} schools or authorities.")
        self.stdout.write(f"{period}: {made} releases made, {refused} not due yet.")

    def tell(self, done: int, total: int) -> None:
        """About a hundred lines at most, however many schools there are."""
        if done % max(1, total // 100) == 0 or done == total:
            self.stdout.write(f"{done} of {total}")


check = period
