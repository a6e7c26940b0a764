"""The results of one campaign as the page shows them: arms, effect, money, funnel."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from campaigns.effect_words import gain_words, in_money, in_points
from campaigns.effects.money import Gain
from campaigns.effects.power import Aim, holdout_needed, smallest_lift
from campaigns.effects.rates import Effect, Outcome, effect_of, returns_of
from campaigns.models import Campaign
from campaigns.results.asking import Asked
from campaigns.results.funnel import (
    GOAL,
    TREATED,
    WhyNot,
    funnel_of,
    why_not,
)
from campaigns.results.outcomes import Outcomes, outcomes_of
from campaigns.results.revenue import Earned, earned_in, gains_of
from campaigns.views.result_definitions import MEANS
from campaigns.views.result_words import (
    DONE,
    HAPPENED,
    anyway_words,
    people,
    verdict_words,
    why_words,
)
from churnapp.common import formats
from churnapp.common.intervals import wilson

WANTED = 0.05
STEPS = {
    TREATED: lazy("In it, to be written to"),
    "mailed": lazy("A mail was queued"),
    "sent": lazy("A mail was sent"),
    "delivered": lazy("A mail was delivered, as far as servers tell"),
    "clicked": lazy("Followed a link"),
    "answered": lazy("Answered a survey"),
    "offered": lazy("Were made an offer"),
    "accepted": lazy("Accepted an offer"),
    GOAL: lazy("Reached the goal"),
}
ASIDE = {
    "not_delivered": lazy("A mail did not arrive"),
    "scanned": lazy("A program followed a link"),
}


@dataclass(frozen=True)
class Figure:
    """A count, its share of all the treated, and the people behind it."""

    name: str | Promise
    count: int
    share: float
    href: str


@dataclass(frozen=True)
class ArmFigure:
    """The rate of one arm with its interval, and the people behind it."""

    reached: int
    people: int
    text: str
    between: str
    href: str

    @property
    def share(self) -> float:
        return self.reached / self.people if self.people else 0.0

    @classmethod
    def of(cls, reached: int, people: int, href: str = "") -> "ArmFigure":
        """Wilson's interval; nothing where nobody is in it."""
        around = wilson(reached, people)
        between = ""
        if around is not None:
            between = _("%(low)s to %(high)s") % {
                "low": formats.percent(around[0]),
                "high": formats.percent(around[1]),
            }
        share = reached / people if people else None
        return cls(reached, people, formats.percent(share), between, href)


@dataclass(frozen=True)
class GainRow:
    """The money after so many days; empty where they are not over."""

    days: int
    gain: Gain | None
    treated: str
    holdout: str
    text: str
    between: str
    words: str


@dataclass(frozen=True)
class WhyRow:
    what: str
    why: str
    number: int


class ResultFigures:
    """All figures of one campaign, each asked for once."""

    def __init__(self, campaign: Campaign, asked: Asked, currency: str) -> None:
        self.campaign, self.asked, self.currency = campaign, asked, currency

    @cached_property
    def outcomes(self) -> Outcomes:
        return outcomes_of(self.asked, [self.campaign])[self.campaign.pk]

    @cached_property
    def earned(self) -> dict[int, Earned]:
        return earned_in(self.asked).get(self.campaign.pk, {})

    @cached_property
    def counts(self) -> dict[str, int]:
        return funnel_of(self.asked)

    @property
    def outcome(self) -> Outcome:
        return self.outcomes.outcome

    @property
    def effect(self) -> Effect:
        """Nothing before it may be read."""
        may = self.outcomes.is_readable and self.outcomes.compares
        return effect_of(self.outcome if may else Outcome(0, 0, 0, 0))

    @property
    def verdict(self) -> str:
        return verdict_words(self.outcomes, self.effect)

    @property
    def done(self) -> str | Promise:
        """What is counted: came back, stayed."""
        return DONE[self.campaign.goal]

    @property
    def means(self) -> str | Promise:
        return MEANS[self.campaign.goal]

    @property
    def treated(self) -> ArmFigure:
        outcome = self.outcome
        return ArmFigure.of(outcome.returned_treated, outcome.treated, self.href(GOAL))

    @property
    def holdout(self) -> ArmFigure:
        outcome = self.outcome
        return ArmFigure.of(
            outcome.returned_holdout, outcome.holdout, self.href(GOAL, held_out=True)
        )

    @property
    def paying(self) -> tuple[ArmFigure, ArmFigure]:
        """Both arms on the last day."""
        paying = self.outcomes.paying
        return (
            ArmFigure.of(paying.returned_treated, paying.treated, self.href("pays")),
            ArmFigure.of(paying.returned_holdout, paying.holdout, self.href("pays", held_out=True)),
        )

    @property
    def effect_text(self) -> str:
        return formats.points(self.effect.difference)

    @property
    def effect_note(self) -> str:
        """Its interval, or that it is too early."""
        if not self.outcomes.is_readable:
            return _("not yet readable")
        return between_points(self.effect)

    @property
    def because(self) -> str:
        """How many customers; not rounded to nothing."""
        found = returns_of(self.outcome.treated, self.effect).count
        return formats.not_available() if found is None else people(found)

    @property
    def because_note(self) -> str:
        found = returns_of(self.outcome.treated, self.effect)
        if found.low is None or found.high is None:
            return ""
        ends = {"low": people(found.low), "high": people(found.high)}
        return _("customers, between %(low)s and %(high)s") % ends

    @property
    def anyway(self) -> str:
        """Told once it may be read: it is a claim of effect."""
        may = self.outcomes.is_readable and self.outcomes.compares
        return anyway_words(self.outcomes) if may else ""

    @property
    def smallest(self) -> str:
        """The smallest effect that groups of this size can tell; "" where none."""
        treated, holdout = self.outcomes.treated, self.outcomes.held_out
        base = self.outcome.holdout_rate
        lift = smallest_lift(treated, holdout, base) if base is not None else None
        return "" if lift is None else in_points(lift)

    @property
    def needed(self) -> str:
        """How many in the holdout would tell five points; "" where that can't be said."""
        treated, holdout = self.outcomes.treated, self.outcomes.held_out
        base = self.outcome.pooled_rate
        if not treated or not holdout or base is None:
            return ""
        needed = holdout_needed(Aim(base, WANTED), treated / holdout)
        return "" if needed is None else formats.number(needed)

    @cached_property
    def gains(self) -> list[GainRow]:
        return [self.gain_row(*found) for found in gains_of(self.outcomes, self.earned).items()]

    def gain_row(self, days: int, gain: Gain | None) -> GainRow:
        earned = self.earned.get(days)
        if gain is None or earned is None:
            return GainRow(days, None, "", "", "", "", "")
        treated, holdout = (
            "" if one is None else in_money(round(one), self.currency)
            for one in (earned.treated.mean, earned.holdout.mean)
        )
        between = ""
        if gain.low is not None and gain.high is not None:
            between = _("%(low)s to %(high)s") % {
                "low": in_money(gain.low, self.currency),
                "high": in_money(gain.high, self.currency),
            }
        text = (
            formats.not_available() if gain.total is None else in_money(gain.total, self.currency)
        )
        return GainRow(days, gain, treated, holdout, text, between, gain_words(gain, self.currency))

    @property
    def funnel(self) -> list[Figure]:
        return [self.figure(name, label) for name, label in STEPS.items()]

    @property
    def aside(self) -> list[Figure]:
        return [self.figure(name, label) for name, label in ASIDE.items()]

    def figure(self, name: str, label: str | Promise) -> Figure:
        count, all_ = self.counts[name], self.counts[TREATED]
        return Figure(label, count, count / all_ if all_ else 0.0, self.href(name))

    @cached_property
    def why_not(self) -> list[WhyRow]:
        return [why_row(one) for one in why_not(self.asked)]

    def href(self, reached: str, *, held_out: bool = False) -> str:
        address = reverse("campaign_results:people", args=[self.campaign.pk])
        return f"{address}?reached={reached}" + ("&arm=holdout" if held_out else "")


def why_row(why: WhyNot) -> WhyRow:
    return WhyRow(str(HAPPENED[why.what]), why_words(why), why.number)


def between_points(effect: Effect) -> str:
    """The ends of an effect's interval in percentage points; "" where there is none."""
    if effect.low is None or effect.high is None:
        return ""
    return _("%(low)s to %(high)s percentage points") % {
        "low": in_points(effect.low),
        "high": in_points(effect.high),
    }
