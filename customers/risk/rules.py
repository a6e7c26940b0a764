"""The early-warning rules: what each asks, its numbers, and what it needs to judge by.

A rule's question is `sql/rules/<key>.sql`; rows of `RiskRule` switch it on and set its numbers.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

QUESTIONS = Path(__file__).with_name("sql") / "rules"

DAYS = _("days")
WEEKS = _("weeks")
PERCENT = _("%")
USES = _("uses a week")
POINTS = _("points")
SURVEYS = _("surveys")


class Theme(StrEnum):
    """Reasons of one theme tell one story: a page shows the gravest and folds the others."""

    USE = "use"
    CONTRACT = "contract"
    PAYMENT = "payment"
    SERVICE = "service"
    PEOPLE = "people"


class Need(StrEnum):
    """What must be on record for a rule to judge by."""

    USE = "used_on"
    CONTACT = "contact_on"
    TERMS = "terms"
    PLAN_FEATURES = "plan_features"
    RELEASES = "releases"
    CONTRACTS = "contracts"
    PAYMENTS = "payments"
    CHAMPIONS = "champions"
    COMPLAINTS = "complaints"
    REQUESTS = "requests"
    ANSWERS = "answers"
    MAILED_ANSWERS = "mailed_answers"


@dataclass(frozen=True)
class Number:
    """A number of a rule that a manager may change, a whole one from `least` to `most`."""

    name: str
    label: str | Promise
    default: int
    unit: str | Promise
    least: int = 1
    most: int = 1000


@dataclass(frozen=True)
class Rule:
    """One question with its default severity (1 to 5) and numbers."""

    key: str
    name: str | Promise
    asks: str | Promise  # with the numbers' names as placeholders; those of days say "30 days"
    theme: Theme
    severity: int
    needs: tuple[Need, ...]
    numbers: tuple[Number, ...]

    @cached_property
    def question(self) -> str:
        """SQL that gives customer_id, subject, facts and level."""
        return (QUESTIONS / f"{self.key}.sql").read_text(encoding="utf-8")

    def numbers_from(self, params: dict[str, Any]) -> dict[str, int]:
        """Every number of the rule: the one in `params` where it is one within bounds."""
        return {number.name: chosen(number, params.get(number.name)) for number in self.numbers}


def chosen(number: Number, value: Any) -> int:
    """`value`, or the default where it is no whole number within bounds."""
    fits = isinstance(value, int) and number.least <= value <= number.most
    return value if fits else number.default


FALL = (
    Number("recent_weeks", _("Judge the last"), 2, WEEKS, most=8),
    Number("base_weeks", _("Compare with the weeks before"), 8, WEEKS, least=2, most=26),
    Number("least_weeks", _("Of these on record, at least"), 4, WEEKS, most=26),
    Number("least_a_week", _("Leave out who used less than"), 10, USES, least=0, most=1_000_000),
)

# In the order they run: a rule may leave to an earlier one what that has said already.
RULES: tuple[Rule, ...] = (
    Rule(
        "no_use",
        _("No use"),
        _("Nothing was used for %(days)s, or never in as many days of paying."),
        Theme.USE,
        4,
        (Need.TERMS, Need.USE),
        (Number("days", _("Without any use for"), 30, DAYS, least=2),),
    ),
    Rule(
        "use_fell",
        _("Use fell"),
        _(
            "All use fell by %(drop_percent)s %% or more: the last %(recent_weeks)s "
            "against the %(base_weeks)s before, from a use of %(least_a_week)s a week on."
        ),
        Theme.USE,
        3,
        (Need.TERMS, Need.USE),
        (Number("drop_percent", _("Fell by at least"), 40, PERCENT, most=100), *FALL),
    ),
    Rule(
        "feature_use_fell",
        _("Use of a feature fell"),
        _(
            "One feature lost %(drop_percent)s %% of its use or more: the last "
            "%(recent_weeks)s against the %(base_weeks)s before, from "
            "a use of %(least_a_week)s a week on."
        ),
        Theme.USE,
        2,
        (Need.TERMS, Need.USE),
        (Number("drop_percent", _("Fell by at least"), 60, PERCENT, most=100), *FALL),
    ),
    Rule(
        "feature_untouched",
        _("Features never touched"),
        _("Features that the plan has had from the start were never used, %(days)s after it."),
        Theme.USE,
        1,
        (Need.TERMS, Need.USE, Need.PLAN_FEATURES),
        (Number("days", _("After the start, for"), 60, DAYS),),
    ),
    Rule(
        "release_untouched",
        _("New feature not tried"),
        _(
            "A feature that the plan got later was not tried, %(days)s to %(until_days)s "
            "after its release."
        ),
        Theme.USE,
        1,
        (Need.TERMS, Need.USE, Need.RELEASES),
        (
            Number("days", _("After the release, for"), 45, DAYS),
            Number("until_days", _("Say so until"), 180, DAYS),
        ),
    ),
    Rule(
        "contract_ends",
        _("Contract ends while use is low"),
        _(
            "The contract ends or notice is due within %(days)s, and use is at most "
            "%(low_percent)s %% of what is typical for the plan."
        ),
        Theme.CONTRACT,
        3,
        (Need.TERMS, Need.CONTRACTS, Need.USE),
        (
            Number("days", _("End or notice within"), 60, DAYS),
            Number("low_percent", _("Use at most, of what is typical"), 50, PERCENT, most=100),
        ),
    ),
    Rule(
        "price_rise",
        _("Price goes up"),
        _("The same plan gets dearer by %(rise_percent)s %% or more within %(days)s."),
        Theme.CONTRACT,
        2,
        (Need.TERMS,),
        (
            Number("days", _("Within"), 60, DAYS),
            Number("rise_percent", _("By at least"), 5, PERCENT),
        ),
    ),
    Rule(
        "payment_failed",
        _("Payment failed"),
        _("The latest payment failed and is not recovered %(days)s after it was due."),
        Theme.PAYMENT,
        3,
        (Need.TERMS, Need.PAYMENTS),
        (Number("days", _("Not recovered after"), 1, DAYS, least=0),),
    ),
    Rule(
        "open_complaint",
        _("Open complaint"),
        _("A complaint is not settled; after %(days)s it is graver."),
        Theme.SERVICE,
        3,
        (Need.TERMS, Need.COMPLAINTS),
        (Number("days", _("Graver after"), 7, DAYS),),
    ),
    Rule(
        "slow_reply",
        _("Slow reply"),
        _(
            "Somebody waited longer than %(days)s for a first reply, now or in the "
            "last %(window_days)s."
        ),
        Theme.SERVICE,
        2,
        (Need.TERMS, Need.REQUESTS),
        (
            Number("days", _("First reply took longer than"), 3, DAYS),
            Number("window_days", _("Looking back"), 30, DAYS),
        ),
    ),
    Rule(
        "bad_answer",
        _("Bad last answer"),
        _(
            "The last answer of %(days)s was bad: recommendation up to "
            "%(nps_at_most)s, satisfaction up to %(csat_at_most)s, ease up to "
            "%(ces_at_most)s."
        ),
        Theme.SERVICE,
        3,
        (Need.TERMS, Need.ANSWERS),
        (
            Number("days", _("Given within"), 180, DAYS),
            Number("nps_at_most", _("Recommendation (0 to 10) at most"), 6, POINTS, 0, 10),
            Number("csat_at_most", _("Satisfaction (1 to 5) at most"), 2, POINTS, 0, 5),
            Number("ces_at_most", _("Ease (1 to 7) at most"), 3, POINTS, 0, 7),
        ),
    ),
    Rule(
        "fell_silent",
        _("Fell silent"),
        _(
            "They answered %(least)s surveys in a row or more, and not the newest, sent %(days)s "
            "ago or more, until %(until_days)s after it."
        ),
        Theme.SERVICE,
        2,
        (Need.TERMS, Need.MAILED_ANSWERS),
        (
            Number("least", _("Answered in a row, at least"), 3, SURVEYS, least=2, most=20),
            Number("days", _("Unanswered for"), 14, DAYS, most=180),
            Number("until_days", _("Say so until"), 180, DAYS),
        ),
    ),
    Rule(
        "no_contact",
        _("No contact"),
        _("No mail, call, meeting or ticket for %(days)s."),
        Theme.PEOPLE,
        2,
        (Need.TERMS, Need.CONTACT),
        (Number("days", _("With nobody for"), 120, DAYS, least=2),),
    ),
    Rule(
        "champion_left",
        _("Champion left"),
        _("The champion left within %(days)s, and there is no other."),
        Theme.PEOPLE,
        4,
        (Need.TERMS, Need.CHAMPIONS),
        (Number("days", _("Within the last"), 365, DAYS),),
    ),
)
BY_KEY = {rule.key: rule for rule in RULES}
