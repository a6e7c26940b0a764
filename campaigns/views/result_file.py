"""Results of one campaign, and of all, as lines of a file."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from campaigns.effects.rates import Effect, Outcome, Verdict
from campaigns.results.together import Together
from campaigns.views.result_figures import ResultFigures
from campaigns.views.result_parts import ResultParts
from churnapp.common.csv_export import Cell
from churnapp.common.money import to_major

HEADER = (
    lazy("Table"),
    lazy("Line"),
    lazy("Treated"),
    lazy("Treated, reached"),
    lazy("Holdout"),
    lazy("Holdout, reached"),
    lazy("Effect"),
    lazy("Effect, from"),
    lazy("Effect, to"),
    lazy("Verdict"),
    lazy("Currency"),
)
VERDICTS: dict[Verdict, object] = {
    "too_few": lazy("too few to say"),
    "no_effect": lazy("no effect can be shown"),
    "positive": lazy("more than without it"),
    "negative": lazy("less than without it"),
}


def lines_of(figures: ResultFigures, parts: ResultParts) -> Iterator[list[Cell]]:
    """The outcome, who pays at the end, money, steps, reasons and variants of a campaign."""
    effect = figures.effect if figures.outcomes.is_readable else None
    yield line(_("Result"), str(figures.done), figures.outcome, effect)
    yield line(_("Result"), _("Pay on the last day"), figures.outcomes.paying, None)
    for row in figures.gains:
        gain, currency = row.gain, figures.currency
        if gain is not None:
            ends = [
                None if end is None else to_major(end, currency)
                for end in (gain.total, gain.low, gain.high)
            ]
            said = str(VERDICTS[gain.verdict])
            days = str(row.days)
            yield [_("Revenue by days"), days, gain.treated, *[None] * 3, *ends, said, currency]
    for step in (*figures.funnel, *figures.aside):
        yield [_("Steps"), str(step.name), step.count, *[None] * 8]
    for reason in parts.reasons:
        outcome = Outcome(
            reason.treated.reached,
            reason.treated.people,
            reason.holdout.reached,
            reason.holdout.people,
        )
        yield line(_("Reason"), reason.name, outcome, reason.effect if parts.may_say else None)
    for name, arm in parts.variants:
        yield [_("Variant"), name, arm.people, arm.reached, *[None] * 7]


def lines_of_all(together: Together, currency: str) -> Iterator[list[Cell]]:
    """A line a campaign, its effect and its money by its own horizon."""
    for one in together.measured:
        name, outcomes = one.campaign.name, one.outcomes
        yield line(_("Campaign"), name, outcomes.outcome, one.effect if one.counts else None)
        if one.gain is not None:
            ends = [
                None if end is None else to_major(end, currency)
                for end in (one.gain.total, one.gain.low, one.gain.high)
            ]
            said = str(VERDICTS[one.gain.verdict])
            yield [_("Revenue"), name, one.gain.treated, *[None] * 3, *ends, said, currency]


def line(table: str, name: str, outcome: Outcome, effect: Effect | None) -> list[Cell]:
    """Both arms; the effect only where it may be read."""
    counts = [
        outcome.treated,
        outcome.returned_treated,
        outcome.holdout,
        outcome.returned_holdout,
    ]
    if effect is None:
        return [table, name, *counts, None, None, None, None, None]
    said = str(VERDICTS[effect.verdict])
    return [table, name, *counts, effect.difference, effect.low, effect.high, said, None]
