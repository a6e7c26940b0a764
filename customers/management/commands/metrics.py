"""`manage.py metrics --from 2025-01 --to 2025-12`: every figure of every period."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.common.periods import INTERVALS, parse_interval, parse_period
from churnapp.models import Organisation
from customers.management.answering import AnsweringCommand, chosen_customers, known_at
from customers.metrics.question import ask
from customers.metrics.rendering import metrics_json, period_row
from customers.metrics.reports import metrics_report

CONVENTIONS = ("churnapp",)
CHURN_DATES = ("effective",)


class Command(AnsweringCommand):
    help = "Churn, retention and revenue figures of each period."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", required=True, dest="first", help="2025-01, 2025-Q1, 2025 …")
        parser.add_argument("--to", required=True, dest="last", help="the last period, included")
        parser.add_argument("--interval", default="month", help=", ".join(INTERVALS))
        parser.add_argument("--convention", default="churnapp")
        parser.add_argument("--churn-date", default="effective")
        super().add_arguments(parser)

    def answer(self, organisation: Organisation, options: dict[str, Any]) -> None:
        check_choice("--convention", options["convention"], CONVENTIONS)
        check_choice("--churn-date", options["churn_date"], CHURN_DATES)
        moment = known_at(options["known_at"], organisation)
        first_month = organisation.fiscal_year_start_month
        question = ask(
            organisation,
            parse_period(options["first"], first_month).start,
            parse_period(options["last"], first_month).last_on,
            known_at=moment,
            interval=parse_interval(options["interval"]),
            customers=chosen_customers(options["segment"], moment),
        )
        report = metrics_report(question)
        rows = [period_row(figures) for figures in report.periods]
        shown = turned(rows) if options["format"] == "table" else rows
        self.write(options["format"], metrics_json(report), shown)


def check_choice(option: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise RuleError(
            _("%(option)s %(given)s can't be answered. Known are: %(known)s.")
            % {"option": option, "given": given, "known": ", ".join(known)}
        )


def turned(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row a key and a column a period: figures are many, periods few."""
    names = [name for name in rows[0] if name != "start"]
    return [{"": name} | {row["start"]: row[name] for row in rows} for name in names]
