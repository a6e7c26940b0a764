"""`manage.py recompute`: what the nightly task runs, now."""

from datetime import datetime, time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date

from churnapp.models import Organisation
from customers import night
from customers.management.ready import ReadyCommand
from customers.services.rerating import rerate_terms


class Command(ReadyCommand):
    help = "Redo what follows from facts: standings, flags, and the checks of the figures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", help="a day, such as 2025-03-31; default today")
        parser.add_argument(
            "--full", action="store_true", help="check the figures by the engine's longer way too"
        )
        parser.add_argument(
            "--rates", action="store_true", help="give terms the rates that are known by now"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["rates"]:
            self.stdout.write(f"terms with a new rate: {rerate_terms()}")
        now = moment(options["as_of"])
        with night.alone() as is_mine:
            if not is_mine:
                raise CommandError("The nightly work is already running. Try again later.")
            zone = Organisation.current().zone
            report = night.run(as_of=now.astimezone(zone).date(), now=now, full=options["full"])
        for line in report.lines():
            self.stdout.write(line)
        if report.broken_checks:
            raise CommandError("A check does not hold; see /admin/ or the badge on the overview.")


def moment(as_of: str | None) -> datetime:
    """Now, or the last moment of an earlier day in the organisation's zone."""
    now = timezone.now()
    if not as_of:
        return now
    try:
        day = parse_date(as_of)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"“{as_of}” is no day. Write it as 2025-03-31.")
    last = datetime.combine(day, time.max, tzinfo=Organisation.current().zone)
    return min(now, last)
