"""`manage.py organisation --currency NOK`: how the organisation counts; prints it."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandError, CommandParser

from churnapp.common.errors import RuleError
from churnapp.models import Organisation
from customers.management.ready import ReadyCommand
from customers.services.organisations import set_up_organisation

OPTIONS: dict[str, type] = {
    "name": str,
    "currency": str,
    "timezone": str,
    "gross_margin": Decimal,
    "lapse_grace_days": int,
    "pause_limit_days": int,
    "silent_days": int,
    "replacement_months": int,
    "fiscal_year_start_month": int,
    "night_hour": int,
}


class Command(ReadyCommand):
    help = "Show how the organisation counts; options change it."

    def add_arguments(self, parser: CommandParser) -> None:
        for name, kind in OPTIONS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", type=reading(kind))

    def handle(self, *_args: Any, **options: Any) -> None:
        chosen = {name: options[name] for name in OPTIONS if options[name] is not None}
        try:
            organisation = set_up_organisation(chosen, by=None)
        except RuleError as refusal:
            raise CommandError(f"{refusal.field}: {refusal}") from refusal
        for line in lines(organisation):
            self.stdout.write(line)


def lines(organisation: Organisation) -> list[str]:
    return [f"{name.replace('_', ' ')}: {getattr(organisation, name)}" for name in OPTIONS]


def reading(kind: type) -> Any:
    """How argparse reads a value; a wrong one ends with its name and the reason."""
    if kind is not Decimal:
        return kind

    def number(text: str) -> Decimal:
        try:
            return Decimal(text)
        except InvalidOperation as error:
            raise ValueError from error

    return number
