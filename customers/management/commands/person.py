"""`manage.py person kari@example.com`: all that is kept of a person; with --erase, erase them."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from churnapp.common.errors import RuleError
from customers.management.ready import ReadyCommand
from customers.services.privacy import erase_person, export_person


class Command(ReadyCommand):
    help = "Write all that is kept of a person as JSON, or erase the person for good."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the person's e-mail address")
        parser.add_argument("--erase", action="store_true", help="erase; it can't be undone")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if not options["erase"]:
                self.stdout.write(export_person(options["address"], by=None))
                return
            receipt = erase_person(options["address"], by=None)
        except RuleError as refusal:
            raise CommandError(str(refusal)) from refusal
        rows = ", ".join(f"{kind}: {count}" for kind, count in receipt.rows.items())
        self.stdout.write(f"erased; receipt {receipt.pk}; {rows}")
