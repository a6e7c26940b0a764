"""`manage.py cohorts --by quarter --measure mrr`: how those who began together stay."""

from typing import Any

from django.core.management.base import CommandParser

from churnapp.models import Organisation
from customers.management.answering import AnsweringCommand, chosen_customers, known_at
from customers.metrics.cohorts import BEGINS, BY, MEASURES, CohortQuestion, cohort_table
from customers.metrics.groups import check_group
from customers.metrics.question import Basis
from customers.metrics.rendering import cohort_rows, cohorts_json


class Command(AnsweringCommand):
    help = "Retention by cohort, in customers or in money."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", choices=BY, default="month")
        parser.add_argument("--cohort", choices=BEGINS, default="first_paid")
        parser.add_argument("--measure", choices=MEASURES, default="customers")
        parser.add_argument("--group", help="plan, country, language … or an attribute")
        super().add_arguments(parser)

    def answer(self, organisation: Organisation, options: dict[str, Any]) -> None:
        moment = known_at(options["known_at"], organisation)
        check_group(options["group"])
        asked = CohortQuestion(
            basis=Basis.of(organisation),
            known_at=moment,
            by=options["by"],
            begin=options["cohort"],
            measure=options["measure"],
            group=options["group"],
            customers=chosen_customers(options["segment"], moment),
        )
        table = cohort_table(asked)
        self.write(options["format"], cohorts_json(table), cohort_rows(table))
