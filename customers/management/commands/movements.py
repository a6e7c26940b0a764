"""`manage.py movements --from 2025-03-01 --to 2025-03-31 --kind churn`: what is behind a sum."""

from typing import Any

from django.core.management.base import CommandParser

from churnapp.common.periods import parse_period
from churnapp.models import Organisation
from customers.management.answering import AnsweringCommand, chosen_customers, known_at
from customers.metrics.lists import external_ids, movements
from customers.metrics.question import between
from customers.metrics.rendering import movement_rows


class Command(AnsweringCommand):
    help = "The movements of customers between two days, both included."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", required=True, dest="first", help="2025-03-01, 2025-03 …")
        parser.add_argument("--to", required=True, dest="last", help="the last day, included")
        parser.add_argument("--kind", help="churn, new, expansion …; default all")
        super().add_arguments(parser)

    def answer(self, organisation: Organisation, options: dict[str, Any]) -> None:
        moment = known_at(options["known_at"], organisation)
        first_month = organisation.fiscal_year_start_month
        question = between(
            organisation,
            parse_period(options["first"], first_month).start,
            parse_period(options["last"], first_month).end,
            known_at=moment,
            customers=chosen_customers(options["segment"], moment),
        )
        found = movements(question, options["kind"])
        ids = external_ids(movement.customer_id for movement in found)
        rows = movement_rows(found, ids, organisation.currency)
        self.write(options["format"], rows, rows)
