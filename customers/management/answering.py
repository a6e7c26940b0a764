"""What the commands that answer questions share: options, and JSON, CSV or a table."""

import csv
import json
import sys
from abc import abstractmethod
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, TextIO

from django.core.management.base import CommandError, CommandParser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.models import Organisation
from customers.filters import segment
from customers.management.ready import ReadyCommand
from customers.models import Customer

FORMATS = ("json", "csv", "table")
WIDEST = 40


class AnsweringCommand(ReadyCommand):
    """A command that asks one question. With `--format json` standard output is JSON alone.

    What a person got wrong ends the command with a sentence and exit status 1.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--segment", default="", help="such as plan=pro&country=NO")
        parser.add_argument(
            "--known-at", help="a moment, such as 2025-04-01T00:00:00Z; default now"
        )
        parser.add_argument("--format", choices=FORMATS, default="table")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self.answer(Organisation.current(), options)
        except RuleError as refusal:
            raise CommandError(str(refusal)) from refusal

    @abstractmethod
    def answer(self, organisation: Organisation, options: dict[str, Any]) -> None:
        """Ask, and write. Raises RuleError."""

    def write(self, chosen: str, answer: Any, rows: Sequence[dict[str, Any]]) -> None:
        """`answer` as JSON, or `rows` as CSV or as a table."""
        if chosen == "json":
            json.dump(answer, self.out, ensure_ascii=False, allow_nan=False)
            self.out.write("\n")
        elif chosen == "csv":
            write_csv(rows, self.out)
        else:
            write_table(rows, self.out)

    @property
    def out(self) -> TextIO:
        """The stream behind `self.stdout`, which adds line ends of its own."""
        return getattr(self.stdout, "_out", sys.stdout)


def known_at(text: str | None, organisation: Organisation) -> datetime:
    """A moment; a day means its first moment in the organisation's zone. Raises RuleError."""
    if not text:
        return timezone.now()
    try:
        day = parse_date(text)
        moment = datetime(day.year, day.month, day.day) if day else parse_datetime(text)  # noqa: DTZ001
    except ValueError:
        moment = None
    if moment is None:
        raise RuleError(
            _("“%(text)s” is no moment. Write it as 2025-04-01T00:00:00Z.") % {"text": text}
        )
    if timezone.is_naive(moment):
        moment = moment.replace(tzinfo=organisation.zone)
    return moment.astimezone(UTC)


def chosen_customers(query: str, known_at: datetime) -> QuerySet[Customer] | None:
    """The segment's customers; None for all.

    Raises RuleError as `segment` does.
    """
    return segment(query, Customer.objects.all(), known_at=known_at) if query else None


def write_csv(rows: Sequence[dict[str, Any]], out: TextIO) -> None:
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_table(rows: Sequence[dict[str, Any]], out: TextIO) -> None:
    """Columns under their names, wide enough for what stands in them."""
    if not rows:
        return
    names = list(rows[0])
    lines = [names, *([shown(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(names))]
    for line in lines:
        cells = [
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        out.write("  ".join(cells).rstrip() + "\n")


def shown(value: Any) -> str:
    if value is None:
        return "n/a"
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, list):
        return f"[{', '.join(shown(each) for each in value)}]"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
