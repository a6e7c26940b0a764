"""`manage.py reasons subscription`: begin with a ready list of reasons for leaving."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from churnapp.common.errors import RuleError
from customers.services.reason_lists import READY_LISTS
from customers.services.reasons import install_reason_list


class Command(BaseCommand):
    help = "Add a ready list of reasons for leaving, in four languages; twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("list", choices=sorted(READY_LISTS), help="the kind of business")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            added = install_reason_list(options["list"])
        except RuleError as refusal:
            raise CommandError(str(refusal)) from refusal
        for reason in added:
            self.stdout.write(reason.key)
        self.stderr.write(f"{len(added)} reasons added")
