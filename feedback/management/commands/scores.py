"""`manage.py scores --survey "After support" --from 2025-01`: what answers to surveys say."""

from datetime import date, datetime, time
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from churnapp.common.errors import RuleError
from churnapp.common.periods import parse_period
from churnapp.models import Organisation
from customers.management.answering import AnsweringCommand, chosen_customers, known_at
from feedback.models import Survey
from feedback.results import Chosen, results, score_row


class Command(AnsweringCommand):
    help = "NPS, CSAT, effort and response rate of each survey."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--survey", help="its name; default all")
        parser.add_argument("--from", dest="first", help="2025-01-01, 2025-01, 2025-Q1, 2025 …")
        parser.add_argument("--to", dest="last", help="the last period, included")
        super().add_arguments(parser)

    def answer(self, organisation: Organisation, options: dict[str, Any]) -> None:
        surveys = named_surveys(options["survey"])
        found = results(surveys, chosen(organisation, options))
        rows = [score_row(result) for result in found]
        self.write(options["format"], rows, rows)


def named_surveys(name: str | None) -> list[Survey]:
    """The survey of that name, or all. Raises RuleError, listing the known ones."""
    surveys = list(Survey.objects.order_by("name"))
    if name is None:
        return surveys
    found = [survey for survey in surveys if survey.name == name]
    if not found:
        known = ", ".join(survey.name for survey in surveys) or _("none yet")
        raise RuleError(
            _("There is no survey “%(name)s”. Known are: %(known)s.")
            % {"name": name, "known": known}
        )
    return found


def chosen(organisation: Organisation, options: dict[str, Any]) -> Chosen:
    """The answers between the days, and what was answered by the moment of `--known-at`."""
    moment = known_at(options["known_at"], organisation)
    first_month = organisation.fiscal_year_start_month
    first, last = options["first"], options["last"]
    since = midnight(parse_period(first, first_month).start, organisation) if first else None
    until = midnight(parse_period(last, first_month).end, organisation) if last else moment
    if since and until <= since:
        raise RuleError(_("The last day lies before the first."))
    customers = chosen_customers(options["segment"], moment)
    return Chosen(since=since, until=min(until, moment), customers=customers)


def midnight(day: date, organisation: Organisation) -> datetime:
    """When a day begins in the organisation's time zone."""
    return datetime.combine(day, time(), organisation.zone)
